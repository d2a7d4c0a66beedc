/* The data tables that components declare, each distinct declaration read once. */
#include "reader.h"
#include "tsv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool same_declaration(const struct sim_table_row *a, const struct sim_table_row *b)
{
    if (strcmp(a->file, b->file) != 0 || a->column_count != b->column_count) {
        return false;
    }
    for (size_t i = 0; i < a->column_count; i++) {
        if (a->columns[i].type != b->columns[i].type ||
            strcmp(a->columns[i].name, b->columns[i].name) != 0) {
            return false;
        }
    }
    return true;
}

/* FOLDER/NAME on the heap. */
static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path != NULL) {
        snprintf(path, size, "%s/%s", folder, name);
    }
    return path;
}

/* FOLDER/NAME beside `file`, on the heap. */
static char *beside(const char *file, const char *folder, const char *name)
{
    char *inner = join(folder, name);
    char *path = inner == NULL ? NULL : scenario_source_beside(file, inner);
    free(inner);
    return path;
}

/* Where a table lies: the first place that has a file of its name. NULL after reporting. */
static char *find_table(struct scenario_reader *reader, const char *name)
{
    const char *environment = getenv("REMELT_DATA");
    const char *root = reader->layers[0].file;
    const char *file = reader->layers[reader->layer_count - 1].file;
    char *places[] = {beside(root, "data", name),
                      environment == NULL || environment[0] == '\0' ? NULL
                                                                    : join(environment, name),
                      beside(file, "data", name), scenario_source_beside(file, name)};
    bool has_environment = environment != NULL && environment[0] != '\0';
    bool memory = places[0] != NULL && (places[1] != NULL || !has_environment) &&
                  places[2] != NULL && places[3] != NULL;
    char *found = NULL, tried[3000] = "";
    size_t used = 0;
    for (size_t i = 0; i < SIM_COUNT(places) && found == NULL && memory; i++) {
        size_t k = 0; /* an earlier place of the same name */
        while (k < i &&
               (places[i] == NULL || places[k] == NULL || strcmp(places[k], places[i]) != 0)) {
            k++;
        }
        if (places[i] == NULL || k < i) {
            continue;
        }
        if (access(places[i], F_OK) == 0) {
            found = strdup(places[i]);
            memory = found != NULL;
        } else if (used < sizeof tried) {
            int length = snprintf(tried + used, sizeof tried - used, "%s%s", used == 0 ? "" : ", ",
                                  places[i]);
            used += length > 0 ? (size_t)length : 0;
        }
    }
    for (size_t i = 0; i < SIM_COUNT(places); i++) {
        free(places[i]);
    }
    if (!memory) {
        sim_errors_add(reader->errors, SIM_MEMORY, NULL, 0, "out of memory");
    } else if (found == NULL) {
        sim_errors_add(reader->errors, SIM_NO_INPUT, NULL, 0,
                       "data table %s is missing: looked for %s; put it there, or name its folder "
                       "in REMELT_DATA",
                       name, tried);
    }
    return found;
}

static void read_table(struct scenario_reader *reader, const struct sim_table_row *row)
{
    struct sim_tables *tables = &reader->scenario->tables;
    struct scenario_source source;
    char *file = find_table(reader, row->file);
    if (file != NULL &&
        scenario_source_read(&source, file, "", SCENARIO_TSV_BYTES, reader->errors)) {
        if (scenario_tsv_parse(&tables->tables[tables->count], row, source.bytes, source.size, file,
                               reader->errors)) {
            tables->count++;
        }
        scenario_source_clear(&source);
    }
    free(file);
}

void scenario_tables_read(struct scenario_reader *reader)
{
    if (reader->layers[0].root == NULL) {
        return; /* where tables lie depends on the root of `extends`, which is reported */
    }
    size_t most = 0, count = 0;
    for (size_t i = 0; i < reader->component_count; i++) {
        most += reader->components[i]->table_count;
    }
    const struct sim_table_row **seen = calloc(most + 1, sizeof(const struct sim_table_row *));
    struct sim_tables *tables = &reader->scenario->tables;
    tables->tables = calloc(most + 1, sizeof *tables->tables);
    if (seen == NULL || tables->tables == NULL) {
        sim_errors_add(reader->errors, SIM_MEMORY, NULL, 0, "out of memory");
        most = 0;
    }
    for (size_t i = 0; most > 0 && i < reader->component_count; i++) {
        for (size_t j = 0; j < reader->components[i]->table_count; j++) {
            const struct sim_table_row *row = &reader->components[i]->tables[j];
            size_t k = 0;
            while (k < count && !same_declaration(seen[k], row)) {
                k++;
            }
            if (k == count && !scenario_errors_full(reader->errors)) {
                seen[count++] = row;
                read_table(reader, row);
            }
        }
    }
    free(seen);
}
