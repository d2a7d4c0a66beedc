/* The parallel engine: domains that advance together, one window of one lookahead at a time.
 * Order is total and the same for any number of threads. */
#ifndef SIM_ENGINE_H
#define SIM_ENGINE_H

#include "domain.h"

struct sim_engine;
struct sim_team;

/* Called for every executed event, by the thread that executes it, where tracing is on. Tracing
 * requires a team of one thread. */
typedef void sim_trace(void *to, const struct sim_domain *domain, const struct sim_event *event,
                       const void *cargo);
/* Between windows, by one thread, while all others wait: publishes sums in domain order. */
typedef enum sim_status sim_boundary(void *model, int64_t time);

struct sim_setup {
    uint32_t domains;  /* 1 to 4096 */
    int64_t lookahead; /* microseconds, > 0 */
    uint64_t seed, replicate;
    sim_handler *handler;   /* one for all; it dispatches on event->kind */
    void *const *states;    /* [domains], borrowed */
    const double *loads;    /* [domains] relative cost for the static partition, or NULL (equal) */
    sim_boundary *boundary; /* or NULL */
    void *model;
    sim_trace *trace; /* or NULL */
    void *trace_to;
    const volatile int *stop; /* or NULL; non-zero: return SIM_STOPPED at the next window */
    uint64_t window_limit;    /* events in one window before SIM_RUNAWAY; 0 means 1e8 */
};

enum sim_status sim_engine_create(struct sim_engine **engine, const struct sim_setup *setup);
void sim_engine_destroy(struct sim_engine *engine); /* accepts NULL */
/* The domain, for scheduling first events before the first run. */
struct sim_domain *sim_engine_domain(struct sim_engine *engine, uint32_t index);
/* All events before `until` (exclusive), which is a multiple of the lookahead. team NULL: one
 * thread, the caller's. */
enum sim_status sim_engine_run(struct sim_engine *engine, int64_t until, struct sim_team *team);
int64_t sim_engine_time(const struct sim_engine *engine);
uint64_t sim_engine_events(const struct sim_engine *engine);
/* Trace hash of all domains, folded in domain order. */
uint64_t sim_engine_hash(const struct sim_engine *engine);
uint64_t sim_engine_domain_hash(const struct sim_engine *engine, uint32_t domain);
const struct sim_failure *sim_engine_failure(const struct sim_engine *engine);
size_t sim_engine_memory(const struct sim_engine *engine); /* bytes held */

/* Every pending event (also those in outboxes), for audits; serial, between runs. */
typedef void sim_visit(void *to, uint32_t domain, const struct sim_event *event, const void *cargo);
void sim_engine_pending(const struct sim_engine *engine, sim_visit *visit, void *to);

#endif
