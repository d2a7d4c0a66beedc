/* The block `parameters` and --set: one value, or one time path, per parameter. */
#include "reader.h"

#include "../sim/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Years a time path may name: history begins in 1900 at the earliest, plans end in 2100. */
enum { FIRST_YEAR = 1900, LAST_YEAR = 2100 };

bool scenario_parameter_year(const char *key, double *year)
{
    struct sim_date date;
    if (sim_date_parse(key, &date)) {
        *year = sim_year(sim_time_from_date(date));
    } else {
        /* 2024.5: the middle of 2024 */
        if (strspn(key, "0123456789") != 4 || key[4] != '.' || key[5] == '\0' ||
            strspn(key + 5, "0123456789") != strlen(key + 5)) {
            return false;
        }
        *year = strtod(key, NULL);
    }
    return *year >= FIRST_YEAR && *year < LAST_YEAR + 1;
}

char *scenario_parameter_year_text(double year, char text[32])
{
    if (year == floor(year)) {
        snprintf(text, 32, "%04d", (int)year);
        return text;
    }
    struct sim_date date = sim_date_from_time(sim_time_from_year(year) + SIM_HOUR);
    if (sim_year(sim_time_from_date(date)) == year) {
        snprintf(text, 32, "%04d-%02d-%02d", date.year, date.month, date.day);
        return text;
    }
    return scenario_number_text(year, text);
}

struct point {
    double year, value;
    const struct scenario_node *node;
};

static int compare_points(const void *left, const void *right)
{
    const struct point *a = left, *b = right;
    return (a->year > b->year) - (a->year < b->year);
}

/* What a parameter's values must be, for messages. */
static const char *allowed(const struct sim_param *param, char *text, size_t size)
{
    snprintf(text, size, "from %.12g to %.12g %s", param->min, param->max,
             strcmp(param->unit, "1") == 0 ? "(dimensionless)" : param->unit);
    return text;
}

/* One point; false after reporting. */
static bool read_point(const struct sim_param *param, const struct scenario_node *node,
                       const struct scenario_layer *layer, struct sim_errors *errors,
                       struct point *point)
{
    char unit[SCENARIO_UNIT_BYTES], shown[SCENARIO_SHOWN_BYTES], key[SCENARIO_SHOWN_BYTES],
        bounds[160];
    point->node = node;
    scenario_text_show(node->key, key, sizeof key);
    if (!scenario_parameter_year(node->key, &point->year)) {
        scenario_report(errors, layer, node,
                        "%s: point '%s' must be a year or a day from %d to %d, such as 2025, "
                        "2025.5 or 2025-07-01",
                        param->path, key, FIRST_YEAR, LAST_YEAR);
        return false;
    }
    scenario_node_show(node, shown, sizeof shown);
    const char *wrong = scenario_value_number(node, &point->value, unit);
    if (wrong != NULL) {
        scenario_report(errors, layer, node, "%s at %s = %s: %s, %s", param->path, key, shown,
                        wrong, allowed(param, bounds, sizeof bounds));
        return false;
    }
    if (unit[0] != '\0' && strcmp(unit, param->unit) != 0) {
        scenario_report(errors, layer, node,
                        "%s at %s = %s: unit '%s' is not the parameter's unit '%s'", param->path,
                        key, shown, unit, param->unit);
        return false;
    }
    if (point->value < param->min || point->value > param->max) {
        scenario_report(errors, layer, node, "%s at %s = %s: must lie %s", param->path, key, shown,
                        allowed(param, bounds, sizeof bounds));
        return false;
    }
    return true;
}

static bool read_interpolate(const struct sim_param *param, const struct scenario_node *map,
                             const struct scenario_layer *layer, struct sim_errors *errors,
                             enum sim_interpolate *interpolate)
{
    const struct scenario_node *node = scenario_node_find(map, "interpolate");
    *interpolate = SIM_LINEAR;
    if (node == NULL) {
        return true;
    }
    bool scalar = node->kind == SCENARIO_NODE_SCALAR;
    if (scalar && strcmp(node->text, "step") == 0) {
        *interpolate = SIM_STEP;
    } else if (!scalar || strcmp(node->text, "linear") != 0) {
        char shown[SCENARIO_SHOWN_BYTES];
        scenario_report(errors, layer, node, "%s: interpolate = %s: must be linear or step",
                        param->path, scenario_node_show(node, shown, sizeof shown));
        return false;
    }
    return true;
}

