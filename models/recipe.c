#include "recipe.h"

#include "../sim/hash.h"
#include "../sim/status.h"

#include <glpk.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_MASS = 1,
    ROW_MAX = 2,
    ROW_MIN = ROW_MAX + RECIPE_ELEMENTS,
    /* A grade's pieces add up to one more column, which alone has the grade's contents: fewer
     * entries, which saves a third of the time. */
    ROW_GRADE = ROW_MIN + RECIPE_ELEMENTS,
    COLUMN_GRADE = 1 + RECIPE_GRADES * RECIPE_SEGMENTS,
    COLUMN_ADDITION = COLUMN_GRADE + RECIPE_GRADES,
    COLUMN_EXCESS = COLUMN_ADDITION + RECIPE_ADDITIONS_MAX,
    COLUMN_MISSING = COLUMN_EXCESS + RECIPE_ELEMENTS,
    COLUMN_LOT = COLUMN_MISSING + RECIPE_ELEMENTS,
    /* A solve takes 10 to 60 iterations. A limit on iterations, not on time, so that the result
     * is the same on a slow machine. */
    ITERATION_LIMIT = 5000
};

/* Element rows are in per cent, which brings their numbers near those of the mass row. */
static const double ELEMENT_SCALE = 100;
/* Slack that counts as such, t/t: well above GLPK's tolerance, well below any alloy's limits. */
static const double SLACK_TOLERANCE = 1e-8;

const double recipe_segment_end[RECIPE_SEGMENTS] = {0.15, 0.35, 0.65, 1, 1.5, 2.5, 5, 20};

_Static_assert(RECIPE_ROWS < 64, "a row is a bit of a pattern");

struct recipe_solver {
    glp_prob *lp;                   /* NULL before the first solve and after an error inside GLPK */
    double search[RECIPE_SEGMENTS]; /* mean marginal D of each piece */
    jmp_buf escape;
    char error[400];
    uint64_t pattern[1 + RECIPE_COLUMNS]; /* bit r: the column has an entry in row r */
    uint64_t pattern_hash;                /* of all of them */
    int entries;
    int row[1 + RECIPE_ROWS * RECIPE_COLUMNS], column[1 + RECIPE_ROWS * RECIPE_COLUMNS];
    double value[1 + RECIPE_ROWS * RECIPE_COLUMNS];
    /* the running call */
    const struct recipe_problem *problem;
    size_t grade; /* of the value in use; RECIPE_GRADES: of none, all is offered */
    double lot;   /* t/t of this grade for nothing, instead of what is offered */
    struct recipe_basis *basis;
    struct recipe_solution *solution;
};

/* ---- input ---- */

__attribute__((format(printf, 2, 3))) static void fail(struct recipe_solver *solver,
                                                       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(solver->error, sizeof solver->error, format, arguments);
    va_end(arguments);
}

/* False for NaN too. */
static bool within(double value, double low, double high)
{
    return value >= low && value <= high;
}

static bool is_finite(double value)
{
    return within(value, -HUGE_VAL, HUGE_VAL) && !isinf(value);
}

static bool check_metal(struct recipe_solver *solver, const char *what, size_t index,
                        const double composition[RECIPE_ELEMENTS], double loss)
{
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
        if (!within(composition[e], 0, 1)) {
            fail(solver, "recipe: %s %zu: content of element %zu is %g, must be 0 to 1", what,
                 index, e, composition[e]);
            return false;
        }
    }
    if (!within(loss, 0, 1) || loss == 1) {
        fail(solver, "recipe: %s %zu: loss is %g, must be 0 or more and below 1", what, index,
             loss);
        return false;
    }
    return true;
}

/* +infinity: not offered, which is fine. */
static bool check_price(struct recipe_solver *solver, const char *what, size_t index, double price)
{
    if (is_finite(price) || price > 0)
        return true;
    fail(solver, "recipe: %s %zu: price is %g", what, index, price);
    return false;
}

