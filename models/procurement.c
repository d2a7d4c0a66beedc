/* Choice of holders: a lot comes from holder h with probability proportional to
 * sales_h * exp(-(price_h + freight_h) / theta); the delivered cost of a class is the mean over
 * that choice, and its habitual share is the class's part in the sum, both as the recipe's entropic
 * search cost expects. */
#include "procurement.h"

#include "closed_loop.h"
#include "market.h"
#include "plants.h"
#include "research.h"
#include "sales.h"

#include <math.h>
#include <string.h>

_Static_assert((int)RECIPE_GRADES == (int)FEEDS, "a recipe's grades are the feed classes");
_Static_assert((int)RECIPE_ADDITIONS_MAX >= (int)METALS, "a recipe takes all added metals");

/* Typical contents: GB/T 1196 (A00: Si 0.05, Fe 0.11 %; Al99.85: Fe 0.08 %), GB/T 2881 (silicon
 * 553: Fe 0.5 %; low-iron: 0.2 %); copper, magnesium and manganese as traded. */
const double procurement_metal[METALS][ELEMENTS] = {
    [METAL_A00] = {[ELEMENT_SI] = 0.0005, [ELEMENT_FE] = 0.0011, [ELEMENT_ZN] = 0.0001},
    [METAL_AL9985] = {[ELEMENT_SI] = 0.0004, [ELEMENT_FE] = 0.0008, [ELEMENT_ZN] = 0.0001},
    [METAL_SILICON] = {[ELEMENT_SI] = 0.99, [ELEMENT_FE] = 0.005},
    [METAL_SILICON_LOW_FE] = {[ELEMENT_SI] = 0.993, [ELEMENT_FE] = 0.002},
    [METAL_COPPER] = {[ELEMENT_CU] = 0.9995},
    [METAL_MAGNESIUM] = {[ELEMENT_MG] = 0.999},
    [METAL_MANGANESE] = {[ELEMENT_MN] = 0.97, [ELEMENT_FE] = 0.01},
};

enum { PURPOSE_HOLDER = 1, SHARE_DAYS = 7, HABIT_DAYS = 30 };

/* What a product is known to get of a class: half of it is its own habit, half the offer. A recipe
 * may ask for a quarter and two points more: more than that nobody within reach would deliver. */
static const double offer_weight = 0.5, slack_factor = 1.25, slack_share = 0.02;

static int tier_first(int class)
{
    return class >= GRADES ? TIER_SORTED : TIER_HUB;
}

/* Weight of one holder for one class, as seen from province `here`. */
static double holder_weight(const struct world *world, const struct board *board, int here,
                            int from, int tier, int grade)
{
    return board->holder[from][tier - 1].weight[grade] * world->freight_weight[from][here];
}

static void look_round(const struct place *place, struct procurement *desk)
{
    const struct world *world = place->world;
    const struct board *board = place_board(place);
    /* By holder and grade first: loops without branches over arrays that lie side by side. */
    double near[HOLDERS][GRADES] = {{0}}, spent[HOLDERS][GRADES] = {{0}};
    for (int from = 0; from < PROVINCES; from++) {
        double freight = world->freight[from][place->index];
        double reach = world->freight_weight[from][place->index];
        for (int h = 0; h < HOLDERS; h++) {
            const struct board_holder *holder = &board->holder[from][h];
            for (int g = 0; g < GRADES; g++) {
                double w = holder->weight[g] * reach; /* never negative */
                near[h][g] += w;
                spent[h][g] += w * (holder->price[g] + freight);
            }
        }
    }
    double weight[FEEDS] = {0}, turnover[FEEDS] = {0};
    for (int h = 0; h < HOLDERS; h++) {
        for (int g = 0; g < GRADES; g++) {
            int class = market_class(h + 1, g);
            weight[class] += near[h][g];
            turnover[class] += spent[h][g];
        }
    }
    double theta = market_params_of(world)->theta_cny_t, a00 = board->nation.a00, sum = 0;
    for (int f = 0; f < FEEDS; f++) {
        desk->cost[f] = weight[f] > 0 ? turnover[f] / weight[f] : INFINITY;
        desk->reference[f] = weight[f] > 0 ? weight[f] * exp((desk->cost[f] - a00) / theta) : 0;
        sum += desk->reference[f];
    }
    for (int f = 0; f < FEEDS && sum > 0; f++)
        desk->reference[f] /= sum;
}

