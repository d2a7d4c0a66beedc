/* The value chain as the floors above see it: its components, a scenario's shared immutable data,
 * and one replicate. */
#ifndef CHAIN_H
#define CHAIN_H

#include "../sim/component.h"
#include "../sim/engine.h"
#include "../sim/ensemble.h"
#include "../sim/result.h"

#include <stdio.h>

extern const struct sim_component *const chain_components[];
extern const size_t chain_component_count;

/* Everything that replicates of a scenario share; immutable, read by many threads. */
struct chain_scenario;

/* config, tables and policies are borrowed and must outlive the scenario. Inputs that contradict
 * each other are collected in errors; *scenario is then NULL. */
enum sim_status chain_scenario_create(struct chain_scenario **scenario,
                                      const struct sim_config *config,
                                      const struct sim_tables *tables,
                                      const struct sim_policies *policies,
                                      struct sim_errors *errors);
void chain_scenario_destroy(struct chain_scenario *scenario); /* accepts NULL */

struct chain_request {
    uint64_t seed, replicate;
    struct sim_team *team;    /* or NULL: one thread */
    const volatile int *stop; /* or NULL */
    FILE *trace;              /* or NULL; every executed event as a line. Needs one thread. */
    int64_t break_metal;      /* test hook: grams of metal that vanish in 2021, 0 for none */
};

/* Runs one replicate from 2019-01-01 to the end of the layout's months and fills result->values.
 * The status is also in result->failure. result is initialised by sim_result_init. */
enum sim_status chain_run(const struct chain_scenario *scenario, const struct sim_layout *layout,
                          const struct chain_request *request, struct sim_result *result);

#endif