static bool check_scrap(struct recipe_solver *solver, const struct recipe_problem *p, size_t g)
{
    if (!check_metal(solver, "grade", g, p->composition[g], p->melt_loss[g]))
        return false;
    if (is_finite(p->relative_sd[g]) && p->relative_sd[g] >= 0)
        return true;
    fail(solver, "recipe: grade %zu: relative deviation is %g", g, p->relative_sd[g]);
    return false;
}

static bool check_grade(struct recipe_solver *solver, const struct recipe_problem *p, size_t g)
{
    if (!check_scrap(solver, p, g))
        return false;
    if (within(p->reference[g], 0, 1) && within(p->available[g], 0, HUGE_VAL))
        return true;
    fail(solver, "recipe: grade %zu: habitual share %g, availability %g", g, p->reference[g],
         p->available[g]);
    return false;
}

static bool check_limits(struct recipe_solver *solver, const struct recipe_problem *p)
{
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
        if (!within(p->min[e], 0, 1) || !within(p->max[e], p->min[e], 1)) {
            fail(solver, "recipe: element %zu: limits are %g to %g", e, p->min[e], p->max[e]);
            return false;
        }
        if (!within(p->element_recovery[e], 0, 1)) {
            fail(solver, "recipe: element %zu: recovery is %g, must be 0 to 1", e,
                 p->element_recovery[e]);
            return false;
        }
    }
    if (!is_finite(p->search_cost) || p->search_cost < 0 || !is_finite(p->confidence) ||
        p->confidence < 0 || !is_finite(p->slack_penalty) || p->slack_penalty <= 0 ||
        !is_finite(p->lots_per_heat) || p->lots_per_heat <= 0) {
        fail(solver, "recipe: search cost %g, confidence %g, slack penalty %g, lots per heat %g",
             p->search_cost, p->confidence, p->slack_penalty, p->lots_per_heat);
        return false;
    }
    return true;
}

static bool check(struct recipe_solver *solver, const struct recipe_problem *p)
{
    for (size_t g = 0; g < RECIPE_GRADES; g++) {
        if (!check_price(solver, "grade", g, p->price[g]))
            return false;
        if (!isinf(p->price[g]) && !check_grade(solver, p, g))
            return false;
    }
    if (p->additions > RECIPE_ADDITIONS_MAX) {
        fail(solver, "recipe: %zu additions, at most %d", p->additions, RECIPE_ADDITIONS_MAX);
        return false;
    }
    for (size_t a = 0; a < p->additions; a++) {
        if (!check_price(solver, "addition", a, p->addition_price[a]))
            return false;
        if (!isinf(p->addition_price[a]) &&
            !check_metal(solver, "addition", a, p->addition_composition[a], p->addition_loss[a]))
            return false;
    }
    return check_limits(solver, p);
}

/* ---- the linear programme ---- */

static void add_entry(struct recipe_solver *solver, int row, int column, double value)
{
    if (value == 0)
        return;
    int n = ++solver->entries;
    solver->row[n] = row;
    solver->column[n] = column;
    solver->value[n] = value;
    solver->pattern[column] |= UINT64_C(1) << row;
}

/* upper may be 0 (the column is out) or INFINITY. */
static void set_column(struct recipe_solver *solver, int column, double cost, double upper)
{
    int type = upper > 0 ? isinf(upper) ? GLP_LO : GLP_DB : GLP_FX;
    glp_set_obj_coef(solver->lp, column, cost);
    glp_set_col_bnds(solver->lp, column, type, 0, type == GLP_DB ? upper : 0);
}

static bool has_max(const struct recipe_problem *p, size_t e)
{
    return p->max[e] < 1;
}

static bool has_min(const struct recipe_problem *p, size_t e)
{
    return p->min[e] > 0;
}

