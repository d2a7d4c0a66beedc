#include "../../sim/station.h"
#include "../suite.h"
#include "provoke.h"

static void servers_fill_before_the_queue(void)
{
    struct sim_station station;
    uint64_t next = 0;
    sim_station_init(&station, 2, 0);
    CU_ASSERT_TRUE(sim_station_arrive(&station, 10, 101, 5));
    CU_ASSERT_TRUE(sim_station_arrive(&station, 10, 102, 5));
    CU_ASSERT_FALSE(sim_station_arrive(&station, 20, 103, 5));
    CU_ASSERT_TRUE(sim_station_leave(&station, 40, &next));
    CU_ASSERT_EQUAL(next, 103);
    CU_ASSERT_FALSE(sim_station_leave(&station, 50, &next));
    CU_ASSERT_EQUAL(station.busy, 1);
    CU_ASSERT_FALSE(sim_station_leave(&station, 60, &next));
    CU_ASSERT_DOUBLE_EQUAL(sim_statistic_mean(&station.busy_servers, 80), (40 * 2 + 10) / 80.0,
                           1e-12);
    CU_ASSERT_DOUBLE_EQUAL(sim_statistic_mean(&station.queue_length, 80), 20 / 80.0, 1e-12);
    sim_station_clear(&station);
    sim_station_clear(&station);
}

static void ties_go_by_priority_and_then_by_arrival(void)
{
    struct sim_station station;
    const unsigned priorities[] = {7, 3, 7, 0, 3, 255, 3};
    const uint64_t order[] = {3, 1, 4, 6, 0, 2, 5};
    uint64_t next = 99;
    sim_station_init(&station, 1, 0);
    CU_ASSERT_TRUE(sim_station_arrive(&station, 9, 50, 200));
    for (uint64_t i = 0; i < 7; i++)
        CU_ASSERT_FALSE(sim_station_arrive(&station, 9, i, priorities[i])); /* all at once */
    for (size_t i = 0; i < 7; i++) {
        CU_ASSERT_TRUE(sim_station_leave(&station, 9, &next));
        CU_ASSERT_EQUAL(next, order[i]);
    }
    CU_ASSERT_FALSE(sim_station_leave(&station, 9, &next));
    sim_station_clear(&station);
}

static void fewer_servers_finish_their_work_and_more_start_at_once(void)
{
    struct sim_station station;
    uint64_t next = 0;
    sim_station_init(&station, 3, 0);
    for (uint64_t i = 0; i < 6; i++)
        CU_ASSERT_EQUAL(sim_station_arrive(&station, 1, i, 0), i < 3);
    sim_station_resize(&station, 2, 1);
    CU_ASSERT_FALSE(sim_station_take(&station, 2, &next));
    CU_ASSERT_FALSE(sim_station_leave(&station, 3, &next)); /* 2 busy, 1 server */
    CU_ASSERT_FALSE(sim_station_leave(&station, 4, &next)); /* 1 busy, 1 server */
    CU_ASSERT_TRUE(sim_station_leave(&station, 5, &next));
    CU_ASSERT_EQUAL(next, 3);
    sim_station_resize(&station, 6, 5);
    CU_ASSERT_FALSE(sim_station_arrive(&station, 6, 6, 0)); /* does not overtake 4 and 5 */
    for (uint64_t i = 4; i < 7; i++) {
        CU_ASSERT_TRUE(sim_station_take(&station, 6, &next));
        CU_ASSERT_EQUAL(next, i);
    }
    CU_ASSERT_FALSE(sim_station_take(&station, 6, &next));
    CU_ASSERT_EQUAL(station.busy, 4);
    sim_station_resize(&station, 7, 0);
    for (int i = 0; i < 4; i++)
        CU_ASSERT_FALSE(sim_station_leave(&station, 8, &next));
    CU_ASSERT_FALSE(sim_station_arrive(&station, 9, 7, 0));
    sim_station_clear(&station);
}

/* Against a list searched from end to end, with many ties. */
static void the_heap_serves_as_a_plain_search_would(void)
{
    enum { MOST = 3000 };
    struct sim_station station;
    unsigned waiting[MOST]; /* priority, 999 where served */
    uint64_t state = 2385, next, arrived = 0;
    sim_station_init(&station, 0, 0); /* none is served on arrival */
    while (arrived < MOST) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        if (state >> 62 != 0) {
            waiting[arrived] = (unsigned)(state >> 40) % 5;
            CU_ASSERT_FALSE_FATAL(sim_station_arrive(&station, 1, arrived, waiting[arrived]));
            arrived++;
            continue;
        }
        sim_station_resize(&station, 1, station.busy + 1);
        size_t best = 0;
        for (size_t i = 0; i < arrived; i++)
            best = waiting[i] < waiting[best] ? i : best;
        bool any = arrived > 0 && waiting[best] != 999;
        CU_ASSERT_EQUAL_FATAL(sim_station_take(&station, 1, &next), any);
        if (any) {
            CU_ASSERT_EQUAL_FATAL(next, best);
            waiting[best] = 999;
        }
    }
    sim_station_clear(&station);
}

static void large_priority(void)
{
    struct sim_station station;
    sim_station_init(&station, 1, 0);
    sim_station_arrive(&station, 0, 1, 256);
}

static void leave_empty(void)
{
    struct sim_station station;
    uint64_t next;
    sim_station_init(&station, 1, 0);
    sim_station_leave(&station, 0, &next);
}

static void wrong_calls_abort(void)
{
    CU_ASSERT(provoke_abort(large_priority, "priority 256"));
    CU_ASSERT(provoke_abort(leave_empty, "a service ends where none runs"));
}

static void queue_without_memory(void)
{
    struct sim_station station;
    sim_station_init(&station, 0, 0);
    provoke_exhaust();
    sim_station_arrive(&station, 0, 1, 5);
}

static void no_memory_for_the_queue_aborts(void)
{
    if (PROVOKE_SANITIZED) {
        suite_skip("the sanitizer's heap cannot be exhausted");
        return;
    }
    CU_ASSERT(provoke_abort(queue_without_memory, "out of memory for 8 waiting customers"));
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"servers fill before the queue", servers_fill_before_the_queue},
        {"ties go by priority, then by arrival", ties_go_by_priority_and_then_by_arrival},
        {"fewer and more servers", fewer_servers_finish_their_work_and_more_start_at_once},
        {"the heap serves as a search would", the_heap_serves_as_a_plain_search_would},
        {"wrong calls abort", wrong_calls_abort},
        {"no memory for the queue aborts", no_memory_for_the_queue_aborts},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim_station", tests);
}
