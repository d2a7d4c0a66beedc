/* Collectors with silent hubs, whose prices the test puts on the board; what leaves the yards is
 * caught. Without seasons, at 2.4 Mt of discards a year of one truck in 10 t; statistical bounds
 * are four standard deviations of the number of trucks (a false alarm in 16,000 seeds). */
#include "probe.h"

#include "../../models/stock.h"
#include "../suite.h"

enum { PICKUP = EVENT(COMPONENT_COLLECTORS, 0) };
static const int both[] = {COMPONENT_HUBS, COMPONENT_COLLECTORS};
static const double reference = 15000, recoverable = 0.9, nonmetal = 0.05, truck_t = 10;

/* All grades alike: nothing but their rates differs. */
static struct probe *ready(double trucks)
{
    struct probe *p = probe_open();
    fixture_set(&p->f, "resolution.trucks_per_lot", trucks);
    fixture_set(&p->f, "calendar.seasons", 0);
    fixture_set(&p->f, "collectors.discount", 0.13);
    fixture_set(&p->f, "collectors.lag_days", 14);
    fixture_set(&p->f, "collectors.elasticity", 0.25);
    fixture_set(&p->f, "collectors.ceiling", 1.18);
    fixture_set(&p->f, "collectors.reference_cny", reference);
    fixture_set(&p->f, "collectors.wage_growth", 0);
    fixture_set(&p->f, "collectors.dwell_days", 15);
    fixture_set(&p->f, "collectors.speculation", 0);
    fixture_set(&p->f, "collectors.truck_t", truck_t);
    fixture_set_path(&p->f, "collectors.effort", 1);
    probe_world(p);
    p->mute[COMPONENT_HUBS] = true;
    for (int g = 0; g < GRADES; g++) {
        p->f.world->feed[g].price_ratio = 0.915;
        p->f.world->feed[g].recoverable = recoverable;
        p->f.world->feed[g].nonmetal = nonmetal;
    }
    return p;
}

static void set_price(struct probe *p, double price)
{
    for (int b = 0; b < 2; b++) {
        for (int i = 0; i < PROVINCES; i++) {
            for (int g = 0; g < GRADES; g++)
                p->f.run.boards[b].holder[i][TIER_HUB - 1].price[g] = price;
        }
    }
}

/* Hub prices at `factor` times the reference. */
static void start(struct probe *p, double factor, double discards_t)
{
    set_price(p, factor * reference);
    for (int b = 0; b < 2; b++) {
        for (int s = 0; s < SECTORS; s++)
            p->f.run.boards[b].nation.discards[s] = discards_t / SECTORS / 365;
    }
    CU_ASSERT_EQUAL_FATAL(probe_start(p, both, 2, 3), SIM_OK);
}

static void run(struct probe *p, int days)
{
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, days * SIM_DAY, NULL), SIM_OK);
}

static int64_t balance(const struct probe *p, int account, int quantity)
{
    int64_t sum = 0;
    for (int d = 0; d < PROVINCES; d++)
        sum += sim_ledger_balance(&p->f.places[d].ledger, (size_t)account, (size_t)quantity);
    return sum;
}

/* t of metal picked up on days [from, to). */
static double picked(struct probe *p, int from, int to)
{
    run(p, from);
    int64_t before = balance(p, ACCOUNT_IN_USE, LOT_METAL);
    run(p, to);
    return (double)(before - balance(p, ACCOUNT_IN_USE, LOT_METAL)) / 1e6;
}

/* The same, by the formula at the reference price, for discards a year; recovery as it is at the
 * days' middle, for it is near linear in time. */
static double expected(const struct probe *p, double discards_t, int from, int to)
{
    double sum = 0, year = 2019 + (from + to) / 2.0 / 365, shares = 0;
    for (int i = 0; i < PROVINCES; i++)
        shares += p->f.world->province[i].old_scrap_share;
    for (int s = 0; s < SECTORS; s++)
        sum += discards_t / SECTORS / 365 * stock_recovery(p->f.world, s, year);
    return sum * shares * (to - from);
}

/* Four standard deviations of t that come in single trucks. */
static double bound(double t)
{
    return 4 * sqrt(t * truck_t);
}

