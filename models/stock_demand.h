/* Inside of stock.c: its parameters, and consumption by end-use sector and year. */
#ifndef STOCK_DEMAND_H
#define STOCK_DEMAND_H

#include "stock.h"

enum { STOCK_FIRST_YEAR = 1960, STOCK_YEARS = WORLD_FIRST_YEAR + WORLD_YEARS - STOCK_FIRST_YEAR };

struct stock_params {
    const double *lifetime, *shape, *yield, *indirect_export, *recovery, *growth;
    const struct sim_path *recovery_factor, *formwork_share;
    double lifetime_factor, formwork_lifetime, formwork_shape;
    double in_house, remelt_loss, growth_before_1990, growth_fade;
    const struct sim_path *ice_cars, *nev_cars, *ice_kg, *nev_kg, *pv_gw, *pv_kt_gw;
};

enum { STOCK_DEMAND_PARAMS = sizeof(struct stock_params) / 8 };
extern const struct sim_param stock_demand_params[STOCK_DEMAND_PARAMS];
extern const struct sim_table_row stock_demand_tables[1];

/* Consumption of aluminium of all kinds, t a year, [sector][year - STOCK_FIRST_YEAR]. */
struct stock_demand {
    double t[SECTORS][STOCK_YEARS];
};
void stock_demand_init(struct stock_demand *demand, const struct world *world);
/* t in one month (0 to 11): linear between mid-years, with the year's total kept. */
double stock_demand_month(const struct stock_demand *demand, int sector, int year, int month);

#endif
