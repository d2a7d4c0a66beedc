#include "../../sim/engine.h"
#include "../../sim/hash.h"
#include "../../sim/team.h"
#include "../suite.h"
#include "aborts.h"

#include <stdlib.h>
#include <string.h>

enum {
    DOMAINS = 70, /* more than one word of senders, more than one block of outboxes */
    ENTITIES = 700,
    KIND_TOKEN = 1,
    KIND_FAIL = 2,
    KIND_LOOP = 3,
    KIND_STOP = 4,
    KIND_QUIET_FAIL = 5,
    KIND_SILENT_FAIL = 6
};

#define LOOKAHEAD INT64_C(1000)

/* What a domain saw: sums that any change of order, time, data or cargo alters. */
struct state {
    uint64_t seen, events, board;
};

struct world {
    struct state states[DOMAINS];
    void *pointers[DOMAINS];
    double loads[DOMAINS];
    uint64_t board; /* published at the boundary */
    unsigned boundaries;
    int64_t fail_at; /* boundary that fails, 0 none */
    volatile int stop;
    unsigned stop_after; /* boundaries, 0 never */
};

/* A token goes on to a random domain, near or far in time, with ties and cargo of any size. */
static enum sim_status pass_token(struct sim_domain *domain, struct state *state,
                                  const struct sim_event *event, const void *cargo)
{
    state->seen = sim_hash_bytes(state->seen ^ (uint64_t)event->time, cargo, event->size);
    state->seen = sim_mum(state->seen ^ event->entity, (uint64_t)event->data.i[0] | 1);
    state->events++;
    union sim_data data = {.i = {event->data.i[0] + 1, 2, 3, 4, 5}};
    struct sim_stream s = sim_stream_at(domain, event->entity, 1, (uint64_t)data.i[0]);
    uint32_t word = sim_stream_word(&s);
    int64_t delay = word % 8 * 250; /* many ties */
    unsigned priority = word >> 8 & 3;
    unsigned char bytes[300];
    uint16_t size = word >> 16 & 1 ? (uint16_t)(word >> 10 & 255) : 0;
    memset(bytes, (int)(word >> 24), sizeof bytes);
    if (word >> 17 & 1)
        sim_send(domain, sim_stream_word(&s) % DOMAINS, sim_now(domain) + LOOKAHEAD + delay,
                 priority, KIND_TOKEN, event->entity, &data, size ? bytes : NULL, size);
    else
        sim_schedule_cargo(domain, sim_now(domain) + delay + 1, priority, KIND_TOKEN, event->entity,
                           &data, size ? bytes : NULL, size);
    return SIM_OK;
}

static enum sim_status handle(struct sim_domain *domain, void *to, const struct sim_event *event,
                              const void *cargo)
{
    struct state *state = to;
    switch (event->kind) {
    case KIND_FAIL:
        return sim_fail(domain, SIM_MODEL, "entity %u ran dry", event->entity);
    case KIND_QUIET_FAIL:
        return SIM_BALANCE; /* without a text of its own */
    case KIND_SILENT_FAIL:
        sim_fail(domain, SIM_MODEL, "forgotten"); /* its status is not returned */
        return SIM_OK;
    case KIND_LOOP:
        sim_schedule(domain, sim_now(domain), 0, KIND_LOOP, event->entity, NULL);
        return SIM_OK;
    default:
        return pass_token(domain, state, event, cargo);
    }
}

static enum sim_status boundary(void *model, int64_t time)
{
    struct world *world = model;
    world->boundaries++;
    for (int i = 0; i < DOMAINS; i++) {
        world->board = sim_mum(world->board ^ world->states[i].seen, (uint64_t)time | 1);
        world->states[i].board = world->board;
        world->states[i].seen ^= world->board; /* prices act on the next window */
    }
    if (world->boundaries == world->stop_after)
        __atomic_store_n(&world->stop, 1, __ATOMIC_RELAXED);
    return world->fail_at == time ? SIM_BALANCE : SIM_OK;
}

static struct world *make_world(void)
{
    struct world *world = calloc(1, sizeof *world);
    CU_ASSERT_FATAL(world != NULL);
    for (int i = 0; i < DOMAINS; i++) {
        world->pointers[i] = &world->states[i];
        world->loads[i] = 1 + i % 7 * 3;
    }
    return world;
}

