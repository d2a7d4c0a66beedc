/* Arrival processes. Statistical bounds are at four standard errors or at the same level of a
 * Kolmogorov-Smirnov distance: a false alarm in about 1 of 16,000 new seeds per comparison; the
 * seeds are fixed. */
#include "../../models/clock.h"

#include "../suite.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLOCKS = 2, MOST = 20000, ARRIVAL = 1, CHANGE = 2 };

struct bench {
    struct sim_engine *engine;
    struct sim_domain *domain;
    struct clock clock[CLOCKS];
    int next_batch;
    size_t count[CLOCKS];
    int64_t time[CLOCKS][MOST];
    int batch[CLOCKS][MOST];
    bool ordered; /* numbers came as 0, 1, 2, ... */
};

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    struct bench *b = state;
    uint32_t i = event->entity;
    int batch;
    uint64_t number;
    if (event->kind == CHANGE) {
        clock_set(&b->clock[i], domain, event->data.f[0], b->next_batch);
        return SIM_OK;
    }
    if (!clock_arrival(&b->clock[i], domain, b->next_batch, &batch, &number))
        return SIM_OK;
    b->ordered = b->ordered && number == b->count[i];
    if (b->count[i] < MOST) {
        b->time[i][b->count[i]] = event->time;
        b->batch[i][b->count[i]] = batch;
    }
    b->count[i]++;
    return SIM_OK;
}

static struct bench *bench_open(double rate, int batch, uint64_t seed)
{
    struct bench *b = calloc(1, sizeof *b);
    sim_require(b, "memory");
    void *states[1] = {b};
    struct sim_setup setup = {
        .domains = 1, .lookahead = SIM_DAY, .seed = seed, .handler = handle, .states = states};
    sim_require(sim_engine_create(&b->engine, &setup) == SIM_OK, "engine");
    b->domain = sim_engine_domain(b->engine, 0);
    b->next_batch = batch;
    b->ordered = true;
    for (uint32_t i = 0; i < CLOCKS; i++) {
        clock_init(&b->clock[i], b->domain, ARRIVAL, i, 3);
        clock_set(&b->clock[i], b->domain, rate, batch);
    }
    return b;
}

static void bench_close(struct bench *b)
{
    sim_engine_destroy(b->engine);
    free(b);
}

/* To the end of a day: a window of the engine. */
static void run(struct bench *b, double days)
{
    CU_ASSERT_EQUAL(sim_engine_run(b->engine, (int64_t)ceil(days) * SIM_DAY, NULL), SIM_OK);
}

static void change(struct bench *b, uint32_t clock, int64_t time, double rate)
{
    union sim_data data = {.f = {rate}};
    sim_schedule(b->domain, time, 0, CHANGE, clock, &data);
}

