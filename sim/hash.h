/* 64-bit mixing for trace hashes and content checks; not cryptographic. */
#ifndef SIM_HASH_H
#define SIM_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Product of two words, high half folded on the low one. */
static inline uint64_t sim_mum(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

uint64_t sim_hash_bytes(uint64_t start, const void *bytes, size_t size);
/* Bits of a few libm functions on this processor: results may differ where this differs. */
uint64_t sim_fingerprint(void);

#endif
