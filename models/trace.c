#include "trace.h"

#include "chain.h"
#include "opening.h"

#include <inttypes.h>
#include <stdio.h>

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
    if (cargo) {
        const struct lot *lot = cargo;
        fprintf(out, "\t%" PRIu64 "\t%u\t%u\t%.6f\t%u", lot->serial, lot->load, lot->trucks,
                lot_tonnes(lot), lot->origin);
    }
    fputc('\n', out);
}
