/* Trucks under reverse collection contracts: from sources to plants, and what of it plants take. */
#include "closed_loop.h"

#include "closed_loop_contracts.h"
#include "emissions.h"
#include "hubs.h"
#include "market.h"
#include "new_scrap.h"
#include "plants.h"
#include "sales.h"

#include <math.h>
#include <stdlib.h>

enum { KIND_TRUCK, KIND_LOADED, KIND_DAY };
static const struct sim_kind kinds[] = {
    [KIND_TRUCK] = {"loop_truck", "a lot under contract reaches the province of its plant"},
    [KIND_LOADED] = {"loop_loaded", "a source sends a truck under contract"},
    [KIND_DAY] = {"loop_day", "gains and flows of the day; contracts once a month"},
};

enum { OUT_FLOW, OUT_PROGRAMME, OUT_SHARE };
static const struct sim_output outputs[] = {
    [OUT_FLOW] = {.name = "closed_loop_flow",
                  .unit = "t",
                  .long_name = "scrap received under reverse collection contracts, metal",
                  .method = SIM_METHOD_SUM},
    [OUT_PROGRAMME] = {.name = "closed_loop_by_programme",
                       .unit = "t",
                       .long_name = "scrap received under reverse collection contracts, metal",
                       .dims = {&labels_programme},
                       .method = SIM_METHOD_SUM},
    [OUT_SHARE] = {.name = "closed_loop_signed",
                   .unit = "1",
                   .long_name = "share of sources under contract, by volume",
                   .dims = {&labels_programme},
                   .method = SIM_METHOD_MEAN,
                   .reduce = SIM_REDUCE_MEAN},
};

struct closed_loop {
    struct closed_loop_contracts route[LOOP_ROUTES];
    double month[PROGRAMMES];
};

static struct closed_loop *state_of(const struct place *place)
{
    return place->state[COMPONENT_CLOSED_LOOP];
}

enum { MONTH_DAYS = 30 };
enum { PURPOSE_ARRIVAL, PURPOSE_CONTENT };

static bool of_sector(const struct closed_loop_route *route, int sector)
{
    return route->sectors[0] == sector || route->sectors[1] == sector;
}

static double share_of(const struct place *place, int sector, int grade, bool old)
{
    const struct closed_loop *c = state_of(place);
    for (int r = 0; c && r < LOOP_ROUTES; r++) {
        if (closed_loop_routes[r].grade == grade && closed_loop_routes[r].old == old &&
            of_sector(&closed_loop_routes[r], sector))
            return c->route[r].share * c->route[r].accepted;
    }
    return 0;
}

double closed_loop_share_old(const struct place *place, int sector, int grade)
{
    return share_of(place, sector, grade, true);
}

double closed_loop_share_new(const struct place *place, int sector, int grade)
{
    return share_of(place, sector, grade, false);
}

static const struct closed_loop_contracts *supplier(const struct place *place, int alloy, int class)
{
    const struct closed_loop *c = state_of(place);
    for (int r = 0; c && r < LOOP_ROUTES; r++) {
        if (closed_loop_routes[r].class == class && closed_loop_routes[r].alloy == alloy)
            return &c->route[r];
    }
    return NULL;
}

double closed_loop_supply_t_day(const struct place *place, int alloy, int class)
{
    const struct closed_loop_contracts *c = supplier(place, alloy, class);
    return c ? c->supply_t_day : 0;
}

double closed_loop_cost_cny_t(const struct place *place, int alloy, int class)
{
    const struct closed_loop_contracts *c = supplier(place, alloy, class);
    return c ? c->cost_cny_t : 0;
}

static void send_day(struct closed_loop *c, struct place *place, int r)
{
    const struct closed_loop_params *p = closed_loop_params_of(place->world);
    struct closed_loop_contracts *route = &c->route[r];
    struct board_loop *slice = &place_board_today(place)->loop[place->index][r];
    closed_loop_offer_day(route, place, r);
    route->accepted = route->to >= 0 ? place_board(place)->loop[route->to][r].accept : 0;
    double t_day = closed_loop_potential_t_day(place, r) * route->share;
    double trucks = t_day * route->accepted / p->truck_t;
    clock_set(&route->truck, place->domain, trucks, world_trucks(place->world, trucks));
    slice->flow =
        route->to >= 0 ? t_day * place->world->feed[closed_loop_routes[r].class].recoverable : 0;
    slice->to = route->to;
}

/* ---- the user of the metal */

/* t recoverable a day that others have contracted to send here, for one alloy. */
static double contracted_t_day(const struct place *place, int alloy)
{
    double t = 0;
    for (int q = 0; q < PROVINCES; q++) {
        for (int r = 0; r < LOOP_ROUTES; r++) {
            const struct board_loop *loop = &place_board(place)->loop[q][r];
            if (closed_loop_routes[r].alloy == alloy && loop->flow > 0 && loop->to == place->index)
                t += loop->flow;
        }
    }
    return t;
}

