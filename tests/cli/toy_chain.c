/* A model of three numbers behind the interface of models/chain.h, linked with everything else of
 * the program as build/tests/cli/toy: it makes replicates that last as long as a test needs, and
 * that fail where it asks for it. */
#include "../../models/chain.h"

#include <stdlib.h>
#include <time.h>

struct toy_params {
    double level;
    int64_t milliseconds, failing;
};

static const struct sim_param params[] = {
    SIM_PARAM_REAL(struct toy_params, level, "toy.level", "t", 2.385, 0, 10, 1, 3, "none",
                   "Level of the output."),
    SIM_PARAM_INT(struct toy_params, milliseconds, "toy.milliseconds", "ms", 3, 0, 100000, 1, 3,
                  "none", "How long a replicate takes."),
    SIM_PARAM_INT(struct toy_params, failing, "toy.failing", "1", -1, -1, 1000, -1, 1000, "none",
                  "Replicate that fails; -1 for none."),
};
SIM_PARAMS_COVER(params, struct toy_params);

static const struct sim_output outputs[] = {
    {.name = "output",
     .unit = "t",
     .long_name = "output",
     .method = SIM_METHOD_SUM,
     .reduce = SIM_REDUCE_SUM},
    {.name = "detail",
     .unit = "t",
     .long_name = "output of the first replicates",
     .method = SIM_METHOD_SUM,
     .reduce = SIM_REDUCE_SUM,
     .axis = SIM_AXIS_DETAIL},
};

static const struct sim_component toy_component = {.name = "toy",
                                                   .doc = "A test's model.",
                                                   .params = params,
                                                   .param_count = SIM_COUNT(params),
                                                   .param_size = sizeof(struct toy_params),
                                                   .outputs = outputs,
                                                   .output_count = SIM_COUNT(outputs)};

const struct sim_component *const chain_components[] = {&toy_component};
const size_t chain_component_count = SIM_COUNT(chain_components);

struct chain_scenario {
    const struct toy_params *params; /* borrowed */
};

enum sim_status chain_scenario_create(struct chain_scenario **scenario,
                                      const struct sim_config *config,
                                      const struct sim_tables *tables,
                                      const struct sim_policies *policies,
                                      struct sim_errors *errors)
{
    (void)tables;
    (void)policies;
    *scenario = malloc(sizeof **scenario);
    if (!*scenario) {
        sim_errors_add(errors, SIM_MEMORY, NULL, 0, "out of memory");
        return SIM_MEMORY;
    }
    (*scenario)->params = sim_config_block(config, 0);
    return SIM_OK;
}

void chain_scenario_destroy(struct chain_scenario *scenario)
{
    free(scenario);
}

enum sim_status chain_run(const struct chain_scenario *scenario, const struct sim_layout *layout,
                          const struct chain_request *request, struct sim_result *result)
{
    const struct toy_params *p = scenario->params;
    const struct timespec pause = {0, 1000000};
    for (int64_t i = 0; i < p->milliseconds; i++) {
        if (request->stop && __atomic_load_n(request->stop, __ATOMIC_RELAXED))
            return result->failure.status = SIM_STOPPED;
        nanosleep(&pause, NULL);
        if (request->trace)
            fprintf(request->trace, "%lld\tevent\n", (long long)i);
    }
    result->events = (uint64_t)p->milliseconds;
    result->trace_hash = request->seed * 1000 + request->replicate;
    if ((int64_t)request->replicate == p->failing) {
        result->failure = (struct sim_failure){.status = SIM_BALANCE, .text = "a toy that breaks"};
        return SIM_BALANCE;
    }
    for (size_t i = 0; i < layout->size; i++)
        result->values[i] = p->level * (double)(7 * request->seed + request->replicate + i);
    return SIM_OK;
}
