/* Benchmarks check themselves, and the table says so. Run from the root of the tree. */
#include "../../cli/bench_model.h"
#include "../../cli/bench_table.h"

#include "../suite.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Rows as they were reported. */
struct seen {
    struct bench_row rows[64];
    size_t count;
};

static void keep(void *to, const struct bench_row *row)
{
    struct seen *seen = to;
    CU_ASSERT_FATAL(seen->count < sizeof seen->rows / sizeof seen->rows[0]);
    seen->rows[seen->count++] = *row;
}

static const struct bench_row *row_of(const struct seen *seen, const char *name, int threads)
{
    for (size_t i = 0; i < seen->count; i++) {
        if (strcmp(seen->rows[i].name, name) == 0 && seen->rows[i].threads == threads)
            return &seen->rows[i];
    }
    CU_FAIL_FATAL("a row is missing");
    return NULL;
}

static void all_sound(const struct seen *seen)
{
    for (size_t i = 0; i < seen->count; i++) {
        const struct bench_row *row = &seen->rows[i];
        CU_ASSERT(row->correct);
        CU_ASSERT(row->events > 0);
        CU_ASSERT(row->seconds > 0);
        CU_ASSERT(row->cpu_seconds >= 0);
        CU_ASSERT(row->peak_bytes > 1000000);
        CU_ASSERT(row->threads >= 1);
        CU_ASSERT(row->note[0] != '\0');
    }
}

static int run_command(const char *const *words)
{
    char *argv[16];
    int argc = 0;
    for (; words[argc]; argc++)
        argv[argc] = (char *)words[argc];
    argv[argc] = NULL;
    return command_bench(argc, argv);
}

#define COMMAND(...) run_command((const char *const[]){"bench", __VA_ARGS__, NULL})

static void refused(void)
{
    CU_ASSERT_EQUAL(COMMAND("hodl"), CLI_USAGE);
    CU_ASSERT_EQUAL(COMMAND("hold", "mm2"), CLI_USAGE); /* nothing runs before */
    CU_ASSERT_EQUAL(COMMAND("-j", "0", "hold"), CLI_USAGE);
    CU_ASSERT_EQUAL(COMMAND("-j", "two", "hold"), CLI_USAGE);
    CU_ASSERT_EQUAL(COMMAND("-o", "tests/no/such/folder/bench.tsv", "hold"), CLI_CANNOT_CREATE);
}

/* A folder without a baseline, and one that cannot be written to. */
static void elsewhere(void)
{
    char folder[] = "/tmp/remelt-test-XXXXXX", root[4096];
    CU_ASSERT_FATAL(getcwd(root, sizeof root) != NULL);
    CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
    CU_ASSERT_FATAL(chdir(folder) == 0);
    CU_ASSERT_EQUAL(COMMAND("chain"), CLI_NO_INPUT);
    CU_ASSERT_EQUAL(COMMAND("recipe"), CLI_NO_INPUT);
    CU_ASSERT_EQUAL(COMMAND("results"), CLI_NO_INPUT);
    CU_ASSERT_EQUAL(rmdir(folder), 0); /* nothing is left behind; the folder itself is gone now */
    CU_ASSERT_EQUAL(COMMAND("results"), CLI_CANNOT_CREATE);
    CU_ASSERT_EQUAL(chdir(root), 0);
}

static struct bench_row row_like(const char *name, uint64_t size, int threads, double seconds)
{
    return (struct bench_row){.name = name,
                              .size = size,
                              .threads = threads,
                              .events = 1000,
                              .seconds = seconds,
                              .cpu_seconds = 1.2,
                              .bytes = 2400,
                              .pending = 12,
                              .peak_bytes = 3500000,
                              .correct = true,
                              .note = "seen"};
}

static void table(void)
{
    char *text = NULL, *tsv = NULL;
    size_t text_size, tsv_size;
    struct bench_table out = {.table = open_memstream(&text, &text_size),
                              .tsv = open_memstream(&tsv, &tsv_size)};
    CU_ASSERT_FATAL(out.table != NULL && out.tsv != NULL);
    bench_table_head(&out);
    struct bench_row row = row_like("alpha", 5, 1, 1.5);
    bench_table_row(&out, &row);
    row = row_like("alpha", 6, 2, 1); /* another size: nothing to compare with */
    row.pending = 0;
    bench_table_row(&out, &row);
    row = row_like("alpha", 5, 2, 0.75);
    bench_table_row(&out, &row);
    CU_ASSERT_EQUAL(out.wrong, 0);
    row = row_like("beta", 5, 1, 1);
    row.correct = false;
    bench_table_row(&out, &row);
    row.events = 0;
    row.seconds = 0;
    bench_table_row(&out, &row);
    CU_ASSERT_EQUAL(out.wrong, 2);
    fclose(out.table);
    fclose(out.tsv);
    const char *const lines[] = {
        "alpha\t5\t1\t1000\t1.500000\t1.200000\t666.667\t1500000.000\t200.00\t3.500\t1.000\t80.0\t"
        "yes\tseen\n",
        "alpha\t6\t2\t1000\t1.000000\t1.200000\t1000\t1000000.000\t0.00\t3.500\t0.000\t60.0\tyes\t"
        "seen\n",
        "alpha\t5\t2\t1000\t0.750000\t1.200000\t1333.33\t750000.000\t200.00\t3.500\t2.000\t80.0\t"
        "yes\tseen\n",
        "beta\t5\t1\t1000\t1.000000\t1.200000\t1000\t1000000.000\t200.00\t3.500\t1.000\t120.0\tno\t"
        "seen\n",
        "beta\t5\t1\t0\t0.000000\t1.200000\t0\t0.000\t200.00\t3.500\t1.000\t0.0\tno\tseen\n"};
    const char *at = strchr(tsv, '\n') + 1;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        CU_ASSERT_EQUAL(strncmp(at, lines[i], strlen(lines[i])), 0);
        at = strchr(at, '\n') + 1;
    }
    CU_ASSERT_EQUAL(*at, '\0');
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "WRONG: seen\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "right: seen\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, " 2.00 "));
    free(text);
    free(tsv);
}

