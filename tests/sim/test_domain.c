#include "../../sim/engine.h"
#include "../../sim/team.h"
#include "../suite.h"
#include "aborts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define LOOKAHEAD INT64_C(1000)

static struct sim_engine *make_engine(const struct sim_setup *setup)
{
    struct sim_engine *engine = NULL;
    CU_ASSERT_FATAL(sim_engine_create(&engine, setup) == SIM_OK);
    return engine;
}

/* Tied events: first by priority, then by sender, then in the sender's order; by whatever way and
 * in whatever order they came into the calendar. */
struct record {
    uint32_t entities[64];
    unsigned count;
};

static enum sim_status note(struct sim_domain *domain, void *to, const struct sim_event *event,
                            const void *cargo)
{
    struct record *record = to;
    (void)cargo;
    if (event->kind == 0) { /* a sender's turn: two messages to domain 0, all for one time */
        uint32_t from = sim_domain_index(domain);
        sim_send(domain, 0, 5 * LOOKAHEAD, 2, 1, 100 + 2 * from, NULL, NULL, 0);
        sim_send(domain, 0, 5 * LOOKAHEAD, 2, 1, 101 + 2 * from, NULL, NULL, 0);
        sim_send(domain, 0, 5 * LOOKAHEAD, 1, 1, 50 + from, NULL, NULL, 0);
    } else {
        record->entities[record->count++] = event->entity;
    }
    return SIM_OK;
}

/* first[sender]: in which window the sender sends */
static void run_ties(const int first[6], int threads, struct record *record, uint64_t *hash)
{
    struct record others[6] = {0};
    void *states[6] = {record};
    for (int i = 1; i < 6; i++)
        states[i] = &others[i];
    struct sim_setup setup = {
        .domains = 6, .lookahead = LOOKAHEAD, .handler = note, .states = states};
    struct sim_engine *engine = make_engine(&setup);
    for (uint32_t i = 0; i < 6; i++)
        sim_schedule(sim_engine_domain(engine, i), first[i] * LOOKAHEAD, 0, 0, 0, NULL);
    struct sim_team *team = sim_team_create(threads);
    CU_ASSERT(sim_engine_run(engine, 7 * LOOKAHEAD, team) == SIM_OK);
    *hash = sim_engine_domain_hash(engine, 0);
    sim_engine_destroy(engine);
    sim_team_destroy(team);
}

