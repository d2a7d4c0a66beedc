/* What a handler sees of the engine: its domain's clock, events, messages, timers and streams.
 *
 * A domain is advanced by one thread at a time. A handler may touch only its domain's state; what
 * is meant for another domain is sent, and arrives at least one lookahead later. */
#ifndef SIM_DOMAIN_H
#define SIM_DOMAIN_H

#include "random.h"
#include "status.h"
#include "time.h"

#include <stdbool.h>
#include <stdint.h>

union sim_data {
    double f[5];
    int64_t i[5];
};

/* An executed event; 64 bytes. kind = component << 8 | local kind. */
struct sim_event {
    int64_t time;
    uint64_t order; /* priority, sender and sequence: unique, total */
    uint32_t entity;
    uint16_t kind, size; /* size of the cargo in bytes */
    union sim_data data;
};

struct sim_domain;

/* cargo is NULL where size is 0; it is valid until the handler returns. */
typedef enum sim_status sim_handler(struct sim_domain *domain, void *state,
                                    const struct sim_event *event, const void *cargo);

/* A deadline that moves often: one pending event that reschedules itself when it fires early.
 * Embedded in the entity, zero-initialised; its address must not change while it is set. */
struct sim_timer {
    int64_t deadline; /* INT64_MAX: not set */
    int64_t pending;  /* time of the event in the calendar, INT64_MAX where none */
    uint64_t handle;
    uint16_t kind;
    uint8_t priority;
    uint32_t entity;
    bool ready; /* initialised */
};

int64_t sim_now(const struct sim_domain *domain);
uint32_t sim_domain_index(const struct sim_domain *domain);
uint64_t sim_domain_replicate(const struct sim_domain *domain);
/* The model's state of this domain, as given in struct sim_setup. */
void *sim_domain_state(const struct sim_domain *domain);

/* Priorities 0 (first) to 15 among events of equal time. data may be NULL (zeros). */
uint64_t sim_schedule(struct sim_domain *domain, int64_t time, unsigned priority, uint16_t kind,
                      uint32_t entity, const union sim_data *data);
uint64_t sim_schedule_cargo(struct sim_domain *domain, int64_t time, unsigned priority,
                            uint16_t kind, uint32_t entity, const union sim_data *data,
                            const void *cargo, uint16_t size);
/* False where the event was executed, cancelled already or belongs to another domain. */
bool sim_cancel(struct sim_domain *domain, uint64_t handle);

/* To any domain, also the own; time must be at least one lookahead after now (required). */
void sim_send(struct sim_domain *domain, uint32_t to, int64_t time, unsigned priority,
              uint16_t kind, uint32_t entity, const union sim_data *data, const void *cargo,
              uint16_t size);

/* Kind and entity of the event that a timer fires. Call once. */
void sim_timer_init(struct sim_timer *timer, uint16_t kind, unsigned priority, uint32_t entity);
/* Moves the deadline; INT64_MAX unsets. */
void sim_timer_set(struct sim_domain *domain, struct sim_timer *timer, int64_t deadline);
/* First thing a handler does with a timer's event: true if the deadline has come (the timer is
 * then unset); false if it fired early, and has rescheduled itself. */
bool sim_timer_due(struct sim_domain *domain, struct sim_timer *timer);

struct sim_stream sim_stream_at(const struct sim_domain *domain, uint32_t entity, uint16_t purpose,
                                uint64_t occurrence);

/* Records why the run fails and returns status, for `return sim_fail(...)`. */
enum sim_status sim_fail(struct sim_domain *domain, enum sim_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