static void add_grade_entries(struct recipe_solver *solver, size_t g, int column)
{
    const struct recipe_problem *p = solver->problem;
    double spread = p->confidence * p->relative_sd[g] / sqrt(p->lots_per_heat);
    add_entry(solver, ROW_MASS, column, 1 - p->melt_loss[g]);
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
        double content = ELEMENT_SCALE * p->element_recovery[e] * p->composition[g][e];
        if (has_max(p, e))
            add_entry(solver, ROW_MAX + (int)e, column, content * (1 + spread));
        if (has_min(p, e))
            add_entry(solver, ROW_MIN + (int)e, column, content * fmax(0, 1 - spread));
    }
}

/* The pieces fill in order, because their costs rise: so the limit on the grade is that on the
 * piece in which it lies, and those above it are out. What is out keeps its entries, lest a basis
 * that holds it become singular. */
static void load_grade(struct recipe_solver *solver, size_t g)
{
    const struct recipe_problem *p = solver->problem;
    bool known = !isinf(p->price[g]), offered = known && g != solver->grade;
    double room = offered ? p->available[g] : 0, start = 0;
    for (size_t k = 0; k < RECIPE_SEGMENTS; k++) {
        int column = 1 + (int)(g * RECIPE_SEGMENTS + k);
        double end = k + 1 < RECIPE_SEGMENTS ? recipe_segment_end[k] * p->reference[g] : INFINITY;
        double cost = p->price[g] + p->search_cost * solver->search[k];
        if (p->search_cost <= 0) { /* one piece without end does */
            end = k == 0 ? INFINITY : 0;
            cost = p->price[g];
        } else if (!(p->reference[g] > 0)) {
            end = 0;
        }
        end = fmin(end, room);
        set_column(solver, column, known ? cost : 0, known && end > start ? end - start : 0);
        add_entry(solver, ROW_GRADE + (int)g, column, 1);
        start = fmax(start, end);
    }
    set_column(solver, COLUMN_GRADE + (int)g, 0, known ? INFINITY : 0);
    add_entry(solver, ROW_GRADE + (int)g, COLUMN_GRADE + (int)g, -1);
    if (known)
        add_grade_entries(solver, g, COLUMN_GRADE + (int)g);
}

static void load_addition(struct recipe_solver *solver, size_t a)
{
    const struct recipe_problem *p = solver->problem;
    int column = COLUMN_ADDITION + (int)a;
    if (a >= p->additions || isinf(p->addition_price[a])) {
        set_column(solver, column, 0, 0);
        return;
    }
    double yield = 1 - p->addition_loss[a];
    set_column(solver, column, p->addition_price[a], INFINITY);
    add_entry(solver, ROW_MASS, column, yield);
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
        double content = ELEMENT_SCALE * p->addition_composition[a][e] * yield;
        if (has_max(p, e))
            add_entry(solver, ROW_MAX + (int)e, column, content);
        if (has_min(p, e))
            add_entry(solver, ROW_MIN + (int)e, column, content);
    }
}

static void load_limits(struct recipe_solver *solver, size_t e)
{
    const struct recipe_problem *p = solver->problem;
    int max_row = ROW_MAX + (int)e, min_row = ROW_MIN + (int)e;
    glp_set_row_bnds(solver->lp, max_row, has_max(p, e) ? GLP_UP : GLP_FR, 0,
                     ELEMENT_SCALE * p->max[e]);
    glp_set_row_bnds(solver->lp, min_row, has_min(p, e) ? GLP_LO : GLP_FR,
                     ELEMENT_SCALE * p->min[e], 0);
    double excess = has_max(p, e) ? INFINITY : 0, missing = has_min(p, e) ? INFINITY : 0;
    set_column(solver, COLUMN_EXCESS + (int)e, p->slack_penalty, excess);
    set_column(solver, COLUMN_MISSING + (int)e, p->slack_penalty, missing);
    add_entry(solver, max_row, COLUMN_EXCESS + (int)e, -ELEMENT_SCALE);
    add_entry(solver, min_row, COLUMN_MISSING + (int)e, ELEMENT_SCALE);
}

