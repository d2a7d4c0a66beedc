#include "suite.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned skipped; /* test programs are single-threaded at this level */

void suite_skip(const char *reason)
{
    printf("  skipped: %s\n", reason);
    skipped++;
}

static void write_text(FILE *out, const char *text)
{
    for (; text && *text; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

/* CUnit's own XML writer aborts on a failed assertion in Debian 12, so ours reads the registry. */
static void write_junit(const char *name)
{
    const char *folder = getenv("TEST_XML");
    if (!folder)
        return;
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.xml", folder, name);
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        return;
    }
    fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"%s\">\n", name);
    for (CU_pTest test = CU_get_registry()->pSuite->pTest; test; test = test->pNext) {
        fputs("  <testcase name=\"", out);
        write_text(out, test->pName);
        fputs("\">\n", out);
        for (CU_pFailureRecord f = CU_get_failure_list(); f; f = f->pNext) {
            if (f->pTest != test)
                continue;
            fputs("    <failure message=\"", out);
            write_text(out, f->strCondition);
            fputs("\">", out);
            write_text(out, f->strFileName);
            fprintf(out, ":%u</failure>\n", f->uiLineNumber);
        }
        fputs("  </testcase>\n", out);
    }
    fputs("</testsuite>\n", out);
    if (fclose(out))
        perror(path);
}

int suite_run(const char *name, CU_TestInfo *tests)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return EXIT_FAILURE;
    CU_pSuite suite = CU_add_suite(name, NULL, NULL);
    if (!suite)
        return EXIT_FAILURE;
    for (CU_TestInfo *test = tests; test->pName; test++) {
        if (!CU_add_test(suite, test->pName, test->pTestFunc))
            return EXIT_FAILURE;
    }
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    CU_basic_show_failures(CU_get_failure_list());
    unsigned run = CU_get_number_of_tests_run(), failed = CU_get_number_of_tests_failed();
    write_junit(name);
    printf("\n%s: %u passed, %u failed, %u skipped\n", name, run - failed - skipped, failed,
           skipped);
    int bad = failed || CU_get_number_of_failures() || CU_get_number_of_suites_failed() || !run;
    CU_cleanup_registry();
    return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
