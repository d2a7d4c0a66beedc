/* What every test program shares: run a table of tests with CUnit and return the exit status. */
#ifndef SUITE_H
#define SUITE_H

#include <CUnit/CUnit.h>

/* Runs all tests of a NULL-terminated table (CU_TestInfo) as one suite; writes JUnit XML to
 * $TEST_XML/NAME.xml where that is set. Last line on standard output:
 * "NAME: P passed, F failed, S skipped". Returns 0 if all passed and at least one ran. */
int suite_run(const char *name, CU_TestInfo *tests);
/* Marks the running test as skipped, with the reason (printed). Return from the test after it. */
void suite_skip(const char *reason);

#endif
