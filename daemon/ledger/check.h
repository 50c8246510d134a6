/* Whether an event may be recorded: refs, and the history of every subject that it touches. */
#ifndef MUSTER_LEDGER_CHECK_H
#define MUSTER_LEDGER_CHECK_H

#include "ledger/fold.h"

/* An event being considered, with what it corrects. */
struct considered {
    const struct event *event;
    uint8_t root[UUID_SIZE];
    struct stored *target;       /* what it voids or replaces; NULL if nothing, or if that cannot be */
    struct touches touches;      /* of the event */
    struct touches target_touches;
    /* Events in effect that name their subjects only through the target (a letter's reception, an
     * exemption's end), when the event creates the same ref again: they follow it. */
    struct stored **followers;
    struct touches *follower_touches; /* as they will be */
    size_t follower_count;
};

/* Fills `out` and judges. 0: may be recorded; 1: refused, err set; -1: the store failed.
 * `looks`: how much searching for near refs is left. */
int check_event(struct considered *out, struct reading *rd, const struct event *event, int *looks,
                struct err *err) MUST_CHECK;

/* Only fills `out`, for an event known to be valid (replay). */
int consider(struct considered *out, struct reading *rd, const struct event *event,
             struct err *err) MUST_CHECK;

#endif