/* Loading the matrix also drops GLPK's factorisation, so nothing of earlier problems remains. */
static void load(struct recipe_solver *solver)
{
    solver->entries = 0;
    memset(solver->pattern, 0, sizeof solver->pattern);
    for (size_t g = 0; g < RECIPE_GRADES; g++)
        load_grade(solver, g);
    for (size_t a = 0; a < RECIPE_ADDITIONS_MAX; a++)
        load_addition(solver, a);
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++)
        load_limits(solver, e);
    set_column(solver, COLUMN_LOT, 0, solver->lot);
    if (solver->grade < RECIPE_GRADES)
        add_grade_entries(solver, solver->grade, COLUMN_LOT);
    glp_load_matrix(solver->lp, solver->entries, solver->row, solver->column, solver->value);
    solver->pattern_hash = 0;
    for (int j = 1; j <= RECIPE_COLUMNS; j++)
        solver->pattern_hash = sim_mum(solver->pattern_hash ^ solver->pattern[j],
                                       UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)j);
}

/* ---- solving ---- */

/* GLPK's error routine calls this after its message; returning would abort the program. */
static void leave_glpk(void *data)
{
    struct recipe_solver *solver = data;
    longjmp(solver->escape, 1);
}

/* GLPK writes here only when it reports an error. */
static int hear_glpk(void *data, const char *text)
{
    struct recipe_solver *solver = data;
    size_t used = strlen(solver->error);
    snprintf(solver->error + used, sizeof solver->error - used, "%s%.*s",
             used ? "" : "recipe: GLPK: ", (int)strcspn(text, "\n"), text);
    return 1; /* and not on the terminal */
}

static void open_glpk(struct recipe_solver *solver)
{
    glp_term_hook(hear_glpk, solver);
    glp_error_hook(leave_glpk, solver);
    glp_term_out(GLP_OFF);
    solver->lp = glp_create_prob();
    glp_set_obj_dir(solver->lp, GLP_MIN);
    glp_add_rows(solver->lp, RECIPE_ROWS);
    glp_add_cols(solver->lp, RECIPE_COLUMNS);
    glp_set_row_bnds(solver->lp, ROW_MASS, GLP_FX, 1, 1);
    for (int g = 0; g < RECIPE_GRADES; g++)
        glp_set_row_bnds(solver->lp, ROW_GRADE + g, GLP_FX, 0, 0);
}

/* Finds basic variable k a row of its own, moving others if need be (augmenting paths). */
static bool match(const uint64_t *pattern, int k, uint64_t *tried, int *owner)
{
    for (int r = 1; r <= RECIPE_ROWS; r++) {
        uint64_t bit = UINT64_C(1) << r;
        if (!(pattern[k] & bit) || (*tried & bit))
            continue;
        *tried |= bit;
        if (owner[r] < 0 || match(pattern, owner[r], tried, owner)) {
            owner[r] = k;
            return true;
        }
    }
    return false;
}

/* Whether the saved basis could be regular in this problem. GLPK (5.0) ends in a failed assertion
 * when a basis is singular by its pattern alone, as when a basic grade is offered no more. */
static bool basis_fits(const struct recipe_solver *solver)
{
    if (solver->basis->pattern == solver->pattern_hash)
        return true; /* it comes from a problem with the same pattern, where it was regular */
    uint64_t pattern[RECIPE_ROWS];
    int owner[1 + RECIPE_ROWS], count = 0;
    for (int j = 0; j < RECIPE_ROWS; j++) {
        if (solver->basis->row[j] == GLP_BS)
            pattern[count++] = UINT64_C(1) << (1 + j);
    }
    for (int j = 0; j < RECIPE_COLUMNS; j++) {
        if (solver->basis->column[j] != GLP_BS)
            continue;
        if (count == RECIPE_ROWS)
            return false;
        pattern[count++] = solver->pattern[1 + j];
    }
    for (int r = 0; r <= RECIPE_ROWS; r++)
        owner[r] = -1;
    for (int k = 0; k < count; k++) {
        uint64_t tried = 0;
        if (!match(pattern, k, &tried, owner))
            return false;
    }
    return count == RECIPE_ROWS;
}

