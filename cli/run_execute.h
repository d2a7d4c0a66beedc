/* Runs what is missing of a batch in this process, and logs every replicate as it ends. */
#ifndef RUN_EXECUTE_H
#define RUN_EXECUTE_H

#include "progress.h"
#include "run_files.h"
#include "run_record.h"

struct run_outcome {
    struct run_record record;
    enum progress_reason reason; /* PROGRESS_RUNNING: it was not stopped */
    uint64_t unlogged;           /* replicates that ended but could not be written */
};

/* CLI_OK also where replicates failed or the batch was stopped (see outcome): only what prevents
 * running or logging at all is an error, with a message. */
int run_execute(const struct run_batch *batch, const struct run_files *files,
                struct run_outcome *outcome);

#endif
