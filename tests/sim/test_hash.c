#include "../../sim/hash.h"
#include "../suite.h"

#include <string.h>

enum { SIZE = 100 };

static void every_bit_and_the_size_count(void)
{
    unsigned char bytes[SIZE];
    for (int i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)(37 * i + 11);
    unsigned equal = 0;
    for (size_t size = 0; size < SIZE; size++) {
        uint64_t hash = sim_hash_bytes(5, bytes, size);
        equal += hash == sim_hash_bytes(6, bytes, size);
        equal += hash == sim_hash_bytes(5, bytes, size + 1);
        for (size_t bit = 0; bit < 8 * size; bit++) {
            bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
            equal += hash == sim_hash_bytes(5, bytes, size);
            bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
        }
        CU_ASSERT(hash == sim_hash_bytes(5, bytes, size));
    }
    CU_ASSERT(equal == 0);
}

static void zeros_of_different_length_differ(void)
{
    const unsigned char zeros[SIZE] = {0};
    uint64_t seen[SIZE];
    unsigned equal = 0;
    for (size_t size = 0; size < SIZE; size++) {
        seen[size] = sim_hash_bytes(0, zeros, size);
        for (size_t i = 0; i < size; i++)
            equal += seen[i] == seen[size];
    }
    CU_ASSERT(equal == 0);
}

static void alignment_does_not_matter(void)
{
    unsigned char text[SIZE], moved[SIZE + 8];
    for (int i = 0; i < SIZE; i++)
        text[i] = (unsigned char)(i * i);
    uint64_t hash = sim_hash_bytes(1, text, SIZE);
    for (size_t shift = 0; shift < 8; shift++) {
        memcpy(moved + shift, text, SIZE);
        CU_ASSERT(sim_hash_bytes(1, moved + shift, SIZE) == hash);
    }
}

/* A changed input bit changes each output bit in about half of the cases: 64 x 4,096 trials per
 * input bit; 6 standard deviations of the mean over all of them, false alarm 2e-9. */
static void output_bits_are_even(void)
{
    uint64_t changed = 0, trials = 0;
    for (uint64_t i = 0; i < 4096; i++) {
        uint64_t word = i * UINT64_C(0x9e3779b97f4a7c15);
        uint64_t hash = sim_hash_bytes(0, &word, sizeof word);
        uint64_t other = word ^ (UINT64_C(1) << (i % 64));
        changed += (uint64_t)__builtin_popcountll(hash ^ sim_hash_bytes(0, &other, sizeof other));
        trials += 64;
    }
    double half = (double)trials / 2, deviation = 0.5 * 512.0; /* sqrt(262,144) = 512 */
    CU_ASSERT((double)changed > half - 6 * deviation);
    CU_ASSERT((double)changed < half + 6 * deviation);
}

static void fingerprint_repeats(void)
{
    CU_ASSERT(sim_fingerprint() == sim_fingerprint());
    CU_ASSERT(sim_fingerprint() != 0);
}

static void mum_folds_the_product(void)
{
    CU_ASSERT(sim_mum(3, 5) == 15);
    CU_ASSERT(sim_mum(UINT64_C(1) << 63, 6) == 3); /* 3 x 2^64 */
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"every bit and the size count", every_bit_and_the_size_count},
        {"zeros of different length differ", zeros_of_different_length_differ},
        {"alignment does not matter", alignment_does_not_matter},
        {"output bits are even", output_bits_are_even},
        {"the fingerprint repeats", fingerprint_repeats},
        {"mum folds the product", mum_folds_the_product},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim/hash", tests);
}
