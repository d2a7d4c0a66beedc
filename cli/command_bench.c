/* `remelt bench`: runs benchmarks and prints a row for each measurement as it is made. */
#include "bench_model.h"
#include "bench_table.h"
#include "command.h"
#include "cores.h"

#include <errno.h>
#include <string.h>

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
    {"chain", "the national baseline, one replicate and an ensemble", NULL, bench_chain},
    {"results", "writing results, beside a plain file", NULL, bench_results},
    {"recipe", "linear programmes, and their share of a run", bench_recipe, NULL},
};
enum { ENTRIES = sizeof entries / sizeof entries[0] };

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

static int run_entries(const struct cli_arguments *arguments, struct bench_table *table,
                       int threads)
{
    bench_table_head(table);
    for (size_t i = 0; i < ENTRIES; i++) {
        const struct bench_entry *entry = &entries[i];
        if (!wanted(arguments, entry->name))
            continue;
        enum sim_status status = entry->serial ? entry->serial(bench_table_row, table)
                                               : entry->parallel(bench_table_row, table, threads);
        if (status != SIM_OK)
            return cli_error("bench", cli_exit_from_status(status), "%s: %s", entry->name,
                             sim_status_text(status));
    }
    if (table->wrong)
        return cli_error("bench", CLI_FAILED, "%d results are wrong", table->wrong);
    return CLI_OK;
}

/* The table is for people: it leaves standard output to the data where that is asked for. */
static int open_and_run(const struct cli_arguments *arguments, int threads)
{
    const char *file = cli_value(arguments, "output");
    struct bench_table table = {.table = stdout};
    if (file && strcmp(file, "-") == 0) {
        table.table = stderr;
        table.tsv = stdout;
    } else if (file) {
        table.tsv = fopen(file, "w");
        if (!table.tsv)
            return cli_error("bench", CLI_CANNOT_CREATE, "%s: %s", file, strerror(errno));
    }
    int exit_code = run_entries(arguments, &table, threads);
    if (table.tsv && table.tsv != stdout) {
        bool bad = ferror(table.tsv) != 0;
        if ((fclose(table.tsv) != 0 || bad) && exit_code == CLI_OK)
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
