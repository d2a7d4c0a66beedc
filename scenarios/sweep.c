/* The block `sweep`: points of a grid, a list, a Latin hypercube or a Sobol sequence, each a
 * scenario of its own. A design is atomic: a later file's replaces an earlier one's. */
#include "reader.h"

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS_MOST = 10000, AXES_MOST = 1000, SOBOL_AXES_MOST = 40 /* of GSL's sequence */ };

enum design { GRID, LIST, LATIN_HYPERCUBE, SOBOL };

static const char *const design_names[] = {"grid", "list", "latin_hypercube", "sobol", NULL};

struct axis {
    char *path;
    double low, high; /* of the space-filling designs */
    bool whole;       /* values are rounded */
};

struct scenario_sweep {
    enum design design;
    size_t points, axis_count;
    struct axis *axes;           /* of the space-filling designs */
    double *numbers;             /* [point * axis_count + axis], in [0, 1) */
    struct scenario_node *root;  /* owned: the design as it was written */
    struct scenario_layer layer; /* file and name owned, for origins */
    char *name;                  /* owned, what layer.name points to */
    const struct sim_component *const *components;
    size_t component_count;
};

void scenario_sweep_destroy(struct scenario_sweep *sweep)
{
    if (sweep == NULL) {
        return;
    }
    for (size_t i = 0; sweep->axes != NULL && i < sweep->axis_count; i++) {
        free(sweep->axes[i].path);
    }
    free(sweep->axes);
    free(sweep->numbers);
    scenario_document_destroy(sweep->root);
    free(sweep->layer.file);
    free(sweep->name);
    free(sweep);
}

/* A swept parameter must not be fixed on the command line: all points would then be equal. */
static bool is_free(struct scenario_reader *reader, const struct scenario_layer *layer,
                    const struct scenario_node *node)
{
    struct sim_param_ref ref;
    const struct sim_config *config = reader->scenario->config;
    if (sim_config_find(config, node->key, &ref) &&
        strcmp(sim_config_origin(config, ref), "--set") == 0) {
        scenario_report(reader->errors, layer, node,
                        "sweep: %s is also given by --set: leave one of them out", node->key);
        return false;
    }
    return true;
}

/* Tries a value on a copy of the parameters, which reports what is wrong with it. */
static bool try_value(struct scenario_reader *reader, struct sim_config *scratch,
                      const struct scenario_layer *layer, const char *path,
                      const struct scenario_node *value)
{
    return !scenario_errors_full(reader->errors) &&
           scenario_parameter_set(scratch, path, value, layer, reader->errors);
}

static bool too_many(struct scenario_reader *reader, const struct scenario_layer *layer,
                     const struct scenario_node *node, double points)
{
    if (points <= POINTS_MOST) {
        return false;
    }
    scenario_report(reader->errors, layer, node,
                    "sweep: %s has %.6g points; at most %d are allowed", node->key, points,
                    POINTS_MOST);
    return true;
}

static bool read_grid(struct scenario_reader *reader, struct sim_config *scratch,
                      const struct scenario_layer *layer, const struct scenario_node *grid,
                      struct scenario_sweep *sweep)
{
    double points = 1;
    bool good = true;
    if (grid->kind != SCENARIO_NODE_MAP || grid->count == 0) {
        scenario_report(reader->errors, layer, grid,
                        "sweep: grid is %s: must be a map from paths to lists of values",
                        scenario_node_kind_text(grid));
        return false;
    }
    for (const struct scenario_node *axis = grid->first;
         axis != NULL && !scenario_errors_full(reader->errors); axis = axis->next) {
        good &= is_free(reader, layer, axis);
        if (axis->kind != SCENARIO_NODE_LIST || axis->count == 0) {
            scenario_report(reader->errors, layer, axis,
                            "sweep: grid: %s is %s: must be a list of values", axis->key,
                            scenario_node_kind_text(axis));
            good = false;
            continue;
        }
        points *= (double)axis->count;
        for (const struct scenario_node *value = axis->first; value != NULL; value = value->next) {
            good &= try_value(reader, scratch, layer, axis->key, value);
        }
    }
    if (too_many(reader, layer, grid, points)) {
        return false;
    }
    sweep->points = (size_t)points;
    return good;
}

