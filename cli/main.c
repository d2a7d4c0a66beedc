/* remelt: finds the command and turns its exit code into the program's. */
#include "help.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc < 2) {
        help_overview(stderr);
        return CLI_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0)
        name = "version";
    else if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    const struct cli_command *command = cli_command_find(name);
    if (!command) {
        fprintf(stderr, "remelt: there is no command %s\nSee `remelt help`.\n", argv[1]);
        return CLI_USAGE;
    }
    /* A file size limit is then an error of writing like a full disk, and not a death. */
    signal(SIGXFSZ, SIG_IGN);
    char **rest = malloc((size_t)argc * sizeof *rest);
    char own[16];
    if (!rest)
        return cli_error(name, CLI_INTERNAL, "out of memory");
    memcpy(rest, argv + 1, (size_t)argc * sizeof *rest);
    snprintf(own, sizeof own, "%s", name);
    rest[0] = own;
    int exit_code = command->run(argc - 1, rest);
    free(rest);
    return exit_code;
}
