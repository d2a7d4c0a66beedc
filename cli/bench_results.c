/* How fast results reach the disk: the samples of one short run, spread over the months of a usual
 * one with a little noise (so that they compress as badly as real ones), many times over. */
#include "bench_model.h"

#include "../output/disk.h"
#include "../output/index.h"
#include "../output/log.h"
#include "../output/merge.h"
#include "../sim/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REPLICATES = 200, MONTHS = RUN_UNTIL_MONTH - RUN_FIRST_MONTH, NOISES = 4093, WORKERS = 2 };

struct results {
    struct bench_batch bench;
    double *values; /* of one replicate */
    char folder[32], parts[64], file[64];
    struct output_log *log;
    double samples; /* bytes of all replicates as the file keeps them, before compression */
    uint64_t size, hash;
};

static void tell(const char *what)
{
    cli_error("bench", CLI_IO, "%s: %s", what, strerror(errno));
}

/* One month's values of a short run. */
static enum sim_status run_month(struct bench_batch *bench, struct sim_result *result)
{
    const struct sim_layout *layout = &bench->batch.layout;
    if (!sim_result_init(result, 0, 0, layout->size))
        return SIM_MEMORY;
    result->detail = true;
    struct chain_request request = {.seed = 1};
    enum sim_status status = chain_run(bench->batch.chains[0], layout, &request, result);
    if (status != SIM_OK)
        cli_error("bench", CLI_INTERNAL, "%s", result->failure.text);
    return status;
}

static void spread(const struct sim_layout *from, const double *values, const struct sim_layout *to,
                   double *spread_values)
{
    double noise[NOISES];
    struct sim_stream stream = sim_stream_make(sim_random_key_make(1, 0), 0, 0, 0);
    for (int i = 0; i < NOISES; i++)
        noise[i] = 1 + 0.02 * sim_normal(&stream);
    size_t at = 0;
    for (size_t v = 0; v < to->count; v++) {
        const struct sim_variable *source = &from->variables[v], *target = &to->variables[v];
        for (size_t step = 0; step < target->steps; step++) {
            for (size_t cell = 0; cell < target->cells; cell++) {
                size_t month = step % source->steps;
                at = (at + 1) % NOISES;
                spread_values[target->offset + step * target->cells + cell] =
                    values[source->offset + month * source->cells + cell] * noise[at];
            }
        }
    }
}

static enum sim_status make_values(struct results *r)
{
    struct bench_batch *small = calloc(1, sizeof *small);
    if (!small)
        return SIM_MEMORY;
    struct sim_result result = {0};
    enum sim_status status = bench_batch_load(small, 0, 1, 1);
    if (status == SIM_OK)
        status = run_month(small, &result);
    if (status == SIM_OK)
        status = bench_batch_load(&r->bench, 0, MONTHS, REPLICATES);
    if (status == SIM_OK) {
        const struct sim_layout *layout = &r->bench.batch.layout;
        r->values = malloc(layout->size * sizeof *r->values);
        if (r->values)
            spread(&small->batch.layout, result.values, layout, r->values);
        else
            status = SIM_MEMORY;
    }
    sim_result_clear(&result);
    bench_batch_clear(small);
    free(small);
    return status;
}

static double sample_bytes(const struct output_plan *plan)
{
    double sum = 0;
    for (size_t i = 0; i < plan->variable_count; i++) {
        const struct sim_variable *variable = &plan->variables[i];
        uint64_t kept = plan->last - plan->first;
        if (variable->output->axis == SIM_AXIS_DETAIL && plan->detail < kept)
            kept = plan->detail;
        sum +=
            (double)(variable->steps * variable->cells * kept) * (variable->output->wide ? 8 : 4);
    }
    return sum;
}

/* log */

/* A replicate's own values: those of all, times a number near 1. */
static enum sim_status append(void *shared, struct sim_task task, struct sim_team *team)
{
    struct results *r = shared;
    const struct run_batch *batch = &r->bench.batch;
    struct sim_result result;
    (void)team;
    if (!sim_result_init(&result, 0, task.replicate, batch->layout.size))
        return SIM_MEMORY;
    result.detail = output_plan_detail(batch->plan, task.replicate);
    for (size_t i = 0; i < batch->layout.size; i++)
        result.values[i] = r->values[i] * (1 + 1e-3 * (double)task.replicate);
    enum sim_status status = output_log_append(r->log, &result);
    sim_result_clear(&result);
    return status;
}

static void rate(struct bench_row *row, double megabytes, const char *of)
{
    snprintf(row->note, sizeof row->note, "%.0f MB/s, %.1f MB %s",
             row->seconds > 0 ? megabytes / row->seconds : 0, megabytes, of);
}

static enum sim_status write_log(struct results *r, int workers, bench_report *report, void *to)
{
    const struct output_plan *plan = r->bench.batch.plan;
    struct sim_errors errors;
    sim_errors_init(&errors);
    enum sim_status status = output_plan_save(plan, r->parts, &errors);
    if (status == SIM_OK)
        status = output_log_create(&r->log, plan, r->parts, 0, 1, &errors);
    cli_input_errors(&errors);
    sim_errors_clear(&errors);
    if (status != SIM_OK)
        return status;
    struct sim_plan tasks = {.scenarios = 1, .last = REPLICATES, .parts = 1, .threads = workers};
    struct sim_tally tally;
    struct bench_row row = {
        .name = "log", .size = REPLICATES, .threads = workers, .events = REPLICATES};
    struct bench_clocks start = bench_clocks_read();
    status = sim_ensemble_run(&tasks, append, NULL, r, &tally);
    uint64_t written = output_log_size(r->log);
    if (status != SIM_OK)
        cli_error("bench", CLI_IO, "%s", output_log_message(r->log));
    enum sim_status closed = output_log_destroy(r->log);
    r->log = NULL;
    bench_finish(&row, start);
    row.correct = tally.done == REPLICATES;
    char of[64];
    snprintf(of, sizeof of, "of samples in %.1f MB on disk", 1e-6 * (double)written);
    rate(&row, 1e-6 * r->samples, of);
    if (status == SIM_OK && closed == SIM_OK)
        report(to, &row);
    return status == SIM_OK ? closed : status;
}

