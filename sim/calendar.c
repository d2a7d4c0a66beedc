#include "calendar.h"

#include <stdlib.h>
#include <string.h>

enum {
    ARITY = 4,
    LINE_BYTES = 64,
    LEAD = 3,            /* keys before the first one, so that four children start a cache line */
    FIRST_CAPACITY = 57, /* with LEAD and ARITY, 64 keys */
    COMPACT_FROM = 64
};

_Static_assert(sizeof(struct sim_record) == SIM_RECORD_SIZE, "a record is one cache line");
_Static_assert(sizeof(struct sim_event) == SIM_RECORD_SIZE, "an event is one cache line");
_Static_assert(offsetof(struct sim_record, data) - offsetof(struct sim_record, entity) ==
                       SIM_WHAT_SIZE &&
                   offsetof(struct sim_event, data) - offsetof(struct sim_event, entity) ==
                       SIM_WHAT_SIZE,
               "entity, kind and size lie together");
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "sim_record_set knows little-endian processors only"
#endif
_Static_assert(SIM_TIME_BITS + SIM_ORDER_BITS + SIM_SLOT_BITS == 128, "a key is full");

void sim_calendar_init(struct sim_calendar *calendar)
{
    *calendar = (struct sim_calendar){0};
    sim_pool_init(&calendar->records, SIM_RECORD_SIZE);
    sim_require(calendar->records.chunk_records == 1U << SIM_RECORD_SHIFT,
                "the pool has %zu records to a chunk", calendar->records.chunk_records);
}

void sim_calendar_clear(struct sim_calendar *calendar)
{
    free(calendar->block);
    free(calendar->spare);
    sim_pool_clear(&calendar->records);
    calendar->block = NULL;
    calendar->heap = NULL;
    calendar->spare = NULL;
    calendar->spare_count = 0;
    calendar->count = calendar->capacity = calendar->dead = 0;
    calendar->hole = false;
}

bool sim_calendar_grow(struct sim_calendar *calendar)
{
    size_t keys = calendar->capacity ? 2 * (calendar->capacity + LEAD + ARITY)
                                     : FIRST_CAPACITY + LEAD + ARITY; /* whole cache lines */
    sim_key *block = aligned_alloc(LINE_BYTES, keys * sizeof *block);
    if (!block)
        return false;
    sim_key *heap = block + LEAD;
    if (calendar->count)
        memcpy(heap, calendar->heap, calendar->count * sizeof *heap);
    for (size_t i = calendar->count; i < keys - LEAD; i++)
        heap[i] = SIM_KEY_LAST;
    free(calendar->block);
    calendar->block = block;
    calendar->heap = heap;
    calendar->capacity = keys - LEAD - ARITY;
    return true;
}

/* One chunk of records more, the lowest slot on top. */
bool sim_calendar_add_slots(struct sim_calendar *calendar)
{
    struct sim_pool *records = &calendar->records;
    size_t chunk = (size_t)1 << SIM_RECORD_SHIFT, slots = records->used_high + chunk;
    if (slots > (size_t)1 << SIM_SLOT_BITS) /* a key has no room for more */
        return false;
    uint32_t *spare = realloc(calendar->spare, slots * sizeof *spare);
    if (!spare)
        return false;
    calendar->spare = spare;
    for (size_t i = 0; i < chunk; i++) {
        uint32_t slot = sim_pool_take(records);
        if (slot == UINT32_MAX) /* only before the chunk's first: nothing was taken */
            return false;
        sim_calendar_record(calendar, slot)->order = 0;
        spare[chunk - 1 - i] = slot;
    }
    calendar->spare_count = chunk;
    return true;
}

void sim_calendar_sift_up(sim_key *heap, size_t at, sim_key key)
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

/* Moves the least child of the place `at` up, unless key comes before it. Children beyond count
 * hold the last key, so that four are always there; the least of them is found without a branch,
 * which would be mispredicted half of the time. */
static inline bool sink(sim_key *heap, size_t count, size_t *at, sim_key key)
{
    size_t first = ARITY * *at + 1;
    if (first >= count)
        return false;
    const sim_key *child = heap + first;
    sim_key a = child[0], b = child[1], c = child[2], d = child[3];
    sim_key low = b < a ? b : a, high = d < c ? d : c;
    size_t left = b < a, right = 2 + (size_t)(d < c);
    size_t chosen = left ^ ((left ^ right) & (0 - (size_t)(high < low)));
    low = high < low ? high : low;
    if (key < low)
        return false;
    heap[*at] = low;
    *at = first + chosen;
    return true;
}

/* Places key at `at` or below. */
void sim_calendar_sift_down(struct sim_calendar *calendar, size_t at, sim_key key)
{
    sim_key *heap = calendar->heap;
    const size_t count = calendar->count;
    bool sinks = true;
    while (sinks && at <= ARITY)
        sinks = sink(heap, count, &at, key);
    if (sinks && at <= ARITY + ARITY * ARITY) {
        size_t place = at;
        sinks = sink(heap, count, &at, key);
        /* what rises to the third level is popped soon, but not at once */
        if (sinks)
            __builtin_prefetch(sim_calendar_record(calendar, sim_key_slot(heap[place])));
    }
    while (sinks)
        sinks = sink(heap, count, &at, key);
    heap[at] = key;
}

/* Fills the hole at the top with the last key. */
void sim_calendar_settle(struct sim_calendar *calendar)
{
    calendar->hole = false;
    size_t count = --calendar->count;
    sim_key last = calendar->heap[count];
    calendar->heap[count] = SIM_KEY_LAST;
    if (count > 0)
        sim_calendar_sift_down(calendar, 0, last);
}

struct sim_record *sim_calendar_find(const struct sim_calendar *calendar, uint32_t slot,
                                     uint64_t identity)
{
    if (slot >= calendar->records.used_high)
        return NULL;
    struct sim_record *record = sim_calendar_record(calendar, slot);
    uint64_t mask = (UINT64_C(1) << (SIM_ORDER_BITS - SIM_PRIORITY_BITS)) - 1;
    return record->order != 0 && (record->order & mask) == identity ? record : NULL;
}

/* Drops the dead keys and builds the heap anew. */
static void compact(struct sim_calendar *calendar)
{
    sim_key *heap = calendar->heap;
    size_t kept = 0;
    for (size_t i = calendar->hole ? 1 : 0; i < calendar->count; i++) {
        uint32_t slot = sim_key_slot(heap[i]);
        if (sim_calendar_record(calendar, slot)->order != 0)
            heap[kept++] = heap[i];
        else
            calendar->spare[calendar->spare_count++] = slot;
    }
    for (size_t i = kept; i < calendar->count; i++)
        heap[i] = SIM_KEY_LAST;
    calendar->hole = false;
    calendar->count = kept;
    calendar->dead = 0;
    for (size_t i = kept > 1 ? (kept - 2) / ARITY + 1 : 0; i-- > 0;)
        sim_calendar_sift_down(calendar, i, heap[i]);
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
    const struct sim_record *record = sim_calendar_record(calendar, sim_key_slot(key));
    if (record->order == 0)
        return false;
    sim_record_copy(event, sim_key_time(key), record);
    *cargo = record->cargo;
    return true;
}

size_t sim_calendar_memory(const struct sim_calendar *calendar)
{
    const struct sim_pool *records = &calendar->records;
    size_t chunks = records->chunk_count * records->chunk_records * records->record_size;
    return (calendar->block ? (calendar->capacity + LEAD + ARITY) * sizeof(sim_key) : 0) + chunks +
           records->chunk_capacity * sizeof(char *) + records->used_high * sizeof(uint32_t);
}
