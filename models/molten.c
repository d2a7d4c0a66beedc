/* Direct molten supply (the report's Exhibit 12). A province's die casters are forty customers of
 * equal volume at drawn distances; each turns to molten metal when the hazard of meeting the offer,
 * which rises with its saving, has added up to its exponential threshold. Contracted volume is
 * delivered by a finite fleet of ladles: called, filled, driven, delivered, returned, preheated. */
#include "molten.h"

#include "certification.h"
#include "downstream.h"
#include "emissions.h"
#include "molten_contracts.h"
#include "plants.h"
#include "sales.h"

#include "../sim/pool.h"
#include "../sim/store.h"

#include <math.h>
#include <stdlib.h>

enum {
    KIND_ORDER,
    KIND_CALLED,
    KIND_DEPARTED,
    KIND_DELIVERED,
    KIND_RETURNED,
    KIND_DAY,
    KIND_REVIEW
};

static const struct sim_kind kinds[] = {
    [KIND_ORDER] = {"molten_ordered", "a customer under contract calls for ladles"},
    [KIND_CALLED] = {"molten_called", "time to fill: a ladle and finished metal are needed"},
    [KIND_DEPARTED] = {"molten_departed", "filled ladles leave the plant"},
    [KIND_DELIVERED] = {"molten_delivered", "ladles are poured at the customer"},
    [KIND_RETURNED] = {"molten_returned", "ladles are back and preheated"},
    [KIND_DAY] = {"molten_day", "the day's contracted shares and size of the fleet"},
    [KIND_REVIEW] = {"molten_review", "customers sign, or let their contracts end"},
};

enum { OUT_OUTPUT, OUT_SHARE, OUT_PROVINCE, OUT_PASSED, OUT_DISTANCE, OUT_DELTAS, OUT_REACH };

static const struct sim_output outputs[] = {
    [OUT_OUTPUT] = {.name = "molten_output",
                    .unit = "t",
                    .long_name = "secondary alloy delivered liquid",
                    .method = SIM_METHOD_SUM},
    [OUT_SHARE] = {.name = "molten_share",
                   .unit = "1",
                   .long_name = "delivered liquid over secondary output",
                   .method = SIM_METHOD_MEAN,
                   .reduce = SIM_REDUCE_SET},
    [OUT_PROVINCE] = {.name = "molten_output_by_province",
                      .unit = "t",
                      .long_name = "secondary alloy delivered liquid",
                      .dims = {&labels_province},
                      .method = SIM_METHOD_SUM,
                      .axis = SIM_AXIS_DETAIL},
    [OUT_PASSED] = {.name = "molten_passed_on",
                    .unit = "t",
                    .long_name =
                        "calls for molten metal that were met with orders of ingot instead",
                    .method = SIM_METHOD_SUM},
    [OUT_DISTANCE] = {.name = "molten_distance",
                      .unit = "km",
                      .long_name = "mean distance of deliveries of molten metal",
                      .method = SIM_METHOD_MEAN,
                      .reduce = SIM_REDUCE_MEAN},
    [OUT_DELTAS] = {.name = "molten_delta_share",
                    .unit = "1",
                    .long_name = "share of the three deltas in what is delivered liquid",
                    .method = SIM_METHOD_MEAN,
                    .reduce = SIM_REDUCE_MEAN},
    [OUT_REACH] = {.name = "molten_reach",
                   .unit = "km",
                   .long_name = "longest distance of a delivery of molten metal",
                   .method = SIM_METHOD_MEAN,
                   .reduce = SIM_REDUCE_SET},
};

enum { PURPOSE_CUSTOMER, PURPOSE_COOLING };
enum { REVIEW_DAYS = 7, ENTITY_CALLS = MOLTEN_CUSTOMERS };

/* A call, until its ladles are poured or it is passed on. */
struct call {
    int64_t grams, deadline;
    uint64_t number;
    uint32_t entity, attempts, plant;
    int alloy, sector, ladles;
    bool hungry;    /* waits for metal, until the event `retry` */
    uint64_t retry; /* its handle */
    double km;
};

struct molten {
    struct molten_contracts contracts;
    bool started; /* demand is known, and adoption before the start has been made up for */
    double share[MOLTEN_ALLOYS];
    double flow; /* ladles a day, smoothed over 30 d */
    double called_today;
    struct sim_pool calls;
    int hungry[MOLTEN_ALLOYS]; /* calls that wait for metal */
    struct sim_store ladles;   /* free ones */
    double month_t, month_t_km, month_reach_km, month_passed_t;
    bool delta;
};

