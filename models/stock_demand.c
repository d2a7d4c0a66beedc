#include "stock_demand.h"

#include <math.h>
#include <string.h>

/* ---- parameters; vectors in the order of enum labels_sector */

/* Means and shapes that met the checkpoints of in-use stock and old scrap in a prototype; cars and
 * other transport alike; "other" as in stocks_lifetimes.tsv. */
static const double lifetime[SECTORS] = {14.5, 14.5, 14.5, 30, 30, 25, 20, 13, 0.8, 12};
static const double shape[SECTORS] = {2.2, 2.2, 2.2, 2.0, 2.8, 5, 2.2, 2, 1.5, 2.5};
static const double yield[SECTORS] = {0.80, 0.80, 0.80, 0.90, 0.92, 0.92, 0.82, 0.82, 0.78, 0.82};
static const double indirect_export[SECTORS] = {0.12, 0.12, 0.12, 0.02, 0.22,
                                                0.22, 0.14, 0.22, 0.06, 0.10};
/* total_recovery x 0.767, packaging x 0.68: lower than without formwork of its own. */
static const double recovery[SECTORS] = {0.652, 0.652, 0.652, 0.667, 0.627,
                                         0.627, 0.536, 0.483, 0.328, 0.276};
/* Cars and PV follow vehicles and installations to 2030, and these rates after. */
static const double growth[SECTORS] = {0, 0, 0, -0.04, 0.015, 0, 0.01, 0, 0.03, 0};

