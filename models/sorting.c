/* Tier 3, sorting centres: lines that take attachments and foreign alloys out of four grades. A
 * centre buys from its own hub while the premium for sorted scrap pays the work and the losses; the
 * premium itself comes from what the cleaner metal saves in recipes. */
#include "sorting.h"

#include "../sim/pool.h"
#include "../sim/station.h"
#include "hubs.h"
#include "market.h"
#include "sorting_lines.h"

#include <math.h>
#include <stdlib.h>

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct sorting_params, FIELD, "sorting." #FIELD, UNIT, VALUE, MIN, MAX, LOW,    \
                   HIGH, SOURCE, DOC)
#define EACH(FIELD, UNIT, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                        \
    SIM_PARAM_VECTOR(struct sorting_params, FIELD, "sorting." #FIELD, UNIT, &sorting_technologies, \
                     FIELD, MIN, MAX, LOW, HIGH, SOURCE, DOC)

/* In the order of enum sorting_technology; technology.tsv. */
static const double recovery[SORTERS] = {0.92, 0.96, 0.95, 0.9, 0.95},
                    removal[SORTERS] = {0.45, 0.35, 0.95, 0.9, 0.9},
                    throughput_t_h[SORTERS] = {0.8, 7, 8, 5, 12},
                    opex_cny_t[SORTERS] = {110, 25, 45, 75, 70},
                    capex_cny[SORTERS] = {0.3e6, 1.5e6, 6e6, 10e6, 8e6},
                    opening[SORTERS] = {0.1, 0.05, 0.75, 0.03, 0.07},
                    delivered[SORTERS] = {1, 1, 0.2, 0.05, 0.5};

static const struct sim_param params[] = {
    ROW(cost_cny_t, "CNY/t", 45, 0, 1000, 20, 90, "expert",
        "work of the centre around its lines, per gross tonne"),
    ROW(returned, "1", 0.7, 0, 1, 0.4, 0.9, "expert",
        "of metal that is not recovered: goes back to the hub as shredded scrap, the rest is lost"),
    ROW(hours, "h", 16, 1, 24, 8, 20, "expert", "work a day"),
    ROW(share, "1", 0.25, 0, 2, 0.12, 0.4, "expert",
        "opening capacity of lines over the normal flow of sortable grades"),
    ROW(power_kwh_t, "kWh/t", 20, 0, 200, 10, 40, "expert", "electricity per gross tonne"),
    ROW(knowledge, "1", 0.5, 0, 1, 0.2, 0.8, "expert",
        "of what lines leave in, the share that full progress of research takes out"),
    ROW(payback_yr, "yr", 1.5, 0.2, 15, 1, 5, "expert", "time in which a new line has to pay back"),
    ROW(lead_days, "d", 180, 10, 1000, 90, 360, "expert", "from shipment of a line to its start"),
    ROW(life_yr, "yr", 12, 2, 40, 8, 15, "expert", "service life of a line"),
    ROW(growth, "1", 0.1, 0, 1, 0.05, 0.2, "expert",
        "capacity that a centre orders in a quarter at most, or one line if that is more"),
    EACH(recovery, "1", 0.5, 1, 0.85, 0.98, "technology.tsv (AISORT, expert)",
         "metal that stays in the sorted stream"),
    EACH(removal, "1", 0, 1, 0.2, 1, "expert, ordered as the purities of technology.tsv",
         "of iron, copper, zinc ... above the sorted class's contents, what is taken out"),
    EACH(throughput_t_h, "t/h", 0.1, 100, 0.5, 25, "technology.tsv (AISORT, STEINERT, expert)",
         "gross throughput of a line"),
    EACH(opex_cny_t, "CNY/t", 0, 1000, 15, 180, "technology.tsv, expert",
         "work and power of a line, per gross tonne"),
    EACH(capex_cny, "CNY", 1e4, 1e9, 1e5, 1.6e7, "technology.tsv, expert", "price of a line"),
    EACH(opening, "1", 0, 1, 0, 1,
         "expert: XRT and LIBS lead in large centres, as in the share 0.12 of technology.tsv",
         "share of the opening capacity"),
    EACH(delivered, "1", 0, 1, 0.05, 1,
         "expert, after RMI and CMRA 2025 (domestic availability below 40 %, LIBS imported)",
         "of lines on order, the share that suppliers ship in a quarter"),
};
SIM_PARAMS_COVER(params, struct sorting_params);

