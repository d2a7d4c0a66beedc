/* What a batch consists of: scenarios, the model's shared data, the layout of a replicate and the
 * plan of the results. Immutable once loaded; read by many threads. */
#ifndef RUN_BATCH_H
#define RUN_BATCH_H

#include "../models/chain.h"
#include "../output/plan.h"
#include "run_options.h"

struct run_batch {
    const struct run_options *options; /* borrowed */
    size_t file_count;                 /* of files that were read */
    struct scenario **files;           /* owned */
    size_t count;                      /* of scenarios to run: files, or the points of a sweep */
    struct scenario **scenarios;       /* owned, but those that are files themselves */
    struct chain_scenario **chains;    /* owned, [count] */
    struct sim_layout layout;
    struct output_plan *plan; /* owned */
};

/* Reads the scenarios with all their errors, completes the options by them (options are borrowed),
 * and makes the plan. CLI_OK, or an exit code after messages. Clear in both cases. */
int run_batch_load(struct run_batch *batch, struct run_options *options);
void run_batch_clear(struct run_batch *batch);
/* The plan's tasks as the ensemble takes them; stop is set by the caller. */
struct sim_plan run_batch_tasks(const struct run_batch *batch, const volatile int *stop);
/* "2020-01 to 2030-12" into text; returns text. */
char *run_batch_span(const struct run_batch *batch, char text[64]);

#endif
