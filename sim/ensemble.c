#include "ensemble.h"

#include "team_internal.h"

#include <omp.h>
#include <stdlib.h>

enum { TEAM_MAX = 8 };

struct work {
    const struct sim_plan *plan;
    sim_replicate *run;
    void *shared;
    uint64_t *tasks; /* numbers of the plan's tasks that are to be run */
    uint64_t count;
    uint64_t next;           /* position in tasks, taken dynamically */
    struct sim_team **teams; /* one per team */
    int team_count;
    bool no_memory;
    uint64_t done, failed, stopped;
    uint64_t first_failure; /* task number */
    enum sim_status failure;
};

static uint64_t all_tasks(const struct sim_plan *plan)
{
    return plan->last > plan->first ? (plan->last - plan->first) * plan->scenarios : 0;
}

uint64_t sim_plan_tasks(const struct sim_plan *plan)
{
    sim_require(plan->parts >= 1 && plan->part < plan->parts, "part %u of %u", plan->part,
                plan->parts);
    uint64_t all = all_tasks(plan);
    return all > plan->part ? (all - plan->part - 1) / plan->parts + 1 : 0;
}

static struct sim_task task_of(const struct sim_plan *plan, uint64_t number)
{
    return (struct sim_task){.scenario = (uint32_t)(number % plan->scenarios),
                             .replicate = plan->first + number / plan->scenarios};
}

static bool stop_asked(const struct sim_plan *plan)
{
    return plan->stop && __atomic_load_n(plan->stop, __ATOMIC_RELAXED) != 0;
}

static void record(struct work *work, uint64_t number, enum sim_status status)
{
#pragma omp critical(sim_ensemble_record)
    {
        if (status == SIM_OK) {
            work->done++;
        } else if (status == SIM_STOPPED) {
            work->stopped++;
        } else {
            work->failed++;
            if (number < work->first_failure) {
                work->first_failure = number;
                work->failure = status;
            }
        }
    }
}

static void take_tasks(struct work *work, struct sim_team *team)
{
    for (;;) {
        if (stop_asked(work->plan))
            return;
        uint64_t at;
#pragma omp atomic capture
        at = work->next++;
        if (at >= work->count)
            return;
        uint64_t number = work->tasks[at];
        record(work, number, work->run(work->shared, task_of(work->plan, number), team));
    }
}

/* Which team thread number `thread` of `threads` belongs to, and as which member: teams differ in
 * size by one at most. False: it has nothing to do. */
static bool place_thread(int thread, int threads, int teams, int *team, int *member)
{
    for (int i = 0, start = 0; i < teams; i++) {
        int size = threads / teams + (i < threads % teams);
        size = size < TEAM_MAX ? size : TEAM_MAX;
        if (thread < start + size) {
            *team = i;
            *member = thread - start;
            return true;
        }
        start += size;
    }
    return false;
}

static void open_teams(struct work *work, int threads)
{
    work->team_count = work->count < (uint64_t)threads ? (int)work->count : threads;
    work->teams = calloc((size_t)work->team_count, sizeof(struct sim_team *));
    work->no_memory = !work->teams;
    for (int i = 0; i < work->team_count && !work->no_memory; i++) {
        int size = threads / work->team_count + (i < threads % work->team_count);
        work->teams[i] = sim_team_open(size < TEAM_MAX ? size : TEAM_MAX);
        work->no_memory = !work->teams[i];
    }
}

static void run_tasks(struct work *work)
{
    const int asked = work->plan->threads > 1 ? work->plan->threads : 1;
#pragma omp parallel num_threads(asked)
    {
        int threads = omp_get_num_threads(), team = 0, member = 0;
#pragma omp single
        open_teams(work, threads);
        if (!work->no_memory &&
            place_thread(omp_get_thread_num(), threads, work->team_count, &team, &member)) {
            if (member == 0) {
                take_tasks(work, work->teams[team]);
                sim_team_close(work->teams[team]);
            } else {
                sim_team_serve(work->teams[team], member);
            }
        }
    }
    for (int i = 0; work->teams && i < work->team_count; i++)
        sim_team_destroy(work->teams[i]);
    free(work->teams);
}

enum sim_status sim_ensemble_run(const struct sim_plan *plan, sim_replicate *run,
                                 sim_finished *finished, void *shared, struct sim_tally *tally)
{
    uint64_t mine = sim_plan_tasks(plan);
    *tally = (struct sim_tally){.left = mine};
    struct work work = {.plan = plan, .run = run, .shared = shared, .first_failure = UINT64_MAX};
    if (mine == 0)
        return SIM_OK;
    work.tasks = malloc(mine * sizeof *work.tasks);
    if (!work.tasks)
        return SIM_MEMORY;
    for (uint64_t i = 0; i < mine; i++) {
        uint64_t number = plan->part + i * plan->parts;
        if (finished && finished(shared, task_of(plan, number)))
            tally->skipped++;
        else
            work.tasks[work.count++] = number;
    }
    if (work.count > 0)
        run_tasks(&work);
    free(work.tasks);
    tally->done = work.done;
    tally->failed = work.failed;
    tally->left = work.count - work.done - work.failed;
    if (work.no_memory)
        return SIM_MEMORY;
    return tally->left > 0 ? SIM_STOPPED : work.failure;
}
