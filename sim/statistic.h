/* Time-weighted mean of a piecewise constant quantity. Time must not run back (required). */
#ifndef SIM_STATISTIC_H
#define SIM_STATISTIC_H

#include <stdint.h>

struct sim_statistic {
    int64_t start, last;
    double value, integral, maximum;
};

void sim_statistic_init(struct sim_statistic *statistic, int64_t now, double value);
void sim_statistic_set(struct sim_statistic *statistic, int64_t now, double value);
/* Mean since the start (or the last reset); the value itself where no time has passed. */
double sim_statistic_mean(const struct sim_statistic *statistic, int64_t now);
void sim_statistic_reset(struct sim_statistic *statistic, int64_t now);

#endif
