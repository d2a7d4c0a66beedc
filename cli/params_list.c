#include "params_list.h"

#include "../scenarios/scenario.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static bool matches(const char *pattern, const char *path)
{
    if (strpbrk(pattern, "*?["))
        return fnmatch(pattern, path, 0) == 0;
    return strstr(path, pattern) != NULL;
}

static char *range_text(double low, double high)
{
    char text[80];
    snprintf(text, sizeof text, "%.12g to %.12g", low, high);
    return strdup(text);
}

/* What was written to a memory stream, or NULL when memory ran out. */
static char *close_text(FILE *out, char **text)
{
    bool good = !ferror(out);
    if (fclose(out) == 0 && good)
        return *text;
    free(*text);
    return NULL;
}

/* "a, b or c". */
static char *choices_text(const char *const *choices)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (size_t i = 0; choices[i]; i++)
        fprintf(out, "%s%s", i == 0 ? "" : choices[i + 1] ? ", " : " or ", choices[i]);
    return close_text(out, &text);
}

static char *value_text(const struct sim_config *config, const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    scenario_write_value(out, config, path);
    return close_text(out, &text);
}

static void clear_row(struct params_row *row)
{
    free(row->path);
    free(row->value);
    free(row->bounds);
    free(row->plausible);
}

/* Takes `path`, which may be NULL for lack of memory. */
static bool add_row(struct params_list *list, const struct sim_config *config,
                    const struct sim_param *param, char *path, const char *pattern)
{
    if (path && !matches(pattern, path)) {
        free(path);
        return true;
    }
    struct params_row row = {.param = param, .path = path};
    bool choice = param->type == SIM_PARAM_TYPE_CHOICE;
    if (path) {
        row.value = value_text(config, path);
        row.bounds = choice ? choices_text(param->choices) : range_text(param->min, param->max);
        row.plausible = choice ? strdup("") : range_text(param->low, param->high);
    }
    struct params_row *rows = realloc(list->rows, (list->count + 1) * sizeof *rows);
    if (rows)
        list->rows = rows;
    if (!rows || !row.value || !row.bounds || !row.plausible) {
        clear_row(&row);
        return false;
    }
    list->rows[list->count++] = row;
    return true;
}

static bool add_param(struct params_list *list, const struct sim_config *config,
                      const struct sim_param *param, const char *pattern)
{
    if (param->type != SIM_PARAM_TYPE_VECTOR)
        return add_row(list, config, param, strdup(param->path), pattern);
    bool good = true;
    for (size_t i = 0; i < param->dimension->count && good; i++) {
        const char *label = param->dimension->labels[i];
        size_t size = strlen(param->path) + strlen(label) + 2;
        char *path = malloc(size);
        if (path)
            snprintf(path, size, "%s.%s", param->path, label);
        good = add_row(list, config, param, path, pattern);
    }
    return good;
}

bool params_list_init(struct params_list *list, const struct sim_component *const *components,
                      size_t count, const char *pattern)
{
    *list = (struct params_list){0};
    struct sim_config *config = sim_config_create(components, count);
    bool good = config != NULL;
    for (size_t i = 0; i < count && good; i++) {
        for (size_t j = 0; j < components[i]->param_count && good; j++)
            good = add_param(list, config, &components[i]->params[j], pattern);
    }
    sim_config_destroy(config);
    return good;
}

void params_list_clear(struct params_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        clear_row(&list->rows[i]);
    free(list->rows);
    *list = (struct params_list){0};
}