static struct sim_setup make_setup(struct world *world)
{
    return (struct sim_setup){.domains = DOMAINS,
                              .lookahead = LOOKAHEAD,
                              .seed = 12,
                              .replicate = 4,
                              .handler = handle,
                              .states = world->pointers,
                              .loads = world->loads,
                              .boundary = boundary,
                              .model = world,
                              .stop = &world->stop};
}

static struct sim_engine *make_engine(const struct sim_setup *setup)
{
    struct sim_engine *engine = NULL;
    CU_ASSERT_FATAL(sim_engine_create(&engine, setup) == SIM_OK);
    return engine;
}

static void add_tokens(struct sim_engine *engine)
{
    for (uint32_t i = 0; i < ENTITIES; i++)
        sim_schedule(sim_engine_domain(engine, i % DOMAINS), i % 50, 3, KIND_TOKEN, i, NULL);
}

/* Hash of everything: the trace and what the handlers saw. */
static uint64_t whole(const struct sim_engine *engine, const struct world *world)
{
    return sim_hash_bytes(sim_engine_hash(engine) ^ sim_engine_events(engine), world->states,
                          sizeof world->states);
}

/* legs: number of calls of sim_engine_run that the time is cut into. */
static uint64_t run_tokens(int threads, int legs, bool loads, uint64_t *events)
{
    struct world *world = make_world();
    struct sim_setup setup = make_setup(world);
    if (!loads)
        setup.loads = NULL;
    struct sim_engine *engine = make_engine(&setup);
    struct sim_team *team = threads > 0 ? sim_team_create(threads) : NULL;
    if (threads > 0)
        CU_ASSERT(team != NULL && sim_team_size(team) == threads);
    add_tokens(engine);
    for (int leg = 1; leg <= legs; leg++) {
        CU_ASSERT(sim_engine_run(engine, 60 * LOOKAHEAD / legs * leg, team) == SIM_OK);
        CU_ASSERT(sim_engine_time(engine) == 60 * LOOKAHEAD / legs * leg);
    }
    CU_ASSERT(sim_now(sim_engine_domain(engine, 1)) == 60 * LOOKAHEAD);
    CU_ASSERT(world->boundaries == 60);
    CU_ASSERT(sim_engine_failure(engine)->status == SIM_OK);
    uint64_t result = whole(engine, world);
    *events = sim_engine_events(engine);
    sim_engine_destroy(engine);
    sim_team_destroy(team);
    free(world);
    return result;
}

static void threads_and_legs_do_not_matter(void)
{
    uint64_t events = 0, other = 0;
    uint64_t expected = run_tokens(0, 1, true, &events);
    CU_ASSERT(events > 10000);
    for (int threads = 1; threads <= 8; threads++)
        for (int legs = 1; legs <= 60; legs += threads < 5 ? 59 : 60) {
            CU_ASSERT(run_tokens(threads, legs, true, &other) == expected);
            CU_ASSERT(other == events);
        }
    CU_ASSERT(run_tokens(3, 4, false, &other) == expected);
}

static void replicates_and_seeds_differ(void)
{
    uint64_t hashes[3];
    for (int i = 0; i < 3; i++) {
        struct world *world = make_world();
        struct sim_setup setup = make_setup(world);
        setup.seed += i == 1;
        setup.replicate += i == 2;
        struct sim_engine *engine = make_engine(&setup);
        CU_ASSERT(sim_domain_replicate(sim_engine_domain(engine, 0)) == setup.replicate);
        add_tokens(engine);
        CU_ASSERT(sim_engine_run(engine, 20 * LOOKAHEAD, NULL) == SIM_OK);
        hashes[i] = sim_engine_hash(engine);
        sim_engine_destroy(engine);
        free(world);
    }
    CU_ASSERT(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);
}

static enum sim_status ignore(struct sim_domain *domain, void *to, const struct sim_event *event,
                              const void *cargo)
{
    (void)domain;
    (void)to;
    (void)event;
    (void)cargo;
    return SIM_OK;
}

/* Failures */

