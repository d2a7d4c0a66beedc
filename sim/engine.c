#include "engine.h"

#include "barrier.h"
#include "domain_internal.h"
#include "hash.h"
#include "team_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW_LIMIT = 100000000, /* a province has fewer than 1e5 events a day */
    TEAM_MAX = 8
};

struct sim_engine {
    struct sim_setup setup; /* states and loads are not read after creation */
    struct sim_domain **domains;
    uint32_t *order; /* domains by falling load */
    double *loads;
    int64_t time, until;
    unsigned parity;
    enum sim_status status; /* of the run */
    bool leave;
    struct sim_failure failure; /* status SIM_OK: none */
    /* the partition: member m runs domains shares[first[m]] .. shares[first[m + 1] - 1] */
    int members;
    uint32_t *shares, first[TEAM_MAX + 1];
    uint8_t *owner; /* of order[i], while the partition is made */
    struct sim_barrier barrier;
};

/* Creation */

static void sort_by_load(struct sim_engine *engine)
{
    for (uint32_t i = 0; i < engine->setup.domains; i++) {
        uint32_t at = i;
        for (; at > 0 && engine->loads[engine->order[at - 1]] < engine->loads[i]; at--)
            engine->order[at] = engine->order[at - 1];
        engine->order[at] = i;
    }
}

static struct sim_domain *make_domain(struct sim_engine *engine, uint32_t index)
{
    const struct sim_setup *setup = &engine->setup;
    struct sim_domain *domain = sim_domain_create(index, setup->domains);
    if (!domain)
        return NULL;
    domain->lookahead = setup->lookahead;
    domain->handler = setup->handler;
    domain->state = setup->states ? setup->states[index] : NULL;
    domain->key = sim_random_key_make(setup->seed, setup->replicate);
    domain->seed = setup->seed;
    domain->replicate = setup->replicate;
    domain->peers = engine->domains;
    return domain;
}

static bool fill(struct sim_engine *engine)
{
    uint32_t count = engine->setup.domains;
    engine->domains = calloc(count, sizeof *engine->domains);
    engine->order = calloc(count, sizeof *engine->order);
    engine->shares = calloc(count, sizeof *engine->shares);
    engine->loads = calloc(count, sizeof *engine->loads + sizeof *engine->owner);
    engine->owner = calloc(count, sizeof *engine->owner);
    if (!engine->domains || !engine->order || !engine->shares || !engine->loads || !engine->owner)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        engine->domains[i] = make_domain(engine, i);
        if (!engine->domains[i])
            return false;
        engine->loads[i] = engine->setup.loads ? engine->setup.loads[i] : 1.0;
    }
    sort_by_load(engine);
    return true;
}

enum sim_status sim_engine_create(struct sim_engine **engine, const struct sim_setup *setup)
{
    sim_require(setup->domains >= 1 && setup->domains <= SIM_DOMAIN_MAX, "%u domains",
                setup->domains);
    sim_require(setup->lookahead > 0, "lookahead %lld us", (long long)setup->lookahead);
    sim_require(setup->handler, "an engine without a handler");
    *engine = NULL;
    size_t bytes = (sizeof(struct sim_engine) + 63) / 64 * 64;
    struct sim_engine *made = aligned_alloc(64, bytes);
    if (!made)
        return SIM_MEMORY;
    *made = (struct sim_engine){.setup = *setup};
    if (made->setup.window_limit == 0)
        made->setup.window_limit = WINDOW_LIMIT;
    if (!fill(made)) {
        sim_engine_destroy(made);
        return SIM_MEMORY;
    }
    *engine = made;
    return SIM_OK;
}

void sim_engine_destroy(struct sim_engine *engine)
{
    if (!engine)
        return;
    for (uint32_t i = 0; engine->domains && i < engine->setup.domains; i++)
        sim_domain_destroy(engine->domains[i]);
    free(engine->domains);
    free(engine->order);
    free(engine->shares);
    free(engine->loads);
    free(engine->owner);
    free(engine);
}

/* One domain, one window */

/* Odd factors spread entity and kind over the words, so that no bit of any field is lost: the
 * golden ratio's fraction, and the fraction of the square root of 3. The second word is odd, so
 * that the product never forgets the first. */
static void fold_hash(struct sim_domain *domain, const struct sim_event *event)
{
    uint64_t when = (uint64_t)event->time + event->entity * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t what = event->order + event->kind * UINT64_C(0xbb67ae8584caa73b);
    domain->hash = sim_mum(domain->hash ^ when, what << 1 | 1);
}

