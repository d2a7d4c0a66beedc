#include "../../sim/engine.h"
#include "../suite.h"
#include "aborts.h"

#include <string.h>

enum { KIND_TIMER = 1, KIND_NAIVE = 2, KIND_MOVE = 3, ENTITIES = 20, FIRED_MAX = 4000 };

/* Each entity has a timer and a deadline kept by cancelling and scheduling; both are moved by the
 * same random events and must fire at the same times. */
struct state {
    struct sim_timer timers[ENTITIES];
    uint64_t naive[ENTITIES];
    bool naive_set[ENTITIES];
    int64_t fired[FIRED_MAX], naive_fired[FIRED_MAX]; /* time * ENTITIES + entity */
    size_t count, naive_count;
    unsigned early, moves;
};

static void move(struct sim_domain *domain, struct state *state, uint32_t entity, uint64_t serial)
{
    struct sim_stream s = sim_stream_at(domain, entity, 1, serial);
    int64_t deadline = sim_now(domain) + sim_stream_word(&s) % 40;
    bool unset = sim_stream_word(&s) % 8 == 0;
    sim_timer_set(domain, &state->timers[entity], unset ? INT64_MAX : deadline);
    if (state->naive_set[entity])
        CU_ASSERT_FATAL(sim_cancel(domain, state->naive[entity]));
    state->naive_set[entity] = !unset;
    if (!unset)
        state->naive[entity] = sim_schedule(domain, deadline, 5, KIND_NAIVE, entity, NULL);
    state->moves++;
}

static enum sim_status handle(struct sim_domain *domain, void *to, const struct sim_event *event,
                              const void *cargo)
{
    struct state *state = to;
    CU_ASSERT(cargo == NULL);
    int64_t stamp = sim_now(domain) * ENTITIES + event->entity;
    switch (event->kind) {
    case KIND_TIMER:
        if (sim_timer_due(domain, &state->timers[event->entity])) {
            CU_ASSERT_FATAL(state->count < FIRED_MAX);
            state->fired[state->count++] = stamp;
        } else {
            state->early++;
        }
        return SIM_OK;
    case KIND_NAIVE:
        state->naive_set[event->entity] = false;
        CU_ASSERT_FATAL(state->naive_count < FIRED_MAX);
        state->naive_fired[state->naive_count++] = stamp;
        return SIM_OK;
    default: { /* moves come first at any time: a deadline of now has not fired yet */
        move(domain, state, event->entity, (uint64_t)event->data.i[0]);
        union sim_data next = {.i = {event->data.i[0] + 1}};
        sim_schedule(domain, sim_now(domain) + 1 + (int64_t)(event->entity % 3) * 7, 1, KIND_MOVE,
                     event->entity, &next);
        return SIM_OK;
    }
    }
}

static struct sim_engine *make(void *state)
{
    void *states[] = {state};
    struct sim_setup setup = {.domains = 1, .lookahead = 100, .handler = handle, .states = states};
    struct sim_engine *engine = NULL;
    CU_ASSERT_FATAL(sim_engine_create(&engine, &setup) == SIM_OK);
    return engine;
}

static void equals_cancel_and_schedule(void)
{
    struct state state;
    memset(&state, 0, sizeof state);
    struct sim_engine *engine = make(&state);
    struct sim_domain *domain = sim_engine_domain(engine, 0);
    for (uint32_t i = 0; i < ENTITIES; i++) {
        sim_timer_init(&state.timers[i], KIND_TIMER, 5, i);
        sim_schedule(domain, i % 4, 1, KIND_MOVE, i, NULL);
    }
    CU_ASSERT(sim_engine_run(engine, 2000, NULL) == SIM_OK);
    CU_ASSERT(state.moves > 10000 && state.early > 1000 && state.count > 500);
    CU_ASSERT(state.count == state.naive_count);
    /* at one time the order may differ: compare as sets of each time */
    unsigned missing = 0;
    for (size_t i = 0; i < state.count; i++) {
        bool found = false;
        for (size_t j = 0; j < state.naive_count && !found; j++)
            found = state.fired[i] == state.naive_fired[j];
        missing += !found;
    }
    CU_ASSERT(missing == 0);
    sim_engine_destroy(engine);
}

