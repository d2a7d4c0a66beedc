#include "plan.h"

#include "../sim/component.h"
#include "bytes.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Dimensions by name, in order of first use. */
struct dimension_set {
    const struct sim_dimension **items;
    size_t count, capacity;
    bool failed;
};

static void collect(struct dimension_set *set, const struct sim_dimension *dimension)
{
    if (!dimension || set->failed)
        return;
    for (size_t i = 0; i < set->count; i++) {
        if (set->items[i] == dimension)
            return;
    }
    if (set->count == set->capacity) {
        size_t capacity = set->capacity ? 2 * set->capacity : 32;
        const struct sim_dimension **items =
            realloc(set->items, capacity * sizeof(const struct sim_dimension *));
        if (!items) {
            set->failed = true;
            return;
        }
        set->items = items;
        set->capacity = capacity;
    }
    set->items[set->count++] = dimension;
}

static bool same_labels(const struct sim_dimension *a, const struct sim_dimension *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->labels[i], b->labels[i]) != 0)
            return false;
    }
    return true;
}

/* Number under which a dimension is written; UINT32_MAX stands for none. Two structs of one name
 * and the same labels are one dimension; of different labels, both are kept and refused later. */
static uint32_t number_of(const struct dimension_set *set, const struct sim_dimension *dimension)
{
    if (!dimension)
        return UINT32_MAX;
    uint32_t number = 0;
    for (size_t i = 0; i < set->count; i++) {
        bool repeated = false;
        for (size_t k = 0; k < i && !repeated; k++)
            repeated = strcmp(set->items[i]->name, set->items[k]->name) == 0 &&
                       same_labels(set->items[i], set->items[k]);
        if (strcmp(set->items[i]->name, dimension->name) == 0 &&
            same_labels(set->items[i], dimension))
            return number;
        number += !repeated;
    }
    return UINT32_MAX;
}

static void write_dimensions(struct output_bytes *out, const struct dimension_set *set)
{
    uint64_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        if (pass)
            output_bytes_u64(out, count);
        for (size_t i = 0; i < set->count; i++) {
            const struct sim_dimension *d = set->items[i];
            bool repeated = false;
            for (size_t k = 0; k < i && !repeated; k++)
                repeated =
                    strcmp(d->name, set->items[k]->name) == 0 && same_labels(d, set->items[k]);
            if (repeated)
                continue;
            count += !pass;
            if (!pass)
                continue;
            output_bytes_text(out, d->name);
            output_bytes_text(out, d->long_name);
            output_bytes_u64(out, d->count);
            for (size_t k = 0; k < d->count; k++)
                output_bytes_text(out, d->labels[k]);
        }
    }
}

static bool matches(const char *pattern, const char *name)
{
    return strcmp(pattern, "all") == 0 || fnmatch(pattern, name, 0) == 0;
}

/* Marks the variables asked for; a pattern that matches nothing is the user's error. */
static void choose(const struct output_request *request, bool *chosen, struct sim_errors *errors)
{
    const struct sim_layout *layout = request->layout;
    size_t left = 0;
    for (size_t i = 0; i < layout->count && !request->variable_count; i++)
        chosen[i] = true;
    for (size_t p = 0; p < request->variable_count; p++) {
        bool found = false;
        for (size_t i = 0; i < layout->count; i++) {
            if (!matches(request->variables[p], layout->variables[i].output->name))
                continue;
            chosen[i] = found = true;
        }
        if (!found)
            sim_errors_add(errors, SIM_BAD_DATA, NULL, 0,
                           "output variable \"%s\": no variable has this name or matches this "
                           "pattern (`remelt vars` lists them)",
                           request->variables[p]);
    }
    for (size_t i = 0; i < layout->count; i++) {
        bool detail = layout->variables[i].output->axis == SIM_AXIS_DETAIL;
        if (detail && !request->detail_replicates)
            chosen[i] = false;
        bool history = layout->variables[i].output->axis == SIM_AXIS_HISTORY;
        if (layout->variables[i].steps == 0 || (history && !layout->years))
            chosen[i] = false;
        left += chosen[i];
    }
    if (!left)
        sim_errors_add(errors, SIM_BAD_DATA, NULL, 0,
                       "no output variable is left: those by province need detail_replicates of "
                       "at least 1, and others a month to report");
}