static int64_t hours(double h)
{
    return (int64_t)(h * (double)SIM_HOUR);
}

double molten_share(const struct place *place, int alloy)
{
    const struct molten *m = place->state[COMPONENT_MOLTEN];
    return m && alloy < MOLTEN_ALLOYS ? m->share[alloy] : 0;
}

double molten_month_t(const struct place *place)
{
    const struct molten *m = place->state[COMPONENT_MOLTEN];
    return m ? m->month_t : 0;
}

/* What plants can promise bounds what is under contract. */
static void set_shares(struct molten *m, const struct place *place)
{
    const struct molten_params *p = molten_params_of(place->world);
    for (int a = 0; a < MOLTEN_ALLOYS; a++) {
        double demand = downstream_demand_t_day(place, a);
        double most = p->supply_limit * plants_capacity_t_day(place, a);
        m->share[a] = (double)m->contracts.count / MOLTEN_CUSTOMERS;
        if (demand > 0)
            m->share[a] = fmin(m->share[a], most / demand);
    }
}

/* ---- ladles */

/* A cycle's mean length over the customers under contract, days. */
static double cycle_days(const struct molten *m, const struct place *place)
{
    const struct molten_params *p = molten_params_of(place->world);
    double km = 0;
    for (int c = 0; c < MOLTEN_CUSTOMERS; c++)
        km += m->contracts.customer[c].signed_up ? m->contracts.customer[c].km : 0;
    double mean = m->contracts.count > 0 ? km / m->contracts.count : p->median_km;
    return (2 * mean / p->speed_km_h + p->handling_h + p->preheat_h) / 24;
}

/* New ladles come at once; superfluous ones are retired as they stand empty. A call must always
 * fit, however many ladles it asks for. */
static void resize_fleet(struct molten *m, const struct place *place)
{
    const struct molten_params *p = molten_params_of(place->world);
    int64_t wanted = (int64_t)ceil(p->fleet_factor * m->flow * cycle_days(m, place));
    int64_t least = 2 * place->world->trucks_per_lot;
    wanted = wanted > least ? wanted : least;
    int64_t change = wanted - m->ladles.capacity;
    if (change < -m->ladles.level)
        change = -m->ladles.level;
    m->ladles.capacity += change;
    m->ladles.level += change;
}

static void drop_call(struct molten *m, uint32_t slot)
{
    sim_pool_give(&m->calls, slot);
}

/* The customer melts ingot instead. */
static void pass_on(struct molten *m, struct place *place, uint32_t slot)
{
    struct call call = *(struct call *)sim_pool_at(&m->calls, slot);
    drop_call(m, slot);
    m->month_passed_t += (double)call.grams / (double)TONNE;
    downstream_order(place, call.alloy, call.grams, call.sector, call.entity, call.number);
}

/* Tries again in an hour, or passes on what would then be too late. */
static void postpone(struct molten *m, struct place *place, uint32_t slot, bool hungry)
{
    struct call *call = sim_pool_at(&m->calls, slot);
    int64_t later = sim_now(place->domain) + hours(molten_params_of(place->world)->retry_h);
    call->attempts++;
    if (later > call->deadline) {
        pass_on(m, place, slot);
        return;
    }
    call->hungry = hungry;
    m->hungry[call->alloy] += hungry;
    call->retry =
        sim_schedule(place->domain, later, 8, EVENT(COMPONENT_MOLTEN, KIND_CALLED), slot, NULL);
}

/* As many of the call's ladles as one plant can fill: all of them, else half, a quarter, ... */
static int draw_ladles(struct place *place, struct call *call, struct lot *lot)
{
    for (int n = call->ladles; n > 0; n /= 2) {
        if (plants_draw(place, call->alloy, call->grams / call->ladles * n, lot, &call->plant))
            return n;
    }
    return 0;
}

/* Ladles that found no metal go on as a call of their own. */
static void split(struct molten *m, struct place *place, uint32_t slot, int filled)
{
    struct call *call = sim_pool_at(&m->calls, slot);
    uint32_t rest = sim_pool_take(&m->calls);
    sim_require(rest != UINT32_MAX, "no memory for a call");
    struct call *other = sim_pool_at(&m->calls, rest);
    *other = *call;
    call->grams = call->grams / call->ladles * filled;
    call->ladles = filled;
    other->grams -= call->grams;
    other->ladles -= filled;
    sim_store_put(&m->ladles, sim_now(place->domain), other->ladles);
    postpone(m, place, rest, true);
}

