/* What a batch will cost, before it runs: from measured rates, so the order of magnitude. */
#ifndef RUN_ESTIMATE_H
#define RUN_ESTIMATE_H

#include "run_batch.h"

struct run_estimate {
    uint64_t tasks; /* of this part */
    double events;  /* of all tasks of this part */
    double seconds; /* wall clock, on the threads asked for */
    double memory;  /* bytes, at once */
    double disk;    /* bytes of the results file; about as much again for the parts */
    size_t variables;
};

struct run_estimate run_estimate(const struct run_batch *batch);
/* The plan and the estimate for people. */
void run_estimate_print(FILE *out, const struct run_batch *batch, const char *file);

#endif
