/* Tab-separated values: a header line with the columns' names, then rows with as many cells; UTF-8,
 * lines end in LF or CR LF. No quoting: a cell holds neither tabs nor line ends. */
#ifndef SCENARIO_TSV_H
#define SCENARIO_TSV_H

#include "../sim/status.h"
#include "../sim/table.h"

#include <stdbool.h>

enum { SCENARIO_TSV_BYTES = 64 * 1024 * 1024 };

/* Reads the declared columns out of `size` bytes (of known UTF-8) named `file` for messages, which
 * name line and column. False after reporting; *table then holds nothing. Clear it otherwise
 * through sim_tables_clear. The row is borrowed. */
bool scenario_tsv_parse(struct sim_table *table, const struct sim_table_row *row, const char *bytes,
                        size_t size, const char *file, struct sim_errors *errors);

#endif
