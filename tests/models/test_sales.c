/* Order books, shipments and prices of a province's alloys: the sales desk alone, with plants whose
 * stock the test fills. */
#include "whole.h"

#include "../suite.h"

enum {
    GUANGDONG = 18,
    HUNAN = 17,
    SHANDONG = 14,
    QUOTE = (COMPONENT_SALES << 8) + 1,
    OUT = 64 /* shipments and cancellations that a test can see */
};

/* What left the province, in the order of its time. */
struct out {
    int count;
    struct {
        uint16_t kind;
        uint32_t to;
        int64_t time, grams, sector;
    } item[OUT];
};

static void see(void *to, uint32_t domain, const struct sim_event *event, const void *cargo)
{
    struct out *out = to;
    if ((event->kind != EVENT_CUSTOMER_TRUCK && event->kind != EVENT_CUSTOMER_CANCEL) ||
        event->entity != ALLOY_ADC12 || out->count == OUT)
        return;
    const struct lot *lot = cargo;
    int i = out->count++;
    out->item[i].kind = event->kind;
    out->item[i].to = domain;
    out->item[i].time = event->time;
    out->item[i].grams = lot ? lot->q[LOT_METAL] : event->data.i[1];
    out->item[i].sector = lot ? event->data.i[0] : event->data.i[2];
}

static struct out pending(struct whole *w)
{
    struct out out = {.count = 0};
    sim_engine_pending(w->f.engine, see, &out);
    return out;
}

static int64_t grams_of(const struct out *out, uint16_t kind, int sector)
{
    int64_t grams = 0;
    for (int i = 0; i < out->count; i++)
        grams +=
            out->item[i].kind == kind && out->item[i].sector == sector ? out->item[i].grams : 0;
    return grams;
}

/* Sales alone; the plants of Guangdong have `tonnes` of ADC12 in all, in the first of them. */
static struct whole *ready(double tonnes)
{
    struct whole *w = whole_open();
    fixture_set(&w->f, "sales.truck_t", 30);
    fixture_set(&w->f, "sales.order_days", 20);
    whole_start(w, 3);
    whole_only(w, COMPONENT_SALES);
    struct place *place = &w->f.places[GUANGDONG];
    struct plants *plants = plants_of(place);
    bool filled = false;
    for (int i = 0; i < plants->count; i++) {
        struct plant *plant = &plants->plant[i];
        if (plant->alloy != ALLOY_ADC12)
            continue;
        place_move(place, ACCOUNT_FINISHED, ACCOUNT_CUSTOMERS, &plant->finished);
        memset(&plant->finished, 0, sizeof plant->finished);
        if (filled)
            continue;
        filled = true;
        plant->finished =
            lot_make((int64_t)(tonnes * 1e6), w->f.world->alloy[ALLOY_ADC12].typical, 0);
        place_move(place, ACCOUNT_METALS, ACCOUNT_FINISHED, &plant->finished);
    }
    return w;
}

static void order(struct whole *w, int64_t time, double tonnes, int customer, int sector,
                  int64_t deadline)
{
    union sim_data data = {.i = {ALLOY_ADC12, (int64_t)(tonnes * 1e6), customer, sector, deadline}};
    sim_schedule(w->f.places[GUANGDONG].domain, time, 8, EVENT_SALES_ORDER, 0, &data);
}

/* First come, first served, also at the same moment; a later small order does not pass an earlier
 * large one; the rest of the stock goes out as whole trucks. */