static void write_variables(struct output_bytes *out, const struct output_request *request,
                            const bool *chosen, const struct dimension_set *set)
{
    uint64_t count = 0;
    for (size_t i = 0; i < request->layout->count; i++)
        count += chosen[i];
    output_bytes_u64(out, count);
    for (size_t i = 0; i < request->layout->count; i++) {
        const struct sim_variable *v = &request->layout->variables[i];
        if (!chosen[i])
            continue;
        output_bytes_text(out, v->output->name);
        output_bytes_text(out, v->output->unit);
        output_bytes_text(out, v->output->long_name);
        output_bytes_u32(out, number_of(set, v->output->dims[0]));
        output_bytes_u32(out, number_of(set, v->output->dims[1]));
        output_bytes_u32(out, (uint32_t)v->output->method);
        output_bytes_u32(out, (uint32_t)v->output->reduce);
        output_bytes_u32(out, (uint32_t)v->output->axis);
        output_bytes_u32(out, v->output->wide);
        output_bytes_u64(out, v->component);
        output_bytes_u64(out, v->index);
        output_bytes_u64(out, v->cells);
        output_bytes_u64(out, v->steps);
        output_bytes_u64(out, v->offset);
    }
}

static void write_value(struct output_bytes *out, const struct sim_config *config,
                        struct sim_param_ref ref)
{
    const struct sim_param *param = ref.param;
    if (param->type == SIM_PARAM_TYPE_PATH) {
        const struct sim_path *path = sim_config_path(config, ref);
        output_bytes_u32(out, (uint32_t)path->interpolate);
        output_bytes_u64(out, path->count);
        for (size_t i = 0; i < path->count; i++)
            output_bytes_f64(out, path->years[i]);
        for (size_t i = 0; i < path->count; i++)
            output_bytes_f64(out, path->values[i]);
    } else if (param->type == SIM_PARAM_TYPE_CHOICE) {
        output_bytes_text(out, sim_config_choice(config, ref));
    } else if (param->type == SIM_PARAM_TYPE_VECTOR) {
        for (ref.element = 0; ref.element < param->dimension->count; ref.element++)
            output_bytes_f64(out, sim_config_number(config, ref));
    } else {
        output_bytes_f64(out, sim_config_number(config, ref));
    }
}

static void write_parameters(struct output_bytes *out, const struct output_request *request,
                             const struct dimension_set *set)
{
    bool known = true;
    for (size_t s = 0; s < request->source_count; s++)
        known = known && request->sources[s].config;
    uint64_t count = 0;
    for (size_t c = 0; c < request->component_count && known; c++)
        count += request->components[c]->param_count;
    output_bytes_u64(out, count);
    for (size_t c = 0; c < request->component_count && known; c++) {
        for (size_t i = 0; i < request->components[c]->param_count; i++) {
            const struct sim_param *param = &request->components[c]->params[i];
            output_bytes_text(out, param->path);
            output_bytes_text(out, param->unit);
            output_bytes_text(out, param->doc);
            output_bytes_text(out, param->source);
            output_bytes_u32(out, (uint32_t)param->type);
            output_bytes_u32(out, number_of(set, param->dimension));
            output_bytes_f64(out, param->min);
            output_bytes_f64(out, param->max);
            struct sim_param_ref ref = {.param = param, .component = c, .element = SIZE_MAX};
            for (size_t s = 0; s < request->source_count; s++)
                write_value(out, request->sources[s].config, ref);
        }
    }
}

/* Hash of the table of this file in one scenario's tables; 0 where it has none. */
static uint64_t table_hash(const struct sim_tables *tables, const char *file)
{
    for (size_t i = 0; tables && i < tables->count; i++) {
        if (strcmp(tables->tables[i].row->file, file) == 0)
            return tables->tables[i].hash;
    }
    return 0;
}

