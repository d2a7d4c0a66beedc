#include "bench_engine.h"

#include "../sim/calendar.h"
#include "../sim/engine.h"
#include "../sim/ensemble.h"
#include "../sim/team.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct bench_clocks bench_clocks_read(void)
{
    struct timespec now;
    struct rusage usage;
    clock_gettime(CLOCK_MONOTONIC, &now);
    getrusage(RUSAGE_SELF, &usage);
    return (struct bench_clocks){(double)now.tv_sec + (double)now.tv_nsec * 1e-9,
                                 (double)usage.ru_utime.tv_sec +
                                     (double)usage.ru_utime.tv_usec * 1e-6};
}

static size_t peak_bytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (size_t)usage.ru_maxrss * 1024;
}

void bench_finish(struct bench_row *row, struct bench_clocks start)
{
    struct bench_clocks end = bench_clocks_read();
    row->seconds = end.wall - start.wall;
    row->cpu_seconds = end.user - start.user;
    row->peak_bytes = peak_bytes();
}

int bench_next_threads(int threads, int most)
{
    if (threads >= most)
        return most + 1;
    return 2 * threads < most ? 2 * threads : most;
}

/* hold */

enum { INCREMENTS = 4093 }; /* drawn before, so that the set alone is measured; a prime */

static bool hold_push(struct sim_calendar *calendar, int64_t time, uint64_t sequence)
{
    uint32_t slot;
    struct sim_record *record = sim_calendar_push(calendar, time, sequence, &slot);
    if (!record)
        return false;
    record->cargo = 0;
    sim_record_set(record, (uint32_t)sequence, 0, 0);
    record->data = (union sim_data){{0}};
    return true;
}

static bool hold_loop(struct sim_calendar *calendar, const uint32_t *increments, uint64_t events,
                      uint64_t *sequence, bool *correct)
{
    int64_t last = 0;
    struct sim_event event;
    uint32_t cargo;
    size_t at = 0;
    for (uint64_t i = 0; i < events; i++) {
        if (!sim_calendar_pop(calendar, INT64_MAX, &event, &cargo))
            return false;
        *correct &= event.time >= last;
        last = event.time;
        if (!hold_push(calendar, last + increments[at], ++*sequence))
            return false;
        at = at + 1 < INCREMENTS ? at + 1 : 0;
    }
    return true;
}

static enum sim_status hold_size(uint64_t size, bench_report *report, void *to)
{
    struct sim_calendar calendar;
    uint32_t increments[INCREMENTS];
    struct sim_stream s = sim_stream_make(sim_random_key_make(1, 0), 0, 0, 0);
    for (int i = 0; i < INCREMENTS; i++)
        increments[i] = (uint32_t)(sim_exponential(&s) * 1e6);
    struct bench_row row = {.name = "hold", .size = size, .threads = 1, .correct = true};
    snprintf(row.note, sizeof row.note, "times never fall");
    row.events = 4000000;
    sim_calendar_init(&calendar);
    uint64_t sequence = 0;
    bool good = true;
    while (good && sequence < size) {
        int64_t time = (int64_t)(sim_exponential(&s) * 1e6);
        good = hold_push(&calendar, time, ++sequence);
    }
    bool warm = true; /* to the steady state: each event was held once */
    good = good && hold_loop(&calendar, increments, size, &sequence, &warm);
    struct bench_clocks start = bench_clocks_read();
    good = good && hold_loop(&calendar, increments, row.events, &sequence, &row.correct);
    bench_finish(&row, start);
    row.bytes = sim_calendar_memory(&calendar);
    row.pending = sim_calendar_live(&calendar);
    sim_calendar_clear(&calendar);
    if (good)
        report(to, &row);
    return good ? SIM_OK : SIM_MEMORY;
}

enum sim_status bench_hold(bench_report *report, void *to)
{
    static const uint64_t sizes[] = {100, 1024, 10000, 100000, 1000000};
    enum sim_status status = SIM_OK;
    for (size_t i = 0; status == SIM_OK && i < sizeof sizes / sizeof sizes[0]; i++)
        status = hold_size(sizes[i], report, to);
    return status;
}

/* mm1 */

enum { MM1_ARRIVE, MM1_LEAVE, MM1_BATCHES = 20, MM1_RING = 1 << 14 };

