/* Tier 1, informal collectors. Discards become pick-ups of one truck each, which are paid at a
 * discount on the last hub price that collectors know, and lie in yards until full trucks leave
 * for the hub.
 *
 *   collected = discards * recovery * effort(t) * min(ceiling, (known price /
 * reference)^elasticity) released  = stock / dwell * exp(-speculation * momentum of the hub price)
 */
#include "collectors.h"

#include "clock.h"
#include "closed_loop.h"
#include "emissions.h"
#include "futures.h"
#include "hubs.h"
#include "market.h"
#include "stock.h"

#include <math.h>
#include <stdlib.h>

struct collectors_params {
    double discount;               /* under the known hub price */
    double lag_days;               /* of what collectors know */
    double elasticity;             /* of collection to the price */
    double ceiling;                /* of the price response */
    double reference_cny;          /* reference price of mid-2024, CNY/t recoverable */
    double wage_growth;            /* of the reference, per year */
    double dwell_days;             /* of scrap in yards */
    double speculation;            /* days of momentum by which releases are held back */
    double truck_t;                /* gross t of a collector's truck */
    double distance_km;            /* of collection rounds */
    const struct sim_path *effort; /* recovery over that of 2024 */
};

/* The stock model yields 5.0 Mt for 2020, where 5.3 Mt were recycled; 2024 is the reference. */
static const double effort_years[] = {2020.5, 2024.5}, effort_values[] = {1.12, 1};
static const struct sim_path effort = {SIM_LINEAR, 2, effort_years, effort_values};

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct collectors_params, FIELD, "collectors." #FIELD, UNIT, VALUE, MIN, MAX,   \
                   LOW, HIGH, SOURCE, DOC)

static const struct sim_param params[] = {
    ROW(discount, "1", 0.125, 0, 0.5, 0.10, 0.15, "RMI and CMRA 2025",
        "what collectors pay under the hub price that they know"),
    ROW(lag_days, "d", 14, 1, 28, 7, 21, "expert", "age of the hub price that collectors know"),
    ROW(elasticity, "1", 0.25, 0, 2, 0.15, 0.4, "expert",
        "elasticity of collection to the price paid"),
    ROW(ceiling, "1", 1.18, 1, 2, 1.1, 1.25, "expert", "largest factor of the price response"),
    ROW(reference_cny, "CNY/t", 16130, 1000, 50000, 15000, 17000,
        "derived: 0.915 x A00 without VAT of mid-2024",
        "hub price of mid-2024 at which collection is normal, per recoverable tonne"),
    ROW(wage_growth, "1/yr", 0.035, -0.1, 0.2, 0.02, 0.05, "expert",
        "growth of the reference price, like wages"),
    ROW(dwell_days, "d", 15, 1, 120, 10, 25, "expert", "mean stay of scrap in a yard"),
    ROW(speculation, "d", 20, 0, 200, 0, 40, "expert",
        "days of price momentum by which releases are held back or hurried"),
    ROW(truck_t, "t", 10, 1, 40, 5, 15, "expert", "gross mass of a collector's truck"),
    ROW(distance_km, "km", 60, 1, 1000, 30, 120, "expert", "road of a truck load until the hub"),
    SIM_PARAM_PATH(struct collectors_params, effort, "collectors.effort", "1", 0, &effort, 0.2, 2,
                   0.9, 1.25, "calibrated: old scrap of 2020 and 2024",
                   "recovery at normal prices over that of 2024"),
};
SIM_PARAMS_COVER(params, struct collectors_params);

enum { KIND_PICKUP, KIND_DAY };

static const struct sim_kind kinds[] = {
    [KIND_PICKUP] = {"collector_pickup", "a truck load of a grade reaches a collectors' yard"},
    [KIND_DAY] = {"collector_day", "rates of the day, and trucks that leave the yards"},
};

enum { OUT_COLLECTED, OUT_BY_SECTOR, OUT_PROVINCE };

static const struct sim_output outputs[] = {
    [OUT_COLLECTED] = {.name = "old_scrap_collected",
                       .unit = "t",
                       .long_name = "old scrap received from informal collectors, metal",
                       .method = SIM_METHOD_SUM},
    [OUT_BY_SECTOR] = {.name = "old_scrap_by_sector",
                       .unit = "t",
                       .long_name = "old scrap received from informal collectors, metal, by origin",
                       .dims = {&labels_sector},
                       .method = SIM_METHOD_SUM},
    [OUT_PROVINCE] = {.name = "scrap_collected_by_province",
                      .unit = "t",
                      .long_name = "old scrap received from informal collectors, metal",
                      .dims = {&labels_province},
                      .method = SIM_METHOD_SUM,
                      .axis = SIM_AXIS_DETAIL},
};

