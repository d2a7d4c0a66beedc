#include "../../sim/component.h"
#include "../suite.h"
#include "provoke.h"

#include <math.h>

static const char *const form_labels[] = {"ingot", "molten", "rod"};
static const char *const tier_labels[] = {"collector", "port"};
static const struct sim_dimension form = {"form", "form of metal", 3, form_labels};
static const struct sim_dimension tier = {"tier", "tier of trade", 2, tier_labels};

enum { TAPPED, PRICE, MARGIN, BY_PROVINCE, STOCK }; /* rows of `first` */
static const struct sim_output first_outputs[] = {
    {"tapped", "t", "tapped", {&form}, SIM_METHOD_SUM, SIM_REDUCE_SUM, SIM_AXIS_MONTH, false},
    {"price",
     "CNY/t",
     "price",
     {&tier, &form},
     SIM_METHOD_MEAN,
     SIM_REDUCE_MEAN,
     SIM_AXIS_MONTH,
     false},
    {"margin", "CNY/t", "margin", {NULL}, SIM_METHOD_POINT, SIM_REDUCE_SET, SIM_AXIS_MONTH, true},
    {"by_province", "t", "detail", {&tier}, SIM_METHOD_SUM, SIM_REDUCE_SUM, SIM_AXIS_DETAIL, false},
    {"stock", "t", "history", {&form}, SIM_METHOD_POINT, SIM_REDUCE_SUM, SIM_AXIS_HISTORY, false},
};
enum { DETAIL_MEAN, DETAIL_SET, ENERGY }; /* rows of `third` */
static const struct sim_output third_outputs[] = {
    {"detail_mean", "1", "mean", {NULL}, SIM_METHOD_MEAN, SIM_REDUCE_MEAN, SIM_AXIS_DETAIL, false},
    {"detail_set", "1", "set", {NULL}, SIM_METHOD_POINT, SIM_REDUCE_SET, SIM_AXIS_DETAIL, false},
    {"energy", "GJ", "energy", {NULL}, SIM_METHOD_SUM, SIM_REDUCE_SUM, SIM_AXIS_MONTH, false},
};
static const struct sim_component first = {
    .name = "first", .outputs = first_outputs, .output_count = SIM_COUNT(first_outputs)};
static const struct sim_component second = {.name = "second"}; /* has no outputs */
static const struct sim_component third = {
    .name = "third", .outputs = third_outputs, .output_count = SIM_COUNT(third_outputs)};
static const struct sim_component *const components[] = {&first, &second, &third};
enum { MONTHS = 7, YEARS = 4 };

struct bench {
    struct sim_layout layout;
    struct sim_sample sample;
};

static void bench_init(struct bench *bench, bool skip_detail)
{
    if (!sim_layout_init(&bench->layout, components, 3, 24, MONTHS, 2015, YEARS))
        abort();
    bench->sample = (struct sim_sample){
        .layout = &bench->layout,
        .values = malloc(bench->layout.size * sizeof(double)),
        .weights = malloc(bench->layout.month_cells * sizeof(double)),
        .skip_detail = skip_detail,
    };
    if (!bench->sample.values || !bench->sample.weights)
        abort();
    for (size_t i = 0; i < bench->layout.size; i++)
        bench->sample.values[i] = NAN;
    for (size_t i = 0; i < bench->layout.month_cells; i++)
        bench->sample.weights[i] = -99; /* scratch may hold anything before a month begins */
}

static void bench_clear(struct bench *bench)
{
    free(bench->sample.values);
    free(bench->sample.weights);
    sim_layout_clear(&bench->layout);
}

static double value_of(const struct bench *bench, const char *name, size_t step, size_t cell)
{
    const struct sim_variable *variable = sim_layout_find(&bench->layout, name);
    return bench->sample.values[variable->offset + step * variable->cells + cell];
}

