/* Replicates over threads and parts.
 *
 * Task number i of the plan (replicates in the outer loop, scenarios in the inner one) belongs to
 * part i mod parts. A part's threads take its tasks dynamically; where threads outnumber tasks,
 * several (at most 8) work on one. OpenMP appears here and in team.c only. */
#ifndef SIM_ENSEMBLE_H
#define SIM_ENSEMBLE_H

#include "status.h"
#include "team.h"

#include <stdbool.h>
#include <stdint.h>

struct sim_task {
    uint32_t scenario;
    uint64_t replicate;
};

struct sim_plan {
    uint32_t scenarios;
    uint64_t first, last; /* replicates first .. last - 1 */
    uint32_t part, parts; /* part 0 .. parts - 1 */
    int threads;
    const volatile int *stop; /* or NULL: non-zero, no further task starts */
};

/* Runs one task; called by several threads at once. A status other than SIM_OK and SIM_STOPPED is
 * recorded and the batch goes on. */
typedef enum sim_status sim_replicate(void *shared, struct sim_task task, struct sim_team *team);
/* Tasks that need no run (finished before). Serial. */
typedef bool sim_finished(void *shared, struct sim_task task);

struct sim_tally {
    uint64_t done, failed, skipped, left; /* left: not started or stopped */
};

/* SIM_OK, SIM_STOPPED, or the first failure's status in task order. finished may be NULL. */
enum sim_status sim_ensemble_run(const struct sim_plan *plan, sim_replicate *run,
                                 sim_finished *finished, void *shared, struct sim_tally *tally);
/* Number of tasks in this part. */
uint64_t sim_plan_tasks(const struct sim_plan *plan);

#endif
