/* Tier 2, regional hubs: trucks queue at the scales, are sorted preliminarily and graded (with
 * errors), and go to stock; once a day the hub fills orders of plants and sorting centres, and
 * posts its prices. */
#include "hubs.h"

#include "../sim/pool.h"
#include "../sim/station.h"
#include "market.h"

#include <math.h>
#include <stdlib.h>

struct hubs_params {
    double margin_cny_t; /* between buying and selling, per recoverable t */
    double service_min;  /* weighing and preliminary sorting of one truck */
    double misgrade;     /* share of trucks that are booked as a neighbouring grade */
    double loss;         /* of metal, in handling */
    double cost_cny_t;   /* of work, per gross t */
    double capacity;     /* servers over what the flow keeps busy */
    double follow_days;  /* smoothing of the flow that the scales follow */
};

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct hubs_params, FIELD, "hubs." #FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH,    \
                   SOURCE, DOC)

static const struct sim_param params[] = {
    ROW(margin_cny_t, "CNY/t", 150, 0, 2000, 80, 300, "expert",
        "between a hub's buying and selling price, per recoverable tonne"),
    ROW(service_min, "min", 25, 1, 600, 15, 45, "expert",
        "weighing, unloading and preliminary sorting of one truck"),
    ROW(misgrade, "1", 0.04, 0, 0.5, 0.02, 0.08, "expert",
        "share of trucks that are booked as a neighbouring grade"),
    ROW(loss, "1", 0.005, 0, 0.2, 0.002, 0.01, "expert", "metal lost in handling at the hub"),
    ROW(cost_cny_t, "CNY/t", 90, 0, 1000, 50, 150, "expert", "work at the hub, per gross tonne"),
    ROW(capacity, "1", 2.5, 1, 10, 1.6, 4, "expert",
        "servers at the scales over those that the smoothed flow of trucks keeps busy"),
    ROW(follow_days, "d", 180, 30, 3650, 90, 365, "expert",
        "time constant with which the number of servers follows the flow of trucks"),
};
SIM_PARAMS_COVER(params, struct hubs_params);

enum { KIND_TRUCK, KIND_ORDER, KIND_WEIGHED, KIND_CLEAR, KIND_POST, KIND_RESIZE };

static const struct sim_kind kinds[] = {
    [KIND_TRUCK] = {"hub_truck", "a truck load reaches the hub and queues at the scales"},
    [KIND_ORDER] = {"hub_order", "an order for scrap reaches the hub"},
    [KIND_WEIGHED] = {"hub_weighed", "a load is weighed, graded and put to stock"},
    [KIND_CLEAR] = {"hub_clear", "the day's orders are filled or cancelled"},
    [KIND_POST] = {"hub_post", "the hub posts its prices"},
    [KIND_RESIZE] = {"hub_resize", "the number of scales follows the flow of trucks"},
};

enum { OUT_INVENTORY };

static const struct sim_output outputs[] = {
    [OUT_INVENTORY] = {.name = "inventory_by_tier",
                       .unit = "t",
                       .long_name = "metal held at the month's end",
                       .dims = {&labels_tier},
                       .method = SIM_METHOD_POINT},
};

enum { PURPOSE_SERVICE = 0, PURPOSE_GRADE = 1 };

struct hubs {
    struct lot stock[GRADES];
    struct market_post post;
    struct market_book book;
    struct sim_station scales;
    struct sim_pool waiting; /* struct lot: queueing or on the scales */
    uint64_t loads;
    int64_t cash;
    int64_t arrived;   /* trucks since the last review of the scales */
    double flow;       /* trucks a day, smoothed */
    struct lot queued; /* sum of what the pool holds, counted as lots come and go */
};

static const struct hubs_params *params_of(const struct place *place)
{
    return place->world->params[COMPONENT_HUBS];
}

static struct hubs *hubs_of(const struct place *place)
{
    return place->state[COMPONENT_HUBS];
}

int64_t hubs_offer(const struct place *place, int grade, const struct lot *lot)
{
    double price = hubs_of(place)->post.price[grade] - params_of(place)->margin_cny_t;
    return place_fen(market_recoverable_t(place->world, grade, lot) * fmax(price, 0));
}

void hubs_sample_inventory(struct sim_sample *sample, int tier, double tonnes)
{
    size_t component = sample->component;
    sample->component = COMPONENT_HUBS;
    sim_sample_add(sample, OUT_INVENTORY, (size_t)tier, tonnes);
    sample->component = component;
}

