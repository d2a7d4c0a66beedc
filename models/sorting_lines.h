/* The lines of a sorting centre: how many of each technology it has, which of them work, when it
 * buys one, and when one is worn out. */
#ifndef SORTING_LINES_H
#define SORTING_LINES_H

#include "place.h"

enum sorting_technology {
    SORTER_MANUAL,
    SORTER_EDDY_CURRENT,
    SORTER_XRT,
    SORTER_LIBS,
    SORTER_SINK_FLOAT,
    SORTERS
};

extern const struct sim_dimension sorting_technologies;

struct sorting_params {
    double cost_cny_t;  /* of the centre around its lines, per gross t */
    double returned;    /* of metal not recovered: goes back as shredded scrap; the rest is lost */
    double hours;       /* of work a day */
    double share;       /* line capacity over the opening flow of sortable grades */
    double power_kwh_t; /* per gross t */
    double knowledge;   /* of the foreign pieces that a line leaves, what research may take out */
    double payback_yr, lead_days, life_yr;
    double growth; /* largest share of capacity ordered in a quarter, beside one line */
    /* [SORTERS] */
    const double *recovery;       /* of metal in the target stream */
    const double *removal;        /* of what a lot has above the class's contents */
    const double *throughput_t_h; /* gross t per hour of a line */
    const double *opex_cny_t;     /* of the line, per gross t */
    const double *capex_cny;      /* of a line */
    const double *opening;        /* share of opening capacity */
    const double *delivered;      /* share of lines on order that are shipped in a quarter */
};

struct sorting_lines {
    int64_t lines[SORTERS], busy[SORTERS];
    int64_t ordered[SORTERS]; /* not yet shipped */
    int64_t shipped[SORTERS]; /* on the way, and being installed */
    bool works[SORTERS];      /* pays today */
    double margin[SORTERS];   /* CNY per gross t, smoothed over a quarter */
};

const struct sorting_params *sorting_params_of(const struct place *place);
/* Gross t a day of one line. */
double sorting_line_t(const struct sorting_params *p, int sorter);
/* Share of the excess over a sorted class's contents that a technology takes out today. */
double sorting_removal(const struct place *place, int sorter);
/* Opening lines for a flow of gross t a day: as near to the opening shares as whole lines allow,
 * the last one X-ray. */
void sorting_lines_open(struct sorting_lines *lines, const struct sorting_params *p, double flow);
/* Gross t a day and number of the lines that work today. */
double sorting_lines_t(const struct sorting_lines *lines, const struct sorting_params *p);
uint32_t sorting_lines_working(const struct sorting_lines *lines);
/* Gross t a day of all lines, those on order included. */
double sorting_lines_all_t(const struct sorting_lines *lines, const struct sorting_params *p);
/* A quarter's decision: orders lines of the technology that earns most beyond its capital cost, if
 * any does, for at most room t a day; then ships a share of what is on order. Returns lines shipped
 * of each technology. `draw` in [0, 1) per technology decides on fractions of a line. */
void sorting_lines_decide(struct sorting_lines *lines, const struct sorting_params *p, double room,
                          const double draw[SORTERS], int64_t shipped[SORTERS]);

#endif