static void write_tables(struct output_bytes *out, const struct output_request *request)
{
    uint64_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        if (pass)
            output_bytes_u64(out, count);
        const struct sim_tables *tables = request->sources[0].tables;
        for (size_t i = 0; tables && i < tables->count; i++) {
            const char *file = tables->tables[i].row->file;
            bool repeated = false;
            for (size_t k = 0; k < i && !repeated; k++)
                repeated = strcmp(tables->tables[k].row->file, file) == 0;
            if (repeated)
                continue;
            count += !pass;
            if (!pass)
                continue;
            output_bytes_text(out, file);
            for (size_t s = 0; s < request->source_count; s++)
                output_bytes_u64(out, table_hash(request->sources[s].tables, file));
        }
    }
}

static void write_head(struct output_bytes *out, const struct output_request *request)
{
    const struct sim_layout *layout = request->layout;
    uint64_t replicates = request->last - request->first;
    output_bytes_raw(out, OUTPUT_PLAN_MAGIC, OUTPUT_PLAN_MAGIC_SIZE);
    output_bytes_u32(out, OUTPUT_PLAN_VERSION);
    output_bytes_u32(out, OUTPUT_RESULTS_VERSION);
    output_bytes_text(out, request->program);
    output_bytes_text(out, request->version);
    output_bytes_text(out, request->title ? request->title : request->sources[0].title);
    output_bytes_text(out, request->references);
    output_bytes_u64(out, request->seed);
    output_bytes_u64(out, request->first);
    output_bytes_u64(out, request->last);
    output_bytes_u64(out, request->detail_replicates < replicates ? request->detail_replicates
                                                                  : replicates);
    output_bytes_u64(out, layout->months);
    output_bytes_u64(out, layout->years);
    output_bytes_u32(out, (uint32_t)layout->first_month);
    output_bytes_u32(out, (uint32_t)layout->first_year);
    output_bytes_u64(out, layout->size);
    output_bytes_u64(out, request->source_count);
    for (size_t s = 0; s < request->source_count; s++) {
        output_bytes_text(out, request->sources[s].name);
        output_bytes_text(out, request->sources[s].title);
        output_bytes_text(out, request->sources[s].description);
        output_bytes_text(out, request->sources[s].text);
        output_bytes_text(out, request->sources[s].resolved);
    }
}

static void write_plan(struct output_bytes *out, const struct output_request *request,
                       const bool *chosen)
{
    struct dimension_set set = {0};
    for (size_t i = 0; i < request->layout->count; i++) {
        collect(&set, chosen[i] ? request->layout->variables[i].output->dims[0] : NULL);
        collect(&set, chosen[i] ? request->layout->variables[i].output->dims[1] : NULL);
    }
    for (size_t c = 0; c < request->component_count; c++) {
        for (size_t i = 0; i < request->components[c]->param_count; i++)
            collect(&set, request->components[c]->params[i].dimension);
    }
    write_head(out, request);
    write_dimensions(out, &set);
    write_variables(out, request, chosen, &set);
    write_parameters(out, request, &set);
    write_tables(out, request);
    out->failed = out->failed || set.failed;
    free(set.items);
}

static enum sim_status no_memory(struct sim_errors *errors)
{
    sim_errors_add(errors, SIM_BAD_DATA, NULL, 0, "out of memory for the plan of the results");
    return SIM_MEMORY;
}

enum sim_status output_plan_create(struct output_plan **plan, const struct output_request *request,
                                   struct sim_errors *errors)
{
    *plan = NULL;
    sim_require(request->source_count > 0, "a plan needs a scenario");
    size_t before = errors->count;
    if (request->first >= request->last)
        sim_errors_add(errors, SIM_BAD_DATA, NULL, 0, "replicates %llu:%llu: there are none",
                       (unsigned long long)request->first, (unsigned long long)request->last);
    bool *chosen = calloc(request->layout->count + 1, sizeof *chosen);
    if (!chosen)
        return no_memory(errors);
    choose(request, chosen, errors);
    if (errors->count > before) {
        free(chosen);
        return SIM_BAD_DATA;
    }
    struct output_bytes bytes = {0};
    write_plan(&bytes, request, chosen);
    free(chosen);
    if (bytes.failed) {
        output_bytes_clear(&bytes);
        return no_memory(errors);
    }
    struct output_plan *made = output_plan_parse(bytes.data, bytes.size);
    if (!made)
        return no_memory(errors);
    if (!output_plan_sound(made, errors)) {
        output_plan_destroy(made);
        return SIM_BAD_DATA;
    }
    *plan = made;
    return SIM_OK;
}
