#include "../../sim/policy.h"
#include "../suite.h"

#include <stdlib.h>

static void labels_are_found_exactly(void)
{
    static const char *const labels[] = {"ingot", "molten", "rod"};
    const struct sim_dimension form = {"form", "form of metal", 3, labels};
    CU_ASSERT_EQUAL(sim_dimension_find(&form, "ingot"), 0);
    CU_ASSERT_EQUAL(sim_dimension_find(&form, "rod"), 2);
    CU_ASSERT_EQUAL(sim_dimension_find(&form, "ro"), 3);
    CU_ASSERT_EQUAL(sim_dimension_find(&form, "rods"), 3);
    CU_ASSERT_EQUAL(sim_dimension_find(&form, "Rod"), 3);
    CU_ASSERT_EQUAL(sim_dimension_find(&form, ""), 3);
}

static void clearing_leaves_an_empty_list(void)
{
    struct sim_policies policies = {calloc(3, sizeof(struct sim_policy)), 3};
    CU_ASSERT_PTR_NOT_NULL_FATAL(policies.items);
    sim_policies_clear(&policies);
    CU_ASSERT_EQUAL(policies.count, 0);
    CU_ASSERT_PTR_NULL(policies.items);
    sim_policies_clear(&policies);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"labels are found exactly", labels_are_found_exactly},
        {"clearing leaves an empty list", clearing_leaves_an_empty_list},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim_policy", tests);
}
