/* Secondary smelters: plants that man shifts, plan their day, buy scrap, and run heats.
 *
 *   contribution = price + relief - charge - avoidable cost, smoothed over 7 d
 *   shifts       open up to 1 / open_days a day above rho + band, close up to 1 / close_days below
 *                rho - band; in proportion over the next two bands, so that they do not jump
 *   plan         min(manned capacity, part of what orders, stock and backlog call for)
 */
#include "certification.h"
#include "furnace.h"
#include "futures.h"
#include "market.h"
#include "plants.h"
#include "sales.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct smelters_params, FIELD, "smelters." #FIELD, UNIT, VALUE, MIN, MAX, LOW,  \
                   HIGH, SOURCE, DOC)

static const double product_share[ALLOYS] = {0.46, 0.115, 0.025, 0.22, 0.03, 0.06, 0.01, 0.08};

static const struct sim_param params[] = {
    ROW(avoidable_cast, "CNY/t", 960, 100, 5000, 850, 1100, "derived: raw material share 0.93",
        "mean avoidable conversion cost of casting alloys, 2024"),
    ROW(avoidable_wrought, "CNY/t", 600, 100, 5000, 500, 750, "derived: raw material share 0.93",
        "mean avoidable conversion cost of wrought alloys, 2024"),
    ROW(avoidable_sd, "CNY/t", 80, 0, 1000, 50, 120, "expert",
        "standard deviation of avoidable cost over plants"),
    ROW(fixed, "CNY/t", 280, 0, 2000, 200, 350, "expert", "fixed cost per tonne of product, 2024"),
    ROW(cost_growth, "1/yr", 0.02, -0.05, 0.2, 0.01, 0.03, "expert", "growth of conversion costs"),
    ROW(availability, "1", 0.9, 0.3, 1, 0.85, 0.95, "expert", "technical availability of plants"),
    ROW(size_sigma, "1", 1.0, 0, 2, 0.8, 1.2, "derived: ten largest below 35 % of capacity",
        "standard deviation of ln plant size"),
    ROW(plants, "1", 350, 31, 700, 250, 600, "expert", "number of plants in 2019"),
    ROW(open_start, "1", 0.6, 0, 1, 0.5, 0.7, "expert", "manned share of capacity at the start"),
    ROW(margin_wanted, "CNY/t", 245, 0, 2000, 150, 350, "derived: plants' margins of 2024",
        "contribution at which shifts neither open nor close"),
    ROW(margin_band, "CNY/t", 60, 0, 1000, 30, 100, "expert", "half width of that indifference"),
    ROW(open_days, "d", 20, 1, 200, 10, 40, "expert", "days in which all shifts could open"),
    ROW(close_days, "d", 8, 1, 200, 4, 15, "expert", "days in which all shifts could close"),
    ROW(feed_days, "d", 10, 1, 60, 7, 15, "expert", "scrap that plants want, days of production"),
    ROW(feed_adjust_days, "d", 8, 1, 60, 5, 12, "derived: stability scan",
        "time in which feed is brought to what is wanted"),
    ROW(finished_days, "d", 8, 1, 60, 5, 12, "expert", "product that plants want, days of orders"),
    ROW(finished_adjust_days, "d", 10, 1, 60, 6, 15, "derived: stability scan",
        "time in which product and backlog are brought to what is wanted"),
    ROW(dross_rate, "1", 0.04, 0, 0.3, 0.025, 0.06, "expert", "dross per tonne of melt"),
    ROW(search_cost, "CNY/t", 120, 0, 2000, 80, 160, "expert",
        "scale of the cost of leaving the habitual charge"),
    ROW(lots_per_heat, "1", 6, 1, 100, 3, 12, "expert", "independent lots in a heat"),
    ROW(confidence, "1", 1.65, 0, 5, 1.28, 2.33, "95 % one-sided",
        "standard deviations kept from a limit"),
    ROW(slack_penalty, "CNY/t", 1e8, 1e5, 1e10, 3e7, 3e8,
        "technical: above any saving that a limit can cost",
        "cost of an element outside its limit, per tonne of it"),
    ROW(invoiced_market, "1", 0.3, 0, 1, 0.25, 0.35, "derived: imports and new scrap over all",
        "share of scrap that always comes with an invoice"),
    SIM_PARAM_VECTOR(struct smelters_params, product_share, "smelters.product_share", "1",
                     &labels_alloy, product_share, 0, 1, 0.005, 0.6,
                     "derived: secondary use by sector and alloy",
                     "share of capacity by product; casting alloys 0.6"),
    ROW(magnesium_recovery, "1", 0.75, 0.3, 1, 0.65, 0.85, "expert",
        "magnesium of scrap that survives melting"),
    ROW(spread_trigger, "1", 0.025, 0.001, 1, 0.015, 0.04, "expert",
        "change of a grade's spread, relative to A00, that calls for a new recipe"),
};
SIM_PARAMS_COVER(params, struct smelters_params);

