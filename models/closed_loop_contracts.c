#include "closed_loop_contracts.h"

#include "closed_loop.h"
#include "collectors.h"
#include "new_scrap.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define S struct closed_loop_params
#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(S, FIELD, "closed_loop." #FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)

static const double logistics[PROGRAMMES] = {2000, 2200, 2600, 650, 2700};

const struct sim_param closed_loop_param_rows[] = {
    SIM_PARAM_VECTOR(S, logistics, "closed_loop.logistics", "CNY/t", &labels_programme, logistics,
                     0, 10000, 300, 4000, "expert",
                     "reverse logistics per recoverable tonne: taking back, dismantling, keeping "
                     "apart, preparing, and what the source wants for it"),
    ROW(stampings_cny_t, "CNY/t", 850, 0, 10000, 500, 1200, "expert",
        "the same of stamping scrap from press shops; logistics.cars is that of wheels"),
    ROW(logistics_sigma, "1", 0.25, 0, 2, 0.15, 0.4, "expert",
        "standard deviation of ln logistics over sources"),
    ROW(hazard, "1/yr", 0.08, 0, 20, 0.04, 0.15, "expert: a few per cent of sources in 2024",
        "rate of signing of a source at the usual gain"),
    ROW(usual_cny_t, "CNY/t", 500, 1, 10000, 300, 800, "expert", "the usual gain"),
    ROW(recovery, "1", 0.9, 0, 1, 0.8, 0.95, "RMI and CMRA 2025 (up to 90 %)",
        "part of what is under contract that comes back"),
    ROW(reach_km, "km", 600, 0, 10000, 300, 1000, "expert", "longest road of a contract"),
    ROW(charge_limit, "1", 0.6, 0, 1, 0.4, 0.8, "expert",
        "largest part of a charge that plants sign for"),
    ROW(cover_days, "d", 30, 1, 365, 20, 60, "expert",
        "feed of a class, days of use, above which plants take less; none at twice that"),
    ROW(source_share, "1", 0.5, 0, 1, 0.3, 0.7, "expert",
        "source's part of the gain; the rest is the plant's tolling margin"),
    ROW(truck_t, "t", 20, 1, 40, 10, 30, "expert", "metal on a truck"),
    ROW(distance_km, "km", 60, 0, 1000, 30, 120, "expert", "road of taking back"),
    ROW(contents_sd, "1", 0.5, 0, 1, 0.3, 0.7, "expert",
        "spread of a load's contents over that of the class: kept apart, one alloy"),
    SIM_PARAM_PATH(S, support, "closed_loop.support", "CNY/t", 0, NULL, -5000, 5000, -100, 500,
                   "scenario", "state's support of all programmes, per recoverable tonne"),
    SIM_PARAM_PATH(S, effort, "closed_loop.effort", "1", 1, NULL, 0, 100, 0.5, 5, "scenario",
                   "speed of diffusion of all programmes: traceability, platforms, agreements"),
};
SIM_PARAMS_COVER(closed_loop_param_rows, S);
_Static_assert(SIM_COUNT(closed_loop_param_rows) == CLOSED_LOOP_PARAMS, "the header has the count");

const struct sim_policy_type closed_loop_policy = {
    "reverse_collection",
    "Producers take back what they sold",
    {{.name = "programme",
      .unit = "1",
      .doc = "programme; all of them by default",
      .dimension = &labels_programme,
      .value = -1},
     {.name = "support", .unit = "CNY/t", .doc = "per recoverable t", .min = -5000, .max = 5000},
     {.name = "effort",
      .unit = "1",
      .doc = "factor on the speed of diffusion",
      .max = 100,
      .value = 1},
     {.name = "years", .unit = "yr", .doc = "years over which both come in, linear", .max = 40}}};