/* A call with its ladles in hand. How well they hold heat is known before they are filled, and
 * drawn anew at every attempt. False: none is filled, and all are free again. */
static bool fill(struct molten *m, struct place *place, uint32_t slot)
{
    const struct molten_params *p = molten_params_of(place->world);
    struct call *call = sim_pool_at(&m->calls, slot);
    int64_t now = sim_now(place->domain);
    struct lot lot;
    struct sim_stream stream =
        sim_stream_at(place->domain, molten_entity(place, ENTITY_CALLS + call->alloy),
                      PURPOSE_COOLING, call->number << 8 | (call->attempts & 0xff));
    double cooling = p->cooling_low + (p->cooling_high - p->cooling_low) * sim_uniform(&stream);
    bool cold = molten_arrival_c(place->world, call->km, cooling) < p->minimum_c;
    bool late = now > call->deadline;
    int filled = late || cold ? 0 : draw_ladles(place, call, &lot);
    if (filled == 0) {
        sim_store_put(&m->ladles, now, call->ladles);
        postpone(m, place, slot, !late && !cold);
        return false;
    }
    if (filled < call->ladles)
        split(m, place, slot, filled);
    lot.trucks = (uint16_t)filled;
    lot.serial = call->number;
    lot.value = 0; /* paid at the pour, by a customer outside */
    place_emit(place, &lot, ACCOUNT_MOTION, SCOPE_3,
               lot_tonnes(&lot) * call->km * emissions_params_of(place->world)->ladle_kg_tkm);
    place_schedule(place, now + hours(p->handling_h / 2), EVENT(COMPONENT_MOLTEN, KIND_DEPARTED),
                   slot, NULL, &lot);
    return true;
}

static void serve(struct molten *m, struct place *place)
{
    uint64_t next;
    while (sim_store_next(&m->ladles, sim_now(place->domain), &next))
        fill(m, place, (uint32_t)next);
}

/* The customer that calls: any under contract, with equal chances. */
static const struct molten_customer *
draw_customer(const struct molten *m, const struct place *place, int alloy, uint64_t number)
{
    uint32_t entity = molten_entity(place, ENTITY_CALLS + alloy);
    struct sim_stream stream = sim_stream_at(place->domain, entity, PURPOSE_CUSTOMER, number);
    int pick = (int)(sim_uniform(&stream) * m->contracts.count);
    for (int c = 0; c < MOLTEN_CUSTOMERS; c++) {
        if (m->contracts.customer[c].signed_up && pick-- == 0)
            return &m->contracts.customer[c];
    }
    return NULL;
}

static enum sim_status on_order(struct molten *m, struct place *place,
                                const struct sim_event *event)
{
    const struct molten_params *p = molten_params_of(place->world);
    const int64_t *i = event->data.i;
    uint64_t number = (uint64_t)i[4];
    double t = (double)i[1] / (double)TONNE;
    if (i[0] < 0 || i[0] >= MOLTEN_ALLOYS || i[3] < 1 || i[3] > place->world->trucks_per_lot)
        return sim_fail(place->domain, SIM_MODEL, "molten: %lld ladles of alloy %lld",
                        (long long)i[3], (long long)i[0]);
    const struct molten_customer *customer = draw_customer(m, place, (int)i[0], number);
    if (!customer) {
        m->month_passed_t += t;
        downstream_order(place, (int)i[0], i[1], (int)i[2], event->entity, number);
        return SIM_OK;
    }
    uint32_t slot = sim_pool_take(&m->calls);
    if (slot == UINT32_MAX)
        return sim_fail(place->domain, SIM_MEMORY, "molten: no memory for a call");
    *(struct call *)sim_pool_at(&m->calls, slot) = (struct call){
        .grams = i[1],
        .deadline = event->time + hours(p->wait_h),
        .number = number,
        .entity = event->entity,
        .alloy = (int)i[0],
        .sector = (int)i[2],
        .ladles = (int)i[3],
        .km = customer->km,
    };
    m->called_today += (double)i[3];
    sales_count(place, (int)i[0], t);
    double spare = p->ahead_h - customer->km / p->speed_km_h - p->handling_h;
    sim_schedule(place->domain, event->time + hours(fmax(0, spare)), 8,
                 EVENT(COMPONENT_MOLTEN, KIND_CALLED), slot, NULL);
    return SIM_OK;
}

static void no_longer_hungry(struct molten *m, struct call *call)
{
    m->hungry[call->alloy] -= call->hungry;
    call->hungry = false;
}

