/* Price of product a in a province, daily (tried: price by order cover alone would stick at the
 * primary-based alternative):
 *
 *   ln P -> ln(raw + c(u) + rho - relief), time constant 2 d, less gain * ln(order cover)
 *   bounded by [raw + c / 2, 1.02 * alternative]
 *
 * raw: cost of the recipe's charge; c(u): avoidable cost of the capacity that orders need, in merit
 * order; rho: charge for risk; relief: what the state gives back per t. */
#include "sales.h"

#include "certification.h"
#include "futures.h"
#include "plants.h"
#include "tax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sales_params {
    double theta_cny_t;
    double risk_cny_t;
    double time_days;
    double cover_gain;
    double order_days;
    double step_limit;
    double truck_t;
};

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct sales_params, FIELD, "sales." #FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH,  \
                   SOURCE, DOC)

static const struct sim_param params[] = {
    ROW(theta_cny_t, "CNY/t", 150, 1, 2000, 100, 200, "expert",
        "scale of customers' choice between suppliers"),
    ROW(risk_cny_t, "CNY/t", 245, 0, 2000, 150, 350, "derived: plants' margins of 2024",
        "charge for risk in the price of alloys; hedging lowers it"),
    ROW(time_days, "d", 2, 0.5, 60, 1, 5, "derived: stability scan",
        "time constant of alloy prices towards cost"),
    ROW(cover_gain, "1", 0.06, 0, 1, 0.03, 0.12, "derived: stability scan",
        "gain of ln(order cover) on alloy prices"),
    ROW(order_days, "d", 20, 1, 120, 10, 30, "expert", "smoothing time of orders"),
    ROW(step_limit, "1", 0.03, 0.001, 0.2, 0.02, 0.04, "expert",
        "largest change of ln price in a day"),
    ROW(truck_t, "t", 30, 5, 60, 25, 35, "expert", "mass of an alloy truck"),
};
SIM_PARAMS_COVER(params, struct sales_params);

enum { KIND_ORDER, KIND_QUOTE };

static const struct sim_kind kinds[] = {
    [KIND_ORDER] = {"sales_order", "an order for alloy enters the book"},
    [KIND_QUOTE] = {"sales_quote", "late orders lapse, and the day's prices are quoted"},
};

enum { OUT_PRICE };

static const struct sim_output outputs[] = {
    [OUT_PRICE] = {.name = "alloy_price",
                   .unit = "CNY/t",
                   .long_name = "price of alloy at the plant, without VAT",
                   .dims = {&labels_alloy},
                   .method = SIM_METHOD_MEAN,
                   .reduce = SIM_REDUCE_MEAN},
};

struct order {
    int64_t grams, deadline;
    int32_t province, sector;
};

/* A book of orders, first come first served; a ring. */
struct book {
    struct order *orders; /* owned */
    size_t head, count, capacity;
    double backlog_t;
    double today_t;       /* ordered today */
    double usual_t;       /* smoothed, t a day */
    double price, target; /* CNY/t; target: ln of the cost-based price, smoothed */
    double volume, turnover;
};

struct sales {
    struct book book[ALLOYS];
};

static const struct sales_params *params_of(const struct place *place)
{
    return place->world->params[COMPONENT_SALES];
}

double sales_theta(const struct world *world)
{
    const struct sales_params *p = world->params[COMPONENT_SALES];
    return p->theta_cny_t;
}

static struct book *book_of(const struct place *place, int alloy)
{
    struct sales *sales = place->state[COMPONENT_SALES];
    return &sales->book[alloy];
}

double sales_price(const struct place *place, int alloy)
{
    return book_of(place, alloy)->price;
}

double sales_orders_t_day(const struct place *place, int alloy)
{
    return book_of(place, alloy)->usual_t;
}

void sales_count(struct place *place, int alloy, double tonnes)
{
    book_of(place, alloy)->today_t += tonnes;
}

double sales_target_t_day(const struct place *place, int alloy)
{
    const struct smelters_params *p = plants_params_of(place->world);
    const struct book *book = book_of(place, alloy);
    double finished = plants_finished_t(place, alloy);
    double target =
        book->usual_t +
        (p->finished_days * book->usual_t - finished + book->backlog_t) / p->finished_adjust_days;
    return fmax(target, 0);
}

static struct order *order_at(struct book *book, size_t i)
{
    return &book->orders[(book->head + i) % book->capacity];
}