static void the_layout_tiles_the_array(void)
{
    struct bench bench;
    bench_init(&bench, false);
    const struct sim_layout *layout = &bench.layout;
    CU_ASSERT_EQUAL_FATAL(layout->count, 8);
    size_t offset = 0, month_cell = 0;
    for (size_t i = 0; i < layout->count; i++) {
        const struct sim_variable *variable = &layout->variables[i];
        CU_ASSERT_EQUAL(variable->offset, offset);
        CU_ASSERT_EQUAL(variable->month_cell, month_cell);
        CU_ASSERT_PTR_EQUAL(variable->output,
                            &components[variable->component]->outputs[variable->index]);
        CU_ASSERT_EQUAL(layout->first[variable->component] + variable->index, i);
        CU_ASSERT_PTR_EQUAL(sim_layout_find(layout, variable->output->name), variable);
        offset += variable->cells * variable->steps;
        month_cell += variable->cells;
    }
    CU_ASSERT_EQUAL(layout->size, offset);
    CU_ASSERT_EQUAL(layout->month_cells, month_cell);
    CU_ASSERT_EQUAL(layout->size, MONTHS * (3 + 6 + 1 + 2 + 1 + 1 + 1) + YEARS * 3);
    CU_ASSERT(layout->first[1] == 5 && layout->first[2] == 5 && layout->first[3] == 8);
    CU_ASSERT_EQUAL(sim_layout_find(layout, "price")->cells, 6);
    CU_ASSERT_EQUAL(sim_layout_find(layout, "stock")->steps, YEARS);
    CU_ASSERT_PTR_NULL(sim_layout_find(layout, "pric"));
    bench_clear(&bench);
    CU_ASSERT_EQUAL(bench.layout.count, 0);
    sim_layout_clear(&bench.layout);
}

static void sums_and_weighted_means_of_a_month(void)
{
    struct bench bench;
    bench_init(&bench, false);
    struct sim_sample *sample = &bench.sample;
    sample->step = 3;
    sim_sample_begin(sample);
    CU_ASSERT_EQUAL(sim_sample_get(sample, 0, TAPPED, 2), 0);
    CU_ASSERT(isnan(sim_sample_get(sample, 0, PRICE, 4)));
    CU_ASSERT(isnan(sim_sample_get(sample, 0, MARGIN, 0)));
    sim_sample_add(sample, TAPPED, 2, 2.385);
    sim_sample_add(sample, TAPPED, 2, -0.5);
    sim_sample_mean(sample, PRICE, 4, 19000, 2);
    CU_ASSERT_EQUAL(sim_sample_get(sample, 0, PRICE, 4), 19000);
    sim_sample_mean(sample, PRICE, 4, 22000, 1);
    sim_sample_mean(sample, PRICE, 4, NAN, 0);
    CU_ASSERT_EQUAL(sim_sample_get(sample, 0, PRICE, 4), 20000);
    sim_sample_set(sample, MARGIN, 0, -312.5);
    CU_ASSERT_EQUAL(sim_sample_get(sample, 0, MARGIN, 0), -312.5);
    sample->component = 2;
    sim_sample_add(sample, ENERGY, 0, 7.75);
    sim_sample_mean(sample, DETAIL_MEAN, 0, 0.25, 4);
    sim_sample_end(sample);
    CU_ASSERT_DOUBLE_EQUAL(value_of(&bench, "tapped", 3, 2), 1.885, 1e-12);
    CU_ASSERT_EQUAL(value_of(&bench, "tapped", 3, 1), 0);
    CU_ASSERT_EQUAL(value_of(&bench, "price", 3, 4), 20000);
    CU_ASSERT(isnan(value_of(&bench, "price", 3, 3)));
    CU_ASSERT_EQUAL(value_of(&bench, "margin", 3, 0), -312.5);
    CU_ASSERT_EQUAL(value_of(&bench, "energy", 3, 0), 7.75);
    CU_ASSERT_EQUAL(value_of(&bench, "detail_mean", 3, 0), 0.25);
    CU_ASSERT(isnan(value_of(&bench, "detail_set", 3, 0)));
    bench_clear(&bench);
}

