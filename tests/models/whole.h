/* The whole chain with a window into it: all components on the real tables, as chain_run puts them
 * together, but with calls before and after every event, and with components that may be put to
 * sleep (their events are swallowed, cargo and all: books do not balance then). Header only: each
 * test program is one file. */
#ifndef WHOLE_H
#define WHOLE_H

#include "fixture.h"

#include "../../models/market.h"
#include "../../models/opening.h"
#include "../../models/plants.h"
#include "../../models/sales.h"

struct whole {
    struct fixture f;
    bool asleep[COMPONENTS];
    /* Each may be NULL. */
    void (*before)(struct whole *w, struct place *place, const struct sim_event *event,
                   const void *cargo);
    void (*after)(struct whole *w, struct place *place, const struct sim_event *event);
    void *seen; /* the test's own */
};

static inline struct whole *whole_of(const struct place *place)
{
    return (struct whole *)((char *)place->run - offsetof(struct whole, f.run));
}

static inline enum sim_status whole_handle(struct sim_domain *domain, void *state,
                                           const struct sim_event *event, const void *cargo)
{
    struct place *place = state;
    struct whole *w = whole_of(place);
    unsigned c = event->kind >> 8;
    sim_require(c < COMPONENTS && place->state[c], "event %u", event->kind);
    if (w->before)
        w->before(w, place, event, cargo);
    if (w->asleep[c])
        return SIM_OK;
    enum sim_status status = chain_components[c]->handle(domain, place->state[c], event, cargo);
    if (w->after && status == SIM_OK)
        w->after(w, place, event);
    return status;
}

/* Default parameters, no policies; on the heap, components keep pointers into it. */
static inline struct whole *whole_open(void)
{
    struct whole *w = calloc(1, sizeof *w);
    sim_require(w, "memory");
    fixture_open(&w->f);
    return w;
}

static inline void whole_create(struct whole *w, int c)
{
    struct fixture *f = &w->f;
    if (c == COMPONENT_MARKET)
        opening_board(&f->places[NATION]);
    f->runs[c] = true;
    for (int d = 0; d < DOMAINS && chain_components[c]->create; d++) {
        struct place *place = &f->places[d];
        enum sim_status status =
            chain_components[c]->create(place->domain, f->world, &place->state[c]);
        sim_require(status == SIM_OK, "%s: %s", chain_components[c]->name,
                    sim_engine_failure(f->engine)->text);
    }
}

/* World, engine and all components, with their first events pending. */
static inline void whole_start(struct whole *w, uint64_t seed)
{
    struct fixture *f = &w->f;
    sim_require(fixture_world(f) == SIM_OK, "%s", f->errors.count ? f->errors.lines[0] : "world");
    f->world->trucks_per_lot = frame_params_of(f->config)->trucks_per_lot;
    world_weights(f->world, market_params_of(f->world)->theta_cny_t, sales_theta(f->world));
    f->run.world = f->world;
    for (int d = 0; d < DOMAINS; d++) {
        f->places[d] = (struct place){.world = f->world, .run = &f->run, .index = d};
        f->states[d] = &f->places[d];
        sim_require(sim_ledger_init(&f->places[d].ledger, &accounts_form), "memory");
    }
    struct sim_setup setup = {.domains = DOMAINS,
                              .lookahead = SIM_DAY,
                              .seed = seed,
                              .handler = whole_handle,
                              .states = f->states};
    sim_require(sim_engine_create(&f->engine, &setup) == SIM_OK, "engine");
    for (int d = 0; d < DOMAINS; d++)
        f->places[d].domain = sim_engine_domain(f->engine, (uint32_t)d);
    for (int c = 0; c < COMPONENTS; c++)
        whole_create(w, c);
    sim_require(
        sim_layout_init(&f->layout, chain_components, COMPONENTS, 0, 12 * WORLD_YEARS, 1990, 30),
        "memory");
    f->sample = (struct sim_sample){.layout = &f->layout,
                                    .values = calloc(f->layout.size, sizeof(double)),
                                    .weights = calloc(f->layout.size, sizeof(double))};
    sim_require(f->sample.values && f->sample.weights, "memory");
}

/* Nothing but the named component acts. */
static inline void whole_only(struct whole *w, int component)
{
    for (int c = 0; c < COMPONENTS; c++)
        w->asleep[c] = c != component;
}

static inline void whole_days(struct whole *w, int days)
{
    enum sim_status status =
        sim_engine_run(w->f.engine, sim_engine_time(w->f.engine) + days * SIM_DAY, NULL);
    sim_require(status == SIM_OK, "%s", sim_engine_failure(w->f.engine)->text);
}

static inline void whole_close(struct whole *w)
{
    fixture_close(&w->f);
    free(w);
}

/* Books of plants (feed, furnaces, product, cash) against what they hold, in one place. */
static inline bool whole_plants_balanced(const struct place *place)
{
    static const int accounts[] = {ACCOUNT_FEED, ACCOUNT_FURNACE, ACCOUNT_FINISHED};
    int64_t counted[ACCOUNTS * QUANTITIES] = {0};
    smelters_component.audit(place->domain, place->state[COMPONENT_SMELTERS], counted);
    for (size_t i = 0; i < SIM_COUNT(accounts); i++) {
        for (size_t q = 0; q < LOT_QUANTITIES; q++) {
            size_t a = (size_t)accounts[i];
            if (counted[a * QUANTITIES + q] != sim_ledger_balance(&place->ledger, a, q))
                return false;
        }
    }
    size_t cash = ACCOUNT_CASH_PLANTS * (size_t)QUANTITIES + LOT_MONEY;
    return counted[cash] == sim_ledger_balance(&place->ledger, ACCOUNT_CASH_PLANTS, LOT_MONEY);
}

#endif