static void push(struct book *book, const struct order *order)
{
    if (book->count == book->capacity) {
        size_t capacity = 2 * book->capacity;
        struct order *orders = malloc(capacity * sizeof *orders);
        sim_require(orders, "out of memory for %zu orders", capacity);
        for (size_t i = 0; i < book->count; i++)
            orders[i] = *order_at(book, i);
        free(book->orders);
        book->orders = orders;
        book->capacity = capacity;
        book->head = 0;
    }
    *order_at(book, book->count++) = *order;
}

/* One lot on its way to the customer: at least a day, also within the province's neighbours. */
static void ship(struct place *place, struct book *book, int alloy, const struct order *order,
                 struct lot *lot, uint32_t plant)
{
    const struct sales_params *p = params_of(place);
    double t = lot_tonnes(lot);
    lot->load = (uint16_t)alloy;
    lot->origin = (uint16_t)place->index;
    lot->trucks = (uint16_t)ceil(t / p->truck_t);
    lot->value = 0; /* paid now, by a customer outside */
    double premium = futures_brand_cny_t(place, plant) + certification_sell(place, plant, t);
    plants_paid(place, plant, place_fen(t * (book->price + premium)));
    plants_of(place)->plant[plant].margin_cny += t * premium;
    book->volume += t;
    book->turnover += t * book->price;
    place_emit(place, lot, ACCOUNT_MOTION, SCOPE_3,
               t * place->world->freight_kg_t[place->index][order->province]);
    union sim_data data = {.i = {order->sector}};
    double days = world_days(place->world, place->index, order->province);
    place_send(place, order->province, sim_now(place->domain) + (int64_t)(days * (double)SIM_DAY),
               EVENT_CUSTOMER_TRUCK, (uint32_t)alloy, &data, lot);
}

void sales_fill(struct place *place, int alloy)
{
    struct book *book = book_of(place, alloy);
    int64_t truck = llround(params_of(place)->truck_t * (double)TONNE);
    while (book->count > 0) {
        struct order *order = order_at(book, 0);
        struct lot lot;
        uint32_t plant;
        /* All of it from one plant, else whole trucks of it. */
        int64_t grams = order->grams;
        while (!plants_draw(place, alloy, grams, &lot, &plant)) {
            if (grams <= truck)
                return;
            grams = grams / 2 / truck * truck;
            grams = grams < truck ? truck : grams;
        }
        order->grams -= grams;
        book->backlog_t -= (double)grams / (double)TONNE;
        ship(place, book, alloy, order, &lot, plant);
        if (order->grams == 0) {
            book->head = (book->head + 1) % book->capacity;
            book->count--;
        }
    }
}

static void on_order(struct place *place, const struct sim_event *event)
{
    const int64_t *i = event->data.i;
    int alloy = (int)i[0];
    struct book *book = book_of(place, alloy);
    struct order order = {
        .grams = i[1], .deadline = i[4], .province = (int32_t)i[2], .sector = (int32_t)i[3]};
    double t = (double)order.grams / (double)TONNE;
    book->backlog_t += t;
    book->today_t += t;
    push(book, &order);
    sales_fill(place, alloy);
}

/* Late orders lapse: their customers turn to primary-based alloy. */
static void lapse(struct place *place, struct book *book, int alloy)
{
    int64_t now = sim_now(place->domain);
    size_t kept = 0;
    for (size_t i = 0; i < book->count; i++) {
        struct order order = *order_at(book, i);
        if (order.deadline > now) {
            *order_at(book, kept++) = order;
            continue;
        }
        book->backlog_t -= (double)order.grams / (double)TONNE;
        union sim_data data = {.i = {alloy, order.grams, order.sector}};
        place_send(place, order.province, now + SIM_DAY, EVENT_CUSTOMER_CANCEL, (uint32_t)alloy,
                   &data, NULL);
    }
    book->count = kept;
    if (kept == 0)
        book->backlog_t = 0;
}

static double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static void quote(struct place *place, struct book *book, int alloy)
{
    const struct sales_params *p = params_of(place);
    const struct procurement_plan *plan = &plants_of(place)->desk.plan[alloy];
    double alternative = place_board(place)->nation.alternative[alloy];
    book->usual_t += (book->today_t - book->usual_t) / p->order_days;
    book->today_t = 0;
    if (!plan->ready) {
        book->price = alternative;
        return;
    }
    double finished = plants_finished_t(place, alloy), usual = book->usual_t;
    double cost = plants_merit_cost(place, alloy, usual) + certification_carbon_cny_t(place, NULL);
    double relief = plants_relief_cny_t(place, book->price, plan->cost);
    double risk = p->risk_cny_t * futures_risk_factor(place, alloy);
    double target = log(plan->cost + cost + risk - relief);
    book->target += (target - book->target) / p->time_days;
    double cover = (finished - book->backlog_t + 4 * usual) / (12 * usual + 1e-9);
    double lower = log(plan->cost + cost / 2 - relief), upper = log(1.02 * alternative);
    double wanted = book->target - p->cover_gain * clip(log(fmax(cover, 0.3)), -2, 1);
    wanted = clip(wanted, fmin(lower, upper), upper);
    double step = clip(wanted - log(book->price), -p->step_limit, p->step_limit);
    book->price *= exp(step);
}

