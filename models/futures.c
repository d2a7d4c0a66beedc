/* The nation quotes the traded contract once a day (Working 1949: carry and convenience yield):
 *
 *   F = S exp((rate + storage / S - yield) T) - noise      basis = S - F
 *   yield = gain * -clip(ln(stock cover / normal cover), -1, 1)
 *
 * S is the capacity-weighted spot price of ADC12, T the time to the 15th of the first month that
 * is at least roll_days away, noise an Ornstein-Uhlenbeck process.
 *
 * Plants weigh mean against variance (Johnson 1960; Ederington 1979): per t of product a hedge h
 * is worth a v (e h - h^2 / 2) - cost h, with risk aversion a, variance v of the price between
 * buying scrap and selling alloy, and effectiveness e. A plant for which the best h is worth more
 * than a trading desk adopts after a while; the desk's cost per t is why small plants stay out.
 * Positions are marked to market daily, in cash, against an account outside the chain. */
#include "futures.h"

#include "plants.h"

#include <math.h>
#include <stdlib.h>

struct futures_params {
    double rate, storage_cny_t, yield_gain, normal_days, roll_days, noise_cny_t, noise_days;
    double aversion, aversion_sigma, effectiveness, turn_days, margin, fee_cny_t, desk_cny;
    double volatility, volatility_days, adoption_years, build_days;
    double risk_part, brand_cny_t, information;
};

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct futures_params, FIELD, "futures." #FIELD, UNIT, VALUE, MIN, MAX, LOW,    \
                   HIGH, SOURCE, DOC)

static const struct sim_param params[] = {
    ROW(rate, "1/yr", 0.035, 0, 0.3, 0.025, 0.05, "expert: loan prime rate of 2025",
        "interest in the cost of carry and on margin deposits"),
    ROW(storage_cny_t, "CNY/t/d", 0.6, 0, 10, 0.4, 1, "expert: exchange warehouses",
        "storage of ingot"),
    ROW(yield_gain, "1/yr", 0.1, 0, 2, 0.05, 0.2, "expert",
        "convenience yield at stocks that are normal over e"),
    ROW(normal_days, "d", 8, 0.5, 100, 5, 12, "derived: smelters.finished_days",
        "stock over orders at which the yield is zero"),
    ROW(roll_days, "d", 30, 1, 300, 20, 60, "expert",
        "least time to delivery of the contract that is traded"),
    ROW(noise_cny_t, "CNY/t", 120, 0, 2000, 60, 200, "expert",
        "stationary standard deviation of the basis beyond carry and yield"),
    ROW(noise_days, "d", 15, 1, 300, 8, 30, "expert", "time of the basis' mean reversion"),
    ROW(aversion, "t/CNY", 3e-4, 0, 0.1, 1e-4, 6e-4,
        "derived: half of rho as the price of inventory risk", "median risk aversion of plants"),
    ROW(aversion_sigma, "1", 0.5, 0, 2, 0.3, 0.8, "expert",
        "standard deviation of ln risk aversion over plants"),
    ROW(effectiveness, "1", 0.8, 0, 1, 0.6, 0.9, "expert: R2 of scrap and alloy on the contract",
        "part of the variance that a full hedge can remove"),
    ROW(turn_days, "d", 18, 1, 120, 12, 30, "derived: feed and finished stock of smelters",
        "from buying scrap to selling its alloy"),
    ROW(margin, "1", 0.12, 0, 1, 0.07, 0.15, "SHFE: 9 % and more, with a reserve; expert",
        "deposit over the position's value"),
    ROW(fee_cny_t, "CNY/t", 3, 0, 100, 1, 6, "expert", "fees and slippage per t hedged"),
    ROW(desk_cny, "CNY/yr", 1.5e6, 0, 1e8, 8e5, 3e6, "expert: two traders, systems, control",
        "cost of a plant's trading desk"),
    ROW(volatility, "1", 0.011, 0, 0.1, 0.008, 0.014, "primary.daily_sd",
        "standard deviation of a day's change of ln A00 that plants expect at the start"),
    ROW(volatility_days, "d", 120, 5, 2000, 60, 250, "expert",
        "over which plants measure volatility"),
    ROW(adoption_years, "yr", 1.5, 0.02, 20, 1, 2, "expert",
        "mean time until a plant that gains as much as its desk costs has set it up"),
    ROW(build_days, "d", 90, 1, 2000, 30, 180, "expert", "time in which a new desk builds hedges"),
    ROW(risk_part, "1", 0.4, 0, 1, 0.2, 0.6, "expert",
        "part of the charge for risk that is price risk"),
    ROW(brand_cny_t, "CNY/t", 30, 0, 1000, 10, 60, "expert; RMI and CMRA 2025 (brand premium)",
        "premium of ingot of a registered brand"),
    ROW(information, "1", 0.6, 0, 0.95, 0.3, 0.8, "expert",
        "part of collectors' delay that a public quotation removes when all plants price by it"),
};
SIM_PARAMS_COVER(params, struct futures_params);

