#include "../../sim/result.h"
#include "../../sim/table.h"
#include "../suite.h"
#include "provoke.h"

#include <math.h>

static const struct sim_column columns[] = {{"province", SIM_COLUMN_TEXT},
                                            {"capacity", SIM_COLUMN_NUMBER},
                                            {"share", SIM_COLUMN_OPTIONAL_NUMBER}};
static const struct sim_column fewer[] = {{"province", SIM_COLUMN_TEXT},
                                          {"capacity", SIM_COLUMN_NUMBER}};
static const struct sim_column other_type[] = {{"province", SIM_COLUMN_TEXT},
                                               {"capacity", SIM_COLUMN_TEXT}};
static const struct sim_column other_name[] = {{"province", SIM_COLUMN_TEXT},
                                               {"output", SIM_COLUMN_NUMBER}};
static const struct sim_table_row wide_row = {"provinces.tsv", "Provinces.", columns, 3};
static const struct sim_table_row narrow_row = {"provinces.tsv", "Provinces.", fewer, 2};
static const struct sim_table_row twin_row = {"provinces.tsv", "Said elsewhere.", columns, 3};
static const struct sim_table_row type_row = {"provinces.tsv", "Provinces.", other_type, 2};
static const struct sim_table_row name_row = {"provinces.tsv", "Provinces.", other_name, 2};
static const struct sim_table_row file_row = {"ports.tsv", "Ports.", columns, 3};

static struct sim_table make_table(const struct sim_table_row *row)
{
    size_t cells = 2 * row->column_count;
    struct sim_table table = {.row = row, .rows = 2};
    table.text = calloc(cells, sizeof *table.text);
    table.number = calloc(cells, sizeof *table.number);
    table.lines = calloc(2, sizeof *table.lines);
    if (!table.text || !table.number || !table.lines)
        abort();
    for (size_t i = 0; i < cells; i++) {
        size_t column = i % row->column_count;
        bool is_text = row->columns[column].type == SIM_COLUMN_TEXT;
        table.text[i] = is_text ? strdup(i ? "Henan" : "Guangdong") : NULL;
        table.number[i] = column == 1 ? 2.385 + (double)i : NAN;
    }
    return table;
}

static struct sim_tables make_tables(void)
{
    struct sim_tables tables = {calloc(2, sizeof(struct sim_table)), 2};
    if (!tables.tables)
        abort();
    tables.tables[0] = make_table(&narrow_row);
    tables.tables[1] = make_table(&wide_row);
    return tables;
}

static void cells_are_read_by_row_and_column(void)
{
    struct sim_tables tables = make_tables();
    const struct sim_table *table = sim_tables_get(&tables, &wide_row);
    CU_ASSERT_STRING_EQUAL(sim_table_text(table, 0, 0), "Guangdong");
    CU_ASSERT_STRING_EQUAL(sim_table_text(table, 1, 0), "Henan");
    CU_ASSERT_EQUAL(sim_table_number(table, 0, 1), 3.385);
    CU_ASSERT_EQUAL(sim_table_number(table, 1, 1), 6.385);
    CU_ASSERT(isnan(sim_table_number(table, 1, 2)));
    sim_tables_clear(&tables);
    CU_ASSERT_EQUAL(tables.count, 0);
    sim_tables_clear(&tables);
}

static void equal_declarations_share_a_table(void)
{
    struct sim_tables tables = make_tables();
    CU_ASSERT_PTR_EQUAL(sim_tables_get(&tables, &narrow_row), &tables.tables[0]);
    CU_ASSERT_PTR_EQUAL(sim_tables_get(&tables, &wide_row), &tables.tables[1]);
    CU_ASSERT_PTR_EQUAL(sim_tables_get(&tables, &twin_row), &tables.tables[1]);
    sim_tables_clear(&tables);
}

static void half_read_tables_can_be_cleared(void)
{
    struct sim_tables tables = {calloc(2, sizeof(struct sim_table)), 2};
    CU_ASSERT_PTR_NOT_NULL_FATAL(tables.tables);
    tables.tables[0].row = &wide_row;
    tables.tables[0].rows = 2;
    sim_tables_clear(&tables);
    CU_ASSERT_PTR_NULL(tables.tables);
}

static void get_other_file(void)
{
    struct sim_tables tables = make_tables();
    sim_tables_get(&tables, &file_row);
}

static void get_other_type(void)
{
    struct sim_tables tables = make_tables();
    sim_tables_get(&tables, &type_row);
}

static void get_other_name(void)
{
    struct sim_tables tables = make_tables();
    sim_tables_get(&tables, &name_row);
}

static void read_row_2(void)
{
    struct sim_tables tables = make_tables();
    sim_table_text(&tables.tables[1], 2, 0);
}

static void read_column_3(void)
{
    struct sim_tables tables = make_tables();
    sim_table_number(&tables.tables[1], 1, 3);
}

static void read_text_of_number(void)
{
    struct sim_tables tables = make_tables();
    sim_table_text(&tables.tables[1], 1, 2);
}

static void read_number_of_text(void)
{
    struct sim_tables tables = make_tables();
    sim_table_number(&tables.tables[1], 1, 0);
}

static void what_is_not_declared_aborts(void)
{
    CU_ASSERT(provoke_abort(get_other_file, "ports.tsv"));
    CU_ASSERT(provoke_abort(get_other_type, "provinces.tsv"));
    CU_ASSERT(provoke_abort(get_other_name, "provinces.tsv"));
    CU_ASSERT(provoke_abort(read_row_2, "provinces.tsv has no row 2, column 0"));
    CU_ASSERT(provoke_abort(read_column_3, "provinces.tsv has no row 1, column 3"));
    CU_ASSERT(provoke_abort(read_text_of_number, "column share holds numbers"));
    CU_ASSERT(provoke_abort(read_number_of_text, "column province holds text"));
}

static void a_result_starts_as_fill(void)
{
    struct sim_result result;
    CU_ASSERT_TRUE_FATAL(sim_result_init(&result, 3, 17, 5));
    CU_ASSERT_EQUAL(result.scenario, 3);
    CU_ASSERT_EQUAL(result.replicate, 17);
    CU_ASSERT_EQUAL(result.failure.status, SIM_OK);
    for (size_t i = 0; i < result.size; i++)
        CU_ASSERT(isnan(result.values[i]));
    sim_result_clear(&result);
    CU_ASSERT_PTR_NULL(result.values);
    sim_result_clear(&result);
    CU_ASSERT_TRUE(sim_result_init(&result, 0, 0, 0));
    sim_result_clear(&result);
}

static bool result_starved(void)
{
    struct sim_result result;
    bool made = sim_result_init(&result, 3, 17, 5);
    sim_result_clear(&result);
    return made;
}

static void no_memory_for_a_result_is_told(void)
{
    if (PROVOKE_SANITIZED) {
        suite_skip("the sanitizer's heap cannot be exhausted");
        return;
    }
    CU_ASSERT(provoke_starved(result_starved) > 0);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"cells are read by row and column", cells_are_read_by_row_and_column},
        {"equal declarations share a table", equal_declarations_share_a_table},
        {"half-read tables can be cleared", half_read_tables_can_be_cleared},
        {"what is not declared aborts", what_is_not_declared_aborts},
        {"a result starts as fill", a_result_starts_as_fill},
        {"no memory for a result is told", no_memory_for_a_result_is_told},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim_table", tests);
}
