/* Emission factors of the chain, and the accounts of a month.
 *
 * Who emits books it on a lot with place_emit, in kg, with a factor from here; this component adds
 * the months up. Scope 1 is fuel burnt by the chain, scope 2 its power, scope 3 what it buys and
 * has carried (alloying elements, primary metal, transport, remelting at the customer). */
#ifndef EMISSIONS_H
#define EMISSIONS_H

#include "place.h"

struct emissions_params {
    double gas_kg_m3;       /* natural gas */
    double melt_gas_m3_t;   /* secondary melting, average plant; per t charged */
    double plant_kwh_t;     /* secondary plant in all */
    double remelt_gas_m3_t; /* ingot remelted at the customer */
    double remelt_kwh_t;
    double holding_gas_m3_t; /* molten metal held at the customer */
    double silicon_t_t, copper_t_t, magnesium_t_t, manganese_t_t;
    double primary_coal_t_t, primary_hydro_t_t; /* smelter gate */
    const struct sim_path *thermal_share;       /* of primary output */
    const struct sim_path *grid_index;          /* grid factors over those of 2022 */
    double truck_kg_tkm, sea_kg_tkm, ladle_kg_tkm;
    double avoided_t_t; /* against coal-based primary at the smelter gate */
};

const struct emissions_params *emissions_params_of(const struct world *world);

/* kg CO2 per kWh from the grid of a province. */
double emissions_grid(const struct world *world, int province, int64_t time);
/* t CO2 per t of the nation's primary aluminium, smelter gate. */
double emissions_primary(const struct world *world, int64_t time);
/* t CO2e per t of a bought metal (enum world_metal). */
double emissions_metal(const struct world *world, int metal, int64_t time);
/* kg CO2 per t charged: burning gas (scope 1) and power (scope 2) of a plant in the place's
 * province, for a use of gas in m3/t and of power in kWh/t. */
double emissions_gas(const struct world *world, double m3_t);
double emissions_power(const struct place *place, double kwh_t);
/* kg CO2e per t of ingot remelted, and of molten metal held, at the customer in `province`. */
double emissions_remelting(const struct world *world, int province, int64_t time);
double emissions_holding(const struct world *world);

extern const struct sim_component emissions_component;

#endif
