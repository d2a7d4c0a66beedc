#include "config.h"

#include "component.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t elements_of(const struct sim_param *param)
{
    return param->type == SIM_PARAM_TYPE_VECTOR ? param->dimension->count : 1;
}

void *sim_config_field(const struct sim_config *config, struct sim_param_ref ref)
{
    return (char *)config->blocks[ref.component] + ref.param->offset;
}

struct sim_config_slot *sim_config_slot_of(const struct sim_config *config,
                                           struct sim_param_ref ref)
{
    size_t index = (size_t)(ref.param - config->components[ref.component]->params);
    return &config->slots[ref.component][index];
}

/* A path and its points in one allocation. */
struct owned_path {
    struct sim_path path;
    double points[];
};

bool sim_config_own_path(struct sim_config *config, struct sim_param_ref ref,
                         const struct sim_path *path)
{
    size_t bytes = path->count * sizeof(double);
    struct owned_path *copy = malloc(sizeof *copy + 2 * bytes);
    if (!copy)
        return false;
    memcpy(copy->points, path->years, bytes);
    memcpy(copy->points + path->count, path->values, bytes);
    copy->path = *path;
    copy->path.years = copy->points;
    copy->path.values = copy->points + path->count;
    struct sim_config_slot *slot = sim_config_slot_of(config, ref);
    free(slot->owned);
    slot->owned = copy;
    const struct sim_path *field = &copy->path;
    memcpy(sim_config_field(config, ref), &field, sizeof field);
    return true;
}

static bool own_vector(struct sim_config *config, struct sim_param_ref ref, const double *values)
{
    struct sim_config_slot *slot = sim_config_slot_of(config, ref);
    double *copy = malloc((slot->elements + 1) * sizeof *copy);
    if (!copy)
        return false;
    memcpy(copy, values, slot->elements * sizeof *copy);
    free(slot->owned);
    slot->owned = copy;
    const double *field = copy;
    memcpy(sim_config_field(config, ref), &field, sizeof field);
    return true;
}

static void require_row(const struct sim_component *component, const struct sim_param *param)
{
    sim_require(param->path, "%s: a parameter without path", component->name);
    sim_require(param->offset % 8 == 0 && param->offset + 8 <= component->param_size,
                "%s lies outside its block", param->path);
    sim_require(param->type != SIM_PARAM_TYPE_CHOICE || (param->choices && param->choices[0]),
                "%s has no choices", param->path);
    sim_require(param->type != SIM_PARAM_TYPE_VECTOR || (param->dimension && param->values),
                "%s has no dimension or values", param->path);
}

/* Storage for everything, all fields zero, names filled by the caller. */
static bool allocate(struct sim_config *config, const struct sim_component *const *components,
                     size_t count)
{
    config->count = count;
    config->components = calloc(count + 1, sizeof *config->components);
    config->blocks = calloc(count + 1, sizeof *config->blocks);
    config->slots = calloc(count + 1, sizeof *config->slots);
    if (!config->components || !config->blocks || !config->slots)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct sim_component *component = config->components[i] = components[i];
        config->blocks[i] = calloc(1, component->param_size + 8);
        config->slots[i] = calloc(component->param_count + 1, sizeof *config->slots[i]);
        if (!config->blocks[i] || !config->slots[i])
            return false;
        for (size_t j = 0; j < component->param_count; j++) {
            require_row(component, &component->params[j]);
            struct sim_config_slot *slot = &config->slots[i][j];
            size_t elements = elements_of(&component->params[j]);
            slot->origins = calloc(elements + 1, sizeof *slot->origins);
            if (!slot->origins)
                return false;
            slot->elements = elements;
        }
    }
    return true;
}

static char *element_name(const char *path, const char *label)
{
    size_t size = strlen(path) + strlen(label) + 2;
    char *name = malloc(size);
    if (name)
        snprintf(name, size, "%s%s%s", path, label[0] ? "." : "", label);
    return name;
}

