/* What was told long ago of alerts that are over is deleted: once a day, some rows at a time, in the order in which they
 * were written. docs/decisions/0023-pruned-notices.md says why it goes so. */
#include "base/zone.h"
#include "notify/notify_state.h"

enum {
    ROWS_AT_ONCE = 200,  /* looked at in one transaction: a millisecond or two, and the sync */
    PAUSE_MS = 200,      /* between two of them: a thousand rows a second, whatever else is done */
    DAY_S = 86400,
};

static bool over_for_today(const struct notify *n, day_t today)
{
    return n->telling->keep_days == 0 || n->pruning.done_on == today;
}

int notify_prune(struct notify *n, int64_t now_us, struct err *err)
{
    day_t today = zone_local(now_us / 1000000).day;
    struct pruning *p = &n->pruning;
    struct notice_prune step = {.before_us = now_us - n->telling->keep_days * DAY_S * INT64_C(1000000),
                                .after_notice = p->notice, .after_message = p->message, .most = ROWS_AT_ONCE};
    int r;

    if (over_for_today(n, today) || clock_monotonic_ms() < p->next_ms)
        return 0;
    if (store_begin(n->store, err) < 0)
        return -1;
    r = store_notices_prune(&step, n->store, err);
    if (r < 0 || store_commit(n->store, err) < 0) {
        store_rollback(n->store);
        return -1;
    }
    p->notice = step.after_notice;
    p->message = step.after_message;
    p->next_ms = clock_monotonic_ms() + PAUSE_MS;
    if (r == 0)
        *p = (struct pruning){.done_on = today};
    return 0;
}

int64_t notify_prune_wait_ms(const struct notify *n, int64_t now_us)
{
    int64_t left_ms = n->pruning.next_ms - clock_monotonic_ms();

    if (over_for_today(n, zone_local(now_us / 1000000).day))
        return -1;
    return left_ms > 0 ? left_ms : 0;
}
