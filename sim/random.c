#include "random.h"

#include "status.h"
#include "ziggurat.h"

#include <Random123/philox.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

/* A bijection of 64-bit words in which every input bit reaches every output bit (the finaliser of
 * SplitMix64: Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t word)
{
    word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ (word >> 27)) * UINT64_C(0x94d049bb133111eb);
    return word ^ (word >> 31);
}

struct sim_random_key sim_random_key_make(uint64_t seed, uint64_t replicate)
{
    sim_require(seed <= UINT32_MAX && replicate <= UINT32_MAX,
                "seed %llu, replicate %llu: both have 32 bits", (unsigned long long)seed,
                (unsigned long long)replicate);
    uint64_t word = mix(seed << 32 | replicate);
    return (struct sim_random_key){{(uint32_t)word, (uint32_t)(word >> 32)}};
}

struct sim_stream sim_stream_make(struct sim_random_key key, uint32_t entity, uint16_t purpose,
                                  uint64_t occurrence)
{
    sim_require(occurrence >> 48 == 0, "occurrence %llu has more than 48 bits",
                (unsigned long long)occurrence);
    return (struct sim_stream){
        .key = key,
        .counter = {0, (uint32_t)occurrence, (uint32_t)(occurrence >> 32) << 16 | purpose, entity},
        .used = 4};
}

static void refill(struct sim_stream *stream)
{
    /* block 0 is used first; the counter holds the next one */
    philox4x32_ctr_t counter = {
        {stream->counter[0], stream->counter[1], stream->counter[2], stream->counter[3]}};
    philox4x32_key_t key = {{stream->key.word[0], stream->key.word[1]}};
    philox4x32_ctr_t block = philox4x32(counter, key);
    for (int i = 0; i < 4; i++)
        stream->buffer[i] = block.v[i];
    stream->used = 0;
    stream->counter[0]++;
    sim_require(stream->counter[0] != 0, "a stream has 2^34 words");
}

uint32_t sim_stream_word(struct sim_stream *stream)
{
    if (stream->used >= 4)
        refill(stream);
    return stream->buffer[stream->used++];
}

static uint64_t word_pair(struct sim_stream *stream)
{
    if (stream->used <= 2) {
        unsigned at = stream->used;
        stream->used = at + 2;
        return (uint64_t)stream->buffer[at] << 32 | stream->buffer[at + 1];
    }
    uint64_t high = sim_stream_word(stream);
    return high << 32 | sim_stream_word(stream);
}

double sim_uniform(struct sim_stream *stream)
{
    uint64_t bits = word_pair(stream) >> 11;
    return bits ? (double)bits * 0x1p-53 : 0x1p-54;
}

/* The low 8 bits choose the layer, bit 8 the sign, the upper 53 bits the place: no bit serves
 * twice (Doornik 2005). */
double sim_exponential(struct sim_stream *stream)
{
    double shift = 0;
    for (;;) {
        uint64_t word = word_pair(stream);
        unsigned layer = word & (ZIGGURAT_LAYERS - 1);
        uint64_t place = word >> 11;
        double x = (double)place * ziggurat_exponential_width[layer];
        if (place < ziggurat_exponential_inside[layer])
            return x + shift;
        if (layer == 0) { /* the tail is the same distribution, shifted */
            shift += ZIGGURAT_EXPONENTIAL_TAIL;
            continue;
        }
        double low = ziggurat_exponential_height[layer];
        double high = ziggurat_exponential_height[layer + 1];
        if (low + sim_uniform(stream) * (high - low) < exp(-x))
            return x + shift;
    }
}

/* Marsaglia (1964): beyond `start`, by two exponentials. */
static double normal_tail(struct sim_stream *stream, double start)
{
    for (;;) {
        double x = sim_exponential(stream) / start;
        double y = sim_exponential(stream);
        if (2 * y > x * x)
            return start + x;
    }
}

double sim_normal(struct sim_stream *stream)
{
    for (;;) {
        uint64_t word = word_pair(stream);
        unsigned layer = word & (ZIGGURAT_LAYERS - 1);
        uint64_t place = word >> 11;
        double sign = word & ZIGGURAT_LAYERS ? -1.0 : 1.0;
        double x = (double)place * ziggurat_normal_width[layer];
        if (place < ziggurat_normal_inside[layer])
            return sign * x;
        if (layer == 0)
            return sign * normal_tail(stream, ZIGGURAT_NORMAL_TAIL);
        double low = ziggurat_normal_height[layer];
        double high = ziggurat_normal_height[layer + 1];
        if (low + sim_uniform(stream) * (high - low) < exp(-0.5 * x * x))
            return sign * x;
    }
}

double sim_exponential_inverse(struct sim_stream *stream)
{
    return -log1p(-sim_uniform(stream));
}

double sim_normal_inverse(struct sim_stream *stream)
{
    return gsl_cdf_ugaussian_Pinv(sim_uniform(stream));
}

/* Marsaglia and Tsang (2000), "A simple method for generating gamma variables". */
static double gamma_large(struct sim_stream *stream, double shape)
{
    double d = shape - 1.0 / 3.0, c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        double x = sim_normal(stream), root = 1.0 + c * x;
        if (root <= 0)
            continue;
        double v = root * root * root;
        if (log(sim_uniform(stream)) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}

double sim_gamma_int(struct sim_stream *stream, unsigned k)
{
    enum { ADD_UP_TO = 6 }; /* from here on the rejection method is faster */
    sim_require(k >= 1, "a sum of %u exponentials", k);
    if (k > ADD_UP_TO)
        return gamma_large(stream, k);
    double sum = 0;
    for (unsigned i = 0; i < k; i++)
        sum += sim_exponential(stream);
    return sum;
}

static void gsl_set(void *state, unsigned long seed)
{
    struct sim_stream *stream = state;
    *stream = sim_stream_make(sim_random_key_make(seed & UINT32_MAX, 0), 0, 0, 0);
}

static unsigned long gsl_get(void *state)
{
    return sim_stream_word(state);
}

/* GSL wants [0, 1): ours is a subset. */
static double gsl_get_double(void *state)
{
    return sim_uniform(state);
}

static const gsl_rng_type stream_type = {.name = "philox4x32-10",
                                         .max = UINT32_MAX,
                                         .min = 0,
                                         .size = sizeof(struct sim_stream),
                                         .set = gsl_set,
                                         .get = gsl_get,
                                         .get_double = gsl_get_double};

const gsl_rng_type *const sim_stream_gsl_type = &stream_type;

gsl_rng sim_stream_gsl(struct sim_stream *stream)
{
    return (gsl_rng){.type = &stream_type, .state = stream};
}