static void test_turn(void)
{
    struct whole *w = ready(130);
    order(w, 2 * SIM_HOUR, 60, HUNAN, 0, 40 * SIM_DAY);
    order(w, 3 * SIM_HOUR, 60, SHANDONG, 1, 40 * SIM_DAY); /* only ten are left after this one */
    order(w, 3 * SIM_HOUR, 60, HUNAN, 2, 40 * SIM_DAY);
    order(w, 4 * SIM_HOUR, 5, HUNAN, 3, 40 * SIM_DAY);
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_OK);
    struct out out = pending(w);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_TRUCK, 0), 60 * TONNE);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_TRUCK, 1), 60 * TONNE);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_TRUCK, 2), 0);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_TRUCK, 3), 0);
    for (int i = 0; i < out.count; i++) {
        int to = out.item[i].sector == 1 ? SHANDONG : HUNAN;
        CU_ASSERT_EQUAL(out.item[i].to, (uint32_t)to);
        double days = world_days(w->f.world, GUANGDONG, to);
        CU_ASSERT(out.item[i].time >= SIM_DAY && days >= 1);
        CU_ASSERT_DOUBLE_EQUAL((double)(out.item[i].time - (to == HUNAN ? 2 : 3) * SIM_HOUR),
                               days * (double)SIM_DAY, 1);
    }
    /* New product serves the waiting orders in turn: half of the third, then nothing. */
    struct place *place = &w->f.places[GUANGDONG];
    struct plants *plants = plants_of(place);
    int i = 0;
    while (plants->plant[i].alloy != ALLOY_ADC12)
        i++;
    struct lot more = lot_make(25 * TONNE, w->f.world->alloy[ALLOY_ADC12].typical, 0);
    place_move(place, ACCOUNT_METALS, ACCOUNT_FINISHED, &more);
    lot_add(&plants->plant[i].finished, &more); /* 10 + 25 */
    sales_fill(place, ALLOY_ADC12);
    out = pending(w);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_TRUCK, 2), 30 * TONNE);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_TRUCK, 3), 0);
    CU_ASSERT_DOUBLE_EQUAL(plants_finished_t(place, ALLOY_ADC12), 5, 1e-9);
    CU_ASSERT(whole_plants_balanced(place));
    whole_close(w);
}

/* Metal, money and emissions of one shipment. */
static void test_shipment(void)
{
    struct whole *w = ready(100);
    struct place *place = &w->f.places[GUANGDONG];
    int64_t cash = sim_ledger_balance(&place->ledger, ACCOUNT_CASH_PLANTS, LOT_MONEY);
    int64_t motion = sim_ledger_balance(&place->ledger, ACCOUNT_MOTION, LOT_METAL);
    int64_t carbon = sim_ledger_balance(&place->ledger, ACCOUNT_EMITTERS, LOT_CO2);
    double price = sales_price(place, ALLOY_ADC12);
    order(w, 2 * SIM_HOUR, 40, SHANDONG, 1, 40 * SIM_DAY);
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_OK);
    double paid =
        (double)(sim_ledger_balance(&place->ledger, ACCOUNT_CASH_PLANTS, LOT_MONEY) - cash);
    CU_ASSERT_DOUBLE_EQUAL(paid / 100, 40 * price, 0.011);
    CU_ASSERT_EQUAL(sim_ledger_balance(&place->ledger, ACCOUNT_MOTION, LOT_METAL) - motion,
                    40 * TONNE);
    double emitted =
        (double)(carbon - sim_ledger_balance(&place->ledger, ACCOUNT_EMITTERS, LOT_CO2));
    CU_ASSERT_DOUBLE_EQUAL(emitted / 1000, 40 * w->f.world->freight_kg_t[GUANGDONG][SHANDONG], 1);
    CU_ASSERT(whole_plants_balanced(place));
    whole_close(w);
}

/* Orders lapse at the first quotation at or after their deadline, two at the same moment, with
 * what is left of them; their customers hear of it on the next day; the others stay in turn. */
static void test_lapse(void)
{
    struct whole *w = ready(40);
    int64_t quote = 19 * SIM_HOUR;
    order(w, 2 * SIM_HOUR, 100, HUNAN, 0, quote + 2 * SIM_DAY);
    order(w, 3 * SIM_HOUR, 7, SHANDONG, 1, quote + SIM_DAY);
    order(w, 3 * SIM_HOUR, 9, HUNAN, 2, quote + SIM_DAY);
    order(w, 3 * SIM_HOUR, 11, HUNAN, 3, quote + SIM_DAY + 1);
    struct place *place = &w->f.places[GUANGDONG];
    whole_days(w, 1);
    struct out out = pending(w);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_TRUCK, 0), 30 * TONNE);
    double target = sales_target_t_day(place, ALLOY_ADC12);
    whole_days(w, 1);
    out = pending(w);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_CANCEL, 0), 0);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_CANCEL, 1), 7 * TONNE);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_CANCEL, 2), 9 * TONNE);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_CANCEL, 3), 0);
    for (int i = 0; i < out.count; i++) {
        if (out.item[i].kind != EVENT_CUSTOMER_CANCEL)
            continue;
        CU_ASSERT_EQUAL(out.item[i].time, quote + 2 * SIM_DAY);
        CU_ASSERT_EQUAL(out.item[i].to, out.item[i].sector == 1 ? SHANDONG : HUNAN);
    }
    whole_days(w, 1);
    out = pending(w);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_CANCEL, 0), 70 * TONNE);
    CU_ASSERT_EQUAL(grams_of(&out, EVENT_CUSTOMER_CANCEL, 3), 11 * TONNE);
    whole_days(w, 1);
    CU_ASSERT(sales_target_t_day(place, ALLOY_ADC12) < target);
    whole_close(w);
}

