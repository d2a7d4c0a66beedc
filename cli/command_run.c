/* `remelt run`: an ensemble, from scenarios to one results file. */
#include "../output/merge.h"
#include "../sim/hash.h"
#include "run_estimate.h"
#include "run_execute.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct run {
    const struct cli_arguments *arguments;
    struct run_options options;
    struct run_batch batch;
    struct run_files files;
    struct run_outcome outcome;
    uint64_t counts[3]; /* tasks of the whole plan in each output_state */
};

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* "1 scenario x 20 replicates, 2020-01 to 2030-12" */
static void say_size(const struct run *run)
{
    const struct run_options *o = &run->options;
    uint64_t replicates = o->last - o->first;
    char span[64];
    fprintf(stderr, "%zu scenario%s x %llu replicate%s, %s", run->batch.count,
            plural(run->batch.count), (unsigned long long)replicates, plural(replicates),
            run_batch_span(&run->batch, span));
}

static void say_beginning(const struct run *run)
{
    const struct run_options *o = &run->options;
    struct run_estimate e = run_estimate(&run->batch);
    char duration[32];
    for (size_t i = 0; i < run->batch.count; i++) {
        size_t count = run->batch.scenarios[i]->uncertainty_count;
        if (count > 0)
            fprintf(stderr,
                    "remelt run: %s: its %zu uncertain parameters keep their values; replicates "
                    "differ by chance alone\n",
                    run->batch.scenarios[i]->name, count);
    }
    if (o->progress == PROGRESS_QUIET)
        return;
    say_size(run);
    if (o->parts > 1)
        fprintf(stderr, ", part %u of %u", o->part + 1, o->parts);
    fprintf(stderr, ": %llu run%s on %d thread%s, about %s\n", (unsigned long long)e.tasks,
            plural(e.tasks), o->threads, plural((uint64_t)o->threads),
            progress_duration(e.seconds, duration));
}

/* Parts that finish together must not merge, and clean up, together. -1 where the folder is gone:
 * then another part has merged. A file system without locks leaves only that race open. */
static int lock_plan(const struct run *run)
{
    char path[OUTPUT_PATH + 8];
    snprintf(path, sizeof path, "%s/plan", run->files.folder);
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return -1;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    fcntl(file, F_SETLKW, &lock);
    if (access(path, F_OK) == 0)
        return file;
    close(file);
    return -1;
}

static int write_record(const struct run *run, const char *path)
{
    return run_record_write(path, &run->outcome.record, &run->options, run->arguments);
}

static int write_part_record(const struct run *run)
{
    char path[OUTPUT_PATH + 64];
    size_t length = strlen(run->files.record) - strlen(".run.json");
    snprintf(path, sizeof path, "%.*s.part-%u-of-%u.run.json", (int)length, run->files.record,
             run->options.part + 1, run->options.parts);
    return write_record(run, path);
}

static void say_end(const struct run *run)
{
    char duration[32];
    uint64_t failed = run->counts[OUTPUT_FAILED];
    if (failed > 0)
        fprintf(stderr,
                "remelt run: %llu of %llu runs failed; they are fill values in %s, and their "
                "reasons are in its group /log\n",
                (unsigned long long)failed, (unsigned long long)output_plan_tasks(run->batch.plan),
                run->files.file);
    if (run->options.progress == PROGRESS_QUIET)
        return;
    fprintf(stderr, "Results: %s (", run->files.file);
    say_size(run);
    fprintf(stderr, ", in %s)\n", progress_duration(run->outcome.record.seconds, duration));
}

static int merge(struct run *run, struct output_index *index)
{
    struct sim_errors errors;
    sim_errors_init(&errors);
    enum sim_status status = output_merge(index, run->batch.plan, run->files.file, &errors);
    int exit_code = cli_exit_from_status(status);
    if (status == SIM_OK)
        exit_code = write_record(run, run->files.record);
    /* The results stand whether or not the folder can be removed. */
    if (exit_code == CLI_OK)
        output_merge_clean(run->files.folder, &errors);
    cli_input_errors(&errors);
    sim_errors_clear(&errors);
    if (exit_code != CLI_OK)
        return exit_code;
    say_end(run);
    return run->counts[OUTPUT_FAILED] > 0 ? CLI_INTERNAL : CLI_OK;
}

/* Which parts the batch still waits for. */
static void say_missing_parts(const struct run *run, const struct output_index *index)
{
    const struct run_options *o = &run->options;
    fprintf(stderr, "Part %u of %u is finished; missing:", o->part + 1, o->parts);
    for (uint32_t part = 0; part < o->parts; part++) {
        struct sim_plan plan = run_batch_tasks(&run->batch, NULL);
        plan.part = part;
        uint64_t tasks = sim_plan_tasks(&plan), open = 0;
        for (uint64_t i = 0; i < tasks; i++) {
            uint64_t number = part + i * plan.parts;
            open += output_index_state(index, (uint32_t)(number % plan.scenarios),
                                       plan.first + number / plan.scenarios) == OUTPUT_PENDING;
        }
        if (open > 0)
            fprintf(stderr, " %u (%llu of %llu runs)", part + 1, (unsigned long long)open,
                    (unsigned long long)tasks);
    }
    fprintf(stderr, "\nThe last part merges; or `remelt merge %s`.\n", run->files.file);
}

