/* In-use stock: what each end-use sector consumes, holds and discards, month by month from 1960.
 *
 * Product inflow = F (1 - s) / (1 - h s (1 - l)) x (1 - e) with consumption F, manufacturing scrap
 * s, in-house return h, its melt loss l and net indirect exports e: metal that is returned in house
 * is used again. Lives in the nation's domain; publishes consumption and discards on the board. */
#ifndef STOCK_H
#define STOCK_H

#include "place.h"

/* Share of a sector's discards (t of metal) that is recovered before melting, all tiers' losses
 * included, at normal prices and without policies. */
double stock_recovery(const struct world *world, int sector, double year);
/* New scrap, t, that fabricators and manufacturers generate per t of the sector's consumption,
 * that from metal returned in house included. */
double stock_new_scrap(const struct world *world, int sector);
/* Products, t, that enter the stock at home per t of consumption. */
double stock_inflow(const struct world *world, int sector);
/* Share of new scrap that is remelted in house. */
double stock_in_house(const struct world *world);
/* Old scrap recovered in a calendar year (1960 to 2060) by sector, t, without policies; computes
 * the stock from 1960, some milliseconds. False when out of memory. */
bool stock_collected(const struct world *world, int year, double collected[static SECTORS]);

extern const struct sim_component stock_component;

#endif
