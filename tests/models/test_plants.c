/* The population of plants as it is drawn, merit order, and what grows and closes. */
#include "whole.h"

#include "../../models/furnace.h"
#include "../suite.h"

enum { GUANGDONG = 18, START = EVENT_PLANT_START, EXIT = EVENT_PLANT_EXIT };

static const struct world_province *province(const struct whole *w, int d)
{
    return &w->f.world->province[d];
}

/* Capacity of every province is met; furnaces can make it; every plant is of a size and open as
 * far as asked for. */
static void test_population(void)
{
    struct whole *w = whole_open();
    fixture_set(&w->f, "smelters.plants", 350);
    fixture_set(&w->f, "smelters.open_start", 0.55);
    whole_start(w, 1);
    int count = 0;
    for (int d = 0; d < PROVINCES; d++) {
        const struct plants *plants = plants_of(&w->f.places[d]);
        double capacity = province(w, d)->capacity_2019_t, sum = 0, by_alloy = 0;
        CU_ASSERT((capacity > 0) == (plants->count > 0));
        count += plants->count;
        for (int i = 0; i < plants->count; i++) {
            const struct plant *plant = &plants->plant[i];
            sum += plant->capacity_t;
            CU_ASSERT(plant->capacity_t > 0);
            CU_ASSERT(i == 0 || plant->capacity_t <= plants->plant[i - 1].capacity_t);
            CU_ASSERT(plant->furnaces >= 1 && plant->furnaces <= PLANT_HEATS);
            double hours = plant->heat_hours + 1.5;
            double most = plant->furnaces * plant->heat_t * 8760 / hours * 0.9;
            CU_ASSERT(most >= plant->capacity_t * (1 - 1e-9));
            CU_ASSERT(plant->avoidable > 0);
            CU_ASSERT_EQUAL(plant->open, 0.55);
        }
        for (int a = 0; a < ALLOYS; a++)
            by_alloy += plants_capacity_t(&w->f.places[d], a);
        CU_ASSERT_DOUBLE_EQUAL(sum, capacity, 1e-9 * capacity);
        CU_ASSERT_DOUBLE_EQUAL(by_alloy, capacity, 1e-9 * capacity);
    }
    CU_ASSERT(count > 315 && count < 385);
    whole_close(w);
}

static int by_capacity(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* Over several seeds: the ten largest stay below 35 % (calibration target), and the nation's
 * products have their wanted shares within the size of a plant. */
static void test_structure(void)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct whole *w = whole_open();
        whole_start(w, seed);
        static double all[PROVINCES * 200];
        double sum = 0, ten = 0, alloy[ALLOYS] = {0};
        size_t count = 0;
        for (int d = 0; d < PROVINCES; d++) {
            const struct plants *plants = plants_of(&w->f.places[d]);
            for (int i = 0; i < plants->count; i++) {
                const struct plant *plant = &plants->plant[i];
                all[count++] = plant->capacity_t;
                sum += plant->capacity_t;
                alloy[plant->alloy] += plant->capacity_t;
            }
        }
        qsort(all, count, sizeof *all, by_capacity);
        for (int i = 0; i < 10; i++)
            ten += all[i];
        CU_ASSERT(ten < 0.35 * sum);
        const double *share = plants_params_of(w->f.world)->product_share;
        double shares = 0;
        for (int a = 0; a < ALLOYS; a++)
            shares += share[a];
        for (int a = 0; a < ALLOYS; a++) {
            CU_ASSERT(alloy[a] > 0);
            CU_ASSERT_DOUBLE_EQUAL(alloy[a] / sum, share[a] / shares, 0.04);
        }
        whole_close(w);
    }
}

/* One seed gives one population, whatever else a scenario changes; another seed another one. */
static void test_pairing(void)
{
    double size[3][8], cost[3][8];
    for (int k = 0; k < 3; k++) {
        struct whole *w = whole_open();
        if (k == 1) {
            fixture_set(&w->f, "sales.risk_cny_t", 300);
            fixture_set(&w->f, "imports.handling_cny_t", 300);
            fixture_set(&w->f, "capacity.project_t", 40e3);
        }
        whole_start(w, k < 2 ? 11 : 12);
        const struct plants *plants = plants_of(&w->f.places[GUANGDONG]);
        for (int i = 0; i < 8; i++) {
            size[k][i] = plants->plant[i].capacity_t;
            cost[k][i] = plants->plant[i].avoidable;
        }
        whole_close(w);
    }
    for (int i = 0; i < 8; i++) {
        CU_ASSERT_EQUAL(size[0][i], size[1][i]);
        CU_ASSERT_EQUAL(cost[0][i], cost[1][i]);
        CU_ASSERT_NOT_EQUAL(size[0][i], size[2][i]);
        CU_ASSERT_NOT_EQUAL(cost[0][i], cost[2][i]);
    }
}

/* Monotone in the quantity, from the cheapest plant's cost to the dearest's, and steady: a small
 * step in quantity is a small step in cost. */
