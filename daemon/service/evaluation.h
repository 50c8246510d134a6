/* When alerts are evaluated, and which reads wait for it.
 *
 * At start they are not before the input is quiet, or the settling time is over (rules.md section 4).
 * Then in slices between batches, so that recording goes on. This decides; `alerts` does. `now_ms`
 * is the monotonic time throughout.
 */
#ifndef MUSTER_SERVICE_EVALUATION_H
#define MUSTER_SERVICE_EVALUATION_H

#include "alerts/alerts.h"

enum {
    QUIET_MS = 500,       /* no submission for that long ends the settling */
    SLICE_MS = 5,         /* between batches */
    SLICE_AWAITED_MS = 20, /* while reads wait for it, or nobody submits */
    IDLE_MS = 20,         /* nobody has submitted for that long */
    REST_TIMES = 9,       /* else a slice is followed by a rest of so many times its length: a slice
                             costs a commit of its own, and recording comes first */
    LAG_MANY = 200000,    /* rows behind: from there on the rest is only as long as the slice */
    RETRY_MS = 1000,      /* after the store failed */
    HOLD_MAX_MS = 2000,   /* reads wait no longer than that */
};

struct evaluation {
    struct alerts *alerts; /* owned */
    struct ledger *ledger;
    int64_t settle_until_ms; /* monotonic; then evaluation begins in any case */
    int64_t last_input_ms;
    int64_t retry_at_ms;
    int64_t slice_began_ms; /* 0: none since evaluation_ended */
    int64_t rest_until_ms;
    bool begun;        /* no longer waiting for the input to be quiet */
    bool complete;     /* was once done since the start, or since the rules changed */
    bool failing;
    int64_t done_seq;  /* all rows up to this were evaluated */
    day_t done_day;    /* on this day */
};

int evaluation_init(struct evaluation *e, struct ledger *ledger, const struct pack *pack,
                    day_t tracking_since, int64_t settle_ms, int64_t now_ms,
                    struct err *err) MUST_CHECK;
void evaluation_deinit(struct evaluation *e);

/* Something was submitted now. */
void evaluation_input(struct evaluation *e, int64_t now_ms);
/* The rules changed: alerts are settling until all is evaluated anew. */
int evaluation_configure(struct evaluation *e, const struct pack *pack, day_t tracking_since,
                         struct err *err) MUST_CHECK;

/* Does a slice if there is something to do. Never fails: a fault is logged, and tried again. */
void evaluation_step(struct evaluation *e, int64_t now_ms, bool awaited);
/* After it, with the time by then: how long the slice took decides on the rest. */
void evaluation_ended(struct evaluation *e, int64_t now_ms);

/* What `status` and `alerts` tell: the open alerts are not yet those of today. */
bool evaluation_settling(const struct evaluation *e);
/* The open alerts were once those of today: what is due today has opened and closed. Newer rows may not be evaluated. */
bool evaluation_today(const struct evaluation *e);
/* All rows up to `seq` are evaluated on the present day. */
bool evaluation_covers(struct evaluation *e, int64_t seq);
/* Milliseconds until there is something to do; 0: now; -1: nothing foreseen. */
int64_t evaluation_wait_ms(struct evaluation *e, int64_t now_ms);

#endif
