/* Chunks: the pieces in which a replicate's samples are compressed by the worker that made them
 * and stored, byte for byte, in the HDF5 file (filters shuffle and deflate 1).
 *
 * A chunk never crosses replicates or variables, so that workers need nobody else; a variable's
 * months are cut into pieces of about 64 kB. The last piece is padded with fill, as HDF5 demands.
 */
#ifndef OUTPUT_CHUNK_H
#define OUTPUT_CHUNK_H

#include "../sim/result.h"
#include "bytes.h"
#include "plan.h"

enum { OUTPUT_CHUNK_BYTES = 65536, OUTPUT_DEFLATE = 1 };

struct output_chunking {
    size_t steps;  /* months (or years) per chunk */
    size_t chunks; /* per replicate */
    size_t width;  /* bytes of a value: 4 or 8 */
    size_t bytes;  /* of one chunk before compression */
};

struct output_chunking output_chunk_shape(const struct sim_variable *variable);
/* True where a replicate with or without detail has data of this variable. */
bool output_chunk_present(const struct sim_variable *variable, bool detail);
/* Chunks of one replicate, all variables. */
size_t output_chunk_count(const struct output_plan *plan, bool detail);

/* Appends the lengths of all chunks (u32 each; 0: all fill, nothing stored), then their compressed
 * bytes, in the plan's order; *crc is continued over the bytes before compression, so that it does
 * not depend on the version of zlib. False when out of memory. */
bool output_chunk_pack(const struct output_plan *plan, const struct sim_result *result,
                       struct output_bytes *out, uint32_t *crc);

#endif
