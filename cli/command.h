/* What commands share: their entry points, exit statuses, arguments and usage errors.
 *
 * Each command is one file, command_NAME.c, and gets argv[0] = its own name. Its options are rows
 * of cli/table.c, which parsing, `remelt help`, the man page and the shell completion all read.
 * Only cli/ turns a status into an exit, and only main returns it: a command returns. */
#ifndef COMMAND_H
#define COMMAND_H

#include "../sim/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum cli_exit {
    CLI_OK = 0,
    CLI_FAILED = 1,         /* a check or validation failed */
    CLI_USAGE = 2,          /* wrong usage */
    CLI_BAD_DATA = 65,      /* an input is wrong */
    CLI_NO_INPUT = 66,      /* an input file is missing */
    CLI_INTERNAL = 70,      /* a conservation law broken, a bug, a failed replicate */
    CLI_CANNOT_CREATE = 73, /* the output cannot be created */
    CLI_IO = 74,            /* reading or writing failed half-way */
    CLI_INTERRUPTED = 75    /* stopped, resumable */
};

int cli_exit_from_status(enum sim_status status);

/* "0.1.0"; static. */
const char *cli_version(void);

int command_run(int argc, char **argv);
int command_check(int argc, char **argv);
int command_params(int argc, char **argv);
int command_vars(int argc, char **argv);
int command_summary(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_version(int argc, char **argv);
int command_help(int argc, char **argv);

struct cli_option {
    const char *name;  /* long name, without dashes */
    char letter;       /* 0 where there is none */
    const char *value; /* "FILE"; NULL for a flag */
    const char *doc;   /* one sentence */
};

struct cli_command {
    const char *name, *operands; /* "SCENARIO..." */
    const char *doc;             /* one line */
    const char *description;     /* paragraphs, plain text */
    const struct cli_option *options;
    size_t option_count;
    size_t least, most; /* number of operands; SIZE_MAX: any */
    int (*run)(int argc, char **argv);
};

extern const struct cli_command cli_commands[];
extern const size_t cli_command_count;
/* NULL where there is no such command. */
const struct cli_command *cli_command_find(const char *name);

struct cli_given {
    const struct cli_option *option;
    const char *value; /* NULL for a flag; borrowed from argv */
};

struct cli_arguments {
    const struct cli_command *command;
    const char **operands; /* borrowed from argv; "-" is an operand */
    size_t operand_count;
    struct cli_given *given; /* in the order written */
    size_t given_count;
};

/* Parses by the rows of argv[0]'s command; options and operands may mix, "--" ends the options,
 * unambiguous beginnings of long names are accepted. True: go on, and clear the arguments at the
 * end; *exit_code is CLI_OK. False: return *exit_code at once (after --help, or a usage error
 * already printed); nothing is to be cleared. */
bool cli_parse(struct cli_arguments *arguments, int argc, char **argv, int *exit_code);
void cli_arguments_clear(struct cli_arguments *arguments);
bool cli_has(const struct cli_arguments *arguments, const char *name);
/* The last value given, or NULL. */
const char *cli_value(const struct cli_arguments *arguments, const char *name);
/* One of the NULL-terminated choices as its index; index 0 where the option is not given; -1 after
 * printing a usage error. */
int cli_choice(const struct cli_arguments *arguments, const char *name, const char *const *choices);
/* Whole numbers in [min, max], decimal digits only. False where text is not one. */
bool cli_unsigned(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/* Print "remelt NAME: message" and where to find help to standard error; returns CLI_USAGE. */
int cli_usage_error(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Print "remelt NAME: message" to standard error and return exit_code. */
int cli_error(const char *command, int exit_code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Print all of a user's input errors to standard error; returns the exit code of the worst. */
int cli_input_errors(const struct sim_errors *errors);
/* Flushes standard output: `exit_code`, or CLI_IO with a message where writing to it failed. The
 * last call of a command that prints data. */
int cli_finish(const char *command, int exit_code);

#endif
