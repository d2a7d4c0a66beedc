#include "hash.h"

#include <math.h>
#include <string.h>

/* Odd words with about as many ones as zeros: fractional bits of the square roots of 2, 3 and 5
 * (FIPS 180-4), the last bit set. */
#define WORD_A UINT64_C(0x6a09e667f3bcc909)
#define WORD_B UINT64_C(0xbb67ae8584caa73b)
#define WORD_C UINT64_C(0xa54ff53a5f1d36f1)

/* Bytes are read in the processor's order: all supported ones are little-endian. */
static uint64_t read_word(const unsigned char *bytes, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, bytes, size < 8 ? size : 8);
    return word;
}

uint64_t sim_hash_bytes(uint64_t start, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint64_t hash = start ^ WORD_A;
    size_t left = size;
    for (; left >= 16; left -= 16, at += 16)
        hash = sim_mum(hash ^ read_word(at, 8), read_word(at + 8, 8) ^ WORD_B) ^ WORD_C;
    if (left > 0) {
        uint64_t first = read_word(at, left), second = left > 8 ? read_word(at + 8, left - 8) : 0;
        hash = sim_mum(hash ^ first, second ^ WORD_B) ^ WORD_C;
    }
    return sim_mum(hash ^ WORD_B, (uint64_t)size ^ WORD_C);
}

uint64_t sim_fingerprint(void)
{
    /* Volatile, so that the compiler does not compute the values at build time. Arguments are
     * those for which rounding differs between processors with and without fused
     * multiply-add. */
    volatile double arguments[] = {0.3, 0.77, 1.1, 2.385, 7.91, 23.6, 0.0123};
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
        double x = arguments[i];
        double values[] = {exp(x),  exp(-x), log(x),   log1p(x),  expm1(-x), pow(x, 1.7), sin(x),
                           cos(x),  tan(x),  atan(x),  tanh(x),   sqrt(x),   cbrt(x),     erfc(x),
                           sinh(x), exp2(x), log10(x), tgamma(x), lgamma(x)};
        hash = sim_hash_bytes(hash, values, sizeof values);
    }
    return hash;
}
