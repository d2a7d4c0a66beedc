/* The futures contract alone, on a frozen board with the plants of the start: what it costs to
 * carry, who hedges, and that every fen of a hedge is booked. */
#include "whole.h"

#include "../../models/furnace.h"
#include "../../models/futures.h"
#include "../suite.h"

static struct whole *open_only(void)
{
    struct whole *w = whole_open();
    /* Nothing moves on a frozen board: plants remember lively prices for long. */
    fixture_set(&w->f, "futures.volatility", 0.018);
    fixture_set(&w->f, "futures.volatility_days", 2000);
    whole_start(w, 7);
    whole_only(w, COMPONENT_FUTURES);
    return w;
}

static void list(struct whole *w, bool listed)
{
    for (int d = 0; d < DOMAINS; d++)
        w->f.places[d].policy.futures = listed;
}

static void shift_spot(struct whole *w, double cny)
{
    for (int b = 0; b < 2; b++) {
        for (int q = 0; q < PROVINCES; q++)
            w->f.run.boards[b].alloy[q][ALLOY_ADC12].price += cny;
    }
}

static int64_t cash(const struct whole *w)
{
    int64_t fen = 0;
    for (int d = 0; d < PROVINCES; d++) {
        const struct plants *plants = plants_of(&w->f.places[d]);
        for (int i = 0; i < plants->count; i++)
            fen += plants->plant[i].cash;
    }
    return fen;
}

static double gain(struct whole *w)
{
    size_t step = (size_t)w->f.month;
    fixture_month(&w->f);
    return fixture_value(&w->f, "futures_gain", step, 0);
}

