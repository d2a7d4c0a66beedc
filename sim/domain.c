#include "domain_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHERE_FORMAT "domain %u at %lld us, seed %llu, replicate %llu"
#define WHERE(d)                                                                                   \
    (d)->index, (long long)(d)->now, (unsigned long long)(d)->seed,                                \
        (unsigned long long)(d)->replicate

enum { PRIORITIES = 1 << SIM_PRIORITY_BITS, HANDLE_SLOT_MASK = (1 << SIM_SLOT_BITS) - 1 };

#define SEQUENCE_MAX ((UINT64_C(1) << SIM_SEQUENCE_BITS) - 1)
#define TIME_MAX     ((INT64_C(1) << SIM_TIME_BITS) - 1)

int64_t sim_now(const struct sim_domain *domain)
{
    return domain->now;
}

uint32_t sim_domain_index(const struct sim_domain *domain)
{
    return domain->index;
}

uint64_t sim_domain_replicate(const struct sim_domain *domain)
{
    return domain->replicate;
}

void *sim_domain_state(const struct sim_domain *domain)
{
    return domain->state;
}

struct sim_stream sim_stream_at(const struct sim_domain *domain, uint32_t entity, uint16_t purpose,
                                uint64_t occurrence)
{
    return sim_stream_make(domain->key, entity, purpose, occurrence);
}

enum sim_status sim_fail(struct sim_domain *domain, enum sim_status status, const char *format, ...)
{
    sim_require(status != SIM_OK, "a failure needs a status; " WHERE_FORMAT, WHERE(domain));
    if (domain->failing) /* the first cause counts */
        return domain->failure.status;
    domain->failing = true;
    struct sim_failure *failure = &domain->failure;
    failure->status = status;
    failure->time = domain->now;
    failure->domain = domain->index;
    char when[32];
    int used = snprintf(
        failure->text, sizeof failure->text,
        "%s, domain %u, seed %llu, replicate %llu: ", sim_time_text(domain->now, when),
        domain->index, (unsigned long long)domain->seed, (unsigned long long)domain->replicate);
    va_list arguments;
    va_start(arguments, format);
    if (used > 0 && (size_t)used < sizeof failure->text)
        vsnprintf(failure->text + used, sizeof failure->text - (size_t)used, format, arguments);
    va_end(arguments);
    return status;
}

/* Cargo */

static unsigned cargo_class(uint16_t size)
{
    unsigned bits = size > 1 ? 32U - (unsigned)__builtin_clz((unsigned)size - 1U) : 0U;
    return bits > SIM_CARGO_SMALLEST ? bits - SIM_CARGO_SMALLEST : 0U;
}

void *sim_domain_cargo(const struct sim_domain *domain, uint16_t size, uint32_t slot)
{
    return size ? sim_pool_at(&domain->cargo[cargo_class(size)], slot) : NULL;
}

void sim_domain_drop_cargo(struct sim_domain *domain, uint16_t size, uint32_t slot)
{
    if (size)
        sim_pool_give(&domain->cargo[cargo_class(size)], slot);
}

static bool store_cargo(struct sim_domain *domain, const void *cargo, uint16_t size, uint32_t *slot)
{
    struct sim_pool *pool = &domain->cargo[cargo_class(size)];
    *slot = sim_pool_take(pool);
    if (*slot == UINT32_MAX)
        return false;
    memcpy(sim_pool_at(pool, *slot), cargo, size);
    return true;
}

/* Scheduling */

static inline uint64_t next_order(struct sim_domain *domain, unsigned priority)
{
    sim_require(priority < PRIORITIES, "priority %u; " WHERE_FORMAT, priority, WHERE(domain));
    sim_require(domain->sequence < SEQUENCE_MAX, "too many events; " WHERE_FORMAT, WHERE(domain));
    return sim_order_make(priority, domain->index, ++domain->sequence);
}

static uint64_t out_of_memory(struct sim_domain *domain)
{
    sim_fail(domain, SIM_MEMORY, "no memory for one more pending event (there are %zu)",
             sim_calendar_live(&domain->calendar));
    return 0;
}

static const union sim_data no_data = {{0}};

/* The handle; 0 when out of memory, which is then the domain's failure. */
__attribute__((always_inline)) static inline uint64_t
insert(struct sim_domain *domain, int64_t time, uint64_t order, uint16_t kind, uint32_t entity,
       const union sim_data *data, const void *cargo, uint16_t size)
{
    uint32_t slot, cargo_slot = 0;
    if (size && !store_cargo(domain, cargo, size, &cargo_slot))
        return out_of_memory(domain);
    struct sim_record *record = sim_calendar_push(&domain->calendar, time, order, &slot);
    if (!record) {
        sim_domain_drop_cargo(domain, size, cargo_slot);
        return out_of_memory(domain);
    }
    record->cargo = cargo_slot;
    sim_record_set(record, entity, kind, size);
    record->data = data ? *data : no_data;
    return (order & SEQUENCE_MAX) << SIM_SLOT_BITS | slot;
}

