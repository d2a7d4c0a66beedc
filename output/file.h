/* The results file as HDF5: coordinates, variables and groups of a plan, without data; then the
 * data of one replicate after another, as chunks that are already compressed. */
#ifndef OUTPUT_FILE_H
#define OUTPUT_FILE_H

#include "h5.h"
#include "plan.h"

/* A replicate that failed, for the group /log. */
struct output_casualty {
    uint32_t scenario;
    uint64_t replicate;
    enum sim_status status;
    char *text; /* owned by whoever made it */
};

struct output_file {
    struct output_h5 h5;
    const struct output_plan *plan; /* borrowed */
    hid_t scenario, replicate, detail, time, bounds, year;
    hid_t *dimensions; /* scales, [plan->dimension_count] */
    hid_t *variables;  /* [plan->variable_count] */
};

/* Creates the file at path and all datasets of the plan. Failure is in file->h5. */
void output_file_create(struct output_file *file, const struct output_plan *plan, const char *path);
/* Stores the chunks of a finished replicate; payload as output_chunk_pack wrote it. */
void output_file_put(struct output_file *file, uint32_t scenario, uint64_t replicate, bool detail,
                     const unsigned char *payload);
/* status and trace_hash, [scenario][replicate]. */
void output_file_status(struct output_file *file, const int8_t *status, const uint64_t *hashes);
/* The groups /scenarios, /parameters, /provenance and /log. note: or NULL; why the results
 * may not be the same bits elsewhere. */
void output_file_groups(struct output_file *file, const struct output_casualty *casualties,
                        size_t count, const char *note);
/* Closes everything; false where anything failed since create (message in file->h5.what). */
bool output_file_close(struct output_file *file);

#endif
