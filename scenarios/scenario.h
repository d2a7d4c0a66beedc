/* A scenario: YAML files (with `extends`) and TSV tables, turned into parameter values, dated
 * policies, data tables and output settings. Knows only the rows of sim/. */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "../sim/component.h"

struct scenario_outputs {
    char **variables; /* names or shell patterns; "all" */
    size_t variable_count;
    int64_t detail_replicates;
};

struct scenario {
    char *file, *name, *title, *description;
    char *text; /* the scenario's full text, each file of `extends` after a line "# file: NAME" */
    char *resolved; /* every parameter and policy with its value, as YAML that loads alone */
    struct sim_config *config;
    struct sim_policies policies;
    struct sim_tables tables;
    struct scenario_outputs outputs;
};

/* A "--set PATH=VALUE" of the command line. */
struct scenario_setting {
    const char *text;
};

/* Reads `file` and what it extends; data tables lie in the folder data/ beside the root file of
 * `extends`, or in $REMELT_DATA, or beside `file`. Dates of policies must lie in
 * [2019-01-01, 2061-01-01). All errors are collected. *scenario is NULL where there were any. */
enum sim_status scenario_load(struct scenario **scenario, const char *file,
                              const struct sim_component *const *components, size_t count,
                              const struct scenario_setting *settings, size_t setting_count,
                              struct sim_errors *errors);
void scenario_destroy(struct scenario *scenario); /* accepts NULL */

#endif
