/* Filling a ledger: through ledger.h, checked event by event; or in bulk, which writes the very same
 * rows into the very same tables without asking whether they may be recorded, and is many times as quick. A
 * test compares the two (generate --compare).
 */
#ifndef MUSTER_BENCH_BULK_H
#define MUSTER_BENCH_BULK_H

#include "base/err.h"
#include "stream.h"

struct bulk_options {
    const char *path;
    bool checked; /* through ledger.h */
    bool real;    /* no rehearsal: a daemon sends what is to be told of it */
};

/* Makes the ledger and fills it with what the stream gives. *rows_out: all rows. */
int bulk_fill(int64_t *rows_out, const struct bulk_options *options, struct stream *stream,
              struct err *err) MUST_CHECK;

#endif
