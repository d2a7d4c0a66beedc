/* `remelt vars`: every variable of the results, with unit, dimensions and meaning. */
#include "../models/chain.h"
#include "command.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

struct list {
    const struct sim_output **rows; /* owned array of borrowed rows */
    size_t count;
};

typedef void (*write_list)(FILE *out, const struct list *list);

static const char *const methods[] = {"point", "mean", "sum"};

static bool matches(const char *pattern, const char *name)
{
    if (strpbrk(pattern, "*?["))
        return fnmatch(pattern, name, 0) == 0;
    return strstr(name, pattern) != NULL;
}

static bool collect(struct list *list, const char *pattern)
{
    size_t most = 0;
    for (size_t c = 0; c < chain_component_count; c++)
        most += chain_components[c]->output_count;
    list->rows = malloc((most + 1) * sizeof(const struct sim_output *));
    for (size_t c = 0; list->rows && c < chain_component_count; c++) {
        for (size_t i = 0; i < chain_components[c]->output_count; i++) {
            const struct sim_output *row = &chain_components[c]->outputs[i];
            if (matches(pattern, row->name))
                list->rows[list->count++] = row;
        }
    }
    return list->rows != NULL;
}

/* "scenario, replicate, time, tier, grade" into text. */
static const char *dimensions(const struct sim_output *row, char text[200])
{
    static const char *const axes[] = {"scenario, replicate, time",
                                       "scenario, detail_replicate, time",
                                       "scenario, replicate, year"};
    int length = snprintf(text, 200, "%s", axes[row->axis]);
    for (int k = 0; k < 2 && row->dims[k] && length > 0 && length < 200; k++)
        length += snprintf(text + length, (size_t)(200 - length), ", %s", row->dims[k]->name);
    return text;
}

static const char *group(const struct sim_output *row)
{
    return row->axis == SIM_AXIS_HISTORY ? "/history/" : "";
}

static int wider(int width, size_t length)
{
    return length > (size_t)width ? (int)length : width;
}

static void write_table(FILE *out, const struct list *list)
{
    char text[200];
    int name = 4, unit = 4, dims = 10;
    for (size_t i = 0; i < list->count; i++) {
        const struct sim_output *row = list->rows[i];
        name = wider(name, strlen(group(row)) + strlen(row->name));
        unit = wider(unit, strlen(row->unit));
        dims = wider(dims, strlen(dimensions(row, text)));
    }
    fprintf(out, "%-*s  %-*s  %-5s  %-*s  %s\n", name, "name", unit, "unit", "cell", dims,
            "dimensions", "meaning");
    for (size_t i = 0; i < list->count; i++) {
        const struct sim_output *row = list->rows[i];
        fprintf(out, "%s%-*s  %-*s  %-5s  %-*s  %s\n", group(row), name - (int)strlen(group(row)),
                row->name, unit, row->unit, methods[row->method], dims, dimensions(row, text),
                row->long_name);
    }
}

/* A double-quoted YAML scalar; the rows' texts are UTF-8 without control characters. */
static void write_quoted(FILE *out, const char *key, const char *text)
{
    fprintf(out, "  %s: \"", key);
    for (; *text; text++)
        fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    fputs("\"\n", out);
}

static void write_yaml(FILE *out, const struct list *list)
{
    char text[200];
    for (size_t i = 0; i < list->count; i++) {
        const struct sim_output *row = list->rows[i];
        fprintf(out, "%s%s:\n", group(row), row->name);
        write_quoted(out, "unit", row->unit);
        fprintf(out, "  dimensions: [%s]\n", dimensions(row, text));
        fprintf(out, "  cell_method: %s\n  type: %s\n", methods[row->method],
                row->wide ? "float64" : "float32");
        write_quoted(out, "long_name", row->long_name);
    }
}

static void write_markdown(FILE *out, const struct list *list)
{
    char text[200];
    fputs("| variable | unit | cell method | dimensions | meaning |\n"
          "| --- | --- | --- | --- | --- |\n",
          out);
    for (size_t i = 0; i < list->count; i++) {
        const struct sim_output *row = list->rows[i];
        fprintf(out, "| `%s%s` | %s | %s | %s | ", group(row), row->name, row->unit,
                methods[row->method], dimensions(row, text));
        for (const char *at = row->long_name; *at; at++)
            fprintf(out, *at == '|' ? "\\%c" : "%c", *at);
        fputs(" |\n", out);
    }
}

int command_vars(int argc, char **argv)
{
    static const char *const formats[] = {"table", "yaml", "markdown", NULL};
    static const write_list writers[] = {write_table, write_yaml, write_markdown};
    struct cli_arguments arguments;
    int exit_code = CLI_OK;
    if (!cli_parse(&arguments, argc, argv, &exit_code))
        return exit_code;
    const char *pattern = arguments.operand_count > 0 ? arguments.operands[0] : "";
    int format = cli_choice(&arguments, "format", formats);
    struct list list = {0};
    if (format < 0)
        exit_code = CLI_USAGE;
    else if (!collect(&list, pattern))
        exit_code = cli_error("vars", CLI_INTERNAL, "out of memory");
    else if (list.count == 0)
        exit_code =
            cli_error("vars", CLI_FAILED,
                      "no variable matches '%s'; without a pattern, all are listed", pattern);
    else
        writers[format](stdout, &list);
    free(list.rows);
    cli_arguments_clear(&arguments);
    return cli_finish("vars", exit_code);
}