static void advance(const struct sim_engine *engine, struct sim_domain *domain, int64_t end)
{
    const struct sim_setup *setup = &engine->setup;
    uint64_t limit = domain->events + setup->window_limit;
    struct sim_event event;
    uint32_t slot;
    sim_domain_pull(domain);
    while (!domain->failing && sim_calendar_pop(&domain->calendar, end, &event, &slot)) {
        domain->now = event.time;
        if (domain->events++ == limit) {
            sim_fail(domain, SIM_RUNAWAY,
                     "more than %llu events in one window; the next is kind "
                     "%u, entity %u",
                     (unsigned long long)setup->window_limit, event.kind, event.entity);
            return;
        }
        fold_hash(domain, &event);
        const void *cargo = event.size ? sim_domain_cargo(domain, event.size, slot) : NULL;
        if (setup->trace)
            setup->trace(setup->trace_to, domain, &event, cargo);
        enum sim_status status = domain->handler(domain, domain->state, &event, cargo);
        if (event.size)
            sim_domain_drop_cargo(domain, event.size, slot);
        if (status != SIM_OK)
            sim_fail(domain, status, "kind %u, entity %u: %s", event.kind, event.entity,
                     sim_status_text(status));
    }
    if (!domain->failing)
        domain->now = end;
}

/* Between windows */

/* The first failure by (time, domain): the same for any number of threads, as every domain
 * finishes the window. */
static void collect_failure(struct sim_engine *engine)
{
    for (uint32_t i = 0; i < engine->setup.domains; i++) {
        const struct sim_domain *domain = engine->domains[i];
        if (domain->failing &&
            (engine->failure.status == SIM_OK || domain->failure.time < engine->failure.time))
            engine->failure = domain->failure;
    }
    engine->status = engine->failure.status;
}

static void fail_boundary(struct sim_engine *engine, enum sim_status status)
{
    char when[32];
    engine->failure.status = status;
    engine->failure.time = engine->time;
    engine->failure.domain = 0;
    snprintf(engine->failure.text, sizeof engine->failure.text,
             "%s, boundary of the window, seed %llu, replicate %llu: %s",
             sim_time_text(engine->time, when), (unsigned long long)engine->setup.seed,
             (unsigned long long)engine->setup.replicate, sim_status_text(status));
    engine->status = status;
}

/* Ends the run where it must end. */
static void decide(struct sim_engine *engine)
{
    const volatile int *stop = engine->setup.stop;
    if (engine->status == SIM_OK && engine->time < engine->until && stop &&
        __atomic_load_n(stop, __ATOMIC_RELAXED) != 0)
        engine->status = SIM_STOPPED;
    engine->leave = engine->status != SIM_OK || engine->time >= engine->until;
}

/* By the last member that arrives, while all others wait. */
static void boundary_step(void *argument)
{
    struct sim_engine *engine = argument;
    const struct sim_setup *setup = &engine->setup;
    collect_failure(engine);
    if (engine->status == SIM_OK) {
        engine->time += setup->lookahead;
        engine->parity ^= 1U;
        for (uint32_t i = 0; i < setup->domains; i++)
            engine->domains[i]->parity = engine->parity;
        if (setup->boundary) {
            enum sim_status status = setup->boundary(setup->model, engine->time);
            if (status != SIM_OK)
                fail_boundary(engine, status);
        }
    }
    decide(engine);
}

static void run_serially(struct sim_engine *engine)
{
    while (!engine->leave) {
        int64_t end = engine->time + engine->setup.lookahead;
        for (uint32_t i = 0; i < engine->setup.domains; i++)
            advance(engine, engine->domains[i], end);
        boundary_step(engine);
    }
}

/* Longest processing time first: each domain to the member with the least load so far. */
static void partition(struct sim_engine *engine, int members)
{
    double sums[TEAM_MAX] = {0};
    uint32_t counts[TEAM_MAX] = {0};
    uint32_t domains = engine->setup.domains;
    if (engine->members == members)
        return;
    engine->members = members;
    for (uint32_t i = 0; i < domains; i++) {
        uint8_t least = 0;
        for (uint8_t m = 1; m < members; m++)
            if (sums[m] < sums[least])
                least = m;
        sums[least] += engine->loads[engine->order[i]];
        counts[least]++;
        engine->owner[i] = least;
    }
    engine->first[0] = 0;
    for (int m = 0; m < members; m++)
        engine->first[m + 1] = engine->first[m] + counts[m];
    uint32_t at[TEAM_MAX];
    memcpy(at, engine->first, sizeof at);
    for (uint32_t i = 0; i < domains; i++)
        engine->shares[at[engine->owner[i]]++] = engine->order[i];
}

