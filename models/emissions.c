#include "emissions.h"

#include <math.h>

/* History of history.tsv (primary_thermal_share), then expert: relocation to hydro and wind. */
static const double thermal_years[] = {2019.5, 2020.5, 2021.5, 2022.5,
                                       2023.5, 2024.5, 2030.5, 2060.5};
static const double thermal_values[] = {0.86, 0.82, 0.81, 0.79, 0.75, 0.738, 0.66, 0.25};
static const struct sim_path thermal = {SIM_LINEAR, SIM_COUNT(thermal_years), thermal_years,
                                        thermal_values};

/* 0.5568 in 2021 and 0.5366 t/MWh in 2022 (MEE and NBS 2024): -3.6 % a year; expert after. */
static const double grid_years[] = {2019.5, 2021.5, 2022.5, 2030.5, 2060.5};
static const double grid_values[] = {1.08, 1.038, 1, 0.77, 0.12};
static const struct sim_path grid = {SIM_LINEAR, SIM_COUNT(grid_years), grid_years, grid_values};

#define PARAM(FIELD, ...) SIM_PARAM_REAL(struct emissions_params, FIELD, __VA_ARGS__)
static const struct sim_param params[] = {
    PARAM(gas_kg_m3, "emissions.gas", "kg/m3", 2.162, 1.5, 2.5, 1.9, 2.2,
          "MEE default (technology.tsv)", "CO2 of natural gas burnt"),
    PARAM(melt_gas_m3_t, "emissions.melt_gas", "m3/t", 75, 30, 150, 60, 100,
          "technology.tsv, expert", "Natural gas of scrap melting, average plant"),
    PARAM(plant_kwh_t, "emissions.plant_power", "kWh/t", 120, 30, 400, 80, 200,
          "technology.tsv, expert", "Power of a secondary plant: sorting, fans, stirring, casting"),
    PARAM(remelt_gas_m3_t, "emissions.remelt_gas", "m3/t", 80, 30, 150, 70, 90, "RMI and CMRA 2025",
          "Natural gas of remelting ingot at the customer"),
    PARAM(remelt_kwh_t, "emissions.remelt_power", "kWh/t", 95, 30, 300, 90, 100,
          "RMI and CMRA 2025", "Power of remelting ingot at the customer"),
    PARAM(holding_gas_m3_t, "emissions.holding_gas", "m3/t", 8, 0, 50, 5, 14,
          "technology.tsv, expert", "Natural gas of holding molten metal at the customer"),
    PARAM(silicon_t_t, "emissions.silicon", "t/t", 10.5, 3, 20, 8.5, 13, "technology.tsv, expert",
          "CO2 of silicon metal"),
    PARAM(copper_t_t, "emissions.copper", "t/t", 4, 1, 10, 3, 5, "technology.tsv, expert",
          "CO2 of copper cathode"),
    PARAM(magnesium_t_t, "emissions.magnesium", "t/t", 25, 5, 40, 20, 30, "technology.tsv, expert",
          "CO2 of magnesium by the Pidgeon process"),
    PARAM(manganese_t_t, "emissions.manganese", "t/t", 6, 1, 15, 4, 9,
          "expert: electrolytic manganese, about 6,500 kWh/t and its ore",
          "CO2 of electrolytic manganese"),
    PARAM(primary_coal_t_t, "emissions.primary_coal", "t/t", 13.2, 10, 18, 12.6, 14,
          "technology.tsv, derived: 13.3 MWh x 0.87 + 1.65",
          "CO2 of primary aluminium on coal power, smelter gate"),
    PARAM(primary_hydro_t_t, "emissions.primary_hydro", "t/t", 1.8, 1, 5, 1.6, 2.6,
          "technology.tsv, expert: anodes 1.5 and perfluorocarbons 0.2",
          "CO2 of primary aluminium on hydro power, smelter gate"),
    SIM_PARAM_PATH(struct emissions_params, thermal_share, "emissions.thermal_share", "1", 0.738,
                   &thermal, 0, 1, 0.5, 0.9, "history.tsv; after 2024 expert",
                   "Share of primary output on thermal power"),
    SIM_PARAM_PATH(struct emissions_params, grid_index, "emissions.grid_index", "1", 1, &grid, 0, 2,
                   0.6, 1.1, "MEE and NBS 2024: -3.6 % in 2022; after 2022 expert",
                   "Emission factors of the provinces' grids over those of 2022"),
    PARAM(truck_kg_tkm, "emissions.truck", "kg/(t km)", 0.065, 0.02, 0.2, 0.05, 0.08,
          "technology.tsv, expert",
          "CO2 of a heavy truck in collection; hauls between provinces: geography.road_emissions"),
    PARAM(sea_kg_tkm, "emissions.sea", "kg/(t km)", 0.014, 0.002, 0.05, 0.009, 0.02,
          "technology.tsv, expert", "CO2 of a deep-sea container ship"),
    PARAM(ladle_kg_tkm, "emissions.ladle", "kg/(t km)", 0.16, 0.05, 0.5, 0.12, 0.22,
          "technology.tsv, expert", "CO2 of a ladle truck, empty return and tare included"),
    PARAM(avoided_t_t, "emissions.avoided", "t/t", 12.9, 8, 18, 12.5, 13.4,
          "RMI and CMRA 2025: 570 Mt over 44.1 Mt",
          "CO2 that a t of secondary metal avoids against coal-based primary, smelter gate"),
};
SIM_PARAMS_COVER(params, struct emissions_params);

