#include "../../sim/component.h"
#include "../suite.h"
#include "provoke.h"

#include <math.h>

struct smelter {
    double melt_loss;
    int64_t furnaces;
    const struct sim_path *gas_price;
    const double *yield; /* [form] */
    const char *fuel;
    const struct sim_path *carbon_price;
};

static const char *const form_labels[] = {"ingot", "molten", "6063"};
static const struct sim_dimension form = {"form", "form of metal", 3, form_labels};
static const double yields[] = {0.93, 0.95, 0.97};
static const char *const fuels[] = {"gas", "oil", "power", NULL};
static const double carbon_years[] = {2021.5, 2030}, carbon_values[] = {48.5, 210};
static const struct sim_path carbon = {SIM_LINEAR, 2, carbon_years, carbon_values};

static const struct sim_param smelter_params[] = {
    SIM_PARAM_REAL(struct smelter, melt_loss, "smelter.melt_loss", "1", 0.035, 0.005, 0.2, 0.02,
                   0.06, "a study", "Metal lost."),
    SIM_PARAM_INT(struct smelter, furnaces, "smelter.furnaces", "1", 4, 1, 12, 2, 6, "a study",
                  "Furnaces of a plant."),
    SIM_PARAM_PATH(struct smelter, gas_price, "smelter.gas_price", "CNY/m3", 3.25, NULL, 0.5, 20, 2,
                   5, "a study", "Price of gas."),
    SIM_PARAM_VECTOR(struct smelter, yield, "smelter.yield", "1", &form, yields, 0.5, 1, 0.9, 0.99,
                     "a study", "Yield by form."),
    SIM_PARAM_CHOICE(struct smelter, fuel, "smelter.fuel", fuels, "a study", "What heats."),
    SIM_PARAM_PATH(struct smelter, carbon_price, "smelter.carbon_price", "CNY/t", 0, &carbon, 0,
                   5000, 40, 400, "a study", "Price of carbon."),
};
SIM_PARAMS_COVER(smelter_params, struct smelter);

struct port {
    double delay_days;
};
static const struct sim_param port_params[] = {
    SIM_PARAM_REAL(struct port, delay_days, "port.delay", "d", 6.5, 1, 60, 3, 14, "a study",
                   "Days to clear."),
};
SIM_PARAMS_COVER(port_params, struct port);

static const struct sim_component smelter = {.name = "smelter",
                                             .params = smelter_params,
                                             .param_count = SIM_COUNT(smelter_params),
                                             .param_size = sizeof(struct smelter)};
static const struct sim_component clock = {.name = "clock"}; /* has no parameters */
static const struct sim_component port = {.name = "port",
                                          .params = port_params,
                                          .param_count = SIM_COUNT(port_params),
                                          .param_size = sizeof(struct port)};
static const struct sim_component *const components[] = {&smelter, &clock, &port};

static struct sim_config *make(void)
{
    struct sim_config *config = sim_config_create(components, 3);
    if (!config)
        abort();
    return config;
}

static const char *set(struct sim_config *config, const char *path, double value, const char *unit,
                       char text[200])
{
    text[0] = '\0';
    return sim_config_set_number(config, path, value, unit, "test.yaml:7", text, 200);
}

static struct sim_param_ref ref_of(const struct sim_config *config, const char *path)
{
    struct sim_param_ref ref;
    if (!sim_config_find(config, path, &ref))
        abort();
    return ref;
}

static const char *origin_of(const struct sim_config *config, const char *path)
{
    return sim_config_origin(config, ref_of(config, path));
}

