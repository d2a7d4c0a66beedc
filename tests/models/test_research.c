/* Joint research alone on a frozen board: the effort of 2020 keeps knowledge at 1, more effort
 * brings it to where the equation says, less loses it; what progress moves. */
#include "probe.h"

#include "../../models/research.h"
#include "../suite.h"

static const int only[] = {COMPONENT_RESEARCH};

static void add_policy(struct probe *p, const char *date, double technology, double multiplier,
                       double years)
{
    struct sim_date day;
    sim_require(sim_date_parse(date, &day), "%s", date);
    struct sim_policy item = {.id = "joint",
                              .time = sim_time_from_date(day),
                              .type = &research_component.policies[0],
                              .values = {technology, multiplier, years}};
    struct sim_policies *policies = &p->f.policies;
    policies->items = realloc(policies->items, (policies->count + 1) * sizeof item);
    sim_require(policies->items, "memory");
    policies->items[policies->count++] = item;
}

/* Constant orders at constant prices, which are real ones. */
static void start(struct probe *p)
{
    fixture_set(&p->f, "research.inflation", 0);
    probe_world(p);
    for (int b = 0; b < 2; b++) {
        for (int q = 0; q < PROVINCES; q++) {
            for (int a = 0; a < ALLOYS; a++)
                p->f.run.boards[b].alloy[q][a].orders = 100 + q;
        }
    }
    CU_ASSERT_EQUAL_FATAL(probe_start(p, only, 1, 5), SIM_OK);
}

static double knowledge(const struct probe *p, int year, int technology)
{
    return fixture_value(&p->f, "knowledge", (size_t)(12 * (year - SIM_EPOCH_YEAR) - 1),
                         (size_t)technology);
}

static double progress(const struct probe *p, int technology)
{
    return p->f.run.boards[0].nation.progress[technology];
}

/* Months have 28 to 31 days, so effort varies by a few per cent around that of 2020. */
static void test_steady(void)
{
    struct probe *p = probe_open();
    start(p);
    fixture_until(&p->f, 2031);
    for (int t = 0; t < TECHNOLOGIES; t++) {
        CU_ASSERT_EQUAL(knowledge(p, 2021, t), 1);
        CU_ASSERT_DOUBLE_EQUAL(knowledge(p, 2031, t), 1, 0.003);
        CU_ASSERT(progress(p, t) >= 0 && progress(p, t) < 0.001);
    }
    double spent = fixture_year(&p->f, "research_spending", 2022, 1);
    double revenue = 0;
    const struct board *board = &p->f.run.boards[0];
    for (int q = 0; q < PROVINCES; q++) {
        for (int a = 0; a < ALLOYS; a++)
            revenue += 365 * board->alloy[q][a].orders * board->alloy[q][a].price;
    }
    CU_ASSERT_DOUBLE_EQUAL(spent / revenue, 0.012, 1e-9);
    probe_close(p);
}

/* A programme of one technology: K - target falls by exp(-decay) a year, use lags, the others
 * stay. */
static void test_programme(void)
{
    struct probe *p = probe_open();
    add_policy(p, "2025-01-01", TECHNOLOGY_TOLERANCE, 4.5, 0);
    start(p);
    fixture_until(&p->f, 2030);
    double target = 0.6 + 0.4 * 4.5, k = target + (1 - target) * exp(-0.12 * 5);
    CU_ASSERT_DOUBLE_EQUAL(knowledge(p, 2030, TECHNOLOGY_TOLERANCE), k, 0.02);
    CU_ASSERT_DOUBLE_EQUAL(knowledge(p, 2030, TECHNOLOGY_NEV), 1, 0.003);
    double later = progress(p, TECHNOLOGY_TOLERANCE);
    CU_ASSERT(later > 0.01 && later < 1 - exp(-(k - 1) / 4));
    fixture_until(&p->f, 2032);
    CU_ASSERT(progress(p, TECHNOLOGY_TOLERANCE) > later);
    probe_close(p);
}

/* Without spending knowledge falls towards its floor, but what is in use stays in use. A month
 * counts from its end, which is after its sample. */
static void test_neglect(void)
{
    struct probe *p = probe_open();
    add_policy(p, "2021-01-01", -1, 0, 0);
    start(p);
    fixture_until(&p->f, 2041);
    CU_ASSERT_DOUBLE_EQUAL(knowledge(p, 2041, TECHNOLOGY_MELTING),
                           0.6 + 0.4 * exp(-0.12 * (20 - 1.0 / 12)), 1e-9);
    CU_ASSERT_EQUAL(progress(p, TECHNOLOGY_MELTING), 0);
    probe_close(p);
}

