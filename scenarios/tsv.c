#include "tsv.h"

#include "../sim/hash.h"
#include "reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A piece of the file's bytes. */
struct piece {
    const char *start;
    size_t length;
};

struct parser {
    struct sim_table *table;
    const struct sim_table_row *row;
    const char *next, *end; /* what is not read yet */
    const char *file;
    int line;
    struct sim_errors *errors;
    size_t cells;        /* per row, as the header says */
    size_t *place;       /* [declared column]: its cell */
    struct piece *found; /* [cell] of the current line */
};

/* The next line without its end; false where there is none. */
static bool next_line(struct parser *parser, struct piece *line)
{
    if (parser->next == parser->end) {
        return false;
    }
    size_t left = (size_t)(parser->end - parser->next);
    const char *stop = memchr(parser->next, '\n', left);
    line->start = parser->next;
    line->length = stop == NULL ? left : (size_t)(stop - parser->next);
    parser->next = stop == NULL ? parser->end : stop + 1;
    if (line->length > 0 && line->start[line->length - 1] == '\r') {
        line->length--;
    }
    parser->line++;
    return true;
}

static size_t count_cells(struct piece line)
{
    size_t count = 1;
    for (size_t i = 0; i < line.length; i++) {
        count += line.start[i] == '\t';
    }
    return count;
}

/* Splits into parser->found, which has room for parser->cells; they must be as many. */
static void split(struct parser *parser, struct piece line)
{
    const char *start = line.start, *end = line.start + line.length;
    for (size_t i = 0; i < parser->cells; i++) {
        const char *tab = memchr(start, '\t', (size_t)(end - start));
        const char *stop = tab == NULL ? end : tab;
        parser->found[i] = (struct piece){start, (size_t)(stop - start)};
        start = tab == NULL ? end : tab + 1;
    }
}

static bool piece_is(struct piece piece, const char *text)
{
    return strlen(text) == piece.length && memcmp(piece.start, text, piece.length) == 0;
}

static bool find_columns(struct parser *parser)
{
    bool good = true;
    for (size_t k = 0; k < parser->row->column_count; k++) {
        const char *name = parser->row->columns[k].name;
        size_t count = 0;
        for (size_t i = 0; i < parser->cells; i++) {
            if (piece_is(parser->found[i], name)) {
                parser->place[k] = i;
                count++;
            }
        }
        if (count != 1) {
            sim_errors_add(parser->errors, SIM_BAD_DATA, parser->file, 1, "column '%s' %s", name,
                           count == 0 ? "is missing: add it to the header and every row"
                                      : "stands twice in the header: keep one");
            good = false;
        }
    }
    return good;
}

static bool read_header(struct parser *parser)
{
    struct piece line;
    if (!next_line(parser, &line) || line.length == 0) {
        sim_errors_add(parser->errors, SIM_BAD_DATA, parser->file, 1,
                       "the header is missing: the first line names the columns");
        return false;
    }
    parser->cells = count_cells(line);
    parser->found = calloc(parser->cells, sizeof *parser->found);
    parser->place = calloc(parser->row->column_count + 1, sizeof *parser->place);
    if (parser->found == NULL || parser->place == NULL) {
        sim_errors_add(parser->errors, SIM_MEMORY, parser->file, 0, "out of memory");
        return false;
    }
    split(parser, line);
    return find_columns(parser);
}

/* One number; false after reporting. */
static bool read_number(struct parser *parser, size_t column, struct piece piece, double *value)
{
    const struct sim_column *declared = &parser->row->columns[column];
    char text[64], shown[SCENARIO_SHOWN_BYTES];
    if (piece.length == 0 && declared->type == SIM_COLUMN_OPTIONAL_NUMBER) {
        return true;
    }
    size_t length = piece.length < sizeof text ? piece.length : sizeof text - 1;
    memcpy(text, piece.start, length);
    text[length] = '\0';
    const char *end = length == piece.length ? scenario_number_end(text) : NULL;
    if (end != NULL && *end == '\0') {
        *value = strtod(text, NULL);
        if (isfinite(*value)) {
            return true;
        }
    }
    sim_errors_add(parser->errors, SIM_BAD_DATA, parser->file, parser->line,
                   "column '%s' = '%s': must be a finite number%s", declared->name,
                   scenario_text_show(text, shown, 48),
                   declared->type == SIM_COLUMN_OPTIONAL_NUMBER ? " or empty" : "");
    return false;
}

/* The declared cells of one line into row number `rows`; false after reporting. */
static bool read_row(struct parser *parser, struct piece line)
{
    struct sim_table *table = parser->table;
    size_t count = count_cells(line), columns = parser->row->column_count;
    if (count != parser->cells) {
        sim_errors_add(parser->errors, SIM_BAD_DATA, parser->file, parser->line,
                       "%zu cells where the header has %zu: tabs separate cells, none is left out",
                       count, parser->cells);
        return false;
    }
    split(parser, line);
    bool good = true;
    table->lines[table->rows] = parser->line;
    size_t first = table->rows++ * columns;
    for (size_t k = 0; k < columns; k++) {
        struct piece piece = parser->found[parser->place[k]];
        if (parser->row->columns[k].type != SIM_COLUMN_TEXT) {
            good &= read_number(parser, k, piece, &table->number[first + k]);
            continue;
        }
        table->text[first + k] = strndup(piece.start, piece.length);
        if (table->text[first + k] == NULL) {
            sim_errors_add(parser->errors, SIM_MEMORY, parser->file, 0, "out of memory");
            return false;
        }
    }
    return good;
}

static bool read_rows(struct parser *parser)
{
    struct sim_table *table = parser->table;
    size_t most = 1;
    for (const char *p = parser->next; p != parser->end; p++) {
        most += *p == '\n';
    }
    size_t cells = most * (parser->row->column_count + 1);
    table->lines = calloc(most, sizeof *table->lines);
    table->text = calloc(cells, sizeof *table->text);
    table->number = calloc(cells, sizeof *table->number);
    if (table->lines == NULL || table->text == NULL || table->number == NULL) {
        sim_errors_add(parser->errors, SIM_MEMORY, parser->file, 0, "out of memory");
        return false;
    }
    for (size_t i = 0; i < cells; i++) {
        table->number[i] = NAN;
    }
    bool good = true;
    struct piece line;
    while (!scenario_errors_full(parser->errors) && next_line(parser, &line)) {
        bool last = parser->next == parser->end;
        if (line.length == 0 && last) {
            break; /* a blank line at the end */
        }
        good &= read_row(parser, line);
    }
    if (good && table->rows == 0) {
        sim_errors_add(parser->errors, SIM_BAD_DATA, parser->file, 0,
                       "has a header but no rows: add the data");
        good = false;
    }
    return good && !scenario_errors_full(parser->errors);
}

bool scenario_tsv_parse(struct sim_table *table, const struct sim_table_row *row, const char *bytes,
                        size_t size, const char *file, struct sim_errors *errors)
{
    *table = (struct sim_table){.row = row, .hash = sim_hash_bytes(0, bytes, size)};
    struct parser parser = {.table = table,
                            .row = row,
                            .next = bytes,
                            .end = bytes + size,
                            .file = file,
                            .errors = errors};
    bool good = read_header(&parser) && read_rows(&parser);
    free(parser.found);
    free(parser.place);
    if (!good) {
        for (size_t i = 0; table->text != NULL && i < table->rows * row->column_count; i++) {
            free(table->text[i]);
        }
        free(table->text);
        free(table->number);
        free(table->lines);
        *table = (struct sim_table){0};
    }
    return good;
}
