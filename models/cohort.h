/* The in-use stock of one sector: monthly cohorts that are discarded as their Weibull lifetimes
 * end. A stock-driven convolution, done cohort by cohort, so that lifetimes may change at a date.
 *
 * A cohort enters evenly over its first month. With the Weibull survival W(t) = exp(-(t/l)^k), t
 * and the scale l in months, the share still in use at the end of month j (0 is the month of
 * entry) is
 *
 *   S_j = integral of W from j to j + 1 = mean * [P(1/k, ((j+1)/l)^k) - P(1/k, (j/l)^k)]
 *
 * with the regularised lower incomplete gamma function P (substitute x = (t/l)^k) and mean = l
 * Gamma(1 + 1/k). The share discarded in month j, S_(j-1) - S_j with S_(-1) = 1, is the second
 * difference of the integral of the Weibull distribution; written by survivals it keeps its
 * digits in the tail. The hazard is h_j = 1 - S_j / S_(j-1); a multiplier m, as of a trade-in
 * policy, makes it 1 - (1 - h_j)^m, the proportional-hazards form (Cox 1972).
 *
 * Each cohort decays as a real number and holds the nearest whole gram, so that rounding does not
 * drift, and stock, discards and inflow balance exactly in integers. */
#ifndef COHORT_H
#define COHORT_H

#include <stddef.h>
#include <stdint.h>

struct cohort_stock;

/* An empty stock that tells `months` (at least 2) ages apart; what is older shares the last one
 * and its hazard. mean_years and shape must be finite and above 0. NULL when out of memory. */
struct cohort_stock *cohort_create(double mean_years, double shape, size_t months);
void cohort_destroy(struct cohort_stock *stock); /* accepts NULL */

/* One month: inflow_g (0 to 2^52) enters, all age, and the month's discards come back, at least 0:
 * inflow = change of stock + discards, exactly. hazard_multiplier is finite and not negative; 1 is
 * the plain lifetime. About a microsecond for 900 ages, five more in a month in which the
 * multiplier differs from that of the month before. */
int64_t cohort_step(struct cohort_stock *stock, int64_t inflow_g, double hazard_multiplier);

/* All that is in use, g. */
int64_t cohort_total(const struct cohort_stock *stock);
/* What is left of the inflow of `age` months ago (0: the last step's), g; 0 beyond the last age. */
int64_t cohort_remaining(const struct cohort_stock *stock, size_t age);
/* S_age: the share still in use at the end of month `age`; 0 beyond the last age. */
double cohort_survival(const struct cohort_stock *stock, size_t age);

#endif
