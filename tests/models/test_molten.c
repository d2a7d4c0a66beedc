/* Molten supply on a frozen board, with plants that the test fills: saving and reach, adoption,
 * ladles, failures, and books. */
#include "probe.h"

#include "../../models/downstream.h"
#include "../../models/molten.h"
#include "../../models/molten_contracts.h"
#include "../../models/plants.h"
#include "../suite.h"

static const int chain[] = {COMPONENT_SALES, COMPONENT_DOWNSTREAM, COMPONENT_MOLTEN};
enum { GUANGDONG = 18, HUNAN = 17, TIBET = 25, LOCAL = COMPONENT_MOLTEN << 8 };
enum { CALLED = LOCAL + 1, DEPARTED, DELIVERED, RETURNED };

/* One plant per alloy and province with metal for years, or without any. */
static void fill_plants(struct place *place, double finished_t)
{
    if (place->index == NATION)
        return;
    struct plants *plants = calloc(1, sizeof *plants);
    sim_require(plants, "memory");
    plants->plant = calloc(ALLOYS, sizeof *plants->plant);
    sim_require(plants->plant, "memory");
    place->state[COMPONENT_SMELTERS] = plants;
    double capacity = place->world->province[place->index].capacity_2024_t;
    plants->count = capacity > 0 ? ALLOYS : 0;
    for (int a = 0; a < plants->count; a++) {
        struct plant *plant = &plants->plant[a];
        plant->alloy = a;
        plant->capacity_t = capacity;
        plant->open = 1;
        plant->finished = lot_make((int64_t)(finished_t * 1e6), place->world->alloy[a].typical, 0);
        place_enter(place, ACCOUNT_METALS, ACCOUNT_FINISHED, &plant->finished);
    }
}

static void full(struct place *place)
{
    fill_plants(place, 4e6);
}

static void empty(struct place *place)
{
    fill_plants(place, 0);
}

static struct probe *ready(double trucks)
{
    struct probe *p = probe_open();
    fixture_set(&p->f, "resolution.trucks_per_lot", trucks);
    p->prepare = full;
    p->mute[COMPONENT_SALES] = true;
    return p;
}

static void start(struct probe *p, uint64_t seed)
{
    probe_world(p);
    CU_ASSERT_EQUAL(probe_start(p, chain, 3, seed), SIM_OK);
    probe_board(p); /* sales have published prices of their own */
}

static void finish(struct probe *p)
{
    for (int d = 0; d < DOMAINS; d++) {
        struct plants *plants = p->f.places[d].state[COMPONENT_SMELTERS];
        if (plants)
            free(plants->plant);
        free(plants);
    }
    probe_close(p);
}

/* The report's figures: 330 CNY/t at 30 km, nothing at 140; 690 degrees at 118.5 km for a ladle
 * that cools by 15 degrees an hour. */
