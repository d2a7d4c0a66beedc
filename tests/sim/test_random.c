/* False-alarm rates: each statistical check below has one of at most 1e-7 at its fixed seed, so
 * that the family stays below 5e-6. */
#include "../../sim/random.h"
#include "../suite.h"
#include "aborts.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS = 1000000 };

static struct sim_stream stream(uint32_t entity)
{
    return sim_stream_make(sim_random_key_make(7, 3), entity, 11, 13);
}

/* Known answers of Random123 1.09 (kat_vectors, philox4x32 with 10 rounds). The third one, all
 * ones, is the last block of a stream, which is refused. */
static void known_answers(void)
{
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (int i = 0; i < 2; i++) {
        struct sim_stream s = {.used = 4};
        memcpy(s.key.word, known[i].key, sizeof s.key.word);
        memcpy(s.counter, known[i].counter, sizeof s.counter);
        for (int word = 0; word < 4; word++)
            CU_ASSERT(sim_stream_word(&s) == known[i].answer[word]);
    }
}

static void every_name_has_its_stream(void)
{
    struct sim_stream s[] = {
        sim_stream_make(sim_random_key_make(7, 3), 5, 11, 13),
        sim_stream_make(sim_random_key_make(8, 3), 5, 11, 13),
        sim_stream_make(sim_random_key_make(7, 4), 5, 11, 13),
        sim_stream_make(sim_random_key_make(3, 7), 5, 11, 13),
        sim_stream_make(sim_random_key_make(7, 3), 6, 11, 13),
        sim_stream_make(sim_random_key_make(7, 3), 5, 12, 13),
        sim_stream_make(sim_random_key_make(7, 3), 5, 11, 14),
        sim_stream_make(sim_random_key_make(7, 3), 5, 11, 13 + (UINT64_C(1) << 40)),
    };
    enum { COUNT = sizeof s / sizeof s[0] };
    uint32_t words[COUNT];
    for (int i = 0; i < COUNT; i++) {
        words[i] = sim_stream_word(&s[i]);
        for (int j = 0; j < i; j++)
            CU_ASSERT(words[i] != words[j]);
    }
    struct sim_stream again = sim_stream_make(sim_random_key_make(7, 3), 5, 11, 13);
    CU_ASSERT(sim_stream_word(&again) == words[0]);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov-Smirnov, asymptotic: P(D sqrt(n) > 2.91) = 2 exp(-2 x 2.91^2) = 9e-8. */
static bool fits(double *values, double (*cumulative)(double))
{
    qsort(values, DRAWS, sizeof *values, compare);
    double worst = 0;
    for (int i = 0; i < DRAWS; i++) {
        double p = cumulative(values[i]);
        worst = fmax(worst, fmax(fabs(p - (double)i / DRAWS), fabs(p - (i + 1.0) / DRAWS)));
    }
    return worst * sqrt(DRAWS) < 2.91;
}

/* Mean and variance within 5.4 standard errors: two sides, 7e-8. */
static bool moments(const double *values, double mean, double variance, double fourth)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += values[i];
        squares += (values[i] - mean) * (values[i] - mean);
    }
    double spread = sqrt((fourth - variance * variance) / DRAWS);
    return fabs(sum / DRAWS - mean) < 5.4 * sqrt(variance / DRAWS) &&
           fabs(squares / DRAWS - variance) < 5.4 * spread;
}

static double uniform_cumulative(double x)
{
    return x;
}

static double exponential_cumulative(double x)
{
    return -expm1(-x);
}

static double normal_cumulative(double x)
{
    return gsl_cdf_ugaussian_P(x);
}

static double gamma3_cumulative(double x)
{
    return gsl_cdf_gamma_P(x, 3, 1);
}

static double gamma20_cumulative(double x)
{
    return gsl_cdf_gamma_P(x, 20, 1);
}

static double gamma_3(struct sim_stream *s)
{
    return sim_gamma_int(s, 3);
}

static double gamma_20(struct sim_stream *s)
{
    return sim_gamma_int(s, 20);
}

