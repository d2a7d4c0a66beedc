/* Ports alone: volume, grades, ways, inspection, market and books, on a frozen board. */
#include "probe.h"

#include "../../models/imports.h"
#include "../../models/imports_terms.h"
#include "../suite.h"

static const int only[] = {COMPONENT_IMPORTS};

static struct probe *ready(double trucks)
{
    struct probe *p = probe_open();
    fixture_set(&p->f, "resolution.trucks_per_lot", trucks);
    fixture_set(&p->f, "imports.foreign_ratio", 0.864); /* landed cost near the opening prices */
    probe_world(p);
    return p;
}

static int province(const char *name)
{
    return (int)sim_dimension_find(&labels_province, name);
}

static int origin(const char *name)
{
    return (int)sim_dimension_find(&labels_origin, name);
}

static double year_sum(const struct probe *p, const char *name, int year, size_t cells)
{
    return fixture_year(&p->f, name, year, cells);
}

/* Runs until a year while plants order t_year of scrap, gross, from all ports, every day at ten. */
static void trade_until(struct probe *p, int year, double t_year)
{
    const struct imports_params *t = imports_params_of(p->f.world);
    while (p->f.month < 12 * (year - SIM_EPOCH_YEAR)) {
        int64_t end = sim_month_start(p->f.month + 1);
        for (int64_t day = sim_month_start(p->f.month); day < end; day += SIM_DAY) {
            for (int cell = 0; cell < PROVINCES * GRADES; cell++) {
                int port = cell / GRADES, grade = cell % GRADES;
                double wanted = t_year / 365.25 * p->f.world->province[port].scrap_import_share *
                                t->grade_share[grade] * t->metal_content *
                                p->f.world->feed[grade].recoverable;
                union sim_data data = {
                    .i = {grade, TIER_PORT, (int64_t)(wanted * 1e6), (port + 1) % PROVINCES}};
                if (wanted > 0)
                    sim_schedule(p->f.places[port].domain, day + 10 * SIM_HOUR, 8, EVENT_PORT_ORDER,
                                 (uint32_t)grade, &data);
            }
        }
        fixture_month(&p->f);
    }
}

/* Mid-year potentials are those of the table times the factor; growth and the early years follow
 * the parameters. */
static void test_potential(void)
{
    struct probe *p = ready(10);
    const struct imports_params *t = imports_params_of(p->f.world);
    double sum20 = 0, sum24 = 0;
    for (int o = 0; o < ORIGINS; o++) {
        sum20 += imports_potential_t_year(p->f.world, o, 2020.5);
        sum24 += imports_potential_t_year(p->f.world, o, 2024.5);
    }
    CU_ASSERT_DOUBLE_EQUAL(sum20 / t->potential_factor, 0.823e6, 2e3);
    CU_ASSERT_DOUBLE_EQUAL(sum24 / t->potential_factor, 1.781e6, 2e3);
    int thailand = origin("Thailand");
    CU_ASSERT_DOUBLE_EQUAL(imports_potential_t_year(p->f.world, thailand, 2024.5),
                           298.2e3 * t->potential_factor, 1);
    double halfway = imports_potential_t_year(p->f.world, thailand, 2022.5);
    CU_ASSERT_DOUBLE_EQUAL(halfway, (25e3 + 298.2e3) / 2 * t->potential_factor, 1);
    CU_ASSERT_DOUBLE_EQUAL(imports_potential_t_year(p->f.world, thailand, 2026.5),
                           298.2e3 * t->potential_factor * pow(1 + t->growth, 2), 1);
    CU_ASSERT_DOUBLE_EQUAL(imports_potential_t_year(p->f.world, thailand, 2019.5),
                           25e3 * t->potential_factor * t->early_factor, 1);
    CU_ASSERT_EQUAL(imports_potential_t_year(p->f.world, origin("HongKong"), 2025), 0);
    probe_close(p);
}

/* At the port price that equals the landed cost half of the potential comes; the response rises
 * with the price, falls with a tariff, and a quota binds. */
