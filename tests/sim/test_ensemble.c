#include "../../sim/engine.h"
#include "../../sim/ensemble.h"
#include "../../sim/hash.h"
#include "../suite.h"
#include "aborts.h"

#include <stdlib.h>
#include <string.h>

enum { SCENARIOS = 3, FIRST = 2, LAST = 9, TASKS = SCENARIOS * (LAST - FIRST), DOMAINS = 5 };

struct shared {
    uint64_t hashes[TASKS]; /* 0: not run */
    unsigned runs[TASKS];
    unsigned char done_before[TASKS];
    int fail[TASKS]; /* status that the task returns */
    int stop_after;
    volatile int stop;
    int started;
    unsigned largest_team;
};

static size_t index_of(struct sim_task task)
{
    return (size_t)(task.replicate - FIRST) * SCENARIOS + task.scenario;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)state;
    (void)cargo;
    union sim_data data = {.i = {event->data.i[0] + 1}};
    struct sim_stream s = sim_stream_at(domain, event->entity, 0, (uint64_t)data.i[0]);
    int64_t time = sim_now(domain) + 1 + sim_stream_word(&s) % 300;
    if (sim_stream_word(&s) % 2)
        sim_send(domain, sim_stream_word(&s) % DOMAINS, time + 100, 0, 0, event->entity, &data,
                 NULL, 0);
    else
        sim_schedule(domain, time, 0, 0, event->entity, &data);
    return SIM_OK;
}

/* A replicate in twenty legs, as a model runs month by month. */
static uint64_t simulate(struct sim_task task, struct sim_team *team)
{
    struct sim_setup setup = {.domains = DOMAINS,
                              .lookahead = 100,
                              .handler = handle,
                              .seed = 1 + task.scenario,
                              .replicate = task.replicate};
    struct sim_engine *engine;
    if (sim_engine_create(&engine, &setup) != SIM_OK)
        return 0;
    for (uint32_t i = 0; i < 40; i++)
        sim_schedule(sim_engine_domain(engine, i % DOMAINS), i, 0, 0, i, NULL);
    bool good = true;
    for (int leg = 1; leg <= 20; leg++)
        good &= sim_engine_run(engine, leg * 500, team) == SIM_OK;
    uint64_t hash = good ? sim_engine_hash(engine) : 0;
    sim_engine_destroy(engine);
    return hash;
}

static enum sim_status run(void *to, struct sim_task task, struct sim_team *team)
{
    struct shared *shared = to;
    size_t i = index_of(task);
    int started = __atomic_add_fetch(&shared->started, 1, __ATOMIC_RELAXED);
    if (shared->stop_after && started > shared->stop_after) {
        __atomic_store_n(&shared->stop, 1, __ATOMIC_RELAXED);
        return SIM_STOPPED;
    }
    __atomic_add_fetch(&shared->runs[i], 1, __ATOMIC_RELAXED);
    unsigned size = (unsigned)sim_team_size(team);
    unsigned largest = __atomic_load_n(&shared->largest_team, __ATOMIC_RELAXED);
    if (size > largest)
        __atomic_store_n(&shared->largest_team, size, __ATOMIC_RELAXED);
    shared->hashes[i] = simulate(task, team);
    return (enum sim_status)shared->fail[i];
}

static bool finished(void *to, struct sim_task task)
{
    struct shared *shared = to;
    return shared->done_before[index_of(task)];
}

static struct sim_plan plan(int threads, uint32_t part, uint32_t parts)
{
    return (struct sim_plan){.scenarios = SCENARIOS,
                             .first = FIRST,
                             .last = LAST,
                             .part = part,
                             .parts = parts,
                             .threads = threads};
}

static void reference(uint64_t hashes[TASKS])
{
    for (size_t i = 0; i < TASKS; i++)
        hashes[i] =
            simulate((struct sim_task){(uint32_t)(i % SCENARIOS), FIRST + i / SCENARIOS}, NULL);
}

static void threads_and_parts_do_not_matter(void)
{
    uint64_t expected[TASKS];
    reference(expected);
    for (size_t i = 0; i < TASKS; i++)
        for (size_t j = 0; j < i; j++)
            CU_ASSERT(expected[i] != expected[j]);
    for (int threads = 1; threads <= 5; threads++)
        for (uint32_t parts = 1; parts <= 4; parts++) {
            struct shared shared = {0};
            uint64_t done = 0;
            for (uint32_t part = 0; part < parts; part++) {
                struct sim_plan p = plan(threads, part, parts);
                struct sim_tally tally;
                CU_ASSERT(sim_ensemble_run(&p, run, NULL, &shared, &tally) == SIM_OK);
                CU_ASSERT(tally.done == sim_plan_tasks(&p));
                CU_ASSERT(tally.failed + tally.skipped + tally.left == 0);
                done += tally.done;
            }
            CU_ASSERT(done == TASKS);
            CU_ASSERT(memcmp(shared.hashes, expected, sizeof expected) == 0);
            for (int i = 0; i < TASKS; i++)
                CU_ASSERT(shared.runs[i] == 1);
        }
}

