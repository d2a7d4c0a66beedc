/* What a domain is to the engine. Internal to sim/.
 *
 * Outboxes belong to the sender, one per receiver and parity of the window: while a window's
 * messages are written, those of the window before are pulled by their receivers, so that one
 * barrier per window is enough. inbox tells a receiver who wrote. */
#ifndef SIM_DOMAIN_INTERNAL_H
#define SIM_DOMAIN_INTERNAL_H

#include "calendar.h"

#include <stdatomic.h>

enum {
    SIM_DOMAIN_MAX = 1 << SIM_SENDER_BITS,
    SIM_CARGO_CLASSES = 11, /* 64 bytes, 128, ... 65,536 */
    SIM_CARGO_SMALLEST = 6, /* as a power of two */
    SIM_BOX_BLOCK = 64      /* outboxes are allocated by so many receivers */
};

struct sim_outbox {
    struct sim_event *messages;
    size_t count, capacity;
    char *cargo; /* of all messages in turn, each rounded up to 8 bytes */
    size_t cargo_used, cargo_capacity;
};

/* Who may read: only the thread that runs the domain, but for inbox (any sender sets bits) and
 * the outboxes of the other parity (their receivers). */
struct sim_domain {
    struct sim_calendar calendar;
    int64_t now, lookahead;
    uint64_t sequence; /* events and messages sent so far */
    uint64_t hash, events;
    sim_handler *handler;
    void *state;
    uint32_t index, domains;
    bool failing; /* failure is set */
    unsigned parity;
    struct sim_random_key key;
    uint64_t seed, replicate;
    struct sim_domain *const *peers; /* [domains] */
    struct sim_pool cargo[SIM_CARGO_CLASSES];
    struct sim_outbox **outbox[2]; /* [domains / SIM_BOX_BLOCK][SIM_BOX_BLOCK] */
    _Atomic(uint64_t) *inbox[2];   /* bits of the senders; lines of their own */
    struct sim_failure failure;
};

/* NULL when out of memory. */
struct sim_domain *sim_domain_create(uint32_t index, uint32_t domains);
void sim_domain_destroy(struct sim_domain *domain); /* accepts NULL */
/* Moves the messages of the window before into the calendar, senders in order. */
void sim_domain_pull(struct sim_domain *domain);
/* The bytes of an event's cargo; NULL where it has none. */
void *sim_domain_cargo(const struct sim_domain *domain, uint16_t size, uint32_t slot);
void sim_domain_drop_cargo(struct sim_domain *domain, uint16_t size, uint32_t slot);
size_t sim_domain_memory(const struct sim_domain *domain);
/* The outbox to `to`, or NULL where nothing was ever written to it. */
struct sim_outbox *sim_domain_outbox(const struct sim_domain *domain, unsigned parity, uint32_t to);

static inline uint64_t sim_order_make(unsigned priority, uint32_t sender, uint64_t sequence)
{
    return ((uint64_t)priority << SIM_SENDER_BITS | sender) << SIM_SEQUENCE_BITS | sequence;
}

static inline size_t sim_inbox_words(uint32_t domains)
{
    return ((size_t)domains + 511) / 512 * 8; /* whole cache lines */
}

#endif
