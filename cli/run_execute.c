#include "run_execute.h"

#include "../output/index.h"
#include "../output/log.h"
#include "../sim/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct work {
    const struct run_batch *batch;
    struct output_index *index;
    struct output_log *log;
    FILE *trace;
    struct progress progress;
    uint64_t unlogged; /* guarded by the progress's mutex */
};

static void tell_failure(struct work *work, const struct sim_result *result)
{
    const char *name = work->batch->scenarios[result->scenario]->name;
    progress_print(&work->progress, "%s, replicate %llu failed: %s", name,
                   (unsigned long long)result->replicate, result->failure.text);
}

/* Keeps a replicate that ended, well or not. */
static enum sim_status keep(struct work *work, const struct sim_result *result)
{
    enum sim_status status = output_log_append(work->log, result);
    if (status == SIM_OK)
        return SIM_OK;
    progress_print(&work->progress, "%s, replicate %llu: cannot be written: %s",
                   work->batch->scenarios[result->scenario]->name,
                   (unsigned long long)result->replicate, sim_status_text(status));
    pthread_mutex_lock(&work->progress.mutex);
    work->unlogged++;
    pthread_mutex_unlock(&work->progress.mutex);
    return status;
}

static enum sim_status run_task(void *shared, struct sim_task task, struct sim_team *team)
{
    struct work *work = shared;
    const struct run_batch *batch = work->batch;
    double start = progress_seconds(&work->progress);
    struct sim_result result;
    if (!sim_result_init(&result, task.scenario, task.replicate, batch->layout.size)) {
        progress_print(&work->progress, "replicate %llu: out of memory",
                       (unsigned long long)task.replicate);
        progress_add(&work->progress, true, 0, 0);
        return SIM_MEMORY;
    }
    result.detail = output_plan_detail(batch->plan, task.replicate);
    struct chain_request request = {.seed = batch->options->seed,
                                    .replicate = task.replicate,
                                    .team = team,
                                    .stop = &work->progress.stop,
                                    .trace = work->trace,
                                    .break_metal = batch->options->break_metal};
    enum sim_status status =
        chain_run(batch->chains[task.scenario], &batch->layout, &request, &result);
    if (status != SIM_STOPPED) {
        if (status != SIM_OK)
            tell_failure(work, &result);
        enum sim_status kept = keep(work, &result);
        if (status == SIM_OK)
            status = kept;
        progress_add(&work->progress, status != SIM_OK, result.events,
                     progress_seconds(&work->progress) - start);
    }
    sim_result_clear(&result);
    return status;
}

static bool is_finished(void *shared, struct sim_task task)
{
    const struct work *work = shared;
    return output_index_finished(work->index, task.scenario, task.replicate);
}

static void sync_log(void *to)
{
    struct work *work = to;
    output_log_sync(work->log);
}

/* Tasks of this part that are to be run. */
static uint64_t count_missing(struct work *work)
{
    struct sim_plan plan = run_batch_tasks(work->batch, NULL);
    uint64_t tasks = sim_plan_tasks(&plan), missing = 0;
    for (uint64_t i = 0; i < tasks; i++) {
        uint64_t number = plan.part + i * plan.parts;
        struct sim_task task = {.scenario = (uint32_t)(number % plan.scenarios),
                                .replicate = plan.first + number / plan.scenarios};
        missing += !is_finished(work, task);
    }
    return missing;
}

/* What earlier attempts and other parts have finished. Damage in their logs costs only the
 * replicates concerned, which are run again. */
static int open_index(struct work *work, const struct run_files *files)
{
    const struct run_options *o = work->batch->options;
    struct sim_errors errors, notes;
    sim_errors_init(&errors);
    sim_errors_init(&notes);
    enum sim_status status = output_index_open(&work->index, work->batch->plan, files->folder,
                                               sim_fingerprint(), o->force, &errors, &notes);
    for (size_t i = 0; o->resume && i < notes.count; i++)
        fprintf(stderr, "%s\n", notes.lines[i]);
    int exit_code = CLI_OK;
    if (status != SIM_OK || errors.count > 0) {
        exit_code = cli_input_errors(&errors);
        if (status != SIM_OK)
            exit_code = cli_exit_from_status(status);
    }
    sim_errors_clear(&errors);
    sim_errors_clear(&notes);
    return exit_code;
}