static void test_route(void)
{
    struct probe *p = ready(10);
    start(p, 1);
    CU_ASSERT_DOUBLE_EQUAL(molten_saving_cny_t(p->f.world, 30), 330, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(molten_saving_cny_t(p->f.world, 140), 0, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(molten_arrival_c(p->f.world, 118.5, 15), 690, 1e-9);
    CU_ASSERT(molten_arrival_c(p->f.world, 200, 7) > 690);
    CU_ASSERT_DOUBLE_EQUAL(molten_ladle_t(p->f.world), 6, 0);
    const struct place *place = &p->f.places[GUANGDONG];
    CU_ASSERT(molten_gain_cny_t(place, 30, 2024) > 0);
    CU_ASSERT(molten_gain_cny_t(place, 400, 2024) <= 0);
    CU_ASSERT_EQUAL(molten_share(place, ALLOY_6063), 0);
    CU_ASSERT_EQUAL(molten_month_t(&p->f.places[NATION]), 0);
    finish(p);
}

/* Distances have the stated median; contracts never fall while the offer stands, grow faster in
 * deltas, stop where nothing is saved, and end when the saving goes. */
static void test_adoption(void)
{
    struct probe *p = ready(10);
    start(p, 5);
    int below = 0, before = 0, here = 0, there = 0;
    for (int d = 0; d < PROVINCES; d++) {
        struct molten_contracts m = {.count = 0};
        molten_contracts_draw(&m, &p->f.places[d]);
        for (int c = 0; c < MOLTEN_CUSTOMERS; c++)
            below += m.customer[c].km < 60;
        before = 0;
        for (int year = 2019; year < 2030; year++) {
            molten_contracts_adopt(&m, &p->f.places[d], year, 1, 1);
            CU_ASSERT(m.count >= before);
            before = m.count;
        }
        here += m.count;
        for (int c = 0; c < MOLTEN_CUSTOMERS; c++)
            CU_ASSERT(!m.customer[c].signed_up || m.customer[c].km < 140);
        molten_contracts_draw(&m, &p->f.places[d]);
        for (int year = 2019; year < 2030; year++)
            molten_contracts_adopt(&m, &p->f.places[d], year, 1, 0.4);
        there += m.count;
        molten_contracts_adopt(&m, &p->f.places[d], 2030, 1, 0);
    }
    CU_ASSERT_DOUBLE_EQUAL((double)below / (PROVINCES * MOLTEN_CUSTOMERS), 0.5, 1e-9);
    CU_ASSERT(here > there && there > 0 && here < PROVINCES * MOLTEN_CUSTOMERS);
    finish(p);
    p = ready(10);
    fixture_set_path(&p->f, "molten.support", -1000);
    start(p, 5);
    struct molten_contracts m = {.count = 3};
    molten_contracts_draw(&m, &p->f.places[GUANGDONG]);
    m.customer[3].signed_up = true;
    molten_contracts_adopt(&m, &p->f.places[GUANGDONG], 2025, 1, 1);
    CU_ASSERT_EQUAL(m.count, 0);
    CU_ASSERT(!m.customer[3].signed_up);
    finish(p);
}

/* Two years with metal at hand: every call is filled, delivered and its ladles return; 0.9 % is
 * lost; deliveries concentrate in the deltas and stay within reach; plants are paid. */
static void test_deliveries(void)
{
    struct probe *p = ready(10);
    start(p, 7);
    fixture_until(&p->f, 2021);
    double t = fixture_year(&p->f, "molten_output", 2020, 1);
    CU_ASSERT(t > 1e6 && t < 4e6);
    CU_ASSERT_DOUBLE_EQUAL(fixture_year(&p->f, "molten_output_by_province", 2020, PROVINCES), t,
                           1e-6 * t);
    CU_ASSERT_EQUAL(p->events[EVENT_MOLTEN_ORDER] > 0, true);
    CU_ASSERT(p->events[CALLED] >= p->events[DEPARTED]);
    CU_ASSERT((double)p->events[RETURNED] > 0.99 * (double)p->events[EVENT_MOLTEN_ORDER]);
    CU_ASSERT(fixture_value(&p->f, "molten_delta_share", 20, 0) > 0.7);
    CU_ASSERT(fixture_value(&p->f, "molten_reach", 20, 0) < 140);
    CU_ASSERT(fixture_value(&p->f, "molten_reach", 20, 0) > 100);
    double km = fixture_value(&p->f, "molten_distance", 20, 0);
    CU_ASSERT(km > 30 && km < 70);
    /* Only ladles that would arrive too cold, time after time, are passed on. */
    CU_ASSERT(fixture_year(&p->f, "molten_passed_on", 2020, 1) < 0.01 * t);
    int64_t lost = 0, kept = 0, paid = 0;
    for (int d = 0; d < PROVINCES; d++) {
        const struct sim_ledger *ledger = &p->f.places[d].ledger;
        lost += sim_ledger_balance(ledger, ACCOUNT_LOSSES, LOT_METAL);
        kept += sim_ledger_balance(ledger, ACCOUNT_CUSTOMERS, LOT_METAL);
        paid += sim_ledger_balance(ledger, ACCOUNT_CASH_PLANTS, LOT_MONEY);
        CU_ASSERT_EQUAL(sim_ledger_balance(ledger, ACCOUNT_LOSSES, LOT_CO2), 0);
    }
    CU_ASSERT_DOUBLE_EQUAL((double)lost / (double)(lost + kept), 0.009, 1e-6);
    double price = (double)paid / 100 / ((double)(lost + kept) / 1e6);
    double alloy = p->f.run.boards[0].alloy[GUANGDONG][ALLOY_ADC12].price;
    CU_ASSERT(price > alloy && price < alloy + 200);
    CU_ASSERT(probe_balanced(p));
    CU_ASSERT_EQUAL(fixture_value(&p->f, "secondary_use_by_sector", 20, SECTOR_BUILDING), 0);
    CU_ASSERT(molten_share(&p->f.places[GUANGDONG], ALLOY_ADC12) > 0);
    CU_ASSERT_EQUAL(molten_share(&p->f.places[TIBET], ALLOY_ADC12), 0);
    finish(p);
}

/* Without metal nothing is delivered: calls are retried until the customer melts ingot. */
static void test_no_metal(void)
{
    struct probe *p = ready(10);
    p->prepare = empty;
    start(p, 7);
    fixture_month(&p->f);
    CU_ASSERT_EQUAL(fixture_value(&p->f, "molten_output", 0, 0), 0);
    CU_ASSERT(fixture_value(&p->f, "molten_passed_on", 0, 0) > 0);
    CU_ASSERT(p->events[CALLED] > 5 * p->events[EVENT_MOLTEN_ORDER]);
    CU_ASSERT_EQUAL(p->events[DEPARTED], 0);
    CU_ASSERT(isnan(fixture_value(&p->f, "molten_reach", 0, 0)));
    CU_ASSERT(probe_balanced(p));
    finish(p);
}

/* Metal for three ladles of a call for ten: what can be filled is, the rest waits; when metal is
 * tapped it is served before its hour is over. */
static void test_split(void)
{
    struct probe *p = ready(10);
    p->prepare = empty;
    start(p, 7);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, 9 * SIM_DAY, NULL), SIM_OK);
    struct place *place = &p->f.places[GUANGDONG];
    struct plants *plants = place->state[COMPONENT_SMELTERS];
    CU_ASSERT_EQUAL(p->events[DEPARTED], 0);
    struct lot metal = lot_make(19 * TONNE, place->world->alloy[ALLOY_ADC12].typical, 0);
    place_enter(place, ACCOUNT_METALS, ACCOUNT_FINISHED, &metal);
    lot_add(&plants->plant[ALLOY_ADC12].finished, &metal);
    molten_serve(place, ALLOY_ADC12);
    molten_serve(place, ALLOY_6063);
    molten_serve(&p->f.places[NATION], ALLOY_ADC12);
    /* Two ladles of ten, or of five; never all, and never more than there is. */
    double left = lot_tonnes(&plants->plant[ALLOY_ADC12].finished);
    CU_ASSERT(left < 7 && left >= 1);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, 10 * SIM_DAY, NULL), SIM_OK);
    CU_ASSERT(p->events[DEPARTED] > 0);
    CU_ASSERT_DOUBLE_EQUAL(molten_month_t(place), (19 - left) * (1 - 0.009), 6.1);
    CU_ASSERT(probe_balanced(p));
    finish(p);
}

