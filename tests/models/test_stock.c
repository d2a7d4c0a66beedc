#include "../../models/stock.h"
#include "../../models/stock_demand.h"
#include "../suite.h"
#include "fixture.h"

static const int components[] = {COMPONENT_POLICY, COMPONENT_STOCK};

static void start(struct fixture *f)
{
    CU_ASSERT_EQUAL_FATAL(fixture_world(f), SIM_OK);
    fixture_start(f, components, SIM_COUNT(components), 1);
}

static double sum(const double values[static SECTORS])
{
    double all = 0;
    for (int s = 0; s < SECTORS; s++)
        all += values[s];
    return all;
}

static double history_mt(const struct fixture *f, const char *name, int year)
{
    double all = 0;
    for (size_t s = 0; s < SECTORS; s++)
        all += fixture_value(f, name, (size_t)(year - 1990), s);
    return all / 1e6;
}

static void test_rows(void)
{
    for (size_t i = 0; i < STOCK_DEMAND_PARAMS; i++)
        CU_ASSERT_PTR_NOT_NULL(stock_demand_params[i].path);
}

static void test_consumption(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    struct stock_demand demand;
    stock_demand_init(&demand, f.world);
    double total[STOCK_YEARS] = {0};
    for (int s = 0; s < SECTORS; s++) {
        for (int y = 0; y < STOCK_YEARS; y++) {
            double months = 0;
            for (int m = 0; m < 12; m++)
                months += stock_demand_month(&demand, s, STOCK_FIRST_YEAR + y, m);
            CU_ASSERT(demand.t[s][y] >= 0 && isfinite(demand.t[s][y]));
            CU_ASSERT_DOUBLE_EQUAL(months, demand.t[s][y], 1e-9 * demand.t[s][y] + 1e-6);
            total[y] += demand.t[s][y];
        }
    }
    CU_ASSERT_DOUBLE_EQUAL(total[2020 - STOCK_FIRST_YEAR] / 1e6, 42.23, 0.01);
    CU_ASSERT_DOUBLE_EQUAL(total[2024 - STOCK_FIRST_YEAR] / 1e6, 50.70, 0.01);
    CU_ASSERT_DOUBLE_EQUAL(total[2030 - STOCK_FIRST_YEAR] / 1e6, 53, 1);
    CU_ASSERT_DOUBLE_EQUAL(total[1980 - STOCK_FIRST_YEAR], total[1981 - STOCK_FIRST_YEAR] / 1.09,
                           1);
    int y24 = 2024 - STOCK_FIRST_YEAR;
    CU_ASSERT_DOUBLE_EQUAL(demand.t[SECTOR_CARS_ICE][y24], 15.17e6 * 0.150 / 0.8, 1);
    CU_ASSERT_DOUBLE_EQUAL(demand.t[SECTOR_CARS_NEV][y24], 12.888e6 * 0.230 / 0.8, 1);
    CU_ASSERT_DOUBLE_EQUAL(demand.t[SECTOR_PV][y24] / 1e6, 5.04, 0.01);
    fixture_close(&f);
}

/* Inflow = change of stock + discards, exactly: over years, with a policy in between. */
static void test_balance(void)
{
    struct fixture f;
    fixture_open(&f);
    fixture_policy(&f, "trade_in", "2021-05-10", (const double[]){-1, 1.4, 2}, 3);
    start(&f);
    fixture_until(&f, 2025);
    for (size_t s = 0; s < SECTORS; s++) {
        double inflow = 0, discards = 0;
        for (size_t m = 12; m < 72; m++) {
            inflow +=
                fixture_value(&f, "consumption_by_sector", m, s) * stock_inflow(f.world, (int)s);
            discards += fixture_value(&f, "discards_by_sector", m, s);
        }
        double change = fixture_value(&f, "in_use_stock_by_sector", 71, s) -
                        fixture_value(&f, "in_use_stock_by_sector", 11, s);
        /* to a gram of rounding each month */
        CU_ASSERT_DOUBLE_EQUAL(inflow, change + discards, 1e-4 + 1e-9 * inflow);
    }
    fixture_close(&f);
}

