/* A plan on disk: FILE.parts/plan is its bytes, then their hash. */
#include "../sim/hash.h"
#include "bytes.h"
#include "disk.h"
#include "plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH_SIZE = 8 };

static uint64_t content_hash(const unsigned char *bytes, size_t size)
{
    return sim_hash_bytes(UINT64_C(0x706c616e), bytes, size);
}

enum sim_status output_plan_load(struct output_plan **plan, const char *folder,
                                 struct sim_errors *errors)
{
    *plan = NULL;
    char path[OUTPUT_PATH];
    unsigned char *bytes;
    size_t size;
    if (!output_disk_join(path, folder, "plan", errors))
        return SIM_NO_INPUT;
    enum sim_status status = output_disk_get(path, &bytes, &size, errors);
    if (status != SIM_OK)
        return status;
    if (size < HASH_SIZE ||
        output_load_u64(bytes + size - HASH_SIZE) != content_hash(bytes, size - HASH_SIZE)) {
        sim_errors_add(errors, SIM_BAD_DATA, path, 0,
                       "not a plan of this program, or torn or altered");
        free(bytes);
        return SIM_BAD_DATA;
    }
    *plan = output_plan_parse(bytes, size - HASH_SIZE);
    if (!*plan) {
        sim_errors_add(errors, SIM_BAD_DATA, path, 0, "a plan of another version of this program");
        return SIM_BAD_DATA;
    }
    return SIM_OK;
}

/* Another process may have saved it; then it must be the same. */
static enum sim_status compare_saved(const struct output_plan *plan, const char *folder,
                                     struct sim_errors *errors)
{
    struct output_plan *saved;
    enum sim_status status = output_plan_load(&saved, folder, errors);
    if (status != SIM_OK)
        return status;
    if (saved->hash != plan->hash) {
        sim_errors_add(errors, SIM_BAD_DATA, folder, 0,
                       "holds parts of another plan (%016llx; this one is %016llx): other "
                       "scenarios, parameters, seed, replicates, variables or version. Merge it, "
                       "remove it, or write to another file",
                       (unsigned long long)saved->hash, (unsigned long long)plan->hash);
        status = SIM_BAD_DATA;
    }
    output_plan_destroy(saved);
    return status;
}

enum sim_status output_plan_save(const struct output_plan *plan, const char *folder,
                                 struct sim_errors *errors)
{
    char path[OUTPUT_PATH];
    if (!output_disk_join(path, folder, "plan", errors))
        return SIM_CANNOT_CREATE;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        sim_errors_add(errors, SIM_CANNOT_CREATE, folder, 0, "cannot create the folder: %s",
                       strerror(errno));
        return SIM_CANNOT_CREATE;
    }
    if (access(path, F_OK) == 0)
        return compare_saved(plan, folder, errors);
    unsigned char *bytes = malloc(plan->byte_count + HASH_SIZE);
    if (!bytes) {
        sim_errors_add(errors, SIM_IO, path, 0, "out of memory");
        return SIM_MEMORY;
    }
    memcpy(bytes, plan->bytes, plan->byte_count);
    output_store_u64(bytes + plan->byte_count, content_hash(bytes, plan->byte_count));
    enum sim_status status = output_disk_put(path, bytes, plan->byte_count + HASH_SIZE, errors);
    free(bytes);
    return status;
}