/* A fleet for a fifth of the flow: ladles are what limits deliveries. */
static void test_fleet(void)
{
    double t[2], passed[2];
    for (int k = 0; k < 2; k++) {
        struct probe *p = ready(1);
        fixture_set(&p->f, "molten.fleet_factor", k ? 1.3 : 0.2);
        start(p, 7);
        fixture_month(&p->f);
        t[k] = fixture_value(&p->f, "molten_output", 0, 0);
        passed[k] = fixture_value(&p->f, "molten_passed_on", 0, 0);
        finish(p);
    }
    CU_ASSERT(t[0] < 0.6 * t[1] && t[0] > 0);
    CU_ASSERT(passed[0] > 10 * passed[1]);
}

/* Ladles that cool too fast for everybody are never sent. */
static void test_cold(void)
{
    struct probe *p = ready(10);
    fixture_set(&p->f, "molten.minimum_c", 735.3); /* within reach of a few hours of the best */
    start(p, 7);
    fixture_month(&p->f);
    double some = fixture_value(&p->f, "molten_output", 0, 0);
    CU_ASSERT_EQUAL(some, 0);
    CU_ASSERT_EQUAL(p->events[DEPARTED], 0);
    finish(p);
}

/* Groups of ten ladles deliver what single ladles deliver. */
static void test_batches(void)
{
    double t[2];
    int64_t events[2];
    for (int k = 0; k < 2; k++) {
        struct probe *p = ready(k ? 10 : 1);
        start(p, 9);
        fixture_month(&p->f);
        fixture_month(&p->f);
        t[k] = fixture_value(&p->f, "molten_output", 0, 0) +
               fixture_value(&p->f, "molten_output", 1, 0);
        events[k] = p->events[EVENT_MOLTEN_ORDER];
        finish(p);
    }
    CU_ASSERT_DOUBLE_EQUAL(t[1] / t[0], 1, 0.02);
    CU_ASSERT(events[0] > 4 * events[1]);
}

