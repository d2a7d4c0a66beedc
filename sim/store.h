/* A store: an integer amount up to a capacity, with takers who wait in order of arrival.
 *
 * A taker is a 64-bit word that means something to its owner. Served strictly first come, first
 * served: a small request does not overtake a large one. Embedded in the owner's state. */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include "statistic.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_taker {
    int64_t amount;
    uint64_t taker;
};

struct sim_store {
    int64_t level, capacity;
    struct sim_taker *queue; /* ring buffer */
    size_t head, waiting, slots;
    struct sim_statistic levels; /* time-weighted */
};

void sim_store_init(struct sim_store *store, int64_t level, int64_t capacity, int64_t now);
void sim_store_clear(struct sim_store *store);
/* Puts what fits and returns it; then call sim_store_next until false. */
int64_t sim_store_put(struct sim_store *store, int64_t now, int64_t amount);
/* True: taken now. False: the taker waits. Required: 0 <= amount <= capacity (more could never be
 * served), and memory for the queue, which only grows. */
bool sim_store_take(struct sim_store *store, int64_t now, int64_t amount, uint64_t taker);
/* True: the first waiting taker is served now. */
bool sim_store_next(struct sim_store *store, int64_t now, uint64_t *taker);

#endif