static void blocks_start_at_their_defaults(void)
{
    struct sim_config *config = make();
    const struct smelter *block = sim_config_block(config, 0);
    CU_ASSERT_EQUAL(block->melt_loss, 0.035);
    CU_ASSERT_EQUAL(block->furnaces, 4);
    CU_ASSERT_EQUAL(sim_path_at(block->gas_price, 2044), 3.25);
    CU_ASSERT_EQUAL(sim_path_at(block->carbon_price, 2021.5), 48.5);
    CU_ASSERT_EQUAL(sim_path_at(block->carbon_price, 2050), 210);
    CU_ASSERT_PTR_NOT_EQUAL(block->carbon_price, &carbon);
    CU_ASSERT(block->yield[0] == 0.93 && block->yield[2] == 0.97);
    CU_ASSERT_STRING_EQUAL(block->fuel, "gas");
    CU_ASSERT_EQUAL(((const struct port *)sim_config_block(config, 2))->delay_days, 6.5);
    CU_ASSERT_PTR_NOT_NULL(sim_config_block(config, 1));
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.melt_loss"), "default");
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.yield"), "default");
    sim_config_destroy(config);
    sim_config_destroy(NULL);
}

static void paths_are_found_exactly(void)
{
    struct sim_config *config = make();
    struct sim_param_ref ref = ref_of(config, "port.delay");
    CU_ASSERT_PTR_EQUAL(ref.param, &port_params[0]);
    CU_ASSERT(ref.component == 2 && ref.element == SIZE_MAX);
    ref = ref_of(config, "smelter.yield.6063");
    CU_ASSERT_PTR_EQUAL(ref.param, &smelter_params[3]);
    CU_ASSERT(ref.component == 0 && ref.element == 2);
    CU_ASSERT_EQUAL(ref_of(config, "smelter.yield").element, SIZE_MAX);
    const char *const unknown[] = {"",          "smelter",           "smelter.melt",
                                   "port.dela", "port.delay.days",   "smelter.yield.",
                                   "port.",     "smelter.yield.rod", "smelter.melt_loss_2"};
    for (size_t i = 0; i < SIM_COUNT(unknown); i++)
        CU_ASSERT_FALSE(sim_config_find(config, unknown[i], &ref));
    sim_config_destroy(config);
}

static void values_are_set_and_read_back(void)
{
    struct sim_config *config = make();
    char text[200];
    CU_ASSERT_PTR_NULL(set(config, "smelter.melt_loss", 0.0475, "1", text));
    CU_ASSERT_PTR_NULL(set(config, "smelter.furnaces", 7, NULL, text));
    CU_ASSERT_PTR_NULL(set(config, "smelter.carbon_price", 99.5, "CNY/t", text));
    CU_ASSERT_PTR_NULL(set(config, "smelter.yield.molten", 0.625, NULL, text));
    CU_ASSERT_PTR_NULL(
        sim_config_set_choice(config, "smelter.fuel", "power", "--set", text, sizeof text));
    const struct smelter *block = sim_config_block(config, 0);
    CU_ASSERT_EQUAL(block->melt_loss, 0.0475);
    CU_ASSERT_EQUAL(block->furnaces, 7);
    CU_ASSERT(block->carbon_price->count == 1 && sim_path_at(block->carbon_price, 2033) == 99.5);
    CU_ASSERT(block->yield[0] == 0.93 && block->yield[1] == 0.625 && yields[1] == 0.95);
    CU_ASSERT_STRING_EQUAL(block->fuel, "power");
    CU_ASSERT_EQUAL(sim_config_number(config, ref_of(config, "smelter.melt_loss")), 0.0475);
    CU_ASSERT_EQUAL(sim_config_number(config, ref_of(config, "smelter.furnaces")), 7);
    CU_ASSERT_EQUAL(sim_config_number(config, ref_of(config, "smelter.yield.molten")), 0.625);
    CU_ASSERT_PTR_EQUAL(sim_config_path(config, ref_of(config, "smelter.carbon_price")),
                        block->carbon_price);
    CU_ASSERT_STRING_EQUAL(sim_config_choice(config, ref_of(config, "smelter.fuel")), "power");
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.melt_loss"), "test.yaml:7");
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.fuel"), "--set");
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.yield.molten"), "test.yaml:7");
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.yield.ingot"), "default");
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.yield"), "several");
    CU_ASSERT_STRING_EQUAL(origin_of(config, "port.delay"), "default");
    /* Bounds belong to the range; a second setting wins. */
    CU_ASSERT_PTR_NULL(set(config, "smelter.melt_loss", 0.005, NULL, text));
    CU_ASSERT_PTR_NULL(set(config, "smelter.melt_loss", 0.2, NULL, text));
    CU_ASSERT_EQUAL(block->melt_loss, 0.2);
    sim_config_destroy(config);
}