enum {
    KIND_ORDER,
    KIND_TRUCK,
    KIND_CANCEL,
    KIND_SORTED,
    KIND_BUY,
    KIND_CLEAR,
    KIND_POST,
    KIND_MEETING,
    KIND_INSTALL,
    KIND_RETIRE
};

static const struct sim_kind kinds[] = {
    [KIND_ORDER] = {"sorting_order", "an order for sorted scrap reaches the centre"},
    [KIND_TRUCK] = {"sorting_truck", "a lot from the hub queues before the lines"},
    [KIND_CANCEL] = {"sorting_cancel", "the hub could not deliver"},
    [KIND_SORTED] = {"sorting_sorted", "a lot leaves a line"},
    [KIND_BUY] = {"sorting_buy", "the centre decides what to buy from its hub"},
    [KIND_CLEAR] = {"sorting_clear", "the day's orders are filled or cancelled"},
    [KIND_POST] = {"sorting_post", "the centre posts its prices"},
    [KIND_MEETING] = {"sorting_meeting", "the centre decides on new lines"},
    [KIND_INSTALL] = {"sorting_install", "new lines start"},
    [KIND_RETIRE] = {"sorting_retire", "lines are worn out and scrapped"},
};

enum { OUT_LINES, OUT_SHARE };

static const struct sim_output outputs[] = {
    [OUT_LINES] = {.name = "sorting_lines",
                   .unit = "1",
                   .long_name = "lines of sorting centres at the month's end",
                   .dims = {&sorting_technologies},
                   .method = SIM_METHOD_POINT},
    [OUT_SHARE] = {.name = "sorted_share",
                   .unit = "1",
                   .long_name = "of what hubs sell of the grades that can be sorted, sorted",
                   .method = SIM_METHOD_MEAN,
                   .reduce = SIM_REDUCE_MEAN},
};

enum { SORTABLES = 4, QUARTER = 91 /* days */ };

static const int sortable[SORTABLES] = {GRADE_THERMAL_BREAK, GRADE_EXTRUSION_OLD, GRADE_SHEET_OLD,
                                        GRADE_SHREDDED};

/* A lot before a line or on it. */
struct batch {
    struct lot lot;
    int sorter; /* that works on it */
};

struct sorting {
    struct lot stock[GRADES]; /* sorted */
    struct market_post post;
    struct market_book book;
    struct sim_station lines;
    struct sim_pool waiting; /* struct batch */
    struct lot queued;       /* sum of what the pool holds */
    double pipeline[GRADES]; /* t recoverable on order at the hub */
    double clean[GRADES];    /* g of metal in stock, weighted with the removal of its lines */
    double month_t;          /* recoverable t of raw scrap sorted this month */
    struct sorting_lines park;
    uint64_t orders;
    int64_t cash;
};

static int64_t rejected(const struct sorting_params *p, int sorter, int64_t metal)
{
    return llround((double)metal * (1 - p->recovery[sorter]) * p->returned);
}

/* What sorted scrap of a line brings: plants pay of the premium over the hub what the line takes
 * out of what a line can take out. */
static double settled(double price, double hub, double taken)
{
    return price - fmax(price - hub, 0) * (1 - taken);
}

/* Profit of sorting one recoverable t bought at the hub, CNY. */
static double premium(const struct sorting *s, const struct place *place, int grade, int sorter)
{
    const struct sorting_params *p = sorting_params_of(place);
    const struct world_grade *raw = &place->world->feed[grade];
    const struct world_grade *sorted = &place->world->feed[market_class(TIER_SORTED, grade)];
    double yield = p->recovery[sorter] * sorted->recoverable / raw->recoverable;
    double gross = 1 / (raw->recoverable * (1 - raw->nonmetal));
    const struct board_holder *hub = &place_board(place)->holder[place->index][TIER_HUB - 1];
    double reject = (1 - p->recovery[sorter]) * p->returned;
    double back = reject / raw->recoverable * hub->price[GRADE_SHREDDED] * 0.95;
    double price = settled(s->post.price[grade], hub->price[grade], sorting_removal(place, sorter));
    return price * yield + back - hub->price[grade] -
           (p->cost_cny_t + p->opex_cny_t[sorter]) * gross;
}

