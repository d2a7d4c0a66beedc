/* Tier 1: informal collectors of a province. */
#ifndef COLLECTORS_H
#define COLLECTORS_H

#include "place.h"

/* What collectors of this province pay for a grade today, CNY per recoverable t. */
double collectors_offer(const struct place *place, int grade);

extern const struct sim_component collectors_component;

#endif
