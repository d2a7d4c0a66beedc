/* Model: contracts come at a rate of potential x logistic(port price - landed cost), fixed price;
 * after that everything is transport, queueing and inspection. Section 6 of the documentation. */
#include "imports.h"

#include "clock.h"
#include "emissions.h"
#include "hubs.h"
#include "imports_terms.h"
#include "market.h"

#include "../sim/pool.h"
#include "../sim/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    KIND_ORDER, /* EVENT_PORT_ORDER */
    KIND_CONTRACT,
    KIND_LOADED,
    KIND_SAILED,
    KIND_ARRIVED,
    KIND_INSPECTED,
    KIND_CLEARED,
    KIND_RETURNED,
    KIND_MORNING,
    KIND_MARKET,
    KIND_POSTING
};

static const struct sim_kind kinds[] = {
    [KIND_ORDER] = {"port_order", "a buyer orders scrap from a port"},
    [KIND_CONTRACT] = {"imports_contracted", "an importer agrees on containers of a grade"},
    [KIND_LOADED] = {"imports_loaded", "containers are loaded abroad and paid"},
    [KIND_SAILED] = {"imports_sailed", "the ship leaves"},
    [KIND_ARRIVED] = {"imports_arrived", "containers reach the port and wait for inspection"},
    [KIND_INSPECTED] = {"imports_inspected", "inspection ends: accepted or rejected"},
    [KIND_CLEARED] = {"imports_cleared", "cleared scrap is in the port's stock"},
    [KIND_RETURNED] = {"imports_returned", "rejected containers are back abroad"},
    [KIND_MORNING] = {"port_morning", "today's rates of contracts"},
    [KIND_MARKET] = {"port_market", "today's orders are served"},
    [KIND_POSTING] = {"port_posting", "the port posts its prices"},
};

enum { OUT_IMPORTS, OUT_ORIGIN, OUT_PROVINCE, OUT_REJECTED, OUT_SEA, OUT_DAYS };

static const struct sim_output outputs[] = {
    [OUT_IMPORTS] = {.name = "scrap_imports",
                     .unit = "t",
                     .long_name = "scrap imports, gross, cleared",
                     .method = SIM_METHOD_SUM},
    [OUT_ORIGIN] = {.name = "imports_by_origin",
                    .unit = "t",
                    .long_name = "scrap imports, gross, cleared, by origin",
                    .dims = {&labels_origin},
                    .method = SIM_METHOD_SUM},
    [OUT_PROVINCE] = {.name = "imports_by_province",
                      .unit = "t",
                      .long_name = "scrap imports, gross, cleared, by province of the port",
                      .dims = {&labels_province},
                      .method = SIM_METHOD_SUM,
                      .axis = SIM_AXIS_DETAIL},
    [OUT_REJECTED] = {.name = "imports_rejected",
                      .unit = "t",
                      .long_name = "scrap sent back by inspection, gross",
                      .method = SIM_METHOD_SUM},
    [OUT_SEA] = {.name = "imports_at_sea",
                 .unit = "t",
                 .long_name = "scrap loaded and not yet arrived, gross, at the month's end",
                 .dims = {&labels_origin},
                 .method = SIM_METHOD_POINT},
    [OUT_DAYS] = {.name = "port_days",
                  .unit = "d",
                  .long_name = "mean time from arrival to the end of inspection",
                  .method = SIM_METHOD_MEAN,
                  .reduce = SIM_REDUCE_MEAN},
};

enum {
    PURPOSE_CONTRACT,
    PURPOSE_GRADE,
    PURPOSE_LEAD,
    PURPOSE_SAILING,
    PURPOSE_CONTENT,
    PURPOSE_INSPECTION,
    PURPOSE_REJECTION
};

/* Containers at the port, waiting or under inspection. */
struct consignment {
    struct lot lot;
    int64_t arrived;
    bool live;
};

struct imports {
    struct clock contract[ORIGINS];
    struct imports_terms terms;
    struct sim_pool consignments;
    struct sim_store bays; /* free inspection bays, in containers */
    int64_t at_sea_g[ORIGINS];
    struct lot stock[GRADES];
    struct market_post post;
    struct market_book book;
    int64_t cash;
    double month_origin[ORIGINS], month_rejected; /* t gross */
    double month_days, month_inspected;           /* container days, containers */
};

/* Numbers of consignments that were under way at the start; contracts count from 0. */
#define BEFORE_START (UINT64_C(1) << 40)

