/* A message on its way through the daemon: from the gate, where it came in, to the main loop and, if it was a
 * submission, back with what came of its events. Whole: whoever holds it may touch all of it, and nobody else does.
 */
#ifndef MUSTER_SERVICE_ARRIVAL_H
#define MUSTER_SERVICE_ARRIVAL_H

#include "base/json.h"
#include "ledger/ledger.h"
#include "ledger/submitted.h"
#include "net/net.h"

/* What came of one event. */
struct outcome {
    enum submit_status status;
    int64_t seq;        /* 0: not told */
    bool out_of_effect; /* duplicate: voided or replaced since */
    struct err *err;    /* refused: why; owned */
};

void outcome_set(struct outcome *out, const struct submit_result *result);
void outcome_deinit(struct outcome *outcome);
/* As it stands in a reply. */
void outcome_write(struct json *out, const struct outcome *outcome, const struct event *event, bool zh);

struct arrival {
    struct arrival *next;
    struct request request; /* moved out of here by whoever takes it over */
    size_t size_bytes;      /* of its body */
    struct err *refused;    /* why it can only be refused, as it came; NULL: it is whole. Owned */
    bool zh;                /* its answer is to be in Chinese */

    /* Of a submission that can be read: */
    struct submit_body body;
    struct submitted *events; /* body.count */
    struct outcome *outcomes; /* as many */
    struct arena arena;       /* of all that was read */
    enum { ARRIVAL_UNANSWERED, ARRIVAL_RECORDED, ARRIVAL_UNAVAILABLE } result;
};

struct arrival *arrival_new(void);
void arrival_free(struct arrival *a);
void arrivals_free(struct arrival *list);
DEFINE_CLEANUP(arrival);
#define _cleanup_arrival_ CLEANUP(arrival_cleanup)
/* As new, but for memory that it keeps. */
void arrival_reset(struct arrival *a);

bool arrival_is_submission(const struct arrival *a);

/* Reads the body of a submission and its events. */
void arrival_read(struct arrival *a, struct desk *desk, const struct kinds *kinds);

/* Writes the answer to a submission that has its result (not ARRIVAL_UNANSWERED). True: "ok". */
bool arrival_write_answer(struct buf *out, const struct arrival *a, const char *ledger, bool rehearsal);

#endif
