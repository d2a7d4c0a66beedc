#include "place.h"

#include <math.h>

struct place *place_of(const struct sim_domain *domain)
{
    return sim_domain_state(domain);
}

/* Day d reads the board with d's parity; day d writes the one of day d + 1. */
const struct board *place_board(const struct place *place)
{
    return &place->run->boards[world_day(sim_now(place->domain)) & 1];
}

struct board *place_board_today(struct place *place)
{
    return &place->run->boards[(world_day(sim_now(place->domain)) + 1) & 1];
}

void place_move(struct place *place, int from, int to, const struct lot *lot)
{
    place->moved_g[from][to] += lot->q[LOT_METAL];
    sim_ledger_move_all(&place->ledger, (size_t)from, (size_t)to, lot->q, LOT_QUANTITIES);
}

void place_pay(struct place *place, int from, int to, int64_t fen)
{
    sim_ledger_move(&place->ledger, (size_t)from, (size_t)to, LOT_MONEY, fen);
}

void place_emit(struct place *place, struct lot *lot, int account, int scope, double kg)
{
    sim_require(kg >= 0 && isfinite(kg), "emission of %g kg", kg);
    int64_t grams = llround(kg * 1000);
    lot->q[LOT_CO2] += grams;
    place->emitted_g[scope] += (double)grams;
    sim_ledger_move(&place->ledger, ACCOUNT_EMITTERS, (size_t)account, LOT_CO2, grams);
}

void place_enter(struct place *place, int from, int to, const struct lot *lot)
{
    place->lots++;
    place_move(place, from, to, lot);
}

int64_t place_fen(double cny)
{
    return llround(cny * 100);
}

void place_schedule(struct place *place, int64_t time, uint16_t kind, uint32_t entity,
                    const union sim_data *data, const struct lot *lot)
{
    sim_schedule_cargo(place->domain, time, 8, kind, entity, data, lot,
                       lot ? (uint16_t)sizeof *lot : 0);
}

void place_send(struct place *place, int to, int64_t time, uint16_t kind, uint32_t entity,
                const union sim_data *data, const struct lot *lot)
{
    sim_send(place->domain, (uint32_t)to, time, 8, kind, entity, data, lot,
             lot ? (uint16_t)sizeof *lot : 0);
}
