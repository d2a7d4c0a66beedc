/* Data tables: tab-separated values with a header line, read by scenarios/ and used by models/.
 *
 * A component declares the tables and columns it needs (struct sim_table_row); the reader checks
 * them, so that a model finds every column present and every numeric cell a finite number. */
#ifndef SIM_TABLE_H
#define SIM_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_column_type {
    SIM_COLUMN_TEXT,
    SIM_COLUMN_NUMBER,         /* finite number required in every row */
    SIM_COLUMN_OPTIONAL_NUMBER /* empty is NaN */
};

struct sim_column {
    const char *name;
    enum sim_column_type type;
};

struct sim_table_row {
    const char *file; /* "provinces.tsv" */
    const char *doc;
    const struct sim_column *columns; /* those that are used; others are ignored */
    size_t column_count;
};

/* A table in memory: only the declared columns, in the declared order. */
struct sim_table {
    const struct sim_table_row *row; /* borrowed */
    size_t rows;
    char **text;    /* [rows * column_count], NULL for numeric columns */
    double *number; /* [rows * column_count], NaN for text and empty cells */
    int *lines;     /* line of each row in the file, for messages */
    uint64_t hash;  /* of the file's bytes */
};

struct sim_tables {
    struct sim_table *tables; /* one per distinct (file, columns) declaration, in component order */
    size_t count;
};

/* The table read for a declaration; never NULL for a declared row. */
const struct sim_table *sim_tables_get(const struct sim_tables *tables,
                                       const struct sim_table_row *row);
/* Row and column (in the declared order) must exist and be of that kind (required). */
const char *sim_table_text(const struct sim_table *table, size_t row, size_t column);
double sim_table_number(const struct sim_table *table, size_t row, size_t column);
void sim_tables_clear(struct sim_tables *tables);

#endif