/* More threads than tasks: teams, of at most eight, with equal results. */
static void spare_threads_form_teams(void)
{
    uint64_t expected[TASKS];
    reference(expected);
    static const struct {
        int threads;
        uint64_t tasks;
        unsigned largest;
    } cases[] = {{2, 1, 2}, {4, 2, 2}, {5, 2, 3}, {7, 3, 3}, {12, 1, 8}, {6, 6, 1}};
    for (int c = 0; c < 6; c++) {
        struct shared shared = {0};
        struct sim_plan p = plan(cases[c].threads, 0, 1);
        p.scenarios = 1;
        p.last = p.first + cases[c].tasks;
        struct sim_tally tally;
        CU_ASSERT(sim_ensemble_run(&p, run, NULL, &shared, &tally) == SIM_OK);
        CU_ASSERT(tally.done == cases[c].tasks);
        CU_ASSERT(shared.largest_team <= cases[c].largest);
        /* Where teams differ in size, a small one may have taken all tasks before the large one. */
        if ((uint64_t)cases[c].threads % cases[c].tasks == 0 || cases[c].tasks == 1)
            CU_ASSERT(shared.largest_team == cases[c].largest);
        for (uint64_t i = 0; i < cases[c].tasks; i++)
            CU_ASSERT(shared.hashes[i * SCENARIOS] == expected[i * SCENARIOS]);
    }
}

static void a_failing_task_does_not_stop_the_rest(void)
{
    uint64_t expected[TASKS];
    reference(expected);
    for (int threads = 1; threads <= 4; threads++) {
        struct shared shared = {0};
        shared.fail[13] = SIM_RUNAWAY;
        shared.fail[6] = SIM_BALANCE;
        shared.fail[17] = SIM_MODEL;
        struct sim_plan p = plan(threads, 0, 1);
        struct sim_tally tally;
        CU_ASSERT(sim_ensemble_run(&p, run, NULL, &shared, &tally) == SIM_BALANCE);
        CU_ASSERT(tally.done == TASKS - 3 && tally.failed == 3 && tally.left == 0);
        CU_ASSERT(memcmp(shared.hashes, expected, sizeof expected) == 0);
    }
}

static void finished_tasks_are_skipped(void)
{
    struct shared shared = {0};
    for (int i = 0; i < TASKS; i += 4)
        shared.done_before[i] = 1;
    struct sim_plan p = plan(3, 0, 1);
    struct sim_tally tally;
    CU_ASSERT(sim_ensemble_run(&p, run, finished, &shared, &tally) == SIM_OK);
    CU_ASSERT(tally.skipped == 6 && tally.done == TASKS - 6 && tally.left == 0);
    for (int i = 0; i < TASKS; i++)
        CU_ASSERT(shared.runs[i] == (i % 4 != 0));
    memset(shared.done_before, 1, sizeof shared.done_before);
    CU_ASSERT(sim_ensemble_run(&p, run, finished, &shared, &tally) == SIM_OK);
    CU_ASSERT(tally.skipped == TASKS && tally.done == 0 && tally.left == 0);
}

static void the_stop_flag_ends_it(void)
{
    for (int threads = 1; threads <= 3; threads++) {
        struct shared shared = {.stop_after = 5};
        struct sim_plan p = plan(threads, 0, 1);
        p.stop = &shared.stop;
        struct sim_tally tally;
        CU_ASSERT(sim_ensemble_run(&p, run, NULL, &shared, &tally) == SIM_STOPPED);
        CU_ASSERT(tally.done == 5 && tally.left == TASKS - 5 && tally.failed == 0);
        CU_ASSERT(shared.started <= 5 + threads);
        shared.stop = 1; /* set from the start: nothing runs */
        CU_ASSERT(sim_ensemble_run(&p, run, NULL, &shared, &tally) == SIM_STOPPED);
        CU_ASSERT(tally.done == 0 && tally.left == TASKS);
    }
}

static void parts_share_the_plan(void)
{
    for (uint32_t parts = 1; parts <= TASKS + 3; parts++) {
        uint64_t sum = 0;
        for (uint32_t part = 0; part < parts; part++) {
            struct sim_plan p = plan(1, part, parts);
            uint64_t tasks = sim_plan_tasks(&p);
            CU_ASSERT(tasks == TASKS / parts || tasks == TASKS / parts + 1);
            sum += tasks;
        }
        CU_ASSERT(sum == TASKS);
    }
    struct sim_plan empty = plan(2, 0, 1);
    empty.last = empty.first;
    struct shared shared = {0};
    struct sim_tally tally;
    CU_ASSERT(sim_plan_tasks(&empty) == 0);
    CU_ASSERT(sim_ensemble_run(&empty, run, NULL, &shared, &tally) == SIM_OK);
    CU_ASSERT(tally.done + tally.left + tally.failed + tally.skipped == 0);
}

static void take_a_part_too_many(void)
{
    struct sim_plan p = plan(1, 3, 3);
    sim_plan_tasks(&p);
}

static void make_a_large_team(void)
{
    sim_team_create(9);
}

static void make_an_empty_team(void)
{
    sim_team_create(0);
}

static void misuse_is_refused(void)
{
    CU_ASSERT(aborts(take_a_part_too_many));
    CU_ASSERT(aborts(make_a_large_team));
    CU_ASSERT(aborts(make_an_empty_team));
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"misuse is refused", misuse_is_refused},
        {"threads and parts do not matter", threads_and_parts_do_not_matter},
        {"spare threads form teams", spare_threads_form_teams},
        {"a failing task does not stop the rest", a_failing_task_does_not_stop_the_rest},
        {"finished tasks are skipped", finished_tasks_are_skipped},
        {"the stop flag ends it", the_stop_flag_ends_it},
        {"parts share the plan", parts_share_the_plan},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim/ensemble", tests);
}
