#include "world_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TABLE(FILE, DOC, COLUMNS)                                                                  \
    {                                                                                              \
        .file = FILE, .doc = DOC, .columns = COLUMNS, .column_count = SIM_COUNT(COLUMNS)           \
    }

enum {
    PROVINCE_NAME,
    PROVINCE_LAT,
    PROVINCE_LON,
    PROVINCE_OLD,
    PROVINCE_CAP22,
    PROVINCE_CAP24,
    PROVINCE_VEHICLES,
    PROVINCE_CAST,
    PROVINCE_WROUGHT,
    PROVINCE_GRID,
    PROVINCE_SCRAP_IMPORTS,
    PROVINCE_ALLOY_IMPORTS
};
static const struct sim_column province_columns[] = {
    {"province", SIM_COLUMN_TEXT},
    {"lat", SIM_COLUMN_NUMBER},
    {"lon", SIM_COLUMN_NUMBER},
    {"old_scrap_share", SIM_COLUMN_NUMBER},
    {"secondary_capacity_2022_Mt", SIM_COLUMN_NUMBER},
    {"secondary_capacity_2024_Mt", SIM_COLUMN_NUMBER},
    {"vehicle_share", SIM_COLUMN_NUMBER},
    {"cast_demand_share", SIM_COLUMN_NUMBER},
    {"wrought_demand_share", SIM_COLUMN_NUMBER},
    {"grid_EF_2022_tCO2_per_MWh", SIM_COLUMN_NUMBER},
    {"scrap_import_share_2024", SIM_COLUMN_NUMBER},
    {"alloy_ingot_import_share_2023_24", SIM_COLUMN_NUMBER},
};

enum {
    CLASS_NAME,
    CLASS_SI,
    CLASS_SD = CLASS_SI + ELEMENTS,
    CLASS_NONMETAL,
    CLASS_YIELD,
    CLASS_PRICE,
    CLASS_OLD
};
static const struct sim_column class_columns[] = {
    {"class", SIM_COLUMN_TEXT},
    {"Si", SIM_COLUMN_NUMBER},
    {"Fe", SIM_COLUMN_NUMBER},
    {"Cu", SIM_COLUMN_NUMBER},
    {"Mn", SIM_COLUMN_NUMBER},
    {"Mg", SIM_COLUMN_NUMBER},
    {"Cr", SIM_COLUMN_NUMBER},
    {"Ni", SIM_COLUMN_NUMBER},
    {"Zn", SIM_COLUMN_NUMBER},
    {"Ti", SIM_COLUMN_NUMBER},
    {"rel_sd_pct", SIM_COLUMN_NUMBER},
    {"nonmetal_pct", SIM_COLUMN_NUMBER},
    {"metal_yield_pct", SIM_COLUMN_NUMBER},
    {"price_ratio_to_A00", SIM_COLUMN_NUMBER},
    {"share_of_old_scrap_2024", SIM_COLUMN_NUMBER},
};

enum {
    POOL_CLASS,
    POOL_GRADE,
    POOL_METAL,
    POOL_LOSS,
    POOL_VAT,
    POOL_YIELD,
    POOL_SAME,
    POOL_WROUGHT
};
static const struct sim_column pool_columns[] = {
    {"class", SIM_COLUMN_TEXT},           {"grade", SIM_COLUMN_TEXT},
    {"metal_2024_Mt", SIM_COLUMN_NUMBER}, {"melt_loss_pct", SIM_COLUMN_NUMBER},
    {"quoted_vat", SIM_COLUMN_NUMBER},    {"quoted_yield_pct", SIM_COLUMN_NUMBER},
    {"same_alloy", SIM_COLUMN_TEXT},      {"wrought", SIM_COLUMN_NUMBER},
};

enum {
    SORTED_CLASS,
    SORTED_GRADE,
    SORTED_FE,
    SORTED_CU,
    SORTED_ZN,
    SORTED_SD,
    SORTED_NONMETAL,
    SORTED_LOSS,
    SORTED_PREMIUM
};
static const struct sim_column sorted_columns[] = {
    {"class", SIM_COLUMN_TEXT},
    {"grade", SIM_COLUMN_TEXT},
    {"Fe_factor", SIM_COLUMN_NUMBER},
    {"Cu_factor", SIM_COLUMN_NUMBER},
    {"Zn_factor", SIM_COLUMN_NUMBER},
    {"rel_sd_factor", SIM_COLUMN_NUMBER},
    {"nonmetal_pct", SIM_COLUMN_NUMBER},
    {"melt_loss_pct", SIM_COLUMN_NUMBER},
    {"premium_points", SIM_COLUMN_NUMBER},
};

