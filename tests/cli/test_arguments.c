/* Parsing of arguments; messages go to standard error and are looked at in check_commands.sh. */
#include "../../cli/command.h"

#include "../suite.h"

#include <string.h>

/* Parses words, the first of which is the command. */
static bool parse(struct cli_arguments *a, int *exit_code, const char *const *words)
{
    char *argv[32];
    int argc = 0;
    for (; words[argc]; argc++)
        argv[argc] = (char *)words[argc];
    argv[argc] = NULL;
    return cli_parse(a, argc, argv, exit_code);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void accepted(void)
{
    struct cli_arguments a;
    int exit_code = -1;
    CU_ASSERT_FATAL(parse(&a, &exit_code,
                          WORDS("run", "a.yaml", "-r7", "--set=x=1", "--quiet", "--set", "y=2",
                                "-s", "-3", "--prog", "json", "--", "-b.yaml", "--force")));
    CU_ASSERT_EQUAL(exit_code, CLI_OK);
    CU_ASSERT_EQUAL_FATAL(a.operand_count, 3);
    CU_ASSERT_STRING_EQUAL(a.operands[0], "a.yaml");
    CU_ASSERT_STRING_EQUAL(a.operands[1], "-b.yaml");
    CU_ASSERT_STRING_EQUAL(a.operands[2], "--force");
    CU_ASSERT_STRING_EQUAL(cli_value(&a, "replicates"), "7");
    CU_ASSERT_STRING_EQUAL(cli_value(&a, "seed"), "-3");
    CU_ASSERT_STRING_EQUAL(cli_value(&a, "set"), "y=2"); /* the last one */
    CU_ASSERT_STRING_EQUAL(a.given[1].value, "x=1");     /* in the order written */
    CU_ASSERT(cli_has(&a, "quiet"));
    CU_ASSERT(!cli_has(&a, "force"));
    CU_ASSERT_PTR_NULL(cli_value(&a, "output"));
    const char *const forms[] = {"plain", "tty", "json", NULL};
    CU_ASSERT_EQUAL(cli_choice(&a, "progress", forms), 2);
    CU_ASSERT_EQUAL(cli_choice(&a, "part", forms), 0); /* not given */
    cli_arguments_clear(&a);
    CU_ASSERT_FATAL(parse(&a, &exit_code, WORDS("run", "-")));
    CU_ASSERT_STRING_EQUAL(a.operands[0], "-");
    cli_arguments_clear(&a);
}

static void refused(void)
{
    const char *const *const bad[] = {
        WORDS("run"),
        WORDS("run", "a", "--nonsense"),
        WORDS("run", "a", "-x"),
        WORDS("run", "a", "--re", "1"), /* --replicates or --resume */
        WORDS("run", "a", "--quiet=1"),
        WORDS("run", "a", "--seed"),
        WORDS("run", "a", "-s"),
        WORDS("summary", "a", "b"),
        WORDS("version", "a"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct cli_arguments a;
        int exit_code = -1;
        CU_ASSERT(!parse(&a, &exit_code, bad[i]));
        CU_ASSERT_EQUAL(exit_code, CLI_USAGE);
    }
}

static void choice_refused(void)
{
    struct cli_arguments a;
    int exit_code;
    const char *const forms[] = {"plain", "tty", "json", NULL};
    CU_ASSERT_FATAL(parse(&a, &exit_code, WORDS("run", "a", "--progress", "jso")));
    CU_ASSERT_EQUAL(cli_choice(&a, "progress", forms), -1);
    cli_arguments_clear(&a);
}

static void numbers(void)
{
    uint64_t value = 0;
    CU_ASSERT(cli_unsigned("385", 0, 400, &value));
    CU_ASSERT_EQUAL(value, 385);
    CU_ASSERT(cli_unsigned("18446744073709551615", 0, UINT64_MAX, &value));
    CU_ASSERT_EQUAL(value, UINT64_MAX);
    CU_ASSERT(!cli_unsigned("18446744073709551616", 0, UINT64_MAX, &value));
    CU_ASSERT(!cli_unsigned("", 0, 9, &value));
    CU_ASSERT(!cli_unsigned("+3", 0, 9, &value));
    CU_ASSERT(!cli_unsigned(" 3", 0, 9, &value));
    CU_ASSERT(!cli_unsigned("3 ", 0, 9, &value));
    CU_ASSERT(!cli_unsigned("0x3", 0, 9, &value));
    CU_ASSERT(!cli_unsigned("10", 0, 9, &value));
    CU_ASSERT(!cli_unsigned("2", 3, 9, &value));
}

static void statuses(void)
{
    CU_ASSERT_EQUAL(cli_exit_from_status(SIM_OK), CLI_OK);
    CU_ASSERT_EQUAL(cli_exit_from_status(SIM_STOPPED), CLI_INTERRUPTED);
    CU_ASSERT_EQUAL(cli_exit_from_status(SIM_BALANCE), CLI_INTERNAL);
    CU_ASSERT_EQUAL(cli_exit_from_status(SIM_RUNAWAY), CLI_INTERNAL);
    CU_ASSERT_EQUAL(cli_exit_from_status(SIM_MEMORY), CLI_INTERNAL);
    CU_ASSERT_EQUAL(cli_exit_from_status(SIM_MODEL), CLI_INTERNAL);
    CU_ASSERT_EQUAL(cli_exit_from_status(SIM_BAD_DATA), CLI_BAD_DATA);
    CU_ASSERT_EQUAL(cli_exit_from_status(SIM_NO_INPUT), CLI_NO_INPUT);
    CU_ASSERT_EQUAL(cli_exit_from_status(SIM_CANNOT_CREATE), CLI_CANNOT_CREATE);
    CU_ASSERT_EQUAL(cli_exit_from_status(SIM_IO), CLI_IO);
}

/* A command without words, or two options of one name or letter, would be found by a user only. */
static void table_is_complete(void)
{
    for (size_t i = 0; i < cli_command_count; i++) {
        const struct cli_command *command = &cli_commands[i];
        CU_ASSERT_PTR_EQUAL(cli_command_find(command->name), command);
        CU_ASSERT_PTR_NOT_NULL(command->run);
        CU_ASSERT(command->doc[0] && command->description[0] && command->operands);
        CU_ASSERT(command->least <= command->most);
        for (size_t j = 0; j < command->option_count; j++) {
            const struct cli_option *option = &command->options[j];
            CU_ASSERT(option->name[0] && option->doc[0]);
            CU_ASSERT_EQUAL(option->doc[strlen(option->doc) - 1], '.');
            for (size_t k = 0; k < j; k++) {
                const struct cli_option *other = &command->options[k];
                CU_ASSERT(strcmp(option->name, other->name) != 0);
                CU_ASSERT(!option->letter || option->letter != other->letter);
            }
        }
    }
}

int main(void)
{
    CU_TestInfo tests[] = {{"options and operands are found", accepted},
                           {"wrong usage is refused", refused},
                           {"an unknown choice is refused", choice_refused},
                           {"numbers are whole and in bounds", numbers},
                           {"a status has its exit code", statuses},
                           {"the table of commands is complete", table_is_complete},
                           CU_TEST_INFO_NULL};
    return suite_run("test_arguments", tests);
}
