/* The bytes of a log: a header once, then one record per finished replicate.
 *
 * A record is 88 bytes of head and a payload (the failure's text; then, where the replicate
 * succeeded, lengths and bytes of its chunks, see chunk.h). Three CRC-32: of the head, so that its
 * length can be trusted; of the payload, so that damage is found; of the content before
 * compression, by which two runs of one replicate are compared. */
#ifndef OUTPUT_RECORD_H
#define OUTPUT_RECORD_H

#include "chunk.h"

enum { OUTPUT_RECORD_HEAD = 88, OUTPUT_LOG_HEAD = 40 };

struct output_record {
    uint32_t scenario, status, domain;
    bool detail;
    uint64_t replicate, length, trace_hash, events, fingerprint;
    int64_t time; /* of the failure */
    uint32_t content_crc, payload_crc, text_length;
};

/* Head and payload of a result, ready for one write. False when out of memory. */
bool output_record_write(struct output_bytes *out, const struct output_plan *plan,
                         const struct sim_result *result, uint64_t fingerprint);
/* True where 88 bytes are a head whose CRC is right. */
bool output_record_read(struct output_record *record, const unsigned char *head);
/* True where the bytes begin with a record's magic. */
bool output_record_magic(const unsigned char *bytes);

/* A log's header: of which plan, which part of how many. */
void output_record_log_head(unsigned char head[OUTPUT_LOG_HEAD], uint64_t plan, uint32_t part,
                            uint32_t parts);
enum output_log_kind { OUTPUT_LOG_GOOD, OUTPUT_LOG_FOREIGN, OUTPUT_LOG_VERSION, OUTPUT_LOG_TORN };
enum output_log_kind output_record_log_check(const unsigned char head[OUTPUT_LOG_HEAD],
                                             uint64_t *plan);

#endif
