/* Where nobody reports: alerts and the board tell it apart from inactive (docs/notices.md). */
#include <string.h>

#include "base/zone.h"
#include "query/answer.h"
#include "settings/people.h"
#include "store/notices.h"

/* Once for a request. In a ledger younger than that nobody can have been silent for so long. */
static int know(struct asking *ask, int64_t days, struct err *err)
{
    day_t since = ask->day - (day_t)days;
    struct row first;

    if (ask->silent_known)
        return 0;
    ask->silent_known = true;
    if (store_row_get(&first, &ask->arena, ask->store, 1, err) < 0)
        return -1;
    if (since < zone_local(first.recorded_at / 1000000).day)
        return 0;
    return store_heard_silent(&ask->silent, &ask->silent_count, &ask->arena, ask->store, since, err);
}

int write_no_reports(struct asking *ask, int64_t branch, const struct rule *rule, struct err *err)
{
    const struct telling *telling = ask->env->telling;
    const char *area;
    int r;

    if (!telling || telling->silence_days == 0 || ask->as_of || ask->known_on || branch == 0 || !rule_needs_reports(rule))
        return 0;
    if (know(ask, telling->silence_days, err) < 0)
        return -1;
    r = ask->silent_count ? store_realm_area(&area, &ask->scratch, ask->store, branch, err) : 0;
    for (size_t i = 0; r == 1 && i < ask->silent_count; i++)
        if (strcmp(ask->silent[i].area, area) == 0)
            json_kv_bool(ask->out, "no_reports", true);
    return r < 0 ? -1 : 0;
}