static void test_checkpoints(void)
{
    struct fixture f;
    fixture_open(&f);
    start(&f);
    fixture_until(&f, 2025);
    CU_ASSERT_DOUBLE_EQUAL(history_mt(&f, "in_use_stock", 2009), 77.4, 0.15 * 77.4);
    CU_ASSERT_DOUBLE_EQUAL(history_mt(&f, "in_use_stock", 2019), 290, 0.12 * 290);
    CU_ASSERT_DOUBLE_EQUAL(history_mt(&f, "in_use_stock", 2000), 29, 0.2 * 29);
    /* 1.9 to 2.3 Mt of old scrap in 2012 (stocks_checkpoints.tsv) */
    CU_ASSERT_DOUBLE_EQUAL(history_mt(&f, "old_scrap", 2012), 2.1, 0.2);
    CU_ASSERT_DOUBLE_EQUAL(history_mt(&f, "new_scrap", 2012), 0.62, 0.1);
    double c20[SECTORS], c24[SECTORS], domestic = 0;
    CU_ASSERT_FATAL(stock_collected(f.world, 2020, c20) && stock_collected(f.world, 2024, c24));
    CU_ASSERT(sum(c20) / 1e6 >= 5.0 && sum(c20) / 1e6 <= 5.4);
    CU_ASSERT_DOUBLE_EQUAL(sum(c24) / 1e6, 7.4, 0.03 * 7.4);
    double half = c24[SECTOR_CARS_ICE] + c24[SECTOR_CARS_NEV] + c24[SECTOR_OTHER_TRANSPORT] +
                  c24[SECTOR_BUILDING];
    CU_ASSERT(half / sum(c24) >= 0.50);
    CU_ASSERT_DOUBLE_EQUAL(fixture_year(&f, "consumption_by_sector", 2024, SECTORS) / 1e6, 50.7,
                           0.1);
    /* 8.6 Mt of new scrap in 2024, of which 1.5 Mt to market */
    double generated = 0;
    for (int s = 0; s < SECTORS; s++) {
        for (size_t m = 60; m < 72; m++)
            generated += fixture_value(&f, "consumption_by_sector", m, (size_t)s) *
                         stock_new_scrap(f.world, s);
    }
    CU_ASSERT_DOUBLE_EQUAL(generated / 1e6, 8.6, 0.2);
    CU_ASSERT_DOUBLE_EQUAL(generated * (1 - stock_in_house(f.world)) / 1e6, 1.5, 0.05);
    /* 71.57 Mt from 2012 to 2024, growing by 10.38 % a year */
    for (int year = 2012; year < 2020; year++)
        domestic += history_mt(&f, "old_scrap", year) + history_mt(&f, "new_scrap", year);
    for (int year = 2020; year <= 2024; year++) {
        double c[SECTORS];
        CU_ASSERT_FATAL(stock_collected(f.world, year, c));
        domestic += sum(c) / 1e6;
        for (size_t m = 0; m < 12; m++) {
            for (int s = 0; s < SECTORS; s++)
                domestic += fixture_value(&f, "consumption_by_sector",
                                          (size_t)(12 * (year - 2019)) + m, (size_t)s) *
                            stock_new_scrap(f.world, s) * (1 - stock_in_house(f.world)) / 1e6;
        }
    }
    CU_ASSERT_DOUBLE_EQUAL(domestic, 71.57, 0.07 * 71.57);
    double first = history_mt(&f, "old_scrap", 2012) + history_mt(&f, "new_scrap", 2012);
    double growth = pow((sum(c24) / 1e6 + 1.5) / first, 1.0 / 12) - 1;
    CU_ASSERT(growth > 0.095 && growth < 0.115);
    fixture_close(&f);
}

/* The board carries each day's rates; the month's sums agree with it. */
static void test_board(void)
{
    struct fixture f;
    fixture_open(&f);
    start(&f);
    for (int month = 0; month < 14; month++) {
        fixture_month(&f);
        double days = sim_days_in_month(2019 + month / 12, month % 12 + 1);
        for (int s = 0; s < SECTORS; s++) {
            for (int b = 0; b < 2; b++) {
                CU_ASSERT_DOUBLE_EQUAL(
                    f.run.boards[b].nation.discards[s] * days,
                    fixture_value(&f, "discards_by_sector", (size_t)month, (size_t)s), 1e-6);
                CU_ASSERT_DOUBLE_EQUAL(
                    f.run.boards[b].nation.consumption[s] * days,
                    fixture_value(&f, "consumption_by_sector", (size_t)month, (size_t)s), 1e-6);
            }
        }
    }
    for (size_t s = 0; s < SECTORS; s++) /* the history is complete with the year 2019 */
        CU_ASSERT_DOUBLE_EQUAL(fixture_value(&f, "in_use_stock", 29, s),
                               fixture_value(&f, "in_use_stock_by_sector", 11, s), 1e-6);
    fixture_close(&f);
}

/* Samples before the layout's first month are thrown away: the history must not be in them. */
static void test_spin_up(void)
{
    struct fixture f;
    fixture_open(&f);
    start(&f);
    f.layout.first_month = 12;
    fixture_until(&f, 2020);
    CU_ASSERT(isnan(fixture_value(&f, "in_use_stock", 29, 0)));
    fixture_month(&f);
    CU_ASSERT(fixture_value(&f, "in_use_stock", 0, 0) > 0);
    CU_ASSERT(fixture_value(&f, "in_use_stock", 29, 0) > 0);
    fixture_close(&f);
}

