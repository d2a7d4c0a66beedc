/* Heats: a year of the whole chain with every charge, melt and tap watched, and the conditions
 * under which a heat may start. */
#include "whole.h"

#include "../../models/furnace.h"
#include "../suite.h"

enum {
    GUANGDONG = 18,
    LOCAL = COMPONENT_SMELTERS << 8,
    DAY = LOCAL + 5,
    CHARGE = LOCAL + FURNACE_CHARGE,
    MELTED = LOCAL + FURNACE_MELTED,
    TAPPED = LOCAL + FURNACE_TAPPED
};

/* What is seen of a year. */
struct seen {
    int64_t before[ACCOUNTS][LOT_QUANTITIES];
    struct lot charge; /* of the event's heat, before it */
    int64_t heats[ALLOYS], charges, empty, events;
    int64_t above[ALLOYS][ELEMENTS], below[ALLOYS][ELEMENTS];
    double planned[PROVINCES][200], started[PROVINCES][200];
    uint64_t last[PROVINCES][200]; /* heats started */
    int64_t broken[12];            /* by rule, see test_year */
    double charged_t, lost_t, mg_in, mg_out;
};

enum {
    RULE_BOOKS,    /* metal, elements and emissions: charge = product + losses - additions */
    RULE_PLANTS,   /* feed, furnaces, product and cash against books */
    RULE_FURNACES, /* 0 <= busy <= furnaces, entries add up */
    RULE_PERMIT,   /* heats within what was planned */
    RULE_CHARGE,   /* feed goes into the furnace and the rest to residues, nothing else moves */
    RULE_MAGNESIUM,
    RULE_EMBODIED, /* emissions of metal that is lost stay with the rest */
    RULE_LOSS,     /* 0 < loss <= a quarter */
    RULE_TAP,      /* product is the melt */
    RULE_FEED      /* no negative feed, order or want */
};

static void snapshot(struct seen *s, const struct place *place)
{
    for (int a = 0; a < ACCOUNTS; a++) {
        for (int q = 0; q < LOT_QUANTITIES; q++)
            s->before[a][q] = sim_ledger_balance(&place->ledger, (size_t)a, (size_t)q);
    }
}

static int64_t moved(const struct seen *s, const struct place *place, int account, int q)
{
    return sim_ledger_balance(&place->ledger, (size_t)account, (size_t)q) - s->before[account][q];
}

static void check_limits(struct seen *s, const struct world *world, int alloy,
                         const struct lot *melt)
{
    const struct world_alloy *limits = &world->alloy[alloy];
    s->heats[alloy]++;
    for (int e = 0; e < ELEMENTS; e++) {
        double have = lot_fraction(melt, e);
        s->above[alloy][e] += have > limits->max[e] + 1e-9;
        s->below[alloy][e] += have < limits->min[e] - 1e-9;
    }
}

static bool of_heat(uint16_t kind)
{
    return kind == CHARGE || kind == MELTED || kind == TAPPED;
}

static void before(struct whole *w, struct place *place, const struct sim_event *event,
                   const void *cargo)
{
    struct seen *s = w->seen;
    (void)cargo;
    if (!of_heat(event->kind))
        return;
    const struct plant *plant = &plants_of(place)->plant[event->entity & 0xffff];
    s->charge = plant->heats[event->entity >> 16].charge;
    snapshot(s, place);
    if (event->kind == TAPPED)
        check_limits(s, w->f.world, plant->alloy, &s->charge);
}

static void after_charge(struct seen *s, const struct place *place, const struct heat *heat)
{
    s->charges++;
    s->empty += heat->furnaces == 0;
    s->charged_t += lot_tonnes(&heat->charge);
    for (int q = 0; q < LOT_QUANTITIES; q++) {
        int64_t into = moved(s, place, ACCOUNT_FURNACE, q);
        bool right = into == heat->charge.q[q] &&
                     moved(s, place, ACCOUNT_FEED, q) == -into - moved(s, place, ACCOUNT_LOSSES, q);
        s->broken[RULE_CHARGE] += !right || into < 0;
    }
    s->broken[RULE_CHARGE] += heat->furnaces > 0 && heat->charge.q[LOT_METAL] <= 0;
}

