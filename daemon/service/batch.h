/* Submissions taken together, recorded in one transaction, answered after it (ledger.md section 4).
 *
 * A batch is what waits when the last commit is done (loop.c, gather, adds those who are back in a moment). Nothing is
 * answered `recorded` or `duplicate` before ledger_commit has returned.
 */
#ifndef MUSTER_SERVICE_BATCH_H
#define MUSTER_SERVICE_BATCH_H

#include "ledger/ledger.h"
#include "service/arrival.h"
#include "service/counters.h"

/* Bounds of one batch: what one commit takes without making others wait long (some 20 ms), and enough that the disk's
 * sync is a small part of it. It may be passed by one request. */
enum { BATCH_EVENTS = 1024, BATCH_REQUESTS = 1024, BATCH_BYTES = 8 * 1024 * 1024 };

struct batch {
    struct arrival *first, **end;
    size_t count, events, bytes;
    int64_t commit_us; /* how long the last commit took, with its sync */
    /* Before an event of somebody who may not do everything: brings what is known of rights up to the rows
     * recorded so far, in this batch too. NULL: nobody's rights change. */
    int (*sync)(void *data, struct err *err);
    void *sync_data;
};

static inline bool batch_full(const struct batch *b)
{
    return b->events >= BATCH_EVENTS || b->count >= BATCH_REQUESTS || b->bytes >= BATCH_BYTES;
}

/* Takes the submission, which was read, into the batch, with a reference to its grant. 1: it is refused as a whole (err),
 * and still the caller's. */
int batch_add(struct batch *b, struct arrival *arrival, const struct ledger *ledger, struct err *err) MUST_CHECK;

/* Records and commits all of it, and leaves the batch empty: every submission in *done_out, a list, has its result then, and
 * is the caller's, with its grant. 0; -1: the store failed, and nothing was recorded. */
int batch_commit(struct batch *b, struct ledger *ledger, struct counters *counters, struct arrival **done_out,
                 struct err *err) MUST_CHECK;

void batch_deinit(struct batch *b);

/* 1: another ledger was meant (err). */
int submit_check_pin(const struct submit_body *body, const struct ledger *ledger, struct err *err) MUST_CHECK;

#endif