static void paths_over_time_are_copied(void)
{
    struct sim_config *config = make();
    char text[200];
    double years[] = {2020, 2024.5, 2031}, values[] = {2.5, 4.75, 3.5};
    const struct sim_path path = {SIM_STEP, 3, years, values};
    CU_ASSERT_PTR_NULL(sim_config_set_path(config, "smelter.gas_price", &path, "CNY/m3",
                                           "base.yaml:3", text, sizeof text));
    years[1] = values[1] = -77;
    const struct smelter *block = sim_config_block(config, 0);
    CU_ASSERT_EQUAL(sim_path_at(block->gas_price, 2027), 4.75);
    CU_ASSERT_EQUAL(sim_path_at(block->gas_price, 2024), 2.5);
    /* A path may be set to itself. */
    CU_ASSERT_PTR_NULL(sim_config_set_path(config, "smelter.gas_price", block->gas_price, NULL,
                                           "base.yaml:4", text, sizeof text));
    CU_ASSERT_EQUAL(sim_path_at(block->gas_price, 2027), 4.75);
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.gas_price"), "base.yaml:4");
    sim_config_destroy(config);
}

static void refuse(struct sim_config *config, const char *path, double value, const char *unit,
                   const char *says)
{
    char text[200];
    const char *wrong = set(config, path, value, unit, text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(wrong);
    CU_ASSERT_STRING_EQUAL(wrong, says);
}

static void wrong_numbers_are_refused(void)
{
    struct sim_config *config = make();
    refuse(config, "smelter.melt_loss", 0.25, NULL,
           "smelter.melt_loss = 0.25: must lie from 0.005 to 0.2 (dimensionless)");
    refuse(config, "smelter.gas_price", nextafter(0.5, 0), NULL,
           "smelter.gas_price = 0.5: must lie from 0.5 to 20 CNY/m3");
    refuse(config, "smelter.gas_price", -3.5, "CNY/m3",
           "smelter.gas_price = -3.5: must lie from 0.5 to 20 CNY/m3");
    refuse(config, "port.delay", 12, "h", "port.delay: unit 'h' is not the parameter's unit 'd'");
    refuse(config, "port.delay", NAN, NULL, "port.delay = nan: must be a number from 1 to 60 d");
    refuse(config, "port.delay", INFINITY, NULL,
           "port.delay = inf: must be a number from 1 to 60 d");
    refuse(config, "smelter.furnaces", 2.5, NULL,
           "smelter.furnaces = 2.5: must be a whole number from 1 to 12 (dimensionless)");
    refuse(config, "smelter.furnaces", 1e19, NULL,
           "smelter.furnaces = 1e+19: must be a whole number from 1 to 12 (dimensionless)");
    refuse(config, "smelter.furnaces", 13, NULL,
           "smelter.furnaces = 13: must lie from 1 to 12 (dimensionless)");
    refuse(config, "smelter.yield.ingot", 1.25, NULL,
           "smelter.yield.ingot = 1.25: must lie from 0.5 to 1 (dimensionless)");
    refuse(config, "smelter.yield", 0.75, NULL,
           "smelter.yield has one value per form: name one, such as 'smelter.yield.ingot'");
    refuse(config, "smelter.fuel", 2.5, NULL, "smelter.fuel = 2.5: must be gas, oil or power");
    refuse(config, "port.dealy", 12, NULL,
           "unknown parameter 'port.dealy'; did you mean "
           "'port.delay'?");
    refuse(config, "quite.another", 12, NULL,
           "unknown parameter 'quite.another'; 'remelt params' lists all");
    const struct smelter *block = sim_config_block(config, 0);
    CU_ASSERT(block->melt_loss == 0.035 && block->furnaces == 4 && block->yield[0] == 0.93);
    CU_ASSERT_EQUAL(sim_path_at(block->gas_price, 2030), 3.25);
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.melt_loss"), "default");
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.yield"), "default");
    sim_config_destroy(config);
}

static void wrong_choices_are_refused(void)
{
    struct sim_config *config = make();
    char text[200], few[10];
    CU_ASSERT_STRING_EQUAL(
        sim_config_set_choice(config, "smelter.fuel", "coal", "x:1", text, sizeof text),
        "smelter.fuel = coal: must be gas, oil or power");
    CU_ASSERT_STRING_EQUAL(
        sim_config_set_choice(config, "port.delay", "long", "x:1", text, sizeof text),
        "port.delay = 'long': must be a number from 1 to 60 d");
    CU_ASSERT_STRING_EQUAL(sim_config_set_choice(config, "fuel", "gas", "x:1", text, sizeof text),
                           "unknown parameter 'fuel'; did you mean 'smelter.fuel'?");
    CU_ASSERT_STRING_EQUAL(
        sim_config_set_choice(config, "smelter.fuel", "coal", "x:1", few, sizeof few), "smelter.f");
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.fuel"), "default");
    sim_config_destroy(config);
}

static void refuse_path(struct sim_config *config, const char *path, const struct sim_path *value,
                        const char *unit, const char *says)
{
    char text[200];
    const char *wrong = sim_config_set_path(config, path, value, unit, "x:1", text, sizeof text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(wrong);
    CU_ASSERT_STRING_EQUAL(wrong, says);
}

static void wrong_paths_over_time_are_refused(void)
{
    struct sim_config *config = make();
    const double years[] = {2020, 2024.5, 2024.5, NAN}, values[] = {2.5, 21, 3.5, 3.5};
    refuse_path(config, "smelter.gas_price", &(struct sim_path){SIM_STEP, 0, years, values}, NULL,
                "smelter.gas_price: a time path needs at least one point");
    refuse_path(config, "smelter.gas_price", &(struct sim_path){SIM_STEP, 2, years, values}, NULL,
                "smelter.gas_price at 2024.5 = 21: must lie from 0.5 to 20 CNY/m3");
    refuse_path(config, "smelter.carbon_price", &(struct sim_path){SIM_STEP, 3, years, values},
                NULL, "smelter.carbon_price: years must rise, but 2024.5 follows 2024.5");
    refuse_path(config, "smelter.carbon_price",
                &(struct sim_path){SIM_LINEAR, 1, years + 3, values}, NULL,
                "smelter.carbon_price: point 1: year nan must be a number");
    refuse_path(config, "smelter.carbon_price", &(struct sim_path){SIM_LINEAR, 1, years, years + 3},
                NULL, "smelter.carbon_price at 2020 = nan: must be a number from 0 to 5000 CNY/t");
    refuse_path(config, "smelter.carbon_price", &carbon, "USD/t",
                "smelter.carbon_price: unit 'USD/t' is not the parameter's unit 'CNY/t'");
    refuse_path(config, "port.delay", &carbon, NULL,
                "port.delay does not change over time: write one value");
    refuse_path(config, "smelter.gasprice", &carbon, NULL,
                "unknown parameter 'smelter.gasprice'; did you mean 'smelter.gas_price'?");
    const struct smelter *block = sim_config_block(config, 0);
    CU_ASSERT_EQUAL(sim_path_at(block->gas_price, 2030), 3.25);
    CU_ASSERT_STRING_EQUAL(origin_of(config, "smelter.carbon_price"), "default");
    sim_config_destroy(config);
}

static void suggestions_are_close_or_none(void)
{
    struct sim_config *config = make();
    const char *const pairs[][2] = {{"smelter.melt_los", "smelter.melt_loss"},
                                    {"smetler.melt_loss", "smelter.melt_loss"},
                                    {"smelter.yield.moltne", "smelter.yield.molten"},
                                    {"melt_loss", "smelter.melt_loss"},
                                    {"smelter.yield.6036", "smelter.yield.6063"},
                                    {"Port.delay", "port.delay"},
                                    {"port.", NULL},
                                    {"", NULL},
                                    {"market.liquidity", NULL}};
    for (size_t i = 0; i < SIM_COUNT(pairs); i++) {
        const char *found = sim_config_suggest(config, pairs[i][0]);
        CU_ASSERT_EQUAL(found == NULL, pairs[i][1] == NULL);
        if (found && pairs[i][1])
            CU_ASSERT_STRING_EQUAL(found, pairs[i][1]);
    }
    char longest[5001];
    memset(longest, 'p', 5000);
    longest[5000] = '\0';
    CU_ASSERT_PTR_NULL(sim_config_suggest(config, longest));
    sim_config_destroy(config);
}

static void copies_are_deep(void)
{
    struct sim_config *config = make();
    char text[200];
    CU_ASSERT_PTR_NULL(set(config, "smelter.yield.ingot", 0.8125, NULL, text));
    CU_ASSERT_PTR_NULL(set(config, "smelter.furnaces", 9, NULL, text));
    CU_ASSERT_PTR_NULL(
        sim_config_set_choice(config, "smelter.fuel", "oil", "--set", text, sizeof text));
    struct sim_config *copy = sim_config_copy(config);
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    CU_ASSERT_PTR_NULL(set(config, "smelter.yield.ingot", 0.6, NULL, text));
    CU_ASSERT_PTR_NULL(set(config, "smelter.carbon_price", 5, NULL, text));
    CU_ASSERT_PTR_NULL(set(config, "smelter.melt_loss", 0.1, NULL, text));
    sim_config_destroy(config);
    const struct smelter *block = sim_config_block(copy, 0);
    CU_ASSERT(block->yield[0] == 0.8125 && block->furnaces == 9 && block->melt_loss == 0.035);
    CU_ASSERT_EQUAL(sim_path_at(block->carbon_price, 2030), 210);
    CU_ASSERT_STRING_EQUAL(block->fuel, "oil");
    CU_ASSERT_STRING_EQUAL(origin_of(copy, "smelter.yield.ingot"), "test.yaml:7");
    CU_ASSERT_STRING_EQUAL(origin_of(copy, "smelter.fuel"), "--set");
    CU_ASSERT_STRING_EQUAL(origin_of(copy, "smelter.melt_loss"), "default");
    CU_ASSERT_STRING_EQUAL(sim_config_suggest(copy, "port.dlay"), "port.delay");
    sim_config_destroy(copy);
}

static void read_number_of_path(void)
{
    struct sim_config *config = make();
    sim_config_number(config, ref_of(config, "smelter.gas_price"));
}

static void read_number_of_whole_vector(void)
{
    struct sim_config *config = make();
    sim_config_number(config, ref_of(config, "smelter.yield"));
}

static void read_path_of_number(void)
{
    struct sim_config *config = make();
    sim_config_path(config, ref_of(config, "port.delay"));
}

static void read_choice_of_number(void)
{
    struct sim_config *config = make();
    sim_config_choice(config, ref_of(config, "port.delay"));
}

static void read_origin_of_element_3(void)
{
    struct sim_config *config = make();
    struct sim_param_ref ref = ref_of(config, "smelter.yield");
    ref.element = 3;
    sim_config_origin(config, ref);
}

static void read_block_3(void)
{
    sim_config_block(make(), 3);
}

static void create_with(struct sim_param row, size_t size)
{
    const struct sim_component bad = {
        .name = "bad", .params = &row, .param_count = 1, .param_size = size};
    const struct sim_component *const list[] = {&bad};
    sim_config_create(list, 1);
}

static void create_without_path(void)
{
    struct sim_param row = port_params[0];
    row.path = NULL;
    create_with(row, 8);
}

static void create_outside_block(void)
{
    create_with(port_params[0], 4);
}

static void create_without_choices(void)
{
    struct sim_param row = smelter_params[4];
    row.choices = NULL;
    create_with(row, sizeof(struct smelter));
}

static void create_without_dimension(void)
{
    struct sim_param row = smelter_params[3];
    row.dimension = NULL;
    create_with(row, sizeof(struct smelter));
}

static void create_with_broken_integer(void)
{
    struct sim_param row = smelter_params[1];
    row.value = 2.5;
    create_with(row, sizeof(struct smelter));
}

static void create_with_default_out_of_bounds(void)
{
    struct sim_param row = port_params[0];
    row.value = 61;
    create_with(row, 8);
}

static void create_with_unknown_type(void)
{
    struct sim_param row = port_params[0];
    row.type = (enum sim_param_type)77;
    create_with(row, 8);
}

static void wrong_reads_and_rows_abort(void)
{
    CU_ASSERT(provoke_abort(read_number_of_path, "smelter.gas_price is no number"));
    CU_ASSERT(provoke_abort(read_number_of_whole_vector, "smelter.yield: element"));
    CU_ASSERT(provoke_abort(read_path_of_number, "port.delay is no time path"));
    CU_ASSERT(provoke_abort(read_choice_of_number, "port.delay is no choice"));
    CU_ASSERT(provoke_abort(read_origin_of_element_3, "smelter.yield: element 3"));
    CU_ASSERT(provoke_abort(read_block_3, "component 3 of 3"));
    CU_ASSERT(provoke_abort(create_without_path, "bad: a parameter without path"));
    CU_ASSERT(provoke_abort(create_outside_block, "port.delay lies outside its block"));
    CU_ASSERT(provoke_abort(create_without_choices, "smelter.fuel has no choices"));
    CU_ASSERT(provoke_abort(create_without_dimension, "smelter.yield has no dimension"));
    CU_ASSERT(provoke_abort(create_with_broken_integer, "smelter.furnaces: default 2.5"));
    CU_ASSERT(provoke_abort(create_with_default_out_of_bounds, "port.delay: default 61"));
    CU_ASSERT(provoke_abort(create_with_unknown_type, "port.delay: type 77"));
}

static bool create_starved(void)
{
    struct sim_config *config = sim_config_create(components, 3);
    sim_config_destroy(config);
    return config != NULL;
}

static struct sim_config
    *copied; /* made before the heap is exhausted; test programs have one thread */

static bool copy_starved(void)
{
    struct sim_config *copy = sim_config_copy(copied);
    sim_config_destroy(copy);
    return copy != NULL;
}

static bool set_starved(void)
{
    char text[200];
    double years[60], values[60];
    for (int i = 0; i < 60; i++) {
        years[i] = 2000 + i;
        values[i] = 7.5;
    }
    const struct sim_path path = {SIM_LINEAR, 60, years, values};
    const char *wrong =
        sim_config_set_path(copied, "smelter.gas_price", &path, NULL, "x:1", text, sizeof text);
    if (wrong && strcmp(wrong, "smelter.gas_price: out of memory") != 0)
        _exit(255);
    return !wrong;
}

static void no_memory_is_told(void)
{
    if (PROVOKE_SANITIZED) {
        suite_skip("the sanitizer's heap cannot be exhausted");
        return;
    }
    char text[200];
    copied = make();
    CU_ASSERT_PTR_NULL(set(copied, "smelter.yield.ingot", 0.8125, NULL, text));
    CU_ASSERT(provoke_starved(create_starved) > 0);
    CU_ASSERT(provoke_starved(copy_starved) > 0);
    CU_ASSERT(provoke_starved(set_starved) > 0);
    sim_config_destroy(copied);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"blocks start at their defaults", blocks_start_at_their_defaults},
        {"paths are found exactly", paths_are_found_exactly},
        {"values are set and read back", values_are_set_and_read_back},
        {"paths over time are copied", paths_over_time_are_copied},
        {"wrong numbers are refused", wrong_numbers_are_refused},
        {"wrong choices are refused", wrong_choices_are_refused},
        {"wrong paths over time are refused", wrong_paths_over_time_are_refused},
        {"suggestions are close or none", suggestions_are_close_or_none},
        {"copies are deep", copies_are_deep},
        {"wrong reads and rows abort", wrong_reads_and_rows_abort},
        {"no memory is told", no_memory_is_told},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim_param", tests);
}