/* A grade's column in place of the row that adds up its pieces: the basis stays triangular. */
static void start_cold(struct recipe_solver *solver)
{
    glp_std_basis(solver->lp);
    for (int g = 0; g < RECIPE_GRADES; g++) {
        glp_set_row_stat(solver->lp, ROW_GRADE + g, GLP_NS);
        glp_set_col_stat(solver->lp, COLUMN_GRADE + g, GLP_BS);
    }
}

static void start_warm(struct recipe_solver *solver)
{
    for (int i = 0; i < RECIPE_ROWS; i++)
        glp_set_row_stat(solver->lp, 1 + i, solver->basis->row[i]);
    for (int j = 0; j < RECIPE_COLUMNS; j++)
        glp_set_col_stat(solver->lp, 1 + j, solver->basis->column[j]);
}

static bool run_simplex(struct recipe_solver *solver)
{
    glp_smcp control;
    glp_init_smcp(&control);
    control.msg_lev = GLP_MSG_OFF;
    control.it_lim = ITERATION_LIMIT;
    /* Between two recipes of a product mostly costs and bounds move. Nearly all columns have two
     * bounds, so flipping some of them makes the old basis dual feasible: three iterations instead
     * of the primal method's twenty. */
    control.meth = GLP_DUALP;
    control.r_test = GLP_RT_FLIP;
    control.pricing = GLP_PT_STD;
    control.tol_bnd = 1e-9;
    control.tol_dj = 1e-9;
    return glp_factorize(solver->lp) == 0 && glp_simplex(solver->lp, &control) == 0;
}

static void save_basis(struct recipe_solver *solver)
{
    for (int i = 0; i < RECIPE_ROWS; i++)
        solver->basis->row[i] = (uint8_t)glp_get_row_stat(solver->lp, 1 + i);
    for (int j = 0; j < RECIPE_COLUMNS; j++)
        solver->basis->column[j] = (uint8_t)glp_get_col_stat(solver->lp, 1 + j);
    solver->basis->pattern = solver->pattern_hash;
    solver->basis->set = 1;
}

/* Values below 0 are within GLPK's tolerance of it. */
static double amount(const struct recipe_solver *solver, int column)
{
    return fmax(0, glp_get_col_prim(solver->lp, column));
}

static void read_solution(struct recipe_solver *solver)
{
    const struct recipe_problem *p = solver->problem;
    struct recipe_solution *s = solver->solution;
    s->state = RECIPE_OPTIMAL;
    s->objective = glp_get_obj_val(solver->lp);
    for (size_t g = 0; g < RECIPE_GRADES; g++) {
        for (size_t k = 0; k < RECIPE_SEGMENTS; k++)
            s->grade[g] += amount(solver, 1 + (int)(g * RECIPE_SEGMENTS + k));
        if (s->grade[g] > 0) {
            s->cost += p->price[g] * s->grade[g];
            s->loss += p->melt_loss[g] * s->grade[g];
        }
    }
    if (solver->lot > 0)
        s->loss += p->melt_loss[solver->grade] * amount(solver, COLUMN_LOT);
    for (size_t a = 0; a < p->additions; a++) {
        s->addition[a] = amount(solver, COLUMN_ADDITION + (int)a);
        if (s->addition[a] > 0) {
            s->cost += p->addition_price[a] * s->addition[a];
            s->loss += p->addition_loss[a] * s->addition[a];
        }
    }
    for (size_t e = 0; e < RECIPE_ELEMENTS; e++) {
        s->excess[e] = amount(solver, COLUMN_EXCESS + (int)e);
        s->missing[e] = amount(solver, COLUMN_MISSING + (int)e);
        if (s->excess[e] + s->missing[e] > SLACK_TOLERANCE)
            s->state = RECIPE_SLACK;
    }
}

