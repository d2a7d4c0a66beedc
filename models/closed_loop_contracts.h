/* Who is under contract for reverse collection: parameters and policies, routes, a province's
 * sources and their adoption. No events.
 *
 * Per province and route, CNY per recoverable t:
 *
 *   gain(i)  = value(to) - freight - offer + support - logistics exp(sigma z_i)
 *   hazard_i = hazard x effort x gain(i) / usual, a source signs when it has added up to an
 *              exponential threshold, if its plants have room, and leaves when gain(i) < 0
 *   price    = offer + logistics - support + tolling x gain, paid to the source at receipt
 *
 * value is what a tonne of the plants' charge costs, less the melt loss of the class; offer is what
 * the source gets from collectors or dealers. gain is smoothed over a month. */
#ifndef CLOSED_LOOP_CONTRACTS_H
#define CLOSED_LOOP_CONTRACTS_H

#include "clock.h"
#include "place.h"

struct closed_loop_params {
    const double *logistics;
    double stampings_cny_t, logistics_sigma, hazard, usual_cny_t, recovery, reach_km, charge_limit,
        cover_days;
    double source_share, truck_t, distance_km, contents_sd;
    const struct sim_path *support, *effort;
};

enum { CLOSED_LOOP_PARAMS = sizeof(struct closed_loop_params) / 8, CLOSED_LOOP_SOURCES = 20 };
extern const struct sim_param closed_loop_param_rows[CLOSED_LOOP_PARAMS];
extern const struct sim_policy_type closed_loop_policy;

/* What a route carries: up to two sectors' discards (old) or fabrication scrap (new), -1 for none.
 * The class is what reaches the plant: old profile comes prepared as sorting centres do it. */
struct closed_loop_route {
    int programme, grade, class, alloy, sectors[2];
    bool old;
};
extern const struct closed_loop_route closed_loop_routes[LOOP_ROUTES];

struct closed_loop_source {
    double cost, threshold, hazard; /* cost: logistics over the programme's mean */
    bool signed_up;
};

struct closed_loop_contracts {
    struct closed_loop_source source[CLOSED_LOOP_SOURCES];
    struct clock truck;
    int count, to;          /* signed up; province of the plants, or -1 */
    double margin;          /* value - freight - offer, smoothed, CNY/t; NaN: nobody to sell to */
    double share, accepted; /* of discards or fabrication scrap: contracted; of it taken today */
    /* as the user of the metal */
    double today_t, today_cny, supply_t_day, cost_cny_t;
};

const struct closed_loop_params *closed_loop_params_of(const struct world *world);
/* Entity of a route's streams and events. */
uint32_t closed_loop_entity(const struct place *place, int route);

/* Draws costs and thresholds; nobody is signed up, nobody buys. */
void closed_loop_draw(struct closed_loop_contracts *c, const struct place *place, int route);
/* t metal a day that a route could yield in the province, all sources, before recovery. */
double closed_loop_potential_t_day(const struct place *place, int route);
/* A day passes: on the province's day of the month a user is chosen, sources leave and sign. */
void closed_loop_offer_day(struct closed_loop_contracts *c, const struct place *place, int route);
/* What the plant pays a source under contract, CNY per recoverable t: mean over them. */
double closed_loop_price(const struct closed_loop_contracts *c, const struct place *place,
                         int route, double support);

#endif
