/* The block `policies`: dated events, merged by id over the files, then checked as a whole. */
#include "reader.h"

#include "../sim/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A field as it was written, and in which file. */
struct written {
    const struct scenario_node *node;
    const struct scenario_layer *layer;
};

/* One id over all files. */
struct draft {
    const char *id;
    struct written first, date, type;
    struct written *fields;
    size_t field_count, capacity;
    size_t layer; /* last file that wrote to it, to find an id twice in one */
    char origin[sizeof((struct sim_policy *)0)->origin]; /* all of them: "a.yaml:9, b.yaml:3" */
};

struct drafts {
    struct draft *items;
    size_t count, capacity;
};

/* A list with room for one more `size`-byte item; NULL when out of memory, the list is then kept.
 */
static void *reserve(void *items, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    size_t room = *capacity == 0 ? 8 : 2 * *capacity;
    void *grown = realloc(items, room * size);
    if (grown != NULL) {
        *capacity = room;
    }
    return grown;
}

static void out_of_memory(struct scenario_reader *reader)
{
    sim_errors_add(reader->errors, SIM_MEMORY, reader->scenario->file, 0, "out of memory");
}

static bool id_is_valid(const char *id)
{
    size_t length = strlen(id);
    return length > 0 && length < sizeof((struct sim_policy *)0)->id &&
           strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == length;
}

static struct draft *find_draft(struct drafts *drafts, const char *id)
{
    for (size_t i = 0; i < drafts->count; i++) {
        if (strcmp(drafts->items[i].id, id) == 0) {
            return &drafts->items[i];
        }
    }
    return NULL;
}

/* The draft that an entry of a list writes to, or NULL after reporting. */
static struct draft *draft_of(struct scenario_reader *reader, struct drafts *drafts,
                              size_t layer_index, const struct scenario_node *entry)
{
    const struct scenario_layer *layer = &reader->layers[layer_index];
    char shown[SCENARIO_SHOWN_BYTES];
    if (entry->kind != SCENARIO_NODE_MAP) {
        scenario_report(reader->errors, layer, entry,
                        "a policy is %s: must be a map with the keys id, date, type and its fields",
                        scenario_node_kind_text(entry));
        return NULL;
    }
    const struct scenario_node *id = scenario_node_find(entry, "id");
    if (id == NULL || id->kind != SCENARIO_NODE_SCALAR || !id_is_valid(id->text)) {
        scenario_report(reader->errors, layer, id == NULL ? entry : id,
                        "policy id = %s: must be a name of 1 to 63 small letters, digits, '-', "
                        "'_' and '.'",
                        id == NULL ? "(missing)" : scenario_node_show(id, shown, sizeof shown));
        return NULL;
    }
    struct draft *draft = find_draft(drafts, id->text);
    if (draft != NULL && draft->layer == layer_index) {
        scenario_report(reader->errors, layer, id, "policy %s stands twice in this file: keep one",
                        id->text);
        return NULL;
    }
    if (draft == NULL) {
        void *items = reserve(drafts->items, &drafts->capacity, drafts->count, sizeof *draft);
        if (items == NULL) {
            out_of_memory(reader);
            return NULL;
        }
        drafts->items = items;
        draft = &drafts->items[drafts->count++];
        *draft = (struct draft){.id = id->text, .first = {entry, layer}};
    }
    draft->layer = layer_index;
    char *origin = scenario_origin(layer, entry);
    if (origin == NULL) {
        out_of_memory(reader);
    }
    size_t used = strlen(draft->origin);
    snprintf(draft->origin + used, sizeof draft->origin - used, "%s%s", used == 0 ? "" : ", ",
             origin == NULL ? "" : origin);
    free(origin);
    return draft;
}

static bool write_field(struct draft *draft, struct written field)
{
    for (size_t i = 0; i < draft->field_count; i++) {
        if (strcmp(draft->fields[i].node->key, field.node->key) == 0) {
            draft->fields[i] = field;
            return true;
        }
    }
    void *fields =
        reserve(draft->fields, &draft->capacity, draft->field_count, sizeof *draft->fields);
    if (fields == NULL) {
        return false;
    }
    draft->fields = fields;
    draft->fields[draft->field_count++] = field;
    return true;
}

/* A later file's other type drops the fields of the earlier type. */
static void write_type(struct draft *draft, struct written type)
{
    const struct scenario_node *before = draft->type.node;
    bool changed = before != NULL && before->kind == SCENARIO_NODE_SCALAR &&
                   type.node->kind == SCENARIO_NODE_SCALAR &&
                   strcmp(before->text, type.node->text) != 0;
    if (changed) {
        draft->field_count = 0;
    }
    draft->type = type;
}

/* More fields than any type has are reported here, so that merging stays cheap. */
static bool too_many_keys(struct scenario_reader *reader, const struct scenario_layer *layer,
                          const struct scenario_node *entry)
{
    enum { KEYS_MOST = SIM_POLICY_FIELDS + 3 };
    if (entry->kind != SCENARIO_NODE_MAP || entry->count <= KEYS_MOST) {
        return false;
    }
    scenario_report(reader->errors, layer, entry,
                    "a policy with %zu keys: no type has more than "
                    "%d; remove those that it does not list",
                    entry->count, KEYS_MOST);
    return true;
}