static void test_rates(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 7), SIM_OK);
    struct place *place = &p->f.places[province("Guangdong")];
    struct imports_terms terms = {.utilisation = {0}};
    double price[GRADES], rate[ORIGINS], before = 0, year = 0, want = 0;
    for (int o = 0; o < ORIGINS; o++) {
        imports_read_potential(p->f.world, o, terms.potential[o]);
        terms.utilisation[o] = 1;
    }
    for (int step = 0; step < 3; step++) {
        for (int g = 0; g < GRADES; g++)
            price[g] = imports_landed_cny_t(place, g, 0) + 250 * (step - 1);
        imports_contract_rates(&terms, place, price, rate);
        double sum = 0;
        for (int o = 0; o < ORIGINS; o++)
            sum += rate[o];
        CU_ASSERT(sum > before);
        before = sum;
        if (step == 1) {
            const struct imports_params *t = imports_params_of(p->f.world);
            for (int o = 0; o < ORIGINS; o++) {
                double days =
                    t->lead_days[o] + t->service_days + imports_sailing_days(place, o, 2019);
                want += imports_potential_t_year(p->f.world, o, 2019 + days / 365.25) / 2;
            }
            year = sum * 365.25 / p->f.world->province[place->index].scrap_import_share;
            CU_ASSERT_DOUBLE_EQUAL(year / want, 1, 1e-9);
        }
    }
    int eu = origin("EU");
    double free_rate = rate[eu];
    place->policy.origin_tariff[eu] = 0.05;
    imports_contract_rates(&terms, place, price, rate);
    CU_ASSERT(rate[eu] < 0.5 * free_rate && rate[eu] > 0);
    place->policy.import_quota_t = 1000;
    imports_contract_rates(&terms, place, price, rate);
    double sum = 0;
    for (int o = 0; o < ORIGINS; o++)
        sum += rate[o];
    CU_ASSERT_DOUBLE_EQUAL(sum * 365.25,
                           1000 * p->f.world->province[place->index].scrap_import_share, 1e-6);
    place->policy.import_quota_t = 0;
    imports_contract_rates(&terms, place, price, rate);
    for (int o = 0; o < ORIGINS; o++)
        CU_ASSERT_EQUAL(rate[o], 0);
    probe_close(p);
}

/* Others take up a restricted origin's volume, not at once and never all of it. */
static void test_substitution(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 7), SIM_OK);
    struct place *place = &p->f.places[province("Guangdong")];
    struct imports_terms terms = {.utilisation = {0}};
    double price[GRADES], rate[ORIGINS], first = 0, restricted = 0, late = 0;
    for (int o = 0; o < ORIGINS; o++) {
        imports_read_potential(p->f.world, o, terms.potential[o]);
        terms.utilisation[o] = 1;
    }
    for (int g = 0; g < GRADES; g++)
        price[g] = imports_landed_cny_t(place, g, 0);
    imports_contract_rates(&terms, place, price, rate);
    for (int o = 0; o < ORIGINS; o++)
        first += rate[o];
    double lost = rate[0];
    place->policy.origin_volume[0] = 0;
    imports_contract_rates(&terms, place, price, rate);
    for (int o = 0; o < ORIGINS; o++)
        restricted += rate[o];
    CU_ASSERT_EQUAL(rate[0], 0);
    CU_ASSERT_DOUBLE_EQUAL(first - restricted, lost, 0.01 * lost);
    for (int day = 0; day < 3650; day++)
        imports_contract_rates(&terms, place, price, rate);
    for (int o = 0; o < ORIGINS; o++)
        late += rate[o];
    CU_ASSERT_DOUBLE_EQUAL(first - late, lost / 2, 0.02 * lost);
    probe_close(p);
}

/* A year of the real flow: books balance to the gram and the fen, cleared volume follows the
 * potential, origins add up, 2 % are rejected, and inspection takes a week where bays suffice. */
