/* Equations: daily posting with rigid, asymmetric adjustment; choice shares proportional to
 * sales * exp(-delivered cost / theta); rationing in an order that favours nobody for ever. */
#include "market.h"

#include "../sim/hash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct market_params, FIELD, "market." #FIELD, UNIT, VALUE, MIN, MAX, LOW,      \
                   HIGH, SOURCE, DOC)

static const struct sim_param params[] = {
    ROW(theta_cny_t, "CNY/t", 120, 1, 2000, 80, 160, "expert",
        "scale of buyers' choice between holders and grades"),
    ROW(base_gain, "1/d", 0.0007, 0, 0.01, 0.00035, 0.0014, "derived: stability scan",
        "gain of ln(cover) on a holder's base price"),
    ROW(cover_gain, "1", 0.05, 0, 0.5, 0.025, 0.1, "derived: stability scan",
        "gain of ln(cover) on a holder's target price"),
    ROW(cover_days, "d", 10, 1, 60, 7, 15, "expert", "stock that holders want, days of sales"),
    ROW(sales_days, "d", 20, 1, 120, 15, 30, "expert", "smoothing time of sales"),
    ROW(up, "1/d", 0.6, 0.01, 1, 0.4, 0.8, "RMI and CMRA 2025 (scrap rises faster than it falls)",
        "share of the gap closed in a day, upward"),
    ROW(down, "1/d", 0.35, 0.01, 1, 0.2, 0.5,
        "RMI and CMRA 2025 (scrap rises faster than it falls)",
        "share of the gap closed in a day, downward"),
    ROW(step_limit, "1", 0.03, 0.001, 0.2, 0.02, 0.04, "expert",
        "largest change of ln price in a day"),
    ROW(ration, "1", 0.5, 0.05, 1, 0.3, 0.7, "expert", "largest share of a stock sold in a day"),
    ROW(truck_t, "t", 25, 5, 60, 15, 32, "expert", "gross mass of a truck from holder to plant"),
};
SIM_PARAMS_COVER(params, struct market_params);

enum { OUT_PRICE, OUT_PRICE_GROSS, OUT_PRICE_PROVINCE };

static const struct sim_output outputs[] = {
    [OUT_PRICE] = {.name = "scrap_price",
                   .unit = "CNY/t",
                   .long_name = "scrap price per recoverable tonne, without VAT",
                   .dims = {&labels_tier, &labels_grade},
                   .method = SIM_METHOD_MEAN,
                   .reduce = SIM_REDUCE_MEAN},
    [OUT_PRICE_GROSS] = {.name = "scrap_price_gross",
                         .unit = "CNY/t",
                         .long_name = "scrap price per gross tonne, without VAT",
                         .dims = {&labels_tier, &labels_grade},
                         .method = SIM_METHOD_MEAN,
                         .reduce = SIM_REDUCE_MEAN},
    [OUT_PRICE_PROVINCE] = {.name = "scrap_price_by_province",
                            .unit = "CNY/t",
                            .long_name = "scrap price at hubs per recoverable tonne, without VAT",
                            .dims = {&labels_province, &labels_grade},
                            .method = SIM_METHOD_MEAN,
                            .reduce = SIM_REDUCE_MEAN,
                            .axis = SIM_AXIS_DETAIL},
};

const struct market_params *market_params_of(const struct world *world)
{
    return world->params[COMPONENT_MARKET];
}

int market_class(int tier, int grade)
{
    if (tier != TIER_SORTED)
        return grade;
    switch (grade) {
    case GRADE_THERMAL_BREAK:
        return FEED_THERMAL_BREAK_SORTED;
    case GRADE_EXTRUSION_OLD:
        return FEED_EXTRUSION_SORTED;
    case GRADE_SHEET_OLD:
        return FEED_SHEET_SORTED;
    case GRADE_SHREDDED:
        return FEED_SHREDDED_SORTED;
    default:
        return grade;
    }
}

double market_recoverable_t(const struct world *world, int class, const struct lot *pile)
{
    return lot_tonnes(pile) * world->feed[class].recoverable;
}

void market_post_init(struct market_post *post, const struct world *world, double a00,
                      const double sales_t_day[static GRADES])
{
    memset(post, 0, sizeof *post);
    for (int g = 0; g < GRADES; g++) {
        post->base[g] = log(world->feed[g].price_ratio);
        post->price[g] = world->feed[g].price_ratio * a00;
        post->sales[g] = sales_t_day[g];
    }
}

