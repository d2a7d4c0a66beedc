#include "frame.h"

#include "place.h"

#include <math.h>
#include <string.h>

#define ROW(FIELD, PATH, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                            \
    SIM_PARAM_REAL(struct frame_params, FIELD, PATH, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)

static const struct sim_param params[] = {
    SIM_PARAM_INT(struct frame_params, trucks_per_lot, "resolution.trucks_per_lot", "1", 10, 1, 50,
                  1, 10, "technical", "truck loads that one lot stands for; 1 is every truck"),
    ROW(seasons, "calendar.seasons", "1", 1, 0, 1, 1, 1, "technical",
        "1: seasons and festivals as in the data; 0: none"),
    ROW(festival_demand, "calendar.festival_demand", "1", 0.7, 0, 0.95, 0.6, 0.8, "expert",
        "depth of the Spring Festival's dip in demand"),
    ROW(festival_collection, "calendar.festival_collection", "1", 0.6, 0, 0.95, 0.5, 0.8, "expert",
        "depth of the Spring Festival's dip in collection"),
    ROW(festival_plants, "calendar.festival_plants", "1", 0.8, 0, 0.95, 0.6, 0.9, "expert",
        "depth of the Spring Festival's dip in plants' work"),
    ROW(detour, "geography.detour", "1", 1.3, 1, 2, 1.2, 1.4, "expert",
        "road kilometres per great-circle kilometre"),
    ROW(own_province_km, "geography.own_province_km", "km", 60, 1, 500, 40, 150, "expert",
        "haul within a province"),
    ROW(road_cny_tkm, "geography.road_cost", "CNY/(t km)", 0.4, 0.05, 5, 0.3, 0.5, "expert",
        "cost of road transport"),
    ROW(road_cny_t, "geography.road_handling", "CNY/t", 45, 0, 500, 30, 60, "expert",
        "handling of road transport"),
    ROW(rail_cny_tkm, "geography.rail_cost", "CNY/(t km)", 0.18, 0.02, 5, 0.13, 0.25, "expert",
        "cost of rail or coastal vessel"),
    ROW(rail_cny_t, "geography.rail_handling", "CNY/t", 150, 0, 500, 100, 200, "expert",
        "handling of rail or coastal vessel"),
    ROW(road_kg_tkm, "geography.road_emissions", "kg/(t km)", 0.065, 0.01, 0.5, 0.05, 0.08,
        "expert", "CO2 of heavy trucks"),
    ROW(rail_kg_tkm, "geography.rail_emissions", "kg/(t km)", 0.010, 0.001, 0.5, 0.007, 0.022,
        "expert", "CO2 of rail or coastal vessel"),
};
SIM_PARAMS_COVER(params, struct frame_params);

enum { OUT_LOTS, OUT_EVENTS, OUT_BALANCE, OUT_DOMESTIC, OUT_SECONDARY, OUT_FORM, OUT_FLOW };

static const struct sim_output outputs[] = {
    [OUT_LOTS] = {.name = "lots",
                  .unit = "1",
                  .long_name = "lots created",
                  .method = SIM_METHOD_SUM},
    [OUT_EVENTS] = {.name = "events",
                    .unit = "1",
                    .long_name = "events executed",
                    .method = SIM_METHOD_SUM},
    [OUT_BALANCE] = {.name = "balance_error",
                     .unit = "1",
                     .long_name = "grams, fen and grams CO2e by which books and counts differ",
                     .dims = {&labels_ledger},
                     .method = SIM_METHOD_POINT,
                     .reduce = SIM_REDUCE_SET,
                     .wide = true},
    [OUT_DOMESTIC] = {.name = "domestic_scrap",
                      .unit = "t",
                      .long_name = "old scrap collected, new scrap sold, and closed loops, metal",
                      .method = SIM_METHOD_SUM},
    [OUT_SECONDARY] = {.name = "secondary_share",
                       .unit = "1",
                       .long_name = "secondary output over secondary and primary output",
                       .method = SIM_METHOD_MEAN,
                       .reduce = SIM_REDUCE_SET},
    [OUT_FORM] = {.name = "output_by_form",
                  .unit = "t",
                  .long_name = "secondary aluminium by form of delivery",
                  .dims = {&labels_form},
                  .method = SIM_METHOD_SUM},
    [OUT_FLOW] = {.name = "metal_flow",
                  .unit = "t",
                  .long_name = "metal from one holder to another",
                  .dims = {&labels_flow_from, &labels_flow_to},
                  .method = SIM_METHOD_SUM},
};

const struct frame_params *frame_params_of(const struct sim_config *config)
{
    return sim_config_block(config, COMPONENT_CHAIN);
}

