#include "run_record.h"

#include "../output/disk.h"
#include "build.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* A word as a POSIX shell reads it back. */
static void write_word(FILE *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./=:,+%@";
    if (*word && strspn(word, plain) == strlen(word)) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    }
    fputc('\'', out);
}

static void write_command(FILE *out, const struct cli_arguments *a, bool resume)
{
    fprintf(out, "remelt %s", a->command->name);
    for (size_t i = 0; i < a->given_count; i++) {
        const char *name = a->given[i].option->name, *value = a->given[i].value;
        if (resume && (strcmp(name, "force") == 0 || strcmp(name, "resume") == 0))
            continue;
        fprintf(out, " --%s%s", name, value ? "=" : "");
        if (value)
            write_word(out, value);
    }
    if (resume)
        fputs(" --resume", out);
    for (size_t i = 0; i < a->operand_count; i++) {
        fputc(' ', out);
        write_word(out, a->operands[i]);
    }
}

void run_record_resume(FILE *out, const struct cli_arguments *arguments)
{
    write_command(out, arguments, true);
}

static void write_time(FILE *out, const char *name, time_t when)
{
    struct tm parts;
    char text[32] = "";
    if (gmtime_r(&when, &parts))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    json_member(out, name, text);
}

static void write_build(FILE *out)
{
    struct build_fact facts[BUILD_FACTS];
    size_t count = build_facts(facts);
    fputs("  \"program\": {", out);
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ", " : "", out);
        json_member(out, facts[i].name, facts[i].value);
    }
    fputs("}", out);
}

static void write_cost(FILE *out, const struct run_record *record)
{
    struct rusage usage;
    memset(&usage, 0, sizeof usage);
    getrusage(RUSAGE_SELF, &usage);
    double user = (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec;
    double system = (double)usage.ru_stime.tv_sec + 1e-6 * (double)usage.ru_stime.tv_usec;
    fprintf(out,
            "  \"seconds\": %.3f,\n  \"cpu_seconds\": %.3f,\n  \"peak_memory_bytes\": %llu,\n"
            "  \"events\": %llu,\n",
            record->seconds, user + system, 1024ULL * (unsigned long long)usage.ru_maxrss,
            (unsigned long long)record->events);
}

static void write_record(FILE *out, const struct run_record *record,
                         const struct run_options *options, const struct cli_arguments *arguments)
{
    char host[256] = "", *command = NULL;
    size_t size = 0;
    gethostname(host, sizeof host - 1);
    FILE *text = open_memstream(&command, &size);
    if (text) {
        write_command(text, arguments, false);
        fclose(text);
    }
    fputs("{\n  ", out);
    json_member(out, "command", command ? command : "");
    fputs(",\n  ", out);
    write_time(out, "started", record->started);
    fputs(",\n  ", out);
    write_time(out, "finished", time(NULL));
    fputs(",\n  ", out);
    json_member(out, "host", host);
    fprintf(out, ",\n  \"threads\": %d,\n  \"part\": %u,\n  \"parts\": %u,\n", options->threads,
            options->part + 1, options->parts);
    write_cost(out, record);
    const struct sim_tally *tally = &record->tally;
    fprintf(out,
            "  \"replicates\": {\"done\": %llu, \"failed\": %llu, \"finished_before\": %llu, "
            "\"left\": %llu},\n",
            (unsigned long long)tally->done, (unsigned long long)tally->failed,
            (unsigned long long)tally->skipped, (unsigned long long)tally->left);
    write_build(out);
    fputs("\n}\n", out);
    free(command);
}

int run_record_write(const char *path, const struct run_record *record,
                     const struct run_options *options, const struct cli_arguments *arguments)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    if (!out)
        return cli_error("run", CLI_INTERNAL, "out of memory");
    write_record(out, record, options, arguments);
    bool bad = ferror(out) != 0;
    if (fclose(out) != 0 || bad) {
        free(bytes);
        return cli_error("run", CLI_INTERNAL, "out of memory");
    }
    struct sim_errors errors;
    sim_errors_init(&errors);
    enum sim_status status = output_disk_put(path, bytes, size, &errors);
    if (status != SIM_OK)
        cli_input_errors(&errors);
    sim_errors_clear(&errors);
    free(bytes);
    return cli_exit_from_status(status);
}
