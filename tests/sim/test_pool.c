#include "../../sim/pool.h"
#include "../suite.h"
#include "aborts.h"

#include <string.h>

enum { MANY = 100000 };

static void slots_keep_their_contents(void)
{
    struct sim_pool pool;
    sim_pool_init(&pool, 24);
    void *first = NULL;
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t slot = sim_pool_take(&pool);
        CU_ASSERT_FATAL(slot == i);
        memset(sim_pool_at(&pool, slot), (int)(i % 251), 24);
        if (i == 0)
            first = sim_pool_at(&pool, slot);
    }
    CU_ASSERT(pool.live == MANY);
    CU_ASSERT(first == sim_pool_at(&pool, 0)); /* records never move */
    unsigned wrong = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        const unsigned char *at = sim_pool_at(&pool, i);
        for (int byte = 0; byte < 24; byte++)
            wrong += at[byte] != i % 251;
    }
    CU_ASSERT(wrong == 0);
    sim_pool_clear(&pool);
}

static void freed_slots_come_back_last_in_first_out(void)
{
    struct sim_pool pool;
    sim_pool_init(&pool, 1);
    for (int i = 0; i < 10; i++)
        sim_pool_take(&pool);
    sim_pool_give(&pool, 3);
    sim_pool_give(&pool, 7);
    CU_ASSERT(pool.live == 8);
    CU_ASSERT(sim_pool_take(&pool) == 7);
    CU_ASSERT(sim_pool_take(&pool) == 3);
    CU_ASSERT(sim_pool_take(&pool) == 10);
    sim_pool_clear(&pool);
    CU_ASSERT(sim_pool_take(&pool) == 0); /* usable again after clearing */
    sim_pool_clear(&pool);
}

static void records_are_aligned_and_apart(void)
{
    static const size_t sizes[] = {1, 4, 8, 12, 16, 40, 64, 1000, 65536};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct sim_pool pool;
        sim_pool_init(&pool, sizes[s]);
        for (uint32_t i = 0; i < 40; i++) {
            memset(sim_pool_at(&pool, sim_pool_take(&pool)), (int)i, sizes[s]);
            CU_ASSERT((uintptr_t)sim_pool_at(&pool, i) % (sizes[s] < 16 ? 8 : 16) == 0);
        }
        unsigned wrong = 0;
        for (uint32_t i = 0; i < 40; i++)
            wrong += *(unsigned char *)sim_pool_at(&pool, i) != i ||
                     ((unsigned char *)sim_pool_at(&pool, i))[sizes[s] - 1] != i;
        CU_ASSERT(wrong == 0);
        sim_pool_clear(&pool);
    }
}

static void read_foreign_slot(void)
{
    struct sim_pool pool;
    sim_pool_init(&pool, 8);
    sim_pool_take(&pool);
    sim_pool_at(&pool, 1);
}

static void give_foreign_slot(void)
{
    struct sim_pool pool;
    sim_pool_init(&pool, 8);
    sim_pool_give(&pool, 0);
}

static void make_empty_records(void)
{
    struct sim_pool pool;
    sim_pool_init(&pool, 0);
}

static void misuse_is_refused(void)
{
    CU_ASSERT(aborts(read_foreign_slot));
    CU_ASSERT(aborts(give_foreign_slot));
    CU_ASSERT(aborts(make_empty_records));
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"misuse is refused", misuse_is_refused},
        {"slots keep their contents", slots_keep_their_contents},
        {"freed slots come back last in, first out", freed_slots_come_back_last_in_first_out},
        {"records are aligned and apart", records_are_aligned_and_apart},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim/pool", tests);
}
