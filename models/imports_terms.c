/* Equations of the import margin: potential x logistic((port price - landed cost) / scale), with a
 * quota's cap and lagged substitution between origins. */
#include "imports_terms.h"

#include "imports.h"
#include "policy.h"

#include <math.h>
#include <string.h>

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct imports_params, FIELD, "imports." #FIELD, UNIT, VALUE, MIN, MAX, LOW,    \
                   HIGH, SOURCE, DOC)
#define VECTOR(FIELD, UNIT, DIMENSION, VALUES, MIN, MAX, LOW, HIGH, SOURCE, DOC)                   \
    SIM_PARAM_VECTOR(struct imports_params, FIELD, "imports." #FIELD, UNIT, &DIMENSION, VALUES,    \
                     MIN, MAX, LOW, HIGH, SOURCE, DOC)
#define PATH(FIELD, UNIT, VALUE, CURVE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                          \
    SIM_PARAM_PATH(struct imports_params, FIELD, "imports." #FIELD, UNIT, VALUE, CURVE, MIN, MAX,  \
                   LOW, HIGH, SOURCE, DOC)

static const double grade_share[GRADES] = {[GRADE_EXTRUSION_OLD] = 0.12,
                                           [GRADE_UBC] = 0.05,
                                           [GRADE_MIXED_CAST] = 0.45,
                                           [GRADE_SHREDDED] = 0.38};
static const double grade_share_after[GRADES] = {[GRADE_EXTRUSION_OLD] = 0.15,
                                                 [GRADE_UBC] = 0.05,
                                                 [GRADE_MIXED_CAST] = 0.43,
                                                 [GRADE_SHREDDED] = 0.36,
                                                 [GRADE_SHEET_OLD] = 0.01};
/* In the order of the origins: Malaysia, Thailand, Japan, UK, USA, EU, Korea, Hong Kong, Canada,
 * rest of world. The USA's are means over both coasts. */
static const double lead_days[ORIGINS] = {30, 30, 30, 30, 30, 30, 30, 10, 30, 30};
static const double sailing_south[ORIGINS] = {7, 6, 7, 36, 28, 36, 5, 1, 25, 18};
static const double sailing_east[ORIGINS] = {10, 9, 4, 36, 28, 36, 3, 4, 25, 18};
static const double distance_km[ORIGINS] = {3500,  2900, 2400, 18300, 15000,
                                            18300, 1500, 200,  11000, 9000};
/* Red Sea: ships to and from Europe have gone around the Cape since December 2023. */
static const double cape_year[] = {2019, 2023.917}, cape_value[] = {0, 12};
static const struct sim_path cape = {SIM_STEP, 2, cape_year, cape_value};

