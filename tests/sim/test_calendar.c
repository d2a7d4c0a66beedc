#include "../../sim/calendar.h"
#include "../suite.h"

#include <stdlib.h>

enum { MANY = 1000000, STEPS = 20000 };

struct entry {
    int64_t time;
    uint64_t order;
    uint32_t slot, entity;
    bool live;
};

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static struct sim_stream stream(uint32_t entity)
{
    return sim_stream_make(sim_random_key_make(2, 5), entity, 0, 0);
}

static uint64_t identity(uint64_t order)
{
    return order & ((UINT64_C(1) << (SIM_ORDER_BITS - SIM_PRIORITY_BITS)) - 1);
}

/* order: random priority and sender, own sequence */
static struct entry add(struct sim_calendar *calendar, struct sim_stream *s, int64_t time,
                        uint32_t number)
{
    uint64_t order = ((uint64_t)(sim_stream_word(s) & 0xffff) << SIM_SEQUENCE_BITS) + number + 1;
    struct entry entry = {.time = time, .order = order, .entity = number, .live = true};
    struct sim_record *record = sim_calendar_push(calendar, time, order, &entry.slot);
    CU_ASSERT_FATAL(record != NULL);
    record->entity = number;
    record->kind = (uint16_t)number;
    record->size = 0;
    record->cargo = ~number;
    record->data.i[4] = number;
    return entry;
}

static bool same(const struct sim_event *event, uint32_t cargo, const struct entry *entry)
{
    return event->time == entry->time && event->order == entry->order &&
           event->entity == entry->entity && event->kind == (uint16_t)entry->entity &&
           event->data.i[4] == entry->entity && cargo == ~entry->entity;
}

/* A million pushes within 1,000 different times, a third cancelled, against a sorted array. */
static void order_is_that_of_a_sorted_array(void)
{
    struct sim_calendar calendar;
    struct sim_stream s = stream(1);
    struct entry *entries = malloc(MANY * sizeof *entries);
    CU_ASSERT_FATAL(entries != NULL);
    sim_calendar_init(&calendar);
    for (uint32_t i = 0; i < MANY; i++)
        entries[i] = add(&calendar, &s, sim_stream_word(&s) % 1000, i);
    size_t live = MANY;
    for (uint32_t i = 0; i < MANY; i++) {
        if (sim_stream_word(&s) % 3 != 0)
            continue;
        struct sim_record *record =
            sim_calendar_find(&calendar, entries[i].slot, identity(entries[i].order));
        CU_ASSERT_FATAL(record != NULL);
        sim_calendar_cancel(&calendar, record);
        entries[i].live = false;
        live--;
    }
    CU_ASSERT(sim_calendar_live(&calendar) == live);
    qsort(entries, MANY, sizeof *entries, compare);
    struct sim_event event = {0};
    uint32_t cargo = 0;
    unsigned wrong = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        if (!entries[i].live)
            continue;
        wrong += sim_calendar_pop(&calendar, entries[i].time, &event, &cargo); /* not before */
        wrong += !sim_calendar_pop(&calendar, entries[i].time + 1, &event, &cargo);
        wrong += !same(&event, cargo, &entries[i]);
    }
    CU_ASSERT(wrong == 0);
    CU_ASSERT(!sim_calendar_pop(&calendar, INT64_MAX, &event, &cargo));
    CU_ASSERT(calendar.spare_count == calendar.records.used_high); /* all slots are free */
    sim_calendar_clear(&calendar);
    free(entries);
}

/* Pushes, pops and cancels in turn, each step against a linear search. */
static void any_sequence_agrees_with_a_linear_search(void)
{
    struct sim_calendar calendar;
    struct sim_stream s = stream(2);
    struct entry *entries = calloc(STEPS, sizeof *entries);
    CU_ASSERT_FATAL(entries != NULL);
    sim_calendar_init(&calendar);
    uint32_t made = 0, wrong = 0, popped = 0, cancelled = 0;
    int64_t now = 0;
    size_t first = 0, live = 0; /* entries before first are gone */
    for (int step = 0; step < STEPS; step++) {
        /* phases: growing, holding, cancelling, draining */
        unsigned phase = (unsigned)(step / 500) % 4, what = sim_stream_word(&s) % 10;
        unsigned pushes[] = {8, 5, 3, 1}, pops[] = {9, 9, 4, 9};
        if (what < pushes[phase]) {
            entries[made] = add(&calendar, &s, now + sim_stream_word(&s) % 50, made);
            made++;
            live++;
        } else if (what < pops[phase]) {
            struct entry *least = NULL;
            for (size_t i = first; i < made; i++)
                if (entries[i].live && (!least || compare(&entries[i], least) < 0))
                    least = &entries[i];
            struct sim_event event;
            uint32_t cargo;
            bool got = sim_calendar_pop(&calendar, INT64_MAX, &event, &cargo);
            wrong += got != (least != NULL) || (got && !same(&event, cargo, least));
            if (least) {
                least->live = false;
                now = least->time;
                live--;
                popped++;
            }
        } else if (made > 0) {
            struct entry *one = &entries[sim_stream_word(&s) % made];
            struct sim_record *record =
                sim_calendar_find(&calendar, one->slot, identity(one->order));
            wrong += (record != NULL) != one->live; /* stale handles find nothing */
            if (record) {
                sim_calendar_cancel(&calendar, record);
                one->live = false;
                live--;
                cancelled++;
            }
        }
        wrong += sim_calendar_live(&calendar) != live;
        while (first < made && !entries[first].live)
            first++;
    }
    CU_ASSERT(wrong == 0);
    CU_ASSERT(popped > 1000 && cancelled > 500);
    sim_calendar_clear(&calendar);
    free(entries);
}