/* Days of use of a class that the plants of an alloy hold. */
static double cover_days(const struct place *place, int alloy, int class, double use_t_day)
{
    const struct plants *plants = plants_of(place);
    double held = 0;
    for (int i = 0; i < plants->count; i++) {
        if (plants->plant[i].alloy == alloy)
            held += market_recoverable_t(place->world, class, &plants->plant[i].feed[class]);
    }
    return held > 0 ? held / fmax(use_t_day, 1e-3) : 0;
}

static double clip(double x)
{
    return fmin(1, fmax(0, x));
}

static void use_day(struct closed_loop *c, struct place *place, int r)
{
    const struct closed_loop_params *p = closed_loop_params_of(place->world);
    const struct closed_loop_route *route = &closed_loop_routes[r];
    const struct procurement_plan *plan = &plants_of(place)->desk.plan[route->alloy];
    struct board_loop *slice = &place_board_today(place)->loop[place->index][r];
    struct closed_loop_contracts *here = &c->route[r];
    here->supply_t_day += (here->today_t - here->supply_t_day) / MONTH_DAYS;
    if (here->today_t > 0) {
        double cost = here->today_cny / here->today_t;
        here->cost_cny_t += here->cost_cny_t > 0 ? (cost - here->cost_cny_t) / 7 : cost;
    }
    here->today_t = here->today_cny = 0;
    double production =
        fmin(sales_orders_t_day(place, route->alloy), plants_capacity_t_day(place, route->alloy));
    bool able = plan->ready && production > 0;
    double contracted = contracted_t_day(place, route->alloy), limit = p->charge_limit * production;
    double cover =
        cover_days(place, route->alloy, route->class, plan->share[route->class] * production);
    slice->value = able ? plan->cost * (1 - place->world->feed[route->class].melt_loss) : 0;
    slice->room = able ? limit - contracted : 0;
    slice->accept =
        able ? fmin(contracted > limit ? limit / contracted : 1, clip(2 - cover / p->cover_days))
             : 0;
}

/* ---- events */

static enum sim_status on_day(struct closed_loop *c, struct place *place)
{
    for (int r = 0; r < LOOP_ROUTES; r++) {
        use_day(c, place, r);
        send_day(c, place, r);
    }
    sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 4,
                 EVENT(COMPONENT_CLOSED_LOOP, KIND_DAY), 0, NULL);
    return SIM_OK;
}

static struct lot load(const struct place *place, const struct closed_loop_route *route, int batch,
                       uint64_t number, uint32_t entity)
{
    const struct closed_loop_params *p = closed_loop_params_of(place->world);
    const struct world_grade *class = &place->world->feed[route->class];
    struct sim_stream stream = sim_stream_at(place->domain, entity, PURPOSE_CONTENT, number);
    double composition[ELEMENTS], scale = p->contents_sd * class->relative_sd / sqrt(batch);
    for (int e = 0; e < ELEMENTS; e++)
        composition[e] = class->composition[e] * fmax(0, 1 + scale * sim_normal_inverse(&stream));
    struct lot lot =
        lot_make(llround(batch * p->truck_t * (double)TONNE), composition, class->nonmetal);
    lot.load = (uint16_t)route->class;
    lot.tier = TIER_COLLECTOR;
    lot.origin = (uint16_t)place->index;
    lot.trucks = (uint16_t)batch;
    lot.serial = number;
    if (!route->old)
        lot.q[LOT_BURDEN] = new_scrap_burden(place, route->grade, &lot);
    return lot;
}

static enum sim_status on_loaded(struct closed_loop *c, struct place *place, uint32_t entity)
{
    int r = (int)(entity & 0xff), batch;
    uint64_t number;
    struct closed_loop_contracts *route = &c->route[r];
    if (!clock_arrival(&route->truck, place->domain, world_trucks(place->world, route->truck.rate),
                       &batch, &number))
        return SIM_OK;
    sim_require(route->to >= 0, "a truck without a plant, route %d", r);
    struct lot lot = load(place, &closed_loop_routes[r], batch, number, entity);
    double recoverable = market_recoverable_t(place->world, closed_loop_routes[r].class, &lot);
    int64_t now = sim_now(place->domain);
    double support = closed_loop_support(place->world, closed_loop_routes[r].programme, now);
    int account = closed_loop_routes[r].old ? ACCOUNT_IN_USE : ACCOUNT_FABRICATION;
    lot.value = place_fen(recoverable * closed_loop_price(route, place, r, support));
    place_pay(place, ACCOUNT_STATE, account, place_fen(recoverable * support));
    place_enter(place, account, ACCOUNT_MOTION, &lot);
    double gross_t = (double)lot.gross / (double)TONNE;
    place_emit(place, &lot, ACCOUNT_MOTION, SCOPE_3,
               gross_t * (closed_loop_params_of(place->world)->distance_km *
                              emissions_params_of(place->world)->truck_kg_tkm +
                          place->world->freight_kg_t[place->index][route->to]));
    union sim_data data = {.i = {account, r}};
    if (route->to == place->index)
        place_schedule(place, now + 6 * SIM_HOUR, EVENT_LOOP_TRUCK, entity, &data, &lot);
    else
        place_send(
            place, route->to,
            now + (int64_t)(world_days(place->world, place->index, route->to) * (double)SIM_DAY),
            EVENT_LOOP_TRUCK, entity, &data, &lot);
    return SIM_OK;
}

