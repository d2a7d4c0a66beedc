/* A labelled axis, shared by parameters, outputs and tables. */
#ifndef SIM_DIMENSION_H
#define SIM_DIMENSION_H

#include <stddef.h>

struct sim_dimension {
    const char *name;          /* "sector" */
    const char *long_name;     /* "end-use sector" */
    size_t count;              /* number of labels */
    const char *const *labels; /* UTF-8, static */
};

/* Index of label, or dimension->count where there is none. */
size_t sim_dimension_find(const struct sim_dimension *dimension, const char *label);

#endif
