#include "store.h"

#include "status.h"

#include <inttypes.h>
#include <stdlib.h>

void sim_store_init(struct sim_store *store, int64_t level, int64_t capacity, int64_t now)
{
    sim_require(level >= 0 && level <= capacity, "level %" PRId64 " of %" PRId64, level, capacity);
    *store = (struct sim_store){.level = level, .capacity = capacity};
    sim_statistic_init(&store->levels, now, (double)level);
}

void sim_store_clear(struct sim_store *store)
{
    free(store->queue);
    store->queue = NULL;
    store->head = store->waiting = store->slots = 0;
}

static void set_level(struct sim_store *store, int64_t now, int64_t level)
{
    store->level = level;
    sim_statistic_set(&store->levels, now, (double)level);
}

int64_t sim_store_put(struct sim_store *store, int64_t now, int64_t amount)
{
    sim_require(amount >= 0, "amount %" PRId64, amount);
    int64_t room = store->capacity - store->level;
    int64_t fits = amount < room ? amount : room;
    set_level(store, now, store->level + fits);
    return fits;
}

/* A ring of twice the size, its head at slot 0. */
static void grow(struct sim_store *store)
{
    size_t slots = store->slots ? 2 * store->slots : 8;
    struct sim_taker *queue = malloc(slots * sizeof *queue);
    sim_require(queue, "out of memory for %zu waiting takers", slots);
    for (size_t i = 0; i < store->waiting; i++)
        queue[i] = store->queue[(store->head + i) % store->slots];
    free(store->queue);
    store->queue = queue;
    store->slots = slots;
    store->head = 0;
}

bool sim_store_take(struct sim_store *store, int64_t now, int64_t amount, uint64_t taker)
{
    sim_require(amount >= 0 && amount <= store->capacity,
                "amount %" PRId64 " can never be served by a store of %" PRId64, amount,
                store->capacity);
    if (store->waiting == 0 && amount <= store->level) {
        set_level(store, now, store->level - amount);
        return true;
    }
    if (store->waiting == store->slots)
        grow(store);
    size_t tail = (store->head + store->waiting++) % store->slots;
    store->queue[tail] = (struct sim_taker){.amount = amount, .taker = taker};
    return false;
}

bool sim_store_next(struct sim_store *store, int64_t now, uint64_t *taker)
{
    if (store->waiting == 0 || store->queue[store->head].amount > store->level)
        return false;
    struct sim_taker first = store->queue[store->head];
    store->head = (store->head + 1) % store->slots;
    store->waiting--;
    set_level(store, now, store->level - first.amount);
    *taker = first.taker;
    return true;
}