static void after_melted(struct seen *s, const struct place *place, const struct heat *heat)
{
    for (int q = 0; q < LOT_QUANTITIES; q++) {
        int64_t change = heat->charge.q[q] - s->charge.q[q];
        int64_t out = moved(s, place, ACCOUNT_LOSSES, q);
        int64_t in = -moved(s, place, ACCOUNT_METALS, q) - moved(s, place, ACCOUNT_EMITTERS, q);
        s->broken[RULE_BOOKS] += change != in - out || out < 0 || in < 0;
    }
    s->broken[RULE_EMBODIED] += moved(s, place, ACCOUNT_LOSSES, LOT_CO2) != 0 ||
                                moved(s, place, ACCOUNT_LOSSES, LOT_BURDEN) != 0;
    int mg = LOT_ELEMENTS + ELEMENT_MG;
    double metal = (double)s->charge.q[LOT_METAL];
    double lost = (double)moved(s, place, ACCOUNT_LOSSES, LOT_METAL);
    double burnt = (double)moved(s, place, ACCOUNT_LOSSES, mg), had = (double)s->charge.q[mg];
    s->lost_t += lost / 1e6;
    s->mg_in += had;
    s->mg_out += burnt;
    s->broken[RULE_LOSS] += lost <= 0 || lost > 0.25 * metal + (double)s->charge.q[mg];
    /* With the share x of all metal a quarter of what is left burns: 1 - (1 - x) * 0.75. */
    double rest = had * 0.25, common = (lost - burnt) / (metal - had);
    s->broken[RULE_MAGNESIUM] += fabs(burnt - (common * had + (1 - common) * rest)) > 20;
}

static void after_tapped(struct seen *s, const struct place *place)
{
    for (int q = 0; q < LOT_QUANTITIES; q++) {
        int64_t emitted = -moved(s, place, ACCOUNT_EMITTERS, q);
        s->broken[RULE_TAP] += moved(s, place, ACCOUNT_FURNACE, q) != -s->charge.q[q];
        s->broken[RULE_TAP] += q == LOT_CO2 ? emitted <= 0 : emitted != 0;
        s->broken[RULE_TAP] += moved(s, place, ACCOUNT_LOSSES, q) != 0;
    }
}

static void check_plant(struct seen *s, const struct place *place, uint32_t number)
{
    const struct plant *plant = &plants_of(place)->plant[number];
    int busy = 0;
    for (int h = 0; h < PLANT_HEATS; h++) {
        const struct heat *heat = &plant->heats[h];
        busy += heat->furnaces;
        if (heat->furnaces > 0 && heat->number >= s->last[place->index][number])
            s->started[place->index][number] += heat->furnaces * plant->heat_t;
    }
    s->last[place->index][number] = plant->heats_started;
    s->broken[RULE_FURNACES] += busy != plant->busy || busy > plant->furnaces;
    s->broken[RULE_PERMIT] +=
        plant->permit_t < -1e-6 ||
        s->started[place->index][number] > s->planned[place->index][number] + 1e-6;
    for (int f = 0; f < FEEDS; f++)
        s->broken[RULE_FEED] +=
            plant->feed[f].q[LOT_METAL] < 0 || plant->pipeline[f] < -1e-3 || plant->want[f] < -1e-9;
}

static void after(struct whole *w, struct place *place, const struct sim_event *event)
{
    struct seen *s = w->seen;
    if (event->kind >> 8 != COMPONENT_SMELTERS || event->kind == LOCAL + 4 ||
        event->kind == LOCAL + 2)
        return;
    uint32_t number = event->entity & 0xffff;
    const struct plant *plant = &plants_of(place)->plant[number];
    const struct heat *heat = &plant->heats[event->entity >> 16 & 15];
    if (event->kind == CHARGE)
        after_charge(s, place, heat);
    if (event->kind == MELTED)
        after_melted(s, place, heat);
    if (event->kind == TAPPED)
        after_tapped(s, place);
    if (event->kind == DAY)
        s->planned[place->index][number] += plant->plan_t;
    check_plant(s, place, number);
    if (s->events++ % 97 == 0)
        s->broken[RULE_PLANTS] += !whole_plants_balanced(place);
}

/* Limits that correction does not promise: no master alloys of Fe, Cr, Ni, Ti and Zn are bought,
 * so their lower limits are left to what scrap brings. */
static bool promised_minimum(int element)
{
    return element == ELEMENT_SI || element == ELEMENT_CU || element == ELEMENT_MN ||
           element == ELEMENT_MG;
}