static bool read_list(struct scenario_reader *reader, struct sim_config *scratch,
                      const struct scenario_layer *layer, const struct scenario_node *list,
                      struct scenario_sweep *sweep)
{
    bool good = true;
    if (list->kind != SCENARIO_NODE_LIST || list->count == 0) {
        scenario_report(reader->errors, layer, list,
                        "sweep: list is %s: must be a list of maps from paths to values",
                        scenario_node_kind_text(list));
        return false;
    }
    if (too_many(reader, layer, list, (double)list->count)) {
        return false;
    }
    for (const struct scenario_node *point = list->first;
         point != NULL && !scenario_errors_full(reader->errors); point = point->next) {
        if (point->kind != SCENARIO_NODE_MAP) {
            scenario_report(reader->errors, layer, point,
                            "sweep: list: a point is %s: must be a map from paths to values",
                            scenario_node_kind_text(point));
            good = false;
            continue;
        }
        for (const struct scenario_node *value = point->first; value != NULL; value = value->next) {
            good &= is_free(reader, layer, value);
            good &= try_value(reader, scratch, layer, value->key, value);
        }
    }
    sweep->points = list->count;
    return good;
}

/* One axis of a space-filling design: a range, or the word plausible. */
static bool read_range(struct scenario_reader *reader, struct sim_config *scratch,
                       const struct scenario_layer *layer, const struct scenario_node *node,
                       struct axis *axis)
{
    const struct sim_param *param =
        scenario_parameter_number(scratch, node->key, "sweep", layer, node, reader->errors);
    if (param == NULL || !is_free(reader, layer, node)) {
        return false;
    }
    axis->whole = param->type == SIM_PARAM_TYPE_INT;
    if (node->kind == SCENARIO_NODE_SCALAR && strcmp(node->text, "plausible") == 0) {
        axis->low = param->low;
        axis->high = param->high;
    } else if (node->kind == SCENARIO_NODE_LIST && node->count == 2) {
        char unit[SCENARIO_UNIT_BYTES];
        if (!try_value(reader, scratch, layer, node->key, node->first) ||
            !try_value(reader, scratch, layer, node->key, node->last)) {
            return false;
        }
        scenario_value_number(node->first, &axis->low, unit);
        scenario_value_number(node->last, &axis->high, unit);
    } else {
        axis->high = axis->low;
    }
    if (!(axis->low < axis->high)) {
        scenario_report(reader->errors, layer, node,
                        "sweep: %s: must be [low, high] with low < high, or the word plausible",
                        node->key);
        return false;
    }
    axis->path = strdup(node->key);
    if (axis->path == NULL) {
        sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
    }
    return axis->path != NULL;
}

/* McKay, Beckman and Conover (1979): one point in each of n layers of every axis. */
static void fill_hypercube(struct scenario_sweep *sweep, unsigned long seed, size_t *order,
                           gsl_rng *rng)
{
    gsl_rng_set(rng, seed);
    for (size_t k = 0; k < sweep->axis_count; k++) {
        for (size_t i = 0; i < sweep->points; i++) {
            order[i] = i;
        }
        gsl_ran_shuffle(rng, order, sweep->points, sizeof *order);
        for (size_t i = 0; i < sweep->points; i++) {
            sweep->numbers[i * sweep->axis_count + k] =
                ((double)order[i] + gsl_rng_uniform(rng)) / (double)sweep->points;
        }
    }
}

static bool fill(struct scenario_sweep *sweep, unsigned long seed)
{
    bool good = false;
    sweep->numbers = calloc(sweep->points * sweep->axis_count, sizeof *sweep->numbers);
    if (sweep->numbers == NULL) {
        return false;
    }
    if (sweep->design == SOBOL) {
        gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)sweep->axis_count);
        for (size_t i = 0; sequence != NULL && i < sweep->points; i++) {
            gsl_qrng_get(sequence, &sweep->numbers[i * sweep->axis_count]);
        }
        good = sequence != NULL;
        gsl_qrng_free(sequence);
    } else {
        size_t *order = calloc(sweep->points, sizeof *order);
        gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
        good = order != NULL && rng != NULL;
        if (good) {
            fill_hypercube(sweep, seed, order, rng);
        }
        gsl_rng_free(rng);
        free(order);
    }
    return good;
}

