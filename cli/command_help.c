/* `remelt help`: text for the terminal. */
#include "help.h"

#include <string.h>

enum { WIDTH = 79, OPTION_INDENT = 10 };

const struct help_exit help_exits[] = {
    {CLI_OK, "success"},
    {CLI_FAILED, "a check or validation failed"},
    {CLI_USAGE, "wrong usage"},
    {CLI_BAD_DATA, "an input is wrong"},
    {CLI_NO_INPUT, "an input file is missing"},
    {CLI_INTERNAL, "an internal error, or a replicate failed"},
    {CLI_CANNOT_CREATE, "the output cannot be created"},
    {CLI_IO, "reading or writing failed half-way"},
    {CLI_INTERRUPTED, "stopped; what is finished is kept, and --resume goes on"},
};
const size_t help_exit_count = sizeof help_exits / sizeof help_exits[0];

/* Prints text in lines of at most WIDTH columns, each starting with `indent` spaces. */
static void print_wrapped(FILE *out, int indent, const char *text)
{
    int column = 0;
    while (*text) {
        size_t length = strcspn(text, " ");
        if (column > 0 && column + 1 + (int)length > WIDTH) {
            fputc('\n', out);
            column = 0;
        }
        if (column == 0)
            column = fprintf(out, "%*s", indent, "");
        else
            column += fprintf(out, " ");
        column += fprintf(out, "%.*s", (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

void help_overview(FILE *out)
{
    fputs("Usage: remelt COMMAND [OPTION]... [OPERAND]...\n"
          "Simulates China's secondary aluminium value chain.\n\nCommands:\n",
          out);
    for (size_t i = 0; i < cli_command_count; i++)
        fprintf(out, "  %-8s  %s\n", cli_commands[i].name, cli_commands[i].doc);
    fputs("\n`remelt help COMMAND` says more on each. Exit status:\n", out);
    for (size_t i = 0; i < help_exit_count; i++)
        fprintf(out, "  %2d  %s\n", help_exits[i].code, help_exits[i].meaning);
}

void help_command(FILE *out, const struct cli_command *command)
{
    fprintf(out, "Usage: remelt %s%s%s%s\n\n", command->name,
            command->option_count ? " [OPTION]..." : "", command->operands[0] ? " " : "",
            command->operands);
    print_wrapped(out, 0, command->description);
    if (command->option_count)
        fputs("\nOptions:\n", out);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct cli_option *option = &command->options[i];
        if (option->letter)
            fprintf(out, "  -%c, --%s", option->letter, option->name);
        else
            fprintf(out, "      --%s", option->name);
        fprintf(out, "%s%s\n", option->value ? "=" : "", option->value ? option->value : "");
        print_wrapped(out, OPTION_INDENT, option->doc);
    }
}

int command_help(int argc, char **argv)
{
    struct cli_arguments arguments;
    int exit_code;
    if (!cli_parse(&arguments, argc, argv, &exit_code))
        return exit_code;
    const struct cli_command *command = NULL;
    exit_code = CLI_OK;
    if (arguments.operand_count > 0) {
        command = cli_command_find(arguments.operands[0]);
        if (!command)
            exit_code = cli_usage_error("help", "there is no command %s", arguments.operands[0]);
    }
    if (exit_code == CLI_OK) {
        if (cli_has(&arguments, "man"))
            help_man(stdout);
        else if (cli_has(&arguments, "completion"))
            help_completion(stdout);
        else if (command)
            help_command(stdout, command);
        else
            help_overview(stdout);
        exit_code = cli_finish("help", CLI_OK);
    }
    cli_arguments_clear(&arguments);
    return exit_code;
}
