/* `remelt summary`: headline results by year as a table for people, as tsv, or as JSON. */
#include "../output/summary.h"
#include "command.h"
#include "json.h"

#include <math.h>
#include <string.h>

typedef void (*write_summary)(const struct output_summary *summary,
                              const struct output_reader *reader);

enum { YEARS_ABREAST = 6, LABEL_WIDTH = 28, CELL_WIDTH = 13 }; /* about 105 columns */

/* Four significant digits, no exponents for what people read. */
static const char *number(double value, char text[32])
{
    double size = fabs(value);
    if (isnan(value))
        snprintf(text, 32, "-");
    else if (size >= 100 || size == 0)
        snprintf(text, 32, "%.0f", value);
    else if (size >= 10)
        snprintf(text, 32, "%.1f", value);
    else if (size >= 1)
        snprintf(text, 32, "%.2f", value);
    else if (size >= 0.0005)
        snprintf(text, 32, "%.3f", value);
    else
        snprintf(text, 32, "%.1e", value);
    return text;
}

static void write_lines(const struct output_summary_row *row, const struct output_band *bands,
                        size_t count)
{
    char low[32], high[32], cell[70];
    char label[100];
    snprintf(label, sizeof label, "%s%s%s", row->label, strcmp(row->unit, "1") ? ", " : "",
             strcmp(row->unit, "1") ? row->unit : "");
    printf("%-*s", LABEL_WIDTH, label);
    for (size_t y = 0; y < count; y++)
        printf(" %*s", CELL_WIDTH, number(bands[y].median, low));
    printf("\n%-*s", LABEL_WIDTH, "");
    for (size_t y = 0; y < count; y++) {
        snprintf(cell, sizeof cell, "%s..%s", number(bands[y].low, low),
                 number(bands[y].high, high));
        printf(" %*s", CELL_WIDTH, bands[y].count ? cell : "");
    }
    putchar('\n');
}

static void write_absent(FILE *out, const struct output_summary *summary)
{
    bool any = false;
    for (size_t i = 0; i < summary->row_count; i++) {
        const struct output_summary_row *row = &summary->rows[i];
        if (row->present)
            continue;
        fprintf(out, "%s%s (no \"%s\")", any ? ", " : "Not in this file: ", row->key, row->missing);
        any = true;
    }
    if (any)
        fputc('\n', out);
}

static void write_table(const struct output_summary *summary, const struct output_reader *reader)
{
    printf("%s (%s)\nmedian, and under it the 5-95 %% band over replicates\n",
           output_reader_title(reader), output_reader_source(reader));
    for (size_t s = 0; s < summary->scenario_count; s++) {
        for (size_t y = 0; y < summary->year_count; y += YEARS_ABREAST) {
            size_t left = summary->year_count - y;
            size_t count = left < YEARS_ABREAST ? left : YEARS_ABREAST;
            printf("\n%s, %zu of %zu replicates\n%-*s", output_reader_scenario(reader, s),
                   summary->done[s], output_reader_replicates(reader), LABEL_WIDTH, "");
            for (size_t k = 0; k < count; k++)
                printf(" %*d", CELL_WIDTH, summary->years[y + k]);
            putchar('\n');
            for (size_t i = 0; i < summary->row_count; i++) {
                if (summary->rows[i].present)
                    write_lines(&summary->rows[i],
                                &summary->rows[i].bands[s * summary->year_count + y], count);
            }
        }
    }
    putchar('\n');
    write_absent(stdout, summary);
}

static void write_tsv(const struct output_summary *summary, const struct output_reader *reader)
{
    puts("scenario\tvariable\tunit\tyear\tmedian\tp05\tp95\treplicates");
    for (size_t s = 0; s < summary->scenario_count; s++) {
        for (size_t i = 0; i < summary->row_count; i++) {
            const struct output_summary_row *row = &summary->rows[i];
            for (size_t y = 0; row->present && y < summary->year_count; y++) {
                const struct output_band *band = &row->bands[s * summary->year_count + y];
                printf("%s\t%s\t%s\t%d\t", output_reader_scenario(reader, s), row->key, row->unit,
                       summary->years[y]);
                if (band->count)
                    printf("%.9g\t%.9g\t%.9g\t%zu\n", band->median, band->low, band->high,
                           band->count);
                else
                    puts("\t\t\t0");
            }
        }
    }
    write_absent(stderr, summary);
}

