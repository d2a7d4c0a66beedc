/* A team of threads that works on one replicate. OpenMP appears here and in ensemble.c only. */
#ifndef SIM_TEAM_H
#define SIM_TEAM_H

struct sim_team;

/* size 1 to 8; NULL when out of memory. The creating thread is member 0. */
struct sim_team *sim_team_create(int size);
void sim_team_destroy(struct sim_team *team);
int sim_team_size(const struct sim_team *team);

#endif