const struct closed_loop_route closed_loop_routes[LOOP_ROUTES] = {
    {PROGRAMME_FORMWORK, GRADE_FORMWORK, GRADE_FORMWORK, ALLOY_6061, {SECTOR_BUILDING, -1}, true},
    {PROGRAMME_CARS,
     GRADE_SHEET_CLEAN,
     GRADE_SHEET_CLEAN,
     ALLOY_6016,
     {SECTOR_CARS_ICE, SECTOR_CARS_NEV},
     false},
    {PROGRAMME_CARS,
     GRADE_WHEELS,
     GRADE_WHEELS,
     ALLOY_A356,
     {SECTOR_CARS_ICE, SECTOR_CARS_NEV},
     true},
    {PROGRAMME_CANS, GRADE_UBC, GRADE_UBC, ALLOY_3104, {SECTOR_PACKAGING, -1}, true},
    {PROGRAMME_ELECTRONICS,
     GRADE_EXTRUSION_NEW,
     GRADE_EXTRUSION_NEW,
     ALLOY_6063,
     {SECTOR_ELECTRICAL, SECTOR_DURABLES},
     false},
    {PROGRAMME_WINDOWS,
     GRADE_THERMAL_BREAK,
     FEED_THERMAL_BREAK_SORTED,
     ALLOY_6063,
     {SECTOR_BUILDING, -1},
     true},
    {PROGRAMME_WINDOWS,
     GRADE_EXTRUSION_OLD,
     FEED_EXTRUSION_SORTED,
     ALLOY_6063,
     {SECTOR_BUILDING, -1},
     true},
};

enum { MONTH_DAYS = 30 };
enum { PURPOSE_COST = 2, PURPOSE_THRESHOLD = 3 }; /* after those of closed_loop.c */

const struct closed_loop_params *closed_loop_params_of(const struct world *world)
{
    return world->params[COMPONENT_CLOSED_LOOP];
}

uint32_t closed_loop_entity(const struct place *place, int route)
{
    return (uint32_t)COMPONENT_CLOSED_LOOP << 24 | (uint32_t)(place->index << 8 | route);
}

/* ---- policies */

/* Part of a policy that is in effect for a programme. */
static double in_effect(const struct sim_policy *policy, int programme, int64_t time)
{
    if (policy->type != &closed_loop_policy || policy->time > time ||
        (policy->values[0] >= 0 && (int)policy->values[0] != programme))
        return 0;
    double years = sim_year(time) - sim_year(policy->time);
    return policy->values[3] > 0 ? fmin(1, years / policy->values[3]) : 1;
}

double closed_loop_support(const struct world *world, int programme, int64_t time)
{
    double support = sim_path_at(closed_loop_params_of(world)->support, sim_year(time));
    for (size_t i = 0; i < world->policies->count; i++) {
        const struct sim_policy *policy = &world->policies->items[i];
        support += in_effect(policy, programme, time) * policy->values[1];
    }
    return support;
}

double closed_loop_effort(const struct world *world, int programme, int64_t time)
{
    double effort = sim_path_at(closed_loop_params_of(world)->effort, sim_year(time));
    for (size_t i = 0; i < world->policies->count; i++) {
        const struct sim_policy *policy = &world->policies->items[i];
        effort *= 1 + in_effect(policy, programme, time) * (policy->values[2] - 1);
    }
    return effort;
}

/* ---- economics of a source */

double closed_loop_potential_t_day(const struct place *place, int r)
{
    const struct closed_loop_route *route = &closed_loop_routes[r];
    const struct world *world = place->world;
    double t = 0;
    for (int i = 0; i < 2; i++) {
        int s = route->sectors[i];
        if (s < 0)
            continue;
        if (route->old)
            t += place_board(place)->nation.discards[s] * world->sector_grade[s][route->grade] *
                 world->province[place->index].old_scrap_share *
                 world->season[SEASON_COLLECTION][world_day(sim_now(place->domain))] *
                 place->policy.activity;
        else
            t += new_scrap_sector_t_day(place, s, route->grade);
    }
    return t;
}

static double offer_cny_t(const struct place *place, const struct closed_loop_route *route)
{
    return route->old ? collectors_offer(place, route->grade)
                      : new_scrap_offer(place, route->grade);
}

/* Value less freight at province q; NaN where it has no plants or is out of reach. */
static double worth(const struct place *place, int r, int q)
{
    const struct world *world = place->world;
    const struct board_loop *loop = &place_board(place)->loop[q][r];
    if (loop->value <= 0 || world->km[place->index][q] > closed_loop_params_of(world)->reach_km)
        return NAN;
    return loop->value - world->freight[place->index][q];
}

/* The best user with room; the present one unless another is better by 100 CNY/t, or it is gone. */
static int choose_user(const struct place *place, int r, int present)
{
    double best = present >= 0 ? worth(place, r, present) + 100 : NAN;
    int user = isnan(best) ? -1 : present;
    for (int q = 0; q < PROVINCES; q++) {
        double here = worth(place, r, q);
        if (q == present || isnan(here) || place_board(place)->loop[q][r].room <= 0)
            continue;
        if (user < 0 || here > best) {
            best = here;
            user = q;
        }
    }
    return user;
}

