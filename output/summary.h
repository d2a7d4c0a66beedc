/* Headline results by year: median and 5-95 % band over the replicates that are done.
 *
 * Each line is a row of a table (summary.c) that names variables and what is done with them; a row
 * whose variables a file lacks is reported as absent. Only years with all twelve months count. */
#ifndef OUTPUT_SUMMARY_H
#define OUTPUT_SUMMARY_H

#include "reader.h"

struct output_band {
    double median, low, high; /* quantiles 0.5, 0.05, 0.95 (Hyndman and Fan's type 7); NaN: none */
    size_t count;             /* replicates with a value */
};

struct output_summary_row {
    const char *key, *label, *unit; /* static; key: "output", label: "secondary output" */
    bool present;
    const char *missing;       /* static: the variable or label that a file lacks; else NULL */
    struct output_band *bands; /* [scenario][year]; NULL where absent */
};

struct output_summary {
    size_t scenario_count, year_count, row_count;
    int *years;
    size_t *done; /* [scenario]: replicates that are done */
    struct output_summary_row *rows;
};

/* All rows are there, absent ones marked. On failure (unreadable data, memory) nothing is left to
 * clear. */
enum sim_status output_summary_make(struct output_summary *summary, struct output_reader *reader,
                                    struct sim_errors *errors);
void output_summary_clear(struct output_summary *summary);
/* The band of sorted values; exposed for tests. */
struct output_band output_summary_band(const double *sorted, size_t count);

#endif