/* Nothing is known of 2020's spending: nothing is learnt, nothing divides by zero. */
static void test_nothing(void)
{
    struct probe *p = probe_open();
    start(p);
    for (int b = 0; b < 2; b++)
        memset(p->f.run.boards[b].alloy, 0, sizeof p->f.run.boards[b].alloy);
    fixture_until(&p->f, 2023);
    CU_ASSERT_EQUAL(knowledge(p, 2023, TECHNOLOGY_SORTING), 1);
    probe_close(p);
}

static void test_programmes(void)
{
    struct probe *p = probe_open();
    add_policy(p, "2025-01-01", -1, 5, 2);
    add_policy(p, "2026-01-01", TECHNOLOGY_NEV, 2, 0);
    start(p);
    const struct world *world = p->f.world;
    int64_t year[4];
    for (int y = 0; y < 4; y++)
        year[y] = sim_time_from_date((struct sim_date){2024 + y, 1, 1});
    CU_ASSERT_EQUAL(research_programmes(world, TECHNOLOGY_NEV, year[0]), 1);
    CU_ASSERT_EQUAL(research_programmes(world, TECHNOLOGY_NEV, year[1]), 1);
    CU_ASSERT_DOUBLE_EQUAL(research_programmes(world, TECHNOLOGY_MELTING, year[2]), 3, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(research_programmes(world, TECHNOLOGY_NEV, year[2]), 6, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(research_programmes(world, TECHNOLOGY_NEV, year[3]), 10, 1e-9);
    probe_close(p);
}

/* From strict to tolerant, and never stricter than the table. */
static void test_effects(void)
{
    struct probe *p = probe_open();
    start(p);
    const struct place *place = &p->f.places[18];
    const struct world *world = p->f.world;
    for (int step = 0; step < 3; step++) {
        double x = 0.5 * step;
        for (int b = 0; b < 2; b++) {
            for (int t = 0; t < TECHNOLOGIES; t++)
                p->f.run.boards[b].nation.progress[t] = x;
        }
        CU_ASSERT_DOUBLE_EQUAL(research_max(place, ALLOY_STRUCTURAL, ELEMENT_FE),
                               0.0012 + x * 0.0018, 1e-12);
        CU_ASSERT_DOUBLE_EQUAL(research_max(place, ALLOY_STRUCTURAL, ELEMENT_CU), 0.001 + x * 0.004,
                               1e-12);
        CU_ASSERT_DOUBLE_EQUAL(research_max(place, ALLOY_STRUCTURAL, ELEMENT_ZN),
                               0.0007 + x * 0.0023, 1e-12);
        CU_ASSERT_DOUBLE_EQUAL(research_max(place, ALLOY_A356, ELEMENT_FE), 0.002 + x * 0.0005,
                               1e-12);
        CU_ASSERT_DOUBLE_EQUAL(research_max(place, ALLOY_A356, ELEMENT_CU), 0.002 + x * 0.0005,
                               1e-12);
        for (int a = 0; a < ALLOYS; a++) {
            for (int e = 0; e < ELEMENTS; e++) {
                double max = research_max(place, a, e);
                CU_ASSERT(max >= world->alloy[a].max[e] && max <= 1);
                if (a != ALLOY_STRUCTURAL && a != ALLOY_A356)
                    CU_ASSERT_EQUAL(max, world->alloy[a].max[e]);
            }
        }
        CU_ASSERT_DOUBLE_EQUAL(research_nev_share(place, 0.2), 0.2 + 0.5 * x, 1e-12);
        CU_ASSERT_EQUAL(research_nev_share(place, 0.9), 0.9);
        CU_ASSERT_DOUBLE_EQUAL(research_melt_factor(place), 1 - 0.3 * x, 1e-12);
    }
    probe_close(p);
}

static void test_errors(void)
{
    struct probe *p = probe_open();
    start(p);
    sim_schedule(p->f.places[NATION].domain, SIM_HOUR, 8, EVENT(COMPONENT_RESEARCH, 9), 0, NULL);
    CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_MODEL);
    probe_close(p);
    /* Without the tolerant row the table is refused, with a message that names it. */
    p = probe_open();
    struct sim_table *table = fixture_find(&p->f, "alloys.tsv");
    for (size_t row = 0; row < table->rows; row++) {
        if (strstr(sim_table_text(table, row, 0), "impurity-tolerant"))
            fixture_text(table, row, 0, "renamed");
    }
    CU_ASSERT_NOT_EQUAL(fixture_world(&p->f), SIM_OK);
    CU_ASSERT(p->f.errors.count > 0 && strstr(p->f.errors.lines[0], "impurity-tolerant"));
    probe_close(p);
}

int main(void)
{
    CU_TestInfo tests[] = {{"effort of 2020", test_steady},
                           {"a programme", test_programme},
                           {"neglect", test_neglect},
                           {"no spending in 2020", test_nothing},
                           {"programmes in force", test_programmes},
                           {"effects", test_effects},
                           {"errors", test_errors},
                           CU_TEST_INFO_NULL};
    return suite_run("research", tests);
}
