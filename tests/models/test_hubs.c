/* Hubs alone, fed with trucks by the test: queue, grading, losses, payment, sales. */
#include "probe.h"

#include "../../models/hubs.h"
#include "../../models/market.h"
#include "../suite.h"

enum { HERE = 18, WEIGHED = EVENT(COMPONENT_HUBS, 2) };
static const int only[] = {COMPONENT_HUBS};
static const double margin = 170, service_min = 40, misgrade = 0.07, loss = 0.006, cost = 95;

static struct probe *ready(void)
{
    struct probe *p = probe_open();
    fixture_set(&p->f, "hubs.margin_cny_t", margin);
    fixture_set(&p->f, "hubs.service_min", service_min);
    fixture_set(&p->f, "hubs.misgrade", misgrade);
    fixture_set(&p->f, "hubs.loss", loss);
    fixture_set(&p->f, "hubs.cost_cny_t", cost);
    fixture_set(&p->f, "hubs.capacity", 1.5);
    fixture_set(&p->f, "market.truck_t", 25);
    fixture_set(&p->f, "market.ration", 0.5);
    probe_world(p);
    return p;
}

/* With so many t recoverable a day of normal sales, which decide on the servers. */
static void start(struct probe *p, double sales)
{
    for (int b = 0; b < 2; b++)
        p->f.run.boards[b].holder[HERE][TIER_HUB - 1].sales[GRADE_WIRE] = sales;
    CU_ASSERT_EQUAL_FATAL(probe_start(p, only, 1, 3), SIM_OK);
}

static void run(struct probe *p, int days)
{
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, days * SIM_DAY, NULL), SIM_OK);
}

/* A truck of metal_t that comes at a time; seller: an outside account, or 0. */
static struct lot truck(struct probe *p, int64_t time, int grade, double metal_t, int64_t value,
                        int seller)
{
    struct place *place = &p->f.places[HERE];
    const struct world_grade *class = &p->f.world->feed[grade];
    struct lot lot =
        lot_make(llround(metal_t * (double)TONNE), class->composition, class->nonmetal);
    lot.load = (uint16_t)grade;
    lot.value = value;
    place_move(place, ACCOUNT_IN_USE, ACCOUNT_MOTION, &lot);
    union sim_data data = {.i = {seller}};
    place_schedule(place, time, EVENT_HUB_TRUCK, (uint32_t)grade, &data, &lot);
    return lot;
}

static int64_t balance(const struct probe *p, int account, int quantity)
{
    return sim_ledger_balance(&p->f.places[HERE].ledger, (size_t)account, (size_t)quantity);
}

/* 200 trucks at one moment. One server needs 40 minutes for each (half of it certain, half
 * exponential): 36 a day with a standard deviation of 3, bounds at four; many servers have all done
 * by the evening. All wait in the books of the hub. */
static void test_queue(void)
{
    struct probe *p = ready();
    start(p, 0);
    for (int i = 0; i < 200; i++)
        truck(p, 0, GRADE_WIRE, 9.5, 100 + i, 0);
    run(p, 1);
    CU_ASSERT_DOUBLE_EQUAL((double)p->events[WEIGHED], 36, 12);
    CU_ASSERT(probe_balanced(p));
    int64_t one = p->events[WEIGHED];
    run(p, 10);
    CU_ASSERT_EQUAL(p->events[WEIGHED], 200);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
    p = ready();
    start(p, 4000);
    for (int i = 0; i < 200; i++)
        truck(p, 0, GRADE_WIRE, 9.5, 100 + i, 0);
    run(p, 1);
    CU_ASSERT_EQUAL(p->events[WEIGHED], 200);
    CU_ASSERT(one < 200);
    probe_close(p);
}