static void test_fair(void)
{
    struct whole *w = open_only();
    const struct world *world = w->f.world;
    /* Normal cover: interest of 3.5 % and 0.6 CNY a day. */
    double carry = 0.035 + 0.6 * 365 / 17000;
    CU_ASSERT_DOUBLE_EQUAL(futures_fair(world, 17000, 8, 73, 0), 17000 * exp(carry / 5), 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(futures_fair(world, 17000, 8, 0, 35), 17000 - 35, 1e-9);
    /* Scarce stock: the later delivery is cheaper; the yield is bounded on both sides. */
    CU_ASSERT(futures_fair(world, 17000, 2, 45, 0) < 17000);
    CU_ASSERT_EQUAL(futures_fair(world, 17000, 0, 45, 0), futures_fair(world, 17000, 1, 45, 0));
    CU_ASSERT_EQUAL(futures_fair(world, 17000, 90, 45, 0), futures_fair(world, 17000, 30, 45, 0));
    CU_ASSERT(futures_fair(world, 17000, 30, 45, 0) > futures_fair(world, 17000, 8, 45, 0));
    whole_close(w);
}

static void test_hedge(void)
{
    struct whole *w = open_only();
    double value, best = futures_hedge(w->f.world, 200, 10, &value);
    CU_ASSERT_DOUBLE_EQUAL(best, 0.8 - 0.05, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(value, 200 * (0.8 * best - best * best / 2) - 10 * best, 1e-9);
    CU_ASSERT_EQUAL(futures_hedge(w->f.world, 200, 170, &value), 0);
    CU_ASSERT_EQUAL(value, 0);
    CU_ASSERT_EQUAL(futures_hedge(w->f.world, 0, 10, &value), 0);
    CU_ASSERT_EQUAL(value, 0);
    whole_close(w);
}

static void test_before_listing(void)
{
    struct whole *w = open_only();
    int64_t before = cash(w);
    fixture_month(&w->f);
    const struct place *place = &w->f.places[9];
    CU_ASSERT(isnan(fixture_value(&w->f, "futures_price", 0, 0)) ||
              fixture_value(&w->f, "futures_price", 0, 0) == 0);
    CU_ASSERT_EQUAL(w->f.run.boards[0].nation.futures, 0);
    CU_ASSERT_EQUAL(futures_risk_factor(place, ALLOY_ADC12), 1);
    CU_ASSERT_EQUAL(futures_known_days(place, 14), 14);
    CU_ASSERT_EQUAL(futures_brand_cny_t(place, 0), 0);
    CU_ASSERT_EQUAL(cash(w), before);
    whole_close(w);
}

/* Hedged capacity over capacity by size, from the factors that sales read. */
static void test_adoption(void)
{
    struct whole *w = open_only();
    list(w, true);
    for (int m = 0; m < 36; m++)
        fixture_month(&w->f);
    double large = 0, brands = 0, small = 0;
    for (int d = 0; d < PROVINCES; d++) {
        const struct place *place = &w->f.places[d];
        const struct plants *plants = plants_of(place);
        CU_ASSERT(whole_plants_balanced(place));
        double factor = futures_risk_factor(place, ALLOY_ADC12);
        CU_ASSERT(factor > 0.6 && factor <= 1);
        CU_ASSERT_EQUAL(futures_risk_factor(place, ALLOY_6063), 1);
        for (int i = 0; i < plants->count; i++) {
            double premium = futures_brand_cny_t(place, (uint32_t)i);
            bool big = plants->plant[i].size == SIZE_LARGE;
            bool ours = plants->plant[i].alloy == ALLOY_ADC12;
            large += big && ours;
            brands += big && premium == 30;
            small += !big && premium != 0;
            CU_ASSERT(ours || premium == 0);
        }
    }
    CU_ASSERT(large > 3);
    CU_ASSERT(brands > large / 2); /* a desk costs large plants little per tonne */
    CU_ASSERT_EQUAL(small, 0);
    double hedged = fixture_value(&w->f, "futures_hedged_share", 35, 0);
    CU_ASSERT(hedged > 0.25 && hedged < 0.8);
    CU_ASSERT(hedged > fixture_value(&w->f, "futures_hedged_share", 11, 0));
    CU_ASSERT(futures_known_days(&w->f.places[9], 14) < 13);
    /* The frozen spot price: the basis is carry, yield and noise of 120 CNY/t. */
    CU_ASSERT(fabs(fixture_value(&w->f, "futures_basis", 35, 0)) < 600);
    whole_close(w);
}

/* A rise of spot prices costs those who are short, a fall pays them, and cash knows it. */
static void test_settlement(void)
{
    struct whole *w = whole_open();
    fixture_set(&w->f, "futures.noise_cny_t", 0);
    fixture_set(&w->f, "futures.fee_cny_t", 0);
    fixture_set(&w->f, "futures.margin", 0);
    fixture_set(&w->f, "futures.desk_cny", 0);
    fixture_set(&w->f, "futures.rate", 0);
    fixture_set(&w->f, "futures.storage_cny_t", 0);
    fixture_set(&w->f, "futures.yield_gain", 0);
    fixture_set(&w->f, "futures.volatility", 0.018);
    fixture_set(&w->f, "futures.volatility_days", 2000);
    whole_start(w, 7);
    whole_only(w, COMPONENT_FUTURES);
    list(w, true);
    for (int m = 0; m < 24; m++)
        fixture_month(&w->f);
    int64_t before = cash(w);
    shift_spot(w, 800);
    double up = gain(w);
    CU_ASSERT(up < -1e6);
    CU_ASSERT_DOUBLE_EQUAL((double)(cash(w) - before) / 100, up, 10);
    before = cash(w);
    shift_spot(w, -800);
    double down = gain(w);
    CU_ASSERT(down > 1e6);
    CU_ASSERT_DOUBLE_EQUAL((double)(cash(w) - before) / 100, down, 10);
    CU_ASSERT_DOUBLE_EQUAL(-up / down, 1, 0.1); /* but for changes of the hedge */
    for (int d = 0; d < PROVINCES; d++)
        CU_ASSERT(whole_plants_balanced(&w->f.places[d]));
    /* Delisted: nobody is hedged, nothing is paid. */
    list(w, false);
    fixture_month(&w->f);
    before = cash(w);
    shift_spot(w, 500);
    CU_ASSERT_EQUAL(gain(w), 0);
    CU_ASSERT_EQUAL(cash(w), before);
    CU_ASSERT_EQUAL(futures_risk_factor(&w->f.places[9], ALLOY_ADC12), 1);
    whole_close(w);
}

/* The roll from one contract to the next is nobody's gain: with a steady spot price and no carry
 * the price does not move. */
static void test_roll(void)
{
    struct whole *w = whole_open();
    fixture_set(&w->f, "futures.noise_cny_t", 0);
    fixture_set(&w->f, "futures.rate", 0);
    fixture_set(&w->f, "futures.storage_cny_t", 0);
    fixture_set(&w->f, "futures.yield_gain", 0);
    whole_start(w, 7);
    whole_only(w, COMPONENT_FUTURES);
    list(w, true);
    for (int m = 0; m < 18; m++) {
        fixture_month(&w->f);
        CU_ASSERT_DOUBLE_EQUAL(fixture_value(&w->f, "futures_gain", (size_t)m, 0), 0, 1e-3);
        CU_ASSERT_DOUBLE_EQUAL(fixture_value(&w->f, "futures_basis", (size_t)m, 0), 0, 1e-6);
    }
    whole_close(w);
}

static void test_errors(void)
{
    struct whole *w = open_only();
    struct place *place = &w->f.places[9];
    struct sim_event event = {.kind = EVENT(COMPONENT_FUTURES, 9)};
    CU_ASSERT_EQUAL(
        futures_component.handle(place->domain, place->state[COMPONENT_FUTURES], &event, NULL),
        SIM_MODEL);
    void *state = NULL, *smelters = place->state[COMPONENT_SMELTERS];
    place->state[COMPONENT_SMELTERS] = NULL;
    CU_ASSERT_EQUAL(futures_component.create(place->domain, w->f.world, &state), SIM_OK);
    CU_ASSERT_PTR_NULL(state);
    place->state[COMPONENT_SMELTERS] = smelters;
    futures_component.destroy(NULL);
    whole_close(w);
}

int main(void)
{
    CU_TestInfo tests[] = {{"price of carry and yield", test_fair},
                           {"best hedge", test_hedge},
                           {"nothing before the listing", test_before_listing},
                           {"adoption by size", test_adoption},
                           {"settlement in cash", test_settlement},
                           {"roll", test_roll},
                           {"errors", test_errors},
                           CU_TEST_INFO_NULL};
    return suite_run("models/futures", tests);
}