/* The free line that earns most with the lot. The station starts no service unless a line that
 * works is free. */
static int choose(const struct sorting *s, const struct place *place, int grade)
{
    int best = -1;
    double most = 0;
    for (int t = 0; t < SORTERS; t++) {
        if (!s->park.works[t] || s->park.busy[t] >= s->park.lines[t])
            continue;
        double earns = premium(s, place, grade, t);
        if (best < 0 || earns > most) {
            best = t;
            most = earns;
        }
    }
    sim_require(best >= 0, "sorting: no line is free in province %d", place->index);
    return best;
}

static void serve(struct sorting *s, struct place *place, uint32_t slot)
{
    struct batch *batch = sim_pool_at(&s->waiting, slot);
    batch->sorter = choose(s, place, batch->lot.load);
    s->park.busy[batch->sorter]++;
    double days = (double)batch->lot.gross / (double)TONNE /
                  sorting_line_t(sorting_params_of(place), batch->sorter);
    sim_schedule(place->domain, sim_now(place->domain) + (int64_t)(days * (double)SIM_DAY), 8,
                 EVENT(COMPONENT_SORTING, KIND_SORTED), slot, NULL);
}

/* After a change of the lines, or of those that work. */
static void resize(struct sorting *s, struct place *place)
{
    int64_t now = sim_now(place->domain);
    sim_station_resize(&s->lines, now, sorting_lines_working(&s->park));
    uint64_t next;
    while (sim_station_take(&s->lines, now, &next))
        serve(s, place, (uint32_t)next);
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
    *(struct batch *)sim_pool_at(&s->waiting, slot) = (struct batch){.lot = lot};
    if (sim_station_arrive(&s->lines, sim_now(place->domain), slot, 0))
        serve(s, place, slot);
    return SIM_OK;
}

/* What is taken out of the good stream: a technology's share of the excess of each element over the
 * sorted class's content, and all but its rest of what is not metal. Foreign pieces leave with the
 * rejects, so their elements do too. */
