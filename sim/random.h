/* Counted random streams: Philox4x32-10 (Salmon et al. 2011), no stored state.
 *
 * A stream is named by (seed, replicate, entity, purpose, occurrence), so that a draw added or
 * removed anywhere shifts no other draw: replicates of two scenarios stay paired.
 *   key     = bijection of (seed, replicate)
 *   counter = block:32 | occurrence:48 | purpose:16 | entity:32
 * Streams live on the stack. */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

struct sim_random_key {
    uint32_t word[2];
};

struct sim_stream {
    struct sim_random_key key;
    uint32_t counter[4];
    uint32_t buffer[4];
    unsigned used; /* words of buffer already given out; 4 means empty */
};

struct sim_random_key sim_random_key_make(uint64_t seed, uint64_t replicate);
struct sim_stream sim_stream_make(struct sim_random_key key, uint32_t entity, uint16_t purpose,
                                  uint64_t occurrence);

uint32_t sim_stream_word(struct sim_stream *stream);
double sim_uniform(struct sim_stream *stream);     /* in (0, 1), 53 bits */
double sim_exponential(struct sim_stream *stream); /* mean 1; ziggurat (Marsaglia, Tsang 2000) */
double sim_normal(struct sim_stream *stream);      /* mean 0, sd 1; ziggurat */
/* The same variates by inversion of one uniform: monotone in it, for common random numbers. */
double sim_exponential_inverse(struct sim_stream *stream);
double sim_normal_inverse(struct sim_stream *stream);
/* Sum of k unit exponentials (k >= 1). */
double sim_gamma_int(struct sim_stream *stream, unsigned k);
/* A gsl_rng view of the stream; valid as long as *stream. Do not free it. */
gsl_rng sim_stream_gsl(struct sim_stream *stream);
extern const gsl_rng_type *const sim_stream_gsl_type;

#endif
