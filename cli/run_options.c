#include "run_options.h"

#include "../sim/time.h"
#include "cores.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool run_options_duration(const char *text, double *seconds)
{
    char part[3][16];
    size_t parts = 0;
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ":");
        if (parts == 3 || length >= sizeof part[0])
            return false;
        memcpy(part[parts], at, length);
        part[parts++][length] = '\0';
        at += length;
        if (!*at)
            break;
    }
    double unit = 1, sum = 0;
    if (parts == 1 && part[0][0]) {
        static const char letters[] = "smhd";
        static const double units[] = {1, 60, 3600, 86400};
        char *last = &part[0][strlen(part[0]) - 1];
        const char *letter = strchr(letters, *last);
        if (letter) {
            unit = units[letter - letters];
            *last = '\0';
        }
    }
    for (size_t i = 0; i < parts; i++) {
        uint64_t number;
        if (!cli_unsigned(part[i], 0, i > 0 ? 59 : 1000000000, &number))
            return false;
        sum = 60 * sum + (double)number;
    }
    *seconds = unit * sum;
    return *seconds > 0;
}

/* "N" or "A:B". */
static bool read_replicates(const char *text, uint64_t *first, uint64_t *last)
{
    const uint64_t most = UINT64_C(1) << 32;
    const char *colon = strchr(text, ':');
    *first = 0;
    if (!colon)
        return cli_unsigned(text, 1, most, last);
    char head[16];
    size_t length = (size_t)(colon - text);
    if (length >= sizeof head)
        return false;
    memcpy(head, text, length);
    head[length] = '\0';
    return cli_unsigned(head, 0, most, first) && cli_unsigned(colon + 1, *first + 1, most, last);
}

/* "K/N", K from 1. */
static bool read_part(const char *text, uint32_t *part, uint32_t *parts)
{
    const char *slash = strchr(text, '/');
    char head[16];
    uint64_t k, n;
    if (!slash || (size_t)(slash - text) >= sizeof head)
        return false;
    memcpy(head, text, (size_t)(slash - text));
    head[slash - text] = '\0';
    if (!cli_unsigned(slash + 1, 1, 1000000, &n) || !cli_unsigned(head, 1, n, &k))
        return false;
    *part = (uint32_t)(k - 1);
    *parts = (uint32_t)n;
    return true;
}

/* Months of results before the time, which is exclusive and the start of a month. */
static bool months_until(int64_t time, size_t *months)
{
    int index = sim_month_index(time);
    if (sim_month_start(index) != time || index <= RUN_FIRST_MONTH || index > RUN_LAST_MONTH)
        return false;
    *months = (size_t)(index - RUN_FIRST_MONTH);
    return true;
}

static bool read_until(const char *text, size_t *months)
{
    struct sim_date date;
    return sim_date_parse(text, &date) && months_until(sim_time_from_date(date), months);
}

static bool split_list(struct run_options *o, const char *text)
{
    size_t most = strlen(text) + 1;
    char **grown = realloc(o->variables, (o->variable_count + most) * sizeof *grown);
    if (!grown)
        return false;
    o->variables = grown;
    for (const char *at = text; *at; at += strspn(at, ",")) {
        size_t length = strcspn(at, ",");
        if (length > 0) {
            char *name = strndup(at, length);
            if (!name)
                return false;
            o->variables[o->variable_count++] = name;
        }
        at += length;
    }
    return true;
}

/* Options that may come several times. */
static bool read_repeated(struct run_options *o, const struct cli_arguments *a)
{
    o->settings = calloc(a->given_count + 1, sizeof *o->settings);
    if (!o->settings)
        return false;
    for (size_t i = 0; i < a->given_count; i++) {
        const struct cli_given *given = &a->given[i];
        if (strcmp(given->option->name, "set") == 0)
            o->settings[o->setting_count++].text = given->value;
        else if (strcmp(given->option->name, "vars") == 0 && !split_list(o, given->value))
            return false;
    }
    return true;
}

static int read_numbers(struct run_options *o, const struct cli_arguments *a)
{
    const char *text;
    uint64_t number;
    if ((text = cli_value(a, "replicates")) && !read_replicates(text, &o->first, &o->last))
        return cli_usage_error("run",
                               "-r %s: allowed are a number from 1 on, or A:B with A < B, for "
                               "replicates A to B-1",
                               text);
    if ((text = cli_value(a, "seed")) && !cli_unsigned(text, 0, UINT32_MAX, &o->seed))
        return cli_usage_error("run", "-s %s: allowed is a whole number from 0 to 4294967295",
                               text);
    if ((text = cli_value(a, "jobs"))) {
        if (!cli_unsigned(text, 1, CORES_MAX, &number))
            return cli_usage_error("run", "-j %s: allowed is a whole number from 1 to %d", text,
                                   CORES_MAX);
        o->threads = (int)number;
    }
    if ((text = cli_value(a, "until")) && !read_until(text, &o->months))
        return cli_usage_error("run",
                               "--until %s: allowed is the first of a month, YYYY-MM-01, from "
                               "2020-02-01 to 2061-01-01, or a year alone",
                               text);
    if ((text = cli_value(a, "part")) && !read_part(text, &o->part, &o->parts))
        return cli_usage_error("run", "--part %s: allowed is K/N with K from 1 to N", text);
    if ((text = cli_value(a, "max-time")) && !run_options_duration(text, &o->max_seconds))
        return cli_usage_error("run", "--max-time %s: allowed are 90, 90s, 30m, 8h, 2d and 1:30:00",
                               text);
    return CLI_OK;
}