enum { KIND_TRUCK, KIND_CANCEL, KIND_START, KIND_EXIT, KIND_RECIPES, KIND_DAY };

static const struct sim_kind kinds[] = {
    [KIND_TRUCK] = {"plant_truck", "a lot of scrap reaches a plant and is paid"},
    [KIND_CANCEL] = {"plant_cancel", "a seller could not deliver"},
    [KIND_START] = {"plant_start", "new capacity starts"},
    [KIND_EXIT] = {"plant_exit", "a plant closes for good"},
    [KIND_RECIPES] = {"plant_recipes", "delivered prices of the day, recipes that are due"},
    [KIND_DAY] = {"plant_day", "shifts, production plan and orders of a plant"},
    [FURNACE_CHARGE] = {"heat_charged", "feed goes into furnaces"},
    [FURNACE_MELTED] = {"heat_melted", "a heat is molten, analysed and corrected"},
    [FURNACE_TAPPED] = {"heat_tapped", "a heat is tapped as product"},
};

enum {
    OUT_CAPACITY,
    OUT_OUTPUT,
    OUT_RATE,
    OUT_PLANTS,
    OUT_CR10,
    OUT_MARGIN_MEDIAN,
    OUT_MARGIN_P10,
    OUT_RAW_SHARE,
    OUT_MELT_LOSS,
    OUT_DROSS,
    OUT_PRIMARY,
    OUT_SAME,
    OUT_OTHER,
    OUT_CAST,
    OUT_USE,
    OUT_VALUE,
    OUT_ALLOY,
    OUT_RATE_SIZE,
    OUT_CAPACITY_PROVINCE,
    OUT_OUTPUT_PROVINCE,
    OUT_RATE_PROVINCE,
    OUT_MARGIN_PROVINCE,
    OUT_PLANTS_PROVINCE
};

#define SUM(NAME, UNIT, LONG)                                                                      \
    {                                                                                              \
        .name = NAME, .unit = UNIT, .long_name = LONG, .method = SIM_METHOD_SUM                    \
    }
#define MEAN(NAME, UNIT, LONG)                                                                     \
    {                                                                                              \
        .name = NAME, .unit = UNIT, .long_name = LONG, .method = SIM_METHOD_MEAN,                  \
        .reduce = SIM_REDUCE_MEAN                                                                  \
    }
#define DETAIL(NAME, UNIT, LONG, METHOD, REDUCE)                                                   \
    {                                                                                              \
        .name = NAME, .unit = UNIT, .long_name = LONG, .dims = {&labels_province},                 \
        .method = METHOD, .reduce = REDUCE, .axis = SIM_AXIS_DETAIL                                \
    }

