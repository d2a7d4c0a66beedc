/* Logs: appended by threads, killed, torn, corrupted, duplicated, foreign, on a full disk. */
#include "../suite.h"
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static void reference(struct fixture *f)
{
    struct output_log *log = fixture_log(f, 0, 1);
    for (uint64_t i = 0; i < fixture_tasks(); i++)
        CU_ASSERT_EQUAL(fixture_append_task(f, log, i), SIM_OK);
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
    CU_ASSERT_EQUAL(fixture_merge(f, f->file), SIM_OK);
    fixture_remove(f->parts);
}

/* The reference file's bytes against what the parts give now. */
static bool merged_same(struct fixture *f)
{
    char other[400];
    snprintf(other, sizeof other, "%s/other.h5", f->folder);
    return fixture_merge(f, other) == SIM_OK && fixture_same(f->file, other);
}

/* Appends what an index says is missing, as --resume does; number of replicates run. */
static uint64_t resume(struct fixture *f)
{
    struct output_index *index;
    uint64_t run = 0, replicates = FIXTURE_LAST - FIXTURE_FIRST;
    CU_ASSERT_EQUAL(output_index_open(&index, f->plan, f->parts, sim_fingerprint(), false,
                                      &f->errors, &f->notes),
                    SIM_OK);
    if (!index)
        return 0;
    struct output_log *log = fixture_log(f, 0, 1);
    for (uint64_t i = 0; i < fixture_tasks(); i++) {
        if (output_index_finished(index, (uint32_t)(i / replicates),
                                  FIXTURE_FIRST + i % replicates))
            continue;
        CU_ASSERT_EQUAL(fixture_append_task(f, log, i), SIM_OK);
        run++;
    }
    output_index_close(index);
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
    return run;
}

struct work {
    const struct fixture *f;
    struct output_log *log;
    uint64_t first, step;
    bool failed;
};

static void *append_some(void *argument)
{
    struct work *work = argument;
    for (uint64_t i = work->first; i < fixture_tasks(); i += work->step)
        work->failed = work->failed || fixture_append_task(work->f, work->log, i) != SIM_OK;
    return NULL;
}

static void test_threads(void)
{
    struct fixture f;
    fixture_open(&f, "threads");
    reference(&f);
    struct output_log *log = fixture_log(&f, 0, 1);
    pthread_t threads[4];
    struct work work[4];
    for (uint64_t k = 0; k < 4; k++) {
        work[k] = (struct work){&f, log, k, 4, false};
        CU_ASSERT_EQUAL(pthread_create(&threads[k], NULL, append_some, &work[k]), 0);
    }
    for (int k = 0; k < 4; k++) {
        pthread_join(threads[k], NULL);
        CU_ASSERT(!work[k].failed);
    }
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
    CU_ASSERT(merged_same(&f));
    CU_ASSERT_EQUAL(f.notes.count, 0);
    fixture_close(&f);
}

/* Path of the only log (the first attempt of part 1 of 1). */
static void log_path(const struct fixture *f, unsigned run, char path[500])
{
    snprintf(path, 500, "%s/part-00001-of-00001.%05u.log", f->parts, run);
}

static void cut(const char *path, off_t less)
{
    struct stat about;
    CU_ASSERT_EQUAL(stat(path, &about), 0);
    CU_ASSERT_EQUAL(truncate(path, about.st_size - less), 0);
}

static void fill(struct fixture *f)
{
    struct output_log *log = fixture_log(f, 0, 1);
    for (uint64_t i = 0; i < fixture_tasks(); i++)
        CU_ASSERT_EQUAL(fixture_append_task(f, log, i), SIM_OK);
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
}

static void test_torn(void)
{
    struct fixture f;
    char path[500];
    fixture_open(&f, "torn");
    reference(&f);
    const off_t cuts[] = {1, 87, 88, 5000, 20000};
    for (size_t k = 0; k < sizeof cuts / sizeof *cuts; k++) {
        fill(&f);
        log_path(&f, 1, path);
        cut(path, cuts[k]);
        CU_ASSERT_EQUAL(resume(&f), 1);
        CU_ASSERT(fixture_said(&f.notes, "torn"));
        CU_ASSERT_EQUAL(f.errors.count, 0);
        CU_ASSERT(merged_same(&f));
        fixture_forget(&f);
        fixture_remove(f.parts);
    }
    fill(&f); /* a header that was never finished */
    CU_ASSERT_EQUAL(truncate(path, 17), 0);
    CU_ASSERT_EQUAL(resume(&f), fixture_tasks());
    CU_ASSERT(fixture_said(&f.notes, "not even a whole header"));
    CU_ASSERT(merged_same(&f));
    fixture_close(&f);
}