enum { KNOWN_DAYS = 32, PURPOSE_PICKUP = 0, PURPOSE_CONTENT = 1 };

struct collectors {
    struct lot yard[GRADES];
    struct clock pickup[GRADES];
    double sector_rate[GRADES][SECTORS]; /* t metal a day, today */
    double known[KNOWN_DAYS][GRADES];    /* hub price by day, ring */
    double released_t[GRADES];           /* not yet on a truck */
    uint64_t trucks[GRADES];             /* sent so far */
    int64_t cash;
    double month_metal, month_sector[SECTORS];
    double month_volume[GRADES], month_turnover[GRADES]; /* t recoverable, CNY */
};

static const struct collectors_params *params_of(const struct place *place)
{
    return place->world->params[COMPONENT_COLLECTORS];
}

static double known_price(const struct collectors *c, const struct place *place, int grade)
{
    double lag = futures_known_days(place, params_of(place)->lag_days);
    int day = world_day(sim_now(place->domain)) - (int)lag;
    return c->known[(day + KNOWN_DAYS * 100) % KNOWN_DAYS][grade];
}

double collectors_offer(const struct place *place, int grade)
{
    return known_price(place->state[COMPONENT_COLLECTORS], place, grade) *
           (1 - params_of(place)->discount);
}

/* Price response of collection; wage: over that of mid-2024. The reference is of mixed scrap; a
 * grade's is in proportion. */
static double response(const struct collectors *c, const struct place *place, int grade,
                       double wage)
{
    const struct collectors_params *p = params_of(place);
    double relative = place->world->feed[grade].price_ratio / 0.915;
    double reference = p->reference_cny * relative * wage;
    return fmin(p->ceiling, pow(known_price(c, place, grade) / reference, p->elasticity));
}

static double truck_metal_t(const struct place *place, int grade)
{
    return params_of(place)->truck_t * (1 - place->world->feed[grade].nonmetal);
}

/* What all grades of a day share. */
struct collectors_day {
    double wage;               /* over that of mid-2024 */
    double recovered[SECTORS]; /* t metal a day that this province would collect at reference */
};

static struct collectors_day this_day(const struct place *place)
{
    const struct world *world = place->world;
    const struct collectors_params *p = params_of(place);
    double year = sim_year(sim_now(place->domain));
    double here = world->province[place->index].old_scrap_share *
                  world->season[SEASON_COLLECTION][world_day(sim_now(place->domain))] *
                  sim_path_at(p->effort, year) * place->policy.activity * place->policy.collection;
    struct collectors_day today = {.wage = exp(p->wage_growth * (year - 2024.5))};
    for (int s = 0; s < SECTORS; s++)
        today.recovered[s] =
            here * place_board(place)->nation.discards[s] * stock_recovery(world, s, year);
    return today;
}

/* Today's rates of a grade from yesterday's board. */
static void set_rates(struct collectors *c, struct place *place, int grade,
                      const struct collectors_day *today)
{
    const struct world *world = place->world;
    double answer = response(c, place, grade, today->wage), rate = 0;
    for (int s = 0; s < SECTORS; s++) {
        double t = today->recovered[s] * world->sector_grade[s][grade] * answer *
                   (1 - closed_loop_share_old(place, s, grade));
        c->sector_rate[grade][s] = t;
        rate += t;
    }
    double trucks = rate / truck_metal_t(place, grade);
    clock_set(&c->pickup[grade], place->domain, trucks, world_trucks(world, trucks));
}

/* A truck load with contents drawn around the grade's mean (relative sd of scrap_classes.tsv; the
 * mean of `batch` loads has its sd divided by the root). */
static struct lot pickup_lot(struct place *place, int grade, int batch, uint64_t number,
                             uint32_t entity)
{
    const struct world_grade *class = &place->world->feed[grade];
    struct sim_stream stream = sim_stream_at(place->domain, entity, PURPOSE_CONTENT, number);
    double composition[ELEMENTS], scale = class->relative_sd / sqrt(batch);
    for (int e = 0; e < ELEMENTS; e++)
        composition[e] = class->composition[e] * fmax(0, 1 + scale * sim_normal_inverse(&stream));
    double metal_t = batch * truck_metal_t(place, grade);
    struct lot lot = lot_make(llround(metal_t * (double)TONNE), composition, class->nonmetal);
    lot.load = (uint16_t)grade;
    lot.trucks = (uint16_t)batch;
    lot.serial = number;
    return lot;
}

