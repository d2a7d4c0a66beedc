#include "log.h"

#include "../sim/hash.h"
#include "disk.h"
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 100000 };

struct output_log {
    const struct output_plan *plan; /* borrowed */
    uint64_t fingerprint;
    int file;
    pthread_mutex_t lock; /* of what follows */
    off_t size;           /* end of the last whole record */
    bool broken;          /* could not be cut back: nothing may be appended */
    int64_t synced_ms;    /* monotonic clock */
    char path[OUTPUT_PATH];
    char message[OUTPUT_PATH + 200];
};

static int64_t now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A new file of the first free run number; -1 leaves errno. */
static int open_new(struct output_log *log, const char *folder, uint32_t part, uint32_t parts)
{
    for (unsigned run = 1; run < MOST_RUNS; run++) {
        int length = snprintf(log->path, sizeof log->path, "%s/part-%05u-of-%05u.%05u.log", folder,
                              part + 1, parts, run);
        if (length < 0 || (size_t)length >= sizeof log->path) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int file = open(log->path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
        if (file >= 0 || errno != EEXIST)
            return file;
    }
    return -1;
}

enum sim_status output_log_create(struct output_log **log, const struct output_plan *plan,
                                  const char *folder, uint32_t part, uint32_t parts,
                                  struct sim_errors *errors)
{
    *log = NULL;
    struct output_log *made = calloc(1, sizeof *made);
    if (!made) {
        sim_errors_add(errors, SIM_IO, folder, 0, "out of memory");
        return SIM_MEMORY;
    }
    made->plan = plan;
    made->fingerprint = sim_fingerprint();
    made->file = open_new(made, folder, part, parts);
    if (made->file < 0) {
        sim_errors_add(errors, SIM_CANNOT_CREATE, folder, 0, "cannot create a log in it: %s",
                       strerror(errno));
        free(made);
        return SIM_CANNOT_CREATE;
    }
    unsigned char head[OUTPUT_LOG_HEAD];
    output_record_log_head(head, plan->hash, part, parts);
    if (!output_disk_write(made->file, head, sizeof head) || fsync(made->file) != 0 ||
        !output_disk_sync_folder(made->path)) {
        sim_errors_add(errors, SIM_IO, made->path, 0, "cannot write it: %s", strerror(errno));
        unlink(made->path);
        close(made->file);
        free(made);
        return SIM_IO;
    }
    made->size = OUTPUT_LOG_HEAD;
    made->synced_ms = now_ms();
    sim_require(pthread_mutex_init(&made->lock, NULL) == 0, "no mutex for the log");
    *log = made;
    return SIM_OK;
}

/* Keeps the first message. The lock is held. */
static void complain(struct output_log *log, const char *what, int why)
{
    if (!log->message[0])
        snprintf(log->message, sizeof log->message, "%s: %s: %s", log->path, what, strerror(why));
}

/* Writes one record at the end, whole or not at all. The lock is held. */
static bool append(struct output_log *log, const struct output_bytes *record)
{
    if (log->broken) {
        errno = EIO;
        return false;
    }
    if (output_disk_write(log->file, record->data, record->size)) {
        log->size += (off_t)record->size;
        return true;
    }
    int why = errno;
    log->broken = ftruncate(log->file, log->size) != 0;
    errno = why;
    return false;
}

enum sim_status output_log_append(struct output_log *log, const struct sim_result *result)
{
    sim_require(result->failure.status != SIM_STOPPED, "a stopped replicate has no result");
    sim_require(result->size == log->plan->size, "a result of %zu values where the plan has %zu",
                result->size, log->plan->size);
    sim_require(result->scenario < log->plan->scenario_count &&
                    result->replicate >= log->plan->first && result->replicate < log->plan->last,
                "scenario %u, replicate %llu is not in the plan", result->scenario,
                (unsigned long long)result->replicate);
    sim_require(result->failure.status != SIM_OK ||
                    result->detail == output_plan_detail(log->plan, result->replicate),
                "replicate %llu: detail where the plan has none, or the reverse",
                (unsigned long long)result->replicate);
    struct output_bytes record = {0};
    if (!output_record_write(&record, log->plan, result, log->fingerprint)) {
        output_bytes_clear(&record);
        pthread_mutex_lock(&log->lock);
        complain(log, "cannot compress a replicate", ENOMEM);
        pthread_mutex_unlock(&log->lock);
        return SIM_MEMORY;
    }
    pthread_mutex_lock(&log->lock);
    bool written = append(log, &record);
    if (!written)
        complain(log, "cannot append a replicate", errno);
    int64_t now = now_ms();
    bool due = written && now - log->synced_ms >= 1000;
    if (due)
        log->synced_ms = now;
    pthread_mutex_unlock(&log->lock);
    output_bytes_clear(&record);
    if (!written)
        return SIM_IO;
    return due ? output_log_sync(log) : SIM_OK;
}

enum sim_status output_log_sync(struct output_log *log)
{
    if (fdatasync(log->file) == 0)
        return SIM_OK;
    int why = errno;
    pthread_mutex_lock(&log->lock);
    complain(log, "cannot sync", why);
    pthread_mutex_unlock(&log->lock);
    return SIM_IO;
}

const char *output_log_message(const struct output_log *log)
{
    return log->message;
}

const char *output_log_path(const struct output_log *log)
{
    return log->path;
}

uint64_t output_log_size(struct output_log *log)
{
    pthread_mutex_lock(&log->lock);
    uint64_t size = (uint64_t)log->size;
    pthread_mutex_unlock(&log->lock);
    return size;
}

enum sim_status output_log_destroy(struct output_log *log)
{
    if (!log)
        return SIM_OK;
    enum sim_status status = output_log_sync(log);
    if (close(log->file) != 0 && status == SIM_OK)
        status = SIM_IO;
    pthread_mutex_destroy(&log->lock);
    free(log);
    return status;
}