enum { ALLOY_NAME, ALLOY_SI_MIN, ALLOY_TYPICAL = ALLOY_SI_MIN + 2 * ELEMENTS };
static const struct sim_column alloy_columns[] = {
    {"name", SIM_COLUMN_TEXT},
    {"Si_min", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Si_max", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Fe_min", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Fe_max", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Cu_min", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Cu_max", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Mn_min", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Mn_max", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Mg_min", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Mg_max", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Cr_min", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Cr_max", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Ni_min", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Ni_max", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Zn_min", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Zn_max", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Ti_min", SIM_COLUMN_OPTIONAL_NUMBER},
    {"Ti_max", SIM_COLUMN_OPTIONAL_NUMBER},
    {"typical", SIM_COLUMN_TEXT},
};

static const struct sim_column calendar_columns[] = {
    {"item", SIM_COLUMN_TEXT}, {"key", SIM_COLUMN_TEXT}, {"value", SIM_COLUMN_TEXT}};
static const struct sim_column prior_columns[] = {
    {"sector", SIM_COLUMN_TEXT}, {"grade", SIM_COLUMN_TEXT}, {"plausibility", SIM_COLUMN_NUMBER}};
static const struct sim_column sector_alloy_columns[] = {
    {"sector", SIM_COLUMN_TEXT}, {"alloy", SIM_COLUMN_TEXT}, {"share", SIM_COLUMN_NUMBER}};

const struct sim_table_row world_tables[WORLD_TABLES] = {
    [WORLD_TABLE_PROVINCES] =
        TABLE("provinces.tsv", "provinces: place, shares, capacity, grid", province_columns),
    [WORLD_TABLE_CLASSES] =
        TABLE("scrap_classes.tsv", "scrap classes: composition, yield, price ratio, share",
              class_columns),
    [WORLD_TABLE_POOLS] =
        TABLE("grade_pools.tsv", "which classes a grade pools, by weight", pool_columns),
    [WORLD_TABLE_SORTED] =
        TABLE("sorted_classes.tsv", "what sorting centres make of a grade", sorted_columns),
    [WORLD_TABLE_ALLOYS] = TABLE("alloys.tsv", "alloy limits", alloy_columns),
    [WORLD_TABLE_CALENDAR] =
        TABLE("calendar.tsv", "Spring Festivals and monthly factors", calendar_columns),
    [WORLD_TABLE_PRIOR] = TABLE("sector_grade_prior.tsv",
                                "grades that a sector's discards may contain", prior_columns),
    [WORLD_TABLE_SECTOR_ALLOY] =
        TABLE("sector_alloy.tsv", "secondary alloys that a sector buys", sector_alloy_columns),
};

static const char *const feed_labels[FEEDS] = {"extrusion_new",
                                               "extrusion_old",
                                               "thermal_break",
                                               "formwork",
                                               "ubc",
                                               "wheels",
                                               "mixed_cast",
                                               "shredded",
                                               "wire",
                                               "sheet_clean",
                                               "sheet_old",
                                               "turnings",
                                               "thermal_break_sorted",
                                               "extrusion_sorted",
                                               "sheet_sorted",
                                               "shredded_sorted"};
const struct sim_dimension world_data_feeds = {
    .name = "feed", .long_name = "feed class", .count = FEEDS, .labels = feed_labels};

/* Names of the eight products in alloys.tsv. */
static const char *const alloy_names[ALLOYS] = {"ADC12",
                                                "A356",
                                                "Non-heat-treatable structural (AlSi7MnMg type)",
                                                "6063",
                                                "6061",
                                                "3104",
                                                "6016",
                                                "1350/1370 conductor"};

/* The variant of the structural alloy that joint research works towards. */
static const char tolerant_name[] = "Non-heat-treatable, impurity-tolerant";

const struct sim_table *world_data_table(const struct world *world, enum world_table table)
{
    return sim_tables_get(world->tables, &world_tables[table]);
}

