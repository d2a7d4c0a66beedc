/* `remelt check`: validate scenarios and print them resolved. */
#include "../models/chain.h"
#include "../scenarios/scenario.h"
#include "command.h"

#include <stdlib.h>
#include <string.h>

/* Every --set, in the order written; NULL when out of memory. */
static struct scenario_setting *list_settings(const struct cli_arguments *arguments, size_t *count)
{
    struct scenario_setting *settings = calloc(arguments->given_count + 1, sizeof *settings);
    *count = 0;
    for (size_t i = 0; settings && i < arguments->given_count; i++) {
        if (strcmp(arguments->given[i].option->name, "set") == 0)
            settings[(*count)++].text = arguments->given[i].value;
    }
    return settings;
}

/* What only the model can see: values that are right each for itself but contradict each other. */
static void check_model(const struct scenario *scenario, struct sim_errors *errors)
{
    struct chain_scenario *chain = NULL;
    chain_scenario_create(&chain, scenario->config, &scenario->tables, &scenario->policies, errors);
    chain_scenario_destroy(chain);
}

static void check_points(const struct scenario *scenario, struct sim_errors *errors)
{
    size_t before = errors->count;
    for (size_t i = 0; i < scenario_point_count(scenario) && errors->count == before; i++) {
        struct scenario *point = NULL;
        if (scenario_point(&point, scenario, i, errors) == SIM_OK)
            check_model(point, errors);
        scenario_destroy(point);
    }
}

int command_check(int argc, char **argv)
{
    struct cli_arguments arguments;
    int exit_code;
    if (!cli_parse(&arguments, argc, argv, &exit_code))
        return exit_code;
    exit_code = CLI_OK;
    struct sim_errors errors;
    sim_errors_init(&errors);
    size_t setting_count = 0;
    struct scenario_setting *settings = list_settings(&arguments, &setting_count);
    if (!settings)
        sim_errors_add(&errors, SIM_MEMORY, NULL, 0, "out of memory");
    for (size_t i = 0; settings && i < arguments.operand_count; i++) {
        struct scenario *scenario = NULL;
        if (scenario_load(&scenario, arguments.operands[i], chain_components, chain_component_count,
                          settings, setting_count, &errors) == SIM_OK) {
            check_model(scenario, &errors);
            check_points(scenario, &errors);
            /* one scenario alone can be loaded again from what is printed */
            printf("%s%s", i == 0 ? "" : "---\n", scenario->resolved);
        }
        scenario_destroy(scenario);
    }
    if (errors.worst != SIM_OK)
        exit_code = cli_input_errors(&errors);
    free(settings);
    sim_errors_clear(&errors);
    cli_arguments_clear(&arguments);
    return cli_finish("check", exit_code);
}