/* t recoverable per t of product that comes under reverse collection contracts. */
static double contracted(const struct place *place, int alloy, int class)
{
    double t_day = closed_loop_supply_t_day(place, alloy, class);
    if (t_day <= 0)
        return 0;
    double made = fmin(sales_orders_t_day(place, alloy), plants_capacity_t_day(place, alloy));
    return t_day / fmax(made, t_day);
}

/* Delivered cost of a class for one product: of the market, and of what comes under contract. */
static double class_cost(const struct place *place, const struct procurement *desk, int alloy,
                         int class)
{
    double own = contracted(place, alloy, class), market = desk->cost[class];
    if (own <= 0)
        return market;
    double part = market < INFINITY ? own / fmax(own, desk->plan[alloy].share[class]) : 1;
    return part * closed_loop_cost_cny_t(place, alloy, class) +
           (part < 1 ? (1 - part) * market : 0);
}

static void fill_problem(const struct place *place, const struct procurement *desk, int alloy,
                         struct recipe_problem *problem)
{
    const struct world *world = place->world;
    const struct smelters_params *p = plants_params_of(world);
    const struct procurement_plan *plan = &desk->plan[alloy];
    memset(problem, 0, sizeof *problem);
    double own[FEEDS], bought = 1;
    for (int f = 0; f < FEEDS; f++) {
        own[f] = contracted(place, alloy, f);
        bought -= own[f];
    }
    for (int f = 0; f < FEEDS; f++) {
        const struct world_grade *class = &world->feed[f];
        problem->price[f] = class_cost(place, desk, alloy, f);
        memcpy(problem->composition[f], class->composition, sizeof problem->composition[f]);
        problem->relative_sd[f] = class->relative_sd;
        problem->melt_loss[f] = class->melt_loss;
        double offer = fmax(0, bought) * desk->reference[f] + own[f];
        double habit = plan->ready ? plan->habit[f] : 2 * offer;
        problem->reference[f] =
            plan->ready ? (1 - offer_weight) * habit + offer_weight * offer : offer;
        problem->available[f] = slack_factor * fmax(habit, offer) + slack_share;
    }
    problem->search_cost = p->search_cost;
    problem->additions = METALS;
    for (int m = 0; m < METALS; m++) {
        problem->addition_price[m] = place_board(place)->nation.metal[m];
        memcpy(problem->addition_composition[m], procurement_metal[m], sizeof procurement_metal[m]);
        problem->addition_loss[m] = 0.01;
    }
    for (int e = 0; e < ELEMENTS; e++) {
        problem->element_recovery[e] = e == ELEMENT_MG ? p->magnesium_recovery : 0.97;
        problem->min[e] = world->alloy[alloy].min[e];
        problem->max[e] = research_max(place, alloy, e);
        /* No master alloys of these are bought; traces in scrap and grain refiner meet them. */
        if (e == ELEMENT_CR || e == ELEMENT_TI || e == ELEMENT_NI || e == ELEMENT_FE)
            problem->min[e] = 0;
    }
    problem->lots_per_heat = p->lots_per_heat;
    problem->confidence = p->confidence;
    problem->slack_penalty = p->slack_penalty;
}

static enum sim_status solve(struct place *place, struct procurement *desk, int alloy,
                             struct recipe_solver *solver)
{
    struct recipe_problem problem;
    struct recipe_solution solution;
    struct procurement_plan *plan = &desk->plan[alloy];
    fill_problem(place, desk, alloy, &problem);
    if (recipe_solve(solver, &problem, &plan->basis, &solution) == RECIPE_FAILED)
        return sim_fail(place->domain, SIM_MODEL, "no recipe for %s in %s: %s",
                        labels_alloy.labels[alloy], labels_province.labels[place->index],
                        recipe_solver_error(solver));
    desk->solves++;
    desk->slack_solves += solution.state == RECIPE_SLACK;
    memcpy(plan->target, solution.grade, sizeof plan->target);
    memcpy(plan->added, solution.addition, sizeof plan->added);
    if (!plan->ready) {
        double sum = 0;
        for (int f = 0; f < FEEDS; f++)
            sum += plan->target[f];
        memcpy(plan->share, plan->target, sizeof plan->share);
        memcpy(plan->addition, plan->added, sizeof plan->addition);
        for (int f = 0; f < FEEDS; f++)
            plan->habit[f] = sum > 0 ? plan->target[f] / sum : 0;
    }
    plan->ready = true;
    return SIM_OK;
}

