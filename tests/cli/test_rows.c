/* Every row of every component is complete, and the results have the names, units and axes that
 * other people's scripts rely on. */
#include "../../models/chain.h"
#include "../../models/labels.h"
#include "../../models/world.h"

#include "../suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One message per bad row, and a failed assertion. */
static void require(bool good, const char *component, const char *row, const char *what)
{
    if (!good)
        printf("%s: %s: %s\n", component, row ? row : "(no name)", what);
    CU_ASSERT(good);
}

static bool filled(const char *text)
{
    return text && text[0] && text[strspn(text, " ")] && text[strlen(text) - 1] != ' ';
}

/* A text of one sentence: present, without a full stop at its end or a break in it. */
static bool sentence(const char *text)
{
    return filled(text) && text[strlen(text) - 1] != '.' && !strchr(text, '\n') &&
           !strchr(text, '\t');
}

/* lower_case_with_digits */
static bool identifier(const char *text)
{
    return text && text[0] >= 'a' && text[0] <= 'z' &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static void check_components(void)
{
    CU_ASSERT_EQUAL(chain_component_count, COMPONENTS);
    for (size_t c = 0; c < chain_component_count; c++) {
        const struct sim_component *component = chain_components[c];
        const char *name = component->name;
        require(identifier(name), name, name, "name is not an identifier");
        require(sentence(component->doc), name, "doc", "is missing or ends with a full stop");
        for (size_t b = 0; b < c; b++)
            require(strcmp(chain_components[b]->name, name) != 0, name, name, "named twice");
        require(component->kind_count == 0 || component->handle, name, "handle",
                "is missing beside kinds of events");
    }
}

/* ---- parameters */

static void check_number(const char *name, const struct sim_param *p, double value)
{
    require(isfinite(value) && value >= p->min && value <= p->max, name, p->path,
            "default outside its bounds");
}

static void check_range(const char *name, const struct sim_param *p)
{
    bool finite = isfinite(p->min) && isfinite(p->max) && isfinite(p->low) && isfinite(p->high);
    require(finite && p->min < p->max, name, p->path, "bounds");
    require(p->low <= p->high, name, p->path, "low above high");
    require(p->low >= p->min && p->high <= p->max, name, p->path,
            "plausible range outside the bounds");
}

static void check_default(const char *name, const struct sim_param *p)
{
    switch (p->type) {
    case SIM_PARAM_TYPE_VECTOR:
        require(p->dimension && p->values && p->dimension->count > 0, name, p->path,
                "a vector without labels or values");
        for (size_t i = 0; p->dimension && p->values && i < p->dimension->count; i++)
            check_number(name, p, p->values[i]);
        break;
    case SIM_PARAM_TYPE_PATH:
        if (!p->curve) {
            check_number(name, p, p->value);
            break;
        }
        require(p->curve->count > 0, name, p->path, "an empty path");
        for (size_t i = 0; i < p->curve->count; i++) {
            check_number(name, p, p->curve->values[i]);
            require(i == 0 || p->curve->years[i] > p->curve->years[i - 1], name, p->path,
                    "years do not rise");
        }
        break;
    case SIM_PARAM_TYPE_INT:
        require(p->value == floor(p->value), name, p->path, "default is not whole");
        check_number(name, p, p->value);
        break;
    case SIM_PARAM_TYPE_REAL:
        check_number(name, p, p->value);
        break;
    case SIM_PARAM_TYPE_CHOICE:
        require(p->choices && p->choices[0] && p->choices[1], name, p->path,
                "fewer than two choices");
        break;
    }
}

/* "smelters.fixed": the component's name, or for what the frame and the tax declare a subject of
 * their own; then one name. */
static bool path_is_good(const char *component, const char *path)
{
    const char *dot = path ? strchr(path, '.') : NULL;
    if (!dot || !identifier(dot + 1))
        return false;
    char subject[64];
    snprintf(subject, sizeof subject, "%.*s", (int)(dot - path), path);
    if (!identifier(subject))
        return false;
    if (strcmp(component, "chain") == 0)
        return strcmp(subject, "resolution") == 0 || strcmp(subject, "calendar") == 0 ||
               strcmp(subject, "geography") == 0;
    return strcmp(subject, component) == 0;
}

static void test_params(void)
{
    check_components();
    size_t count = 0;
    for (size_t c = 0; c < chain_component_count; c++) {
        const struct sim_component *component = chain_components[c];
        require(component->param_size == 8 * component->param_count, component->name, "param_size",
                "is not eight bytes a row");
        for (size_t i = 0; i < component->param_count; i++, count++) {
            const struct sim_param *p = &component->params[i];
            require(path_is_good(component->name, p->path), component->name, p->path, "path");
            require(filled(p->unit), component->name, p->path, "no unit");
            require(sentence(p->doc), component->name, p->path,
                    "description is missing or ends with a full stop");
            require(sentence(p->source), component->name, p->path, "no source");
            require(p->offset == 8 * (p->offset / 8) && p->offset < component->param_size,
                    component->name, p->path, "offset");
            if (p->type != SIM_PARAM_TYPE_CHOICE)
                check_range(component->name, p);
            check_default(component->name, p);
        }
    }
    CU_ASSERT(count > 150);
}

/* No path twice in the program, no field with two rows. */
static void test_params_once(void)
{
    for (size_t c = 0; c < chain_component_count; c++) {
        const struct sim_component *a = chain_components[c];
        for (size_t i = 0; i < a->param_count; i++) {
            for (size_t d = 0; d <= c; d++) {
                const struct sim_component *b = chain_components[d];
                for (size_t j = 0; j < (d == c ? i : b->param_count); j++)
                    require(strcmp(a->params[i].path, b->params[j].path) != 0, a->name,
                            a->params[i].path, "declared twice");
            }
            for (size_t j = 0; j < i; j++)
                require(a->params[i].offset != a->params[j].offset, a->name, a->params[i].path,
                        "shares its field");
        }
    }
}

/* ---- outputs */

static void check_output(const char *name, const struct sim_output *o)
{
    require(identifier(o->name), name, o->name, "name is not an identifier");
    require(filled(o->unit), name, o->name, "no unit");
    require(sentence(o->long_name), name, o->name, "long name is missing or ends with a full stop");
    require(o->dims[0] || !o->dims[1], name, o->name, "second axis without a first");
    require(!o->dims[1] || o->dims[0] != o->dims[1], name, o->name, "one axis twice");
    require(!strstr(o->unit, "kt"), name, o->name, "kt is a knot in UDUNITS");
    bool sum = o->method == SIM_METHOD_SUM;
    require(!sum || o->reduce != SIM_REDUCE_MEAN, name, o->name, "a sum cannot be a weighted mean");
    require(o->reduce != SIM_REDUCE_MEAN || o->method == SIM_METHOD_MEAN, name, o->name,
            "a weighted mean must be a mean");
    bool detail = o->axis == SIM_AXIS_DETAIL;
    bool province = o->dims[0] == &labels_province || o->dims[1] == &labels_province;
    require(detail == province, name, o->name, "provinces are kept for detail replicates only");
}

static void test_outputs(void)
{
    for (size_t c = 0; c < chain_component_count; c++) {
        const struct sim_component *a = chain_components[c];
        for (size_t i = 0; i < a->output_count; i++) {
            check_output(a->name, &a->outputs[i]);
            for (size_t d = 0; d <= c; d++) {
                const struct sim_component *b = chain_components[d];
                for (size_t j = 0; j < (d == c ? i : b->output_count); j++)
                    require(strcmp(a->outputs[i].name, b->outputs[j].name) != 0 ||
                                a->outputs[i].axis != b->outputs[j].axis,
                            a->name, a->outputs[i].name, "named twice");
            }
        }
    }
}

/* The contract of the results: what this version fills. */
static const struct contract {
    const char *name, *unit;
    const struct sim_dimension *first, *second;
} contract[] = {
    {"capacity", "t/yr", NULL, NULL},
    {"output", "t", NULL, NULL},
    {"operating_rate", "1", NULL, NULL},
    {"plants", "1", NULL, NULL},
    {"concentration_cr10", "1", NULL, NULL},
    {"primary_output", "t", NULL, NULL},
    {"primary_emissions", "t", NULL, NULL},
    {"secondary_share", "1", NULL, NULL},
    {"primary_price", "CNY/t", NULL, NULL},
    {"lme_price", "USD/t", NULL, NULL},
    {"margin_median", "CNY/t", NULL, NULL},
    {"margin_p10", "CNY/t", NULL, NULL},
    {"raw_material_share", "1", NULL, NULL},
    {"investment", "CNY", NULL, NULL},
    {"old_scrap_collected", "t", NULL, NULL},
    {"new_scrap_market", "t", NULL, NULL},
    {"domestic_scrap", "t", NULL, NULL},
    {"scrap_imports", "t", NULL, NULL},
    {"alloy_imports", "t", NULL, NULL},
    {"alloy_exports", "t", NULL, NULL},
    {"molten_output", "t", NULL, NULL},
    {"molten_share", "1", NULL, NULL},
    {"melt_loss", "1", NULL, NULL},
    {"dross", "t", NULL, NULL},
    {"primary_dilution", "t", NULL, NULL},
    {"same_alloy_rate", "1", NULL, NULL},
    {"other_wrought_rate", "1", NULL, NULL},
    {"to_cast_rate", "1", NULL, NULL},
    {"avoided_emissions", "t", NULL, NULL},
    {"lots", "1", NULL, NULL},
    {"events", "1", NULL, NULL},
    {"balance_error", "1", &labels_ledger, NULL},
    {"old_scrap_by_sector", "t", &labels_sector, NULL},
    {"discards_by_sector", "t", &labels_sector, NULL},
    {"in_use_stock_by_sector", "t", &labels_sector, NULL},
    {"consumption_by_sector", "t", &labels_sector, NULL},
    {"secondary_use_by_sector", "t", &labels_sector, NULL},
    {"cast_use_by_sector", "t", &labels_sector, NULL},
    {"scrap_price", "CNY/t", &labels_tier, &labels_grade},
    {"scrap_price_gross", "CNY/t", &labels_tier, &labels_grade},
    {"scrap_use_by_grade", "t", &labels_grade, NULL},
    {"value_in_use", "CNY/t", &labels_grade, NULL},
    {"output_by_alloy", "t", &labels_alloy, NULL},
    {"alloy_price", "CNY/t", &labels_alloy, NULL},
    {"output_by_form", "t", &labels_form, NULL},
    {"imports_by_origin", "t", &labels_origin, NULL},
    {"inventory_by_tier", "t", &labels_tier, NULL},
    {"emissions_by_scope", "t", &labels_scope, NULL},
    {"footprint", "1", &labels_method, NULL},
    {"operating_rate_by_size", "1", &labels_size, NULL},
    {"capacity_by_province", "t/yr", &labels_province, NULL},
    {"output_by_province", "t", &labels_province, NULL},
    {"operating_rate_by_province", "1", &labels_province, NULL},
    {"margin_by_province", "CNY/t", &labels_province, NULL},
    {"scrap_collected_by_province", "t", &labels_province, NULL},
    {"scrap_price_by_province", "CNY/t", &labels_province, &labels_grade},
    {"imports_by_province", "t", &labels_province, NULL},
    {"emissions_by_province", "t", &labels_province, NULL},
    {"plants_by_province", "1", &labels_province, NULL},
    {"molten_output_by_province", "t", &labels_province, NULL},
};

static const struct sim_output *find_output(const char *name)
{
    for (size_t c = 0; c < chain_component_count; c++) {
        for (size_t i = 0; i < chain_components[c]->output_count; i++) {
            const struct sim_output *output = &chain_components[c]->outputs[i];
            if (strcmp(output->name, name) == 0 && output->axis != SIM_AXIS_HISTORY)
                return output;
        }
    }
    return NULL;
}

static void test_contract(void)
{
    for (size_t i = 0; i < SIM_COUNT(contract); i++) {
        const struct contract *row = &contract[i];
        const struct sim_output *output = find_output(row->name);
        require(output != NULL, "contract", row->name, "is not filled");
        if (!output)
            continue;
        require(strcmp(output->unit, row->unit) == 0, "contract", row->name, "unit");
        require(output->dims[0] == row->first && output->dims[1] == row->second, "contract",
                row->name, "axes");
    }
    /* Balances must be exact to the gram. */
    CU_ASSERT(find_output("balance_error")->wide);
}

/* Labels that the contract names, in its order. */
static void test_labels(void)
{
    static const struct {
        const struct sim_dimension *dimension;
        const char *name, *labels;
    } axes[] = {
        {&labels_sector, "sector",
         "cars_ice cars_nev other_transport building electrical pv machinery durables packaging "
         "other "},
        {&labels_grade, "grade",
         "extrusion_new extrusion_old thermal_break formwork ubc wheels mixed_cast shredded wire "
         "sheet_clean sheet_old turnings "},
        {&labels_alloy, "alloy", "ADC12 A356 structural 6063 6061 3104 6016 1350 "},
        {&labels_tier, "tier", "collector hub sorted port "},
        {&labels_form, "form", "ingot molten rod "},
        {&labels_scope, "scope", "scope1 scope2 scope3 "},
        {&labels_method, "method", "cut_off allocation "},
    };
    for (size_t i = 0; i < SIM_COUNT(axes); i++) {
        char text[400] = "";
        const struct sim_dimension *dimension = axes[i].dimension;
        for (size_t k = 0; k < dimension->count; k++) {
            size_t used = strlen(text);
            snprintf(text + used, sizeof text - used, "%s ", dimension->labels[k]);
        }
        CU_ASSERT_STRING_EQUAL(dimension->name, axes[i].name);
        CU_ASSERT_STRING_EQUAL(text, axes[i].labels);
    }
    CU_ASSERT_EQUAL(labels_province.count, PROVINCES);
    CU_ASSERT_EQUAL(labels_origin.count, ORIGINS);
}

/* ---- kinds of events, policies, tables */

static void test_kinds(void)
{
    for (size_t c = 0; c < chain_component_count; c++) {
        const struct sim_component *a = chain_components[c];
        CU_ASSERT(a->kind_count <= 256);
        for (size_t i = 0; i < a->kind_count; i++) {
            require(identifier(a->kinds[i].name), a->name, a->kinds[i].name, "kind's name");
            require(sentence(a->kinds[i].doc), a->name, a->kinds[i].name,
                    "kind's description is missing or ends with a full stop");
            for (size_t d = 0; d <= c; d++) {
                const struct sim_component *b = chain_components[d];
                for (size_t j = 0; j < (d == c ? i : b->kind_count); j++)
                    require(!a->kinds[i].name || !b->kinds[j].name ||
                                strcmp(a->kinds[i].name, b->kinds[j].name) != 0,
                            a->name, a->kinds[i].name, "kind named twice");
            }
        }
    }
}

static void check_field(const char *policy, const struct sim_policy_field *field)
{
    require(identifier(field->name), policy, field->name, "field's name");
    require(sentence(field->doc), policy, field->name,
            "field's description is missing or ends with a full stop");
    if (field->dimension)
        return;
    require(filled(field->unit), policy, field->name, "field without a unit");
    require(isfinite(field->min) && isfinite(field->max) && field->min < field->max, policy,
            field->name, "field's bounds");
    require(field->required || (field->value >= field->min && field->value <= field->max), policy,
            field->name, "field's default outside its bounds");
}

static void test_policies(void)
{
    static const char *const reserved[] = {"id", "date", "type"};
    for (size_t c = 0; c < chain_component_count; c++) {
        const struct sim_component *component = chain_components[c];
        for (size_t i = 0; i < component->policy_count; i++) {
            const struct sim_policy_type *type = &component->policies[i];
            require(identifier(type->name), component->name, type->name, "policy's name");
            require(sentence(type->doc), component->name, type->name,
                    "policy's description is missing or ends with a full stop");
            for (size_t j = 0; j < i; j++)
                require(strcmp(component->policies[j].name, type->name) != 0, component->name,
                        type->name, "policy named twice");
            CU_ASSERT_PTR_NULL(type->fields[SIM_POLICY_FIELDS].name);
            require(type->fields[0].name != NULL, component->name, type->name, "no fields");
            for (size_t k = 0; type->fields[k].name; k++) {
                check_field(type->name, &type->fields[k]);
                for (size_t r = 0; r < SIM_COUNT(reserved); r++)
                    require(strcmp(type->fields[k].name, reserved[r]) != 0, type->name,
                            type->fields[k].name, "field's name is taken");
            }
        }
    }
}

static void test_tables(void)
{
    size_t count = 0;
    for (size_t c = 0; c < chain_component_count; c++) {
        const struct sim_component *component = chain_components[c];
        for (size_t i = 0; i < component->table_count; i++, count++) {
            const struct sim_table_row *table = &component->tables[i];
            size_t length = table->file ? strlen(table->file) : 0;
            require(length > 4 && strcmp(table->file + length - 4, ".tsv") == 0, component->name,
                    table->file, "table's file");
            require(sentence(table->doc), component->name, table->file,
                    "table's description is missing or ends with a full stop");
            require(table->column_count > 0, component->name, table->file, "no columns");
            for (size_t k = 0; k < table->column_count; k++) {
                require(filled(table->columns[k].name), component->name, table->file,
                        "a column without a name");
                for (size_t j = 0; j < k; j++)
                    require(strcmp(table->columns[j].name, table->columns[k].name) != 0,
                            component->name, table->file, "a column twice");
            }
        }
    }
    CU_ASSERT(count > 5);
}

int main(void)
{
    CU_TestInfo tests[] = {{"parameters", test_params},
                           {"parameters once", test_params_once},
                           {"outputs", test_outputs},
                           {"contract of the results", test_contract},
                           {"labels", test_labels},
                           {"kinds of events", test_kinds},
                           {"policies", test_policies},
                           {"tables", test_tables},
                           CU_TEST_INFO_NULL};
    return suite_run("rows", tests);
}