static const struct sim_output outputs[] = {
    [OUT_CAPACITY] = {.name = "capacity",
                      .unit = "t/yr",
                      .long_name = "capacity in operation or idle at the month's end",
                      .method = SIM_METHOD_POINT},
    [OUT_OUTPUT] = SUM("output", "t", "secondary aluminium tapped as product"),
    [OUT_RATE] = MEAN("operating_rate", "1", "output over capacity"),
    [OUT_PLANTS] = {.name = "plants",
                    .unit = "1",
                    .long_name = "plants with capacity at the month's end",
                    .method = SIM_METHOD_POINT},
    [OUT_CR10] = {.name = "concentration_cr10",
                  .unit = "1",
                  .long_name = "share of the ten largest groups in capacity at the month's end",
                  .method = SIM_METHOD_POINT,
                  .reduce = SIM_REDUCE_SET},
    [OUT_MARGIN_MEDIAN] = {.name = "margin_median",
                           .unit = "CNY/t",
                           .long_name = "output-weighted median of plants' margins after fixed "
                                        "cost and refund",
                           .method = SIM_METHOD_MEAN,
                           .reduce = SIM_REDUCE_SET},
    [OUT_MARGIN_P10] = {.name = "margin_p10",
                        .unit = "CNY/t",
                        .long_name = "output-weighted tenth percentile of plants' margins",
                        .method = SIM_METHOD_MEAN,
                        .reduce = SIM_REDUCE_SET},
    [OUT_RAW_SHARE] = MEAN("raw_material_share", "1", "charge over full cost"),
    [OUT_MELT_LOSS] = MEAN("melt_loss", "1", "metal lost over metal charged"),
    [OUT_DROSS] = SUM("dross", "t", "dross skimmed"),
    [OUT_PRIMARY] = SUM("primary_dilution", "t", "primary metal charged by secondary plants"),
    [OUT_SAME] = MEAN("same_alloy_rate", "1", "wrought scrap charged to the alloy of its grade"),
    [OUT_OTHER] = MEAN("other_wrought_rate", "1", "wrought scrap charged to other wrought alloys"),
    [OUT_CAST] = MEAN("to_cast_rate", "1", "wrought scrap charged to casting alloys"),
    [OUT_USE] = {.name = "scrap_use_by_grade",
                 .unit = "t",
                 .long_name = "scrap charged, recoverable metal",
                 .dims = {&labels_grade},
                 .method = SIM_METHOD_SUM},
    [OUT_VALUE] = {.name = "value_in_use",
                   .unit = "CNY/t",
                   .long_name = "value in use per recoverable tonne, weighted by use",
                   .dims = {&labels_grade},
                   .method = SIM_METHOD_MEAN,
                   .reduce = SIM_REDUCE_MEAN},
    [OUT_ALLOY] = {.name = "output_by_alloy",
                   .unit = "t",
                   .long_name = "secondary aluminium tapped as product",
                   .dims = {&labels_alloy},
                   .method = SIM_METHOD_SUM},
    [OUT_RATE_SIZE] = {.name = "operating_rate_by_size",
                       .unit = "1",
                       .long_name = "output over capacity",
                       .dims = {&labels_size},
                       .method = SIM_METHOD_MEAN,
                       .reduce = SIM_REDUCE_MEAN},
    [OUT_CAPACITY_PROVINCE] =
        DETAIL("capacity_by_province", "t/yr", "capacity in operation or idle at the month's end",
               SIM_METHOD_POINT, SIM_REDUCE_SUM),
    [OUT_OUTPUT_PROVINCE] =
        DETAIL("output_by_province", "t", "secondary aluminium tapped as product", SIM_METHOD_SUM,
               SIM_REDUCE_SUM),
    [OUT_RATE_PROVINCE] = DETAIL("operating_rate_by_province", "1", "output over capacity",
                                 SIM_METHOD_MEAN, SIM_REDUCE_MEAN),
    [OUT_MARGIN_PROVINCE] =
        DETAIL("margin_by_province", "CNY/t", "output-weighted mean of plants' margins",
               SIM_METHOD_MEAN, SIM_REDUCE_MEAN),
    [OUT_PLANTS_PROVINCE] =
        DETAIL("plants_by_province", "1", "plants with capacity at the month's end",
               SIM_METHOD_POINT, SIM_REDUCE_SUM),
};

static enum sim_status on_truck(struct place *place, const struct sim_event *event,
                                const struct lot *cargo)
{
    struct plant *plant = &plants_of(place)->plant[event->entity];
    struct lot lot = *cargo;
    double gross_t = (double)lot.gross / (double)TONNE;
    int64_t freight = place_fen(gross_t * place->world->freight[lot.origin][place->index]);
    place_move(place, ACCOUNT_MOTION, ACCOUNT_FEED, &lot);
    int64_t seller = event->data.i[1] > 0 ? event->data.i[1] : ACCOUNT_CLEARING;
    place_pay(place, ACCOUNT_CASH_PLANTS, (int)seller, lot.value);
    place_pay(place, ACCOUNT_CASH_PLANTS, ACCOUNT_SERVICES, freight);
    plant->cash -= lot.value + freight;
    lot.value += freight;
    plant->pipeline[lot.load] -= (double)event->data.i[0] / (double)TONNE;
    lot_add(&plant->feed[lot.load], &lot);
    furnace_start(place, event->entity);
    return SIM_OK;
}

