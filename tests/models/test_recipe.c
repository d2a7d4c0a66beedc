/* The recipe: hand-solved charges, real alloys from the data tables, bits, bases, value in use, and
 * every error. Run from the root of the tree. */
#include "../../models/recipe.h"
#include "../suite.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SI, FE, CU, MN, MG, CR, NI, ZN, TI };
/* The tests use twelve grades; where the recipe has more, those are not offered. */
enum { GRADES = 12 };
enum { WHEELS = 5, MIXED = 6, SHREDDED = 7, TURNINGS = 11 };
enum { A00, AL9985, SILICON, SILICON_LOW_FE, COPPER, MAGNESIUM, MANGANESE, TITANIUM, ADDITIONS };

/* Nothing offered, nothing limited, nothing lost. */
static struct recipe_problem nothing(void)
{
    struct recipe_problem p = {
        .lots_per_heat = 6, .confidence = 1.65, .slack_penalty = 1e8, .search_cost = 0};
    for (size_t g = 0; g < RECIPE_GRADES; g++) {
        p.price[g] = INFINITY;
        p.available[g] = INFINITY;
        p.reference[g] = 1.0 / RECIPE_GRADES;
    }
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
        p.max[e] = 1;
        p.element_recovery[e] = 1;
    }
    return p;
}

/* Solves with a solver of its own. */
static struct recipe_solution solved(const struct recipe_problem *problem)
{
    struct recipe_solver *solver = recipe_solver_create();
    struct recipe_solution s;
    CU_ASSERT_EQUAL(recipe_solve(solver, problem, NULL, &s), s.state);
    CU_ASSERT_EQUAL(s.state == RECIPE_FAILED, recipe_solver_error(solver)[0] != 0);
    recipe_solver_destroy(solver);
    return s;
}

/* Scrap with much iron at 15,250 CNY/t beside primary at 17,830. */
static struct recipe_problem diluted(void)
{
    struct recipe_problem p = nothing();
    p.price[2] = 15250;
    p.composition[2][FE] = 0.0062;
    p.relative_sd[2] = 0.2;
    p.melt_loss[2] = 0.037;
    p.lots_per_heat = 5;
    p.element_recovery[FE] = 0.97;
    p.max[FE] = 0.0041;
    p.additions = 1;
    p.addition_price[0] = 17830;
    p.addition_composition[0][FE] = 0.0011;
    p.addition_loss[0] = 0.008;
    return p;
}