/* The plant that will be out of the class first; -1 where none makes the alloy any more. */
static int neediest(const struct place *place, const struct closed_loop_route *route)
{
    const struct plants *plants = plants_of(place);
    double least = INFINITY;
    int number = -1;
    for (int i = 0; i < plants->count; i++) {
        const struct plant *plant = &plants->plant[i];
        if (plant->alloy != route->alloy || plant->capacity_t * plant->open <= 0)
            continue;
        double held = market_recoverable_t(place->world, route->class, &plant->feed[route->class]);
        double cover = held / (plant->capacity_t * plant->open);
        if (cover < least) {
            least = cover;
            number = i;
        }
    }
    return number;
}

/* Without a plant the load is sold to the hub, like any other, at its price. */
static enum sim_status on_truck(struct closed_loop *c, struct place *place,
                                const struct sim_event *event, const struct lot *cargo)
{
    int r = (int)event->data.i[1], number = neediest(place, &closed_loop_routes[r]);
    struct lot lot = *cargo;
    int64_t soon = sim_now(place->domain) + SIM_HOUR;
    if (number < 0) {
        union sim_data sold = {.i = {event->data.i[0]}};
        lot.load = (uint16_t)closed_loop_routes[r].grade;
        lot.tier = TIER_HUB;
        lot.origin = (uint16_t)place->index;
        lot.value = hubs_offer(place, closed_loop_routes[r].grade, &lot);
        place_schedule(place, soon, EVENT_HUB_TRUCK, (uint32_t)closed_loop_routes[r].grade, &sold,
                       &lot);
        return SIM_OK;
    }
    double recoverable = market_recoverable_t(place->world, closed_loop_routes[r].class, &lot);
    double freight =
        (double)lot.gross / (double)TONNE * place->world->freight[lot.origin][place->index];
    c->route[r].today_t += recoverable;
    c->route[r].today_cny += (double)lot.value / 100 + freight;
    c->month[closed_loop_routes[r].programme] += lot_tonnes(&lot);
    union sim_data data = {.i = {0, event->data.i[0]}};
    place_schedule(place, soon, EVENT_PLANT_TRUCK, (uint32_t)number, &data, &lot);
    return SIM_OK;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    struct place *place = place_of(domain);
    switch (event->kind & 0xff) {
    case KIND_TRUCK:
        return on_truck(state, place, event, cargo);
    case KIND_LOADED:
        return on_loaded(state, place, event->entity);
    case KIND_DAY:
        return on_day(state, place);
    default:
        return sim_fail(domain, SIM_MODEL, "closed_loop: unknown event %u", event->kind);
    }
}

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION)
        return SIM_OK;
    struct closed_loop *c = calloc(1, sizeof *c);
    *state = c;
    if (!c)
        return SIM_MEMORY;
    for (int r = 0; r < LOOP_ROUTES; r++) {
        closed_loop_draw(&c->route[r], place, r);
        clock_init(&c->route[r].truck, domain, EVENT(COMPONENT_CLOSED_LOOP, KIND_LOADED),
                   closed_loop_entity(place, r), PURPOSE_ARRIVAL);
        for (int b = 0; b < 2; b++)
            place->run->boards[b].loop[place->index][r].to = -1;
    }
    sim_schedule(domain, sim_now(domain) + 5 * SIM_HOUR, 4, EVENT(COMPONENT_CLOSED_LOOP, KIND_DAY),
                 0, NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct place *place = place_of(domain);
    struct closed_loop *c = state;
    for (int m = 0; m < PROGRAMMES && c; m++) {
        sim_sample_add(sample, OUT_FLOW, 0, c->month[m]);
        sim_sample_add(sample, OUT_PROGRAMME, (size_t)m, c->month[m]);
        c->month[m] = 0;
    }
    for (int r = 0; r < LOOP_ROUTES && c; r++)
        sim_sample_mean(sample, OUT_SHARE, (size_t)closed_loop_routes[r].programme,
                        (double)c->route[r].count / CLOSED_LOOP_SOURCES,
                        1e-6 + closed_loop_potential_t_day(place, r));
}

const struct sim_component closed_loop_component = {
    .name = "closed_loop",
    .doc = "reverse collection contracts that bring metal back to the alloy that it was",
    .params = closed_loop_param_rows,
    .param_count = CLOSED_LOOP_PARAMS,
    .param_size = sizeof(struct closed_loop_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .policies = &closed_loop_policy,
    .policy_count = 1,
    .create = create,
    .handle = handle,
    .sample = sample,
    .destroy = free,
};
