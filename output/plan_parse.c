/* The other half of plan.c: from bytes to a plan, and what a plan must not contain. */
#include "../sim/hash.h"
#include "bytes.h"
#include "plan.h"

#include <stdlib.h>
#include <string.h>

/* Zeroed array owned by the plan; NULL and a bad cursor when out of memory. */
static void *block(struct output_plan *plan, struct output_cursor *in, size_t count, size_t size)
{
    if (in->bad)
        return NULL;
    if (plan->block_count == plan->block_capacity) {
        size_t capacity = plan->block_capacity ? 2 * plan->block_capacity : 64;
        void **blocks = realloc(plan->blocks, capacity * sizeof *blocks);
        if (!blocks) {
            in->bad = true;
            return NULL;
        }
        plan->blocks = blocks;
        plan->block_capacity = capacity;
    }
    void *made = calloc(count ? count : 1, size);
    if (made)
        plan->blocks[plan->block_count++] = made;
    else
        in->bad = true;
    return made;
}

void output_plan_destroy(struct output_plan *plan)
{
    if (!plan)
        return;
    for (size_t i = 0; i < plan->block_count; i++)
        free(plan->blocks[i]);
    free(plan->blocks);
    free(plan->bytes);
    free(plan);
}

static void parse_head(struct output_plan *plan, struct output_cursor *in)
{
    if (in->size < OUTPUT_PLAN_MAGIC_SIZE ||
        memcmp(in->data, OUTPUT_PLAN_MAGIC, OUTPUT_PLAN_MAGIC_SIZE) != 0) {
        in->bad = true;
        return;
    }
    in->at = OUTPUT_PLAN_MAGIC_SIZE;
    if (output_cursor_u32(in) != OUTPUT_PLAN_VERSION ||
        output_cursor_u32(in) != OUTPUT_RESULTS_VERSION) {
        in->bad = true;
        return;
    }
    plan->program = output_cursor_text(in);
    plan->version = output_cursor_text(in);
    plan->title = output_cursor_text(in);
    plan->references = output_cursor_text(in);
    plan->seed = output_cursor_u64(in);
    plan->first = output_cursor_u64(in);
    plan->last = output_cursor_u64(in);
    plan->detail = output_cursor_u64(in);
    plan->months = (size_t)output_cursor_u64(in);
    plan->years = (size_t)output_cursor_u64(in);
    plan->first_month = (int)output_cursor_u32(in);
    plan->first_year = (int)output_cursor_u32(in);
    plan->size = (size_t)output_cursor_u64(in);
    plan->scenario_count = output_cursor_count(in, 45);
    plan->scenarios = block(plan, in, plan->scenario_count, sizeof *plan->scenarios);
    for (size_t s = 0; s < plan->scenario_count && !in->bad; s++) {
        plan->scenarios[s].name = output_cursor_text(in);
        plan->scenarios[s].title = output_cursor_text(in);
        plan->scenarios[s].description = output_cursor_text(in);
        plan->scenarios[s].text = output_cursor_text(in);
        plan->scenarios[s].resolved = output_cursor_text(in);
    }
}

static void parse_dimensions(struct output_plan *plan, struct output_cursor *in)
{
    plan->dimension_count = output_cursor_count(in, 26);
    plan->dimensions = block(plan, in, plan->dimension_count, sizeof *plan->dimensions);
    for (size_t i = 0; i < plan->dimension_count && !in->bad; i++) {
        struct sim_dimension *d = &plan->dimensions[i];
        d->name = output_cursor_text(in);
        d->long_name = output_cursor_text(in);
        d->count = output_cursor_count(in, 9);
        const char **labels = block(plan, in, d->count, sizeof(const char *));
        for (size_t k = 0; k < d->count && !in->bad; k++)
            labels[k] = output_cursor_text(in);
        d->labels = labels;
    }
}

static const struct sim_dimension *parse_dimension(struct output_plan *plan,
                                                   struct output_cursor *in)
{
    uint32_t number = output_cursor_u32(in);
    if (number == UINT32_MAX)
        return NULL;
    if (number >= plan->dimension_count) {
        in->bad = true;
        return NULL;
    }
    return &plan->dimensions[number];
}