enum { OUTPUT_SCOPE, OUTPUT_PROVINCE, OUTPUT_AVOIDED, OUTPUT_FOOTPRINT };
static const struct sim_output outputs[] = {
    [OUTPUT_SCOPE] = {.name = "emissions_by_scope",
                      .unit = "t",
                      .long_name = "emissions of the secondary chain to liquid metal at the "
                                   "customer, CO2e",
                      .dims = {&labels_scope},
                      .method = SIM_METHOD_SUM,
                      .reduce = SIM_REDUCE_SUM},
    [OUTPUT_PROVINCE] = {.name = "emissions_by_province",
                         .unit = "t",
                         .long_name = "emissions of the secondary chain by province, CO2e",
                         .dims = {&labels_province},
                         .method = SIM_METHOD_SUM,
                         .reduce = SIM_REDUCE_SUM,
                         .axis = SIM_AXIS_DETAIL},
    [OUTPUT_AVOIDED] = {.name = "avoided_emissions",
                        .unit = "t",
                        .long_name = "emissions avoided against coal-based primary aluminium at "
                                     "the smelter gate, CO2",
                        .method = SIM_METHOD_SUM,
                        .reduce = SIM_REDUCE_SET},
    [OUTPUT_FOOTPRINT] = {.name = "footprint",
                          .unit = "1",
                          .long_name = "emissions per mass of metal delivered, CO2e",
                          .dims = {&labels_method},
                          .method = SIM_METHOD_MEAN,
                          .reduce = SIM_REDUCE_MEAN},
};

const struct emissions_params *emissions_params_of(const struct world *world)
{
    return world->params[COMPONENT_EMISSIONS];
}

double emissions_grid(const struct world *world, int province, int64_t time)
{
    const struct emissions_params *p = emissions_params_of(world);
    return world->province[province].grid_t_mwh * sim_path_at(p->grid_index, sim_year(time));
}

double emissions_primary(const struct world *world, int64_t time)
{
    const struct emissions_params *p = emissions_params_of(world);
    double thermal_share = sim_path_at(p->thermal_share, sim_year(time));
    return thermal_share * p->primary_coal_t_t + (1 - thermal_share) * p->primary_hydro_t_t;
}

double emissions_metal(const struct world *world, int metal, int64_t time)
{
    const struct emissions_params *p = emissions_params_of(world);
    switch ((enum world_metal)metal) {
    case METAL_A00:
    case METAL_AL9985:
        return emissions_primary(world, time);
    case METAL_SILICON:
    case METAL_SILICON_LOW_FE:
        return p->silicon_t_t;
    case METAL_COPPER:
        return p->copper_t_t;
    case METAL_MAGNESIUM:
        return p->magnesium_t_t;
    case METAL_MANGANESE:
        return p->manganese_t_t;
    case METALS:
        break;
    }
    sim_require(metal >= 0 && metal < METALS, "metal %d", metal);
    return 0;
}

double emissions_gas(const struct world *world, double m3_t)
{
    return m3_t * emissions_params_of(world)->gas_kg_m3;
}

double emissions_power(const struct place *place, double kwh_t)
{
    return kwh_t * emissions_grid(place->world, place->index, sim_now(place->domain));
}

double emissions_remelting(const struct world *world, int province, int64_t time)
{
    const struct emissions_params *p = emissions_params_of(world);
    return emissions_gas(world, p->remelt_gas_m3_t) +
           p->remelt_kwh_t * emissions_grid(world, province, time);
}

double emissions_holding(const struct world *world)
{
    return emissions_gas(world, emissions_params_of(world)->holding_gas_m3_t);
}

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    (void)world;
    *state = place_of(domain); /* not owned: what it keeps is place->emitted_g */
    return SIM_OK;
}

static void sample_month(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    (void)domain;
    struct place *place = state;
    double sum_g = 0;
    for (int s = 0; s < SCOPES; s++) {
        sim_sample_add(sample, OUTPUT_SCOPE, (size_t)s, place->emitted_g[s] / 1e6);
        sum_g += place->emitted_g[s];
        place->emitted_g[s] = 0;
    }
    if (place->index < PROVINCES)
        sim_sample_add(sample, OUTPUT_PROVINCE, (size_t)place->index, sum_g / 1e6);
    double t = place->delivered_t, co2 = place->delivered_co2_t, burden = place->delivered_burden_t;
    if (t > 0) {
        sim_sample_mean(sample, OUTPUT_FOOTPRINT, METHOD_CUT_OFF, co2 / t, t);
        sim_sample_mean(sample, OUTPUT_FOOTPRINT, METHOD_ALLOCATION, (co2 + burden) / t, t);
    }
    place->delivered_t = place->delivered_co2_t = place->delivered_burden_t = 0;
}

static void summarise(void *const *states, size_t domains, struct sim_sample *sample)
{
    const struct sim_variable *output = sim_layout_find(sample->layout, "output");
    const struct place *first = domains > 0 ? states[0] : NULL;
    if (!output || !first)
        return;
    double t = sim_sample_get(sample, output->component, output->index, 0);
    if (isfinite(t))
        sim_sample_set(sample, OUTPUT_AVOIDED, 0,
                       t * emissions_params_of(first->world)->avoided_t_t);
}

const struct sim_component emissions_component = {
    .name = "emissions",
    .doc = "Emission factors and the month's emissions by scope and province",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct emissions_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .create = create,
    .sample = sample_month,
    .summarise = summarise,
};