static enum sim_status on_called(struct molten *m, struct place *place, uint32_t slot)
{
    struct call *call = sim_pool_at(&m->calls, slot);
    no_longer_hungry(m, call);
    if (sim_store_take(&m->ladles, sim_now(place->domain), call->ladles, slot) &&
        !fill(m, place, slot))
        serve(m, place);
    return SIM_OK;
}

void molten_serve(struct place *place, int alloy)
{
    struct molten *m = place->state[COMPONENT_MOLTEN];
    if (!m || alloy >= MOLTEN_ALLOYS)
        return;
    uint32_t end = m->calls.used_high; /* calls that are split meanwhile wait for the next time */
    for (uint32_t slot = 0; slot < end && m->hungry[alloy] > 0; slot++) {
        struct call *call = sim_pool_at(&m->calls, slot);
        if (!call->hungry || call->alloy != alloy || call->ladles > m->ladles.level ||
            m->ladles.waiting > 0 || plants_finished_t(place, alloy) < molten_ladle_t(place->world))
            continue;
        no_longer_hungry(m, call);
        sim_require(sim_cancel(place->domain, call->retry), "a call without its retry");
        sim_store_take(&m->ladles, sim_now(place->domain), call->ladles, slot);
        fill(m, place, slot);
    }
}

static enum sim_status on_departed(struct molten *m, struct place *place,
                                   const struct sim_event *event, const struct lot *lot)
{
    const struct molten_params *p = molten_params_of(place->world);
    const struct call *call = sim_pool_at(&m->calls, event->entity);
    place_schedule(place, event->time + hours(call->km / p->speed_km_h + p->handling_h / 2),
                   EVENT(COMPONENT_MOLTEN, KIND_DELIVERED), event->entity, NULL, lot);
    return SIM_OK;
}

/* Plants are paid the price of ingot and half of what the customer saves, without VAT. */
static void charge(struct place *place, const struct call *call, double t)
{
    const struct molten_params *p = molten_params_of(place->world);
    double gain = fmax(0, molten_gain_cny_t(place, call->km, sim_year(sim_now(place->domain))));
    double price = place_board(place)->alloy[place->index][call->alloy].price;
    double premium = certification_sell(place, call->plant, t);
    plants_of(place)->plant[call->plant].margin_cny += t * premium;
    plants_paid(place, call->plant, place_fen(t * (price + premium + gain / 2 / (1 + p->vat))));
}

static enum sim_status on_delivered(struct molten *m, struct place *place,
                                    const struct sim_event *event, const struct lot *cargo)
{
    const struct molten_params *p = molten_params_of(place->world);
    struct call call = *(struct call *)sim_pool_at(&m->calls, event->entity);
    struct lot lot = *cargo;
    drop_call(m, event->entity);
    charge(place, &call, lot_tonnes(&lot));
    /* What is lost leaves its emissions to what is delivered. */
    struct lot lost = lot_take(&lot, llround(p->loss * (double)lot.q[LOT_METAL]));
    lot_keep_embodied(&lot, &lost);
    place_move(place, ACCOUNT_MOTION, ACCOUNT_LOSSES, &lost);
    double t = lot_tonnes(&lot);
    place_emit(place, &lot, ACCOUNT_MOTION, SCOPE_3, t * emissions_holding(place->world));
    place_move(place, ACCOUNT_MOTION, ACCOUNT_CUSTOMERS, &lot);
    downstream_delivered(place, &lot, call.sector);
    plants_of(place)->shipped_molten_t += t;
    m->month_t += t;
    m->month_t_km += t * call.km;
    m->month_reach_km = fmax(m->month_reach_km, call.km);
    union sim_data data = {.i = {call.ladles}};
    sim_schedule(place->domain, event->time + hours(call.km / p->speed_km_h + p->preheat_h), 8,
                 EVENT(COMPONENT_MOLTEN, KIND_RETURNED), call.entity, &data);
    return SIM_OK;
}

static enum sim_status on_returned(struct molten *m, struct place *place,
                                   const struct sim_event *event)
{
    sim_store_put(&m->ladles, event->time, event->data.i[0]);
    serve(m, place);
    return SIM_OK;
}

/* The first morning that knows demand: adoption before the start, and a fleet for it. */
static void start(struct molten *m, struct place *place)
{
    const struct molten_params *p = molten_params_of(place->world);
    double year = sim_year(sim_now(place->domain)), t_day = 0;
    molten_contracts_adopt(&m->contracts, place, year, fmax(0, year - p->start_year),
                           molten_sufficiency(place));
    set_shares(m, place);
    for (int a = 0; a < MOLTEN_ALLOYS; a++)
        t_day += m->share[a] * downstream_demand_t_day(place, a);
    m->flow = t_day / p->ladle_t;
    m->started = true;
}