static void clean(struct place *place, int class, double taken, struct lot *good,
                  struct lot *reject)
{
    const struct world_grade *target = &place->world->feed[class];
    for (int e = 0; e < ELEMENTS; e++) {
        int64_t keep = llround((double)good->q[LOT_METAL] * target->composition[e]);
        int64_t excess = llround((double)(good->q[LOT_ELEMENTS + e] - keep) * taken);
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
    const struct sorting_params *p = sorting_params_of(place);
    struct batch batch = *(struct batch *)sim_pool_at(&s->waiting, slot);
    struct lot lot = batch.lot;
    int sorter = batch.sorter;
    sim_pool_give(&s->waiting, slot);
    lot_subtract(&s->queued, &lot);
    int grade = lot.load;
    double gross_t = (double)lot.gross / (double)TONNE;
    place_emit(place, &lot, ACCOUNT_SORTING, SCOPE_3,
               gross_t * p->power_kwh_t * place->world->province[place->index].grid_t_mwh);
    int64_t work = place_fen(gross_t * (p->cost_cny_t + p->opex_cny_t[sorter]));
    place_pay(place, ACCOUNT_CASH_SORTING, ACCOUNT_SERVICES, work);
    s->cash -= work;
    int64_t value = lot.value + work, all = lot.q[LOT_METAL];
    struct lot reject = lot_take(&lot, rejected(p, sorter, all));
    int64_t good = llround((double)all * p->recovery[sorter]);
    struct lot lost = lot_take(&lot, lot.q[LOT_METAL] > good ? lot.q[LOT_METAL] - good : 0);
    place_move(place, ACCOUNT_SORTING, ACCOUNT_LOSSES, &lost);
    double taken = sorting_removal(place, sorter);
    clean(place, market_class(TIER_SORTED, grade), taken, &lot, &reject);
    lot.value = value;
    lot_add(&s->stock[grade], &lot);
    s->clean[grade] += (double)lot.q[LOT_METAL] * taken;
    s->month_t += (double)all / (double)TONNE * place->world->feed[grade].recoverable;
    s->park.busy[sorter]--;
    send_rejects(s, place, &reject);
    uint64_t next;
    if (sim_station_leave(&s->lines, sim_now(place->domain), &next))
        serve(s, place, (uint32_t)next);
    return SIM_OK;
}

/* Which technologies earn anything today, and what on average of the flow that pays. */
static void judge(struct sorting *s, struct place *place, bool pays[SORTABLES])
{
    const struct board_holder *hub = &place_board(place)->holder[place->index][TIER_HUB - 1];
    bool works[SORTERS] = {false}, any = false;
    for (int t = 0; t < SORTERS; t++) {
        double earned = 0, gross = 0;
        for (int i = 0; i < SORTABLES; i++) {
            const struct world_grade *raw = &place->world->feed[sortable[i]];
            double profit = premium(s, place, sortable[i], t);
            if (profit <= 0)
                continue;
            earned += profit * hub->sales[sortable[i]];
            gross += hub->sales[sortable[i]] / (raw->recoverable * (1 - raw->nonmetal));
            works[t] = s->park.lines[t] > 0;
            pays[i] |= works[t];
        }
        double margin = gross > 0 ? earned / gross : 0;
        s->park.margin[t] += (margin - s->park.margin[t]) / QUARTER;
        any |= works[t];
    }
    /* Where nothing pays, yesterday's lines finish what waits. */
    for (int t = 0; t < SORTERS && any; t++)
        s->park.works[t] = works[t];
    resize(s, place);
}

/* Orders what the lines can do in a day, spread over the grades whose premium pays. */
static void buy(struct sorting *s, struct place *place)
{
    const struct sorting_params *p = sorting_params_of(place);
    const struct board_holder *hub = &place_board(place)->holder[place->index][TIER_HUB - 1];
    bool pays[SORTABLES] = {false};
    judge(s, place, pays);
    double day_t = sorting_lines_t(&s->park, p);
    double room = 3 * day_t - (double)s->queued.gross / (double)TONNE, weight = 0;
    for (int i = 0; i < SORTABLES; i++)
        room -= s->pipeline[sortable[i]];
    for (int i = 0; i < SORTABLES; i++)
        weight += pays[i] ? hub->sales[sortable[i]] : 0;
    if (room <= 0 || weight <= 0)
        return;
    for (int i = 0; i < SORTABLES; i++) {
        int g = sortable[i];
        double wanted = fmin(room, day_t) * hub->sales[g] / weight;
        double truck = market_params_of(place->world)->truck_t;
        if (!pays[i] || wanted < truck / 2)
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

/* A quarter's decision on lines, for at most the flow that the hub sells of sortable grades. */
static void meet(struct sorting *s, struct place *place, int64_t quarter)
{
    const struct sorting_params *p = sorting_params_of(place);
    const struct board_holder *hub = &place_board(place)->holder[place->index][TIER_HUB - 1];
    double flow = 0, draw[SORTERS];
    for (int i = 0; i < SORTABLES; i++) {
        const struct world_grade *raw = &place->world->feed[sortable[i]];
        flow += hub->sales[sortable[i]] / (raw->recoverable * (1 - raw->nonmetal));
    }
    for (int t = 0; t < SORTERS; t++) {
        struct sim_stream stream =
            sim_stream_at(place->domain, COMPONENT_SORTING << 24 | (uint32_t)place->index,
                          (uint16_t)t, (uint64_t)quarter);
        draw[t] = sim_uniform(&stream);
    }
    int64_t shipped[SORTERS], now = sim_now(place->domain);
    sorting_lines_decide(&s->park, p, flow - sorting_lines_all_t(&s->park, p), draw, shipped);
    for (int t = 0; t < SORTERS; t++) {
        union sim_data data = {.i = {shipped[t]}};
        if (shipped[t] > 0)
            sim_schedule(place->domain, now + (int64_t)(p->lead_days * (double)SIM_DAY), 8,
                         EVENT(COMPONENT_SORTING, KIND_INSTALL), (uint32_t)t, &data);
    }
    union sim_data next = {.i = {quarter + 1}};
    sim_schedule(place->domain, now + QUARTER * SIM_DAY, 8, EVENT(COMPONENT_SORTING, KIND_MEETING),
                 0, &next);
}

static void retire_in(struct place *place, double years, int sorter, int64_t count)
{
    union sim_data data = {.i = {count}};
    sim_schedule(place->domain,
                 sim_now(place->domain) + (int64_t)(years * 365.25 * (double)SIM_DAY), 8,
                 EVENT(COMPONENT_SORTING, KIND_RETIRE), (uint32_t)sorter, &data);
}

static void install(struct sorting *s, struct place *place, int sorter, int64_t count)
{
    const struct sorting_params *p = sorting_params_of(place);
    int64_t price = place_fen(p->capex_cny[sorter] * (double)count);
    place_pay(place, ACCOUNT_CASH_SORTING, ACCOUNT_SERVICES, price);
    s->cash -= price;
    s->park.shipped[sorter] -= count;
    s->park.lines[sorter] += count;
    retire_in(place, p->life_yr, sorter, count);
    resize(s, place);
}

/* Sells at the posted prices less what the lines left in. */
static void clear(struct sorting *s, struct place *place)
{
    struct market_holder holder = {.tier = TIER_SORTED,
                                   .stock = s->stock,
                                   .account = ACCOUNT_SORTING,
                                   .cash_account = ACCOUNT_CASH_SORTING,
                                   .cash = &s->cash};
    const struct board_holder *hub = &place_board(place)->holder[place->index][TIER_HUB - 1];
    struct market_post invoice = s->post;
    double quality[GRADES] = {0};
    for (int i = 0; i < SORTABLES; i++) {
        int g = sortable[i];
        int64_t metal = s->stock[g].q[LOT_METAL];
        quality[g] = metal > 0 ? fmin(s->clean[g] / (double)metal, 1) : 1;
        invoice.price[g] = settled(s->post.price[g], hub->price[g], quality[g]);
    }
    market_clear(place, &s->book, &invoice, &holder);
    for (int i = 0; i < SORTABLES; i++)
        s->clean[sortable[i]] = quality[sortable[i]] * (double)s->stock[sortable[i]].q[LOT_METAL];
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
    case KIND_CLEAR:
        clear(s, place);
        break;
    case KIND_POST:
        market_post_day(&s->post, place, TIER_SORTED, s->stock, &s->book);
        break;
    case KIND_MEETING:
        meet(s, place, event->data.i[0]);
        return SIM_OK;
    case KIND_INSTALL:
        install(s, place, (int)event->entity, event->data.i[0]);
        return SIM_OK;
    case KIND_RETIRE:
        s->park.lines[event->entity] -= event->data.i[0];
        resize(s, place);
        return SIM_OK;
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
    sim_pool_init(&s->waiting, sizeof(struct batch));
    const struct sorting_params *p = sorting_params_of(place);
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
    sorting_lines_open(&s->park, p, flow * p->share * 1.1);
    sim_station_init(&s->lines, sorting_lines_working(&s->park), 0);
    for (int t = 0; t < SORTERS; t++) {
        for (int64_t k = 0; k < s->park.lines[t]; k++) /* of all ages */
            retire_in(place, p->life_yr * ((double)k + 0.5) / (double)s->park.lines[t], t, 1);
    }
    sim_schedule(domain, (QUARTER + place->index % 28) * SIM_DAY + 9 * SIM_HOUR, 8,
                 EVENT(COMPONENT_SORTING, KIND_MEETING), 0, NULL);
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
    struct place *place = place_of(domain);
    market_sample(place, sample, TIER_SORTED, &s->book);
    double sold = 0;
    for (int i = 0; i < SORTABLES; i++)
        sold += place_board(place)->holder[place->index][TIER_HUB - 1].sales[sortable[i]] * 30.4;
    for (int t = 0; t < SORTERS; t++)
        sim_sample_add(sample, OUT_LINES, (size_t)t, (double)s->park.lines[t]);
    if (sold > 0)
        sim_sample_mean(sample, OUT_SHARE, 0, s->month_t / sold, sold);
    s->month_t = 0;
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
