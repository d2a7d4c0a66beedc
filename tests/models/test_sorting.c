/* Sorting centres with a hub that is silent: what they order, what they make of a lot and what goes
 * back is seen by the probe; prices of hubs are those that the test puts on the board. */
#include "probe.h"

#include "../../models/market.h"
#include "../../models/sorting_lines.h"
#include "../suite.h"

enum {
    HERE = 18,
    SORTED = EVENT(COMPONENT_SORTING, 3),
    BUY = EVENT(COMPONENT_SORTING, 4),
    INSTALL = EVENT(COMPONENT_SORTING, 8),
    RETIRE = EVENT(COMPONENT_SORTING, 9)
};
static const int both[] = {COMPONENT_HUBS, COMPONENT_SORTING};
static const int sortable[] = {GRADE_THERMAL_BREAK, GRADE_EXTRUSION_OLD, GRADE_SHEET_OLD,
                               GRADE_SHREDDED};
static const double recovery = 0.93, reject = 0.04, cost = 100, throughput = 10, hours = 12,
                    flow = 800;

/* HERE sells `flow` t a day of each sortable grade; the lines can do half of all. */
static struct probe *ready(void)
{
    struct probe *p = probe_open();
    fixture_set(&p->f, "sorting.recovery.XRT", recovery);
    fixture_set(&p->f, "sorting.removal.XRT", 1);
    fixture_set(&p->f, "sorting.returned", reject / (1 - recovery));
    fixture_set(&p->f, "sorting.cost_cny_t", cost - 63);
    fixture_set(&p->f, "sorting.opex_cny_t.XRT", 63);
    fixture_set(&p->f, "sorting.throughput_t_h.XRT", throughput);
    for (int t = 0; t < SORTERS; t++) {
        char path[64];
        snprintf(path, sizeof path, "sorting.opening.%s", sorting_technologies.labels[t]);
        fixture_set(&p->f, path, t == SORTER_XRT);
    }
    fixture_set(&p->f, "sorting.hours", hours);
    fixture_set(&p->f, "sorting.share", 0.5);
    fixture_set(&p->f, "market.truck_t", 25);
    fixture_set(&p->f, "market.base_gain", 0); /* prices of sorted scrap stand still */
    fixture_set(&p->f, "market.cover_gain", 0);
    probe_world(p);
    p->mute[COMPONENT_HUBS] = true;
    for (int b = 0; b < 2; b++) {
        struct board_holder *hub = &p->f.run.boards[b].holder[HERE][TIER_HUB - 1];
        for (size_t i = 0; i < SIM_COUNT(sortable); i++) {
            hub->sales[sortable[i]] = flow;
            hub->stock[sortable[i]] = 10 * flow;
        }
    }
    return p;
}

static double lines_t_day(void)
{
    return ceil(4 * flow * 0.5 * 1.1 / (throughput * hours)) * throughput * hours;
}

static void start(struct probe *p)
{
    CU_ASSERT_EQUAL_FATAL(probe_start(p, both, 2, 3), SIM_OK);
}

static void run(struct probe *p, int days)
{
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, days * SIM_DAY, NULL), SIM_OK);
}

/* Price at the hub at which sorting earns nothing: sorted scrap at its opening quotation, with
 * rejects sold back 5 % under the price of shredded scrap, against work per gross tonne. */
static double break_even(const struct probe *p, int grade)
{
    const struct world_grade *raw = &p->f.world->feed[grade];
    const struct world_grade *good = &p->f.world->feed[market_class(TIER_SORTED, grade)];
    const struct board_holder *hub = &p->f.run.boards[0].holder[HERE][TIER_HUB - 1];
    return 1.015 * 17628 * raw->price_ratio * recovery * good->recoverable / raw->recoverable +
           reject / raw->recoverable * hub->price[GRADE_SHREDDED] * 0.95 -
           cost / (raw->recoverable * (1 - raw->nonmetal));
}

static int64_t balance_cash(const struct probe *p)
{
    return sim_ledger_balance(&p->f.places[HERE].ledger, ACCOUNT_CASH_SORTING, LOT_MONEY);
}

