/* The pending-event set of one domain: a 4-ary heap of 16-byte keys beside 64-byte records in a
 * pool. Internal to the engine.
 *
 *   key (128 bits) = time:52 | priority:4 | sender:12 | sequence:36 | slot:24
 *
 * Senders count their events, so (time, order) is unique and the slot never decides. */
#ifndef SIM_CALENDAR_H
#define SIM_CALENDAR_H

#include "domain.h"
#include "pool.h"

__extension__ typedef unsigned __int128 sim_key;

enum {
    SIM_TIME_BITS = 52,
    SIM_PRIORITY_BITS = 4,
    SIM_SENDER_BITS = 12,
    SIM_SEQUENCE_BITS = 36,
    SIM_SLOT_BITS = 24,
    SIM_ORDER_BITS = SIM_PRIORITY_BITS + SIM_SENDER_BITS + SIM_SEQUENCE_BITS
};

/* What the key does not hold. order 0 marks a dead (cancelled) or free record: sequences start at
 * 1. */
struct sim_record {
    uint32_t link;  /* the pool's, while free */
    uint32_t cargo; /* slot in the domain's cargo pool of that size */
    uint64_t order; /* priority, sender, sequence: the middle of the key */
    uint32_t entity;
    uint16_t kind, size;
    union sim_data data;
};

struct sim_calendar {
    sim_key *heap; /* children of i: 4 i + 1 .. 4 i + 4, which share a cache line */
    void *block;   /* heap's allocation */
    size_t count;  /* keys, with the dead ones and the hole */
    size_t capacity;
    size_t dead;
    bool hole; /* the first key was popped and not replaced yet */
    struct sim_pool records;
};

void sim_calendar_init(struct sim_calendar *calendar);
void sim_calendar_clear(struct sim_calendar *calendar);

/* A record to fill (all but order), pending at time; NULL when out of memory or slots. order is
 * not 0 and unique. */
struct sim_record *sim_calendar_push(struct sim_calendar *calendar, int64_t time, uint64_t order,
                                     uint32_t *slot);
/* The first event before `end`, as a copy, and the slot of its cargo; false where there is none. */
bool sim_calendar_pop(struct sim_calendar *calendar, int64_t end, struct sim_event *event,
                      uint32_t *cargo);
/* The live record of slot whose sender and sequence are `identity`, or NULL. */
struct sim_record *sim_calendar_find(const struct sim_calendar *calendar, uint32_t slot,
                                     uint64_t identity);
/* Marks a live record dead; its key leaves later. */
void sim_calendar_cancel(struct sim_calendar *calendar, struct sim_record *record);
/* Live events. */
size_t sim_calendar_live(const struct sim_calendar *calendar);
/* Number `at` of the keys in no particular order, 0 .. count - 1: false where it is dead. */
bool sim_calendar_get(const struct sim_calendar *calendar, size_t at, struct sim_event *event,
                      uint32_t *cargo);
size_t sim_calendar_memory(const struct sim_calendar *calendar);

#endif
