/* Direct supply of molten metal to die casters of the own province, by ladle. */
#ifndef MOLTEN_H
#define MOLTEN_H

#include "place.h"

/* Share of the province's demand for an alloy that is under contract to be delivered liquid;
 * 0 for alloys that are never delivered liquid. */
double molten_share(const struct place *place, int alloy);
/* Metal in a ladle, t. */
double molten_ladle_t(const struct world *world);

/* What a customer at `km` saves over remelting ingot, CNY/t with VAT, before any support: the
 * difference of the two routes' costs, delivered. Falls to zero near 140 km. */
double molten_saving_cny_t(const struct world *world, double km);
/* Temperature at arrival, degrees Celsius, of a ladle that cools by `per_hour`. */
double molten_arrival_c(const struct world *world, double km, double per_hour);

/* Fills ladles of calls that wait for metal. To be called when an alloy is tapped, before ingot is
 * sold: contracts for molten metal come first. */
void molten_serve(struct place *place, int alloy);

/* Delivered liquid since the last sample, t. */
double molten_month_t(const struct place *place);

extern const struct sim_component molten_component;

#endif