static int open_log(struct work *work, const struct run_files *files)
{
    const struct run_options *o = work->batch->options;
    struct sim_errors errors;
    sim_errors_init(&errors);
    enum sim_status status =
        output_log_create(&work->log, work->batch->plan, files->folder, o->part, o->parts, &errors);
    if (status != SIM_OK)
        cli_input_errors(&errors);
    sim_errors_clear(&errors);
    return cli_exit_from_status(status);
}

static int open_trace(struct work *work)
{
    const char *name = work->batch->options->trace;
    if (!name)
        return CLI_OK;
    work->trace = strcmp(name, "-") == 0 ? stdout : fopen(name, "w");
    if (work->trace)
        return CLI_OK;
    return cli_error("run", CLI_CANNOT_CREATE, "%s: %s", name, strerror(errno));
}

static int close_trace(struct work *work)
{
    if (!work->trace)
        return CLI_OK;
    bool bad = ferror(work->trace) != 0;
    if (work->trace == stdout)
        bad = fflush(stdout) != 0 || bad;
    else
        bad = fclose(work->trace) != 0 || bad;
    work->trace = NULL;
    return bad ? cli_error("run", CLI_IO, "%s: %s", work->batch->options->trace, strerror(errno))
               : CLI_OK;
}

static int run_missing(struct work *work, struct run_outcome *outcome)
{
    struct sim_plan plan = run_batch_tasks(work->batch, &work->progress.stop);
    if (!progress_start(&work->progress))
        return cli_error("run", CLI_INTERNAL, "no thread for progress and signals");
    enum sim_status status =
        sim_ensemble_run(&plan, run_task, is_finished, work, &outcome->record.tally);
    progress_end(&work->progress);
    outcome->record.seconds = progress_seconds(&work->progress);
    outcome->record.events = work->progress.events;
    outcome->reason = work->progress.reason;
    outcome->unlogged = work->unlogged;
    /* Failed replicates are in the tally; this is a batch that could not even start. */
    if (status == SIM_MEMORY && outcome->record.tally.failed == 0)
        return cli_error("run", CLI_INTERNAL, "out of memory");
    return CLI_OK;
}

static int run_and_log(struct work *work, const struct run_files *files,
                       struct run_outcome *outcome)
{
    int exit_code = open_log(work, files);
    if (exit_code == CLI_OK)
        exit_code = open_trace(work);
    if (exit_code == CLI_OK)
        exit_code = run_missing(work, outcome);
    int traced = close_trace(work);
    if (output_log_destroy(work->log) != SIM_OK && exit_code == CLI_OK)
        exit_code = cli_error("run", CLI_IO, "%s: cannot be synced", files->folder);
    return exit_code == CLI_OK ? traced : exit_code;
}

int run_execute(const struct run_batch *batch, const struct run_files *files,
                struct run_outcome *outcome)
{
    struct work work = {.batch = batch};
    *outcome = (struct run_outcome){.record.started = time(NULL)};
    int exit_code = open_index(&work, files);
    if (exit_code != CLI_OK)
        return exit_code;
    struct sim_plan plan = run_batch_tasks(batch, NULL);
    work.progress = (struct progress){.form = batch->options->progress,
                                      .out = stderr,
                                      .total = count_missing(&work),
                                      .max_seconds = batch->options->max_seconds,
                                      .sync = sync_log,
                                      .sync_to = &work};
    outcome->record.tally.skipped = sim_plan_tasks(&plan);
    if (work.progress.total > 0)
        exit_code = run_and_log(&work, files, outcome);
    output_index_close(work.index);
    return exit_code;
}
