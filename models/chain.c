/* Puts the components together: a scenario's world, and one replicate's run with its monthly
 * samples and audits. */
#include "chain.h"

#include "../sim/hash.h"
#include "capacity.h"
#include "certification.h"
#include "closed_loop.h"
#include "collectors.h"
#include "downstream.h"
#include "emissions.h"
#include "frame.h"
#include "futures.h"
#include "hubs.h"
#include "imports.h"
#include "market.h"
#include "molten.h"
#include "new_scrap.h"
#include "opening.h"
#include "place.h"
#include "plants.h"
#include "policy.h"
#include "primary.h"
#include "research.h"
#include "sales.h"
#include "sorting.h"
#include "stock.h"
#include "tax.h"
#include "trace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct sim_component *const chain_components[] = {
    [COMPONENT_CHAIN] = &chain_component,
    [COMPONENT_POLICY] = &policy_component,
    [COMPONENT_TAX] = &tax_component,
    [COMPONENT_EMISSIONS] = &emissions_component,
    [COMPONENT_PRIMARY] = &primary_component,
    [COMPONENT_STOCK] = &stock_component,
    [COMPONENT_MARKET] = &market_component,
    [COMPONENT_COLLECTORS] = &collectors_component,
    [COMPONENT_NEW_SCRAP] = &new_scrap_component,
    [COMPONENT_IMPORTS] = &imports_component,
    [COMPONENT_HUBS] = &hubs_component,
    [COMPONENT_SORTING] = &sorting_component,
    [COMPONENT_SMELTERS] = &smelters_component,
    [COMPONENT_CAPACITY] = &capacity_component,
    [COMPONENT_SALES] = &sales_component,
    [COMPONENT_DOWNSTREAM] = &downstream_component,
    [COMPONENT_MOLTEN] = &molten_component,
    [COMPONENT_RESEARCH] = &research_component,
    [COMPONENT_CLOSED_LOOP] = &closed_loop_component,
    [COMPONENT_FUTURES] = &futures_component,
    [COMPONENT_CERTIFICATION] = &certification_component,
};
const size_t chain_component_count = COMPONENTS;

struct chain_scenario {
    struct world world;
};

enum sim_status chain_scenario_create(struct chain_scenario **scenario,
                                      const struct sim_config *config,
                                      const struct sim_tables *tables,
                                      const struct sim_policies *policies,
                                      struct sim_errors *errors)
{
    *scenario = NULL;
    struct chain_scenario *made = calloc(1, sizeof *made);
    if (!made)
        return SIM_MEMORY;
    const struct frame_params *frame = frame_params_of(config);
    struct world_options options = frame_options(frame);
    enum sim_status status = world_init(&made->world, &options, config, tables, policies, errors);
    if (status != SIM_OK) {
        free(made);
        return status;
    }
    made->world.trucks_per_lot = frame->trucks_per_lot;
    world_weights(&made->world, market_params_of(&made->world)->theta_cny_t,
                  sales_theta(&made->world));
    *scenario = made;
    return SIM_OK;
}

void chain_scenario_destroy(struct chain_scenario *scenario)
{
    free(scenario);
}

/* Everything of one replicate. */
struct replicate {
    struct run run;
    struct place places[DOMAINS];
    void *states[DOMAINS]; /* the places, as the engine wants them */
    struct sim_engine *engine;
    struct sim_sample sample;
    struct sim_sample scratch; /* of the spin-up, not reported */
    uint64_t events;           /* until the last month's end */
    uint64_t sample_hash;
};

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    struct place *place = state;
    unsigned component = event->kind >> 8;
    if (component >= COMPONENTS || !chain_components[component]->handle || !place->state[component])
        return sim_fail(domain, SIM_MODEL, "event of kind %u reached %s, which has no use for it",
                        event->kind, opening_place_name(place->index));
    return chain_components[component]->handle(domain, place->state[component], event, cargo);
}

static void close_replicate(struct replicate *r)
{
    for (int d = 0; d < DOMAINS; d++) {
        for (int c = 0; c < COMPONENTS; c++) {
            if (chain_components[c]->destroy)
                chain_components[c]->destroy(r->places[d].state[c]);
        }
        sim_ledger_clear(&r->places[d].ledger);
    }
    sim_engine_destroy(r->engine);
    free(r->sample.weights);
    free(r->scratch.values);
    free(r);
}

static void fail(struct sim_failure *failure, enum sim_status status, const char *text)
{
    failure->status = status;
    snprintf(failure->text, sizeof failure->text, "%s", text);
}

/* Components are created one after the other in all domains, so that each finds the earlier ones'
 * first board. */
