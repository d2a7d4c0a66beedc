/* A station: c servers and a queue with priorities (smaller first, then first come first served).
 *
 * The station holds waiting and served customers as 64-bit words that mean something to its owner
 * (a slot in a pool). The owner schedules the end of service itself. Embedded in the owner's
 * state. */
#ifndef SIM_STATION_H
#define SIM_STATION_H

#include "statistic.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_waiting {
    uint64_t rank; /* priority << 56 | arrival number */
    uint64_t customer;
};

struct sim_station {
    uint32_t servers, busy;
    struct sim_waiting *queue; /* binary heap by rank */
    size_t waiting, capacity;
    uint64_t arrivals;
    struct sim_statistic busy_servers, queue_length; /* time-weighted */
};

void sim_station_init(struct sim_station *station, uint32_t servers, int64_t now);
void sim_station_clear(struct sim_station *station);
/* True: service starts now. False: the customer waits, also where a server is free but others wait
 * for it. priority is 0 to 255 (required), as is memory for the queue, which only grows. */
bool sim_station_arrive(struct sim_station *station, int64_t now, uint64_t customer,
                        unsigned priority);
/* A service ends. True: *next starts service now. */
bool sim_station_leave(struct sim_station *station, int64_t now, uint64_t *next);
/* More or fewer servers; a busy one leaves when its service ends. Call sim_station_take until
 * false after adding. */
void sim_station_resize(struct sim_station *station, int64_t now, uint32_t servers);
bool sim_station_take(struct sim_station *station, int64_t now, uint64_t *next);

#endif