static void damage(const char *path, off_t at)
{
    int file = open(path, O_RDWR);
    unsigned char byte = 0;
    CU_ASSERT_EQUAL(pread(file, &byte, 1, at), 1);
    byte ^= 0x41;
    CU_ASSERT_EQUAL(pwrite(file, &byte, 1, at), 1);
    close(file);
}

/* Damage anywhere costs one replicate, and is said. */
static void test_corrupted(void)
{
    struct fixture f;
    char path[500];
    struct stat about;
    fixture_open(&f, "corrupted");
    reference(&f);
    fill(&f);
    log_path(&f, 1, path);
    CU_ASSERT_EQUAL(stat(path, &about), 0);
    fixture_remove(f.parts);
    for (int k = 0; k < 12; k++) {
        fill(&f);
        off_t at = OUTPUT_LOG_HEAD + (k < 4 ? k * 8 : (about.st_size - 200) / 12 * k);
        damage(path, at); /* the first four are in the first record's head */
        CU_ASSERT_EQUAL(resume(&f), 1);
        CU_ASSERT(fixture_said(&f.notes, "corrupted") || fixture_said(&f.notes, "torn"));
        CU_ASSERT_EQUAL(f.errors.count, 0);
        CU_ASSERT(merged_same(&f));
        fixture_forget(&f);
        fixture_remove(f.parts);
    }
    fixture_close(&f);
}

static void test_foreign(void)
{
    struct fixture f;
    struct output_plan *other;
    char path[500];
    fixture_open(&f, "foreign");
    fill(&f);
    f.request.seed++;
    CU_ASSERT_EQUAL(output_plan_create(&other, &f.request, &f.errors), SIM_OK);
    CU_ASSERT_NOT_EQUAL(other->hash, f.plan->hash);
    CU_ASSERT_EQUAL(output_plan_save(other, f.parts, &f.errors), SIM_BAD_DATA);
    CU_ASSERT(fixture_said(&f.errors, "another plan"));
    fixture_forget(&f);
    struct output_log *log;
    CU_ASSERT_EQUAL(output_log_create(&log, other, f.parts, 6, 7, &f.errors), SIM_OK);
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
    CU_ASSERT_EQUAL(fixture_merge(&f, f.file), SIM_BAD_DATA);
    CU_ASSERT(fixture_said(&f.errors, "part-00007-of-00007.00001.log: belongs to another plan"));
    CU_ASSERT(access(f.file, F_OK) != 0);
    output_plan_destroy(other);
    fixture_forget(&f);
    fixture_remove(f.parts);
    const struct {
        off_t at;
        const char *said;
    } cases[] = {{0, "not a log of this program"}, {8, "another version"}, {25, "damaged"}};
    for (size_t k = 0; k < 3; k++) {
        fill(&f);
        log_path(&f, 1, path);
        damage(path, cases[k].at);
        CU_ASSERT_EQUAL(fixture_merge(&f, f.file), SIM_BAD_DATA);
        CU_ASSERT(fixture_said(&f.errors, cases[k].said));
        fixture_forget(&f);
        fixture_remove(f.parts);
    }
    CU_ASSERT_EQUAL(fixture_merge(&f, f.file), SIM_NO_INPUT);
    fixture_close(&f);
}

static void test_duplicates(void)
{
    struct fixture f;
    fixture_open(&f, "duplicates");
    reference(&f);
    fill(&f);
    struct output_log *log = fixture_log(&f, 0, 1);
    CU_ASSERT_EQUAL(fixture_append(&f, log, 1, 5), SIM_OK); /* the same failure */
    CU_ASSERT_EQUAL(fixture_append(&f, log, 0, 3), SIM_OK);
    CU_ASSERT(merged_same(&f));
    struct sim_result result;
    fixture_result(&f, 0, 3, &result);
    result.values[17] = 1;
    CU_ASSERT_EQUAL(output_log_append(log, &result), SIM_OK);
    sim_result_clear(&result);
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
    CU_ASSERT_EQUAL(fixture_merge(&f, f.file), SIM_BAD_DATA);
    CU_ASSERT(fixture_said(&f.errors, "scenario \"baseline\", replicate 3: differs"));
    fixture_close(&f);
}