static bool list_names(struct sim_config *config)
{
    size_t total = 0;
    for (size_t i = 0; i < config->count; i++) {
        for (size_t j = 0; j < config->components[i]->param_count; j++)
            total += config->slots[i][j].elements;
    }
    config->names = calloc(total + 1, sizeof *config->names);
    if (!config->names)
        return false;
    for (size_t i = 0; i < config->count; i++) {
        for (size_t j = 0; j < config->components[i]->param_count; j++) {
            const struct sim_param *param = &config->components[i]->params[j];
            bool vector = param->type == SIM_PARAM_TYPE_VECTOR;
            for (size_t e = 0; e < config->slots[i][j].elements; e++) {
                char *name = element_name(param->path, vector ? param->dimension->labels[e] : "");
                if (!name)
                    return false;
                config->names[config->name_count++] = name;
            }
        }
    }
    return true;
}

/* Bounds are what the model can bear, so a default outside them is a slip in the table. */
static void require_bounds(const struct sim_param *param)
{
    size_t count = elements_of(param);
    const double *values = &param->value;
    if (param->type == SIM_PARAM_TYPE_CHOICE)
        return;
    if (param->type == SIM_PARAM_TYPE_VECTOR)
        values = param->values;
    if (param->type == SIM_PARAM_TYPE_PATH && param->curve) {
        count = param->curve->count;
        values = param->curve->values;
    }
    for (size_t i = 0; i < count; i++)
        sim_require(values[i] >= param->min && values[i] <= param->max,
                    "%s: default %g is outside %g to %g", param->path, values[i], param->min,
                    param->max);
}

static bool set_default(struct sim_config *config, struct sim_param_ref ref)
{
    const struct sim_param *param = ref.param;
    void *field = sim_config_field(config, ref);
    require_bounds(param);
    switch (param->type) {
    case SIM_PARAM_TYPE_REAL:
        memcpy(field, &param->value, sizeof param->value);
        return true;
    case SIM_PARAM_TYPE_INT: {
        int64_t whole = (int64_t)param->value;
        sim_require((double)whole == param->value, "%s: default %g", param->path, param->value);
        memcpy(field, &whole, sizeof whole);
        return true;
    }
    case SIM_PARAM_TYPE_PATH: {
        double year = 2019; /* of a constant: any */
        struct sim_path constant = {SIM_STEP, 1, &year, &param->value};
        return sim_config_own_path(config, ref, param->curve ? param->curve : &constant);
    }
    case SIM_PARAM_TYPE_VECTOR:
        return own_vector(config, ref, param->values);
    case SIM_PARAM_TYPE_CHOICE:
        memcpy(field, &param->choices[0], sizeof param->choices[0]);
        return true;
    }
    sim_require_failed("type", __FILE__, __LINE__, "%s: type %d", param->path, (int)param->type);
}

static bool copy_value(struct sim_config *to, const struct sim_config *from,
                       struct sim_param_ref ref)
{
    const void *field = sim_config_field(from, ref);
    if (ref.param->type == SIM_PARAM_TYPE_PATH)
        return sim_config_own_path(to, ref, sim_config_path(from, ref));
    if (ref.param->type == SIM_PARAM_TYPE_VECTOR)
        return own_vector(to, ref, sim_config_slot_of(from, ref)->owned);
    memcpy(sim_config_field(to, ref), field, 8);
    return true;
}

static bool copy_origins(struct sim_config_slot *to, const struct sim_config_slot *from)
{
    for (size_t e = 0; e < from->elements; e++) {
        if (from->origins[e] && !(to->origins[e] = strdup(from->origins[e])))
            return false;
    }
    return true;
}

/* from NULL: defaults. */
static bool fill(struct sim_config *config, const struct sim_config *from)
{
    for (size_t i = 0; i < config->count; i++) {
        for (size_t j = 0; j < config->components[i]->param_count; j++) {
            struct sim_param_ref ref = {&config->components[i]->params[j], i, SIZE_MAX};
            if (!(from ? copy_value(config, from, ref) : set_default(config, ref)))
                return false;
            if (from && !copy_origins(&config->slots[i][j], &from->slots[i][j]))
                return false;
        }
    }
    return true;
}