static enum sim_status create_components(struct replicate *r, struct sim_failure *failure)
{
    for (int c = 0; c < COMPONENTS; c++) {
        if (c == COMPONENT_MARKET)
            opening_board(&r->places[NATION]);
        for (int d = 0; d < DOMAINS && chain_components[c]->create; d++) {
            struct place *place = &r->places[d];
            enum sim_status status =
                chain_components[c]->create(place->domain, place->world, &place->state[c]);
            if (status != SIM_OK) {
                *failure = *sim_engine_failure(r->engine);
                if (failure->status == SIM_OK)
                    fail(failure, status, sim_status_text(status));
                return status;
            }
        }
    }
    return SIM_OK;
}

static enum sim_status open_replicate(struct replicate **out, const struct world *world,
                                      const struct sim_layout *layout,
                                      const struct chain_request *request,
                                      struct sim_result *result)
{
    struct replicate *r = calloc(1, sizeof *r);
    *out = r;
    if (!r)
        return SIM_MEMORY;
    r->run.world = world;
    r->run.break_metal = request->break_metal;
    r->sample = (struct sim_sample){.layout = layout,
                                    .values = result->values,
                                    .weights = calloc(layout->size + 1, sizeof(double)),
                                    .skip_detail = !result->detail};
    r->scratch = r->sample;
    r->scratch.values = calloc(layout->size + 1, sizeof(double));
    if (!r->sample.weights || !r->scratch.values)
        return SIM_MEMORY;
    double loads[DOMAINS];
    for (int d = 0; d < DOMAINS; d++) {
        struct place *place = &r->places[d];
        place->world = world;
        place->run = &r->run;
        place->index = d;
        r->states[d] = place;
        loads[d] = d == NATION ? 0.02
                               : 0.02 + world->province[d].capacity_2024_t / 23e6 +
                                     world->province[d].old_scrap_share;
        if (!sim_ledger_init(&place->ledger, &accounts_form))
            return SIM_MEMORY;
    }
    struct sim_setup setup = {.domains = DOMAINS,
                              .lookahead = SIM_DAY,
                              .seed = request->seed,
                              .replicate = request->replicate,
                              .handler = handle,
                              .states = r->states,
                              .loads = loads,
                              .trace = request->trace ? trace_event : NULL,
                              .trace_to = request->trace,
                              .stop = request->stop};
    enum sim_status status = sim_engine_create(&r->engine, &setup);
    for (int d = 0; d < DOMAINS && status == SIM_OK; d++)
        r->places[d].domain = sim_engine_domain(r->engine, (uint32_t)d);
    return status == SIM_OK ? create_components(r, &result->failure) : status;
}

struct in_flight {
    int64_t cargo[LOT_QUANTITIES];
    int64_t claims; /* fen that receivers will pay to clearing */
};

static void weigh(void *to, uint32_t domain, const struct sim_event *event, const void *cargo)
{
    (void)domain;
    struct in_flight *sum = to;
    if (!cargo)
        return;
    const struct lot *lot = cargo;
    for (int q = 0; q < LOT_QUANTITIES; q++)
        sum->cargo[q] += lot->q[q];
    bool cleared = (event->kind == EVENT_PLANT_TRUCK && event->data.i[1] == 0) ||
                   event->kind == EVENT_SORTING_TRUCK ||
                   (event->kind == EVENT_HUB_TRUCK && event->data.i[0] == 0);
    sum->claims += cleared ? lot->value : 0;
}

/* Books against counts: each domain's own stores, and for all together what is in motion and what
 * clearing is owed. Exactly equal, or the run fails. */
static enum sim_status audit(struct replicate *r, int64_t errors[static QUANTITIES],
                             struct sim_failure *failure)
{
    struct in_flight motion = {.claims = 0};
    int64_t booked[QUANTITIES] = {0};
    sim_engine_pending(r->engine, weigh, &motion);
    failure->text[0] = '\0';
    for (int d = 0; d < DOMAINS; d++) {
        struct place *place = &r->places[d];
        int64_t counted[ACCOUNTS * QUANTITIES] = {0};
        char text[200];
        for (int c = 0; c < COMPONENTS; c++) {
            if (chain_components[c]->audit && place->state[c])
                chain_components[c]->audit(place->domain, place->state[c], counted);
        }
        for (size_t q = 0; q < QUANTITIES; q++) {
            size_t account = q == LOT_MONEY ? ACCOUNT_CLEARING : ACCOUNT_MOTION;
            int64_t balance = sim_ledger_balance(&place->ledger, account, q);
            counted[account * QUANTITIES + q] = balance;
            booked[q] += balance;
        }
        if (!sim_ledger_audit(&place->ledger, counted, errors, text, sizeof text) &&
            !failure->text[0]) {
            failure->domain = (uint32_t)d;
            snprintf(failure->text, sizeof failure->text, "%s in %s", text, opening_place_name(d));
        }
    }
    for (size_t q = 0; q < QUANTITIES; q++) {
        int64_t counted = q == LOT_MONEY ? -motion.claims : motion.cargo[q];
        errors[q] += llabs(booked[q] - counted);
        if (booked[q] != counted && !failure->text[0])
            snprintf(failure->text, sizeof failure->text,
                     "%s, in motion: ledger %" PRId64 ", counted %" PRId64,
                     accounts_form.quantities[q], booked[q], counted);
    }
    if (!failure->text[0])
        return SIM_OK;
    failure->status = SIM_BALANCE;
    failure->time = sim_engine_time(r->engine);
    char when[32], what[sizeof failure->text];
    memcpy(what, failure->text, sizeof what);
    snprintf(failure->text, sizeof failure->text, "%.300s, at %s", what,
             sim_time_text(failure->time, when));
    return SIM_BALANCE;
}

