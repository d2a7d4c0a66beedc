/* Tier 3, sorting centres: lines that take attachments and foreign alloys out of four grades. A
 * centre buys from its own hub while the premium for sorted scrap pays the work and the losses; the
 * premium itself comes from what the cleaner metal saves in recipes. */
#include "sorting.h"

#include "../sim/pool.h"
#include "../sim/station.h"
#include "hubs.h"
#include "market.h"

#include <math.h>
#include <stdlib.h>

struct sorting_params {
    double recovery;       /* of metal in the target stream */
    double reject;         /* of metal that goes back as shredded scrap; the rest is lost */
    double cost_cny_t;     /* work and depreciation, per gross t */
    double throughput_t_h; /* gross t per hour of a line */
    double hours;          /* of work a day */
    double share;          /* line capacity over the normal flow of sortable grades */
    double power_kwh_t;
};

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct sorting_params, FIELD, "sorting." #FIELD, UNIT, VALUE, MIN, MAX, LOW,    \
                   HIGH, SOURCE, DOC)

static const struct sim_param params[] = {
    ROW(recovery, "1", 0.95, 0.5, 1, 0.92, 0.98, "vendor benchmarks of X-ray sorting",
        "metal that stays in the sorted stream"),
    ROW(reject, "1", 0.035, 0, 0.5, 0.01, 0.06, "expert",
        "metal that goes back to the hub as shredded scrap; what remains is lost"),
    ROW(cost_cny_t, "CNY/t", 90, 0, 1000, 45, 180, "expert",
        "work, power and depreciation per gross tonne"),
    ROW(throughput_t_h, "t/h", 8, 0.1, 100, 5, 15, "vendor benchmarks of X-ray sorting",
        "gross throughput of a line"),
    ROW(hours, "h", 16, 1, 24, 8, 20, "expert", "work a day"),
    ROW(share, "1", 0.25, 0, 2, 0.12, 0.4, "expert",
        "capacity of lines over the normal flow of sortable grades"),
    ROW(power_kwh_t, "kWh/t", 20, 0, 200, 10, 40, "expert", "electricity per gross tonne"),
};
SIM_PARAMS_COVER(params, struct sorting_params);

enum { KIND_ORDER, KIND_TRUCK, KIND_CANCEL, KIND_SORTED, KIND_BUY, KIND_CLEAR, KIND_POST };

static const struct sim_kind kinds[] = {
    [KIND_ORDER] = {"sorting_order", "an order for sorted scrap reaches the centre"},
    [KIND_TRUCK] = {"sorting_truck", "a lot from the hub queues before the lines"},
    [KIND_CANCEL] = {"sorting_cancel", "the hub could not deliver"},
    [KIND_SORTED] = {"sorting_sorted", "a lot leaves a line"},
    [KIND_BUY] = {"sorting_buy", "the centre decides what to buy from its hub"},
    [KIND_CLEAR] = {"sorting_clear", "the day's orders are filled or cancelled"},
    [KIND_POST] = {"sorting_post", "the centre posts its prices"},
};

enum { SORTABLES = 4 };

static const int sortable[SORTABLES] = {GRADE_THERMAL_BREAK, GRADE_EXTRUSION_OLD, GRADE_SHEET_OLD,
                                        GRADE_SHREDDED};

struct sorting {
    struct lot stock[GRADES]; /* sorted */
    struct market_post post;
    struct market_book book;
    struct sim_station lines;
    struct sim_pool waiting; /* struct lot: queueing or on a line */
    struct lot queued;       /* sum of what the pool holds */
    double pipeline[GRADES]; /* t recoverable on order at the hub */
    uint64_t orders;
    int64_t cash;
};

static const struct sorting_params *params_of(const struct place *place)
{
    return place->world->params[COMPONENT_SORTING];
}

static void serve(struct sorting *s, struct place *place, uint32_t slot)
{
    const struct sorting_params *p = params_of(place);
    const struct lot *lot = sim_pool_at(&s->waiting, slot);
    double days = (double)lot->gross / (double)TONNE / (p->throughput_t_h * p->hours);
    sim_schedule(place->domain, sim_now(place->domain) + (int64_t)(days * (double)SIM_DAY), 8,
                 EVENT(COMPONENT_SORTING, KIND_SORTED), slot, NULL);
}

