/* `remelt bench`: runs benchmarks and prints a row for each measurement as it is made. */
#include "bench_engine.h"
#include "command.h"
#include "cores.h"

#include <errno.h>
#include <string.h>

struct bench_work {
    FILE *table, *tsv; /* either may be NULL */
    int wrong;         /* rows that were not correct */
};

struct bench_entry {
    const char *name, *doc;
    enum sim_status (*serial)(bench_report *report, void *to);
    enum sim_status (*parallel)(bench_report *report, void *to, int threads);
};

static const struct bench_entry entries[] = {
    {"hold", "the pending-event set alone", bench_hold, NULL},
    {"mm1", "one queue, against theory", bench_mm1, NULL},
    {"phold", "entities that send events to each other", NULL, bench_phold},
    {"windows", "domains of unequal load, one replicate on several threads", NULL, bench_windows},
    {"replicates", "an ensemble on several threads", NULL, bench_replicates},
};
enum { ENTRIES = sizeof entries / sizeof entries[0] };

static double per(double amount, uint64_t count)
{
    return count ? amount / (double)count : 0;
}

static void report(void *to, const struct bench_row *row)
{
    struct bench_work *work = to;
    double rate = row->seconds > 0 ? (double)row->events / row->seconds : 0;
    double nanoseconds = 1e9 * per(row->seconds, row->events);
    double bytes = per((double)row->bytes, row->pending), peak = 1e-6 * (double)row->peak_bytes;
    const char *right = row->correct ? "right" : "WRONG";
    work->wrong += !row->correct;
    if (work->table) {
        fprintf(work->table, "%-10s %9llu %3d %11llu %8.3f %11.4g %8.1f %8.1f %8.1f  %s%s%s\n",
                row->name, (unsigned long long)row->size, row->threads,
                (unsigned long long)row->events, row->seconds, rate, nanoseconds, bytes, peak,
                right, row->note[0] ? ": " : "", row->note);
        fflush(work->table);
    }
    if (work->tsv)
        fprintf(work->tsv, "%s\t%llu\t%d\t%llu\t%.6f\t%.6f\t%.6g\t%.3f\t%.2f\t%.3f\t%s\t%s\n",
                row->name, (unsigned long long)row->size, row->threads,
                (unsigned long long)row->events, row->seconds, row->cpu_seconds, rate, nanoseconds,
                bytes, peak, row->correct ? "yes" : "no", row->note);
}

static int check_names(const struct cli_arguments *arguments)
{
    for (size_t i = 0; i < arguments->operand_count; i++) {
        bool known = false;
        for (size_t j = 0; j < ENTRIES; j++)
            known = known || strcmp(arguments->operands[i], entries[j].name) == 0;
        if (known)
            continue;
        cli_usage_error("bench", "there is no benchmark %s; there are:", arguments->operands[i]);
        for (size_t j = 0; j < ENTRIES; j++)
            fprintf(stderr, "  %-10s  %s\n", entries[j].name, entries[j].doc);
        return CLI_USAGE;
    }
    return CLI_OK;
}

static bool wanted(const struct cli_arguments *arguments, const char *name)
{
    for (size_t i = 0; i < arguments->operand_count; i++) {
        if (strcmp(arguments->operands[i], name) == 0)
            return true;
    }
    return arguments->operand_count == 0;
}

static int run_entries(const struct cli_arguments *arguments, struct bench_work *work, int threads)
{
    if (work->table)
        fprintf(work->table, "%-10s %9s %3s %11s %8s %11s %8s %8s %8s  %s\n", "name", "size", "thr",
                "events", "seconds", "events/s", "ns/event", "B/event", "peak MB", "result");
    if (work->tsv)
        fputs("name\tsize\tthreads\tevents\tseconds\tcpu_seconds\tevents_per_second\tns_per_event\t"
              "bytes_per_event\tpeak_MB\tcorrect\tnote\n",
              work->tsv);
    for (size_t i = 0; i < ENTRIES; i++) {
        const struct bench_entry *entry = &entries[i];
        if (!wanted(arguments, entry->name))
            continue;
        enum sim_status status =
            entry->serial ? entry->serial(report, work) : entry->parallel(report, work, threads);
        if (status != SIM_OK)
            return cli_error("bench", cli_exit_from_status(status), "%s: %s", entry->name,
                             sim_status_text(status));
    }
    if (work->wrong)
        return cli_error("bench", CLI_FAILED, "%d results are wrong", work->wrong);
    return CLI_OK;
}

/* The table is for people: it leaves standard output to the data where that is asked for. */
static int open_and_run(const struct cli_arguments *arguments, int threads)
{
    const char *file = cli_value(arguments, "output");
    struct bench_work work = {.table = stdout};
    if (file && strcmp(file, "-") == 0) {
        work.table = stderr;
        work.tsv = stdout;
    } else if (file) {
        work.tsv = fopen(file, "w");
        if (!work.tsv)
            return cli_error("bench", CLI_CANNOT_CREATE, "%s: %s", file, strerror(errno));
    }
    int exit_code = run_entries(arguments, &work, threads);
    if (work.tsv && work.tsv != stdout) {
        bool bad = ferror(work.tsv) != 0;
        if ((fclose(work.tsv) != 0 || bad) && exit_code == CLI_OK)
            exit_code = cli_error("bench", CLI_IO, "%s: %s", file, strerror(errno));
    }
    return cli_finish("bench", exit_code);
}

int command_bench(int argc, char **argv)
{
    struct cli_arguments arguments;
    int exit_code;
    if (!cli_parse(&arguments, argc, argv, &exit_code))
        return exit_code;
    uint64_t threads = (uint64_t)cores_usable();
    const char *text = cli_value(&arguments, "jobs");
    if (text && !cli_unsigned(text, 1, CORES_MAX, &threads))
        exit_code = cli_usage_error("bench", "-j %s: allowed is a whole number from 1 to %d", text,
                                    CORES_MAX);
    else
        exit_code = check_names(&arguments);
    if (exit_code == CLI_OK)
        exit_code = open_and_run(&arguments, (int)threads);
    cli_arguments_clear(&arguments);
    return exit_code;
}
