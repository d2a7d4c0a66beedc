/* Little-endian bytes: a growing buffer to write plans and records, and a cursor to read them.
 * Both are sticky: after an error every further call does nothing, and one check at the end is
 * enough. */
#ifndef OUTPUT_BYTES_H
#define OUTPUT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output_bytes {
    unsigned char *data; /* owned */
    size_t size, capacity;
    bool failed; /* out of memory */
};

void output_bytes_clear(struct output_bytes *bytes);
/* Room for `size` more bytes at the end, or NULL. size is not yet added to bytes->size. */
unsigned char *output_bytes_reserve(struct output_bytes *bytes, size_t size);
void output_bytes_raw(struct output_bytes *bytes, const void *data, size_t size);
void output_bytes_u32(struct output_bytes *bytes, uint32_t value);
void output_bytes_u64(struct output_bytes *bytes, uint64_t value);
void output_bytes_f64(struct output_bytes *bytes, double value);
/* Length, bytes and a final NUL. NULL is written as "". */
void output_bytes_text(struct output_bytes *bytes, const char *text);

void output_store_u32(unsigned char *at, uint32_t value);
void output_store_u64(unsigned char *at, uint64_t value);
uint32_t output_load_u32(const unsigned char *at);
uint64_t output_load_u64(const unsigned char *at);

struct output_cursor {
    const unsigned char *data; /* borrowed */
    size_t size, at;
    bool bad; /* read beyond the end, or a count that cannot be true */
};

uint32_t output_cursor_u32(struct output_cursor *cursor);
uint64_t output_cursor_u64(struct output_cursor *cursor);
double output_cursor_f64(struct output_cursor *cursor);
/* Points into the cursor's data; never NULL. */
const char *output_cursor_text(struct output_cursor *cursor);
/* A number of items of at least `least` bytes each: 0 and bad where they cannot fit. */
size_t output_cursor_count(struct output_cursor *cursor, size_t least);

#endif
