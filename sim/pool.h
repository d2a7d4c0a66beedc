/* A pool of equal-sized records that belongs to one domain. Slots are numbers, chunks never move,
 * freed slots are reused last in first out. Growing is the only allocation a handler may cause. */
#ifndef SIM_POOL_H
#define SIM_POOL_H

#include <stddef.h>
#include <stdint.h>

struct sim_pool {
    size_t record_size, chunk_records;
    char **chunks;
    size_t chunk_count, chunk_capacity;
    uint32_t free_head; /* UINT32_MAX: none */
    uint32_t used_high; /* slots ever handed out */
    uint32_t live;
};

enum { SIM_POOL_NONE = -1 };

void sim_pool_init(struct sim_pool *pool, size_t record_size);
void sim_pool_clear(struct sim_pool *pool);
/* A slot, contents undefined; UINT32_MAX when out of memory. */
uint32_t sim_pool_take(struct sim_pool *pool);
void sim_pool_give(struct sim_pool *pool, uint32_t slot);
void *sim_pool_at(const struct sim_pool *pool, uint32_t slot);

#endif