/* A replicate that lacked memory is run again, and the new record counts. */
static void test_memory(void)
{
    struct fixture f;
    fixture_open(&f, "memory");
    reference(&f);
    struct output_log *log = fixture_log(&f, 0, 1);
    struct sim_result result;
    fixture_result(&f, 0, 4, &result);
    result.failure.status = SIM_MEMORY;
    CU_ASSERT_EQUAL(output_log_append(log, &result), SIM_OK);
    sim_result_clear(&result);
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
    CU_ASSERT_EQUAL(resume(&f), fixture_tasks());
    CU_ASSERT(merged_same(&f));
    fixture_close(&f);
}

/* A record from a processor with another libm: rewritten by hand, since we have but one. */
static void test_fingerprint(void)
{
    struct fixture f;
    fixture_open(&f, "fingerprint");
    fill(&f);
    struct sim_result result;
    struct output_bytes bytes = {0};
    fixture_result(&f, 0, 2, &result);
    CU_ASSERT(output_record_write(&bytes, f.plan, &result, 12345));
    sim_result_clear(&result);
    char path[500];
    log_path(&f, 1, path);
    int file = open(path, O_WRONLY | O_APPEND);
    CU_ASSERT_EQUAL(write(file, bytes.data, bytes.size), (ssize_t)bytes.size);
    close(file);
    output_bytes_clear(&bytes);
    CU_ASSERT_EQUAL(fixture_merge(&f, f.file), SIM_BAD_DATA);
    CU_ASSERT(fixture_said(&f.errors, "--force"));
    fixture_forget(&f);
    struct output_index *index;
    CU_ASSERT_EQUAL(output_index_open(&index, f.plan, f.parts, 0, true, &f.errors, &f.notes),
                    SIM_OK);
    CU_ASSERT(fixture_said(&f.notes, "merged because of --force"));
    CU_ASSERT(output_index_mixed(index));
    CU_ASSERT_EQUAL(output_merge(index, f.plan, f.file, &f.errors), SIM_OK);
    output_index_close(index);
    char command[400];
    snprintf(command, sizeof command, "h5dump -a /provenance/note '%s' | grep -q 'by force'",
             f.file);
    CU_ASSERT_EQUAL(system(command), 0);
    fixture_close(&f);
}

/* Waits until a file has at least so many bytes, or its writer is gone. */
static void wait_for_size(const char *path, off_t size, pid_t writer)
{
    struct stat about;
    const struct timespec moment = {0, 100000};
    while ((stat(path, &about) != 0 || about.st_size < size) && waitpid(writer, NULL, WNOHANG) == 0)
        nanosleep(&moment, NULL);
}

/* A process is killed at twenty moments between its first byte and its last; the rest is run. */
static void test_killed(void)
{
    enum { ROUNDS = 20 };
    struct fixture f;
    struct stat whole;
    char path[500];
    fixture_open(&f, "killed");
    reference(&f);
    fill(&f);
    log_path(&f, 1, path);
    CU_ASSERT_EQUAL(stat(path, &whole), 0);
    fixture_remove(f.parts);
    uint64_t kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
        CU_ASSERT_EQUAL(output_plan_save(f.plan, f.parts, &f.errors), SIM_OK);
        pid_t child = fork();
        if (child == 0) {
            struct output_log *log = fixture_log(&f, 0, 1);
            for (uint64_t i = 0; i < fixture_tasks(); i++)
                fixture_append_task(&f, log, i);
            for (;;)
                pause();
        }
        wait_for_size(path, whole.st_size * round / ROUNDS, child);
        CU_ASSERT_EQUAL(kill(child, SIGKILL), 0);
        CU_ASSERT_EQUAL(waitpid(child, NULL, 0), child);
        uint64_t run = resume(&f);
        kept += fixture_tasks() - run;
        CU_ASSERT(merged_same(&f));
        CU_ASSERT_EQUAL(f.errors.count, 0);
        fixture_forget(&f);
        fixture_remove(f.parts);
    }
    /* each round keeps at least its share, less the record it was in */
    CU_ASSERT(kept >= ROUNDS * (fixture_tasks() - 2) / 2 - ROUNDS);
    fixture_close(&f);
}