static double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* One grade's day. cover: ln(stock / wanted stock), in [-1, 1]. */
static void move_price(struct market_post *post, const struct market_params *p, int g, double cover,
                       double log_a00)
{
    post->base[g] -= p->base_gain * cover;
    double target = log_a00 + post->base[g] - p->cover_gain * cover;
    double gap = target - log(post->price[g]);
    double step = clip((gap > 0 ? p->up : p->down) * gap, -p->step_limit, p->step_limit);
    post->price[g] *= exp(step);
    post->momentum[g] += (step - post->momentum[g]) / p->sales_days;
}

void market_post_day(struct market_post *post, struct place *place, int tier,
                     const struct lot stock[static GRADES], struct market_book *book)
{
    const struct world *world = place->world;
    const struct market_params *p = market_params_of(world);
    double a00 = place_board(place)->nation.a00, log_a00 = log(a00);
    struct board_holder *slice = &place_board_today(place)->holder[place->index][tier - 1];
    for (int g = 0; g < GRADES; g++) {
        double held = market_recoverable_t(world, market_class(tier, g), &stock[g]);
        post->sales[g] += (book->sold[g] - post->sales[g]) / p->sales_days;
        double pull = fmax(post->sales[g], book->wanted[g] / 2);
        if (held > 0 || pull > 0) {
            double cover = clip(log((held + 1e-3) / (p->cover_days * pull + 1e-3)), -1, 1);
            move_price(post, p, g, cover, log_a00);
        }
        double readiness = fmax(post->sales[g], held / (3 * p->cover_days));
        slice->price[g] = post->price[g];
        slice->sales[g] = post->sales[g];
        slice->stock[g] = held;
        slice->weight[g] =
            readiness > 1e-6 ? readiness * exp(-(post->price[g] - a00) / p->theta_cny_t) : 0;
        book->wanted[g] = book->sold[g] = 0;
    }
}

bool market_book_init(struct market_book *book, size_t capacity)
{
    memset(book, 0, sizeof *book);
    book->capacity = capacity;
    book->orders = malloc(capacity * sizeof *book->orders);
    return book->orders != NULL;
}

void market_book_clear(struct market_book *book)
{
    free(book->orders);
    memset(book, 0, sizeof *book);
}

static void grow(struct market_book *book)
{
    size_t capacity = 2 * book->capacity + 16;
    struct market_order *orders = realloc(book->orders, capacity * sizeof *orders);
    sim_require(orders, "out of memory for %zu orders", capacity);
    book->orders = orders;
    book->capacity = capacity;
}

void market_book_add(struct market_book *book, struct place *place, const struct sim_event *event)
{
    if (book->count == book->capacity)
        grow(book);
    const int64_t *i = event->data.i;
    uint64_t day = (uint64_t)world_day(event->time);
    uint64_t who = (uint64_t)event->entity << 8 | (uint64_t)i[3];
    struct market_order *order = &book->orders[book->count++];
    *order = (struct market_order){
        .buyer = event->entity,
        .province = (int32_t)i[3],
        .grade = place->world->feed[i[0]].grade,
        .recoverable = i[2],
        .rank = sim_mum(day * UINT64_C(0x9e3779b97f4a7c15) + 1,
                        (who * UINT64_C(0xbf58476d1ce4e5b9)) ^ (uint64_t)i[4] ^
                            UINT64_C(0x94d049bb133111eb)),
    };
    book->wanted[order->grade] += (double)order->recoverable / (double)TONNE;
}

static int by_rank(const void *left, const void *right)
{
    const struct market_order *a = left, *b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->buyer != b->buyer)
        return a->buyer < b->buyer ? -1 : 1;
    return (a->province > b->province) - (a->province < b->province);
}

/* Tells a buyer that it will not get `missing` grams. */
static void cancel(struct place *place, const struct market_order *order, int class,
                   int64_t missing)
{
    union sim_data data = {.i = {class, missing}};
    int64_t now = sim_now(place->domain);
    if (order->buyer >= BUYER_SORTING)
        place_schedule(place, now, EVENT_SORTING_CANCEL, order->buyer, &data, NULL);
    else
        place_send(place, order->province, now + SIM_DAY, EVENT_PLANT_CANCEL, order->buyer, &data,
                   NULL);
}

