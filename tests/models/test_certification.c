/* Certificates and the carbon price alone, on a frozen board with the plants of the start. */
#include "whole.h"

#include "../../models/certification.h"
#include "../../models/downstream.h"
#include "../suite.h"

enum { GUANGDONG = 18 };

static struct whole *open_only(double start_year)
{
    struct whole *w = whole_open();
    fixture_set(&w->f, "certification.start_year", start_year);
    whole_start(w, 11);
    whole_only(w, COMPONENT_CERTIFICATION);
    return w;
}

/* Every province's plants sell what half their capacity makes, daily. */
static void sell(struct whole *w)
{
    for (int d = 0; d < PROVINCES; d++) {
        struct place *place = &w->f.places[d];
        const struct plants *plants = plants_of(place);
        for (int i = 0; i < plants->count; i++)
            certification_sell(place, (uint32_t)i, plants->plant[i].capacity_t / 730);
    }
}

static void after_clearing(struct whole *w, struct place *place, const struct sim_event *event)
{
    if (place->index == NATION && event->kind == EVENT(COMPONENT_CERTIFICATION, 0))
        sell(w);
}

static void test_asked(void)
{
    struct whole *w = open_only(2019);
    const struct world *world = w->f.world;
    CU_ASSERT_DOUBLE_EQUAL(certification_asked(world, 0.12, 2024.5, 0), 0.12, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(certification_asked(world, 0.12, 2020, 0), 0.036, 1e-12);
    double more = 0.72 * (1 - exp(-2.0));
    CU_ASSERT_DOUBLE_EQUAL(certification_asked(world, 0.12, 2024.5, 600), 0.12 + more, 1e-12);
    CU_ASSERT_EQUAL(certification_asked(world, 0.9, 2030, 1e6), 1);
    CU_ASSERT_EQUAL(certification_asked(world, 0, 2030, 1e6), 0);
    whole_close(w);
}

static void test_clearing(void)
{
    CU_ASSERT_DOUBLE_EQUAL(certification_clearing(70, 500, 250), 70 * log(2), 1e-9);
    CU_ASSERT_EQUAL(certification_clearing(70, 500, 500), 0);
    CU_ASSERT_EQUAL(certification_clearing(70, 500, 900), 0);
    CU_ASSERT_EQUAL(certification_clearing(70, 500, 0), 210); /* bounded where nobody offers */
    CU_ASSERT_EQUAL(certification_clearing(70, 0, 0), 0);
}

/* Before the start nobody is certified, and nothing is paid. */
static void test_before(void)
{
    struct whole *w = open_only(2030);
    w->after = after_clearing;
    for (int m = 0; m < 6; m++)
        fixture_month(&w->f);
    CU_ASSERT_EQUAL(fixture_value(&w->f, "certified_share", 5, 0), 0);
    CU_ASSERT_EQUAL(certification_bonus(&w->f.places[GUANGDONG]), 0);
    CU_ASSERT_EQUAL(certification_sell(&w->f.places[GUANGDONG], 0, 10), 0);
    whole_close(w);
}

/* Certified share after three years of frozen demand, where `asked` t a day are asked for. */
static double share_with(double recognition, double fixed)
{
    struct whole *w = whole_open();
    fixture_set(&w->f, "certification.start_year", 2019);
    fixture_set(&w->f, "certification.fixed_cny", fixed);
    fixture_set_path(&w->f, "certification.mutual_recognition", recognition);
    fixture_set_path(&w->f, "certification.border_price", 200);
    whole_start(w, 11);
    w->asleep[COMPONENT_DOWNSTREAM] = false;
    for (int c = 0; c < COMPONENTS; c++)
        w->asleep[c] = c != COMPONENT_CERTIFICATION && c != COMPONENT_DOWNSTREAM;
    w->after = after_clearing;
    for (int m = 0; m < 36; m++)
        fixture_month(&w->f);
    double small = 0, large = 0, smalls = 0, larges = 0;
    for (int d = 0; d < PROVINCES; d++) {
        struct place *place = &w->f.places[d];
        CU_ASSERT(whole_plants_balanced(place));
        const struct plants *plants = plants_of(place);
        for (int i = 0; i < plants->count; i++) {
            double premium = certification_sell(place, (uint32_t)i, 1e-6);
            CU_ASSERT(premium >= 0 && premium < 2000);
            double capacity = plants->plant[i].capacity_t;
            smalls += capacity < 10e3;
            larges += capacity > 50e3;
            small += premium > 0 && capacity < 10e3;
            large += premium > 0 && capacity > 50e3;
        }
    }
    CU_ASSERT(smalls > 10 && larges > 10 && small / smalls <= large / larges);
    double bonus = certification_bonus(&w->f.places[GUANGDONG]);
    double share = 0;
    for (size_t m = 12; m < 36; m++)
        share += fixture_value(&w->f, "certified_share", m, 0) / 24;
    CU_ASSERT(bonus > 0 && bonus < 0.002);
    CU_ASSERT(fixture_value(&w->f, "certification_premium", 35, 0) >= 0);
    whole_close(w);
    return share;
}

static void test_diffusion(void)
{
    double today = share_with(0.1, 8e5), recognised = share_with(0.9, 8e5);
    double dear = share_with(0.1, 8e6);
    CU_ASSERT(today > 0 && today < 0.25);
    CU_ASSERT(recognised > 1.5 * today);
    CU_ASSERT(dear < today);
}

static void test_carbon(void)
{
    struct whole *w = open_only(2030);
    struct place *place = &w->f.places[GUANGDONG];
    struct plant *plant = &plants_of(place)->plant[0];
    CU_ASSERT_EQUAL(certification_carbon_cny_t(place, plant), 0);
    int64_t before = plant->cash;
    certification_charge(place, plant, 100);
    CU_ASSERT_EQUAL(plant->cash, before);
    place->policy.carbon_price_cny_t = 100;
    double average = certification_carbon_cny_t(place, NULL);
    CU_ASSERT(average > 15 && average < 40); /* 0.2 to 0.3 t of scopes 1 and 2 per t */
    struct plant small = *plant, large = *plant;
    small.capacity_t = 12e3;
    small.energy_factor = 1.2;
    large.capacity_t = 200e3;
    large.energy_factor = 0.85;
    double gap =
        certification_carbon_cny_t(place, &small) - certification_carbon_cny_t(place, &large);
    CU_ASSERT_DOUBLE_EQUAL(gap, 0.35 * average + 4e5 / 6e3 - 4e5 / 1e5, 1e-9);
    double margin = plant->margin_cny, cost = certification_carbon_cny_t(place, plant);
    certification_charge(place, plant, 100);
    CU_ASSERT_DOUBLE_EQUAL((double)(before - plant->cash) / 100, 100 * cost, 0.02);
    CU_ASSERT_DOUBLE_EQUAL(margin - plant->margin_cny, 100 * cost, 1e-6);
    CU_ASSERT(whole_plants_balanced(place));
    fixture_month(&w->f);
    double paid = fixture_value(&w->f, "carbon_cost", 0, 0);
    CU_ASSERT(paid > 0 && paid < 100 * cost); /* monitoring is not paid to the state */
    whole_close(w);
}

static void test_errors(void)
{
    struct whole *w = open_only(2030);
    struct place *place = &w->f.places[GUANGDONG];
    sim_schedule(place->domain, SIM_HOUR, 8, EVENT(COMPONENT_CERTIFICATION, 9), 0, NULL);
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_MODEL);
    void *state = NULL, *smelters = place->state[COMPONENT_SMELTERS];
    place->state[COMPONENT_SMELTERS] = NULL;
    CU_ASSERT_EQUAL(certification_component.create(place->domain, w->f.world, &state), SIM_OK);
    CU_ASSERT_PTR_NULL(state);
    place->state[COMPONENT_SMELTERS] = smelters;
    certification_component.destroy(NULL);
    whole_close(w);
}

int main(void)
{
    CU_TestInfo tests[] = {{"who asks", test_asked},
                           {"clearing", test_clearing},
                           {"nothing before the start", test_before},
                           {"diffusion", test_diffusion},
                           {"carbon price", test_carbon},
                           {"errors", test_errors},
                           CU_TEST_INFO_NULL};
    return suite_run("models/certification", tests);
}
