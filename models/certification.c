/* Once a day, each province publishes what its users ask for and what its certified plants make;
 * the nation clears both:
 *
 *   asked     = sum of uses x min(1, share x demand(t) + reach (1 - exp(-value / scale)))
 *   value     = recognition x border price x verified t/t + carbon price x priced t/t
 *   premium   = W ln(asked / certified), in [0, 3 W], smoothed;   W = willingness + value
 *
 * as if willingness were exponential among those who ask; who does not ask pays nothing. A plant
 * certifies when premium plus the part of the secondary discount that a certificate erodes, over
 * all that certified plants sell, exceed its cost per t for a while (hazard against an exponential
 * threshold), and gives up when they have been below for long. */
#include "certification.h"

#include "downstream.h"
#include "emissions.h"

#include <math.h>
#include <stdlib.h>

struct certification_params {
    const double *share;
    double export_share, reach, value_scale;
    const struct sim_path *demand, *willingness, *mutual_recognition, *border_price;
    double verified_t_t, priced_t_t;
    double erosion, preference, fixed_cny, variable_cny_t, adoption_years, premium_days;
    double start_year, monitoring_cny;
};

#define S struct certification_params
#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(S, FIELD, "certification." #FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)
#define PATH(FIELD, UNIT, VALUE, CURVE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                          \
    SIM_PARAM_PATH(S, FIELD, "certification." #FIELD, UNIT, VALUE, CURVE, MIN, MAX, LOW, HIGH,     \
                   SOURCE, DOC)

static const double share[SECTORS] = {
    [SECTOR_CARS_ICE] = 0.05,  [SECTOR_CARS_NEV] = 0.12,   [SECTOR_OTHER_TRANSPORT] = 0.02,
    [SECTOR_BUILDING] = 0.01,  [SECTOR_ELECTRICAL] = 0.04, [SECTOR_PV] = 0.06,
    [SECTOR_MACHINERY] = 0.01, [SECTOR_DURABLES] = 0.03,   [SECTOR_PACKAGING] = 0.1,
    [SECTOR_OTHER] = 0.01};
static const double demand_years[] = {2020, 2024.5, 2030}, demand_values[] = {0.3, 1, 2};
static const struct sim_path demand = {SIM_LINEAR, 3, demand_years, demand_values};
static const double border_years[] = {2026, 2030}, border_values[] = {0, 100};
static const struct sim_path border = {SIM_LINEAR, 2, border_years, border_values};

static const struct sim_param params[] = {
    SIM_PARAM_VECTOR(S, share, "certification.share", "1", &labels_sector, share, 0, 1, 0, 0.2,
                     "expert: car makers' and brands' supplier programmes of 2024",
                     "part of a sector's use of secondary alloy that asked for certificates, 2024"),
    ROW(export_share, "1", 0.3, 0, 1, 0.1, 0.5, "expert", "the same of alloy exports"),
    ROW(reach, "1", 6, 1, 100, 4, 8, "expert",
        "part that asks where a certificate is worth much, over the share of 2024"),
    ROW(value_scale, "CNY/t", 300, 1, 10000, 200, 500, "expert",
        "worth of a certificate that wins 63 % of them"),
    PATH(demand, "1", 1, &demand, 0, 20, 0.5, 4, "expert",
         "part that asks for certificates over that of 2024, without borders and carbon prices"),
    PATH(willingness, "CNY/t", 60, NULL, 0, 5000, 30, 120, "expert: premiums of low-carbon metal",
         "mean willingness to pay of those who ask, without borders and carbon prices"),
    PATH(mutual_recognition, "1", 0.1, NULL, 0, 1, 0.05, 0.9, "RMI and CMRA 2025 (limited today)",
         "part of Chinese certificates' worth that is recognised abroad"),
    PATH(border_price, "CNY/t", 0, &border, 0, 5000, 50, 600,
         "expert: European border adjustment is phased in from 2026",
         "price of embodied emissions at export borders, per t CO2e"),
    ROW(verified_t_t, "t/t", 3, 0, 20, 1, 6, "expert: default values over verified footprints",
        "emissions per t of alloy that a recognised certificate takes off"),
    ROW(priced_t_t, "t/t", 0.3, 0, 20, 0.1, 1, "expert",
        "emissions per t of alloy for which a domestic carbon price makes buyers want evidence"),
    ROW(erosion, "1", 0.02, 0, 1, 0.01, 0.1, "expert",
        "part of the discount to primary-based alloy that certified metal does not give"),
    ROW(preference, "1", 0.002, 0, 0.1, 0, 0.005, "expert",
        "advantage that all secondary alloy gains when all of it is certified"),
    ROW(fixed_cny, "CNY/yr", 8e5, 0, 1e8, 3e5, 2e6, "expert: audits, life-cycle data, traceability",
        "cost of a plant's certificate"),
    ROW(variable_cny_t, "CNY/t", 20, 0, 1000, 5, 40, "expert: segregation and documents",
        "cost of certified product"),
    ROW(adoption_years, "yr", 1.5, 0.02, 20, 1, 3, "expert",
        "mean time to certify where the gain is twice the cost"),
    ROW(premium_days, "d", 60, 1, 1000, 30, 120, "expert: quarterly contracts",
        "smoothing time of the premium"),
    ROW(start_year, "yr", 2021, 2019, 2061, 2019, 2024, "expert: first schemes in China",
        "when certificates began"),
    ROW(monitoring_cny, "CNY/yr", 4e5, 0, 1e8, 2e5, 8e5, "expert: reporting and verification",
        "cost to a plant of being under a carbon price"),
};
SIM_PARAMS_COVER(params, S);