int world_data_label(const struct sim_table *table, size_t row, size_t column,
                     const struct sim_dimension *labels, struct sim_errors *errors)
{
    const char *text = sim_table_text(table, row, column);
    size_t found = sim_dimension_find(labels, text);
    if (found < labels->count)
        return (int)found;
    sim_errors_add(errors, SIM_BAD_DATA, table->row->file, table->lines[row], "%s: \"%s\" is no %s",
                   table->row->columns[column].name, text, labels->name);
    return -1;
}

/* The first row whose text is `name`, or SIZE_MAX and an error. */
static size_t row_of(const struct sim_table *table, size_t column, const char *name,
                     struct sim_errors *errors)
{
    for (size_t row = 0; row < table->rows; row++) {
        if (strcmp(sim_table_text(table, row, column), name) == 0)
            return row;
    }
    sim_errors_add(errors, SIM_BAD_DATA, table->row->file, 0, "no row for %s \"%s\"",
                   table->row->columns[column].name, name);
    return SIZE_MAX;
}

/* ---- provinces */

static bool is_delta(int p)
{
    /* Yangtze: Shanghai, Jiangsu, Zhejiang, Anhui; Pearl: Guangdong; Bohai: Beijing, Tianjin,
     * Hebei, Liaoning, Shandong (RMI and CMRA 2025). */
    static const char *const names[] = {"Shanghai", "Jiangsu", "Zhejiang", "Anhui",    "Guangdong",
                                        "Beijing",  "Tianjin", "Hebei",    "Liaoning", "Shandong"};
    for (size_t i = 0; i < SIM_COUNT(names); i++) {
        if (strcmp(labels_province.labels[p], names[i]) == 0)
            return true;
    }
    return false;
}

static bool is_coastal(int p)
{
    static const char *const names[] = {"Tianjin",   "Hebei",    "Liaoning", "Shanghai",
                                        "Jiangsu",   "Zhejiang", "Fujian",   "Shandong",
                                        "Guangdong", "Guangxi",  "Hainan"};
    for (size_t i = 0; i < SIM_COUNT(names); i++) {
        if (strcmp(labels_province.labels[p], names[i]) == 0)
            return true;
    }
    return false;
}

/* Great circle in km (haversine) between points in degrees; mean radius 6371 km. */
static double great_circle(double lat1, double lon1, double lat2, double lon2)
{
    double rad = acos(-1.0) / 180;
    double a = sin((lat2 - lat1) * rad / 2), b = sin((lon2 - lon1) * rad / 2);
    return 2 * 6371 * asin(sqrt(a * a + cos(lat1 * rad) * cos(lat2 * rad) * b * b));
}

static void distances(struct world *world, const struct world_options *options,
                      double place[PROVINCES][2])
{
    for (int i = 0; i < PROVINCES; i++) {
        for (int j = 0; j < PROVINCES; j++) {
            double km = i == j ? options->own_province_km
                               : options->detour * great_circle(place[i][0], place[i][1],
                                                                place[j][0], place[j][1]);
            double road = options->road_cny_tkm * km + options->road_cny_t;
            double rail = options->rail_cny_tkm * km + options->rail_cny_t;
            world->km[i][j] = km;
            world->freight[i][j] = fmin(road, rail);
            world->freight_kg_t[i][j] =
                km * (road <= rail ? options->road_kg_tkm : options->rail_kg_tkm);
        }
    }
}