static void parse_variables(struct output_plan *plan, struct output_cursor *in)
{
    plan->variable_count = output_cursor_count(in, 91);
    plan->outputs = block(plan, in, plan->variable_count, sizeof *plan->outputs);
    plan->variables = block(plan, in, plan->variable_count, sizeof *plan->variables);
    for (size_t i = 0; i < plan->variable_count && !in->bad; i++) {
        struct sim_output *output = &plan->outputs[i];
        struct sim_variable *v = &plan->variables[i];
        output->name = output_cursor_text(in);
        output->unit = output_cursor_text(in);
        output->long_name = output_cursor_text(in);
        output->dims[0] = parse_dimension(plan, in);
        output->dims[1] = parse_dimension(plan, in);
        output->method = (enum sim_cell_method)output_cursor_u32(in);
        output->reduce = (enum sim_reduce)output_cursor_u32(in);
        output->axis = (enum sim_axis)output_cursor_u32(in);
        output->wide = output_cursor_u32(in) != 0;
        v->output = output;
        v->component = (size_t)output_cursor_u64(in);
        v->index = (size_t)output_cursor_u64(in);
        v->cells = (size_t)output_cursor_u64(in);
        v->steps = (size_t)output_cursor_u64(in);
        v->offset = (size_t)output_cursor_u64(in);
        size_t cells = 1;
        for (int k = 0; k < 2; k++)
            cells *= output->dims[k] ? output->dims[k]->count : 1;
        size_t steps = output->axis == SIM_AXIS_HISTORY ? plan->years : plan->months;
        in->bad = in->bad || output->axis > SIM_AXIS_HISTORY || output->method > SIM_METHOD_SUM ||
                  v->cells != cells || v->steps != steps || !cells || !steps ||
                  cells > plan->size / steps || v->offset > plan->size - cells * steps;
    }
}

static void parse_curve(struct output_plan *plan, struct output_cursor *in, struct sim_path *curve)
{
    curve->interpolate = (enum sim_interpolate)output_cursor_u32(in);
    curve->count = output_cursor_count(in, 16);
    double *numbers = block(plan, in, 2 * curve->count, sizeof *numbers);
    if (!numbers || !curve->count || curve->interpolate > SIM_STEP) {
        in->bad = true;
        return;
    }
    for (size_t i = 0; i < 2 * curve->count; i++)
        numbers[i] = output_cursor_f64(in);
    curve->years = numbers;
    curve->values = numbers + curve->count;
}

static void parse_values(struct output_plan *plan, struct output_cursor *in,
                         struct output_parameter *p)
{
    size_t count = plan->scenario_count * (p->dimension ? p->dimension->count : 1);
    if (p->type == SIM_PARAM_TYPE_PATH) {
        p->curves = block(plan, in, count, sizeof *p->curves);
        for (size_t i = 0; i < count && !in->bad; i++)
            parse_curve(plan, in, &p->curves[i]);
    } else if (p->type == SIM_PARAM_TYPE_CHOICE) {
        p->choices = block(plan, in, count, sizeof *p->choices);
        for (size_t i = 0; i < count && !in->bad; i++)
            p->choices[i] = output_cursor_text(in);
    } else {
        p->numbers = block(plan, in, count, sizeof *p->numbers);
        for (size_t i = 0; i < count && !in->bad; i++)
            p->numbers[i] = output_cursor_f64(in);
    }
}

static void parse_parameters(struct output_plan *plan, struct output_cursor *in)
{
    plan->parameter_count = output_cursor_count(in, 60);
    plan->parameters = block(plan, in, plan->parameter_count, sizeof *plan->parameters);
    for (size_t i = 0; i < plan->parameter_count && !in->bad; i++) {
        struct output_parameter *p = &plan->parameters[i];
        p->path = output_cursor_text(in);
        p->unit = output_cursor_text(in);
        p->doc = output_cursor_text(in);
        p->source = output_cursor_text(in);
        p->type = (enum sim_param_type)output_cursor_u32(in);
        p->dimension = parse_dimension(plan, in);
        p->min = output_cursor_f64(in);
        p->max = output_cursor_f64(in);
        if (p->type > SIM_PARAM_TYPE_CHOICE ||
            (p->type == SIM_PARAM_TYPE_VECTOR) != (p->dimension != NULL))
            in->bad = true;
        parse_values(plan, in, p);
    }
}

