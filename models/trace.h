/* A replicate's events as text, one line each: to follow a heat, a truck, a ladle, a container. */
#ifndef TRACE_H
#define TRACE_H

#include "../sim/engine.h"

/* to: a FILE *. Columns: time, place, event, entity, five data words, then of the cargo its
 * serial, load, vehicles, metal in t and origin. A heat is no cargo: its events show its number,
 * alloy, furnaces, the metal in them and the place, as they are before the event; so 0 t when it is
 * charged. Other events have nine columns. */
void trace_event(void *to, const struct sim_domain *domain, const struct sim_event *event,
                 const void *cargo);

#endif