const struct sim_param imports_param_rows[] = {
    ROW(foreign_ratio, "1", 0.905, 0.5, 1.2, 0.86, 0.93, "derived: fitted to the volume of 2024",
        "price abroad of a recoverable tonne of mixed cast scrap over A00 without VAT"),
    ROW(lme_parity, "1", 1.0235, 0.8, 1.3, 1.0, 1.05, "derived: A00 without VAT over LME, 2024",
        "A00 without VAT over LME in CNY at which foreign_ratio is written"),
    ROW(freight_cny_t, "CNY/t", 150, 0, 3000, 80, 400, "expert", "sea freight, recoverable tonne"),
    ROW(handling_cny_t, "CNY/t", 250, 0, 3000, 150, 400, "expert",
        "inspection, customs and trade margin, per recoverable tonne"),
    ROW(response_cny_t, "CNY/t", 250, 10, 3000, 150, 400, "expert: tried in a prototype",
        "scale of the logistic response to port price less landed cost"),
    ROW(potential_factor, "1", 1.33, 1, 3, 1.2, 1.5, "expert: tried in a prototype",
        "export potential over the volumes of the data"),
    ROW(early_factor, "1", 1.69, 0.5, 3, 1.6, 1.75, "customs: 1.39 Mt in 2019, 0.823 in 2020",
        "potential of the middle of 2019 over that of 2020"),
    ROW(growth, "1/yr", 0.027, -0.3, 0.5, 0, 0.06, "expert", "growth of potential after 2024"),
    ROW(substitution, "1", 0.5, 0, 1, 0.3, 0.8, "expert",
        "part of a restricted origin's volume that others take up in the end"),
    ROW(substitution_days, "d", 365, 1, 3650, 180, 720, "expert",
        "time constant with which other origins take up a restricted one's volume"),
    ROW(container_t, "t", 25, 5, 35, 22, 27, "expert", "gross mass of scrap in a container"),
    ROW(metal_content, "1", 0.91, 0.5, 1, 0.89, 0.93, "RMI and CMRA 2025 (derived)",
        "metal in imported scrap, of gross mass"),
    ROW(rejected, "1", 0.02, 0, 0.9, 0.005, 0.05, "expert",
        "containers that inspection sends back"),
    ROW(service_days, "d", 7, 0.1, 60, 3, 20, "expert",
        "mean inspection and customs, without waiting"),
    ROW(initial_days, "d", 20, 1, 120, 10, 30, "expert", "days of sales in ports at the start"),
    ROW(sea_km_day, "km/d", 550, 200, 1200, 450, 700, "derived: 12.5 knots with port calls",
        "distance that a day's diversion adds"),
    ROW(standards_year, "yr", 2024.872, 2019, 2061, 2024.872, 2024.872,
        "Document No. 23 of 2024 (from 15 November)",
        "when wider standards let more wrought scrap in"),
    PATH(capacity, "1", 1.3, NULL, 0.5, 10, 1.15, 1.6, "expert",
         "inspection bays over what the flow of 2024 keeps busy"),
    PATH(cape_days, "d", 0, &cape, 0, 60, 0, 14, "public: 10 to 14 days since December 2023",
         "longer way around the Cape for the EU and the UK"),
    VECTOR(grade_share, "1", labels_grade, grade_share, 0, 1, 0, 1,
           "derived: composition of imports, expert", "grades of imports until standards_year"),
    VECTOR(grade_share_after, "1", labels_grade, grade_share_after, 0, 1, 0, 1, "expert",
           "grades of imports from standards_year on"),
    VECTOR(lead_days, "d", labels_origin, lead_days, 0, 365, 5, 45, "expert (imports_logistics)",
           "mean time from contract to loading; drawn between two thirds and four thirds"),
    VECTOR(sailing_south, "d", labels_origin, sailing_south, 0.1, 200, 1, 60,
           "public and expert (imports_logistics)", "sailing to Guangdong, Guangxi, Hainan"),
    VECTOR(sailing_east, "d", labels_origin, sailing_east, 0.1, 200, 1, 60,
           "public and expert (imports_logistics)", "sailing to all other ports"),
    VECTOR(distance_km, "km", labels_origin, distance_km, 0, 40000, 100, 25000,
           "derived: sea distance tables", "distance by sea, for emissions"),
};
SIM_PARAMS_COVER(imports_param_rows, struct imports_params);
_Static_assert(SIM_COUNT(imports_param_rows) == IMPORTS_PARAMS, "the header has the count");

static const struct sim_column columns[] = {{"product", SIM_COLUMN_TEXT},
                                            {"year", SIM_COLUMN_NUMBER},
                                            {"origin", SIM_COLUMN_TEXT},
                                            {"value", SIM_COLUMN_NUMBER}};
const struct sim_table_row imports_tables[] = {
    {"imports.tsv", "scrap imports by origin, kt gross", columns, SIM_COUNT(columns)}};

const struct imports_params *imports_params_of(const struct world *world)
{
    return world->params[COMPONENT_IMPORTS];
}

/* kt gross of imports.tsv as t, [2020, 2024]; an origin without a row is in the rest of world. */
void imports_read_potential(const struct world *world, int origin, double t[2])
{
    const struct sim_table *table = sim_tables_get(world->tables, &imports_tables[0]);
    t[0] = t[1] = 0;
    for (size_t r = 0; r < table->rows; r++) {
        double year = sim_table_number(table, r, 1);
        if (strcmp(sim_table_text(table, r, 0), "scrap") != 0 ||
            strcmp(sim_table_text(table, r, 2), labels_origin.labels[origin]) != 0)
            continue;
        if (year == 2020 || year == 2024)
            t[year == 2024] = 1000 * sim_table_number(table, r, 3);
    }
}