static void set_price(struct probe *p, int grade, double price)
{
    for (int b = 0; b < 2; b++)
        p->f.run.boards[b].holder[HERE][TIER_HUB - 1].price[grade] = price;
}

/* A centre buys while a tonne earns 5 CNY and does not where it loses 5, for each grade alone. */
static void test_premium(void)
{
    for (size_t i = 0; i < SIM_COUNT(sortable); i++) {
        for (int pays = 0; pays < 2; pays++) {
            struct probe *p = ready();
            for (size_t j = 0; j < SIM_COUNT(sortable); j++)
                set_price(p, sortable[j], 17628); /* dear */
            int g = sortable[i];
            double level = break_even(p, g);
            if (g == GRADE_SHREDDED) /* the price is also that of the rejects */
                level = (level - reject / p->f.world->feed[g].recoverable * 17628 * 0.95) /
                        (1 - reject / p->f.world->feed[g].recoverable * 0.95);
            set_price(p, g, level + (pays ? -5 : 5));
            start(p);
            run(p, 2);
            CU_ASSERT_EQUAL(p->events[EVENT_HUB_ORDER], 2 * pays);
            if (pays)
                CU_ASSERT_EQUAL(p->last_data.i[0], g);
            probe_close(p);
        }
    }
}

/* Orders stop at three days of the lines' work while nothing comes, and go on as the hub cancels;
 * none where the queue before the lines is as long. */
static void test_room(void)
{
    struct probe *p = ready();
    for (size_t i = 0; i < SIM_COUNT(sortable); i++)
        set_price(p, sortable[i], 0.8 * break_even(p, sortable[i]));
    start(p);
    run(p, 2);
    CU_ASSERT_EQUAL(p->events[EVENT_HUB_ORDER], 8);
    CU_ASSERT_DOUBLE_EQUAL((double)p->last_data.i[2] / 1e6, lines_t_day() / 4, 1e-3);
    run(p, 3);
    int64_t orders = p->events[EVENT_HUB_ORDER];
    CU_ASSERT_EQUAL(orders, 12);
    run(p, 20);
    CU_ASSERT_EQUAL(p->events[EVENT_HUB_ORDER], orders);
    union sim_data data = {.i = {GRADE_SHEET_OLD, llround(lines_t_day() / 2 * 1e6)}};
    sim_schedule(p->f.places[HERE].domain, 20 * SIM_DAY + SIM_HOUR, 8, EVENT_SORTING_CANCEL,
                 BUYER_SORTING, &data);
    run(p, 21);
    CU_ASSERT_EQUAL(p->events[EVENT_HUB_ORDER], orders + 4);
    CU_ASSERT_DOUBLE_EQUAL((double)p->last_data.i[2] / 1e6, lines_t_day() / 8, 1e-3);
    probe_close(p);
}

static void feed(struct probe *p, int64_t time, int grade, double metal_t, int64_t value)
{
    struct place *place = &p->f.places[HERE];
    const struct world_grade *class = &p->f.world->feed[grade];
    struct lot lot =
        lot_make(llround(metal_t * (double)TONNE), class->composition, class->nonmetal);
    lot.load = (uint16_t)grade;
    lot.tier = TIER_HUB;
    lot.value = value;
    place_move(place, ACCOUNT_IN_USE, ACCOUNT_MOTION, &lot);
    union sim_data data = {.i = {0}};
    place_schedule(place, time, EVENT_SORTING_TRUCK, BUYER_SORTING, &data, &lot);
}

