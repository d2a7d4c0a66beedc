/* Delivered prices, choice of holders, habits and recipes of a province's plants. */
#include "whole.h"

#include "../suite.h"

#include <gsl/gsl_cdf.h>

enum { GUANGDONG = 18, ANHUI = 11, ORDERS = 6000 };

/* Makes the board what the test wants: no holder sells anything. */
static void clear_board(struct whole *w)
{
    for (int b = 0; b < 2; b++) {
        for (int d = 0; d < PROVINCES; d++) {
            for (int h = 0; h < HOLDERS; h++)
                memset(w->f.run.boards[b].holder[d][h].weight, 0,
                       sizeof w->f.run.boards[b].holder[d][h].weight);
        }
    }
}

/* A holder that sells `sales` t a day at `price`. */
static void set_holder(struct whole *w, int d, int tier, int grade, double sales, double price)
{
    double theta = market_params_of(w->f.world)->theta_cny_t;
    for (int b = 0; b < 2; b++) {
        struct board_holder *holder = &w->f.run.boards[b].holder[d][tier - 1];
        holder->price[grade] = price;
        holder->sales[grade] = sales;
        holder->weight[grade] = sales * exp(-(price - w->f.run.boards[b].nation.a00) / theta);
    }
}

struct counted {
    int64_t orders[PROVINCES][TIERS];
    int64_t sent, grams, wrong;
    int class, here;
};

static void count_order(void *to, uint32_t domain, const struct sim_event *event, const void *cargo)
{
    struct counted *c = to;
    (void)cargo;
    int tier = event->kind == EVENT_HUB_ORDER       ? TIER_HUB
               : event->kind == EVENT_SORTING_ORDER ? TIER_SORTED
               : event->kind == EVENT_PORT_ORDER    ? TIER_PORT
                                                    : -1;
    if (tier < 0 || domain >= PROVINCES || event->data.i[3] != c->here)
        return;
    c->orders[domain][tier]++;
    c->sent++;
    c->grams += event->data.i[2];
    c->wrong += event->data.i[0] != c->class || event->data.i[1] != tier || event->data.i[2] <= 0 ||
                event->time < SIM_DAY || event->entity != 1;
}

/* Orders of one class by plant 1 of a province, one truck at a time. */
static struct counted order(struct whole *w, int d, int class, int orders)
{
    struct place *place = &w->f.places[d];
    struct plants *plants = plants_of(place);
    struct plant *plant = &plants->plant[1];
    struct procurement_plan *plan = &plants->desk.plan[plant->alloy];
    memset(plan->share, 0, sizeof plan->share);
    plan->share[class] = 1;
    double metal_yield =
        w->f.world->feed[class].recoverable * (1 - w->f.world->feed[class].nonmetal);
    double lot = market_params_of(w->f.world)->truck_t * metal_yield;
    uint64_t before = plant->orders;
    while (plant->orders - before < (uint64_t)orders) {
        plant->pipeline[class] = 0;
        memset(&plant->feed[class], 0, sizeof plant->feed[class]);
        plant->plan_t = lot;
        procurement_order(place, &plants->desk, plant, 1, lot);
    }
    struct counted c = {.class = class, .here = d};
    sim_engine_pending(w->f.engine, count_order, &c);
    return c;
}

/* Every holder of one grade sells something; orders follow sales * exp(-(price + freight) /
 * theta): chi-square, false alarms 1 in 1000 per class for a seed drawn at random. */