static void hand_solved_dilution(void)
{
    struct recipe_problem p = diluted();
    struct recipe_solution s = solved(&p);
    /* mass: 0.963 x + 0.992 y = 1; iron: f x + 0.0011 * 0.992 y = 0.0041 */
    double f = 0.97 * 0.0062 * (1 + 1.65 * 0.2 / sqrt(5));
    double x = (0.0041 - 0.0011) / (f - 0.0011 * 0.963), y = (1 - 0.963 * x) / 0.992;
    CU_ASSERT_EQUAL(s.state, RECIPE_OPTIMAL);
    CU_ASSERT_DOUBLE_EQUAL(s.grade[2], x, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(s.addition[0], y, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(s.cost, 15250 * x + 17830 * y, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(s.objective, s.cost, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(s.loss, 0.037 * x + 0.008 * y, 1e-10);
    CU_ASSERT_EQUAL(s.excess[FE], 0);

    p.available[2] = 0.31; /* now this binds instead */
    s = solved(&p);
    CU_ASSERT_DOUBLE_EQUAL(s.grade[2], 0.31, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(s.addition[0], (1 - 0.963 * 0.31) / 0.992, 1e-9);

    p = diluted();
    p.min[SI] = 0.071; /* from silicon alone: the chance constraint's lower side has no scrap */
    p.additions = 2;
    p.addition_price[1] = 19470;
    p.addition_composition[1][SI] = 0.99;
    s = solved(&p);
    CU_ASSERT_DOUBLE_EQUAL(s.addition[1], 0.071 / 0.99, 1e-9);

    p.composition[2][SI] = 0.05; /* scrap brings some, of which (1 - z) is certain */
    s = solved(&p);
    double sure = 0.05 * (1 - 1.65 * 0.2 / sqrt(5));
    CU_ASSERT_DOUBLE_EQUAL(s.addition[1], (0.071 - sure * s.grade[2]) / 0.99, 1e-9);
    p.relative_sd[2] = 3; /* nothing is certain, and no more than nothing is subtracted */
    p.max[FE] = 1;
    s = solved(&p);
    CU_ASSERT_DOUBLE_EQUAL(s.addition[1], 0.071 / 0.99, 1e-9);
}

static void slack_where_nothing_else_helps(void)
{
    struct recipe_problem p = diluted();
    p.max[FE] = 0.0009; /* primary alone has 0.0011 */
    p.slack_penalty = 3e7;
    struct recipe_solution s = solved(&p);
    CU_ASSERT_EQUAL(s.state, RECIPE_SLACK);
    CU_ASSERT_DOUBLE_EQUAL(s.excess[FE], 0.0002, 1e-10);
    CU_ASSERT_DOUBLE_EQUAL(s.objective - s.cost, 3e7 * 0.0002, 1e-3);
    CU_ASSERT_DOUBLE_EQUAL(s.grade[2], 0, 0);

    p = diluted();
    p.min[MG] = 0.0045; /* there is no magnesium at all */
    s = solved(&p);
    CU_ASSERT_EQUAL(s.state, RECIPE_SLACK);
    CU_ASSERT_DOUBLE_EQUAL(s.missing[MG], 0.0045, 1e-10);
    CU_ASSERT_DOUBLE_EQUAL(s.objective - s.cost, 1e8 * 0.0045, 1e-3);
}

/* ---- real alloys and scrap ---- */

/* Classes of scrap_classes.tsv that make up each grade, by what their first words are. */
static const char *const CLASS[GRADES][3] = {
    {"extrusion 6063, bare"},
    {"extrusion 6063, old", "PV frames"},
    {"thermal-break"},
    {"formwork"},
    {"UBC"},
    {"wheels"},
    {"mixed cast", "cast returns"},
    {"twitch", "zorba"},
    {"aluminium wire"},
    {"clean sheet", "auto stampings"},
    {"old sheet", "heat exchanger", "foil"},
    {"swarf"},
};
static const double MELT_LOSS[GRADES] = {0.02, 0.03, 0.03, 0.02, 0.06, 0.02,
                                         0.03, 0.04, 0.02, 0.03, 0.04, 0.08};
/* of what is offered in 2024: share_of_old_scrap_2024, new scrap and imports */
static const double SHARE[GRADES] = {0.05, 0.15, 0.08, 0.03, 0.13, 0.05,
                                     0.25, 0.13, 0.04, 0.04, 0.03, 0.02};

/* Cuts a line at its tabs, in place. */
static int fields(char *line, char **field, int limit)
{
    int count = 0;
    line[strcspn(line, "\r\n")] = 0;
    while (line && count < limit) {
        field[count++] = line;
        line = strchr(line, '\t');
        if (line)
            *line++ = 0;
    }
    return count;
}

/* Calls use(field) for each line of a table after its header; false where it cannot be read. */
static bool each_line(const char *file, void (*use)(char **field, void *data), void *data)
{
    FILE *in = fopen(file, "r");
    if (!in)
        return false;
    char line[4096], *field[32] = {NULL};
    bool header = true;
    while (fgets(line, sizeof line, in)) {
        int count = fields(line, field, 32);
        if (!header && count > 14)
            use(field, data);
        header = false;
    }
    return fclose(in) == 0;
}

struct pooled {
    struct recipe_problem *p;
    int classes[GRADES];
};

/* Adds a class to its grade, as a plain mean. Prices: ratio to A00 per gross t, here per
 * recoverable t; UBC is quoted without VAT, twitch also per t of aluminium. */
static void add_class(char **field, void *data)
{
    struct pooled *pooled = data;
    for (size_t g = 0; g < GRADES; g++) {
        for (size_t c = 0; c < 3 && CLASS[g][c]; c++) {
            if (strncmp(field[0], CLASS[g][c], strlen(CLASS[g][c])) != 0)
                continue;
            double n = ++pooled->classes[g], yield = atof(field[13]) / 100;
            double price = 17628 * atof(field[14]) / yield;
            if (strncmp(field[0], "UBC", 3) == 0)
                price *= 1.13;
            if (strncmp(field[0], "twitch", 6) == 0)
                price *= 1.13 * yield;
            struct recipe_problem *p = pooled->p;
            for (size_t e = 0; e < RECIPE_ELEMENTS; e++)
                p->composition[g][e] += (atof(field[2 + e]) / 100 - p->composition[g][e]) / n;
            p->relative_sd[g] += (atof(field[11]) / 100 - p->relative_sd[g]) / n;
            p->price[g] = n > 1 ? p->price[g] + (price - p->price[g]) / n : price;
        }
    }
}

struct wanted {
    struct recipe_problem *p;
    const char *name;
    bool found;
};

static void take_limits(char **field, void *data)
{
    struct wanted *wanted = data;
    if (strcmp(field[0], "alloy_limit") != 0 || strcmp(field[1], wanted->name) != 0)
        return;
    wanted->found = true;
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
        const char *low = field[3 + 2 * e], *high = field[4 + 2 * e];
        wanted->p->min[e] = *low ? atof(low) / 100 : 0;
        wanted->p->max[e] = *high ? atof(high) / 100 : 1;
    }
}

static void add_element(struct recipe_problem *p, size_t a, size_t element, double content,
                        double iron, double price)
{
    p->addition_price[a] = price;
    p->addition_composition[a][element] = content;
    p->addition_composition[a][FE] += iron;
}

/* All twelve grades and the usual additions, at prices of 2024. */
static struct recipe_problem alloy(const char *name)
{
    struct recipe_problem p = nothing();
    struct pooled pooled = {.p = &p, .classes = {0}};
    struct wanted wanted = {.p = &p, .name = name, .found = false};
    CU_ASSERT_FATAL(each_line("scenarios/data/scrap_classes.tsv", add_class, &pooled));
    CU_ASSERT_FATAL(each_line("scenarios/data/alloys.tsv", take_limits, &wanted));
    CU_ASSERT_FATAL(wanted.found);
    for (size_t g = 0; g < GRADES; g++) {
        CU_ASSERT_FATAL(pooled.classes[g] > 0);
        p.melt_loss[g] = MELT_LOSS[g];
        p.reference[g] = SHARE[g];
        p.available[g] = 4 * 1.1 * SHARE[g];
    }
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++)
        p.element_recovery[e] = e == MG ? 0.75 : 0.97;
    p.search_cost = 150;
    p.additions = ADDITIONS;
    add_element(&p, A00, SI, 0.0005, 0.0011, 17628);
    add_element(&p, AL9985, SI, 0.0004, 0.0008, 17900);
    add_element(&p, SILICON, SI, 0.985, 0.005, 11500);
    add_element(&p, SILICON_LOW_FE, SI, 0.99, 0.002, 13500);
    add_element(&p, COPPER, CU, 0.999, 0, 66400);
    add_element(&p, MAGNESIUM, MG, 0.999, 0, 16000);
    add_element(&p, MANGANESE, MN, 0.8, 0.002, 13500);
    add_element(&p, TITANIUM, TI, 0.1, 0.002, 30000);
    return p;
}

static void adc12_is_made_of_cast_scrap(void)
{
    struct recipe_problem p = alloy("ADC12");
    double offered = 0;
    for (size_t g = 0; g < GRADES; g++) {
        if (g == MIXED || g == SHREDDED || g == TURNINGS)
            p.reference[g] *= 3; /* such plants are used to cast scrap */
        offered += p.reference[g];
    }
    for (size_t g = 0; g < GRADES; g++)
        p.reference[g] /= offered;
    p.search_cost = 300;
    struct recipe_solution s = solved(&p);
    double cast = s.grade[MIXED] + s.grade[SHREDDED] + s.grade[TURNINGS], all = 0;
    for (size_t g = 0; g < GRADES; g++)
        all += s.grade[g];
    printf("\n    ADC12: cast %.2f of scrap %.2f, A00 %.3f, Si %.3f, Cu %.4f, cost %.0f ", cast,
           all, s.addition[A00] + s.addition[AL9985],
           s.addition[SILICON] + s.addition[SILICON_LOW_FE], s.addition[COPPER], s.cost);
    CU_ASSERT_EQUAL(s.state, RECIPE_OPTIMAL);
    CU_ASSERT(cast > 0.5 * all);
    CU_ASSERT(s.addition[A00] + s.addition[AL9985] < 0.1);
    CU_ASSERT(s.addition[SILICON] > 0.01 && s.addition[SILICON] < 0.09);
    CU_ASSERT(s.addition[COPPER] < 0.02);
    CU_ASSERT(s.cost > 15000 && s.cost < 17628);
    CU_ASSERT(s.loss > 0.02 && s.loss < 0.06);
}

/* Iron below 0.12 % with 7 % of silicon: 0.93 * 0.11 + 7 / 98.5 * 0.5 = 0.138 % is too much. */
static void a356_with_little_iron_needs_better_metal(void)
{
    struct recipe_problem p = alloy("A356");
    for (size_t g = 0; g < GRADES; g++)
        p.price[g] = INFINITY;
    p.max[FE] = 0.0012;
    p.addition_price[AL9985] = p.addition_price[SILICON_LOW_FE] = INFINITY;
    struct recipe_solution s = solved(&p);
    CU_ASSERT_EQUAL(s.state, RECIPE_SLACK);
    CU_ASSERT(s.excess[FE] > 0.0001 && s.excess[FE] < 0.0003);
    p.addition_price[AL9985] = 17900;
    p.addition_price[SILICON_LOW_FE] = 13500;
    s = solved(&p);
    CU_ASSERT_EQUAL(s.state, RECIPE_OPTIMAL);
    CU_ASSERT(s.addition[AL9985] + s.addition[SILICON_LOW_FE] > 0.02);
    CU_ASSERT(s.excess[FE] == 0);
    p = alloy("A356"); /* with wheels and 0.20 % there is no problem */
    s = solved(&p);
    CU_ASSERT_EQUAL(s.state, RECIPE_OPTIMAL);
    CU_ASSERT(s.grade[WHEELS] > 0.05);
}

/* ---- value in use ---- */

static double value(const struct recipe_problem *p, size_t grade, double q)
{
    struct recipe_solver *solver = recipe_solver_create();
    struct recipe_basis basis = {.set = 0};
    struct recipe_solution s;
    double cold, warm;
    enum recipe_state state = recipe_value_in_use(solver, p, grade, q, NULL, &cold);
    CU_ASSERT_NOT_EQUAL(state, RECIPE_FAILED);
    recipe_solve(solver, p, &basis, &s);
    struct recipe_basis kept = basis;
    CU_ASSERT_EQUAL(recipe_value_in_use(solver, p, grade, q, &basis, &warm), state);
    CU_ASSERT_EQUAL(memcmp(&kept, &basis, sizeof basis), 0);
    CU_ASSERT_DOUBLE_EQUAL(cold, warm, 1e-5);
    recipe_solver_destroy(solver);
    return cold;
}

static void value_in_use_by_hand(void)
{
    struct recipe_problem p = diluted();
    /* A tonne that leaves 0.963 t and needs no other metal replaces 0.963 / 0.992 t of primary,
     * until iron binds. */
    double f = 0.97 * 0.0062 * (1 + 1.65 * 0.2 / sqrt(5));
    double most = (0.0041 - 0.0011) / (f - 0.0011 * 0.963), worth = 17830 * 0.963 / 0.992;
    CU_ASSERT_DOUBLE_EQUAL(value(&p, 2, 0.17), worth, 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(value(&p, 2, 2 * most), worth / 2, 1e-5); /* half of it is of no use */
    p.price[2] = INFINITY;                                           /* its own offer is not read */
    p.available[2] = NAN;
    CU_ASSERT_DOUBLE_EQUAL(value(&p, 2, 0.17), worth, 1e-5);
}

static void value_in_use_falls_with_the_lot(void)
{
    static const char *const names[] = {"ADC12", "A356", "6063", "3104"};
    for (size_t n = 0; n < 4; n++) {
        struct recipe_problem p = alloy(names[n]);
        for (size_t g = 0; g < GRADES; g++) {
            double before = INFINITY;
            for (double q = 0.02; q < 1.5; q *= 2.3) {
                double now = value(&p, g, q);
                CU_ASSERT(now >= 0 && now <= before + 1e-6);
                before = now;
            }
            CU_ASSERT(value(&p, g, 0.02) > 0);
        }
    }
}

/* Sorting takes iron out of thermal-break profile, 0.45 to 0.28 %; what that is worth in 6063. */
static void sorting_adds_value(void)
{
    struct recipe_problem p = alloy("6063");
    double unsorted = value(&p, 2, 1.0 / 6);
    p.composition[2][FE] = 0.0028;
    p.relative_sd[2] = 0.12;
    double sorted = value(&p, 2, 1.0 / 6);
    printf("\n    thermal break in 6063: unsorted %.4f, sorted %.4f of A00 ", unsorted / 17628,
           sorted / 17628);
    CU_ASSERT(sorted > unsorted);
}

/* ---- bits, bases, errors ---- */

static void fill_past(struct recipe_solver *solver)
{
    static const char *const names[] = {"6061", "1350/1370 conductor", "ADC12"};
    for (size_t i = 0; i < 12; i++) {
        struct recipe_problem p = alloy(names[i % 3]);
        struct recipe_solution s;
        double v;
        recipe_solve(solver, &p, NULL, &s);
        recipe_value_in_use(solver, &p, i, 0.2, NULL, &v);
    }
}

struct elsewhere {
    const struct recipe_problem *p;
    struct recipe_basis basis;
    struct recipe_solution s;
};

static void *solve_elsewhere(void *data)
{
    struct elsewhere *e = data;
    struct recipe_solver *solver = recipe_solver_create();
    fill_past(solver);
    recipe_solve(solver, e->p, &e->basis, &e->s);
    recipe_solver_destroy(solver);
    return NULL;
}

static bool same(const struct recipe_solution *a, const struct recipe_solution *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* memcmp of solutions needs their padding to be equal, too. */
static struct recipe_solution blank(void)
{
    struct recipe_solution s;
    memset(&s, 0, sizeof s);
    return s;
}

static void bits_depend_on_nothing_else(void)
{
    struct recipe_problem p = alloy("6063");
    struct recipe_basis start = {.set = 0};
    struct recipe_solution cold = blank();
    struct recipe_solver *solver = recipe_solver_create();
    recipe_solve(solver, &p, &start, &cold); /* fresh; start now holds a basis */
    p.price[1] += 90;
    p.price[4] -= 170;
    for (int warm = 0; warm < 2; warm++) {
        struct recipe_basis basis = {.set = 0};
        struct elsewhere e = {.p = &p, .basis = {.set = 0}, .s = blank()};
        struct recipe_solution first = blank(), later = blank();
        if (warm)
            basis = e.basis = start;
        struct recipe_basis again = basis;
        recipe_solve(solver, &p, &basis, &first);
        fill_past(solver);
        recipe_solve(solver, &p, &again, &later);
        pthread_t thread;
        CU_ASSERT_FATAL(pthread_create(&thread, NULL, solve_elsewhere, &e) == 0);
        pthread_join(thread, NULL);
        CU_ASSERT_EQUAL(first.state, RECIPE_OPTIMAL);
        CU_ASSERT(same(&first, &later) && same(&first, &e.s));
        CU_ASSERT_EQUAL(memcmp(&basis, &again, sizeof basis), 0);
        CU_ASSERT_EQUAL(memcmp(&basis, &e.basis, sizeof basis), 0);
        if (warm)
            CU_ASSERT(first.iterations < cold.iterations / 2);
    }
    recipe_solver_destroy(solver);
}

static void a_bad_basis_does_no_harm(void)
{
    struct recipe_problem p = alloy("ADC12");
    struct recipe_solver *solver = recipe_solver_create();
    struct recipe_solution cold = blank(), s = blank();
    struct recipe_basis good = {.set = 0}, basis;
    recipe_solve(solver, &p, &good, &cold);
    basis = good; /* a status that GLPK does not know: it reports an error */
    for (size_t j = 0; j < RECIPE_COLUMNS; j++)
        basis.column[j] = basis.column[j] == 1 ? 1 : 77;
    CU_ASSERT_EQUAL(recipe_solve(solver, &p, &basis, &s), RECIPE_OPTIMAL);
    CU_ASSERT(same(&cold, &s) && recipe_solver_error(solver)[0] == 0);
    CU_ASSERT_EQUAL(memcmp(&basis, &good, sizeof basis), 0);
    memset(&basis, 1, sizeof basis); /* everything basic */
    recipe_solve(solver, &p, &basis, &s);
    CU_ASSERT(same(&cold, &s));
    memset(&basis, 2, sizeof basis); /* nothing basic */
    recipe_solve(solver, &p, &basis, &s);
    CU_ASSERT(same(&cold, &s));
    basis = good; /* a basic grade is no longer offered, and none is */
    for (size_t g = 0; g < RECIPE_GRADES; g++)
        p.price[g] = INFINITY;
    CU_ASSERT_EQUAL(recipe_solve(solver, &p, &basis, &s), RECIPE_OPTIMAL);
    struct recipe_solution t = blank();
    recipe_solve(solver, &p, NULL, &t);
    CU_ASSERT(same(&s, &t));
    recipe_solver_destroy(solver);
}

/* Each spoils one number; none may hang or be solved. */
static void bad_numbers_fail(void)
{
    struct recipe_problem good = alloy("ADC12");
    double *const spot[] = {
        &good.price[3],          &good.composition[3][FE],
        &good.relative_sd[3],    &good.melt_loss[3],
        &good.reference[3],      &good.available[3],
        &good.addition_price[2], &good.addition_composition[2][SI],
        &good.addition_loss[2],  &good.min[FE],
        &good.max[FE],           &good.element_recovery[FE],
        &good.lots_per_heat,     &good.confidence,
        &good.slack_penalty,     &good.search_cost,
    };
    struct recipe_solver *solver = recipe_solver_create();
    for (size_t i = 0; i < sizeof spot / sizeof *spot; i++) {
        static const double bad[] = {NAN, -INFINITY, -2.385};
        for (size_t b = 0; b < 3; b++) {
            double kept = *spot[i];
            struct recipe_basis basis = {.set = 1};
            struct recipe_solution s;
            double worth;
            *spot[i] = bad[b];
            if (b == 2 && (spot[i] == &good.price[3] || spot[i] == &good.addition_price[2]))
                *spot[i] = NAN; /* a price may be negative */
            CU_ASSERT_EQUAL(recipe_solve(solver, &good, &basis, &s), RECIPE_FAILED);
            CU_ASSERT_EQUAL(s.state, RECIPE_FAILED);
            CU_ASSERT(s.cost == 0 && s.grade[MIXED] == 0 && basis.set == 0);
            CU_ASSERT(strncmp(recipe_solver_error(solver), "recipe: ", 8) == 0);
            CU_ASSERT_EQUAL(recipe_value_in_use(solver, &good, MIXED, 0.2, NULL, &worth),
                            RECIPE_FAILED);
            CU_ASSERT_EQUAL(worth, 0);
            *spot[i] = kept;
        }
    }
    good.additions = RECIPE_ADDITIONS_MAX + 1;
    struct recipe_solution s;
    CU_ASSERT_EQUAL(recipe_solve(solver, &good, NULL, &s), RECIPE_FAILED);
    good.additions = ADDITIONS;
    good.melt_loss[4] = 1;
    CU_ASSERT_EQUAL(recipe_solve(solver, &good, NULL, &s), RECIPE_FAILED);
    good.melt_loss[4] = 0.06;
    double worth = 1;
    static const double lots[] = {0, -0.1, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL(recipe_value_in_use(solver, &good, MIXED, lots[i], NULL, &worth),
                        RECIPE_FAILED);
        CU_ASSERT_EQUAL(worth, 0);
    }
    CU_ASSERT_EQUAL(recipe_solve(solver, &good, NULL, &s), RECIPE_OPTIMAL); /* and goes on */
    recipe_solver_destroy(solver);
    recipe_solver_destroy(NULL);
}

static void too_little_metal_fails(void)
{
    struct recipe_problem p = nothing();
    CU_ASSERT_EQUAL(solved(&p).state, RECIPE_FAILED);
    p = diluted();
    p.additions = 0;
    p.available[2] = 1.02; /* 0.98 t are left after melting */
    CU_ASSERT_EQUAL(solved(&p).state, RECIPE_FAILED);
    p.available[2] = 1.05;
    CU_ASSERT_NOT_EQUAL(solved(&p).state, RECIPE_FAILED);
    p.search_cost = 100; /* a grade without a habit is not taken */
    p.reference[2] = 0;
    CU_ASSERT_EQUAL(solved(&p).state, RECIPE_FAILED);
    p.addition_price[0] = INFINITY; /* not offered */
    p.additions = 1;
    CU_ASSERT_EQUAL(solved(&p).state, RECIPE_FAILED);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"hand-solved dilution", hand_solved_dilution},
        {"slack where nothing else helps", slack_where_nothing_else_helps},
        {"ADC12 is made of cast scrap", adc12_is_made_of_cast_scrap},
        {"A356 with little iron needs better metal", a356_with_little_iron_needs_better_metal},
        {"value in use by hand", value_in_use_by_hand},
        {"value in use falls with the lot", value_in_use_falls_with_the_lot},
        {"sorting adds value", sorting_adds_value},
        {"bits depend on nothing else", bits_depend_on_nothing_else},
        {"a bad basis does no harm", a_bad_basis_does_no_harm},
        {"bad numbers fail", bad_numbers_fail},
        {"too little metal fails", too_little_metal_fails},
        CU_TEST_INFO_NULL,
    };
    return suite_run("recipe", tests);
}
