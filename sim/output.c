#include "output.h"

#include "component.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t cells_of(const struct sim_output *output)
{
    size_t cells = 1;
    for (size_t i = 0; i < SIM_COUNT(output->dims) && output->dims[i]; i++)
        cells *= output->dims[i]->count;
    return cells;
}

static void place(struct sim_layout *layout, const struct sim_output *output, size_t component,
                  size_t index)
{
    struct sim_variable *variable = &layout->variables[layout->count++];
    *variable = (struct sim_variable){
        .output = output,
        .component = component,
        .index = index,
        .cells = cells_of(output),
        .steps = output->axis == SIM_AXIS_HISTORY ? layout->years : layout->months,
        .offset = layout->size,
        .month_cell = layout->month_cells,
    };
    layout->size += variable->steps * variable->cells;
    layout->month_cells += variable->cells;
}

bool sim_layout_init(struct sim_layout *layout, const struct sim_component *const *components,
                     size_t count, int first_month, size_t months, int first_year, size_t years)
{
    *layout = (struct sim_layout){.months = months,
                                  .first_month = first_month,
                                  .first_year = first_year,
                                  .years = years,
                                  .components = count};
    size_t variables = 0;
    for (size_t i = 0; i < count; i++)
        variables += components[i]->output_count;
    layout->variables = calloc(variables + 1, sizeof *layout->variables);
    layout->first = calloc(count + 1, sizeof *layout->first);
    if (!layout->variables || !layout->first) {
        sim_layout_clear(layout);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        layout->first[i] = layout->count;
        for (size_t j = 0; j < components[i]->output_count; j++)
            place(layout, &components[i]->outputs[j], i, j);
    }
    layout->first[count] = layout->count;
    return true;
}

void sim_layout_clear(struct sim_layout *layout)
{
    free(layout->variables);
    free(layout->first);
    *layout = (struct sim_layout){0};
}

const struct sim_variable *sim_layout_find(const struct sim_layout *layout, const char *name)
{
    for (size_t i = 0; i < layout->count; i++) {
        if (strcmp(layout->variables[i].output->name, name) == 0)
            return &layout->variables[i];
    }
    return NULL;
}

static const struct sim_variable *variable_of(const struct sim_sample *sample, size_t component,
                                              size_t output, size_t cell)
{
    const struct sim_layout *layout = sample->layout;
    sim_require(component < layout->components, "component %zu", component);
    size_t number = layout->first[component] + output;
    sim_require(number < layout->first[component + 1], "component %zu has no output %zu", component,
                output);
    const struct sim_variable *variable = &layout->variables[number];
    sim_require(cell < variable->cells, "%s has no cell %zu", variable->output->name, cell);
    return variable;
}

/* Of this month's variables: whether they are kept, and where. */
static bool is_monthly(const struct sim_sample *sample, const struct sim_variable *variable)
{
    return variable->output->axis == SIM_AXIS_MONTH ||
           (variable->output->axis == SIM_AXIS_DETAIL && !sample->skip_detail);
}

static double *month_of(const struct sim_sample *sample, const struct sim_variable *variable)
{
    sim_require(variable->output->axis != SIM_AXIS_HISTORY, "%s is a variable of the history",
                variable->output->name);
    sim_require(sample->step < variable->steps, "month %zu of %zu", sample->step, variable->steps);
    return sample->values + variable->offset + sample->step * variable->cells;
}

static void require_reduce(const struct sim_variable *variable, enum sim_reduce reduce)
{
    sim_require(variable->output->reduce == reduce, "%s is filled by another call",
                variable->output->name);
}

void sim_sample_add(struct sim_sample *sample, size_t output, size_t cell, double value)
{
    const struct sim_variable *variable = variable_of(sample, sample->component, output, cell);
    require_reduce(variable, SIM_REDUCE_SUM);
    sim_require(isfinite(value), "%s: %g", variable->output->name, value);
    double *month = month_of(sample, variable);
    if (is_monthly(sample, variable))
        month[cell] += value;
}

void sim_sample_mean(struct sim_sample *sample, size_t output, size_t cell, double value,
                     double weight)
{
    const struct sim_variable *variable = variable_of(sample, sample->component, output, cell);
    require_reduce(variable, SIM_REDUCE_MEAN);
    sim_require(weight >= 0 && isfinite(weight), "%s: weight %g", variable->output->name, weight);
    double *month = month_of(sample, variable);
    if (!is_monthly(sample, variable) || weight == 0)
        return;
    sim_require(isfinite(value), "%s: %g", variable->output->name, value);
    month[cell] += value * weight;
    sample->weights[variable->month_cell + cell] += weight;
}

void sim_sample_set(struct sim_sample *sample, size_t output, size_t cell, double value)
{
    const struct sim_variable *variable = variable_of(sample, sample->component, output, cell);
    require_reduce(variable, SIM_REDUCE_SET);
    sim_require(!isinf(value), "%s: %g", variable->output->name, value);
    double *month = month_of(sample, variable);
    if (!is_monthly(sample, variable))
        return;
    sim_require(isnan(month[cell]), "%s is set twice in a month", variable->output->name);
    month[cell] = value;
}

void sim_sample_history(struct sim_sample *sample, size_t output, size_t year_index, size_t cell,
                        double value)
{
    const struct sim_variable *variable = variable_of(sample, sample->component, output, cell);
    sim_require(variable->output->axis == SIM_AXIS_HISTORY, "%s is not of the history",
                variable->output->name);
    sim_require(year_index < variable->steps, "%s has no year %zu", variable->output->name,
                year_index);
    sim_require(!isinf(value), "%s: %g", variable->output->name, value);
    sample->values[variable->offset + year_index * variable->cells + cell] = value;
}

double sim_sample_get(const struct sim_sample *sample, size_t component, size_t output, size_t cell)
{
    const struct sim_variable *variable = variable_of(sample, component, output, cell);
    double value = month_of(sample, variable)[cell];
    if (!is_monthly(sample, variable))
        return NAN;
    if (variable->output->reduce != SIM_REDUCE_MEAN)
        return value;
    double weight = sample->weights[variable->month_cell + cell];
    return weight > 0 ? value / weight : NAN;
}

void sim_sample_begin(struct sim_sample *sample)
{
    for (size_t i = 0; i < sample->layout->count; i++) {
        const struct sim_variable *variable = &sample->layout->variables[i];
        if (variable->output->axis == SIM_AXIS_HISTORY)
            continue;
        bool empty = variable->output->reduce == SIM_REDUCE_SET || !is_monthly(sample, variable);
        double *month = month_of(sample, variable);
        for (size_t cell = 0; cell < variable->cells; cell++) {
            month[cell] = empty ? NAN : 0;
            sample->weights[variable->month_cell + cell] = 0;
        }
    }
}

void sim_sample_end(struct sim_sample *sample)
{
    for (size_t i = 0; i < sample->layout->count; i++) {
        const struct sim_variable *variable = &sample->layout->variables[i];
        if (variable->output->reduce != SIM_REDUCE_MEAN || !is_monthly(sample, variable))
            continue;
        double *month = month_of(sample, variable);
        const double *weights = sample->weights + variable->month_cell;
        for (size_t cell = 0; cell < variable->cells; cell++)
            month[cell] = weights[cell] > 0 ? month[cell] / weights[cell] : NAN;
    }
}
