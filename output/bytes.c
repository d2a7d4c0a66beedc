#include "bytes.h"

#include <stdlib.h>
#include <string.h>

void output_bytes_clear(struct output_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct output_bytes){0};
}

unsigned char *output_bytes_reserve(struct output_bytes *bytes, size_t size)
{
    if (bytes->failed)
        return NULL;
    if (size > bytes->capacity - bytes->size) {
        size_t capacity = bytes->capacity ? bytes->capacity : 4096;
        while (capacity - bytes->size < size && capacity <= SIZE_MAX / 2)
            capacity *= 2;
        unsigned char *data = capacity - bytes->size < size ? NULL : realloc(bytes->data, capacity);
        if (!data) {
            bytes->failed = true;
            return NULL;
        }
        bytes->data = data;
        bytes->capacity = capacity;
    }
    return bytes->data + bytes->size;
}

void output_bytes_raw(struct output_bytes *bytes, const void *data, size_t size)
{
    unsigned char *at = output_bytes_reserve(bytes, size);
    if (!at || !size)
        return;
    memcpy(at, data, size);
    bytes->size += size;
}

void output_store_u32(unsigned char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

void output_store_u64(unsigned char *at, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

uint32_t output_load_u32(const unsigned char *at)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value |= (uint32_t)at[i] << (8 * i);
    return value;
}

uint64_t output_load_u64(const unsigned char *at)
{
    return output_load_u32(at) | (uint64_t)output_load_u32(at + 4) << 32;
}

void output_bytes_u32(struct output_bytes *bytes, uint32_t value)
{
    unsigned char raw[4];
    output_store_u32(raw, value);
    output_bytes_raw(bytes, raw, sizeof raw);
}

void output_bytes_u64(struct output_bytes *bytes, uint64_t value)
{
    unsigned char raw[8];
    output_store_u64(raw, value);
    output_bytes_raw(bytes, raw, sizeof raw);
}

void output_bytes_f64(struct output_bytes *bytes, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    output_bytes_u64(bytes, bits);
}

void output_bytes_text(struct output_bytes *bytes, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    output_bytes_u64(bytes, length);
    output_bytes_raw(bytes, text ? text : "", length + 1);
}

static const unsigned char *take(struct output_cursor *cursor, size_t size)
{
    if (cursor->bad || size > cursor->size - cursor->at) {
        cursor->bad = true;
        return NULL;
    }
    const unsigned char *at = cursor->data + cursor->at;
    cursor->at += size;
    return at;
}

uint32_t output_cursor_u32(struct output_cursor *cursor)
{
    const unsigned char *at = take(cursor, 4);
    return at ? output_load_u32(at) : 0;
}

uint64_t output_cursor_u64(struct output_cursor *cursor)
{
    const unsigned char *at = take(cursor, 8);
    return at ? output_load_u64(at) : 0;
}

double output_cursor_f64(struct output_cursor *cursor)
{
    uint64_t bits = output_cursor_u64(cursor);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

const char *output_cursor_text(struct output_cursor *cursor)
{
    uint64_t length = output_cursor_u64(cursor);
    if (length >= cursor->size) {
        cursor->bad = true;
        return "";
    }
    const unsigned char *at = take(cursor, (size_t)length + 1);
    if (!at || at[length] != 0) {
        cursor->bad = true;
        return "";
    }
    return (const char *)at;
}

size_t output_cursor_count(struct output_cursor *cursor, size_t least)
{
    uint64_t count = output_cursor_u64(cursor);
    if (cursor->bad || count > (cursor->size - cursor->at) / least) {
        cursor->bad = true;
        return 0;
    }
    return (size_t)count;
}
