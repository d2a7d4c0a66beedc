/* Building and closing: quarterly meetings alone, then the whole chain for a year. */
#include "whole.h"

#include "../suite.h"

enum { GUANGDONG = 18, MEETING = COMPONENT_CAPACITY << 8 };

/* Meetings alone; projects all of 5,000 t/yr (smaller than any limit of a province), 1,000 CNY per
 * t/yr, and far more of them than anybody would build. */
static struct whole *builders(double appetite, uint64_t seed)
{
    struct whole *w = whole_open();
    fixture_set_path(&w->f, "capacity.appetite", appetite);
    fixture_set(&w->f, "capacity.project_t", 5e3);
    fixture_set(&w->f, "capacity.project_sigma", 0);
    fixture_set(&w->f, "capacity.completion", 0.64);
    fixture_set(&w->f, "capacity.lead_min_months", 9);
    fixture_set(&w->f, "capacity.lead_max_months", 24);
    fixture_set(&w->f, "capacity.expansion", 0.4);
    fixture_set(&w->f, "capacity.exit_rate", 0.15);
    fixture_set(&w->f, "capacity.exit_size_t", 50e3);
    fixture_set(&w->f, "capacity.exit_loss_cny_t", 100);
    fixture_set(&w->f, "smelters.margin_wanted", 245);
    fixture_set(&w->f, "capacity.sensitivity", 0.5);
    fixture_set(&w->f, "capacity.capex_cast", 1000);
    fixture_set(&w->f, "capacity.capex_wrought", 1000);
    whole_start(w, seed);
    whole_only(w, COMPONENT_CAPACITY);
    return w;
}

struct projects {
    int started, early, late, expansions, wrong;
    double months;
    const struct whole *w;
};

static double decided_at(uint32_t domain)
{
    return (double)((1 + (int)domain % 28) * SIM_DAY + 9 * SIM_HOUR);
}

/* A project that was decided at its province's first meeting. */
static void see_project(void *to, uint32_t domain, const struct sim_event *event, const void *cargo)
{
    struct projects *p = to;
    (void)cargo;
    if (event->kind != EVENT_PLANT_START)
        return;
    double months = ((double)event->time - decided_at(domain)) / (30.4 * (double)SIM_DAY);
    const struct plants *plants = plants_of(&p->w->f.places[domain]);
    int64_t alloy = event->data.i[0], expand = event->data.i[2];
    p->started++;
    p->months += months;
    p->early += months < 9 - 1e-6;
    p->late += months > 24 + 1e-6;
    p->expansions += expand >= 0;
    p->wrong += event->data.f[1] != 5e3 || alloy < 0 || alloy >= ALLOYS;
    p->wrong += expand >= plants->count || (expand >= 0 && plants->plant[expand].alloy != alloy);
}

/* 64 % of the projects are completed, after 9 to 24 months, 16.5 in the mean, 40 % of them as
 * expansions: each within 3.3 standard deviations, false alarms 1 in 1000 for seeds drawn at
 * random. */
static void test_completion(void)
{
    struct projects p = {.started = 0};
    double n = 0;
    for (uint64_t seed = 31; seed < 37; seed++) {
        struct whole *w = builders(1, seed);
        fixture_month(&w->f); /* every province has met once */
        p.w = w;
        sim_engine_pending(w->f.engine, see_project, &p);
        double committed = fixture_value(&w->f, "investment", 0, 0) / (1000 * 5e3);
        CU_ASSERT_DOUBLE_EQUAL(committed, round(committed), 1e-6);
        n += committed;
        whole_close(w);
    }
    CU_ASSERT(n > 3000);
    CU_ASSERT_EQUAL(p.early + p.late + p.wrong, 0);
    CU_ASSERT_DOUBLE_EQUAL(p.started / n, 0.64, 3.3 * sqrt(0.64 * 0.36 / n));
    CU_ASSERT_DOUBLE_EQUAL(p.months / p.started, 16.5, 3.3 * 15 / sqrt(12.0 * p.started));
    CU_ASSERT_DOUBLE_EQUAL((double)p.expansions / p.started, 0.4, 3.3 * sqrt(0.24 / p.started));
}

