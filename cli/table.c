/* One row per command and per option: the only place where they are written down. */
#include "command.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct cli_option run_options[] = {
    {"output", 'o', "FILE.h5", "Write the results to this file (default: results/NAME.h5)."},
    {"replicates", 'r', "N|A:B",
     "Run N replicates (default: 20), or replicates A to B-1, counted from 0."},
    {"seed", 's', "SEED", "Seed of all random numbers, 0 to 4294967295 (default: 1)."},
    {"jobs", 'j', "THREADS", "Number of threads (default: all cores)."},
    {"until", 0, "DATE",
     "Simulate up to this date, the first of a month from 2020-02-01 to 2061-01-01 (default: "
     "2031-01-01); a year alone means its 1 January."},
    {"set", 0, "PATH=VALUE",
     "Set a parameter in every scenario, over what its file says; may be repeated."},
    {"vars", 0, "LIST",
     "Keep these variables only: names or patterns, separated by commas (default: what the first "
     "scenario says)."},
    {"part", 0, "K/N", "Run part K of N of the batch, counted from 1; the last part merges."},
    {"resume", 0, NULL, "Run only what is missing from an interrupted batch of the same plan."},
    {"force", 0, NULL, "Replace results that exist, and forget what was interrupted."},
    {"dry-run", 0, NULL, "Print what would run, with events, time, memory and disk; run nothing."},
    {"quiet", 0, NULL, "Print errors only."},
    {"progress", 0, "plain|tty|json",
     "How progress is shown on standard error (default: tty on a terminal, else plain)."},
    {"max-time", 0, "DURATION",
     "Stop in good time after this long, resumable: 90, 90s, 30m, 8h, 2d or 1:30:00."},
    {"trace", 0, "FILE",
     "Write every executed event as a line; needs one scenario, one replicate and one thread. "
     "\"-\" is standard output."},
};

static const struct cli_option check_options[] = {
    {"set", 0, "PATH=VALUE",
     "Set a parameter in every scenario, over what its file says; may be repeated."},
};

static const struct cli_option list_options[] = {
    {"format", 0, "table|yaml|markdown", "How to print (default: table)."},
};

static const struct cli_option summary_options[] = {
    {"format", 0, "table|tsv|json", "How to print (default: table)."},
};

static const struct cli_option merge_options[] = {
    {"force", 0, NULL,
     "Replace FILE.h5 where it exists, and merge parts from processors whose arithmetic differs."},
};

static const struct cli_option bench_options[] = {
    {"output", 'o', "FILE.tsv", "Also write the table to this file; \"-\" is standard output."},
    {"jobs", 'j', "THREADS", "Largest number of threads to measure (default: all cores)."},
};

static const struct cli_option version_options[] = {
    {"json", 0, NULL, "Print as JSON."},
};

static const struct cli_option help_options[] = {
    {"man", 0, NULL, "Print the manual page, in roff."},
    {"completion", 0, NULL, "Print the completion for bash."},
};

const struct cli_command cli_commands[] = {
    {"run", "SCENARIO...", "run an ensemble of one or several scenarios",
     "Runs every scenario with the same replicates, so that differences between scenarios are "
     "paired, and writes one results file. Finished replicates are kept as they come: after an "
     "interruption, --resume runs only what is missing. SIGINT and SIGTERM stop in good time "
     "(exit status 75), a second one at once; SIGUSR1 makes sure that what is finished is on "
     "disk. Time, host, threads and command line are in FILE.run.json, so that equal runs give "
     "equal results files.",
     run_options, COUNT(run_options), 1, SIZE_MAX, command_run},
    {"check", "SCENARIO...", "validate scenarios and print them resolved",
     "Reads scenarios with all they extend and reports every error. Prints the resolved scenario: "
     "each parameter with its value and where that comes from.",
     check_options, COUNT(check_options), 1, SIZE_MAX, command_check},
    {"params", "[PATTERN]", "list the parameters",
     "Lists the parameters that a scenario may set, with unit, default, bounds, plausible range "
     "and source. PATTERN is a part of a name or a shell pattern.",
     list_options, COUNT(list_options), 0, 1, command_params},
    {"vars", "[PATTERN]", "list the variables of the results",
     "Lists the variables that a results file holds, with unit, dimensions and meaning. PATTERN "
     "is a part of a name or a shell pattern.",
     list_options, COUNT(list_options), 0, 1, command_vars},
    {"summary", "FILE.h5", "headline results by year",
     "Prints headline variables by year: median and 5-95 % band over replicates, with units.",
     summary_options, COUNT(summary_options), 1, 1, command_summary},
    {"merge", "FILE.h5", "merge the parts of a batch",
     "Merges the parts in FILE.parts/ into FILE.h5, as the last part of `remelt "
     "run` does by itself.",
     merge_options, COUNT(merge_options), 1, 1, command_merge},
    {"bench", "[NAME...]", "measure speed",
     "Runs benchmarks and prints events per second and memory. Without NAME, all of them.",
     bench_options, COUNT(bench_options), 0, SIZE_MAX, command_bench},
    {"version", "", "version, compiler and libraries",
     "Prints version, commit, compiler, flags and libraries.", version_options,
     COUNT(version_options), 0, 0, command_version},
    {"help", "[COMMAND]", "help on a command",
     "Prints the help of a command; without one, the list of commands.", help_options,
     COUNT(help_options), 0, 1, command_help},
};
const size_t cli_command_count = COUNT(cli_commands);
