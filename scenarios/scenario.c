#include "scenario.h"

#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 64, TITLE_BYTES = 1000, TEXT_BYTES = 1024 * 1024 };

static const char *const blocks[] = {
    "remelt",   "name",        "title", "description", "references", "extends", "parameters",
    "policies", "uncertainty", "sweep", "run",         "output",     NULL};

static void check_blocks(struct scenario_reader *reader)
{
    for (size_t i = 0; i < reader->layer_count; i++) {
        if (reader->layers[i].root != NULL) {
            scenario_value_keys(reader->errors, &reader->layers[i], reader->layers[i].root, blocks);
        }
    }
}

/* A text of the last file that has it; "" where none has. */
static char *read_text(struct scenario_reader *reader, const char *key, size_t most)
{
    char *text = strdup("");
    for (size_t i = 0; i < reader->layer_count; i++) {
        const struct scenario_layer *layer = &reader->layers[i];
        const struct scenario_node *node =
            layer->root == NULL ? NULL : scenario_node_find(layer->root, key);
        char *later = node == NULL ? NULL : scenario_value_text(reader->errors, layer, node, most);
        if (later != NULL) {
            free(text);
            text = later;
        }
    }
    return text;
}

/* Every file names itself, since the name is also that of the results. */
static char *read_name(struct scenario_reader *reader)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789-_.";
    for (size_t i = 0; i < reader->layer_count; i++) {
        const struct scenario_layer *layer = &reader->layers[i];
        if (layer->root == NULL) {
            continue;
        }
        const struct scenario_node *node = scenario_node_find(layer->root, "name");
        char shown[SCENARIO_SHOWN_BYTES];
        if (node == NULL) {
            scenario_report(reader->errors, layer, layer->root,
                            "name is missing: write name: NAME, which also names the results");
        } else if (node->kind != SCENARIO_NODE_SCALAR || node->text[0] == '\0' ||
                   node->text[0] == '.' || node->text[0] == '-' ||
                   strlen(node->text) > NAME_BYTES ||
                   strspn(node->text, allowed) != strlen(node->text)) {
            scenario_report(reader->errors, layer, node,
                            "name = %s: must be 1 to %d letters, digits, '-', '_' and '.', and "
                            "not begin with '-' or '.'",
                            scenario_node_show(node, shown, sizeof shown), NAME_BYTES);
        } else if (i + 1 == reader->layer_count) {
            return strdup(node->text);
        }
    }
    return strdup("");
}

/* Lines of one text, or of a list of texts. */
static char *join_lines(struct scenario_reader *reader, const struct scenario_layer *layer,
                        const struct scenario_node *node)
{
    char *text = NULL;
    size_t size = 0;
    if (node->kind == SCENARIO_NODE_SCALAR) {
        return scenario_value_text(reader->errors, layer, node, TEXT_BYTES);
    }
    FILE *out = node->kind == SCENARIO_NODE_LIST ? open_memstream(&text, &size) : NULL;
    if (out == NULL) {
        if (node->kind == SCENARIO_NODE_LIST) {
            sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
        } else {
            scenario_report(reader->errors, layer, node, "references: must be a list of texts");
        }
        return NULL;
    }
    for (const struct scenario_node *item = node->first;
         item != NULL && !scenario_errors_full(reader->errors); item = item->next) {
        char *line = scenario_value_text(reader->errors, layer, item, TEXT_BYTES);
        if (line != NULL) {
            fprintf(out, "%s%s", item == node->first ? "" : "\n", line);
        }
        free(line);
    }
    bool good = !ferror(out);
    if (fclose(out) != 0 || !good) {
        free(text);
        text = NULL;
        sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
    }
    return text;
}

static char *read_references(struct scenario_reader *reader)
{
    char *text = strdup("");
    for (size_t i = 0; i < reader->layer_count; i++) {
        const struct scenario_layer *layer = &reader->layers[i];
        const struct scenario_node *node =
            layer->root == NULL ? NULL : scenario_node_find(layer->root, "references");
        char *later = node == NULL ? NULL : join_lines(reader, layer, node);
        if (later != NULL) {
            free(text);
            text = later;
        }
    }
    return text;
}

