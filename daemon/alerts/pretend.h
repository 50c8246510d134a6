/* What alerts events would open, change and close, if they were recorded: asked inside a batch that is rolled back.
 *
 * An evaluator of its own looks at the rows of the batch, so that the one that keeps the open alerts knows nothing of it. Called by the thread
 * that owns the ledger, with no evaluation outstanding: else what it finds is not these events' doing alone.
 */
#ifndef MUSTER_ALERTS_PRETEND_H
#define MUSTER_ALERTS_PRETEND_H

#include "alerts/alerts.h"
#include "wire/subject.h"

struct pretended {
    enum event_type type;     /* EV_ALERT_OPENED, EV_ALERT_CHANGED, EV_ALERT_CLOSED */
    int64_t alert;            /* its number; 0 for one that would open */
    const char *rule;
    enum subject_kind kind;
    const char *ref;
    const char *level;        /* "" when it closes */
    const char *since;        /* "" when it closes */
    const char *why;          /* when it closes; else "" */
};

/* Strings live until it returns. */
typedef int pretended_visit(void *context, const struct pretended *change, struct err *err);

/* Rows after `after` were written in the batch under way. *done_out is false where the budget was too small for all of it. 0; -1: the store
 * failed. */
int alerts_pretend(const struct alerts *alerts, int64_t after, int64_t budget_ms, pretended_visit *visit, void *context, bool *done_out,
                   struct err *err) MUST_CHECK;

#endif
