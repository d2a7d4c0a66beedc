/* What the logs of a plan hold: for every task the record to use, found by reading all logs of
 * FILE.parts/ once and checking every byte. Used to resume and to merge. */
#ifndef OUTPUT_INDEX_H
#define OUTPUT_INDEX_H

#include "plan.h"
#include "record.h"

struct output_index; /* opaque */

enum output_state { OUTPUT_PENDING, OUTPUT_DONE, OUTPUT_FAILED };

/* Reads the logs in folder. Damage that costs only its own records goes to notes: a torn tail, a
 * record whose CRC is wrong, an unreadable header of an empty log. Refused, with the file's name in
 * errors (SIM_BAD_DATA): a log of another plan or version; two runs of one replicate that differ; a
 * different processor fingerprint (see sim_fingerprint), unless forced, and then a note. expected
 * is a fingerprint the records must have, 0 for "all the same". plan is borrowed. Where errors are
 * added, *index is NULL. A folder that is missing is SIM_NO_INPUT. */
enum sim_status output_index_open(struct output_index **index, const struct output_plan *plan,
                                  const char *folder, uint64_t expected, bool force,
                                  struct sim_errors *errors, struct sim_errors *notes);
void output_index_close(struct output_index *index); /* accepts NULL */

/* State of a task of the plan. */
enum output_state output_index_state(const struct output_index *index, uint32_t scenario,
                                     uint64_t replicate);
/* True where a task needs no run: done, or failed for a reason that will recur (not for want of
 * memory). */
bool output_index_finished(const struct output_index *index, uint32_t scenario, uint64_t replicate);
/* Tasks in each state, [OUTPUT_PENDING .. OUTPUT_FAILED]. */
void output_index_count(const struct output_index *index, uint64_t counts[3]);
/* Records of more than one fingerprint were merged by force. */
bool output_index_mixed(const struct output_index *index);
/* The record of a task and its payload, in a buffer the index owns until the next call; false
 * where the task is pending. SIM_IO in *status where it cannot be read again. Not thread-safe. */
bool output_index_get(struct output_index *index, uint32_t scenario, uint64_t replicate,
                      struct output_record *record, const unsigned char **payload,
                      enum sim_status *status);

#endif
