/* The stored form of a chunk of touches: compact, sorted, read from one end to the other. */
#ifndef MUSTER_STORE_POSTINGS_H
#define MUSTER_STORE_POSTINGS_H

#include "base/buf.h"
#include "store/touches.h"

void varint_add(struct buf *out, uint64_t v);
/* False when the bytes end too early. */
bool varint_next(uint64_t *out, const uint8_t **p, const uint8_t *end);

struct postings {
    const uint8_t *p, *end;
    struct place previous;
};

void postings_add(struct buf *out, const struct touch *touch, struct place *previous);
static inline struct postings postings_over(const void *data, size_t len_bytes)
{
    return (struct postings){data, (const uint8_t *)data + len_bytes, {0, 0, 0}};
}
/* 1: the next touch; 0: no more; -1: the bytes are none of ours. */
int postings_next(struct touch *out, struct postings *postings);

#endif
