/* Reverse collection in the whole chain: who signs and who leaves, where the metal goes and what is
 * paid, what collectors and dealers lose, and what plants make of it. */
#include "whole.h"

#include "../../models/closed_loop.h"
#include "../../models/closed_loop_contracts.h"
#include "../../models/new_scrap.h"
#include "../suite.h"

static void add_policy(struct fixture *f, const char *date, double programme, double support,
                       double effort, double years)
{
    struct sim_date day;
    sim_require(sim_date_parse(date, &day), "%s", date);
    struct sim_policy item = {.id = "back",
                              .time = sim_time_from_date(day),
                              .type = &closed_loop_policy,
                              .values = {programme, support, effort, years}};
    f->policies.items = realloc(f->policies.items, (f->policies.count + 1) * sizeof item);
    sim_require(f->policies.items, "memory");
    f->policies.items[f->policies.count++] = item;
}

/* What the watcher has seen. */
struct seen {
    int64_t loop_g[LOOP_ROUTES], plant_g, hub_g; /* metal received */
    int64_t paid;                                /* fen, by plants to others than clearing */
    int outside;                                 /* trucks from beyond the reach */
    int wrong; /* lots of another class, or plants of another alloy */
};

static void watch(struct whole *w, struct place *place, const struct sim_event *event,
                  const void *cargo)
{
    struct seen *seen = w->seen;
    const struct lot *lot = cargo;
    if (event->kind == EVENT_LOOP_TRUCK) {
        int r = (int)event->data.i[1];
        seen->loop_g[r] += lot->q[LOT_METAL];
        seen->wrong += lot->load != closed_loop_routes[r].class;
        seen->outside += place->world->km[lot->origin][place->index] >
                         closed_loop_params_of(place->world)->reach_km;
    }
    if (event->kind == EVENT_PLANT_TRUCK && event->data.i[1] > 0) {
        seen->plant_g += lot->q[LOT_METAL];
        seen->paid += lot->value;
        const struct plant *plant = &plants_of(place)->plant[event->entity];
        seen->wrong += place->world->feed[lot->load].same_alloy != plant->alloy;
    }
    if (event->kind == EVENT_HUB_TRUCK && event->data.i[0] == ACCOUNT_IN_USE)
        seen->hub_g += lot->q[LOT_METAL];
}

/* Every source signs at once: it gains 4,000 CNY/t more than today. */
static struct whole *eager(struct seen *seen)
{
    struct whole *w = whole_open();
    fixture_set_path(&w->f, "closed_loop.support", 4000);
    fixture_set_path(&w->f, "closed_loop.effort", 100);
    fixture_set(&w->f, "closed_loop.hazard", 20);
    w->before = watch;
    w->seen = seen;
    *seen = (struct seen){.wrong = 0};
    return w;
}

/* Plants use what comes, hold no mountains, and take no more than their charge can hold, though in
 * this rush more is signed than that. */
static void check_users(const struct whole *w)
{
    double limit = closed_loop_params_of(w->f.world)->charge_limit;
    for (int d = 0; d < PROVINCES; d++) {
        const struct place *place = &w->f.places[d];
        double taken[ALLOYS] = {0};
        for (int r = 0; r < LOOP_ROUTES; r++) {
            const struct closed_loop_route *route = &closed_loop_routes[r];
            double supply = closed_loop_supply_t_day(place, route->alloy, route->class);
            double made = fmin(sales_orders_t_day(place, route->alloy),
                               plants_capacity_t_day(place, route->alloy));
            taken[route->alloy] += supply;
            CU_ASSERT(taken[route->alloy] < 1.5 * limit * fmax(made, 20));
            if (supply <= 0.02 * made || made < 20)
                continue;
            const struct procurement_plan *plan = &plants_of(place)->desk.plan[route->alloy];
            CU_ASSERT(plan->share[route->class] > 0.5 * supply / made);
            CU_ASSERT(closed_loop_cost_cny_t(place, route->alloy, route->class) <
                      plants_of(place)->desk.plan[route->alloy].cost);
            double held = 0;
            for (int i = 0; i < plants_of(place)->count; i++) {
                const struct plant *plant = &plants_of(place)->plant[i];
                if (plant->alloy == route->alloy)
                    held +=
                        market_recoverable_t(w->f.world, route->class, &plant->feed[route->class]);
            }
            CU_ASSERT(held < 90 * plan->share[route->class] * made);
        }
    }
}

