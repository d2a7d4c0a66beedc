/* `remelt version`: what was built, how, and with which libraries. */
#include "../sim/hash.h"
#include "build.h"
#include "json.h"

#include <glpk.h>
#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <inttypes.h>
#include <stdlib.h>
#include <yaml.h>
#include <zlib.h>

/* The Makefile says these; another build system may leave them out. */
#ifndef REMELT_VERSION
#define REMELT_VERSION "unknown"
#endif
#ifndef REMELT_COMMIT
#define REMELT_COMMIT "unknown"
#endif
#ifndef REMELT_FLAGS
#define REMELT_FLAGS "unknown"
#endif

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

const char *cli_version(void)
{
    return REMELT_VERSION;
}

size_t build_facts(struct build_fact facts[BUILD_FACTS])
{
    size_t n = 0;
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    facts[n] = (struct build_fact){.name = "version"};
    snprintf(facts[n++].value, BUILD_TEXT, "%s", REMELT_VERSION);
    facts[n] = (struct build_fact){.name = "commit"};
    snprintf(facts[n++].value, BUILD_TEXT, "%s", REMELT_COMMIT);
    facts[n] = (struct build_fact){.name = "compiler"};
    snprintf(facts[n++].value, BUILD_TEXT, "%s", COMPILER);
    facts[n] = (struct build_fact){.name = "flags"};
    snprintf(facts[n++].value, BUILD_TEXT, "%s", REMELT_FLAGS);
    facts[n] = (struct build_fact){.name = "openmp"};
    snprintf(facts[n++].value, BUILD_TEXT, "%d", _OPENMP);
    facts[n] = (struct build_fact){.name = "gsl"};
    snprintf(facts[n++].value, BUILD_TEXT, "%s", gsl_version);
    facts[n] = (struct build_fact){.name = "hdf5"};
    snprintf(facts[n++].value, BUILD_TEXT, "%u.%u.%u", major, minor, release);
    facts[n] = (struct build_fact){.name = "glpk"};
    snprintf(facts[n++].value, BUILD_TEXT, "%s", glp_version());
    facts[n] = (struct build_fact){.name = "libyaml"};
    snprintf(facts[n++].value, BUILD_TEXT, "%s", yaml_get_version_string());
    facts[n] = (struct build_fact){.name = "zlib"};
    snprintf(facts[n++].value, BUILD_TEXT, "%s", zlibVersion());
    facts[n] = (struct build_fact){.name = "fingerprint"};
    snprintf(facts[n++].value, BUILD_TEXT, "%016" PRIx64, sim_fingerprint());
    sim_require(n == BUILD_FACTS, "%zu facts of %d", n, BUILD_FACTS);
    return n;
}

int command_version(int argc, char **argv)
{
    struct cli_arguments arguments;
    int exit_code;
    if (!cli_parse(&arguments, argc, argv, &exit_code))
        return exit_code;
    struct build_fact facts[BUILD_FACTS];
    size_t count = build_facts(facts);
    if (cli_has(&arguments, "json")) {
        fputs("{", stdout);
        for (size_t i = 0; i < count; i++) {
            fputs(i ? ",\n " : "\n ", stdout);
            json_member(stdout, facts[i].name, facts[i].value);
        }
        fputs("\n}\n", stdout);
    } else {
        for (size_t i = 0; i < count; i++)
            printf("%-12s %s\n", i ? facts[i].name : "remelt", facts[i].value);
    }
    cli_arguments_clear(&arguments);
    return cli_finish("version", CLI_OK);
}
