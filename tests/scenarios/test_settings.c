/* The blocks `output` and `run`: defaults, merging by key, and every way to be wrong. */
#include "../suite.h"
#include "example.h"

#include "../../sim/time.h"

static void test_defaults(void)
{
    struct sim_errors errors;
    struct scenario *scenario;
    CU_ASSERT_EQUAL_FATAL(example_try(&scenario, "output:\nrun:\n", &errors), SIM_OK);
    CU_ASSERT_EQUAL(scenario->outputs.variable_count, 1);
    CU_ASSERT_STRING_EQUAL(scenario->outputs.variables[0], "all");
    CU_ASSERT_EQUAL(scenario->outputs.detail_replicates, 20);
    CU_ASSERT_EQUAL(scenario->run.replicates, 0);
    CU_ASSERT_EQUAL(scenario->run.seed, -1);
    CU_ASSERT_EQUAL(scenario->run.threads, 0);
    CU_ASSERT_EQUAL(scenario->run.until, 0);
    CU_ASSERT_PTR_NULL(scenario->run.output);
    scenario_destroy(scenario);
}

static void test_merge(void)
{
    static const char *const names[] = {"facts.tsv", "base.yaml", "top.yaml", NULL};
    char folder[EXAMPLE_PATH_BYTES];
    struct sim_errors errors;
    struct scenario *scenario;
    example_folder(folder);
    example_write_table(folder);
    example_write(folder, "base.yaml",
                  "remelt: 1\nname: base\n"
                  "output: {frequency: month, variables: [output, scrap_by_kind]}\n"
                  "run: {replicates: 30, seed: 0, output: a.h5, trucks_per_lot: 11}\n");
    example_write(folder, "top.yaml",
                  "remelt: 1\nname: top\nextends: base.yaml\n"
                  "output: {variables: ['*_by_kind'], detail_replicates: 3}\n"
                  "run: {seed: 4294967295, until: 2030-02-01, threads: 2, output: b.h5}\n");
    sim_errors_init(&errors);
    CU_ASSERT_EQUAL_FATAL(example_load(&scenario, folder, "top.yaml", &errors), SIM_OK);
    CU_ASSERT_EQUAL(scenario->outputs.variable_count, 1); /* a list is atomic */
    CU_ASSERT_STRING_EQUAL(scenario->outputs.variables[0], "*_by_kind");
    CU_ASSERT_EQUAL(scenario->outputs.detail_replicates, 3);
    CU_ASSERT_EQUAL(scenario->run.replicates, 30);
    CU_ASSERT_EQUAL(scenario->run.seed, 4294967295);
    CU_ASSERT_EQUAL(scenario->run.threads, 2);
    CU_ASSERT_EQUAL(scenario->run.until, sim_time_from_date((struct sim_date){2030, 2, 1}));
    CU_ASSERT_STRING_EQUAL(scenario->run.output, "b.h5");
    const struct example_params *params = sim_config_block(scenario->config, 0);
    CU_ASSERT_EQUAL(params->lots, 11);
    scenario_destroy(scenario);
    example_remove(folder, names);
}

static void test_refused(void)
{
    static const struct example_case cases[] = {
        {"output: 1\n", "top.yaml:3", "output is text"},
        {"output: {freq: month}\n", "top.yaml:3", "freq: unknown key; allowed here are frequency"},
        {"output: {frequency: year}\n", "top.yaml:3", "must be month"},
        {"output: {frequency: [month]}\n", "top.yaml:3", "must be month"},
        {"output: {variables: all}\n", "top.yaml:3", "must be a list"},
        {"output: {variables: []}\n", "top.yaml:3", "must be a list"},
        {"output: {variables: [[all]]}\n", "top.yaml:3", "must be text"},
        {"output: {variables: [outputs]}\n", "top.yaml:3", "'outputs' names no output"},
        {"output: {detail_replicates: -1}\n", "top.yaml:3", "from 0 to 1000000"},
        {"output: {detail_replicates: x}\n", "top.yaml:3", "detail_replicates = x"},
        {"run: [1]\n", "top.yaml:3", "run is a list"},
        {"run: {speed: 1}\n", "top.yaml:3", "speed: unknown key"},
        {"run: {replicates: 0}\n", "top.yaml:3", "from 1 to 1000000"},
        {"run: {replicates: 2.5}\n", "top.yaml:3", "replicates = 2.5"},
        {"run: {replicates: 2 1}\n", "top.yaml:3", "replicates = 2 1"},
        {"run: {seed: -1}\n", "top.yaml:3", "from 0 to 4294967295"},
        {"run: {seed: 4294967296}\n", "top.yaml:3", "from 0 to 4294967295"},
        {"run: {threads: 0}\n", "top.yaml:3", "threads = 0"},
        {"run: {until: soon}\n", "top.yaml:3", "until = soon"},
        {"run: {until: 2019-01-01}\n", "top.yaml:3", "after the start"},
        {"run: {until: 2061-01-02}\n", "top.yaml:3", "horizon"},
        {"run: {output: [a]}\n", "top.yaml:3", "output is a list"},
        {"run: {output: ''}\n", "top.yaml:3", "output is empty"},
        {"run: {trucks_per_lot: 101}\n", "top.yaml:3", "from 1 to 100"},
    };
    CU_ASSERT_EQUAL(example_refused(cases, SIM_COUNT(cases)), 0);
}

int main(void)
{
    CU_TestInfo tests[] = {{"defaults", test_defaults},
                           {"merge", test_merge},
                           {"refused", test_refused},
                           CU_TEST_INFO_NULL};
    return suite_run("scenarios/settings", tests);
}