/* All points, sorted by year; false after reporting. points has room for every one. */
static bool read_points(const struct sim_param *param, const struct scenario_node *map,
                        const struct scenario_layer *layer, struct sim_errors *errors,
                        struct point *points)
{
    size_t count = 0;
    bool good = true;
    for (const struct scenario_node *node = map->first;
         node != NULL && !scenario_errors_full(errors); node = node->next) {
        good &= read_point(param, node, layer, errors, &points[count]);
        count++;
    }
    if (!good) {
        return false;
    }
    qsort(points, count, sizeof *points, compare_points);
    for (size_t i = 1; i < count && !scenario_errors_full(errors); i++) {
        if (points[i].year == points[i - 1].year) {
            scenario_report(errors, layer, points[i].node,
                            "%s: the points '%s' and '%s' name the same day: keep one", param->path,
                            points[i - 1].node->key, points[i].node->key);
            good = false;
        }
    }
    return good;
}

static bool set_path(struct sim_config *config, const struct sim_param *param,
                     const struct scenario_node *map, const struct scenario_layer *layer,
                     const char *origin, struct sim_errors *errors)
{
    static const char *const keys[] = {"interpolate", "points", NULL};
    struct sim_path path;
    bool good = scenario_value_keys(errors, layer, map, keys);
    good &= read_interpolate(param, map, layer, errors, &path.interpolate);
    const struct scenario_node *node = scenario_node_find(map, "points");
    if (node == NULL || node->kind != SCENARIO_NODE_MAP || node->count == 0) {
        scenario_report(errors, layer, node == NULL ? map : node,
                        "%s: a time path needs points, such as points: {2025: 1, 2030: 2}",
                        param->path);
        return false;
    }
    size_t count = node->count;
    struct point *points = calloc(count, sizeof *points);
    double *numbers = calloc(2 * count, sizeof *numbers);
    if (points == NULL || numbers == NULL) {
        sim_errors_add(errors, SIM_MEMORY, layer->file, 0, "out of memory");
        good = false;
    }
    good = good && read_points(param, node, layer, errors, points);
    for (size_t i = 0; good && i < count; i++) {
        numbers[i] = points[i].year;
        numbers[count + i] = points[i].value;
    }
    if (good) {
        char text[SCENARIO_MESSAGE_BYTES];
        path.count = count;
        path.years = numbers;
        path.values = numbers + count;
        const char *wrong =
            sim_config_set_path(config, param->path, &path, NULL, origin, text, sizeof text);
        if (wrong != NULL) {
            scenario_report(errors, layer, map, "%s", wrong);
        }
        good = wrong == NULL;
    }
    free(numbers);
    free(points);
    return good;
}

static bool set_scalar(struct sim_config *config, const char *path, const struct sim_param_ref *ref,
                       const struct scenario_node *node, const struct scenario_layer *layer,
                       const char *origin, struct sim_errors *errors)
{
    char unit[SCENARIO_UNIT_BYTES], shown[SCENARIO_SHOWN_BYTES], bounds[160];
    char text[SCENARIO_MESSAGE_BYTES];
    const char *wrong;
    scenario_node_show(node, shown, sizeof shown);
    if (ref->param->type == SIM_PARAM_TYPE_CHOICE) {
        /* what is shown of a list or map is never a choice */
        bool scalar = node->kind == SCENARIO_NODE_SCALAR;
        wrong = sim_config_set_choice(
            config, path, scalar && strlen(node->text) < sizeof shown ? node->text : shown, origin,
            text, sizeof text);
    } else {
        double value = 0;
        wrong = scenario_value_number(node, &value, unit);
        if (wrong != NULL) {
            scenario_report(errors, layer, node, "%s = %s: %s, %s", path, shown, wrong,
                            allowed(ref->param, bounds, sizeof bounds));
            return false;
        }
        wrong = sim_config_set_number(config, path, value, unit[0] == '\0' ? NULL : unit, origin,
                                      text, sizeof text);
    }
    if (wrong != NULL) {
        scenario_report(errors, layer, node, "%s", wrong);
    }
    return wrong == NULL;
}

/* What a path names; false after reporting. A vector is named by its elements. */
static bool find_parameter(struct sim_config *config, const char *path,
                           const struct scenario_layer *layer, const struct scenario_node *node,
                           struct sim_errors *errors, struct sim_param_ref *ref)
{
    char shown[2 * SCENARIO_SHOWN_BYTES], text[SCENARIO_MESSAGE_BYTES];
    if (!sim_config_find(config, path, ref)) {
        scenario_text_show(path, shown, sizeof shown);
        /* sets nothing: the path is unknown, and the message says what is near */
        const char *wrong = sim_config_set_number(config, shown, 0, NULL, "", text, sizeof text);
        scenario_report(errors, layer, node, "%s", wrong == NULL ? "unknown parameter" : wrong);
        return false;
    }
    if (ref->param->type == SIM_PARAM_TYPE_VECTOR && ref->element == SIZE_MAX) {
        scenario_report(errors, layer, node, "%s has one value per %s: name one, such as '%s.%s'",
                        path, ref->param->dimension->name, path, ref->param->dimension->labels[0]);
        return false;
    }
    return true;
}

