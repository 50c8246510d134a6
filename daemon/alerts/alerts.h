/* Alerts on a moving clock: keeps the open alerts equal to evaluate(ledger, rules, today).
 *
 * It re-evaluates the subjects that recorded events touched, those whose day has come (a deadline
 * index), and all of them when the rules changed; openings, changes and closings are rows of the
 * ledger, written in transactions of their own. Work is done in slices so that recording goes on.
 * Called by the thread that owns the ledger, never inside a batch.
 *
 * A closing says why: met | when (its conditions hold no more) | exempt | not_in_force |
 * not_tracked | rule_removed.
 */
#ifndef MUSTER_ALERTS_ALERTS_H
#define MUSTER_ALERTS_ALERTS_H

#include "ledger/ledger.h"
#include "pack/pack.h"

struct alerts;

/* Takes up where the last run stopped: rows recorded but not evaluated are evaluated first. `pack`
 * is borrowed and must live until alerts_configure or alerts_free. */
int alerts_new(struct alerts **out, struct ledger *ledger, const struct pack *pack,
               day_t tracking_since, struct err *err) MUST_CHECK;
void alerts_free(struct alerts *alerts);
DEFINE_CLEANUP(alerts);
#define _cleanup_alerts_ CLEANUP(alerts_cleanup)

/* Another pack or tracking_since: everything is evaluated anew. */
int alerts_configure(struct alerts *alerts, const struct pack *pack, day_t tracking_since,
                     struct err *err) MUST_CHECK;

/* Evaluates for about `budget_ms`, at the clock's day. *done_out: nothing is left for now. Returns
 * 0; -1 with err when the store failed (the work stays and can be tried again). */
int alerts_step(struct alerts *alerts, int64_t budget_ms, bool *done_out,
                struct err *err) MUST_CHECK;

/* Whether a step has anything to do now (touched subjects, a new day, new rules). */
bool alerts_pending(struct alerts *alerts);
/* The day up to which deadlines were evaluated, now or by the last run; DAY_NONE: never. */
day_t alerts_day(const struct alerts *alerts);
/* Rows recorded but not evaluated yet. */
int64_t alerts_lag(struct alerts *alerts);

#endif