static bool read_space(struct scenario_reader *reader, struct sim_config *scratch,
                       const struct scenario_layer *layer, const struct scenario_node *node,
                       struct scenario_sweep *sweep)
{
    static const char *const keys[] = {"points", "seed", "parameters", NULL};
    int64_t points = 0, seed = 1;
    bool good = scenario_value_keys(reader->errors, layer, node, keys);
    if (node->kind != SCENARIO_NODE_MAP) {
        return false;
    }
    const struct scenario_node *parameters = scenario_node_find(node, "parameters");
    size_t most = sweep->design == SOBOL ? SOBOL_AXES_MOST : AXES_MOST;
    if (parameters == NULL || parameters->kind != SCENARIO_NODE_MAP || parameters->count == 0 ||
        parameters->count > most || scenario_node_find(node, "points") == NULL) {
        scenario_report(reader->errors, layer, node,
                        "sweep: %s must be {points: N, seed: 1, parameters: {PATH: [low, high]}} "
                        "with 1 to %zu parameters",
                        node->key, most);
        return false;
    }
    good &= scenario_value_whole(reader->errors, layer, scenario_node_find(node, "points"), 1,
                                 POINTS_MOST, &points);
    const struct scenario_node *seed_node = scenario_node_find(node, "seed");
    good &= seed_node == NULL ||
            scenario_value_whole(reader->errors, layer, seed_node, 0, INT64_C(4294967295), &seed);
    sweep->points = (size_t)points;
    sweep->axes = calloc(parameters->count, sizeof *sweep->axes);
    if (sweep->axes == NULL) {
        sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
        return false;
    }
    for (const struct scenario_node *axis = parameters->first; axis != NULL; axis = axis->next) {
        good &= read_range(reader, scratch, layer, axis, &sweep->axes[sweep->axis_count++]);
    }
    if (good && !fill(sweep, (unsigned long)seed)) {
        sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
        good = false;
    }
    return good;
}

/* The design of one file; NULL after reporting. */
static struct scenario_sweep *read_sweep(struct scenario_reader *reader, struct sim_config *scratch,
                                         const struct scenario_layer *layer,
                                         const struct scenario_node *block)
{
    size_t design = SIM_COUNT(design_names) - 1;
    if (block->kind == SCENARIO_NODE_MAP && block->count == 1) {
        design = 0;
        while (design_names[design] != NULL &&
               strcmp(design_names[design], block->first->key) != 0) {
            design++;
        }
    }
    if (design_names[design] == NULL) {
        scenario_report(reader->errors, layer, block,
                        "sweep: must be a map with one of the keys grid, list, latin_hypercube "
                        "and sobol");
        return NULL;
    }
    struct scenario_sweep *sweep = calloc(1, sizeof *sweep);
    if (sweep == NULL) {
        sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
        return NULL;
    }
    sweep->design = (enum design)design;
    const struct scenario_node *node = block->first;
    bool good = sweep->design == GRID   ? read_grid(reader, scratch, layer, node, sweep)
                : sweep->design == LIST ? read_list(reader, scratch, layer, node, sweep)
                                        : read_space(reader, scratch, layer, node, sweep);
    sweep->components = reader->components;
    sweep->component_count = reader->component_count;
    sweep->root = good ? scenario_node_copy(node) : NULL;
    sweep->name = strdup(layer->name);
    sweep->layer.file = strdup(layer->file);
    sweep->layer.name = sweep->name;
    if (good && (sweep->root == NULL || sweep->name == NULL || sweep->layer.file == NULL)) {
        sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
        good = false;
    }
    if (!good) {
        scenario_sweep_destroy(sweep);
        sweep = NULL;
    }
    return sweep;
}

void scenario_sweep_read(struct scenario_reader *reader)
{
    for (size_t i = 0; i < reader->layer_count && !scenario_errors_full(reader->errors); i++) {
        const struct scenario_layer *layer = &reader->layers[i];
        const struct scenario_node *block =
            layer->root == NULL ? NULL : scenario_node_find(layer->root, "sweep");
        if (block == NULL) {
            continue;
        }
        struct sim_config *scratch = sim_config_copy(reader->scenario->config);
        if (scratch == NULL) {
            sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
            return;
        }
        scenario_sweep_destroy(reader->scenario->sweep);
        reader->scenario->sweep = read_sweep(reader, scratch, layer, block);
        sim_config_destroy(scratch);
    }
}

void scenario_sweep_write(FILE *out, const struct scenario_sweep *sweep)
{
    fprintf(out, "sweep: {%s: ", design_names[sweep->design]);
    scenario_node_write(out, sweep->root);
    fprintf(out, "} # %zu points, %s:%d\n", sweep->points, sweep->layer.name, sweep->root->line);
}