#define CURVE(NAME, ...)                                                                           \
    static const double NAME##_values[] = {__VA_ARGS__};                                           \
    _Static_assert(sizeof NAME##_values == sizeof NAME##_years, "one value a year");               \
    static const struct sim_path NAME = {SIM_LINEAR, SIM_COUNT(NAME##_years), NAME##_years,        \
                                         NAME##_values}

static const double recovery_factor_years[] = {2020.5, 2024.5};
CURVE(recovery_factor, 1.06, 1);
static const double formwork_share_years[] = {2010, 2018, 2024};
CURVE(formwork_share, 0, 0.03, 0.04);

/* vehicles.tsv, millions a year and kg of aluminium in a vehicle, at mid-year. Combustion cars of
 * 2030: 31 million cars less 0.955 x 24.6 million new-energy vehicles. */
static const double ice_cars_years[] = {2018.5, 2019.5, 2020.5, 2021.5, 2022.5,
                                        2023.5, 2024.5, 2025.5, 2027.5, 2030.5};
CURVE(ice_cars, 22.32, 20.17, 18.69, 18.02, 17.10, 16.96, 15.17, 13.7, 10.8, 7.5);
static const double nev_cars_years[] = {2018.5, 2019.5, 2020.5, 2021.5, 2022.5, 2023.5, 2024.5,
                                        2025.5, 2026.5, 2027.5, 2028.5, 2029.5, 2030.5};
CURVE(nev_cars, 1.27, 1.242, 1.366, 3.545, 7.058, 9.587, 12.888, 16.0, 18.1, 20.2, 21.8, 23.4,
      24.6);
static const double ice_kg_years[] = {2018.5, 2020.5, 2022.5, 2024.5, 2025.5, 2030.5};
CURVE(ice_kg, 118.7, 130, 140, 150, 153, 168);
static const double nev_kg_years[] = {2018.5, 2020.5, 2022.5, 2024.5, 2025.5, 2030.5};
CURVE(nev_kg, 140, 157, 195, 230, 237, 270);
/* Module production (CPIA, vehicles.tsv); kt/GW so that PV used 3.14 Mt in 2022, 5.04 in 2024. */
static const double pv_gw_years[] = {2018.5, 2019.5, 2020.5, 2021.5, 2022.5, 2023.5,
                                     2024.5, 2025.5, 2026.5, 2028.5, 2030.5};
CURVE(pv_gw, 84, 99, 125, 182, 289, 499, 588, 570, 550, 580, 620);
static const double pv_kt_gw_years[] = {2018.5, 2022.5, 2024.5, 2030.5};
CURVE(pv_kt_gw, 11.5, 10.9, 8.57, 8.0);

#define S struct stock_params
#define VECTOR(FIELD, UNIT, ...)                                                                   \
    SIM_PARAM_VECTOR(S, FIELD, "stock." #FIELD, UNIT, &labels_sector, FIELD, __VA_ARGS__)
#define CURVED(FIELD, UNIT, VALUE, ...)                                                            \
    SIM_PARAM_PATH(S, FIELD, "stock." #FIELD, UNIT, VALUE, &FIELD, __VA_ARGS__)
#define REAL(FIELD, UNIT, ...) SIM_PARAM_REAL(S, FIELD, "stock." #FIELD, UNIT, __VA_ARGS__)
const struct sim_param stock_demand_params[STOCK_DEMAND_PARAMS] = {
    VECTOR(lifetime, "yr", 0.05, 100, 0.3, 50, "stocks_lifetimes.tsv, fitted to its checkpoints",
           "Mean lifetime of the sector's products"),
    VECTOR(shape, "1", 0.3, 20, 1, 6, "stocks_lifetimes.tsv, fitted to its checkpoints",
           "Weibull shape of the sector's lifetimes"),
    VECTOR(yield, "1", 0.1, 1, 0.7, 0.95, "stocks_manufacturing.tsv, expert",
           "Metal that leaves manufacturing as product, of metal that enters it"),
    VECTOR(indirect_export, "1", -1, 1, 0.01, 0.33, "stocks_manufacturing.tsv, expert",
           "Net share of products that is exported"),
    VECTOR(recovery, "1", 0, 1, 0.25, 0.9,
           "stocks_collection.tsv x 0.767 (packaging 0.68): calibrated to old scrap of 2024",
           "Share of discards recovered before melting, all tiers' losses included"),
    VECTOR(growth, "1/yr", -0.5, 0.5, -0.06, 0.06, "assumptions.tsv, expert",
           "Growth of consumption after 2024; cars and PV: after 2030"),
    CURVED(recovery_factor, "1", 1, 0, 3, 0.9, 1.15, "calibrated to old scrap of 2020 and 2024",
           "Factor on all sectors' recovery"),
    CURVED(formwork_share, "1", 0.04, 0, 1, 0.04, 0.08, "assumptions.tsv, expert",
           "Formwork in building's consumption"),
    REAL(lifetime_factor, "1", 1, 0.1, 10, 0.85, 1.15,
         "expert: a sector's own range is far narrower than that of all sectors",
         "Factor on all lifetimes, for uncertainty"),
    REAL(formwork_lifetime, "yr", 4.9, 0.2, 50, 4, 7, "assumptions.tsv: 300 uses of 6 days each",
         "Mean lifetime of formwork"),
    REAL(formwork_shape, "1", 3, 0.3, 20, 2, 5, "expert", "Weibull shape of formwork's lifetime"),
    REAL(in_house, "1", 0.825, 0, 1, 0.7, 0.85,
         "derived: 1.5 of 8.6 Mt, 17 %, reaches the market (RMI and CMRA 2025)",
         "Share of new scrap that is remelted in house and used again"),
    REAL(remelt_loss, "1", 0.02, 0, 0.5, 0.01, 0.03, "expert", "Melt loss of remelting in house"),
    REAL(growth_before_1990, "1/yr", 0.09, -0.5, 1, 0.06, 0.12, "tried: meets the stock of 2000",
         "Growth of consumption before 1990"),
    REAL(growth_fade, "yr", 10, 0.5, 1000, 5, 30, "expert: no sector shrinks or grows for ever",
         "Time over which growth fades after 2030"),
    CURVED(ice_cars, "million/yr", 15.17, 0, 200, 5, 25, "vehicles.tsv (CAAM); 2030 derived",
           "Output of combustion cars, from 2018"),
    CURVED(nev_cars, "million/yr", 12.9, 0, 200, 10, 30, "vehicles.tsv (CAAM, forecasts)",
           "Output of new-energy vehicles, from 2018"),
    CURVED(ice_kg, "kg", 150, 0, 2000, 140, 223, "RMI and CMRA 2025; 2030: low end of vehicles.tsv",
           "Aluminium in a combustion car, from 2018"),
    CURVED(nev_kg, "kg", 230, 0, 2000, 205, 350, "RMI and CMRA 2025; 2030: low end of vehicles.tsv",
           "Aluminium in a new-energy vehicle, from 2018"),
    CURVED(pv_gw, "GW/yr", 588, 0, 5000, 400, 800, "vehicles.tsv (CPIA)",
           "PV modules made, from 2018"),
    CURVED(pv_kt_gw, "kt/GW", 8.57, 0, 50, 5, 20,
           "derived: 3.14 Mt in 2022, 5.04 Mt in 2024 (RMI and CMRA 2025)",
           "Aluminium in PV frames and mounting per GW of modules, from 2018"),
};
SIM_PARAMS_COVER(stock_demand_params, S);
#undef S

/* ---- consumption */

static const struct sim_column columns[] = {
    {"year", SIM_COLUMN_NUMBER}, {"sector", SIM_COLUMN_TEXT}, {"value", SIM_COLUMN_NUMBER}};
const struct sim_table_row stock_demand_tables[1] = {{.file = "stocks_consumption.tsv",
                                                      .doc = "consumption by sector, 1990 to 2024",
                                                      .columns = columns,
                                                      .column_count = SIM_COUNT(columns)}};

enum { DATA_FIRST = 1990, DATA_LAST = 2024, SPLIT_FIRST = 2018, FADE_FROM = 2030 };

/* The table's seven sectors. */
enum data_sector {
    DATA_BUILDING,
    DATA_TRANSPORT,
    DATA_POWER,
    DATA_PACKAGING,
    DATA_MACHINERY,
    DATA_DURABLES,
    DATA_OTHER,
    DATA_SECTORS
};
static const char *const data_names[DATA_SECTORS] = {"building",  "transport", "power_electrical",
                                                     "packaging", "machinery", "consumer_durables",
                                                     "other"};
static const enum data_sector data_of[SECTORS] = {
    DATA_TRANSPORT, DATA_TRANSPORT, DATA_TRANSPORT, DATA_BUILDING,  DATA_POWER,
    DATA_POWER,     DATA_MACHINERY, DATA_DURABLES,  DATA_PACKAGING, DATA_OTHER};

static const struct stock_params *params_of(const struct world *world)
{
    return world->params[COMPONENT_STOCK];
}

/* t a year of a data sector, NaN where the table has no row. */
static double data_value(const struct sim_table *table, enum data_sector sector, int year)
{
    for (size_t row = 0; row < table->rows; row++) {
        if ((int)lround(sim_table_number(table, row, 0)) == year &&
            strcmp(sim_table_text(table, row, 1), data_names[sector]) == 0)
            return 1e6 * sim_table_number(table, row, 2);
    }
    return NAN;
}

/* Cars and PV by their own figures, t a year; year at least SPLIT_FIRST. */
static double figure(const struct stock_params *p, int sector, int year)
{
    double at = year + 0.5;
    switch (sector) {
    case SECTOR_CARS_ICE:
        return 1e3 * sim_path_at(p->ice_cars, at) * sim_path_at(p->ice_kg, at) / p->yield[sector];
    case SECTOR_CARS_NEV:
        return 1e3 * sim_path_at(p->nev_cars, at) * sim_path_at(p->nev_kg, at) / p->yield[sector];
    default:
        return 1e3 * sim_path_at(p->pv_gw, at) * sim_path_at(p->pv_kt_gw, at);
    }
}

/* Share of the data sector's consumption that a part of it had up to 2024. Before 2018 combustion
 * cars keep their share of transport; new-energy vehicles fade out to 2012; PV modules had grown
 * e-fold in 3.7 years (10 GW in 2010, 84 in 2018). */
static double split(const struct stock_params *p, const double *data, int sector, int year)
{
    if (year >= SPLIT_FIRST)
        return figure(p, sector, year) / data[year - STOCK_FIRST_YEAR];
    double share = figure(p, sector, SPLIT_FIRST) / data[SPLIT_FIRST - STOCK_FIRST_YEAR];
    double back = SPLIT_FIRST - year;
    if (sector == SECTOR_CARS_NEV)
        return share * fmax(0, 1 - back / 6);
    return sector == SECTOR_PV ? share * exp(-back / 3.7) : share;
}

static void to_2024(struct stock_demand *demand, const struct stock_params *p,
                    double data[DATA_SECTORS][STOCK_YEARS])
{
    for (int y = STOCK_FIRST_YEAR; y <= DATA_LAST; y++) {
        int i = y - STOCK_FIRST_YEAR;
        double ice = split(p, data[DATA_TRANSPORT], SECTOR_CARS_ICE, y);
        double nev = split(p, data[DATA_TRANSPORT], SECTOR_CARS_NEV, y);
        double pv = split(p, data[DATA_POWER], SECTOR_PV, y);
        /* A scenario may give cars more than the data's transport: the rest is then nothing. */
        double part[SECTORS] = {[SECTOR_CARS_ICE] = ice,
                                [SECTOR_CARS_NEV] = nev,
                                [SECTOR_OTHER_TRANSPORT] = fmax(0, 1 - ice - nev),
                                [SECTOR_ELECTRICAL] = fmax(0, 1 - pv),
                                [SECTOR_PV] = pv};
        for (int s = 0; s < SECTORS; s++) {
            bool whole = data_of[s] != DATA_TRANSPORT && data_of[s] != DATA_POWER;
            demand->t[s][i] = data[data_of[s]][i] * (whole ? 1 : part[s]);
        }
    }
}

static void after_2024(struct stock_demand *demand, const struct stock_params *p)
{
    for (int y = DATA_LAST + 1; y < STOCK_FIRST_YEAR + STOCK_YEARS; y++) {
        int i = y - STOCK_FIRST_YEAR;
        double fade = y > FADE_FROM ? exp((FADE_FROM - y) / p->growth_fade) : 1;
        for (int s = 0; s < SECTORS; s++) {
            bool figured = s == SECTOR_CARS_ICE || s == SECTOR_CARS_NEV || s == SECTOR_PV;
            double rate = figured && y <= FADE_FROM ? 0 : p->growth[s] * fade;
            double grown = demand->t[s][i - 1] * (1 + rate);
            /* After 2030 figures hold their last value, unless a scenario says more. */
            if (figured)
                grown = figure(p, s, y) * (y > FADE_FROM ? grown / figure(p, s, y - 1) : 1);
            demand->t[s][i] = grown;
        }
    }
}

void stock_demand_init(struct stock_demand *demand, const struct world *world)
{
    const struct stock_params *p = params_of(world);
    const struct sim_table *table = sim_tables_get(world->tables, stock_demand_tables);
    double data[DATA_SECTORS][STOCK_YEARS] = {{0}};
    for (int s = 0; s < DATA_SECTORS; s++) {
        for (int y = DATA_FIRST; y <= DATA_LAST; y++)
            data[s][y - STOCK_FIRST_YEAR] = data_value(table, (enum data_sector)s, y);
        for (int y = DATA_FIRST - 1; y >= STOCK_FIRST_YEAR; y--)
            data[s][y - STOCK_FIRST_YEAR] =
                data[s][y + 1 - STOCK_FIRST_YEAR] / (1 + p->growth_before_1990);
    }
    to_2024(demand, p, data);
    after_2024(demand, p);
}

double stock_demand_month(const struct stock_demand *demand, int sector, int year, int month)
{
    int i = year - STOCK_FIRST_YEAR;
    const double *t = demand->t[sector];
    double before = i > 0 ? t[i - 1] : t[i], after = i + 1 < STOCK_YEARS ? t[i + 1] : t[i];
    double sum = 0, here = 0;
    for (int m = 0; m < 12; m++) {
        double at = (m + 0.5) / 12 - 0.5;
        double rate = t[i] + (at < 0 ? (t[i] - before) : (after - t[i])) * at;
        double amount = fmax(0, rate) * sim_days_in_month(year, m + 1);
        sum += amount;
        here = m == month ? amount : here;
    }
    return sum > 0 ? t[i] * here / sum : 0;
}