/* A lot of ten trucks takes ten times as long on the scales as one. */
static void test_batch(void)
{
    int64_t done[2];
    for (int k = 0; k < 2; k++) {
        struct probe *p = ready();
        start(p, 0);
        struct place *place = &p->f.places[HERE];
        const struct world_grade *class = &p->f.world->feed[GRADE_WIRE];
        for (int i = 0; i < (k ? 500 : 50); i++) {
            struct lot lot = lot_make((k ? 1 : 10) * 9 * TONNE, class->composition, 0.01);
            lot.load = GRADE_WIRE;
            lot.trucks = k ? 1 : 10;
            place_move(place, ACCOUNT_IN_USE, ACCOUNT_MOTION, &lot);
            place_schedule(place, 0, EVENT_HUB_TRUCK, GRADE_WIRE, NULL, &lot);
        }
        run(p, 5);
        done[k] = p->events[WEIGHED] * (k ? 1 : 10);
        CU_ASSERT(probe_balanced(p));
        probe_close(p);
    }
    /* 180 trucks in five days at one server; a lot of ten more or less, and four deviations of 21
     * (lots of ten) and 7. */
    CU_ASSERT_DOUBLE_EQUAL((double)done[0], 180, 10 + 84);
    CU_ASSERT_DOUBLE_EQUAL((double)done[1], 180, 1 + 28);
}

/* The share of loads that is booked as the neighbouring grade (four standard deviations: one false
 * alarm in 16,000 seeds), and what handling loses. The board's stock tells. */
