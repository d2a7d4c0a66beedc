#include "cohort.h"

#include "../sim/status.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* The greatest inflow: below 2^53 a double tells single grams apart. */
static const int64_t INFLOW_MAX = INT64_C(1) << 52;

struct cohort_stock {
    size_t months;
    size_t newest;     /* slot of age 0; age a lies a slots before it, round the ring */
    int64_t total;     /* the sum of all rounded cohorts */
    double multiplier; /* that `keep` is for */
    double *amount;    /* [slot] g, not rounded; 0 once below half a gram */
    double *survival;  /* [age] */
    double *log_keep;  /* [age] log(1 - hazard) */
    double *keep;      /* [age] (1 - hazard)^multiplier */
};

/* Beyond x = (t/l)^k = 700 nothing is left (e^-700). */
static const double ALL_GONE = 700;

/* The gamma function of which differences are taken at x, with its sign: the lower one up to a,
 * about the middle, and in the tail the upper one, which keeps its digits. */
static double lifetime_part(double a, double x, bool tail)
{
    if (!tail)
        return gsl_sf_gamma_inc_P(a, fmin(x, ALL_GONE));
    return x < ALL_GONE ? -gsl_sf_gamma_inc_Q(a, x) : 0;
}

static void fill_survival(struct cohort_stock *stock, double mean_months, double shape)
{
    double a = 1 / shape, scale = mean_months / gsl_sf_gamma(1 + a), before = 1, low = 0;
    bool tail = false;
    for (size_t j = 0; j < stock->months; j++) {
        double start = pow((double)j / scale, shape), end = pow((double)(j + 1) / scale, shape);
        if (!tail && start >= a) {
            tail = true;
            low = lifetime_part(a, start, tail);
        }
        double high = lifetime_part(a, end, tail);
        /* rounding may lift it by 1e-14 where nearly nothing is discarded */
        double now = fmin(before, fmax(0, mean_months * (high - low)));
        stock->survival[j] = now;
        stock->log_keep[j] = now > 0 ? log(now / before) : -INFINITY;
        stock->keep[j] = now > 0 ? now / before : 0;
        before = now;
        low = high;
    }
}

struct cohort_stock *cohort_create(double mean_years, double shape, size_t months)
{
    sim_require(isfinite(mean_years) && mean_years > 0 && isfinite(shape) && shape > 0 &&
                    months >= 2,
                "lifetime of %g years, shape %g, %zu months", mean_years, shape, months);
    struct cohort_stock *stock = calloc(1, sizeof *stock);
    if (!stock)
        return NULL;
    stock->months = months;
    stock->multiplier = 1;
    stock->amount = calloc(months, sizeof *stock->amount);
    stock->survival = calloc(months, sizeof *stock->survival);
    stock->log_keep = calloc(months, sizeof *stock->log_keep);
    stock->keep = calloc(months, sizeof *stock->keep);
    if (!stock->amount || !stock->survival || !stock->log_keep || !stock->keep) {
        cohort_destroy(stock);
        return NULL;
    }
    fill_survival(stock, 12 * mean_years, shape);
    return stock;
}

void cohort_destroy(struct cohort_stock *stock)
{
    if (!stock)
        return;
    free(stock->amount);
    free(stock->survival);
    free(stock->log_keep);
    free(stock->keep);
    free(stock);
}

static int64_t whole(double amount)
{
    return (int64_t)(amount + 0.5);
}

static void set_multiplier(struct cohort_stock *stock, double multiplier)
{
    for (size_t j = 0; j < stock->months; j++) {
        /* 0 x infinity: where nobody is left, a multiplier of 0 has nobody to keep */
        double power = isinf(stock->log_keep[j]) ? -INFINITY : multiplier * stock->log_keep[j];
        stock->keep[j] = exp(power);
    }
    stock->multiplier = multiplier;
}

/* Slots first .. last, of ages age, age - 1, ..: decay, and the sum of what is left. */
static int64_t decay(double *amount, size_t first, size_t end, const double *keep, size_t age)
{
    int64_t sum = 0;
    for (size_t s = first; s < end; s++, age--) {
        if (amount[s] == 0)
            continue;
        double left = amount[s] * keep[age];
        int64_t grams = whole(left);
        amount[s] = grams > 0 ? left : 0;
        sum += grams;
    }
    return sum;
}

int64_t cohort_step(struct cohort_stock *stock, int64_t inflow_g, double hazard_multiplier)
{
    sim_require(inflow_g >= 0 && inflow_g <= INFLOW_MAX && isfinite(hazard_multiplier) &&
                    hazard_multiplier >= 0,
                "inflow %lld g, hazard multiplier %g", (long long)inflow_g, hazard_multiplier);
    sim_require(stock->total <= INT64_MAX - inflow_g, "stock of %lld g", (long long)stock->total);
    if (hazard_multiplier != stock->multiplier)
        set_multiplier(stock, hazard_multiplier);
    size_t n = stock->months, slot = (stock->newest + 1) % n, oldest = (slot + 1) % n;
    /* The oldest joins the next: as whole grams, so that the sum of rounded amounts stays. */
    stock->amount[oldest] += (double)whole(stock->amount[slot]);
    stock->amount[slot] = (double)inflow_g;
    stock->newest = slot;
    int64_t left = decay(stock->amount, slot + 1, n, stock->keep, n - 1) +
                   decay(stock->amount, 0, slot + 1, stock->keep, slot);
    int64_t discards = stock->total + inflow_g - left;
    stock->total = left;
    return discards;
}

int64_t cohort_total(const struct cohort_stock *stock)
{
    return stock->total;
}

int64_t cohort_remaining(const struct cohort_stock *stock, size_t age)
{
    size_t n = stock->months;
    return age < n ? whole(stock->amount[(stock->newest + n - age) % n]) : 0;
}

double cohort_survival(const struct cohort_stock *stock, size_t age)
{
    return age < stock->months ? stock->survival[age] : 0;
}