static enum sim_status on_truck(struct sorting *s, struct place *place,
                                const struct sim_event *event, const struct lot *cargo)
{
    struct lot lot = *cargo;
    place_move(place, ACCOUNT_MOTION, ACCOUNT_SORTING, &lot);
    place_pay(place, ACCOUNT_CASH_SORTING, ACCOUNT_CLEARING, lot.value);
    s->cash -= lot.value;
    s->pipeline[lot.load] -= (double)event->data.i[0] / (double)TONNE;
    uint32_t slot = sim_pool_take(&s->waiting);
    if (slot == UINT32_MAX)
        return sim_fail(place->domain, SIM_MEMORY, "sorting: no memory for a waiting lot");
    lot_add(&s->queued, &lot);
    *(struct lot *)sim_pool_at(&s->waiting, slot) = lot;
    if (sim_station_arrive(&s->lines, sim_now(place->domain), slot, 0))
        serve(s, place, slot);
    return SIM_OK;
}

/* What is taken out of the good stream: the excess of each element over the sorted class's
 * content, and all but its rest of what is not metal. Foreign pieces leave with the rejects, so
 * their elements do too. */
static void clean(struct place *place, int class, struct lot *good, struct lot *reject)
{
    const struct world_grade *target = &place->world->feed[class];
    for (int e = 0; e < ELEMENTS; e++) {
        int64_t keep = llround((double)good->q[LOT_METAL] * target->composition[e]);
        int64_t excess = good->q[LOT_ELEMENTS + e] - keep;
        if (excess <= 0)
            continue;
        good->q[LOT_ELEMENTS + e] -= excess;
        good->q[LOT_METAL] -= excess;
        reject->q[LOT_ELEMENTS + e] += excess;
        reject->q[LOT_METAL] += excess;
    }
    good->gross = llround((double)good->q[LOT_METAL] / (1 - target->nonmetal));
    good->load = (uint16_t) class;
}

/* The reject stream goes back to the hub as shredded scrap, by truck within hours; its surplus of
 * iron and the like that is no alloy (screws, inserts) is a loss. */
static void send_rejects(struct sorting *s, struct place *place, struct lot *reject)
{
    int64_t limit = reject->q[LOT_METAL] / 5;
    int64_t elements = 0;
    for (int e = 0; e < ELEMENTS; e++)
        elements += reject->q[LOT_ELEMENTS + e];
    if (elements > limit) {
        struct lot screws = {.q = {0}};
        for (int e = 0; e < ELEMENTS; e++) {
            int64_t part =
                reject->q[LOT_ELEMENTS + e] -
                (int64_t)((double)reject->q[LOT_ELEMENTS + e] * (double)limit / (double)elements);
            screws.q[LOT_ELEMENTS + e] = part;
            screws.q[LOT_METAL] += part;
            reject->q[LOT_ELEMENTS + e] -= part;
            reject->q[LOT_METAL] -= part;
        }
        place_move(place, ACCOUNT_SORTING, ACCOUNT_LOSSES, &screws);
    }
    reject->load = GRADE_SHREDDED;
    reject->tier = TIER_SORTED;
    reject->trucks = 1;
    reject->gross =
        llround((double)reject->q[LOT_METAL] / (1 - place->world->feed[GRADE_SHREDDED].nonmetal));
    reject->value = hubs_offer(place, GRADE_SHREDDED, reject);
    place_move(place, ACCOUNT_SORTING, ACCOUNT_MOTION, reject);
    place_pay(place, ACCOUNT_CLEARING, ACCOUNT_CASH_SORTING, reject->value);
    s->cash += reject->value;
    place_schedule(place, sim_now(place->domain) + 4 * SIM_HOUR, EVENT_HUB_TRUCK, GRADE_SHREDDED,
                   NULL, reject);
}