/* What a contract carries until its containers are loaded. */
enum { AT_ORIGIN, AT_GRADE, AT_CONTAINERS, AT_NUMBER, AT_LANDED /* f[4] */ };

static uint32_t entity_of(const struct place *place, int origin)
{
    return (uint32_t)COMPONENT_IMPORTS << 24 | (uint32_t)(place->index << 8 | origin);
}

/* More bays at once; fewer as they fall free. A consignment must always fit. */
static void resize_bays(struct imports *i, struct place *place)
{
    const struct imports_params *p = imports_params_of(place->world);
    double flow = 0;
    for (int o = 0; o < ORIGINS; o++)
        flow += i->terms.potential[o][1] / 365.25 / p->container_t;
    flow *= place->world->province[place->index].scrap_import_share;
    double year = sim_year(sim_now(place->domain));
    int64_t wanted = llround(sim_path_at(p->capacity, year) * flow * p->service_days);
    int64_t least = 4 * place->world->trucks_per_lot, change;
    wanted = wanted > least ? wanted : least;
    change = wanted - i->bays.capacity;
    if (change < -i->bays.level)
        change = -i->bays.level;
    i->bays.capacity += change;
    i->bays.level += change;
}

static void start_inspection(struct imports *i, struct place *place, uint32_t slot)
{
    const struct imports_params *p = imports_params_of(place->world);
    struct consignment *c = sim_pool_at(&i->consignments, slot);
    struct sim_stream stream = sim_stream_at(place->domain, entity_of(place, c->lot.origin),
                                             PURPOSE_INSPECTION, c->lot.serial);
    double pace = fmax(0.2, place->policy.activity);
    double days = p->service_days * sim_gamma_int(&stream, 4) / 4 / pace;
    sim_schedule(place->domain, sim_now(place->domain) + (int64_t)(days * (double)SIM_DAY), 8,
                 EVENT(COMPONENT_IMPORTS, KIND_INSPECTED), slot, NULL);
}

static void serve_bays(struct imports *i, struct place *place)
{
    uint64_t next;
    while (sim_store_next(&i->bays, sim_now(place->domain), &next))
        start_inspection(i, place, (uint32_t)next);
}

static enum sim_status on_morning(struct imports *i, struct place *place)
{
    double rate[ORIGINS];
    imports_contract_rates(&i->terms, place, i->post.price, rate);
    for (int o = 0; o < ORIGINS; o++) {
        double containers = rate[o] / imports_params_of(place->world)->container_t;
        clock_set(&i->contract[o], place->domain, containers,
                  world_trucks(place->world, containers));
    }
    resize_bays(i, place);
    serve_bays(i, place);
    sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 4,
                 EVENT(COMPONENT_IMPORTS, KIND_MORNING), 0, NULL);
    return SIM_OK;
}

/* ---- from contract to stock */

/* The grade of the n-th contract: fractional parts of multiples of the golden ratio, so that any
 * run of contracts has nearly the grades' shares, whatever the batch. */
static int draw_grade(const struct imports *i, const struct place *place, int origin,
                      uint64_t number)
{
    struct sim_stream stream =
        sim_stream_at(place->domain, entity_of(place, origin), PURPOSE_GRADE, 0);
    double u = sim_uniform(&stream) + 0.6180339887498949 * (double)(number % (UINT64_C(1) << 40));
    double sum = 0, below = 0;
    int last = GRADE_MIXED_CAST;
    for (int g = 0; g < GRADES; g++)
        sum += i->terms.weight[origin][g];
    u = (u - floor(u)) * sum;
    for (int g = 0; g < GRADES; g++) {
        if (i->terms.weight[origin][g] <= 0)
            continue;
        below += i->terms.weight[origin][g];
        last = g;
        if (u < below)
            break;
    }
    return last;
}

static void schedule_loading(struct imports *i, struct place *place, int origin, int containers,
                             uint64_t number, double days)
{
    int grade = draw_grade(i, place, origin, number);
    union sim_data data = {.i = {[AT_ORIGIN] = origin,
                                 [AT_GRADE] = grade,
                                 [AT_CONTAINERS] = containers,
                                 [AT_NUMBER] = (int64_t)number}};
    data.f[AT_LANDED] = imports_landed_cny_t(place, grade, place->policy.origin_tariff[origin]);
    sim_schedule(place->domain, sim_now(place->domain) + (int64_t)(days * (double)SIM_DAY), 8,
                 EVENT(COMPONENT_IMPORTS, KIND_LOADED), entity_of(place, origin), &data);
}

