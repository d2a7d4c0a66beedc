#include "../../sim/store.h"
#include "../suite.h"
#include "provoke.h"

static void what_fits_is_put_and_the_rest_stays_outside(void)
{
    struct sim_store store;
    sim_store_init(&store, 30, 100, 0);
    CU_ASSERT_EQUAL(sim_store_put(&store, 5, 50), 50);
    CU_ASSERT_EQUAL(sim_store_put(&store, 5, 50), 20);
    CU_ASSERT_EQUAL(sim_store_put(&store, 5, 50), 0);
    CU_ASSERT_EQUAL(sim_store_put(&store, 5, 0), 0);
    CU_ASSERT_EQUAL(store.level, 100);
    CU_ASSERT_TRUE(sim_store_take(&store, 15, 100, 7));
    CU_ASSERT_EQUAL(store.level, 0);
    CU_ASSERT_DOUBLE_EQUAL(sim_statistic_mean(&store.levels, 20), (5 * 30 + 10 * 100) / 20.0,
                           1e-12);
    sim_store_clear(&store);
    sim_store_clear(&store);
}

static void a_small_request_does_not_overtake_a_large_one(void)
{
    struct sim_store store;
    uint64_t taker = 0;
    sim_store_init(&store, 10, 100, 0);
    CU_ASSERT_FALSE(sim_store_take(&store, 1, 60, 11));
    CU_ASSERT_FALSE(sim_store_take(&store, 1, 3, 12)); /* same instant, fits, but came later */
    CU_ASSERT_FALSE(sim_store_next(&store, 1, &taker));
    CU_ASSERT_EQUAL(store.level, 10);
    sim_store_put(&store, 2, 52);
    CU_ASSERT_TRUE(sim_store_next(&store, 2, &taker));
    CU_ASSERT_EQUAL(taker, 11);
    CU_ASSERT_FALSE(sim_store_next(&store, 2, &taker));
    sim_store_put(&store, 3, 1);
    CU_ASSERT_TRUE(sim_store_next(&store, 3, &taker));
    CU_ASSERT_EQUAL(taker, 12);
    CU_ASSERT_EQUAL(store.level, 0);
    CU_ASSERT_FALSE(sim_store_next(&store, 3, &taker));
    sim_store_clear(&store);
}

/* Random puts and takes: takers are served in order, and nothing appears or vanishes. */
static void order_and_amounts_survive_growth_of_the_ring(void)
{
    struct sim_store store;
    sim_store_init(&store, 0, 1000, 0);
    uint64_t state = 2385, asked = 0, served = 0, taker;
    int64_t put = 0, taken = 0, amounts[5000] = {0};
    size_t longest = 0;
    for (int64_t now = 1; now < 20000; now++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int64_t amount = (int64_t)(state >> 40) % 200;
        if (state >> 62 == 0 && asked < 5000) {
            amounts[asked] = amount;
            if (sim_store_take(&store, now, amount, asked++)) {
                CU_ASSERT_EQUAL_FATAL(served, asked - 1);
                taken += amounts[served++];
            }
        } else if (now / 1000 % 2 == 1) { /* every other thousand steps nothing is put */
            put += sim_store_put(&store, now, amount / 3);
        }
        while (sim_store_next(&store, now, &taker)) {
            CU_ASSERT_EQUAL_FATAL(taker, served);
            taken += amounts[served++];
        }
        CU_ASSERT_EQUAL_FATAL(store.level, put - taken);
        CU_ASSERT_EQUAL_FATAL(store.waiting, asked - served);
        longest = store.waiting > longest ? store.waiting : longest;
    }
    CU_ASSERT(longest > 64);
    CU_ASSERT(served > 1000);
    sim_store_clear(&store);
}

static void level_above_capacity(void)
{
    sim_store_init(&(struct sim_store){0}, 11, 10, 0);
}

static void ask(int64_t amount)
{
    struct sim_store store;
    sim_store_init(&store, 5, 10, 0);
    sim_store_take(&store, 0, amount, 1);
    sim_store_clear(&store);
}

static void ask_for_ever(void)
{
    ask(11);
}

static void ask_less_than_nothing(void)
{
    ask(-1);
}

static void put_less_than_nothing(void)
{
    struct sim_store store;
    sim_store_init(&store, 5, 10, 0);
    sim_store_put(&store, 0, -1);
}

static void wrong_calls_abort(void)
{
    CU_ASSERT(provoke_abort(level_above_capacity, "level 11 of 10"));
    CU_ASSERT(provoke_abort(ask_for_ever, "amount 11 can never be served by a store of 10"));
    CU_ASSERT(provoke_abort(ask_less_than_nothing, "amount -1"));
    CU_ASSERT(provoke_abort(put_less_than_nothing, "amount -1"));
}

static void queue_without_memory(void)
{
    struct sim_store store;
    sim_store_init(&store, 0, 10, 0);
    provoke_exhaust();
    sim_store_take(&store, 0, 1, 5);
}

static void no_memory_for_the_queue_aborts(void)
{
    if (PROVOKE_SANITIZED) {
        suite_skip("the sanitizer's heap cannot be exhausted");
        return;
    }
    CU_ASSERT(provoke_abort(queue_without_memory, "out of memory for 8 waiting takers"));
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"what fits is put", what_fits_is_put_and_the_rest_stays_outside},
        {"a small request does not overtake", a_small_request_does_not_overtake_a_large_one},
        {"order and amounts survive growth", order_and_amounts_survive_growth_of_the_ring},
        {"wrong calls abort", wrong_calls_abort},
        {"no memory for the queue aborts", no_memory_for_the_queue_aborts},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim_store", tests);
}
