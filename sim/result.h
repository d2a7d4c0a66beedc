/* What one replicate leaves behind. Everything in it is the same for any number of threads. */
#ifndef SIM_RESULT_H
#define SIM_RESULT_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_result {
    uint32_t scenario;
    uint64_t replicate;
    struct sim_failure failure; /* status SIM_OK where it succeeded */
    bool detail;                /* detail variables are filled */
    uint64_t trace_hash;        /* every executed event, and the bits of every sample */
    uint64_t events;
    size_t size;    /* layout->size */
    double *values; /* [size], laid out by the struct sim_layout; NaN is fill. Owned. */
};

/* All values fill; false when out of memory. */
bool sim_result_init(struct sim_result *result, uint32_t scenario, uint64_t replicate, size_t size);
void sim_result_clear(struct sim_result *result);

#endif
