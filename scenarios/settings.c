/* The blocks `output` and `run`: what to keep, and how to run when the command line does not say.
 */
#include "reader.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum { REPLICATES_MOST = 1000000, THREADS_MOST = 4096, NAME_BYTES = 1000 };

/* The layer's block `name`, or NULL; reported where it is no map of `keys`. */
static const struct scenario_node *block_of(struct scenario_reader *reader,
                                            const struct scenario_layer *layer, const char *name,
                                            const char *const *keys)
{
    const struct scenario_node *block =
        layer->root == NULL ? NULL : scenario_node_find(layer->root, name);
    if (block == NULL || (block->kind == SCENARIO_NODE_SCALAR && block->text[0] == '\0')) {
        return NULL;
    }
    scenario_value_keys(reader->errors, layer, block, keys);
    return block->kind == SCENARIO_NODE_MAP ? block : NULL;
}

static bool matches_output(const struct scenario_reader *reader, const char *pattern)
{
    if (strcmp(pattern, "all") == 0) {
        return true;
    }
    for (size_t i = 0; i < reader->component_count; i++) {
        for (size_t j = 0; j < reader->components[i]->output_count; j++) {
            if (fnmatch(pattern, reader->components[i]->outputs[j].name, 0) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void clear_variables(struct scenario_outputs *outputs)
{
    for (size_t i = 0; i < outputs->variable_count; i++) {
        free(outputs->variables[i]);
    }
    free(outputs->variables);
    outputs->variables = NULL;
    outputs->variable_count = 0;
}

static void read_variables(struct scenario_reader *reader, const struct scenario_layer *layer,
                           const struct scenario_node *list)
{
    enum { VARIABLES_MOST = 1000, PATTERN_BYTES = 100 };
    struct scenario_outputs *outputs = &reader->scenario->outputs;
    if (list->kind != SCENARIO_NODE_LIST || list->count == 0 || list->count > VARIABLES_MOST) {
        char shown[SCENARIO_SHOWN_BYTES];
        scenario_report(reader->errors, layer, list,
                        "variables = %s: must be a list of 1 to %d names or patterns, such as "
                        "[all] or [output, '*_by_sector']",
                        scenario_node_show(list, shown, sizeof shown), VARIABLES_MOST);
        return;
    }
    clear_variables(outputs);
    outputs->variables = calloc(list->count, sizeof *outputs->variables);
    if (outputs->variables == NULL) {
        sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
        return;
    }
    for (const struct scenario_node *node = list->first; node != NULL; node = node->next) {
        char *text = scenario_value_text(reader->errors, layer, node, PATTERN_BYTES);
        if (text == NULL) {
            continue;
        }
        if (!matches_output(reader, text)) {
            scenario_report(reader->errors, layer, node,
                            "variables: '%s' names no output; 'remelt vars' lists all", text);
        }
        outputs->variables[outputs->variable_count++] = text;
    }
}

void scenario_outputs_read(struct scenario_reader *reader)
{
    static const char *const keys[] = {"frequency", "variables", "detail_replicates", NULL};
    struct scenario_outputs *outputs = &reader->scenario->outputs;
    outputs->detail_replicates = 20;
    outputs->variables = calloc(1, sizeof *outputs->variables);
    char *all = strdup("all");
    if (outputs->variables == NULL || all == NULL) {
        sim_errors_add(reader->errors, SIM_MEMORY, NULL, 0, "out of memory");
        free(all);
        return;
    }
    outputs->variables[outputs->variable_count++] = all;
    for (size_t i = 0; i < reader->layer_count && !scenario_errors_full(reader->errors); i++) {
        const struct scenario_layer *layer = &reader->layers[i];
        const struct scenario_node *block = block_of(reader, layer, "output", keys), *node;
        char shown[SCENARIO_SHOWN_BYTES];
        if (block == NULL) {
            continue;
        }
        if ((node = scenario_node_find(block, "frequency")) != NULL &&
            (node->kind != SCENARIO_NODE_SCALAR || strcmp(node->text, "month") != 0)) {
            scenario_report(reader->errors, layer, node, "frequency = %s: must be month",
                            scenario_node_show(node, shown, sizeof shown));
        }
        if ((node = scenario_node_find(block, "variables")) != NULL) {
            read_variables(reader, layer, node);
        }
        if ((node = scenario_node_find(block, "detail_replicates")) != NULL) {
            scenario_value_whole(reader->errors, layer, node, 0, REPLICATES_MOST,
                                 &outputs->detail_replicates);
        }
    }
}

/* trucks_per_lot may stand in `run`; it is the parameter whose path ends so. */
static void set_trucks_per_lot(struct scenario_reader *reader, const struct scenario_layer *layer,
                               const struct scenario_node *node)
{
    static const char ending[] = ".trucks_per_lot";
    for (size_t i = 0; i < reader->component_count; i++) {
        for (size_t j = 0; j < reader->components[i]->param_count; j++) {
            const char *path = reader->components[i]->params[j].path;
            size_t length = strlen(path);
            if (length >= sizeof ending &&
                strcmp(path + length - (sizeof ending - 1), ending) == 0) {
                scenario_parameter_set(reader->scenario->config, path, node, layer, reader->errors);
                return;
            }
        }
    }
    scenario_report(reader->errors, layer, node,
                    "trucks_per_lot: the model has no parameter of this name; leave it out");
}

static void read_run(struct scenario_reader *reader, const struct scenario_layer *layer,
                     const struct scenario_node *block)
{
    struct scenario_run *run = &reader->scenario->run;
    const struct {
        const char *key;
        int64_t min, max, *value;
    } numbers[] = {{"replicates", 1, REPLICATES_MOST, &run->replicates},
                   {"seed", 0, INT64_C(4294967295), &run->seed},
                   {"threads", 1, THREADS_MOST, &run->threads}};
    const struct scenario_node *node;
    for (size_t i = 0; i < SIM_COUNT(numbers); i++) {
        if ((node = scenario_node_find(block, numbers[i].key)) != NULL) {
            scenario_value_whole(reader->errors, layer, node, numbers[i].min, numbers[i].max,
                                 numbers[i].value);
        }
    }
    if ((node = scenario_node_find(block, "until")) != NULL) {
        if (scenario_value_date(reader->errors, layer, node, &run->until) && run->until == 0) {
            scenario_report(reader->errors, layer, node,
                            "until = %s: must be after the start, 2019-01-01", node->text);
        }
    }
    if ((node = scenario_node_find(block, "output")) != NULL) {
        free(run->output);
        run->output = scenario_value_text(reader->errors, layer, node, NAME_BYTES);
    }
    if ((node = scenario_node_find(block, "trucks_per_lot")) != NULL) {
        set_trucks_per_lot(reader, layer, node);
    }
}

void scenario_run_read(struct scenario_reader *reader)
{
    static const char *const keys[] = {"replicates", "seed",           "threads", "until",
                                       "output",     "trucks_per_lot", NULL};
    reader->scenario->run = (struct scenario_run){.seed = -1};
    for (size_t i = 0; i < reader->layer_count && !scenario_errors_full(reader->errors); i++) {
        const struct scenario_node *block = block_of(reader, &reader->layers[i], "run", keys);
        if (block != NULL) {
            read_run(reader, &reader->layers[i], block);
        }
    }
}