static enum sim_status on_pickup(struct collectors *c, struct place *place, uint32_t entity)
{
    int grade = (int)(entity & 0xff), batch;
    uint64_t number;
    struct clock *clock = &c->pickup[grade];
    if (!clock_arrival(clock, place->domain, world_trucks(place->world, clock->rate), &batch,
                       &number))
        return SIM_OK;
    struct lot lot = pickup_lot(place, grade, batch, number, entity);
    double recoverable = market_recoverable_t(place->world, grade, &lot);
    double price = known_price(c, place, grade) * (1 - params_of(place)->discount);
    lot.value = place_fen(recoverable * price);
    place_enter(place, ACCOUNT_IN_USE, ACCOUNT_YARD, &lot);
    place_pay(place, ACCOUNT_CASH_COLLECTORS, ACCOUNT_IN_USE, lot.value);
    c->cash -= lot.value;
    lot_add(&c->yard[grade], &lot);
    c->month_volume[grade] += recoverable;
    c->month_turnover[grade] += recoverable * price;
    return SIM_OK;
}

static void send_truck(struct collectors *c, struct place *place, int grade, int64_t metal,
                       int trucks)
{
    const struct collectors_params *p = params_of(place);
    struct lot lot = lot_take(&c->yard[grade], metal);
    int64_t book = lot.value;
    lot.load = (uint16_t)grade;
    lot.tier = TIER_COLLECTOR;
    lot.origin = (uint16_t)place->index;
    lot.trucks = (uint16_t)trucks;
    lot.serial = ++c->trucks[grade];
    lot.value = hubs_offer(place, grade, &lot);
    place_move(place, ACCOUNT_YARD, ACCOUNT_MOTION, &lot);
    place_emit(place, &lot, ACCOUNT_MOTION, SCOPE_3,
               (double)lot.gross / (double)TONNE * p->distance_km *
                   emissions_params_of(place->world)->truck_kg_tkm);
    double rate = 0;
    for (int s = 0; s < SECTORS; s++)
        rate += c->sector_rate[grade][s];
    double t = lot_tonnes(&lot);
    c->month_metal += t;
    for (int s = 0; s < SECTORS && rate > 0; s++)
        c->month_sector[s] += t * c->sector_rate[grade][s] / rate;
    /* What the hub pays over the book value is the collectors' work and transport. */
    place_pay(place, ACCOUNT_CASH_COLLECTORS, ACCOUNT_SERVICES, lot.value - book);
    c->cash -= lot.value - book;
    /* The hub pays when the truck stands on its scales; it is the seller's claim until then. */
    place_pay(place, ACCOUNT_CLEARING, ACCOUNT_CASH_COLLECTORS, lot.value);
    c->cash += lot.value;
    struct sim_stream stream =
        sim_stream_at(place->domain, COMPONENT_COLLECTORS << 24 | (uint32_t)(1 << 16 | grade),
                      PURPOSE_CONTENT, lot.serial);
    int64_t drive = (int64_t)((2 + 8 * sim_uniform(&stream)) * (double)SIM_HOUR);
    place_schedule(place, sim_now(place->domain) + drive, EVENT_HUB_TRUCK, (uint32_t)grade, NULL,
                   &lot);
}

static void release(struct collectors *c, struct place *place, int grade, double momentum)
{
    const struct collectors_params *p = params_of(place);
    double held = lot_tonnes(&c->yard[grade]);
    double share = exp(-p->speculation * momentum) / p->dwell_days;
    c->released_t[grade] =
        fmin(held, c->released_t[grade] + held * fmin(share, 0.5) * place->policy.activity);
    double truck = truck_metal_t(place, grade);
    int batch = world_trucks(place->world, held / p->dwell_days / truck);
    while (c->released_t[grade] >= batch * truck) {
        send_truck(c, place, grade, llround(batch * truck * (double)TONNE), batch);
        c->released_t[grade] -= batch * truck;
    }
}