static enum sim_status on_contract(struct imports *i, struct place *place, uint32_t entity)
{
    int origin = (int)(entity & 0xff), batch;
    uint64_t number;
    struct clock *contract = &i->contract[origin];
    if (!clock_arrival(contract, place->domain, world_trucks(place->world, contract->rate), &batch,
                       &number))
        return SIM_OK;
    struct sim_stream stream = sim_stream_at(place->domain, entity, PURPOSE_LEAD, number);
    double lead = imports_params_of(place->world)->lead_days[origin];
    schedule_loading(i, place, origin, batch, number, lead * (2 + 2 * sim_uniform(&stream)) / 3);
    return SIM_OK;
}

static enum sim_status on_loaded(struct imports *i, struct place *place,
                                 const struct sim_event *event)
{
    const struct imports_params *p = imports_params_of(place->world);
    int origin = (int)event->data.i[AT_ORIGIN], grade = (int)event->data.i[AT_GRADE];
    int containers = (int)event->data.i[AT_CONTAINERS];
    uint64_t number = (uint64_t)event->data.i[AT_NUMBER];
    const struct world_grade *class = &place->world->feed[grade];
    struct sim_stream stream = sim_stream_at(place->domain, event->entity, PURPOSE_CONTENT, number);
    double composition[ELEMENTS], scale = class->relative_sd / sqrt(containers);
    for (int e = 0; e < ELEMENTS; e++)
        composition[e] = class->composition[e] * fmax(0, 1 + scale * sim_normal_inverse(&stream));
    double metal_t = containers * p->container_t * p->metal_content;
    struct lot lot = lot_make(llround(metal_t * (double)TONNE), composition, 1 - p->metal_content);
    double recoverable = market_recoverable_t(place->world, grade, &lot);
    lot.value = place_fen(recoverable * event->data.f[AT_LANDED]);
    lot.load = (uint16_t)grade;
    lot.tier = TIER_PORT;
    lot.origin = (uint16_t)origin;
    lot.trucks = (uint16_t)containers;
    lot.serial = number;
    place_enter(place, ACCOUNT_ABROAD, ACCOUNT_MOTION, &lot);
    int64_t freight = place_fen(recoverable * p->freight_cny_t);
    int64_t handling = place_fen(recoverable * p->handling_cny_t);
    place_pay(place, ACCOUNT_CASH_PORTS, ACCOUNT_ABROAD, lot.value - freight - handling);
    place_pay(place, ACCOUNT_CASH_PORTS, ACCOUNT_SERVICES, freight);
    i->cash -= lot.value - handling;
    double year = sim_year(event->time), km = p->distance_km[origin];
    km += (imports_sailing_days(place, origin, year) -
           imports_sailing_days(place, origin, WORLD_FIRST_YEAR)) *
          p->sea_km_day;
    place_emit(place, &lot, ACCOUNT_MOTION, SCOPE_3,
               (double)lot.gross / (double)TONNE * fmax(0, km) *
                   emissions_params_of(place->world)->sea_kg_tkm);
    i->at_sea_g[origin] += lot.gross;
    int64_t wait = (int64_t)((1 + 2 * sim_uniform(&stream)) * (double)SIM_DAY);
    place_schedule(place, event->time + wait, EVENT(COMPONENT_IMPORTS, KIND_SAILED), event->entity,
                   NULL, &lot);
    return SIM_OK;
}

/* Sailing times are skewed: lognormal with a standard deviation of a fifth. */
static enum sim_status on_sailed(struct place *place, const struct sim_event *event,
                                 const struct lot *lot)
{
    struct sim_stream stream =
        sim_stream_at(place->domain, event->entity, PURPOSE_SAILING, lot->serial);
    double factor = exp(0.2 * sim_normal_inverse(&stream) - 0.02);
    double days = factor * imports_sailing_days(place, lot->origin, sim_year(event->time));
    place_schedule(place, event->time + (int64_t)(days * (double)SIM_DAY),
                   EVENT(COMPONENT_IMPORTS, KIND_ARRIVED), event->entity, NULL, lot);
    return SIM_OK;
}

