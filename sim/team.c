#include "team_internal.h"

#include "barrier.h"
#include "status.h"

#include <omp.h>
#include <stdlib.h>

enum { TEAM_MAX = 8 }; /* load imbalance bounds what more threads could gain on one replicate */

struct sim_team {
    struct sim_barrier barrier; /* served teams only */
    int size;
    bool served, closing;
    sim_team_job *job;
    void *argument;
};

static struct sim_team *make(int size, bool served)
{
    sim_require(size >= 1 && size <= TEAM_MAX, "a team of %d", size);
    size_t bytes = (sizeof(struct sim_team) + 63) / 64 * 64;
    struct sim_team *team = aligned_alloc(64, bytes);
    if (!team)
        return NULL;
    team->size = size;
    team->served = served;
    team->closing = false;
    team->job = NULL;
    team->argument = NULL;
    if (served && !sim_barrier_init(&team->barrier, size)) {
        free(team);
        return NULL;
    }
    return team;
}

/* Threads that a region of this size really gets here: one where regions must not nest. */
static int threads_given(int size)
{
    int given = 1;
#pragma omp parallel num_threads(size)
    {
#pragma omp master
        given = omp_get_num_threads();
    }
    return given;
}

struct sim_team *sim_team_create(int size)
{
    struct sim_team *team = make(size, false);
    if (team && size > 1)
        team->size = threads_given(size);
    return team;
}

struct sim_team *sim_team_open(int size)
{
    return make(size, true);
}

void sim_team_destroy(struct sim_team *team)
{
    if (!team)
        return;
    if (team->served)
        sim_barrier_clear(&team->barrier);
    free(team);
}

int sim_team_size(const struct sim_team *team)
{
    return team->size;
}

/* libgomp may give fewer threads than asked for, and not twice the same number. */
static bool run_region(struct sim_team *team, sim_team_job *job, void *argument)
{
    bool complete = true;
#pragma omp parallel num_threads(team->size) shared(complete)
    {
        if (omp_get_num_threads() == team->size) {
            job(argument, omp_get_thread_num());
        } else {
#pragma omp master
            complete = false;
        }
    }
    return complete;
}

bool sim_team_run(struct sim_team *team, sim_team_job *job, void *argument)
{
    if (team->size == 1) {
        job(argument, 0);
        return true;
    }
    if (!team->served)
        return run_region(team, job, argument);
    team->job = job;
    team->argument = argument;
    sim_barrier_wait(&team->barrier, NULL, NULL);
    job(argument, 0);
    sim_barrier_wait(&team->barrier, NULL, NULL);
    return true;
}

void sim_team_serve(struct sim_team *team, int member)
{
    for (;;) {
        sim_barrier_wait(&team->barrier, NULL, NULL);
        if (team->closing)
            return;
        team->job(team->argument, member);
        sim_barrier_wait(&team->barrier, NULL, NULL);
    }
}

void sim_team_close(struct sim_team *team)
{
    team->closing = true;
    if (team->size > 1)
        sim_barrier_wait(&team->barrier, NULL, NULL);
}