static enum sim_status on_day(struct collectors *c, struct place *place)
{
    int day = world_day(sim_now(place->domain));
    const struct board_holder *hub = &place_board(place)->holder[place->index][TIER_HUB - 1];
    const struct collectors_day today = this_day(place);
    for (int g = 0; g < GRADES; g++) {
        double before = c->known[(day - 1 + KNOWN_DAYS * 100) % KNOWN_DAYS][g];
        c->known[day % KNOWN_DAYS][g] = hub->price[g];
        set_rates(c, place, g, &today);
        /* Momentum as collectors see it: change over the last three weeks, per day. */
        double past = c->known[(day - 20 + KNOWN_DAYS * 100) % KNOWN_DAYS][g];
        double momentum = log(hub->price[g] / (past > 0 ? past : before)) / 20;
        release(c, place, g, momentum);
    }
    sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 4,
                 EVENT(COMPONENT_COLLECTORS, KIND_DAY), 0, NULL);
    return SIM_OK;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    struct place *place = place_of(domain);
    switch (event->kind & 0xff) {
    case KIND_PICKUP:
        return on_pickup(state, place, event->entity);
    case KIND_DAY:
        return on_day(state, place);
    default:
        return sim_fail(domain, SIM_MODEL, "collectors: unknown event %u", event->kind);
    }
}

/* Yards start with `dwell_days` of normal collection. */
static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION)
        return SIM_OK;
    struct collectors *c = calloc(1, sizeof *c);
    if (!c)
        return SIM_MEMORY;
    *state = c;
    const struct board_holder *hub = &place_board(place)->holder[place->index][TIER_HUB - 1];
    for (int g = 0; g < GRADES; g++) {
        for (int d = 0; d < KNOWN_DAYS; d++)
            c->known[d][g] = hub->price[g];
        uint32_t entity = COMPONENT_COLLECTORS << 24 | (uint32_t)(place->index << 8 | g);
        clock_init(&c->pickup[g], domain, EVENT(COMPONENT_COLLECTORS, KIND_PICKUP), entity,
                   PURPOSE_PICKUP);
        double rate = 0;
        for (int s = 0; s < SECTORS; s++)
            rate += place_board(place)->nation.discards[s] *
                    place->world->province[place->index].old_scrap_share *
                    place->world->sector_grade[s][g] *
                    stock_recovery(place->world, s, WORLD_FIRST_YEAR);
        const struct world_grade *class = &place->world->feed[g];
        c->yard[g] = lot_make(llround(rate * params_of(place)->dwell_days * (double)TONNE),
                              class->composition, class->nonmetal);
        c->yard[g].value = place_fen(market_recoverable_t(place->world, g, &c->yard[g]) *
                                     hub->price[g] * (1 - params_of(place)->discount));
        place_move(place, ACCOUNT_IN_USE, ACCOUNT_YARD, &c->yard[g]);
    }
    sim_schedule(domain, 5 * SIM_HOUR, 4, EVENT(COMPONENT_COLLECTORS, KIND_DAY), 0, NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct collectors *c = state;
    struct place *place = place_of(domain);
    sim_sample_add(sample, OUT_COLLECTED, 0, c->month_metal);
    sim_sample_add(sample, OUT_PROVINCE, (size_t)place->index, c->month_metal);
    c->month_metal = 0;
    for (int s = 0; s < SECTORS; s++) {
        sim_sample_add(sample, OUT_BY_SECTOR, (size_t)s, c->month_sector[s]);
        c->month_sector[s] = 0;
    }
    double held = 0;
    for (int g = 0; g < GRADES; g++) {
        if (c->month_volume[g] > 0)
            market_sample_price(place, sample, TIER_COLLECTOR, g,
                                c->month_turnover[g] / c->month_volume[g], c->month_volume[g]);
        c->month_volume[g] = c->month_turnover[g] = 0;
        held += lot_tonnes(&c->yard[g]);
    }
    hubs_sample_inventory(sample, TIER_COLLECTOR, held);
}

static void audit(const struct sim_domain *domain, const void *state, int64_t *counted)
{
    (void)domain;
    const struct collectors *c = state;
    for (int g = 0; g < GRADES; g++) {
        for (int q = 0; q < LOT_QUANTITIES; q++)
            counted[ACCOUNT_YARD * QUANTITIES + q] += c->yard[g].q[q];
    }
    counted[ACCOUNT_CASH_COLLECTORS * QUANTITIES + LOT_MONEY] += c->cash;
}

const struct sim_component collectors_component = {
    .name = "collectors",
    .doc = "tier 1: informal collectors and their yards",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct collectors_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .audit = audit,
    .destroy = free,
};