struct heard {
    int64_t shipped, cancelled;
    int trucks, cancels;
};

static void hear(struct whole *w, struct place *place, const struct sim_event *event,
                 const void *cargo)
{
    struct heard *h = w->seen;
    (void)place;
    if (event->kind == EVENT_CUSTOMER_TRUCK) {
        h->shipped += ((const struct lot *)cargo)->q[LOT_METAL];
        h->trucks++;
    }
    if (event->kind == EVENT_CUSTOMER_CANCEL) {
        h->cancelled += event->data.i[1];
        h->cancels++;
    }
}

/* Every gram that is ordered arrives or is cancelled, also of more orders than the book has room
 * for at first. */
static void test_settled(void)
{
    struct whole *w = ready(30 * 30.0);
    struct heard h = {0, 0, 0, 0};
    w->seen = &h;
    w->before = hear;
    for (int k = 0; k < 400; k++)
        order(w, (2 + k % 3) * SIM_HOUR, 30 + k % 7, k % PROVINCES, k % 2, (2 + k % 5) * SIM_DAY);
    int64_t ordered = 0;
    for (int k = 0; k < 400; k++)
        ordered += (30 + k % 7) * TONNE;
    whole_days(w, 25);
    CU_ASSERT_EQUAL(h.shipped + h.cancelled, ordered);
    CU_ASSERT(h.shipped > 870 * TONNE && h.shipped <= 900 * TONNE);
    CU_ASSERT(h.trucks > 20 && h.cancels > 300);
    whole_close(w);
}

/* Parts of the price for alloy a of a place as the quotation sees them. */
static void bounds(const struct place *place, int a, double *lower, double *upper)
{
    const struct procurement_plan *plan = &plants_of(place)->desk.plan[a];
    double usual = sales_orders_t_day(place, a), price = sales_price(place, a);
    double relief = plants_relief_cny_t(place, price, plan->cost);
    *upper = 1.02 * place_board(place)->nation.alternative[a];
    *lower = fmin(*upper, plan->cost + plants_merit_cost(place, a, usual) / 2 - relief);
}

struct quoted {
    double lower[ALLOYS], upper[ALLOYS], before[ALLOYS];
    int64_t quotes, outside, moved_away, jumps, at_upper;
};

static void before_quote(struct whole *w, struct place *place, const struct sim_event *event,
                         const void *cargo)
{
    struct quoted *q = w->seen;
    (void)cargo;
    if (event->kind != QUOTE)
        return;
    for (int a = 0; a < ALLOYS; a++)
        q->before[a] = sales_price(place, a);
}

static void after_quote(struct whole *w, struct place *place, const struct sim_event *event)
{
    struct quoted *q = w->seen;
    if (event->kind != QUOTE)
        return;
    for (int a = 0; a < ALLOYS; a++) {
        double price = sales_price(place, a), lower, upper;
        if (!plants_of(place)->desk.plan[a].ready)
            continue;
        bounds(place, a, &lower, &upper);
        q->quotes++;
        q->jumps += fabs(log(price / q->before[a])) > 0.03 + 1e-9;
        q->at_upper += price > upper * 0.9999;
        /* The relief is that of the price before: 3 % of slack on the lower bound. */
        bool low = price<0.995 * lower, high = price> upper * (1 + 1e-9);
        q->outside += low || high;
        /* Outside only where the bound has moved faster than a price may: then towards it. */
        bool limit = fabs(log(price / q->before[a])) > 0.03 - 1e-9;
        q->moved_away +=
            (low && !(limit && price > q->before[a])) || (high && !(limit && price < q->before[a]));
    }
}

