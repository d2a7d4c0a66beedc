#include "index.h"

#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct entry {
    uint32_t log; /* 1 + number of its log; 0: pending */
    uint32_t status, content_crc;
    off_t offset;
};

struct log {
    char *path; /* owned */
    int file;
    off_t size;
    uint64_t fingerprint; /* of its first record */
};

struct output_index {
    const struct output_plan *plan; /* borrowed */
    struct entry *entries;          /* [scenario][replicate] */
    struct log *logs;               /* in order of name */
    size_t log_count;
    uint64_t fingerprint; /* of the first record; 0: none yet */
    size_t fingerprint_log;
    bool mixed;
    size_t open;           /* 1 + the only log that is open; 0: none. There may be thousands. */
    unsigned char *buffer; /* one payload */
    size_t capacity;
};

/* What one reading needs to know, to keep argument lists short. */
struct scan {
    struct output_index *index;
    uint64_t expected;
    bool force;
    struct sim_errors *errors, *notes;
};

void output_index_close(struct output_index *index)
{
    if (!index)
        return;
    if (index->open)
        close(index->logs[index->open - 1].file);
    for (size_t i = 0; i < index->log_count; i++)
        free(index->logs[i].path);
    free(index->logs);
    free(index->entries);
    free(index->buffer);
    free(index);
}

static struct entry *entry_of(const struct output_index *index, uint32_t scenario,
                              uint64_t replicate)
{
    uint64_t replicates = index->plan->last - index->plan->first;
    return &index->entries[scenario * replicates + (replicate - index->plan->first)];
}

static bool reserve(struct output_index *index, size_t size)
{
    if (size <= index->capacity)
        return true;
    unsigned char *buffer = realloc(index->buffer, size);
    if (!buffer)
        return false;
    index->buffer = buffer;
    index->capacity = size;
    return true;
}

static uint32_t payload_crc(const unsigned char *bytes, size_t size)
{
    uint32_t crc = 0;
    for (size_t at = 0; at < size;) {
        uInt piece = size - at > 1u << 30 ? 1u << 30 : (uInt)(size - at);
        crc = (uint32_t)crc32(crc, bytes + at, piece);
        at += piece;
    }
    return crc;
}

/* The lengths inside a payload must add up to it; a right CRC does not say so of a wrong writer. */
static bool payload_sound(const struct output_plan *plan, const struct output_record *record,
                          const unsigned char *payload)
{
    if (record->status != SIM_OK)
        return record->length == record->text_length;
    if (record->detail != output_plan_detail(plan, record->replicate))
        return false;
    uint64_t count = output_chunk_count(plan, record->detail), total = 4 * count;
    if (record->text_length || record->length < total)
        return false;
    for (uint64_t i = 0; i < count; i++)
        total += output_load_u32(payload + 4 * i);
    return total == record->length;
}

/* A whole, undamaged record of the plan at an offset, its payload left in the buffer. */
static bool read_record(struct scan *scan, const struct log *log, off_t offset,
                        struct output_record *record)
{
    struct output_index *index = scan->index;
    unsigned char head[OUTPUT_RECORD_HEAD];
    if (log->size - offset < OUTPUT_RECORD_HEAD ||
        !output_disk_read(log->file, head, sizeof head, offset) ||
        !output_record_read(record, head))
        return false;
    const struct output_plan *plan = index->plan;
    if (record->length > (uint64_t)(log->size - offset - OUTPUT_RECORD_HEAD) ||
        record->scenario >= plan->scenario_count || record->replicate < plan->first ||
        record->replicate >= plan->last || !reserve(index, (size_t)record->length + 1))
        return false;
    return output_disk_read(log->file, index->buffer, (size_t)record->length,
                            offset + OUTPUT_RECORD_HEAD) &&
           payload_crc(index->buffer, (size_t)record->length) == record->payload_crc &&
           payload_sound(plan, record, index->buffer);
}

/* Next offset at or after `from` where a readable record head lies; the log's size where none. */
static off_t resynchronise(const struct log *log, off_t from)
{
    unsigned char window[65536];
    struct output_record record;
    for (off_t at = from; log->size - at >= OUTPUT_RECORD_HEAD;) {
        size_t size =
            log->size - at < (off_t)sizeof window ? (size_t)(log->size - at) : sizeof window;
        if (!output_disk_read(log->file, window, size, at))
            break;
        size_t last = size - OUTPUT_RECORD_HEAD;
        for (size_t i = 0; i <= last; i++) {
            if (output_record_magic(window + i) && output_record_read(&record, window + i))
                return at + (off_t)i;
        }
        at += (off_t)last + 1;
    }
    return log->size;
}

