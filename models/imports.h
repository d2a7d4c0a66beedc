/* Ports: scrap that is contracted abroad, loaded, shipped, inspected, cleared and sold. */
#ifndef IMPORTS_H
#define IMPORTS_H

#include "place.h"

/* Export potential of an origin to all ports, t gross a year, for cargo that clears at `year`
 * (decimal): imports.tsv between the middles of 2020 and 2024, the parameters beyond. Before the
 * logistic response and before policies. */
double imports_potential_t_year(const struct world *world, int origin, double year);

/* Price free at the port's yard, CNY per recoverable t without VAT, at the foreign prices of
 * yesterday's board; tariff is a share of it. */
double imports_landed_cny_t(const struct place *place, int grade, double tariff);

/* Gross t that this place's importers have loaded and that no port has received yet. */
double imports_at_sea_t(const struct place *place);

extern const struct sim_component imports_component;

#endif