/* Opens or closes shifts by the smoothed contribution; small plants react more. */
static void man_shifts(struct place *place, struct plant *plant, double contribution)
{
    const struct smelters_params *p = plants_params_of(place->world);
    plant->contribution += (contribution - plant->contribution) / 7;
    double quick = plant->size == SIZE_SMALL ? 1.3 : 1;
    double wanted = p->margin_wanted * futures_risk_factor(place, plant->alloy);
    double excess = plant->contribution - wanted;
    double beyond = (fabs(excess) - p->margin_band) / (2 * p->margin_band + 1e-9);
    double step = quick * fmin(fmax(beyond, 0), 1);
    plant->open += excess > 0 ? step / p->open_days : -step / p->close_days;
    plant->open = fmin(1, fmax(0, plant->open));
}

static enum sim_status on_day(struct place *place, uint32_t number)
{
    const struct world *world = place->world;
    const struct smelters_params *p = plants_params_of(world);
    struct plants *plants = plants_of(place);
    struct plant *plant = &plants->plant[number];
    int64_t now = sim_now(place->domain);
    /* Also where it is closed: capacity that was decided before may bring it back. */
    sim_schedule(place->domain, now + SIM_DAY, 8, EVENT(COMPONENT_SMELTERS, KIND_DAY), number,
                 NULL);
    if (plant->capacity_t <= 0)
        return SIM_OK;
    const struct procurement_plan *plan = &plants->desk.plan[plant->alloy];
    if (!plan->ready)
        return SIM_OK; /* its first recipe is made tomorrow morning */
    double price = sales_price(place, plant->alloy);
    double index = pow(1 + p->cost_growth, sim_year(now) - 2024.5);
    man_shifts(place, plant,
               price + plants_relief_cny_t(place, price, plan->cost) - plan->cost -
                   plant->avoidable * index - certification_carbon_cny_t(place, plant));
    double activity = world->plant_activity[world_day(now)] * place->policy.activity;
    double manned = plants_capacity_t_day(place, plant->alloy);
    double open = plant->capacity_t * plant->open * p->availability / 365;
    double part = manned > 0 ? open / manned : 0;
    plant->plan_t = fmin(open * activity, sales_target_t_day(place, plant->alloy) * part);
    plant->permit_t = fmin(plant->permit_t + plant->plan_t, 2 * plant->plan_t + 2 * plant->heat_t);
    procurement_order(place, &plants->desk, plant, number,
                      sales_orders_t_day(place, plant->alloy) * part);
    furnace_start(place, number);
    return SIM_OK;
}

static void on_exit(struct place *place, uint32_t number)
{
    struct plant *plant = &plants_of(place)->plant[number];
    plant->capacity_t = plant->open = 0;
    plant->plan_t = plant->permit_t = 0; /* heats in furnaces are finished, no more begin */
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    struct place *place = place_of(domain);
    struct plants *plants = state;
    switch (event->kind & 0xff) {
    case KIND_TRUCK:
        return on_truck(place, event, cargo);
    case KIND_CANCEL:
        plants->plant[event->entity].pipeline[event->data.i[0]] -=
            (double)event->data.i[1] / (double)TONNE;
        return SIM_OK;
    case KIND_START:
        plants_start(place, (int)event->data.i[0], event->data.f[1], (int)event->data.i[2],
                     (uint32_t)event->data.i[3]);
        return SIM_OK;
    case KIND_EXIT:
        on_exit(place, event->entity);
        return SIM_OK;
    case KIND_RECIPES:
        sim_schedule(domain, event->time + SIM_DAY, 8, event->kind, 0, NULL);
        return procurement_day(place, &plants->desk, false);
    case KIND_DAY:
        return on_day(place, event->entity);
    case FURNACE_CHARGE:
        return furnace_charge(place, event->entity);
    case FURNACE_MELTED:
        return furnace_melted(place, event->entity);
    case FURNACE_TAPPED:
        return furnace_tapped(place, event->entity);
    default:
        return sim_fail(domain, SIM_MODEL, "smelters: unknown event %u", event->kind);
    }
}

static void destroy(void *state)
{
    struct plants *plants = state;
    if (!plants)
        return;
    free(plants->plant);
    free(plants);
}