/* Value in use of every grade in one product of this province. */
static enum sim_status value(struct place *place, struct procurement *desk, int alloy,
                             struct recipe_solver *solver)
{
    struct recipe_problem problem;
    fill_problem(place, desk, alloy, &problem);
    double q = 1 / problem.lots_per_heat;
    for (int g = 0; g < GRADES; g++) {
        double worth;
        if (!(problem.price[g] < INFINITY))
            continue;
        if (recipe_value_in_use(solver, &problem, (size_t)g, q, &desk->plan[alloy].basis, &worth) !=
            RECIPE_OPTIMAL)
            continue;
        desk->value[g] = isnan(desk->value[g]) ? worth : 0.5 * (desk->value[g] + worth);
    }
    return SIM_OK;
}

/* Costs of the classes less their mean: what the mix depends on, while a common movement of all
 * scrap leaves it as it is. */
static void spreads(const struct procurement *desk, double spread[static FEEDS])
{
    double mean = 0;
    for (int f = 0; f < FEEDS; f++)
        mean += desk->reference[f] > 0 ? desk->reference[f] * desk->cost[f] : 0;
    for (int f = 0; f < FEEDS; f++)
        spread[f] = desk->reference[f] > 0 ? desk->cost[f] - mean : 0;
}

static bool spreads_moved(const struct place *place, const struct procurement *desk)
{
    double limit = plants_params_of(place->world)->spread_trigger * place_board(place)->nation.a00;
    double now[FEEDS];
    spreads(desk, now);
    for (int f = 0; f < FEEDS; f++) {
        if (desk->reference[f] > 0.02 && fabs(now[f] - desk->solved[f]) > limit)
            return true;
    }
    return false;
}

static int monthly_day(const struct place *place)
{
    return 1 + place->index * 9 % 28;
}

/* Recipes are made anew each month, on a day of the province's own, and when a spread between
 * classes has moved (at most every ten days). */
static bool due(const struct place *place, struct procurement *desk, bool first)
{
    struct sim_date date = sim_date_from_time(sim_now(place->domain));
    bool monthly = date.day == monthly_day(place), fresh = first;
    for (int a = 0; a < ALLOYS; a++)
        fresh = fresh || (!desk->plan[a].ready && plants_capacity_t(place, a) > 0);
    if (!fresh && !monthly && (++desk->age_days < 10 || !spreads_moved(place, desk)))
        return false;
    desk->age_days = 0;
    return true;
}

static void learn_habit(struct procurement_plan *plan)
{
    double sum = 0;
    for (int f = 0; f < FEEDS; f++)
        sum += plan->today[f];
    for (int f = 0; f < FEEDS && sum > 0; f++)
        plan->habit[f] += (plan->today[f] / sum - plan->habit[f]) / HABIT_DAYS;
    memset(plan->today, 0, sizeof plan->today);
}

static void cost_today(const struct place *place, struct procurement *desk, int alloy)
{
    struct procurement_plan *plan = &desk->plan[alloy];
    const struct board_nation *nation = &place_board(place)->nation;
    double cost = 0, more_loss = plants_melt_factor(place, alloy) - 1;
    for (int f = 0; f < FEEDS; f++) {
        plan->share[f] += (plan->target[f] - plan->share[f]) / SHARE_DAYS;
        /* A recipe is made for average furnaces; those of this province lose more or less. */
        double charged = plan->share[f] * (1 + more_loss * place->world->feed[f].melt_loss);
        double price = plan->share[f] > 1e-9 ? class_cost(place, desk, alloy, f) : INFINITY;
        if (price < INFINITY)
            cost += charged * price;
    }
    for (int m = 0; m < METALS; m++) {
        plan->addition[m] += (plan->added[m] - plan->addition[m]) / SHARE_DAYS;
        cost += plan->addition[m] * nation->metal[m];
    }
    plan->cost = cost;
}

/* New recipes of all products that the province makes. Valuing grades takes two dozen programmes:
 * the large clusters do it, one product a month. */
static enum sim_status renew(struct place *place, struct procurement *desk)
{
    struct sim_date date = sim_date_from_time(sim_now(place->domain));
    bool valuing = date.day == monthly_day(place);
    struct recipe_solver *solver = recipe_solver_create();
    if (!solver)
        return SIM_MEMORY;
    enum sim_status status = SIM_OK;
    for (int a = 0; a < ALLOYS && status == SIM_OK; a++) {
        double capacity = plants_capacity_t(place, a);
        if (capacity <= 0)
            continue;
        status = solve(place, desk, a, solver);
        if (status == SIM_OK && valuing && date.month % ALLOYS == a && capacity > 3e5)
            status = value(place, desk, a, solver);
    }
    recipe_solver_destroy(solver);
    spreads(desk, desk->solved);
    return status;
}

