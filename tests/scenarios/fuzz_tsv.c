/* Any bytes as a table: refused with at least one message, or every cell is what was declared. */
#include "../../scenarios/source.h"
#include "../../scenarios/tsv.h"
#include "example.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_errors errors;
    struct sim_table *table = calloc(1, sizeof *table);
    sim_require(table != NULL, "memory");
    sim_errors_init(&errors);
    /* a copy on the heap of exactly this size, so that reading past its end is seen */
    char *bytes = malloc(size + 1);
    sim_require(bytes != NULL, "memory");
    memcpy(bytes, data, size);
    bytes[size] = '\0';
    bool good = scenario_source_check(bytes, size, "facts.tsv", &errors) &&
                scenario_tsv_parse(table, &example_tables[0], bytes, size, "facts.tsv", &errors);
    free(bytes);
    sim_require(good == (errors.count == 0), "%zu errors", errors.count);
    if (good) {
        sim_require(table->rows > 0, "no rows");
        for (size_t i = 0; i < table->rows; i++) {
            double low = sim_table_number(table, i, 2);
            sim_require(isfinite(sim_table_number(table, i, 0)), "row %zu", i);
            sim_require(isfinite(low) || isnan(low), "row %zu", i);
            sim_require(strpbrk(sim_table_text(table, i, 1), "\t\n") == NULL, "row %zu", i);
        }
        struct sim_tables tables = {table, 1};
        sim_tables_clear(&tables);
    } else {
        free(table);
    }
    sim_errors_clear(&errors);
    return 0;
}
