/* The rows of a generated ledger, one after the other: units, branches, members, then activity spread
 * over `days_back` days up to this morning, in the order in which the paper came in. Where there is
 * enough activity, nine branches of ten have done this month's duties; the tenth has an alert coming.
 */
#ifndef MUSTER_BENCH_STREAM_H
#define MUSTER_BENCH_STREAM_H

#include "world.h"

struct stream {
    struct world world;
    int64_t events; /* of activity */
    int64_t at;     /* how many were given */
};

struct streamed {
    struct buf json;
    struct subjects about;
    int64_t recorded_us;
};

/* When the ledger was opened. */
int64_t stream_start_us(const struct stream *stream);
/* False when all were given. */
bool stream_next(struct streamed *out, struct stream *stream);

#endif
