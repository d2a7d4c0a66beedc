/* Benchmarks of the engine. Each hands its rows to a function as they are measured. */
#ifndef BENCH_ENGINE_H
#define BENCH_ENGINE_H

#include "../sim/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench_row {
    const char *name;   /* "phold"; static */
    uint64_t size;      /* pending events, entities, customers, or events a year */
    int threads;        /* really used */
    uint64_t events;    /* executed */
    double seconds;     /* wall clock */
    double cpu_seconds; /* user time of all threads */
    size_t bytes;       /* held by the engine (or the pending-event set) at the end */
    uint64_t pending;   /* events pending at the end, for bytes per event; 0: not known */
    size_t peak_bytes;  /* largest resident size of the process so far */
    bool correct;       /* what could be checked was right: theory, or the hash of one thread */
    char note[96];      /* what was checked, or what the numbers are of */
};

struct bench_clocks {
    double wall, user; /* seconds; user time of all threads */
};
struct bench_clocks bench_clocks_read(void);
/* Fills the row's times since start, and peak_bytes. */
void bench_finish(struct bench_row *row, struct bench_clocks start);
/* The next number of threads to measure after `threads`: powers of two, then `most` itself. */
int bench_next_threads(int threads, int most);

enum { BENCH_TEAM_MAX = 8 }; /* so many threads work on one replicate at most */

typedef void bench_report(void *to, const struct bench_row *row);

/* All return SIM_OK, SIM_MEMORY or the status of a run that failed. threads: 1 .. threads are
 * measured, in powers of two and the number itself. */

/* Pending-event set alone: pop the first, push one an exponential time later; 1e2 .. 1e6. */
enum sim_status bench_hold(bench_report *report, void *to);
/* One server, arrival rate 0.9, service rate 1, against the mean time in system. */
enum sim_status bench_mm1(bench_report *report, void *to);
/* 1,024 and 100,000 entities in 8 domains; a quarter of the events go to another domain. */
enum sim_status bench_phold(bench_report *report, void *to, int threads);
/* 32 domains of unequal load with a day's lookahead: 1e5, 1e6 and 1e7 events a year. */
enum sim_status bench_windows(bench_report *report, void *to, int threads);
/* An ensemble of 16 replicates of phold with 1,024 entities, spread over the threads. */
enum sim_status bench_replicates(bench_report *report, void *to, int threads);

#endif