/* Characters, not bytes: units hold a few that take two. */
static size_t width_of(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

/* A cell and two blanks. */
static void write_column(FILE *out, const char *text, size_t width)
{
    size_t used = width_of(text), blanks = used < width ? width - used : 0;
    fprintf(out, "%s%*s", text, (int)blanks + 2, "");
}

void params_list_table(FILE *out, const struct params_list *list)
{
    enum { COLUMNS = 5, WIDEST = 24 }; /* time paths are longer, and would push the rest away */
    static const char *const heads[COLUMNS] = {"path", "default", "unit", "bounds", "plausible"};
    size_t widths[COLUMNS];
    for (size_t k = 0; k < COLUMNS; k++)
        widths[k] = width_of(heads[k]);
    for (size_t i = 0; i < list->count; i++) {
        const struct params_row *row = &list->rows[i];
        const char *cells[COLUMNS] = {row->path, row->value, row->param->unit, row->bounds,
                                      row->plausible};
        for (size_t k = 0; k < COLUMNS; k++) {
            size_t width = width_of(cells[k]);
            if (width > widths[k] && (k == 0 || width <= WIDEST))
                widths[k] = width;
        }
    }
    for (size_t k = 0; k < COLUMNS; k++)
        write_column(out, heads[k], widths[k]);
    fputs("meaning [source]\n", out);
    for (size_t i = 0; i < list->count; i++) {
        const struct params_row *row = &list->rows[i];
        const char *cells[COLUMNS] = {row->path, row->value, row->param->unit, row->bounds,
                                      row->plausible};
        for (size_t k = 0; k < COLUMNS; k++)
            write_column(out, cells[k], widths[k]);
        fprintf(out, "%s [%s]\n", row->param->doc, row->param->source);
    }
}

/* A double-quoted YAML scalar; the rows' texts are static UTF-8 without control characters. */
static void write_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++)
        fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    fputc('"', out);
}

/* The shortest decimal that reads back to the same double. */
static void write_number(FILE *out, double value)
{
    char text[32];
    int digits = 15;
    do
        snprintf(text, sizeof text, "%.*g", digits, value);
    while (strtod(text, NULL) != value && ++digits <= 17);
    fputs(text, out);
}

static void write_pair(FILE *out, const char *key, double low, double high)
{
    fprintf(out, "  %s: [", key);
    write_number(out, low);
    fputs(", ", out);
    write_number(out, high);
    fputs("]\n", out);
}

static void write_entry(FILE *out, const char *key, const char *text)
{
    fprintf(out, "  %s: ", key);
    write_quoted(out, text);
    fputc('\n', out);
}

void params_list_yaml(FILE *out, const struct params_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct params_row *row = &list->rows[i];
        const struct sim_param *param = row->param;
        fprintf(out, "%s:\n", row->path);
        write_entry(out, "unit", param->unit);
        fprintf(out, "  default: %s\n", row->value);
        if (param->type == SIM_PARAM_TYPE_CHOICE) {
            fputs("  choices: [", out);
            for (size_t k = 0; param->choices[k]; k++) {
                fputs(k == 0 ? "" : ", ", out);
                write_quoted(out, param->choices[k]);
            }
            fputs("]\n", out);
        } else {
            write_pair(out, "bounds", param->min, param->max);
            write_pair(out, "plausible", param->low, param->high);
        }
        write_entry(out, "source", param->source);
        write_entry(out, "doc", param->doc);
    }
}

/* A cell: bars would end it. */
static void write_cell(FILE *out, const char *text, const char *end)
{
    fputs("| ", out);
    for (; *text; text++)
        fprintf(out, *text == '|' ? "\\%c" : "%c", *text);
    fputs(end, out);
}

void params_list_markdown(FILE *out, const struct params_list *list)
{
    fputs("| path | default | unit | bounds | plausible | meaning | source |\n"
          "| --- | --- | --- | --- | --- | --- | --- |\n",
          out);
    for (size_t i = 0; i < list->count; i++) {
        const struct params_row *row = &list->rows[i];
        fprintf(out, "| `%s` ", row->path);
        write_cell(out, row->value, " ");
        write_cell(out, row->param->unit, " ");
        write_cell(out, row->bounds, " ");
        write_cell(out, row->plausible, " ");
        write_cell(out, row->param->doc, " ");
        write_cell(out, row->param->source, " |\n");
    }
}
