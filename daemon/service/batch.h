/* Submissions taken together, recorded in one transaction, answered after it (ledger.md section 4).
 *
 * There is no timer: a batch is what waits when the last commit is done. Nothing is answered
 * `recorded` or `duplicate` before ledger_commit has returned.
 */
#ifndef MUSTER_SERVICE_BATCH_H
#define MUSTER_SERVICE_BATCH_H

#include "ledger/ledger.h"
#include "net/net.h"
#include "service/counters.h"

/* Bounds of one batch: what one commit takes without making others wait long. It may be passed by
 * one request. */
enum { BATCH_EVENTS = 4096, BATCH_REQUESTS = 4096, BATCH_BYTES = 8 * 1024 * 1024 };

struct submission;

struct batch {
    struct submission **items;
    size_t count, cap;
    size_t events, bytes;
    /* Before an event of somebody who may not do everything: brings what is known of rights up to the rows
     * recorded so far, in this batch too. NULL: nobody's rights change. */
    int (*sync)(void *data, struct err *err);
    void *sync_data;
};

static inline bool batch_full(const struct batch *b)
{
    return b->events >= BATCH_EVENTS || b->count >= BATCH_REQUESTS || b->bytes >= BATCH_BYTES;
}

/* Takes the request into the batch. 1: it is refused as a whole (err, *zh_out: in Chinese), and still
 * the caller's. */
int batch_add(struct batch *b, struct request *request, const struct ledger *ledger, bool *zh_out,
              struct err *err) MUST_CHECK;

/* What became of a batch: for each request an answer, whatever happened. A request whose grant is gone by
 * then is to get none. */
typedef void batch_answer(void *data, struct request *request, bool ok, struct buf *body);

/* Records, commits, answers all of it by `answer`, and leaves the batch empty. 0; -1: the store
 * failed, everybody was told `unavailable`, and nothing was recorded. */
int batch_commit(struct batch *b, struct ledger *ledger, struct counters *counters,
                 batch_answer *answer, void *data, struct err *err) MUST_CHECK;

void batch_deinit(struct batch *b);

/* What became of one event, as it stands in a reply. */
void submit_result_write(struct json *out, const struct submit_result *result, bool zh);
/* 1: another ledger was meant (err). */
int submit_check_pin(const struct submit_body *body, const struct ledger *ledger, struct err *err) MUST_CHECK;

#endif