static void parse_tables(struct output_plan *plan, struct output_cursor *in)
{
    plan->table_count = output_cursor_count(in, 9);
    plan->tables = block(plan, in, plan->table_count, sizeof *plan->tables);
    for (size_t i = 0; i < plan->table_count && !in->bad; i++) {
        plan->tables[i].file = output_cursor_text(in);
        plan->tables[i].hashes = block(plan, in, plan->scenario_count, sizeof(uint64_t));
        for (size_t s = 0; s < plan->scenario_count && !in->bad; s++)
            plan->tables[i].hashes[s] = output_cursor_u64(in);
    }
}

struct output_plan *output_plan_parse(unsigned char *bytes, size_t size)
{
    struct output_plan *plan = calloc(1, sizeof *plan);
    if (!plan) {
        free(bytes);
        return NULL;
    }
    plan->bytes = bytes;
    plan->byte_count = size;
    struct output_cursor in = {.data = bytes, .size = size};
    parse_head(plan, &in);
    parse_dimensions(plan, &in);
    parse_variables(plan, &in);
    parse_parameters(plan, &in);
    parse_tables(plan, &in);
    if (in.bad || in.at != size || plan->first >= plan->last || !plan->scenario_count ||
        plan->detail > plan->last - plan->first) {
        output_plan_destroy(plan);
        return NULL;
    }
    plan->hash = sim_hash_bytes(OUTPUT_PLAN_VERSION, bytes, size);
    return plan;
}

/* Names that the file itself uses at the root. */
static bool reserved(const char *name)
{
    static const char *const names[] = {"scenario", "replicate",  "detail_replicate",
                                        "time",     "bnds",       "year",
                                        "status",   "trace_hash", "time_bnds",
                                        "history",  "scenarios",  "parameters",
                                        "log",      "provenance", "table"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

static void check_names(const struct output_plan *plan, struct sim_errors *errors)
{
    for (size_t i = 0; i < plan->dimension_count; i++) {
        const char *name = plan->dimensions[i].name;
        if (reserved(name))
            sim_errors_add(errors, SIM_BAD_DATA, NULL, 0, "dimension \"%s\": the name is reserved",
                           name);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(name, plan->dimensions[k].name) == 0)
                sim_errors_add(errors, SIM_BAD_DATA, NULL, 0,
                               "dimension \"%s\" is used with different labels", name);
        }
    }
    for (size_t i = 0; i < plan->variable_count; i++) {
        const struct sim_output *output = plan->variables[i].output;
        bool clash = reserved(output->name);
        for (size_t k = 0; k < plan->dimension_count; k++)
            clash = clash || strcmp(output->name, plan->dimensions[k].name) == 0;
        for (size_t k = 0; k < i; k++)
            clash = clash || strcmp(output->name, plan->variables[k].output->name) == 0;
        if (clash)
            sim_errors_add(errors, SIM_BAD_DATA, NULL, 0,
                           "output variable \"%s\": the name is used twice or reserved",
                           output->name);
        if (output->dims[0] && output->dims[0] == output->dims[1])
            sim_errors_add(errors, SIM_BAD_DATA, NULL, 0,
                           "output variable \"%s\": both axes are \"%s\"; readers need two names",
                           output->name, output->dims[0]->name);
    }
}

bool output_plan_sound(const struct output_plan *plan, struct sim_errors *errors)
{
    size_t before = errors->count;
    for (size_t i = 0; i < plan->scenario_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(plan->scenarios[i].name, plan->scenarios[k].name) == 0)
                sim_errors_add(errors, SIM_BAD_DATA, NULL, 0,
                               "scenario \"%s\" is given twice; each needs its own name",
                               plan->scenarios[i].name);
        }
    }
    check_names(plan, errors);
    for (size_t i = 0; i < plan->parameter_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(plan->parameters[i].path, plan->parameters[k].path) == 0)
                sim_errors_add(errors, SIM_BAD_DATA, NULL, 0, "parameter \"%s\" is declared twice",
                               plan->parameters[i].path);
        }
    }
    return errors->count == before;
}

uint64_t output_plan_tasks(const struct output_plan *plan)
{
    return (plan->last - plan->first) * plan->scenario_count;
}

bool output_plan_detail(const struct output_plan *plan, uint64_t replicate)
{
    return replicate >= plan->first && replicate - plan->first < plan->detail;
}
