/* From the logs of FILE.parts/ to FILE.h5. */
#ifndef OUTPUT_MERGE_H
#define OUTPUT_MERGE_H

#include "index.h"

/* Writes a fresh results file in (scenario, replicate) order under a temporary name, syncs it and
 * renames it to path: path is never half a file. The same records give the same bytes, in
 * whatever logs and order they lie. Tasks without a record are pending in it; failed ones keep fill
 * and their reason in /log. Not thread-safe (HDF5). */
enum sim_status output_merge(struct output_index *index, const struct output_plan *plan,
                             const char *path, struct sim_errors *errors);
/* Removes folder (FILE.parts) with its plan and logs; other files in it are left, and then the
 * folder too, with a message. */
enum sim_status output_merge_clean(const char *folder, struct sim_errors *errors);

/* Whether a results file is there and which plan it is of. */
enum output_presence { OUTPUT_ABSENT, OUTPUT_SAME_PLAN, OUTPUT_OTHER };
enum output_presence output_merge_present(const char *path, const struct output_plan *plan);

#endif
