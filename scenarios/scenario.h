/* A scenario: YAML files (with `extends`) and TSV tables, turned into parameter values, dated
 * policies, data tables and output settings. Knows only the rows of sim/. */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "../sim/component.h"

#include <stdio.h>

struct scenario_outputs {
    char **variables; /* names or shell patterns; "all" */
    size_t variable_count;
    int64_t detail_replicates;
};

/* The block `run`: what was not written stays at the value named here. */
struct scenario_run {
    int64_t replicates; /* 0 */
    int64_t seed;       /* -1 */
    int64_t threads;    /* 0 */
    int64_t until;      /* 0; else the start of a day */
    char *output;       /* NULL; a file name as it was written */
};

enum scenario_distribution {
    SCENARIO_UNIFORM,    /* low, high */
    SCENARIO_LOGUNIFORM, /* low, high, both positive */
    SCENARIO_TRIANGULAR, /* low, mode, high */
    SCENARIO_NORMAL,     /* mean, standard deviation; cut at the parameter's bounds */
    SCENARIO_LOGNORMAL   /* median, standard deviation of the logarithm; cut likewise */
};

/* What is believed of one number: a REAL or INT parameter, or a vector's element. */
struct scenario_uncertainty {
    char *path;
    enum scenario_distribution distribution;
    double numbers[3];
    size_t count;
    char *origin; /* "baseline.yaml:12" */
};

struct scenario {
    char *file, *name, *title, *description; /* texts not written are "" */
    char *references;                        /* one a line, or "" */
    char *text; /* the scenario's full text, each file of `extends` after a line "# file: NAME" */
    char *resolved; /* every parameter and policy with its value, as YAML that loads alone */
    struct sim_config *config;
    struct sim_policies policies;
    struct sim_tables tables;
    struct scenario_outputs outputs;
    struct scenario_run run;
    struct scenario_uncertainty *uncertainties; /* sorted by path */
    size_t uncertainty_count;
    struct scenario_sweep *sweep; /* NULL where there is none */
    const struct scenario
        *base; /* of a sweep's point: owner of its tables, policies, ...; or NULL */
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

/* A parameter's value as YAML: "80", "molten", "{interpolate: linear, points: {2025: 50}}". The
 * path is known and names no whole vector. */
void scenario_write_value(FILE *out, const struct sim_config *config, const char *path);

/* Points of the block `sweep`; 0 where there is no sweep, and `scenario` itself is what
 * to run. */
size_t scenario_point_count(const struct scenario *scenario);
/* One point as a scenario of its own, named NAME-1, NAME-2, ...: swept values take precedence over
 * the file's, --set over both. Its policies, tables, outputs, run settings and uncertainties belong
 * to `scenario`, which must outlive it. *point is NULL where there were errors. */
enum sim_status scenario_point(struct scenario **point, const struct scenario *scenario,
                               size_t index, struct sim_errors *errors);

#endif