static void json_numbers(const char *name, const struct output_band *bands, size_t count, int which)
{
    printf(", \"%s\": [", name);
    for (size_t y = 0; y < count; y++) {
        double value = which == 0 ? bands[y].median : which == 1 ? bands[y].low : bands[y].high;
        if (isfinite(value))
            printf("%s%.9g", y ? ", " : "", value);
        else
            printf("%snull", y ? ", " : "");
    }
    putchar(']');
}

static void json_row(const struct output_summary *summary, const struct output_reader *reader,
                     size_t s, const struct output_summary_row *row)
{
    const struct output_band *bands = &row->bands[s * summary->year_count];
    fputs("    {", stdout);
    json_member(stdout, "scenario", output_reader_scenario(reader, s));
    fputs(", ", stdout);
    json_member(stdout, "variable", row->key);
    fputs(", ", stdout);
    json_member(stdout, "unit", row->unit);
    json_numbers("median", bands, summary->year_count, 0);
    json_numbers("p05", bands, summary->year_count, 1);
    json_numbers("p95", bands, summary->year_count, 2);
    fputs(", \"replicates\": [", stdout);
    for (size_t y = 0; y < summary->year_count; y++)
        printf("%s%zu", y ? ", " : "", bands[y].count);
    fputs("]}", stdout);
}

static void write_json(const struct output_summary *summary, const struct output_reader *reader)
{
    fputs("{\n  ", stdout);
    json_member(stdout, "title", output_reader_title(reader));
    fputs(",\n  ", stdout);
    json_member(stdout, "source", output_reader_source(reader));
    fputs(",\n  \"years\": [", stdout);
    for (size_t y = 0; y < summary->year_count; y++)
        printf("%s%d", y ? ", " : "", summary->years[y]);
    fputs("],\n  \"results\": [\n", stdout);
    bool any = false;
    for (size_t s = 0; s < summary->scenario_count; s++) {
        for (size_t i = 0; i < summary->row_count; i++) {
            if (!summary->rows[i].present)
                continue;
            fputs(any ? ",\n" : "", stdout);
            json_row(summary, reader, s, &summary->rows[i]);
            any = true;
        }
    }
    fputs("\n  ],\n  \"absent\": [", stdout);
    any = false;
    for (size_t i = 0; i < summary->row_count; i++) {
        if (summary->rows[i].present)
            continue;
        fputs(any ? ", " : "", stdout);
        json_string(stdout, summary->rows[i].key);
        any = true;
    }
    fputs("]\n}\n", stdout);
}

int command_summary(int argc, char **argv)
{
    static const char *const formats[] = {"table", "tsv", "json", NULL};
    static const write_summary writers[] = {write_table, write_tsv, write_json};
    struct cli_arguments arguments;
    int exit_code = CLI_OK;
    if (!cli_parse(&arguments, argc, argv, &exit_code))
        return exit_code;
    struct output_reader *reader = NULL;
    struct output_summary summary = {0};
    struct sim_errors errors;
    sim_errors_init(&errors);
    int format = cli_choice(&arguments, "format", formats);
    if (format < 0)
        exit_code = CLI_USAGE;
    else if (output_reader_open(&reader, arguments.operands[0], &errors) != SIM_OK ||
             output_summary_make(&summary, reader, &errors) != SIM_OK)
        exit_code = cli_input_errors(&errors);
    else
        writers[format](&summary, reader);
    output_summary_clear(&summary);
    output_reader_close(reader);
    sim_errors_clear(&errors);
    cli_arguments_clear(&arguments);
    return cli_finish("summary", exit_code);
}