/* After this process's tasks: merges where nothing is missing. */
static int conclude(struct run *run)
{
    struct sim_errors errors, notes;
    struct output_index *index = NULL;
    sim_errors_init(&errors);
    sim_errors_init(&notes);
    int lock = lock_plan(run), exit_code = CLI_OK;
    if (lock < 0 && output_merge_present(run->files.file, run->batch.plan) == OUTPUT_SAME_PLAN) {
        say_end(run); /* another part was faster */
    } else if (output_index_open(&index, run->batch.plan, run->files.folder, sim_fingerprint(),
                                 run->options.force, &errors, &notes) != SIM_OK) {
        exit_code = cli_input_errors(&errors);
    } else {
        output_index_count(index, run->counts);
        if (run->counts[OUTPUT_PENDING] == 0)
            exit_code = merge(run, index);
        else if (run->options.progress != PROGRESS_QUIET)
            say_missing_parts(run, index);
    }
    output_index_close(index);
    if (lock >= 0)
        close(lock);
    sim_errors_clear(&errors);
    sim_errors_clear(&notes);
    return exit_code;
}

/* A batch that ended before its time: how to go on. */
static int say_resumable(const struct run *run, int exit_code, const char *why)
{
    const struct sim_tally *tally = &run->outcome.record.tally;
    fprintf(
        stderr, "remelt run: %s: %llu of %llu runs are finished and kept. Go on with\n  ", why,
        (unsigned long long)(tally->done + tally->skipped + tally->failed - run->outcome.unlogged),
        (unsigned long long)(tally->done + tally->skipped + tally->failed + tally->left));
    run_record_resume(stderr, run->arguments);
    fputc('\n', stderr);
    return exit_code;
}

static int run_and_conclude(struct run *run)
{
    say_beginning(run);
    int exit_code = run_execute(&run->batch, &run->files, &run->outcome);
    if (exit_code != CLI_OK)
        return exit_code;
    if (run->outcome.unlogged > 0)
        return say_resumable(run, CLI_IO, "some runs could not be written");
    if (run->outcome.record.tally.left > 0)
        return say_resumable(run, CLI_INTERRUPTED,
                             run->outcome.reason == PROGRESS_MAX_TIME ? "the time limit is reached"
                                                                      : "stopped");
    if (run->options.parts > 1)
        exit_code = write_part_record(run);
    return exit_code == CLI_OK ? conclude(run) : exit_code;
}

/* Results that are there already. *done: there is nothing to do. */
static int check_present(const struct run *run, bool *done)
{
    *done = false;
    int exit_code = run_files_refuse(&run->files, &run->options);
    if (exit_code != CLI_OK || !run->options.resume)
        return exit_code;
    switch (output_merge_present(run->files.file, run->batch.plan)) {
    case OUTPUT_ABSENT:
        break;
    case OUTPUT_SAME_PLAN:
        *done = access(run->files.folder, F_OK) != 0;
        break;
    case OUTPUT_OTHER:
        return cli_error("run", CLI_CANNOT_CREATE,
                         "%s holds something else than this batch (other scenarios, parameters, "
                         "seed, replicates, variables or version): choose another name with -o, "
                         "or replace it with --force",
                         run->files.file);
    }
    if (*done && run->options.progress != PROGRESS_QUIET)
        fprintf(stderr, "Results: %s (complete before; nothing was missing)\n", run->files.file);
    return CLI_OK;
}

static int run_loaded(struct run *run)
{
    int exit_code = run_files_name(&run->files, &run->batch);
    if (exit_code != CLI_OK)
        return exit_code;
    if (run->options.dry_run) {
        run_estimate_print(stdout, &run->batch, run->files.file);
        return cli_finish("run", CLI_OK);
    }
    bool done;
    exit_code = check_present(run, &done);
    if (exit_code != CLI_OK || done)
        return exit_code;
    exit_code = run_files_prepare(&run->files, &run->batch);
    return exit_code == CLI_OK ? run_and_conclude(run) : exit_code;
}

int command_run(int argc, char **argv)
{
    struct cli_arguments arguments;
    int exit_code;
    if (!cli_parse(&arguments, argc, argv, &exit_code))
        return exit_code;
    struct run run = {.arguments = &arguments};
    exit_code = run_options_read(&run.options, &arguments);
    if (exit_code == CLI_OK)
        exit_code = run_batch_load(&run.batch, &run.options);
    if (exit_code == CLI_OK)
        exit_code = run_loaded(&run);
    run_batch_clear(&run.batch);
    run_options_clear(&run.options);
    cli_arguments_clear(&arguments);
    return exit_code;
}
