/* The pending-event set of one domain: a 4-ary heap of 16-byte keys beside 64-byte records in a
 * pool. Internal to the engine.
 *
 *   key (128 bits) = time:52 | priority:4 | sender:12 | sequence:36 | slot:24
 *
 * Senders count their events, so (time, order) is unique and the slot never decides. What happens
 * once per event is inline here. */
#ifndef SIM_CALENDAR_H
#define SIM_CALENDAR_H

#include "domain.h"
#include "pool.h"

#include <string.h>

__extension__ typedef unsigned __int128 sim_key;

enum {
    SIM_TIME_BITS = 52,
    SIM_PRIORITY_BITS = 4,
    SIM_SENDER_BITS = 12,
    SIM_SEQUENCE_BITS = 36,
    SIM_SLOT_BITS = 24,
    SIM_ORDER_BITS = SIM_PRIORITY_BITS + SIM_SENDER_BITS + SIM_SEQUENCE_BITS,
    SIM_RECORD_SHIFT = 8, /* records per chunk of the pool, as a power of two */
    SIM_RECORD_SIZE = 64,
    SIM_WHAT_SIZE = 8 /* entity, kind and size */
};

#define SIM_KEY_LAST (~(sim_key)0) /* after every key: no event has the last time and order */

/* What the key does not hold. order 0 marks a dead (cancelled) or free record: sequences start at
 * 1. */
struct sim_record {
    uint32_t spare;
    uint32_t cargo; /* slot in the domain's cargo pool of that size */
    uint64_t order; /* priority, sender, sequence: the middle of the key */
    uint32_t entity;
    uint16_t kind, size;
    union sim_data data;
};

struct sim_calendar {
    sim_key *heap;   /* children of i: 4 i + 1 .. 4 i + 4, which share a cache line */
    void *block;     /* heap's allocation */
    size_t count;    /* keys, with the dead ones and the hole */
    size_t capacity; /* places up to here, and four more, hold SIM_KEY_LAST where unused */
    size_t dead;
    bool hole; /* the first key was popped and not replaced yet */
    /* free slots, last in first out; beside the records, as a list through them would wait for
     * memory. Room for all slots of records. */
    uint32_t *spare;
    size_t spare_count;
    struct sim_pool records; /* only taken from */
};

void sim_calendar_init(struct sim_calendar *calendar);
void sim_calendar_clear(struct sim_calendar *calendar);
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

/* Parts of push and pop. */
bool sim_calendar_grow(struct sim_calendar *calendar);
void sim_calendar_sift_up(sim_key *heap, size_t at, sim_key key);
void sim_calendar_sift_down(struct sim_calendar *calendar, size_t at, sim_key key);
void sim_calendar_settle(struct sim_calendar *calendar);
bool sim_calendar_add_slots(struct sim_calendar *calendar);

/* sim_pool_at without its check, and with the shift known. */
static inline struct sim_record *sim_calendar_record(const struct sim_calendar *calendar,
                                                     uint32_t slot)
{
    char *chunk = calendar->records.chunks[slot >> SIM_RECORD_SHIFT];
    size_t within = slot & ((1U << SIM_RECORD_SHIFT) - 1);
    return (struct sim_record *)(void *)(chunk + within * SIM_RECORD_SIZE);
}

static inline uint32_t sim_key_slot(sim_key key)
{
    return (uint32_t)key & ((1U << SIM_SLOT_BITS) - 1);
}

static inline int64_t sim_key_time(sim_key key)
{
    return (int64_t)(key >> (SIM_ORDER_BITS + SIM_SLOT_BITS));
}

static inline void sim_record_copy(struct sim_event *event, int64_t time,
                                   const struct sim_record *record)
{
    event->time = time;
    event->order = record->order;
    memcpy(&event->entity, &record->entity, SIM_WHAT_SIZE);
    event->data = record->data;
}

/* entity, kind and size in one store, as they are read in one load soon after: a processor passes
 * a store on to a load only where the load is not wider. */
static inline void sim_record_set(struct sim_record *record, uint32_t entity, uint16_t kind,
                                  uint16_t size)
{
    uint64_t what = (uint64_t)size << 48 | (uint64_t)kind << 32 | entity;
    memcpy(&record->entity, &what, SIM_WHAT_SIZE);
}

/* A record to fill (all but order), pending at time; NULL when out of memory or slots. order is
 * not 0 and unique. */
static inline struct sim_record *sim_calendar_push(struct sim_calendar *calendar, int64_t time,
                                                   uint64_t order, uint32_t *slot)
{
    if (!calendar->hole && calendar->count == calendar->capacity && !sim_calendar_grow(calendar))
        return NULL;
    if (calendar->spare_count == 0 && !sim_calendar_add_slots(calendar))
        return NULL;
    uint32_t taken = calendar->spare[--calendar->spare_count];
    struct sim_record *record = sim_calendar_record(calendar, taken);
    record->order = order;
    sim_key key = ((sim_key)(uint64_t)time << SIM_ORDER_BITS | order) << SIM_SLOT_BITS | taken;
    if (calendar->hole) { /* the usual case: a handler schedules its successor */
        calendar->hole = false;
        sim_calendar_sift_down(calendar, 0, key);
    } else {
        sim_calendar_sift_up(calendar->heap, calendar->count++, key);
    }
    *slot = taken;
    return record;
}

/* The first event before `end`, as a copy, and the slot of its cargo; false where there is none. */
static inline bool sim_calendar_pop(struct sim_calendar *calendar, int64_t end,
                                    struct sim_event *event, uint32_t *cargo)
{
    for (;;) {
        if (calendar->hole)
            sim_calendar_settle(calendar);
        if (calendar->count == 0)
            return false;
        sim_key top = calendar->heap[0];
        int64_t time = sim_key_time(top);
        if (time >= end)
            return false;
        uint32_t slot = sim_key_slot(top);
        struct sim_record *record = sim_calendar_record(calendar, slot);
        calendar->hole = true;
        bool live = record->order != 0;
        if (live) {
            sim_record_copy(event, time, record);
            *cargo = record->cargo;
        } else {
            calendar->dead--;
        }
        record->order = 0;
        calendar->spare[calendar->spare_count++] = slot;
        if (live)
            return true;
    }
}

#endif