enum { KIND_CLEAR, KIND_DAY };
static const struct sim_kind kinds[] = {
    [KIND_CLEAR] = {"certificates_cleared", "the premium follows what is asked and certified"},
    [KIND_DAY] = {"certification_day", "plants of a province certify or let certificates lapse"},
};

enum { OUT_SHARE, OUT_PREMIUM, OUT_CARBON };
static const struct sim_output outputs[] = {
    [OUT_SHARE] = {.name = "certified_share",
                   .unit = "1",
                   .long_name = "certified over all output sold",
                   .method = SIM_METHOD_MEAN,
                   .reduce = SIM_REDUCE_MEAN},
    [OUT_PREMIUM] = {.name = "certification_premium",
                     .unit = "CNY/t",
                     .long_name = "premium of certified alloy, month's mean",
                     .method = SIM_METHOD_MEAN,
                     .reduce = SIM_REDUCE_SET},
    [OUT_CARBON] = {.name = "carbon_cost",
                    .unit = "CNY",
                    .long_name = "paid by secondary plants for their emissions of scopes 1 and 2",
                    .method = SIM_METHOD_SUM},
};

/* Certificates that do not pay are given up after half a year and, on average, one more. */
enum { PURPOSE_THRESHOLD, LAPSE_DAYS = 365 };

struct holder {
    double threshold, hazard;
    int short_days; /* in which the certificate did not pay */
    bool certified;
};

struct certification {
    double premium, wanted, premium_sum, days; /* the nation */
    struct holder *holders;                    /* owned, one per plant; NULL in the nation */
    double sold_t, certified_t;                /* this month */
    double today_t, certified_t_day;           /* certified and sold: today, smoothed over 20 d */
    double all_today_t, all_t_day;             /* all product */
    double carbon_cny;                         /* this month */
};

static const S *params_of(const struct world *world)
{
    return world->params[COMPONENT_CERTIFICATION];
}

static struct certification *own(const struct place *place)
{
    return place->state[COMPONENT_CERTIFICATION];
}

static uint32_t entity_of(const struct place *place, int plant)
{
    return (uint32_t)COMPONENT_CERTIFICATION << 24 | (uint32_t)place->index << 16 | (uint32_t)plant;
}

/* ---- the market for certificates */

double certification_asked(const struct world *world, double part, double year, double value)
{
    const S *p = params_of(world);
    double more = fmin(1, p->reach * part) * (1 - exp(-value / p->value_scale));
    return fmin(1, part * sim_path_at(p->demand, year) + more);
}

double certification_clearing(double willing, double asked, double certified)
{
    if (asked <= 0)
        return 0;
    double scarcity = log(asked / fmax(certified, asked / 100));
    return willing * fmin(fmax(scarcity, 0), 3);
}

/* What a certificate is worth beyond buyers' own programmes, CNY/t. */
static double value_cny_t(const struct place *place, double year)
{
    const S *p = params_of(place->world);
    return sim_path_at(p->mutual_recognition, year) * sim_path_at(p->border_price, year) *
               p->verified_t_t +
           place->policy.carbon_price_cny_t * p->priced_t_t;
}

