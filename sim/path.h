/* A value over time: points at decimal years, constant before the first and after the last. */
#ifndef SIM_PATH_H
#define SIM_PATH_H

#include <stddef.h>

/* SIM_STEP: a point's value holds from its year until the next point. */
enum sim_interpolate { SIM_LINEAR, SIM_STEP };

struct sim_path {
    enum sim_interpolate interpolate;
    size_t count;        /* at least 1 */
    const double *years; /* strictly rising; 2025 is 1 January 2025 */
    const double *values;
};

double sim_path_at(const struct sim_path *path, double year);

#endif