/* Collection follows discards; lots of ten trucks bring as much as single ones. */
static void test_proportional(void)
{
    static const double trucks[] = {1, 10, 10}, discards[] = {2.4e6, 2.4e6, 4.8e6};
    int64_t events[3];
    for (int i = 0; i < 3; i++) {
        struct probe *p = ready(trucks[i]);
        start(p, 1, discards[i]);
        double want = expected(p, discards[i], 1, 361), got = picked(p, 1, 361);
        CU_ASSERT_DOUBLE_EQUAL(got, want, bound(want) + 0.001 * want);
        events[i] = p->events[PICKUP];
        CU_ASSERT(probe_balanced(p));
        probe_close(p);
    }
    CU_ASSERT(events[1] < events[0]); /* small flows go in single trucks all the same */
}

/* The response to the price: a power of 0.25, capped. */
static void test_elasticity(void)
{
    static const double factor[] = {0.6, 0.8, 1.3, 3};
    for (int i = 0; i < 4; i++) {
        struct probe *p = ready(10);
        start(p, factor[i], 2.4e6);
        double response = fmin(1.18, pow(factor[i], 0.25));
        double want = response * expected(p, 2.4e6, 1, 301), got = picked(p, 1, 301);
        CU_ASSERT_DOUBLE_EQUAL(got, want, bound(want) + 0.001 * want);
        probe_close(p);
    }
}

/* CNY per recoverable t paid to households on one day. */
static double paid(struct probe *p, int day)
{
    run(p, day);
    int64_t metal = balance(p, ACCOUNT_IN_USE, LOT_METAL),
            money = balance(p, ACCOUNT_IN_USE, LOT_MONEY);
    run(p, day + 1);
    metal -= balance(p, ACCOUNT_IN_USE, LOT_METAL);
    money -= balance(p, ACCOUNT_IN_USE, LOT_MONEY);
    return metal > 0 ? -(double)money / 100 / ((double)metal / 1e6 * recoverable) : 0;
}

/* What is paid lies 13 % under the hub price of 14 days before, to the day; the amount follows with
 * the same lag. */
static void test_lag(void)
{
    struct probe *p = ready(10);
    start(p, 1, 2.4e6);
    CU_ASSERT_DOUBLE_EQUAL(paid(p, 5), 0.87 * reference, 0.01);
    run(p, 60);
    set_price(p, 0.5 * reference); /* first seen on the morning of day 60 */
    CU_ASSERT_DOUBLE_EQUAL(paid(p, 60), 0.87 * reference, 0.01);
    CU_ASSERT_DOUBLE_EQUAL(paid(p, 73), 0.87 * reference, 0.01);
    CU_ASSERT_DOUBLE_EQUAL(paid(p, 74), 0.87 * 0.5 * reference, 0.01);
    double want = pow(0.5, 0.25) * expected(p, 2.4e6, 75, 255), got = picked(p, 75, 255);
    CU_ASSERT_DOUBLE_EQUAL(got, want, bound(want) + 0.001 * want);
    probe_close(p);
    p = ready(10);
    start(p, 1, 2.4e6);
    run(p, 60);
    set_price(p, 0.5 * reference);
    want = expected(p, 2.4e6, 60, 74);
    got = picked(p, 60, 74);
    CU_ASSERT_DOUBLE_EQUAL(got, want, bound(want) + 0.001 * want);
    probe_close(p);
    /* The default lies between 10 and 15 %, as reported. */
    p = probe_open();
    probe_world(p);
    p->mute[COMPONENT_HUBS] = true;
    start(p, 1, 2.4e6);
    fixture_month(&p->f);
    double price = fixture_value(&p->f, "scrap_price", 0,
                                 (size_t)(TIER_COLLECTOR * GRADES + GRADE_EXTRUSION_OLD));
    CU_ASSERT(price >= 0.85 * reference && price <= 0.9 * reference);
    probe_close(p);
}

/* Yards hold what comes in `dwell` days (and less than half a truck more per grade and province);
 * only full trucks leave, of a lot's number of trucks each. */
static void test_yards(void)
{
    static const double dwell[] = {10, 30};
    for (int i = 0; i < 2; i++) {
        struct probe *p = ready(1);
        fixture_set(&p->f, "collectors.dwell_days", dwell[i]);
        start(p, 1, 2.4e6);
        run(p, 240);
        double flow = expected(p, 2.4e6, 1, 241) / 240;
        double held = (double)balance(p, ACCOUNT_YARD, LOT_METAL) / 1e6;
        double trucks = truck_t * (1 - nonmetal);
        CU_ASSERT(held > 0.9 * dwell[i] * flow);
        CU_ASSERT(held < 1.1 * dwell[i] * flow + PROVINCES * GRADES * trucks);
        CU_ASSERT_EQUAL(p->caught_g[EVENT_HUB_TRUCK],
                        p->events[EVENT_HUB_TRUCK] * llround(trucks * 1e6));
        CU_ASSERT(probe_balanced(p));
        probe_close(p);
    }
}

