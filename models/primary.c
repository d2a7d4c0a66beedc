#include "primary.h"

#include "emissions.h"
#include "tax.h"

#include <math.h>
#include <stdlib.h>

/* ---- parameters */

struct primary_params {
    int64_t constant;
    const struct sim_path *a00;
    double relaxation_days, daily_sd;
    const struct sim_path *lme_basis;
    double basis_sd;
    const struct sim_path *exchange, *silicon;
    double silicon_low_fe;
    const struct sim_path *copper, *magnesium, *manganese;
    double al9985;
    const double *alternative_cost;
    const struct sim_path *output_mt;
    double output_cap_mt, carbon_pass_through;
};

#define CURVE(NAME, ...)                                                                           \
    static const double NAME##_years[] = {2019.5, 2020.5, 2021.5, 2022.5, 2023.5, 2024.5, 2025.5}; \
    static const double NAME##_values[] = {__VA_ARGS__};                                           \
    _Static_assert(sizeof NAME##_values == sizeof NAME##_years, "one value a year");               \
    static const struct sim_path NAME = {SIM_LINEAR, SIM_COUNT(NAME##_years), NAME##_years,        \
                                         NAME##_values}

/* Annual means of assumptions.tsv (expert) at mid-year; magnesium after 2024 falls to 17,000. */
CURVE(exchange, 6.90, 6.90, 6.45, 6.73, 7.05, 7.12, 7.18);
CURVE(silicon, 11500, 11800, 22500, 19500, 15500, 12500, 9800);
CURVE(copper, 47700, 48800, 68500, 67300, 68300, 75000, 78500);
CURVE(magnesium, 16300, 13700, 25300, 30500, 22200, 18200, 17000);
CURVE(manganese, 12800, 12800, 25000, 18000, 15000, 12800, 12800);
/* Derived from history.tsv: A00 / 1.13 (price_A00_spot) - LME cash x exchange rate. */
CURVE(lme_basis, -60, 800, 809, -532, 644, 405, 400);

static const double a00_years[] = {2025};
static const double a00_values[] = {20300};
static const struct sim_path a00 = {SIM_LINEAR, 1, a00_years, a00_values};

/* history.tsv (primary_output) to 2024; then the balance of 2030 with 53 Mt of use, net exports of
 * semis 5.5, imports of alloys 0.8 and 16.4 Mt of secondary metal leaves 41.3 Mt. Annual totals. */
static const double output_years[] = {2019, 2020, 2021, 2022, 2023, 2024,
                                      2025, 2026, 2027, 2028, 2029, 2030};
static const double output_values[] = {35.04, 37.08, 38.5, 40.21, 41.59, 44.0,
                                       44.4,  44.2,  43.6, 42.9,  42.1,  41.3};
static const struct sim_path output_mt = {SIM_STEP, SIM_COUNT(output_years), output_years,
                                          output_values};

/* Processing of primary metal to the alloy. ADC12: tried, 1,062 net (1,200 with VAT, SMM 2021).
 * A356: its usual processing fee, 1,000 with VAT. Structural: low-Fe metals are priced apart,
 * 1,400 for melt treatment and licences. Wrought: casting to billet, slab or rod. */
static const double alternative_cost[ALLOYS] = {1062, 900, 1400, 310, 310, 310, 310, 310};

#define S      struct primary_params
#define YEARLY "assumptions.tsv, expert; mid-year points, held after the last"
static const struct sim_param params[] = {
    SIM_PARAM_INT(S, constant, "primary.constant", "1", 0, 0, 1, 0, 0, "model choice",
                  "1 holds all prices at their level of mid-2024 and adds no noise, for tests"),
    SIM_PARAM_PATH(S, a00, "primary.a00", "CNY/t", 20300, &a00, 5000, 60000, 17000, 24000,
                   "expert: level of 2025 held",
                   "A00 with VAT after the history, around which the price reverts"),
    SIM_PARAM_REAL(S, relaxation_days, "primary.relaxation", "d", 60, 1, 3650, 30, 180,
                   "assumptions.tsv, expert", "Time of mean reversion after the history"),
    SIM_PARAM_REAL(S, daily_sd, "primary.daily_sd", "1", 0.011, 0, 0.1, 0.008, 0.014,
                   "assumptions.tsv, expert", "Standard deviation of a day's change of ln A00"),
    SIM_PARAM_PATH(S, lme_basis, "primary.lme_basis", "CNY/t", 400, &lme_basis, -8000, 8000, -500,
                   1000, "derived: history.tsv, A00 without VAT - LME cash x exchange rate",
                   "A00 without VAT over LME in CNY"),
    SIM_PARAM_REAL(S, basis_sd, "primary.basis_sd", "CNY/t", 250, 0, 3000, 150, 500,
                   "derived: spread of the annual basis 2019-2024, less its drift",
                   "Stationary standard deviation of the basis after the history"),
    SIM_PARAM_PATH(S, exchange, "primary.exchange_rate", "CNY/USD", 7.18, &exchange, 3, 15, 6.3,
                   7.6, YEARLY, "Exchange rate"),
    SIM_PARAM_PATH(S, silicon, "primary.silicon", "CNY/t", 9800, &silicon, 3000, 70000, 9000, 20000,
                   YEARLY, "Silicon 553 with VAT"),
    SIM_PARAM_REAL(S, silicon_low_fe, "primary.silicon_low_fe_premium", "CNY/t", 1200, 0, 10000,
                   800, 2000, "assumptions.tsv, expert",
                   "Silicon with Fe at most 0.2 % over silicon 553, with VAT"),
    SIM_PARAM_PATH(S, copper, "primary.copper", "CNY/t", 78500, &copper, 20000, 200000, 65000,
                   90000, YEARLY, "Copper cathode with VAT"),
    SIM_PARAM_PATH(S, magnesium, "primary.magnesium", "CNY/t", 17000, &magnesium, 5000, 100000,
                   14000, 25000, YEARLY, "Magnesium with VAT"),
    SIM_PARAM_PATH(S, manganese, "primary.manganese", "CNY/t", 12800, &manganese, 5000, 60000,
                   11500, 18000, YEARLY, "Electrolytic manganese with VAT"),
    SIM_PARAM_REAL(S, al9985, "primary.al9985_premium", "CNY/t", 300, 0, 5000, 150, 500,
                   "assumptions.tsv, expert", "Al99.85 (Fe at most 0.10 %) over A00, with VAT"),
    SIM_PARAM_VECTOR(S, alternative_cost, "primary.alternative_cost", "CNY/t", &labels_alloy,
                     alternative_cost, 0, 10000, 200, 1800,
                     "derived: processing fees 2020-2024 without VAT (SMM), wrought tried",
                     "Cost of making an alloy from primary metal, beyond the metals"),
    SIM_PARAM_PATH(S, output_mt, "primary.output", "Mt/yr", 44, &output_mt, 0, 100, 39, 45,
                   "history.tsv (NBS); after 2024 derived from the balance of 2030",
                   "Primary output of a calendar year"),
    SIM_PARAM_REAL(S, output_cap_mt, "primary.output_cap", "Mt/yr", 45, 10, 100, 45, 46,
                   "MIIT capacity ceiling (RMI and CMRA 2025)", "Ceiling of primary output"),
    SIM_PARAM_REAL(S, carbon_pass_through, "primary.carbon_pass_through", "1", 0.5, 0, 1, 0.2, 0.9,
                   "expert: producers far below marginal intensity keep part of the rent",
                   "Share of primary's carbon cost that its price carries"),
};
SIM_PARAMS_COVER(params, struct primary_params);
#undef S

static const struct primary_params *params_of(const struct world *world)
{
    return world->params[COMPONENT_PRIMARY];
}

/* ---- history */

static const struct sim_column a00_columns[] = {
    {"year", SIM_COLUMN_NUMBER},        {"1", SIM_COLUMN_OPTIONAL_NUMBER},
    {"2", SIM_COLUMN_OPTIONAL_NUMBER},  {"3", SIM_COLUMN_OPTIONAL_NUMBER},
    {"4", SIM_COLUMN_OPTIONAL_NUMBER},  {"5", SIM_COLUMN_OPTIONAL_NUMBER},
    {"6", SIM_COLUMN_OPTIONAL_NUMBER},  {"7", SIM_COLUMN_OPTIONAL_NUMBER},
    {"8", SIM_COLUMN_OPTIONAL_NUMBER},  {"9", SIM_COLUMN_OPTIONAL_NUMBER},
    {"10", SIM_COLUMN_OPTIONAL_NUMBER}, {"11", SIM_COLUMN_OPTIONAL_NUMBER},
    {"12", SIM_COLUMN_OPTIONAL_NUMBER},
};
static const struct sim_table_row tables[] = {{.file = "a00_monthly.tsv",
                                               .doc = "monthly means of A00 with VAT",
                                               .columns = a00_columns,
                                               .column_count = SIM_COUNT(a00_columns)}};

/* Mean of a month (index since January 2019), NaN where the table has none. */
static double month_mean(const struct sim_table *table, int month)
{
    int year = SIM_EPOCH_YEAR + (month >= 0 ? month / 12 : -1);
    for (size_t row = 0; row < table->rows; row++) {
        if ((int)lround(sim_table_number(table, row, 0)) == year)
            return sim_table_number(table, row, (size_t)(1 + month % 12));
    }
    return NAN;
}

static int64_t middle(int month)
{
    return (sim_month_start(month) + sim_month_start(month + 1)) / 2;
}

/* The first month, and the number of months that follow each other without a gap. */
static int months_known(const struct sim_table *table)
{
    int month = 0;
    while (!isnan(month_mean(table, month)))
        month++;
    return month;
}

int64_t primary_history_end(const struct world *world)
{
    int months = months_known(sim_tables_get(world->tables, tables));
    return months > 0 ? middle(months - 1) : 0;
}

double primary_a00_with_vat(const struct world *world, int64_t time)
{
    const struct sim_table *table = sim_tables_get(world->tables, tables);
    int last = months_known(table) - 1;
    if (last < 0 || time >= middle(last))
        return sim_path_at(params_of(world)->a00, sim_year(time));
    int month = sim_month_index(time);
    if (time < middle(month))
        month--;
    if (month < 0)
        return month_mean(table, 0);
    double part = (double)(time - middle(month)) / (double)(middle(month + 1) - middle(month));
    return month_mean(table, month) * (1 - part) + month_mean(table, month + 1) * part;
}

/* ---- prices */

/* Shares of metals in a t of the primary-based alloy. Cast: A00 and silicon as tried for ADC12, as
 * the typical composition for the others. Wrought: A00 alone; its few alloying elements are in the
 * cost, as market premiums are quoted. */
static const double recipe[ALLOYS][METALS] = {
    [ALLOY_ADC12] = {[METAL_A00] = 0.875, [METAL_SILICON] = 0.10, [METAL_COPPER] = 0.02},
    [ALLOY_A356] = {[METAL_A00] = 0.92, [METAL_SILICON] = 0.07, [METAL_MAGNESIUM] = 0.004},
    [ALLOY_STRUCTURAL] = {[METAL_AL9985] = 0.917,
                          [METAL_SILICON_LOW_FE] = 0.07,
                          [METAL_MANGANESE] = 0.006,
                          [METAL_MAGNESIUM] = 0.003},
    [ALLOY_6063] = {[METAL_A00] = 1},
    [ALLOY_6061] = {[METAL_A00] = 1},
    [ALLOY_3104] = {[METAL_A00] = 1},
    [ALLOY_6016] = {[METAL_A00] = 1},
    [ALLOY_1350] = {[METAL_A00] = 1},
};

double primary_alternative(const struct world *world, int alloy, const double metal[static METALS])
{
    double cost = params_of(world)->alternative_cost[alloy];
    for (int m = 0; m < METALS; m++)
        cost += recipe[alloy][m] * metal[m];
    return cost;
}

struct state {
    double deviation, basis; /* of ln A00 from its path; of the basis, CNY/t */
    bool running;            /* after the history */
    int64_t end;             /* of the history */
    /* the month so far */
    double days, a00, lme, output, emissions;
};

enum purpose { PURPOSE_A00, PURPOSE_BASIS };
static const struct sim_kind kinds[] = {{"primary_priced", "the day's metal prices are published"}};
enum { KIND_PRICED = EVENT(COMPONENT_PRIMARY, 0), ENTITY = COMPONENT_PRIMARY << 24 };

/* One day of x' = -x / tau + noise with the given daily standard deviation, exactly
 * (Ornstein-Uhlenbeck; Gillespie 1996, eq. 1.9). */
static double relax(double x, double tau, double daily_sd, double normal)
{
    double decay = exp(-1 / tau);
    return x * decay + daily_sd * sqrt(tau / 2 * (1 - decay * decay)) * normal;
}

static double normal_of(struct sim_domain *domain, enum purpose purpose)
{
    struct sim_stream stream =
        sim_stream_at(domain, ENTITY, (uint16_t)purpose, (uint64_t)world_day(sim_now(domain)));
    return sim_normal_inverse(&stream);
}

/* The process starts where the history ends, and is on average on the path thereafter: its
 * lognormal mean is taken out. */
static double noisy(struct state *own, const struct world *world, struct sim_domain *domain,
                    double path)
{
    const struct primary_params *p = params_of(world);
    if (!own->running) {
        double last = primary_a00_with_vat(world, own->end - SIM_MINUTE);
        own->deviation = log(last / path);
        own->running = true;
    }
    own->deviation =
        relax(own->deviation, p->relaxation_days, p->daily_sd, normal_of(domain, PURPOSE_A00));
    own->basis = relax(own->basis, p->relaxation_days, p->basis_sd * sqrt(2 / p->relaxation_days),
                       normal_of(domain, PURPOSE_BASIS));
    double days = (double)(sim_now(domain) - own->end) / (double)SIM_DAY;
    double variance = p->daily_sd * p->daily_sd * p->relaxation_days / 2 *
                      (1 - exp(-2 * days / p->relaxation_days));
    return path * exp(own->deviation - variance / 2);
}

/* Prices of the bought metals, CNY/t without VAT. */
static void metals_at(const struct world *world, int64_t time, struct board_nation *nation)
{
    const struct primary_params *p = params_of(world);
    double net = 1 / (1 + tax_vat(world, time)), year = sim_year(time);
    nation->metal[METAL_A00] = nation->a00;
    nation->metal[METAL_AL9985] = nation->a00 + p->al9985 * net;
    nation->metal[METAL_SILICON] = sim_path_at(p->silicon, year) * net;
    nation->metal[METAL_SILICON_LOW_FE] = nation->metal[METAL_SILICON] + p->silicon_low_fe * net;
    nation->metal[METAL_COPPER] = sim_path_at(p->copper, year) * net;
    nation->metal[METAL_MAGNESIUM] = sim_path_at(p->magnesium, year) * net;
    nation->metal[METAL_MANGANESE] = sim_path_at(p->manganese, year) * net;
}

static void publish(struct place *place, struct state *own, struct board_nation *nation)
{
    const struct world *world = place->world;
    const struct primary_params *p = params_of(world);
    int64_t now = sim_now(place->domain), time = now;
    if (p->constant)
        time = sim_time_from_year(2024.5);
    double path = primary_a00_with_vat(world, time);
    if (!p->constant && now >= own->end)
        path = noisy(own, world, place->domain, path);
    nation->a00 = path / (1 + tax_vat(world, time));
    metals_at(world, time, nation);
    nation->exchange = sim_path_at(p->exchange, sim_year(time));
    double basis = sim_path_at(p->lme_basis, sim_year(time)) + own->basis;
    nation->lme = (nation->a00 - basis) / nation->exchange;
    double carbon =
        place->policy.carbon_price_cny_t * emissions_primary(world, now) * p->carbon_pass_through;
    for (int a = 0; a < ALLOYS; a++)
        nation->alternative[a] = primary_alternative(world, a, nation->metal) +
                                 carbon * (recipe[a][METAL_A00] + recipe[a][METAL_AL9985]);
}

static enum sim_status create(struct sim_domain *domain, const void *model, void **state)
{
    struct place *place = place_of(domain);
    if (place->index != NATION)
        return SIM_OK;
    struct state *own = calloc(1, sizeof *own);
    *state = own;
    if (!own)
        return SIM_MEMORY;
    own->end = primary_history_end(model);
    publish(place, own, &place->run->boards[0].nation);
    publish(place, own, &place->run->boards[1].nation);
    sim_schedule(domain, sim_now(domain) + 6 * SIM_HOUR, 4, KIND_PRICED, ENTITY, NULL);
    return SIM_OK;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    struct place *place = place_of(domain);
    const struct world *world = place->world;
    const struct primary_params *p = params_of(world);
    struct state *own = state;
    struct board_nation *nation = &place_board_today(place)->nation;
    publish(place, own, nation);
    int year = sim_date_from_time(event->time).year;
    double days = 365 + (sim_days_in_month(year, 2) == 29);
    double output = 1e6 * fmin(sim_path_at(p->output_mt, year), p->output_cap_mt) / days;
    own->days += 1;
    own->a00 += nation->a00;
    own->lme += nation->lme;
    own->output += output;
    own->emissions += output * emissions_primary(world, event->time);
    sim_schedule(domain, event->time + SIM_DAY, 4, KIND_PRICED, ENTITY, NULL);
    return SIM_OK;
}

enum { OUTPUT_PRICE, OUTPUT_LME, OUTPUT_OUTPUT, OUTPUT_EMISSIONS };
static const struct sim_output outputs[] = {
    [OUTPUT_PRICE] = {.name = "primary_price",
                      .unit = "CNY/t",
                      .long_name = "price of primary aluminium (A00) without VAT, month's mean",
                      .method = SIM_METHOD_MEAN,
                      .reduce = SIM_REDUCE_MEAN},
    [OUTPUT_LME] = {.name = "lme_price",
                    .unit = "USD/t",
                    .long_name = "price of primary aluminium at the LME, month's mean",
                    .method = SIM_METHOD_MEAN,
                    .reduce = SIM_REDUCE_MEAN},
    [OUTPUT_OUTPUT] = {.name = "primary_output",
                       .unit = "t",
                       .long_name = "output of the national primary industry",
                       .method = SIM_METHOD_SUM,
                       .reduce = SIM_REDUCE_SUM},
    [OUTPUT_EMISSIONS] = {.name = "primary_emissions",
                          .unit = "t",
                          .long_name = "emissions of the national primary industry at the smelter "
                                       "gate, CO2",
                          .method = SIM_METHOD_SUM,
                          .reduce = SIM_REDUCE_SUM},
};

static void sample_month(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    (void)domain;
    struct state *own = state;
    if (!own)
        return;
    if (own->days > 0) {
        sim_sample_mean(sample, OUTPUT_PRICE, 0, own->a00 / own->days, own->days);
        sim_sample_mean(sample, OUTPUT_LME, 0, own->lme / own->days, own->days);
    }
    sim_sample_add(sample, OUTPUT_OUTPUT, 0, own->output);
    sim_sample_add(sample, OUTPUT_EMISSIONS, 0, own->emissions);
    own->days = own->a00 = own->lme = own->output = own->emissions = 0;
}

const struct sim_component primary_component = {
    .name = "primary",
    .doc = "Primary aluminium: prices of metals, output, emissions",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct primary_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .tables = tables,
    .table_count = SIM_COUNT(tables),
    .create = create,
    .handle = handle,
    .sample = sample_month,
    .destroy = free,
};
