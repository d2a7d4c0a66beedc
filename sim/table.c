#include "table.h"

#include "status.h"

#include <stdlib.h>
#include <string.h>

static bool same_declaration(const struct sim_table_row *a, const struct sim_table_row *b)
{
    if (strcmp(a->file, b->file) != 0 || a->column_count != b->column_count)
        return false;
    for (size_t i = 0; i < a->column_count; i++) {
        if (a->columns[i].type != b->columns[i].type ||
            strcmp(a->columns[i].name, b->columns[i].name) != 0)
            return false;
    }
    return true;
}

const struct sim_table *sim_tables_get(const struct sim_tables *tables,
                                       const struct sim_table_row *row)
{
    for (size_t i = 0; i < tables->count; i++) {
        if (tables->tables[i].row == row)
            return &tables->tables[i];
    }
    for (size_t i = 0; i < tables->count; i++) {
        if (same_declaration(tables->tables[i].row, row))
            return &tables->tables[i];
    }
    sim_require_failed("declared row", __FILE__, __LINE__, "no component declares %s like this",
                       row->file);
}

static size_t cell_of(const struct sim_table *table, size_t row, size_t column)
{
    sim_require(row < table->rows && column < table->row->column_count,
                "%s has no row %zu, column %zu", table->row->file, row, column);
    return row * table->row->column_count + column;
}

const char *sim_table_text(const struct sim_table *table, size_t row, size_t column)
{
    size_t cell = cell_of(table, row, column);
    sim_require(table->row->columns[column].type == SIM_COLUMN_TEXT, "%s: column %s holds numbers",
                table->row->file, table->row->columns[column].name);
    return table->text[cell];
}

double sim_table_number(const struct sim_table *table, size_t row, size_t column)
{
    size_t cell = cell_of(table, row, column);
    sim_require(table->row->columns[column].type != SIM_COLUMN_TEXT, "%s: column %s holds text",
                table->row->file, table->row->columns[column].name);
    return table->number[cell];
}

static void table_clear(struct sim_table *table)
{
    size_t cells = table->text ? table->rows * table->row->column_count : 0;
    for (size_t i = 0; i < cells; i++)
        free(table->text[i]);
    free(table->text);
    free(table->number);
    free(table->lines);
}

void sim_tables_clear(struct sim_tables *tables)
{
    for (size_t i = 0; i < tables->count; i++)
        table_clear(&tables->tables[i]);
    free(tables->tables);
    *tables = (struct sim_tables){0};
}
