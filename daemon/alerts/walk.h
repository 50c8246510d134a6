/* A walk over all subjects of rules, in an order that is kind to facts: every branch with its
 * present members, so that a branch is loaded once for them; then units, letters, and those who
 * left, each where their key comes. Nobody is met twice, nobody is left out.
 */
#ifndef MUSTER_ALERTS_WALK_H
#define MUSTER_ALERTS_WALK_H

#include "store/store.h"

struct walk {
    int64_t after; /* key of the subject last met; 0 at the beginning */
};

/* The keys that come next, in the arena. 1: some (maybe none of them new: *n_out 0); 0: that was
 * all; -1: the store failed. */
int walk_next(int64_t **keys_out, size_t *n_out, struct arena *arena, struct walk *walk,
              struct store *store, struct err *err) MUST_CHECK;

#endif