static void check_fingerprint(struct scan *scan, size_t number, const struct output_record *record)
{
    struct output_index *index = scan->index;
    struct log *log = &index->logs[number];
    if (log->fingerprint == record->fingerprint)
        return; /* said before */
    log->fingerprint = record->fingerprint;
    uint64_t wanted = scan->expected ? scan->expected : index->fingerprint;
    if (!index->fingerprint) {
        index->fingerprint = record->fingerprint;
        index->fingerprint_log = number;
    }
    if (!wanted || wanted == record->fingerprint)
        return;
    index->mixed = true;
    struct sim_errors *where = scan->force ? scan->notes : scan->errors;
    sim_errors_add(where, SIM_BAD_DATA, log->path, 0,
                   "made on a processor whose mathematical functions differ (fingerprint %016llx, "
                   "%s %016llx)%s",
                   (unsigned long long)record->fingerprint,
                   scan->expected ? "this one" : index->logs[index->fingerprint_log].path,
                   (unsigned long long)wanted,
                   scan->force ? "; merged because of --force" : "; --force takes it all the same");
}

static void take_record(struct scan *scan, size_t number, off_t offset,
                        const struct output_record *record)
{
    struct output_index *index = scan->index;
    check_fingerprint(scan, number, record);
    struct entry *entry = entry_of(index, record->scenario, record->replicate);
    struct entry found = {.log = (uint32_t)number + 1,
                          .status = record->status,
                          .content_crc = record->content_crc,
                          .offset = offset};
    /* Want of memory is the machine's, not the replicate's: any other record stands above it. */
    if (!entry->log || entry->status == SIM_MEMORY) {
        *entry = found;
        return;
    }
    if (record->status == SIM_MEMORY || entry->content_crc == record->content_crc)
        return;
    bool excused = scan->force && index->mixed;
    sim_errors_add(excused ? scan->notes : scan->errors, SIM_BAD_DATA, index->logs[number].path, 0,
                   "scenario \"%s\", replicate %llu: differs from the same replicate in %s; one of "
                   "the two was not made by this program and plan, or determinism is broken",
                   index->plan->scenarios[record->scenario].name,
                   (unsigned long long)record->replicate, index->logs[entry->log - 1].path);
}

static void scan_records(struct scan *scan, size_t number)
{
    struct log *log = &scan->index->logs[number];
    for (off_t at = OUTPUT_LOG_HEAD; at < log->size;) {
        struct output_record record;
        if (read_record(scan, log, at, &record)) {
            take_record(scan, number, at, &record);
            at += OUTPUT_RECORD_HEAD + (off_t)record.length;
            continue;
        }
        off_t next = resynchronise(log, at + 1);
        sim_errors_add(scan->notes, SIM_BAD_DATA, log->path, 0,
                       next < log->size ? "corrupted: %lld bytes from %lld are skipped; the "
                                          "replicates in them count as not run"
                                        : "torn: its last %lld bytes from %lld are not a whole "
                                          "record; that replicate counts as not run",
                       (long long)(next - at), (long long)at);
        at = next;
    }
}

/* Opens a log and closes the one open before; false leaves errno. */
static bool open_log(struct output_index *index, size_t number)
{
    if (index->open == number + 1)
        return true;
    if (index->open)
        close(index->logs[index->open - 1].file);
    index->open = 0;
    index->logs[number].file = open(index->logs[number].path, O_RDONLY | O_CLOEXEC);
    if (index->logs[number].file < 0)
        return false;
    index->open = number + 1;
    return true;
}

static void scan_log(struct scan *scan, size_t number)
{
    struct output_index *index = scan->index;
    struct log *log = &index->logs[number];
    struct stat about;
    if (!open_log(index, number) || fstat(log->file, &about) != 0) {
        sim_errors_add(scan->errors, SIM_IO, log->path, 0, "cannot open it: %s", strerror(errno));
        return;
    }
    log->size = about.st_size;
    unsigned char head[OUTPUT_LOG_HEAD];
    uint64_t plan = 0;
    if (log->size < OUTPUT_LOG_HEAD) {
        sim_errors_add(scan->notes, SIM_BAD_DATA, log->path, 0, "torn: not even a whole header");
        return;
    }
    if (!output_disk_read(log->file, head, sizeof head, 0)) {
        sim_errors_add(scan->errors, SIM_IO, log->path, 0, "cannot read it: %s", strerror(errno));
        return;
    }
    enum output_log_kind kind = output_record_log_check(head, &plan);
    if (kind == OUTPUT_LOG_FOREIGN)
        sim_errors_add(scan->errors, SIM_BAD_DATA, log->path, 0, "not a log of this program");
    else if (kind == OUTPUT_LOG_VERSION)
        sim_errors_add(scan->errors, SIM_BAD_DATA, log->path, 0, "a log of another version");
    else if (kind == OUTPUT_LOG_TORN)
        sim_errors_add(scan->errors, SIM_BAD_DATA, log->path, 0, "its header is damaged");
    else if (plan != index->plan->hash)
        sim_errors_add(scan->errors, SIM_BAD_DATA, log->path, 0,
                       "belongs to another plan (%016llx; this one is %016llx)",
                       (unsigned long long)plan, (unsigned long long)index->plan->hash);
    else
        scan_records(scan, number);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct log *)a)->path, ((const struct log *)b)->path);
}

