/* The frame around the components: resolution, geography and calendar as parameters, and what is
 * counted over all components. */
#ifndef FRAME_H
#define FRAME_H

#include "world.h"

struct frame_params {
    int64_t trucks_per_lot;
    double seasons;
    double festival_demand, festival_collection, festival_plants;
    double detour, own_province_km;
    double road_cny_tkm, road_cny_t, rail_cny_tkm, rail_cny_t, road_kg_tkm, rail_kg_tkm;
};

const struct frame_params *frame_params_of(const struct sim_config *config);
struct world_options frame_options(const struct frame_params *params);

/* Month totals that only the whole chain knows. errors: per enum labels_ledger. */
void frame_sample(struct sim_sample *sample, double lots, double events,
                  const int64_t errors[static QUANTITIES]);

extern const struct sim_component chain_component;

/* Adds the month's metal between holders, of all places, to metal_flow, and starts the next. */
void frame_flows(struct sim_sample *sample, struct place *places);

#endif
