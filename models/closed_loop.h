/* Reverse collection contracts: a plant takes back what its alloy has become, from those who
 * discard or fabricate it, without collectors, dealers and hubs. The grade is kept apart, prepared
 * and brought to a plant of the alloy in the same province or within reach.
 *
 * A route is one grade of some sectors, old or new, and the alloy that it returns to. Each province
 * has twenty sources of equal volume per route; they sign and leave by what is saved. */
#ifndef CLOSED_LOOP_H
#define CLOSED_LOOP_H

#include "place.h"

/* Share of a sector's discards of a grade in this province that leaves under contract today, and
 * of its fabricators' scrap that would be sold; 0 in the nation and before the first contract. */
double closed_loop_share_old(const struct place *place, int sector, int grade);
double closed_loop_share_new(const struct place *place, int sector, int grade);

/* t recoverable a day, smoothed, that plants of the alloy here get of a feed class under contract,
 * and what they pay for it, CNY per recoverable t, delivered. */
double closed_loop_supply_t_day(const struct place *place, int alloy, int class);
double closed_loop_cost_cny_t(const struct place *place, int alloy, int class);

/* State's support (CNY per recoverable t) and factor on the speed of diffusion that policies and
 * parameters give a programme at `time`. */
double closed_loop_support(const struct world *world, int programme, int64_t time);
double closed_loop_effort(const struct world *world, int programme, int64_t time);

extern const struct sim_component closed_loop_component;

#endif