enum sim_status procurement_day(struct place *place, struct procurement *desk, bool first)
{
    for (int g = 0; g < GRADES && first; g++)
        desk->value[g] = NAN;
    look_round(place, desk);
    enum sim_status status = SIM_OK;
    if (due(place, desk, first))
        status = renew(place, desk);
    for (int a = 0; a < ALLOYS; a++) {
        if (!desk->plan[a].ready)
            continue;
        learn_habit(&desk->plan[a]);
        cost_today(place, desk, a);
    }
    return status;
}

bool procurement_choose(const struct world *world, const struct board *board, int here, int class,
                        double uniform, int *from, int *tier)
{
    int grade = world->feed[class].grade;
    double sum = 0, weight[PROVINCES][2];
    int first = tier_first(class), last = class >= GRADES ? TIER_SORTED : TIER_PORT;
    for (int q = 0; q < PROVINCES; q++) {
        weight[q][0] = holder_weight(world, board, here, q, first, grade);
        weight[q][1] = last != first ? holder_weight(world, board, here, q, last, grade) : 0;
        sum += weight[q][0] + weight[q][1];
    }
    if (sum <= 0)
        return false;
    double draw = uniform * sum;
    for (int q = 0; q < PROVINCES; q++) {
        for (int j = 0; j < 2; j++) {
            if (weight[q][j] <= 0)
                continue;
            *from = q;
            *tier = j == 0 ? first : last;
            draw -= weight[q][j];
            if (draw < 0)
                return true;
        }
    }
    return true; /* rounding: the last holder with a weight */
}

/* Draws a holder for one truck and sends the order, to arrive tomorrow. */
static void send_order(struct place *place, struct plant *plant, uint32_t number, int class,
                       int64_t grams)
{
    struct sim_stream stream = sim_stream_at(
        place->domain, COMPONENT_SMELTERS << 24 | (uint32_t)place->index << 16 | number,
        PURPOSE_HOLDER, plant->orders);
    int here = place->index, from, tier;
    if (!procurement_choose(place->world, place_board(place), here, class, sim_uniform(&stream),
                            &from, &tier))
        return;
    uint16_t kind = tier == TIER_HUB      ? EVENT_HUB_ORDER
                    : tier == TIER_SORTED ? EVENT_SORTING_ORDER
                                          : EVENT_PORT_ORDER;
    union sim_data data = {.i = {class, tier, grams, here, (int64_t)plant->orders++}};
    plant->pipeline[class] += (double)grams / (double)TONNE;
    place_send(place, from, sim_now(place->domain) + SIM_DAY, kind, number, &data, NULL);
}

void procurement_order(struct place *place, struct procurement *desk, struct plant *plant,
                       uint32_t number, double usual_t)
{
    const struct world *world = place->world;
    const struct smelters_params *p = plants_params_of(world);
    const struct procurement_plan *plan = &desk->plan[plant->alloy];
    double full = market_params_of(world)->truck_t;
    for (int f = 0; f < FEEDS; f++) {
        if (plan->share[f] < 0.01 || !(desk->cost[f] < INFINITY))
            continue;
        double held = market_recoverable_t(world, f, &plant->feed[f]);
        double usual = usual_t * plan->share[f];
        double need = plant->plan_t * plan->share[f] -
                      usual_t * contracted(place, plant->alloy, f) +
                      (p->feed_days * usual - held - plant->pipeline[f]) / p->feed_adjust_days;
        plant->want[f] += fmin(fmax(need, 0), 3 * usual);
        /* Small users take part loads, never under 8 t. Large ones order several trucks at once,
         * as many as they use in three days of the ten that they keep. */
        double truck = fmin(full, fmax(8, 4 * usual));
        double metal_yield = world->feed[f].recoverable * (1 - world->feed[f].nonmetal);
        double trucks = floor(3 * usual / metal_yield / truck);
        double lot = truck * metal_yield * fmax(1, fmin(trucks, (double)world->trucks_per_lot));
        while (plant->want[f] >= lot) {
            plant->want[f] -= lot;
            send_order(place, plant, number, f, llround(lot * (double)TONNE));
        }
    }
}