/* Fourth central moments: uniform 1/80, exponential 9, normal 3, gamma 3 k (k + 2). */
static void variates_have_their_distribution(void)
{
    static const struct {
        double (*draw)(struct sim_stream *);
        double (*cumulative)(double);
        double mean, variance, fourth;
    } cases[] = {
        {sim_uniform, uniform_cumulative, 0.5, 1.0 / 12, 1.0 / 80},
        {sim_exponential, exponential_cumulative, 1, 1, 9},
        {sim_normal, normal_cumulative, 0, 1, 3},
        {sim_exponential_inverse, exponential_cumulative, 1, 1, 9},
        {sim_normal_inverse, normal_cumulative, 0, 1, 3},
        {gamma_3, gamma3_cumulative, 3, 3, 45},
        {gamma_20, gamma20_cumulative, 20, 20, 1320},
    };
    double *values = malloc(DRAWS * sizeof *values);
    CU_ASSERT_FATAL(values != NULL);
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sim_stream s = stream(i);
        for (int n = 0; n < DRAWS; n++)
            values[n] = cases[i].draw(&s);
        CU_ASSERT(moments(values, cases[i].mean, cases[i].variance, cases[i].fourth));
        CU_ASSERT(fits(values, cases[i].cumulative));
    }
    free(values);
}

/* Beyond the ziggurat's layers: P(X > x | X > r), r the edge of its base (sim/ziggurat.h). */
static double exponential_tail_cumulative(double x)
{
    return -expm1(7.69711747013105 - x);
}

static double normal_tail_cumulative(double x)
{
    return 1 - gsl_cdf_ugaussian_Q(x) / gsl_cdf_ugaussian_Q(3.6541528853610092);
}

/* Streams whose first two words choose layer 0 and its far end, so that all draws are tails. */
static void tails_have_their_distribution(void)
{
    double *values = malloc(DRAWS * sizeof *values);
    CU_ASSERT_FATAL(values != NULL);
    for (int normal = 0; normal < 2; normal++) {
        for (uint32_t i = 0; i < DRAWS; i++) {
            struct sim_stream s = stream(i);
            s.buffer[2] = UINT32_MAX;
            s.buffer[3] = 0;
            s.used = 2;
            values[i] = normal ? sim_normal(&s) : sim_exponential(&s);
        }
        CU_ASSERT(fits(values, normal ? normal_tail_cumulative : exponential_tail_cumulative));
    }
    free(values);
}

/* First draws of neighbouring streams fill 1,024 cells evenly, alone and in pairs: chi-square
 * above its quantile with probability 1e-7. */
static void neighbouring_streams_are_independent(void)
{
    enum { CELLS = 1024, SIDE = 32 };
    unsigned cells[CELLS] = {0}, pairs[CELLS] = {0};
    double last = 0.5, single = 0, joint = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        struct sim_stream s =
            sim_stream_make(sim_random_key_make(1, 0), i % 1000, 2, (uint64_t)(i / 1000));
        double u = sim_uniform(&s);
        cells[(int)(u * CELLS)]++;
        pairs[(int)(u * SIDE) * SIDE + (int)(last * SIDE)]++;
        last = u;
    }
    double expected = (double)DRAWS / CELLS;
    for (int i = 0; i < CELLS; i++) {
        single += (cells[i] - expected) * (cells[i] - expected) / expected;
        joint += (pairs[i] - expected) * (pairs[i] - expected) / expected;
    }
    CU_ASSERT(gsl_cdf_chisq_Q(single, CELLS - 1) > 1e-7);
    CU_ASSERT(gsl_cdf_chisq_Q(joint, CELLS - 1) > 1e-7);
}

/* A stream whose next block is chosen to be followed: inversion is monotone in its uniform. */
static void inverses_are_monotone(void)
{
    enum { POINTS = 100000 };
    struct {
        double u, exponential, normal;
    } at = {0, 0, -INFINITY};
    unsigned wrong = 0;
    for (uint32_t i = 0; i < POINTS; i++) {
        /* buffers with rising words */
        struct sim_stream a = {.buffer = {i * (UINT32_MAX / POINTS), 12345, 0, 0}};
        struct sim_stream b = a, c = a;
        double u = sim_uniform(&a), e = sim_exponential_inverse(&b), n = sim_normal_inverse(&c);
        wrong += !(u > at.u && e > at.exponential && n > at.normal);
        at.u = u;
        at.exponential = e;
        at.normal = n;
    }
    CU_ASSERT(wrong == 0);
}

