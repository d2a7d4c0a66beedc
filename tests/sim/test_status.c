#include "../../sim/status.h"
#include "../suite.h"
#include "provoke.h"

static void every_status_has_its_own_text(void)
{
    for (int a = SIM_OK; a <= SIM_IO; a++) {
        CU_ASSERT_PTR_NOT_NULL_FATAL(sim_status_text((enum sim_status)a));
        CU_ASSERT_STRING_NOT_EQUAL(sim_status_text((enum sim_status)a), "unknown status");
        for (int b = SIM_OK; b < a; b++)
            CU_ASSERT_STRING_NOT_EQUAL(sim_status_text((enum sim_status)a),
                                       sim_status_text((enum sim_status)b));
    }
    CU_ASSERT_STRING_EQUAL(sim_status_text((enum sim_status)99), "unknown status");
}

static void messages_name_file_and_line(void)
{
    struct sim_errors errors;
    sim_errors_init(&errors);
    CU_ASSERT_EQUAL(errors.worst, SIM_OK);
    sim_errors_add(&errors, SIM_BAD_DATA, "base.yaml", 12, "%s is %d", "x", 7);
    sim_errors_add(&errors, SIM_BAD_DATA, "base.yaml", 0, "is empty");
    sim_errors_add(&errors, SIM_BAD_DATA, NULL, 3, "100%% wrong");
    CU_ASSERT_EQUAL_FATAL(errors.count, 3);
    CU_ASSERT_STRING_EQUAL(errors.lines[0], "base.yaml:12: x is 7");
    CU_ASSERT_STRING_EQUAL(errors.lines[1], "base.yaml: is empty");
    CU_ASSERT_STRING_EQUAL(errors.lines[2], "100% wrong");
    sim_errors_clear(&errors);
    CU_ASSERT_EQUAL(errors.count, 0);
    CU_ASSERT_EQUAL(errors.worst, SIM_OK);
    sim_errors_clear(&errors);
}

static void the_list_grows_and_long_messages_stay_whole(void)
{
    struct sim_errors errors;
    sim_errors_init(&errors);
    char word[3001];
    memset(word, 'w', 3000);
    word[3000] = '\0';
    for (int i = 0; i < 1000; i++)
        sim_errors_add(&errors, SIM_BAD_DATA, "f", i + 1, "%s%d", word, i);
    CU_ASSERT_EQUAL_FATAL(errors.count, 1000);
    CU_ASSERT_EQUAL(strlen(errors.lines[999]), strlen("f:1000: ") + 3003);
    CU_ASSERT_EQUAL(strncmp(errors.lines[41], "f:42: www", 9), 0);
    sim_errors_clear(&errors);
}

static void the_worst_status_wins_in_any_order(void)
{
    const enum sim_status rising[] = {SIM_BAD_DATA, SIM_NO_INPUT, SIM_IO};
    for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
            struct sim_errors errors;
            sim_errors_init(&errors);
            sim_errors_add(&errors, rising[a], "f", 1, "first");
            sim_errors_add(&errors, rising[b], "f", 2, "second");
            CU_ASSERT_EQUAL(errors.worst, rising[a > b ? a : b]);
            sim_errors_clear(&errors);
        }
    }
}

static void break_requirement(void)
{
    int oxen = 3;
    sim_require(oxen == 4, "only %d oxen", oxen);
}

static void add_ok(void)
{
    struct sim_errors errors;
    sim_errors_init(&errors);
    sim_errors_add(&errors, SIM_OK, NULL, 0, "fine");
}

static void requirements_abort_with_condition_and_place(void)
{
    sim_require(2 < 3, "never");
    CU_ASSERT(provoke_abort(break_requirement, "requirement failed: oxen == 4: only 3 oxen"));
    CU_ASSERT(provoke_abort(break_requirement, "test_status.c:"));
    CU_ASSERT(provoke_abort(add_ok, "an error needs a status"));
}

static bool add_starved(void)
{
    struct sim_errors errors;
    sim_errors_init(&errors);
    sim_errors_add(&errors, SIM_BAD_DATA, "f", 1, "a message");
    bool kept = errors.count == 1 && errors.worst == SIM_BAD_DATA;
    bool told = errors.count == 0 && errors.worst == SIM_MEMORY;
    if (!kept && !told)
        _exit(255);
    sim_errors_clear(&errors);
    return kept;
}

static void a_lost_message_is_told(void)
{
    if (PROVOKE_SANITIZED) {
        suite_skip("the sanitizer's heap cannot be exhausted");
        return;
    }
    CU_ASSERT(provoke_starved(add_starved) > 0);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"every status has its own text", every_status_has_its_own_text},
        {"messages name file and line", messages_name_file_and_line},
        {"the list grows, long messages stay whole", the_list_grows_and_long_messages_stay_whole},
        {"the worst status wins in any order", the_worst_status_wins_in_any_order},
        {"requirements abort", requirements_abort_with_condition_and_place},
        {"a lost message is told", a_lost_message_is_told},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim_status", tests);
}