/* All files' text, each after its name. */
static char *join_files(const struct scenario_reader *reader)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < reader->layer_count; i++) {
        const struct scenario_source *source = &reader->layers[i].source;
        fprintf(out, "# file: %s\n", reader->layers[i].name);
        if (source->size > 0) {
            fwrite(source->bytes, 1, source->size, out);
            fputs(source->bytes[source->size - 1] == '\n' ? "" : "\n", out);
        }
    }
    bool good = !ferror(out);
    if (fclose(out) != 0 || !good) {
        free(text);
        return NULL;
    }
    return text;
}

static bool has_texts(const struct scenario *scenario)
{
    return scenario->file != NULL && scenario->name != NULL && scenario->title != NULL &&
           scenario->description != NULL && scenario->references != NULL && scenario->text != NULL;
}

static void read_all(struct scenario_reader *reader, const char *file,
                     const struct scenario_setting *settings, size_t setting_count)
{
    struct scenario *scenario = reader->scenario;
    scenario_layers_read(reader, file);
    if (reader->layer_count == 0) {
        return;
    }
    check_blocks(reader);
    scenario->name = read_name(reader);
    scenario->title = read_text(reader, "title", TITLE_BYTES);
    scenario->description = read_text(reader, "description", TEXT_BYTES);
    scenario->references = read_references(reader);
    scenario_parameters_read(reader);
    scenario_run_read(reader);
    scenario_settings_read(scenario->config, settings, setting_count, reader->errors);
    scenario_policies_read(reader);
    scenario_uncertainty_read(reader);
    scenario_sweep_read(reader);
    scenario_outputs_read(reader);
    scenario_tables_read(reader);
    scenario->text = join_files(reader);
    if (!has_texts(scenario)) {
        sim_errors_add(reader->errors, SIM_MEMORY, file, 0, "out of memory");
    }
}

enum sim_status scenario_load(struct scenario **scenario, const char *file,
                              const struct sim_component *const *components, size_t count,
                              const struct scenario_setting *settings, size_t setting_count,
                              struct sim_errors *errors)
{
    size_t before = errors->count;
    *scenario = NULL;
    if (scenario_errors_full(errors)) {
        return errors->worst; /* nothing more would be shown */
    }
    struct scenario_reader *reader = calloc(1, sizeof *reader);
    struct scenario *loaded = calloc(1, sizeof *loaded);
    if (loaded != NULL) {
        loaded->file = strdup(file);
        loaded->config = sim_config_create(components, count);
    }
    if (reader == NULL || loaded == NULL || loaded->config == NULL) {
        sim_errors_add(errors, SIM_MEMORY, file, 0, "out of memory");
    } else {
        *reader = (struct scenario_reader){.scenario = loaded,
                                           .components = components,
                                           .component_count = count,
                                           .errors = errors};
        read_all(reader, file, settings, setting_count);
        scenario_layers_clear(reader);
    }
    free(reader);
    if (errors->count == before && errors->worst != SIM_MEMORY) {
        loaded->resolved = scenario_resolved_write(loaded, components, count);
        if (loaded->resolved != NULL) {
            *scenario = loaded;
            return SIM_OK;
        }
        sim_errors_add(errors, SIM_MEMORY, file, 0, "out of memory");
    }
    if (scenario_errors_full(errors)) {
        sim_errors_add(errors, SIM_BAD_DATA, file, 0,
                       "more than %d errors: the rest is not shown; correct these first",
                       SCENARIO_ERRORS_MOST - 1);
    }
    scenario_destroy(loaded);
    return errors->worst;
}

static void destroy_shared(struct scenario *scenario)
{
    sim_policies_clear(&scenario->policies);
    sim_tables_clear(&scenario->tables);
    for (size_t i = 0; i < scenario->outputs.variable_count; i++) {
        free(scenario->outputs.variables[i]);
    }
    free(scenario->outputs.variables);
    for (size_t i = 0; i < scenario->uncertainty_count; i++) {
        free(scenario->uncertainties[i].path);
        free(scenario->uncertainties[i].origin);
    }
    free(scenario->uncertainties);
    free(scenario->run.output);
    scenario_sweep_destroy(scenario->sweep);
}

void scenario_destroy(struct scenario *scenario)
{
    if (scenario == NULL) {
        return;
    }
    if (scenario->base == NULL) {
        destroy_shared(scenario);
    }
    free(scenario->file);
    free(scenario->name);
    free(scenario->title);
    free(scenario->description);
    free(scenario->references);
    free(scenario->text);
    free(scenario->resolved);
    sim_config_destroy(scenario->config);
    free(scenario);
}
