#include "path.h"

#include "status.h"

double sim_path_at(const struct sim_path *path, double year)
{
    sim_require(path->count >= 1, "a time path without points");
    const double *years = path->years, *values = path->values;
    size_t last = path->count - 1;
    if (!(year > years[0]))
        return values[0];
    if (year >= years[last])
        return values[last];
    size_t low = 0, high = last; /* years[low] <= year < years[high] */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (years[middle] <= year)
            low = middle;
        else
            high = middle;
    }
    if (path->interpolate == SIM_STEP)
        return values[low];
    double part = (year - years[low]) / (years[high] - years[low]);
    return values[low] + part * (values[high] - values[low]);
}