static void clear(struct certification *c, struct place *place)
{
    const S *p = params_of(place->world);
    double year = sim_year(sim_now(place->domain)), asked = 0, certified = 0, all = 0;
    for (int q = 0; q < PROVINCES; q++) {
        const struct board_certificates *slice = &place_board(place)->certificates[q];
        asked += slice->asked_t_day;
        certified += slice->certified_t_day;
        all += slice->all_t_day;
    }
    double willing = sim_path_at(p->willingness, year) + value_cny_t(place, year);
    double premium = year < p->start_year ? 0 : certification_clearing(willing, asked, certified);
    c->premium += (premium - c->premium) / p->premium_days;
    double wanted = certified > 0 ? fmin(1, asked / certified) : 1;
    c->wanted += (wanted - c->wanted) / p->premium_days;
    c->premium_sum += c->premium;
    c->days += 1;
    struct board_nation *today = &place_board_today(place)->nation;
    today->certificate_premium = c->premium;
    today->certificates_wanted = c->wanted;
    today->certified = all > 0 ? fmin(1, certified / all) : 0;
}

double certification_bonus(const struct place *place)
{
    return params_of(place->world)->preference * place_board(place)->nation.certified;
}

/* ---- plants */

/* What a certificate brings per t of alloy, on average over buyers who asked for it and others: the
 * premium, and less discount to primary-based alloy. */
static double gain_cny_t(const struct place *place, int alloy)
{
    const struct board *board = place_board(place);
    double discount = board->nation.alternative[alloy] - board->alloy[place->index][alloy].price;
    return board->nation.certificates_wanted *
           (board->nation.certificate_premium +
            params_of(place->world)->erosion * fmax(0, discount));
}

static void decide(const struct place *place, const struct plant *plant, struct holder *holder)
{
    const S *p = params_of(place->world);
    if (plant->capacity_t <= 0) {
        holder->certified = false;
        holder->hazard = 0;
        return;
    }
    double gain = gain_cny_t(place, plant->alloy);
    double cost = p->variable_cny_t + p->fixed_cny / fmax(plant->capacity_t / 2, 1);
    if (!holder->certified && gain > cost) {
        holder->hazard += fmin(gain / cost - 1, 3) / (365.25 * p->adoption_years);
        holder->certified = holder->hazard >= holder->threshold;
        holder->short_days = 0;
        return;
    }
    holder->short_days = gain < cost ? holder->short_days + 1 : 0;
    if (holder->certified && holder->short_days >= LAPSE_DAYS * (0.5 + holder->threshold)) {
        holder->certified = false;
        holder->hazard = 0;
    }
}

static void pay(struct place *place, struct plant *plant, double cny)
{
    int64_t fen = place_fen(cny);
    place_pay(place, ACCOUNT_CASH_PLANTS, ACCOUNT_SERVICES, fen);
    plant->cash -= fen;
    plant->margin_cny -= cny;
    plant->full_cny += cny;
}

static double asked_t_day(const struct place *place)
{
    const S *p = params_of(place->world);
    double year = sim_year(sim_now(place->domain)), value = value_cny_t(place, year), asked = 0;
    for (int s = 0; s < SECTORS; s++)
        asked += downstream_sector_t_day(place, s) *
                 certification_asked(place->world, p->share[s], year, value);
    return asked + downstream_exports_t_day(place) *
                       certification_asked(place->world, p->export_share, year, value);
}

static void day(struct certification *c, struct place *place)
{
    struct plants *plants = plants_of(place);
    bool open = sim_year(sim_now(place->domain)) >= params_of(place->world)->start_year;
    for (int i = 0; i < plants->count && open; i++) {
        if (c->holders[i].certified)
            pay(place, &plants->plant[i], params_of(place->world)->fixed_cny / 365.25);
        decide(place, &plants->plant[i], &c->holders[i]);
    }
    c->certified_t_day += (c->today_t - c->certified_t_day) / 20;
    c->all_t_day += (c->all_today_t - c->all_t_day) / 20;
    c->today_t = c->all_today_t = 0;
    place_board_today(place)->certificates[place->index] = (struct board_certificates){
        open ? asked_t_day(place) : 0, c->certified_t_day, c->all_t_day};
}

