#include "sorting_lines.h"

#include <math.h>

static const char *const sorters[SORTERS] = {"manual", "eddy_current", "XRT", "LIBS", "sink_float"};
const struct sim_dimension sorting_technologies = {
    .name = "sorter", .long_name = "technology of sorting", .count = SORTERS, .labels = sorters};

enum { WORK_DAYS = 330 }; /* a year */

const struct sorting_params *sorting_params_of(const struct place *place)
{
    return place->world->params[COMPONENT_SORTING];
}

double sorting_line_t(const struct sorting_params *p, int sorter)
{
    return p->throughput_t_h[sorter] * p->hours;
}

double sorting_removal(const struct place *place, int sorter)
{
    const struct sorting_params *p = sorting_params_of(place);
    double progress = place_board(place)->nation.progress[TECHNOLOGY_SORTING];
    return 1 - (1 - p->removal[sorter]) * (1 - p->knowledge * progress);
}

void sorting_lines_open(struct sorting_lines *lines, const struct sorting_params *p, double flow)
{
    static const int order[SORTERS] = {SORTER_MANUAL, SORTER_EDDY_CURRENT, SORTER_SINK_FLOAT,
                                       SORTER_LIBS, SORTER_XRT};
    double carry = 0, sum = 0;
    for (int t = 0; t < SORTERS; t++)
        sum += p->opening[t];
    for (int i = 0; i < SORTERS; i++) {
        int t = order[i];
        double want = carry + (sum > 0 ? flow * p->opening[t] / sum : 0);
        double count = want / sorting_line_t(p, t);
        lines->lines[t] = (int64_t)(t == SORTER_XRT ? ceil(count) : floor(count));
        lines->works[t] = true;
        carry = want - (double)lines->lines[t] * sorting_line_t(p, t);
    }
}

double sorting_lines_t(const struct sorting_lines *lines, const struct sorting_params *p)
{
    double day_t = 0;
    for (int t = 0; t < SORTERS; t++)
        day_t += lines->works[t] ? (double)lines->lines[t] * sorting_line_t(p, t) : 0;
    return day_t;
}

uint32_t sorting_lines_working(const struct sorting_lines *lines)
{
    int64_t count = 0;
    for (int t = 0; t < SORTERS; t++)
        count += lines->works[t] ? lines->lines[t] : 0;
    return (uint32_t)count;
}

double sorting_lines_all_t(const struct sorting_lines *lines, const struct sorting_params *p)
{
    double day_t = 0;
    for (int t = 0; t < SORTERS; t++)
        day_t += (double)(lines->lines[t] + lines->ordered[t] + lines->shipped[t]) *
                 sorting_line_t(p, t);
    return day_t;
}

/* The technology whose contribution over the wanted payback exceeds its price most, per t a day. */
static int best(const struct sorting_lines *lines, const struct sorting_params *p)
{
    int found = -1;
    double most = 0;
    for (int t = 0; t < SORTERS; t++) {
        double net =
            lines->margin[t] * WORK_DAYS * p->payback_yr - p->capex_cny[t] / sorting_line_t(p, t);
        if (net > most) {
            most = net;
            found = t;
        }
    }
    return found;
}

void sorting_lines_decide(struct sorting_lines *lines, const struct sorting_params *p, double room,
                          const double draw[SORTERS], int64_t shipped[SORTERS])
{
    int t = best(lines, p);
    if (t >= 0) {
        double line_t = sorting_line_t(p, t);
        double limit = fmax(sorting_lines_all_t(lines, p) * p->growth, line_t);
        if (room >= line_t / 2)
            lines->ordered[t] += (int64_t)fmax(floor(fmin(room, limit) / line_t), 1);
    }
    for (int i = 0; i < SORTERS; i++) {
        double count = floor((double)lines->ordered[i] * p->delivered[i] + draw[i]);
        shipped[i] = (int64_t)fmin(count, (double)lines->ordered[i]);
        lines->ordered[i] -= shipped[i];
        lines->shipped[i] += shipped[i];
    }
}