/* More rows of one thread than are remembered: the oldest are forgotten, nothing else. */
static void many_bases(void)
{
    struct bench_table out = {.table = NULL};
    for (uint64_t size = 0; size < 3 * BENCH_BASES; size++) {
        struct bench_row row = row_like("gamma", size, 1, 1);
        bench_table_row(&out, &row);
    }
    for (size_t i = 0; i < BENCH_BASES; i++)
        CU_ASSERT(out.bases[i].size >= 2 * BENCH_BASES);
}

static void threads_measured(void)
{
    const int most[] = {1, 2, 3, 6, 8}, steps[] = {1, 2, 3, 4, 4};
    for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
        int count = 0, last = 0;
        for (int threads = 1; threads <= most[i]; threads = bench_next_threads(threads, most[i])) {
            CU_ASSERT(threads > last);
            last = threads;
            count++;
        }
        CU_ASSERT_EQUAL(last, most[i]);
        CU_ASSERT_EQUAL(count, steps[i]);
    }
}

static void queue_against_theory(void)
{
    struct seen seen = {.count = 0};
    CU_ASSERT_EQUAL(bench_mm1(keep, &seen), SIM_OK);
    CU_ASSERT_EQUAL(seen.count, 2);
    CU_ASSERT_EQUAL(row_of(&seen, "mm1", 1)->events, 2000000);
    all_sound(&seen);
}

/* January 2020 after a year of filling queues: the same hash on one and two threads. */
static void one_replicate_on_threads(void)
{
    struct bench_batch bench;
    struct seen seen = {.count = 0};
    CU_ASSERT_EQUAL_FATAL(bench_batch_load(&bench, 20, 1, 1), SIM_OK);
    CU_ASSERT_EQUAL(bench.trucks_per_lot, 20);
    CU_ASSERT_EQUAL(bench_chain_replicate(&bench, 2, keep, &seen), SIM_OK);
    bench_batch_clear(&bench);
    CU_ASSERT_EQUAL(seen.count, 2);
    const struct bench_row *one = row_of(&seen, "chain", 1), *two = row_of(&seen, "chain", 2);
    CU_ASSERT_EQUAL(one->size, 20);
    CU_ASSERT_EQUAL(one->events, two->events);
    CU_ASSERT_STRING_EQUAL(one->note, two->note);
    CU_ASSERT_PTR_NOT_NULL(strstr(one->note, "13 months"));
    all_sound(&seen);
}

static void written_and_merged(void)
{
    struct seen seen = {.count = 0};
    CU_ASSERT_EQUAL(bench_results(keep, &seen, 2), SIM_OK);
    CU_ASSERT_EQUAL(seen.count, 5);
    CU_ASSERT_EQUAL(row_of(&seen, "log", 1)->events, row_of(&seen, "log", 2)->events);
    CU_ASSERT_PTR_NOT_NULL(strstr(row_of(&seen, "plain", 1)->note, "MB/s"));
    all_sound(&seen);
}

static void programmes(void)
{
    struct seen seen = {.count = 0};
    CU_ASSERT_EQUAL(bench_recipe(keep, &seen), SIM_OK);
    CU_ASSERT_EQUAL(seen.count, 3);
    const struct bench_row *cold = row_of(&seen, "lp-cold", 1), *warm = row_of(&seen, "lp-warm", 1);
    CU_ASSERT_EQUAL(cold->events, warm->events);
    CU_ASSERT(cold->size > 31 && cold->size <= 31 * 8);
    /* Each province renews a recipe of each alloy at least once a month. */
    CU_ASSERT(row_of(&seen, "lp-share", 1)->events > 20 * cold->size);
    all_sound(&seen);
}

int main(void)
{
    CU_TestInfo tests[] = {{"what cannot be run is refused", refused},
                           {"without a baseline, without a folder", elsewhere},
                           {"rows, right and wrong", table},
                           {"many rows of one thread", many_bases},
                           {"numbers of threads", threads_measured},
                           {"the queue agrees with theory", queue_against_theory},
                           {"one replicate, one and two threads", one_replicate_on_threads},
                           {"results are the same whoever writes", written_and_merged},
                           {"recipes cold and warm", programmes},
                           CU_TEST_INFO_NULL};
    return suite_run("bench", tests);
}
