/* Components alone: an engine whose board is frozen by the test, which runs the components that a
 * test names and catches what they send to all others: metal is counted into ACCOUNT_FEED. Header
 * only: each test program is one file. */
#ifndef PROBE_H
#define PROBE_H

#include "fixture.h"

enum { PROBE_KINDS = COMPONENTS << 8 };

struct probe {
    struct fixture f;
    bool mute[COMPONENTS];           /* has its state, but its events are caught */
    void (*prepare)(struct place *); /* or NULL: before the components are created */
    int64_t events[PROBE_KINDS];     /* executed, of all kinds */
    int64_t caught_g[PROBE_KINDS];   /* metal of caught lots; data.i[1] of caught orders */
    int64_t caught_by[PROVINCES];    /* caught events by receiving province */
    int64_t claims;                  /* fen, value of caught lots */
    struct lot held;                 /* all caught lots */
    struct lot last;                 /* the last caught lot */
    union sim_data last_data;        /* of the last caught event */
};

static inline struct probe *probe_of(const struct place *place)
{
    return (struct probe *)((char *)place->run - offsetof(struct probe, f.run));
}

static inline enum sim_status probe_handle(struct sim_domain *domain, void *state,
                                           const struct sim_event *event, const void *cargo)
{
    struct place *place = state;
    struct probe *p = probe_of(place);
    unsigned c = event->kind >> 8;
    p->events[event->kind]++;
    if (c < COMPONENTS && p->f.runs[c] && !p->mute[c])
        return chain_components[c]->handle(domain, place->state[c], event, cargo);
    p->last_data = event->data;
    p->caught_by[place->index]++;
    if (!cargo) {
        p->caught_g[event->kind] += event->data.i[1];
        return SIM_OK;
    }
    const struct lot *lot = cargo;
    p->last = *lot;
    lot_add(&p->held, lot);
    p->claims += lot->value;
    p->caught_g[event->kind] += lot->q[LOT_METAL];
    place_move(place, ACCOUNT_MOTION, ACCOUNT_FEED, lot);
    return SIM_OK;
}

/* A board on which nothing is unusual: A00 at 17,628 CNY/t, scrap at the quotations' ratios, alloys
 * at the advantage of 2024, consumption of 2024. */
static inline void probe_board(struct probe *p)
{
    static const double use[SECTORS] = {2.84e6, 3.7e6, 5.6e6,  11.9e6, 7e6,
                                        4.4e6,  3.9e6, 3.96e6, 5.3e6,  2.03e6};
    struct board *board = &p->f.run.boards[0];
    const struct world *world = p->f.world;
    board->nation.a00 = 17628;
    board->nation.exchange = 7.12;
    board->nation.lme = 17628 / 1.0235 / 7.12;
    for (int s = 0; s < SECTORS; s++)
        board->nation.consumption[s] = use[s] / 366;
    for (int a = 0; a < ALLOYS; a++)
        board->nation.alternative[a] = a < CAST_ALLOYS ? 18600 : 17938;
    for (int i = 0; i < PROVINCES; i++) {
        for (int a = 0; a < ALLOYS; a++)
            board->alloy[i][a] = (struct board_alloy){
                .price = board->nation.alternative[a] * (a < CAST_ALLOYS ? 0.94 : 0.993),
                .weight = world->province[i].capacity_2024_t / 1e6};
        for (int h = 0; h < HOLDERS; h++) {
            for (int g = 0; g < GRADES; g++)
                board->holder[i][h].price[g] = 17628 * world->feed[g].price_ratio;
        }
    }
    p->f.run.boards[1] = *board;
}

/* Tables and default parameters. The probe is on the heap: components keep pointers into it. */
static inline struct probe *probe_open(void)
{
    struct probe *p = calloc(1, sizeof *p);
    sim_require(p, "memory");
    fixture_open(&p->f);
    return p;
}

/* The world with its board; change both before probe_start. */
static inline void probe_world(struct probe *p)
{
    sim_require(fixture_world(&p->f) == SIM_OK, "%s",
                p->f.errors.count ? p->f.errors.lines[0] : "world");
    p->f.world->trucks_per_lot = frame_params_of(p->f.config)->trucks_per_lot;
    p->f.run.world = p->f.world;
    probe_board(p);
}

