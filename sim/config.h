/* Inside of struct sim_config; for config.c and param.c only. See param.h. */
#ifndef SIM_CONFIG_H
#define SIM_CONFIG_H

#include "param.h"

struct sim_component;

/* One parameter's belongings beside its field in the block. */
struct sim_config_slot {
    void *owned;     /* what a PATH or VECTOR field points to, else NULL */
    char **origins;  /* [elements]; a NULL means "default" */
    size_t elements; /* labels of a VECTOR, else 1 */
};

struct sim_config {
    const struct sim_component **components; /* the array is owned, what it points to is borrowed */
    size_t count;
    void **blocks;                  /* [component] */
    struct sim_config_slot **slots; /* [component][parameter] */
    char **names;                   /* every path that can be set, for suggestions */
    size_t name_count;
};

/* The parameter's eight bytes in its block. */
void *sim_config_field(const struct sim_config *config, struct sim_param_ref ref);
struct sim_config_slot *sim_config_slot_of(const struct sim_config *config,
                                           struct sim_param_ref ref);
/* Puts a copy of a path in the place of the present one; false when out of memory. */
bool sim_config_own_path(struct sim_config *config, struct sim_param_ref ref,
                         const struct sim_path *path);

#endif
