/* The block `parameters` and --set: values of every type, and every way to be wrong. */
#include "../suite.h"
#include "example.h"

#include "../../sim/time.h"

static const struct example_params *params_of(const struct scenario *scenario)
{
    return sim_config_block(scenario->config, 0);
}

static void test_values(void)
{
    struct sim_errors errors;
    struct scenario *scenario;
    CU_ASSERT_EQUAL_FATAL(example_try(&scenario,
                                      "parameters:\n"
                                      "  smelter.loss: +3.5e-1 t/t\n"
                                      "  resolution.trucks_per_lot: 12 1\n"
                                      "  loop.support: -2.5 CNY/t\n"
                                      "  loop.demand:\n"
                                      "    interpolate: linear\n"
                                      "    points: {2030: 20 Mt, 2025: 10, 2025-07-02: '15 Mt'}\n"
                                      "  car.share.far east: 0.75\n"
                                      "  smelter.mode: molten\n",
                                      &errors),
                          SIM_OK);
    const struct example_params *params = params_of(scenario);
    CU_ASSERT_EQUAL(params->loss, 0.35);
    CU_ASSERT_EQUAL(params->lots, 12);
    CU_ASSERT_EQUAL(sim_path_at(params->support, 2033.25), -2.5);
    CU_ASSERT_EQUAL(params->demand->count, 3);
    CU_ASSERT_EQUAL(params->demand->interpolate, SIM_LINEAR);
    CU_ASSERT_EQUAL(sim_path_at(params->demand, 2025), 10);
    /* 2 July is the middle of a year of 365 days, less half a day */
    CU_ASSERT_DOUBLE_EQUAL(params->demand->years[1], 2025 + 182 / 365.0, 1e-12);
    CU_ASSERT_EQUAL(sim_path_at(params->demand, params->demand->years[1]), 15);
    CU_ASSERT_EQUAL(params->share[0], 0.5);
    CU_ASSERT_EQUAL(params->share[2], 0.75);
    CU_ASSERT_STRING_EQUAL(params->mode, "molten");
    struct sim_param_ref ref;
    CU_ASSERT_TRUE(sim_config_find(scenario->config, "car.share.far east", &ref));
    CU_ASSERT_STRING_EQUAL(sim_config_origin(scenario->config, ref), "top.yaml:10");
    scenario_destroy(scenario);
    sim_errors_clear(&errors);
}

static void test_step(void)
{
    struct sim_errors errors;
    struct scenario *scenario;
    CU_ASSERT_EQUAL_FATAL(
        example_try(&scenario,
                    "parameters:\n"
                    "  loop.demand: {interpolate: step, points: {2025: 10, 2027.5: 20}}\n"
                    "  loop.support: {points: {2025: 10, 2027: 20}}\n",
                    &errors),
        SIM_OK);
    CU_ASSERT_EQUAL(sim_path_at(params_of(scenario)->demand, 2027.25), 10);
    CU_ASSERT_EQUAL(sim_path_at(params_of(scenario)->demand, 2027.5), 20);
    CU_ASSERT_EQUAL(sim_path_at(params_of(scenario)->support, 2026.5), 17.5);
    scenario_destroy(scenario);
    sim_errors_clear(&errors);
}