static void check_choice(int class, uint64_t seed)
{
    struct whole *w = whole_open();
    fixture_set(&w->f, "resolution.trucks_per_lot", 1);
    whole_start(w, seed);
    w->asleep[COMPONENT_SMELTERS] = true;
    clear_board(w);
    int grade = w->f.world->feed[class].grade;
    double theta = market_params_of(w->f.world)->theta_cny_t, sum = 0;
    double weight[PROVINCES][TIERS] = {{0}};
    for (int d = 0; d < PROVINCES; d++) {
        for (int tier = TIER_HUB; tier <= TIER_PORT; tier++) {
            double sales = 10 + (d * 7 + tier * 5) % 23, price = 15000 + (d * 37 + tier * 61) % 200;
            set_holder(w, d, tier, grade, sales, price);
            bool sorted = tier == TIER_SORTED;
            if (sorted == (class >= GRADES))
                weight[d][tier] =
                    sales * exp(-(price - 15000 + w->f.world->freight[d][GUANGDONG]) / theta);
            sum += weight[d][tier];
        }
    }
    struct place *place = &w->f.places[GUANGDONG];
    CU_ASSERT_EQUAL(procurement_day(place, &plants_of(place)->desk, false), SIM_OK);
    struct counted c = order(w, GUANGDONG, class, ORDERS);
    CU_ASSERT_EQUAL(c.wrong, 0);
    CU_ASSERT_EQUAL(c.sent, ORDERS);
    double chi = 0, rest = 0, rest_seen = 0;
    int cells = 0;
    for (int d = 0; d < PROVINCES; d++) {
        for (int tier = 0; tier < TIERS; tier++) {
            double expected = ORDERS * weight[d][tier] / sum, seen = (double)c.orders[d][tier];
            CU_ASSERT(weight[d][tier] > 0 || seen == 0);
            if (expected < 5) {
                rest += expected;
                rest_seen += seen;
                continue;
            }
            chi += (seen - expected) * (seen - expected) / expected;
            cells++;
        }
    }
    if (rest > 0) {
        chi += (rest_seen - rest) * (rest_seen - rest) / rest;
        cells++;
    }
    CU_ASSERT(cells > 8);
    CU_ASSERT(gsl_cdf_chisq_Q(chi, cells - 1) > 1e-3);
    whole_close(w);
}

static void test_choice(void)
{
    check_choice(GRADE_MIXED_CAST, 21);
    check_choice(FEED_SHREDDED_SORTED, 22);
}

