/* The branches and units of a grant's scope, as a set of numbers, in one state of the store.
 *
 * A branch lies in scope if it is named, or if the newest area said of it is one of the grant's. A unit:
 * by its own area, or if a branch in scope lists it now. A member: by the branches it belonged to on a
 * day; on a day on which it belonged to none, by the last branch it is known to have had.
 *
 * Costs as much as the scope is large, and is looked up by hash.
 */
#ifndef MUSTER_ACCESS_REALM_H
#define MUSTER_ACCESS_REALM_H

#include "access/grant.h"
#include "store/store.h"

struct realm;

int realm_new(struct realm **out, struct store *store, const struct grant *grant, struct err *err) MUST_CHECK;
void realm_free(struct realm *realm);

/* The same branches and units in an earlier state of the ledger, with the keys that they have there; those that it does not
 * know yet are left out. */
int realm_carry(struct realm **out, const struct realm *realm, struct store *from, struct store *to,
                struct err *err) MUST_CHECK;

/* Key 0, of a ref that there is not, lies in no scope. */
bool realm_has(const struct realm *realm, int64_t key);
/* Does the same work for a member that there is not (key 0). */
int realm_has_member(bool *out, const struct realm *realm, struct store *store, int64_t member, day_t day,
                     struct err *err) MUST_CHECK;

/* The branches in scope. */
const int64_t *realm_branches(const struct realm *realm, size_t *n_out);
/* The units in scope. */
const int64_t *realm_units(const struct realm *realm, size_t *n_out);

/* The grant's scope in the store of the thread that records, kept as long as the realm stays what it is. */
int grant_realm(const struct realm **out, struct grant *grant, struct store *store, uint64_t realm_version,
                struct err *err) MUST_CHECK;

#endif