static bool add_log(struct output_index *index, const char *folder, const char *name)
{
    struct log *logs = realloc(index->logs, (index->log_count + 1) * sizeof *logs);
    if (!logs)
        return false;
    index->logs = logs;
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path)
        return false;
    snprintf(path, size, "%s/%s", folder, name);
    logs[index->log_count++] = (struct log){.path = path, .file = -1};
    return true;
}

static enum sim_status list_logs(struct output_index *index, const char *folder,
                                 struct sim_errors *errors)
{
    DIR *list = opendir(folder);
    if (!list) {
        enum sim_status status = errno == ENOENT || errno == ENOTDIR ? SIM_NO_INPUT : SIM_IO;
        sim_errors_add(errors, status, folder, 0, "cannot read the folder: %s", strerror(errno));
        return status;
    }
    bool ok = true;
    errno = 0;
    for (struct dirent *item; ok && (item = readdir(list)); errno = 0) {
        size_t length = strlen(item->d_name);
        if (length > 4 && strcmp(item->d_name + length - 4, ".log") == 0)
            ok = add_log(index, folder, item->d_name);
    }
    int why = errno;
    closedir(list);
    if (!ok || why) {
        sim_errors_add(errors, SIM_IO, folder, 0, "cannot read the folder: %s",
                       ok ? strerror(why) : "out of memory");
        return SIM_IO;
    }
    if (index->log_count)
        qsort(index->logs, index->log_count, sizeof *index->logs, by_path);
    return SIM_OK;
}

enum sim_status output_index_open(struct output_index **index, const struct output_plan *plan,
                                  const char *folder, uint64_t expected, bool force,
                                  struct sim_errors *errors, struct sim_errors *notes)
{
    *index = NULL;
    struct output_index *made = calloc(1, sizeof *made);
    if (made) {
        made->plan = plan;
        made->entries = calloc((size_t)output_plan_tasks(plan), sizeof *made->entries);
    }
    if (!made || !made->entries) {
        sim_errors_add(errors, SIM_IO, folder, 0, "out of memory");
        output_index_close(made);
        return SIM_MEMORY;
    }
    struct scan scan = {made, expected, force, errors, notes};
    size_t before = errors->count;
    enum sim_status status = list_logs(made, folder, errors);
    for (size_t i = 0; status == SIM_OK && i < made->log_count; i++)
        scan_log(&scan, i);
    if (status == SIM_OK && errors->count > before)
        status = errors->worst;
    if (status != SIM_OK) {
        output_index_close(made);
        return status;
    }
    *index = made;
    return SIM_OK;
}

enum output_state output_index_state(const struct output_index *index, uint32_t scenario,
                                     uint64_t replicate)
{
    const struct entry *entry = entry_of(index, scenario, replicate);
    if (!entry->log)
        return OUTPUT_PENDING;
    return entry->status == SIM_OK ? OUTPUT_DONE : OUTPUT_FAILED;
}

bool output_index_finished(const struct output_index *index, uint32_t scenario, uint64_t replicate)
{
    const struct entry *entry = entry_of(index, scenario, replicate);
    return entry->log && entry->status != SIM_MEMORY;
}

void output_index_count(const struct output_index *index, uint64_t counts[3])
{
    counts[0] = counts[1] = counts[2] = 0;
    for (uint32_t s = 0; s < index->plan->scenario_count; s++) {
        for (uint64_t r = index->plan->first; r < index->plan->last; r++)
            counts[output_index_state(index, s, r)]++;
    }
}

bool output_index_mixed(const struct output_index *index)
{
    return index->mixed;
}

bool output_index_get(struct output_index *index, uint32_t scenario, uint64_t replicate,
                      struct output_record *record, const unsigned char **payload,
                      enum sim_status *status)
{
    *status = SIM_OK;
    const struct entry *entry = entry_of(index, scenario, replicate);
    if (!entry->log)
        return false;
    struct scan scan = {.index = index};
    const struct log *log = &index->logs[entry->log - 1];
    if (!open_log(index, entry->log - 1) || !read_record(&scan, log, entry->offset, record)) {
        *status = SIM_IO;
        return false;
    }
    *payload = index->buffer;
    return true;
}
