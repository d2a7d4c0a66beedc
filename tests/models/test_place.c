/* A domain's place: whose board is read and written on which day, its books, and what events
 * carry. */
#include "probe.h"

#include "../suite.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HERE = 18 };

static struct probe *ready(void)
{
    struct probe *p = probe_open();
    probe_world(p);
    CU_ASSERT_EQUAL_FATAL(probe_start(p, NULL, 0, 5), SIM_OK);
    return p;
}

/* ---- boards: an engine whose events look at the boards */

enum { WRITE, READ };

struct look {
    struct place place;
    int wrong, looks;
};

static enum sim_status look_handle(struct sim_domain *domain, void *state,
                                   const struct sim_event *event, const void *cargo)
{
    (void)cargo;
    struct look *look = state;
    struct place *place = &look->place;
    int day = world_day(sim_now(domain)), i = place->index;
    if (event->kind == WRITE)
        place_board_today(place)->holder[i][0].price[0] = 1000 * day + i;
    /* Neighbours' posts of yesterday are read, whatever they post today. */
    for (int n = 0; n < 2 && day > 0; n++)
        look->wrong += place_board(place)->holder[n][0].price[0] != 1000 * (day - 1) + n;
    look->wrong += place_board(place) == place_board_today(place);
    look->looks++;
    sim_schedule(domain, sim_now(domain) + SIM_DAY, 8, event->kind, 0, NULL);
    return SIM_OK;
}

/* Domain 0 posts at the day's first moment and domain 1 at its last; both read at both ends. */
static void test_boards(void)
{
    struct run *shared = calloc(1, sizeof *shared);
    struct look looks[2];
    sim_require(shared, "memory");
    memset(looks, 0, sizeof looks);
    void *states[2] = {&looks[0], &looks[1]};
    struct sim_engine *engine;
    struct sim_setup setup = {
        .domains = 2, .lookahead = SIM_DAY, .seed = 1, .handler = look_handle, .states = states};
    CU_ASSERT_EQUAL_FATAL(sim_engine_create(&engine, &setup), SIM_OK);
    for (int i = 0; i < 2; i++) {
        struct sim_domain *domain = sim_engine_domain(engine, (uint32_t)i);
        looks[i].place = (struct place){.run = shared, .domain = domain, .index = i};
        sim_schedule(domain, i ? SIM_DAY - 1 : 0, 8, WRITE, 0, NULL);
        sim_schedule(domain, i ? 0 : SIM_DAY - 1, 8, READ, 0, NULL);
        CU_ASSERT_PTR_EQUAL(place_of(domain), &looks[i]);
    }
    CU_ASSERT_EQUAL(sim_engine_run(engine, 60 * SIM_DAY, NULL), SIM_OK);
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(looks[i].looks, 120);
        CU_ASSERT_EQUAL(looks[i].wrong, 0);
    }
    sim_engine_destroy(engine);
    free(shared);
}

/* ---- books */

static int64_t balance(const struct place *place, int account, int quantity)
{
    return sim_ledger_balance(&place->ledger, (size_t)account, (size_t)quantity);
}

static struct lot some_lot(const struct place *place)
{
    const struct world_grade *class = &place->world->feed[GRADE_SHREDDED];
    struct lot lot = lot_make(23850017, class->composition, class->nonmetal);
    lot.q[LOT_CO2] = 2385;
    lot.q[LOT_BURDEN] = 71;
    lot.value = 99;
    return lot;
}

static void test_books(void)
{
    struct probe *p = ready();
    struct place *place = &p->f.places[HERE];
    struct lot lot = some_lot(place);
    place_enter(place, ACCOUNT_IN_USE, ACCOUNT_HUB, &lot);
    CU_ASSERT_EQUAL(place->lots, 1);
    place_move(place, ACCOUNT_HUB, ACCOUNT_FEED, &lot);
    CU_ASSERT_EQUAL(place->lots, 1);
    for (int q = 0; q < LOT_QUANTITIES; q++) {
        CU_ASSERT_EQUAL(balance(place, ACCOUNT_FEED, q), lot.q[q]);
        CU_ASSERT_EQUAL(balance(place, ACCOUNT_HUB, q), 0);
        CU_ASSERT_EQUAL(balance(place, ACCOUNT_IN_USE, q), -lot.q[q]);
    }
    /* A lot's value is a label: money moves by place_pay alone, either way. */
    CU_ASSERT_EQUAL(balance(place, ACCOUNT_FEED, LOT_MONEY), 0);
    place_pay(place, ACCOUNT_CASH_HUBS, ACCOUNT_SERVICES, 2385);
    place_pay(place, ACCOUNT_CASH_HUBS, ACCOUNT_SERVICES, -385);
    CU_ASSERT_EQUAL(balance(place, ACCOUNT_CASH_HUBS, LOT_MONEY), -2000);
    CU_ASSERT_EQUAL(balance(place, ACCOUNT_SERVICES, LOT_MONEY), 2000);
    CU_ASSERT_EQUAL(place_fen(23.854), 2385);
    CU_ASSERT_EQUAL(place_fen(-23.856), -2386);
    CU_ASSERT_EQUAL(place_fen(0), 0);
    probe_close(p);
}

