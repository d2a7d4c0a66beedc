#include "world.h"

#include "matrix.h"
#include "season.h"
#include "world_data.h"

#include <math.h>
#include <string.h>

/* Road and rail costs and emissions: technology.tsv (expert), the fixed parts tried in a prototype;
 * rail also stands for coastal vessels. Festival depths: expert, tried. */
const struct world_options world_options_default = {
    .seasons = 1,
    .festival_demand = 0.7,
    .festival_collection = 0.6,
    .festival_plants = 0.8,
    .detour = 1.3,
    .own_province_km = 60,
    .road_cny_tkm = 0.4,
    .road_cny_t = 45,
    .rail_cny_tkm = 0.18,
    .rail_cny_t = 150,
    .road_kg_tkm = 0.065,
    .rail_kg_tkm = 0.01,
};

int world_trucks(const struct world *world, double trucks_per_day)
{
    /* (k - 1) / (2 rate) <= 1/4 day */
    double most = 1 + 0.5 * trucks_per_day;
    if (!(most > 1))
        return 1;
    return most < (double)world->trucks_per_lot ? (int)most : (int)world->trucks_per_lot;
}

int world_day(int64_t time)
{
    return (int)(time / SIM_DAY);
}

double world_days(const struct world *world, int from, int to)
{
    /* A truck with one driver makes about 600 km a day with loading. */
    return fmax(1, world->km[from][to] / 600);
}

void world_weights(struct world *world, double theta_scrap, double theta_alloy)
{
    for (int from = 0; from < PROVINCES; from++) {
        for (int to = 0; to < PROVINCES; to++) {
            double freight = world->freight[from][to];
            world->freight_weight[from][to] = exp(-freight / theta_scrap);
            world->alloy_weight[from][to] = exp(-freight / theta_alloy);
        }
    }
}

enum sim_status world_init(struct world *world, const struct world_options *options,
                           const struct sim_config *config, const struct sim_tables *tables,
                           const struct sim_policies *policies, struct sim_errors *errors)
{
    size_t before = errors->count;
    memset(world, 0, sizeof *world);
    for (size_t i = 0; i < COMPONENTS; i++)
        world->params[i] = sim_config_block(config, i);
    world->policies = policies;
    world->tables = tables;
    world->trucks_per_lot = 1;
    world_data_provinces(world, options, errors);
    world_data_grades(world, errors);
    world_data_alloys(world, errors);
    season_init(world, options, errors);
    if (errors->count == before)
        matrix_init(world, errors);
    world_weights(world, 120, 150);
    return errors->count == before ? SIM_OK : SIM_BAD_DATA;
}
