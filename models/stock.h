/* In-use stock: what each end-use sector consumes, holds and discards, month by month from 1960. */
#ifndef STOCK_H
#define STOCK_H

#include "place.h"

/* Share of a sector's discards (t of metal) that is recovered before melting, all tiers' losses
 * included, at normal prices and without policies. */
double stock_recovery(const struct world *world, int sector, double year);
/* Consumption of aluminium of all kinds in the sector, t a year. */
double stock_consumption(const struct world *world, int sector, double year);
/* New scrap, t, that fabricators and manufacturers generate per t of the sector's consumption,
 * in-house returns that go round again included; and the part that is returned in house. */
double stock_new_scrap(const struct world *world, int sector);
double stock_in_house(const struct world *world);
/* Old scrap recovered in a year by sector, t, without policies; computes the stock from 1960 (a
 * few milliseconds). */
void stock_collected(const struct world *world, int year, double collected[static SECTORS]);

extern const struct sim_component stock_component;

#endif
