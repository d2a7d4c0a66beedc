/* Progress of a batch on standard error, and the thread that shows it, receives signals and keeps
 * the time limit.
 *
 * progress_start blocks SIGINT, SIGTERM and SIGUSR1 in the calling thread, and so in all threads
 * created after it, and starts one thread that waits for them; no handler runs, so nothing global
 * is needed. The first INT or TERM raises the stop flag, a second one ends the program at once
 * with CLI_INTERRUPTED; USR1 calls `sync`. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "../sim/ensemble.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum progress_form { PROGRESS_PLAIN, PROGRESS_TTY, PROGRESS_JSON, PROGRESS_QUIET };

enum progress_reason { PROGRESS_RUNNING, PROGRESS_SIGNAL, PROGRESS_MAX_TIME };

struct progress {
    enum progress_form form;
    FILE *out;              /* borrowed */
    uint64_t total;         /* tasks to run */
    double max_seconds;     /* 0: no limit */
    void (*sync)(void *to); /* called by the thread at SIGUSR1; or NULL */
    void *sync_to;

    volatile int stop; /* for struct sim_plan and the engine; written with atomic stores */
    enum progress_reason reason;
    int signal; /* that stopped the batch, or 0 */

    pthread_mutex_t mutex; /* guards what follows, and `out` */
    uint64_t done, failed, events, shown;
    double start, last_shown, longest; /* seconds; longest: of one task */
    bool line_open;                    /* the terminal's cursor is behind a progress line */
    bool ended;
    pthread_t thread;
};

/* Fill in the members down to sync_to first. False where the thread cannot be created. */
bool progress_start(struct progress *progress);
/* Ends the thread; signals stay blocked. The line is completed. */
void progress_end(struct progress *progress);
/* Called by any thread at the end of a task. */
void progress_add(struct progress *progress, bool failed, uint64_t events, double seconds);
/* Prints a line of its own to `out` without breaking the display; any thread. */
void progress_print(struct progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Seconds since progress_start. */
double progress_seconds(const struct progress *progress);
/* "45 s", "3 min 20 s", "2 h 5 min" into text; returns text. */
char *progress_duration(double seconds, char text[32]);

#endif