__attribute__((always_inline)) static inline uint64_t
schedule(struct sim_domain *domain, int64_t time, unsigned priority, uint16_t kind, uint32_t entity,
         const union sim_data *data, const void *cargo, uint16_t size)
{
    sim_require(time >= domain->now && time <= TIME_MAX,
                "kind %u scheduled for %lld us; " WHERE_FORMAT, kind, (long long)time,
                WHERE(domain));
    return insert(domain, time, next_order(domain, priority), kind, entity, data, cargo, size);
}

uint64_t sim_schedule_cargo(struct sim_domain *domain, int64_t time, unsigned priority,
                            uint16_t kind, uint32_t entity, const union sim_data *data,
                            const void *cargo, uint16_t size)
{
    return schedule(domain, time, priority, kind, entity, data, cargo, size);
}

uint64_t sim_schedule(struct sim_domain *domain, int64_t time, unsigned priority, uint16_t kind,
                      uint32_t entity, const union sim_data *data)
{
    return schedule(domain, time, priority, kind, entity, data, NULL, 0);
}

bool sim_cancel(struct sim_domain *domain, uint64_t handle)
{
    uint64_t identity = sim_order_make(0, domain->index, handle >> SIM_SLOT_BITS & SEQUENCE_MAX);
    struct sim_record *record =
        sim_calendar_find(&domain->calendar, (uint32_t)(handle & HANDLE_SLOT_MASK), identity);
    if (!record)
        return false;
    sim_domain_drop_cargo(domain, record->size, record->cargo);
    sim_calendar_cancel(&domain->calendar, record);
    return true;
}

/* Messages */

struct sim_outbox *sim_domain_outbox(const struct sim_domain *domain, unsigned parity, uint32_t to)
{
    struct sim_outbox *block = domain->outbox[parity][to / SIM_BOX_BLOCK];
    return block ? &block[to % SIM_BOX_BLOCK] : NULL;
}

static struct sim_outbox *open_outbox(struct sim_domain *domain, uint32_t to)
{
    struct sim_outbox **block = &domain->outbox[domain->parity][to / SIM_BOX_BLOCK];
    if (!*block)
        *block = calloc(SIM_BOX_BLOCK, sizeof **block);
    return *block ? &(*block)[to % SIM_BOX_BLOCK] : NULL;
}

static size_t padded(uint16_t size)
{
    return ((size_t)size + 7) / 8 * 8;
}

static bool reserve(struct sim_outbox *box, uint16_t size)
{
    if (box->count == box->capacity) {
        size_t capacity = box->capacity ? 2 * box->capacity : 4;
        struct sim_event *messages = realloc(box->messages, capacity * sizeof *messages);
        if (!messages)
            return false;
        box->messages = messages;
        box->capacity = capacity;
    }
    size_t needed = box->cargo_used + padded(size);
    if (needed > box->cargo_capacity) {
        size_t capacity = box->cargo_capacity ? 2 * box->cargo_capacity : 512;
        capacity = capacity < needed ? needed : capacity;
        char *cargo = realloc(box->cargo, capacity);
        if (!cargo)
            return false;
        box->cargo = cargo;
        box->cargo_capacity = capacity;
    }
    return true;
}

/* The message to fill, all but its cargo; NULL when out of memory. */
static struct sim_event *post(struct sim_domain *domain, uint32_t to, const void *cargo,
                              uint16_t size)
{
    struct sim_outbox *box = open_outbox(domain, to);
    if (!box || !reserve(box, size))
        return NULL;
    if (box->count == 0) { /* the barrier orders this before the receiver looks */
        _Atomic(uint64_t) *word = &domain->peers[to]->inbox[domain->parity][domain->index / 64];
        atomic_fetch_or_explicit(word, UINT64_C(1) << (domain->index % 64), memory_order_relaxed);
    }
    if (size) {
        memcpy(box->cargo + box->cargo_used, cargo, size);
        box->cargo_used += padded(size);
    }
    return &box->messages[box->count++];
}

void sim_send(struct sim_domain *domain, uint32_t to, int64_t time, unsigned priority,
              uint16_t kind, uint32_t entity, const union sim_data *data, const void *cargo,
              uint16_t size)
{
    sim_require(to < domain->domains, "kind %u sent to domain %u of %u; " WHERE_FORMAT, kind, to,
                domain->domains, WHERE(domain));
    sim_require(time >= domain->now + domain->lookahead && time <= TIME_MAX,
                "kind %u sent for %lld us, within the lookahead; " WHERE_FORMAT, kind,
                (long long)time, WHERE(domain));
    uint64_t order = next_order(domain, priority);
    if (to == domain->index) {
        insert(domain, time, order, kind, entity, data, cargo, size);
        return;
    }
    struct sim_event *message = post(domain, to, cargo, size);
    if (!message) {
        sim_fail(domain, SIM_MEMORY, "no memory for a message to domain %u", to);
        return;
    }
    message->time = time;
    message->order = order;
    message->entity = entity;
    message->kind = kind;
    message->size = size;
    message->data = data ? *data : no_data;
}

