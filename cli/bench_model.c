#include "bench_model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The baseline */

#define BASELINE "scenarios/baseline.yaml"

/* Where the baseline lies, seen from the program's folder: a build of the tree's own, one below
 * build/, and an installed program. */
static bool find_baseline(char *file, size_t size)
{
    static const char *const places[] = {"/", "/../", "/../../", "/../share/remelt/"};
    snprintf(file, size, "%s", BASELINE);
    if (access(file, R_OK) == 0)
        return true;
    char program[2048];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return false;
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (slash)
        *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        int needed = snprintf(file, size, "%s%s" BASELINE, program, places[i]);
        if (needed > 0 && (size_t)needed < size && access(file, R_OK) == 0)
            return true;
    }
    return false;
}

static int64_t trucks_of(const struct scenario *scenario)
{
    struct sim_param_ref ref;
    if (!sim_config_find(scenario->config, "resolution.trucks_per_lot", &ref))
        return 0;
    return (int64_t)sim_config_number(scenario->config, ref);
}

enum sim_status bench_batch_load(struct bench_batch *bench, int trucks, size_t months,
                                 uint64_t replicates)
{
    memset(bench, 0, sizeof *bench);
    if (!find_baseline(bench->file, sizeof bench->file)) {
        cli_error("bench", CLI_NO_INPUT,
                  BASELINE " is neither in the current folder nor beside the program");
        return SIM_NO_INPUT;
    }
    bench->files[0] = bench->file;
    bench->setting.text = bench->setting_text;
    snprintf(bench->setting_text, sizeof bench->setting_text, "resolution.trucks_per_lot=%d",
             trucks);
    bench->options = (struct run_options){.files = bench->files,
                                          .file_count = 1,
                                          .last = replicates,
                                          .seed = 1,
                                          .threads = 1,
                                          .months = months,
                                          .replicates_given = true,
                                          .seed_given = true,
                                          .threads_given = true,
                                          .until_given = true,
                                          .settings = &bench->setting,
                                          .setting_count = trucks > 0,
                                          .parts = 1};
    int exit_code = run_batch_load(&bench->batch, &bench->options);
    if (exit_code != CLI_OK)
        return exit_code == CLI_INTERNAL ? SIM_MEMORY : SIM_BAD_DATA;
    bench->trucks_per_lot = trucks_of(bench->batch.scenarios[0]);
    return SIM_OK;
}

void bench_batch_clear(struct bench_batch *bench)
{
    run_batch_clear(&bench->batch);
}

/* chain */

enum { CHAIN_MONTHS = 12, ENSEMBLE_MONTHS = 1 };

/* What is kept of a replicate. */
struct chain_outcome {
    uint64_t hash, events;
};

static enum sim_status run_one(const struct bench_batch *bench, uint64_t replicate,
                               struct sim_team *team, struct chain_outcome *outcome)
{
    struct sim_result result;
    if (!sim_result_init(&result, 0, replicate, bench->batch.layout.size))
        return SIM_MEMORY;
    struct chain_request request = {.seed = 1, .replicate = replicate, .team = team};
    enum sim_status status =
        chain_run(bench->batch.chains[0], &bench->batch.layout, &request, &result);
    if (status != SIM_OK)
        cli_error("bench", CLI_INTERNAL, "%s", result.failure.text);
    *outcome = (struct chain_outcome){result.trace_hash, result.events};
    sim_result_clear(&result);
    return status;
}

enum sim_status bench_chain_replicate(const struct bench_batch *bench, int threads,
                                      bench_report *report, void *to)
{
    int most = threads < BENCH_TEAM_MAX ? threads : BENCH_TEAM_MAX;
    uint64_t expected = 0;
    for (int count = 1; count <= most; count = bench_next_threads(count, most)) {
        struct sim_team *team = sim_team_create(count);
        if (!team)
            return SIM_MEMORY;
        struct bench_row row = {.name = "chain",
                                .size = (uint64_t)bench->trucks_per_lot,
                                .threads = sim_team_size(team)};
        struct chain_outcome outcome;
        struct bench_clocks start = bench_clocks_read();
        enum sim_status status = run_one(bench, 0, team, &outcome);
        bench_finish(&row, start);
        sim_team_destroy(team);
        if (status != SIM_OK)
            return status;
        expected = count == 1 ? outcome.hash : expected;
        row.events = outcome.events;
        row.correct = outcome.hash == expected;
        snprintf(row.note, sizeof row.note, "%zu months, hash %016" PRIx64,
                 bench->options.months + RUN_FIRST_MONTH, outcome.hash);
        report(to, &row);
    }
    return SIM_OK;
}

struct ensemble {
    const struct bench_batch *bench;
    struct chain_outcome *outcomes; /* [replicates] */
};

static enum sim_status run_task(void *shared, struct sim_task task, struct sim_team *team)
{
    struct ensemble *all = shared;
    return run_one(all->bench, task.replicate, team, &all->outcomes[task.replicate]);
}

static enum sim_status run_ensemble(const struct bench_batch *bench, int threads,
                                    struct ensemble *all, bench_report *report, void *to)
{
    uint64_t replicates = bench->options.last, expected = 0;
    for (int count = 1; count <= threads; count = bench_next_threads(count, threads)) {
        struct sim_plan plan = {.scenarios = 1, .last = replicates, .parts = 1, .threads = count};
        struct bench_row row = {
            .name = "ensemble", .size = (uint64_t)bench->trucks_per_lot, .threads = count};
        struct sim_tally tally;
        struct bench_clocks start = bench_clocks_read();
        enum sim_status status = sim_ensemble_run(&plan, run_task, NULL, all, &tally);
        bench_finish(&row, start);
        if (status != SIM_OK)
            return status;
        uint64_t sum = 0;
        for (uint64_t i = 0; i < replicates; i++) {
            sum += all->outcomes[i].hash;
            row.events += all->outcomes[i].events;
        }
        expected = count == 1 ? sum : expected;
        row.correct = sum == expected;
        snprintf(row.note, sizeof row.note,
                 "%" PRIu64 " replicates of %zu months, hashes %016" PRIx64, replicates,
                 bench->options.months + RUN_FIRST_MONTH, sum);
        report(to, &row);
    }
    return SIM_OK;
}

enum sim_status bench_chain_ensemble(const struct bench_batch *bench, int threads,
                                     bench_report *report, void *to)
{
    struct ensemble all = {.bench = bench,
                           .outcomes = calloc(bench->options.last, sizeof *all.outcomes)};
    if (!all.outcomes)
        return SIM_MEMORY;
    enum sim_status status = run_ensemble(bench, threads, &all, report, to);
    free(all.outcomes);
    return status;
}

enum sim_status bench_chain(bench_report *report, void *to, int threads)
{
    static const int trucks[] = {1, 0};
    enum sim_status status = SIM_OK;
    for (int i = 0; status == SIM_OK && i < 2; i++) {
        struct bench_batch bench;
        status = bench_batch_load(&bench, trucks[i], CHAIN_MONTHS, 1);
        if (status == SIM_OK)
            status = bench_chain_replicate(&bench, threads, report, to);
        bench_batch_clear(&bench);
        if (status != SIM_OK)
            break;
        status = bench_batch_load(&bench, trucks[i], ENSEMBLE_MONTHS, 2 * (uint64_t)threads);
        if (status == SIM_OK)
            status = bench_chain_ensemble(&bench, threads, report, to);
        bench_batch_clear(&bench);
    }
    return status;
}
