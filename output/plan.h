/* What a results file is about: scenarios, variables, parameters, seed and replicates.
 *
 * A plan is made once from scenarios and components, and is then self-contained: it is saved
 * as FILE.parts/plan, so that logs can be merged by a process that has neither. A plan in memory is
 * always the parse of its bytes, and its hash is the hash of those bytes: equal plans have equal
 * hashes. Nothing that differs between runs of the same plan (threads, parts, host, time) is in it.
 */
#ifndef OUTPUT_PLAN_H
#define OUTPUT_PLAN_H

#include "../sim/output.h"
#include "../sim/param.h"
#include "../sim/status.h"
#include "../sim/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_component;

/* Version of names and meanings in the results file (root attribute results_version). */
enum { OUTPUT_RESULTS_VERSION = 1 };

/* How plan.c writes its bytes. */
#define OUTPUT_PLAN_MAGIC "RMLTPLAN"
enum { OUTPUT_PLAN_VERSION = 1, OUTPUT_PLAN_MAGIC_SIZE = 8 };

/* One scenario as the maker of a plan has it; all borrowed. */
struct output_source {
    const char *name, *title, *description, *text, *resolved;
    const struct sim_config *config; /* of the request's components; NULL: no parameters */
    const struct sim_tables *tables; /* or NULL */
};

struct output_request {
    const struct sim_component *const *components;
    size_t component_count;
    const struct sim_layout *layout; /* of those components */
    const struct output_source *sources;
    size_t source_count; /* at least 1 */
    uint64_t seed;
    uint64_t first, last;         /* replicates first .. last - 1, at least one */
    uint64_t detail_replicates;   /* the first so many of them keep detail variables */
    const char *const *variables; /* names or shell patterns, "all" among them; none: all */
    size_t variable_count;
    const char *program, *version; /* "remelt", "0.1.0" */
    const char *title;             /* or NULL: the first scenario's title */
    const char *references;        /* or NULL */
};

struct output_scenario {
    const char *name, *title, *description, *text, *resolved;
};

/* One parameter with its value in every scenario. */
struct output_parameter {
    const char *path, *unit, *doc, *source;
    enum sim_param_type type;
    double min, max;
    const struct sim_dimension *dimension; /* VECTOR, else NULL */
    double *numbers;         /* [scenario][label] of REAL, INT and VECTOR, else NULL */
    struct sim_path *curves; /* [scenario] of PATH, else NULL */
    const char **choices;    /* [scenario] of CHOICE, else NULL */
};

/* One data table with the hash of its bytes in every scenario. */
struct output_table {
    const char *file;
    uint64_t *hashes; /* [scenario] */
};

struct output_plan {
    uint64_t hash;
    const char *program, *version, *title, *references;
    uint64_t seed, first, last, detail;
    size_t months, years; /* steps of the time axes */
    int first_month;      /* since January 2019 */
    int first_year;
    size_t size; /* doubles of one replicate */
    struct output_scenario *scenarios;
    size_t scenario_count;
    struct sim_dimension *dimensions; /* of variables and parameters, each name once */
    size_t dimension_count;
    struct sim_output *outputs;     /* [variable_count] */
    struct sim_variable *variables; /* the chosen ones; offsets are those of the whole layout */
    size_t variable_count;
    struct output_parameter *parameters;
    size_t parameter_count;
    struct output_table *tables;
    size_t table_count;
    unsigned char *bytes; /* what it was parsed from; texts point into it */
    size_t byte_count;
    void **blocks; /* arrays owned by the plan */
    size_t block_count, block_capacity;
};

/* Makes a plan. Refused, with all reasons in errors (SIM_BAD_DATA): two scenarios of one name, a
 * variable pattern that matches nothing, no replicates, two axes of a variable on one dimension,
 * different labels under one dimension name, names that clash. *plan is then NULL. */
enum sim_status output_plan_create(struct output_plan **plan, const struct output_request *request,
                                   struct sim_errors *errors);
void output_plan_destroy(struct output_plan *plan); /* accepts NULL */

/* Number of tasks (scenario x replicate). */
uint64_t output_plan_tasks(const struct output_plan *plan);
/* True where this replicate's detail variables are kept. */
bool output_plan_detail(const struct output_plan *plan, uint64_t replicate);

/* Creates folder (FILE.parts) where it is missing and saves the plan in it. Where it holds a plan
 * already, that must be the same one: another is refused by both hashes (SIM_BAD_DATA). */
enum sim_status output_plan_save(const struct output_plan *plan, const char *folder,
                                 struct sim_errors *errors);
/* Reads folder/plan: SIM_NO_INPUT where it is missing, SIM_BAD_DATA where it is torn or foreign. */
enum sim_status output_plan_load(struct output_plan **plan, const char *folder,
                                 struct sim_errors *errors);

/* For the files of this module: a plan from the bytes that plan.c writes, which it takes over
 * also where it fails (NULL: torn, of another version, or out of memory). */
struct output_plan *output_plan_parse(unsigned char *bytes, size_t size);
/* First text that clashes in a parsed plan, as a message in text; true where all is well. */
bool output_plan_sound(const struct output_plan *plan, struct sim_errors *errors);

#endif