static void ties_have_one_order(void)
{
    static const int orders[][6] = {
        {0, 0, 0, 0, 0, 0}, {0, 1, 2, 3, 3, 3}, {0, 3, 2, 1, 0, 2}, {0, 2, 3, 1, 3, 0}};
    uint64_t expected = 0;
    for (int o = 0; o < 4; o++)
        for (int threads = 1; threads <= 3; threads++) {
            struct record record = {0};
            uint64_t hash;
            run_ties(orders[o], threads, &record, &hash);
            CU_ASSERT_FATAL(record.count == 18);
            for (uint32_t i = 0; i < 6; i++) {
                CU_ASSERT(record.entities[i] == 50 + i);
                CU_ASSERT(record.entities[6 + 2 * i] == 100 + 2 * i);
                CU_ASSERT(record.entities[7 + 2 * i] == 101 + 2 * i);
            }
            expected = expected ? expected : hash;
            CU_ASSERT(hash == expected); /* however they were delivered */
        }
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

static void handles_go_stale(void)
{
    struct sim_setup setup = {.domains = 2, .lookahead = LOOKAHEAD, .handler = ignore};
    struct sim_engine *engine = make_engine(&setup);
    struct sim_domain *one = sim_engine_domain(engine, 0), *two = sim_engine_domain(engine, 1);
    unsigned char bytes[70] = {7};
    uint64_t a = sim_schedule_cargo(one, 2500, 3, 1, 1, NULL, bytes, 70);
    uint64_t b = sim_schedule(one, 2500, 9, 1, 2, NULL);
    uint64_t c = sim_schedule(two, 2500, 3, 1, 3, NULL);
    CU_ASSERT(a != 0 && b != 0 && a != b);
    CU_ASSERT(sim_cancel(one, a));
    CU_ASSERT(!sim_cancel(one, a)); /* cancelled */
    CU_ASSERT(!sim_cancel(one, 0));
    CU_ASSERT(sim_cancel(one, b)); /* whatever its priority */
    CU_ASSERT(sim_cancel(two, c));
    uint64_t d = sim_schedule(one, 10, 3, 1, 4, NULL);
    CU_ASSERT(sim_engine_run(engine, LOOKAHEAD, NULL) == SIM_OK);
    CU_ASSERT(!sim_cancel(one, d)); /* executed */
    uint64_t e = sim_schedule(one, LOOKAHEAD, 3, 1, 5, NULL);
    CU_ASSERT(!sim_cancel(one, d)); /* even if its slot is in use again */
    CU_ASSERT((d & 0xffffff) == (e & 0xffffff) && sim_cancel(one, e));
    CU_ASSERT(sim_engine_run(engine, 4 * LOOKAHEAD, NULL) == SIM_OK);
    CU_ASSERT(sim_engine_events(engine) == 1);
    sim_engine_destroy(engine);
}

/* A handle of another domain with the same number and slot means nothing: the sender counts. */
static void foreign_handles_are_refused(void)
{
    struct sim_setup setup = {.domains = 2, .lookahead = LOOKAHEAD, .handler = ignore};
    struct sim_engine *engine = make_engine(&setup);
    struct sim_domain *one = sim_engine_domain(engine, 0), *two = sim_engine_domain(engine, 1);
    sim_send(two, 0, 5 * LOOKAHEAD, 1, 1, 1, NULL, NULL, 0); /* its number is 1 */
    CU_ASSERT(sim_engine_run(engine, LOOKAHEAD, NULL) == SIM_OK);
    CU_ASSERT(sim_engine_run(engine, 2 * LOOKAHEAD, NULL) == SIM_OK);
    CU_ASSERT(!sim_cancel(one, UINT64_C(1) << 24));
    CU_ASSERT(sim_engine_run(engine, 6 * LOOKAHEAD, NULL) == SIM_OK);
    CU_ASSERT(sim_engine_events(engine) == 1);
    sim_engine_destroy(engine);
}

/* Cargo of every size class arrives whole, by schedule and by message, and is freed. */
struct cargo_state {
    unsigned seen, wrong;
};

static enum sim_status check_cargo(struct sim_domain *domain, void *to,
                                   const struct sim_event *event, const void *cargo)
{
    struct cargo_state *state = to;
    const unsigned char *bytes = cargo;
    state->seen++;
    state->wrong += (cargo == NULL) != (event->size == 0);
    for (unsigned i = 0; i < event->size; i++)
        state->wrong += bytes[i] != (unsigned char)(event->size + i * i);
    if (event->kind == 1) /* on to the other domain, straight from where it lies */
        sim_send(domain, 1 - sim_domain_index(domain), sim_now(domain) + LOOKAHEAD, 0, 2, 0, NULL,
                 cargo, event->size);
    return SIM_OK;
}

static void cargo_arrives_whole(void)
{
    static const uint16_t sizes[] = {0, 1, 63, 64, 65, 128, 1000, 4096, 40000, 65535};
    enum { COUNT = sizeof sizes / sizeof sizes[0] };
    unsigned char bytes[65536];
    struct cargo_state states[2] = {{0}};
    void *pointers[] = {&states[0], &states[1]};
    struct sim_setup setup = {
        .domains = 2, .lookahead = LOOKAHEAD, .handler = check_cargo, .states = pointers};
    struct sim_engine *engine = make_engine(&setup);
    size_t memory = 0;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            for (unsigned at = 0; at < sizes[i]; at++)
                bytes[at] = (unsigned char)(sizes[i] + at * at);
            sim_schedule_cargo(sim_engine_domain(engine, 0), sim_engine_time(engine) + i, 0, 1, 0,
                               NULL, bytes, sizes[i]);
        }
        CU_ASSERT(sim_engine_run(engine, (round + 1) * 4 * LOOKAHEAD, NULL) == SIM_OK);
        CU_ASSERT(memory == 0 || round < 2 || memory == sim_engine_memory(engine));
        memory = sim_engine_memory(engine);
    }
    CU_ASSERT(states[0].seen == 3 * COUNT && states[1].seen == 3 * COUNT);
    CU_ASSERT(states[0].wrong == 0 && states[1].wrong == 0);
    sim_engine_destroy(engine);
}