static inline void probe_place(struct probe *p, int d)
{
    struct place *place = &p->f.places[d];
    *place = (struct place){.world = p->f.world, .run = &p->f.run, .index = d};
    struct policy_state *policy = &place->policy;
    *policy = (struct policy_state){.import_quota_t = INFINITY, .activity = 1, .collection = 1};
    for (int o = 0; o < ORIGINS; o++)
        policy->origin_volume[o] = 1;
    p->f.states[d] = place;
    sim_require(sim_ledger_init(&place->ledger, &accounts_form), "memory");
}

/* The engine, and the components in all domains. Returns the first failure of a create. */
static inline enum sim_status probe_start(struct probe *p, const int *components, size_t count,
                                          uint64_t seed)
{
    for (int d = 0; d < DOMAINS; d++)
        probe_place(p, d);
    struct sim_setup setup = {.domains = DOMAINS,
                              .lookahead = SIM_DAY,
                              .seed = seed,
                              .handler = probe_handle,
                              .states = p->f.states};
    sim_require(sim_engine_create(&p->f.engine, &setup) == SIM_OK, "engine");
    sim_require(
        sim_layout_init(&p->f.layout, chain_components, COMPONENTS, 0, 12 * WORLD_YEARS, 1990, 30),
        "memory");
    p->f.sample = (struct sim_sample){.layout = &p->f.layout,
                                      .values = calloc(p->f.layout.size, sizeof(double)),
                                      .weights = calloc(p->f.layout.size, sizeof(double))};
    sim_require(p->f.sample.values && p->f.sample.weights, "memory");
    for (int d = 0; d < DOMAINS; d++) {
        p->f.places[d].domain = sim_engine_domain(p->f.engine, (uint32_t)d);
        if (p->prepare)
            p->prepare(&p->f.places[d]);
    }
    enum sim_status status = SIM_OK;
    for (size_t i = 0; i < count; i++) {
        int c = components[i];
        p->f.runs[c] = true;
        for (int d = 0; d < DOMAINS && status == SIM_OK; d++)
            status = chain_components[c]->create(p->f.places[d].domain, p->f.world,
                                                 &p->f.places[d].state[c]);
    }
    return status;
}

static inline void probe_close(struct probe *p)
{
    fixture_close(&p->f);
    free(p);
}

static inline void probe_weigh(void *to, uint32_t domain, const struct sim_event *event,
                               const void *cargo)
{
    (void)domain;
    (void)event;
    if (cargo)
        lot_add(to, cargo);
}

/* Metal, elements, emissions and money: books of the account equal what the running components and
 * the probe count, in every domain; and all that moves is cargo of a pending event. */
static inline bool probe_balanced(struct probe *p)
{
    struct lot moving = {.serial = 0};
    int64_t motion[QUANTITIES] = {0}, feed[QUANTITIES] = {0};
    sim_engine_pending(p->f.engine, probe_weigh, &moving);
    for (int d = 0; d < DOMAINS; d++) {
        struct place *place = &p->f.places[d];
        int64_t counted[ACCOUNTS * QUANTITIES] = {0}, errors[QUANTITIES] = {0};
        char text[200] = "";
        for (int c = 0; c < COMPONENTS; c++) {
            if (p->f.runs[c] && chain_components[c]->audit && place->state[c])
                chain_components[c]->audit(place->domain, place->state[c], counted);
        }
        for (size_t q = 0; q < QUANTITIES; q++) {
            static const int elsewhere[] = {ACCOUNT_MOTION, ACCOUNT_FEED, ACCOUNT_CLEARING,
                                            ACCOUNT_FINISHED, ACCOUNT_CASH_PLANTS};
            motion[q] += sim_ledger_balance(&place->ledger, ACCOUNT_MOTION, q);
            feed[q] += sim_ledger_balance(&place->ledger, ACCOUNT_FEED, q);
            for (size_t e = 0; e < SIM_COUNT(elsewhere); e++)
                counted[(size_t)elsewhere[e] * QUANTITIES + q] =
                    sim_ledger_balance(&place->ledger, (size_t)elsewhere[e], q);
        }
        if (!sim_ledger_audit(&place->ledger, counted, errors, text, sizeof text)) {
            printf("domain %d: %s\n", d, text);
            return false;
        }
    }
    for (size_t q = 0; q < LOT_QUANTITIES; q++) {
        if (motion[q] != moving.q[q] || feed[q] != p->held.q[q]) {
            printf("quantity %zu: motion %lld, cargo %lld\n", q, (long long)motion[q],
                   (long long)moving.q[q]);
            return false;
        }
    }
    return true;
}

#endif
