/* The least-cost charge of one product: how much of each scrap grade, of primary metal and of
 * alloying elements a furnace should take for one tonne of alloy, and what a lot of a grade is
 * worth to it. A linear programme, solved by GLPK (nowhere else in the program).
 *
 * Per tonne of product, with x_g the recoverable tonnes of grade g that are charged, y_a those of
 * addition a, and s+, s- slack per element:
 *
 *   minimise  sum price_g x_g + theta sum D(x_g, w_g) + sum price_a y_a + penalty sum (s+ + s-)
 *   mass      sum (1 - loss_g) x_g + sum (1 - loss_a) y_a = 1
 *   maximum   sum r_e c_ge (1 + z_g) x_g + sum c_ae (1 - loss_a) y_a - s+_e <= max_e
 *   minimum   sum r_e c_ge (1 - z_g) x_g + sum c_ae (1 - loss_a) y_a + s-_e >= min_e
 *   bounds    0 <= x_g <= available_g
 *
 * The chance constraint "mean + confidence standard deviations" is conic; z_g = confidence *
 * relative_sd_g / sqrt(lots_per_heat) is its linear bound, on the safe side: it takes the
 * deviations of different grades as fully correlated. r_e is the element's recovery. Additions are
 * certain and lose all their elements alike.
 *
 * D(x, w) = x ln(x / w) - x is the entropic cost of leaving the habitual charge w: without alloy
 * limits and with equal losses the optimum is the logit share x_g ~ w_g exp(-price_g / theta). It
 * is replaced by RECIPE_SEGMENTS pieces that agree with it at fixed multiples of w (1 is one of
 * them, so equal prices give w itself), each with the mean marginal cost of its piece; shares then
 * come in these steps, but for the few grades at which a limit binds. The last piece is open. */
#ifndef RECIPE_H
#define RECIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RECIPE_GRADES = 16,
    RECIPE_ELEMENTS = 9, /* Si, Fe, Cu, Mn, Mg, Cr, Ni, Zn, Ti */
    RECIPE_ADDITIONS_MAX = 10,
    RECIPE_SEGMENTS = 8,
    RECIPE_ROWS = 1 + 2 * RECIPE_ELEMENTS + RECIPE_GRADES,
    RECIPE_COLUMNS =
        RECIPE_GRADES * (RECIPE_SEGMENTS + 1) + RECIPE_ADDITIONS_MAX + 2 * RECIPE_ELEMENTS + 1
};

/* Ends of the pieces of D, as multiples of the habitual share. The last one only sets the slope. */
extern const double recipe_segment_end[RECIPE_SEGMENTS];

/* Mass fractions are t/t, money is CNY. Of a grade that is not offered nothing else is read. */
struct recipe_problem {
    double price[RECIPE_GRADES]; /* CNY per recoverable t, delivered; INFINITY: not offered */
    double composition[RECIPE_GRADES][RECIPE_ELEMENTS]; /* of the metal */
    double relative_sd[RECIPE_GRADES];                  /* of a lot's element contents */
    double melt_loss[RECIPE_GRADES];                    /* of the metal charged; below 1 */
    double reference[RECIPE_GRADES];                    /* habitual share, w; sums to 1. A grade
                                                           with 0 is never taken (unless
                                                           search_cost is 0) */
    double search_cost;                                 /* theta, CNY/t; 0: no habits */
    double available[RECIPE_GRADES]; /* t recoverable per t of product; INFINITY: no limit */

    size_t additions;
    double addition_price[RECIPE_ADDITIONS_MAX]; /* CNY/t; INFINITY: not offered */
    double addition_composition[RECIPE_ADDITIONS_MAX][RECIPE_ELEMENTS];
    double addition_loss[RECIPE_ADDITIONS_MAX];

