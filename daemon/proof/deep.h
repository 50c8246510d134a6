/* Whether what follows from the rows stands in the tables: all rows are replayed into a ledger in memory, and every table, and
 * every subject's activities, held against it. "Everything follows from the ledger" as a check that changes nothing; what it
 * finds, `musterd --rebuild` puts right.
 */
#ifndef MUSTER_PROOF_DEEP_H
#define MUSTER_PROOF_DEEP_H

#include "store/store.h"

enum { DEEP_NAME_SIZE = 32 };

/* `store`: a connection that nobody else uses (STORE_READ); one snapshot of it is read, as long as it takes. *differs_out: "", or
 * the first table that is another. More rows than `rows_max` are refused (1): they would not fit into memory. -1: failed, or
 * the deadline has passed. */
int deep_check(char differs_out[DEEP_NAME_SIZE], struct store *store, int64_t rows_max, const struct deadline *deadline,
               struct err *err) MUST_CHECK;

#endif
