/* What the readers of a scenario's blocks share: the files from the root of `extends` to the one
 * that was asked for, numbers with units, and reports with file and line. */
#ifndef SCENARIO_READER_H
#define SCENARIO_READER_H

#include "document.h"
#include "scenario.h"
#include "source.h"

#include <stdio.h>

enum {
    SCENARIO_LAYERS_MOST = 16, /* files that extend each other */
    SCENARIO_UNIT_BYTES = 64,
    SCENARIO_SHOWN_BYTES = 80, /* of a value in a message */
    SCENARIO_MESSAGE_BYTES = 640
};

/* One file. */
struct scenario_layer {
    char *file;       /* as opened; NULL for a setting of the command line */
    const char *name; /* its last part, which origins show */
    struct scenario_source source;
    struct scenario_node *root; /* NULL where it could not be parsed */
};

struct scenario_reader {
    struct scenario *scenario;
    const struct sim_component *const *components;
    size_t component_count;
    struct sim_errors *errors;
    struct scenario_layer layers[SCENARIO_LAYERS_MOST]; /* the root of `extends` first */
    size_t layer_count;
};

/* layers.c: reads `file` and what it extends; what cannot be read is reported and left out. */
void scenario_layers_read(struct scenario_reader *reader, const char *file);
void scenario_layers_clear(struct scenario_reader *reader);

/* value.c: an error at a node: "file:line: message". */
void scenario_report(struct sim_errors *errors, const struct scenario_layer *layer,
                     const struct scenario_node *node, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* "baseline.yaml:12" on the heap, or NULL. */
char *scenario_origin(const struct scenario_layer *layer, const struct scenario_node *node);
/* True once so many errors are collected that readers should stop. */
bool scenario_errors_full(const struct sim_errors *errors);
/* End of a decimal number at text, or NULL: no leading zeros (octal elsewhere), no hexadecimals,
 * no digit separators. */
const char *scenario_number_end(const char *text);
/* A number, with its unit or "" where none is written. NULL, or what a number must be. */
const char *scenario_value_number(const struct scenario_node *node, double *value,
                                  char unit[SCENARIO_UNIT_BYTES]);
/* A whole number in [min, max] without unit; reports. */
bool scenario_value_whole(struct sim_errors *errors, const struct scenario_layer *layer,
                          const struct scenario_node *node, int64_t min, int64_t max,
                          int64_t *value);
/* A day in [2019-01-01, 2061-01-01); reports. */
bool scenario_value_date(struct sim_errors *errors, const struct scenario_layer *layer,
                         const struct scenario_node *node, int64_t *time);
/* Text on the heap, at most `most` bytes; NULL after reporting. */
char *scenario_value_text(struct sim_errors *errors, const struct scenario_layer *layer,
                          const struct scenario_node *node, size_t most);
/* Reports every key of a map that is not in the NULL-terminated list, or that the node is no map;
 * true where it is a map of known keys. */
bool scenario_value_keys(struct sim_errors *errors, const struct scenario_layer *layer,
                         const struct scenario_node *node, const char *const *keys);
/* Decimal text that reads back to the same double; returns text. */
char *scenario_number_text(double value, char text[32]);

/* parameters.c: sets one parameter from a node; false after reporting. */
bool scenario_parameter_set(struct sim_config *config, const char *path,
                            const struct scenario_node *value, const struct scenario_layer *layer,
                            struct sim_errors *errors);
/* The row of a path that names one number (REAL, INT, a vector's element); NULL after reporting at
 * `node` that `use` needs one. */
const struct sim_param *scenario_parameter_number(struct sim_config *config, const char *path,
                                                  const char *use,
                                                  const struct scenario_layer *layer,
                                                  const struct scenario_node *node,
                                                  struct sim_errors *errors);
/* A time path's key, a year, a decimal year or a date, and back; false, or text. */
bool scenario_parameter_year(const char *key, double *year);
char *scenario_parameter_year_text(double year, char text[32]);
void scenario_parameters_read(struct scenario_reader *reader);
void scenario_settings_read(struct sim_config *config, const struct scenario_setting *settings,
                            size_t count, struct sim_errors *errors);

void scenario_policies_read(struct scenario_reader *reader);    /* policies.c */
void scenario_tables_read(struct scenario_reader *reader);      /* tables.c */
void scenario_uncertainty_read(struct scenario_reader *reader); /* uncertainty.c */
const char *scenario_distribution_name(enum scenario_distribution distribution);
void scenario_outputs_read(struct scenario_reader *reader); /* settings.c: `output` */
void scenario_run_read(struct scenario_reader *reader);     /* settings.c: `run` */

/* sweep.c: after the parameters and --set. */
void scenario_sweep_read(struct scenario_reader *reader);
void scenario_sweep_destroy(struct scenario_sweep *sweep); /* accepts NULL */
/* The block `sweep` as YAML. */
void scenario_sweep_write(FILE *out, const struct scenario_sweep *sweep);

/* resolved.c: a node as YAML in flow style; */
void scenario_node_write(FILE *out, const struct scenario_node *node);
/* the scenario as YAML on the heap, or NULL when out of memory. */
char *scenario_resolved_write(const struct scenario *scenario,
                              const struct sim_component *const *components, size_t count);

#endif