enum { KIND_QUOTE, KIND_SETTLE };

static const struct sim_kind kinds[] = {
    [KIND_QUOTE] = {"futures_quote", "the exchange quotes the traded contract"},
    [KIND_SETTLE] = {"futures_settle", "a province's hedges are marked to market and adjusted"},
};

enum { OUT_PRICE, OUT_BASIS, OUT_HEDGED, OUT_GAIN };

static const struct sim_output outputs[] = {
    [OUT_PRICE] = {.name = "futures_price",
                   .unit = "CNY/t",
                   .long_name = "traded contract of cast alloy without VAT, mean of listed days",
                   .method = SIM_METHOD_MEAN,
                   .reduce = SIM_REDUCE_SET},
    [OUT_BASIS] = {.name = "futures_basis",
                   .unit = "CNY/t",
                   .long_name = "spot price of ADC12 less the traded contract, without VAT",
                   .method = SIM_METHOD_MEAN,
                   .reduce = SIM_REDUCE_SET},
    [OUT_HEDGED] = {.name = "futures_hedged_share",
                    .unit = "1",
                    .long_name = "share of plants' stock of ADC12 and its scrap that is hedged, by "
                                 "capacity",
                    .method = SIM_METHOD_MEAN,
                    .reduce = SIM_REDUCE_MEAN},
    [OUT_GAIN] = {.name = "futures_gain",
                  .unit = "CNY",
                  .long_name = "paid to plants by their futures, without fees",
                  .method = SIM_METHOD_SUM},
};

enum { PURPOSE_BASIS, PURPOSE_AVERSION, PURPOSE_THRESHOLD };

struct hedger {
    double aversion, threshold, hazard; /* threshold of adoption, exponential of mean 1 */
    double ratio, position_t;
    bool adopted;
};

struct futures {
    /* the nation */
    bool listed;
    int contract; /* month of delivery of the one quoted last */
    double noise, price, basis_sum, price_sum, days;
    /* a province */
    struct hedger *hedgers; /* owned, one per plant; NULL in the nation */
    double variance, a00;   /* of a day's change of ln A00; the last A00 */
    double gain;            /* this month, CNY */
};

static const struct futures_params *params_of(const struct world *world)
{
    return world->params[COMPONENT_FUTURES];
}

static uint32_t entity_of(const struct place *place, int plant)
{
    return (uint32_t)COMPONENT_FUTURES << 24 | (uint32_t)place->index << 16 | (uint32_t)plant;
}

static double clip(double x, double low, double high)
{
    return fmin(fmax(x, low), high);
}

double futures_fair(const struct world *world, double spot, double cover, double days, double noise)
{
    const struct futures_params *p = params_of(world);
    double yield = -p->yield_gain * clip(log(fmax(cover, 1e-9) / p->normal_days), -1, 1);
    double carry = p->rate + p->storage_cny_t * 365 / spot - yield;
    return spot * exp(carry * days / 365) - noise;
}

double futures_hedge(const struct world *world, double scale, double cost, double *value)
{
    double best = scale > 0 ? fmax(0, params_of(world)->effectiveness - cost / scale) : 0;
    *value = scale * best * best / 2;
    return best;
}

double futures_risk_factor(const struct place *place, int alloy)
{
    return 1 - params_of(place->world)->risk_part *
                   place_board(place)->alloy[place->index][alloy].hedged;
}

double futures_brand_cny_t(const struct place *place, uint32_t plant)
{
    const struct futures *f = place->state[COMPONENT_FUTURES];
    if (!f || !f->hedgers || !f->hedgers[plant].adopted || place_board(place)->nation.futures <= 0)
        return 0;
    bool large = plants_of(place)->plant[plant].size == SIZE_LARGE;
    return large ? params_of(place->world)->brand_cny_t : 0;
}

double futures_known_days(const struct place *place, double days)
{
    return days * (1 - params_of(place->world)->information * place_board(place)->nation.hedged);
}

/* ---- the exchange */

static double days_to(int month, int64_t now)
{
    return (double)(sim_month_start(month) + 14 * SIM_DAY - now) / (double)SIM_DAY;
}

static int traded(const struct world *world, int64_t now)
{
    int month = sim_month_index(now);
    while (days_to(month, now) < params_of(world)->roll_days)
        month++;
    return month;
}