static int read_progress(struct run_options *o, const struct cli_arguments *a)
{
    static const char *const forms[] = {"plain", "tty", "json", NULL};
    static const enum progress_form values[] = {PROGRESS_PLAIN, PROGRESS_TTY, PROGRESS_JSON};
    int form = cli_choice(a, "progress", forms);
    if (form < 0)
        return CLI_USAGE;
    if (cli_has(a, "progress"))
        o->progress = values[form];
    else
        o->progress = isatty(STDERR_FILENO) ? PROGRESS_TTY : PROGRESS_PLAIN;
    if (cli_has(a, "quiet"))
        o->progress = PROGRESS_QUIET;
    return CLI_OK;
}

/* What options ask for together. */
static int check_together(const struct run_options *o)
{
    if (o->resume && o->force)
        return cli_usage_error("run",
                               "--resume keeps what is there, --force discards it: one only");
    if (o->force && o->parts > 1)
        return cli_usage_error("run", "--force with --part would discard what other parts have "
                                      "done: remove FILE.parts/ before starting the parts");
    if (o->output && strcmp(o->output, "-") == 0)
        return cli_usage_error("run", "-o -: HDF5 results need a file");
    if (o->trace && ((o->threads_given && o->threads != 1) || o->parts > 1))
        return cli_usage_error("run", "--trace needs one thread and the whole batch: -j 1, and no "
                                      "--part");
    return CLI_OK;
}

int run_options_read(struct run_options *options, const struct cli_arguments *a)
{
    *options = (struct run_options){.files = a->operands,
                                    .file_count = a->operand_count,
                                    .output = cli_value(a, "output"),
                                    .parts = 1,
                                    .resume = cli_has(a, "resume"),
                                    .force = cli_has(a, "force"),
                                    .dry_run = cli_has(a, "dry-run"),
                                    .trace = cli_value(a, "trace"),
                                    .replicates_given = cli_has(a, "replicates"),
                                    .seed_given = cli_has(a, "seed"),
                                    .threads_given = cli_has(a, "jobs"),
                                    .until_given = cli_has(a, "until")};
    if (!read_repeated(options, a))
        return cli_error("run", CLI_INTERNAL, "out of memory");
    const char *grams = getenv("REMELT_BREAK_METAL");
    uint64_t number;
    if (grams && !cli_unsigned(grams, 0, INT64_MAX, &number))
        return cli_usage_error("run", "REMELT_BREAK_METAL=%s: allowed is a number of grams", grams);
    if (grams)
        options->break_metal = (int64_t)number;
    int exit_code = read_numbers(options, a);
    if (exit_code == CLI_OK)
        exit_code = read_progress(options, a);
    return exit_code == CLI_OK ? check_together(options) : exit_code;
}

int run_options_complete(struct run_options *o, const struct scenario *scenario)
{
    const struct scenario_run *run = &scenario->run;
    if (!o->replicates_given) {
        o->first = 0;
        o->last = run->replicates > 0 ? (uint64_t)run->replicates : RUN_REPLICATES;
    }
    if (!o->seed_given)
        o->seed = run->seed >= 0 ? (uint64_t)run->seed : 1;
    if (o->trace)
        o->threads = 1;
    else if (!o->threads_given)
        o->threads = run->threads > 0 ? (int)run->threads : cores_usable();
    if (!o->until_given) {
        o->months = RUN_UNTIL_MONTH - RUN_FIRST_MONTH;
        if (run->until > 0 && !months_until(run->until, &o->months))
            return cli_error("run", CLI_BAD_DATA,
                             "%s: run: until: allowed is the first of a month from 2020-02-01 to "
                             "2061-01-01",
                             scenario->file);
    }
    if (!o->output)
        o->output = run->output;
    return CLI_OK;
}

void run_options_clear(struct run_options *options)
{
    for (size_t i = 0; i < options->variable_count; i++)
        free(options->variables[i]);
    free(options->variables);
    free(options->settings);
    *options = (struct run_options){0};
}
