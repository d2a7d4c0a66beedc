/* A made-up model for tests of scenario input: every type of parameter, a policy type with a label
 * and with bounds, outputs, and two declarations of one data table. */
#ifndef TESTS_SCENARIOS_EXAMPLE_H
#define TESTS_SCENARIOS_EXAMPLE_H

#include "../../scenarios/scenario.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const example_labels[] = {"ice", "nev", "far east"};
static const struct sim_dimension example_kinds = {"kind", "kind of car", 3, example_labels};
static const double example_shares[] = {0.5, 0.25, 0.125};
static const double example_years[] = {2015, 2024.5, 2030}, example_values[] = {7, 9, 11};
static const struct sim_path example_curve = {SIM_STEP, 3, example_years, example_values};
static const char *const example_modes[] = {"gas", "molten", NULL};

struct example_params {
    double loss;
    int64_t lots;
    const struct sim_path *support, *demand;
    const double *share;
    const char *mode;
};

static const struct sim_param example_rows[] = {
    SIM_PARAM_REAL(struct example_params, loss, "smelter.loss", "t/t", 0.0235, 0, 0.4, 0.01, 0.05,
                   "made up", "Metal lost in the furnace."),
    SIM_PARAM_INT(struct example_params, lots, "resolution.trucks_per_lot", "1", 7, 1, 100, 2, 50,
                  "made up", "Trucks in a lot."),
    SIM_PARAM_PATH(struct example_params, support, "loop.support", "CNY/t", 3.5, NULL, -100, 1000,
                   0, 500, "made up", "Support of closed loops."),
    SIM_PARAM_PATH(struct example_params, demand, "loop.demand", "Mt", 0, &example_curve, 0, 100, 5,
                   50, "made up", "Demand."),
    SIM_PARAM_VECTOR(struct example_params, share, "car.share", "1", &example_kinds, example_shares,
                     0, 1, 0.1, 0.9, "made up", "Share of each kind."),
    SIM_PARAM_CHOICE(struct example_params, mode, "smelter.mode", example_modes, "made up",
                     "How it melts."),
};
SIM_PARAMS_COVER(example_rows, struct example_params);

static const struct sim_policy_type example_policies[] = {
    {"tariff",
     "A tariff.",
     {{.name = "kind", .unit = "1", .doc = "whose", .dimension = &example_kinds, .required = true},
      {.name = "rate", .unit = "CNY/t", .doc = "how much", .min = 0, .max = 50, .required = true},
      {.name = "years", .unit = "yr", .doc = "how long", .min = 1, .max = 9, .value = 2.5}}},
    {"ban", "A ban.", {{.name = "kind", .unit = "1", .doc = "whose", .dimension = &example_kinds}}},
};

static const struct sim_output example_outputs[] = {
    {.name = "output", .unit = "t", .long_name = "output"},
    {.name = "scrap_by_kind", .unit = "t", .long_name = "scrap", .dims = {&example_kinds}},
};

static const struct sim_column example_columns[] = {
    {"value", SIM_COLUMN_NUMBER}, {"name", SIM_COLUMN_TEXT}, {"low", SIM_COLUMN_OPTIONAL_NUMBER}};
static const struct sim_column example_same_columns[] = {
    {"value", SIM_COLUMN_NUMBER}, {"name", SIM_COLUMN_TEXT}, {"low", SIM_COLUMN_OPTIONAL_NUMBER}};
static const struct sim_column example_name[] = {{"name", SIM_COLUMN_TEXT}};
static const struct sim_table_row example_tables[] = {
    {"facts.tsv", "Made-up facts.", example_columns, 3}};
static const struct sim_table_row example_other_tables[] = {
    {"facts.tsv", "The same again.", example_same_columns, 3},
    {"facts.tsv", "Names alone.", example_name, 1}};

static const struct sim_component example_first = {.name = "smelter",
                                                   .doc = "made up",
                                                   .params = example_rows,
                                                   .param_count = SIM_COUNT(example_rows),
                                                   .param_size = sizeof(struct example_params),
                                                   .policies = example_policies,
                                                   .policy_count = SIM_COUNT(example_policies),
                                                   .tables = example_tables,
                                                   .table_count = SIM_COUNT(example_tables)};
static const struct sim_component example_second = {.name = "other",
                                                    .doc = "made up",
                                                    .outputs = example_outputs,
                                                    .output_count = SIM_COUNT(example_outputs),
                                                    .tables = example_other_tables,
                                                    .table_count = SIM_COUNT(example_other_tables)};