static void read_entry(struct scenario_reader *reader, struct drafts *drafts, size_t layer_index,
                       const struct scenario_node *entry)
{
    const struct scenario_layer *layer = &reader->layers[layer_index];
    struct draft *draft =
        too_many_keys(reader, layer, entry) ? NULL : draft_of(reader, drafts, layer_index, entry);
    if (draft == NULL) {
        return;
    }
    const struct scenario_node *type = scenario_node_find(entry, "type");
    if (type != NULL) {
        write_type(draft, (struct written){type, layer});
    }
    for (const struct scenario_node *node = entry->first; node != NULL; node = node->next) {
        struct written field = {node, layer};
        if (strcmp(node->key, "date") == 0) {
            draft->date = field;
        } else if (strcmp(node->key, "id") != 0 && node != type && !write_field(draft, field)) {
            out_of_memory(reader);
        }
    }
}

static void collect(struct scenario_reader *reader, struct drafts *drafts)
{
    enum { POLICIES_MOST = 2000 }; /* finding an id is linear */
    for (size_t i = 0; i < reader->layer_count; i++) {
        const struct scenario_layer *layer = &reader->layers[i];
        const struct scenario_node *block =
            layer->root == NULL ? NULL : scenario_node_find(layer->root, "policies");
        if (block == NULL || (block->kind == SCENARIO_NODE_SCALAR && block->text[0] == '\0')) {
            continue;
        }
        if (block->kind != SCENARIO_NODE_LIST || block->count > POLICIES_MOST) {
            scenario_report(reader->errors, layer, block,
                            "policies: must be a list of at most %d maps such as "
                            "{id: NAME, date: 2026-07-01, type: TYPE, FIELD: VALUE}",
                            POLICIES_MOST);
            continue;
        }
        for (const struct scenario_node *entry = block->first;
             entry != NULL && !scenario_errors_full(reader->errors); entry = entry->next) {
            read_entry(reader, drafts, i, entry);
        }
    }
}

static const struct sim_policy_type *find_type(const struct scenario_reader *reader,
                                               const char *name)
{
    for (size_t i = 0; i < reader->component_count; i++) {
        for (size_t j = 0; j < reader->components[i]->policy_count; j++) {
            if (strcmp(reader->components[i]->policies[j].name, name) == 0) {
                return &reader->components[i]->policies[j];
            }
        }
    }
    return NULL;
}

static void list_types(const struct scenario_reader *reader, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < reader->component_count; i++) {
        for (size_t j = 0; j < reader->components[i]->policy_count && used < size; j++) {
            int length = snprintf(text + used, size - used, "%s%s", used == 0 ? "" : ", ",
                                  reader->components[i]->policies[j].name);
            used += length > 0 ? (size_t)length : 0;
        }
    }
}

static void list_fields(const struct sim_policy_type *type, char *text, size_t size)
{
    size_t used = 0;
    snprintf(text, size, "none");
    for (size_t i = 0; type->fields[i].name != NULL && used < size; i++) {
        int length =
            snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ", type->fields[i].name);
        used += length > 0 ? (size_t)length : 0;
    }
}

static void list_labels(const struct sim_dimension *dimension, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < dimension->count && used < size; i++) {
        int length = snprintf(text + used, size - used, "%s, ", dimension->labels[i]);
        used += length > 0 ? (size_t)length : 0;
    }
}

static bool read_label(struct scenario_reader *reader, const char *id,
                       const struct sim_policy_field *field, struct written written, double *value)
{
    const struct scenario_node *node = written.node;
    if (node->kind == SCENARIO_NODE_SCALAR) {
        if (strcmp(node->text, "all") == 0) {
            *value = -1;
            return true;
        }
        size_t index = sim_dimension_find(field->dimension, node->text);
        if (index < field->dimension->count) {
            *value = (double)index;
            return true;
        }
    }
    char labels[480], shown[SCENARIO_SHOWN_BYTES];
    list_labels(field->dimension, labels, sizeof labels);
    scenario_report(reader->errors, written.layer, node,
                    "policy %s: %s = %s: must be one %s of %sor all", id, field->name,
                    scenario_node_show(node, shown, sizeof shown), field->dimension->name, labels);
    return false;
}

