/* Makes the rows of a generated ledger ready on a thread of its own: parsed, in their stored form, sealed
 * and chained. The other thread only writes. Used by bulk.c alone. */
#ifndef MUSTER_BENCH_PREPARE_H
#define MUSTER_BENCH_PREPARE_H

#include "ledger/chain.h"
#include "store/touches.h"
#include "stream.h"

struct prepared {
    struct row row;
    struct buf body, personal; /* what the row's texts point to */
    struct touch touch;
    struct subjects about;
    bool full; /* a member's stage */
};

struct preparer;

/* Starts behind row `seq` with that chain. The stream and the kinds are borrowed. */
struct preparer *preparer_new(struct stream *stream, const struct kinds *kinds, int64_t seq,
                              const uint8_t chain[CHAIN_SIZE]);
/* Takes no more, and ends the thread. */
void preparer_free(struct preparer *preparer);
/* The next row, valid until the next call; NULL: there are no more, or `err` says why not. */
struct prepared *preparer_next(struct preparer *preparer, struct err *err);

#endif
