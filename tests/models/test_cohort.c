/* In-use stock: exact balance, an independent convolution, Little's law, hazard multipliers. */
#include "../../models/cohort.h"
#include "../suite.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { HISTORY = 900 };

/* Lifetimes of the sectors, mean in years and shape: buildings to packaging, and extremes. */
static const double LIFE[][2] = {{30, 2}, {14.5, 2.2}, {30, 2.8},  {25, 5},
                                 {13, 2}, {0.8, 1.5},  {0.8, 0.7}, {3, 9}};
enum { LIVES = sizeof LIFE / sizeof *LIFE };

/* Share in use at the end of month j, by Gauss-Legendre on the survival itself: nothing in common
 * with the incomplete gamma function. 64 panels of five points to each month. */
static double survival_by_quadrature(double mean_years, double shape, int j)
{
    static const double x[] = {0, 0.538469310105683, 0.906179845938664};
    static const double w[] = {0.568888888888889, 0.478628670499366, 0.236926885056189};
    double scale = 12 * mean_years / tgamma(1 + 1 / shape), sum = 0;
    for (int panel = 0; panel < 64; panel++) {
        for (int i = -2; i <= 2; i++) {
            double t = j + (panel + 0.5 + 0.5 * (i < 0 ? -x[-i] : x[i])) / 64;
            sum += w[abs(i)] / 128 * exp(-pow(t / scale, shape));
        }
    }
    return sum;
}

static void survival_matches_quadrature(void)
{
    double worst = 0;
    for (size_t l = 0; l < LIVES; l++) {
        struct cohort_stock *stock = cohort_create(LIFE[l][0], LIFE[l][1], HISTORY);
        for (int j = 0; j < HISTORY; j += j < 20 ? 1 : 7) {
            double exact = survival_by_quadrature(LIFE[l][0], LIFE[l][1], j);
            double error = fabs(cohort_survival(stock, (size_t)j) - exact);
            /* below shape 1 the first month's derivative is infinite: quadrature suffers there */
            if (j > 0 || LIFE[l][1] >= 1.5)
                worst = fmax(worst, error / fmax(exact, 1e-3));
        }
        CU_ASSERT_EQUAL(cohort_survival(stock, HISTORY), 0);
        cohort_destroy(stock);
    }
    printf("\n    survival off by %.1e at most ", worst);
    CU_ASSERT(worst < 1e-8);
}

/* Grows, swings and stops: g per month. */
static int64_t inflow_of(int month)
{
    double level = 3.1e10 * exp(0.006 * fmin(month, 500)) * (1 + 0.2 * sin(month * 0.5236));
    return month % 97 == 13 ? 0 : (int64_t)level;
}

static void equals_direct_convolution(void)
{
    double worst = 0;
    for (size_t l = 0; l < LIVES; l++) {
        struct cohort_stock *stock = cohort_create(LIFE[l][0], LIFE[l][1], HISTORY);
        double alive[HISTORY], previous = 0;
        for (int j = 0; j < HISTORY; j++)
            alive[j] = survival_by_quadrature(LIFE[l][0], LIFE[l][1], j);
        int first = LIFE[l][1] < 1.5 ? HISTORY : 0; /* see above: no quadrature, balance only */
        for (int t = 0; t < HISTORY; t++) {
            int64_t before = cohort_total(stock), inflow = inflow_of(t);
            int64_t discards = cohort_step(stock, inflow, 1);
            CU_ASSERT(discards >= 0);
            CU_ASSERT_EQUAL(inflow, cohort_total(stock) - before + discards);
            double in_use = 0;
            for (int j = 0; j <= t && first == 0; j++)
                in_use += (double)inflow_of(t - j) * alive[j];
            double expected = previous + (double)inflow - in_use;
            /* 900 cohorts, each rounded to half a gram: 9 g is one standard deviation of a sum */
            if (first == 0 && t > 60) {
                worst = fmax(worst, (fabs((double)cohort_total(stock) - in_use) - 60) / in_use);
                worst = fmax(worst, (fabs((double)discards - expected) - 60) / expected);
            }
            previous = in_use;
        }
        int64_t sum = 0;
        for (size_t age = 0; age < HISTORY; age++)
            sum += cohort_remaining(stock, age);
        CU_ASSERT_EQUAL(sum, cohort_total(stock));
        CU_ASSERT_EQUAL(cohort_remaining(stock, HISTORY), 0);
        cohort_destroy(stock);
    }
    printf("\n    convolution off by %.1e at most ", worst);
    CU_ASSERT(worst < 1e-9);
}

/* A hundred years of constant inflow: stock = inflow x mean lifetime. The cohort of the running
 * month is in by half on average, so the stock is that of continuous inflow exactly. */
