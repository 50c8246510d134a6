#include "service/policy.h"

#include "base/zone.h"
#include "store/store.h"

struct policy *policy_new(struct settings **settings)
{
    struct policy *policy = mem_zero(sizeof *policy);

    policy->refs = 1;
    policy->settings = TAKE(*settings);
    policy->tracking_since = policy->settings->tracking_since;
    return policy;
}

static int first_day(day_t *out, struct ledger *ledger, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    struct row row;

    if (store_row_get(&row, &arena, ledger_store(ledger), 1, err) < 0)
        return -1;
    *out = zone_local(row.recorded_at / 1000000).day;
    return 0;
}

int policy_bind(struct policy *policy, struct ledger *ledger, struct err *err)
{
    int failed = pack_bind_kinds(policy->settings->pack, ledger_kinds(ledger), err);

    if (!failed && policy->settings->tracking_since == DAY_NONE)
        failed = first_day(&policy->tracking_since, ledger, err);
    return failed;
}

struct policy *policy_ref(struct policy *policy)
{
    policy->refs++;
    return policy;
}

void policy_unref(struct policy *policy)
{
    if (!policy || --policy->refs > 0)
        return;
    settings_free(policy->settings);
    free(policy);
}