static void test_merit(void)
{
    struct whole *w = whole_open();
    whole_start(w, 3);
    int tried = 0;
    for (int d = 0; d < PROVINCES; d++) {
        struct place *place = &w->f.places[d];
        for (int a = 0; a < ALLOYS; a++) {
            const struct plants *plants = plants_of(place);
            double low = INFINITY, high = 0;
            for (int i = 0; i < plants->count; i++) {
                if (plants->plant[i].alloy != a)
                    continue;
                low = fmin(low, plants->plant[i].avoidable);
                high = fmax(high, plants->plant[i].avoidable);
            }
            double index = pow(1 + plants_params_of(w->f.world)->cost_growth, 2019 - 2024.5);
            double capacity = plants_capacity_t(place, a) * 0.9 / 365, last = 0;
            if (isinf(low)) {
                CU_ASSERT_EQUAL(plants_merit_cost(place, a, 100), 0);
                continue;
            }
            tried++;
            for (int k = 0; k <= 100; k++) {
                double cost = plants_merit_cost(place, a, capacity * k * 0.011);
                CU_ASSERT(cost >= low * index * (1 - 1e-12) && cost <= high * index * (1 + 1e-12));
                CU_ASSERT(cost >= last);
                last = cost;
            }
            CU_ASSERT_DOUBLE_EQUAL(plants_merit_cost(place, a, 0), low * index, 1e-9);
            CU_ASSERT_DOUBLE_EQUAL(last, high * index, 1e-9);
        }
    }
    CU_ASSERT(tried > 60);
    whole_close(w);
}

/* Two plants of equal cost count with both their capacities. */
static void test_merit_tie(void)
{
    struct whole *w = whole_open();
    whole_start(w, 3);
    struct place *place = &w->f.places[GUANGDONG];
    struct plants *plants = plants_of(place);
    int first = -1, found = 0;
    for (int i = 0; i < plants->count; i++) {
        struct plant *plant = &plants->plant[i];
        if (plant->alloy != ALLOY_ADC12)
            continue;
        found++;
        plant->capacity_t = found <= 3 ? 36500 : 0;
        plant->avoidable = found == 3 ? 900 : 700;
        first = first < 0 ? i : first;
    }
    CU_ASSERT(found >= 3);
    double day = 100 * plants_params_of(place->world)->availability; /* t a day of one of them */
    double cheap = plants_merit_cost(place, ALLOY_ADC12, 0.5 * day);
    double dear = plants_merit_cost(place, ALLOY_ADC12, 3 * day);
    CU_ASSERT_DOUBLE_EQUAL(dear / cheap, 900.0 / 700, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(plants_merit_cost(place, ALLOY_ADC12, 1.9 * day), cheap, 1e-9);
    CU_ASSERT(plants_merit_cost(place, ALLOY_ADC12, 2.5 * day) > 1.05 * cheap);
    whole_close(w);
}

static void schedule_start(struct place *place, int hour, int alloy, double t, int expand)
{
    union sim_data data = {.i = {alloy, 0, expand, 7}};
    data.f[1] = t;
    sim_schedule(place->domain, hour * SIM_HOUR, 8, START, 0, &data);
}

/* New plants and expansions, more of them than there is room for, two at the same moment: capacity
 * adds up, all equipment can make it, shifts stay as they were in tonnes. */
static void test_growth(void)
{
    struct whole *w = whole_open();
    whole_start(w, 4);
    struct place *place = &w->f.places[GUANGDONG];
    struct plants *plants = plants_of(place);
    double before = 0, manned = plants->plant[1].capacity_t * plants->plant[1].open;
    for (int i = 0; i < plants->count; i++)
        before += plants->plant[i].capacity_t;
    int count = plants->count;
    schedule_start(place, 2, plants->plant[1].alloy, 20e3, 1);
    for (int k = 0; k < 40; k++)
        schedule_start(place, 3 + k / 2, k % ALLOYS, 10e3, -1);
    w->asleep[COMPONENT_CAPACITY] = true;
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_OK);
    double after = 0;
    for (int i = 0; i < plants->count; i++) {
        const struct plant *plant = &plants->plant[i];
        after += plant->capacity_t;
        CU_ASSERT(plant->furnaces >= 1 && plant->furnaces <= PLANT_HEATS);
        CU_ASSERT(plant->open >= 0 && plant->open <= 1);
    }
    CU_ASSERT(plants->count > count && plants->count <= plants->capacity);
    CU_ASSERT_DOUBLE_EQUAL(after, before + 420e3, 1e-6);
    CU_ASSERT(plants->plant[1].capacity_t * plants->plant[1].open <= manned * 1.1);
    whole_days(w, 45);
    CU_ASSERT(plants->plant[count].heats_started > 0);
    CU_ASSERT(whole_plants_balanced(place));
    whole_close(w);
}

/* A closed plant starts nothing, and its stock can still be sold; capacity that was decided for it
 * before brings it back to work. */