static double cost_cny_t(const struct world *world, int r, const struct closed_loop_source *source)
{
    const struct closed_loop_params *p = closed_loop_params_of(world);
    bool stampings = closed_loop_routes[r].grade == GRADE_SHEET_CLEAN;
    return (stampings ? p->stampings_cny_t : p->logistics[closed_loop_routes[r].programme]) *
           source->cost;
}

/* A month passes for the sources of a route: some leave, some sign as long as there is room. */
static void adopt(struct closed_loop_contracts *c, const struct place *place, int r)
{
    const struct closed_loop_params *p = closed_loop_params_of(place->world);
    int64_t now = sim_now(place->domain);
    double support = closed_loop_support(place->world, closed_loop_routes[r].programme, now);
    double speed =
        p->hazard * closed_loop_effort(place->world, closed_loop_routes[r].programme, now) / 12;
    double each = closed_loop_potential_t_day(place, r) * p->recovery / CLOSED_LOOP_SOURCES *
                  place->world->feed[closed_loop_routes[r].class].recoverable;
    double room = c->to >= 0 ? place_board(place)->loop[c->to][r].room : 0;
    c->count = 0;
    for (int i = 0; i < CLOSED_LOOP_SOURCES; i++) {
        struct closed_loop_source *source = &c->source[i];
        double gain = c->margin + support - cost_cny_t(place->world, r, source);
        if (!(gain > 0)) {
            source->hazard = 0;
            source->signed_up = false;
            continue;
        }
        source->hazard += speed * gain / p->usual_cny_t;
        if (!source->signed_up && source->hazard >= source->threshold && room >= each) {
            source->signed_up = true;
            room -= each;
        }
        c->count += source->signed_up;
    }
    c->share = p->recovery * c->count / CLOSED_LOOP_SOURCES;
}

/* Each province signs on a day of its own, so that hardly two see the same room. */
static bool contract_day(const struct place *place)
{
    return sim_date_from_time(sim_now(place->domain)).day == 1 + place->index * 9 % 28;
}

void closed_loop_offer_day(struct closed_loop_contracts *c, const struct place *place, int r)
{
    double now = c->to >= 0 ? worth(place, r, c->to) : NAN;
    if (contract_day(place)) {
        int user = choose_user(place, r, c->to);
        if (user != c->to)
            c->margin = NAN;
        c->to = user;
        now = user >= 0 ? worth(place, r, user) : NAN;
    }
    double margin = now - offer_cny_t(place, &closed_loop_routes[r]);
    c->margin =
        isnan(c->margin) || isnan(margin) ? margin : c->margin + (margin - c->margin) / MONTH_DAYS;
    if (contract_day(place))
        adopt(c, place, r);
}

/* Mean over the sources under contract, CNY per recoverable t. The state pays its part to the
 * source, at loading. */
double closed_loop_price(const struct closed_loop_contracts *c, const struct place *place, int r,
                         double support)
{
    double logistics_sum = 0;
    for (int i = 0; i < CLOSED_LOOP_SOURCES; i++) {
        if (c->source[i].signed_up)
            logistics_sum += cost_cny_t(place->world, r, &c->source[i]);
    }
    double mean = c->count > 0 ? logistics_sum / c->count : 0;
    double gain = fmax(0, c->margin + support - mean);
    return fmax(0, offer_cny_t(place, &closed_loop_routes[r]) + mean - support +
                       closed_loop_params_of(place->world)->source_share * gain);
}

/* Costs are stratified, one source in each twentieth of the distribution. */
void closed_loop_draw(struct closed_loop_contracts *c, const struct place *place, int r)
{
    c->to = -1;
    c->margin = NAN;
    for (int i = 0; i < CLOSED_LOOP_SOURCES; i++) {
        struct sim_stream cost =
            sim_stream_at(place->domain, closed_loop_entity(place, r), PURPOSE_COST, (uint64_t)i);
        struct sim_stream when = sim_stream_at(place->domain, closed_loop_entity(place, r),
                                               PURPOSE_THRESHOLD, (uint64_t)i);
        double quantile = (i + sim_uniform(&cost)) / CLOSED_LOOP_SOURCES;
        c->source[i].cost = exp(closed_loop_params_of(place->world)->logistics_sigma *
                                gsl_cdf_ugaussian_Pinv(quantile));
        c->source[i].threshold = sim_exponential_inverse(&when);
    }
}
