/* Parsing of a command's arguments by its rows, and messages to the user. */
#include "command.h"
#include "help.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int cli_exit_from_status(enum sim_status status)
{
    switch (status) {
    case SIM_OK:
        return CLI_OK;
    case SIM_STOPPED:
        return CLI_INTERRUPTED;
    case SIM_BAD_DATA:
        return CLI_BAD_DATA;
    case SIM_NO_INPUT:
        return CLI_NO_INPUT;
    case SIM_CANNOT_CREATE:
        return CLI_CANNOT_CREATE;
    case SIM_IO:
        return CLI_IO;
    case SIM_BALANCE:
    case SIM_RUNAWAY:
    case SIM_MEMORY:
    case SIM_MODEL:
        break;
    }
    return CLI_INTERNAL;
}

const struct cli_command *cli_command_find(const char *name)
{
    for (size_t i = 0; i < cli_command_count; i++) {
        if (strcmp(cli_commands[i].name, name) == 0)
            return &cli_commands[i];
    }
    return NULL;
}

static void print_message(const char *command, const char *format, va_list list)
{
    fprintf(stderr, "remelt %s: ", command);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
}

int cli_usage_error(const char *command, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_message(command, format, list);
    va_end(list);
    fprintf(stderr, "See `remelt help %s`.\n", command);
    return CLI_USAGE;
}

int cli_error(const char *command, int exit_code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_message(command, format, list);
    va_end(list);
    return exit_code;
}

int cli_input_errors(const struct sim_errors *errors)
{
    for (size_t i = 0; i < errors->count; i++)
        fprintf(stderr, "%s\n", errors->lines[i]);
    if (errors->count > 1)
        fprintf(stderr, "%zu errors\n", errors->count);
    return cli_exit_from_status(errors->worst);
}

int cli_finish(const char *command, int exit_code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return exit_code;
    return cli_error(command, CLI_IO, "standard output: %s", strerror(errno));
}

bool cli_unsigned(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
    uint64_t sum = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        unsigned digit = (unsigned)(*text - '0');
        if (sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = 10 * sum + digit;
    }
    *value = sum;
    return sum >= min && sum <= max;
}

/* The option that `name` (length bytes) means. Prints a usage error and returns NULL where it means
 * none, or several. */
static const struct cli_option *find_long(const struct cli_command *command, const char *name,
                                          size_t length)
{
    const struct cli_option *found = NULL, *second = NULL;
    for (size_t i = 0; i < command->option_count; i++) {
        const struct cli_option *option = &command->options[i];
        if (strncmp(option->name, name, length) != 0)
            continue;
        if (strlen(option->name) == length)
            return option;
        second = found;
        found = option;
    }
    if (found && !second)
        return found;
    if (found)
        cli_usage_error(command->name, "--%.*s could be --%s or --%s", (int)length, name,
                        second->name, found->name);
    else
        cli_usage_error(command->name, "there is no option --%.*s", (int)length, name);
    return NULL;
}

static void add_given(struct cli_arguments *a, const struct cli_option *option, const char *value)
{
    a->given[a->given_count++] = (struct cli_given){option, value};
}

/* argv[*at] is "--name" or "--name=value"; false after a usage error. */
static bool parse_long(struct cli_arguments *a, int argc, char **argv, int *at)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct cli_option *option = find_long(a->command, name, length);
    if (!option)
        return false;
    const char *value = equals ? equals + 1 : NULL;
    if (!option->value && value) {
        cli_usage_error(a->command->name, "--%s takes no value", option->name);
        return false;
    }
    if (option->value && !value) {
        if (*at + 1 >= argc) {
            cli_usage_error(a->command->name, "--%s needs a value: --%s %s", option->name,
                            option->name, option->value);
            return false;
        }
        value = argv[++*at];
    }
    add_given(a, option, value);
    return true;
}

