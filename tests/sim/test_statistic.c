#include "../../sim/statistic.h"
#include "../suite.h"
#include "provoke.h"

static void the_mean_is_weighted_by_time(void)
{
    struct sim_statistic s;
    sim_statistic_init(&s, 100, 2.5);
    CU_ASSERT_EQUAL(sim_statistic_mean(&s, 100), 2.5);
    CU_ASSERT_EQUAL(sim_statistic_mean(&s, 117), 2.5);
    sim_statistic_set(&s, 130, 7.25);  /* 30 at 2.5 */
    sim_statistic_set(&s, 140, -3.75); /* 10 at 7.25 */
    CU_ASSERT_DOUBLE_EQUAL(sim_statistic_mean(&s, 160), (75 + 72.5 - 75) / 60, 1e-12);
    CU_ASSERT_EQUAL(s.maximum, 7.25);
}

static void several_changes_at_one_instant_leave_the_last(void)
{
    struct sim_statistic s;
    sim_statistic_init(&s, 5, 1.5);
    sim_statistic_set(&s, 5, 99.5);
    sim_statistic_set(&s, 5, 4.5);
    CU_ASSERT_EQUAL(sim_statistic_mean(&s, 5), 4.5);
    CU_ASSERT_EQUAL(sim_statistic_mean(&s, 25), 4.5);
    CU_ASSERT_EQUAL(s.maximum, 99.5);
}

static void reset_forgets_the_past_but_not_the_value(void)
{
    struct sim_statistic s;
    sim_statistic_init(&s, -50, 8.5);
    sim_statistic_set(&s, -10, 2.25);
    sim_statistic_reset(&s, 30);
    CU_ASSERT_EQUAL(sim_statistic_mean(&s, 30), 2.25);
    CU_ASSERT_EQUAL(s.maximum, 2.25);
    sim_statistic_set(&s, 40, 6.25);
    CU_ASSERT_EQUAL(sim_statistic_mean(&s, 50), 4.25);
}

static void set_back(void)
{
    struct sim_statistic s;
    sim_statistic_init(&s, 50, 8.5);
    sim_statistic_set(&s, 49, 2.25);
}

static void mean_back(void)
{
    struct sim_statistic s;
    sim_statistic_init(&s, 50, 8.5);
    sim_statistic_mean(&s, 49);
}

static void reset_back(void)
{
    struct sim_statistic s;
    sim_statistic_init(&s, 50, 8.5);
    sim_statistic_reset(&s, 49);
}

static void time_must_not_run_back(void)
{
    CU_ASSERT(provoke_abort(set_back, "time runs back from 50 to 49"));
    CU_ASSERT(provoke_abort(mean_back, "time runs back"));
    CU_ASSERT(provoke_abort(reset_back, "time runs back"));
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"the mean is weighted by time", the_mean_is_weighted_by_time},
        {"changes at one instant leave the last", several_changes_at_one_instant_leave_the_last},
        {"reset forgets the past, not the value", reset_forgets_the_past_but_not_the_value},
        {"time must not run back", time_must_not_run_back},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim_statistic", tests);
}
