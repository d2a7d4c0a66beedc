#include "pool.h"

#include "status.h"

#include <stdlib.h>

enum { CHUNK_BYTES = 16384, LINE_BYTES = 64 };

static size_t round_up(size_t value, size_t step)
{
    return (value + step - 1) / step * step;
}

void sim_pool_init(struct sim_pool *pool, size_t record_size)
{
    sim_require(record_size > 0 && record_size <= (size_t)1 << 30, "record of %zu bytes",
                record_size);
    size_t step = record_size < 16 ? 8 : 16; /* 16 suits every type of the language */
    size_t size = round_up(record_size, step);
    size_t records = 1; /* a power of two, so that a slot is split by a shift */
    while (records * 2 * size <= CHUNK_BYTES)
        records *= 2;
    *pool =
        (struct sim_pool){.record_size = size, .chunk_records = records, .free_head = UINT32_MAX};
}

void sim_pool_clear(struct sim_pool *pool)
{
    for (size_t i = 0; i < pool->chunk_count; i++)
        free(pool->chunks[i]);
    free(pool->chunks);
    pool->chunks = NULL;
    pool->chunk_count = pool->chunk_capacity = 0;
    pool->free_head = UINT32_MAX;
    pool->used_high = pool->live = 0;
}

static int add_chunk(struct sim_pool *pool)
{
    if (pool->chunk_count == pool->chunk_capacity) {
        size_t capacity = pool->chunk_capacity ? 2 * pool->chunk_capacity : 4;
        char **chunks = realloc(pool->chunks, capacity * sizeof *chunks);
        if (!chunks)
            return 0;
        pool->chunks = chunks;
        pool->chunk_capacity = capacity;
    }
    size_t bytes = round_up(pool->chunk_records * pool->record_size, LINE_BYTES);
    char *chunk = aligned_alloc(LINE_BYTES, bytes);
    if (!chunk)
        return 0;
    pool->chunks[pool->chunk_count++] = chunk;
    return 1;
}

static char *address(const struct sim_pool *pool, uint32_t slot)
{
    unsigned shift = (unsigned)__builtin_ctzll(pool->chunk_records);
    return pool->chunks[slot >> shift] + (slot & (pool->chunk_records - 1)) * pool->record_size;
}

uint32_t sim_pool_take(struct sim_pool *pool)
{
    uint32_t slot = pool->free_head;
    if (slot != UINT32_MAX) {
        pool->free_head = *(const uint32_t *)(const void *)address(pool, slot);
    } else {
        if (pool->used_high == UINT32_MAX)
            return UINT32_MAX;
        if (pool->used_high == pool->chunk_count * pool->chunk_records && !add_chunk(pool))
            return UINT32_MAX;
        slot = pool->used_high++;
    }
    pool->live++;
    return slot;
}

void sim_pool_give(struct sim_pool *pool, uint32_t slot)
{
    sim_require(slot < pool->used_high && pool->live > 0, "slot %u was never taken", slot);
    *(uint32_t *)(void *)address(pool, slot) = pool->free_head;
    pool->free_head = slot;
    pool->live--;
}

void *sim_pool_at(const struct sim_pool *pool, uint32_t slot)
{
    sim_require(slot < pool->used_high, "slot %u was never taken", slot);
    return address(pool, slot);
}
