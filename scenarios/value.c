/* Numbers, dates and texts of a scenario file, and reports about them. */
#include "reader.h"

#include "../sim/time.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void scenario_report(struct sim_errors *errors, const struct scenario_layer *layer,
                     const struct scenario_node *node, const char *format, ...)
{
    char text[2 * SCENARIO_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    bool file = layer->file != NULL;
    sim_errors_add(errors, SIM_BAD_DATA, file ? layer->file : layer->name, file ? node->line : 0,
                   "%s", text);
}

char *scenario_origin(const struct scenario_layer *layer, const struct scenario_node *node)
{
    size_t size = strlen(layer->name) + 16;
    char *text = malloc(size);
    if (text == NULL) {
        return NULL;
    }
    if (layer->file == NULL) {
        snprintf(text, size, "%s", layer->name);
    } else {
        snprintf(text, size, "%s:%d", layer->name, node->line);
    }
    return text;
}

bool scenario_errors_full(const struct sim_errors *errors)
{
    return errors->count >= SCENARIO_ERRORS_MOST;
}

static const char *skip_digits(const char *text)
{
    while (*text >= '0' && *text <= '9') {
        text++;
    }
    return text;
}

const char *scenario_number_end(const char *text)
{
    const char *start = text + (*text == '+' || *text == '-');
    const char *end = skip_digits(start);
    if (end == start || (start[0] == '0' && end - start > 1)) {
        return NULL;
    }
    if (*end == '.') {
        const char *fraction = end + 1;
        end = skip_digits(fraction);
        if (end == fraction) {
            return NULL;
        }
    }
    if (*end == 'e' || *end == 'E') {
        const char *power = end + 1 + (end[1] == '+' || end[1] == '-');
        end = skip_digits(power);
        if (end == power) {
            return NULL;
        }
    }
    return end;
}

static bool says_not_finite(const char *text)
{
    static const char *const names[] = {"nan", "inf", "infinity"};
    text += *text == '+' || *text == '-';
    text += *text == '.';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(text, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

const char *scenario_value_number(const struct scenario_node *node, double *value,
                                  char unit[SCENARIO_UNIT_BYTES])
{
    const char *must = "must be a number, alone or with its unit after a space";
    if (node->kind != SCENARIO_NODE_SCALAR) {
        return must;
    }
    if (says_not_finite(node->text)) {
        return "must be a finite number";
    }
    const char *end = scenario_number_end(node->text);
    if (end == NULL || (*end != '\0' && *end != ' ')) {
        return must;
    }
    const char *rest = end + strspn(end, " ");
    if (strlen(rest) >= SCENARIO_UNIT_BYTES) {
        return must;
    }
    if (node->quoted && *rest == '\0') {
        return "must be a number without quotes";
    }
    strcpy(unit, rest);
    *value = strtod(node->text, NULL);
    return isfinite(*value) ? NULL : "must be a finite number; this one is too large";
}

bool scenario_value_whole(struct sim_errors *errors, const struct scenario_layer *layer,
                          const struct scenario_node *node, int64_t min, int64_t max,
                          int64_t *value)
{
    char unit[SCENARIO_UNIT_BYTES] = "", shown[SCENARIO_SHOWN_BYTES];
    double number = 0;
    const char *wrong = scenario_value_number(node, &number, unit);
    if (wrong == NULL && unit[0] == '\0' && number == floor(number) && number >= (double)min &&
        number <= (double)max) {
        *value = (int64_t)number;
        return true;
    }
    scenario_report(errors, layer, node, "%s = %s: must be a whole number from %lld to %lld",
                    node->key == NULL ? "element" : node->key,
                    scenario_node_show(node, shown, sizeof shown), (long long)min, (long long)max);
    return false;
}

bool scenario_value_date(struct sim_errors *errors, const struct scenario_layer *layer,
                         const struct scenario_node *node, int64_t *time)
{
    enum { LAST_YEAR = 2060 };
    struct sim_date date;
    char shown[SCENARIO_SHOWN_BYTES];
    if (node->kind != SCENARIO_NODE_SCALAR || !sim_date_parse(node->text, &date)) {
        scenario_report(errors, layer, node,
                        "%s = %s: must be a day of the calendar such as 2026-07-01, or a year",
                        node->key, scenario_node_show(node, shown, sizeof shown));
        return false;
    }
    if (date.year < SIM_EPOCH_YEAR || date.year > LAST_YEAR) {
        scenario_report(errors, layer, node,
                        "%s = %s: lies outside the horizon, which is 2019-01-01 to 2060-12-31",
                        node->key, scenario_node_show(node, shown, sizeof shown));
        return false;
    }
    *time = sim_time_from_date(date);
    return true;
}

char *scenario_value_text(struct sim_errors *errors, const struct scenario_layer *layer,
                          const struct scenario_node *node, size_t most)
{
    char shown[SCENARIO_SHOWN_BYTES];
    const char *key = node->key == NULL ? "element" : node->key;
    if (node->kind != SCENARIO_NODE_SCALAR || node->text[0] == '\0') {
        scenario_report(errors, layer, node, "%s is %s: must be text", key,
                        node->kind == SCENARIO_NODE_SCALAR ? "empty"
                                                           : scenario_node_kind_text(node));
        return NULL;
    }
    if (strlen(node->text) > most) {
        scenario_report(errors, layer, node, "%s = %s: has %zu bytes; at most %zu are allowed", key,
                        scenario_node_show(node, shown, sizeof shown), strlen(node->text), most);
        return NULL;
    }
    char *text = strdup(node->text);
    if (text == NULL) {
        sim_errors_add(errors, SIM_MEMORY, layer->file, 0, "out of memory");
    }
    return text;
}

static void list_keys(const char *const *keys, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; keys[i] != NULL && used < size; i++) {
        int length = snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ", keys[i]);
        used += length > 0 ? (size_t)length : 0;
    }
}

bool scenario_value_keys(struct sim_errors *errors, const struct scenario_layer *layer,
                         const struct scenario_node *node, const char *const *keys)
{
    char shown[SCENARIO_SHOWN_BYTES], allowed[256];
    list_keys(keys, allowed, sizeof allowed);
    if (node->kind != SCENARIO_NODE_MAP) {
        scenario_report(errors, layer, node, "%s is %s: must be a map with the keys %s",
                        node->key == NULL ? "this" : node->key, scenario_node_kind_text(node),
                        allowed);
        return false;
    }
    bool known = true;
    for (const struct scenario_node *child = node->first;
         child != NULL && !scenario_errors_full(errors); child = child->next) {
        size_t i = 0;
        while (keys[i] != NULL && strcmp(keys[i], child->key) != 0) {
            i++;
        }
        if (keys[i] == NULL) {
            scenario_report(errors, layer, child, "%s: unknown key; allowed here are %s",
                            scenario_text_show(child->key, shown, sizeof shown), allowed);
            known = false;
        }
    }
    return known;
}

char *scenario_number_text(double value, char text[32])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    return text;
}
