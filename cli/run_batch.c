#include "run_batch.h"

#include "../sim/time.h"

#include <stdlib.h>

static bool load_files(struct run_batch *b, struct sim_errors *errors)
{
    const struct run_options *o = b->options;
    b->files = calloc(o->file_count, sizeof(struct scenario *));
    if (!b->files)
        return false;
    b->file_count = o->file_count;
    for (size_t i = 0; i < b->file_count; i++)
        scenario_load(&b->files[i], o->files[i], chain_components, chain_component_count,
                      o->settings, o->setting_count, errors);
    return true;
}

/* Scenarios to run: each file, or the points of its sweep. */
static bool expand(struct run_batch *b, struct sim_errors *errors)
{
    size_t most = 0;
    for (size_t i = 0; i < b->file_count; i++) {
        size_t points = scenario_point_count(b->files[i]);
        most += points > 0 ? points : 1;
    }
    b->scenarios = calloc(most, sizeof(struct scenario *));
    b->chains = calloc(most, sizeof(struct chain_scenario *));
    if (!b->scenarios || !b->chains)
        return false;
    for (size_t i = 0; i < b->file_count; i++) {
        size_t points = scenario_point_count(b->files[i]);
        if (points == 0)
            b->scenarios[b->count++] = b->files[i];
        for (size_t j = 0; j < points; j++)
            scenario_point(&b->scenarios[b->count++], b->files[i], j, errors);
    }
    return true;
}

/* Inputs that are right each for itself may contradict each other. */
static void create_chains(struct run_batch *b, struct sim_errors *errors)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct scenario *s = b->scenarios[i];
        chain_scenario_create(&b->chains[i], s->config, &s->tables, &s->policies, errors);
    }
}

/* The variables of the command line, else those of the first scenario. */
static void choose_variables(const struct run_batch *b, struct output_request *request)
{
    const struct run_options *o = b->options;
    const struct scenario_outputs *outputs = &b->scenarios[0]->outputs;
    bool given = o->variable_count > 0;
    request->variables = (const char *const *)(given ? o->variables : outputs->variables);
    request->variable_count = given ? o->variable_count : outputs->variable_count;
    request->detail_replicates =
        outputs->detail_replicates > 0 ? (uint64_t)outputs->detail_replicates : 0;
}

static bool make_plan(struct run_batch *b, struct sim_errors *errors)
{
    const struct run_options *o = b->options;
    struct output_source *sources = calloc(b->count, sizeof *sources);
    if (!sources || !sim_layout_init(&b->layout, chain_components, chain_component_count,
                                     RUN_FIRST_MONTH, o->months, RUN_FIRST_YEAR, RUN_YEARS)) {
        free(sources);
        return false;
    }
    for (size_t i = 0; i < b->count; i++) {
        const struct scenario *s = b->scenarios[i];
        sources[i] = (struct output_source){.name = s->name,
                                            .title = s->title,
                                            .description = s->description,
                                            .text = s->text,
                                            .resolved = s->resolved,
                                            .config = s->config,
                                            .tables = &s->tables};
    }
    struct output_request request = {.components = chain_components,
                                     .component_count = chain_component_count,
                                     .layout = &b->layout,
                                     .sources = sources,
                                     .source_count = b->count,
                                     .seed = o->seed,
                                     .first = o->first,
                                     .last = o->last,
                                     .references = b->scenarios[0]->references,
                                     .program = "remelt",
                                     .version = cli_version()};
    choose_variables(b, &request);
    output_plan_create(&b->plan, &request, errors);
    free(sources);
    return true;
}

/* Each step where the one before left no errors. */
static int load(struct run_batch *b, struct run_options *options, struct sim_errors *errors)
{
    bool memory = load_files(b, errors);
    if (memory && errors->count == 0) {
        int exit_code = run_options_complete(options, b->files[0]);
        if (exit_code != CLI_OK)
            return exit_code;
        memory = expand(b, errors);
    }
    if (memory && errors->count == 0)
        create_chains(b, errors);
    if (memory && errors->count == 0)
        memory = make_plan(b, errors);
    if (!memory)
        return cli_error("run", CLI_INTERNAL, "out of memory");
    if (errors->count > 0)
        return cli_input_errors(errors);
    if (options->trace && output_plan_tasks(b->plan) != 1)
        return cli_usage_error("run", "--trace needs one scenario and one replicate: -r 1, or -r "
                                      "A:B with B = A + 1");
    return CLI_OK;
}

int run_batch_load(struct run_batch *batch, struct run_options *options)
{
    *batch = (struct run_batch){.options = options};
    struct sim_errors errors;
    sim_errors_init(&errors);
    int exit_code = load(batch, options, &errors);
    sim_errors_clear(&errors);
    return exit_code;
}

void run_batch_clear(struct run_batch *batch)
{
    output_plan_destroy(batch->plan);
    sim_layout_clear(&batch->layout);
    for (size_t i = 0; i < batch->count; i++) {
        chain_scenario_destroy(batch->chains[i]);
        /* A sweep's point borrows from its file. */
        if (batch->scenarios[i] && batch->scenarios[i]->base)
            scenario_destroy(batch->scenarios[i]);
    }
    for (size_t i = 0; i < batch->file_count; i++)
        scenario_destroy(batch->files[i]);
    free(batch->chains);
    free(batch->scenarios);
    free(batch->files);
    *batch = (struct run_batch){0};
}

struct sim_plan run_batch_tasks(const struct run_batch *batch, const volatile int *stop)
{
    const struct run_options *o = batch->options;
    return (struct sim_plan){.scenarios = (uint32_t)batch->count,
                             .first = o->first,
                             .last = o->last,
                             .part = o->part,
                             .parts = o->parts,
                             .threads = o->threads,
                             .stop = stop};
}

char *run_batch_span(const struct run_batch *batch, char text[64])
{
    int last = RUN_FIRST_MONTH + (int)batch->options->months - 1;
    struct sim_date from = sim_date_from_time(sim_month_start(RUN_FIRST_MONTH));
    struct sim_date to = sim_date_from_time(sim_month_start(last));
    snprintf(text, 64, "%d-%02d to %d-%02d", from.year, from.month, to.year, to.month);
    return text;
}
