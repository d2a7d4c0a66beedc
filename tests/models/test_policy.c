#include "../../models/policy.h"
#include "../suite.h"
#include "fixture.h"

static int64_t day(int year, int month, int of_month)
{
    return sim_time_from_date((struct sim_date){year, month, of_month});
}

static int province(const char *name)
{
    return (int)sim_dimension_find(&labels_province, name);
}

static void open_world(struct fixture *f)
{
    CU_ASSERT_EQUAL_FATAL(fixture_world(f), SIM_OK);
}

static struct policy_state at(const struct fixture *f, int index, int64_t time)
{
    struct policy_state state;
    policy_at(f->world, index, time, &state);
    return state;
}

static void test_none(void)
{
    struct fixture f;
    fixture_open(&f);
    open_world(&f);
    struct policy_state s = at(&f, NATION, day(2030, 6, 1));
    CU_ASSERT(isinf(s.import_quota_t));
    CU_ASSERT_EQUAL(s.activity, 1);
    CU_ASSERT_EQUAL(s.collection, 1);
    CU_ASSERT_EQUAL(s.capacity_support, 1);
    CU_ASSERT_EQUAL(s.invoiced_old_scrap, 0.4);
    CU_ASSERT_EQUAL(s.semis_export_rebate, 0.13);
    CU_ASSERT(s.vat_refund == 0 && s.rebate_cny_t == 0 && s.carbon_price_cny_t == 0 && !s.futures);
    for (int o = 0; o < ORIGINS; o++)
        CU_ASSERT(s.origin_tariff[o] == 0 && s.origin_volume[o] == 1);
    for (int k = 0; k < SECTORS; k++)
        CU_ASSERT_EQUAL(s.lifetime_hazard[k], 1);
    fixture_close(&f);
}

