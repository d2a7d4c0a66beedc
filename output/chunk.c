#include "chunk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "chunks are stored as they lie in memory, and the file is little-endian");

struct output_chunking output_chunk_shape(const struct sim_variable *variable)
{
    struct output_chunking shape = {.width =
                                        variable->output->wide ? sizeof(double) : sizeof(float)};
    size_t step = variable->cells * shape.width;
    size_t most = OUTPUT_CHUNK_BYTES / step;
    if (most == 0)
        most = 1;
    size_t chunks = (variable->steps + most - 1) / most;
    shape.steps = (variable->steps + chunks - 1) / chunks;
    shape.chunks = (variable->steps + shape.steps - 1) / shape.steps;
    shape.bytes = shape.steps * step;
    return shape;
}

bool output_chunk_present(const struct sim_variable *variable, bool detail)
{
    return detail || variable->output->axis != SIM_AXIS_DETAIL;
}

size_t output_chunk_count(const struct output_plan *plan, bool detail)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->variable_count; i++) {
        if (output_chunk_present(&plan->variables[i], detail))
            count += output_chunk_shape(&plan->variables[i]).chunks;
    }
    return count;
}

/* One chunk's values in the file's type; false where all are fill. NaN gets one bit pattern. */
static bool gather(const double *values, size_t count, size_t room, bool wide,
                   unsigned char *restrict raw)
{
    bool any = false;
    for (size_t i = 0; i < room; i++) {
        double value = i < count ? values[i] : (double)NAN;
        any = any || !isnan(value);
        if (wide) {
            double stored = isnan(value) ? (double)NAN : value;
            memcpy(raw + 8 * i, &stored, 8);
        } else {
            float stored = isnan(value) ? NAN : (float)value;
            memcpy(raw + 4 * i, &stored, 4);
        }
    }
    return any;
}

/* HDF5's shuffle filter: all first bytes, then all second bytes, and so on. */
static void shuffle(const unsigned char *restrict raw, unsigned char *restrict out, size_t count,
                    size_t width)
{
    for (size_t b = 0; b < width; b++) {
        for (size_t i = 0; i < count; i++)
            out[b * count + i] = raw[i * width + b];
    }
}

/* Compresses raw (with scratch of the same size) to the end of out; 0 on failure. */
static uint32_t deflate_chunk(const struct output_chunking *shape, const unsigned char *raw,
                              unsigned char *scratch, struct output_bytes *out)
{
    shuffle(raw, scratch, shape->bytes / shape->width, shape->width);
    uLongf length = compressBound(shape->bytes);
    unsigned char *at = output_bytes_reserve(out, length);
    if (!at || length > UINT32_MAX ||
        compress2(at, &length, scratch, shape->bytes, OUTPUT_DEFLATE) != Z_OK) {
        out->failed = true;
        return 0;
    }
    out->size += length;
    return (uint32_t)length;
}

static void pack_variable(const struct sim_variable *variable, const double *values,
                          unsigned char *raw, unsigned char *scratch, size_t lengths,
                          struct output_bytes *out, uint32_t *crc)
{
    struct output_chunking shape = output_chunk_shape(variable);
    for (size_t c = 0; c < shape.chunks; c++) {
        size_t step = c * shape.steps;
        size_t left = variable->steps - step;
        size_t count = (left < shape.steps ? left : shape.steps) * variable->cells;
        bool any = gather(values + variable->offset + step * variable->cells, count,
                          shape.bytes / shape.width, variable->output->wide, raw);
        *crc = (uint32_t)crc32(*crc, raw, (uInt)shape.bytes);
        uint32_t length = any ? deflate_chunk(&shape, raw, scratch, out) : 0;
        if (out->failed)
            return;
        output_store_u32(out->data + lengths + 4 * c, length);
    }
}

bool output_chunk_pack(const struct output_plan *plan, const struct sim_result *result,
                       struct output_bytes *out, uint32_t *crc)
{
    size_t largest = 0;
    for (size_t i = 0; i < plan->variable_count; i++) {
        size_t bytes = output_chunk_shape(&plan->variables[i]).bytes;
        largest = bytes > largest ? bytes : largest;
    }
    sim_require(largest < UINT32_MAX, "a month of one variable has %zu bytes", largest);
    size_t lengths = out->size, count = output_chunk_count(plan, result->detail);
    unsigned char *raw = malloc(2 * largest + 1);
    if (!raw || !output_bytes_reserve(out, 4 * count)) {
        free(raw);
        out->failed = true;
        return false;
    }
    memset(out->data + out->size, 0, 4 * count);
    out->size += 4 * count;
    for (size_t i = 0; i < plan->variable_count && !out->failed; i++) {
        const struct sim_variable *variable = &plan->variables[i];
        if (!output_chunk_present(variable, result->detail))
            continue;
        pack_variable(variable, result->values, raw, raw + largest, lengths, out, crc);
        lengths += 4 * output_chunk_shape(variable).chunks;
    }
    free(raw);
    return !out->failed;
}