/* A trade-in pulls discards forward: more while it lasts, less after it, and less in use. */
static void test_trade_in(void)
{
    struct fixture base, policy;
    fixture_open(&base);
    fixture_open(&policy);
    fixture_policy(&policy, "trade_in", "2025-01-01", (const double[]){SECTOR_CARS_ICE, 1.5, 2}, 3);
    start(&base);
    start(&policy);
    fixture_until(&base, 2033);
    fixture_until(&policy, 2033);
    for (size_t month = 0; month < 168; month++) {
        double plain = fixture_value(&base, "discards_by_sector", month, SECTOR_CARS_ICE);
        double with = fixture_value(&policy, "discards_by_sector", month, SECTOR_CARS_ICE);
        if (month < 72)
            CU_ASSERT_EQUAL(with, plain);
        if (month >= 72 && month < 95)
            CU_ASSERT(with > 1.3 * plain);
        if (month >= 97)
            CU_ASSERT(with < plain);
        CU_ASSERT_EQUAL(fixture_value(&policy, "discards_by_sector", month, SECTOR_PV),
                        fixture_value(&base, "discards_by_sector", month, SECTOR_PV));
    }
    fixture_close(&base);
    fixture_close(&policy);
}

/* Levers move what they should. */
static void test_responses(void)
{
    struct fixture f, g;
    double a[SECTORS], b[SECTORS];
    fixture_open(&f);
    fixture_open(&g);
    fixture_set(&g, "stock.lifetime.building", 25);
    fixture_set(&g, "stock.recovery.machinery", 0.6);
    fixture_set_path(&g, "stock.nev_kg", 350);
    fixture_set(&g, "stock.growth.durables", 0.02);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&g), SIM_OK);
    CU_ASSERT_FATAL(stock_collected(f.world, 2030, a) && stock_collected(g.world, 2030, b));
    CU_ASSERT(b[SECTOR_BUILDING] > a[SECTOR_BUILDING]);
    CU_ASSERT_DOUBLE_EQUAL(b[SECTOR_MACHINERY] / a[SECTOR_MACHINERY], 0.6 / 0.536, 1e-9);
    CU_ASSERT_EQUAL(b[SECTOR_PACKAGING], a[SECTOR_PACKAGING]);
    struct stock_demand plain, more;
    stock_demand_init(&plain, f.world);
    stock_demand_init(&more, g.world);
    int y30 = 2030 - STOCK_FIRST_YEAR;
    CU_ASSERT_DOUBLE_EQUAL(more.t[SECTOR_CARS_NEV][y30], 24.6e6 * 0.35 / 0.8, 1);
    CU_ASSERT_DOUBLE_EQUAL(more.t[SECTOR_DURABLES][y30] / plain.t[SECTOR_DURABLES][y30],
                           pow(1.02, 6), 1e-9);
    /* Transport's data stay the total to 2024: more in cars is less elsewhere. */
    int y24 = 2024 - STOCK_FIRST_YEAR;
    CU_ASSERT(more.t[SECTOR_OTHER_TRANSPORT][y24] < plain.t[SECTOR_OTHER_TRANSPORT][y24]);
    CU_ASSERT_EQUAL(stock_recovery(f.world, SECTOR_PV, 2024.5), 0.627);
    CU_ASSERT_DOUBLE_EQUAL(stock_recovery(f.world, SECTOR_PV, 2020), 0.627 * 1.06, 1e-12);
    fixture_set_path(&g, "stock.recovery_factor", 2.9);
    CU_ASSERT_EQUAL(stock_recovery(g.world, SECTOR_BUILDING, 2024), 1);
    fixture_close(&f);
    fixture_close(&g);
    /* Longer lives, fewer discards of a growing stock. */
    fixture_open(&g);
    fixture_set(&g, "stock.lifetime_factor", 1.15);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&g), SIM_OK);
    CU_ASSERT_FATAL(stock_collected(g.world, 2030, b));
    for (int s = 0; s < SECTORS; s++)
        CU_ASSERT(b[s] < a[s]);
    fixture_close(&g);
}

int main(void)
{
    CU_TestInfo tests[] = {{"every field has a row", test_rows},
                           {"consumption", test_consumption},
                           {"inflow is change of stock and discards", test_balance},
                           {"checkpoints", test_checkpoints},
                           {"board", test_board},
                           {"history after the spin-up", test_spin_up},
                           {"trade-in", test_trade_in},
                           {"responses", test_responses},
                           CU_TEST_INFO_NULL};
    return suite_run("stock", tests);
}
