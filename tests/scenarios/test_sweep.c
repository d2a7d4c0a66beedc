/* The block `sweep`: grids, lists and space-filling designs; what a point shares and what is its
 * own; every way to be wrong. */
#include "../suite.h"
#include "example.h"

static const struct example_params *params_of(const struct scenario *scenario)
{
    return sim_config_block(scenario->config, 0);
}

static struct scenario *load(const char *body)
{
    struct sim_errors errors;
    struct scenario *scenario;
    CU_ASSERT_EQUAL(example_try(&scenario, body, &errors), SIM_OK);
    for (size_t i = 0; i < errors.count; i++) {
        fprintf(stderr, "%s\n", errors.lines[i]);
    }
    sim_errors_clear(&errors);
    return scenario;
}

static struct scenario *point_of(const struct scenario *scenario, size_t index)
{
    struct sim_errors errors;
    struct scenario *point;
    sim_errors_init(&errors);
    CU_ASSERT_EQUAL(scenario_point(&point, scenario, index, &errors), SIM_OK);
    sim_errors_clear(&errors);
    return point;
}

static void test_none(void)
{
    struct scenario *scenario = load("");
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    CU_ASSERT_EQUAL(scenario_point_count(scenario), 0);
    scenario_destroy(scenario);
}

static void test_grid(void)
{
    struct scenario *scenario = load("parameters: {smelter.loss: 0.3}\n"
                                     "sweep:\n"
                                     "  grid:\n"
                                     "    smelter.loss: [0.1, 0.2 t/t]\n"
                                     "    smelter.mode: [gas, molten]\n"
                                     "    loop.demand: [5, {points: {2025: 1, 2027: 3}}, 7]\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    CU_ASSERT_EQUAL_FATAL(scenario_point_count(scenario), 12);
    CU_ASSERT_EQUAL(params_of(scenario)->loss, 0.3);
    for (size_t i = 0; i < 12; i++) {
        struct scenario *point = point_of(scenario, i);
        CU_ASSERT_PTR_NOT_NULL_FATAL(point);
        static const double demand[] = {5, 2, 7}; /* in 2026 */
        CU_ASSERT_EQUAL(params_of(point)->loss, i < 6 ? 0.1 : 0.2);
        CU_ASSERT_STRING_EQUAL(params_of(point)->mode, i / 3 % 2 == 0 ? "gas" : "molten");
        CU_ASSERT_EQUAL(sim_path_at(params_of(point)->demand, 2026), demand[i % 3]);
        CU_ASSERT_EQUAL(scenario_point_count(point), 0);
        CU_ASSERT_PTR_EQUAL(point->tables.tables, scenario->tables.tables);
        CU_ASSERT_PTR_NOT_NULL(strstr(point->resolved, "smelter.loss: 0."));
        CU_ASSERT_PTR_NULL(strstr(point->resolved, "sweep"));
        scenario_destroy(point);
    }
    struct scenario *last = point_of(scenario, 11);
    CU_ASSERT_STRING_EQUAL(last->name, "top-12");
    scenario_destroy(last);
    CU_ASSERT_EQUAL(params_of(scenario)->loss, 0.3); /* points do not touch it */
    scenario_destroy(scenario);
}

static void test_list(void)
{
    struct scenario *scenario = load("sweep:\n"
                                     "  list:\n"
                                     "    - {smelter.loss: 0.1}\n"
                                     "    - {resolution.trucks_per_lot: 9, car.share.ice: 0.75}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    CU_ASSERT_EQUAL_FATAL(scenario_point_count(scenario), 2);
    struct scenario *first = point_of(scenario, 0), *second = point_of(scenario, 1);
    CU_ASSERT_EQUAL(params_of(first)->loss, 0.1);
    CU_ASSERT_EQUAL(params_of(first)->lots, 7);
    CU_ASSERT_EQUAL(params_of(second)->loss, 0.0235);
    CU_ASSERT_EQUAL(params_of(second)->lots, 9);
    CU_ASSERT_EQUAL(params_of(second)->share[0], 0.75);
    struct sim_param_ref ref;
    CU_ASSERT_TRUE(sim_config_find(second->config, "car.share.ice", &ref));
    CU_ASSERT_STRING_EQUAL(sim_config_origin(second->config, ref), "top.yaml:6");
    scenario_destroy(first);
    scenario_destroy(second);
    scenario_destroy(scenario);
}

/* Each of n layers of each axis holds exactly one point. */
static void test_hypercube(void)
{
    enum { POINTS = 32 };
    struct scenario *scenario = load("sweep:\n"
                                     "  latin_hypercube:\n"
                                     "    points: 32\n"
                                     "    seed: 5\n"
                                     "    parameters: {smelter.loss: [0.1, 0.3], car.share.nev: "
                                     "plausible, resolution.trucks_per_lot: [1, 100]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    CU_ASSERT_EQUAL_FATAL(scenario_point_count(scenario), POINTS);
    int loss[POINTS] = {0}, share[POINTS] = {0};
    for (size_t i = 0; i < POINTS; i++) {
        struct scenario *point = point_of(scenario, i);
        CU_ASSERT_PTR_NOT_NULL_FATAL(point);
        double x = (params_of(point)->loss - 0.1) / 0.2,
               y = (params_of(point)->share[1] - 0.1) / 0.8;
        CU_ASSERT_TRUE_FATAL(x >= 0 && x < 1 && y >= 0 && y < 1);
        loss[(int)(x * POINTS)]++;
        share[(int)(y * POINTS)]++;
        CU_ASSERT_TRUE(params_of(point)->lots >= 1 && params_of(point)->lots <= 100);
        scenario_destroy(point);
    }
    for (size_t i = 0; i < POINTS; i++) {
        CU_ASSERT_EQUAL(loss[i], 1);
        CU_ASSERT_EQUAL(share[i], 1);
    }
    scenario_destroy(scenario);
}

/* The same seed gives the same points, another seed others. */
static void test_seeds(void)
{
    static const char *const bodies[] = {
        "sweep: {latin_hypercube: {points: 8, seed: 5, parameters: {smelter.loss: plausible}}}\n",
        "sweep: {latin_hypercube: {points: 8, seed: 5, parameters: {smelter.loss: plausible}}}\n",
        "sweep: {latin_hypercube: {points: 8, seed: 6, parameters: {smelter.loss: plausible}}}\n"};
    double values[3];
    for (size_t i = 0; i < 3; i++) {
        struct scenario *scenario = load(bodies[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
        struct scenario *point = point_of(scenario, 7);
        CU_ASSERT_PTR_NOT_NULL_FATAL(point);
        values[i] = params_of(point)->loss;
        scenario_destroy(point);
        scenario_destroy(scenario);
    }
    CU_ASSERT_EQUAL(values[0], values[1]);
    CU_ASSERT_NOT_EQUAL(values[0], values[2]);
}

/* A Sobol sequence's first 2^k - 1 points and the origin fill every k-th binary layer once. */
static void test_sobol(void)
{
    struct scenario *scenario = load("sweep: {sobol: {points: 15, parameters: {smelter.loss: [0, "
                                     "0.4], car.share.nev: [0, 1]}}}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    CU_ASSERT_EQUAL_FATAL(scenario_point_count(scenario), 15);
    int layers[16] = {0};
    for (size_t i = 0; i < 15; i++) {
        struct scenario *point = point_of(scenario, i);
        CU_ASSERT_PTR_NOT_NULL_FATAL(point);
        layers[(int)(params_of(point)->share[1] * 16)]++;
        scenario_destroy(point);
    }
    CU_ASSERT_EQUAL(layers[0], 0);
    for (size_t i = 1; i < 16; i++) {
        CU_ASSERT_EQUAL(layers[i], 1);
    }
    scenario_destroy(scenario);
}

static void test_refused(void)
{
    static const struct example_case cases[] = {
        {"sweep: 1\n", "top.yaml:3", "one of the keys grid"},
        {"sweep: {}\n", "top.yaml:3", "one of the keys grid"},
        {"sweep: {cross: {}}\n", "top.yaml:3", "one of the keys grid"},
        {"sweep: {grid: {smelter.loss: [0.1]}, list: []}\n", "top.yaml:3", "one of the keys grid"},
        {"sweep: {grid: []}\n", "top.yaml:3", "grid is a list"},
        {"sweep: {grid: {}}\n", "top.yaml:3", "grid is a map"},
        {"sweep:\n  grid:\n    smelter.loss: 0.1\n", "top.yaml:5", "must be a list of values"},
        {"sweep:\n  grid:\n    smelter.loss: []\n", "top.yaml:5", "must be a list of values"},
        {"sweep:\n  grid:\n    smelter.loss:\n    - 0.1\n    - 0.5\n", "top.yaml:7",
         "from 0 to 0.4"},
        {"sweep:\n  grid:\n    no.such: [0.1]\n", "top.yaml:5", "unknown parameter"},
        {"sweep: {list: {}}\n", "top.yaml:3", "list is a map"},
        {"sweep: {list: []}\n", "top.yaml:3", "list is a list"},
        {"sweep: {list: [1]}\n", "top.yaml:3", "a point is text"},
        {"sweep: {list: [{smelter.loss: 1}]}\n", "top.yaml:3", "from 0 to 0.4"},
        {"sweep: {sobol: 3}\n", "top.yaml:3", "must be a map"},
        {"sweep: {sobol: {points: 3, parameters: {smelter.loss: [0, 0.1]}, x: 1}}\n", "top.yaml:3",
         "x: unknown key"},
        {"sweep: {sobol: {points: 3}}\n", "top.yaml:3", "sobol must be {points"},
        {"sweep: {sobol: {parameters: {smelter.loss: [0, 0.1]}}}\n", "top.yaml:3", "sobol must be"},
        {"sweep: {sobol: {points: 0, parameters: {smelter.loss: [0, 0.1]}}}\n", "top.yaml:3",
         "points = 0: must be a whole number from 1 to 10000"},
        {"sweep: {latin_hypercube: {points: 3, seed: -1, parameters: {smelter.loss: [0, 0.1]}}}\n",
         "top.yaml:3", "seed = -1"},
        {"sweep: {sobol: {points: 3, parameters: {smelter.loss: [0.1]}}}\n", "top.yaml:3",
         "must be [low, high]"},
        {"sweep: {sobol: {points: 3, parameters: {smelter.loss: [0.2, 0.1]}}}\n", "top.yaml:3",
         "low < high"},
        {"sweep: {sobol: {points: 3, parameters: {smelter.loss: [0.2, 0.5]}}}\n", "top.yaml:3",
         "from 0 to 0.4"},
        {"sweep: {sobol: {points: 3, parameters: {loop.demand: [1, 2]}}}\n", "top.yaml:3",
         "is a time path"},
    };
    CU_ASSERT_EQUAL(example_refused(cases, SIM_COUNT(cases)), 0);
}

static void test_too_many(void)
{
    char body[1200] = "sweep:\n  grid:\n";
    static const char *const paths[] = {"smelter.loss", "car.share.ice", "car.share.nev",
                                        "car.share.far east", "loop.demand"};
    for (size_t i = 0; i < SIM_COUNT(paths); i++) {
        size_t used = strlen(body);
        snprintf(body + used, sizeof body - used, "    %s: [0, 0.1, 0.2, 0.3, 0.01, 0.02, 0.03]\n",
                 paths[i]);
    }
    const struct example_case cases[] = {{body, "top.yaml:4", "16807 points"}};
    CU_ASSERT_EQUAL(example_refused(cases, 1), 0);
}

/* A value on the command line would make all points equal without a word. */
static void test_set_and_swept(void)
{
    static const char *const names[] = {"facts.tsv", "top.yaml", NULL};
    char folder[EXAMPLE_PATH_BYTES], path[EXAMPLE_PATH_BYTES];
    struct scenario_setting setting = {"smelter.loss=0.1"};
    struct sim_errors errors;
    struct scenario *scenario;
    example_folder(folder);
    example_write_table(folder);
    example_write(folder, "top.yaml",
                  "remelt: 1\nname: top\nsweep: {grid: {smelter.loss: [0.1, 0.2]}}\n");
    sim_errors_init(&errors);
    CU_ASSERT_EQUAL(scenario_load(&scenario, example_path(path, folder, "top.yaml"),
                                  example_components, EXAMPLE_COMPONENTS, &setting, 1, &errors),
                    SIM_BAD_DATA);
    CU_ASSERT_TRUE(example_says(&errors, "top.yaml:3", "also given by --set"));
    sim_errors_clear(&errors);
    example_remove(folder, names);
}

/* A later file's design replaces an earlier one's whole. */
static void test_atomic(void)
{
    static const char *const names[] = {"facts.tsv", "base.yaml", "top.yaml", NULL};
    char folder[EXAMPLE_PATH_BYTES];
    struct sim_errors errors;
    struct scenario *scenario;
    example_folder(folder);
    example_write_table(folder);
    example_write(folder, "base.yaml",
                  "remelt: 1\nname: base\nsweep: {grid: {smelter.loss: [0.1, 0.2]}}\n");
    example_write(folder, "top.yaml",
                  "remelt: 1\nname: top\nextends: base.yaml\n"
                  "sweep: {grid: {smelter.mode: [gas, molten, gas]}}\n");
    sim_errors_init(&errors);
    CU_ASSERT_EQUAL_FATAL(example_load(&scenario, folder, "top.yaml", &errors), SIM_OK);
    CU_ASSERT_EQUAL(scenario_point_count(scenario), 3);
    scenario_destroy(scenario);
    example_remove(folder, names);
}

int main(void)
{
    CU_TestInfo tests[] = {{"none", test_none},
                           {"grid", test_grid},
                           {"list", test_list},
                           {"Latin hypercube", test_hypercube},
                           {"seeds", test_seeds},
                           {"Sobol", test_sobol},
                           {"refused", test_refused},
                           {"too many", test_too_many},
                           {"set and swept", test_set_and_swept},
                           {"atomic", test_atomic},
                           CU_TEST_INFO_NULL};
    return suite_run("scenarios/sweep", tests);
}
