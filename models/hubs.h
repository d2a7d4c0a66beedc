/* Tier 2: the regional hub of a province. */
#ifndef HUBS_H
#define HUBS_H

#include "place.h"

/* What the hub of this province pays for a lot of a grade today, fen. */
int64_t hubs_offer(const struct place *place, int grade, const struct lot *lot);
/* Adds t of metal at a tier to inventory_by_tier, which the hubs' rows declare. */
void hubs_sample_inventory(struct sim_sample *sample, int tier, double tonnes);

extern const struct sim_component hubs_component;

#endif
