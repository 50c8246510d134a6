/* What the daemon runs by: one configuration with its rule pack, never changed once it is bound to
 * the ledger. A reload makes another; requests in flight keep theirs. Counted by the main thread
 * alone; readers only look. */
#ifndef MUSTER_SERVICE_POLICY_H
#define MUSTER_SERVICE_POLICY_H

#include "ledger/ledger.h"
#include "settings/settings.h"

struct policy {
    int refs;
    struct settings *settings;
    day_t tracking_since; /* as configured, or the ledger's first day */
};

/* Takes the settings over. */
struct policy *policy_new(struct settings **settings);

/* Gives the pack the ledger's own bits for kinds, and takes the first day from it where the
 * configuration names none. 0; 1: a rule names a kind that the ledger does not have; -1. */
int policy_bind(struct policy *policy, struct ledger *ledger, struct err *err) MUST_CHECK;

static inline const struct pack *policy_pack(const struct policy *policy)
{
    return policy->settings->pack;
}

struct policy *policy_ref(struct policy *policy);
void policy_unref(struct policy *policy);

static inline void policy_cleanup(struct policy **policy)
{
    policy_unref(*policy);
}
#define _cleanup_policy_ CLEANUP(policy_cleanup)

#endif