struct mm1 {
    struct sim_stream arrivals, services;
    uint64_t customers, batch, come, gone;
    uint64_t batch_end; /* value of gone at which the next of sums begins */
    int batch_now;
    uint64_t head, tail; /* of ring, which holds the times of arrival; head is served */
    double sums[MM1_BATCHES];
    int64_t ring[MM1_RING];
};

static void mm1_serve(struct sim_domain *domain, struct mm1 *mm1)
{
    int64_t time = sim_now(domain) + (int64_t)(sim_exponential(&mm1->services) * 1e6);
    sim_schedule(domain, time, 0, MM1_LEAVE, 0, NULL);
}

static enum sim_status mm1_handle(struct sim_domain *domain, void *state,
                                  const struct sim_event *event, const void *cargo)
{
    struct mm1 *mm1 = state;
    (void)cargo;
    if (event->kind == MM1_ARRIVE) {
        if (mm1->tail - mm1->head == MM1_RING)
            return sim_fail(domain, SIM_MODEL, "the queue is longer than %d", MM1_RING);
        mm1->ring[mm1->tail++ % MM1_RING] = event->time;
        if (++mm1->come < mm1->customers) {
            double wait = sim_exponential(&mm1->arrivals) * (1e6 / 0.9);
            sim_schedule(domain, event->time + (int64_t)wait, 0, MM1_ARRIVE, 0, NULL);
        }
        if (mm1->tail - mm1->head == 1)
            mm1_serve(domain, mm1);
    } else {
        int64_t came = mm1->ring[mm1->head++ % MM1_RING];
        if (mm1->gone++ == mm1->batch_end) {
            mm1->batch_end += mm1->batch;
            mm1->batch_now++;
        }
        mm1->sums[mm1->batch_now] += (double)(event->time - came) * 1e-6;
        if (mm1->tail != mm1->head)
            mm1_serve(domain, mm1);
    }
    return SIM_OK;
}

/* Mean time in system 1 / (1 - 0.9); standard error from batches, 7.1 of which is 1e-6
 * by Student's t with 19 degrees of freedom. */
static void mm1_judge(struct bench_row *row, const struct mm1 *mm1)
{
    double mean = 0, squares = 0, theory = 1 / (1 - 0.9);
    for (int i = 0; i < MM1_BATCHES; i++)
        mean += mm1->sums[i] / (double)mm1->batch / MM1_BATCHES;
    for (int i = 0; i < MM1_BATCHES; i++) {
        double off = mm1->sums[i] / (double)mm1->batch - mean;
        squares += off * off;
    }
    double error = sqrt(squares / (MM1_BATCHES - 1) / MM1_BATCHES);
    row->correct = fabs(mean - theory) < 7.1 * error && mm1->gone == mm1->customers;
    snprintf(row->note, sizeof row->note, "time in system %.3f +- %.3f, theory %.3f", mean, error,
             theory);
}

static enum sim_status mm1_size(uint64_t customers, bench_report *report, void *to)
{
    struct mm1 *mm1 = calloc(1, sizeof *mm1);
    if (!mm1)
        return SIM_MEMORY;
    void *states[] = {mm1};
    struct sim_setup setup = {
        .domains = 1, .lookahead = SIM_DAY, .seed = 1, .handler = mm1_handle, .states = states};
    struct sim_engine *engine = NULL;
    enum sim_status status = sim_engine_create(&engine, &setup);
    if (status == SIM_OK) {
        struct sim_domain *domain = sim_engine_domain(engine, 0);
        mm1->arrivals = sim_stream_at(domain, 0, 0, 0);
        mm1->services = sim_stream_at(domain, 0, 1, 0);
        mm1->customers = customers;
        mm1->batch = customers / MM1_BATCHES; /* without a rest */
        mm1->batch_end = mm1->batch;
        sim_schedule(domain, 0, 0, MM1_ARRIVE, 0, NULL);
        struct bench_row row = {.name = "mm1", .size = customers, .threads = 1};
        struct bench_clocks start = bench_clocks_read();
        while (status == SIM_OK && mm1->gone < customers)
            status = sim_engine_run(engine, sim_engine_time(engine) + SIM_DAY, NULL);
        bench_finish(&row, start);
        row.events = sim_engine_events(engine);
        row.bytes = sim_engine_memory(engine);
        row.pending = 1;
        mm1_judge(&row, mm1);
        if (status == SIM_OK)
            report(to, &row);
    }
    sim_engine_destroy(engine);
    free(mm1);
    return status;
}