/* Emissions are on the lot, in the account that holds it and in the month's sum of the scope. */
static void test_emit(void)
{
    struct probe *p = ready();
    struct place *place = &p->f.places[HERE];
    struct lot lot = some_lot(place);
    place_enter(place, ACCOUNT_IN_USE, ACCOUNT_HUB, &lot);
    place_emit(place, &lot, ACCOUNT_HUB, SCOPE_2, 17.0306);
    place_emit(place, &lot, ACCOUNT_HUB, SCOPE_2, 0);
    place_emit(place, &lot, ACCOUNT_HUB, SCOPE_3, 1e-5);
    CU_ASSERT_EQUAL(lot.q[LOT_CO2], 2385 + 17031);
    CU_ASSERT_EQUAL(balance(place, ACCOUNT_HUB, LOT_CO2), lot.q[LOT_CO2]);
    CU_ASSERT_EQUAL(balance(place, ACCOUNT_EMITTERS, LOT_CO2), -17031);
    CU_ASSERT_EQUAL(place->emitted_g[SCOPE_2], 17031);
    CU_ASSERT_EQUAL(place->emitted_g[SCOPE_1], 0);
    CU_ASSERT_EQUAL(place->emitted_g[SCOPE_3], 0);
    probe_close(p);
}

/* A programmer's errors end the program: provoked in a child. */
static bool aborts(void (*wrong)(struct place *), struct place *place)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(2);
        wrong(place);
        _exit(0);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

static void emit_less(struct place *place)
{
    struct lot lot = some_lot(place);
    place_emit(place, &lot, ACCOUNT_HUB, SCOPE_1, -1);
}

static void emit_nan(struct place *place)
{
    struct lot lot = some_lot(place);
    place_emit(place, &lot, ACCOUNT_HUB, SCOPE_1, NAN);
}

static void take_more(struct place *place)
{
    struct lot lot = some_lot(place);
    lot_take(&lot, lot.q[LOT_METAL] + 1);
}

static void take_less(struct place *place)
{
    struct lot lot = some_lot(place);
    lot_take(&lot, -1);
}

static void send_early(struct place *place)
{
    place_send(place, 3, SIM_DAY - 1, EVENT_PLANT_CANCEL, 1, NULL, NULL);
}

static void test_misuse(void)
{
    struct probe *p = ready();
    struct place *place = &p->f.places[HERE];
    CU_ASSERT(aborts(emit_less, place));
    CU_ASSERT(aborts(emit_nan, place));
    CU_ASSERT(aborts(take_more, place));
    CU_ASSERT(aborts(take_less, place));
    CU_ASSERT(aborts(send_early, place));
    probe_close(p);
}

/* ---- events */

static void test_cargo(void)
{
    struct probe *p = ready();
    struct place *place = &p->f.places[HERE];
    struct lot lot = some_lot(place);
    lot.serial = 77;
    lot.trucks = 3;
    union sim_data data = {.i = {1, 23, 4, 5, 6}};
    place_enter(place, ACCOUNT_IN_USE, ACCOUNT_MOTION, &lot);
    place_schedule(place, SIM_HOUR, EVENT_PLANT_TRUCK, 7, &data, &lot);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_OK);
    CU_ASSERT_EQUAL(memcmp(&p->last, &lot, sizeof lot), 0);
    CU_ASSERT_EQUAL(memcmp(&p->last_data, &data, sizeof data), 0);
    CU_ASSERT_EQUAL(p->caught_by[HERE], 1);
    place_send(place, 3, 3 * SIM_DAY, EVENT_PLANT_CANCEL, 7, &data, NULL);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, 4 * SIM_DAY, NULL), SIM_OK);
    CU_ASSERT_EQUAL(p->caught_by[3], 1);
    CU_ASSERT_EQUAL(p->caught_g[EVENT_PLANT_CANCEL], 23);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

int main(void)
{
    CU_TestInfo tests[] = {{"boards of today and yesterday", test_boards},
                           {"books", test_books},
                           {"emissions", test_emit},
                           {"misuse", test_misuse},
                           {"cargo", test_cargo},
                           CU_TEST_INFO_NULL};
    return suite_run("place", tests);
}
