/* The market's mechanics for one holder, called as hubs, centres and ports call them. Parameters
 * are set here, so that no default matters. */
#include "probe.h"

#include "../../models/market.h"
#include "../suite.h"

enum { HERE = 18, G = GRADE_SHEET_OLD };
static const double theta = 120, cover_gain = 0.05, cover_days = 10, sales_days = 20, up = 0.6,
                    down = 0.35, step_limit = 0.03, ration = 0.5, truck_t = 25;

static struct probe *ready(double base_gain)
{
    struct probe *p = probe_open();
    fixture_set(&p->f, "market.theta_cny_t", theta);
    fixture_set(&p->f, "market.base_gain", base_gain);
    fixture_set(&p->f, "market.cover_gain", cover_gain);
    fixture_set(&p->f, "market.cover_days", cover_days);
    fixture_set(&p->f, "market.sales_days", sales_days);
    fixture_set(&p->f, "market.up", up);
    fixture_set(&p->f, "market.down", down);
    fixture_set(&p->f, "market.step_limit", step_limit);
    fixture_set(&p->f, "market.ration", ration);
    fixture_set(&p->f, "market.truck_t", truck_t);
    probe_world(p);
    CU_ASSERT_EQUAL_FATAL(probe_start(p, NULL, 0, 5), SIM_OK);
    return p;
}

static struct lot pile_of(const struct world *world, int class, double recoverable_t)
{
    const struct world_grade *feed = &world->feed[class];
    return lot_make(llround(recoverable_t / feed->recoverable * (double)TONNE), feed->composition,
                    feed->nonmetal);
}

/* ---- prices */

struct seller {
    struct market_post post;
    struct market_book book;
    struct lot stock[GRADES];
};

/* All grades sell 40 t a day. */
static void seller_init(struct seller *s, const struct place *place)
{
    double sales[GRADES];
    memset(s, 0, sizeof *s);
    for (int g = 0; g < GRADES; g++)
        sales[g] = 40;
    sim_require(market_book_init(&s->book, 1), "memory");
    market_post_init(&s->post, place->world, place_board(place)->nation.a00, sales);
}

/* Days on which 40 t are sold while the stock is `cover` times what is wanted. */
static void days(struct seller *s, struct place *place, double cover, int count)
{
    for (int g = 0; g < GRADES; g++)
        s->stock[g] = pile_of(place->world, g, cover * 40 * cover_days);
    for (int d = 0; d < count; d++) {
        for (int g = 0; g < GRADES; g++)
            s->book.sold[g] = 40;
        market_post_day(&s->post, place, TIER_HUB, s->stock, &s->book);
    }
}

/* ln of the price after one day at a cover over that before. */
static double step_at(struct place *place, double cover, double start)
{
    struct seller s;
    seller_init(&s, place);
    s.post.price[G] *= exp(start);
    double before = s.post.price[G];
    days(&s, place, cover, 1);
    double step = log(s.post.price[G] / before);
    CU_ASSERT_DOUBLE_EQUAL(s.post.momentum[G], step / sales_days, 1e-12);
    market_book_clear(&s.book);
    return step;
}

/* At normal cover and sales prices stand still at the quotations' ratios. */
static void test_rest(void)
{
    struct probe *p = ready(0.0007);
    struct place *place = &p->f.places[HERE];
    struct seller s;
    seller_init(&s, place);
    days(&s, place, 1, 200);
    for (int g = 0; g < GRADES; g++)
        CU_ASSERT_DOUBLE_EQUAL(s.post.price[g] / (17628 * p->f.world->feed[g].price_ratio), 1,
                               1e-6);
    market_book_clear(&s.book);
    probe_close(p);
}

