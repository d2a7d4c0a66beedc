/* FILE.run.json: what differs from run to run (when, where, with what, at what cost), and hence is
 * not in the results. */
#ifndef RUN_RECORD_H
#define RUN_RECORD_H

#include "progress.h"
#include "run_files.h"

#include <time.h>

struct run_record {
    time_t started;
    double seconds;  /* wall clock */
    uint64_t events; /* executed by this process */
    struct sim_tally tally;
};

/* Writes the record by rename. CLI_OK, or an exit code after a message. */
int run_record_write(const char *path, const struct run_record *record,
                     const struct run_options *options, const struct cli_arguments *arguments);
/* The command line with --resume in place of --force and --resume, for a shell; out is a stream. */
void run_record_resume(FILE *out, const struct cli_arguments *arguments);

#endif