/* The grade that a load is taken for where grading errs. */
static int neighbour(int grade)
{
    static const int wrong[GRADES] = {
        [GRADE_EXTRUSION_NEW] = GRADE_EXTRUSION_OLD,
        [GRADE_EXTRUSION_OLD] = GRADE_THERMAL_BREAK,
        [GRADE_THERMAL_BREAK] = GRADE_EXTRUSION_OLD,
        [GRADE_FORMWORK] = GRADE_EXTRUSION_OLD,
        [GRADE_UBC] = GRADE_SHEET_OLD,
        [GRADE_WHEELS] = GRADE_MIXED_CAST,
        [GRADE_MIXED_CAST] = GRADE_SHREDDED,
        [GRADE_SHREDDED] = GRADE_MIXED_CAST,
        [GRADE_WIRE] = GRADE_SHEET_CLEAN,
        [GRADE_SHEET_CLEAN] = GRADE_SHEET_OLD,
        [GRADE_SHEET_OLD] = GRADE_SHREDDED,
        [GRADE_TURNINGS] = GRADE_MIXED_CAST,
    };
    return wrong[grade];
}

static void serve(struct hubs *h, struct place *place, uint32_t slot)
{
    const struct lot *lot = sim_pool_at(&h->waiting, slot);
    struct sim_stream stream = sim_stream_at(
        place->domain, COMPONENT_HUBS << 24 | (uint32_t)place->index, PURPOSE_SERVICE, lot->serial);
    double minutes =
        params_of(place)->service_min * lot->trucks * (0.5 + 0.5 * sim_exponential(&stream));
    sim_schedule(place->domain, sim_now(place->domain) + (int64_t)(minutes * (double)SIM_MINUTE), 8,
                 EVENT(COMPONENT_HUBS, KIND_WEIGHED), slot, NULL);
}

/* A seller inside the chain was paid by clearing when the truck left (data.i[0] is zero); one
 * outside is paid here into the account that data.i[0] names. */
static enum sim_status on_truck(struct hubs *h, struct place *place, const struct sim_event *event,
                                const struct lot *cargo)
{
    struct lot lot = *cargo;
    int64_t seller = event->data.i[0] > 0 ? event->data.i[0] : ACCOUNT_CLEARING;
    place_move(place, ACCOUNT_MOTION, ACCOUNT_HUB, &lot);
    place_pay(place, ACCOUNT_CASH_HUBS, (int)seller, lot.value);
    h->cash -= lot.value;
    uint32_t slot = sim_pool_take(&h->waiting);
    if (slot == UINT32_MAX)
        return sim_fail(place->domain, SIM_MEMORY, "hub: no memory for a waiting truck");
    lot.serial = h->loads++;
    h->arrived += lot.trucks;
    lot_add(&h->queued, &lot);
    *(struct lot *)sim_pool_at(&h->waiting, slot) = lot;
    if (sim_station_arrive(&h->scales, sim_now(place->domain), slot, 0))
        serve(h, place, slot);
    return SIM_OK;
}

static enum sim_status on_weighed(struct hubs *h, struct place *place, uint32_t slot)
{
    const struct hubs_params *p = params_of(place);
    struct lot lot = *(struct lot *)sim_pool_at(&h->waiting, slot);
    sim_pool_give(&h->waiting, slot);
    lot_subtract(&h->queued, &lot);
    struct sim_stream stream = sim_stream_at(
        place->domain, COMPONENT_HUBS << 24 | (uint32_t)place->index, PURPOSE_GRADE, lot.serial);
    int grade = sim_uniform(&stream) < p->misgrade ? neighbour(lot.load) : lot.load;
    struct lot lost = lot_take(&lot, llround((double)lot.q[LOT_METAL] * p->loss));
    lot.value += lost.value; /* the rest bears the cost of what was lost */
    lot_keep_embodied(&lot, &lost);
    place_move(place, ACCOUNT_HUB, ACCOUNT_LOSSES, &lost);
    int64_t work = place_fen((double)lot.gross / (double)TONNE * p->cost_cny_t);
    place_pay(place, ACCOUNT_CASH_HUBS, ACCOUNT_SERVICES, work);
    h->cash -= work;
    lot_add(&h->stock[grade], &lot);
    uint64_t next;
    if (sim_station_leave(&h->scales, sim_now(place->domain), &next))
        serve(h, place, (uint32_t)next);
    return SIM_OK;
}

static enum sim_status on_clear(struct hubs *h, struct place *place)
{
    struct market_holder holder = {.tier = TIER_HUB,
                                   .stock = h->stock,
                                   .account = ACCOUNT_HUB,
                                   .cash_account = ACCOUNT_CASH_HUBS,
                                   .cash = &h->cash};
    market_clear(place, &h->book, &h->post, &holder);
    sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 8,
                 EVENT(COMPONENT_HUBS, KIND_CLEAR), 0, NULL);
    return SIM_OK;
}

static uint32_t servers(const struct place *place, double trucks_day)
{
    const struct hubs_params *p = params_of(place);
    double busy = trucks_day * p->service_min / (24 * 60);
    return (uint32_t)fmax(ceil(busy * p->capacity), 1);
}