static void solve(struct recipe_solver *solver, bool warm)
{
    if (!solver->lp)
        open_glpk(solver);
    load(solver);
    if (warm && !basis_fits(solver))
        return;
    if (warm)
        start_warm(solver);
    else
        start_cold(solver);
    int before = glp_get_it_cnt(solver->lp);
    bool done = run_simplex(solver);
    solver->solution->iterations = glp_get_it_cnt(solver->lp) - before;
    if (!done) {
        fail(solver, "recipe: GLPK gave up after %d iterations", solver->solution->iterations);
    } else if (glp_get_status(solver->lp) != GLP_OPT) {
        fail(solver, "recipe: what is offered cannot make a tonne of product");
    } else {
        read_solution(solver);
        if (solver->basis)
            save_basis(solver);
    }
}

/* Leaves the state RECIPE_FAILED where there is no solution. When GLPK reports an error, leave_glpk
 * lands here; all its objects are then void, and the next call makes a new one. */
static void guard(struct recipe_solver *solver, bool warm)
{
    *solver->solution = (struct recipe_solution){.state = RECIPE_FAILED};
    solver->error[0] = 0;
    if (setjmp(solver->escape)) {
        glp_free_env();
        solver->lp = NULL;
        return;
    }
    solve(solver, warm);
}

/* A basis is a hint: where it leads nowhere, the search starts anew without it. */
static enum recipe_state solve_job(struct recipe_solver *solver,
                                   const struct recipe_problem *problem, struct recipe_basis *basis,
                                   struct recipe_solution *solution)
{
    *solution = (struct recipe_solution){.state = RECIPE_FAILED};
    solver->problem = problem;
    solver->basis = basis;
    solver->solution = solution;
    solver->error[0] = 0;
    if (check(solver, problem)) {
        if (basis && basis->set)
            guard(solver, true);
        if (solution->state == RECIPE_FAILED)
            guard(solver, false);
    }
    if (solution->state == RECIPE_FAILED && basis)
        basis->set = 0;
    return solution->state;
}

struct recipe_solver *recipe_solver_create(void)
{
    struct recipe_solver *solver = calloc(1, sizeof *solver);
    if (!solver)
        return NULL;
    double start = 0, start_cost = 0;
    for (size_t k = 0; k < RECIPE_SEGMENTS; k++) {
        double end = recipe_segment_end[k], end_cost = end * log(end) - end;
        solver->search[k] = (end_cost - start_cost) / (end - start);
        start = end;
        start_cost = end_cost;
    }
    return solver;
}

void recipe_solver_destroy(struct recipe_solver *solver)
{
    if (!solver)
        return;
    if (solver->lp) {
        glp_delete_prob(solver->lp);
        glp_free_env();
    }
    free(solver);
}

enum recipe_state recipe_solve(struct recipe_solver *solver, const struct recipe_problem *problem,
                               struct recipe_basis *basis, struct recipe_solution *solution)
{
    solver->grade = RECIPE_GRADES;
    solver->lot = 0;
    return solve_job(solver, problem, basis, solution);
}

const char *recipe_solver_error(const struct recipe_solver *solver)
{
    return solver->error;
}

enum recipe_state recipe_value_in_use(struct recipe_solver *solver,
                                      const struct recipe_problem *problem, size_t grade, double q,
                                      const struct recipe_basis *basis, double *value)
{
    sim_require(grade < RECIPE_GRADES, "grade %zu", grade);
    struct recipe_basis start = {.set = 0};
    struct recipe_solution without, with;
    *value = 0;
    if (!is_finite(q) || q <= 0) {
        fail(solver, "recipe: a lot of %g t per t of product", q);
        return RECIPE_FAILED;
    }
    if (basis)
        start = *basis;
    solver->grade = grade;
    solver->lot = 0;
    if (!check_scrap(solver, problem, grade) ||
        solve_job(solver, problem, &start, &without) == RECIPE_FAILED)
        return RECIPE_FAILED;
    solver->lot = q;
    if (solve_job(solver, problem, &start, &with) == RECIPE_FAILED)
        return RECIPE_FAILED;
    *value = fmax(0, (without.objective - with.objective) / q);
    return without.state == RECIPE_SLACK ? RECIPE_SLACK : with.state;
}
