#include "notify/notify.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/zone.h"
#include "notify/notify_state.h"

enum {
    /* What a clock that was ahead may have put off: a digest of the next week after long holidays, the longest retry. */
    DUE_MOST_S = 60 * 86400,
    RETRY_MOST_S = 8 * 3600,
};

static void make_ways(struct notify *n)
{
    static const char *const built_in[] = {"feed", "log"};
    size_t count = 0;

    free(n->ways);
    n->ways = mem_zero((n->settings->channel_count + ARRAY_LEN(built_in) + 1) * sizeof *n->ways);
    for (; count < n->settings->channel_count; count++)
        n->ways[count].channel = n->settings->channels[count].name;
    for (size_t i = 0; i < ARRAY_LEN(built_in); i++)
        n->ways[count++].channel = built_in[i];
}

static void take_settings(struct notify *n, const struct settings *settings, day_t tracking_since)
{
    n->settings = settings;
    n->telling = &settings->telling;
    n->tracking_since = tracking_since;
    alerts_listen(n->alerts, n->telling->route_count ? notify_hear : NULL, n);
    reporters_reset(&n->reporters);
    n->pruning = (struct pruning){.done_on = DAY_NONE};
    n->look = true;
}

static int take_up(struct notify *n, int64_t now_us, struct err *err)
{
    if (store_begin(n->store, err) < 0)
        return -1;
    if (store_notices_hurry(n->store, now_us + DUE_MOST_S * INT64_C(1000000), now_us + RETRY_MOST_S * INT64_C(1000000),
                            err) < 0 ||
        store_commit(n->store, err) < 0) {
        store_rollback(n->store);
        return -1;
    }
    return 0;
}

int notify_new(struct notify **out, struct ledger *ledger, struct alerts *alerts, const struct settings *settings,
               day_t tracking_since, int64_t off_days, int64_t now_us, struct err *err)
{
    _cleanup_notify_ struct notify *n = mem_zero(sizeof *n);

    n->ledger = ledger;
    n->store = ledger_store(ledger);
    n->alerts = alerts;
    n->off_days = off_days;
    n->summary = off_days > 1;
    n->watched_day = DAY_NONE;
    take_settings(n, settings, tracking_since);
    make_ways(n);
    n->strays = true;
    if (n->telling->route_count && take_up(n, now_us, err) < 0)
        return -1;
    *out = TAKE(n);
    return 0;
}

void notify_free(struct notify *n)
{
    if (!n)
        return;
    alerts_listen(n->alerts, NULL, NULL);
    composing_deinit(&n->composing);
    reporters_deinit(&n->reporters);
    arena_deinit(&n->arena);
    free(n->ways);
    free(n);
}

void notify_take_words(struct notify *n, const uint8_t *key)
{
    n->word_key = key;
}

void notify_configure(struct notify *n, const struct settings *settings, day_t tracking_since)
{
    struct under_way *before = n->ways;

    composing_deinit(&n->composing);
    take_settings(n, settings, tracking_since);
    n->ways = NULL;
    make_ways(n);
    n->strays = true;
    for (struct under_way *way = n->ways; way->channel; way++)
        for (const struct under_way *old = before; old->channel; old++)
            if (strcmp(old->channel, way->channel) == 0)
                way->message = old->message;
    free(before);
}

static int foresee(struct notify *n, struct err *err)
{
    int64_t next = -1, us, now_us = clock_now_us(ledger_clock(n->ledger));
    int r = store_notice_earliest(&us, n->store, err);

    if (r == 1)
        next = us;
    for (const struct under_way *way = n->ways; r >= 0 && way->channel; way++) {
        struct outgoing m;

        if (way->message)
            continue;
        r = store_message_next(&m, &n->arena, n->store, way->channel, err);
        if (r != 1)
            continue;
        n->may_take = n->may_take || m.next_us <= now_us;
        if (next < 0 || m.next_us < next)
            next = m.next_us;
    }
    if (r < 0)
        return -1;
    if (ledger_rehearsal(n->ledger))
        n->may_take = false;
    n->next_us = next;
    n->look = false;
    return 0;
}

int notify_step(struct notify *n, int64_t now_us, int64_t budget_ms, struct err *err)
{
    day_t today = zone_local(now_us / 1000000).day;
    int64_t until_ms = clock_monotonic_ms() + budget_ms;
    int r = 1;

    if (n->telling->route_count == 0)
        return 0;
    while (n->watched_day != today && r == 1) {
        r = ladder_step(n, today, err);
        if (r == 0)
            n->watched_day = today;
        if (clock_monotonic_ms() >= until_ms)
            return r < 0 ? -1 : 0;
    }
    n->summary = n->summary && n->watched_day != today;
    if (r >= 0 && n->strays && !ledger_rehearsal(n->ledger)) {
        r = deliver_stray(n, now_us, until_ms, err);
        n->strays = r != 0;
        if (r == 1)
            return 0; /* each set `look`, so that this is called again at once */
    }
    if (r < 0 || (!n->look && (n->next_us < 0 || n->next_us > now_us)))
        return r < 0 ? -1 : 0;
    do
        r = gather_step(n, now_us, err);
    while (r == 1 && clock_monotonic_ms() < until_ms);
    if (r != 0)
        return r < 0 ? -1 : 0;
    if (!ledger_rehearsal(n->ledger)) { /* what was gathered just now may be for a channel that went before */
        r = deliver_stray(n, now_us, until_ms, err);
        if (r != 0)
            return r < 0 ? -1 : 0;
    }
    arena_reset(&n->arena);
    return foresee(n, err);
}

bool notify_busy(const struct notify *n, int64_t now_us)
{
    if (n->telling->route_count == 0)
        return false;
    return n->watched_day != zone_local(now_us / 1000000).day || notify_wait_us(n, now_us) == 0;
}

int64_t notify_wait_us(const struct notify *n, int64_t now_us)
{
    if (n->telling->route_count == 0)
        return -1;
    if (n->look || n->may_take || n->composing.of.number)
        return 0;
    if (n->next_us < 0)
        return -1;
    return n->next_us > now_us ? n->next_us - now_us : 0;
}