/* Merges with a limit on the size of files, in a process of its own, since HDF5 leaks a file that
 * it cannot close. 0: refused with a message, and nothing left under the final name. */
static int merge_limited(struct fixture *f, rlim_t limit)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        char other[400];
        snprintf(other, sizeof other, "%s/small.h5", f->folder);
        struct rlimit small = {limit, limit};
        bool good = setrlimit(RLIMIT_FSIZE, &small) == 0 && fixture_merge(f, other) == SIM_IO &&
                    fixture_said(&f->errors, "small.h5: cannot") &&
                    fixture_said(&f->errors, strerror(EFBIG)) && access(other, F_OK) != 0;
        _exit(good ? 0 : 1);
    }
    waitpid(child, &status, 0);
    return status;
}

/* A disk that is full, as a limit on the size of files: in the log, then in the merged file. */
static void test_full(void)
{
    struct fixture f;
    fixture_open(&f, "full");
    reference(&f);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit old, small;
    CU_ASSERT_EQUAL(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 200000;
    struct output_log *log = fixture_log(&f, 0, 1);
    CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &small), 0);
    uint64_t done = 0;
    while (done < fixture_tasks() && fixture_append_task(&f, log, done) == SIM_OK)
        done++;
    CU_ASSERT(done > 0 && done < fixture_tasks());
    CU_ASSERT(strstr(output_log_message(log), strerror(EFBIG)) != NULL);
    CU_ASSERT(output_log_size(log) <= 200000);
    CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &old), 0);
    CU_ASSERT_EQUAL(fixture_append_task(&f, log, done), SIM_OK); /* there is room again */
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
    CU_ASSERT_EQUAL(resume(&f), fixture_tasks() - done - 1);
    CU_ASSERT_EQUAL(f.notes.count, 0); /* the log was cut back: nothing is torn */
    const rlim_t limits[] = {1000, 100000, 300000};
    for (size_t k = 0; k < 3; k++)
        CU_ASSERT_EQUAL(merge_limited(&f, limits[k]), 0);
    char command[400];
    snprintf(command, sizeof command, "! ls '%s' | grep -q tmp", f.folder);
    CU_ASSERT_EQUAL(system(command), 0);
    CU_ASSERT(merged_same(&f));
    fixture_close(&f);
}

static void test_unwritable(void)
{
    struct fixture f;
    fixture_open(&f, "unwritable");
    char file[400], below[500], parts[500];
    snprintf(file, sizeof file, "%s/file", f.folder);
    snprintf(below, sizeof below, "%s/r.h5", file);
    snprintf(parts, sizeof parts, "%s/r.parts", file);
    CU_ASSERT_EQUAL(output_disk_put(file, "x", 1, &f.errors), SIM_OK);
    CU_ASSERT_EQUAL(output_plan_save(f.plan, parts, &f.errors), SIM_CANNOT_CREATE);
    CU_ASSERT(fixture_said(&f.errors, "cannot create the folder"));
    struct output_log *log;
    CU_ASSERT_EQUAL(output_log_create(&log, f.plan, parts, 0, 1, &f.errors), SIM_CANNOT_CREATE);
    CU_ASSERT_PTR_NULL(log);
    fill(&f);
    CU_ASSERT_EQUAL(fixture_merge(&f, below), SIM_CANNOT_CREATE);
    CU_ASSERT_EQUAL(output_merge_present(file, f.plan), OUTPUT_OTHER);
    CU_ASSERT_EQUAL(output_merge_present(below, f.plan), OUTPUT_ABSENT);
    fixture_close(&f);
}

int main(void)
{
    CU_TestInfo tests[] = {{"threads", test_threads},
                           {"torn tails", test_torn},
                           {"corrupted records", test_corrupted},
                           {"foreign logs", test_foreign},
                           {"duplicates", test_duplicates},
                           {"want of memory", test_memory},
                           {"other processors", test_fingerprint},
                           {"killed and resumed", test_killed},
                           {"full disk", test_full},
                           {"unwritable folder", test_unwritable},
                           CU_TEST_INFO_NULL};
    return suite_run("output log", tests);
}
