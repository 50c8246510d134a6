#include "store/postings.h"

enum { NS_PER_SECOND = 1000000000 };

void varint_add(struct buf *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_add_char(out, (char)(v | 0x80));
    buf_add_char(out, (char)v);
}

bool varint_next(uint64_t *out, const uint8_t **p, const uint8_t *end)
{
    uint64_t v = 0;

    for (int shift = 0; shift < 64 && *p < end; shift += 7) {
        uint8_t byte = *(*p)++;

        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = v;
            return true;
        }
    }
    return false;
}

static uint64_t zigzag(int64_t v)
{
    return ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
}

static int64_t unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* 0: a bare date; odd: whole seconds; even: nanoseconds. */
static uint64_t pack_tod(int64_t tod)
{
    if (tod < 0)
        return 0;
    if (tod % NS_PER_SECOND == 0)
        return (uint64_t)(tod / NS_PER_SECOND) * 2 + 1;
    return (uint64_t)tod * 2 + 2;
}

static int64_t unpack_tod(uint64_t v)
{
    if (v == 0)
        return -1;
    return v & 1 ? (int64_t)(v / 2) * NS_PER_SECOND : (int64_t)(v / 2) - 1;
}

void postings_add(struct buf *out, const struct touch *t, struct place *previous)
{
    varint_add(out, zigzag((int64_t)t->place.day - previous->day));
    varint_add(out, pack_tod(t->place.tod));
    varint_add(out, zigzag(t->place.seq - previous->seq));
    varint_add(out, (uint64_t)t->type);
    varint_add(out, t->role);
    varint_add(out, t->kinds);
    varint_add(out, (uint64_t)t->hours);
    varint_add(out, (uint64_t)t->out_by);
    *previous = t->place;
}

int postings_next(struct touch *out, struct postings *postings)
{
    uint64_t v[8];

    if (postings->p == postings->end)
        return 0;
    for (int i = 0; i < 8; i++)
        if (!varint_next(&v[i], &postings->p, postings->end))
            return -1;
    *out = (struct touch){
        .place = {(day_t)(postings->previous.day + unzigzag(v[0])), unpack_tod(v[1]),
                  postings->previous.seq + unzigzag(v[2])},
        .type = (enum event_type)v[3],
        .role = (uint32_t)v[4],
        .kinds = v[5],
        .hours = (int32_t)v[6],
        .out_by = (int64_t)v[7],
    };
    postings->previous = out->place;
    return 1;
}