/* Days between arrivals n - 1 and n. */
static double gap(const struct bench *b, int clock, size_t n)
{
    int64_t before = n ? b->time[clock][n - 1] : 0;
    return (double)(b->time[clock][n] - before) / (double)SIM_DAY;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Gaps at a constant rate are Gamma(k) with mean k / rate and variance k / rate^2. */
static void check_gaps(int k)
{
    const double rate = 23.85;
    enum { N = 12000 };
    double *gaps = malloc(N * sizeof *gaps), mean = 0, square = 0, distance = 0;
    sim_require(gaps, "memory");
    struct bench *b = bench_open(rate, k, 40 + (uint64_t)k);
    run(b, 1.1 * N * k / rate);
    CU_ASSERT_FATAL(b->count[0] >= N);
    CU_ASSERT(b->ordered);
    for (size_t n = 0; n < N; n++) {
        gaps[n] = gap(b, 0, n);
        mean += gaps[n] / N;
        CU_ASSERT_EQUAL(b->batch[0][n], k);
    }
    for (size_t n = 0; n < N; n++)
        square += (gaps[n] - mean) * (gaps[n] - mean) / (N - 1);
    double variance = k / (rate * rate);
    CU_ASSERT_DOUBLE_EQUAL(mean, k / rate, 4 * sqrt(variance / N));
    /* Kurtosis of Gamma(k): 3 + 6 / k. */
    CU_ASSERT_DOUBLE_EQUAL(square, variance, 4 * variance * sqrt((2 + 6.0 / k) / N));
    qsort(gaps, N, sizeof *gaps, ascending);
    for (size_t n = 0; n < N; n++) {
        double f = gsl_cdf_gamma_P(gaps[n], k, 1 / rate);
        distance = fmax(distance, fmax(f - (double)n / N, (double)(n + 1) / N - f));
    }
    CU_ASSERT(distance < 2.3 / sqrt(N)); /* 2 exp(-2 * 2.3^2) = 5e-5 */
    bench_close(b);
    free(gaps);
}

static void test_gaps(void)
{
    check_gaps(1);
    check_gaps(3);
    check_gaps(10);
}

/* Batches of k come like every k-th of single arrivals (two samples, Kolmogorov-Smirnov). */
static void test_batches(void)
{
    enum { N = 3000, K = 5 };
    double one[N], many[N], distance = 0;
    struct bench *single = bench_open(7.7, 1, 3), *batched = bench_open(7.7, K, 4);
    run(single, 1.1 * N * K / 7.7);
    run(batched, 1.1 * N * K / 7.7);
    CU_ASSERT_FATAL(single->count[0] >= N * K && batched->count[0] >= N);
    for (size_t n = 0; n < N; n++) {
        one[n] = 0;
        for (size_t i = 0; i < K; i++)
            one[n] += gap(single, 0, K * n + i);
        many[n] = gap(batched, 0, n);
    }
    qsort(one, N, sizeof *one, ascending);
    qsort(many, N, sizeof *many, ascending);
    for (size_t i = 0, j = 0; i < N && j < N;) {
        if (one[i] <= many[j])
            i++;
        else
            j++;
        distance = fmax(distance, fabs((double)i - (double)j) / N);
    }
    CU_ASSERT(distance < 2.3 * sqrt(2.0 / N));
    bench_close(single);
    bench_close(batched);
}

/* Changes of rate shift times, but each arrival's threshold is the draw it had: the integral of the
 * rate between arrivals is that of a run at a constant rate. The other clock sees nothing. */
static void test_changes(void)
{
    enum { STEPS = 400 };
    struct bench *still = bench_open(1, 2, 11), *moved = bench_open(1, 2, 11);
    double rate[STEPS + 1] = {1};
    for (int i = 1; i <= STEPS; i++) {
        struct sim_stream stream = sim_stream_make(sim_random_key_make(1, 1), 9, 9, (uint64_t)i);
        rate[i] = i % 7 == 3 ? 0 : 4 * sim_uniform(&stream);
        change(moved, 0, i * SIM_DAY / 2, rate[i]);
    }
    run(still, 450);
    run(moved, 200);
    CU_ASSERT(moved->count[0] > 100 && moved->count[0] <= still->count[0]);
    double integral = 0;
    int64_t at = 0;
    for (size_t n = 0; n < moved->count[0] && n < still->count[0]; n++) {
        while (at < moved->time[0][n]) {
            int64_t step = at / (SIM_DAY / 2), until = (step + 1) * (SIM_DAY / 2);
            int64_t to = until < moved->time[0][n] ? until : moved->time[0][n];
            integral += rate[step > STEPS ? STEPS : step] * (double)(to - at) / (double)SIM_DAY;
            at = to;
        }
        /* A microsecond of rounding per arrival, at rates up to 4 a day. */
        CU_ASSERT_DOUBLE_EQUAL(integral, (double)still->time[0][n] / (double)SIM_DAY,
                               6e-11 * (double)(n + 1) + 1e-12);
        CU_ASSERT_EQUAL(moved->batch[0][n], still->batch[0][n]);
    }
    for (size_t n = 0; n < moved->count[1]; n++)
        CU_ASSERT_EQUAL(moved->time[1][n], still->time[1][n]);
    CU_ASSERT(moved->count[1] > 50);
    bench_close(still);
    bench_close(moved);
}

/* A change at the very moment of an arrival, served before it, neither loses nor doubles it. */
static void test_tie(void)
{
    struct bench *still = bench_open(3, 1, 21);
    run(still, 20);
    for (int faster = 0; faster < 3; faster++) {
        struct bench *tied = bench_open(3, 1, 21);
        change(tied, 0, still->time[0][4], faster == 2 ? 1e-3 : faster ? 300 : 3);
        run(tied, 20);
        CU_ASSERT_FATAL(tied->count[0] >= 5);
        CU_ASSERT_EQUAL(tied->time[0][3], still->time[0][3]);
        CU_ASSERT(tied->time[0][4] >= still->time[0][4]);
        /* What rounding had left, at the slow rate, is at most a microsecond's worth of 3 / day. */
        CU_ASSERT(tied->time[0][4] - still->time[0][4] <= (faster == 2 ? 3001 : 2));
        CU_ASSERT(tied->ordered);
        bench_close(tied);
    }
    bench_close(still);
}

/* The batch asked for at an arrival is that of the next one, not of the present. */
static void test_next_batch(void)
{
    struct bench *b = bench_open(5, 1, 31);
    b->next_batch = 6;
    change(b, 0, 1000, 5); /* a batch given with a rate does not touch the arrival under way */
    run(b, 20);
    CU_ASSERT_EQUAL(b->batch[0][0], 1);
    CU_ASSERT_EQUAL(b->batch[0][1], 6);
    b->next_batch = 0; /* at least one */
    run(b, 40);
    CU_ASSERT_EQUAL(b->batch[0][b->count[0] - 1], 1);
    bench_close(b);
}

static void test_extremes(void)
{
    struct bench *b = bench_open(0, 1, 41);
    run(b, 30000);
    CU_ASSERT_EQUAL(b->count[0], 0);
    change(b, 0, 30000 * SIM_DAY + 1, 10);
    run(b, 30100);
    CU_ASSERT_DOUBLE_EQUAL((double)b->count[0], 1000, 4 * sqrt(1000));
    CU_ASSERT_EQUAL(b->count[1], 0);
    bench_close(b);
    /* A million a day: the count is Poisson. */
    b = bench_open(1e6, 1, 42);
    run(b, 1);
    CU_ASSERT_DOUBLE_EQUAL((double)b->count[0], 1e6, 4e3);
    bench_close(b);
    /* Beyond the clock's resolution time still goes on: at most one arrival a microsecond. */
    b = bench_open(1e15, 1, 43);
    for (uint32_t i = 0; i < CLOCKS; i++)
        change(b, i, 1000, 0);
    run(b, 1);
    CU_ASSERT(b->count[0] >= 990 && b->count[0] <= 1001);
    CU_ASSERT(b->ordered);
    bench_close(b);
}

int main(void)
{
    CU_TestInfo tests[] = {{"gaps are Gamma", test_gaps},
                           {"batches are every k-th", test_batches},
                           {"changes of rate", test_changes},
                           {"change at an arrival", test_tie},
                           {"next batch", test_next_batch},
                           {"zero and huge rates", test_extremes},
                           CU_TEST_INFO_NULL};
    return suite_run("clock", tests);
}
