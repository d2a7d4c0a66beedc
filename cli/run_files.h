/* The files of a batch, FILE.h5, FILE.parts/ and FILE.run.json, and what a run may do to them. */
#ifndef RUN_FILES_H
#define RUN_FILES_H

#include "run_batch.h"

#include "../output/disk.h"

struct run_files {
    char file[OUTPUT_PATH];   /* FILE.h5 */
    char folder[OUTPUT_PATH]; /* FILE.parts */
    char record[OUTPUT_PATH]; /* FILE.run.json */
};

/* Names the files, from -o or the first scenario's name. CLI_OK, or an exit code after a message.
 */
int run_files_name(struct run_files *files, const struct run_batch *batch);
/* What is there already: CLI_CANNOT_CREATE after a message where results or an interrupted batch
 * exist and neither --resume nor --force is given. */
int run_files_refuse(const struct run_files *files, const struct run_options *options);
/* Creates results/ where that is the default, discards an interrupted batch where --force is
 * given, and saves the plan. Another plan there is refused. */
int run_files_prepare(const struct run_files *files, const struct run_batch *batch);
/* True where FILE.h5 exists. */
bool run_files_exist(const struct run_files *files);

#endif