/* Cancelled keys are dropped when they outnumber the live ones: memory follows the live events. */
static void dead_keys_do_not_pile_up(void)
{
    struct sim_calendar calendar;
    struct sim_stream s = stream(3);
    sim_calendar_init(&calendar);
    struct entry last = add(&calendar, &s, 1000, 0);
    size_t most = 0;
    for (uint32_t i = 1; i < 200000; i++) { /* a deadline that is always put off */
        sim_calendar_cancel(&calendar,
                            sim_calendar_find(&calendar, last.slot, identity(last.order)));
        last = add(&calendar, &s, 1000 + i, i);
        most = calendar.count > most ? calendar.count : most;
    }
    CU_ASSERT(most <= 65);
    CU_ASSERT(sim_calendar_memory(&calendar) < 40000);
    struct sim_event event = {0};
    uint32_t cargo = 0;
    CU_ASSERT(sim_calendar_pop(&calendar, INT64_MAX, &event, &cargo) && same(&event, cargo, &last));
    CU_ASSERT(!sim_calendar_pop(&calendar, INT64_MAX, &event, &cargo));
    sim_calendar_clear(&calendar);
}

static void slots_that_were_never_used_are_not_found(void)
{
    struct sim_calendar calendar;
    struct sim_stream s = stream(4);
    sim_calendar_init(&calendar);
    CU_ASSERT(sim_calendar_find(&calendar, 0, 1) == NULL);
    struct entry entry = add(&calendar, &s, 5, 0);
    CU_ASSERT(sim_calendar_find(&calendar, 1, identity(entry.order)) == NULL);
    CU_ASSERT(sim_calendar_find(&calendar, 0, identity(entry.order) + 1) == NULL);
    CU_ASSERT(sim_calendar_find(&calendar, 0, 0) == NULL);
    sim_calendar_clear(&calendar);
}

/* All pending events are visited once, whatever was popped and cancelled before. */
static void pending_events_can_be_listed(void)
{
    struct sim_calendar calendar;
    struct sim_stream s = stream(5);
    sim_calendar_init(&calendar);
    enum { COUNT = 300 };
    struct entry entries[COUNT];
    for (uint32_t i = 0; i < COUNT; i++)
        entries[i] = add(&calendar, &s, 100 + i, i);
    struct sim_event event = {0};
    uint32_t cargo = 0;
    for (int i = 0; i < 50; i++)
        sim_calendar_pop(&calendar, INT64_MAX, &event, &cargo);
    for (int i = 60; i < 160; i++)
        sim_calendar_cancel(
            &calendar, sim_calendar_find(&calendar, entries[i].slot, identity(entries[i].order)));
    unsigned seen[COUNT] = {0}, wrong = 0;
    for (size_t i = 0; i < calendar.count; i++)
        if (sim_calendar_get(&calendar, i, &event, &cargo))
            seen[event.entity]++;
    for (int i = 0; i < COUNT; i++)
        wrong += seen[i] != ((i >= 50 && i < 60) || i >= 160);
    CU_ASSERT(wrong == 0);
    sim_calendar_clear(&calendar);
}

/* The largest time, priority, sender and sequence, and the smallest, keep their order. */
static void fields_do_not_spill(void)
{
    struct sim_calendar calendar;
    sim_calendar_init(&calendar);
    int64_t late = (INT64_C(1) << SIM_TIME_BITS) - 1;
    uint64_t high = (UINT64_C(1) << SIM_ORDER_BITS) - 1;
    uint32_t slot, cargo = 0;
    CU_ASSERT(sim_calendar_push(&calendar, late, high, &slot) != NULL);
    CU_ASSERT(sim_calendar_push(&calendar, late, 1, &slot) != NULL);
    CU_ASSERT(sim_calendar_push(&calendar, 0, high, &slot) != NULL);
    CU_ASSERT(sim_calendar_push(&calendar, 0, 1, &slot) != NULL);
    struct sim_event event = {0};
    for (int i = 0; i < 4; i++) {
        CU_ASSERT(sim_calendar_pop(&calendar, INT64_MAX, &event, &cargo));
        CU_ASSERT(event.time == (i < 2 ? 0 : late) && event.order == (i % 2 ? high : 1));
    }
    sim_calendar_clear(&calendar);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"order is that of a sorted array", order_is_that_of_a_sorted_array},
        {"any sequence agrees with a linear search", any_sequence_agrees_with_a_linear_search},
        {"dead keys do not pile up", dead_keys_do_not_pile_up},
        {"slots that were never used are not found", slots_that_were_never_used_are_not_found},
        {"pending events can be listed", pending_events_can_be_listed},
        {"fields do not spill", fields_do_not_spill},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim/calendar", tests);
}