/* Out of memory: a handler that never stops asking, in a child that may have 64 MB more. */

static enum sim_status ask_for_more(struct sim_domain *domain, void *to,
                                    const struct sim_event *event, const void *cargo)
{
    unsigned char bytes[60000] = {1};
    (void)to;
    (void)cargo;
    for (int i = 0; i < 50; i++)
        sim_schedule_cargo(domain, event->time + LOOKAHEAD, 0, 1, 0, NULL, bytes, sizeof bytes);
    sim_send(domain, 1 - sim_domain_index(domain), event->time + LOOKAHEAD, 0, 1, 0, NULL, bytes,
             sizeof bytes);
    return SIM_OK;
}

/* Aborts where all is as it should be: the child's only way to tell. */
static void run_out_of_memory(void)
{
    struct sim_setup setup = {.domains = 2, .lookahead = LOOKAHEAD, .handler = ask_for_more};
    struct sim_engine *engine = make_engine(&setup);
    struct rlimit limit = {(rlim_t)128 << 20, (rlim_t)128 << 20};
    sim_schedule(sim_engine_domain(engine, 0), 5, 0, 1, 0, NULL);
    setrlimit(RLIMIT_AS, &limit);
    enum sim_status status = sim_engine_run(engine, 1000 * LOOKAHEAD, NULL);
    bool told = strstr(sim_engine_failure(engine)->text, "no memory for") != NULL;
    sim_engine_destroy(engine);
    if (status == SIM_MEMORY && told)
        abort();
}

/* A sanitizer's allocator ends the program instead of returning NULL. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

static void want_of_memory_is_a_failure(void)
{
#ifdef SANITIZED
    (void)run_out_of_memory;
    suite_skip("the sanitizer's allocator does not return NULL");
#else
    CU_ASSERT(aborts(run_out_of_memory));
#endif
}

/* Misuse */

static struct sim_domain *lone_domain(void)
{
    struct sim_setup setup = {.domains = 2, .lookahead = LOOKAHEAD, .handler = ignore};
    struct sim_engine *engine = NULL;
    sim_engine_create(&engine, &setup);
    sim_engine_run(engine, 2 * LOOKAHEAD, NULL);
    return sim_engine_domain(engine, 0);
}

static void schedule_the_past(void)
{
    sim_schedule(lone_domain(), 2 * LOOKAHEAD - 1, 0, 0, 0, NULL);
}

static void schedule_too_late(void)
{
    sim_schedule(lone_domain(), INT64_C(1) << 52, 0, 0, 0, NULL);
}

static void use_a_high_priority(void)
{
    sim_schedule(lone_domain(), 5 * LOOKAHEAD, 16, 0, 0, NULL);
}

static void send_within_the_lookahead(void)
{
    sim_send(lone_domain(), 1, 3 * LOOKAHEAD - 1, 0, 0, 0, NULL, NULL, 0);
}

static void send_to_oneself_within_the_lookahead(void)
{
    sim_send(lone_domain(), 0, 3 * LOOKAHEAD - 1, 0, 0, 0, NULL, NULL, 0);
}

static void send_to_nowhere(void)
{
    sim_send(lone_domain(), 2, 3 * LOOKAHEAD, 0, 0, 0, NULL, NULL, 0);
}

static void fail_with_success(void)
{
    sim_fail(lone_domain(), SIM_OK, "no");
}

static void misuse_is_refused(void)
{
    CU_ASSERT(aborts(schedule_the_past));
    CU_ASSERT(aborts(schedule_too_late));
    CU_ASSERT(aborts(use_a_high_priority));
    CU_ASSERT(aborts(send_within_the_lookahead));
    CU_ASSERT(aborts(send_to_oneself_within_the_lookahead));
    CU_ASSERT(aborts(send_to_nowhere));
    CU_ASSERT(aborts(fail_with_success));
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"misuse is refused", misuse_is_refused},
        {"ties have one order", ties_have_one_order},
        {"handles go stale", handles_go_stale},
        {"foreign handles are refused", foreign_handles_are_refused},
        {"cargo arrives whole", cargo_arrives_whole},
        {"want of memory is a failure", want_of_memory_is_a_failure},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim/domain", tests);
}