static void test_grading(void)
{
    enum { N = 4000 };
    struct probe *p = ready();
    start(p, 20000);
    int64_t metal = 0;
    for (int i = 0; i < N; i++)
        metal += truck(p, i * SIM_MINUTE / 10, GRADE_WIRE, 10, 100, 0).q[LOT_METAL];
    run(p, 3);
    CU_ASSERT_EQUAL(p->events[WEIGHED], N);
    int64_t lost = balance(p, ACCOUNT_LOSSES, LOT_METAL);
    CU_ASSERT_DOUBLE_EQUAL((double)lost, loss * (double)metal, N);
    const struct board_holder *slice = &p->f.run.boards[1].holder[HERE][TIER_HUB - 1];
    const struct world_grade *feed = p->f.world->feed;
    double right = slice->stock[GRADE_WIRE] / feed[GRADE_WIRE].recoverable,
           wrong = slice->stock[GRADE_SHEET_CLEAN] / feed[GRADE_SHEET_CLEAN].recoverable;
    CU_ASSERT_DOUBLE_EQUAL(right + wrong, (double)(metal - lost) / 1e6, 0.01);
    CU_ASSERT_DOUBLE_EQUAL(wrong / (right + wrong), misgrade,
                           4 * sqrt(misgrade * (1 - misgrade) / N));
    for (int g = 0; g < GRADES; g++)
        CU_ASSERT(g == GRADE_WIRE || g == GRADE_SHEET_CLEAN || slice->stock[g] == 0);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

/* The hub pays what the lot says when it stands on the scales: to clearing where the seller was
 * paid at dispatch, else to the account named; and for work per gross tonne of what remains. */
static void test_payment(void)
{
    struct probe *p = ready();
    start(p, 100);
    double gross = (double)truck(p, SIM_HOUR, GRADE_UBC, 9, 150000017, 0).gross;
    gross += (double)truck(p, SIM_HOUR, GRADE_WIRE, 8, 140000023, ACCOUNT_FABRICATION).gross;
    run(p, 2);
    CU_ASSERT_EQUAL(p->events[WEIGHED], 2);
    CU_ASSERT_EQUAL(balance(p, ACCOUNT_CLEARING, LOT_MONEY), 150000017);
    CU_ASSERT_EQUAL(balance(p, ACCOUNT_FABRICATION, LOT_MONEY), 140000023);
    int64_t work = balance(p, ACCOUNT_SERVICES, LOT_MONEY);
    CU_ASSERT_DOUBLE_EQUAL((double)work, gross / 1e6 * (1 - loss) * cost * 100, 2);
    CU_ASSERT_EQUAL(balance(p, ACCOUNT_CASH_HUBS, LOT_MONEY), -290000040 - work);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

/* An offer is the posted price of the grade less the margin, per recoverable tonne. */
static void test_offer(void)
{
    struct probe *p = ready();
    start(p, 100);
    const struct world_grade *class = &p->f.world->feed[GRADE_UBC];
    struct lot lot = lot_make(23850000, class->composition, class->nonmetal);
    double recoverable = 23.85 * class->recoverable;
    CU_ASSERT_DOUBLE_EQUAL((double)hubs_offer(&p->f.places[HERE], GRADE_UBC, &lot) / 100,
                           recoverable * (17628 * class->price_ratio - margin), 0.01);
    probe_close(p);
    p = probe_open();
    fixture_set(&p->f, "hubs.margin_cny_t", 2000);
    probe_world(p);
    for (int b = 0; b < 2; b++)
        p->f.run.boards[b].nation.a00 = 1000; /* a margin above the price: nothing, never less */
    start(p, 100);
    CU_ASSERT_EQUAL(hubs_offer(&p->f.places[HERE], GRADE_UBC, &lot), 0);
    probe_close(p);
}

/* Posted prices reach tomorrow's board, which neighbours read, once a day; orders of the morning
 * are served at noon from the stock, at most half of it, and the rest is cancelled. */
static void test_day(void)
{
    struct probe *p = ready();
    for (int b = 0; b < 2; b++)
        p->f.run.boards[b].holder[HERE][TIER_HUB - 1].stock[GRADE_WIRE] = 300;
    start(p, 100); /* 100 t a day want 1,000 t of stock: cover is short */
    union sim_data data = {.i = {GRADE_WIRE, TIER_HUB, 200 * TONNE, HERE, 0}};
    sim_schedule(p->f.places[HERE].domain, 8 * SIM_HOUR, 8, EVENT_HUB_ORDER, 7, &data);
    run(p, 1);
    double before = p->f.run.boards[0].holder[HERE][TIER_HUB - 1].price[GRADE_WIRE];
    double after = p->f.run.boards[1].holder[HERE][TIER_HUB - 1].price[GRADE_WIRE];
    CU_ASSERT(after > before);
    run(p, 2);
    double recoverable = p->f.world->feed[GRADE_WIRE].recoverable;
    CU_ASSERT_DOUBLE_EQUAL((double)p->caught_g[EVENT_PLANT_TRUCK] * recoverable / 1e6, 150, 0.01);
    CU_ASSERT_DOUBLE_EQUAL((double)p->caught_g[EVENT_PLANT_CANCEL] / 1e6, 50, 0.01);
    double next = p->f.run.boards[0].holder[HERE][TIER_HUB - 1].price[GRADE_WIRE];
    CU_ASSERT(next > after);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

/* One server, and trucks that keep 5 busy: the queue grows until servers follow the flow, then
 * goes; and with no more trucks the scales shrink to one again, which a crowd tells. */
static void test_resize(void)
{
    struct probe *p = ready();
    fixture_set(&p->f, "hubs.follow_days", 30);
    start(p, 0);
    for (int i = 0; i < 180 * 75; i++) /* 180 trucks of 40 minutes a day; some tied at reviews */
        truck(p, i * (SIM_DAY / 180), GRADE_WIRE, 9, 100 + i % 7, 0);
    run(p, 30);
    int64_t slow = p->events[WEIGHED];
    CU_ASSERT_DOUBLE_EQUAL((double)slow, 36 * 30, 80); /* four deviations of 16, and some */
    CU_ASSERT(probe_balanced(p));
    run(p, 61);
    /* 7.5 servers' worth of capacity: 8 of 36 a day, less what the second review takes back. */
    CU_ASSERT(p->events[WEIGHED] - slow > 30 * 36 * 7);
    CU_ASSERT(probe_balanced(p));
    run(p, 90);
    CU_ASSERT_EQUAL(p->events[WEIGHED], 180 * 75);
    run(p, 150); /* reviews with nothing arriving */
    for (int i = 0; i < 200; i++)
        truck(p, 150 * SIM_DAY, GRADE_WIRE, 9.5, 100 + i, 0);
    run(p, 151);
    CU_ASSERT_DOUBLE_EQUAL((double)p->events[WEIGHED] - 180 * 75, 36, 12);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

static void test_errors(void)
{
    struct probe *p = ready();
    start(p, 100);
    sim_schedule(p->f.places[3].domain, SIM_HOUR, 8, EVENT(COMPONENT_HUBS, 9), 0, NULL);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_MODEL);
    probe_close(p);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"queue", test_queue},     {"batches", test_batch}, {"grading", test_grading},
        {"payment", test_payment}, {"offer", test_offer},   {"a day", test_day},
        {"resize", test_resize},   {"errors", test_errors}, CU_TEST_INFO_NULL};
    return suite_run("hubs", tests);
}