static void report_limits(const struct whole *w, const struct seen *s)
{
    for (int a = 0; a < ALLOYS; a++) {
        CU_ASSERT(s->heats[a] > 100);
        for (int e = 0; e < ELEMENTS; e++) {
            bool wrong = s->above[a][e] > 0 || (promised_minimum(e) && s->below[a][e] > 0);
            if (wrong)
                printf("%s %s: %lld above, %lld below of %lld heats (%g to %g)\n",
                       labels_alloy.labels[a], labels_element.labels[e], (long long)s->above[a][e],
                       (long long)s->below[a][e], (long long)s->heats[a],
                       w->f.world->alloy[a].min[e], w->f.world->alloy[a].max[e]);
            CU_ASSERT_FALSE(wrong);
        }
    }
}

/* A year of everything. */
static void test_year(void)
{
    struct whole *w = whole_open();
    struct seen *s = calloc(1, sizeof *s);
    sim_require(s, "memory");
    fixture_set(&w->f, "smelters.magnesium_recovery", 0.75);
    fixture_set(&w->f, "resolution.trucks_per_lot", 10);
    w->seen = s;
    w->before = before;
    w->after = after;
    whole_start(w, 5);
    fixture_until(&w->f, 2020);
    for (int r = 0; r <= RULE_FEED; r++) {
        if (s->broken[r])
            printf("rule %d: broken %lld times\n", r, (long long)s->broken[r]);
        CU_ASSERT_EQUAL(s->broken[r], 0);
    }
    report_limits(w, s);
    CU_ASSERT(s->charges > 10000);
    CU_ASSERT(s->empty < s->charges / 50);
    /* What is sampled is what was seen; the nation loses 1.5 to 3.5 % (calibration target). */
    double loss = s->lost_t / s->charged_t;
    CU_ASSERT(loss > 0.015 && loss < 0.035);
    for (size_t m = 1; m < 12; m++)
        CU_ASSERT_DOUBLE_EQUAL(fixture_value(&w->f, "melt_loss", m, 0), loss, 0.006);
    CU_ASSERT(s->mg_out / s->mg_in > 0.25 && s->mg_out / s->mg_in < 0.3);
    double same = 0, t = fixture_year(&w->f, "output", 2019, 1);
    CU_ASSERT_DOUBLE_EQUAL(fixture_year(&w->f, "output_by_alloy", 2019, ALLOYS), t, 1e-6 * t);
    CU_ASSERT_DOUBLE_EQUAL(fixture_year(&w->f, "output_by_province", 2019, PROVINCES), t, 1e-6 * t);
    for (size_t m = 0; m < 12; m++) {
        same = fixture_value(&w->f, "same_alloy_rate", m, 0) +
               fixture_value(&w->f, "other_wrought_rate", m, 0) +
               fixture_value(&w->f, "to_cast_rate", m, 0);
        CU_ASSERT_DOUBLE_EQUAL(same, 1, 1e-9);
        double dross = fixture_value(&w->f, "dross", m, 0);
        CU_ASSERT(dross > 0.02 * t / 12 && dross < 0.08 * t / 12);
    }
    free(s);
    whole_close(w);
}

static struct plant *idle_plant(struct whole *w, struct place **place)
{
    whole_start(w, 5);
    whole_only(w, COMPONENT_SMELTERS);
    *place = &w->f.places[GUANGDONG];
    struct plant *plant = &plants_of(*place)->plant[0];
    plant->plan_t = 5 * plant->heat_t;
    return plant;
}

/* Without permit, without feed or without a free furnace nothing starts; with all three as many
 * heats as there are furnaces, no more. */
static void test_conditions(void)
{
    struct whole *w = whole_open();
    fixture_set(&w->f, "resolution.trucks_per_lot", 1);
    struct place *place;
    struct plant *plant = idle_plant(w, &place);
    plant->permit_t = 0.99 * plant->heat_t;
    furnace_start(place, 0);
    CU_ASSERT_EQUAL(plant->heats_started, 0);
    struct lot feed[FEEDS];
    memcpy(feed, plant->feed, sizeof feed);
    memset(plant->feed, 0, sizeof plant->feed);
    plant->permit_t = 10 * plant->heat_t;
    furnace_start(place, 0);
    CU_ASSERT_EQUAL(plant->heats_started, 0);
    memcpy(plant->feed, feed, sizeof feed);
    for (int f = 0; f < FEEDS; f++) { /* plenty */
        for (int k = 0; k < 4; k++) {
            struct lot more = plant->feed[f];
            place_move(place, ACCOUNT_IN_USE, ACCOUNT_FEED, &more);
            lot_add(&plant->feed[f], &more);
        }
    }
    plant->furnaces = 3;
    furnace_start(place, 0);
    CU_ASSERT_EQUAL(plant->heats_started, 3);
    CU_ASSERT_EQUAL(plant->busy, 3);
    CU_ASSERT_DOUBLE_EQUAL(plant->permit_t, 7 * plant->heat_t, 1e-9);
    furnace_start(place, 0);
    CU_ASSERT_EQUAL(plant->heats_started, 3);
    CU_ASSERT(whole_plants_balanced(place));
    whole_close(w);
}

