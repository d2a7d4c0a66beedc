/* The recipe against two independent answers: the logit shares in closed form, and a dense simplex
 * on the programme as the header states it. */
#include "../../models/recipe.h"
#include "../suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double uniform(double low, double high)
{
    return low + (high - low) * rand() / RAND_MAX;
}

/* ---- the logit limit ---- */

static struct recipe_problem habitual(void)
{
    static const double share[RECIPE_GRADES] = {0.07, 0.16, 0.09, 0.03, 0.13, 0.05,
                                                0.21, 0.11, 0.05, 0.04, 0.04, 0.02};
    struct recipe_problem p = {
        .search_cost = 137, .lots_per_heat = 6, .confidence = 1.65, .slack_penalty = 2e6};
    for (size_t g = 0; g < RECIPE_GRADES; g++) {
        p.reference[g] = share[g];
        p.price[g] = 16300;
        p.available[g] = INFINITY;
    }
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
        p.max[e] = 1;
        p.element_recovery[e] = 1;
    }
    return p;
}

static struct recipe_solution solved(const struct recipe_problem *problem)
{
    struct recipe_solver *solver = recipe_solver_create();
    struct recipe_solution s;
    CU_ASSERT_EQUAL(recipe_solve(solver, problem, NULL, &s), RECIPE_OPTIMAL);
    recipe_solver_destroy(solver);
    return s;
}

static double entropic(const struct recipe_problem *p, const double *x)
{
    double sum = 0;
    for (size_t g = 0; g < RECIPE_GRADES; g++)
        sum += x[g] * p->price[g] +
               p->search_cost * (x[g] > 0 ? x[g] * log(x[g] / p->reference[g]) - x[g] : 0);
    return sum;
}

