/* A lot: the unit that moves through the chain (a truck load, a heat's charge, a ladle, a
 * container), and a pile: lots mixed together. Both are the same record of integer amounts, so
 * that splitting and mixing conserve every gram exactly.
 *
 * Amounts: metal (aluminium and its alloying elements), the elements, and embodied emissions, all
 * in grams. Gross mass includes what is not metal; it is a label, not a conserved quantity. */
#ifndef LOT_H
#define LOT_H

#include "labels.h"

#include <stdint.h>

enum lot_quantity {
    LOT_METAL,
    LOT_ELEMENTS,                      /* the nine elements in the order of enum labels_element */
    LOT_CO2 = LOT_ELEMENTS + ELEMENTS, /* emitted by the chain */
    LOT_BURDEN, /* of primary metal, that co-product allocation puts on new scrap */
    LOT_QUANTITIES,
    LOT_MONEY = LOT_QUANTITIES, /* fen; a ledger's quantity, not a lot's */
    QUANTITIES
};

struct lot {
    int64_t q[LOT_QUANTITIES]; /* g */
    int64_t gross;             /* g */
    int64_t value;         /* fen without VAT: what the receiver pays, or book value of a pile */
    uint64_t serial;       /* owner's ordinal, for streams and traces; 0 in a pile */
    uint16_t load;         /* feed class (enum labels_grade) or alloy (enum labels_alloy) */
    uint16_t tier, origin; /* where it was bought */
    uint16_t trucks;       /* vehicles that it stands for */
};

#define TONNE INT64_C(1000000) /* grams */

/* Metal in tonnes. */
double lot_tonnes(const struct lot *lot);
void lot_add(struct lot *pile, const struct lot *lot);
/* Takes out exactly what was added as `lot`. */
void lot_subtract(struct lot *pile, const struct lot *lot);
/* Takes `metal` grams (at most what is there) with its proportional part of everything else. */
struct lot lot_take(struct lot *pile, int64_t metal);
/* Embodied emissions of metal that is lost stay with the metal that is used. */
void lot_keep_embodied(struct lot *kept, struct lot *lost);
/* metal grams with mass fractions of the elements and a share that is not metal. */
struct lot lot_make(int64_t metal, const double composition[static ELEMENTS], double nonmetal);
/* Mass fraction of an element; 0 for an empty pile. */
double lot_fraction(const struct lot *pile, int element);

#endif
