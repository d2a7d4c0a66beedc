#include "param.h"

#include "component.h"
#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool sim_config_find(const struct sim_config *config, const char *path, struct sim_param_ref *ref)
{
    for (size_t i = 0; i < config->count; i++) {
        for (size_t j = 0; j < config->components[i]->param_count; j++) {
            const struct sim_param *param = &config->components[i]->params[j];
            size_t length = strlen(param->path), element = SIZE_MAX;
            if (strncmp(path, param->path, length) != 0)
                continue;
            if (path[length] == '.' && param->type == SIM_PARAM_TYPE_VECTOR) {
                element = sim_dimension_find(param->dimension, path + length + 1);
                if (element == param->dimension->count)
                    continue;
            } else if (path[length] != '\0') {
                continue;
            }
            *ref = (struct sim_param_ref){param, i, element};
            return true;
        }
    }
    return false;
}

enum { LONGEST = 128 }; /* paths are compared up to here */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Changes of one letter, and swaps of two neighbours, that turn a into b (optimal string
 * alignment: Damerau 1964, Levenshtein 1966). */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *this = rows[2];
    size_t n = strnlen(a, LONGEST), m = strnlen(b, LONGEST);
    for (size_t j = 0; j <= m; j++)
        last[j] = before[j] = j;
    for (size_t i = 1; i <= n; i++) {
        this[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t changed = last[j - 1] + (a[i - 1] != b[j - 1]);
            this[j] = least(changed, least(last[j], this[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                this[j] = least(this[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = last;
        last = this;
        this = spare;
    }
    return last[m];
}

const char *sim_config_suggest(const struct sim_config *config, const char *path)
{
    size_t best =
        2 + strnlen(path, LONGEST) / 5; /* farther away, a suggestion would only confuse */
    const char *found = NULL;
    for (size_t i = 0; i < config->name_count; i++) {
        const char *name = config->names[i], *dot = strchr(name, '.');
        size_t far = distance(path, name);
        if (dot) /* the component's name may be forgotten */
            far = least(far, distance(path, dot + 1) + 1);
        if (far < best || (far == best && !found)) {
            best = far;
            found = name;
        }
    }
    return found;
}

static const char *message(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static const char *message(char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, size, format, arguments);
    va_end(arguments);
    return text;
}

/* What follows a number in a message. */
static const char *shown_unit(const struct sim_param *param)
{
    return strcmp(param->unit, "1") == 0 ? "(dimensionless)" : param->unit;
}

static const char *find(const struct sim_config *config, const char *path,
                        struct sim_param_ref *ref, char *text, size_t size)
{
    if (sim_config_find(config, path, ref))
        return NULL;
    const char *near = sim_config_suggest(config, path);
    if (near)
        return message(text, size, "unknown parameter '%s'; did you mean '%s'?", path, near);
    return message(text, size, "unknown parameter '%s'; 'remelt params' lists all", path);
}

static const char *check_unit(const struct sim_param *param, const char *path, const char *unit,
                              char *text, size_t size)
{
    if (!unit || strcmp(unit, param->unit) == 0)
        return NULL;
    return message(text, size, "%s: unit '%s' is not the parameter's unit '%s'", path, unit,
                   param->unit);
}

static const char *check_value(const struct sim_param *param, const char *path, double value,
                               char *text, size_t size)
{
    const char *unit = shown_unit(param);
    bool whole = param->type == SIM_PARAM_TYPE_INT;
    const char *kind = whole ? "a whole number" : "a number";
    if (!isfinite(value))
        return message(text, size, "%s = %g: must be %s from %.12g to %.12g %s", path, value, kind,
                       param->min, param->max, unit);
    /* 2^53: whole numbers beyond are not exact in a double. */
    if (whole && (value != floor(value) || fabs(value) > 9007199254740992.0))
        return message(text, size, "%s = %.12g: must be a whole number from %.12g to %.12g %s",
                       path, value, param->min, param->max, unit);
    if (value < param->min || value > param->max)
        return message(text, size, "%s = %.12g: must lie from %.12g to %.12g %s", path, value,
                       param->min, param->max, unit);
    return NULL;
}

static bool set_origin(struct sim_config *config, struct sim_param_ref ref, const char *origin)
{
    char *copy = strdup(origin ? origin : "default");
    if (!copy)
        return false;
    size_t element = ref.element == SIZE_MAX ? 0 : ref.element;
    char **place = &sim_config_slot_of(config, ref)->origins[element];
    free(*place);
    *place = copy;
    return true;
}

static const char *no_memory(const char *path, char *text, size_t size)
{
    return message(text, size, "%s: out of memory", path);
}

static bool store_number(struct sim_config *config, struct sim_param_ref ref, double value)
{
    void *field = sim_config_field(config, ref);
    int64_t whole;
    double year = 2019; /* of a constant: any */
    struct sim_path constant = {SIM_STEP, 1, &year, &value};
    switch (ref.param->type) {
    case SIM_PARAM_TYPE_INT:
        whole = (int64_t)value;
        memcpy(field, &whole, sizeof whole);
        return true;
    case SIM_PARAM_TYPE_PATH:
        return sim_config_own_path(config, ref, &constant);
    case SIM_PARAM_TYPE_VECTOR:
        ((double *)sim_config_slot_of(config, ref)->owned)[ref.element] = value;
        return true;
    default:
        memcpy(field, &value, sizeof value);
        return true;
    }
}

/* "a, b or c" of a NULL-terminated list, cut where it does not fit. */
static void list_choices(const char *const *choices, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; choices[i] && used < size; i++) {
        const char *before = i == 0 ? "" : choices[i + 1] ? ", " : " or ";
        int length = snprintf(text + used, size - used, "%s%s", before, choices[i]);
        used += length > 0 ? (size_t)length : 0;
    }
}

static const char *must_be_choice(const struct sim_param *param, const char *path,
                                  const char *value, char *text, size_t size)
{
    char choices[256];
    list_choices(param->choices, choices, sizeof choices);
    return message(text, size, "%s = %s: must be %s", path, value, choices);
}

const char *sim_config_set_number(struct sim_config *config, const char *path, double value,
                                  const char *unit, const char *origin, char *text, size_t size)
{
    struct sim_param_ref ref;
    const char *wrong = find(config, path, &ref, text, size);
    if (wrong)
        return wrong;
    if (ref.param->type == SIM_PARAM_TYPE_CHOICE) {
        char number[32];
        snprintf(number, sizeof number, "%.12g", value);
        return must_be_choice(ref.param, path, number, text, size);
    }
    if (ref.param->type == SIM_PARAM_TYPE_VECTOR && ref.element == SIZE_MAX)
        return message(text, size, "%s has one value per %s: name one, such as '%s.%s'", path,
                       ref.param->dimension->name, path, ref.param->dimension->labels[0]);
    wrong = check_unit(ref.param, path, unit, text, size);
    if (!wrong)
        wrong = check_value(ref.param, path, value, text, size);
    if (!wrong && (!set_origin(config, ref, origin) || !store_number(config, ref, value)))
        wrong = no_memory(path, text, size);
    return wrong;
}

static const char *check_points(const struct sim_param *param, const char *path,
                                const struct sim_path *value, char *text, size_t size)
{
    if (value->count == 0)
        return message(text, size, "%s: a time path needs at least one point", path);
    for (size_t i = 0; i < value->count; i++) {
        if (!isfinite(value->years[i]))
            return message(text, size, "%s: point %zu: year %g must be a number", path, i + 1,
                           value->years[i]);
        if (i > 0 && value->years[i] <= value->years[i - 1])
            return message(text, size, "%s: years must rise, but %.12g follows %.12g", path,
                           value->years[i], value->years[i - 1]);
        char place[160];
        snprintf(place, sizeof place, "%s at %.12g", path, value->years[i]);
        const char *wrong = check_value(param, place, value->values[i], text, size);
        if (wrong)
            return wrong;
    }
    return NULL;
}

const char *sim_config_set_path(struct sim_config *config, const char *path,
                                const struct sim_path *value, const char *unit, const char *origin,
                                char *text, size_t size)
{
    struct sim_param_ref ref;
    const char *wrong = find(config, path, &ref, text, size);
    if (wrong)
        return wrong;
    if (ref.param->type != SIM_PARAM_TYPE_PATH)
        return message(text, size, "%s does not change over time: write one value", path);
    wrong = check_unit(ref.param, path, unit, text, size);
    if (!wrong)
        wrong = check_points(ref.param, path, value, text, size);
    if (!wrong && (!set_origin(config, ref, origin) || !sim_config_own_path(config, ref, value)))
        wrong = no_memory(path, text, size);
    return wrong;
}

const char *sim_config_set_choice(struct sim_config *config, const char *path, const char *value,
                                  const char *origin, char *text, size_t size)
{
    struct sim_param_ref ref;
    const char *wrong = find(config, path, &ref, text, size);
    if (wrong)
        return wrong;
    if (ref.param->type != SIM_PARAM_TYPE_CHOICE)
        return message(text, size, "%s = '%s': must be a number from %.12g to %.12g %s", path,
                       value, ref.param->min, ref.param->max, shown_unit(ref.param));
    size_t i = 0;
    while (ref.param->choices[i] && strcmp(ref.param->choices[i], value) != 0)
        i++;
    if (!ref.param->choices[i])
        return must_be_choice(ref.param, path, value, text, size);
    if (!set_origin(config, ref, origin))
        return no_memory(path, text, size);
    memcpy(sim_config_field(config, ref), &ref.param->choices[i], sizeof ref.param->choices[i]);
    return NULL;
}
