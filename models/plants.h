/* Secondary smelters of a province: the population of plants and what other components may ask of
 * it. One plant makes one alloy; a company with several lines is a group of plants. */
#ifndef PLANTS_H
#define PLANTS_H

#include "place.h"
#include "procurement.h"

enum { PLANT_HEATS = 16 };

/* A group of furnaces charged together: heats that share their events. */
struct heat {
    struct lot charge; /* in the furnaces; value is what it cost, delivered */
    double loss_t;     /* metal that melting will lose */
    int furnaces;      /* 0: this entry is free */
    uint64_t number;
};

struct plant {
    int alloy, size;
    uint32_t group;
    double capacity_t;         /* t/yr; 0: closed */
    double avoidable, fixed;   /* CNY per t of product */
    double heat_t, heat_hours; /* of one furnace */
    int furnaces, busy;
    double melt_factor, energy_factor; /* of the furnace technology, 1 is the national average */
    double open;                       /* share of capacity that is manned */
    double contribution;               /* CNY/t, smoothed */
    double plan_t, permit_t;           /* today's production; what may still be charged */
    struct lot feed[FEEDS], finished;
    double pipeline[FEEDS]; /* t recoverable on order */
    double want[FEEDS];     /* t recoverable, not yet a full truck */
    struct heat heats[PLANT_HEATS];
    uint64_t heats_started, orders;
    int64_t cash;    /* fen */
    int loss_months; /* in a row */
    /* the month */
    double output_t, margin_cny, raw_cny, full_cny, charged_t, lost_t, dross_t, primary_t;
};

struct plants {
    struct plant *plant; /* [count], room for `capacity` */
    int count, capacity;
    struct procurement desk;
    double shipped_molten_t; /* this month, reported by plants_draw's callers */
    double charged[FEEDS];   /* this month, t recoverable */
    double output_alloy[ALLOYS];
    double wrought_same, wrought_other, wrought_cast; /* this month, t recoverable */
};

struct plants *plants_of(const struct place *place);

/* Takes `grams` of finished alloy from the plant of this province that has most of it, into
 * ACCOUNT_MOTION; false where no plant has that much. */
bool plants_draw(struct place *place, int alloy, int64_t grams, struct lot *lot, uint32_t *plant);
/* Finished alloy in this province, t. */
double plants_finished_t(const struct place *place, int alloy);
/* Manned capacity, t a day; and all capacity, t a year. */
double plants_capacity_t_day(const struct place *place, int alloy);
double plants_capacity_t(const struct place *place, int alloy);
/* Melt loss over the national average, by capacity; 1 without plants. */
double plants_melt_factor(const struct place *place, int alloy);
/* Money from outside for a plant's product. */
void plants_paid(struct place *place, uint32_t plant, int64_t fen);
/* Avoidable cost (CNY/t) of the capacity that `t_day` needs, in merit order; 0 without plants. */
double plants_merit_cost(const struct place *place, int alloy, double t_day);
/* What the state gives back per t of product (refund and local rebate) for a charge of `raw`. */
double plants_relief_cny_t(const struct place *place, double price, double raw);
/* Draws the population of this province (once per replicate, the same in every scenario). */
enum sim_status plants_create(struct place *place, struct plants *plants);
/* A new plant, or more capacity for plant `expand` (where >= 0). */
void plants_start(struct place *place, int alloy, double capacity_t, int expand, uint32_t group);

struct smelters_params {
    double avoidable_cast, avoidable_wrought, avoidable_sd, fixed;
    double cost_growth;   /* per year, from 2024 */
    double availability;  /* technical */
    double size_sigma;    /* of ln plant size */
    double plants;        /* number in 2019 */
    double open_start;    /* share of capacity manned at the start */
    double margin_wanted; /* rho: contribution at which shifts neither open nor close */
    double margin_band;   /* half width of indifference */
    double open_days, close_days;
    double feed_days, feed_adjust_days;
    double finished_days, finished_adjust_days;
    double dross_rate;
    double search_cost; /* of recipes, CNY/t */
    double lots_per_heat, confidence, slack_penalty;
    double invoiced_market;      /* share of scrap that comes invoiced: imports and new scrap */
    const double *product_share; /* of capacity, by alloy */
    double magnesium_recovery;
    double spread_trigger; /* relative change of a grade's spread that calls for a new recipe */
};
const struct smelters_params *plants_params_of(const struct world *world);

extern const struct sim_component smelters_component;

#endif
