/* Users of secondary alloys in a province: what they ask for, whom they order from, and what
 * reaches them. */
#ifndef DOWNSTREAM_H
#define DOWNSTREAM_H

#include "place.h"

/* The sector of an order that leaves the country: one past the last sector. */
enum { DOWNSTREAM_EXPORT = SECTORS };

/* The season that a sector's demand follows. */
enum world_season downstream_season(int sector);

/* Demand for secondary alloy of this province's users, t a day, as of this morning, before imported
 * ingots; 0 before the first morning. */
double downstream_demand_t_day(const struct place *place, int alloy);

/* Use of secondary alloy by a sector of this province, and exports from it, t a day, as of this
 * morning; 0 before the first morning. */
double downstream_sector_t_day(const struct place *place, int sector);
double downstream_exports_t_day(const struct place *place);

/* Secondary share of a sector's use relative to 2024 at an advantage (primary-based alternative
 * less secondary price, over the alternative): L(advantage) / L(reference). */
double downstream_preference(const struct world *world, bool cast, double advantage);

/* Orders ingot of a supplier chosen by price and distance. number: the caller's ordinal of the
 * order under `entity`, for streams. Where nobody supplies, the demand turns to primary. */
void downstream_order(struct place *place, int alloy, int64_t grams, int sector, uint32_t entity,
                      uint64_t number);

/* Counts a delivery, in whatever form. */
void downstream_delivered(struct place *place, const struct lot *lot, int sector);

extern const struct sim_component downstream_component;

#endif