static void count_one(void *to, uint32_t domain, const struct sim_event *event, const void *cargo)
{
    (void)domain;
    (void)event;
    (void)cargo;
    ++*(size_t *)to;
}

static size_t pending(struct sim_engine *engine)
{
    size_t count = 0;
    sim_engine_pending(engine, count_one, &count);
    return count;
}

static void has_one_pending_event(void)
{
    struct state state;
    memset(&state, 0, sizeof state);
    struct sim_engine *engine = make(&state);
    struct sim_domain *domain = sim_engine_domain(engine, 0);
    struct sim_timer *timer = &state.timers[4];
    sim_timer_init(timer, KIND_TIMER, 5, 4);
    CU_ASSERT(timer->deadline == INT64_MAX);
    sim_timer_set(domain, timer, INT64_MAX); /* unsetting an unset timer does nothing */
    CU_ASSERT(pending(engine) == 0);
    sim_timer_set(domain, timer, 150);
    sim_timer_set(domain, timer, 350); /* later: the event stays */
    CU_ASSERT(pending(engine) == 1 && timer->pending == 150);
    sim_timer_set(domain, timer, 250);
    CU_ASSERT(pending(engine) == 1 && timer->pending == 150);
    sim_timer_set(domain, timer, 120); /* earlier: it moves */
    CU_ASSERT(pending(engine) == 1 && timer->pending == 120);
    sim_timer_set(domain, timer, 230);
    CU_ASSERT(sim_engine_run(engine, 200, NULL) == SIM_OK);
    CU_ASSERT(state.early == 1 && state.count == 0 && timer->pending == 230);
    CU_ASSERT(sim_engine_run(engine, 300, NULL) == SIM_OK);
    CU_ASSERT(state.count == 1 && state.fired[0] == 230 * ENTITIES + 4);
    CU_ASSERT(timer->deadline == INT64_MAX && timer->pending == INT64_MAX);
    sim_timer_set(domain, timer, 310); /* unset before it fires: it fires early and is gone */
    sim_timer_set(domain, timer, INT64_MAX);
    CU_ASSERT(sim_engine_run(engine, 400, NULL) == SIM_OK);
    CU_ASSERT(state.count == 1 && state.early == 2 && pending(engine) == 0);
    sim_timer_set(domain, timer, 400); /* now is allowed */
    CU_ASSERT(sim_engine_run(engine, 500, NULL) == SIM_OK);
    CU_ASSERT(state.count == 2);
    sim_engine_destroy(engine);
}

static void init_twice(void)
{
    struct sim_timer timer = {0};
    sim_timer_init(&timer, 1, 1, 1);
    sim_timer_init(&timer, 1, 1, 1);
}

static void set_without_init(void)
{
    struct state state = {0};
    sim_timer_set(sim_engine_domain(make(&state), 0), &state.timers[0], 5);
}

static void set_to_the_past(void)
{
    struct state state = {0};
    struct sim_engine *engine = make(&state);
    sim_engine_run(engine, 100, NULL);
    sim_timer_init(&state.timers[0], 1, 1, 0);
    sim_timer_set(sim_engine_domain(engine, 0), &state.timers[0], 99);
}

static void due_without_event(void)
{
    struct state state = {0};
    sim_timer_init(&state.timers[0], 1, 1, 0);
    sim_timer_due(sim_engine_domain(make(&state), 0), &state.timers[0]);
}

static void high_priority(void)
{
    struct sim_timer timer = {0};
    sim_timer_init(&timer, 1, 16, 1);
}

static void misuse_is_refused(void)
{
    CU_ASSERT(aborts(init_twice));
    CU_ASSERT(aborts(set_without_init));
    CU_ASSERT(aborts(set_to_the_past));
    CU_ASSERT(aborts(due_without_event));
    CU_ASSERT(aborts(high_priority));
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"misuse is refused", misuse_is_refused},
        {"a timer has one pending event", has_one_pending_event},
        {"timers equal cancelling and scheduling", equals_cancel_and_schedule},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim/timer", tests);
}