static void test_refused(void)
{
    static const struct example_case cases[] = {
        {"parameters: 3\n", "top.yaml:3", "parameters is text"},
        {"parameters: [a]\n", "top.yaml:3", "parameters is a list"},
        {"parameters:\n  smelter.los: 0.1\n", "top.yaml:4", "did you mean 'smelter.loss'"},
        {"parameters:\n  smelter: {loss: 0.1}\n", "top.yaml:4", "unknown parameter 'smelter'"},
        {"parameters:\n  smelter.loss: 0.1\n  smelter.loss: 0.1\n", "top.yaml:5", "stands twice"},
        {"parameters:\n  smelter.loss:\n", "top.yaml:4",
         "smelter.loss = nothing: must be a number"},
        {"parameters:\n  smelter.loss: ''\n", "top.yaml:4", "must be a number"},
        {"parameters:\n  smelter.loss: much\n", "top.yaml:4", "smelter.loss = much"},
        {"parameters:\n  smelter.loss: true\n", "top.yaml:4", "smelter.loss = true"},
        {"parameters:\n  smelter.loss: '0.1'\n", "top.yaml:4", "without quotes"},
        {"parameters:\n  smelter.loss: [0.1]\n", "top.yaml:4", "smelter.loss = a list"},
        {"parameters:\n  smelter.loss: {points: {2025: 1}}\n", "top.yaml:4", "does not change"},
        {"parameters:\n  smelter.loss: .nan\n", "top.yaml:4", "finite"},
        {"parameters:\n  smelter.loss: NaN\n", "top.yaml:4", "finite"},
        {"parameters:\n  smelter.loss: -.inf\n", "top.yaml:4", "finite"},
        {"parameters:\n  smelter.loss: Infinity\n", "top.yaml:4", "finite"},
        {"parameters:\n  smelter.loss: 1e999\n", "top.yaml:4", "too large"},
        {"parameters:\n  smelter.loss: 0x1\n", "top.yaml:4", "smelter.loss = 0x1"},
        {"parameters:\n  smelter.loss: 00.1\n", "top.yaml:4", "smelter.loss = 00.1"},
        {"parameters:\n  smelter.loss: 0,1\n", "top.yaml:4", "smelter.loss = 0,1"},
        {"parameters:\n  smelter.loss: .1\n", "top.yaml:4", "smelter.loss = .1"},
        {"parameters:\n  smelter.loss: 1.\n", "top.yaml:4", "smelter.loss = 1."},
        {"parameters:\n  smelter.loss: 1e\n", "top.yaml:4", "smelter.loss = 1e"},
        {"parameters:\n  smelter.loss: 0.1t/t\n", "top.yaml:4", "0.1t/t: must be a number"},
        {"parameters:\n  smelter.loss: 10 kg/t\n", "top.yaml:4", "'kg/t'"},
        {"parameters:\n  smelter.loss: 0.41\n", "top.yaml:4", "from 0 to 0.4 t/t"},
        {"parameters:\n  smelter.loss: -0.1\n", "top.yaml:4", "from 0 to 0.4 t/t"},
        {"parameters:\n  resolution.trucks_per_lot: 2.5\n", "top.yaml:4", "whole number"},
        {"parameters:\n  resolution.trucks_per_lot: 101\n", "top.yaml:4", "from 1 to 100"},
        {"parameters:\n  car.share: 0.5\n", "top.yaml:4", "such as 'car.share.ice'"},
        {"parameters:\n  car.share: {ice: 0.5}\n", "top.yaml:4", "such as 'car.share.ice'"},
        {"parameters:\n  car.share.moon: 0.5\n", "top.yaml:4", "unknown parameter"},
        {"parameters:\n  smelter.mode: coal\n", "top.yaml:4", "must be gas or molten"},
        {"parameters:\n  smelter.mode: [gas]\n", "top.yaml:4", "must be gas or molten"},
        {"parameters:\n  smelter.mode: 7\n", "top.yaml:4", "must be gas or molten"},
        {"parameters:\n  loop.demand: {}\n", "top.yaml:4", "needs points"},
        {"parameters:\n  loop.demand: {points: {}}\n", "top.yaml:4", "needs points"},
        {"parameters:\n  loop.demand: {points: [1]}\n", "top.yaml:4", "needs points"},
        {"parameters:\n  loop.demand: {interpolate: cubic, points: {2025: 1}}\n", "top.yaml:4",
         "linear or step"},
        {"parameters:\n  loop.demand: {interpolate: [step], points: {2025: 1}}\n", "top.yaml:4",
         "linear or step"},
        {"parameters:\n  loop.demand: {kind: step, points: {2025: 1}}\n", "top.yaml:4",
         "kind: unknown key"},
        {"parameters:\n  loop.demand:\n    points:\n      soon: 1\n", "top.yaml:6", "'soon'"},
        {"parameters:\n  loop.demand: {points: {2025-02-29: 1}}\n", "top.yaml:4", "'2025-02-29'"},
        {"parameters:\n  loop.demand: {points: {1899: 1}}\n", "top.yaml:4", "from 1900 to 2100"},
        {"parameters:\n  loop.demand: {points: {2101: 1}}\n", "top.yaml:4", "from 1900 to 2100"},
        {"parameters:\n  loop.demand: {points: {20255: 1}}\n", "top.yaml:4", "'20255'"},
        {"parameters:\n  loop.demand: {points: {2025.: 1}}\n", "top.yaml:4", "'2025.'"},
        {"parameters:\n  loop.demand: {points: {2025: 1, 2025-01-01: 2}}\n", "top.yaml:4",
         "the same day"},
        {"parameters:\n  loop.demand: {points: {2025: x}}\n", "top.yaml:4", "at 2025 = x"},
        {"parameters:\n  loop.demand: {points: {2025: .inf}}\n", "top.yaml:4", "finite"},
        {"parameters:\n  loop.demand: {points: {2025: 1 t}}\n", "top.yaml:4", "unit 't'"},
        {"parameters:\n  loop.demand: {points: {2025: 101}}\n", "top.yaml:4", "from 0 to 100 Mt"},
    };
    CU_ASSERT_EQUAL(example_refused(cases, SIM_COUNT(cases)), 0);
}

