/* An arrival process whose rate changes: the n-th arrival comes when the integral of the rate since
 * the previous one reaches a Gamma(k) threshold (k = 1: Poisson; k: every k-th arrival of the same
 * Poisson process, so that batching does not inflate variance). Thresholds are drawn from the
 * arrival's number: a change of rate shifts times but no other draw. */
#ifndef CLOCK_H
#define CLOCK_H

#include "world.h"

struct clock {
    struct sim_timer timer;
    double rate;      /* arrivals of single units per day */
    double remaining; /* of the threshold, in single units */
    int64_t since;    /* when `remaining` was right */
    uint64_t number;  /* of the arrival that is awaited, from 0 */
    uint32_t entity;
    uint16_t purpose;
    int batch; /* k of the arrival that is awaited */
};

/* kind: the event that an arrival fires. entity names the stream and is the event's entity. */
void clock_init(struct clock *clock, struct sim_domain *domain, uint16_t kind, uint32_t entity,
                uint16_t purpose);
/* A new rate from now on. batch is used from the next arrival's draw onwards. */
void clock_set(struct clock *clock, struct sim_domain *domain, double rate, int batch);
/* In the handler of its event: false where it fired early (return at once). True: an arrival of
 * *batch units with number *number; the next one is awaited. */
bool clock_arrival(struct clock *clock, struct sim_domain *domain, int next_batch, int *batch,
                   uint64_t *number);

#endif
