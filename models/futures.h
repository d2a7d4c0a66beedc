/* The futures contract of cast alloy (Shanghai, listed on 10 June 2025): the traded contract's
 * price over the spot price of ADC12, and what smelters of ADC12 do with it. Nothing here moves
 * before the policy `futures` lists it. */
#ifndef FUTURES_H
#define FUTURES_H

#include "place.h"

/* Price of a contract, CNY/t without VAT: cost of carry less convenience yield, less the noise of
 * the basis. cover: product in stock over orders, days. noise: CNY/t. */
double futures_fair(const struct world *world, double spot, double cover, double days,
                    double noise);
/* Hedged share that maximises  scale (e h - h^2 / 2) - cost h,  scale = aversion x variance of the
 * exposure, CNY/t; 0 or more. *value: that maximum, CNY/t. */
double futures_hedge(const struct world *world, double scale, double cost, double *value);

/* Charge for risk in this province over that without futures; 1 before the listing. */
double futures_risk_factor(const struct place *place, int alloy);
/* Premium of ingot of plant `plant`, CNY/t: large hedgers register a deliverable brand. */
double futures_brand_cny_t(const struct place *place, uint32_t plant);
/* Age of the price that collectors know, d, where it was `days` without a public quotation. */
double futures_known_days(const struct place *place, double days);

extern const struct sim_component futures_component;

#endif
