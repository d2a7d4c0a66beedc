/* New scrap alone: volume, grades, provinces, seasons, loads and books, on a frozen board. */
#include "probe.h"

#include "../../models/downstream.h"
#include "../../models/new_scrap.h"
#include "../../models/stock.h"
#include "../suite.h"

static const int only[] = {COMPONENT_NEW_SCRAP};
enum { TRUCK = EVENT(COMPONENT_NEW_SCRAP, 0) };

/* What hubs offer is asked of the hub, so hubs take part where trucks are sent. */
static const int both[] = {COMPONENT_HUBS, COMPONENT_NEW_SCRAP};

static struct probe *ready(double trucks)
{
    struct probe *p = probe_open();
    fixture_set(&p->f, "resolution.trucks_per_lot", trucks);
    probe_world(p);
    return p;
}

static double national(struct probe *p, int grade)
{
    double sum = 0;
    for (int d = 0; d < PROVINCES; d++)
        sum += new_scrap_rate_t_day(&p->f.places[d], grade);
    return sum;
}

/* Rates are linear in consumption and in activity, and follow the seasons of their users. */
static void test_rates(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 2), SIM_OK);
    struct place *place = &p->f.places[18];
    double before = new_scrap_rate_t_day(place, GRADE_EXTRUSION_NEW);
    CU_ASSERT(before > 0);
    CU_ASSERT_EQUAL(new_scrap_rate_t_day(place, GRADE_UBC), 0);
    place->policy.activity = 0.385;
    CU_ASSERT_DOUBLE_EQUAL(new_scrap_rate_t_day(place, GRADE_EXTRUSION_NEW), 0.385 * before,
                           1e-9 * before);
    place->policy.activity = 1;
    for (int s = 0; s < SECTORS; s++)
        p->f.run.boards[0].nation.consumption[s] *= 2.385;
    CU_ASSERT_DOUBLE_EQUAL(new_scrap_rate_t_day(place, GRADE_EXTRUSION_NEW), 2.385 * before,
                           1e-9 * before);
    CU_ASSERT_EQUAL(downstream_season(SECTOR_CARS_NEV), SEASON_VEHICLES);
    CU_ASSERT_EQUAL(downstream_season(SECTOR_BUILDING), SEASON_CONSTRUCTION);
    CU_ASSERT_EQUAL(downstream_season(SECTOR_PACKAGING), SEASON_OTHER);
    /* Cast and wrought scrap lie where cast and wrought alloys are used. */
    double cast = national(p, GRADE_TURNINGS), wrought = national(p, GRADE_SHEET_CLEAN);
    const struct world_province *province = &p->f.world->province[place->index];
    CU_ASSERT_DOUBLE_EQUAL(new_scrap_rate_t_day(place, GRADE_TURNINGS) / cast,
                           province->cast_demand_share, 1e-3);
    CU_ASSERT_DOUBLE_EQUAL(new_scrap_rate_t_day(place, GRADE_SHEET_CLEAN) / wrought,
                           province->wrought_demand_share, 1e-3);
    probe_close(p);
}

/* At the consumption of 2024 about 1.5 Mt reach the market (calibrated within 5 %), in the grades'
 * shares; books balance. */
static void test_year(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_EQUAL(probe_start(p, both, 2, 2), SIM_OK);
    fixture_until(&p->f, 2020);
    double all = fixture_year(&p->f, "new_scrap_market", 2019, 1);
    CU_ASSERT_DOUBLE_EQUAL(all, 1.5e6, 0.075e6);
    CU_ASSERT_DOUBLE_EQUAL(fixture_year(&p->f, "new_scrap_by_grade", 2019, GRADES), all, 1);
    double extrusion = 0;
    for (size_t m = 0; m < 12; m++)
        extrusion += fixture_value(&p->f, "new_scrap_by_grade", m, GRADE_EXTRUSION_NEW);
    CU_ASSERT_DOUBLE_EQUAL(extrusion / all, 0.30, 0.01);
    /* February holds the festival. */
    CU_ASSERT(fixture_value(&p->f, "new_scrap_market", 1, 0) <
              0.8 * fixture_value(&p->f, "new_scrap_market", 10, 0));
    CU_ASSERT(probe_balanced(p));
    /* Fabricators were paid by the hubs: 0.97 of a price near the metal's. */
    double paid = 0;
    for (int d = 0; d < PROVINCES; d++)
        paid += (double)sim_ledger_balance(&p->f.places[d].ledger, ACCOUNT_FABRICATION, LOT_MONEY) /
                100;
    CU_ASSERT(paid / all > 8000 && paid / all < 17628);
    CU_ASSERT(sim_ledger_balance(&p->f.places[18].ledger, ACCOUNT_FABRICATION, LOT_METAL) < 0);
    probe_close(p);
}

/* Lots of ten trucks bring what single trucks bring, with fewer events. */
static void test_batches(void)
{
    double sum[2];
    int64_t events[2];
    for (int k = 0; k < 2; k++) {
        struct probe *p = ready(k ? 10 : 1);
        CU_ASSERT_EQUAL(probe_start(p, both, 2, 3), SIM_OK);
        fixture_until(&p->f, 2020);
        sum[k] = fixture_year(&p->f, "new_scrap_market", 2019, 1);
        events[k] = p->events[TRUCK];
        probe_close(p);
    }
    CU_ASSERT_DOUBLE_EQUAL(sum[1] / sum[0], 1, 0.02);
    CU_ASSERT(events[1] < events[0]);
}

/* Nothing leaves where nothing is fabricated, and a rate that returns to zero stops. */
static void test_nothing(void)
{
    struct probe *p = ready(10);
    for (int b = 0; b < 2; b++)
        memset(p->f.run.boards[b].nation.consumption, 0,
               sizeof p->f.run.boards[b].nation.consumption);
    CU_ASSERT_EQUAL(probe_start(p, both, 2, 3), SIM_OK);
    fixture_until(&p->f, 2020);
    CU_ASSERT_EQUAL(fixture_year(&p->f, "new_scrap_market", 2019, 1), 0);
    CU_ASSERT_EQUAL(p->events[TRUCK], 0);
    probe_close(p);
}

static void test_errors(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_EQUAL(probe_start(p, both, 2, 3), SIM_OK);
    sim_schedule(p->f.places[3].domain, SIM_HOUR, 8, EVENT(COMPONENT_NEW_SCRAP, 9), 0, NULL);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_MODEL);
    probe_close(p);
}

int main(void)
{
    CU_TestInfo tests[] = {{"rates", test_rates},     {"a year", test_year},
                           {"batches", test_batches}, {"nothing fabricated", test_nothing},
                           {"errors", test_errors},   CU_TEST_INFO_NULL};
    return suite_run("new_scrap", tests);
}