/* By hand: three holders of one grade. */
static void test_delivered_cost(void)
{
    struct whole *w = whole_open();
    whole_start(w, 2);
    clear_board(w);
    const struct world *world = w->f.world;
    set_holder(w, ANHUI, TIER_HUB, GRADE_WHEELS, 40, 15000);
    set_holder(w, GUANGDONG, TIER_HUB, GRADE_WHEELS, 20, 15200);
    set_holder(w, GUANGDONG, TIER_PORT, GRADE_WHEELS, 5, 14900);
    struct place *place = &w->f.places[GUANGDONG];
    struct procurement *desk = &plants_of(place)->desk;
    CU_ASSERT_EQUAL(procurement_day(place, desk, false), SIM_OK);
    double theta = market_params_of(world)->theta_cny_t;
    double far = world->freight[ANHUI][GUANGDONG], near = world->freight[GUANGDONG][GUANGDONG];
    double a = 40 * exp(-(15000 + far - 15000) / theta);
    double b = 20 * exp(-(15200 + near - 15000) / theta);
    double c = 5 * exp(-(14900 + near - 15000) / theta);
    double mean = (a * (15000 + far) + b * (15200 + near) + c * (14900 + near)) / (a + b + c);
    CU_ASSERT_DOUBLE_EQUAL(desk->cost[GRADE_WHEELS], mean, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(desk->reference[GRADE_WHEELS], 1, 1e-12);
    CU_ASSERT(isinf(desk->cost[GRADE_WIRE]));
    CU_ASSERT_EQUAL(desk->reference[GRADE_WIRE], 0);
    whole_close(w);
}

/* What nobody sells is not ordered. */
static void test_nobody_sells(void)
{
    struct whole *w = whole_open();
    whole_start(w, 2);
    clear_board(w);
    set_holder(w, ANHUI, TIER_HUB, GRADE_WHEELS, 40, 15000);
    struct place *place = &w->f.places[GUANGDONG];
    struct plants *plants = plants_of(place);
    CU_ASSERT_EQUAL(procurement_day(place, &plants->desk, false), SIM_OK);
    struct plant *plant = &plants->plant[1];
    struct procurement_plan *plan = &plants->desk.plan[plant->alloy];
    memset(plan->share, 0, sizeof plan->share);
    plan->share[GRADE_WIRE] = 1;
    plant->plan_t = 500;
    procurement_order(place, &plants->desk, plant, 1, 500);
    CU_ASSERT_EQUAL(plant->orders, 0);
    whole_close(w);
}

/* Shares of what was charged, of what is within reach and of habit sum to 1 in every province after
 * two months; recipes in force make about a tonne. */
static void test_shares(void)
{
    struct whole *w = whole_open();
    whole_start(w, 2);
    fixture_month(&w->f);
    fixture_month(&w->f);
    int plans = 0;
    for (int d = 0; d < PROVINCES; d++) {
        const struct procurement *desk = &plants_of(&w->f.places[d])->desk;
        double reference = 0;
        for (int f = 0; f < FEEDS; f++) {
            CU_ASSERT(desk->reference[f] >= 0 && desk->cost[f] > 0);
            reference += desk->reference[f];
        }
        CU_ASSERT_DOUBLE_EQUAL(reference, 1, 1e-9);
        for (int a = 0; a < ALLOYS; a++) {
            const struct procurement_plan *plan = &desk->plan[a];
            if (!plan->ready)
                continue;
            plans++;
            double habit = 0, made = 0;
            for (int f = 0; f < FEEDS; f++) {
                habit += plan->habit[f];
                made += plan->share[f];
                CU_ASSERT(plan->habit[f] >= 0 && plan->share[f] >= 0);
            }
            for (int m = 0; m < METALS; m++) {
                made += plan->addition[m];
                CU_ASSERT(plan->addition[m] >= 0);
            }
            CU_ASSERT_DOUBLE_EQUAL(habit, 1, 1e-9);
            CU_ASSERT(made > 1 && made < 1.1);
            CU_ASSERT(plan->cost > 8000 && plan->cost < 30000);
        }
    }
    CU_ASSERT(plans > 80);
    whole_close(w);
}

/* Shares of every product after new recipes, with one grade dearer by a factor everywhere. */
static void recipes(int grade, double factor, double share[static FEEDS])
{
    struct whole *w = whole_open();
    whole_start(w, 2);
    for (int d = 0; d < PROVINCES && factor != 1; d++) {
        for (int tier = TIER_HUB; tier <= TIER_PORT; tier++) {
            struct board_holder *holder = &w->f.run.boards[0].holder[d][tier - 1];
            if (holder->weight[grade] > 0)
                set_holder(w, d, tier, grade, holder->sales[grade], factor * holder->price[grade]);
        }
    }
    struct place *place = &w->f.places[GUANGDONG];
    struct procurement *desk = &plants_of(place)->desk;
    CU_ASSERT_EQUAL(procurement_day(place, desk, true), SIM_OK);
    memset(share, 0, FEEDS * sizeof *share);
    for (int a = 0; a < ALLOYS; a++) {
        for (int f = 0; f < FEEDS; f++)
            share[f] += plants_capacity_t(place, a) * desk->plan[a].target[f];
    }
    whole_close(w);
}

/* Dearer by 10 %: less of it; cheaper: more, or as much where supply within reach is the limit. */
static void test_price_response(void)
{
    double before[FEEDS], after[FEEDS];
    recipes(0, 1, before);
    int tried = 0, fell = 0;
    for (int g = 0; g < GRADES; g++) {
        if (before[g] <= 0)
            continue;
        tried++;
        recipes(g, 1.1, after);
        CU_ASSERT(after[g] <= before[g] * (1 + 1e-9));
        fell += after[g] < 0.9 * before[g];
        recipes(g, 0.95, after);
        CU_ASSERT(after[g] >= before[g] * (1 - 1e-9));
    }
    CU_ASSERT(tried >= 8);
    CU_ASSERT(fell >= tried - 2);
}

/* A common rise of all scrap leaves the mix nearly as it is, and costs more. */
static void test_cost_today(void)
{
    struct whole *w = whole_open();
    whole_start(w, 2);
    struct place *place = &w->f.places[GUANGDONG];
    struct procurement *desk = &plants_of(place)->desk;
    double cost = desk->plan[ALLOY_ADC12].cost, share = 0;
    for (int f = 0; f < FEEDS; f++)
        share += desk->plan[ALLOY_ADC12].target[f];
    for (int d = 0; d < PROVINCES; d++) {
        for (int tier = TIER_HUB; tier <= TIER_PORT; tier++) {
            for (int g = 0; g < GRADES; g++)
                w->f.run.boards[0].holder[d][tier - 1].price[g] += 300;
        }
    }
    CU_ASSERT_EQUAL(procurement_day(place, desk, false), SIM_OK);
    double after = desk->plan[ALLOY_ADC12].cost;
    CU_ASSERT_DOUBLE_EQUAL(after - cost, 300 * share, 30);
    whole_close(w);
}

/* Orders bring feed to what is wanted and no further: none with feed and orders for a month. */
static void test_enough(void)
{
    struct whole *w = whole_open();
    whole_start(w, 2);
    struct place *place = &w->f.places[GUANGDONG];
    struct plants *plants = plants_of(place);
    struct plant *plant = &plants->plant[1];
    double usual = plant->capacity_t / 365;
    plant->plan_t = usual;
    for (int f = 0; f < FEEDS; f++)
        plant->pipeline[f] = 60 * usual;
    for (int k = 0; k < 30; k++)
        procurement_order(place, &plants->desk, plant, 1, usual);
    CU_ASSERT_EQUAL(plant->orders, 0);
    memset(plant->pipeline, 0, sizeof plant->pipeline);
    memset(plant->feed, 0, sizeof plant->feed);
    procurement_order(place, &plants->desk, plant, 1, usual);
    double ordered = 0;
    for (int f = 0; f < FEEDS; f++)
        ordered += plant->pipeline[f];
    CU_ASSERT(plant->orders > 0);
    CU_ASSERT(ordered <= 3 * usual * 1.1); /* a day asks for three days of use at most */
    whole_close(w);
}

static void recipes_only(struct whole *w, struct place *place, const struct sim_event *event,
                         const void *cargo)
{
    (void)place;
    (void)cargo;
    w->asleep[COMPONENT_SMELTERS] = event->kind != (COMPONENT_SMELTERS << 8) + 4;
}

/* A recipe that cannot be made stops the run and says which product and where. */
static void test_no_recipe(void)
{
    struct whole *w = whole_open();
    whole_start(w, 2);
    whole_only(w, COMPONENT_SMELTERS);
    w->before = recipes_only;
    for (int b = 0; b < 2; b++)
        w->f.run.boards[b].nation.metal[METAL_SILICON] = NAN;
    plants_of(&w->f.places[GUANGDONG])->desk.plan[ALLOY_ADC12].ready = false;
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_MODEL);
    const struct sim_failure *failure = sim_engine_failure(w->f.engine);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure->text, "no recipe for ADC12 in Guangdong"));
    CU_ASSERT_EQUAL(failure->domain, GUANGDONG);
    whole_close(w);
}

int main(void)
{
    CU_TestInfo tests[] = {{"choice of holders", test_choice},
                           {"delivered cost", test_delivered_cost},
                           {"nobody sells", test_nobody_sells},
                           {"shares", test_shares},
                           {"response to prices", test_price_response},
                           {"a common rise", test_cost_today},
                           {"enough on order", test_enough},
                           {"no recipe", test_no_recipe},
                           CU_TEST_INFO_NULL};
    return suite_run("procurement", tests);
}