static double potential(const struct imports_params *p, const double t[2], double year)
{
    double path;
    if (year <= 2020.5)
        path = t[0] * (1 + (p->early_factor - 1) * fmin(1, 2020.5 - year));
    else if (year <= 2024.5)
        path = t[0] + (t[1] - t[0]) * (year - 2020.5) / 4;
    else
        path = t[1] * pow(1 + p->growth, year - 2024.5);
    return p->potential_factor * path;
}

double imports_potential_t_year(const struct world *world, int origin, double year)
{
    double t[2];
    imports_read_potential(world, origin, t);
    return potential(imports_params_of(world), t, year);
}

double imports_landed_cny_t(const struct place *place, int grade, double tariff)
{
    const struct imports_params *p = imports_params_of(place->world);
    const struct board_nation *nation = &place_board(place)->nation;
    const struct world_grade *feed = place->world->feed;
    double ratio = p->foreign_ratio * feed[grade].price_ratio / feed[GRADE_MIXED_CAST].price_ratio;
    double foreign = ratio * nation->lme * nation->exchange * p->lme_parity;
    return (foreign + p->freight_cny_t + p->handling_cny_t) * (1 + tariff);
}

static bool south(int province)
{
    const char *name = labels_province.labels[province];
    return strcmp(name, "Guangdong") == 0 || strcmp(name, "Guangxi") == 0 ||
           strcmp(name, "Hainan") == 0;
}

double imports_sailing_days(const struct place *place, int origin, double year)
{
    const struct imports_params *p = imports_params_of(place->world);
    const char *name = labels_origin.labels[origin];
    bool europe = strcmp(name, "EU") == 0 || strcmp(name, "UK") == 0;
    return (south(place->index) ? p->sailing_south : p->sailing_east)[origin] +
           (europe ? sim_path_at(p->cape_days, year) : 0) + policy_shipping_days(place, origin);
}

/* Share of potential that is contracted, over grades; adds each grade's part to weight. */
static double response(const struct place *place, const double price[static GRADES], double tariff,
                       const double *share, double weight[static GRADES])
{
    double sum = 0;
    for (int g = 0; g < GRADES; g++) {
        weight[g] = 0;
        if (share[g] <= 0)
            continue;
        double gain = price[g] - imports_landed_cny_t(place, g, tariff);
        weight[g] = share[g] / (1 + exp(-gain / imports_params_of(place->world)->response_cny_t));
        sum += weight[g];
    }
    return sum;
}

/* t gross a day by origin. Importers order for the day at which the cargo will clear. */
void imports_contract_rates(struct imports_terms *terms, const struct place *place,
                            const double price[static GRADES], double rate[static ORIGINS])
{
    const struct imports_params *p = imports_params_of(place->world);
    double year = sim_year(sim_now(place->domain));
    const double *share = year < p->standards_year ? p->grade_share : p->grade_share_after;
    double here = place->world->province[place->index].scrap_import_share / 365.25;
    double restricted = 0, open = 0, sum = 0, spare[GRADES];
    for (int o = 0; o < ORIGINS; o++) {
        double ahead = p->lead_days[o] + imports_sailing_days(place, o, year) + p->service_days;
        double all = here * potential(p, terms->potential[o], year + ahead / 365.25);
        double volume = place->policy.origin_volume[o], tariff = place->policy.origin_tariff[o];
        double part = response(place, price, tariff, share, terms->weight[o]);
        double freely = tariff > 0 ? response(place, price, 0, share, spare) : part;
        double left = freely > 1e-9 ? fmin(1, volume * part / freely) : 1;
        terms->utilisation[o] += (left - terms->utilisation[o]) / p->substitution_days;
        restricted += all * (1 - terms->utilisation[o]);
        open += all * terms->utilisation[o];
        rate[o] = all * volume * part;
    }
    double uplift = open > 0 ? fmin(1, p->substitution * restricted / open) : 0;
    for (int o = 0; o < ORIGINS; o++) {
        rate[o] *= 1 + uplift * terms->utilisation[o];
        sum += rate[o];
    }
    double cap = place->policy.import_quota_t * here;
    for (int o = 0; o < ORIGINS && sum > cap; o++)
        rate[o] *= cap / sum;
}
