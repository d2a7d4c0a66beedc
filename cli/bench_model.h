/* Benchmarks of the model, the results files and the recipes, with the national baseline:
 * scenarios/baseline.yaml in the current folder or beside the program. Rows as in bench_engine.h.
 *
 * Each returns SIM_OK, SIM_NO_INPUT where the baseline is not found, SIM_CANNOT_CREATE where the
 * current folder cannot be written to, or the status of what failed; a message says why. */
#ifndef BENCH_MODEL_H
#define BENCH_MODEL_H

#include "bench_engine.h"
#include "run_batch.h"

/* One replicate from 2019 to the end of 2020 on 1 .. threads (at most 8) threads, and an ensemble
 * of 2 threads replicates to January 2020 on 1 .. threads, at 1 truck per lot and the default.
 * Right where trace hashes are those of one thread. */
enum sim_status bench_chain(bench_report *report, void *to, int threads);
/* Part log with 1 and 2 workers, merge, and a plain file of as many bytes, in a temporary folder
 * below the current one. Right where the merged files are the same bytes. */
enum sim_status bench_results(bench_report *report, void *to, int threads);
/* Linear programmes of the baseline's alloys, cold and from the basis of the day before, and their
 * share of a run. Right where both ways give the same cost. */
enum sim_status bench_recipe(bench_report *report, void *to);

/* The baseline as a batch of one scenario. */
struct bench_batch {
    struct run_options options;
    struct run_batch batch;
    struct scenario_setting setting;
    char setting_text[48];
    char file[4096];
    const char *files[1];
    int64_t trucks_per_lot;
};

/* trucks 0: as in the scenario. months: of results, from January 2020. Clear also after a
 * failure, once it was called. */
enum sim_status bench_batch_load(struct bench_batch *bench, int trucks, size_t months,
                                 uint64_t replicates);
void bench_batch_clear(struct bench_batch *bench);

/* Parts of bench_chain, for a batch of any length: replicate 0 on 1 .. threads (at most 8), and
 * the batch's replicates spread over 1 .. threads. */
enum sim_status bench_chain_replicate(const struct bench_batch *bench, int threads,
                                      bench_report *report, void *to);
enum sim_status bench_chain_ensemble(const struct bench_batch *bench, int threads,
                                     bench_report *report, void *to);

#endif
