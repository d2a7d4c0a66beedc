/* Tier 1: informal collectors of a province. */
#ifndef COLLECTORS_H
#define COLLECTORS_H

#include "place.h"

extern const struct sim_component collectors_component;

#endif
