#include "lot.h"

#include "../sim/status.h"

#include <math.h>
#include <string.h>

double lot_tonnes(const struct lot *lot)
{
    return (double)lot->q[LOT_METAL] / (double)TONNE;
}

void lot_add(struct lot *pile, const struct lot *lot)
{
    for (int i = 0; i < LOT_QUANTITIES; i++)
        pile->q[i] += lot->q[i];
    pile->gross += lot->gross;
    pile->value += lot->value;
}

void lot_subtract(struct lot *pile, const struct lot *lot)
{
    for (int i = 0; i < LOT_QUANTITIES; i++)
        pile->q[i] -= lot->q[i];
    pile->gross -= lot->gross;
    pile->value -= lot->value;
}

/* Truncated, so that a part is never more than the whole; what is cut off stays in the pile. */
static int64_t part(int64_t amount, double share)
{
    return (int64_t)((double)amount * share);
}

struct lot lot_take(struct lot *pile, int64_t metal)
{
    int64_t all = pile->q[LOT_METAL];
    sim_require(metal >= 0 && metal <= all, "taking %lld g from a pile of %lld g", (long long)metal,
                (long long)all);
    struct lot lot = *pile;
    lot.serial = 0;
    if (metal < all) {
        double share = (double)metal / (double)all;
        for (int i = LOT_METAL + 1; i < LOT_QUANTITIES; i++)
            lot.q[i] = part(pile->q[i], share);
        lot.q[LOT_METAL] = metal;
        lot.gross = part(pile->gross, share);
        lot.value = part(pile->value, share);
    }
    lot_subtract(pile, &lot);
    return lot;
}

void lot_keep_embodied(struct lot *kept, struct lot *lost)
{
    for (int q = LOT_CO2; q <= LOT_BURDEN; q++) {
        kept->q[q] += lost->q[q];
        lost->q[q] = 0;
    }
}

struct lot lot_make(int64_t metal, const double composition[static ELEMENTS], double nonmetal)
{
    struct lot lot;
    memset(&lot, 0, sizeof lot);
    lot.q[LOT_METAL] = metal;
    for (int e = 0; e < ELEMENTS; e++)
        lot.q[LOT_ELEMENTS + e] = llround((double)metal * composition[e]);
    lot.gross = llround((double)metal / (1 - nonmetal));
    lot.trucks = 1;
    return lot;
}

double lot_fraction(const struct lot *pile, int element)
{
    return pile->q[LOT_METAL] > 0
               ? (double)pile->q[LOT_ELEMENTS + element] / (double)pile->q[LOT_METAL]
               : 0;
}