static void months_do_not_touch_each_other(void)
{
    struct bench bench;
    bench_init(&bench, false);
    struct sim_sample *sample = &bench.sample;
    for (size_t step = 0; step < MONTHS; step++) {
        sample->step = step;
        sample->component = 0;
        sim_sample_begin(sample);
        for (size_t cell = 0; cell < 3; cell++)
            sim_sample_add(sample, TAPPED, cell, 10.5 * (double)step + (double)cell);
        for (size_t cell = 0; cell < 6; cell++)
            sim_sample_mean(sample, PRICE, cell, 3.25 + (double)(step * cell), 2.5);
        sim_sample_end(sample);
    }
    for (size_t step = 0; step < MONTHS; step++) {
        for (size_t cell = 0; cell < 3; cell++)
            CU_ASSERT_EQUAL(value_of(&bench, "tapped", step, cell),
                            10.5 * (double)step + (double)cell);
        for (size_t cell = 0; cell < 6; cell++)
            CU_ASSERT_DOUBLE_EQUAL(value_of(&bench, "price", step, cell),
                                   3.25 + (double)(step * cell), 1e-12);
    }
    bench_clear(&bench);
}

static void detail_that_is_not_kept_stays_fill(void)
{
    struct bench bench;
    bench_init(&bench, true);
    struct sim_sample *sample = &bench.sample;
    sim_sample_begin(sample);
    sim_sample_add(sample, BY_PROVINCE, 1, 7.5);
    CU_ASSERT(isnan(sim_sample_get(sample, 0, BY_PROVINCE, 1)));
    sim_sample_add(sample, TAPPED, 1, 7.5);
    sample->component = 2;
    sim_sample_mean(sample, DETAIL_MEAN, 0, 7.5, 2);
    sim_sample_set(sample, DETAIL_SET, 0, 7.5);
    sim_sample_set(sample, DETAIL_SET, 0, 8.5);
    CU_ASSERT(isnan(sim_sample_get(sample, 2, DETAIL_MEAN, 0)));
    CU_ASSERT(isnan(sim_sample_get(sample, 2, DETAIL_SET, 0)));
    sim_sample_end(sample);
    CU_ASSERT(isnan(value_of(&bench, "by_province", 0, 0)));
    CU_ASSERT(isnan(value_of(&bench, "by_province", 0, 1)));
    CU_ASSERT(isnan(value_of(&bench, "detail_mean", 0, 0)));
    CU_ASSERT(isnan(value_of(&bench, "detail_set", 0, 0)));
    CU_ASSERT_EQUAL(value_of(&bench, "tapped", 0, 1), 7.5);
    bench_clear(&bench);
}

static void history_is_filled_by_year_and_outlives_months(void)
{
    struct bench bench;
    bench_init(&bench, true);
    struct sim_sample *sample = &bench.sample;
    for (size_t year = 0; year < YEARS; year++) {
        for (size_t cell = 0; cell < 3; cell++)
            sim_sample_history(sample, STOCK, year, cell, 100.5 * (double)year + (double)cell);
    }
    sim_sample_history(sample, STOCK, 2, 1, NAN);
    sim_sample_begin(sample);
    sim_sample_end(sample);
    for (size_t year = 0; year < YEARS; year++) {
        CU_ASSERT_EQUAL(value_of(&bench, "stock", year, 0), 100.5 * (double)year);
        CU_ASSERT_EQUAL(value_of(&bench, "stock", year, 2), 100.5 * (double)year + 2);
    }
    CU_ASSERT(isnan(value_of(&bench, "stock", 2, 1)));
    bench_clear(&bench);
}

/* One wrong call each; the child ends before it could free anything. */
static struct sim_sample *begun(void)
{
    struct bench *bench = malloc(sizeof *bench);
    if (!bench)
        abort();
    bench_init(bench, false);
    sim_sample_begin(&bench->sample);
    return &bench->sample;
}

static void add_to_unknown_row(void)
{
    sim_sample_add(begun(), 5, 0, 2.5);
}

static void add_to_unknown_cell(void)
{
    sim_sample_add(begun(), TAPPED, 3, 2.5);
}

static void add_to_a_mean(void)
{
    sim_sample_add(begun(), PRICE, 0, 2.5);
}

static void add_nan(void)
{
    sim_sample_add(begun(), TAPPED, 0, NAN);
}

static void add_to_history(void)
{
    sim_sample_add(begun(), STOCK, 0, 2.5);
}

static void set_a_sum(void)
{
    sim_sample_set(begun(), TAPPED, 0, 2.5);
}

