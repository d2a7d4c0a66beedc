#include "station.h"

#include "status.h"

#include <stdlib.h>

enum { ARRIVAL_BITS = 56, PRIORITIES = 256 };

void sim_station_init(struct sim_station *station, uint32_t servers, int64_t now)
{
    *station = (struct sim_station){.servers = servers};
    sim_statistic_init(&station->busy_servers, now, 0);
    sim_statistic_init(&station->queue_length, now, 0);
}

void sim_station_clear(struct sim_station *station)
{
    free(station->queue);
    station->queue = NULL;
    station->waiting = station->capacity = 0;
}

static void push(struct sim_station *station, struct sim_waiting waiting)
{
    if (station->waiting == station->capacity) {
        size_t capacity = station->capacity ? 2 * station->capacity : 8;
        struct sim_waiting *queue = realloc(station->queue, capacity * sizeof *queue);
        sim_require(queue, "out of memory for %zu waiting customers", capacity);
        station->queue = queue;
        station->capacity = capacity;
    }
    struct sim_waiting *queue = station->queue;
    size_t hole = station->waiting++;
    while (hole > 0 && waiting.rank < queue[(hole - 1) / 2].rank) {
        queue[hole] = queue[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    queue[hole] = waiting;
}

static uint64_t pop(struct sim_station *station)
{
    struct sim_waiting *queue = station->queue;
    uint64_t customer = queue[0].customer;
    size_t count = --station->waiting;
    struct sim_waiting last = queue[count];
    size_t hole = 0;
    for (size_t child = 1; child < count; child = 2 * hole + 1) {
        if (child + 1 < count && queue[child + 1].rank < queue[child].rank)
            child++;
        if (last.rank <= queue[child].rank)
            break;
        queue[hole] = queue[child];
        hole = child;
    }
    queue[hole] = last;
    return customer;
}

static void set_busy(struct sim_station *station, int64_t now, uint32_t busy)
{
    station->busy = busy;
    sim_statistic_set(&station->busy_servers, now, busy);
}

bool sim_station_arrive(struct sim_station *station, int64_t now, uint64_t customer,
                        unsigned priority)
{
    sim_require(priority < PRIORITIES, "priority %u", priority);
    uint64_t number = station->arrivals++;
    /* A free server beside waiting customers is theirs (sim_station_take), not the newcomer's. */
    if (station->busy < station->servers && station->waiting == 0) {
        set_busy(station, now, station->busy + 1);
        return true;
    }
    uint64_t rank = (uint64_t)priority << ARRIVAL_BITS | number;
    push(station, (struct sim_waiting){.rank = rank, .customer = customer});
    sim_statistic_set(&station->queue_length, now, (double)station->waiting);
    return false;
}

bool sim_station_take(struct sim_station *station, int64_t now, uint64_t *next)
{
    if (station->busy >= station->servers || station->waiting == 0)
        return false;
    *next = pop(station);
    sim_statistic_set(&station->queue_length, now, (double)station->waiting);
    set_busy(station, now, station->busy + 1);
    return true;
}

bool sim_station_leave(struct sim_station *station, int64_t now, uint64_t *next)
{
    sim_require(station->busy > 0, "a service ends where none runs");
    set_busy(station, now, station->busy - 1);
    return sim_station_take(station, now, next);
}

void sim_station_resize(struct sim_station *station, int64_t now, uint32_t servers)
{
    sim_statistic_set(&station->busy_servers, now, station->busy);
    station->servers = servers;
}
