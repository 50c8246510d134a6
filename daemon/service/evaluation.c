#include "service/evaluation.h"

#include <string.h>

#include "base/log.h"

int evaluation_init(struct evaluation *e, struct ledger *ledger, const struct pack *pack,
                    day_t tracking_since, int64_t settle_ms, int64_t now_ms, struct err *err)
{
    memset(e, 0, sizeof *e);
    e->ledger = ledger;
    e->last_input_ms = now_ms;
    e->settle_until_ms = now_ms + settle_ms;
    e->done_day = DAY_NONE;
    return alerts_new(&e->alerts, ledger, pack, tracking_since, err);
}

void evaluation_deinit(struct evaluation *e)
{
    alerts_free(e->alerts);
    e->alerts = NULL;
}

void evaluation_input(struct evaluation *e, int64_t now_ms)
{
    e->last_input_ms = now_ms;
}

int evaluation_configure(struct evaluation *e, const struct pack *pack, day_t tracking_since,
                         struct err *err)
{
    int failed = alerts_configure(e->alerts, pack, tracking_since, err);

    if (!failed && alerts_pending(e->alerts))
        e->complete = false;
    return failed;
}

static bool may_begin(struct evaluation *e, int64_t now_ms)
{
    if (!e->begun && (now_ms >= e->settle_until_ms || now_ms - e->last_input_ms >= QUIET_MS)) {
        e->begun = true;
        log_info("the input has settled: alerts are evaluated from now on");
    }
    return e->begun;
}

static void note_fault(struct evaluation *e, int64_t now_ms, const struct err *err)
{
    e->retry_at_ms = now_ms + RETRY_MS;
    if (!e->failing)
        log_error("alerts cannot be evaluated, trying again: %s", err->en);
    e->failing = true;
}

static void note_done(struct evaluation *e, day_t day)
{
    e->done_seq = ledger_seq(e->ledger);
    e->done_day = day;
    e->complete = true;
}

void evaluation_step(struct evaluation *e, int64_t now_ms, bool awaited)
{
    bool unhurried = awaited || now_ms - e->last_input_ms >= IDLE_MS;
    day_t day = clock_today(ledger_clock(e->ledger));
    struct err err = {0};
    bool done = true;

    if (!may_begin(e, now_ms) || now_ms < e->retry_at_ms || (!unhurried && now_ms < e->rest_until_ms))
        return;
    if (alerts_pending(e->alerts)) {
        e->slice_began_ms = now_ms;
        if (alerts_step(e->alerts, unhurried ? SLICE_AWAITED_MS : SLICE_MS, &done, &err) != 0) {
            note_fault(e, now_ms, &err);
            return;
        }
    }
    if (e->failing)
        log_notice("alerts are evaluated again");
    e->failing = false;
    if (done)
        note_done(e, day);
}

void evaluation_ended(struct evaluation *e, int64_t now_ms)
{
    int times = alerts_lag(e->alerts) > LAG_MANY ? 1 : REST_TIMES;

    if (e->slice_began_ms)
        e->rest_until_ms = now_ms + times * (now_ms - e->slice_began_ms);
    e->slice_began_ms = 0;
}

bool evaluation_settling(const struct evaluation *e)
{
    return !e->complete;
}

bool evaluation_today(const struct evaluation *e)
{
    return e->complete && e->done_day == clock_today(ledger_clock(e->ledger));
}

bool evaluation_covers(struct evaluation *e, int64_t seq)
{
    return e->complete && e->done_seq >= seq && e->done_day == clock_today(ledger_clock(e->ledger));
}

int64_t evaluation_wait_ms(struct evaluation *e, int64_t now_ms)
{
    int64_t idle_ms = e->last_input_ms + IDLE_MS;
    int64_t from_ms = e->rest_until_ms < idle_ms ? e->rest_until_ms : idle_ms;

    if (!e->begun) {
        int64_t quiet_ms = e->last_input_ms + QUIET_MS;

        from_ms = quiet_ms < e->settle_until_ms ? quiet_ms : e->settle_until_ms;
    } else if (e->complete && !alerts_pending(e->alerts)) {
        return -1;
    }
    if (e->begun && from_ms < e->retry_at_ms)
        from_ms = e->retry_at_ms;
    return from_ms > now_ms ? from_ms - now_ms : 0;
}