static void publish(struct place *place, const struct book *book, int alloy)
{
    struct board_alloy *slice = &place_board_today(place)->alloy[place->index][alloy];
    double a00 = place_board(place)->nation.a00;
    double capacity = plants_capacity_t(place, alloy);
    slice->price = book->price;
    slice->orders = book->usual_t;
    slice->capacity = capacity;
    slice->stock = plants_finished_t(place, alloy);
    slice->weight = capacity > 0
                        ? capacity / 1e6 * exp(-(book->price - a00) / params_of(place)->theta_cny_t)
                        : 0;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    struct place *place = place_of(domain);
    struct sales *sales = state;
    switch (event->kind & 0xff) {
    case KIND_ORDER:
        on_order(place, event);
        return SIM_OK;
    case KIND_QUOTE:
        for (int a = 0; a < ALLOYS; a++) {
            lapse(place, &sales->book[a], a);
            quote(place, &sales->book[a], a);
            publish(place, &sales->book[a], a);
        }
        sim_schedule(domain, event->time + SIM_DAY, 8, event->kind, 0, NULL);
        return SIM_OK;
    default:
        return sim_fail(domain, SIM_MODEL, "sales: unknown event %u", event->kind);
    }
}

static void destroy(void *state)
{
    struct sales *sales = state;
    for (int a = 0; sales && a < ALLOYS; a++)
        free(sales->book[a].orders);
    free(sales);
}

/* Books start empty, with the orders that the plants' manned capacity can meet. */
static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION)
        return SIM_OK;
    struct sales *sales = calloc(1, sizeof *sales);
    *state = sales;
    if (!sales)
        return SIM_MEMORY;
    place->state[COMPONENT_SALES] = sales;
    for (int a = 0; a < ALLOYS; a++) {
        struct book *book = &sales->book[a];
        book->capacity = 64;
        book->orders = malloc(book->capacity * sizeof *book->orders);
        if (!book->orders)
            return SIM_MEMORY;
        book->usual_t = plants_capacity_t_day(place, a);
        const struct board_nation *nation = &place_board(place)->nation;
        const struct procurement_plan *plan = &plants_of(place)->desk.plan[a];
        double cost = plan->ready ? plan->cost + plants_merit_cost(place, a, book->usual_t) +
                                        params_of(place)->risk_cny_t
                                  : nation->alternative[a];
        book->price = fmin(cost, nation->alternative[a]);
        book->target = log(book->price);
        for (int b = 0; b < 2; b++) {
            struct board_alloy *slice = &place->run->boards[b].alloy[place->index][a];
            slice->price = book->price;
            slice->orders = book->usual_t;
            slice->capacity = plants_capacity_t(place, a);
            slice->stock = plants_finished_t(place, a);
            slice->weight = plants_capacity_t(place, a) / 1e6 *
                            exp(-(book->price - nation->a00) / params_of(place)->theta_cny_t);
        }
    }
    sim_schedule(domain, 19 * SIM_HOUR, 8, EVENT(COMPONENT_SALES, KIND_QUOTE), 0, NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct place *place = place_of(domain);
    struct sales *sales = state;
    for (int a = 0; a < ALLOYS; a++) {
        struct book *book = &sales->book[a];
        /* Weighted by deliveries; a month without any shows the quotations, by capacity. */
        double capacity = plants_capacity_t(place, a);
        if (book->volume > 0)
            sim_sample_mean(sample, OUT_PRICE, (size_t)a, book->turnover / book->volume,
                            book->volume);
        else if (capacity > 0)
            sim_sample_mean(sample, OUT_PRICE, (size_t)a, book->price, 1e-9 * capacity);
        book->volume = book->turnover = 0;
    }
}

const struct sim_component sales_component = {
    .name = "sales",
    .doc = "order books, shipments and prices of alloys",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct sales_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .destroy = destroy,
};