static void set_twice(void)
{
    struct sim_sample *sample = begun();
    sim_sample_set(sample, MARGIN, 0, 2.5);
    sim_sample_set(sample, MARGIN, 0, 2.5);
}

static void set_infinite(void)
{
    sim_sample_set(begun(), MARGIN, 0, INFINITY);
}

static void mean_of_a_sum(void)
{
    sim_sample_mean(begun(), TAPPED, 0, 2.5, 2);
}

static void mean_with_negative_weight(void)
{
    sim_sample_mean(begun(), PRICE, 0, 2.5, -2);
}

static void mean_with_infinite_weight(void)
{
    sim_sample_mean(begun(), PRICE, 0, 2.5, INFINITY);
}

static void mean_of_nan(void)
{
    sim_sample_mean(begun(), PRICE, 0, NAN, 2);
}

static void get_of_unknown_component(void)
{
    sim_sample_get(begun(), 3, 0, 0);
}

static void begin_after_the_last_month(void)
{
    struct sim_sample *sample = begun();
    sample->step = MONTHS;
    sim_sample_begin(sample);
}

static void history_of_a_month(void)
{
    sim_sample_history(begun(), TAPPED, 0, 0, 2.5);
}

static void history_of_an_unknown_year(void)
{
    sim_sample_history(begun(), STOCK, YEARS, 0, 2.5);
}

static void history_infinite(void)
{
    sim_sample_history(begun(), STOCK, 0, 0, INFINITY);
}

static void wrong_calls_abort(void)
{
    CU_ASSERT(provoke_abort(add_to_unknown_row, "component 0 has no output 5"));
    CU_ASSERT(provoke_abort(add_to_unknown_cell, "tapped has no cell 3"));
    CU_ASSERT(provoke_abort(add_to_a_mean, "price is filled by another call"));
    CU_ASSERT(provoke_abort(add_nan, "tapped: "));
    CU_ASSERT(provoke_abort(add_to_history, "stock is a variable of the history"));
    CU_ASSERT(provoke_abort(set_a_sum, "tapped is filled by another call"));
    CU_ASSERT(provoke_abort(set_twice, "margin is set twice in a month"));
    CU_ASSERT(provoke_abort(set_infinite, "margin: inf"));
    CU_ASSERT(provoke_abort(mean_of_a_sum, "tapped is filled by another call"));
    CU_ASSERT(provoke_abort(mean_with_negative_weight, "price: weight -2"));
    CU_ASSERT(provoke_abort(mean_with_infinite_weight, "price: weight inf"));
    CU_ASSERT(provoke_abort(mean_of_nan, "price: "));
    CU_ASSERT(provoke_abort(get_of_unknown_component, "component 3"));
    CU_ASSERT(provoke_abort(begin_after_the_last_month, "month 7 of 7"));
    CU_ASSERT(provoke_abort(history_of_a_month, "tapped is not of the history"));
    CU_ASSERT(provoke_abort(history_of_an_unknown_year, "stock has no year 4"));
    CU_ASSERT(provoke_abort(history_infinite, "stock: inf"));
}

static bool layout_starved(void)
{
    struct sim_layout layout;
    bool made = sim_layout_init(&layout, components, 3, 24, MONTHS, 2015, YEARS);
    if (!made && (layout.variables || layout.first))
        _exit(255);
    sim_layout_clear(&layout);
    return made;
}

static void no_memory_is_told(void)
{
    if (PROVOKE_SANITIZED) {
        suite_skip("the sanitizer's heap cannot be exhausted");
        return;
    }
    CU_ASSERT(provoke_starved(layout_starved) > 0);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"the layout tiles the array", the_layout_tiles_the_array},
        {"sums and weighted means of a month", sums_and_weighted_means_of_a_month},
        {"months do not touch each other", months_do_not_touch_each_other},
        {"detail that is not kept stays fill", detail_that_is_not_kept_stays_fill},
        {"history is filled by year", history_is_filled_by_year_and_outlives_months},
        {"wrong calls abort", wrong_calls_abort},
        {"no memory is told", no_memory_is_told},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim_output", tests);
}