/* An exact step of a day of the noise (Gillespie 1996, eq. 1.9). */
static double next_noise(const struct place *place, double noise)
{
    const struct futures_params *p = params_of(place->world);
    struct sim_stream stream = sim_stream_at(place->domain, entity_of(place, 0), PURPOSE_BASIS,
                                             (uint64_t)world_day(sim_now(place->domain)));
    double decay = exp(-1 / p->noise_days);
    return noise * decay + p->noise_cny_t * sqrt(1 - decay * decay) * sim_normal_inverse(&stream);
}

struct spot {
    double price, cover, hedged; /* CNY/t; days; share of capacity */
};

static struct spot look(const struct place *place)
{
    double capacity = 0, price = 0, hedged = 0, stock = 0, orders = 0;
    for (int q = 0; q < PROVINCES; q++) {
        const struct board_alloy *slice = &place_board(place)->alloy[q][ALLOY_ADC12];
        capacity += slice->capacity;
        price += slice->capacity * slice->price;
        hedged += slice->capacity * slice->hedged;
        stock += slice->stock;
        orders += slice->orders;
    }
    if (capacity <= 0)
        return (struct spot){.price = place_board(place)->nation.alternative[ALLOY_ADC12]};
    return (struct spot){price / capacity, stock / (orders + 1e-9), hedged / capacity};
}

static void quote(struct futures *f, struct place *place)
{
    struct board_nation *today = &place_board_today(place)->nation;
    int64_t now = sim_now(place->domain);
    today->futures = today->futures_move = today->hedged = 0;
    if (!place->policy.futures) {
        f->listed = false;
        return;
    }
    struct spot spot = look(place);
    f->noise = f->listed ? next_noise(place, f->noise) : 0;
    int front = traded(place->world, now);
    double price =
        futures_fair(place->world, spot.price, spot.cover, days_to(front, now), f->noise);
    if (f->listed) /* who holds yesterday's contract earns its own change */
        today->futures_move = futures_fair(place->world, spot.price, spot.cover,
                                           days_to(f->contract, now), f->noise) -
                              f->price;
    today->futures = price;
    today->hedged = spot.hedged;
    f->listed = true;
    f->contract = front;
    f->price = price;
    f->days += 1;
    f->price_sum += price;
    f->basis_sum += spot.price - price;
}

/* ---- plants */

static void pay(struct place *place, struct plant *plant, double cny)
{
    int64_t fen = place_fen(cny);
    place_pay(place, ACCOUNT_SERVICES, ACCOUNT_CASH_PLANTS, fen);
    plant->cash += fen;
    plant->margin_cny += cny;
}

static double exposed_t(const struct plant *plant)
{
    double t = lot_tonnes(&plant->finished);
    for (int c = 0; c < FEEDS; c++)
        t += lot_tonnes(&plant->feed[c]);
    for (int h = 0; h < PLANT_HEATS; h++)
        t += lot_tonnes(&plant->heats[h].charge);
    return t;
}

/* Deposit and fees per t of product; a desk's cost per t of what a half-used plant makes. */
static double running_cny_t(const struct futures_params *p, double price)
{
    return p->margin * price * p->rate * p->turn_days / 365 + p->fee_cny_t;
}

static void decide(const struct futures *f, const struct place *place, const struct plant *plant,
                   struct hedger *hedger, double price)
{
    const struct futures_params *p = params_of(place->world);
    double scale = hedger->aversion * f->variance * price * price * p->turn_days, value;
    double best = futures_hedge(place->world, scale, running_cny_t(p, price), &value);
    double desk = p->desk_cny / fmax(plant->capacity_t / 2, 1);
    if (plant->capacity_t <= 0)
        value = best = 0;
    if (!hedger->adopted && value > desk) {
        hedger->hazard += fmin(value / (desk + 1e-9), 3) / (365.25 * p->adoption_years);
        hedger->adopted = hedger->hazard >= hedger->threshold;
    }
    hedger->adopted = hedger->adopted && value > desk / 2; /* a desk in place is given up late */
    double target = hedger->adopted ? best : 0;
    hedger->ratio += (target - hedger->ratio) / p->build_days;
}

static void settle_plant(struct futures *f, struct place *place, struct plant *plant,
                         struct hedger *hedger)
{
    const struct futures_params *p = params_of(place->world);
    const struct board_nation *nation = &place_board(place)->nation;
    double gain = -hedger->position_t * nation->futures_move;
    double cost = hedger->position_t * running_cny_t(p, nation->futures) / p->turn_days +
                  (hedger->adopted ? p->desk_cny / 365.25 : 0);
    if (gain != 0 || cost != 0)
        pay(place, plant, gain - cost);
    plant->full_cny += cost;
    f->gain += gain;
    decide(f, place, plant, hedger, nation->futures);
    hedger->position_t = hedger->ratio * exposed_t(plant);
}