static void test_direction(void)
{
    struct probe *p = ready(0);
    struct place *place = &p->f.places[HERE];
    CU_ASSERT_DOUBLE_EQUAL(step_at(place, 0.6, 0), -up * cover_gain * log(0.6), 1e-7);
    CU_ASSERT_DOUBLE_EQUAL(step_at(place, 1.7, 0), -down * cover_gain * log(1.7), 1e-7);
    /* Monotone in cover; beyond a factor of e more cover changes nothing. */
    double last = INFINITY;
    for (double cover = 0.4; cover < 2.6; cover += 0.1) {
        double step = step_at(place, cover, 0);
        CU_ASSERT(step < last);
        last = step;
    }
    CU_ASSERT_DOUBLE_EQUAL(step_at(place, 5, 0), step_at(place, 500, 0), 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(step_at(place, 0.1, 0), step_at(place, 0, 0), 1e-12);
    /* The same gap is closed faster upward than downward. */
    double rise = step_at(place, 1, -0.01), fall = step_at(place, 1, 0.01);
    CU_ASSERT_DOUBLE_EQUAL(rise, up * 0.01, 1e-7);
    CU_ASSERT_DOUBLE_EQUAL(fall, -down * 0.01, 1e-7);
    CU_ASSERT_DOUBLE_EQUAL(rise / -fall, up / down, 1e-4);
    /* No day moves a price by more than the limit. */
    CU_ASSERT_DOUBLE_EQUAL(step_at(place, 1, -0.7), step_limit, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(step_at(place, 1, 0.7), -step_limit, 1e-9);
    probe_close(p);
}

/* A lasting shortage lifts the base by the gain a day and the price with it; a grade that nobody
 * has or wants keeps its price; orders alone lift it. */
static void test_base(void)
{
    struct probe *p = ready(0.001);
    struct place *place = &p->f.places[HERE];
    struct seller s;
    seller_init(&s, place);
    double base = s.post.base[G];
    days(&s, place, 0.5, 100);
    CU_ASSERT_DOUBLE_EQUAL(s.post.base[G] - base, -100 * 0.001 * log(0.5), 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(log(s.post.price[G] / 17628) - base,
                           -(100 * 0.001 + cover_gain) * log(0.5), 1e-3);
    memset(&s.post.sales, 0, sizeof s.post.sales);
    memset(&s.stock, 0, sizeof s.stock);
    double before = s.post.price[G];
    market_post_day(&s.post, place, TIER_HUB, s.stock, &s.book);
    CU_ASSERT_EQUAL(s.post.price[G], before);
    const struct board_holder *slice = &p->f.run.boards[1].holder[HERE][TIER_HUB - 1];
    CU_ASSERT_EQUAL(slice->weight[G], 0);
    s.book.wanted[G] = 100;
    s.post.price[G] = exp(s.post.base[G]) * 17628;
    before = s.post.price[G];
    market_post_day(&s.post, place, TIER_HUB, s.stock, &s.book);
    CU_ASSERT(s.post.price[G] > before);
    CU_ASSERT_EQUAL(s.book.wanted[G], 0);
    market_book_clear(&s.book);
    probe_close(p);
}

/* The slice of today's board holds what was posted, in the holder's own row only. */
static void test_slice(void)
{
    struct probe *p = ready(0);
    struct place *place = &p->f.places[HERE];
    struct seller s;
    seller_init(&s, place);
    const struct board yesterday = p->f.run.boards[0];
    days(&s, place, 0.8, 3);
    CU_ASSERT_EQUAL(memcmp(&yesterday, &p->f.run.boards[0], sizeof yesterday), 0);
    const struct board *today = &p->f.run.boards[1];
    for (int g = 0; g < GRADES; g++) {
        const struct board_holder *slice = &today->holder[HERE][TIER_HUB - 1];
        CU_ASSERT_EQUAL(slice->price[g], s.post.price[g]);
        CU_ASSERT_DOUBLE_EQUAL(slice->sales[g], 40, 1e-9);
        CU_ASSERT_DOUBLE_EQUAL(slice->stock[g], 320, 1e-5);
        CU_ASSERT_DOUBLE_EQUAL(slice->weight[g], 40 * exp(-(s.post.price[g] - 17628) / theta),
                               1e-6 * slice->weight[g]);
    }
    CU_ASSERT_EQUAL(memcmp(&today->holder[HERE][TIER_SORTED - 1],
                           &yesterday.holder[HERE][TIER_SORTED - 1], sizeof(struct board_holder)),
                    0);
    CU_ASSERT_EQUAL(
        memcmp(&today->holder[HERE + 1], &yesterday.holder[HERE + 1], sizeof today->holder[0]), 0);
    market_book_clear(&s.book);
    probe_close(p);
}

/* ---- orders */

static void order(struct market_book *book, struct place *place, int day, uint32_t buyer,
                  int province, int class, int64_t grams)
{
    struct sim_event event = {.time = day * SIM_DAY + SIM_HOUR, .entity = buyer};
    event.data.i[0] = class;
    event.data.i[1] = TIER_HUB;
    event.data.i[2] = grams;
    event.data.i[3] = province;
    event.data.i[4] = day;
    market_book_add(book, place, &event);
}

/* One hub that sells `held` recoverable t of G. */
struct hub {
    struct seller seller;
    int64_t cash;
};

static struct market_holder holder_of(struct hub *hub, struct place *place, double held)
{
    struct lot *pile = &hub->seller.stock[G];
    *pile = pile_of(place->world, G, held);
    place_move(place, ACCOUNT_IN_USE, ACCOUNT_HUB, pile);
    return (struct market_holder){.tier = TIER_HUB,
                                  .stock = hub->seller.stock,
                                  .account = ACCOUNT_HUB,
                                  .cash_account = ACCOUNT_CASH_HUBS,
                                  .cash = &hub->cash};
}

static int64_t delivered(const struct probe *p)
{
    return p->caught_g[EVENT_PLANT_TRUCK] + p->caught_g[EVENT_SORTING_TRUCK];
}

static int64_t cancelled(const struct probe *p)
{
    return p->caught_g[EVENT_PLANT_CANCEL] + p->caught_g[EVENT_SORTING_CANCEL];
}

/* Random books on random stocks: what is delivered and what is cancelled add up to what was
 * ordered, at most half the stock leaves, and money, metal and books agree. */
static void test_conserve(void)
{
    for (uint64_t trial = 0; trial < 25; trial++) {
        struct probe *p = ready(0);
        struct place *place = &p->f.places[HERE];
        struct sim_stream stream = sim_stream_make(sim_random_key_make(6, 0), 0, 0, trial);
        struct hub hub = {.cash = 0};
        seller_init(&hub.seller, place);
        double held = 2500 * sim_uniform(&stream);
        struct market_holder holder = holder_of(&hub, place, held);
        int64_t ordered = 0, before = hub.seller.stock[G].q[LOT_METAL];
        int orders = 1 + (int)(30 * sim_uniform(&stream));
        for (int i = 0; i < orders; i++) {
            int64_t grams = 1 + (int64_t)(150e6 * sim_uniform(&stream));
            bool centre = sim_uniform(&stream) < 0.1;
            int province = centre || i % 2 ? HERE : (int)(PROVINCES * sim_uniform(&stream));
            order(&hub.seller.book, place, 0, centre ? BUYER_SORTING : (uint32_t)i, province, G,
                  grams);
            ordered += grams;
        }
        CU_ASSERT_DOUBLE_EQUAL(hub.seller.book.wanted[G], (double)ordered / 1e6, 1e-6);
        market_clear(place, &hub.seller.book, &hub.seller.post, &holder);
        CU_ASSERT_EQUAL(hub.seller.book.count, 0);
        double sold = hub.seller.book.sold[G];
        CU_ASSERT(sold <= ration * held + 1e-6);
        CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, 20 * SIM_DAY, NULL), SIM_OK);
        CU_ASSERT_DOUBLE_EQUAL(sold + (double)cancelled(p) / 1e6, (double)ordered / 1e6, 1e-6);
        double recoverable = p->f.world->feed[G].recoverable;
        CU_ASSERT_DOUBLE_EQUAL((double)delivered(p) * recoverable / 1e6, sold, 1e-6 * orders);
        CU_ASSERT_EQUAL(delivered(p) + hub.seller.stock[G].q[LOT_METAL], before);
        CU_ASSERT_EQUAL(p->claims, hub.cash);
        CU_ASSERT_DOUBLE_EQUAL((double)hub.cash / 100, sold * hub.seller.post.price[G],
                               0.011 * orders);
        CU_ASSERT_EQUAL(sim_ledger_balance(&place->ledger, ACCOUNT_CASH_HUBS, LOT_MONEY), hub.cash);
        CU_ASSERT_EQUAL(sim_ledger_balance(&place->ledger, ACCOUNT_CLEARING, LOT_MONEY), -hub.cash);
        for (size_t q = 0; q < LOT_QUANTITIES; q++)
            CU_ASSERT_EQUAL(sim_ledger_balance(&place->ledger, ACCOUNT_HUB, q),
                            hub.seller.stock[G].q[q]);
        /* Freight's emissions are on the lots. */
        CU_ASSERT_EQUAL(sim_ledger_balance(&place->ledger, ACCOUNT_EMITTERS, LOT_CO2),
                        -p->held.q[LOT_CO2]);
        market_book_clear(&hub.seller.book);
        probe_close(p);
    }
}

/* 100 t of stock, so 50 t to sell: 30 t are served, 30 t get 20, and the next nothing. A rest under
 * a fifth of a truck is not sent. Ties of rank: by buyer, then by province. */
static void test_partial(void)
{
    struct probe *p = ready(0);
    struct place *place = &p->f.places[HERE];
    struct hub hub = {.cash = 0};
    seller_init(&hub.seller, place);
    struct market_holder holder = holder_of(&hub, place, 100);
    struct market_book *book = &hub.seller.book;
    order(book, place, 0, 9, HERE, G, 30 * TONNE);
    order(book, place, 0, 7, HERE, G, 30 * TONNE);
    order(book, place, 0, 7, 3, G, 30 * TONNE);
    for (int i = 0; i < 3; i++)
        book->orders[i].rank = 2385;
    market_clear(place, book, &hub.seller.post, &holder);
    CU_ASSERT_EQUAL(book->orders[0].province, 3);
    CU_ASSERT_EQUAL(book->orders[1].buyer, 7);
    CU_ASSERT_EQUAL(book->orders[2].buyer, 9);
    CU_ASSERT_DOUBLE_EQUAL(book->sold[G], 50, 1e-5);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, 20 * SIM_DAY, NULL), SIM_OK);
    CU_ASSERT_EQUAL(p->events[EVENT_PLANT_TRUCK], 2);
    CU_ASSERT_EQUAL(p->events[EVENT_PLANT_CANCEL], 2);
    CU_ASSERT_DOUBLE_EQUAL((double)cancelled(p), 40e6, 10);
    CU_ASSERT_EQUAL(p->caught_by[3], 1);
    market_book_clear(book);
    probe_close(p);
    p = ready(0);
    place = &p->f.places[HERE];
    hub = (struct hub){.cash = 0};
    seller_init(&hub.seller, place);
    holder = holder_of(&hub, place, 2 * (truck_t / 5 - 0.01));
    order(&hub.seller.book, place, 0, 1, HERE, G, 30 * TONNE);
    market_clear(place, &hub.seller.book, &hub.seller.post, &holder);
    CU_ASSERT_EQUAL(hub.cash, 0);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, 20 * SIM_DAY, NULL), SIM_OK);
    CU_ASSERT_EQUAL(cancelled(p), 30 * TONNE);
    CU_ASSERT_EQUAL(delivered(p), 0);
    market_book_clear(&hub.seller.book);
    probe_close(p);
}

