/* Users of alloys alone: demand, preference, orders, deliveries and books, on a frozen board. */
#include "probe.h"

#include "../../models/downstream.h"
#include "../suite.h"

static const int only[] = {COMPONENT_DOWNSTREAM};
enum { GUANGDONG = 18, TIBET = 25 };

static struct probe *ready(double trucks)
{
    struct probe *p = probe_open();
    fixture_set(&p->f, "resolution.trucks_per_lot", trucks);
    probe_world(p);
    return p;
}

static double national(struct probe *p, int first, int end)
{
    double sum = 0;
    for (int d = 0; d < PROVINCES; d++) {
        for (int a = first; a < end; a++)
            sum += downstream_demand_t_day(&p->f.places[d], a);
    }
    return sum;
}

/* 1 at the advantage of 2024, rising, and bounded by the share of all buyers. */
static void test_preference(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_DOUBLE_EQUAL(downstream_preference(p->f.world, true, 0.06), 1, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(downstream_preference(p->f.world, false, 0.007), 1, 1e-12);
    /* At the offset half of the buyers choose secondary. */
    double most = downstream_preference(p->f.world, true, 10);
    CU_ASSERT_DOUBLE_EQUAL(downstream_preference(p->f.world, true, 0.03), most / 2, 1e-9);
    for (int c = 0; c < 2; c++) {
        double before = 0;
        for (double advantage = -0.2; advantage < 0.2; advantage += 0.0137) {
            double now = downstream_preference(p->f.world, c, advantage);
            CU_ASSERT(now > before);
            before = now;
        }
        CU_ASSERT(before < 1 + exp(1.2));
    }
    probe_close(p);
}

/* The first morning's demand: cast and wrought near the totals of 2024 for a board of 2024 (season
 * of 1 January aside), nothing where nothing is used, and sectors' responses. */
static void test_demand(void)
{
    struct probe *p = ready(10);
    fixture_set(&p->f, "calendar.seasons", 0);
    probe_world(p);
    fixture_set_path(&p->f, "downstream.acceptance_wrought", 1);
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 2), SIM_OK);
    CU_ASSERT_EQUAL(downstream_demand_t_day(&p->f.places[GUANGDONG], ALLOY_ADC12), 0);
    CU_ASSERT_EQUAL(downstream_demand_t_day(&p->f.places[NATION], ALLOY_ADC12), 0);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_OK);
    double cast = 365.25 * national(p, 0, CAST_ALLOYS),
           wrought = 365.25 * national(p, CAST_ALLOYS, ALLOYS);
    CU_ASSERT(cast > 6.3e6 && cast < 8.5e6);
    CU_ASSERT(wrought > 3.3e6 && wrought < 5.2e6);
    CU_ASSERT_EQUAL(downstream_demand_t_day(&p->f.places[TIBET], ALLOY_ADC12), 0);
    double share = downstream_demand_t_day(&p->f.places[GUANGDONG], ALLOY_A356) /
                   national(p, ALLOY_A356, ALLOY_A356 + 1);
    CU_ASSERT_DOUBLE_EQUAL(share, p->f.world->province[GUANGDONG].cast_demand_share, 1e-3);
    /* Dearer secondary alloy is asked for less. */
    for (int b = 0; b < 2; b++) {
        for (int d = 0; d < PROVINCES; d++)
            p->f.run.boards[b].alloy[d][ALLOY_ADC12].price *= 1.03;
    }
    double before = national(p, ALLOY_ADC12, ALLOY_ADC12 + 1);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, 2 * SIM_DAY, NULL), SIM_OK);
    CU_ASSERT(national(p, ALLOY_ADC12, ALLOY_ADC12 + 1) < 0.9 * before);
    probe_close(p);
}

/* What is ordered is demand less imported ingot plus exports; all of it is addressed to provinces
 * that can supply. */