/* merge */

static enum sim_status hash_file(struct results *r, uint64_t *hash)
{
    struct sim_errors errors;
    unsigned char *bytes = NULL;
    size_t size = 0;
    sim_errors_init(&errors);
    enum sim_status status = output_disk_get(r->file, &bytes, &size, &errors);
    cli_input_errors(&errors);
    sim_errors_clear(&errors);
    if (status != SIM_OK)
        return status;
    *hash = sim_hash_bytes(0, bytes, size);
    r->size = size;
    free(bytes);
    return SIM_OK;
}

static enum sim_status merge(struct results *r, int workers, bench_report *report, void *to)
{
    const struct output_plan *plan = r->bench.batch.plan;
    struct output_index *index = NULL;
    struct sim_errors errors, notes;
    sim_errors_init(&errors);
    sim_errors_init(&notes);
    struct bench_row row = {
        .name = "merge", .size = REPLICATES, .threads = 1, .events = REPLICATES};
    struct bench_clocks start = bench_clocks_read();
    enum sim_status status =
        output_index_open(&index, plan, r->parts, sim_fingerprint(), false, &errors, &notes);
    uint64_t counts[3] = {0};
    if (index) {
        output_index_count(index, counts);
        status = output_merge(index, plan, r->file, &errors);
    }
    bench_finish(&row, start);
    output_index_close(index);
    cli_input_errors(&errors);
    sim_errors_clear(&errors);
    sim_errors_clear(&notes);
    uint64_t hash = 0;
    if (status == SIM_OK)
        status = hash_file(r, &hash);
    if (status != SIM_OK)
        return status;
    r->hash = workers == 1 ? hash : r->hash;
    row.correct = counts[OUTPUT_DONE] == REPLICATES && hash == r->hash;
    char of[64];
    snprintf(of, sizeof of, "HDF5 after %d writing, hash %016" PRIx64, workers, hash);
    rate(&row, 1e-6 * (double)r->size, of);
    report(to, &row);
    return SIM_OK;
}

/* plain */

/* As many bytes as the results file has, written and synced in blocks of a megabyte. */
static enum sim_status write_plain(struct results *r, bench_report *report, void *to)
{
    enum { BLOCK = 1 << 20 };
    unsigned char *block = malloc(BLOCK);
    if (!block)
        return SIM_MEMORY;
    struct sim_stream stream = sim_stream_make(sim_random_key_make(1, 0), 0, 0, 0);
    for (size_t i = 0; i < BLOCK; i++)
        block[i] = (unsigned char)sim_stream_word(&stream);
    struct bench_row row = {
        .name = "plain", .size = REPLICATES, .threads = 1, .events = REPLICATES};
    struct bench_clocks start = bench_clocks_read();
    int file = open(r->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool good = file >= 0;
    for (uint64_t left = r->size; good && left > 0;) {
        size_t now = left < BLOCK ? (size_t)left : BLOCK;
        good = output_disk_write(file, block, now);
        left -= now;
    }
    good = good && fsync(file) == 0;
    struct stat about = {0};
    good = good && fstat(file, &about) == 0;
    if (!good)
        tell(r->file);
    if (file >= 0)
        close(file);
    bench_finish(&row, start);
    free(block);
    row.correct = good && (uint64_t)about.st_size == r->size;
    rate(&row, 1e-6 * (double)r->size, "as large as the HDF5 file");
    if (good)
        report(to, &row);
    return good ? SIM_OK : SIM_IO;
}

static void clean_parts(struct results *r)
{
    struct sim_errors errors;
    sim_errors_init(&errors);
    output_merge_clean(r->parts, &errors);
    cli_input_errors(&errors);
    sim_errors_clear(&errors);
}

static enum sim_status measure(struct results *r, int threads, bench_report *report, void *to)
{
    enum sim_status status = SIM_OK;
    r->samples = sample_bytes(r->bench.batch.plan);
    int most = threads < WORKERS ? threads : WORKERS;
    for (int workers = 1; status == SIM_OK && workers <= most; workers++) {
        status = write_log(r, workers, report, to);
        if (status == SIM_OK)
            status = merge(r, workers, report, to);
        clean_parts(r);
    }
    if (status == SIM_OK)
        status = write_plain(r, report, to);
    return status;
}

enum sim_status bench_results(bench_report *report, void *to, int threads)
{
    struct results *r = calloc(1, sizeof *r);
    if (!r)
        return SIM_MEMORY;
    snprintf(r->folder, sizeof r->folder, "remelt-bench-XXXXXX");
    if (!mkdtemp(r->folder)) {
        cli_error("bench", CLI_CANNOT_CREATE, "%s: %s", r->folder, strerror(errno));
        free(r);
        return SIM_CANNOT_CREATE;
    }
    snprintf(r->file, sizeof r->file, "%s/bench.h5", r->folder);
    snprintf(r->parts, sizeof r->parts, "%s/bench.parts", r->folder);
    enum sim_status status = make_values(r);
    if (status == SIM_OK)
        status = measure(r, threads, report, to);
    if (unlink(r->file) != 0 && errno != ENOENT)
        tell(r->file);
    if (rmdir(r->folder) != 0)
        tell(r->folder);
    bench_batch_clear(&r->bench);
    free(r->values);
    free(r);
    return status;
}