static enum sim_status on_arrived(struct imports *i, struct place *place,
                                  const struct sim_event *event, const struct lot *lot)
{
    i->at_sea_g[lot->origin] -= lot->gross;
    place_move(place, ACCOUNT_MOTION, ACCOUNT_PORT, lot);
    uint32_t slot = sim_pool_take(&i->consignments);
    if (slot == UINT32_MAX)
        return sim_fail(place->domain, SIM_MEMORY, "imports: no memory for a consignment");
    struct consignment *c = sim_pool_at(&i->consignments, slot);
    *c = (struct consignment){.lot = *lot, .arrived = event->time, .live = true};
    if (sim_store_take(&i->bays, event->time, lot->trucks, slot))
        start_inspection(i, place, slot);
    return SIM_OK;
}

/* Each container is rejected by itself; the rejected ones go back with their share of all. */
static void send_back(struct imports *i, struct place *place, const struct sim_event *event,
                      struct lot *lot)
{
    uint32_t entity = entity_of(place, lot->origin);
    struct sim_stream stream = sim_stream_at(place->domain, entity, PURPOSE_REJECTION, lot->serial);
    int bad = 0;
    for (int n = 0; n < lot->trucks; n++)
        bad += sim_uniform(&stream) < imports_params_of(place->world)->rejected;
    if (bad == 0)
        return;
    struct lot back = lot_take(lot, lot->q[LOT_METAL] * bad / lot->trucks);
    back.serial = lot->serial;
    back.trucks = (uint16_t)bad;
    lot->trucks = (uint16_t)(lot->trucks - bad);
    i->month_rejected += (double)back.gross / (double)TONNE;
    place_move(place, ACCOUNT_PORT, ACCOUNT_MOTION, &back);
    double days = 3 + imports_sailing_days(place, back.origin, sim_year(event->time));
    place_schedule(place, event->time + (int64_t)(days * (double)SIM_DAY),
                   EVENT(COMPONENT_IMPORTS, KIND_RETURNED), entity, NULL, &back);
}

static enum sim_status on_inspected(struct imports *i, struct place *place,
                                    const struct sim_event *event)
{
    struct consignment *c = sim_pool_at(&i->consignments, event->entity);
    struct lot lot = c->lot;
    i->month_days += lot.trucks * (double)(event->time - c->arrived) / (double)SIM_DAY;
    i->month_inspected += lot.trucks;
    sim_store_put(&i->bays, event->time, lot.trucks);
    c->live = false;
    sim_pool_give(&i->consignments, event->entity);
    serve_bays(i, place);
    send_back(i, place, event, &lot);
    if (lot.q[LOT_METAL] == 0)
        return SIM_OK;
    place_move(place, ACCOUNT_PORT, ACCOUNT_MOTION, &lot);
    place_schedule(place, event->time + 12 * SIM_HOUR, EVENT(COMPONENT_IMPORTS, KIND_CLEARED),
                   entity_of(place, lot.origin), NULL, &lot);
    return SIM_OK;
}

static enum sim_status on_cleared(struct imports *i, struct place *place, const struct lot *lot)
{
    double recoverable = market_recoverable_t(place->world, lot->load, lot);
    int64_t handling = place_fen(recoverable * imports_params_of(place->world)->handling_cny_t);
    place_move(place, ACCOUNT_MOTION, ACCOUNT_PORT, lot);
    place_pay(place, ACCOUNT_CASH_PORTS, ACCOUNT_SERVICES, handling);
    i->cash -= handling;
    lot_add(&i->stock[lot->load], lot);
    i->month_origin[lot->origin] += (double)lot->gross / (double)TONNE;
    return SIM_OK;
}

/* The exporter pays back what it was paid; the freight is lost. */
static enum sim_status on_returned(struct imports *i, struct place *place, const struct lot *lot)
{
    const struct imports_params *p = imports_params_of(place->world);
    double recoverable = market_recoverable_t(place->world, lot->load, lot);
    int64_t refund = lot->value - place_fen(recoverable * (p->freight_cny_t + p->handling_cny_t));
    place_move(place, ACCOUNT_MOTION, ACCOUNT_ABROAD, lot);
    place_pay(place, ACCOUNT_ABROAD, ACCOUNT_CASH_PORTS, refund);
    i->cash += refund;
    return SIM_OK;
}

/* ---- the port's market */