enum sim_status bench_mm1(bench_report *report, void *to)
{
    enum sim_status status = mm1_size(1000000, report, to);
    return status == SIM_OK ? mm1_size(10000000, report, to) : status;
}

/* phold, windows and replicates: entities that pass the time, alone or by message */

struct crowd {
    const char *name;
    uint64_t size; /* for the row */
    uint32_t entities, domains;
    int64_t lookahead;
    double interval; /* mean time between an entity's events, microseconds */
    uint32_t remote; /* of 65,536 events go to another domain */
    bool skewed;     /* domain i has a load of (i + 1)^-1/2, else all are equal */
    int64_t windows;
};

static enum sim_status pass_on(struct sim_domain *domain, void *state,
                               const struct sim_event *event, const void *cargo)
{
    const struct crowd *crowd = state;
    (void)cargo;
    union sim_data data = {.i = {event->data.i[0] + 1}};
    struct sim_stream s = sim_stream_at(domain, event->entity, 0, (uint64_t)data.i[0]);
    int64_t time = event->time + (int64_t)(sim_exponential(&s) * crowd->interval);
    uint32_t word = sim_stream_word(&s);
    if ((word & 0xffff) < crowd->remote) {
        uint32_t to = sim_domain_index(domain) + 1 + ((word >> 16) * (crowd->domains - 1) >> 16);
        to = to < crowd->domains ? to : to - crowd->domains;
        sim_send(domain, to, time + crowd->lookahead, 0, 0, event->entity, &data, NULL, 0);
    } else {
        sim_schedule(domain, time, 0, 0, event->entity, &data);
    }
    return SIM_OK;
}

enum { DOMAINS_MAX = 32 };

static double load_of(const struct crowd *crowd, uint32_t domain)
{
    return crowd->skewed ? 1 / sqrt(domain + 1.0) : 1;
}

/* Entities by load, each with its first event in the first interval. */
static void populate(const struct crowd *crowd, struct sim_engine *engine)
{
    double sum = 0, before = 0;
    for (uint32_t i = 0; i < crowd->domains; i++)
        sum += load_of(crowd, i);
    uint32_t entity = 0;
    for (uint32_t i = 0; i < crowd->domains; i++) {
        before += load_of(crowd, i);
        struct sim_domain *domain = sim_engine_domain(engine, i);
        for (; entity < before / sum * crowd->entities - 0.5; entity++) {
            struct sim_stream s = sim_stream_at(domain, entity, 1, 0);
            sim_schedule(domain, (int64_t)(sim_uniform(&s) * crowd->interval), 0, 0, entity, NULL);
        }
    }
}

struct outcome {
    uint64_t hash, events;
    size_t bytes;
    struct bench_clocks start; /* after the population */
};

static enum sim_status run_crowd(const struct crowd *crowd, uint64_t replicate,
                                 struct sim_team *team, struct outcome *outcome)
{
    void *states[DOMAINS_MAX];
    double loads[DOMAINS_MAX];
    struct crowd copy = *crowd;
    for (uint32_t i = 0; i < crowd->domains; i++) {
        states[i] = &copy;
        loads[i] = load_of(crowd, i);
    }
    struct sim_setup setup = {.domains = crowd->domains,
                              .lookahead = crowd->lookahead,
                              .seed = 1,
                              .replicate = replicate,
                              .handler = pass_on,
                              .states = states,
                              .loads = loads};
    struct sim_engine *engine = NULL;
    enum sim_status status = sim_engine_create(&engine, &setup);
    if (status != SIM_OK)
        return status;
    populate(crowd, engine);
    outcome->start = bench_clocks_read();
    status = sim_engine_run(engine, crowd->windows * crowd->lookahead, team);
    outcome->hash = sim_engine_hash(engine);
    outcome->events = sim_engine_events(engine);
    outcome->bytes = sim_engine_memory(engine);
    sim_engine_destroy(engine);
    return status;
}

