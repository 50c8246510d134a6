/* An event as somebody sent it, read and written out before the ledger's turn to judge it.
 *
 * This decides and does all that needs neither the ledger nor the clock, so any thread may do it; the gate does
 * (service/gate.h), while the batch before is being committed. What the ledger then adds to the event is the ledger's own affair.
 */
#ifndef MUSTER_LEDGER_SUBMITTED_H
#define MUSTER_LEDGER_SUBMITTED_H

#include "base/arena.h"
#include "base/err.h"
#include "ledger/chain.h"
#include "wire/event.h"

/* What goes into a row. */
struct stored_form {
    struct span body, personal;
    struct seal seal; /* of `personal` */
};

/* What writing takes, kept from event to event; all zero at first. Of one thread. */
struct desk {
    struct buf body, personal;
    struct salts salts;
};
void desk_deinit(struct desk *desk);

/* The texts lie on the desk, until something else is written. */
void stored_form_write(struct stored_form *out, struct desk *desk, const struct event *event);

struct submitted {
    struct span json; /* as sent */
    struct event event;
    struct stored_form form;
    struct err *unread; /* why it cannot be read; NULL: it was */
};

/* Reads one event. Everything lives in the arena, but for `json` itself, which has to stay where it is. */
void submitted_read(struct submitted *out, struct arena *arena, struct desk *desk, struct span json,
                    const struct kinds *kinds);

#endif