void world_data_provinces(struct world *world, const struct world_options *options,
                          struct sim_errors *errors)
{
    const double capacity_2019_t = 12.4e6; /* assumptions.tsv, expert: in proportion to 2022 */
    const struct sim_table *table = world_data_table(world, WORLD_TABLE_PROVINCES);
    double place[PROVINCES][2] = {{0}}, capacity_2022_t = 0;
    for (int p = 0; p < PROVINCES; p++) {
        size_t row = row_of(table, PROVINCE_NAME, labels_province.labels[p], errors);
        if (row == SIZE_MAX)
            continue;
        place[p][0] = sim_table_number(table, row, PROVINCE_LAT);
        place[p][1] = sim_table_number(table, row, PROVINCE_LON);
        world->province[p] = (struct world_province){
            .old_scrap_share = sim_table_number(table, row, PROVINCE_OLD),
            .capacity_2022_t = 1e6 * sim_table_number(table, row, PROVINCE_CAP22),
            .capacity_2024_t = 1e6 * sim_table_number(table, row, PROVINCE_CAP24),
            .cast_demand_share = sim_table_number(table, row, PROVINCE_CAST),
            .wrought_demand_share = sim_table_number(table, row, PROVINCE_WROUGHT),
            .vehicle_share = sim_table_number(table, row, PROVINCE_VEHICLES),
            .grid_t_mwh = sim_table_number(table, row, PROVINCE_GRID),
            .scrap_import_share = sim_table_number(table, row, PROVINCE_SCRAP_IMPORTS),
            .alloy_import_share = sim_table_number(table, row, PROVINCE_ALLOY_IMPORTS),
            .delta = is_delta(p),
            .inland = !is_coastal(p),
        };
        capacity_2022_t += world->province[p].capacity_2022_t;
    }
    if (!(capacity_2022_t > 0))
        sim_errors_add(errors, SIM_BAD_DATA, table->row->file, 0, "no capacity in 2022");
    for (int p = 0; p < PROVINCES && capacity_2022_t > 0; p++)
        world->province[p].capacity_2019_t =
            world->province[p].capacity_2022_t * capacity_2019_t / capacity_2022_t;
    distances(world, options, place);
}

/* ---- grades */

/* Adds one class to its grade with its metal as weight. */
static void pool(struct world_grade *grade, const struct sim_table *pools, size_t row,
                 const struct sim_table *classes, size_t class)
{
    double weight = sim_table_number(pools, row, POOL_METAL);
    double nonmetal = sim_table_number(classes, class, CLASS_NONMETAL) / 100;
    double yield = sim_table_number(classes, class, CLASS_YIELD) / 100;
    for (int e = 0; e < ELEMENTS; e++)
        grade->composition[e] +=
            weight * sim_table_number(classes, class, (size_t)(CLASS_SI + e)) / 100;
    grade->relative_sd += weight * sim_table_number(classes, class, CLASS_SD) / 100;
    grade->nonmetal += weight * nonmetal;
    grade->recoverable += weight * yield / (1 - nonmetal);
    grade->melt_loss += weight * sim_table_number(pools, row, POOL_LOSS) / 100;
    /* Quotations against A00 with VAT become net against net, per recoverable tonne. */
    grade->price_ratio += weight * sim_table_number(classes, class, CLASS_PRICE) *
                          sim_table_number(pools, row, POOL_VAT) /
                          (sim_table_number(pools, row, POOL_YIELD) / 100);
}

static void divide(struct world_grade *grade, double weight)
{
    for (int e = 0; e < ELEMENTS; e++)
        grade->composition[e] /= weight;
    grade->relative_sd /= weight;
    grade->nonmetal /= weight;
    grade->recoverable /= weight;
    grade->melt_loss /= weight;
    grade->price_ratio /= weight;
}

static void sorted_class(struct world *world, const struct sim_table *table, size_t row,
                         struct sim_errors *errors)
{
    int class = world_data_label(table, row, SORTED_CLASS, &world_data_feeds, errors);
    int from = world_data_label(table, row, SORTED_GRADE, &labels_grade, errors);
    if (class < 0 || from < 0)
        return;
    if (class < GRADES) {
        sim_errors_add(errors, SIM_BAD_DATA, table->row->file, table->lines[row],
                       "\"%s\" is not a sorted class", feed_labels[class]);
        return;
    }
    struct world_grade *sorted = &world->feed[class];
    *sorted = world->feed[from];
    sorted->grade = from;
    sorted->composition[ELEMENT_FE] *= sim_table_number(table, row, SORTED_FE);
    sorted->composition[ELEMENT_CU] *= sim_table_number(table, row, SORTED_CU);
    sorted->composition[ELEMENT_ZN] *= sim_table_number(table, row, SORTED_ZN);
    sorted->relative_sd *= sim_table_number(table, row, SORTED_SD);
    sorted->nonmetal = sim_table_number(table, row, SORTED_NONMETAL) / 100;
    sorted->melt_loss = sim_table_number(table, row, SORTED_LOSS) / 100;
    sorted->price_ratio += sim_table_number(table, row, SORTED_PREMIUM) / 100;
}