static void test_eager(void)
{
    struct seen seen;
    struct whole *w = eager(&seen);
    whole_start(w, 3);
    whole_days(w, 270);
    int64_t all = 0;
    for (int r = 0; r < LOOP_ROUTES; r++) {
        CU_ASSERT(seen.loop_g[r] > 0);
        all += seen.loop_g[r];
    }
    CU_ASSERT_EQUAL(seen.wrong, 0);
    CU_ASSERT_EQUAL(seen.outside, 0);
    /* A truck is with its plant an hour after it came. */
    CU_ASSERT_DOUBLE_EQUAL((double)seen.plant_g, (double)all, 0.01 * (double)all);
    CU_ASSERT(seen.paid > 0);
    check_users(w);
    double share = 0, most = closed_loop_params_of(w->f.world)->recovery;
    for (int d = 0; d < PROVINCES; d++) {
        struct place *place = &w->f.places[d];
        double here = closed_loop_share_old(place, SECTOR_BUILDING, GRADE_FORMWORK);
        CU_ASSERT(here >= 0 && here <= most);
        share = fmax(share, here);
        CU_ASSERT_EQUAL(closed_loop_share_old(place, SECTOR_MACHINERY, GRADE_FORMWORK), 0);
        CU_ASSERT_EQUAL(closed_loop_share_new(place, SECTOR_BUILDING, GRADE_FORMWORK), 0);
        /* Dealers lose exactly what is contracted. */
        double dealers = 0;
        for (int s = 0; s < SECTORS; s++)
            dealers += new_scrap_sector_t_day(place, s, GRADE_EXTRUSION_NEW) *
                       (1 - closed_loop_share_new(place, s, GRADE_EXTRUSION_NEW));
        CU_ASSERT_DOUBLE_EQUAL(new_scrap_rate_t_day(place, GRADE_EXTRUSION_NEW), dealers,
                               1e-9 * dealers);
        CU_ASSERT(whole_plants_balanced(place));
    }
    CU_ASSERT(share > 0.5);
    whole_close(w);
}

/* Where nothing is gained nobody signs, and those under contract leave when the gain is gone. */
static void test_leaving(void)
{
    struct seen seen;
    struct whole *w = eager(&seen);
    add_policy(&w->f, "2019-05-01", -1, -5000, 1, 0);
    add_policy(&w->f, "2019-05-01", PROGRAMME_CANS, -5000, 1, 0);
    whole_start(w, 3);
    whole_days(w, 110);
    double before = 0, after = 0;
    for (int d = 0; d < PROVINCES; d++)
        before += closed_loop_share_old(&w->f.places[d], SECTOR_PACKAGING, GRADE_UBC);
    whole_days(w, 50);
    for (int d = 0; d < PROVINCES; d++)
        after += closed_loop_share_old(&w->f.places[d], SECTOR_PACKAGING, GRADE_UBC);
    CU_ASSERT(before > 0.5);
    CU_ASSERT_EQUAL(after, 0);
    whole_close(w);
    w = eager(&seen);
    fixture_set_path(&w->f, "closed_loop.support", -5000);
    whole_start(w, 3);
    whole_days(w, 60);
    for (int r = 0; r < LOOP_ROUTES; r++)
        CU_ASSERT_EQUAL(seen.loop_g[r], 0);
    whole_close(w);
}

static struct lot send(struct place *place, int r, int64_t time)
{
    const struct world_grade *class = &place->world->feed[closed_loop_routes[r].class];
    struct lot lot = lot_make(23 * TONNE, class->composition, class->nonmetal);
    lot.load = (uint16_t)closed_loop_routes[r].class;
    lot.origin = (uint16_t)place->index;
    lot.value = 23850000;
    place_enter(place, ACCOUNT_IN_USE, ACCOUNT_MOTION, &lot);
    union sim_data data = {.i = {ACCOUNT_IN_USE, r}};
    place_schedule(place, time, EVENT_LOOP_TRUCK, 0, &data, &lot);
    return lot;
}

/* Two loads at the same moment, of which the plant is paid for; then plants of the alloy have
 * closed, and the hub takes the load at its own price. */
static void test_receipt(void)
{
    enum { ROUTE = 5, ALLOY = ALLOY_6063 };
    struct seen seen;
    struct whole *w = eager(&seen);
    fixture_set_path(&w->f, "closed_loop.support", -5000);
    whole_start(w, 3);
    whole_days(w, 1);
    int here = -1;
    for (int d = 0; d < PROVINCES && here < 0; d++)
        here = plants_capacity_t_day(&w->f.places[d], ALLOY) > 50 ? d : -1;
    struct place *place = &w->f.places[here];
    int64_t time = sim_engine_time(w->f.engine) + SIM_HOUR;
    struct lot lot = send(place, ROUTE, time);
    send(place, ROUTE, time);
    whole_days(w, 1);
    CU_ASSERT_EQUAL(seen.loop_g[ROUTE], 2 * lot.q[LOT_METAL]);
    CU_ASSERT_EQUAL(seen.plant_g, 2 * lot.q[LOT_METAL]);
    CU_ASSERT_EQUAL(seen.paid, 2 * lot.value);
    CU_ASSERT(whole_plants_balanced(place));
    CU_ASSERT_EQUAL(seen.hub_g, 0);
    struct plants *plants = plants_of(place);
    for (int i = 0; i < plants->count; i++) {
        if (plants->plant[i].alloy == ALLOY)
            plants->plant[i].capacity_t = 0;
    }
    send(place, ROUTE, sim_engine_time(w->f.engine) + SIM_HOUR);
    whole_days(w, 1);
    CU_ASSERT_EQUAL(seen.plant_g, 2 * lot.q[LOT_METAL]);
    CU_ASSERT_EQUAL(seen.hub_g, lot.q[LOT_METAL]);
    whole_close(w);
}