static void test_orders(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 2), SIM_OK);
    double demand = 0;
    for (int64_t day = 1; day <= 365; day++) {
        CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, day * SIM_DAY, NULL), SIM_OK);
        demand += national(p, 0, ALLOYS);
    }
    p->f.month = 11;
    fixture_month(&p->f);
    double imports = fixture_value(&p->f, "alloy_imports", 11, 0);
    CU_ASSERT_DOUBLE_EQUAL(imports, 0.216e6, 0.03e6);
    /* Another day of orders and deliveries of nothing. */
    double ordered = (double)p->caught_g[EVENT_SALES_ORDER] / 1e6;
    CU_ASSERT_DOUBLE_EQUAL(ordered / (demand - imports + 0.2e6), 1, 0.01);
    CU_ASSERT_EQUAL(p->caught_by[TIBET], 0);
    CU_ASSERT(p->caught_by[GUANGDONG] > 0);
    CU_ASSERT_EQUAL(fixture_value(&p->f, "demand_to_primary", 11, 0), 0);
    const int64_t *last = p->last_data.i;
    CU_ASSERT(last[0] >= 0 && last[0] < ALLOYS && last[3] >= 0 && last[3] <= DOWNSTREAM_EXPORT);
    CU_ASSERT(last[4] > 364 * SIM_DAY);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

/* Where nobody supplies, orders turn to primary and nothing is sent. */
static void test_no_supplier(void)
{
    struct probe *p = ready(10);
    for (int b = 0; b < 2; b++) {
        for (int d = 0; d < PROVINCES; d++) {
            for (int a = 0; a < ALLOYS; a++)
                p->f.run.boards[b].alloy[d][a].weight = 0;
        }
    }
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 2), SIM_OK);
    fixture_month(&p->f);
    CU_ASSERT_EQUAL(p->events[EVENT_SALES_ORDER], 0);
    CU_ASSERT(fixture_value(&p->f, "demand_to_primary", 0, 0) > 0);
    probe_close(p);
}

static struct lot delivered(struct probe *p, int province, int alloy)
{
    struct lot lot = lot_make(30 * TONNE, p->f.world->alloy[alloy].typical, 0);
    lot.load = (uint16_t)alloy;
    place_enter(&p->f.places[province], ACCOUNT_METALS, ACCOUNT_MOTION, &lot);
    return lot;
}