static void uniforms_stay_inside(void)
{
    struct sim_stream zeros = {.buffer = {0, 0, UINT32_MAX, UINT32_MAX}};
    struct sim_stream again = zeros, third = zeros;
    double low = sim_uniform(&zeros), high = sim_uniform(&zeros);
    CU_ASSERT(low > 0 && low < 1e-16);
    CU_ASSERT(high < 1 && high > 1 - 1e-15);
    CU_ASSERT(isfinite(sim_normal_inverse(&again)) && isfinite(sim_normal_inverse(&again)));
    CU_ASSERT(sim_exponential_inverse(&third) > 0);
    CU_ASSERT(isfinite(sim_exponential_inverse(&third)));
}

static void gsl_sees_the_same_words(void)
{
    struct sim_stream ours = stream(9), theirs = stream(9);
    gsl_rng view = sim_stream_gsl(&theirs);
    CU_ASSERT(gsl_rng_min(&view) == 0 && gsl_rng_max(&view) == UINT32_MAX);
    for (int i = 0; i < 101; i++)
        CU_ASSERT(gsl_rng_get(&view) == sim_stream_word(&ours));
    CU_ASSERT(gsl_rng_uniform(&view) == sim_uniform(&ours));
    CU_ASSERT(gsl_ran_poisson(&view, 50) < 200);

    gsl_rng *own = gsl_rng_alloc(sim_stream_gsl_type);
    CU_ASSERT_FATAL(own != NULL);
    gsl_rng_set(own, 5);
    unsigned long first = gsl_rng_get(own);
    gsl_rng_set(own, 6);
    CU_ASSERT(gsl_rng_get(own) != first);
    gsl_rng_set(own, 5);
    CU_ASSERT(gsl_rng_get(own) == first);
    gsl_rng_free(own);
}

/* Poisson(50) from the view: mean over 1e5 within 5.4 standard errors. */
static void gsl_variates_work(void)
{
    struct sim_stream s = stream(10);
    gsl_rng view = sim_stream_gsl(&s);
    double sum = 0;
    for (int i = 0; i < 100000; i++)
        sum += gsl_ran_poisson(&view, 50);
    CU_ASSERT(fabs(sum / 100000 - 50) < 5.4 * sqrt(50.0 / 100000));
}

static void large_occurrence(void)
{
    sim_stream_make(sim_random_key_make(1, 1), 0, 0, UINT64_C(1) << 48);
}

static void large_seed(void)
{
    sim_random_key_make(UINT64_C(1) << 32, 0);
}

static void large_replicate(void)
{
    sim_random_key_make(0, UINT64_C(1) << 32);
}

static void endless_stream(void)
{
    struct sim_stream s = stream(1);
    s.counter[0] = UINT32_MAX;
    sim_stream_word(&s);
}

static void empty_gamma(void)
{
    struct sim_stream s = stream(1);
    sim_gamma_int(&s, 0);
}

static void misuse_is_refused(void)
{
    CU_ASSERT(aborts(large_occurrence));
    CU_ASSERT(aborts(large_seed));
    CU_ASSERT(aborts(large_replicate));
    CU_ASSERT(aborts(endless_stream));
    CU_ASSERT(aborts(empty_gamma));
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"misuse is refused", misuse_is_refused},
        {"known answers of Philox4x32-10", known_answers},
        {"every name has its stream", every_name_has_its_stream},
        {"variates have their distribution", variates_have_their_distribution},
        {"tails have their distribution", tails_have_their_distribution},
        {"neighbouring streams are independent", neighbouring_streams_are_independent},
        {"inverses are monotone", inverses_are_monotone},
        {"uniforms stay inside (0, 1)", uniforms_stay_inside},
        {"GSL sees the same words", gsl_sees_the_same_words},
        {"GSL's variates work on the view", gsl_variates_work},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim/random", tests);
}
