/* Tier 3: the sorting centre of a province. */
#ifndef SORTING_H
#define SORTING_H

#include "place.h"

extern const struct sim_component sorting_component;

#endif