static enum sim_status report_crowd(const struct crowd *crowd, int threads, bench_report *report,
                                    void *to)
{
    uint64_t expected = 0;
    for (int count = 1; count <= threads; count = bench_next_threads(count, threads)) {
        struct sim_team *team = sim_team_create(count);
        if (!team)
            return SIM_MEMORY;
        struct bench_row row = {.name = crowd->name,
                                .size = crowd->size,
                                .threads = sim_team_size(team),
                                .pending = crowd->entities};
        struct outcome outcome;
        enum sim_status status = run_crowd(crowd, 0, team, &outcome);
        bench_finish(&row, outcome.start);
        sim_team_destroy(team);
        if (status != SIM_OK)
            return status;
        expected = count == 1 ? outcome.hash : expected;
        row.events = outcome.events;
        row.bytes = outcome.bytes;
        row.correct = outcome.hash == expected;
        snprintf(row.note, sizeof row.note, "hash %016llx", (unsigned long long)outcome.hash);
        report(to, &row);
    }
    return SIM_OK;
}

enum { PHOLD_DOMAINS = 8, REMOTE_QUARTER = 1 << 14 };

/* Mean time to the next event equals the lookahead; a message takes one more. */
static struct crowd phold(uint32_t entities, int64_t events)
{
    return (struct crowd){.name = "phold",
                          .size = entities,
                          .entities = entities,
                          .domains = PHOLD_DOMAINS,
                          .lookahead = SIM_SECOND,
                          .interval = 1e6,
                          .remote = REMOTE_QUARTER,
                          .windows = events * 5 / 4 / entities};
}

enum sim_status bench_phold(bench_report *report, void *to, int threads)
{
    int most = threads < BENCH_TEAM_MAX ? threads : BENCH_TEAM_MAX;
    struct crowd small = phold(1024, 4000000), large = phold(100000, 4000000);
    enum sim_status status = report_crowd(&small, most, report, to);
    return status == SIM_OK ? report_crowd(&large, most, report, to) : status;
}

enum sim_status bench_windows(bench_report *report, void *to, int threads)
{
    static const uint64_t rates[] = {100000, 1000000, 10000000};
    static const int64_t days[] = {3650, 1095, 180};
    int most = threads < BENCH_TEAM_MAX ? threads : BENCH_TEAM_MAX;
    enum sim_status status = SIM_OK;
    for (int i = 0; status == SIM_OK && i < 3; i++) {
        struct crowd crowd = {.name = "windows",
                              .size = rates[i],
                              .entities = 4096,
                              .domains = DOMAINS_MAX,
                              .lookahead = SIM_DAY,
                              .interval = 4096.0 * 365 * (double)SIM_DAY / (double)rates[i],
                              .remote = 65536 / 20,
                              .skewed = true,
                              .windows = days[i]};
        status = report_crowd(&crowd, most, report, to);
    }
    return status;
}

enum { REPLICATES = 16 };

struct replicates {
    struct crowd crowd;
    struct outcome outcomes[REPLICATES];
};

static enum sim_status run_replicate(void *shared, struct sim_task task, struct sim_team *team)
{
    struct replicates *all = shared;
    return run_crowd(&all->crowd, task.replicate, team, &all->outcomes[task.replicate]);
}

enum sim_status bench_replicates(bench_report *report, void *to, int threads)
{
    struct replicates all = {.crowd = phold(1024, 500000)};
    uint64_t expected = 0;
    for (int count = 1; count <= threads; count = bench_next_threads(count, threads)) {
        struct sim_plan plan = {.scenarios = 1, .last = REPLICATES, .parts = 1, .threads = count};
        struct bench_row row = {.name = "replicates",
                                .size = REPLICATES,
                                .threads = count,
                                .pending = all.crowd.entities};
        struct sim_tally tally;
        struct bench_clocks start = bench_clocks_read();
        enum sim_status status = sim_ensemble_run(&plan, run_replicate, NULL, &all, &tally);
        bench_finish(&row, start);
        if (status != SIM_OK)
            return status;
        uint64_t sum = 0;
        for (int i = 0; i < REPLICATES; i++) {
            sum += all.outcomes[i].hash;
            row.events += all.outcomes[i].events;
        }
        expected = count == 1 ? sum : expected;
        row.correct = sum == expected;
        row.bytes = all.outcomes[0].bytes;
        snprintf(row.note, sizeof row.note, "sum of hashes %016llx", (unsigned long long)sum);
        report(to, &row);
    }
    return SIM_OK;
}