/* In a year of the whole chain. */
static void test_bounds(void)
{
    struct whole *w = whole_open();
    struct quoted q = {.quotes = 0};
    fixture_set(&w->f, "sales.step_limit", 0.03);
    w->seen = &q;
    w->before = before_quote;
    w->after = after_quote;
    whole_start(w, 6);
    fixture_until(&w->f, 2020);
    CU_ASSERT(q.quotes > 365 * 80);
    CU_ASSERT_EQUAL(q.jumps, 0);
    CU_ASSERT_EQUAL(q.moved_away, 0);
    CU_ASSERT(q.outside < q.quotes / 50);
    for (size_t a = 0; a < ALLOYS; a++) {
        double price = fixture_value(&w->f, "alloy_price", 11, a);
        CU_ASSERT(price > 9000 && price < 1.02 * w->f.run.boards[0].nation.alternative[a] * 1.03);
    }
    whole_close(w);
}

/* The same orders for forty days: the longer the stock lasts the lower the price, within its
 * bounds. */
static void test_cover(void)
{
    double price[3];
    for (int k = 0; k < 3; k++) {
        struct whole *w = ready(k == 0 ? 0 : k == 1 ? 160e3 : 4e6);
        struct place *place = &w->f.places[GUANGDONG];
        for (int day = 0; day < 40; day++)
            order(w, day * SIM_DAY + SIM_HOUR, 3000, HUNAN, 0, 100 * SIM_DAY);
        whole_days(w, 40);
        price[k] = sales_price(place, ALLOY_ADC12);
        double lower, upper;
        bounds(place, ALLOY_ADC12, &lower, &upper);
        CU_ASSERT(price[k] >= 0.99 * lower && price[k] <= upper * (1 + 1e-9));
        whole_close(w);
    }
    CU_ASSERT(price[0] > price[1] * 1.005);
    CU_ASSERT(price[2] < price[1] * 0.995);
}

/* Where nothing is made the quotation is the primary-based alternative. */
static void test_no_plants(void)
{
    struct whole *w = ready(0);
    int found = 0;
    whole_days(w, 2);
    for (int d = 0; d < PROVINCES; d++) {
        for (int a = 0; a < ALLOYS; a++) {
            struct place *place = &w->f.places[d];
            if (plants_of(place)->desk.plan[a].ready)
                continue;
            found++;
            CU_ASSERT_EQUAL(sales_price(place, a), place_board(place)->nation.alternative[a]);
            CU_ASSERT_EQUAL(w->f.run.boards[0].alloy[d][a].weight, 0);
        }
    }
    CU_ASSERT(found > 0);
    whole_close(w);
}

/* Production that the desk calls for: more with a backlog, less with stock, never below zero; and
 * molten orders count. */
static void test_target(void)
{
    struct whole *w = ready(1000);
    struct place *place = &w->f.places[GUANGDONG];
    double before = sales_target_t_day(place, ALLOY_ADC12);
    double usual = sales_orders_t_day(place, ALLOY_ADC12);
    order(w, SIM_HOUR, 5000, HUNAN, 0, 30 * SIM_DAY);
    sales_count(place, ALLOY_ADC12, 1000);
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_OK);
    CU_ASSERT_DOUBLE_EQUAL(sales_orders_t_day(place, ALLOY_ADC12), usual + (6000 - usual) / 20,
                           1e-6 * usual);
    CU_ASSERT(sales_target_t_day(place, ALLOY_ADC12) > before + 400);
    whole_close(w);
    w = ready(1e6);
    CU_ASSERT_EQUAL(sales_target_t_day(&w->f.places[GUANGDONG], ALLOY_ADC12), 0);
    whole_close(w);
}

static void test_unknown_event(void)
{
    struct whole *w = ready(0);
    sim_schedule(w->f.places[GUANGDONG].domain, SIM_HOUR, 8, (COMPONENT_SALES << 8) + 9, 0, NULL);
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_MODEL);
    whole_close(w);
}

int main(void)
{
    CU_TestInfo tests[] = {{"first come, first served", test_turn},
                           {"a shipment", test_shipment},
                           {"lapse", test_lapse},
                           {"every gram is settled", test_settled},
                           {"bounds of the price", test_bounds},
                           {"cover", test_cover},
                           {"no plants", test_no_plants},
                           {"called for", test_target},
                           {"unknown event", test_unknown_event},
                           CU_TEST_INFO_NULL};
    return suite_run("sales", tests);
}
