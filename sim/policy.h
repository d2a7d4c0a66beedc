/* Dated policies of a scenario: an event of a declared type at a date, with named fields. */
#ifndef SIM_POLICY_H
#define SIM_POLICY_H

#include "dimension.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_POLICY_FIELDS = 6 };

struct sim_policy_field {
    const char *name; /* "rate"; NULL ends the list */
    const char *unit;
    const char *doc;
    const struct sim_dimension *dimension; /* where set: a label of it (or "all"), else a number */
    double min, max;                       /* of a number */
    bool required;
    double value; /* default of an optional number */
};

struct sim_policy_type {
    const char *name; /* "export_tariff" */
    const char *doc;
    struct sim_policy_field fields[SIM_POLICY_FIELDS + 1];
};

struct sim_policy {
    char id[64];
    int64_t time; /* start of its day */
    const struct sim_policy_type *type;
    double values[SIM_POLICY_FIELDS]; /* numbers; a label as its index, "all" as -1 */
    char origin[200];                 /* file:line */
};

/* Sorted by time, then id. */
struct sim_policies {
    struct sim_policy *items;
    size_t count;
};

void sim_policies_clear(struct sim_policies *policies);

#endif