/* Feed for `feed_days` and product for `finished_days` of manned capacity. */
static void stock_up(struct place *place, struct plants *plants, struct plant *plant)
{
    const struct world *world = place->world;
    const struct smelters_params *p = plants_params_of(world);
    const struct procurement_plan *plan = &plants->desk.plan[plant->alloy];
    double t_day = plant->capacity_t * plant->open * p->availability / 365;
    for (int f = 0; f < FEEDS; f++) {
        const struct world_grade *class = &world->feed[f];
        double t = t_day * p->feed_days * plan->share[f];
        plant->feed[f] = lot_make(llround(t / class->recoverable * (double)TONNE),
                                  class->composition, class->nonmetal);
        if (t > 0)
            plant->feed[f].value = place_fen(t * plants->desk.cost[f]);
        place_move(place, ACCOUNT_IN_USE, ACCOUNT_FEED, &plant->feed[f]);
    }
    double t = t_day * p->finished_days;
    plant->finished = lot_make(llround(t * (double)TONNE), world->alloy[plant->alloy].typical, 0);
    place_move(place, ACCOUNT_METALS, ACCOUNT_FINISHED, &plant->finished);
}

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION)
        return SIM_OK;
    struct plants *plants = calloc(1, sizeof *plants);
    *state = plants;
    if (!plants)
        return SIM_MEMORY;
    place->state[COMPONENT_SMELTERS] = plants;
    enum sim_status status = plants_create(place, plants);
    if (status == SIM_OK)
        status = procurement_day(place, &plants->desk, true);
    if (status != SIM_OK)
        return status;
    for (int i = 0; i < plants->count; i++) {
        stock_up(place, plants, &plants->plant[i]);
        sim_schedule(domain, 7 * SIM_HOUR + i * SIM_MINUTE, 8, EVENT(COMPONENT_SMELTERS, KIND_DAY),
                     (uint32_t)i, NULL);
    }
    sim_schedule(domain, 6 * SIM_HOUR + 30 * SIM_MINUTE, 8, EVENT(COMPONENT_SMELTERS, KIND_RECIPES),
                 0, NULL);
    return SIM_OK;
}

static void sample_plant(struct plant *plant, struct sim_sample *sample, size_t province,
                         double days)
{
    double year = plant->capacity_t * days / 365;
    sim_sample_add(sample, OUT_CAPACITY, 0, plant->capacity_t);
    sim_sample_add(sample, OUT_CAPACITY_PROVINCE, province, plant->capacity_t);
    sim_sample_add(sample, OUT_PLANTS, 0, plant->capacity_t > 0);
    sim_sample_add(sample, OUT_PLANTS_PROVINCE, province, plant->capacity_t > 0);
    sim_sample_add(sample, OUT_OUTPUT, 0, plant->output_t);
    sim_sample_add(sample, OUT_OUTPUT_PROVINCE, province, plant->output_t);
    if (year > 0) {
        sim_sample_mean(sample, OUT_RATE, 0, plant->output_t / year, year);
        sim_sample_mean(sample, OUT_RATE_PROVINCE, province, plant->output_t / year, year);
        sim_sample_mean(sample, OUT_RATE_SIZE, (size_t)plant->size, plant->output_t / year, year);
    }
    if (plant->output_t > 0)
        sim_sample_mean(sample, OUT_MARGIN_PROVINCE, province, plant->margin_cny / plant->output_t,
                        plant->output_t);
    if (plant->full_cny > 0)
        sim_sample_mean(sample, OUT_RAW_SHARE, 0, plant->raw_cny / plant->full_cny,
                        plant->full_cny);
    if (plant->charged_t > 0)
        sim_sample_mean(sample, OUT_MELT_LOSS, 0, plant->lost_t / plant->charged_t,
                        plant->charged_t);
    sim_sample_add(sample, OUT_DROSS, 0, plant->dross_t);
    sim_sample_add(sample, OUT_PRIMARY, 0, plant->primary_t);
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct place *place = place_of(domain);
    struct plants *plants = state;
    struct sim_date date = sim_date_from_time(sim_now(domain) - 1);
    double days = sim_days_in_month(date.year, date.month);
    for (int i = 0; i < plants->count; i++)
        sample_plant(&plants->plant[i], sample, (size_t)place->index, days);
    for (int a = 0; a < ALLOYS; a++)
        sim_sample_add(sample, OUT_ALLOY, (size_t)a, plants->output_alloy[a]);
    for (int f = 0; f < FEEDS; f++) {
        int g = place->world->feed[f].grade;
        sim_sample_add(sample, OUT_USE, (size_t)g, plants->charged[f]);
        if (!isnan(plants->desk.value[g]))
            sim_sample_mean(sample, OUT_VALUE, (size_t)g, plants->desk.value[g],
                            plants->charged[f]);
    }
    double wrought = plants->wrought_same + plants->wrought_other + plants->wrought_cast;
    if (wrought > 0) {
        sim_sample_mean(sample, OUT_SAME, 0, plants->wrought_same / wrought, wrought);
        sim_sample_mean(sample, OUT_OTHER, 0, plants->wrought_other / wrought, wrought);
        sim_sample_mean(sample, OUT_CAST, 0, plants->wrought_cast / wrought, wrought);
    }
    plants->wrought_same = plants->wrought_other = plants->wrought_cast = 0;
    memset(plants->charged, 0, sizeof plants->charged);
    memset(plants->output_alloy, 0, sizeof plants->output_alloy);
}

