/* Help, manual page and shell completion, printed from the rows of cli/table.c. */
#ifndef HELP_H
#define HELP_H

#include "command.h"

/* The list of commands and exit statuses. */
void help_overview(FILE *out);
void help_command(FILE *out, const struct cli_command *command);
/* The manual page remelt(1), in roff. */
void help_man(FILE *out);
/* Completion for bash. */
void help_completion(FILE *out);

struct help_exit {
    int code;
    const char *meaning;
};
extern const struct help_exit help_exits[];
extern const size_t help_exit_count;

#endif