/* Status and text of a run with these failing events, for a number of threads. */
static enum sim_status run_failing(int threads, const uint16_t *kinds, const int64_t *times,
                                   const uint32_t *domains, int count, struct sim_failure *failure,
                                   uint64_t *hash)
{
    struct world *world = make_world();
    struct sim_setup setup = make_setup(world);
    setup.window_limit = 5000;
    struct sim_engine *engine = make_engine(&setup);
    struct sim_team *team = sim_team_create(threads);
    add_tokens(engine);
    for (int i = 0; i < count; i++)
        sim_schedule(sim_engine_domain(engine, domains[i]), times[i], 0, kinds[i],
                     1000 + domains[i], NULL);
    enum sim_status status = sim_engine_run(engine, 30 * LOOKAHEAD, team);
    CU_ASSERT(sim_engine_run(engine, 30 * LOOKAHEAD, team) == status); /* it stays failed */
    *failure = *sim_engine_failure(engine);
    *hash = whole(engine, world);
    CU_ASSERT(failure->status == status);
    sim_engine_destroy(engine);
    sim_team_destroy(team);
    free(world);
    return status;
}

static void the_first_failure_counts(void)
{
    /* all in one window: the earliest wins, then the lowest domain */
    static const uint16_t kinds[] = {KIND_FAIL, KIND_FAIL, KIND_QUIET_FAIL, KIND_FAIL};
    static const int64_t times[] = {10700, 10300, 10900, 10300};
    static const uint32_t domains[] = {3, 60, 1, 17};
    uint64_t expected = 0, hash;
    for (int threads = 1; threads <= 4; threads++) {
        struct sim_failure failure;
        CU_ASSERT(run_failing(threads, kinds, times, domains, 4, &failure, &hash) == SIM_MODEL);
        CU_ASSERT(failure.time == 10300 && failure.domain == 17);
        CU_ASSERT(strstr(failure.text, "entity 1017 ran dry") != NULL);
        CU_ASSERT(strstr(failure.text, "domain 17, seed 12, replicate 4") != NULL);
        CU_ASSERT(strstr(failure.text, "2019-01-01") != NULL);
        expected = threads == 1 ? hash : expected;
        CU_ASSERT(hash == expected);
    }
}

static void every_failure_has_a_text(void)
{
    static const uint16_t kinds[] = {KIND_QUIET_FAIL, KIND_SILENT_FAIL, KIND_LOOP};
    static const enum sim_status statuses[] = {SIM_BALANCE, SIM_MODEL, SIM_RUNAWAY};
    static const char *const texts[] = {"kind 5, entity 1002", "forgotten",
                                        "more than 5000 events"};
    for (int i = 0; i < 3; i++) {
        struct sim_failure failure;
        uint64_t hash;
        CU_ASSERT(run_failing(2, &kinds[i], (int64_t[]){4000}, (uint32_t[]){2}, 1, &failure,
                              &hash) == statuses[i]);
        CU_ASSERT(failure.time == 4000 && failure.domain == 2);
        CU_ASSERT(strstr(failure.text, texts[i]) != NULL);
    }
}

static void a_failing_boundary_ends_the_run(void)
{
    for (int threads = 1; threads <= 2; threads++) {
        struct world *world = make_world();
        struct sim_setup setup = make_setup(world);
        world->fail_at = 7 * LOOKAHEAD;
        struct sim_engine *engine = make_engine(&setup);
        struct sim_team *team = sim_team_create(threads);
        add_tokens(engine);
        CU_ASSERT(sim_engine_run(engine, 30 * LOOKAHEAD, team) == SIM_BALANCE);
        CU_ASSERT(world->boundaries == 7 && sim_engine_time(engine) == 7 * LOOKAHEAD);
        CU_ASSERT(strstr(sim_engine_failure(engine)->text, "boundary") != NULL);
        CU_ASSERT(sim_engine_run(engine, 30 * LOOKAHEAD, team) == SIM_BALANCE);
        CU_ASSERT(world->boundaries == 7);
        sim_engine_destroy(engine);
        sim_team_destroy(team);
        free(world);
    }
}