struct margin {
    double margin, output;
};

static int by_margin(const void *left, const void *right)
{
    const struct margin *a = left, *b = right;
    return (a->margin > b->margin) - (a->margin < b->margin);
}

static int by_capacity(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

static double quantile(const struct margin *sorted, size_t count, double total, double share)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += sorted[i].output;
        if (sum >= share * total)
            return sorted[i].margin;
    }
    return count ? sorted[count - 1].margin : NAN;
}

/* Quantiles and concentration over all plants of the nation; starts the plants' next month. */
static void summarise(void *const *states, size_t domains, struct sim_sample *sample)
{
    size_t count = 0, used = 0;
    for (size_t d = 0; d < domains; d++)
        count += states[d] ? (size_t)((struct plants *)states[d])->count : 0;
    struct margin *margins = malloc((count + 1) * sizeof *margins);
    double *capacities = malloc((count + 1) * sizeof *capacities), total = 0, all = 0, ten = 0;
    sim_require(margins && capacities, "out of memory for %zu plants", count);
    size_t plants = 0;
    for (size_t d = 0; d < domains; d++) {
        struct plants *here = states[d];
        for (int i = 0; here && i < here->count; i++) {
            struct plant *plant = &here->plant[i];
            capacities[plants++] = plant->capacity_t;
            all += plant->capacity_t;
            if (plant->output_t > 0) {
                margins[used++] =
                    (struct margin){plant->margin_cny / plant->output_t, plant->output_t};
                total += plant->output_t;
            }
            plant->output_t = plant->margin_cny = plant->raw_cny = plant->full_cny = 0;
            plant->charged_t = plant->lost_t = plant->dross_t = plant->primary_t = 0;
        }
    }
    qsort(margins, used, sizeof *margins, by_margin);
    qsort(capacities, plants, sizeof *capacities, by_capacity);
    for (size_t i = 0; i < plants && i < 10; i++)
        ten += capacities[i];
    if (used > 0) {
        sim_sample_set(sample, OUT_MARGIN_MEDIAN, 0, quantile(margins, used, total, 0.5));
        sim_sample_set(sample, OUT_MARGIN_P10, 0, quantile(margins, used, total, 0.1));
    }
    if (all > 0)
        sim_sample_set(sample, OUT_CR10, 0, ten / all);
    free(margins);
    free(capacities);
}

static void audit(const struct sim_domain *domain, const void *state, int64_t *counted)
{
    (void)domain;
    const struct plants *plants = state;
    for (int i = 0; i < plants->count; i++) {
        const struct plant *plant = &plants->plant[i];
        for (int q = 0; q < LOT_QUANTITIES; q++) {
            for (int f = 0; f < FEEDS; f++)
                counted[ACCOUNT_FEED * QUANTITIES + q] += plant->feed[f].q[q];
            for (int h = 0; h < PLANT_HEATS; h++)
                counted[ACCOUNT_FURNACE * QUANTITIES + q] += plant->heats[h].charge.q[q];
            counted[ACCOUNT_FINISHED * QUANTITIES + q] += plant->finished.q[q];
        }
        counted[ACCOUNT_CASH_PLANTS * QUANTITIES + LOT_MONEY] += plant->cash;
    }
}

const struct sim_component smelters_component = {
    .name = "smelters",
    .doc = "secondary plants: shifts, procurement, recipes, furnaces",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct smelters_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .summarise = summarise,
    .audit = audit,
    .destroy = destroy,
};