enum { REVIEW_DAYS = 30 };

/* Scales are added and given up as the flow changes, so that growth does not clog the yard; one
 * that is at work leaves when its truck is done. */
static void on_resize(struct hubs *h, struct place *place)
{
    int64_t now = sim_now(place->domain);
    h->flow += ((double)h->arrived / REVIEW_DAYS - h->flow) *
               fmin(REVIEW_DAYS / params_of(place)->follow_days, 1);
    h->arrived = 0;
    sim_station_resize(&h->scales, now, servers(place, h->flow));
    uint64_t next;
    while (sim_station_take(&h->scales, now, &next))
        serve(h, place, (uint32_t)next);
    sim_schedule(place->domain, now + REVIEW_DAYS * SIM_DAY, 8, EVENT(COMPONENT_HUBS, KIND_RESIZE),
                 0, NULL);
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    struct place *place = place_of(domain);
    struct hubs *h = state;
    switch (event->kind & 0xff) {
    case KIND_TRUCK:
        return on_truck(h, place, event, cargo);
    case KIND_ORDER:
        market_book_add(&h->book, place, event);
        return SIM_OK;
    case KIND_WEIGHED:
        return on_weighed(h, place, event->entity);
    case KIND_CLEAR:
        return on_clear(h, place);
    case KIND_POST:
        market_post_day(&h->post, place, TIER_HUB, h->stock, &h->book);
        sim_schedule(domain, event->time + SIM_DAY, 8, event->kind, 0, NULL);
        return SIM_OK;
    case KIND_RESIZE:
        on_resize(h, place);
        return SIM_OK;
    default:
        return sim_fail(domain, SIM_MODEL, "hubs: unknown event %u", event->kind);
    }
}

static void destroy(void *state)
{
    struct hubs *h = state;
    if (!h)
        return;
    market_book_clear(&h->book);
    sim_station_clear(&h->scales);
    sim_pool_clear(&h->waiting);
    free(h);
}

/* t recoverable of a truck that brings scrap, for the opening number of scales only. */
static const double TRUCK_T = 9.5;

/* Hubs start with the stock that holders want of the sales on the first board. */
static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION)
        return SIM_OK;
    struct hubs *h = calloc(1, sizeof *h);
    *state = h;
    if (!h || !market_book_init(&h->book, 64))
        return SIM_MEMORY;
    sim_pool_init(&h->waiting, sizeof(struct lot));
    const struct board_holder *first = &place_board(place)->holder[place->index][TIER_HUB - 1];
    market_post_init(&h->post, place->world, place_board(place)->nation.a00, first->sales);
    double flow = 0;
    for (int g = 0; g < GRADES; g++) {
        const struct world_grade *class = &place->world->feed[g];
        h->stock[g] = lot_make(llround(first->stock[g] / class->recoverable * (double)TONNE),
                               class->composition, class->nonmetal);
        h->stock[g].value = place_fen(first->stock[g] * first->price[g]);
        place_move(place, ACCOUNT_IN_USE, ACCOUNT_HUB, &h->stock[g]);
        flow += first->sales[g];
    }
    h->flow = flow / TRUCK_T;
    sim_station_init(&h->scales, servers(place, h->flow), 0);
    sim_schedule(domain, 12 * SIM_HOUR, 8, EVENT(COMPONENT_HUBS, KIND_CLEAR), 0, NULL);
    sim_schedule(domain, 18 * SIM_HOUR, 8, EVENT(COMPONENT_HUBS, KIND_POST), 0, NULL);
    sim_schedule(domain, REVIEW_DAYS * SIM_DAY, 8, EVENT(COMPONENT_HUBS, KIND_RESIZE), 0, NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct hubs *h = state;
    double held = lot_tonnes(&h->queued);
    for (int g = 0; g < GRADES; g++)
        held += lot_tonnes(&h->stock[g]);
    hubs_sample_inventory(sample, TIER_HUB, held);
    market_sample(place_of(domain), sample, TIER_HUB, &h->book);
}

static void audit(const struct sim_domain *domain, const void *state, int64_t *counted)
{
    (void)domain;
    const struct hubs *h = state;
    for (int q = 0; q < LOT_QUANTITIES; q++) {
        counted[ACCOUNT_HUB * QUANTITIES + q] += h->queued.q[q];
        for (int g = 0; g < GRADES; g++)
            counted[ACCOUNT_HUB * QUANTITIES + q] += h->stock[g].q[q];
    }
    counted[ACCOUNT_CASH_HUBS * QUANTITIES + LOT_MONEY] += h->cash;
}

const struct sim_component hubs_component = {
    .name = "hubs",
    .doc = "tier 2: regional hubs that weigh, grade, hold and sell",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct hubs_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .audit = audit,
    .destroy = destroy,
};