/* A stopped run can go on, and ends as if it had not been stopped. */
static void a_stopped_run_can_go_on(void)
{
    uint64_t events = 0, expected = run_tokens(1, 1, true, &events);
    for (int threads = 1; threads <= 3; threads++) {
        struct world *world = make_world();
        struct sim_setup setup = make_setup(world);
        world->stop_after = 11;
        struct sim_engine *engine = make_engine(&setup);
        struct sim_team *team = sim_team_create(threads);
        add_tokens(engine);
        CU_ASSERT(sim_engine_run(engine, 60 * LOOKAHEAD, team) == SIM_STOPPED);
        CU_ASSERT(sim_engine_time(engine) == 11 * LOOKAHEAD);
        CU_ASSERT(sim_engine_failure(engine)->status == SIM_OK);
        CU_ASSERT(sim_engine_run(engine, 60 * LOOKAHEAD, team) == SIM_STOPPED);
        CU_ASSERT(sim_engine_time(engine) == 11 * LOOKAHEAD);
        world->stop = 0;
        CU_ASSERT(sim_engine_run(engine, 60 * LOOKAHEAD, team) == SIM_OK);
        CU_ASSERT(whole(engine, world) == expected);
        sim_engine_destroy(engine);
        sim_team_destroy(team);
        free(world);
    }
}

/* Audits */

struct audit {
    uint64_t tokens, cargo, wrong;
    unsigned char seen[ENTITIES];
};

static void look(void *to, uint32_t domain, const struct sim_event *event, const void *cargo)
{
    struct audit *audit = to;
    audit->wrong += domain >= DOMAINS || event->kind != KIND_TOKEN || (event->size > 0) != !!cargo;
    const unsigned char *bytes = cargo;
    for (int i = 0; i < event->size; i++)
        audit->wrong += bytes[i] != bytes[0];
    audit->cargo += event->size;
    audit->tokens++;
    audit->seen[event->entity]++;
}

/* Tokens are conserved: each is pending exactly once at any boundary, in a calendar or outbox. */
static void pending_events_are_complete(void)
{
    struct world *world = make_world();
    struct sim_setup setup = make_setup(world);
    struct sim_engine *engine = make_engine(&setup);
    struct sim_team *team = sim_team_create(2);
    add_tokens(engine);
    for (int window = 0; window <= 20; window++) {
        CU_ASSERT(sim_engine_run(engine, window * LOOKAHEAD, team) == SIM_OK);
        struct audit audit = {0};
        sim_engine_pending(engine, look, &audit);
        CU_ASSERT(audit.tokens == ENTITIES && audit.wrong == 0);
        CU_ASSERT(memchr(audit.seen, 0, sizeof audit.seen) == NULL);
        CU_ASSERT(window == 0 || audit.cargo > 0);
    }
    CU_ASSERT(sim_engine_memory(engine) > ENTITIES * 80);
    CU_ASSERT(sim_engine_memory(engine) < (size_t)16 << 20);
    sim_engine_destroy(engine);
    sim_team_destroy(team);
    free(world);
}

static void count_trace(void *to, const struct sim_domain *domain, const struct sim_event *event,
                        const void *cargo)
{
    struct audit *audit = to;
    audit->tokens++;
    audit->wrong += sim_now(domain) != event->time || (event->size > 0) != !!cargo;
}

static void tracing_sees_every_event(void)
{
    struct world *world = make_world();
    struct sim_setup setup = make_setup(world);
    struct audit audit = {0};
    setup.trace = count_trace;
    setup.trace_to = &audit;
    struct sim_engine *engine = make_engine(&setup);
    add_tokens(engine);
    CU_ASSERT(sim_engine_run(engine, 60 * LOOKAHEAD, NULL) == SIM_OK);
    CU_ASSERT(audit.tokens == sim_engine_events(engine) && audit.wrong == 0);
    uint64_t events;
    CU_ASSERT(run_tokens(1, 1, true, &events) == whole(engine, world));
    sim_engine_destroy(engine);
    free(world);
}

