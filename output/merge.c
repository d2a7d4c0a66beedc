#include "merge.h"

#include "disk.h"
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is gathered on the way, for the datasets at the end. */
struct gathered {
    int8_t *status;   /* [scenario][replicate] */
    uint64_t *hashes; /* likewise */
    struct output_casualty *casualties;
    size_t count, capacity;
};

static void clear(struct gathered *gathered)
{
    for (size_t i = 0; i < gathered->count; i++)
        free(gathered->casualties[i].text);
    free(gathered->casualties);
    free(gathered->status);
    free(gathered->hashes);
}

static bool add_casualty(struct gathered *gathered, const struct output_record *record,
                         const unsigned char *text)
{
    if (gathered->count == gathered->capacity) {
        size_t capacity = gathered->capacity ? 2 * gathered->capacity : 16;
        struct output_casualty *list = realloc(gathered->casualties, capacity * sizeof *list);
        if (!list)
            return false;
        gathered->casualties = list;
        gathered->capacity = capacity;
    }
    char *copy = calloc(1, (size_t)record->text_length + 1);
    if (!copy)
        return false;
    memcpy(copy, text, record->text_length);
    gathered->casualties[gathered->count++] =
        (struct output_casualty){.scenario = record->scenario,
                                 .replicate = record->replicate,
                                 .status = (enum sim_status)record->status,
                                 .text = copy};
    return true;
}

/* All records in order; false (with a message) where one cannot be read again or memory ends. */
static bool put_records(struct output_file *file, struct output_index *index,
                        const struct output_plan *plan, struct gathered *gathered,
                        struct sim_errors *errors)
{
    size_t task = 0;
    for (uint32_t s = 0; s < plan->scenario_count; s++) {
        for (uint64_t r = plan->first; r < plan->last && !file->h5.failed; r++, task++) {
            struct output_record record;
            const unsigned char *payload;
            enum sim_status status;
            if (!output_index_get(index, s, r, &record, &payload, &status)) {
                if (status == SIM_OK)
                    continue;
                sim_errors_add(errors, SIM_IO, NULL, 0,
                               "scenario \"%s\", replicate %llu: its log changed while it was read",
                               plan->scenarios[s].name, (unsigned long long)r);
                return false;
            }
            bool done = record.status == SIM_OK;
            gathered->status[task] = (int8_t)(done ? OUTPUT_DONE : OUTPUT_FAILED);
            gathered->hashes[task] = record.trace_hash;
            if (done) {
                output_file_put(file, s, r, record.detail, payload);
            } else if (!add_casualty(gathered, &record, payload)) {
                sim_errors_add(errors, SIM_IO, NULL, 0, "out of memory");
                return false;
            }
        }
    }
    return true;
}

static enum sim_status write_file(const char *temporary, struct output_index *index,
                                  const struct output_plan *plan, const char *path,
                                  struct sim_errors *errors)
{
    size_t tasks = (size_t)output_plan_tasks(plan);
    struct gathered gathered = {.status = calloc(tasks, 1),
                                .hashes = calloc(tasks, sizeof(uint64_t))};
    if (!gathered.status || !gathered.hashes) {
        clear(&gathered);
        sim_errors_add(errors, SIM_IO, path, 0, "out of memory");
        return SIM_MEMORY;
    }
    struct output_file file;
    output_file_create(&file, plan, temporary);
    bool read = put_records(&file, index, plan, &gathered, errors);
    if (read && !file.h5.failed) {
        output_file_status(&file, gathered.status, gathered.hashes);
        output_file_groups(&file, gathered.casualties, gathered.count,
                           output_index_mixed(index)
                               ? "merged by force from processors whose mathematical functions "
                                 "differ: replicates may not be reproducible to the last bit"
                               : NULL);
    }
    bool written = output_file_close(&file);
    clear(&gathered);
    if (!written)
        sim_errors_add(errors, SIM_IO, path, 0, "%s", file.h5.what);
    return read && written ? SIM_OK : SIM_IO;
}

enum sim_status output_merge(struct output_index *index, const struct output_plan *plan,
                             const char *path, struct sim_errors *errors)
{
    char temporary[OUTPUT_PATH];
    int file = output_disk_temporary(temporary, path, errors);
    if (file < 0)
        return SIM_CANNOT_CREATE;
    close(file);
    enum sim_status status = write_file(temporary, index, plan, path, errors);
    if (status != SIM_OK) {
        /* HDF5 may hold the file open after a failed close: give its space back all the same. */
        if (truncate(temporary, 0) != 0)
            sim_errors_add(errors, SIM_IO, temporary, 0, "cannot empty it: %s", strerror(errno));
        unlink(temporary);
        return status;
    }
    return output_disk_publish(temporary, path, errors);
}

static bool ours(const char *name)
{
    size_t length = strlen(name);
    return (length > 4 && strcmp(name + length - 4, ".log") == 0) ||
           (length > 9 && strncmp(name, "plan.", 5) == 0 && strcmp(name + length - 4, ".tmp") == 0);
}

enum sim_status output_merge_clean(const char *folder, struct sim_errors *errors)
{
    DIR *list = opendir(folder);
    if (!list) {
        if (errno == ENOENT)
            return SIM_OK;
        sim_errors_add(errors, SIM_IO, folder, 0, "cannot read the folder: %s", strerror(errno));
        return SIM_IO;
    }
    for (struct dirent *item = readdir(list); item; item = readdir(list)) {
        char path[OUTPUT_PATH];
        if (ours(item->d_name) && output_disk_join(path, folder, item->d_name, errors))
            unlink(path);
    }
    closedir(list);
    /* The plan last: without it, logs that a kill leaves here could not be told apart. */
    char plan[OUTPUT_PATH];
    if (output_disk_join(plan, folder, "plan", errors))
        unlink(plan);
    if (rmdir(folder) != 0) {
        sim_errors_add(errors, SIM_IO, folder, 0, "cannot remove it: %s", strerror(errno));
        return SIM_IO;
    }
    return SIM_OK;
}

enum output_presence output_merge_present(const char *path, const struct output_plan *plan)
{
    if (access(path, F_OK) != 0)
        return OUTPUT_ABSENT;
    char digits[17], found[17] = "";
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)plan->hash);
    output_h5_quiet();
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0)
        return OUTPUT_OTHER;
    hid_t attribute = H5Aopen(file, "plan_hash", H5P_DEFAULT);
    hid_t type = attribute < 0 ? -1 : H5Aget_type(attribute);
    if (type >= 0 && H5Tget_class(type) == H5T_STRING && H5Tget_size(type) == 16)
        H5Aread(attribute, type, found);
    output_h5_release(type);
    output_h5_release(attribute);
    H5Fclose(file);
    return strcmp(digits, found) == 0 ? OUTPUT_SAME_PLAN : OUTPUT_OTHER;
}
