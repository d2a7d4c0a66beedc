#include "../../models/primary.h"
#include "../suite.h"
#include "fixture.h"

static const int components[] = {COMPONENT_POLICY, COMPONENT_PRIMARY};

static void start(struct fixture *f, uint64_t seed)
{
    CU_ASSERT_EQUAL_FATAL(fixture_world(f), SIM_OK);
    fixture_start(f, components, SIM_COUNT(components), seed);
}

static double at(const struct fixture *f, int year, int month, int day)
{
    return primary_a00_with_vat(f->world, sim_time_from_date((struct sim_date){year, month, day}));
}

static void test_history(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    /* The table's means at mid-month, linear between them, held before the first. */
    CU_ASSERT_DOUBLE_EQUAL(at(&f, 2024, 5, 16), 20900, 15);
    CU_ASSERT_DOUBLE_EQUAL(at(&f, 2024, 6, 1), (20900 + 20500) / 2.0, 10);
    CU_ASSERT_EQUAL(at(&f, 2019, 1, 1), 13400);
    CU_ASSERT_EQUAL(at(&f, 2025, 11, 17), 20300);
    CU_ASSERT_EQUAL(primary_history_end(f.world), (sim_month_start(82) + sim_month_start(83)) / 2);
    /* Without the table, the path alone. */
    fixture_find(&f, "a00_monthly.tsv")->rows = 0;
    CU_ASSERT_EQUAL(primary_history_end(f.world), 0);
    CU_ASSERT_EQUAL(at(&f, 2019, 1, 1), 20300);
    /* clear it whole again */
    fixture_find(&f, "a00_monthly.tsv")->rows = 7;
    fixture_close(&f);
}

static void test_years(void)
{
    struct fixture f;
    fixture_open(&f);
    start(&f, 7);
    fixture_until(&f, 2025);
    const double output[] = {35.04, 37.08, 38.5, 40.21, 41.59, 44.0};
    for (int year = 2019; year < 2025; year++)
        CU_ASSERT_DOUBLE_EQUAL(fixture_year(&f, "primary_output", year, 1) / 1e6,
                               output[year - 2019], 1e-6);
    double mt_2020 = fixture_year(&f, "primary_emissions", 2020, 1) / 1e6;
    double mt_2024 = fixture_year(&f, "primary_emissions", 2024, 1) / 1e6;
    CU_ASSERT(mt_2020 >= 380 && mt_2020 <= 430);
    CU_ASSERT(mt_2024 >= 436 && mt_2024 <= 464);
    /* 19,920 CNY/t with VAT and 2,419 USD/t in 2024 (history.tsv). */
    CU_ASSERT_DOUBLE_EQUAL(fixture_year(&f, "primary_price", 2024, 1) / 12, 19920 / 1.13, 100);
    CU_ASSERT_DOUBLE_EQUAL(fixture_year(&f, "lme_price", 2024, 1) / 12, 2419, 40);
    CU_ASSERT_DOUBLE_EQUAL(fixture_year(&f, "lme_price", 2021, 1) / 12, 2473, 120);
    fixture_close(&f);
}

static void test_board(void)
{
    struct fixture f;
    fixture_open(&f);
    fixture_set(&f, "primary.constant", 1);
    start(&f, 7);
    struct board_nation first = f.run.boards[0].nation;
    fixture_until(&f, 2030);
    for (int b = 0; b < 2; b++) /* both days' boards, and nothing has moved */
        CU_ASSERT_EQUAL(f.run.boards[b].nation.a00, first.a00);
    CU_ASSERT_DOUBLE_EQUAL(first.a00, at(&f, 2024, 7, 2) / 1.13, 30);
    CU_ASSERT_EQUAL(first.metal[METAL_A00], first.a00);
    CU_ASSERT_DOUBLE_EQUAL(first.metal[METAL_AL9985] - first.a00, 300 / 1.13, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(first.metal[METAL_SILICON], 12500 / 1.13, 1);
    CU_ASSERT(first.metal[METAL_SILICON_LOW_FE] > first.metal[METAL_SILICON]);
    CU_ASSERT_DOUBLE_EQUAL(first.lme * first.exchange + 405, first.a00, 2);
    double adc12 = 0.875 * first.a00 + 0.10 * first.metal[METAL_SILICON] +
                   0.02 * first.metal[METAL_COPPER] + 1062;
    CU_ASSERT_DOUBLE_EQUAL(first.alternative[ALLOY_ADC12], adc12, 1e-9);
    for (int a = (int)CAST_ALLOYS; a < ALLOYS; a++)
        CU_ASSERT_DOUBLE_EQUAL(first.alternative[a], first.a00 + 310, 1e-9);
    CU_ASSERT(first.alternative[ALLOY_STRUCTURAL] > first.alternative[ALLOY_A356]);
    CU_ASSERT(first.alternative[ALLOY_A356] > first.a00);
    fixture_close(&f);
}

/* Monthly means after the history, over many seeds: on the path on average, with the stationary
 * spread. 40 seeds: the mean of 12 years' sum is within 4 standard errors (false alarm 1e-4). */
static void test_process(void)
{
    double sum = 0, squares = 0;
    int n = 40;
    for (int seed = 1; seed <= n; seed++) {
        struct fixture f;
        fixture_open(&f);
        start(&f, (uint64_t)seed);
        fixture_until(&f, 2028);
        double x = log(f.run.boards[0].nation.a00 * 1.13 / 20300);
        sum += x;
        squares += x * x;
        fixture_close(&f);
    }
    double sd = 0.011 * sqrt(30), mean = sum / n;
    double spread = sqrt(squares / n - mean * mean);
    CU_ASSERT_DOUBLE_EQUAL(mean, -sd * sd / 2, 4 * sd / sqrt(n));
    CU_ASSERT(spread > 0.6 * sd && spread < 1.5 * sd);
}

static void test_noise_off_in_history(void)
{
    struct fixture a, b;
    fixture_open(&a);
    fixture_open(&b);
    start(&a, 1);
    start(&b, 2);
    fixture_until(&a, 2027);
    fixture_until(&b, 2027);
    for (size_t month = 0; month < 82; month++)
        CU_ASSERT_EQUAL(fixture_value(&a, "primary_price", month, 0),
                        fixture_value(&b, "primary_price", month, 0));
    CU_ASSERT_NOT_EQUAL(fixture_value(&a, "primary_price", 90, 0),
                        fixture_value(&b, "primary_price", 90, 0));
    fixture_close(&a);
    fixture_close(&b);
}

/* A carbon price makes the primary-based alloy dearer by its primary metal's emissions. */
static void test_carbon(void)
{
    struct fixture f;
    fixture_open(&f);
    fixture_set(&f, "primary.constant", 1);
    fixture_policy(&f, "carbon_price", "2019-06-01", (const double[]){100, 0}, 2);
    start(&f, 7);
    double before = f.run.boards[0].nation.alternative[ALLOY_6063];
    fixture_until(&f, 2020);
    double rise = f.run.boards[0].nation.alternative[ALLOY_6063] - before;
    CU_ASSERT_DOUBLE_EQUAL(rise, 0.5 * 100 * 11.4, 15);
    fixture_close(&f);
}

int main(void)
{
    CU_TestInfo tests[] = {{"history", test_history},
                           {"years of the industry", test_years},
                           {"board and alternatives", test_board},
                           {"mean-reverting process", test_process},
                           {"no noise in history", test_noise_off_in_history},
                           {"carbon price", test_carbon},
                           CU_TEST_INFO_NULL};
    return suite_run("primary", tests);
}
