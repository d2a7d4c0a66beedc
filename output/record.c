#include "record.h"

#include <string.h>
#include <zlib.h>

enum { LOG_VERSION = 1 };
static const char record_magic[9] = "RMLTREC\1";
static const char log_magic[9] = "RMLTLOG\n";

static uint32_t crc_of(uint32_t crc, const unsigned char *bytes, size_t size)
{
    while (size) {
        uInt piece = size > 1u << 30 ? 1u << 30 : (uInt)size;
        crc = (uint32_t)crc32(crc, bytes, piece);
        bytes += piece;
        size -= piece;
    }
    return crc;
}

static void store_head(unsigned char *head, const struct output_record *record)
{
    memcpy(head, record_magic, 8);
    output_store_u32(head + 8, record->scenario);
    output_store_u32(head + 12, record->status);
    output_store_u64(head + 16, record->replicate);
    output_store_u64(head + 24, record->length);
    output_store_u64(head + 32, record->trace_hash);
    output_store_u64(head + 40, record->events);
    output_store_u64(head + 48, record->fingerprint);
    output_store_u64(head + 56, (uint64_t)record->time);
    output_store_u32(head + 64, record->domain);
    output_store_u32(head + 68, record->text_length | (record->detail ? UINT32_C(1) << 31 : 0));
    output_store_u32(head + 72, record->content_crc);
    output_store_u32(head + 76, record->payload_crc);
    output_store_u32(head + 80, 0);
    output_store_u32(head + 84, crc_of(0, head, 84));
}

bool output_record_read(struct output_record *record, const unsigned char *head)
{
    if (!output_record_magic(head) || output_load_u32(head + 84) != crc_of(0, head, 84))
        return false;
    uint32_t text = output_load_u32(head + 68);
    *record = (struct output_record){.scenario = output_load_u32(head + 8),
                                     .status = output_load_u32(head + 12),
                                     .domain = output_load_u32(head + 64),
                                     .detail = text >> 31 != 0,
                                     .replicate = output_load_u64(head + 16),
                                     .length = output_load_u64(head + 24),
                                     .trace_hash = output_load_u64(head + 32),
                                     .events = output_load_u64(head + 40),
                                     .fingerprint = output_load_u64(head + 48),
                                     .time = (int64_t)output_load_u64(head + 56),
                                     .content_crc = output_load_u32(head + 72),
                                     .payload_crc = output_load_u32(head + 76),
                                     .text_length = text & (UINT32_MAX >> 1)};
    return record->text_length <= record->length;
}

bool output_record_magic(const unsigned char *bytes)
{
    return memcmp(bytes, record_magic, 8) == 0;
}

bool output_record_write(struct output_bytes *out, const struct output_plan *plan,
                         const struct sim_result *result, uint64_t fingerprint)
{
    size_t start = out->size;
    bool failed = result->failure.status != SIM_OK;
    struct output_record record = {.scenario = result->scenario,
                                   .status = (uint32_t)result->failure.status,
                                   .domain = failed ? result->failure.domain : 0,
                                   .detail = result->detail,
                                   .replicate = result->replicate,
                                   .trace_hash = result->trace_hash,
                                   .events = result->events,
                                   .fingerprint = fingerprint,
                                   .time = failed ? result->failure.time : 0};
    const unsigned char blank[OUTPUT_RECORD_HEAD] = {0};
    output_bytes_raw(out, blank, sizeof blank);
    if (failed) {
        record.text_length = (uint32_t)strnlen(result->failure.text, sizeof result->failure.text);
        output_bytes_raw(out, result->failure.text, record.text_length);
        record.content_crc =
            crc_of(0, (const unsigned char *)result->failure.text, record.text_length);
    } else if (!output_chunk_pack(plan, result, out, &record.content_crc)) {
        return false;
    }
    if (out->failed)
        return false;
    unsigned char key[24];
    output_store_u64(key, record.trace_hash);
    output_store_u64(key + 8, record.events);
    output_store_u64(key + 16, record.status);
    record.content_crc = crc_of(record.content_crc, key, sizeof key);
    record.length = out->size - start - OUTPUT_RECORD_HEAD;
    record.payload_crc = crc_of(0, out->data + start + OUTPUT_RECORD_HEAD, (size_t)record.length);
    store_head(out->data + start, &record);
    return true;
}

void output_record_log_head(unsigned char head[OUTPUT_LOG_HEAD], uint64_t plan, uint32_t part,
                            uint32_t parts)
{
    memset(head, 0, OUTPUT_LOG_HEAD);
    memcpy(head, log_magic, 8);
    output_store_u32(head + 8, LOG_VERSION);
    output_store_u32(head + 12, part);
    output_store_u32(head + 16, parts);
    output_store_u64(head + 24, plan);
    output_store_u32(head + 36, crc_of(0, head, 36));
}

enum output_log_kind output_record_log_check(const unsigned char head[OUTPUT_LOG_HEAD],
                                             uint64_t *plan)
{
    *plan = output_load_u64(head + 24);
    if (memcmp(head, log_magic, 8) != 0)
        return OUTPUT_LOG_FOREIGN;
    if (output_load_u32(head + 8) != LOG_VERSION)
        return OUTPUT_LOG_VERSION;
    return output_load_u32(head + 36) == crc_of(0, head, 36) ? OUTPUT_LOG_GOOD : OUTPUT_LOG_TORN;
}
