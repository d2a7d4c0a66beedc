/* An input file in memory: read whole, within a size limit, and known to be text in UTF-8. */
#ifndef SCENARIO_SOURCE_H
#define SCENARIO_SOURCE_H

#include "../sim/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scenario_source {
    char *bytes; /* NUL-terminated; size does not count the NUL nor a leading byte order mark */
    size_t size;
    uint64_t device, inode; /* what file this is, however it is named */
};

/* Reads a regular file of at most `limit` bytes. False after reporting: missing, a folder, not a
 * regular file, empty, too large, binary, not UTF-8. `origin` says where the name was written, as
 * ", which base.yaml:3 extends", or is "". */
bool scenario_source_read(struct scenario_source *source, const char *file, const char *origin,
                          size_t limit, struct sim_errors *errors);
/* The checks alone, on bytes in memory: binary or not UTF-8 is reported under the name `file`. */
bool scenario_source_check(const char *bytes, size_t size, const char *file,
                           struct sim_errors *errors);
void scenario_source_clear(struct scenario_source *source);

/* Names: the part after the last '/', the folder of `file` joined with `name` (on the heap, NULL
 * when out of memory; an absolute `name` stays as it is). */
const char *scenario_source_name(const char *file);
char *scenario_source_beside(const char *file, const char *name);

#endif
