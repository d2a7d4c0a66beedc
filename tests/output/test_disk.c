/* Files written whole or not at all, and the little-endian bytes they hold. */
#include "../../output/bytes.h"
#include "../suite.h"
#include "fixture.h"

static bool leftover(const char *folder)
{
    char command[400];
    snprintf(command, sizeof command, "ls '%s' | grep -q 'tmp$'", folder);
    return system(command) == 0;
}

static void test_files(void)
{
    struct fixture f;
    fixture_open(&f, "disk");
    char path[400], folder[400], longer[OUTPUT_PATH + 10], joined[OUTPUT_PATH];
    unsigned char *bytes;
    size_t size;
    snprintf(path, sizeof path, "%s/some", f.folder);
    snprintf(folder, sizeof folder, "%s/folder", f.folder);
    CU_ASSERT_EQUAL(mkdir(folder, 0777), 0);
    CU_ASSERT_EQUAL(output_disk_put(path, "first", 5, &f.errors), SIM_OK);
    CU_ASSERT_EQUAL(output_disk_put(path, "second", 6, &f.errors), SIM_OK); /* replaces */
    CU_ASSERT_EQUAL_FATAL(output_disk_get(path, &bytes, &size, &f.errors), SIM_OK);
    CU_ASSERT(size == 6 && memcmp(bytes, "second", 6) == 0);
    free(bytes);
    CU_ASSERT_EQUAL(f.errors.count, 0);
    CU_ASSERT_EQUAL(output_disk_put(folder, "x", 1, &f.errors), SIM_CANNOT_CREATE);
    CU_ASSERT(fixture_said(&f.errors, "cannot put it in place"));
    CU_ASSERT(!leftover(f.folder));
    CU_ASSERT_EQUAL(output_disk_get(folder, &bytes, &size, &f.errors), SIM_BAD_DATA);
    CU_ASSERT_PTR_NULL(bytes);
    snprintf(joined, sizeof joined, "%s/none", f.folder);
    CU_ASSERT_EQUAL(output_disk_publish(joined, path, &f.errors), SIM_IO);
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    CU_ASSERT(!output_disk_parts(joined, longer, &f.errors));
    CU_ASSERT(!output_disk_join(joined, longer, "plan", &f.errors));
    CU_ASSERT(fixture_said(&f.errors, "too long"));
    fixture_close(&f);
}

/* A folder with a file that is not ours is left, and said. */
static void test_clean(void)
{
    struct fixture f;
    fixture_open(&f, "clean");
    char path[400];
    CU_ASSERT_EQUAL(output_merge_clean(f.parts, &f.errors), SIM_OK); /* nothing there */
    CU_ASSERT_EQUAL(output_plan_save(f.plan, f.parts, &f.errors), SIM_OK);
    snprintf(path, sizeof path, "%s/notes.txt", f.parts);
    CU_ASSERT_EQUAL(output_disk_put(path, "mine", 4, &f.errors), SIM_OK);
    CU_ASSERT_EQUAL(output_merge_clean(f.parts, &f.errors), SIM_IO);
    CU_ASSERT(fixture_said(&f.errors, "cannot remove it"));
    CU_ASSERT_EQUAL(access(path, F_OK), 0);
    CU_ASSERT_EQUAL(output_merge_clean(path, &f.errors), SIM_IO); /* no folder */
    fixture_close(&f);
}

static void test_bytes(void)
{
    struct output_bytes out = {0};
    output_bytes_u32(&out, 0xdeadbeef);
    output_bytes_u64(&out, UINT64_C(0x0123456789abcdef));
    output_bytes_f64(&out, -2.385);
    output_bytes_text(&out, "再生铝");
    output_bytes_text(&out, NULL);
    CU_ASSERT(!out.failed);
    CU_ASSERT_EQUAL(out.data[0], 0xef);
    struct output_cursor in = {.data = out.data, .size = out.size};
    CU_ASSERT_EQUAL(output_cursor_u32(&in), 0xdeadbeef);
    CU_ASSERT_EQUAL(output_cursor_u64(&in), UINT64_C(0x0123456789abcdef));
    CU_ASSERT_EQUAL(output_cursor_f64(&in), -2.385);
    CU_ASSERT_STRING_EQUAL(output_cursor_text(&in), "再生铝");
    CU_ASSERT_STRING_EQUAL(output_cursor_text(&in), "");
    CU_ASSERT(!in.bad && in.at == in.size);
    CU_ASSERT_EQUAL(output_cursor_u32(&in), 0);
    CU_ASSERT(in.bad);
    in = (struct output_cursor){.data = out.data, .size = out.size}; /* lengths that cannot be */
    CU_ASSERT_EQUAL(output_cursor_count(&in, 1), 0);
    CU_ASSERT(in.bad);
    in = (struct output_cursor){.data = out.data + 4, .size = out.size - 4};
    CU_ASSERT_STRING_EQUAL(output_cursor_text(&in), "");
    CU_ASSERT(in.bad);
    CU_ASSERT_PTR_NULL(output_bytes_reserve(&out, SIZE_MAX - 100));
    CU_ASSERT(out.failed);
    output_bytes_clear(&out);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"files", test_files}, {"cleaning", test_clean}, {"bytes", test_bytes}, CU_TEST_INFO_NULL};
    return suite_run("output disk", tests);
}
