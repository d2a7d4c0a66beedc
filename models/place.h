/* One domain's place in a replicate: its ledger, its policies in force and its components. */
#ifndef PLACE_H
#define PLACE_H

#include "world.h"

/* Policies in force in this domain; kept by the policy component, read by all. */
struct policy_state {
    double origin_tariff[ORIGINS]; /* of the landed price */
    double origin_volume[ORIGINS]; /* factor on export potential, 1 is free */
    double import_quota_t;         /* t gross a year for the nation; INFINITY: none */
    double vat_refund;             /* share of VAT paid that recyclers get back */
    double invoiced_old_scrap;     /* share of old scrap with an invoice */
    double rebate_cny_t;           /* local rebate in this province */
    double activity;               /* share of normal work (lockdowns, curtailment), 1 is normal */
    double lifetime_hazard[SECTORS]; /* multiplier of discard hazards (trade-in, renewal) */
    double collection;               /* multiplier of recovery (collection policy) */
    double semis_export_rebate;      /* 0.13 until 2024-12 */
    double capacity_support;         /* multiplier of the appetite for new capacity */
    double carbon_price_cny_t;       /* CNY per t CO2e */
    double molten_support_cny_t;     /* added to what molten supply saves customers here */
    double molten_effort;            /* rate of signing for it over the usual one, less 1 */
    bool futures;                    /* the cast alloy contract is listed */
};

struct place {
    const struct world *world;
    struct run *run;
    struct sim_domain *domain;
    int index; /* province, or NATION */
    struct sim_ledger ledger;
    struct policy_state policy;
    void *state[COMPONENTS];
    double emitted_g[SCOPES];                /* this month, g CO2e */
    int64_t moved_g[ACCOUNTS][ACCOUNTS];     /* metal this month, [from][to], g */
    uint64_t lots;                           /* created this month */
    double sales_by_sector[SECTORS][ALLOYS]; /* t delivered this month, kept by downstream */
    double delivered_t, delivered_co2_t, delivered_burden_t; /* the same in all, with exports */
};

/* The place that a domain's model state is. */
struct place *place_of(const struct sim_domain *domain);
/* Yesterday's board, and the one to write today. */
const struct board *place_board(const struct place *place);
struct board *place_board_today(struct place *place);

/* Moves a whole lot between accounts of this place's ledger. */
void place_move(struct place *place, int from, int to, const struct lot *lot);
void place_pay(struct place *place, int from, int to, int64_t fen);
/* Emissions that a lot takes on: booked from ACCOUNT_EMITTERS to the account that holds it, added
 * to the lot and to the month's sum of the scope. kg may be any non-negative amount. */
void place_emit(struct place *place, struct lot *lot, int account, int scope, double kg);
/* A new lot comes in from an outside account: counted, and given its composition's books. */
void place_enter(struct place *place, int from, int to, const struct lot *lot);
int64_t place_fen(double cny);

/* Which events carry a lot of this size; the cargo of every event is a lot. */
void place_schedule(struct place *place, int64_t time, uint16_t kind, uint32_t entity,
                    const union sim_data *data, const struct lot *lot);
void place_send(struct place *place, int to, int64_t time, uint16_t kind, uint32_t entity,
                const union sim_data *data, const struct lot *lot);

#endif