#define POLICY(F, TYPE, DATE, ...)                                                                 \
    fixture_policy(F, TYPE, DATE, (const double[]){__VA_ARGS__},                                   \
                   sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static void test_levels(void)
{
    struct fixture f;
    int eu = (int)sim_dimension_find(&labels_origin, "EU");
    fixture_open(&f);
    POLICY(&f, "rebate", "2019-01-01", province("Anhui"), 150);
    POLICY(&f, "import_quota", "2019-07-01", 900e3);
    POLICY(&f, "import_quota", "2020-11-01", -1);
    POLICY(&f, "export_tariff", "2021-01-01", -1, 0.1);
    POLICY(&f, "vat_refund", "2022-03-01", 0.3);
    POLICY(&f, "export_tariff", "2023-01-01", eu, 0.3);
    POLICY(&f, "rebate", "2024-08-01", -1, 0);
    POLICY(&f, "semis_export_rebate", "2024-12-01", 0);
    POLICY(&f, "futures", "2025-06-10", 1);
    POLICY(&f, "capacity_support", "2026-01-01", province("Henan"), 0.5);
    open_world(&f);
    struct policy_state s = at(&f, province("Anhui"), day(2020, 6, 1));
    CU_ASSERT_EQUAL(s.import_quota_t, 900e3);
    CU_ASSERT_EQUAL(s.rebate_cny_t, 150);
    CU_ASSERT_EQUAL(at(&f, province("Henan"), day(2020, 6, 1)).rebate_cny_t, 0);
    CU_ASSERT(isinf(at(&f, NATION, day(2020, 11, 1)).import_quota_t));
    CU_ASSERT_EQUAL(at(&f, NATION, day(2020, 11, 1) - 1).import_quota_t, 900e3);
    s = at(&f, province("Anhui"), day(2025, 6, 10));
    CU_ASSERT_EQUAL(s.rebate_cny_t, 0);
    CU_ASSERT_EQUAL(s.vat_refund, 0.3);
    CU_ASSERT_EQUAL(s.origin_tariff[eu], 0.3);
    CU_ASSERT_EQUAL(s.origin_tariff[eu + 1], 0.1);
    CU_ASSERT_EQUAL(s.semis_export_rebate, 0);
    CU_ASSERT(s.futures);
    CU_ASSERT(!at(&f, NATION, day(2025, 6, 10) - 1).futures);
    CU_ASSERT_EQUAL(at(&f, province("Henan"), day(2026, 1, 1)).capacity_support, 0.5);
    CU_ASSERT_EQUAL(at(&f, province("Anhui"), day(2026, 1, 1)).capacity_support, 1);
    fixture_close(&f);
}

static void test_temporary(void)
{
    struct fixture f;
    fixture_open(&f);
    POLICY(&f, "lockdown", "2022-03-01", province("Shanghai"), 0.5, 60);
    POLICY(&f, "lockdown", "2022-04-01", -1, 0.8, 10);
    POLICY(&f, "trade_in", "2024-04-01", SECTOR_DURABLES, 1.5, 2);
    POLICY(&f, "trade_in", "2024-04-01", -1, 1.2, 1);
    open_world(&f);
    int sh = province("Shanghai");
    CU_ASSERT_EQUAL(at(&f, sh, day(2022, 2, 28)).activity, 1);
    CU_ASSERT_EQUAL(at(&f, sh, day(2022, 3, 1)).activity, 0.5);
    CU_ASSERT_DOUBLE_EQUAL(at(&f, sh, day(2022, 4, 5)).activity, 0.4, 1e-12);
    CU_ASSERT_EQUAL(at(&f, sh + 1, day(2022, 4, 5)).activity, 0.8);
    CU_ASSERT_EQUAL(at(&f, sh, day(2022, 4, 11)).activity, 0.5);
    CU_ASSERT_EQUAL(at(&f, sh, day(2022, 4, 30)).activity, 1);
    struct policy_state s = at(&f, NATION, day(2024, 6, 1));
    CU_ASSERT_DOUBLE_EQUAL(s.lifetime_hazard[SECTOR_DURABLES], 1.8, 1e-12);
    CU_ASSERT_EQUAL(s.lifetime_hazard[SECTOR_PV], 1.2);
    CU_ASSERT_EQUAL(at(&f, NATION, day(2025, 6, 1)).lifetime_hazard[SECTOR_DURABLES], 1.5);
    CU_ASSERT_EQUAL(at(&f, NATION, day(2026, 6, 1)).lifetime_hazard[SECTOR_DURABLES], 1);
    fixture_close(&f);
}

/* Of one province, built up over two years; whoever is not meant signs as usual. */
static void test_molten_support(void)
{
    struct fixture f;
    fixture_open(&f);
    POLICY(&f, "molten_support", "2026-01-01", province("Guangdong"), 240, 3, 2);
    open_world(&f);
    struct policy_state s = at(&f, province("Guangdong"), day(2027, 1, 1));
    CU_ASSERT_DOUBLE_EQUAL(s.molten_support_cny_t, 120, 0.5);
    CU_ASSERT_DOUBLE_EQUAL(s.molten_effort, 1, 0.005);
    s = at(&f, province("Guangdong"), day(2030, 1, 1));
    CU_ASSERT(s.molten_support_cny_t == 240 && s.molten_effort == 2);
    s = at(&f, province("Henan"), day(2030, 1, 1));
    CU_ASSERT(s.molten_support_cny_t == 0 && s.molten_effort == 0);
    s = at(&f, province("Guangdong"), day(2025, 12, 31));
    CU_ASSERT(s.molten_support_cny_t == 0 && s.molten_effort == 0);
    fixture_close(&f);
}

static void test_gradual(void)
{
    struct fixture f;
    fixture_open(&f);
    POLICY(&f, "reverse_invoicing", "2024-04-29", 0.7, 1);
    POLICY(&f, "collection", "2025-01-01", 1.13, 6);
    POLICY(&f, "carbon_price", "2026-01-01", 100, 0);
    POLICY(&f, "carbon_price", "2027-01-01", 200, 4);
    open_world(&f);
    double last = 0;
    for (int year = 2024; year < 2034; year++) {
        struct policy_state s = at(&f, NATION, day(year, 7, 1));
        CU_ASSERT(s.collection >= last);
        last = s.collection;
    }
    CU_ASSERT_DOUBLE_EQUAL(last, 1.13, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(at(&f, NATION, day(2028, 1, 1)).collection, 1.065, 1e-3);
    CU_ASSERT_DOUBLE_EQUAL(at(&f, NATION, day(2024, 10, 28)).invoiced_old_scrap, 0.55, 1e-3);
    CU_ASSERT_DOUBLE_EQUAL(at(&f, NATION, day(2025, 5, 1)).invoiced_old_scrap, 0.7, 1e-12);
    CU_ASSERT_EQUAL(at(&f, NATION, day(2026, 1, 1)).carbon_price_cny_t, 100);
    CU_ASSERT_DOUBLE_EQUAL(at(&f, NATION, day(2029, 1, 1)).carbon_price_cny_t, 150, 0.2);
    CU_ASSERT_EQUAL(at(&f, NATION, day(2031, 6, 1)).carbon_price_cny_t, 200);
    fixture_close(&f);
}

/* A standard acts on top of restrictions, whichever comes first. */
static void test_imports(void)
{
    struct fixture f;
    fixture_open(&f);
    POLICY(&f, "import_standard", "2024-11-15", 1.1, 0);
    POLICY(&f, "export_restriction", "2025-01-01", 2, 0.5);
    POLICY(&f, "shipping", "2025-02-01", 2, 12, 100);
    POLICY(&f, "shipping", "2025-03-01", -1, 3, 10);
    open_world(&f);
    struct policy_state s = at(&f, NATION, day(2025, 3, 5));
    CU_ASSERT_DOUBLE_EQUAL(s.origin_volume[2], 0.55, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(s.origin_volume[3], 1.1, 1e-12);
    const int components[] = {COMPONENT_POLICY};
    fixture_start(&f, components, 1, 1);
    CU_ASSERT_EQUAL(policy_shipping_days(&f.places[0], 2), 0);
    CU_ASSERT_EQUAL(sim_engine_run(f.engine, day(2025, 3, 6), NULL), SIM_OK);
    CU_ASSERT_EQUAL(policy_shipping_days(&f.places[0], 2), 15);
    CU_ASSERT_EQUAL(policy_shipping_days(&f.places[0], 3), 3);
    fixture_close(&f);
}

/* What the events keep in each place is the pure function, at any month's end; policies of one
 * moment (ties) and their ends included. */
static void test_events(void)
{
    struct fixture f;
    fixture_open(&f);
    POLICY(&f, "rebate", "2019-01-01", 3, 150);
    POLICY(&f, "lockdown", "2020-02-10", -1, 0.5, 30);
    POLICY(&f, "lockdown", "2020-02-10", 4, 0.5, 30);
    POLICY(&f, "collection", "2020-02-10", 1.2, 2);
    POLICY(&f, "vat_refund", "2020-03-11", 0.3);
    open_world(&f);
    const int components[] = {COMPONENT_POLICY};
    fixture_start(&f, components, 1, 1);
    CU_ASSERT_EQUAL(f.places[3].policy.rebate_cny_t, 150);
    while (f.month < 48) {
        fixture_month(&f);
        int64_t now = sim_month_start(f.month) - SIM_DAY;
        for (int d = 0; d < DOMAINS; d++) {
            struct policy_state s = at(&f, d, now), *kept = &f.places[d].policy;
            CU_ASSERT_EQUAL(kept->activity, s.activity);
            CU_ASSERT_EQUAL(kept->vat_refund, s.vat_refund);
            CU_ASSERT_DOUBLE_EQUAL(kept->collection, s.collection, 0.01);
        }
    }
    CU_ASSERT_DOUBLE_EQUAL(f.places[0].policy.collection, 1.2, 1e-12);
    fixture_close(&f);
}

int main(void)
{
    CU_TestInfo tests[] = {{"no policy is the neutral state", test_none},
                           {"the latest level holds", test_levels},
                           {"temporary policies overlap and end", test_temporary},
                           {"gradual policies", test_gradual},
                           {"molten support", test_molten_support},
                           {"imports and shipping", test_imports},
                           {"events keep the state", test_events},
                           CU_TEST_INFO_NULL};
    return suite_run("policy", tests);
}