size_t scenario_point_count(const struct scenario *scenario)
{
    return scenario->sweep == NULL ? 0 : scenario->sweep->points;
}

static bool set_map(const struct scenario_sweep *sweep, size_t index, struct sim_config *config,
                    struct sim_errors *errors)
{
    const struct scenario_node *point = sweep->root->first;
    while (index-- > 0) {
        point = point->next;
    }
    bool good = true;
    for (const struct scenario_node *value = point->first; value != NULL; value = value->next) {
        good &= scenario_parameter_set(config, value->key, value, &sweep->layer, errors);
    }
    return good;
}

/* The last axis runs fastest. */
static bool set_grid(const struct scenario_sweep *sweep, size_t index, struct sim_config *config,
                     struct sim_errors *errors)
{
    bool good = true;
    size_t stride = sweep->points;
    for (const struct scenario_node *axis = sweep->root->first; axis != NULL; axis = axis->next) {
        stride /= axis->count;
        size_t step = index / stride;
        index %= stride;
        const struct scenario_node *value = axis->first;
        while (step-- > 0) {
            value = value->next;
        }
        good &= scenario_parameter_set(config, axis->key, value, &sweep->layer, errors);
    }
    return good;
}

static bool set_space(const struct scenario_sweep *sweep, size_t index, struct sim_config *config,
                      struct sim_errors *errors)
{
    bool good = true;
    char text[SCENARIO_MESSAGE_BYTES];
    char *origin = scenario_origin(&sweep->layer, sweep->root);
    if (origin == NULL) {
        sim_errors_add(errors, SIM_MEMORY, sweep->layer.file, 0, "out of memory");
    }
    for (size_t k = 0; origin != NULL && k < sweep->axis_count; k++) {
        const struct axis *axis = &sweep->axes[k];
        double part = sweep->numbers[index * sweep->axis_count + k];
        double value = axis->low + part * (axis->high - axis->low);
        const char *wrong =
            sim_config_set_number(config, axis->path, axis->whole ? round(value) : value, NULL,
                                  origin, text, sizeof text);
        if (wrong != NULL) {
            scenario_report(errors, &sweep->layer, sweep->root, "%s", wrong);
            good = false;
        }
    }
    good &= origin != NULL;
    free(origin);
    return good;
}

/* Everything of the point but its values. */
static struct scenario *copy_scenario(const struct scenario *base, size_t index)
{
    struct scenario *point = calloc(1, sizeof *point);
    if (point == NULL) {
        return NULL;
    }
    *point = *base;
    point->base = base;
    point->sweep = NULL;
    point->resolved = NULL;
    size_t size = strlen(base->name) + 24;
    point->name = malloc(size);
    point->file = strdup(base->file);
    point->title = strdup(base->title);
    point->description = strdup(base->description);
    point->references = strdup(base->references);
    point->text = strdup(base->text);
    point->config = sim_config_copy(base->config);
    if (point->name == NULL || point->file == NULL || point->title == NULL ||
        point->description == NULL || point->references == NULL || point->text == NULL ||
        point->config == NULL) {
        scenario_destroy(point);
        return NULL;
    }
    snprintf(point->name, size, "%s-%zu", base->name, index + 1);
    return point;
}

enum sim_status scenario_point(struct scenario **point, const struct scenario *scenario,
                               size_t index, struct sim_errors *errors)
{
    const struct scenario_sweep *sweep = scenario->sweep;
    sim_require(sweep != NULL && index < sweep->points, "%s has no point %zu", scenario->name,
                index);
    *point = copy_scenario(scenario, index);
    bool good = *point != NULL;
    if (good) {
        struct sim_config *config = (*point)->config;
        good = sweep->design == GRID   ? set_grid(sweep, index, config, errors)
               : sweep->design == LIST ? set_map(sweep, index, config, errors)
                                       : set_space(sweep, index, config, errors);
    }
    if (good) {
        (*point)->resolved =
            scenario_resolved_write(*point, sweep->components, sweep->component_count);
    }
    if (good && (*point)->resolved != NULL) {
        return SIM_OK;
    }
    if (*point == NULL || good) {
        sim_errors_add(errors, SIM_MEMORY, scenario->file, 0, "out of memory");
    }
    scenario_destroy(*point);
    *point = NULL;
    return errors->worst;
}
