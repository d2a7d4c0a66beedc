/* New scrap: the part of fabricators' scrap that is sold and not remelted in house. */
#ifndef NEW_SCRAP_H
#define NEW_SCRAP_H

#include "place.h"

/* What this province's fabricators sell of a grade today, t of metal a day, at yesterday's board.
 */
double new_scrap_rate_t_day(const struct place *place, int grade);

/* The part of a sector's fabricators in it, before reverse collection takes its share. */
double new_scrap_sector_t_day(const struct place *place, int sector, int grade);
/* What fabricators are paid for a grade, CNY per recoverable t, at yesterday's board. */
double new_scrap_offer(const struct place *place, int grade);
/* Burden of primary metal (g CO2e) that co-product allocation by value puts on a lot of new scrap:
 * the generator's primary metal, at the scrap's share of its price. Under cut-off it has none. */
int64_t new_scrap_burden(const struct place *place, int grade, const struct lot *lot);

extern const struct sim_component new_scrap_component;

#endif