double certification_sell(struct place *place, uint32_t plant, double t)
{
    struct certification *c = own(place);
    if (!c || !c->holders)
        return 0;
    c->sold_t += t;
    c->all_today_t += t;
    if (!c->holders[plant].certified)
        return 0;
    c->certified_t += t;
    c->today_t += t;
    struct plant *seller = &plants_of(place)->plant[plant];
    double cost = t * params_of(place->world)->variable_cny_t;
    pay(place, seller, cost);
    return gain_cny_t(place, seller->alloy);
}

/* ---- the carbon price */

static double emitted_t_t(const struct place *place, double energy_factor)
{
    const struct emissions_params *e = emissions_params_of(place->world);
    return energy_factor *
           (emissions_gas(place->world, e->melt_gas_m3_t) +
            emissions_power(place, e->plant_kwh_t)) /
           1000;
}

static double monitoring_cny_t(const struct place *place, const struct plant *plant)
{
    return params_of(place->world)->monitoring_cny / fmax(plant->capacity_t / 2, 1000);
}

double certification_carbon_cny_t(const struct place *place, const struct plant *plant)
{
    double price = place->policy.carbon_price_cny_t;
    if (price <= 0)
        return 0;
    if (!plant)
        return price * emitted_t_t(place, 1);
    return price * emitted_t_t(place, plant->energy_factor) + monitoring_cny_t(place, plant);
}

void certification_charge(struct place *place, struct plant *plant, double t)
{
    double cost = certification_carbon_cny_t(place, plant);
    struct certification *c = own(place);
    if (cost <= 0 || !c)
        return;
    double monitoring = monitoring_cny_t(place, plant);
    int64_t state = place_fen(t * (cost - monitoring)), services = place_fen(t * monitoring);
    place_pay(place, ACCOUNT_CASH_PLANTS, ACCOUNT_STATE, state);
    place_pay(place, ACCOUNT_CASH_PLANTS, ACCOUNT_SERVICES, services);
    plant->cash -= state + services;
    plant->margin_cny -= t * cost;
    plant->full_cny += t * cost;
    c->carbon_cny += t * (cost - monitoring);
}

/* ---- the component */

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    struct place *place = place_of(domain);
    int kind = event->kind & 0xff;
    if (kind == KIND_CLEAR)
        clear(state, place);
    else if (kind == KIND_DAY)
        day(state, place);
    else
        return sim_fail(domain, SIM_MODEL, "certification: unknown event %u", event->kind);
    sim_schedule(domain, event->time + SIM_DAY, 8, event->kind, event->entity, NULL);
    return SIM_OK;
}

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    (void)world;
    struct place *place = place_of(domain);
    bool nation = place->index == NATION;
    const struct plants *plants = plants_of(place);
    if (!nation && !plants)
        return SIM_OK; /* a model without smelters */
    struct certification *c = calloc(1, sizeof *c);
    *state = c;
    if (!c)
        return SIM_MEMORY;
    if (!nation) {
        c->holders = calloc((size_t)plants->capacity + 1, sizeof *c->holders);
        if (!c->holders)
            return SIM_MEMORY;
        for (int i = 0; i < plants->capacity; i++) {
            struct sim_stream stream =
                sim_stream_at(domain, entity_of(place, i), PURPOSE_THRESHOLD, 0);
            c->holders[i].threshold = sim_exponential_inverse(&stream);
        }
    }
    sim_schedule(domain, sim_now(domain) + (nation ? 17 : 21) * SIM_HOUR, 8,
                 (uint16_t)EVENT(COMPONENT_CERTIFICATION, nation ? KIND_CLEAR : KIND_DAY),
                 entity_of(place, 0), NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct certification *c = state;
    if (place_of(domain)->index == NATION) {
        if (c->days > 0)
            sim_sample_set(sample, OUT_PREMIUM, 0, c->premium_sum / c->days);
        c->premium_sum = c->days = 0;
        return;
    }
    if (c->sold_t > 0)
        sim_sample_mean(sample, OUT_SHARE, 0, c->certified_t / c->sold_t, c->sold_t);
    sim_sample_add(sample, OUT_CARBON, 0, c->carbon_cny);
    c->sold_t = c->certified_t = c->carbon_cny = 0;
}

static void destroy(void *state)
{
    struct certification *c = state;
    if (c)
        free(c->holders);
    free(c);
}

const struct sim_component certification_component = {
    .name = "certification",
    .doc = "certificates of low-carbon alloy, and the carbon price on secondary plants",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(S),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .destroy = destroy,
};
