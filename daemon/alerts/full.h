/* Evaluation from the ground up: every open alert of a day, by asking every rule about every
 * subject. What the alerts of a moving clock must be equal to, and the answer for any other day.
 * Reads only; called by query (as of, on its own store) and by tests.
 */
#ifndef MUSTER_ALERTS_FULL_H
#define MUSTER_ALERTS_FULL_H

#include "facts/facts.h"

/* One open alert. Its subject lives until the visit returns. 0: go on; else: stop, passed on. */
typedef int alerts_visit(void *ctx, const struct subject_data *subject, const struct rule *rule,
                         const struct verdict *verdict);

/* `facts` is a session of `store`; it is reset as the walk goes on. -1: the store failed, or what
 * the visit returned. In no order that means anything. */
int alerts_full(struct facts *facts, struct store *store, const struct pack *pack,
                day_t tracking_since, day_t day, alerts_visit *visit, void *ctx,
                struct err *err) MUST_CHECK;

enum { FACTS_BOUND_BYTES = 64 * 1024 * 1024 }; /* a session larger than this is reset */

#endif
