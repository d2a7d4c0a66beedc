/* Adoption: distances are drawn; a customer signs when its hazard, which rises with the saving, has
 * added up to an exponential threshold of mean 1. */
#include "molten_contracts.h"

#include "downstream.h"
#include "molten.h"
#include "plants.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define S struct molten_params
#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(S, FIELD, "molten." #FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)

const struct sim_param molten_param_rows[] = {
    ROW(ingot_cny_t, "CNY/t", 930, 0, 5000, 850, 1000, "RMI and CMRA 2025, Exhibit 12",
        "cost of remelting ingot at the customer, with VAT"),
    ROW(molten_cny_t, "CNY/t", 450, 0, 5000, 400, 500, "RMI and CMRA 2025, Exhibit 12",
        "cost of the molten route without the road, with VAT"),
    ROW(road_fixed_cny_t, "CNY/t", 60, 0, 1000, 40, 80, "derived: 150 CNY/t at 30 km",
        "fixed cost of a ladle's trip, with VAT"),
    ROW(road_cny_t_km, "CNY/t/km", 3, 0, 50, 2.5, 3.5, "derived: break-even near 140 km",
        "cost of a ladle's trip per km, with VAT"),
    ROW(vat, "1", 0.13, 0, 0.5, 0.13, 0.13, "tax law", "VAT in the costs above"),
    ROW(median_km, "km", 60, 1, 1000, 40, 80, "expert", "median distance of customers"),
    ROW(sigma, "1", 0.8, 0, 3, 0.6, 1, "expert", "standard deviation of ln distance"),
    ROW(hazard, "1/yr", 0.2, 0, 20, 0.1, 0.4, "derived: 1.5 Mt in 2020, 3.0 Mt in 2024",
        "rate of signing of a customer that saves what one at 30 km saves"),
    ROW(start_year, "yr", 2015, 1990, 2061, 2013, 2017, "derived: 1.5 Mt in 2020",
        "when customers began to meet the offer"),
    ROW(elsewhere, "1", 0.4, 0, 1, 0.2, 0.7, "derived: 70 % of deliveries in the three deltas",
        "rate outside the three deltas, where die casters lie apart, over that inside"),
    ROW(volume_t, "t/yr", 30000, 0, 1e7, 15000, 60000, "expert",
        "demand of a province below which few customers fill a ladle line"),
    ROW(supply_limit, "1", 0.9, 0, 1, 0.7, 0.95, "expert",
        "largest part of manned capacity that plants promise as molten metal"),
    ROW(tapping_c, "degC", 760, 660, 900, 740, 800, "technology.tsv, expert",
        "temperature at tapping"),
    ROW(filling_c, "K", 20, 0, 200, 10, 35, "technology.tsv, expert", "drop at filling"),
    ROW(cooling_low, "K/h", 7, 0, 100, 5, 9, "Aluminium Deutschland",
        "slowest cooling of a closed, preheated ladle"),
    ROW(cooling_high, "K/h", 15, 0, 100, 12, 25, "Aluminium Deutschland", "fastest cooling"),
    ROW(minimum_c, "degC", 690, 600, 800, 670, 710, "technology.tsv, expert",
        "least temperature at arrival"),
    ROW(speed_km_h, "km/h", 45, 5, 120, 35, 60, "technology.tsv, expert", "ladle truck's speed"),
    ROW(handling_h, "h", 0.7, 0, 10, 0.5, 1, "expert", "filling and unloading"),
    ROW(preheat_h, "h", 2.3, 0, 48, 1.5, 3.5, "derived: turnaround of 3 h less handling",
        "preheating of a ladle after its return"),
    ROW(ahead_h, "h", 4, 0, 48, 3, 6, "RMI and CMRA 2025", "how far ahead customers call"),
    ROW(retry_h, "h", 1, 0.1, 24, 0.5, 2, "expert", "until a plant without metal is asked again"),
    ROW(wait_h, "h", 12, 0, 240, 6, 24, "expert",
        "after the call, when a customer melts ingot instead"),
    ROW(ladle_t, "t", 6, 1, 20, 3, 10, "technology.tsv, expert", "metal in a ladle"),
    ROW(fleet_factor, "1", 1.3, 0.2, 5, 1.1, 1.5, "expert",
        "ladles over those that the contracted flow keeps busy"),
    ROW(loss, "1", 0.009, 0, 0.5, 0.006, 0.012, "RMI and CMRA 2025",
        "metal lost in transfer and at delivery"),
    SIM_PARAM_PATH(S, support, "molten.support", "CNY/t", 0, NULL, -2000, 5000, -100, 200, "expert",
                   "added to customers' saving: subsidy, parks that put casters beside smelters"),
};
SIM_PARAMS_COVER(molten_param_rows, S);
_Static_assert(SIM_COUNT(molten_param_rows) == MOLTEN_PARAMS, "the header has the count");

