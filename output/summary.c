#include "summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum how { SUM, MEAN, LAST };

/* A number per year from one variable: over its months, at one label of each named dimension and
 * summed over those not named. A mean leaves out fill; a sum with fill in it is fill. */
struct term {
    const char *variable; /* NULL: no term */
    enum how how;
    const char *dims[2], *labels[2];
};

/* a; a / b; a / (a + b); or sum(weight x) / sum(weight) / b, where x is a, over all months and
 * labels of the weight's last dimension. */
enum rule { PLAIN, RATIO, SHARE, WEIGHTED };

struct row {
    const char *key, *label, *unit;
    enum rule rule;
    double scale;
    struct term a, b, weight;
};

/* A00 and ADC12 are quoted with VAT, at one rate: its factor cancels in their ratio. Scrap is
 * compared with A00 without VAT, as the model works. */
static const struct row rows[] = {
    {"output", "secondary output", "Mt", PLAIN, 1e-6, {"output", SUM, {0}, {0}}, {0}, {0}},
    {"capacity",
     "capacity, December",
     "Mt/yr",
     PLAIN,
     1e-6,
     {"capacity", LAST, {0}, {0}},
     {0},
     {0}},
    {"operating_rate",
     "operating rate",
     "1",
     RATIO,
     1,
     {"output", SUM, {0}, {0}},
     {"capacity", MEAN, {0}, {0}},
     {0}},
    {"secondary_share",
     "secondary share",
     "1",
     SHARE,
     1,
     {"output", SUM, {0}, {0}},
     {"primary_output", SUM, {0}, {0}},
     {0}},
    {"a00_price",
     "A00 price, net of VAT",
     "CNY/t",
     PLAIN,
     1,
     {"primary_price", MEAN, {0}, {0}},
     {0},
     {0}},
    {"adc12_ratio",
     "ADC12 / A00",
     "1",
     RATIO,
     1,
     {"alloy_price", MEAN, {"alloy"}, {"ADC12"}},
     {"primary_price", MEAN, {0}, {0}},
     {0}},
    {"scrap_ratio_mixed_cast",
     "mixed cast scrap, hub / A00",
     "1",
     RATIO,
     1,
     {"scrap_price", MEAN, {"tier", "grade"}, {"hub", "mixed_cast"}},
     {"primary_price", MEAN, {0}, {0}},
     {0}},
    {"scrap_ratio",
     "scrap charged, hub / A00",
     "1",
     WEIGHTED,
     1,
     {"scrap_price", MEAN, {"tier"}, {"hub"}},
     {"primary_price", MEAN, {0}, {0}},
     {"scrap_use_by_grade", SUM, {0}, {0}}},
    {"domestic_scrap",
     "domestic scrap",
     "Mt",
     PLAIN,
     1e-6,
     {"domestic_scrap", SUM, {0}, {0}},
     {0},
     {0}},
    {"old_scrap_collected",
     "old scrap collected",
     "Mt",
     PLAIN,
     1e-6,
     {"old_scrap_collected", SUM, {0}, {0}},
     {0},
     {0}},
    {"scrap_imports",
     "scrap imports, gross",
     "Mt",
     PLAIN,
     1e-6,
     {"scrap_imports", SUM, {0}, {0}},
     {0},
     {0}},
    {"primary_dilution",
     "primary charged",
     "Mt",
     PLAIN,
     1e-6,
     {"primary_dilution", SUM, {0}, {0}},
     {0},
     {0}},
    {"molten_output",
     "molten output",
     "Mt",
     PLAIN,
     1e-6,
     {"molten_output", SUM, {0}, {0}},
     {0},
     {0}},
    {"molten_share",
     "molten share",
     "1",
     RATIO,
     1,
     {"molten_output", SUM, {0}, {0}},
     {"output", SUM, {0}, {0}},
     {0}},
    {"emissions",
     "emissions",
     "t CO2e/t",
     RATIO,
     1,
     {"emissions_by_scope", SUM, {0}, {0}},
     {"output", SUM, {0}, {0}},
     {0}},
    {"emissions_scope1",
     "  of which scope 1",
     "t CO2e/t",
     RATIO,
     1,
     {"emissions_by_scope", SUM, {"scope"}, {"scope1"}},
     {"output", SUM, {0}, {0}},
     {0}},
    {"emissions_scope2",
     "  of which scope 2",
     "t CO2e/t",
     RATIO,
     1,
     {"emissions_by_scope", SUM, {"scope"}, {"scope2"}},
     {"output", SUM, {0}, {0}},
     {0}},
    {"emissions_scope3",
     "  of which scope 3",
     "t CO2e/t",
     RATIO,
     1,
     {"emissions_by_scope", SUM, {"scope"}, {"scope3"}},
     {"output", SUM, {0}, {0}},
     {0}},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* A term with what the file says of it: which values of [month][cells] it takes. */
struct source {
    const struct output_field *field; /* NULL: no term */
    enum how how;
    size_t steps, cells; /* months; values per month */
    bool *taken;         /* [cells] */
    double *values;      /* [months][cells] of one replicate */
};

struct worker {
    struct output_reader *reader;
    struct sim_errors *errors;
    const struct output_summary *summary;
    size_t *first; /* [year]: step of its January */
    struct source a, b, weight;
};

static void clear_source(struct source *source)
{
    free(source->taken);
    free(source->values);
    *source = (struct source){0};
}

static void clear_worker(struct worker *w)
{
    clear_source(&w->a);
    clear_source(&w->b);
    clear_source(&w->weight);
}

/* Leaves taken only cells at a label of one dimension; false where the file has no such label. */
static bool narrow(struct worker *w, struct source *source, const char *dim, const char *label)
{
    const struct output_field *field = source->field;
    for (size_t axis = 3; axis < field->rank; axis++) {
        if (strcmp(field->dims[axis], dim) != 0)
            continue;
        size_t wanted = output_reader_label(w->reader, dim, label), stride = 1;
        if (wanted >= field->sizes[axis])
            return false;
        for (size_t k = axis + 1; k < field->rank; k++)
            stride *= field->sizes[k];
        for (size_t cell = 0; cell < source->cells; cell++) {
            if (cell / stride % field->sizes[axis] != wanted)
                source->taken[cell] = false;
        }
        return true;
    }
    return false;
}

/* NULL where all is there, else what is missing ("" for memory). */
static const char *open_source(struct worker *w, struct source *source, const struct term *term)
{
    *source = (struct source){0};
    if (!term->variable)
        return NULL;
    source->field = output_reader_field(w->reader, term->variable);
    if (!source->field || strcmp(source->field->dims[1], "replicate") != 0 ||
        source->field->sizes[2] != output_reader_months(w->reader))
        return term->variable;
    source->how = term->how;
    source->steps = source->field->sizes[2];
    source->cells = source->field->cells / source->steps;
    source->taken = malloc(source->cells * sizeof *source->taken);
    source->values = malloc(source->field->cells * sizeof *source->values);
    if (!source->taken || !source->values)
        return "";
    for (size_t i = 0; i < source->cells; i++)
        source->taken[i] = true;
    for (int k = 0; k < 2; k++) {
        if (term->dims[k] && !narrow(w, source, term->dims[k], term->labels[k]))
            return term->labels[k];
    }
    return NULL;
}

static const char *open_row(struct worker *w, const struct row *row)
{
    const char *missing = open_source(w, &w->a, &row->a);
    if (!missing)
        missing = open_source(w, &w->b, &row->b);
    if (!missing)
        missing = open_source(w, &w->weight, &row->weight);
    if (!missing && row->rule == WEIGHTED && w->a.cells % w->weight.cells != 0)
        missing = row->weight.variable;
    return missing;
}

/* A month's value: the sum of the cells taken. */
static double month_value(const struct source *source, size_t step)
{
    double sum = 0;
    for (size_t cell = 0; cell < source->cells; cell++) {
        if (source->taken[cell])
            sum += source->values[step * source->cells + cell];
    }
    return sum;
}

static double year_value(const struct source *source, size_t january)
{
    double sum = 0;
    size_t count = 0;
    if (source->how == LAST)
        return month_value(source, january + 11);
    for (size_t step = january; step < january + 12; step++) {
        double value = month_value(source, step);
        if (source->how == MEAN && isnan(value))
            continue;
        sum += value;
        count++;
    }
    if (!count)
        return (double)NAN;
    return source->how == MEAN ? sum / (double)count : sum;
}

/* sum(weight x) / sum(weight) over the year's months and the cells of the weight, which are the
 * last axis of x; where there is no price, the weight does not count. */
static double weighted(const struct source *x, const struct source *weight, size_t january)
{
    double sum = 0, total = 0;
    for (size_t step = january; step < january + 12; step++) {
        for (size_t cell = 0; cell < x->cells; cell++) {
            double w = weight->values[step * weight->cells + cell % weight->cells];
            double value = x->values[step * x->cells + cell];
            if (!x->taken[cell] || isnan(value) || !(w > 0))
                continue;
            sum += w * value;
            total += w;
        }
    }
    return total > 0 ? sum / total : (double)NAN;
}

static double row_value(const struct worker *w, const struct row *row, size_t january)
{
    double a =
        row->rule == WEIGHTED ? weighted(&w->a, &w->weight, january) : year_value(&w->a, january);
    double b = row->rule == PLAIN ? 1 : year_value(&w->b, january);
    if (row->rule == SHARE)
        b += a;
    return b != 0 ? row->scale * a / b : (double)NAN;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t count, double p)
{
    double at = p * (double)(count - 1);
    size_t below = (size_t)at;
    if (below + 1 >= count)
        return sorted[count - 1];
    double share = at - (double)below;
    return sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

struct output_band output_summary_band(const double *sorted, size_t count)
{
    if (!count)
        return (struct output_band){(double)NAN, (double)NAN, (double)NAN, 0};
    return (struct output_band){.median = quantile(sorted, count, 0.5),
                                .low = quantile(sorted, count, 0.05),
                                .high = quantile(sorted, count, 0.95),
                                .count = count};
}

static bool load(struct worker *w, struct source *source, size_t scenario, size_t replicate)
{
    return !source->field || output_reader_values(w->reader, source->field, scenario, replicate,
                                                  source->values, w->errors);
}

/* One row of one scenario: values[year][replicate], then bands. */
static bool fill_scenario(struct worker *w, const struct row *row, size_t scenario, double *values,
                          struct output_band *bands)
{
    size_t years = w->summary->year_count, replicates = output_reader_replicates(w->reader);
    size_t *count = calloc(years + 1, sizeof *count);
    bool ok = count != NULL;
    if (!ok)
        sim_errors_add(w->errors, SIM_IO, NULL, 0, "out of memory");
    for (size_t r = 0; ok && r < replicates; r++) {
        if (output_reader_status(w->reader, scenario, r) != 1)
            continue;
        ok = load(w, &w->a, scenario, r) && load(w, &w->b, scenario, r) &&
             load(w, &w->weight, scenario, r);
        for (size_t y = 0; ok && y < years; y++) {
            double value = row_value(w, row, w->first[y]);
            if (isfinite(value))
                values[y * replicates + count[y]++] = value;
        }
    }
    for (size_t y = 0; ok && y < years; y++) {
        qsort(values + y * replicates, count[y], sizeof *values, ascending);
        bands[scenario * years + y] = output_summary_band(values + y * replicates, count[y]);
    }
    free(count);
    return ok;
}

static bool fill_row(struct worker *w, const struct row *row, struct output_summary_row *made)
{
    *made = (struct output_summary_row){.key = row->key, .label = row->label, .unit = row->unit};
    size_t years = w->summary->year_count, scenarios = w->summary->scenario_count;
    made->missing = open_row(w, row);
    bool ok = true;
    if (made->missing && !*made->missing) {
        sim_errors_add(w->errors, SIM_IO, NULL, 0, "out of memory");
        ok = false;
    } else if (!made->missing) {
        double *values = malloc((years * output_reader_replicates(w->reader) + 1) * sizeof *values);
        made->bands = calloc(years * scenarios + 1, sizeof *made->bands);
        made->present = true;
        ok = values && made->bands;
        if (!ok)
            sim_errors_add(w->errors, SIM_IO, NULL, 0, "out of memory");
        for (size_t s = 0; ok && s < scenarios; s++)
            ok = fill_scenario(w, row, s, values, made->bands);
        free(values);
    }
    clear_worker(w);
    return ok;
}

/* The years of which all twelve months are there, in order. */
static bool find_years(struct output_summary *summary, const struct output_reader *reader,
                       size_t *first)
{
    size_t months = output_reader_months(reader);
    for (size_t step = 0; step + 12 <= months; step++) {
        int year, month, last_year, last_month;
        output_reader_month(reader, step, &year, &month);
        output_reader_month(reader, step + 11, &last_year, &last_month);
        if (month != 1 || last_month != 12 || year != last_year)
            continue;
        first[summary->year_count] = step;
        summary->years[summary->year_count++] = year;
    }
    for (size_t s = 0; s < summary->scenario_count; s++) {
        for (size_t r = 0; r < output_reader_replicates(reader); r++)
            summary->done[s] += output_reader_status(reader, s, r) == 1;
    }
    return summary->year_count > 0;
}

void output_summary_clear(struct output_summary *summary)
{
    for (size_t i = 0; summary->rows && i < summary->row_count; i++)
        free(summary->rows[i].bands);
    free(summary->rows);
    free(summary->years);
    free(summary->done);
    *summary = (struct output_summary){0};
}

enum sim_status output_summary_make(struct output_summary *summary, struct output_reader *reader,
                                    struct sim_errors *errors)
{
    size_t months = output_reader_months(reader);
    *summary = (struct output_summary){.scenario_count = output_reader_scenarios(reader),
                                       .row_count = ROWS};
    summary->years = malloc((months + 1) * sizeof *summary->years);
    summary->done = calloc(summary->scenario_count + 1, sizeof *summary->done);
    summary->rows = calloc(ROWS, sizeof *summary->rows);
    struct worker w = {.reader = reader, .errors = errors, .summary = summary};
    w.first = malloc((months + 1) * sizeof *w.first);
    bool ok = summary->years && summary->done && summary->rows && w.first;
    size_t before = errors->count;
    if (!ok)
        sim_errors_add(errors, SIM_IO, NULL, 0, "out of memory");
    else if (!find_years(summary, reader, w.first))
        sim_errors_add(errors, SIM_BAD_DATA, NULL, 0,
                       "no year is complete: a summary by year needs January to December");
    for (size_t i = 0; i < ROWS && errors->count == before; i++)
        fill_row(&w, &rows[i], &summary->rows[i]);
    free(w.first);
    if (errors->count == before)
        return SIM_OK;
    output_summary_clear(summary);
    return errors->worst;
}