const struct sim_param *scenario_parameter_number(struct sim_config *config, const char *path,
                                                  const char *use,
                                                  const struct scenario_layer *layer,
                                                  const struct scenario_node *node,
                                                  struct sim_errors *errors)
{
    struct sim_param_ref ref;
    if (!find_parameter(config, path, layer, node, errors, &ref)) {
        return NULL;
    }
    bool path_type = ref.param->type == SIM_PARAM_TYPE_PATH;
    if (path_type || ref.param->type == SIM_PARAM_TYPE_CHOICE) {
        scenario_report(errors, layer, node, "%s is %s: %s needs a number; leave it out", path,
                        path_type ? "a time path" : "a choice", use);
        return NULL;
    }
    return ref.param;
}

bool scenario_parameter_set(struct sim_config *config, const char *path,
                            const struct scenario_node *value, const struct scenario_layer *layer,
                            struct sim_errors *errors)
{
    struct sim_param_ref ref;
    if (!find_parameter(config, path, layer, value, errors, &ref)) {
        return false;
    }
    bool map = value->kind == SCENARIO_NODE_MAP;
    if (map && ref.param->type != SIM_PARAM_TYPE_PATH) {
        scenario_report(errors, layer, value,
                        "%s is a map: it does not change over time; write one value", path);
        return false;
    }
    char *origin = scenario_origin(layer, value);
    if (origin == NULL) {
        sim_errors_add(errors, SIM_MEMORY, layer->file, 0, "out of memory");
        return false;
    }
    bool set = map ? set_path(config, ref.param, value, layer, origin, errors)
                   : set_scalar(config, path, &ref, value, layer, origin, errors);
    free(origin);
    return set;
}

void scenario_parameters_read(struct scenario_reader *reader)
{
    for (size_t i = 0; i < reader->layer_count; i++) {
        const struct scenario_layer *layer = &reader->layers[i];
        const struct scenario_node *block =
            layer->root == NULL ? NULL : scenario_node_find(layer->root, "parameters");
        if (block == NULL || (block->kind == SCENARIO_NODE_SCALAR && block->text[0] == '\0')) {
            continue; /* a block of which all lines are comments */
        }
        if (block->kind != SCENARIO_NODE_MAP) {
            scenario_report(reader->errors, layer, block,
                            "parameters is %s: must be a map from paths to values",
                            scenario_node_kind_text(block));
            continue;
        }
        for (const struct scenario_node *node = block->first;
             node != NULL && !scenario_errors_full(reader->errors); node = node->next) {
            scenario_parameter_set(reader->scenario->config, node->key, node, layer,
                                   reader->errors);
        }
    }
}

static void read_setting(struct sim_config *config, const char *text, struct sim_errors *errors)
{
    const struct scenario_layer layer = {.name = "--set"};
    char shown[SCENARIO_SHOWN_BYTES];
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0') {
        sim_errors_add(errors, SIM_BAD_DATA, "--set", 0,
                       "'%s' must be PATH=VALUE, such as smelter.melt_loss=0.02",
                       scenario_text_show(text, shown, sizeof shown));
        return;
    }
    size_t size = strlen(equals + 1);
    char where[SCENARIO_SHOWN_BYTES + 8]; /* in place of a file's name */
    snprintf(where, sizeof where, "--set %s", scenario_text_show(text, shown, sizeof shown));
    if (size > SCENARIO_DOCUMENT_BYTES || !scenario_source_check(equals + 1, size, where, errors)) {
        return;
    }
    char *path = strndup(text, (size_t)(equals - text));
    struct scenario_node *value = scenario_document_parse(equals + 1, size, where, errors);
    if (path != NULL && value != NULL) {
        scenario_parameter_set(config, path, value, &layer, errors);
    } else if (path == NULL) {
        sim_errors_add(errors, SIM_MEMORY, "--set", 0, "out of memory");
    }
    scenario_document_destroy(value);
    free(path);
}

void scenario_settings_read(struct sim_config *config, const struct scenario_setting *settings,
                            size_t count, struct sim_errors *errors)
{
    for (size_t i = 0; i < count && !scenario_errors_full(errors); i++) {
        read_setting(config, settings[i].text, errors);
    }
}
