/* Verifying the ledger in its database: the chain from the first row to the newest, while the daemon works.
 *
 * In slices, each on a snapshot of its own, so that the log of the database can be cut between them. That is as
 * good as one snapshot: rows are only ever added, and each slice goes on from the value at which the last one
 * stopped. Needs a connection of its own (STORE_READ) that nobody else uses meanwhile.
 */
#ifndef MUSTER_PROOF_VERIFY_H
#define MUSTER_PROOF_VERIFY_H

#include "chain/walk.h"
#include "store/store.h"

struct verification;

/* `seq`, `value`: the newest row as whoever recorded it remembers it; 0: nobody does. */
struct verification *verification_new(struct store *store, int64_t seq, const uint8_t value[CHAIN_SIZE]);
void verification_free(struct verification *v);
DEFINE_CLEANUP(verification);
#define _cleanup_verification_ CLEANUP(verification_cleanup)

/* Works for about `budget_ms`. -1: the database cannot be read. */
int verification_slice(enum walk_result *out, struct verification *v, int64_t budget_ms, struct err *err) MUST_CHECK;

int64_t verification_rows(const struct verification *v); /* newest row of the last slice's snapshot */
const struct chain_walk *verification_walk(const struct verification *v);

#endif
