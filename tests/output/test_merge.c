/* Logs to HDF5: the same records give the same bytes, and readers see what was written. */
#include "../suite.h"
#include "fixture.h"

static void test_orders(void)
{
    struct fixture f;
    fixture_open(&f, "orders");
    char other[400];
    snprintf(other, sizeof other, "%s/other.h5", f.folder);
    struct output_log *log = fixture_log(&f, 0, 1);
    for (uint64_t i = 0; i < fixture_tasks(); i++)
        CU_ASSERT_EQUAL(fixture_append_task(&f, log, i), SIM_OK);
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
    CU_ASSERT_EQUAL(fixture_merge(&f, f.file), SIM_OK);
    CU_ASSERT_EQUAL(f.errors.count + f.notes.count, 0);
    fixture_remove(f.parts);
    /* backwards, over three parts, with one replicate twice */
    struct output_log *logs[3];
    for (uint32_t k = 0; k < 3; k++)
        logs[k] = fixture_log(&f, k, 3);
    for (uint64_t i = fixture_tasks(); i-- > 0;)
        CU_ASSERT_EQUAL(fixture_append_task(&f, logs[i % 3], i), SIM_OK);
    CU_ASSERT_EQUAL(fixture_append_task(&f, logs[2], 4), SIM_OK);
    for (int k = 0; k < 3; k++)
        CU_ASSERT_EQUAL(output_log_destroy(logs[k]), SIM_OK);
    CU_ASSERT_EQUAL(fixture_merge(&f, other), SIM_OK);
    CU_ASSERT(fixture_same(f.file, other));
    CU_ASSERT_EQUAL(output_merge_present(f.file, f.plan), OUTPUT_SAME_PLAN);
    CU_ASSERT_EQUAL(output_merge_clean(f.parts, &f.errors), SIM_OK);
    CU_ASSERT(access(f.parts, F_OK) != 0);
    fixture_close(&f);
}

static void test_readers(void)
{
    struct fixture f;
    fixture_open(&f, "readers");
    struct output_log *log = fixture_log(&f, 0, 1);
    for (uint64_t i = 0; i < fixture_tasks(); i++) {
        if (i != 6) /* stays pending */
            CU_ASSERT_EQUAL(fixture_append_task(&f, log, i), SIM_OK);
    }
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
    CU_ASSERT_EQUAL(fixture_merge(&f, f.file), SIM_OK);
    char command[1000];
    snprintf(command, sizeof command, "/usr/bin/python3 tests/output/check_open.py '%s' %zu",
             f.file, f.layout.size);
    CU_ASSERT_EQUAL(system(command), 0);
    fixture_close(&f);
}

int main(void)
{
    CU_TestInfo tests[] = {{"same bytes in any order", test_orders},
                           {"readers see what was written", test_readers},
                           CU_TEST_INFO_NULL};
    return suite_run("output merge", tests);
}
