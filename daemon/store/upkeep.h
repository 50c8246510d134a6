/* Upkeep of the index of activities, between commits and in small steps: the tail becomes a run when it
 * is long enough, eight runs of a level become one of the next, and what is replaced is deleted.
 * Whatever is cut short is begun anew: nothing counts before the step that makes it live.
 */
#ifndef MUSTER_STORE_UPKEEP_H
#define MUSTER_STORE_UPKEEP_H

#include "store/store.h"

/* Works for about `budget_ms`, in transactions of its own. *more_out: there is more to do. */
int store_upkeep(struct store *store, int64_t budget_ms, bool *more_out,
                 struct err *err) MUST_CHECK;
/* Inside a transaction of the caller (rebuild): whatever is due, to its end. */
int store_upkeep_within(struct store *store, struct err *err) MUST_CHECK;
/* After how many touches the tail becomes a run. For tests; the default suits all sizes. */
void store_upkeep_set(struct store *store, size_t flush_touches, int fan_in);

#endif