/* Over 6,000 days each of five buyers is first on a fifth of them, within four standard deviations
 * (a false alarm in 3,000 seeds for all five); the order of arrival does not matter. */
static void test_fair(void)
{
    enum { DAYS = 6000, BUYERS = 5 };
    struct probe *p = ready(0);
    struct place *place = &p->f.places[HERE];
    static const uint32_t buyer[BUYERS] = {0, 1, 2, 400, BUYER_SORTING};
    int first[BUYERS] = {0}, earlier = 0;
    struct market_book forth, back;
    sim_require(market_book_init(&forth, 1) && market_book_init(&back, 8), "memory");
    for (int d = 0; d < DAYS; d++) {
        forth.count = back.count = 0;
        for (int i = 0; i < BUYERS; i++) {
            order(&forth, place, d, buyer[i], HERE, G, 30 * TONNE);
            order(&back, place, d, buyer[BUYERS - 1 - i], HERE, G, 30 * TONNE);
        }
        int best = 0;
        for (int i = 0; i < BUYERS; i++) {
            CU_ASSERT_EQUAL(forth.orders[i].rank, back.orders[BUYERS - 1 - i].rank);
            if (forth.orders[i].rank < forth.orders[best].rank)
                best = i;
        }
        first[best]++;
        earlier += forth.orders[0].rank < forth.orders[1].rank;
    }
    for (int i = 0; i < BUYERS; i++)
        CU_ASSERT_DOUBLE_EQUAL(first[i], DAYS / 5.0, 4 * sqrt(DAYS * 0.2 * 0.8));
    CU_ASSERT_DOUBLE_EQUAL(earlier, DAYS / 2.0, 4 * sqrt(DAYS * 0.25));
    CU_ASSERT(forth.capacity >= BUYERS);
    market_book_clear(&forth);
    market_book_clear(&back);
    probe_close(p);
}

