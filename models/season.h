/* Seasons: daily factors of demand and collection, and the work of plants around the festival. */
#ifndef SEASON_H
#define SEASON_H

#include "world.h"

/* Fills world->season (mean 1 over each civil year) and world->plant_activity (not normalised) from
 * calendar.tsv: monthly factors, whose January and February hold the festival on average and are
 * replaced by the mean of the other months, times a dip at the real date of each year's festival,
 *     1 - depth exp(-((day - festival - 4) / 8)^2)      (day and festival in days)
 * which was tried in a prototype. */
void season_init(struct world *world, const struct world_options *options,
                 struct sim_errors *errors);

#endif
