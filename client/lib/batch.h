/* Events that go to the daemon in one request, and their verdicts in the order they were added.
 *
 * What cannot be sent (no JSON, too large) stands in the batch with its verdict, so that the order is kept.
 */
#ifndef MUSTER_LIB_BATCH_H
#define MUSTER_LIB_BATCH_H

#include <jansson.h>
#include <stdbool.h>
#include <zmq.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "muster/muster.h"

struct item {
    uint64_t tag;
    struct err *own; /* the verdict we gave ourselves; NULL for one that is sent */
};

struct batch {
    struct buf events; /* the events sent, with commas between */
    struct item *items;
    size_t count, cap;
    size_t sent;         /* how many of the items are in `events` */
    uint64_t request_id; /* of the last time it was sent; 0: not under way */
    json_t *results;     /* the daemon's verdicts, once they are there */
};

void batch_deinit(struct batch *batch);
void batch_clear(struct batch *batch);

/* True when one more event of that length may be too much for a request. */
bool batch_full(const struct batch *batch, size_t len_bytes, size_t most_events);

/* Adds an event, or the refusal of it that is decided here. `arena` is reset. */
void batch_add(struct batch *batch, struct arena *arena, const char *json, size_t len_bytes, uint64_t tag);

/* The request's body. 0, or -1 with errno set. */
int batch_body(const struct batch *batch, zmq_msg_t *body_out, const char *language,
               const char *ledger) MUST_CHECK;

/* Keeps the verdicts of a reply. False if it does not fit what was sent. */
bool batch_answer(struct batch *batch, json_t *reply);

/* Nothing of it waits for the daemon. */
bool batch_done(const struct batch *batch);

/* Gives every verdict. */
void batch_deliver(const struct batch *batch, const char *language, muster_verdict_fn *verdict,
                   void *context);

#endif
