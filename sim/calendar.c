#include "calendar.h"

#include <stdlib.h>
#include <string.h>

enum {
    ARITY = 4,
    LINE_BYTES = 64,
    LEAD = 3, /* keys before the first one, so that four children start a cache line */
    FIRST_CAPACITY = 61,
    COMPACT_FROM = 64,
    RECORD_SHIFT = 8, /* records per chunk of the pool, as a power of two */
    RECORD_SIZE = 64
};

_Static_assert(sizeof(struct sim_record) == RECORD_SIZE, "a record is one cache line");
_Static_assert(sizeof(struct sim_event) == RECORD_SIZE, "an event is one cache line");
_Static_assert(SIM_TIME_BITS + SIM_ORDER_BITS + SIM_SLOT_BITS == 128, "a key is full");

/* sim_pool_at without its check, and with the shift known. */
static inline struct sim_record *record_at(const struct sim_calendar *calendar, uint32_t slot)
{
    char *chunk = calendar->records.chunks[slot >> RECORD_SHIFT];
    return (struct sim_record *)(void *)(chunk +
                                         (size_t)(slot & ((1U << RECORD_SHIFT) - 1)) * RECORD_SIZE);
}

static inline uint32_t key_slot(sim_key key)
{
    return (uint32_t)key & ((1U << SIM_SLOT_BITS) - 1);
}

static inline int64_t key_time(sim_key key)
{
    return (int64_t)(key >> (SIM_ORDER_BITS + SIM_SLOT_BITS));
}

void sim_calendar_init(struct sim_calendar *calendar)
{
    *calendar = (struct sim_calendar){0};
    sim_pool_init(&calendar->records, RECORD_SIZE);
    sim_require(calendar->records.chunk_records == 1U << RECORD_SHIFT,
                "the pool has %zu records to a chunk", calendar->records.chunk_records);
}

void sim_calendar_clear(struct sim_calendar *calendar)
{
    free(calendar->block);
    sim_pool_clear(&calendar->records);
    calendar->block = NULL;
    calendar->heap = NULL;
    calendar->count = calendar->capacity = calendar->dead = 0;
    calendar->hole = false;
}

static bool grow(struct sim_calendar *calendar)
{
    size_t capacity = calendar->capacity ? 2 * calendar->capacity + LEAD : FIRST_CAPACITY;
    size_t bytes =
        (capacity + LEAD) * sizeof(sim_key); /* a multiple of the line: 64 keys, 128 .. */
    void *block = aligned_alloc(LINE_BYTES, bytes);
    if (!block)
        return false;
    sim_key *heap = (sim_key *)block + LEAD;
    if (calendar->count)
        memcpy(heap, calendar->heap, calendar->count * sizeof *heap);
    free(calendar->block);
    calendar->block = block;
    calendar->heap = heap;
    calendar->capacity = capacity;
    return true;
}

static void sift_up(sim_key *heap, size_t at, sim_key key)
{
    while (at > 0) {
        size_t parent = (at - 1) / ARITY;
        if (heap[parent] < key)
            break;
        heap[at] = heap[parent];
        at = parent;
    }
    heap[at] = key;
}

/* Position of the smallest of the four children that start at `first`. */
static inline size_t least_child(const sim_key *heap, size_t first)
{
    size_t left = first + (heap[first + 1] < heap[first]);
    size_t right = first + 2 + (heap[first + 3] < heap[first + 2]);
    return heap[right] < heap[left] ? right : left;
}

/* Places key at `at` or below, in a heap of count keys. */
static void sift_down(sim_key *heap, size_t count, size_t at, sim_key key)
{
    for (;;) {
        size_t first = ARITY * at + 1, least = first;
        if (first + ARITY <= count) {
            least = least_child(heap, first);
        } else if (first < count) {
            for (size_t i = first + 1; i < count; i++)
                if (heap[i] < heap[least])
                    least = i;
        } else {
            break;
        }
        if (key < heap[least])
            break;
        heap[at] = heap[least];
        at = least;
    }
    heap[at] = key;
}

/* Fills the hole at the top with the last key. */
static void settle(struct sim_calendar *calendar)
{
    calendar->hole = false;
    size_t count = --calendar->count;
    if (count > 0)
        sift_down(calendar->heap, count, 0, calendar->heap[count]);
}

