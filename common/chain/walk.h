/* Verifying: a walk along the rows, from the first to the last, that stops at the first which does not fit.
 *
 * Rows come from a source: the database, slice by slice, or an export. Each must have the next number,
 * the value that follows from the one before it, a seal that fits its text, and columns that say what the
 * hashed bytes say. Where a text was erased, a later row must say so (event.redacted).
 *
 * What does not fit is told with the row's number and what most likely happened to it, found by trying
 * the rows that follow (at most WALK_LOOK of them) in its place. Knows no store and no clock.
 */
#ifndef MUSTER_CHAIN_WALK_H
#define MUSTER_CHAIN_WALK_H

#include "chain/link.h"

enum { WALK_LOOK = 64 };

/* Where rows come from, in their order. 1: a row, its texts in the arena; 0: no more; -1: err says why. */
struct row_source {
    int (*next)(void *data, struct chain_row *out, struct arena *arena, struct err *err);
    void *data;
};

enum misfit_kind { MISFIT_NONE, MISFIT_CHANGED, MISFIT_MISSING, MISFIT_INSERTED, MISFIT_REORDERED };

struct misfit {
    enum misfit_kind kind;
    int64_t row;
    struct err why; /* a sentence, in both languages */
};

/* "changed", "missing", "inserted", "reordered" */
const char *misfit_name(enum misfit_kind kind);

struct chain_walk;

struct chain_walk *chain_walk_new(struct row_source source);
void chain_walk_free(struct chain_walk *walk);
DEFINE_CLEANUP(chain_walk);
#define _cleanup_chain_walk_ CLEANUP(chain_walk_cleanup)

/* The newest row that something else vouches for (the index, a head that was kept): rows after it were put in, and
 * rows up to it must be there. 0: not known. */
void chain_walk_expect(struct chain_walk *walk, int64_t newest);
/* Row `seq` must be there, with this chain value. As often as there are such rows. */
void chain_walk_expect_value(struct chain_walk *walk, int64_t seq, const uint8_t value[CHAIN_SIZE]);

enum walk_result { WALK_GOES_ON, WALK_FITS, WALK_MISFIT };

/* Looks at no more than `rows` rows. WALK_FITS: all there were, and all fit. -1: the source failed. */
int chain_walk_step(enum walk_result *out, struct chain_walk *walk, int64_t rows, struct err *err) MUST_CHECK;

int64_t chain_walk_seq(const struct chain_walk *walk);             /* the newest row that fits; 0: none */
const uint8_t *chain_walk_value(const struct chain_walk *walk);    /* its chain value */
const struct misfit *chain_walk_misfit(const struct chain_walk *walk);
size_t chain_walk_erased(const struct chain_walk *walk);           /* rows whose text was erased, and rightly */
/* The UUID that the first row gives the ledger; "" before it. */
const char *chain_walk_ledger(const struct chain_walk *walk);

#endif