/* Hubs pay what they offer; collectors keep nothing beyond the scrap in their yards. */
static void test_money(void)
{
    struct probe *p = ready(10);
    start(p, 1, 2.4e6);
    run(p, 200);
    CU_ASSERT(probe_balanced(p));
    int64_t moving = -balance(p, ACCOUNT_CLEARING, LOT_MONEY);
    CU_ASSERT(moving >= p->claims && p->claims > 0);
    CU_ASSERT(balance(p, ACCOUNT_SERVICES, LOT_MONEY) > 0);
    CU_ASSERT_EQUAL(balance(p, ACCOUNT_CASH_COLLECTORS, LOT_MONEY) +
                        balance(p, ACCOUNT_IN_USE, LOT_MONEY) +
                        balance(p, ACCOUNT_SERVICES, LOT_MONEY),
                    moving);
    /* Book value of the yards is what was paid: money out less that of what has left. */
    double yard = (double)balance(p, ACCOUNT_YARD, LOT_METAL) / 1e6 * recoverable;
    double cash = -(double)balance(p, ACCOUNT_CASH_COLLECTORS, LOT_MONEY) / 100;
    double opening = expected(p, 2.4e6, 0, 15) * recoverable * 0.87 * reference;
    CU_ASSERT_DOUBLE_EQUAL(cash, yard * 0.87 * reference - opening, 0.01 * opening);
    probe_close(p);
}

/* Rising prices are waited for: trucks leave more slowly by exp(-speculation * momentum). */
static void test_speculation(void)
{
    double shipped[2];
    for (int i = 0; i < 2; i++) {
        struct probe *p = ready(1);
        fixture_set(&p->f, "collectors.speculation", 20.0 * i);
        start(p, 1, 2.4e6);
        run(p, 61);
        set_price(p, 1.25 * reference);
        int64_t before = p->caught_g[EVENT_HUB_TRUCK];
        run(p, 66);
        shipped[i] = (double)(p->caught_g[EVENT_HUB_TRUCK] - before);
        probe_close(p);
    }
    /* 1 / 1.25 at first, and some of it back as yards fill. */
    CU_ASSERT(shipped[1] / shipped[0] > 0.79 && shipped[1] / shipped[0] < 0.88);
}

/* Nothing is collected without discards, and nothing while activity is zero. */
static void test_nothing(void)
{
    struct probe *p = ready(10);
    start(p, 1, 0);
    run(p, 60);
    CU_ASSERT_EQUAL(p->events[EVENT_HUB_TRUCK], 0);
    CU_ASSERT_EQUAL(balance(p, ACCOUNT_IN_USE, LOT_METAL), 0);
    probe_close(p);
    p = ready(10);
    start(p, 1, 2.4e6);
    for (int d = 0; d < PROVINCES; d++)
        p->f.places[d].policy.activity = 0;
    CU_ASSERT_EQUAL(picked(p, 1, 60), 0);
    CU_ASSERT_EQUAL(p->events[EVENT_HUB_TRUCK], 0);
    for (int d = 0; d < PROVINCES; d++) {
        p->f.places[d].policy.activity = 1;
        p->f.places[d].policy.collection = 0.5;
    }
    double want = 0.5 * expected(p, 2.4e6, 61, 301), got = picked(p, 61, 301);
    CU_ASSERT_DOUBLE_EQUAL(got, want, bound(want) + 0.001 * want);
    probe_close(p);
}

static void test_errors(void)
{
    struct probe *p = ready(10);
    start(p, 1, 0);
    sim_schedule(p->f.places[3].domain, SIM_HOUR, 8, EVENT(COMPONENT_COLLECTORS, 9), 0, NULL);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_MODEL);
    probe_close(p);
}

int main(void)
{
    CU_TestInfo tests[] = {{"discards and batches", test_proportional},
                           {"elasticity", test_elasticity},
                           {"lag and price paid", test_lag},
                           {"yards", test_yards},
                           {"money", test_money},
                           {"speculation", test_speculation},
                           {"nothing", test_nothing},
                           {"errors", test_errors},
                           CU_TEST_INFO_NULL};
    return suite_run("collectors", tests);
}