enum { PURPOSE_DISTANCE, PURPOSE_THRESHOLD };

const struct molten_params *molten_params_of(const struct world *world)
{
    return world->params[COMPONENT_MOLTEN];
}

uint32_t molten_entity(const struct place *place, int what)
{
    return (uint32_t)COMPONENT_MOLTEN << 24 | (uint32_t)(place->index << 8 | what);
}

double molten_ladle_t(const struct world *world)
{
    return molten_params_of(world)->ladle_t;
}

double molten_saving_cny_t(const struct world *world, double km)
{
    const struct molten_params *p = molten_params_of(world);
    return p->ingot_cny_t - p->molten_cny_t - p->road_fixed_cny_t - p->road_cny_t_km * km;
}

double molten_arrival_c(const struct world *world, double km, double per_hour)
{
    const struct molten_params *p = molten_params_of(world);
    return p->tapping_c - p->filling_c - per_hour * (km / p->speed_km_h + p->handling_h);
}

/* Saving with support; no more than 0 where even the best ladle would arrive too cold. */
double molten_gain_cny_t(const struct place *place, double km, double year)
{
    const struct molten_params *p = molten_params_of(place->world);
    if (molten_arrival_c(place->world, km, p->cooling_low) < p->minimum_c)
        return fmin(0, molten_saving_cny_t(place->world, km));
    return molten_saving_cny_t(place->world, km) + sim_path_at(p->support, year) +
           place->policy.molten_support_cny_t;
}

/* Whether volumes suffice for a ladle line: die casters' density, and metal of the own province. */
double molten_sufficiency(const struct place *place)
{
    const struct molten_params *p = molten_params_of(place->world);
    double demand = 0, capacity = 0;
    for (int a = 0; a < MOLTEN_ALLOYS; a++) {
        demand += 365.25 * downstream_demand_t_day(place, a);
        capacity += plants_capacity_t(place, a);
    }
    double volume = fmin(demand, capacity);
    double enough = p->volume_t > 0 ? fmin(1, volume / p->volume_t) : 1;
    return enough * (place->world->province[place->index].delta ? 1 : p->elsewhere);
}

/* `span` years pass at the offer of `year`. Contracts end where nothing is saved any more. */
void molten_contracts_adopt(struct molten_contracts *m, const struct place *place, double year,
                            double span, double enough)
{
    const struct molten_params *p = molten_params_of(place->world);
    double usual = fmax(1, molten_saving_cny_t(place->world, 30));
    double rate = p->hazard * enough * (1 + place->policy.molten_effort);
    m->count = 0;
    for (int c = 0; c < MOLTEN_CUSTOMERS; c++) {
        struct molten_customer *customer = &m->customer[c];
        double gain = molten_gain_cny_t(place, customer->km, year);
        if (gain <= 0) {
            customer->hazard = 0;
            customer->signed_up = false;
            continue;
        }
        customer->hazard += span * rate * gain / usual;
        if (customer->hazard >= customer->threshold)
            customer->signed_up = true;
        m->count += customer->signed_up;
    }
}

/* Distances are stratified: one customer in each fortieth of the distribution, so that provinces
 * with few customers are not all near or all far. */
void molten_contracts_draw(struct molten_contracts *m, const struct place *place)
{
    const struct molten_params *p = molten_params_of(place->world);
    for (int c = 0; c < MOLTEN_CUSTOMERS; c++) {
        uint32_t entity = molten_entity(place, c);
        struct sim_stream where = sim_stream_at(place->domain, entity, PURPOSE_DISTANCE, 0);
        struct sim_stream when = sim_stream_at(place->domain, entity, PURPOSE_THRESHOLD, 0);
        double quantile = (c + sim_uniform(&where)) / MOLTEN_CUSTOMERS;
        m->customer[c] = (struct molten_customer){
            .km = p->median_km * exp(p->sigma * gsl_cdf_ugaussian_Pinv(quantile)),
            .threshold = sim_exponential_inverse(&when),
        };
    }
}
