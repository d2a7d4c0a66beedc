/* A process's log of finished replicates, FILE.parts/part-K-of-N.RUN.log, appended to by its
 * worker threads. Each attempt has its own file (O_EXCL): a process killed on another node can
 * never write into a log that its successor continues. */
#ifndef OUTPUT_LOG_H
#define OUTPUT_LOG_H

#include "../sim/result.h"
#include "plan.h"

struct output_log; /* opaque */

/* Creates a new log in folder, which output_plan_save has prepared. plan is borrowed and must
 * outlive the log. part counts from 0. */
enum sim_status output_log_create(struct output_log **log, const struct output_plan *plan,
                                  const char *folder, uint32_t part, uint32_t parts,
                                  struct sim_errors *errors);
/* Compresses the result and appends it as one record; syncs where the last sync is a second ago.
 * Thread-safe. A stopped replicate (SIM_STOPPED) must not be appended. On SIM_IO (full disk, say)
 * the log is cut back to its last whole record, and further calls may succeed. */
enum sim_status output_log_append(struct output_log *log, const struct sim_result *result);
/* Puts on disk all that was appended. Thread-safe. */
enum sim_status output_log_sync(struct output_log *log);
/* The first failure's message since the log was made, or "". Not while others append. */
const char *output_log_message(const struct output_log *log);
/* The log's path. */
const char *output_log_path(const struct output_log *log);
/* Bytes written so far. */
uint64_t output_log_size(struct output_log *log);
/* Syncs, closes, frees. Accepts NULL. */
enum sim_status output_log_destroy(struct output_log *log);

#endif