static void test_policies(void)
{
    struct whole *w = whole_open();
    add_policy(&w->f, "2025-01-01", PROGRAMME_CARS, 240, 5, 2);
    add_policy(&w->f, "2026-01-01", -1, 100, 3, 0);
    whole_start(w, 3);
    const struct world *world = w->f.world;
    int64_t year[4];
    for (int y = 0; y < 4; y++)
        year[y] = sim_time_from_date((struct sim_date){2024 + y, 1, 1});
    CU_ASSERT_EQUAL(closed_loop_support(world, PROGRAMME_CARS, year[0]), 0);
    CU_ASSERT_EQUAL(closed_loop_effort(world, PROGRAMME_CARS, year[0]), 1);
    CU_ASSERT_EQUAL(closed_loop_support(world, PROGRAMME_CARS, year[1]), 0);
    CU_ASSERT_DOUBLE_EQUAL(closed_loop_support(world, PROGRAMME_CARS, year[2]), 220, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(closed_loop_support(world, PROGRAMME_CANS, year[2]), 100, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(closed_loop_effort(world, PROGRAMME_CARS, year[2]), 9, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(closed_loop_effort(world, PROGRAMME_CARS, year[3]), 15, 1e-9);
    /* The nation has no sources. */
    CU_ASSERT_EQUAL(closed_loop_share_old(&w->f.places[NATION], SECTOR_BUILDING, GRADE_FORMWORK),
                    0);
    CU_ASSERT_EQUAL(closed_loop_supply_t_day(&w->f.places[NATION], ALLOY_6061, GRADE_FORMWORK), 0);
    whole_close(w);
}

/* Books of every domain balance month by month, and totals hold. */
static void test_books(void)
{
    struct fixture f;
    fixture_open(&f);
    fixture_set_path(&f, "closed_loop.support", 1500);
    fixture_set_path(&f, "closed_loop.effort", 50);
    struct chain_scenario *scenario;
    struct sim_layout layout;
    struct sim_result result;
    struct chain_request request = {.seed = 4};
    sim_require(chain_scenario_create(&scenario, f.config, &f.tables, &f.policies, &f.errors) ==
                        SIM_OK &&
                    sim_layout_init(&layout, chain_components, COMPONENTS, 0, 9, 1990, 30) &&
                    sim_result_init(&result, 0, 0, layout.size),
                "scenario");
    CU_ASSERT_EQUAL(chain_run(scenario, &layout, &request, &result), SIM_OK);
    static const char *const names[] = {"domestic_scrap", "old_scrap_collected", "new_scrap_market",
                                        "closed_loop_flow", "closed_loop_by_programme"};
    const double *at[SIM_COUNT(names)];
    for (size_t n = 0; n < SIM_COUNT(names); n++)
        at[n] = &result.values[sim_layout_find(&layout, names[n])->offset];
    for (size_t m = 0; m < 9; m++) {
        double sum = 0;
        for (size_t c = 0; c < PROGRAMMES; c++)
            sum += at[4][m * PROGRAMMES + c];
        CU_ASSERT_DOUBLE_EQUAL(at[3][m], sum, 1e-6);
        CU_ASSERT_DOUBLE_EQUAL(at[0][m], at[1][m] + at[2][m] + at[3][m], 1e-3);
    }
    CU_ASSERT(at[3][8] > 5e3);
    sim_result_clear(&result);
    sim_layout_clear(&layout);
    chain_scenario_destroy(scenario);
    fixture_close(&f);
}

static void test_errors(void)
{
    struct whole *w = whole_open();
    whole_start(w, 3);
    sim_schedule(w->f.places[3].domain, SIM_HOUR, 8, EVENT(COMPONENT_CLOSED_LOOP, 9), 0, NULL);
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_MODEL);
    whole_close(w);
}

int main(void)
{
    CU_TestInfo tests[] = {{"everyone signs", test_eager},
                           {"nobody signs, some leave", test_leaving},
                           {"receipt", test_receipt},
                           {"policies", test_policies},
                           {"books", test_books},
                           {"errors", test_errors},
                           CU_TEST_INFO_NULL};
    return suite_run("closed_loop", tests);
}