static void test_all_at_once(void)
{
    struct sim_errors errors;
    struct scenario *scenario;
    CU_ASSERT_EQUAL(example_try(&scenario,
                                "parameters:\n"
                                "  smelter.loss: 2\n"
                                "  no.such: 2\n"
                                "  loop.demand: {points: {2025: -1, soon: 2, 2030: x}}\n"
                                "policies: [{id: a}]\n"
                                "nonsense: 1\n",
                                &errors),
                    SIM_BAD_DATA);
    CU_ASSERT_EQUAL(errors.count, 8);
    sim_errors_clear(&errors);
}

static void load_with(const char *const *texts, size_t count, struct scenario **scenario,
                      struct sim_errors *errors)
{
    static const char *const names[] = {"facts.tsv", "top.yaml", NULL};
    struct scenario_setting settings[8];
    char folder[EXAMPLE_PATH_BYTES], path[EXAMPLE_PATH_BYTES];
    for (size_t i = 0; i < count; i++) {
        settings[i].text = texts[i];
    }
    example_folder(folder);
    example_write_table(folder);
    example_write(folder, "top.yaml", "remelt: 1\nname: top\nparameters: {smelter.loss: 0.2}\n");
    sim_errors_init(errors);
    scenario_load(scenario, example_path(path, folder, "top.yaml"), example_components,
                  EXAMPLE_COMPONENTS, settings, count, errors);
    example_remove(folder, names);
}

static void test_settings(void)
{
    static const char *const texts[] = {"smelter.loss=0.1 t/t", "smelter.mode=molten",
                                        "loop.demand={points: {2025: 1, 2030: 3}}",
                                        "car.share.far east=0.5", "smelter.loss=0.125"};
    struct sim_errors errors;
    struct scenario *scenario;
    load_with(texts, SIM_COUNT(texts), &scenario, &errors);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    CU_ASSERT_EQUAL(params_of(scenario)->loss, 0.125); /* the last one counts */
    CU_ASSERT_EQUAL(sim_path_at(params_of(scenario)->demand, 2027.5), 2);
    struct sim_param_ref ref;
    CU_ASSERT_TRUE(sim_config_find(scenario->config, "smelter.loss", &ref));
    CU_ASSERT_STRING_EQUAL(sim_config_origin(scenario->config, ref), "--set");
    scenario_destroy(scenario);
}

static void test_settings_refused(void)
{
    static const char *const texts[] = {"smelter.loss",    "=1",
                                        "smelter.loss=",   "smelter.los=1",
                                        "smelter.loss=[1", "smelter.loss=\x01",
                                        "smelter.loss=7"};
    static const char *const says[] = {"PATH=VALUE", "'=1'",   "PATH=VALUE",   "did you mean",
                                       "not valid",  "binary", "from 0 to 0.4"};
    struct sim_errors errors;
    struct scenario *scenario;
    load_with(texts, SIM_COUNT(texts), &scenario, &errors);
    CU_ASSERT_PTR_NULL(scenario);
    CU_ASSERT_EQUAL(errors.count, SIM_COUNT(texts));
    for (size_t i = 0; i < SIM_COUNT(says) && i < errors.count; i++) {
        CU_ASSERT_PTR_NOT_NULL(strstr(errors.lines[i], says[i]));
        CU_ASSERT_PTR_EQUAL(strstr(errors.lines[i], "--set"), errors.lines[i]);
    }
    sim_errors_clear(&errors);
}

static void test_bounded(void)
{
    enum { KEYS = 60000 };
    char *text = malloc(32 * KEYS);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    size_t used = (size_t)sprintf(text, "parameters:\n");
    for (int i = 0; i < KEYS; i++) {
        used += (size_t)sprintf(text + used, "  no.such.parameter.%d: 1\n", i);
    }
    struct sim_errors errors;
    struct scenario *scenario;
    CU_ASSERT_EQUAL(example_try(&scenario, text, &errors), SIM_BAD_DATA);
    CU_ASSERT_TRUE(errors.count <= 201);
    CU_ASSERT_TRUE(example_says(&errors, "top.yaml", "the rest is not shown"));
    sim_errors_clear(&errors);
    free(text);
}

int main(void)
{
    CU_TestInfo tests[] = {{"values", test_values},     {"step", test_step},
                           {"refused", test_refused},   {"all at once", test_all_at_once},
                           {"settings", test_settings}, {"settings refused", test_settings_refused},
                           {"bounded", test_bounded},   CU_TEST_INFO_NULL};
    return suite_run("scenarios/parameters", tests);
}
