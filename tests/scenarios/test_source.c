/* Input files: what is read as text, and what is refused whole. */
#include "../../scenarios/source.h"
#include "../suite.h"
#include "example.h"

struct fixture {
    char folder[EXAMPLE_PATH_BYTES], path[EXAMPLE_PATH_BYTES];
    struct sim_errors errors;
    struct scenario_source source;
};

static struct fixture begin(void)
{
    struct fixture fixture = {0};
    example_folder(fixture.folder);
    example_path(fixture.path, fixture.folder, "a.txt");
    sim_errors_init(&fixture.errors);
    return fixture;
}

static void end(struct fixture *fixture)
{
    static const char *const names[] = {"a.txt", NULL};
    scenario_source_clear(&fixture->source);
    sim_errors_clear(&fixture->errors);
    example_remove(fixture->folder, names);
}

static bool read_file(struct fixture *fixture)
{
    return scenario_source_read(&fixture->source, fixture->path, " (origin)", 100,
                                &fixture->errors);
}

static void test_text(void)
{
    struct fixture fixture = begin();
    example_write(fixture.folder, "a.txt",
                  "\xef\xbb\xbf"
                  "a\t\xc3\xa4\r\n\xe4\xb8\xad \xf0\x9f\x98\x80\n");
    CU_ASSERT_TRUE_FATAL(read_file(&fixture));
    CU_ASSERT_STRING_EQUAL(fixture.source.bytes, "a\t\xc3\xa4\r\n\xe4\xb8\xad \xf0\x9f\x98\x80\n");
    CU_ASSERT_EQUAL(fixture.source.size, strlen(fixture.source.bytes));
    end(&fixture);
}

static void test_refused_bytes(void)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *where, *what;
    } cases[] = {
        {"", 0, "a.txt", "is empty (origin)"},
        {"\xef\xbb\xbf", 3, "a.txt", "is empty"},
        {"a\nb\0c", 5, "a.txt:2", "binary"},
        {"\x7f"
         "ELF",
         4, "a.txt:1", "binary"},
        {"a\n\x1b[1m", 6, "a.txt:2", "binary"},
        {"\xff\xfe"
         "a",
         3, "a.txt:1", "not UTF-8"},
        {"a\n\xe4", 3, "a.txt:2", "not UTF-8"},          /* Latin-1 */
        {"\xc0\xaf", 2, "a.txt:1", "not UTF-8"},         /* overlong */
        {"\xe0\x80\xaf", 3, "a.txt:1", "not UTF-8"},     /* overlong */
        {"\xed\xa0\x80", 3, "a.txt:1", "not UTF-8"},     /* a surrogate */
        {"\xf4\x90\x80\x80", 4, "a.txt:1", "not UTF-8"}, /* above U+10FFFF */
        {"\xe4\xb8", 2, "a.txt:1", "not UTF-8"},         /* cut */
        {"\xe4\xb8x", 3, "a.txt:1", "not UTF-8"},
    };
    for (size_t i = 0; i < SIM_COUNT(cases); i++) {
        struct fixture fixture = begin();
        example_write_bytes(fixture.folder, "a.txt", cases[i].bytes, cases[i].size);
        CU_ASSERT_FALSE(read_file(&fixture));
        CU_ASSERT_EQUAL(fixture.errors.count, 1);
        CU_ASSERT_EQUAL(fixture.errors.worst, SIM_BAD_DATA);
        bool says = example_says(&fixture.errors, cases[i].where, cases[i].what);
        CU_ASSERT_TRUE(says);
        if (!says && fixture.errors.count > 0) {
            fprintf(stderr, "case %zu says: %s\n", i, fixture.errors.lines[0]);
        }
        CU_ASSERT_PTR_NULL(fixture.source.bytes);
        end(&fixture);
    }
}

static void test_size(void)
{
    char bytes[102];
    memset(bytes, 'a', sizeof bytes);
    struct fixture fixture = begin();
    example_write_bytes(fixture.folder, "a.txt", bytes, 100);
    CU_ASSERT_TRUE(read_file(&fixture));
    end(&fixture);
    fixture = begin();
    example_write_bytes(fixture.folder, "a.txt", bytes, 101);
    CU_ASSERT_FALSE(read_file(&fixture));
    CU_ASSERT_TRUE(example_says(&fixture.errors, "a.txt", "101 bytes (origin); at most 100"));
    end(&fixture);
}

static void test_no_file(void)
{
    struct fixture fixture = begin();
    CU_ASSERT_FALSE(read_file(&fixture));
    CU_ASSERT_EQUAL(fixture.errors.worst, SIM_NO_INPUT);
    CU_ASSERT_TRUE(example_says(&fixture.errors, "a.txt", "No such file or directory (origin)"));
    end(&fixture);

    fixture = begin();
    CU_ASSERT_EQUAL(mkdir(fixture.path, 0700), 0);
    CU_ASSERT_FALSE(read_file(&fixture));
    CU_ASSERT_EQUAL(fixture.errors.worst, SIM_BAD_DATA);
    CU_ASSERT_TRUE(example_says(&fixture.errors, "a.txt", "is a folder"));
    rmdir(fixture.path);
    end(&fixture);

    fixture = begin(); /* a pipe that nobody writes to must not hang */
    CU_ASSERT_EQUAL(mkfifo(fixture.path, 0600), 0);
    CU_ASSERT_FALSE(read_file(&fixture));
    CU_ASSERT_TRUE(example_says(&fixture.errors, "a.txt", "not a regular file"));
    end(&fixture);
}

static void test_names(void)
{
    static const char *const cases[][3] = {{"a/b.yaml", "c.yaml", "a/c.yaml"},
                                           {"b.yaml", "c.yaml", "c.yaml"},
                                           {"/a/b.yaml", "../c.yaml", "/a/../c.yaml"},
                                           {"a/b.yaml", "/c.yaml", "/c.yaml"}};
    for (size_t i = 0; i < SIM_COUNT(cases); i++) {
        char *path = scenario_source_beside(cases[i][0], cases[i][1]);
        CU_ASSERT_STRING_EQUAL(path, cases[i][2]);
        free(path);
    }
    CU_ASSERT_STRING_EQUAL(scenario_source_name("a/b.yaml"), "b.yaml");
    CU_ASSERT_STRING_EQUAL(scenario_source_name("b.yaml"), "b.yaml");
}

int main(void)
{
    CU_TestInfo tests[] = {{"text", test_text},   {"refused bytes", test_refused_bytes},
                           {"size", test_size},   {"no file", test_no_file},
                           {"names", test_names}, CU_TEST_INFO_NULL};
    return suite_run("scenarios/source", tests);
}
