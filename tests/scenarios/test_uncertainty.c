/* The block `uncertainty`: every distribution, merging by path, and every way to be wrong. */
#include "../suite.h"
#include "example.h"

static void test_forms(void)
{
    struct sim_errors errors;
    struct scenario *scenario;
    CU_ASSERT_EQUAL_FATAL(example_try(&scenario,
                                      "uncertainty:\n"
                                      "  smelter.loss: {triangular: [0.1, 0.125 t/t, 0.3]}\n"
                                      "  resolution.trucks_per_lot: {loguniform: [2, 50]}\n"
                                      "  car.share.far east: {normal: [0.25 1, 0.125 1]}\n"
                                      "  car.share.ice: {lognormal: [0.25, 2]}\n"
                                      "  car.share.nev: {uniform: [0.1, 0.75]}\n",
                                      &errors),
                          SIM_OK);
    static const enum scenario_distribution kinds[] = {SCENARIO_NORMAL, SCENARIO_LOGNORMAL,
                                                       SCENARIO_UNIFORM, SCENARIO_LOGUNIFORM,
                                                       SCENARIO_TRIANGULAR};
    CU_ASSERT_EQUAL_FATAL(scenario->uncertainty_count, 5);
    for (size_t i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(scenario->uncertainties[i].distribution, kinds[i]); /* sorted by path */
    }
    const struct scenario_uncertainty *last = &scenario->uncertainties[4];
    CU_ASSERT_STRING_EQUAL(last->path, "smelter.loss");
    CU_ASSERT_STRING_EQUAL(last->origin, "top.yaml:4");
    CU_ASSERT_EQUAL(last->count, 3);
    CU_ASSERT_EQUAL(last->numbers[1], 0.125);
    CU_ASSERT_EQUAL(last->numbers[2], 0.3);
    scenario_destroy(scenario);
    sim_errors_clear(&errors);
}

static void test_merge(void)
{
    static const char *const names[] = {"facts.tsv", "base.yaml", "top.yaml", NULL};
    char folder[EXAMPLE_PATH_BYTES];
    struct scenario *scenario;
    struct sim_errors errors;
    example_folder(folder);
    example_write_table(folder);
    example_write(folder, "base.yaml",
                  "remelt: 1\nname: base\nuncertainty:\n  smelter.loss: {uniform: [0.1, 0.2]}\n"
                  "  car.share.ice: {uniform: [0.1, 0.2]}\n");
    example_write(folder, "top.yaml",
                  "remelt: 1\nname: top\nextends: base.yaml\n"
                  "uncertainty: {smelter.loss: {normal: [0.2, 0.1]}}\n");
    sim_errors_init(&errors);
    CU_ASSERT_EQUAL_FATAL(example_load(&scenario, folder, "top.yaml", &errors), SIM_OK);
    CU_ASSERT_EQUAL(scenario->uncertainty_count, 2);
    CU_ASSERT_EQUAL(scenario->uncertainties[0].distribution, SCENARIO_UNIFORM);
    CU_ASSERT_EQUAL(scenario->uncertainties[1].distribution, SCENARIO_NORMAL);
    CU_ASSERT_EQUAL(scenario->uncertainties[1].count, 2);
    scenario_destroy(scenario);
    example_remove(folder, names);
}

static void test_refused(void)
{
    static const struct example_case cases[] = {
        {"uncertainty: [a]\n", "top.yaml:3", "uncertainty is a list"},
        {"uncertainty:\n  no.such: {uniform: [1, 2]}\n", "top.yaml:4", "unknown parameter"},
        {"uncertainty:\n  loop.demand: {uniform: [1, 2]}\n", "top.yaml:4", "is a time path"},
        {"uncertainty:\n  smelter.mode: {uniform: [1, 2]}\n", "top.yaml:4", "is a choice"},
        {"uncertainty:\n  car.share: {uniform: [0.1, 0.2]}\n", "top.yaml:4", "'car.share.ice'"},
        {"uncertainty:\n  smelter.loss: 0.1\n", "top.yaml:4", "must be {uniform"},
        {"uncertainty:\n  smelter.loss: {beta: [1, 2]}\n", "top.yaml:4", "must be {uniform"},
        {"uncertainty:\n  smelter.loss: {uniform: [0.1, 0.2], normal: [0.1, 0.1]}\n", "top.yaml:4",
         "must be {uniform"},
        {"uncertainty:\n  smelter.loss: {uniform: 0.1}\n", "top.yaml:4", "[low, high]"},
        {"uncertainty:\n  smelter.loss: {uniform: [0.1]}\n", "top.yaml:4", "[low, high]"},
        {"uncertainty:\n  smelter.loss: {triangular: [0.1, 0.2]}\n", "top.yaml:4", "mode"},
        {"uncertainty:\n  smelter.loss: {uniform: [0.2, 0.1]}\n", "top.yaml:4", "low < high"},
        {"uncertainty:\n  smelter.loss: {uniform: [0.2, 0.2]}\n", "top.yaml:4", "low < high"},
        {"uncertainty:\n  smelter.loss: {loguniform: [0, 0.2]}\n", "top.yaml:4", "0 < low"},
        {"uncertainty:\n  smelter.loss: {triangular: [0.1, 0.05, 0.2]}\n", "top.yaml:4",
         "low <= mode"},
        {"uncertainty:\n  smelter.loss: {normal: [0.1, 0]}\n", "top.yaml:4", "above 0"},
        {"uncertainty:\n  smelter.loss: {lognormal: [0, 1]}\n", "top.yaml:4", "above 0"},
        {"uncertainty:\n  smelter.loss: {uniform: [0.1, x]}\n", "top.yaml:4", "uniform = x"},
        {"uncertainty:\n  smelter.loss: {uniform: [0.1, .inf]}\n", "top.yaml:4", "finite"},
        {"uncertainty:\n  smelter.loss: {uniform: [0.1, 0.2 kg]}\n", "top.yaml:4", "the unit"},
        {"uncertainty:\n  smelter.loss: {lognormal: [0.1, 0.2 t/t]}\n", "top.yaml:4", "the unit"},
        {"uncertainty:\n  smelter.loss: {uniform: [0.1, 0.5]}\n", "top.yaml:4", "from 0 to 0.4"},
    };
    CU_ASSERT_EQUAL(example_refused(cases, SIM_COUNT(cases)), 0);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"forms", test_forms}, {"merge", test_merge}, {"refused", test_refused}, CU_TEST_INFO_NULL};
    return suite_run("scenarios/uncertainty", tests);
}