static double invested(double appetite, double contribution, double support)
{
    struct whole *w = builders(appetite, 31);
    for (int d = 0; d < PROVINCES; d++) {
        struct plants *plants = plants_of(&w->f.places[d]);
        w->f.places[d].policy.capacity_support = support;
        for (int i = 0; i < plants->count; i++)
            plants->plant[i].contribution = contribution;
    }
    fixture_month(&w->f);
    double cny = fixture_value(&w->f, "investment", 0, 0);
    whole_close(w);
    return cny;
}

/* More is built where plants earn more and where it is supported; without appetite nothing but the
 * part of a project that provinces begin with. */
static void test_appetite(void)
{
    double some = invested(0.3, 245, 1);
    CU_ASSERT(some > 0);
    CU_ASSERT(invested(0.3, 345, 1) > 1.3 * some);
    CU_ASSERT(invested(0.3, 145, 1) < 0.7 * some);
    CU_ASSERT(invested(0.3, 245, 0.5) < 0.6 * some);
    CU_ASSERT_EQUAL(invested(0.3, 345, 1), invested(0.3, 999, 1));
    CU_ASSERT_EQUAL(invested(0, 245, 1), 0);
}

struct exits {
    int count, small, large;
    int wrong; /* not after a year of losses, or closed already */
    double chance, variance;
};

static void watch_exit(struct whole *w, struct place *place, const struct sim_event *event,
                       const void *cargo)
{
    struct exits *e = w->seen;
    (void)cargo;
    if (event->kind != EVENT_PLANT_EXIT)
        return;
    const struct plant *plant = &plants_of(place)->plant[event->entity];
    e->count++;
    e->small += plant->capacity_t < 30e3;
    e->large += plant->capacity_t >= 30e3;
    e->wrong += plant->loss_months < 12 || plant->capacity_t <= 0;
}

/* All plants have had `months` months of losses at the first meetings. */
static struct exits exits(int months, int *small, int *large)
{
    struct whole *w = builders(0, 33);
    struct exits e = {.count = 0};
    w->seen = &e;
    w->before = watch_exit;
    *small = *large = 0;
    for (int d = 0; d < PROVINCES; d++) {
        struct plants *plants = plants_of(&w->f.places[d]);
        for (int i = 0; i < plants->count; i++) {
            struct plant *plant = &plants->plant[i];
            plant->loss_months = months;
            double chance = 0.15 / (1 + plant->capacity_t / 50e3);
            e.chance += chance;
            e.variance += chance * (1 - chance);
            *small += plant->capacity_t < 30e3;
            *large += plant->capacity_t >= 30e3;
        }
    }
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, 32 * SIM_DAY, NULL), SIM_OK);
    whole_close(w);
    return e;
}

/* No plant closes before a year of losses; then with the chance of its size, the small ones first.
 * False alarms 1 in 1000 for a seed drawn at random. */
static void test_closing(void)
{
    int small, large;
    struct exits none = exits(11, &small, &large);
    CU_ASSERT_EQUAL(none.count, 0);
    struct exits some = exits(12, &small, &large);
    CU_ASSERT_EQUAL(some.wrong, 0);
    CU_ASSERT(some.count > 0 && small > 50 && large > 50);
    CU_ASSERT_DOUBLE_EQUAL(some.count, some.chance, 3.3 * sqrt(some.variance));
    CU_ASSERT((double)some.small / small > (double)some.large / large);
}

/* Months of losses in a row are counted and forgotten: one good month ends them; a plant that
 * stands still loses too. */
static void test_loss_months(void)
{
    struct whole *w = builders(0, 33);
    fixture_month(&w->f); /* nothing is made: everybody stands still */
    struct plant *plant = &plants_of(&w->f.places[GUANGDONG])->plant[0];
    CU_ASSERT_EQUAL(plant->loss_months, 1);
    fixture_month(&w->f);
    CU_ASSERT_EQUAL(plant->loss_months, 2);
    plant->output_t = 1000;
    plant->margin_cny = -99 * 1000.0;
    fixture_month(&w->f);
    CU_ASSERT_EQUAL(plant->loss_months, 0);
    plant->output_t = 1000;
    plant->margin_cny = -101 * 1000.0;
    fixture_month(&w->f);
    CU_ASSERT_EQUAL(plant->loss_months, 1);
    whole_close(w);
}