/* The month that has just ended, from all domains in their order. */
static void take_sample(struct replicate *r, struct sim_sample *sample, size_t step,
                        const int64_t errors[static QUANTITIES])
{
    sample->step = step;
    sim_sample_begin(sample);
    for (size_t c = 0; c < COMPONENTS; c++) {
        sample->component = c;
        for (int d = 0; d < DOMAINS && chain_components[c]->sample; d++) {
            if (r->places[d].state[c])
                chain_components[c]->sample(r->places[d].domain, r->places[d].state[c], sample);
        }
    }
    for (size_t c = 0; c < COMPONENTS; c++) {
        void *states[DOMAINS];
        for (int d = 0; d < DOMAINS; d++)
            states[d] = r->places[d].state[c];
        sample->component = c;
        if (chain_components[c]->summarise)
            chain_components[c]->summarise(states, DOMAINS, sample);
    }
    double lots = 0;
    for (int d = 0; d < DOMAINS; d++) {
        lots += (double)r->places[d].lots;
        r->places[d].lots = 0;
    }
    uint64_t events = sim_engine_events(r->engine);
    frame_flows(sample, r->places);
    frame_sample(sample, lots, (double)(events - r->events), errors);
    r->events = events;
    sim_sample_end(sample);
}

/* Folds the bits of one month's samples into the replicate's hash. */
static void hash_sample(struct replicate *r, const struct sim_layout *layout, size_t step)
{
    for (size_t v = 0; v < layout->count; v++) {
        const struct sim_variable *variable = &layout->variables[v];
        if (variable->output->axis == SIM_AXIS_MONTH)
            r->sample_hash = sim_hash_bytes(
                r->sample_hash, &r->sample.values[variable->offset + step * variable->cells],
                variable->cells * sizeof(double));
    }
}

/* One month: events, audit, sample. Months before the layout's first are spin-up. */
static enum sim_status run_month(struct replicate *r, const struct chain_request *request,
                                 const struct sim_layout *layout, int month,
                                 struct sim_failure *failure)
{
    enum sim_status status = sim_engine_run(r->engine, sim_month_start(month + 1), request->team);
    if (status != SIM_OK) {
        *failure = *sim_engine_failure(r->engine);
        failure->status = status;
        return status;
    }
    if (r->run.break_metal && month == 24)
        sim_ledger_move(&r->places[0].ledger, ACCOUNT_HUB, ACCOUNT_LOSSES, LOT_METAL,
                        r->run.break_metal);
    int64_t errors[QUANTITIES] = {0};
    status = audit(r, errors, failure);
    if (month < layout->first_month) {
        take_sample(r, &r->scratch, 0, errors);
    } else {
        size_t step = (size_t)(month - layout->first_month);
        take_sample(r, &r->sample, step, errors);
        hash_sample(r, layout, step);
    }
    return status;
}

enum sim_status chain_run(const struct chain_scenario *scenario, const struct sim_layout *layout,
                          const struct chain_request *request, struct sim_result *result)
{
    struct replicate *r = NULL;
    enum sim_status status = open_replicate(&r, &scenario->world, layout, request, result);
    int last = layout->first_month + (int)layout->months;
    for (int month = 0; month < last && status == SIM_OK; month++)
        status = run_month(r, request, layout, month, &result->failure);
    result->failure.status = status;
    if (status != SIM_OK && !result->failure.text[0])
        fail(&result->failure, status, sim_status_text(status));
    if (r && r->engine) {
        result->events = sim_engine_events(r->engine);
        result->trace_hash =
            sim_mum(sim_engine_hash(r->engine) ^ r->sample_hash, UINT64_C(0x9e3779b97f4a7c15));
    }
    if (r)
        close_replicate(r);
    return status;
}