static void equal_prices_keep_habits(void)
{
    struct recipe_problem p = habitual();
    struct recipe_solution s = solved(&p);
    for (size_t g = 0; g < RECIPE_GRADES; g++)
        CU_ASSERT_DOUBLE_EQUAL(s.grade[g], p.reference[g], 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(s.cost, 16300, 1e-8);
    CU_ASSERT_DOUBLE_EQUAL(s.objective, entropic(&p, p.reference), 1e-8);
}

static void unequal_prices_give_logit_shares(void)
{
    srand(7);
    double worst_gap = 0, worst_distance = 0;
    for (int round = 0; round < 200; round++) {
        struct recipe_problem p = habitual();
        double exact[RECIPE_GRADES], sum = 0, distance = 0;
        for (size_t g = 0; g < RECIPE_GRADES; g++) {
            p.price[g] += uniform(-400, 400);
            sum += exact[g] = p.reference[g] * exp(-p.price[g] / p.search_cost + 119);
        }
        struct recipe_solution s = solved(&p);
        for (size_t g = 0; g < RECIPE_GRADES; g++) {
            exact[g] /= sum;
            distance += 0.5 * fabs(s.grade[g] - exact[g]);
            /* Off by one piece (0.15, or a factor of 2.3 below 5) and what others are off. */
            if (exact[g] < 4 * p.reference[g])
                CU_ASSERT(s.grade[g] < 3 * fmax(exact[g], 0.25 * p.reference[g]));
        }
        worst_distance = fmax(worst_distance, distance);
        /* the pieces lie above D (between their ends), so the objective does; and by little */
        double gap = (s.objective - entropic(&p, exact)) / p.search_cost;
        CU_ASSERT(gap > -1e-9);
        worst_gap = fmax(worst_gap, gap);
        CU_ASSERT(s.cost + 1e-9 >= 15900 && s.cost <= 16700);
    }
    printf("\n    logit: objective off by %.3f theta, shares by %.3f at most ", worst_gap,
           worst_distance);
    CU_ASSERT(worst_gap < 0.2);
    CU_ASSERT(worst_distance < 0.25);
}

/* ---- an independent solver ---- */

enum {
    ROWS = 1 + 2 * RECIPE_ELEMENTS,
    DENSE_ROWS = ROWS + RECIPE_GRADES * RECIPE_SEGMENTS,
    DENSE_COLUMNS = 300
};

/* Equations A z = b with b >= 0 and a unit basis, then two rows of costs (artificial, true). */
struct dense {
    int rows, columns; /* the right-hand side is column `columns` */
    int basic[DENSE_ROWS];
    long double upper[DENSE_COLUMNS];
    long double a[DENSE_ROWS + 2][DENSE_COLUMNS + 1];
};

static void dense_pivot(struct dense *d, int row, int column)
{
    long double inverse = 1 / d->a[row][column];
    for (int j = 0; j <= d->columns; j++)
        d->a[row][j] *= inverse;
    for (int i = 0; i < DENSE_ROWS + 2; i++) {
        long double factor = d->a[i][column];
        if (i == row || factor == 0)
            continue;
        for (int j = 0; j <= d->columns; j++)
            d->a[i][j] -= factor * d->a[row][j];
    }
    d->basic[row] = column;
}

/* Steepest column, and from step 300 on Bland's rule, which ends. Columns from `limit` on may not
 * enter. */
static bool dense_minimise(struct dense *d, int cost_row, int limit)
{
    for (int step = 0; step < 20000; step++) {
        int enter = -1, leave = -1;
        for (int j = 0; j < limit && (enter < 0 || step < 300); j++) {
            if (d->a[cost_row][j] < (enter < 0 ? -1e-10L : d->a[cost_row][enter]))
                enter = j;
        }
        if (enter < 0)
            return true;
        for (int i = 0; i < d->rows; i++) {
            if (d->a[i][enter] <= 1e-12L)
                continue;
            long double ratio = d->a[i][d->columns] / d->a[i][enter];
            long double best = leave < 0 ? INFINITY : d->a[leave][d->columns] / d->a[leave][enter];
            if (ratio < best || (ratio == best && d->basic[i] < d->basic[leave]))
                leave = i;
        }
        if (leave < 0)
            return false;
        dense_pivot(d, leave, enter);
    }
    return false;
}

/* A new column of the metal `composition`; widened by z towards each limit. */
static void dense_metal(struct dense *d, double cost, double upper, double loss, double z,
                        const double *composition, const double *recovery)
{
    int j = d->columns++;
    d->a[0][j] = 1 - loss;
    for (int e = 0; e < RECIPE_ELEMENTS; e++) {
        double content = composition[e] * (recovery ? recovery[e] : 1 - loss);
        d->a[1 + e][j] = content * (1 + z);
        d->a[1 + RECIPE_ELEMENTS + e][j] = content * fmax(0, 1 - z);
    }
    d->a[DENSE_ROWS + 1][j] = cost;
    d->upper[j] = upper;
}

static void dense_grade(struct dense *d, const struct recipe_problem *p, size_t g)
{
    double z = p->confidence * p->relative_sd[g] / sqrt(p->lots_per_heat), low = 0, below = 0;
    for (size_t k = 0; k < RECIPE_SEGMENTS; k++) {
        double high = recipe_segment_end[k], above = high * log(high) - high;
        double end = k + 1 < RECIPE_SEGMENTS ? high * p->reference[g] : INFINITY;
        double start = fmin(low * p->reference[g], p->available[g]);
        dense_metal(d, p->price[g] + p->search_cost * (above - below) / (high - low),
                    fmin(end, p->available[g]) - start, p->melt_loss[g], z, p->composition[g],
                    p->element_recovery);
        low = high;
        below = above;
    }
}

/* Maxima with slack variables, minima started from the missing element, upper bounds as rows. */
static void dense_finish(struct dense *d, const struct recipe_problem *p)
{
    int metals = d->columns;
    for (int e = 0; e < 2 * RECIPE_ELEMENTS; e++) {
        bool max = e < RECIPE_ELEMENTS;
        int slack = d->columns++, penalised = d->columns++;
        d->a[1 + e][slack] = max ? 1 : -1;
        d->a[1 + e][penalised] = max ? -1 : 1;
        d->a[DENSE_ROWS + 1][penalised] = p->slack_penalty;
        d->basic[1 + e] = max ? slack : penalised;
    }
    d->rows = ROWS;
    for (int j = 0; j < metals; j++) {
        if (isinf(d->upper[j]))
            continue;
        d->a[d->rows][j] = 1;
        d->a[d->rows][d->columns] = 1;
        d->basic[d->rows++] = d->columns++;
    }
    d->a[0][d->columns] = 1; /* the artificial variable of the mass row */
    d->a[DENSE_ROWS][d->columns] = 1;
    d->basic[0] = d->columns++;
    CU_ASSERT_FATAL(d->rows <= DENSE_ROWS && d->columns <= DENSE_COLUMNS);
    d->a[0][d->columns] = 1;
    for (int e = 0; e < RECIPE_ELEMENTS; e++) {
        d->a[1 + e][d->columns] = p->max[e];
        d->a[1 + RECIPE_ELEMENTS + e][d->columns] = p->min[e];
    }
    for (int j = 0, i = ROWS; j < metals; j++) {
        if (!isinf(d->upper[j]))
            d->a[i++][d->columns] = d->upper[j];
    }
}

/* NAN where there is none. */
static double dense_optimum(struct dense *d, const struct recipe_problem *p)
{
    memset(d, 0, sizeof *d);
    for (size_t g = 0; g < RECIPE_GRADES; g++) {
        if (!isinf(p->price[g]))
            dense_grade(d, p, g);
    }
    for (size_t a = 0; a < p->additions; a++)
        dense_metal(d, p->addition_price[a], INFINITY, p->addition_loss[a], 0,
                    p->addition_composition[a], NULL);
    dense_finish(d, p);
    int artificial = d->columns - 1;
    for (int j = 0; j <= d->columns; j++) { /* price out the starting basis */
        d->a[DENSE_ROWS][j] -= d->a[0][j];
        for (int e = 0; e < RECIPE_ELEMENTS; e++)
            d->a[DENSE_ROWS + 1][j] -= p->slack_penalty * d->a[1 + RECIPE_ELEMENTS + e][j];
    }
    if (!dense_minimise(d, DENSE_ROWS, artificial) || d->a[DENSE_ROWS][d->columns] < -1e-9)
        return NAN;
    return dense_minimise(d, DENSE_ROWS + 1, artificial) ? (double)-d->a[DENSE_ROWS + 1][d->columns]
                                                         : NAN;
}

static struct recipe_problem random_problem(size_t grades)
{
    /* typical contents of aluminium, in element order */
    static const double base[RECIPE_ELEMENTS] = {0.05,   0.005,  0.01,  0.003, 0.005,
                                                 0.0005, 0.0005, 0.004, 0.0005};
    struct recipe_problem p = {.search_cost = uniform(0, 1) < 0.2 ? 0 : uniform(20, 400),
                               .lots_per_heat = uniform(1, 9),
                               .confidence = uniform(0, 2.4),
                               .slack_penalty = uniform(1e5, 3e6)};
    for (size_t g = 0; g < RECIPE_GRADES; g++) {
        p.price[g] = g < grades ? uniform(15000, 17500) : INFINITY;
        p.available[g] = uniform(0, 1) < 0.3 ? INFINITY : uniform(0, 0.6);
        p.reference[g] = uniform(0.01, 2.0 / (double)grades);
        p.relative_sd[g] = uniform(0, 0.4);
        p.melt_loss[g] = uniform(0, 0.1);
        for (size_t e = 0; e < RECIPE_ELEMENTS; e++)
            p.composition[g][e] = base[e] * uniform(0, 2);
    }
    p.additions = uniform(0, 1) < 0.1 ? 0 : 3;
    for (size_t a = 0; a < p.additions; a++) {
        p.addition_price[a] = uniform(11000, 60000);
        p.addition_loss[a] = uniform(0, 0.03);
        p.addition_composition[a][(size_t)uniform(0, 8.9)] = a ? 0.95 : 0.002;
    }
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
        p.element_recovery[e] = uniform(0.7, 1);
        p.max[e] = uniform(0, 1) < 0.3 ? 1 : base[e] * uniform(1, 4);
        p.min[e] = uniform(0, 1) < 0.7 ? 0 : fmin(p.max[e], base[e] * uniform(0.2, 1.2));
    }
    return p;
}