static void run_member(void *argument, int member)
{
    struct sim_engine *engine = argument;
    while (!engine->leave) {
        int64_t end = engine->time + engine->setup.lookahead;
        for (uint32_t i = engine->first[member]; i < engine->first[member + 1]; i++)
            advance(engine, engine->domains[engine->shares[i]], end);
        sim_barrier_wait(&engine->barrier, boundary_step, engine);
    }
}

static void run_team(struct sim_engine *engine, struct sim_team *team)
{
    int members = sim_team_size(team);
    if (!sim_barrier_init(&engine->barrier, members)) {
        run_serially(engine);
        return;
    }
    partition(engine, members);
    bool complete = sim_team_run(team, run_member, engine);
    sim_barrier_clear(&engine->barrier);
    if (!complete)
        run_serially(engine);
}

enum sim_status sim_engine_run(struct sim_engine *engine, int64_t until, struct sim_team *team)
{
    sim_require(until % engine->setup.lookahead == 0 && until >= engine->time,
                "run until %lld us, from %lld us, lookahead %lld us", (long long)until,
                (long long)engine->time, (long long)engine->setup.lookahead);
    engine->until = until;
    engine->status = SIM_OK;
    collect_failure(engine); /* of an earlier run, or while first events were scheduled */
    decide(engine);
    if (team && sim_team_size(team) > 1 && engine->setup.domains > 1) {
        sim_require(!engine->setup.trace, "tracing needs a team of one");
        run_team(engine, team);
    } else {
        run_serially(engine);
    }
    return engine->status;
}

/* Questions */

struct sim_domain *sim_engine_domain(struct sim_engine *engine, uint32_t index)
{
    sim_require(index < engine->setup.domains, "domain %u of %u", index, engine->setup.domains);
    return engine->domains[index];
}

int64_t sim_engine_time(const struct sim_engine *engine)
{
    return engine->time;
}

uint64_t sim_engine_events(const struct sim_engine *engine)
{
    uint64_t events = 0;
    for (uint32_t i = 0; i < engine->setup.domains; i++)
        events += engine->domains[i]->events;
    return events;
}

uint64_t sim_engine_domain_hash(const struct sim_engine *engine, uint32_t domain)
{
    sim_require(domain < engine->setup.domains, "domain %u of %u", domain, engine->setup.domains);
    return engine->domains[domain]->hash;
}

uint64_t sim_engine_hash(const struct sim_engine *engine)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < engine->setup.domains; i++)
        hash = sim_hash_bytes(hash, &engine->domains[i]->hash, sizeof(uint64_t));
    return hash;
}

const struct sim_failure *sim_engine_failure(const struct sim_engine *engine)
{
    return &engine->failure;
}

size_t sim_engine_memory(const struct sim_engine *engine)
{
    uint32_t count = engine->setup.domains;
    size_t bytes = sizeof *engine +
                   count * (sizeof *engine->domains + sizeof *engine->order +
                            sizeof *engine->shares + sizeof *engine->loads + sizeof *engine->owner);
    for (uint32_t i = 0; i < count; i++)
        bytes += sim_domain_memory(engine->domains[i]);
    return bytes;
}

static void visit_outbox(const struct sim_outbox *box, uint32_t to, sim_visit *visit,
                         void *argument)
{
    const char *cargo = box->cargo;
    for (size_t i = 0; i < box->count; i++) {
        const struct sim_event *event = &box->messages[i];
        visit(argument, to, event, event->size ? cargo : NULL);
        if (event->size)
            cargo += ((size_t)event->size + 7) / 8 * 8;
    }
}

void sim_engine_pending(const struct sim_engine *engine, sim_visit *visit, void *to)
{
    for (uint32_t d = 0; d < engine->setup.domains; d++) {
        const struct sim_domain *domain = engine->domains[d];
        for (size_t i = 0; i < domain->calendar.count; i++) {
            struct sim_event event;
            uint32_t slot;
            if (sim_calendar_get(&domain->calendar, i, &event, &slot))
                visit(to, d, &event, sim_domain_cargo(domain, event.size, slot));
        }
        for (uint32_t sender = 0; sender < engine->setup.domains; sender++)
            for (unsigned parity = 0; parity < 2; parity++) {
                const struct sim_outbox *box =
                    sim_domain_outbox(engine->domains[sender], parity, d);
                if (box)
                    visit_outbox(box, d, visit, to);
            }
    }
}