static enum sim_status on_sorted(struct sorting *s, struct place *place, uint32_t slot)
{
    const struct sorting_params *p = params_of(place);
    struct lot lot = *(struct lot *)sim_pool_at(&s->waiting, slot);
    sim_pool_give(&s->waiting, slot);
    lot_subtract(&s->queued, &lot);
    int grade = lot.load;
    double gross_t = (double)lot.gross / (double)TONNE;
    place_emit(place, &lot, ACCOUNT_SORTING, SCOPE_3,
               gross_t * p->power_kwh_t * place->world->province[place->index].grid_t_mwh);
    int64_t work = place_fen(gross_t * p->cost_cny_t);
    place_pay(place, ACCOUNT_CASH_SORTING, ACCOUNT_SERVICES, work);
    s->cash -= work;
    int64_t value = lot.value + work, all = lot.q[LOT_METAL];
    struct lot reject = lot_take(&lot, llround((double)all * p->reject));
    struct lot lost = lot_take(&lot, llround((double)all * fmax(0, 1 - p->recovery - p->reject)));
    place_move(place, ACCOUNT_SORTING, ACCOUNT_LOSSES, &lost);
    clean(place, market_class(TIER_SORTED, grade), &lot, &reject);
    lot.value = value;
    lot_add(&s->stock[grade], &lot);
    send_rejects(s, place, &reject);
    uint64_t next;
    if (sim_station_leave(&s->lines, sim_now(place->domain), &next))
        serve(s, place, (uint32_t)next);
    return SIM_OK;
}

/* Profit of sorting one recoverable t bought at the hub, CNY. */
static double premium(const struct sorting *s, const struct place *place, int grade)
{
    const struct sorting_params *p = params_of(place);
    const struct world_grade *raw = &place->world->feed[grade];
    const struct world_grade *sorted = &place->world->feed[market_class(TIER_SORTED, grade)];
    double yield = p->recovery * sorted->recoverable / raw->recoverable;
    double gross = 1 / (raw->recoverable * (1 - raw->nonmetal));
    const struct board_holder *hub = &place_board(place)->holder[place->index][TIER_HUB - 1];
    double back = p->reject / raw->recoverable * hub->price[GRADE_SHREDDED] * 0.95;
    return s->post.price[grade] * yield + back - hub->price[grade] - p->cost_cny_t * gross;
}

/* Orders what the lines can do in a day, spread over the grades whose premium pays. */
static void buy(struct sorting *s, struct place *place)
{
    const struct sorting_params *p = params_of(place);
    const struct board_holder *hub = &place_board(place)->holder[place->index][TIER_HUB - 1];
    double day_t = s->lines.servers * p->throughput_t_h * p->hours;
    double room = 3 * day_t - (double)s->queued.gross / (double)TONNE, weight = 0;
    for (int i = 0; i < SORTABLES; i++)
        room -= s->pipeline[sortable[i]];
    for (int i = 0; i < SORTABLES; i++)
        weight += premium(s, place, sortable[i]) > 0 ? hub->sales[sortable[i]] : 0;
    if (room <= 0 || weight <= 0)
        return;
    for (int i = 0; i < SORTABLES; i++) {
        int g = sortable[i];
        double wanted = fmin(room, day_t) * hub->sales[g] / weight;
        double truck = market_params_of(place->world)->truck_t;
        if (premium(s, place, g) <= 0 || wanted < truck / 2)
            continue;
        int64_t grams = llround(fmin(wanted, hub->stock[g] / 4) * (double)TONNE);
        if (grams < llround(truck / 2 * (double)TONNE))
            continue;
        s->pipeline[g] += (double)grams / (double)TONNE;
        union sim_data data = {.i = {g, TIER_HUB, grams, place->index, (int64_t)s->orders++}};
        sim_schedule(place->domain, sim_now(place->domain) + SIM_HOUR, 8, EVENT_HUB_ORDER,
                     BUYER_SORTING, &data);
    }
}