static void test_full(void)
{
    struct probe *p = ready();
    for (size_t i = 0; i < SIM_COUNT(sortable); i++)
        set_price(p, sortable[i], 0.8 * break_even(p, sortable[i]));
    start(p);
    /* More than three days of work stand before the lines at the first decision. */
    feed(p, 9 * SIM_HOUR, GRADE_SHREDDED, 4 * lines_t_day(), 100);
    run(p, 1);
    CU_ASSERT_EQUAL(p->events[BUY], PROVINCES);
    CU_ASSERT_EQUAL(p->events[EVENT_HUB_ORDER], 0);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

/* Buys all sorted scrap of a grade that a day's ration gives, and returns it. */
static struct lot fetch(struct probe *p, int grade, int day)
{
    int64_t before = p->caught_g[EVENT_PLANT_TRUCK];
    union sim_data data = {
        .i = {market_class(TIER_SORTED, grade), TIER_SORTED, 5000 * TONNE, HERE, day}};
    sim_schedule(p->f.places[HERE].domain, day * SIM_DAY + SIM_HOUR, 8, EVENT_SORTING_ORDER, 7,
                 &data);
    run(p, day + 1);
    CU_ASSERT(p->caught_g[EVENT_PLANT_TRUCK] > before);
    return p->last;
}

/* A lot becomes sorted scrap of its class, rejects that go back as shredded, and losses. */
static void check_grade(int grade)
{
    struct probe *p = ready();
    for (size_t i = 0; i < SIM_COUNT(sortable); i++)
        set_price(p, sortable[i], 20000);
    start(p);
    struct place *place = &p->f.places[HERE];
    const struct world_grade *raw = &p->f.world->feed[grade];
    const struct world_grade *target = &p->f.world->feed[market_class(TIER_SORTED, grade)];
    const int64_t metal = 400 * TONNE, value = 640000000;
    int64_t before = sim_ledger_balance(&place->ledger, ACCOUNT_LOSSES, LOT_METAL);
    feed(p, SIM_HOUR, grade, 400, value);
    run(p, 6);
    CU_ASSERT_EQUAL(p->events[SORTED], 1);
    CU_ASSERT(probe_balanced(p));
    int64_t back = p->caught_g[EVENT_HUB_TRUCK];
    int64_t lost = sim_ledger_balance(&place->ledger, ACCOUNT_LOSSES, LOT_METAL) - before;
    int64_t stock = sim_ledger_balance(&place->ledger, ACCOUNT_SORTING, LOT_METAL);
    CU_ASSERT_EQUAL(back + lost + stock, metal);
    CU_ASSERT(stock <= (int64_t)(recovery * (double)metal) + 2);
    CU_ASSERT((double)stock > 0.85 * recovery * (double)metal);
    CU_ASSERT((double)back >= 0.9 * reject * (double)metal);
    CU_ASSERT_EQUAL(p->last.load, GRADE_SHREDDED);
    /* Alloying elements of what goes back are at most a fifth of the stream before the screws. */
    int64_t elements = 0;
    for (int e = 0; e < ELEMENTS; e++)
        elements += p->last.q[LOT_ELEMENTS + e];
    CU_ASSERT((double)elements <= 0.26 * (double)p->last.q[LOT_METAL]);
    /* Paid at receipt; work per gross tonne; rejects are a claim on the hub. */
    double gross = 400 / (1 - raw->nonmetal);
    int64_t claim = p->last.value,
            cash = sim_ledger_balance(&place->ledger, ACCOUNT_CASH_SORTING, LOT_MONEY);
    CU_ASSERT(claim > 0);
    CU_ASSERT_DOUBLE_EQUAL((double)cash, -(double)value - 100 * cost * gross + (double)claim, 2);
    CU_ASSERT_EQUAL(sim_ledger_balance(&place->ledger, ACCOUNT_CLEARING, LOT_MONEY), value - claim);
    struct lot good = fetch(p, grade, 7);
    if (grade != GRADE_SHEET_OLD || raw->composition[ELEMENT_FE] > target->composition[ELEMENT_FE])
        CU_ASSERT(lot_fraction(&good, ELEMENT_FE) < raw->composition[ELEMENT_FE]);
    CU_ASSERT_EQUAL(good.load, market_class(TIER_SORTED, grade));
    CU_ASSERT_EQUAL(good.tier, TIER_SORTED);
    CU_ASSERT_DOUBLE_EQUAL((double)good.gross * (1 - target->nonmetal), (double)good.q[LOT_METAL],
                           2);
    for (int e = 0; e < ELEMENTS; e++) {
        double wanted = fmin(raw->composition[e], target->composition[e]);
        double over = lot_fraction(&good, e) / wanted - 1;
        CU_ASSERT(wanted < 1e-5 || over < 0.01);
    }
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

static void test_grades(void)
{
    for (size_t i = 0; i < SIM_COUNT(sortable); i++)
        check_grade(sortable[i]);
}

/* A lot full of screws: alloying elements above a fifth of the reject stream are lost, the rest
 * goes back to the hub, and nothing of it stays in the good stream. */
static void test_screws(void)
{
    struct probe *p = ready();
    struct place *place = &p->f.places[HERE];
    start(p);
    p->f.world->feed[GRADE_SHREDDED].composition[ELEMENT_FE] = 0.15;
    feed(p, SIM_HOUR, GRADE_SHREDDED, 400, 100);
    run(p, 6);
    CU_ASSERT(probe_balanced(p));
    double back = (double)p->caught_g[EVENT_HUB_TRUCK] / 1e6, elements = 0;
    double screws = (double)sim_ledger_balance(&place->ledger, ACCOUNT_LOSSES, LOT_METAL) / 1e6 -
                    (1 - recovery - reject) * 400;
    for (int e = 0; e < ELEMENTS; e++)
        elements += (double)p->last.q[LOT_ELEMENTS + e] / 1e6;
    CU_ASSERT(screws > 10);
    CU_ASSERT_DOUBLE_EQUAL(elements, (back + screws) / 5, 1e-4);
    probe_close(p);
}

/* Many lots, some while lines are busy: all are sorted, and not a gram is lost. */
static void test_queue(void)
{
    struct probe *p = ready();
    for (size_t i = 0; i < SIM_COUNT(sortable); i++)
        set_price(p, sortable[i], 20000);
    start(p);
    for (int i = 0; i < 400; i++) /* tied in fours */
        feed(p, (1 + i / 4) * SIM_MINUTE, sortable[i % 4], 30.00017 + i % 7, 48000017 + i);
    run(p, 1);
    CU_ASSERT(p->events[SORTED] > 0 && p->events[SORTED] < 400);
    CU_ASSERT(probe_balanced(p));
    run(p, 30);
    CU_ASSERT_EQUAL(p->events[SORTED], 400);
    CU_ASSERT_EQUAL(p->events[EVENT_HUB_TRUCK], 400);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

/* The share of foreign pieces that a worse technology leaves stays in the sorted stream. */
static void test_removal(void)
{
    double iron[2];
    for (int k = 0; k < 2; k++) {
        struct probe *p = ready();
        fixture_set(&p->f, "sorting.removal.XRT", k ? 1 : 0.37);
        for (size_t i = 0; i < SIM_COUNT(sortable); i++)
            set_price(p, sortable[i], 15000);
        start(p);
        feed(p, SIM_HOUR, GRADE_THERMAL_BREAK, 400, 640000000);
        run(p, 6);
        struct lot good = fetch(p, GRADE_THERMAL_BREAK, 7);
        iron[k] = lot_fraction(&good, ELEMENT_FE);
        CU_ASSERT(probe_balanced(p));
        probe_close(p);
    }
    const struct probe *p = ready();
    double raw = p->f.world->feed[GRADE_THERMAL_BREAK].composition[ELEMENT_FE];
    CU_ASSERT_DOUBLE_EQUAL((raw - iron[0]) / (raw - iron[1]), 0.37, 0.01);
    probe_close((struct probe *)p);
}

static struct sorting_params lines_params(void)
{
    static const double throughput_t[SORTERS] = {1, 7, 8, 5, 12},
                        capex[SORTERS] = {0.3e6, 1.5e6, 6e6, 10e6, 8e6},
                        open[SORTERS] = {0.1, 0.05, 0.75, 0.03, 0.07},
                        ship[SORTERS] = {1, 1, 0.6, 0.2, 1};
    return (struct sorting_params){.hours = 10,
                                   .payback_yr = 3,
                                   .growth = 0.1,
                                   .throughput_t_h = throughput_t,
                                   .capex_cny = capex,
                                   .opening = open,
                                   .delivered = ship};
}

/* Opening lines can do the flow, and less than one X-ray line more; no flow needs none. */
static void test_opening(void)
{
    struct sorting_params p = lines_params();
    for (int i = 0; i < 50; i++) {
        struct sorting_lines lines = {.lines = {0}};
        double need = 97.3 * i;
        sorting_lines_open(&lines, &p, need);
        double day_t = sorting_lines_t(&lines, &p);
        CU_ASSERT(day_t >= need - 1e-6 && day_t < need + 80);
        CU_ASSERT(sorting_lines_working(&lines) > 0 || i == 0);
    }
}

/* A line is ordered where its margin pays its price back in time, and not a fen below; not without
 * room; and suppliers ship a share of what is on order. */
static void test_decision(void)
{
    struct sorting_params p = lines_params();
    double draw[SORTERS] = {0.5, 0.5, 0.5, 0.5, 0.5};
    double level = 6e6 / 80 / 330 / 3; /* CNY/t: an X-ray line */
    for (int k = 0; k < 3; k++) {
        struct sorting_lines lines = {.lines = {[SORTER_XRT] = 50}};
        lines.margin[SORTER_XRT] = level + (k ? 0.01 : -0.01);
        int64_t shipped[SORTERS];
        sorting_lines_decide(&lines, &p, k == 2 ? 30 : 1000, draw, shipped);
        CU_ASSERT_EQUAL(lines.ordered[SORTER_XRT] + shipped[SORTER_XRT], k == 1 ? 5 : 0);
        CU_ASSERT_EQUAL(shipped[SORTER_XRT], k == 1 ? 3 : 0); /* 5 * 0.6 + 0.5 */
        CU_ASSERT_EQUAL(lines.shipped[SORTER_XRT], shipped[SORTER_XRT]);
    }
    struct sorting_lines lines = {.ordered = {[SORTER_LIBS] = 2}};
    int64_t shipped[SORTERS], all = 0;
    for (int i = 0; i < 20; i++) { /* a fifth a quarter, all in the end */
        draw[SORTER_LIBS] = i % 5 / 5.0;
        sorting_lines_decide(&lines, &p, 1000, draw, shipped);
        CU_ASSERT(i > 0 || shipped[SORTER_LIBS] == 0);
        all += shipped[SORTER_LIBS];
    }
    CU_ASSERT_EQUAL(all, 2);
}

/* Where sorting pays, centres order, install and pay for lines; where it does not, lines wear out.
 * All that costs money is in the books. */
static void test_investment(void)
{
    for (int pays = 0; pays < 2; pays++) {
        struct probe *p = ready();
        fixture_set(&p->f, "sorting.life_yr", 2);
        for (size_t i = 0; i < SIM_COUNT(sortable); i++)
            set_price(p, sortable[i], pays ? 12000 : 19000);
        start(p);
        run(p, pays ? 600 : 800);
        CU_ASSERT(probe_balanced(p));
        int64_t paid = -balance_cash(p);
        CU_ASSERT(pays ? paid > 600000000 : paid == 0);
        CU_ASSERT(pays ? p->events[INSTALL] > 0 : p->events[INSTALL] == 0);
        CU_ASSERT(p->events[RETIRE] > 0);
        probe_close(p);
    }
}

static void test_errors(void)
{
    struct probe *p = ready();
    start(p);
    sim_schedule(p->f.places[3].domain, SIM_HOUR, 8, EVENT(COMPONENT_SORTING, 10), 0, NULL);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_MODEL);
    probe_close(p);
}

int main(void)
{
    CU_TestInfo tests[] = {{"premium", test_premium},   {"room", test_room},
                           {"full lines", test_full},   {"what becomes of a lot", test_grades},
                           {"screws", test_screws},     {"queue", test_queue},
                           {"removal", test_removal},   {"opening lines", test_opening},
                           {"decision", test_decision}, {"investment", test_investment},
                           {"errors", test_errors},     CU_TEST_INFO_NULL};
    return suite_run("sorting", tests);
}
