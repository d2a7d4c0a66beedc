/* New scrap: the part of fabricators' scrap that is sold and not remelted in house. */
#ifndef NEW_SCRAP_H
#define NEW_SCRAP_H

#include "place.h"

/* What this province's fabricators sell of a grade today, t of metal a day, at yesterday's board.
 */
double new_scrap_rate_t_day(const struct place *place, int grade);

extern const struct sim_component new_scrap_component;

#endif