static void settle(struct futures *f, struct place *place)
{
    const struct futures_params *p = params_of(place->world);
    const struct board_nation *nation = &place_board(place)->nation;
    struct plants *plants = plants_of(place);
    double change = f->a00 > 0 ? log(nation->a00 / f->a00) : p->volatility;
    f->a00 = nation->a00;
    f->variance += (change * change - f->variance) / p->volatility_days;
    double capacity = 0, hedged = 0;
    for (int i = 0; i < plants->count; i++) {
        struct plant *plant = &plants->plant[i];
        struct hedger *hedger = &f->hedgers[i];
        if (plant->alloy != ALLOY_ADC12)
            continue;
        if (nation->futures > 0) {
            settle_plant(f, place, plant, hedger);
        } else { /* not listed, or not any more: positions have expired */
            hedger->ratio = hedger->position_t = hedger->hazard = 0;
            hedger->adopted = false;
        }
        capacity += plant->capacity_t;
        hedged += plant->capacity_t * hedger->ratio;
    }
    place_board_today(place)->alloy[place->index][ALLOY_ADC12].hedged =
        capacity > 0 ? hedged / capacity : 0;
}

/* ---- the component */

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    struct place *place = place_of(domain);
    int kind = event->kind & 0xff;
    if (kind == KIND_QUOTE)
        quote(state, place);
    else if (kind == KIND_SETTLE)
        settle(state, place);
    else
        return sim_fail(domain, SIM_MODEL, "futures: unknown event %u", event->kind);
    sim_schedule(domain, event->time + SIM_DAY, 8, event->kind, event->entity, NULL);
    return SIM_OK;
}

static void draw(struct futures *f, const struct place *place, int count)
{
    const struct futures_params *p = params_of(place->world);
    for (int i = 0; i < count; i++) {
        uint32_t entity = entity_of(place, i);
        struct sim_stream averse = sim_stream_at(place->domain, entity, PURPOSE_AVERSION, 0);
        struct sim_stream when = sim_stream_at(place->domain, entity, PURPOSE_THRESHOLD, 0);
        f->hedgers[i] = (struct hedger){
            .aversion = p->aversion * exp(p->aversion_sigma * sim_normal_inverse(&averse)),
            .threshold = sim_exponential_inverse(&when)};
    }
}

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    (void)world;
    struct place *place = place_of(domain);
    bool nation = place->index == NATION;
    const struct plants *plants = plants_of(place);
    if (!nation && !plants)
        return SIM_OK; /* a model without smelters */
    struct futures *f = calloc(1, sizeof *f);
    *state = f;
    if (!f)
        return SIM_MEMORY;
    if (!nation) {
        f->hedgers = calloc((size_t)plants->capacity + 1, sizeof *f->hedgers);
        if (!f->hedgers)
            return SIM_MEMORY;
        f->variance = params_of(place->world)->volatility * params_of(place->world)->volatility;
        draw(f, place, plants->capacity);
    }
    sim_schedule(domain, sim_now(domain) + (nation ? 16 : 20) * SIM_HOUR, 8,
                 (uint16_t)EVENT(COMPONENT_FUTURES, nation ? KIND_QUOTE : KIND_SETTLE),
                 entity_of(place, 0), NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct place *place = place_of(domain);
    struct futures *f = state;
    if (place->index == NATION) {
        if (f->days > 0) {
            sim_sample_set(sample, OUT_PRICE, 0, f->price_sum / f->days);
            sim_sample_set(sample, OUT_BASIS, 0, f->basis_sum / f->days);
        }
        f->days = f->price_sum = f->basis_sum = 0;
        return;
    }
    const struct plants *plants = plants_of(place);
    for (int i = 0; i < plants->count; i++) {
        const struct plant *plant = &plants->plant[i];
        if (plant->alloy == ALLOY_ADC12 && plant->capacity_t > 0)
            sim_sample_mean(sample, OUT_HEDGED, 0, f->hedgers[i].ratio, plant->capacity_t);
    }
    sim_sample_add(sample, OUT_GAIN, 0, f->gain);
    f->gain = 0;
}

static void destroy(void *state)
{
    struct futures *f = state;
    if (f)
        free(f->hedgers);
    free(f);
}

const struct sim_component futures_component = {
    .name = "futures",
    .doc = "the futures contract of cast alloy, and who hedges with it",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct futures_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .destroy = destroy,
};