static enum sim_status on_market(struct imports *i, struct place *place)
{
    struct market_holder holder = {.tier = TIER_PORT,
                                   .stock = i->stock,
                                   .account = ACCOUNT_PORT,
                                   .cash_account = ACCOUNT_CASH_PORTS,
                                   .cash = &i->cash};
    market_clear(place, &i->book, &i->post, &holder);
    sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 6,
                 EVENT(COMPONENT_IMPORTS, KIND_MARKET), 0, NULL);
    return SIM_OK;
}

static enum sim_status on_posting(struct imports *i, struct place *place)
{
    market_post_day(&i->post, place, TIER_PORT, i->stock, &i->book);
    sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 6,
                 EVENT(COMPONENT_IMPORTS, KIND_POSTING), 0, NULL);
    return SIM_OK;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    struct imports *i = state;
    struct place *place = place_of(domain);
    if (!i)
        return sim_fail(domain, SIM_MODEL, "imports: event %u where there is no port", event->kind);
    switch (event->kind & 0xff) {
    case KIND_ORDER:
        market_book_add(&i->book, place, event);
        return SIM_OK;
    case KIND_CONTRACT:
        return on_contract(i, place, event->entity);
    case KIND_LOADED:
        return on_loaded(i, place, event);
    case KIND_SAILED:
        return on_sailed(place, event, cargo);
    case KIND_ARRIVED:
        return on_arrived(i, place, event, cargo);
    case KIND_INSPECTED:
        return on_inspected(i, place, event);
    case KIND_CLEARED:
        return on_cleared(i, place, cargo);
    case KIND_RETURNED:
        return on_returned(i, place, cargo);
    case KIND_MORNING:
        return on_morning(i, place);
    case KIND_MARKET:
        return on_market(i, place);
    case KIND_POSTING:
        return on_posting(i, place);
    default:
        return sim_fail(domain, SIM_MODEL, "imports: unknown event %u", event->kind);
    }
}

/* ---- the component's frame */

/* Ports start with some days of stock, and with the cargo that was contracted before the start:
 * a lead's worth of contracts from every origin, loaded one after the other. */
static void fill_pipeline(struct imports *i, struct place *place, const double rate[static ORIGINS])
{
    const struct imports_params *p = imports_params_of(place->world);
    for (int o = 0; o < ORIGINS; o++) {
        double containers = rate[o] / p->container_t;
        int batch = world_trucks(place->world, containers);
        int loads = (int)(containers * p->lead_days[o] / batch);
        for (int n = 0; n < loads; n++)
            schedule_loading(i, place, o, batch, BEFORE_START + (uint64_t)n,
                             (n + 0.5) * p->lead_days[o] / loads);
    }
}

static void fill_stock(struct imports *i, struct place *place, const double sales[static GRADES])
{
    const struct imports_params *p = imports_params_of(place->world);
    for (int g = 0; g < GRADES; g++) {
        const struct world_grade *class = &place->world->feed[g];
        double metal_t = sales[g] * p->initial_days / class->recoverable;
        i->stock[g] =
            lot_make(llround(metal_t * (double)TONNE), class->composition, 1 - p->metal_content);
        i->stock[g].value = place_fen(sales[g] * p->initial_days * i->post.price[g]);
        place_move(place, ACCOUNT_ABROAD, ACCOUNT_PORT, &i->stock[g]);
    }
}

static enum sim_status start(struct imports *i, struct place *place)
{
    const struct world *world = place->world;
    const struct imports_params *p = imports_params_of(world);
    double year = sim_year(sim_now(place->domain)), gross = 0, shares = 0, sales[GRADES];
    for (int o = 0; o < ORIGINS; o++) {
        imports_read_potential(world, o, i->terms.potential[o]);
        gross += imports_potential_t_year(world, o, year) / p->potential_factor;
        i->terms.utilisation[o] = 1;
        clock_init(&i->contract[o], place->domain, EVENT(COMPONENT_IMPORTS, KIND_CONTRACT),
                   entity_of(place, o), PURPOSE_CONTRACT);
    }
    for (int g = 0; g < GRADES; g++)
        shares += p->grade_share[g];
    if (gross <= 0 || shares <= 0)
        return sim_fail(place->domain, SIM_BAD_DATA,
                        "imports.tsv has no scrap of 2020, or imports.grade_share is zero");
    gross *= world->province[place->index].scrap_import_share / 365.25;
    for (int g = 0; g < GRADES; g++)
        sales[g] =
            gross * p->metal_content * world->feed[g].recoverable * p->grade_share[g] / shares;
    market_post_init(&i->post, world, place_board(place)->nation.a00, sales);
    fill_stock(i, place, sales);
    sim_store_init(&i->bays, 0, 0, sim_now(place->domain));
    resize_bays(i, place);
    double rate[ORIGINS];
    imports_contract_rates(&i->terms, place, i->post.price, rate);
    fill_pipeline(i, place, rate);
    return SIM_OK;
}

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION || place->world->province[place->index].scrap_import_share <= 0)
        return SIM_OK;
    struct imports *i = calloc(1, sizeof *i);
    *state = i;
    if (!i || !market_book_init(&i->book, 64))
        return SIM_MEMORY;
    sim_pool_init(&i->consignments, sizeof(struct consignment));
    enum sim_status status = start(i, place);
    if (status != SIM_OK)
        return status;
    int64_t now = sim_now(domain);
    sim_schedule(domain, now + 6 * SIM_HOUR, 4, EVENT(COMPONENT_IMPORTS, KIND_MORNING), 0, NULL);
    sim_schedule(domain, now + 12 * SIM_HOUR, 6, EVENT(COMPONENT_IMPORTS, KIND_MARKET), 0, NULL);
    sim_schedule(domain, now + 18 * SIM_HOUR, 6, EVENT(COMPONENT_IMPORTS, KIND_POSTING), 0, NULL);
    return SIM_OK;
}

