/* The files of a scenario: the one asked for and, by `extends`, those it builds on. */
#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Format version; true where the file can be interpreted. */
static bool check_version(struct sim_errors *errors, const struct scenario_layer *layer)
{
    enum { VERSION = 1 };
    const struct scenario_node *root = layer->root;
    char shown[SCENARIO_SHOWN_BYTES];
    if (root->kind != SCENARIO_NODE_MAP) {
        scenario_report(errors, layer, root,
                        "the file holds %s: a scenario is a map that begins with 'remelt: 1'",
                        scenario_node_kind_text(root));
        return false;
    }
    const struct scenario_node *version = scenario_node_find(root, "remelt");
    if (version == NULL) {
        scenario_report(errors, layer, root,
                        "remelt: the format version is missing; begin the file with 'remelt: 1'");
        return false;
    }
    if (version->kind != SCENARIO_NODE_SCALAR || version->quoted ||
        strcmp(version->text, "1") != 0) {
        scenario_report(errors, layer, version,
                        "remelt = %s: this program reads format version %d alone",
                        scenario_node_show(version, shown, sizeof shown), VERSION);
        return false;
    }
    return true;
}

/* Reads one file into the next layer; false where it cannot be interpreted. */
static bool read_layer(struct scenario_reader *reader, char *file, const char *origin)
{
    struct scenario_layer *layer = &reader->layers[reader->layer_count];
    *layer = (struct scenario_layer){.file = file, .name = scenario_source_name(file)};
    reader->layer_count++;
    if (!scenario_source_read(&layer->source, file, origin, SCENARIO_DOCUMENT_BYTES,
                              reader->errors)) {
        return false;
    }
    layer->root =
        scenario_document_parse(layer->source.bytes, layer->source.size, file, reader->errors);
    if (layer->root != NULL && !check_version(reader->errors, layer)) {
        scenario_document_destroy(layer->root);
        layer->root = NULL;
    }
    return layer->root != NULL;
}

/* The last layer closes a cycle where an earlier one is the same file. */
static bool closes_cycle(const struct scenario_reader *reader)
{
    const struct scenario_layer *last = &reader->layers[reader->layer_count - 1];
    for (size_t i = 0; i + 1 < reader->layer_count; i++) {
        if (reader->layers[i].source.device == last->source.device &&
            reader->layers[i].source.inode == last->source.inode) {
            return true;
        }
    }
    return false;
}

/* The file that the last layer extends, on the heap; NULL where there is none. */
static char *next_file(struct scenario_reader *reader, char *origin, size_t size)
{
    const struct scenario_layer *layer = &reader->layers[reader->layer_count - 1];
    const struct scenario_node *extends = scenario_node_find(layer->root, "extends");
    if (extends == NULL) {
        return NULL;
    }
    char *name = scenario_value_text(reader->errors, layer, extends, 4000);
    if (name == NULL) {
        return NULL;
    }
    if (reader->layer_count == SCENARIO_LAYERS_MOST) {
        scenario_report(reader->errors, layer, extends,
                        "extends: more than %d files extend each other: merge some",
                        SCENARIO_LAYERS_MOST);
        free(name);
        return NULL;
    }
    snprintf(origin, size, " (extended in line %d of %s)", extends->line, layer->name);
    char *file = scenario_source_beside(layer->file, name);
    if (file == NULL) {
        sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
    }
    free(name);
    return file;
}

static void reverse(struct scenario_layer *layers, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct scenario_layer spare = layers[i];
        layers[i] = layers[count - 1 - i];
        layers[count - 1 - i] = spare;
    }
}

void scenario_layers_read(struct scenario_reader *reader, const char *file)
{
    char origin[400] = "";
    for (char *next = strdup(file); next != NULL; next = next_file(reader, origin, sizeof origin)) {
        if (!read_layer(reader, next, origin)) {
            break;
        }
        if (closes_cycle(reader)) {
            struct scenario_layer *last = &reader->layers[reader->layer_count - 1];
            sim_errors_add(reader->errors, SIM_BAD_DATA, last->file, 0,
                           "extends itself, directly or through others%s: break the cycle", origin);
            scenario_document_destroy(last->root);
            last->root = NULL;
            break;
        }
    }
    if (reader->layer_count == 0) {
        sim_errors_add(reader->errors, SIM_MEMORY, file, 0, "out of memory");
    }
    reverse(reader->layers, reader->layer_count);
}

void scenario_layers_clear(struct scenario_reader *reader)
{
    for (size_t i = 0; i < reader->layer_count; i++) {
        scenario_document_destroy(reader->layers[i].root);
        scenario_source_clear(&reader->layers[i].source);
        free(reader->layers[i].file);
    }
    reader->layer_count = 0;
}