/* Feed that is gone when the furnaces should be charged: they are free again, nothing is lost. */
static void test_feed_gone(void)
{
    struct whole *w = whole_open();
    fixture_set(&w->f, "resolution.trucks_per_lot", 1);
    struct place *place;
    struct plant *plant = idle_plant(w, &place);
    plant->permit_t = plant->heat_t;
    furnace_start(place, 0);
    CU_ASSERT_EQUAL(plant->busy, 1);
    for (int f = 0; f < FEEDS; f++) {
        place_move(place, ACCOUNT_FEED, ACCOUNT_LOSSES, &plant->feed[f]);
        memset(&plant->feed[f], 0, sizeof plant->feed[f]);
    }
    int64_t finished = plant->finished.q[LOT_METAL];
    CU_ASSERT_EQUAL(sim_engine_run(w->f.engine, SIM_DAY, NULL), SIM_OK);
    CU_ASSERT_EQUAL(plant->busy, 0);
    CU_ASSERT_EQUAL(plant->output_t, 0);
    CU_ASSERT_EQUAL(plant->finished.q[LOT_METAL], finished);
    CU_ASSERT(whole_plants_balanced(place));
    whole_close(w);
}

/* Furnaces that are charged together make what single ones make: six days of the same feed and the
 * same plan, nothing else moving. */
static void test_groups(void)
{
    double t[2] = {0, 0}, lost[2] = {0, 0}, charged[2] = {0, 0};
    uint64_t heats[2] = {0, 0};
    for (int k = 0; k < 2; k++) {
        struct whole *w = whole_open();
        fixture_set(&w->f, "calendar.seasons", 0);
        fixture_set(&w->f, "resolution.trucks_per_lot", k ? 10 : 1);
        whole_start(w, 5);
        whole_only(w, COMPONENT_SMELTERS);
        whole_days(w, 6);
        for (int d = 0; d < PROVINCES; d++) {
            const struct plants *plants = plants_of(&w->f.places[d]);
            for (int i = 0; i < plants->count; i++) {
                heats[k] += plants->plant[i].heats_started;
                t[k] += plants->plant[i].output_t;
                lost[k] += plants->plant[i].lost_t;
                charged[k] += plants->plant[i].charged_t;
            }
        }
        whole_close(w);
    }
    CU_ASSERT(t[0] > 1e4);
    CU_ASSERT_DOUBLE_EQUAL(t[1] / t[0], 1, 0.03);
    CU_ASSERT_DOUBLE_EQUAL(lost[1] / charged[1], lost[0] / charged[0], 5e-4);
    CU_ASSERT(heats[1] < heats[0]);
}

/* Furnaces for any capacity can make it with their availability and no more than twice of it. */
static void test_equip(void)
{
    int size = SIZE_SMALL;
    for (double t = 500; t < 3e6; t *= 1.07) {
        struct plant plant = {.capacity_t = t};
        furnace_equip(&plant, 0.9);
        CU_ASSERT(plant.furnaces >= 1 && plant.furnaces <= PLANT_HEATS);
        CU_ASSERT(plant.size >= size);
        size = plant.size;
        double most = plant.furnaces * plant.heat_t * 8760 / (plant.heat_hours + 1.5) * 0.9;
        CU_ASSERT(most >= t * (1 - 1e-9) && most < 2 * t);
    }
    CU_ASSERT_EQUAL(size, SIZE_LARGE);
}

int main(void)
{
    CU_TestInfo tests[] = {{"equipment", test_equip},
                           {"conditions of a start", test_conditions},
                           {"feed that is gone", test_feed_gone},
                           {"groups of furnaces", test_groups},
                           {"a year of heats", test_year},
                           CU_TEST_INFO_NULL};
    return suite_run("furnace", tests);
}