/* Two deliveries at the same moment, one cast and one wrought, an export and a cancelled order. */
static void test_deliveries(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 2), SIM_OK);
    struct sim_domain *domain = p->f.places[GUANGDONG].domain;
    static const int alloys[] = {ALLOY_ADC12, ALLOY_6063, ALLOY_ADC12};
    static const int sectors[] = {SECTOR_CARS_ICE, SECTOR_BUILDING, DOWNSTREAM_EXPORT};
    for (int n = 0; n < 3; n++) {
        struct lot lot = delivered(p, GUANGDONG, alloys[n]);
        union sim_data data = {.i = {sectors[n]}};
        sim_schedule_cargo(domain, 9 * SIM_HOUR, 8, EVENT_CUSTOMER_TRUCK, 0, &data, &lot,
                           sizeof lot);
    }
    union sim_data data = {.i = {ALLOY_ADC12, 17 * TONNE, SECTOR_MACHINERY}};
    sim_schedule(domain, 9 * SIM_HOUR, 8, EVENT_CUSTOMER_CANCEL, 0, &data);
    fixture_month(&p->f);
    CU_ASSERT_DOUBLE_EQUAL(fixture_value(&p->f, "secondary_use_by_sector", 0, SECTOR_CARS_ICE), 30,
                           1e-9);
    CU_ASSERT_DOUBLE_EQUAL(fixture_value(&p->f, "secondary_use_by_sector", 0, SECTOR_BUILDING), 30,
                           1e-9);
    CU_ASSERT_DOUBLE_EQUAL(fixture_value(&p->f, "cast_use_by_sector", 0, SECTOR_CARS_ICE), 30,
                           1e-9);
    CU_ASSERT_EQUAL(fixture_value(&p->f, "cast_use_by_sector", 0, SECTOR_BUILDING), 0);
    CU_ASSERT_DOUBLE_EQUAL(fixture_value(&p->f, "alloy_exports", 0, 0), 30, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(fixture_value(&p->f, "demand_to_primary", 0, 0), 17, 1e-9);
    const struct sim_ledger *ledger = &p->f.places[GUANGDONG].ledger;
    CU_ASSERT_EQUAL(sim_ledger_balance(ledger, ACCOUNT_CUSTOMERS, LOT_METAL), 90 * TONNE);
    /* Only the domestic casting alloy is remelted: about 0.22 t CO2 per t. */
    double kg = (double)sim_ledger_balance(ledger, ACCOUNT_CUSTOMERS, LOT_CO2) / 1000;
    CU_ASSERT(kg > 30 * 120 && kg < 30 * 350);
    /* The next month starts from nothing. */
    fixture_month(&p->f);
    CU_ASSERT_EQUAL(fixture_value(&p->f, "secondary_use_by_sector", 1, SECTOR_CARS_ICE), 0);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

/* Single orders and lots of ten ask for the same amount. */
static void test_batches(void)
{
    double sum[2];
    for (int k = 0; k < 2; k++) {
        struct probe *p = ready(k ? 10 : 1);
        CU_ASSERT_EQUAL(probe_start(p, only, 1, 3), SIM_OK);
        fixture_month(&p->f);
        fixture_month(&p->f);
        sum[k] = (double)p->caught_g[EVENT_SALES_ORDER];
        probe_close(p);
    }
    CU_ASSERT_DOUBLE_EQUAL(sum[1] / sum[0], 1, 0.01);
}

/* The lever of joint development: a higher share in new-energy vehicles moves their demand alone.
 */
static void test_nev(void)
{
    double sum[2], other[2];
    for (int k = 0; k < 2; k++) {
        struct probe *p = ready(10);
        fixture_set_path(&p->f, "downstream.nev_acceptance", k ? 3 : 1);
        CU_ASSERT_EQUAL(probe_start(p, only, 1, 3), SIM_OK);
        CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_OK);
        sum[k] = national(p, 0, CAST_ALLOYS);
        other[k] = national(p, ALLOY_1350, ALLOY_1350 + 1);
        probe_close(p);
    }
    CU_ASSERT(sum[1] > 1.05 * sum[0]);
    CU_ASSERT_DOUBLE_EQUAL(other[1], other[0], 1e-9 * other[0]);
}

static void test_errors(void)
{
    for (int k = 0; k < 3; k++) {
        struct probe *p = ready(10);
        CU_ASSERT_EQUAL(probe_start(p, only, 1, 3), SIM_OK);
        struct sim_domain *domain = p->f.places[GUANGDONG].domain;
        struct lot lot = delivered(p, GUANGDONG, ALLOY_ADC12);
        union sim_data data = {.i = {k == 1 ? -1 : SECTOR_OTHER}};
        lot.load = k == 2 ? ALLOYS : ALLOY_ADC12;
        if (k == 0)
            sim_schedule(domain, SIM_HOUR, 8, EVENT(COMPONENT_DOWNSTREAM, 77), 0, NULL);
        else
            sim_schedule_cargo(domain, SIM_HOUR, 8, EVENT_CUSTOMER_TRUCK, 0, &data, &lot,
                               sizeof lot);
        CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_MODEL);
        probe_close(p);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {{"preference over advantage", test_preference},
                           {"demand", test_demand},
                           {"orders", test_orders},
                           {"no supplier", test_no_supplier},
                           {"deliveries", test_deliveries},
                           {"batches", test_batches},
                           {"new-energy vehicles", test_nev},
                           {"errors", test_errors},
                           CU_TEST_INFO_NULL};
    return suite_run("downstream", tests);
}
