/* Dated policies: what is in force in a province (or the nation) at a moment.
 *
 * The state is a pure function of the scenario's policies and the time: it is computed afresh when
 * a policy starts or ends and at the start of every month (for those that come in gradually), so
 * that overlapping policies need no undoing. Of several policies that set a level (tariff, quota,
 * refund, rebate, ...) the latest holds; those that scale (lockdown, trade-in, collection) multiply
 * while they last. */
#ifndef POLICY_H
#define POLICY_H

#include "place.h"

/* What is in force at `time` in province `index` (or NATION). */
void policy_at(const struct world *world, int index, int64_t time, struct policy_state *state);
/* Days that shipments of an origin take longer than usual at the place's time. */
double policy_shipping_days(const struct place *place, int origin);

extern const struct sim_component policy_component;

#endif
