/* Rows of benchmarks as a table for people and as TSV. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include "bench_engine.h"

#include <stdio.h>

/* What one thread needed, which rows with more threads are held against. */
struct bench_base {
    const char *name;
    uint64_t size;
    double seconds;
};

enum { BENCH_BASES = 32 }; /* the last so many are known */

struct bench_table {
    FILE *table, *tsv; /* either may be NULL; borrowed */
    int wrong;         /* rows that were not correct */
    struct bench_base bases[BENCH_BASES];
    size_t base_count;
};

void bench_table_head(const struct bench_table *table);
/* A bench_report; `to` is a struct bench_table. */
void bench_table_row(void *to, const struct bench_row *row);

#endif
