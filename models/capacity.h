/* Capacity decisions: quarterly meetings that build, expand and close plants. */
#ifndef CAPACITY_H
#define CAPACITY_H

#include "place.h"

extern const struct sim_component capacity_component;

#endif
