/* Primary aluminium and the bought metals: their prices on the board's nation slice, and the
 * primary industry's output and emissions. Exogenous; lives in the nation's domain. */
#ifndef PRIMARY_H
#define PRIMARY_H

#include "place.h"

/* A00 with VAT, CNY/t, without noise: monthly history, before and after it the ends of it and the
 * scenario's path. */
double primary_a00_with_vat(const struct world *world, int64_t time);
/* First moment after the history of A00. */
int64_t primary_history_end(const struct world *world);
/* Price of the primary-based alloy (enum labels_alloy) at given prices of metals, CNY/t without
 * VAT, without carbon cost. */
double primary_alternative(const struct world *world, int alloy, const double metal[static METALS]);

extern const struct sim_component primary_component;

#endif