/* A call without any customer under contract becomes an order of ingot; two at the same moment. */
static void test_no_contract(void)
{
    struct probe *p = ready(10);
    start(p, 9);
    struct sim_domain *domain = p->f.places[TIBET].domain;
    union sim_data data = {.i = {ALLOY_ADC12, 12 * TONNE, SECTOR_CARS_ICE, 2, 1}};
    sim_schedule(domain, 30 * SIM_HOUR, 8, EVENT_MOLTEN_ORDER, 0, &data);
    sim_schedule(domain, 30 * SIM_HOUR, 8, EVENT_MOLTEN_ORDER, 0, &data);
    int64_t before = p->caught_g[EVENT_SALES_ORDER];
    fixture_month(&p->f);
    CU_ASSERT(p->caught_g[EVENT_SALES_ORDER] >= before + 24 * TONNE);
    CU_ASSERT(fixture_value(&p->f, "molten_passed_on", 0, 0) >= 24);
    finish(p);
}

static void test_errors(void)
{
    static const union sim_data bad[] = {{.i = {ALLOY_6063, TONNE, 0, 1, 0}},
                                         {.i = {ALLOY_ADC12, TONNE, 0, 0, 0}},
                                         {.i = {ALLOY_ADC12, TONNE, 0, 11, 0}}};
    for (int k = 0; k < 4; k++) {
        struct probe *p = ready(10);
        start(p, 9);
        uint16_t kind = k < 3 ? EVENT_MOLTEN_ORDER : (uint16_t)(LOCAL + 99);
        sim_schedule(p->f.places[HUNAN].domain, SIM_HOUR, 8, kind, 0, &bad[k < 3 ? k : 0]);
        CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_MODEL);
        finish(p);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {{"saving and reach", test_route},
                           {"adoption", test_adoption},
                           {"deliveries", test_deliveries},
                           {"no metal", test_no_metal},
                           {"a call that is split", test_split},
                           {"a small fleet", test_fleet},
                           {"cold ladles", test_cold},
                           {"groups of ladles", test_batches},
                           {"no contract", test_no_contract},
                           {"errors", test_errors},
                           CU_TEST_INFO_NULL};
    return suite_run("molten", tests);
}
