/* A component: a part of the model in one file, exported as one constant
 * `const struct sim_component NAME_component`. It carries its parameters, outputs, events, policy
 * types and tables as rows, and five functions. */
#ifndef SIM_COMPONENT_H
#define SIM_COMPONENT_H

#include "domain.h"
#include "output.h"
#include "param.h"
#include "policy.h"
#include "table.h"

struct sim_ledger;

struct sim_kind {
    const char *name; /* "hub_weighed": unique in the program */
    const char *doc;
};

struct sim_component {
    const char *name, *doc;
    const struct sim_param *params;
    size_t param_count, param_size;
    const struct sim_output *outputs;
    size_t output_count;
    const struct sim_kind *kinds; /* local event kinds, from 0 */
    size_t kind_count;
    const struct sim_policy_type *policies;
    size_t policy_count;
    const struct sim_table_row *tables;
    size_t table_count;

    /* State of this component in one domain, with its first events scheduled. `world` is the
     * model's shared, immutable data. *state stays NULL where the domain has no part in it. */
    enum sim_status (*create)(struct sim_domain *domain, const void *world, void **state);
    sim_handler *handle;
    /* Adds this domain's month to the sample, and starts the next month. */
    void (*sample)(struct sim_domain *domain, void *state, struct sim_sample *sample);
    /* After all domains: what needs all states (quantiles, shares). states[domain], may be NULL. */
    void (*summarise)(void *const *states, size_t domains, struct sim_sample *sample);
    /* Adds what it physically holds to counted[account * quantities + quantity]. */
    void (*audit)(const struct sim_domain *domain, const void *state, int64_t *counted);
    void (*destroy)(void *state); /* accepts NULL */
};

#endif
