/* Values of the options of run, and where they come from when they are not given. */
#include "../../cli/cores.h"
#include "../../cli/run_options.h"
#include "../../sim/time.h"

#include "../suite.h"

#include <stdlib.h>
#include <string.h>

struct read {
    struct cli_arguments arguments;
    struct run_options options;
    int exit_code;
};

static void read_words(struct read *read, const char *const *words)
{
    char *argv[32];
    int argc = 0;
    for (; words[argc]; argc++)
        argv[argc] = (char *)words[argc];
    argv[argc] = NULL;
    CU_ASSERT_FATAL(cli_parse(&read->arguments, argc, argv, &read->exit_code));
    read->exit_code = run_options_read(&read->options, &read->arguments);
}

static void clear(struct read *read)
{
    run_options_clear(&read->options);
    cli_arguments_clear(&read->arguments);
}

#define WORDS(...) ((const char *const[]){"run", "a.yaml", __VA_ARGS__, NULL})

static void durations(void)
{
    double seconds;
    const struct {
        const char *text;
        double seconds;
    } good[] = {{"90", 90},     {"90s", 90},       {"30m", 1800}, {"8h", 28800},
                {"2d", 172800}, {"1:30:05", 5405}, {"1:30", 90},  {"100:00:00", 360000}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CU_ASSERT(run_options_duration(good[i].text, &seconds));
        CU_ASSERT_EQUAL(seconds, good[i].seconds);
    }
    const char *const bad[] = {
        "",   "s",  "0",       "-1",  "1.5",   "1:60", "1:",
        ":1", "5x", "1:2:3:4", "5ms", "1:30s", "1e3",  "12345678901234567890"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT(!run_options_duration(bad[i], &seconds));
}

static void given(void)
{
    struct read read;
    read_words(&read, WORDS("-r", "3:8", "-s", "4294967295", "-j", "3", "--until", "2024", "--part",
                            "2/5", "--vars", "output,scrap_*,,capacity", "--vars", "lots",
                            "--max-time", "2m", "--quiet"));
    const struct run_options *o = &read.options;
    CU_ASSERT_EQUAL_FATAL(read.exit_code, CLI_OK);
    struct scenario scenario = {.run = {.replicates = 7, .seed = 7, .threads = 7, .until = 7}};
    CU_ASSERT_EQUAL(run_options_complete(&read.options, &scenario), CLI_OK);
    CU_ASSERT_EQUAL(o->first, 3);
    CU_ASSERT_EQUAL(o->last, 8);
    CU_ASSERT_EQUAL(o->seed, UINT32_MAX);
    CU_ASSERT_EQUAL(o->threads, 3);
    CU_ASSERT_EQUAL(o->months, 48); /* 2020 to 2023 */
    CU_ASSERT_EQUAL(o->part, 1);    /* from 0 */
    CU_ASSERT_EQUAL(o->parts, 5);
    CU_ASSERT_EQUAL(o->max_seconds, 120);
    CU_ASSERT_EQUAL(o->progress, PROGRESS_QUIET);
    CU_ASSERT_EQUAL_FATAL(o->variable_count, 4);
    CU_ASSERT_STRING_EQUAL(o->variables[1], "scrap_*");
    CU_ASSERT_STRING_EQUAL(o->variables[3], "lots");
    clear(&read);
}

static void from_the_scenario(void)
{
    struct read read;
    char output[] = "there.h5";
    read_words(&read, WORDS("--quiet"));
    struct scenario scenario = {.run = {.replicates = 7,
                                        .seed = 0,
                                        .threads = 2,
                                        .until = sim_month_start(36),
                                        .output = output}};
    CU_ASSERT_EQUAL(run_options_complete(&read.options, &scenario), CLI_OK);
    CU_ASSERT_EQUAL(read.options.first, 0);
    CU_ASSERT_EQUAL(read.options.last, 7);
    CU_ASSERT_EQUAL(read.options.seed, 0);
    CU_ASSERT_EQUAL(read.options.threads, 2);
    CU_ASSERT_EQUAL(read.options.months, 24);
    CU_ASSERT_STRING_EQUAL(read.options.output, "there.h5");
    char file[] = "a.yaml";
    scenario.file = file;
    scenario.run.until = sim_month_start(36) + SIM_DAY; /* not the first of a month */
    CU_ASSERT_EQUAL(run_options_complete(&read.options, &scenario), CLI_BAD_DATA);
    clear(&read);
}

static void defaults(void)
{
    struct read read;
    read_words(&read, WORDS("--resume"));
    struct scenario scenario = {.run = {.seed = -1}};
    CU_ASSERT_EQUAL(run_options_complete(&read.options, &scenario), CLI_OK);
    CU_ASSERT_EQUAL(read.options.last, 20);
    CU_ASSERT_EQUAL(read.options.seed, 1);
    CU_ASSERT_EQUAL(read.options.threads, cores_usable());
    CU_ASSERT(cores_usable() >= 1);
    CU_ASSERT_EQUAL(read.options.months, 132); /* 2020 to 2030 */
    CU_ASSERT_EQUAL(read.options.parts, 1);
    CU_ASSERT(read.options.resume);
    CU_ASSERT_EQUAL(read.options.break_metal, 0);
    clear(&read);
}

static void test_hook(void)
{
    struct read read;
    setenv("REMELT_BREAK_METAL", "1237", 1);
    read_words(&read, WORDS("--quiet"));
    CU_ASSERT_EQUAL(read.exit_code, CLI_OK);
    CU_ASSERT_EQUAL(read.options.break_metal, 1237);
    clear(&read);
    setenv("REMELT_BREAK_METAL", "-3", 1);
    read_words(&read, WORDS("--quiet"));
    CU_ASSERT_EQUAL(read.exit_code, CLI_USAGE);
    clear(&read);
    unsetenv("REMELT_BREAK_METAL");
}

static void one_thread_for_a_trace(void)
{
    struct read read;
    read_words(&read, WORDS("--trace", "t"));
    struct scenario scenario = {.run = {.threads = 5, .seed = -1}};
    CU_ASSERT_EQUAL(read.exit_code, CLI_OK);
    CU_ASSERT_EQUAL(run_options_complete(&read.options, &scenario), CLI_OK);
    CU_ASSERT_EQUAL(read.options.threads, 1);
    clear(&read);
}

int main(void)
{
    CU_TestInfo tests[] = {{"durations", durations},
                           {"what is given counts", given},
                           {"else what the scenario says", from_the_scenario},
                           {"else the defaults", defaults},
                           {"the test hook's grams", test_hook},
                           {"a trace needs one thread", one_thread_for_a_trace},
                           CU_TEST_INFO_NULL};
    return suite_run("test_run_options", tests);
}
