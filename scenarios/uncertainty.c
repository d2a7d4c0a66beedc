/* The block `uncertainty`: a distribution per number, merged by path over the files. */
#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct form {
    const char *name, *numbers;
    size_t count;
};

/* In the order of enum scenario_distribution. */
static const struct form forms[] = {
    {"uniform", "[low, high] with low < high", 2},
    {"loguniform", "[low, high] with 0 < low < high", 2},
    {"triangular", "[low, mode, high] with low <= mode <= high and low < high", 3},
    {"normal", "[mean, standard deviation] with a deviation above 0", 2},
    {"lognormal", "[median, standard deviation of the logarithm] with both above 0", 2},
};

const char *scenario_distribution_name(enum scenario_distribution distribution)
{
    return forms[distribution].name;
}

/* Do the numbers make a distribution of this form? */
static bool numbers_fit(enum scenario_distribution distribution, const double numbers[3])
{
    switch (distribution) {
    case SCENARIO_UNIFORM:
        return numbers[0] < numbers[1];
    case SCENARIO_LOGUNIFORM:
        return numbers[0] > 0 && numbers[0] < numbers[1];
    case SCENARIO_TRIANGULAR:
        return numbers[0] <= numbers[1] && numbers[1] <= numbers[2] && numbers[0] < numbers[2];
    case SCENARIO_NORMAL:
        return numbers[1] > 0;
    case SCENARIO_LOGNORMAL:
        return numbers[0] > 0 && numbers[1] > 0;
    }
    return false;
}

/* How many of the numbers are values of the parameter, to be checked against its bounds. */
static size_t value_count(enum scenario_distribution distribution, size_t count)
{
    bool spread = distribution == SCENARIO_NORMAL || distribution == SCENARIO_LOGNORMAL;
    return spread ? 1 : count;
}

static bool find_form(struct scenario_reader *reader, const struct scenario_layer *layer,
                      const struct scenario_node *node, struct scenario_uncertainty *row)
{
    if (node->kind == SCENARIO_NODE_MAP && node->count == 1) {
        for (size_t i = 0; i < SIM_COUNT(forms); i++) {
            if (strcmp(node->first->key, forms[i].name) == 0) {
                row->distribution = (enum scenario_distribution)i;
                row->count = forms[i].count;
                return true;
            }
        }
    }
    scenario_report(reader->errors, layer, node,
                    "uncertainty of %s: must be {uniform: [low, high]}, {loguniform: [low, high]}, "
                    "{triangular: [low, mode, high]}, {normal: [mean, sd]} or "
                    "{lognormal: [median, log sd]}",
                    row->path);
    return false;
}

static bool read_numbers(struct scenario_reader *reader, const struct scenario_layer *layer,
                         const struct scenario_node *node, const struct sim_param *param,
                         struct scenario_uncertainty *row)
{
    const struct form *form = &forms[row->distribution];
    const struct scenario_node *list = node->first;
    bool good = list->kind == SCENARIO_NODE_LIST && list->count == row->count;
    size_t i = 0;
    for (const struct scenario_node *item = list->first; good && item != NULL;
         item = item->next, i++) {
        char unit[SCENARIO_UNIT_BYTES], shown[SCENARIO_SHOWN_BYTES];
        const char *wrong = scenario_value_number(item, &row->numbers[i], unit);
        if (wrong == NULL && unit[0] != '\0' &&
            ((i > 0 && row->distribution == SCENARIO_LOGNORMAL) ||
             strcmp(unit, param->unit) != 0)) {
            wrong = "the unit is not the parameter's";
        }
        if (wrong == NULL && i < value_count(row->distribution, row->count) &&
            (row->numbers[i] < param->min || row->numbers[i] > param->max)) {
            wrong = "lies outside the parameter's bounds";
        }
        if (wrong != NULL) {
            scenario_report(reader->errors, layer, item,
                            "uncertainty of %s: %s = %s: %s, from %.12g to %.12g %s", row->path,
                            form->name, scenario_node_show(item, shown, sizeof shown), wrong,
                            param->min, param->max, param->unit);
            return false;
        }
    }
    if (!good || !numbers_fit(row->distribution, row->numbers)) {
        scenario_report(reader->errors, layer, list, "uncertainty of %s: %s must be %s", row->path,
                        form->name, form->numbers);
        return false;
    }
    return true;
}

/* Puts a row in place of one with the same path, or at the end; false when out of memory. */
static bool keep(struct scenario *scenario, const struct scenario_uncertainty *row)
{
    for (size_t i = 0; i < scenario->uncertainty_count; i++) {
        struct scenario_uncertainty *old = &scenario->uncertainties[i];
        if (strcmp(old->path, row->path) == 0) {
            free(old->path);
            free(old->origin);
            *old = *row;
            return true;
        }
    }
    struct scenario_uncertainty *rows =
        realloc(scenario->uncertainties, (scenario->uncertainty_count + 1) * sizeof *rows);
    if (rows == NULL) {
        return false;
    }
    rows[scenario->uncertainty_count++] = *row;
    scenario->uncertainties = rows;
    return true;
}

static void read_row(struct scenario_reader *reader, const struct scenario_layer *layer,
                     const struct scenario_node *node)
{
    const struct sim_param *param = scenario_parameter_number(
        reader->scenario->config, node->key, "uncertainty", layer, node, reader->errors);
    if (param == NULL) {
        return;
    }
    struct scenario_uncertainty row = {.path = strdup(node->key),
                                       .origin = scenario_origin(layer, node)};
    bool memory = row.path != NULL && row.origin != NULL;
    bool good = memory && find_form(reader, layer, node, &row) &&
                read_numbers(reader, layer, node, param, &row);
    if (good && keep(reader->scenario, &row)) {
        return;
    }
    if (!memory || good) {
        sim_errors_add(reader->errors, SIM_MEMORY, layer->file, 0, "out of memory");
    }
    free(row.path);
    free(row.origin);
}

static int compare_rows(const void *left, const void *right)
{
    const struct scenario_uncertainty *a = left, *b = right;
    return strcmp(a->path, b->path);
}

void scenario_uncertainty_read(struct scenario_reader *reader)
{
    struct scenario *scenario = reader->scenario;
    for (size_t i = 0; i < reader->layer_count; i++) {
        const struct scenario_layer *layer = &reader->layers[i];
        const struct scenario_node *block =
            layer->root == NULL ? NULL : scenario_node_find(layer->root, "uncertainty");
        if (block == NULL || (block->kind == SCENARIO_NODE_SCALAR && block->text[0] == '\0')) {
            continue;
        }
        if (block->kind != SCENARIO_NODE_MAP) {
            scenario_report(reader->errors, layer, block,
                            "uncertainty is %s: must be a map from paths to distributions",
                            scenario_node_kind_text(block));
            continue;
        }
        for (const struct scenario_node *node = block->first;
             node != NULL && !scenario_errors_full(reader->errors); node = node->next) {
            read_row(reader, layer, node);
        }
    }
    if (scenario->uncertainty_count > 1) {
        qsort(scenario->uncertainties, scenario->uncertainty_count, sizeof *scenario->uncertainties,
              compare_rows);
    }
}