/* The trace hash covers all that names an event. */
static void every_field_is_hashed(void)
{
    static const struct {
        int64_t time;
        unsigned priority;
        uint16_t kind;
        uint32_t entity, domain;
    } cases[] = {{10, 1, 300, 5, 0},
                 {11, 1, 300, 5, 0},
                 {10, 2, 300, 5, 0},
                 {10, 1, 301, 5, 0},
                 {10, 1, 300, 5 + (1U << 31), 0},
                 {10, 1, 300, 6, 0},
                 {10, 1, 300, 5, 1}};
    enum { COUNT = sizeof cases / sizeof cases[0] };
    uint64_t hashes[COUNT];
    for (int i = 0; i < COUNT; i++) {
        struct sim_setup setup = {.domains = 2, .lookahead = LOOKAHEAD, .handler = ignore};
        struct sim_engine *engine = make_engine(&setup);
        sim_schedule(sim_engine_domain(engine, cases[i].domain), cases[i].time, cases[i].priority,
                     cases[i].kind, cases[i].entity, NULL);
        CU_ASSERT(sim_engine_run(engine, LOOKAHEAD, NULL) == SIM_OK);
        hashes[i] = sim_engine_hash(engine);
        for (int j = 0; j < i; j++)
            CU_ASSERT(hashes[i] != hashes[j]);
        sim_engine_destroy(engine);
    }
}

/* The largest number of domains: messages from all to all but few, over both parities. */
static enum sim_status fan(struct sim_domain *domain, void *to, const struct sim_event *event,
                           const void *cargo)
{
    (void)to;
    (void)cargo;
    uint32_t next = (sim_domain_index(domain) * 577 + 1009) % 4096;
    sim_send(domain, next, sim_now(domain) + LOOKAHEAD, 0, 0, event->entity, NULL, NULL, 0);
    return SIM_OK;
}

static void many_domains_work(void)
{
    struct sim_setup setup = {.domains = 4096, .lookahead = LOOKAHEAD, .handler = fan};
    uint64_t hashes[2];
    for (int threads = 1; threads <= 2; threads++) {
        struct sim_engine *engine = make_engine(&setup);
        struct sim_team *team = sim_team_create(threads);
        for (uint32_t i = 0; i < 4096; i += 5)
            sim_schedule(sim_engine_domain(engine, i), i % 1000, 0, 0, i, NULL);
        CU_ASSERT(sim_engine_run(engine, 12 * LOOKAHEAD, team) == SIM_OK);
        CU_ASSERT(sim_engine_events(engine) == 12 * 820);
        hashes[threads - 1] = sim_engine_hash(engine);
        sim_engine_destroy(engine);
        sim_team_destroy(team);
    }
    CU_ASSERT(hashes[0] == hashes[1]);
}

/* Misuse */

static void run_to_an_odd_time(void)
{
    struct sim_setup setup = {.domains = 1, .lookahead = LOOKAHEAD, .handler = ignore};
    struct sim_engine *engine = NULL;
    sim_engine_create(&engine, &setup);
    sim_engine_run(engine, LOOKAHEAD + 1, NULL);
}

static void make_without_domains(void)
{
    struct sim_setup setup = {.domains = 0, .lookahead = LOOKAHEAD, .handler = ignore};
    struct sim_engine *engine = NULL;
    sim_engine_create(&engine, &setup);
}

static void make_without_lookahead(void)
{
    struct sim_setup setup = {.domains = 1, .handler = ignore};
    struct sim_engine *engine = NULL;
    sim_engine_create(&engine, &setup);
}

static void misuse_is_refused(void)
{
    CU_ASSERT(aborts(run_to_an_odd_time));
    CU_ASSERT(aborts(make_without_domains));
    CU_ASSERT(aborts(make_without_lookahead));
    sim_engine_destroy(NULL);
    sim_team_destroy(NULL);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"misuse is refused", misuse_is_refused},
        {"threads and legs do not matter", threads_and_legs_do_not_matter},
        {"replicates and seeds differ", replicates_and_seeds_differ},
        {"the first failure counts", the_first_failure_counts},
        {"every failure has a text", every_failure_has_a_text},
        {"a failing boundary ends the run", a_failing_boundary_ends_the_run},
        {"a stopped run can go on", a_stopped_run_can_go_on},
        {"pending events are complete", pending_events_are_complete},
        {"tracing sees every event", tracing_sees_every_event},
        {"every field is hashed", every_field_is_hashed},
        {"many domains work", many_domains_work},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim/engine", tests);
}