    double element_recovery[RECIPE_ELEMENTS]; /* of what scrap brings, what survives melting */
    double min[RECIPE_ELEMENTS], max[RECIPE_ELEMENTS]; /* in the product; 0 and 1 where free */
    double lots_per_heat, confidence;                  /* 1.65: 95 % of heats within a limit */
    /* CNY per t of an element missing or in excess. Slack is used where it is cheaper than metal
     * that does without, so for a last resort this must exceed the price of metal over the smallest
     * difference in content that decides: 1e8 (at 2e6 iron is let pass for cheap scrap). */
    double slack_penalty;
};

enum recipe_state {
    RECIPE_OPTIMAL,
    RECIPE_SLACK, /* optimal, but some limit could only be met with slack */
    RECIPE_FAILED /* no result: see recipe_solver_error */
};

/* All zero where state is RECIPE_FAILED. */
struct recipe_solution {
    enum recipe_state state;
    double cost;      /* CNY per t of product at true prices: no search cost, no penalty */
    double objective; /* what was minimised: with both */
    double grade[RECIPE_GRADES];           /* t recoverable charged per t of product */
    double addition[RECIPE_ADDITIONS_MAX]; /* t charged per t of product */
    double excess[RECIPE_ELEMENTS], missing[RECIPE_ELEMENTS]; /* slack, t/t; both can be above 0,
 because the chance constraint has two sides */
    double loss;                                              /* t of metal lost per t of product */
    int iterations;
};

/* Which variables were basic when a problem was solved, to start a similar one from. All zero
 * means none. Plain bytes: may be copied, kept and handed to another thread. */
struct recipe_basis {
    uint64_t pattern; /* of the matrix that it is regular in */
    uint8_t set;
    uint8_t row[RECIPE_ROWS], column[RECIPE_COLUMNS];
};

/* A workspace. GLPK keeps its objects per thread, so a solver must be created, used and destroyed
 * by one thread, which may have only one at a time. */
struct recipe_solver;

/* NULL when out of memory. Together with the first solve it costs some ten microseconds: fine once
 * per batch of solves. A solve takes about 25 microseconds from a good basis and 75 without. */
struct recipe_solver *recipe_solver_create(void);
/* Accepts NULL. Also gives back all that GLPK holds for this thread. */
void recipe_solver_destroy(struct recipe_solver *solver);

/* Solves; the state is also in solution->state. basis (in and out) may be NULL; where it is set,
 * the search starts from it (or without it, where it leads nowhere), and afterwards it holds the
 * new one; it is cleared by a failure. The
 * result's bits depend on problem and basis alone, not on the solver's past or the thread.
 * RECIPE_FAILED: a number is NaN, infinite where that has no meaning, or out of range; what is
 * offered cannot make a tonne; GLPK gave up. */
enum recipe_state recipe_solve(struct recipe_solver *solver, const struct recipe_problem *problem,
                               struct recipe_basis *basis, struct recipe_solution *solution);

/* Why the last call failed; "" if it did not. Valid until the solver's next call. */
const char *recipe_solver_error(const struct recipe_solver *solver);

/* Value in use of a grade, CNY per recoverable t: what one lot of it, q t per t of product, saves
 * the recipe: [Z(without the grade) - Z(with q t of it for nothing and no more)] / q.
 *
 * Z is the objective: an optimal value is unique, the charge and the duals need not be. The
 * grade's own price, availability and habitual share are not read, so the value can be held
 * against its price without going in circles (where the grade can be bought, the saving of a lot
 * is just its price). Z is convex in q and the lot need not be used, so the value is never
 * negative and never rises with q: one lot of a heat, q = 1 / lots_per_heat, gives the value of
 * the first; a share as large as in the charge gives the mean over it. The other grades need room
 * in their availability to step in. basis (may be NULL) is where to start, e.g. that of the whole
 * problem. RECIPE_SLACK if either charge needs slack: the value then contains the penalty. *value
 * is 0 for RECIPE_FAILED: as recipe_solve; or q not above 0. */
enum recipe_state recipe_value_in_use(struct recipe_solver *solver,
                                      const struct recipe_problem *problem, size_t grade, double q,
                                      const struct recipe_basis *basis, double *value);

#endif