double imports_at_sea_t(const struct place *place)
{
    const struct imports *i = place->state[COMPONENT_IMPORTS];
    double sum = 0;
    for (int o = 0; i && o < ORIGINS; o++)
        sum += (double)i->at_sea_g[o] / (double)TONNE;
    return sum;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct imports *i = state;
    struct place *place = place_of(domain);
    double all = 0, held = 0;
    for (int o = 0; o < ORIGINS; o++) {
        all += i->month_origin[o];
        sim_sample_add(sample, OUT_ORIGIN, (size_t)o, i->month_origin[o]);
        sim_sample_add(sample, OUT_SEA, (size_t)o, (double)i->at_sea_g[o] / (double)TONNE);
        i->month_origin[o] = 0;
    }
    sim_sample_add(sample, OUT_IMPORTS, 0, all);
    sim_sample_add(sample, OUT_PROVINCE, (size_t)place->index, all);
    sim_sample_add(sample, OUT_REJECTED, 0, i->month_rejected);
    if (i->month_inspected > 0)
        sim_sample_mean(sample, OUT_DAYS, 0, i->month_days / i->month_inspected,
                        i->month_inspected);
    i->month_rejected = i->month_days = i->month_inspected = 0;
    for (int g = 0; g < GRADES; g++)
        held += lot_tonnes(&i->stock[g]);
    for (uint32_t slot = 0; slot < i->consignments.used_high; slot++) {
        const struct consignment *c = sim_pool_at(&i->consignments, slot);
        held += c->live ? lot_tonnes(&c->lot) : 0;
    }
    hubs_sample_inventory(sample, TIER_PORT, held);
    market_sample(place, sample, TIER_PORT, &i->book);
}

static void audit(const struct sim_domain *domain, const void *state, int64_t *counted)
{
    (void)domain;
    const struct imports *i = state;
    int64_t *here = &counted[ACCOUNT_PORT * QUANTITIES];
    for (int q = 0; q < LOT_QUANTITIES; q++) {
        for (int g = 0; g < GRADES; g++)
            here[q] += i->stock[g].q[q];
        for (uint32_t slot = 0; slot < i->consignments.used_high; slot++) {
            const struct consignment *c = sim_pool_at(&i->consignments, slot);
            here[q] += c->live ? c->lot.q[q] : 0;
        }
    }
    counted[ACCOUNT_CASH_PORTS * QUANTITIES + LOT_MONEY] += i->cash;
}

static void destroy(void *state)
{
    struct imports *i = state;
    if (!i)
        return;
    market_book_clear(&i->book);
    sim_store_clear(&i->bays);
    sim_pool_clear(&i->consignments);
    free(i);
}

const struct sim_component imports_component = {
    .name = "imports",
    .doc = "ports: scrap contracted abroad, shipped, inspected, cleared and sold",
    .params = imports_param_rows,
    .param_count = IMPORTS_PARAMS,
    .param_size = sizeof(struct imports_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .tables = imports_tables,
    .table_count = IMPORTS_TABLES,
    .create = create,
    .handle = handle,
    .sample = sample,
    .audit = audit,
    .destroy = destroy,
};
