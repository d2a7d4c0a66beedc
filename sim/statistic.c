#include "statistic.h"

#include "status.h"

#include <inttypes.h>

void sim_statistic_init(struct sim_statistic *statistic, int64_t now, double value)
{
    *statistic =
        (struct sim_statistic){.start = now, .last = now, .value = value, .maximum = value};
}

static double integral_until(const struct sim_statistic *statistic, int64_t now)
{
    sim_require(now >= statistic->last, "time runs back from %" PRId64 " to %" PRId64,
                statistic->last, now);
    return statistic->integral + statistic->value * (double)(now - statistic->last);
}

void sim_statistic_set(struct sim_statistic *statistic, int64_t now, double value)
{
    statistic->integral = integral_until(statistic, now);
    statistic->last = now;
    statistic->value = value;
    if (value > statistic->maximum)
        statistic->maximum = value;
}

double sim_statistic_mean(const struct sim_statistic *statistic, int64_t now)
{
    double integral = integral_until(statistic, now);
    return now > statistic->start ? integral / (double)(now - statistic->start) : statistic->value;
}

void sim_statistic_reset(struct sim_statistic *statistic, int64_t now)
{
    sim_require(now >= statistic->last, "time runs back from %" PRId64 " to %" PRId64,
                statistic->last, now);
    sim_statistic_init(statistic, now, statistic->value);
}
