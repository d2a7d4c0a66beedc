/* Outputs: one row per variable of the results, beside the component that fills it; the layout of
 * a replicate's samples; and the sampler through which components fill it.
 *
 * Samples are taken at month ends, serially, in domain order, so that sums are the same for any
 * number of threads. */
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

#include "dimension.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_cell_method { SIM_METHOD_POINT, SIM_METHOD_MEAN, SIM_METHOD_SUM };

enum sim_reduce {
    SIM_REDUCE_SUM,  /* what components add */
    SIM_REDUCE_MEAN, /* sum(value * weight) / sum(weight); fill where the weights sum to zero */
    SIM_REDUCE_SET   /* set once per month; fill where it is not set */
};

enum sim_axis {
    SIM_AXIS_MONTH,  /* (scenario, replicate, time, ...) */
    SIM_AXIS_DETAIL, /* (scenario, detail_replicate, time, ...), the first replicates only */
    SIM_AXIS_HISTORY /* group /history: (scenario, replicate, year, ...) */
};

struct sim_output {
    const char *name, *unit, *long_name;
    const struct sim_dimension *dims[2]; /* after time; NULL where there is none */
    enum sim_cell_method method;
    enum sim_reduce reduce;
    enum sim_axis axis;
    bool wide; /* float64 in the file instead of float32 */
};

struct sim_component;

/* Where each variable lies in a replicate's array of doubles. */
struct sim_variable {
    const struct sim_output *output; /* borrowed */
    size_t component, index;         /* row `index` of component's table */
    size_t cells;                    /* product of dims */
    size_t steps;                    /* months, or years of history */
    size_t offset;                   /* of [step][cell] in the array */
    size_t month_cell;               /* of its cell 0 among one month's cells of all variables */
};

struct sim_layout {
    struct sim_variable *variables;
    size_t count;
    size_t size; /* doubles per replicate */
    size_t months;
    int first_month; /* index since January 2019 of time step 0 */
    int first_year;  /* of the history axis */
    size_t years;
    size_t *first; /* [component]: number of its first variable; first[components] is count */
    size_t components;
    size_t month_cells; /* one month's cells of all variables: the size of a sample's weights */
};

/* Layout of all outputs; false when out of memory. */
bool sim_layout_init(struct sim_layout *layout, const struct sim_component *const *components,
                     size_t count, int first_month, size_t months, int first_year, size_t years);
void sim_layout_clear(struct sim_layout *layout);
/* Variable by name, or NULL. */
const struct sim_variable *sim_layout_find(const struct sim_layout *layout, const char *name);

/* One month's sampling. Components see it through the calls below, each for rows of its own reduce
 * and axis. Values that are infinite, and NaN in a sum or a mean, are refused (required). Calls for
 * detail variables that are not kept do nothing. */
struct sim_sample {
    const struct sim_layout *layout;
    double *values;   /* the replicate's array, owned by the caller */
    double *weights;  /* [layout->month_cells] scratch: weights[variable->month_cell + cell] */
    size_t component; /* whose rows `output` numbers refer to */
    size_t step;
    size_t skip_detail; /* true: detail variables are not kept */
};

/* SIM_REDUCE_SUM. */
void sim_sample_add(struct sim_sample *sample, size_t output, size_t cell, double value);
/* SIM_REDUCE_MEAN. weight >= 0; with weight 0 nothing happens and value may be NaN. */
void sim_sample_mean(struct sim_sample *sample, size_t output, size_t cell, double value,
                     double weight);
/* SIM_REDUCE_SET: once per month and cell. */
void sim_sample_set(struct sim_sample *sample, size_t output, size_t cell, double value);
/* SIM_AXIS_HISTORY, whatever the reduce: the value of year first_year + year_index. Needs no begin
 * and end. */
void sim_sample_history(struct sim_sample *sample, size_t output, size_t year_index, size_t cell,
                        double value);
/* Read back what has been added so far in this month (for sums and ratios across domains): of a
 * mean, the mean so far (NaN where no weight); NaN for detail variables that are not kept. */
double sim_sample_get(const struct sim_sample *sample, size_t component, size_t output,
                      size_t cell);
/* Before a month: sums to zero, sets and detail that is not kept to NaN. After it: means are
 * divided by their weights; sim_sample_get must not be called then. */
void sim_sample_begin(struct sim_sample *sample);
void sim_sample_end(struct sim_sample *sample);

#endif
