#include "trace.h"

#include "chain.h"
#include "furnace.h"
#include "opening.h"

#include <inttypes.h>
#include <stdio.h>

static void write_lot(FILE *out, const struct lot *lot)
{
    fprintf(out, "\t%" PRIu64 "\t%u\t%u\t%.6f\t%u", lot->serial, lot->load, lot->trucks,
            lot_tonnes(lot), lot->origin);
}

/* The charge of the heat that an event of the furnaces names. */
static void write_heat(FILE *out, const struct place *place, uint32_t entity)
{
    const struct plant *plant = &plants_of(place)->plant[entity & 0xffff];
    const struct heat *heat = &plant->heats[entity >> 16];
    struct lot lot = heat->charge;
    lot.serial = heat->number;
    lot.load = (uint16_t)plant->alloy;
    lot.trucks = (uint16_t)heat->furnaces;
    lot.origin = (uint16_t)place->index;
    write_lot(out, &lot);
}

void trace_event(void *to, const struct sim_domain *domain, const struct sim_event *event,
                 const void *cargo)
{
    FILE *out = to;
    char when[32];
    unsigned component = event->kind >> 8, local = event->kind & 0xff;
    const struct sim_component *c =
        component < chain_component_count ? chain_components[component] : NULL;
    const char *name = c && local < c->kind_count ? c->kinds[local].name : "?";
    fprintf(out, "%s\t%s\t%s\t%" PRIu32, sim_time_text(event->time, when),
            opening_place_name((int)sim_domain_index(domain)), name, event->entity);
    for (int i = 0; i < 5; i++)
        fprintf(out, "\t%" PRId64, event->data.i[i]);
    if (cargo)
        write_lot(out, cargo);
    else if (component == COMPONENT_SMELTERS && local >= FURNACE_CHARGE)
        write_heat(out, place_of(domain), event->entity);
    fputc('\n', out);
}