struct sim_record *sim_calendar_push(struct sim_calendar *calendar, int64_t time, uint64_t order,
                                     uint32_t *slot)
{
    if (calendar->count == calendar->capacity && !calendar->hole && !grow(calendar))
        return NULL;
    uint32_t taken = sim_pool_take(&calendar->records);
    if (taken >> SIM_SLOT_BITS != 0) {
        if (taken != UINT32_MAX)
            sim_pool_give(&calendar->records, taken);
        return NULL;
    }
    struct sim_record *record = record_at(calendar, taken);
    record->order = order;
    sim_key key = ((sim_key)(uint64_t)time << SIM_ORDER_BITS | order) << SIM_SLOT_BITS | taken;
    if (calendar->hole) { /* the usual case: a handler schedules its successor */
        calendar->hole = false;
        sift_down(calendar->heap, calendar->count, 0, key);
    } else {
        sift_up(calendar->heap, calendar->count++, key);
    }
    *slot = taken;
    return record;
}

static void copy_out(struct sim_event *event, uint32_t *cargo, int64_t time,
                     const struct sim_record *record)
{
    event->time = time;
    event->order = record->order;
    event->entity = record->entity;
    event->kind = record->kind;
    event->size = record->size;
    event->data = record->data;
    *cargo = record->cargo;
}

bool sim_calendar_pop(struct sim_calendar *calendar, int64_t end, struct sim_event *event,
                      uint32_t *cargo)
{
    for (;;) {
        if (calendar->hole)
            settle(calendar);
        if (calendar->count == 0)
            return false;
        sim_key top = calendar->heap[0];
        int64_t time = key_time(top);
        if (time >= end)
            return false;
        uint32_t slot = key_slot(top);
        struct sim_record *record = record_at(calendar, slot);
        calendar->hole = true;
        bool live = record->order != 0;
        if (live)
            copy_out(event, cargo, time, record);
        else
            calendar->dead--;
        record->order = 0;
        sim_pool_give(&calendar->records, slot);
        if (live)
            return true;
    }
}

struct sim_record *sim_calendar_find(const struct sim_calendar *calendar, uint32_t slot,
                                     uint64_t identity)
{
    if (slot >= calendar->records.used_high)
        return NULL;
    struct sim_record *record = record_at(calendar, slot);
    uint64_t mask = (UINT64_C(1) << (SIM_ORDER_BITS - SIM_PRIORITY_BITS)) - 1;
    return record->order != 0 && (record->order & mask) == identity ? record : NULL;
}

/* Drops the dead keys and builds the heap anew. */
static void compact(struct sim_calendar *calendar)
{
    sim_key *heap = calendar->heap;
    size_t kept = 0;
    for (size_t i = calendar->hole ? 1 : 0; i < calendar->count; i++) {
        uint32_t slot = key_slot(heap[i]);
        if (record_at(calendar, slot)->order != 0)
            heap[kept++] = heap[i];
        else
            sim_pool_give(&calendar->records, slot);
    }
    calendar->hole = false;
    calendar->count = kept;
    calendar->dead = 0;
    for (size_t i = kept > 1 ? (kept - 2) / ARITY + 1 : 0; i-- > 0;)
        sift_down(heap, kept, i, heap[i]);
}

void sim_calendar_cancel(struct sim_calendar *calendar, struct sim_record *record)
{
    record->order = 0;
    calendar->dead++;
    if (calendar->count >= COMPACT_FROM && calendar->dead > calendar->count / 2)
        compact(calendar);
}

size_t sim_calendar_live(const struct sim_calendar *calendar)
{
    return calendar->count - calendar->hole - calendar->dead;
}

bool sim_calendar_get(const struct sim_calendar *calendar, size_t at, struct sim_event *event,
                      uint32_t *cargo)
{
    if (at == 0 && calendar->hole)
        return false;
    sim_key key = calendar->heap[at];
    const struct sim_record *record = record_at(calendar, key_slot(key));
    if (record->order == 0)
        return false;
    copy_out(event, cargo, key_time(key), record);
    return true;
}

size_t sim_calendar_memory(const struct sim_calendar *calendar)
{
    const struct sim_pool *records = &calendar->records;
    size_t chunks = records->chunk_count * records->chunk_records * records->record_size;
    return (calendar->block ? (calendar->capacity + LEAD) * sizeof(sim_key) : 0) + chunks +
           records->chunk_capacity * sizeof(char *);
}