static void constant_inflow_obeys_littles_law(void)
{
    for (size_t l = 0; l < LIVES; l++) {
        struct cohort_stock *stock = cohort_create(LIFE[l][0], LIFE[l][1], 1300);
        int64_t discards = 0;
        for (int t = 0; t < 1200; t++)
            discards = cohort_step(stock, INT64_C(23850000000), 1);
        double expected = 23850000000.0 * 12 * LIFE[l][0];
        CU_ASSERT_DOUBLE_EQUAL((double)cohort_total(stock) / expected, 1, 5e-5);
        CU_ASSERT_DOUBLE_EQUAL((double)discards / 23850000000.0, 1, 5e-3);
        cohort_destroy(stock);
    }
    /* packaging settles within a few years, to all digits */
    struct cohort_stock *cans = cohort_create(0.8, 1.5, 200);
    for (int t = 0; t < 1200; t++)
        cohort_step(cans, INT64_C(23850000000), 1);
    CU_ASSERT_DOUBLE_EQUAL((double)cohort_total(cans), 23850000000.0 * 9.6, 200);
    cohort_destroy(cans);
}

static void a_policy_pulls_discards_forward(void)
{
    struct cohort_stock *plain = cohort_create(14.5, 2.2, HISTORY);
    struct cohort_stock *policy = cohort_create(14.5, 2.2, HISTORY);
    int64_t during = 0, after = 0, last = 0;
    for (int t = 0; t < HISTORY; t++) {
        bool year = t >= 400 && t < 412;
        int64_t before = cohort_total(policy);
        int64_t base = cohort_step(plain, inflow_of(t), 1);
        int64_t more = cohort_step(policy, inflow_of(t), year ? 1.3 : 1);
        CU_ASSERT_EQUAL(inflow_of(t), cohort_total(policy) - before + more);
        if (year) {
            during += more - base;
            double ratio = (double)more / (double)base;
            CU_ASSERT(ratio > 1.25 && ratio < 1.3);
        } else if (t >= 412) {
            after += more - base;
            CU_ASSERT(t > 600 || more < base);
        } else {
            CU_ASSERT_EQUAL(more, base);
        }
        last = cohort_total(plain) - cohort_total(policy);
        CU_ASSERT_EQUAL(last, during + after);
    }
    CU_ASSERT(during > 0 && after < 0);
    CU_ASSERT((double)-after > 0.99 * (double)during &&
              last >= 0); /* nearly all of it is missing later */
    cohort_destroy(plain);
    cohort_destroy(policy);
}

static void multipliers_at_the_edges(void)
{
    struct cohort_stock *stock = cohort_create(0.8, 1.5, 40);
    CU_ASSERT_EQUAL(cohort_step(stock, 2385, 0), 0); /* nobody discards */
    CU_ASSERT_EQUAL(cohort_step(stock, 0, 0), 0);
    CU_ASSERT_EQUAL(cohort_remaining(stock, 1), 2385);
    CU_ASSERT_EQUAL(cohort_remaining(stock, 0), 0);
    int64_t discards = cohort_step(stock, 0, 1e6); /* everybody does */
    CU_ASSERT_EQUAL(discards, 2385);
    CU_ASSERT_EQUAL(cohort_total(stock), 0);
    CU_ASSERT_EQUAL(cohort_step(stock, 0, 1), 0);
    CU_ASSERT_EQUAL(cohort_step(stock, INT64_C(1) << 52, 1) + cohort_total(stock), INT64_C(1)
                                                                                       << 52);
    cohort_destroy(stock);
    cohort_destroy(NULL);
}

/* Fewer ages than the goods live: the oldest share a hazard, nothing is lost or invented. */
static void old_cohorts_merge(void)
{
    struct cohort_stock *stock = cohort_create(25, 5, 100);
    int64_t in = 0, out = 0;
    for (int t = 0; t < 5000; t++) {
        int64_t inflow = t < 400 ? 1000003 + t : 0;
        int64_t discards = cohort_step(stock, inflow, t % 3 ? 1 : 1.7);
        CU_ASSERT(discards >= 0);
        in += inflow;
        out += discards;
        int64_t sum = 0;
        for (size_t age = 0; age < 100; age++)
            sum += cohort_remaining(stock, age);
        CU_ASSERT(sum == cohort_total(stock) && in == out + sum);
    }
    CU_ASSERT(cohort_total(stock) > 0 && cohort_total(stock) < in);
    cohort_destroy(stock);
}

/* Small amounts: single grams are discarded whole, once, and all in the end. */
static void single_grams_leave(void)
{
    struct cohort_stock *stock = cohort_create(2, 2, 400);
    int64_t out = 0;
    for (int t = 0; t < 400; t++)
        out += cohort_step(stock, t < 30 ? 1 : 0, 1);
    CU_ASSERT_EQUAL(out, 30);
    CU_ASSERT_EQUAL(cohort_total(stock), 0);
    cohort_destroy(stock);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"survival matches quadrature", survival_matches_quadrature},
        {"equals direct convolution", equals_direct_convolution},
        {"constant inflow obeys Little's law", constant_inflow_obeys_littles_law},
        {"a policy pulls discards forward", a_policy_pulls_discards_forward},
        {"multipliers at the edges", multipliers_at_the_edges},
        {"old cohorts merge", old_cohorts_merge},
        {"single grams leave", single_grams_leave},
        CU_TEST_INFO_NULL,
    };
    return suite_run("cohort", tests);
}
