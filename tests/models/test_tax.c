#include "../../models/tax.h"
#include "../suite.h"
#include "fixture.h"

static void test_rate(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    int64_t change = sim_time_from_date((struct sim_date){2019, 4, 1});
    CU_ASSERT_EQUAL(tax_vat(f.world, 0), 0.16);
    CU_ASSERT_EQUAL(tax_vat(f.world, change - SIM_DAY), 0.16);
    CU_ASSERT_EQUAL(tax_vat(f.world, change + SIM_HOUR), 0.13);
    CU_ASSERT_EQUAL(tax_vat(f.world, sim_time_from_year(2060)), 0.13);
    fixture_close(&f);
}

static void test_refund(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    fixture_start(&f, NULL, 0, 1);
    CU_ASSERT_EQUAL(
        sim_engine_run(f.engine, sim_time_from_date((struct sim_date){2024, 7, 1}), NULL), SIM_OK);
    struct place *place = &f.places[5];
    /* No refund rule, no rebate: nothing. */
    CU_ASSERT_EQUAL(tax_refund_cny_t(place, 17700, 16500, 1100, 0.4), 0);
    place->policy.vat_refund = 0.3;
    /* 0.3 x 0.13 x (17,700 - 0.4 x 16,500 - 1,100) */
    CU_ASSERT_DOUBLE_EQUAL(tax_refund_cny_t(place, 17700, 16500, 1100, 0.4), 390, 1e-9);
    /* Between 200 and 650 CNY/t for the invoiced shares that are believed. */
    double last = INFINITY;
    for (double share = 0; share <= 1; share += 0.1) {
        double refund = tax_refund_cny_t(place, 17700, 16500, 1100, share);
        CU_ASSERT(refund <= last && refund >= 0 && refund <= 650);
        last = refund;
    }
    CU_ASSERT(last < 10);
    /* More inputs than output: nothing is paid, nothing comes back. */
    CU_ASSERT_EQUAL(tax_refund_cny_t(place, 15000, 16500, 1100, 1), 0);
    place->policy.rebate_cny_t = 150;
    CU_ASSERT_EQUAL(tax_refund_cny_t(place, 15000, 16500, 1100, 1), 150);
    fixture_close(&f);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"rate of VAT", test_rate}, {"refund and rebate", test_refund}, CU_TEST_INFO_NULL};
    return suite_run("tax", tests);
}
