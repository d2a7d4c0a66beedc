/* How the engine and the ensemble use a team. Internal.
 *
 * A team of its own (sim_team_create) opens one OpenMP region per job. Inside an ensemble's region
 * the members of a team are threads that serve it (sim_team_serve) until it closes, so that no
 * region is nested and a job costs two barriers. */
#ifndef SIM_TEAM_INTERNAL_H
#define SIM_TEAM_INTERNAL_H

#include "team.h"

#include <stdbool.h>

typedef void sim_team_job(void *argument, int member);

/* Runs job(argument, member) for all members at once and returns when all are done; the caller is
 * member 0. False where the system gave fewer threads than the team's size: nothing was run. */
bool sim_team_run(struct sim_team *team, sim_team_job *job, void *argument);

/* A team whose other members come by themselves; NULL when out of memory. */
struct sim_team *sim_team_open(int size);
/* Member 1 .. size - 1: does jobs until the team closes. */
void sim_team_serve(struct sim_team *team, int member);
/* Member 0: lets the others go. Destroy it when they have returned. */
void sim_team_close(struct sim_team *team);

#endif
