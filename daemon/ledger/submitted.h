/* An event as somebody sent it, read before the ledger's turn to judge it.
 *
 * Reading decides all that needs neither the ledger nor the clock, so any thread may do it; the gate does
 * (service/gate.h), while the batch before is being committed. What the ledger then adds to the event is the ledger's own affair.
 */
#ifndef MUSTER_LEDGER_SUBMITTED_H
#define MUSTER_LEDGER_SUBMITTED_H

#include "base/arena.h"
#include "base/err.h"
#include "wire/event.h"

struct submitted {
    struct span json; /* as sent */
    struct event event;
    struct span body, personal; /* its stored form */
    struct err *unread;         /* why it cannot be read; NULL: it was */
};

/* Memory for writing, kept from event to event. */
struct submitted_scratch {
    struct buf body, personal;
};
void submitted_scratch_deinit(struct submitted_scratch *scratch);

/* Reads one event. Everything lives in the arena, but for `json` itself, which has to stay where it is. */
void submitted_read(struct submitted *out, struct arena *arena, struct submitted_scratch *scratch, struct span json,
                    const struct kinds *kinds);

#endif
