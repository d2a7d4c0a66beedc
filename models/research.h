/* Joint research: knowledge of four technologies grows with what the industry spends and with
 * programmes that it shares with car makers, and decays. It is kept in the nation's domain; what it
 * makes possible is published on the board as progress, from 0 (what 2020 knew) to 1, and read
 * here:
 *
 *   impurity_tolerance  upper limits of the structural alloy and of A356
 *   nev_acceptance      secondary share of new-energy vehicles
 *   melting             melt loss and dross
 *   sorting             progress alone, for sorting centres */
#ifndef RESEARCH_H
#define RESEARCH_H

#include "place.h"

/* Upper limit of an element in an alloy today, mass fraction. */
double research_max(const struct place *place, int alloy, int element);
/* Secondary share of new-energy vehicles today, where it was `share` with the knowledge of 2020. */
double research_nev_share(const struct place *place, double share);
/* Melt loss and dross over those with the knowledge of 2020. */
double research_melt_factor(const struct place *place);
/* Programmes in force at `time`: what one CNY spent is worth over a CNY spent alone. */
double research_programmes(const struct world *world, int technology, int64_t time);

extern const struct sim_component research_component;

#endif