static void pull_from(struct sim_domain *domain, struct sim_outbox *box)
{
    const char *cargo = box->cargo;
    for (size_t i = 0; i < box->count; i++) {
        const struct sim_event *message = &box->messages[i];
        if (!insert(domain, message->time, message->order, message->kind, message->entity,
                    &message->data, cargo, message->size))
            break;
        if (message->size)
            cargo += padded(message->size);
    }
    box->count = 0;
    box->cargo_used = 0;
}

void sim_domain_pull(struct sim_domain *domain)
{
    unsigned parity = domain->parity ^ 1U;
    for (size_t word = 0; word * 64 < domain->domains; word++) {
        uint64_t bits = atomic_load_explicit(&domain->inbox[parity][word], memory_order_relaxed);
        if (bits == 0)
            continue;
        atomic_store_explicit(&domain->inbox[parity][word], 0, memory_order_relaxed);
        for (; bits != 0; bits &= bits - 1) {
            size_t sender = word * 64 + (size_t)__builtin_ctzll(bits);
            pull_from(domain, sim_domain_outbox(domain->peers[sender], parity, domain->index));
        }
    }
}

/* Creation */

static bool make_boxes(struct sim_domain *domain)
{
    size_t blocks = (domain->domains + SIM_BOX_BLOCK - 1) / SIM_BOX_BLOCK;
    size_t words = sim_inbox_words(domain->domains);
    for (int parity = 0; parity < 2; parity++) {
        domain->outbox[parity] = calloc(blocks, sizeof(struct sim_outbox *));
        domain->inbox[parity] = aligned_alloc(64, words * sizeof(uint64_t));
        if (!domain->outbox[parity] || !domain->inbox[parity])
            return false;
        for (size_t i = 0; i < words; i++)
            atomic_init(&domain->inbox[parity][i], 0);
    }
    return true;
}

struct sim_domain *sim_domain_create(uint32_t index, uint32_t domains)
{
    size_t bytes = (sizeof(struct sim_domain) + 63) / 64 * 64;
    struct sim_domain *domain = aligned_alloc(64, bytes);
    if (!domain)
        return NULL;
    memset(domain, 0, bytes);
    domain->index = index;
    domain->domains = domains;
    sim_calendar_init(&domain->calendar);
    for (unsigned i = 0; i < SIM_CARGO_CLASSES; i++)
        sim_pool_init(&domain->cargo[i], (size_t)1 << (i + SIM_CARGO_SMALLEST));
    if (!make_boxes(domain)) {
        sim_domain_destroy(domain);
        return NULL;
    }
    return domain;
}

static void clear_block(struct sim_outbox *block)
{
    for (size_t i = 0; block && i < SIM_BOX_BLOCK; i++) {
        free(block[i].messages);
        free(block[i].cargo);
    }
    free(block);
}

void sim_domain_destroy(struct sim_domain *domain)
{
    if (!domain)
        return;
    size_t blocks = (domain->domains + SIM_BOX_BLOCK - 1) / SIM_BOX_BLOCK;
    for (int parity = 0; parity < 2; parity++) {
        for (size_t i = 0; domain->outbox[parity] && i < blocks; i++)
            clear_block(domain->outbox[parity][i]);
        free(domain->outbox[parity]);
        free(domain->inbox[parity]);
    }
    for (unsigned i = 0; i < SIM_CARGO_CLASSES; i++)
        sim_pool_clear(&domain->cargo[i]);
    sim_calendar_clear(&domain->calendar);
    free(domain);
}

static size_t pool_memory(const struct sim_pool *pool)
{
    return pool->chunk_count * pool->chunk_records * pool->record_size +
           pool->chunk_capacity * sizeof(char *);
}

size_t sim_domain_memory(const struct sim_domain *domain)
{
    size_t blocks = (domain->domains + SIM_BOX_BLOCK - 1) / SIM_BOX_BLOCK;
    size_t bytes = sizeof *domain + sim_calendar_memory(&domain->calendar) +
                   2 * sim_inbox_words(domain->domains) * sizeof(uint64_t);
    for (unsigned i = 0; i < SIM_CARGO_CLASSES; i++)
        bytes += pool_memory(&domain->cargo[i]);
    for (int parity = 0; parity < 2; parity++) {
        bytes += blocks * sizeof(struct sim_outbox *);
        for (size_t i = 0; i < blocks * SIM_BOX_BLOCK; i++) {
            const struct sim_outbox *block = domain->outbox[parity][i / SIM_BOX_BLOCK];
            if (block)
                bytes += sizeof *block +
                         block[i % SIM_BOX_BLOCK].capacity * sizeof(struct sim_event) +
                         block[i % SIM_BOX_BLOCK].cargo_capacity;
        }
    }
    return bytes;
}