static const struct sim_component *const example_components[] = {&example_first, &example_second};
enum { EXAMPLE_COMPONENTS = 2, EXAMPLE_PATH_BYTES = 300 };

/* A new folder with the data table; returns `folder`. */
static inline char *example_folder(char folder[EXAMPLE_PATH_BYTES])
{
    const char *parent = getenv("TMPDIR");
    snprintf(folder, EXAMPLE_PATH_BYTES, "%.200s/remelt-test-XXXXXX",
             parent != NULL ? parent : "/tmp");
    if (mkdtemp(folder) == NULL) {
        perror(folder);
        exit(EXIT_FAILURE);
    }
    return folder;
}

/* FOLDER/NAME; returns `path`. */
static inline char *example_path(char path[EXAMPLE_PATH_BYTES], const char *folder,
                                 const char *name)
{
    snprintf(path, EXAMPLE_PATH_BYTES, "%.250s/%.40s", folder, name);
    return path;
}

static inline void example_write_bytes(const char *folder, const char *name, const void *bytes,
                                       size_t size)
{
    char path[EXAMPLE_PATH_BYTES];
    FILE *out = fopen(example_path(path, folder, name), "w");
    if (out == NULL || fwrite(bytes, 1, size, out) != size || fclose(out) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

static inline void example_write(const char *folder, const char *name, const char *text)
{
    example_write_bytes(folder, name, text, strlen(text));
}

static inline void example_write_table(const char *folder)
{
    example_write(folder, "facts.tsv",
                  "name\tvalue\tunit\tlow\nfirst\t2.5\tt\t\nsecond\t-3e2\tt\t1.25\n");
}

static inline void example_remove(const char *folder, const char *const *names)
{
    char path[EXAMPLE_PATH_BYTES];
    for (size_t i = 0; names[i] != NULL; i++) {
        remove(example_path(path, folder, names[i]));
    }
    rmdir(folder);
}

static inline enum sim_status example_load(struct scenario **scenario, const char *folder,
                                           const char *name, struct sim_errors *errors)
{
    char path[EXAMPLE_PATH_BYTES];
    return scenario_load(scenario, example_path(path, folder, name), example_components,
                         EXAMPLE_COMPONENTS, NULL, 0, errors);
}

/* Loads a scenario with these lines after its first two, from a folder of its own. */
static inline enum sim_status example_try(struct scenario **scenario, const char *body,
                                          struct sim_errors *errors)
{
    static const char *const names[] = {"facts.tsv", "top.yaml", NULL};
    char folder[EXAMPLE_PATH_BYTES], *text = malloc(strlen(body) + 32);
    if (text == NULL) {
        exit(EXIT_FAILURE);
    }
    sprintf(text, "remelt: 1\nname: top\n%s", body);
    example_folder(folder);
    example_write_table(folder);
    example_write(folder, "top.yaml", text);
    sim_errors_init(errors);
    enum sim_status status = example_load(scenario, folder, "top.yaml", errors);
    example_remove(folder, names);
    free(text);
    return status;
}

/* Does one message hold both texts? */
static inline bool example_says(const struct sim_errors *errors, const char *where,
                                const char *what)
{
    for (size_t i = 0; i < errors->count; i++) {
        if (strstr(errors->lines[i], where) != NULL && strstr(errors->lines[i], what) != NULL) {
            return true;
        }
    }
    return false;
}

struct example_case {
    const char *body;         /* after the lines "remelt: 1" and "name: top" */
    const char *where, *what; /* both in one message */
};

/* Every case is refused, as bad data, with one message that says where and what. Returns the number
 * of cases that are not. */
static inline int example_refused(const struct example_case *cases, size_t count)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct sim_errors errors;
        struct scenario *scenario = NULL;
        enum sim_status status = example_try(&scenario, cases[i].body, &errors);
        if (status != SIM_BAD_DATA || scenario != NULL || errors.count != 1 ||
            !example_says(&errors, cases[i].where, cases[i].what)) {
            wrong++;
            fprintf(stderr, "%s  expected: %s ... %s\n", cases[i].body, cases[i].where,
                    cases[i].what);
            for (size_t k = 0; k < errors.count; k++) {
                fprintf(stderr, "  got: %s\n", errors.lines[k]);
            }
        }
        scenario_destroy(scenario);
        sim_errors_clear(&errors);
    }
    return wrong;
}

#endif