void world_data_grades(struct world *world, struct sim_errors *errors)
{
    const struct sim_table *classes = world_data_table(world, WORLD_TABLE_CLASSES);
    const struct sim_table *pools = world_data_table(world, WORLD_TABLE_POOLS);
    const struct sim_table *sorted = world_data_table(world, WORLD_TABLE_SORTED);
    double weight[GRADES] = {0};
    for (size_t row = 0; row < pools->rows; row++) {
        int g = world_data_label(pools, row, POOL_GRADE, &labels_grade, errors);
        size_t class = row_of(classes, CLASS_NAME, sim_table_text(pools, row, POOL_CLASS), errors);
        if (g < 0 || class == SIZE_MAX)
            continue;
        struct world_grade *grade = &world->feed[g];
        weight[g] += sim_table_number(pools, row, POOL_METAL);
        pool(grade, pools, row, classes, class);
        grade->wrought = sim_table_number(pools, row, POOL_WROUGHT) > 0.5;
        grade->grade = g;
        bool none = strcmp(sim_table_text(pools, row, POOL_SAME), "none") == 0;
        grade->same_alloy =
            none ? -1 : world_data_label(pools, row, POOL_SAME, &labels_alloy, errors);
    }
    for (int g = 0; g < GRADES; g++) {
        if (weight[g] > 0)
            divide(&world->feed[g], weight[g]);
        else
            sim_errors_add(errors, SIM_BAD_DATA, pools->row->file, 0, "grade %s has no class",
                           feed_labels[g]);
    }
    for (size_t row = 0; row < sorted->rows; row++)
        sorted_class(world, sorted, row, errors);
    for (int class = GRADES; class < FEEDS; class ++) {
        if (!(world->feed[class].recoverable > 0))
            sim_errors_add(errors, SIM_BAD_DATA, sorted->row->file, 0, "no row for class %s",
                           feed_labels[class]);
    }
}

/* ---- alloys */

/* Value of an element in "Si 10.7 Fe 0.85 ..." (percent), or NaN. */
static double typical_of(const char *text, const char *element)
{
    size_t length = strlen(element);
    for (const char *at = strstr(text, element); at; at = strstr(at + 1, element)) {
        if ((at == text || at[-1] == ' ') && at[length] == ' ')
            return strtod(at + length, NULL);
    }
    return NAN;
}

void world_data_alloys(struct world *world, struct sim_errors *errors)
{
    const struct sim_table *table = world_data_table(world, WORLD_TABLE_ALLOYS);
    for (int a = 0; a < ALLOYS; a++) {
        struct world_alloy *alloy = &world->alloy[a];
        alloy->cast = a < (int)CAST_ALLOYS;
        size_t row = row_of(table, ALLOY_NAME, alloy_names[a], errors);
        if (row == SIZE_MAX)
            continue;
        size_t tolerant =
            a == ALLOY_STRUCTURAL ? row_of(table, ALLOY_NAME, tolerant_name, errors) : row;
        const char *typical = sim_table_text(table, row, ALLOY_TYPICAL);
        for (int e = 0; e < ELEMENTS; e++) {
            double min = sim_table_number(table, row, (size_t)(ALLOY_SI_MIN + 2 * e));
            double max = sim_table_number(table, row, (size_t)(ALLOY_SI_MIN + 2 * e + 1));
            double usual = typical_of(typical, labels_element.labels[e]);
            alloy->min[e] = isnan(min) ? 0 : min / 100;
            alloy->max[e] = isnan(max) ? 1 : max / 100; /* blank: free */
            double wide =
                tolerant == SIZE_MAX
                    ? max
                    : sim_table_number(table, tolerant, (size_t)(ALLOY_SI_MIN + 2 * e + 1));
            alloy->tolerant[e] = isnan(wide) ? 1 : fmax(wide / 100, alloy->max[e]);
            /* Where no typical value is given: a third of the way into the limits. */
            if (isnan(usual))
                usual =
                    isnan(max) ? 0 : 100 * (alloy->min[e] + (alloy->max[e] - alloy->min[e]) / 3);
            alloy->typical[e] = usual / 100;
            if (alloy->min[e] > alloy->max[e])
                sim_errors_add(errors, SIM_BAD_DATA, table->row->file, table->lines[row],
                               "%s: %s has min above max", alloy_names[a],
                               labels_element.labels[e]);
        }
    }
}