static void test_year(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 11), SIM_OK);
    trade_until(p, 2021, 0.9e6);
    CU_ASSERT(probe_balanced(p));
    double all = year_sum(p, "scrap_imports", 2020, 1);
    CU_ASSERT_DOUBLE_EQUAL(year_sum(p, "imports_by_origin", 2020, ORIGINS), all, 1e-6 * all);
    CU_ASSERT_DOUBLE_EQUAL(year_sum(p, "imports_by_province", 2020, PROVINCES), all, 1e-6 * all);
    /* Stock left from the first year holds the ports' prices down for a while. */
    CU_ASSERT(all > 0.5e6 && all < 1e6);
    double rejected =
        year_sum(p, "imports_rejected", 2019, 1) + year_sum(p, "imports_rejected", 2020, 1);
    double cleared = year_sum(p, "scrap_imports", 2019, 1) + all;
    CU_ASSERT_DOUBLE_EQUAL(rejected / (rejected + cleared), 0.02, 0.003);
    CU_ASSERT_DOUBLE_EQUAL(fixture_value(&p->f, "port_days", 20, 0), 7, 0.5);
    CU_ASSERT(fixture_value(&p->f, "imports_at_sea", 20, (size_t)origin("EU")) > 0);
    double here = 0;
    for (size_t m = 12; m < 24; m++)
        here += fixture_value(&p->f, "imports_by_province", m, (size_t)province("Guangdong"));
    CU_ASSERT_DOUBLE_EQUAL(here / all, 0.712, 0.02);
    probe_close(p);
}

/* Where plants order more, more is imported, at a higher price. */
static void test_response(void)
{
    double volume[2], price[2];
    for (int k = 0; k < 2; k++) {
        struct probe *p = ready(10);
        CU_ASSERT_EQUAL(probe_start(p, only, 1, 3), SIM_OK);
        trade_until(p, 2020, k ? 1.6e6 : 0.8e6);
        volume[k] = year_sum(p, "scrap_imports", 2019, 1);
        price[k] =
            p->f.run.boards[0].holder[province("Guangdong")][TIER_PORT - 1].price[GRADE_MIXED_CAST];
        probe_close(p);
    }
    CU_ASSERT(volume[1] > 1.2 * volume[0]);
    CU_ASSERT(price[1] > price[0]);
}

/* Fewer bays than work: consignments queue and time at the port grows. */
static void test_congestion(void)
{
    struct probe *p = ready(1);
    fixture_set_path(&p->f, "imports.capacity", 0.5);
    probe_world(p);
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 11), SIM_OK);
    trade_until(p, 2020, 1.2e6);
    CU_ASSERT(fixture_value(&p->f, "port_days", 9, 0) > 12);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

/* Lots of ten containers bring what single containers bring. */
static void test_batches(void)
{
    double sum[2];
    for (int k = 0; k < 2; k++) {
        struct probe *p = ready(k ? 10 : 1);
        CU_ASSERT_EQUAL(probe_start(p, only, 1, 3), SIM_OK);
        trade_until(p, 2020, 1.2e6);
        sum[k] = year_sum(p, "scrap_imports", 2019, 1);
        int64_t loaded = p->events[EVENT(COMPONENT_IMPORTS, 2)];
        int64_t sailed = p->events[EVENT(COMPONENT_IMPORTS, 3)];
        CU_ASSERT(sailed <= loaded && (double)sailed > 0.97 * (double)loaded);
        probe_close(p);
    }
    CU_ASSERT_DOUBLE_EQUAL(sum[1] / sum[0], 1, 0.02);
}