static void test_exit(void)
{
    struct whole *w = whole_open();
    whole_start(w, 4);
    w->asleep[COMPONENT_CAPACITY] = true;
    struct place *place = &w->f.places[GUANGDONG];
    struct plants *plants = plants_of(place);
    struct plant *plant = &plants->plant[2];
    whole_days(w, 20);
    CU_ASSERT(plant->heats_started > 0);
    sim_schedule(place->domain, 20 * SIM_DAY + SIM_HOUR, 8, EXIT, 2, NULL);
    whole_days(w, 2);
    uint64_t started = plant->heats_started;
    double output = plant->output_t;
    int64_t stock = plant->finished.q[LOT_METAL];
    CU_ASSERT_EQUAL(plant->capacity_t, 0);
    CU_ASSERT_EQUAL(plant->busy, 0);
    whole_days(w, 28);
    CU_ASSERT_EQUAL(plant->heats_started, started);
    CU_ASSERT_EQUAL(plant->output_t, output);
    CU_ASSERT(plant->finished.q[LOT_METAL] <= stock);
    CU_ASSERT(whole_plants_balanced(place));
    schedule_start(place, 50 * 24 + 1, plant->alloy, 60e3, 2);
    whole_days(w, 40);
    CU_ASSERT_EQUAL(plant->capacity_t, 60e3);
    CU_ASSERT(plant->open > 0);
    CU_ASSERT(plant->heats_started > started);
    CU_ASSERT(whole_plants_balanced(place));
    whole_close(w);
}

/* Product is drawn from the plant that has most, exactly, or not at all. */
static void test_draw(void)
{
    struct whole *w = whole_open();
    whole_start(w, 4);
    struct place *place = &w->f.places[GUANGDONG];
    struct plants *plants = plants_of(place);
    struct lot lot;
    uint32_t number = 99;
    double before = plants_finished_t(place, ALLOY_ADC12);
    int64_t most = 0;
    for (int i = 0; i < plants->count; i++) {
        if (plants->plant[i].alloy == ALLOY_ADC12 && plants->plant[i].finished.q[LOT_METAL] > most)
            most = plants->plant[i].finished.q[LOT_METAL];
    }
    CU_ASSERT_FALSE(plants_draw(place, ALLOY_ADC12, most + 1, &lot, &number));
    CU_ASSERT_FALSE(plants_draw(place, ALLOY_ADC12, 0, &lot, &number));
    CU_ASSERT_FALSE(plants_draw(place, ALLOY_ADC12, -5, &lot, &number));
    CU_ASSERT_TRUE(plants_draw(place, ALLOY_ADC12, 12345678, &lot, &number));
    CU_ASSERT_EQUAL(lot.q[LOT_METAL], 12345678);
    CU_ASSERT_EQUAL(lot.load, ALLOY_ADC12);
    CU_ASSERT_EQUAL(plants->plant[number].finished.q[LOT_METAL], most - 12345678);
    CU_ASSERT_DOUBLE_EQUAL(plants_finished_t(place, ALLOY_ADC12), before - 12.345678, 1e-6);
    CU_ASSERT(whole_plants_balanced(place));
    int64_t cash = plants->plant[number].cash;
    plants_paid(place, number, 4321);
    CU_ASSERT_EQUAL(plants->plant[number].cash, cash + 4321);
    CU_ASSERT(whole_plants_balanced(place));
    whole_close(w);
}

/* The refund grows with the share of scrap that is invoiced and with the refunded share, and is
 * nothing without a refund. */
static void test_relief(void)
{
    struct whole *w = whole_open();
    whole_start(w, 4);
    struct place *place = &w->f.places[GUANGDONG];
    place->policy.vat_refund = 0;
    place->policy.rebate_cny_t = 0;
    CU_ASSERT_EQUAL(plants_relief_cny_t(place, 17000, 15500), 0);
    place->policy.vat_refund = 0.3;
    place->policy.invoiced_old_scrap = 0;
    double none = plants_relief_cny_t(place, 17000, 15500);
    place->policy.invoiced_old_scrap = 1;
    double all = plants_relief_cny_t(place, 17000, 15500);
    place->policy.rebate_cny_t = 150;
    CU_ASSERT(none != all && none >= 0 && all >= 0);
    CU_ASSERT_DOUBLE_EQUAL(plants_relief_cny_t(place, 17000, 15500), all + 150, 1e-9);
    whole_close(w);
}

static void test_unknown_event(void)
{
    struct whole *w = whole_open();
    whole_start(w, 4);
    sim_schedule(w->f.places[GUANGDONG].domain, SIM_HOUR, 8, (COMPONENT_SMELTERS << 8) + 200, 0,
                 NULL);
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_MODEL);
    CU_ASSERT_PTR_NOT_NULL(strstr(sim_engine_failure(w->f.engine)->text, "unknown event"));
    whole_close(w);
}

int main(void)
{
    CU_TestInfo tests[] = {{"population", test_population},
                           {"concentration and products", test_structure},
                           {"pairing", test_pairing},
                           {"merit order", test_merit},
                           {"equal costs", test_merit_tie},
                           {"growth", test_growth},
                           {"exit", test_exit},
                           {"drawing product", test_draw},
                           {"relief", test_relief},
                           {"unknown event", test_unknown_event},
                           CU_TEST_INFO_NULL};
    return suite_run("plants", tests);
}