/* ---- classes and outputs */

static void test_outputs(void)
{
    struct probe *p = ready(0);
    struct place *place = &p->f.places[HERE];
    for (int g = 0; g < GRADES; g++) {
        CU_ASSERT_EQUAL(market_class(TIER_HUB, g), g);
        CU_ASSERT_EQUAL(market_class(TIER_PORT, g), g);
        CU_ASSERT_EQUAL(p->f.world->feed[market_class(TIER_SORTED, g)].grade, g);
    }
    CU_ASSERT_EQUAL(market_class(TIER_SORTED, GRADE_SHREDDED), FEED_SHREDDED_SORTED);
    CU_ASSERT_EQUAL(market_class(TIER_SORTED, GRADE_UBC), GRADE_UBC);
    struct market_book book;
    sim_require(market_book_init(&book, 1), "memory");
    book.month_volume[G] = 30;
    book.month_turnover[G] = 30 * 16000;
    p->f.sample.step = 0;
    sim_sample_begin(&p->f.sample);
    market_sample(place, &p->f.sample, TIER_HUB, &book);
    CU_ASSERT_EQUAL(book.month_volume[G], 0);
    market_sample_price(place, &p->f.sample, TIER_HUB, G, 15000, 10);
    market_sample_price(place, &p->f.sample, TIER_HUB, G, 99999, 0); /* no trade, no price */
    sim_sample_end(&p->f.sample);
    const struct world_grade *class = &p->f.world->feed[G];
    size_t cell = (size_t)(TIER_HUB * GRADES + G);
    double price = fixture_value(&p->f, "scrap_price", 0, cell);
    CU_ASSERT_DOUBLE_EQUAL(price, 15750, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(fixture_value(&p->f, "scrap_price_gross", 0, cell) / price,
                           class->recoverable * (1 - class->nonmetal), 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(
        fixture_value(&p->f, "scrap_price_by_province", 0, (size_t)(HERE * GRADES + G)), 15750,
        1e-6);
    market_book_clear(&book);
    probe_close(p);
}

int main(void)
{
    CU_TestInfo tests[] = {{"prices at rest", test_rest},
                           {"direction, asymmetry, limit", test_direction},
                           {"base", test_base},
                           {"the board's slice", test_slice},
                           {"deliveries and cancellations", test_conserve},
                           {"partial fills and ties", test_partial},
                           {"fair order", test_fair},
                           {"classes and outputs", test_outputs},
                           CU_TEST_INFO_NULL};
    return suite_run("market", tests);
}
