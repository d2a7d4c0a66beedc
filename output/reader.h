/* Reads a results file by names: its coordinates, and one replicate of a variable at a time, so
 * that memory does not grow with the number of replicates. Files that are truncated, foreign or of
 * another version give a message, never a crash. One thread only (HDF5). */
#ifndef OUTPUT_READER_H
#define OUTPUT_READER_H

#include "../sim/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OUTPUT_READER_AXES = 6, OUTPUT_READER_NAME = 64 };

struct output_reader; /* opaque */

struct output_labels {
    size_t count;
    char **labels;
};

/* A variable of the file; owned by the reader. */
struct output_field {
    char name[OUTPUT_READER_NAME];
    char *units, *long_name; /* "" where there is none */
    size_t rank;             /* with scenario, replicate and time */
    char dims[OUTPUT_READER_AXES][OUTPUT_READER_NAME];
    size_t sizes[OUTPUT_READER_AXES];
    size_t cells; /* product of the sizes from axis 2 on: values of one replicate */
    int64_t dataset;
};

/* SIM_NO_INPUT: missing; SIM_BAD_DATA: not a results file, truncated, or of a version this program
 * does not know. */
enum sim_status output_reader_open(struct output_reader **reader, const char *path,
                                   struct sim_errors *errors);
void output_reader_close(struct output_reader *reader); /* accepts NULL */

size_t output_reader_scenarios(const struct output_reader *reader);
const char *output_reader_scenario(const struct output_reader *reader, size_t number);
size_t output_reader_replicates(const struct output_reader *reader);
/* Root attribute of text, "" where it is missing. */
const char *output_reader_title(const struct output_reader *reader);
const char *output_reader_source(const struct output_reader *reader);
/* Months of the time axis, and the year and month (from 1) of a step. */
size_t output_reader_months(const struct output_reader *reader);
void output_reader_month(const struct output_reader *reader, size_t step, int *year, int *month);
/* 0 pending, 1 done, 2 failed; replicate counts from 0 in the file. */
int output_reader_status(const struct output_reader *reader, size_t scenario, size_t replicate);

/* A variable with the axes (scenario, replicate, time, ...) by name; NULL where the file has none.
 * "history/NAME" for a group's. The first call opens it; it is kept. */
const struct output_field *output_reader_field(struct output_reader *reader, const char *name);
/* Index of a label of a dimension, SIZE_MAX where there is none. */
size_t output_reader_label(struct output_reader *reader, const char *dimension, const char *label);
/* One replicate's values, [time][...], fill as NaN. False with a message where it cannot be read.
 */
bool output_reader_values(struct output_reader *reader, const struct output_field *field,
                          size_t scenario, size_t replicate, double *values,
                          struct sim_errors *errors);

#endif