struct world_options frame_options(const struct frame_params *p)
{
    return (struct world_options){.seasons = p->seasons,
                                  .festival_demand = p->festival_demand,
                                  .festival_collection = p->festival_collection,
                                  .festival_plants = p->festival_plants,
                                  .detour = p->detour,
                                  .own_province_km = p->own_province_km,
                                  .road_cny_tkm = p->road_cny_tkm,
                                  .road_cny_t = p->road_cny_t,
                                  .rail_cny_tkm = p->rail_cny_tkm,
                                  .rail_cny_t = p->rail_cny_t,
                                  .road_kg_tkm = p->road_kg_tkm,
                                  .rail_kg_tkm = p->rail_kg_tkm};
}

/* What another component has added to this month, by the variable's name. */
static double month(const struct sim_sample *sample, const char *name, size_t cell)
{
    const struct sim_variable *variable = sim_layout_find(sample->layout, name);
    sim_require(variable, "no output named %s", name);
    return sim_sample_get(sample, variable->component, variable->index, cell);
}

void frame_sample(struct sim_sample *sample, double lots, double events,
                  const int64_t errors[static QUANTITIES])
{
    sample->component = COMPONENT_CHAIN;
    sim_sample_add(sample, OUT_LOTS, 0, lots);
    sim_sample_add(sample, OUT_EVENTS, 0, events);
    double elements = 0;
    for (int e = 0; e < ELEMENTS; e++)
        elements += (double)errors[LOT_ELEMENTS + e];
    sim_sample_set(sample, OUT_BALANCE, LEDGER_METAL, (double)errors[LOT_METAL]);
    sim_sample_set(sample, OUT_BALANCE, LEDGER_ELEMENTS, elements);
    sim_sample_set(sample, OUT_BALANCE, LEDGER_MONEY, (double)errors[LOT_MONEY]);
    sim_sample_set(sample, OUT_BALANCE, LEDGER_EMISSIONS,
                   (double)errors[LOT_CO2] + (double)errors[LOT_BURDEN]);
    sim_sample_add(sample, OUT_DOMESTIC, 0,
                   month(sample, "old_scrap_collected", 0) + month(sample, "new_scrap_market", 0) +
                       month(sample, "closed_loop_flow", 0));
    double output = month(sample, "output", 0), primary = month(sample, "primary_output", 0);
    if (output + primary > 0)
        sim_sample_set(sample, OUT_SECONDARY, 0, output / (output + primary));
    double wrought = 0, molten = month(sample, "molten_output", 0);
    for (int a = CAST_ALLOYS; a < ALLOYS; a++)
        wrought += month(sample, "output_by_alloy", (size_t)a);
    /* Wrought alloys leave as rod and billet; what is neither rod nor molten is cast to ingot. */
    sim_sample_add(sample, OUT_FORM, FORM_ROD, wrought);
    sim_sample_add(sample, OUT_FORM, FORM_MOLTEN, molten);
    sim_sample_add(sample, OUT_FORM, FORM_INGOT, output - wrought - molten);
}

/* The account of every node of metal_flow; the others hold no metal. */
static const int flow_account[FLOWS] = {
    [FLOW_YARDS] = ACCOUNT_YARD,          [FLOW_HUBS] = ACCOUNT_HUB,
    [FLOW_SORTING] = ACCOUNT_SORTING,     [FLOW_PORTS] = ACCOUNT_PORT,
    [FLOW_FEED] = ACCOUNT_FEED,           [FLOW_FURNACES] = ACCOUNT_FURNACE,
    [FLOW_PRODUCTS] = ACCOUNT_FINISHED,   [FLOW_TRANSIT] = ACCOUNT_MOTION,
    [FLOW_IN_USE] = ACCOUNT_IN_USE,       [FLOW_FABRICATION] = ACCOUNT_FABRICATION,
    [FLOW_ABROAD] = ACCOUNT_ABROAD,       [FLOW_METALS] = ACCOUNT_METALS,
    [FLOW_CUSTOMERS] = ACCOUNT_CUSTOMERS, [FLOW_LOSSES] = ACCOUNT_LOSSES,
};

void frame_flows(struct sim_sample *sample, struct place *places)
{
    sample->component = COMPONENT_CHAIN;
    for (size_t i = 0; i < FLOWS; i++) {
        for (size_t j = 0; j < FLOWS; j++) {
            int64_t grams = 0;
            for (int d = 0; d < DOMAINS; d++)
                grams += places[d].moved_g[flow_account[i]][flow_account[j]];
            sim_sample_add(sample, OUT_FLOW, i * FLOWS + j, (double)grams / (double)TONNE);
        }
    }
    for (int d = 0; d < DOMAINS; d++)
        memset(places[d].moved_g, 0, sizeof places[d].moved_g);
}

const struct sim_component chain_component = {
    .name = "chain",
    .doc = "resolution, geography, calendar, and totals over all components",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct frame_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .tables = world_tables,
    .table_count = WORLD_TABLES,
};