/* The charge obeys the mass balance and the limits with its slack, and costs what it says. */
static void check_feasible(const struct recipe_problem *p, const struct recipe_solution *s)
{
    double mass = 0, cost = 0, loss = 0, high[RECIPE_ELEMENTS] = {0}, low[RECIPE_ELEMENTS] = {0};
    for (size_t g = 0; g < RECIPE_GRADES; g++) {
        double x = s->grade[g], z = p->confidence * p->relative_sd[g] / sqrt(p->lots_per_heat);
        CU_ASSERT(x >= 0 && x <= p->available[g] + 1e-9);
        mass += x * (1 - p->melt_loss[g]);
        loss += x * p->melt_loss[g];
        cost += x > 0 ? x * p->price[g] : 0;
        for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
            high[e] += x * p->element_recovery[e] * p->composition[g][e] * (1 + z);
            low[e] += x * p->element_recovery[e] * p->composition[g][e] * fmax(0, 1 - z);
        }
    }
    for (size_t a = 0; a < p->additions; a++) {
        double y = s->addition[a] * (1 - p->addition_loss[a]);
        mass += y;
        loss += s->addition[a] - y;
        cost += s->addition[a] * p->addition_price[a];
        for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
            high[e] += y * p->addition_composition[a][e];
            low[e] += y * p->addition_composition[a][e];
        }
    }
    CU_ASSERT_DOUBLE_EQUAL(mass, 1, 1e-8);
    CU_ASSERT_DOUBLE_EQUAL(loss, s->loss, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(cost, s->cost, 1e-7);
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
        CU_ASSERT(high[e] <= p->max[e] + s->excess[e] + 1e-9);
        CU_ASSERT(low[e] >= p->min[e] - s->missing[e] - 1e-9);
    }
}

