/* `remelt params`: every parameter that a scenario may set, vectors element by element. */
#include "../models/chain.h"
#include "command.h"
#include "params_list.h"

int command_params(int argc, char **argv)
{
    static const char *const formats[] = {"table", "yaml", "markdown", NULL};
    static const params_list_write writers[] = {params_list_table, params_list_yaml,
                                                params_list_markdown};
    struct cli_arguments arguments;
    int exit_code;
    if (!cli_parse(&arguments, argc, argv, &exit_code))
        return exit_code;
    exit_code = CLI_OK;
    const char *pattern = arguments.operand_count > 0 ? arguments.operands[0] : "";
    int format = cli_choice(&arguments, "format", formats);
    struct params_list list = {0};
    if (format < 0)
        exit_code = CLI_USAGE;
    else if (!params_list_init(&list, chain_components, chain_component_count, pattern))
        exit_code = cli_error("params", CLI_INTERNAL, "out of memory");
    else if (list.count == 0)
        exit_code =
            cli_error("params", CLI_FAILED,
                      "no parameter matches '%s'; without a pattern, all are listed", pattern);
    else
        writers[format](stdout, &list);
    params_list_clear(&list);
    cli_arguments_clear(&arguments);
    return cli_finish("params", exit_code);
}