static enum sim_status on_day(struct molten *m, struct place *place)
{
    if (!m->started)
        start(m, place);
    else
        m->flow += (m->called_today - m->flow) / 30;
    m->called_today = 0;
    set_shares(m, place);
    resize_fleet(m, place);
    serve(m, place);
    sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 4,
                 EVENT(COMPONENT_MOLTEN, KIND_DAY), 0, NULL);
    return SIM_OK;
}

static enum sim_status on_review(struct molten *m, struct place *place)
{
    molten_contracts_adopt(&m->contracts, place, sim_year(sim_now(place->domain)),
                           REVIEW_DAYS / 365.25, molten_sufficiency(place));
    sim_schedule(place->domain, sim_now(place->domain) + REVIEW_DAYS * SIM_DAY, 4,
                 EVENT(COMPONENT_MOLTEN, KIND_REVIEW), 0, NULL);
    return SIM_OK;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    struct molten *m = state;
    struct place *place = place_of(domain);
    switch (event->kind & 0xff) {
    case KIND_ORDER:
        return on_order(m, place, event);
    case KIND_CALLED:
        return on_called(m, place, event->entity);
    case KIND_DEPARTED:
        return on_departed(m, place, event, cargo);
    case KIND_DELIVERED:
        return on_delivered(m, place, event, cargo);
    case KIND_RETURNED:
        return on_returned(m, place, event);
    case KIND_DAY:
        return on_day(m, place);
    case KIND_REVIEW:
        return on_review(m, place);
    default:
        return sim_fail(domain, SIM_MODEL, "molten: unknown event %u", event->kind);
    }
}

/* ---- the component's frame */

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION)
        return SIM_OK;
    struct molten *m = calloc(1, sizeof *m);
    *state = m;
    if (!m)
        return SIM_MEMORY;
    m->delta = place->world->province[place->index].delta;
    sim_pool_init(&m->calls, sizeof(struct call));
    sim_store_init(&m->ladles, 0, 0, sim_now(domain));
    molten_contracts_draw(&m->contracts, place);
    sim_schedule(domain, sim_now(domain) + 4 * SIM_HOUR, 4, EVENT(COMPONENT_MOLTEN, KIND_DAY), 0,
                 NULL);
    sim_schedule(domain, sim_now(domain) + REVIEW_DAYS * SIM_DAY + SIM_HOUR, 4,
                 EVENT(COMPONENT_MOLTEN, KIND_REVIEW), 0, NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct molten *m = state;
    const struct place *place = place_of(domain);
    sim_sample_add(sample, OUT_OUTPUT, 0, m->month_t);
    sim_sample_add(sample, OUT_PROVINCE, (size_t)place->index, m->month_t);
    sim_sample_add(sample, OUT_PASSED, 0, m->month_passed_t);
    if (m->month_t > 0) {
        sim_sample_mean(sample, OUT_DISTANCE, 0, m->month_t_km / m->month_t, m->month_t);
        sim_sample_mean(sample, OUT_DELTAS, 0, m->delta ? 1 : 0, m->month_t);
    }
    m->month_t = m->month_t_km = m->month_passed_t = 0;
}

/* Shares need the output of all plants. */
static void summarise(void *const *states, size_t domains, struct sim_sample *sample)
{
    double reach = 0;
    for (size_t d = 0; d < domains; d++) {
        struct molten *m = states[d];
        if (!m)
            continue;
        reach = fmax(reach, m->month_reach_km);
        m->month_reach_km = 0;
    }
    if (reach > 0)
        sim_sample_set(sample, OUT_REACH, 0, reach);
    const struct sim_variable *output = sim_layout_find(sample->layout, "output");
    if (!output)
        return;
    double all = sim_sample_get(sample, output->component, output->index, 0);
    if (all > 0)
        sim_sample_set(sample, OUT_SHARE, 0,
                       sim_sample_get(sample, COMPONENT_MOLTEN, OUT_OUTPUT, 0) / all);
}

static void destroy(void *state)
{
    struct molten *m = state;
    if (!m)
        return;
    sim_store_clear(&m->ladles);
    sim_pool_clear(&m->calls);
    free(m);
}

const struct sim_component molten_component = {
    .name = "molten",
    .doc = "molten metal delivered to die casters by ladle",
    .params = molten_param_rows,
    .param_count = MOLTEN_PARAMS,
    .param_size = sizeof(struct molten_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .summarise = summarise,
    .destroy = destroy,
};