static void compare_random(int count, size_t grades)
{
    struct recipe_solver *solver = recipe_solver_create();
    struct dense *dense = malloc(sizeof *dense);
    struct recipe_basis basis = {.set = 0};
    int slack = 0, impossible = 0;
    double worst = 0;
    for (int i = 0; i < count; i++) {
        struct recipe_problem p = random_problem(grades);
        struct recipe_solution s, again;
        double optimum = dense_optimum(dense, &p);
        enum recipe_state state = recipe_solve(solver, &p, NULL, &s);
        if (isnan(optimum)) { /* no metal for a tonne */
            impossible++;
            CU_ASSERT_EQUAL(state, RECIPE_FAILED);
            continue;
        }
        CU_ASSERT_NOT_EQUAL(state, RECIPE_FAILED);
        slack += state == RECIPE_SLACK;
        worst = fmax(worst, fabs(s.objective - optimum));
        check_feasible(&p, &s);
        /* from the basis of another problem: the same optimum */
        CU_ASSERT_NOT_EQUAL(recipe_solve(solver, &p, &basis, &again), RECIPE_FAILED);
        CU_ASSERT_DOUBLE_EQUAL(again.objective, s.objective, 1e-6);
        check_feasible(&p, &again);
    }
    printf("\n    %d problems of %zu grades: off by %.1e CNY/t at most, %d with slack, %d without "
           "enough metal ",
           count, grades, worst, slack, impossible);
    CU_ASSERT(worst < 1e-5);
    CU_ASSERT(slack > count / 20 && slack < count && (count < 1000 || impossible));
    free(dense);
    recipe_solver_destroy(solver);
}

static void small_problems_match_a_dense_simplex(void)
{
    srand(11);
    compare_random(2000, 3);
}

static void full_problems_match_a_dense_simplex(void)
{
    srand(12);
    compare_random(60, RECIPE_GRADES);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"equal prices keep habits", equal_prices_keep_habits},
        {"unequal prices give logit shares", unequal_prices_give_logit_shares},
        {"small problems match a dense simplex", small_problems_match_a_dense_simplex},
        {"full problems match a dense simplex", full_problems_match_a_dense_simplex},
        CU_TEST_INFO_NULL,
    };
    return suite_run("recipe_oracle", tests);
}
