/* What a province's plants pay and buy: delivered prices of every feed class, recipes of every
 * product, and orders for scrap. */
#ifndef PROCUREMENT_H
#define PROCUREMENT_H

#include "place.h"
#include "recipe.h"

struct plant;

struct procurement_plan {
    double share[FEEDS];     /* t recoverable per t of product, in force */
    double habit[FEEDS];     /* share of each class in what was charged over the last month */
    double today[FEEDS];     /* t recoverable charged since yesterday's look round */
    double target[FEEDS];    /* of the last recipe; `share` follows it within a week */
    double addition[METALS]; /* t per t of product, in force */
    double added[METALS];    /* of the last recipe */
    double cost;             /* CNY per t of product at today's prices */
    bool ready;
    struct recipe_basis basis;
};

struct procurement {
    double cost[FEEDS];      /* CNY per recoverable t, delivered, mean over likely holders */
    double reference[FEEDS]; /* share of each class in what is within reach */
    double solved[FEEDS];    /* spreads between classes when recipes were last renewed */
    int age_days;            /* since then */
    double value[GRADES];    /* value in use, CNY per recoverable t; NaN until known */
    struct procurement_plan plan[ALLOYS];
    double slack_solves, solves; /* this month */
};

/* Composition of the metals that plants add. */
extern const double procurement_metal[METALS][ELEMENTS];

/* The holder that one lot of a class is ordered from: a draw in proportion to sales *
 * exp(-(price + freight) / theta), by a uniform number in (0, 1). False, and nothing written, where
 * no holder within reach has the class. */
bool procurement_choose(const struct world *world, const struct board *board, int here, int class,
                        double uniform, int *from, int *tier);

/* Daily: delivered prices from yesterday's board, recipes that are due, costs at today's prices. */
enum sim_status procurement_day(struct place *place, struct procurement *desk, bool first);
/* Orders of one plant: `use_t` and `usual_t` are today's plan and the usual daily production. */
void procurement_order(struct place *place, struct procurement *desk, struct plant *plant,
                       uint32_t number, double usual_t);

#endif