static void repeat(struct place *place, int kind)
{
    sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 8, EVENT(COMPONENT_SORTING, kind),
                 0, NULL);
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    struct place *place = place_of(domain);
    struct sorting *s = state;
    int kind = event->kind & 0xff;
    switch (kind) {
    case KIND_ORDER:
        market_book_add(&s->book, place, event);
        return SIM_OK;
    case KIND_TRUCK:
        return on_truck(s, place, event, cargo);
    case KIND_CANCEL:
        s->pipeline[event->data.i[0]] -= (double)event->data.i[1] / (double)TONNE;
        return SIM_OK;
    case KIND_SORTED:
        return on_sorted(s, place, event->entity);
    case KIND_BUY:
        buy(s, place);
        break;
    case KIND_CLEAR: {
        struct market_holder holder = {.tier = TIER_SORTED,
                                       .stock = s->stock,
                                       .account = ACCOUNT_SORTING,
                                       .cash_account = ACCOUNT_CASH_SORTING,
                                       .cash = &s->cash};
        market_clear(place, &s->book, &s->post, &holder);
        break;
    }
    case KIND_POST:
        market_post_day(&s->post, place, TIER_SORTED, s->stock, &s->book);
        break;
    default:
        return sim_fail(domain, SIM_MODEL, "sorting: unknown event %u", event->kind);
    }
    repeat(place, kind);
    return SIM_OK;
}

static void destroy(void *state)
{
    struct sorting *s = state;
    if (!s)
        return;
    market_book_clear(&s->book);
    sim_station_clear(&s->lines);
    sim_pool_clear(&s->waiting);
    free(s);
}

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION)
        return SIM_OK;
    struct sorting *s = calloc(1, sizeof *s);
    *state = s;
    if (!s || !market_book_init(&s->book, 32))
        return SIM_MEMORY;
    sim_pool_init(&s->waiting, sizeof(struct lot));
    const struct sorting_params *p = params_of(place);
    const struct board *board = place_board(place);
    const struct board_holder *hub = &board->holder[place->index][TIER_HUB - 1];
    double flow = 0, sales[GRADES] = {0};
    for (int i = 0; i < SORTABLES; i++) {
        flow += hub->sales[sortable[i]];
        sales[sortable[i]] = hub->sales[sortable[i]] * p->share;
    }
    market_post_init(&s->post, place->world, board->nation.a00, sales);
    for (int i = 0; i < SORTABLES; i++) {
        /* Opening quotation: what sorting costs, until the market has found the premium. */
        int g = sortable[i];
        s->post.price[g] *= 1.015;
        s->post.base[g] += log(1.015);
    }
    uint32_t lines = (uint32_t)ceil(flow * p->share * 1.1 / (p->throughput_t_h * p->hours));
    sim_station_init(&s->lines, lines, 0);
    sim_schedule(domain, 10 * SIM_HOUR, 8, EVENT(COMPONENT_SORTING, KIND_BUY), 0, NULL);
    sim_schedule(domain, 12 * SIM_HOUR, 8, EVENT(COMPONENT_SORTING, KIND_CLEAR), 0, NULL);
    sim_schedule(domain, 18 * SIM_HOUR, 8, EVENT(COMPONENT_SORTING, KIND_POST), 0, NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct sorting *s = state;
    double held = lot_tonnes(&s->queued);
    for (int i = 0; i < SORTABLES; i++)
        held += lot_tonnes(&s->stock[sortable[i]]);
    hubs_sample_inventory(sample, TIER_SORTED, held);
    market_sample(place_of(domain), sample, TIER_SORTED, &s->book);
}

static void audit(const struct sim_domain *domain, const void *state, int64_t *counted)
{
    (void)domain;
    const struct sorting *s = state;
    for (int q = 0; q < LOT_QUANTITIES; q++) {
        counted[ACCOUNT_SORTING * QUANTITIES + q] += s->queued.q[q];
        for (int g = 0; g < GRADES; g++)
            counted[ACCOUNT_SORTING * QUANTITIES + q] += s->stock[g].q[q];
    }
    counted[ACCOUNT_CASH_SORTING * QUANTITIES + LOT_MONEY] += s->cash;
}

const struct sim_component sorting_component = {
    .name = "sorting",
    .doc = "tier 3: sorting centres",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct sorting_params),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .audit = audit,
    .destroy = destroy,
};
