/* The options of `remelt run`, as values. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include "command.h"
#include "progress.h"

#include "../scenarios/scenario.h"

enum {
    RUN_FIRST_MONTH = 12,  /* results start in January 2020, after a year in which queues fill */
    RUN_LAST_MONTH = 504,  /* January 2061, exclusive: policies are dated before it */
    RUN_UNTIL_MONTH = 144, /* January 2031, exclusive: the default */
    RUN_FIRST_YEAR = 1990, /* yearly history of stocks */
    RUN_YEARS = 30,
    RUN_REPLICATES = 20
};

struct run_options {
    const char *const *files; /* borrowed from the arguments */
    size_t file_count;
    const char *output; /* borrowed; or NULL: results/NAME.h5 */
    uint64_t first, last;
    uint64_t seed;
    int threads;
    size_t months;
    /* What the command line says, and neither the scenario's block run nor a default. */
    bool replicates_given, seed_given, threads_given, until_given;
    struct scenario_setting *settings; /* owned; their texts are borrowed */
    size_t setting_count;
    char **variables; /* owned; count 0: what the first scenario says */
    size_t variable_count;
    uint32_t part, parts; /* part from 0 */
    bool resume, force, dry_run;
    enum progress_form progress;
    double max_seconds;  /* 0: no limit */
    const char *trace;   /* or NULL */
    int64_t break_metal; /* test hook: grams, from the environment variable REMELT_BREAK_METAL */
};

/* CLI_OK, or CLI_USAGE after a message; clear in both cases. */
int run_options_read(struct run_options *options, const struct cli_arguments *arguments);
/* What was not given comes from the first scenario's block `run` (borrowed), else from the
 * defaults. CLI_OK, or an exit code after a message. */
int run_options_complete(struct run_options *options, const struct scenario *scenario);
void run_options_clear(struct run_options *options);
/* Seconds of "90", "90s", "30m", "8h", "2d", "1:30" (minutes and seconds) or "1:30:00"; false where
 * text is none of these, or zero. */
bool run_options_duration(const char *text, double *seconds);

#endif