/* Orders, two of them at the same moment, are served from stock; what is missing is cancelled. */
static void test_market(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 3), SIM_OK);
    int port = province("Guangdong"), buyer = province("Hunan");
    struct sim_domain *domain = p->f.places[port].domain;
    union sim_data data = {.i = {GRADE_MIXED_CAST, TIER_PORT, 100 * TONNE, buyer, 1}};
    sim_schedule(domain, 10 * SIM_HOUR, 8, EVENT_PORT_ORDER, 4, &data);
    sim_schedule(domain, 10 * SIM_HOUR, 8, EVENT_PORT_ORDER, 5, &data);
    data.i[0] = GRADE_WHEELS; /* never imported */
    sim_schedule(domain, 10 * SIM_HOUR, 8, EVENT_PORT_ORDER, 6, &data);
    fixture_month(&p->f);
    CU_ASSERT_EQUAL(p->events[EVENT_PLANT_TRUCK], 2);
    CU_ASSERT_EQUAL(p->events[EVENT_PLANT_CANCEL], 1);
    CU_ASSERT_EQUAL(p->caught_g[EVENT_PLANT_CANCEL], 100 * TONNE);
    double recoverable = (double)p->caught_g[EVENT_PLANT_TRUCK] / 1e6 *
                         p->f.world->feed[GRADE_MIXED_CAST].recoverable;
    CU_ASSERT_DOUBLE_EQUAL(recoverable, 200, 1e-3);
    CU_ASSERT_EQUAL(p->last.load, GRADE_MIXED_CAST);
    CU_ASSERT_EQUAL(p->last.tier, TIER_PORT);
    CU_ASSERT(p->last.q[LOT_CO2] > 0);
    CU_ASSERT_DOUBLE_EQUAL((double)p->last.gross * 0.91, (double)p->last.q[LOT_METAL],
                           1e-3 * (double)p->last.gross);
    CU_ASSERT(probe_balanced(p));
    probe_close(p);
}

/* A restricted origin ships nothing after its cargo under way; the Cape lengthens Europe's way. */
static void test_ways(void)
{
    struct probe *p = ready(10);
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 5), SIM_OK);
    const struct place *place = &p->f.places[province("Zhejiang")];
    for (int o = 0; o < ORIGINS; o++) {
        bool europe = o == origin("EU") || o == origin("UK");
        CU_ASSERT_DOUBLE_EQUAL(imports_sailing_days(place, o, 2024.2) -
                                   imports_sailing_days(place, o, 2023.9),
                               europe ? 12 : 0, 1e-12);
    }
    for (int d = 0; d < PROVINCES; d++)
        p->f.places[d].policy.origin_volume[origin("Japan")] = 0;
    trade_until(p, 2020, 1.2e6);
    CU_ASSERT(fixture_value(&p->f, "imports_by_origin", 1, (size_t)origin("Japan")) > 0);
    CU_ASSERT_EQUAL(fixture_value(&p->f, "imports_by_origin", 8, (size_t)origin("Japan")), 0);
    CU_ASSERT(fixture_value(&p->f, "imports_by_origin", 8, (size_t)origin("Malaysia")) > 0);
    CU_ASSERT(imports_at_sea_t(place) > 0);
    CU_ASSERT_EQUAL(imports_at_sea_t(&p->f.places[province("Tibet")]), 0);
    probe_close(p);
}

static void test_errors(void)
{
    /* A table without the year 2020. */
    struct probe *p = ready(10);
    struct sim_table *table = fixture_find(&p->f, "imports.tsv");
    for (size_t r = 0; r < table->rows; r++)
        fixture_text(table, r, 0, "ore");
    CU_ASSERT_EQUAL(probe_start(p, only, 1, 5), SIM_BAD_DATA);
    probe_close(p);
    /* An unknown event, and one in a province without a port. */
    for (int k = 0; k < 2; k++) {
        p = ready(10);
        CU_ASSERT_EQUAL(probe_start(p, only, 1, 5), SIM_OK);
        int where = province(k ? "Tibet" : "Guangdong");
        sim_schedule(p->f.places[where].domain, SIM_HOUR, 8, EVENT(COMPONENT_IMPORTS, 99), 0, NULL);
        CU_ASSERT_EQUAL(sim_engine_run(p->f.engine, SIM_DAY, NULL), SIM_MODEL);
        probe_close(p);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {{"potential by origin and year", test_potential},
                           {"rates of contracts", test_rates},
                           {"substitution of origins", test_substitution},
                           {"two years of imports", test_year},
                           {"response to orders", test_response},
                           {"congested ports", test_congestion},
                           {"batches", test_batches},
                           {"orders at a port", test_market},
                           {"restricted origins and longer ways", test_ways},
                           {"errors", test_errors},
                           CU_TEST_INFO_NULL};
    return suite_run("imports", tests);
}