static bool read_number(struct scenario_reader *reader, const char *id,
                        const struct sim_policy_field *field, struct written written, double *value)
{
    char unit[SCENARIO_UNIT_BYTES] = "", shown[SCENARIO_SHOWN_BYTES];
    const char *wrong = scenario_value_number(written.node, value, unit);
    scenario_node_show(written.node, shown, sizeof shown);
    if (wrong == NULL && unit[0] != '\0' && strcmp(unit, field->unit) != 0) {
        scenario_report(reader->errors, written.layer, written.node,
                        "policy %s: %s = %s: unit '%s' is not the field's unit '%s'", id,
                        field->name, shown, unit, field->unit);
        return false;
    }
    if (wrong == NULL && (*value < field->min || *value > field->max)) {
        wrong = "must lie in the bounds";
    }
    if (wrong != NULL) {
        scenario_report(reader->errors, written.layer, written.node,
                        "policy %s: %s = %s: %s, from %.12g to %.12g %s", id, field->name, shown,
                        wrong, field->min, field->max,
                        strcmp(field->unit, "1") == 0 ? "(dimensionless)" : field->unit);
    }
    return wrong == NULL;
}

static const struct written *find_field(const struct draft *draft, const char *name)
{
    for (size_t i = 0; i < draft->field_count; i++) {
        if (strcmp(draft->fields[i].node->key, name) == 0) {
            return &draft->fields[i];
        }
    }
    return NULL;
}

static bool finish_fields(struct scenario_reader *reader, const struct draft *draft,
                          struct sim_policy *policy)
{
    bool good = true;
    char known[256], shown[SCENARIO_SHOWN_BYTES];
    list_fields(policy->type, known, sizeof known);
    for (size_t i = 0; i < draft->field_count; i++) {
        const struct written *written = &draft->fields[i];
        size_t k = 0;
        while (policy->type->fields[k].name != NULL &&
               strcmp(policy->type->fields[k].name, written->node->key) != 0) {
            k++;
        }
        if (policy->type->fields[k].name == NULL) {
            scenario_report(reader->errors, written->layer, written->node,
                            "policy %s: %s: unknown field; %s has %s", draft->id,
                            scenario_text_show(written->node->key, shown, sizeof shown),
                            policy->type->name, known);
            good = false;
        }
    }
    for (size_t k = 0; policy->type->fields[k].name != NULL; k++) {
        const struct sim_policy_field *field = &policy->type->fields[k];
        const struct written *written = find_field(draft, field->name);
        if (written != NULL) {
            good &= field->dimension != NULL
                        ? read_label(reader, draft->id, field, *written, &policy->values[k])
                        : read_number(reader, draft->id, field, *written, &policy->values[k]);
        } else if (field->required) {
            scenario_report(reader->errors, draft->first.layer, draft->first.node,
                            "policy %s: %s is missing; %s needs it: %s", draft->id, field->name,
                            policy->type->name, field->doc);
            good = false;
        } else {
            policy->values[k] = field->dimension != NULL ? -1 : field->value;
        }
    }
    return good;
}

/* The checked policy of a draft; false after reporting. */
static bool finish(struct scenario_reader *reader, const struct draft *draft,
                   struct sim_policy *policy)
{
    char types[400], shown[SCENARIO_SHOWN_BYTES];
    bool good = true;
    *policy = (struct sim_policy){0};
    snprintf(policy->id, sizeof policy->id, "%s", draft->id);
    memcpy(policy->origin, draft->origin, sizeof policy->origin);
    if (draft->date.node == NULL) {
        scenario_report(reader->errors, draft->first.layer, draft->first.node,
                        "policy %s: date is missing; write the day it begins, date: 2026-07-01",
                        draft->id);
        good = false;
    } else {
        good =
            scenario_value_date(reader->errors, draft->date.layer, draft->date.node, &policy->time);
    }
    const struct scenario_node *type = draft->type.node;
    policy->type =
        type == NULL || type->kind != SCENARIO_NODE_SCALAR ? NULL : find_type(reader, type->text);
    if (policy->type == NULL) {
        list_types(reader, types, sizeof types);
        scenario_report(reader->errors, type == NULL ? draft->first.layer : draft->type.layer,
                        type == NULL ? draft->first.node : type,
                        "policy %s: type = %s: must be one of %s", draft->id,
                        type == NULL ? "(missing)" : scenario_node_show(type, shown, sizeof shown),
                        types);
        return false;
    }
    return finish_fields(reader, draft, policy) && good;
}

static int compare_policies(const void *left, const void *right)
{
    const struct sim_policy *a = left, *b = right;
    int order = (a->time > b->time) - (a->time < b->time);
    return order != 0 ? order : strcmp(a->id, b->id);
}

void scenario_policies_read(struct scenario_reader *reader)
{
    struct drafts drafts = {0};
    struct sim_policies *policies = &reader->scenario->policies;
    collect(reader, &drafts);
    policies->items = calloc(drafts.count + 1, sizeof *policies->items);
    if (policies->items == NULL) {
        out_of_memory(reader);
    }
    for (size_t i = 0; i < drafts.count; i++) {
        if (policies->items != NULL && !scenario_errors_full(reader->errors) &&
            finish(reader, &drafts.items[i], &policies->items[policies->count])) {
            policies->count++;
        }
        free(drafts.items[i].fields);
    }
    if (policies->count > 1) {
        qsort(policies->items, policies->count, sizeof *policies->items, compare_policies);
    }
    free(drafts.items);
}
