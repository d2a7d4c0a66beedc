/* Tables: what is read, and everything that is refused with line and column. */
#include "../../scenarios/tsv.h"
#include "../suite.h"
#include "example.h"

static const struct sim_table_row *const facts = &example_tables[0];

static bool parse(struct sim_table *table, const char *text, struct sim_errors *errors)
{
    sim_errors_init(errors);
    return scenario_tsv_parse(table, facts, text, strlen(text), "facts.tsv", errors);
}

static void clear(struct sim_table table)
{
    struct sim_table *owned = malloc(sizeof *owned);
    CU_ASSERT_PTR_NOT_NULL_FATAL(owned);
    *owned = table;
    struct sim_tables tables = {owned, 1};
    sim_tables_clear(&tables);
}

static void test_values(void)
{
    static const char *const texts[] = {
        "name\tvalue\tunit\tlow\nfirst one\t2.5\tt\t\n\xc3\xa4\t-3e2\t\t1.25\n",
        "name\tvalue\tunit\tlow\r\nfirst one\t2.5\tt\t\r\n\xc3\xa4\t-3e2\t\t1.25\r\n",
        "low\tname\tvalue\n\tfirst one\t2.5\n1.25\t\xc3\xa4\t-300", /* other order, no last end */
        "low\tname\tvalue\n\tfirst one\t2.5\n1.25\t\xc3\xa4\t-300\n\n"};
    for (size_t i = 0; i < SIM_COUNT(texts); i++) {
        struct sim_errors errors;
        struct sim_table table;
        CU_ASSERT_TRUE_FATAL(parse(&table, texts[i], &errors));
        CU_ASSERT_EQUAL(table.rows, 2);
        CU_ASSERT_EQUAL(sim_table_number(&table, 0, 0), 2.5);
        CU_ASSERT_EQUAL(sim_table_number(&table, 1, 0), -300);
        CU_ASSERT_STRING_EQUAL(sim_table_text(&table, 0, 1), "first one");
        CU_ASSERT_STRING_EQUAL(sim_table_text(&table, 1, 1), "\xc3\xa4");
        CU_ASSERT_TRUE(isnan(sim_table_number(&table, 0, 2)));
        CU_ASSERT_EQUAL(sim_table_number(&table, 1, 2), 1.25);
        CU_ASSERT_EQUAL(table.lines[1], 3);
        CU_ASSERT_PTR_EQUAL(table.row, facts);
        clear(table);
    }
}

static void test_hash(void)
{
    struct sim_errors errors;
    struct sim_table one, same, other;
    CU_ASSERT_TRUE_FATAL(parse(&one, "name\tvalue\tlow\na\t1\t\n", &errors));
    CU_ASSERT_TRUE_FATAL(parse(&same, "name\tvalue\tlow\na\t1\t\n", &errors));
    CU_ASSERT_TRUE_FATAL(parse(&other, "name\tvalue\tlow\na\t2\t\n", &errors));
    CU_ASSERT_EQUAL(one.hash, same.hash);
    CU_ASSERT_NOT_EQUAL(one.hash, other.hash);
    clear(one);
    clear(same);
    clear(other);
}

static void test_refused(void)
{
    static const struct {
        const char *text, *where, *what;
    } cases[] = {
        {"\n", "facts.tsv:1", "header is missing"},
        {"name\tlow\na\t1\n", "facts.tsv:1", "'value' is missing"},
        {"name\tvalue\tlow\tvalue\na\t1\t1\t1\n", "facts.tsv:1", "'value' stands twice"},
        {"name\tvalue\tlow\n", "facts.tsv", "no rows"},
        {"name\tvalue\tlow\na\t1\n", "facts.tsv:2", "2 cells where the header has 3"},
        {"name\tvalue\tlow\na\t1\t1\nb\t1\t1\t1\n", "facts.tsv:3", "4 cells"},
        {"name\tvalue\tlow\n\na\t1\t1\n", "facts.tsv:2", "1 cells"},
        {"name\tvalue\tlow\na\tx\t1\n", "facts.tsv:2", "'value' = 'x'"},
        {"name\tvalue\tlow\na\t\t1\n", "facts.tsv:2", "'value' = ''"},
        {"name\tvalue\tlow\na\tnan\t1\n", "facts.tsv:2", "'value' = 'nan'"},
        {"name\tvalue\tlow\na\tinf\t1\n", "facts.tsv:2", "'value' = 'inf'"},
        {"name\tvalue\tlow\na\t1e999\t1\n", "facts.tsv:2", "'value' = '1e999'"},
        {"name\tvalue\tlow\na\t0x10\t1\n", "facts.tsv:2", "'value' = '0x10'"},
        {"name\tvalue\tlow\na\t1 t\t1\n", "facts.tsv:2", "'value' = '1 t'"},
        {"name\tvalue\tlow\na\t1,5\t1\n", "facts.tsv:2", "'value' = '1,5'"},
        {"name\tvalue\tlow\na\t1\tx\n", "facts.tsv:2", "finite number or empty"},
        {"name\tvalue\tlow\na\t"
         "11111111111111111111111111111111111111111111111111111111111111111111\t\n",
         "facts.tsv:2", "'value' = '1111"},
    };
    for (size_t i = 0; i < SIM_COUNT(cases); i++) {
        struct sim_errors errors;
        struct sim_table table;
        CU_ASSERT_FALSE(parse(&table, cases[i].text, &errors));
        bool says = example_says(&errors, cases[i].where, cases[i].what);
        CU_ASSERT_TRUE(says);
        if (!says) {
            fprintf(stderr, "case %zu says: %s\n", i,
                    errors.count > 0 ? errors.lines[0] : "nothing");
        }
        CU_ASSERT_PTR_NULL(table.text);
        sim_errors_clear(&errors);
    }
}

static void test_all_errors_at_once(void)
{
    struct sim_errors errors;
    struct sim_table table;
    CU_ASSERT_FALSE(parse(&table, "name\tvalue\tlow\na\tx\ty\nb\nc\t1\tz\n", &errors));
    CU_ASSERT_EQUAL(errors.count, 4);
    sim_errors_clear(&errors);
}

static void test_bounded(void)
{
    enum { LINES = 100000 };
    char *text = malloc(20 + 2 * LINES + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    strcpy(text, "name\tvalue\tlow\n");
    size_t used = strlen(text);
    for (size_t i = 0; i < LINES; i++) {
        memcpy(text + used + 2 * i, "x\n", 2);
    }
    text[used + 2 * LINES] = '\0';
    struct sim_errors errors;
    struct sim_table table;
    CU_ASSERT_FALSE(parse(&table, text, &errors));
    CU_ASSERT_TRUE(errors.count <= 200);
    sim_errors_clear(&errors);
    free(text);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"values", test_values},   {"hash", test_hash},
        {"refused", test_refused}, {"all errors at once", test_all_errors_at_once},
        {"bounded", test_bounded}, CU_TEST_INFO_NULL};
    return suite_run("scenarios/tsv", tests);
}