static struct sim_config *make(const struct sim_component *const *components, size_t count,
                               const struct sim_config *from)
{
    struct sim_config *config = calloc(1, sizeof *config);
    if (config && allocate(config, components, count) && list_names(config) && fill(config, from))
        return config;
    sim_config_destroy(config);
    return NULL;
}

struct sim_config *sim_config_create(const struct sim_component *const *components, size_t count)
{
    return make(components, count, NULL);
}

struct sim_config *sim_config_copy(const struct sim_config *config)
{
    return make(config->components, config->count, config);
}

static void clear_slots(struct sim_config_slot *slots, size_t count)
{
    for (size_t j = 0; j < count; j++) {
        for (size_t e = 0; e < slots[j].elements; e++)
            free(slots[j].origins[e]);
        free(slots[j].origins);
        free(slots[j].owned);
    }
    free(slots);
}

void sim_config_destroy(struct sim_config *config)
{
    if (!config)
        return;
    for (size_t i = 0; config->slots && i < config->count; i++) {
        if (config->slots[i])
            clear_slots(config->slots[i], config->components[i]->param_count);
    }
    for (size_t i = 0; config->blocks && i < config->count; i++)
        free(config->blocks[i]);
    for (size_t i = 0; i < config->name_count; i++)
        free(config->names[i]);
    free(config->names);
    free(config->slots);
    free(config->blocks);
    free(config->components);
    free(config);
}

const void *sim_config_block(const struct sim_config *config, size_t component)
{
    sim_require(component < config->count, "component %zu of %zu", component, config->count);
    return config->blocks[component];
}

double sim_config_number(const struct sim_config *config, struct sim_param_ref ref)
{
    const void *field = sim_config_field(config, ref);
    const struct sim_config_slot *slot = sim_config_slot_of(config, ref);
    double real;
    int64_t whole;
    switch (ref.param->type) {
    case SIM_PARAM_TYPE_REAL:
        memcpy(&real, field, sizeof real);
        return real;
    case SIM_PARAM_TYPE_INT:
        memcpy(&whole, field, sizeof whole);
        return (double)whole;
    case SIM_PARAM_TYPE_VECTOR:
        sim_require(ref.element < slot->elements, "%s: element %zu", ref.param->path, ref.element);
        return ((const double *)slot->owned)[ref.element];
    default:
        sim_require_failed("a number", __FILE__, __LINE__, "%s is no number", ref.param->path);
    }
}

const struct sim_path *sim_config_path(const struct sim_config *config, struct sim_param_ref ref)
{
    sim_require(ref.param->type == SIM_PARAM_TYPE_PATH, "%s is no time path", ref.param->path);
    const struct sim_path *path;
    memcpy(&path, sim_config_field(config, ref), sizeof path);
    return path;
}

const char *sim_config_choice(const struct sim_config *config, struct sim_param_ref ref)
{
    sim_require(ref.param->type == SIM_PARAM_TYPE_CHOICE, "%s is no choice", ref.param->path);
    const char *choice;
    memcpy(&choice, sim_config_field(config, ref), sizeof choice);
    return choice;
}

const char *sim_config_origin(const struct sim_config *config, struct sim_param_ref ref)
{
    const struct sim_config_slot *slot = sim_config_slot_of(config, ref);
    size_t element = ref.element == SIZE_MAX ? 0 : ref.element;
    if (slot->elements == 0)
        return "default";
    sim_require(element < slot->elements, "%s: element %zu", ref.param->path, element);
    const char *origin = slot->origins[element] ? slot->origins[element] : "default";
    for (size_t e = 0; ref.element == SIZE_MAX && e < slot->elements; e++) {
        if (strcmp(slot->origins[e] ? slot->origins[e] : "default", origin) != 0)
            return "several";
    }
    return origin;
}