/* With everything at work: what is sampled is what plants have; it grows as much as starts and
 * falls as much as exits; nothing is ever negative. */
struct flows {
    double started, closed;
};

static void watch_flows(struct whole *w, struct place *place, const struct sim_event *event,
                        const void *cargo)
{
    struct flows *flows = w->seen;
    (void)cargo;
    if (event->kind == EVENT_PLANT_START)
        flows[place->index].started += event->data.f[1];
    if (event->kind == EVENT_PLANT_EXIT)
        flows[place->index].closed += plants_of(place)->plant[event->entity].capacity_t;
}

static void test_whole(void)
{
    struct whole *w = whole_open();
    static const char *const months[] = {"capacity.lead_min_months", "capacity.lead_max_months"};
    for (int k = 0; k < 2; k++)
        fixture_set(&w->f, months[k], 2 + 2 * k); /* so that a year sees starts */
    fixture_set_path(&w->f, "capacity.appetite", 0.2);
    struct flows flows[PROVINCES] = {{0, 0}};
    w->seen = flows;
    w->before = watch_flows;
    whole_start(w, 8);
    for (int d = 0; d < PROVINCES; d++) {
        struct plants *plants = plants_of(&w->f.places[d]);
        for (int i = 0; i < plants->count; i++)
            plants->plant[i].loss_months = i % 3 == 0 ? 1000 : 0; /* until its first good month */
    }
    fixture_until(&w->f, 2020);
    double started = 0, closed = 0;
    for (int d = 0; d < PROVINCES; d++) {
        struct place *place = &w->f.places[d];
        const struct plants *plants = plants_of(place);
        double sum = 0;
        int count = 0;
        for (int i = 0; i < plants->count; i++) {
            const struct plant *plant = &plants->plant[i];
            CU_ASSERT(plant->capacity_t >= 0 && plant->open >= 0 && plant->open <= 1);
            sum += plant->capacity_t;
            count += plant->capacity_t > 0;
        }
        double opening = w->f.world->province[d].capacity_2019_t;
        CU_ASSERT_DOUBLE_EQUAL(sum, opening + flows[d].started - flows[d].closed,
                               1e-6 * sum + 1e-6);
        CU_ASSERT_DOUBLE_EQUAL(fixture_value(&w->f, "capacity_by_province", 11, (size_t)d), sum,
                               1e-6 * sum + 1e-6);
        CU_ASSERT_EQUAL(fixture_value(&w->f, "plants_by_province", 11, (size_t)d), count);
        started += flows[d].started;
        closed += flows[d].closed;
    }
    CU_ASSERT(started > 3e5 && closed > 0);
    for (size_t m = 0; m < 12; m++) {
        CU_ASSERT(fixture_value(&w->f, "investment", m, 0) >= 0);
        CU_ASSERT(fixture_value(&w->f, "capacity", m, 0) > 5e6);
        double rate = fixture_value(&w->f, "operating_rate", m, 0);
        CU_ASSERT(rate > 0 && rate <= 1.1);
    }
    whole_close(w);
}

static void test_unknown_event(void)
{
    struct whole *w = builders(0.1, 1);
    sim_schedule(w->f.places[GUANGDONG].domain, SIM_HOUR, 8, MEETING + 7, 0, NULL);
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_MODEL);
    whole_close(w);
}

int main(void)
{
    CU_TestInfo tests[] = {{"completion and construction", test_completion},
                           {"appetite", test_appetite},
                           {"closing", test_closing},
                           {"months of losses", test_loss_months},
                           {"a year of the whole chain", test_whole},
                           {"unknown event", test_unknown_event},
                           CU_TEST_INFO_NULL};
    return suite_run("capacity", tests);
}