/* argv[*at] is "-x", "-xVALUE" or several flags in one word; false after a usage error. */
static bool parse_short(struct cli_arguments *a, int argc, char **argv, int *at)
{
    const struct cli_command *command = a->command;
    for (const char *letter = argv[*at] + 1; *letter; letter++) {
        const struct cli_option *option = NULL;
        for (size_t i = 0; i < command->option_count && !option; i++) {
            if (command->options[i].letter == *letter)
                option = &command->options[i];
        }
        if (!option) {
            cli_usage_error(command->name, "there is no option -%c", *letter);
            return false;
        }
        if (!option->value) {
            add_given(a, option, NULL);
            continue;
        }
        const char *value = letter + 1;
        if (!*value) {
            if (*at + 1 >= argc) {
                cli_usage_error(command->name, "-%c needs a value: -%c %s", *letter, *letter,
                                option->value);
                return false;
            }
            value = argv[++*at];
        }
        add_given(a, option, value);
        return true;
    }
    return true;
}

static bool operands_fit(const struct cli_arguments *a)
{
    const struct cli_command *command = a->command;
    if (a->operand_count >= command->least && a->operand_count <= command->most)
        return true;
    if (a->operand_count < command->least)
        cli_usage_error(command->name, "%s is missing", command->operands);
    else
        cli_usage_error(command->name, "too much: %s", a->operands[command->most]);
    return false;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* True: parsed. False: *exit_code is set. */
static bool parse_all(struct cli_arguments *a, int argc, char **argv, int *exit_code)
{
    bool options_end = false;
    *exit_code = CLI_USAGE;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (options_end || word[0] != '-' || !word[1]) {
            a->operands[a->operand_count++] = word;
        } else if (strcmp(word, "--") == 0) {
            options_end = true;
        } else if (is_help(word)) {
            help_command(stdout, a->command);
            *exit_code = cli_finish(a->command->name, CLI_OK);
            return false;
        } else if (!(word[1] == '-' ? parse_long(a, argc, argv, &i)
                                    : parse_short(a, argc, argv, &i))) {
            return false;
        }
    }
    if (!operands_fit(a))
        return false;
    *exit_code = CLI_OK;
    return true;
}

bool cli_parse(struct cli_arguments *arguments, int argc, char **argv, int *exit_code)
{
    const struct cli_command *command = cli_command_find(argv[0]);
    sim_require(command, "%s has no row in the table of commands", argv[0]);
    size_t words = 1; /* no more options than letters, no more operands than words */
    for (int i = 1; i < argc; i++)
        words += strlen(argv[i]) + 1;
    *arguments = (struct cli_arguments){.command = command};
    arguments->operands = calloc(words, sizeof *arguments->operands);
    arguments->given = calloc(words, sizeof *arguments->given);
    bool parsed = false;
    if (!arguments->operands || !arguments->given)
        *exit_code = cli_error(command->name, CLI_INTERNAL, "out of memory");
    else
        parsed = parse_all(arguments, argc, argv, exit_code);
    if (!parsed)
        cli_arguments_clear(arguments);
    return parsed;
}

void cli_arguments_clear(struct cli_arguments *arguments)
{
    free(arguments->operands);
    free(arguments->given);
    *arguments = (struct cli_arguments){.command = arguments->command};
}

static const struct cli_given *last_given(const struct cli_arguments *arguments, const char *name)
{
    for (size_t i = arguments->given_count; i > 0; i--) {
        if (strcmp(arguments->given[i - 1].option->name, name) == 0)
            return &arguments->given[i - 1];
    }
    return NULL;
}

bool cli_has(const struct cli_arguments *arguments, const char *name)
{
    return last_given(arguments, name) != NULL;
}

const char *cli_value(const struct cli_arguments *arguments, const char *name)
{
    const struct cli_given *given = last_given(arguments, name);
    return given ? given->value : NULL;
}

int cli_choice(const struct cli_arguments *arguments, const char *name, const char *const *choices)
{
    const struct cli_given *given = last_given(arguments, name);
    if (!given)
        return 0;
    for (int i = 0; choices[i]; i++) {
        if (strcmp(choices[i], given->value) == 0)
            return i;
    }
    cli_usage_error(arguments->command->name, "--%s %s: allowed are %s", name, given->value,
                    given->option->value);
    return -1;
}