static void dispatch(struct place *place, const struct market_order *order, int class,
                     const struct market_holder *holder, double price, int64_t recoverable)
{
    const struct world *world = place->world;
    struct lot *pile = &holder->stock[order->grade];
    int64_t metal = llround((double)recoverable / world->feed[class].recoverable);
    if (metal > pile->q[LOT_METAL])
        metal = pile->q[LOT_METAL];
    struct lot lot = lot_take(pile, metal);
    lot.load = (uint16_t) class;
    lot.tier = (uint16_t)holder->tier;
    lot.origin = (uint16_t)place->index;
    lot.value = place_fen((double)recoverable / (double)TONNE * price);
    double gross_t = (double)lot.gross / (double)TONNE;
    lot.trucks = (uint16_t)ceil(gross_t / market_params_of(world)->truck_t);
    place_move(place, holder->account, ACCOUNT_MOTION, &lot);
    place_emit(place, &lot, ACCOUNT_MOTION, SCOPE_3,
               gross_t * world->freight_kg_t[place->index][order->province]);
    place_pay(place, ACCOUNT_CLEARING, holder->cash_account, lot.value);
    *holder->cash += lot.value;
    union sim_data data = {.i = {recoverable}};
    int64_t now = sim_now(place->domain);
    if (order->buyer >= BUYER_SORTING) {
        place_schedule(place, now + 3 * SIM_HOUR, EVENT_SORTING_TRUCK, order->buyer, &data, &lot);
    } else if (order->province == place->index) {
        place_schedule(place, now + 6 * SIM_HOUR, EVENT_PLANT_TRUCK, order->buyer, &data, &lot);
    } else {
        double days = world_days(world, place->index, order->province);
        place_send(place, order->province, now + (int64_t)(days * (double)SIM_DAY),
                   EVENT_PLANT_TRUCK, order->buyer, &data, &lot);
    }
}

void market_clear(struct place *place, struct market_book *book, const struct market_post *post,
                  const struct market_holder *holder)
{
    const struct world *world = place->world;
    const struct market_params *p = market_params_of(world);
    int64_t left[GRADES];
    for (int g = 0; g < GRADES; g++) {
        double held = market_recoverable_t(world, market_class(holder->tier, g), &holder->stock[g]);
        left[g] = (int64_t)(p->ration * held * (double)TONNE);
    }
    qsort(book->orders, book->count, sizeof *book->orders, by_rank);
    int64_t least = (int64_t)(p->truck_t / 5 * (double)TONNE);
    for (size_t i = 0; i < book->count; i++) {
        const struct market_order *order = &book->orders[i];
        int g = order->grade, class = market_class(holder->tier, g);
        int64_t give = order->recoverable < left[g] ? order->recoverable : left[g];
        if (give < least)
            give = 0;
        if (give > 0) {
            dispatch(place, order, class, holder, post->price[g], give);
            left[g] -= give;
            double t = (double)give / (double)TONNE;
            book->sold[g] += t;
            book->month_volume[g] += t;
            book->month_turnover[g] += t * post->price[g];
        }
        if (give < order->recoverable)
            cancel(place, order, class, order->recoverable - give);
    }
    book->count = 0;
}

void market_sample_price(struct place *place, struct sim_sample *sample, int tier, int grade,
                         double price, double volume)
{
    if (volume <= 0)
        return;
    const struct world_grade *class = &place->world->feed[market_class(tier, grade)];
    double metal_yield = class->recoverable * (1 - class->nonmetal);
    size_t cell = (size_t)(tier * GRADES + grade), component = sample->component;
    sample->component = COMPONENT_MARKET;
    sim_sample_mean(sample, OUT_PRICE, cell, price, volume);
    sim_sample_mean(sample, OUT_PRICE_GROSS, cell, price * metal_yield, volume / metal_yield);
    if (tier == TIER_HUB)
        sim_sample_mean(sample, OUT_PRICE_PROVINCE, (size_t)(place->index * GRADES + grade), price,
                        volume);
    sample->component = component;
}

void market_sample(struct place *place, struct sim_sample *sample, int tier,
                   struct market_book *book)
{
    for (int g = 0; g < GRADES; g++) {
        if (book->month_volume[g] > 0)
            market_sample_price(place, sample, tier, g,
                                book->month_turnover[g] / book->month_volume[g],
                                book->month_volume[g]);
        book->month_volume[g] = book->month_turnover[g] = 0;
    }
}

const struct sim_component market_component = {
    .name = "market",
    .doc = "posted scrap prices, orders and rationing, the same for every holder",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct market_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
};
