#include "notify/reporters.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/zone.h"
#include "ledger/history.h"
#include "notify/notify_state.h"

enum { ROWS_AT_ONCE = 200 }; /* in one transaction: some milliseconds */

void reporters_reset(struct reporters *r)
{
    r->loaded = r->known = false;
}

void reporters_deinit(struct reporters *r)
{
    arena_deinit(&r->arena);
}

static int number(int64_t *out, struct notify *n, const char *name, struct err *err)
{
    _cleanup_free_ char *text = NULL;
    int r = store_meta_get(&text, n->store, name, err);

    *out = r == 1 ? strtoll(text, NULL, 10) : 0;
    return r < 0 ? -1 : 0;
}

static int save(struct notify *n, const char *name, int64_t value, struct err *err)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRId64, value);
    return store_meta_set(n->store, name, text, err);
}

/* Rows from before the silence that matters need not be looked at; those after, if a longer one matters now, once more. */
static int load(struct notify *n, int64_t now_us, struct err *err)
{
    struct reporters *r = &n->reporters;
    int64_t days, floor, since_us = now_us - n->telling->silence_days * 86400 * INT64_C(1000000);
    struct row first;

    arena_reset(&n->arena);
    if (number(&r->heard_seq, n, "heard_seq", err) < 0 || number(&days, n, "heard_days", err) < 0 ||
        store_seq_known_on(&floor, n->store, since_us, err) < 0 ||
        store_row_get(&first, &n->arena, n->store, 1, err) < 0)
        return -1;
    if (r->heard_seq < floor || days < n->telling->silence_days)
        r->heard_seq = floor;
    r->first_day = zone_local(first.recorded_at / 1000000).day;
    r->loaded = true;
    return 0;
}

/* A meeting is its branches' report, not that of the branches whose members came. */
static int hear_row(struct notify *n, const struct stored *row, struct err *err)
{
    struct reading rd = {n->store, &n->arena, ledger_kinds(n->ledger), false};
    day_t day = zone_local(row->row.recorded_at / 1000000).day;
    struct touches touches = {0};
    bool heard = false;

    if (touches_of_event(&touches, &rd, &row->event, NULL, err) < 0)
        return -1;
    for (size_t i = 0; i < touches.n; i++)
        if (touches.items[i].kind == SUBJECT_BRANCH && touches.items[i].key) {
            heard = true;
            if (store_heard_set(n->store, touches.items[i].key, day, err) < 0)
                return -1;
        }
    for (size_t i = 0; i < touches.n && !heard; i++) {
        struct stint stint;
        int r = 0;

        if (touches.items[i].kind == SUBJECT_MEMBER && touches.items[i].key)
            r = store_stint_latest(&stint, n->store, touches.items[i].key, DAY_NEVER - 1, err);
        if (r == 1)
            r = store_heard_set(n->store, stint.branch, day, err);
        if (r < 0)
            return -1;
    }
    return 0;
}

static bool is_report(const struct event *e)
{
    switch (e->type) {
    case EV_LEDGER_OPENED:
    case EV_ALERT_OPENED:
    case EV_ALERT_CHANGED:
    case EV_ALERT_CLOSED:
        return false;
    default:
        return true;
    }
}

/* The rows' memory is the arena's, which is reset between them. 1: it was looked at; 0: there is none; -1. */
static int hear_next(struct notify *n, struct err *err)
{
    struct reading rd = {n->store, &n->arena, ledger_kinds(n->ledger), false};
    sqlite3_stmt *s = store_stmt(n->store, SQL_ROWS_AFTER);
    struct stored row = {0};
    int r;

    arena_reset(&n->arena);
    sqlite3_bind_int64(s, 1, n->reporters.heard_seq);
    sqlite3_bind_int64(s, 2, ledger_seq(n->ledger));
    r = store_step(n->store, s, err);
    if (r == 1)
        store_row_read(&row.row, &n->arena, s);
    sqlite3_reset(s);
    if (r != 1)
        return r;
    if (stored_from_row(&row, &rd, err) < 0 || (is_report(&row.event) && hear_row(n, &row, err) < 0))
        return -1;
    n->reporters.heard_seq = row.row.seq;
    return 1;
}

static int hear_some(struct notify *n, struct err *err)
{
    int r = 1;

    for (int i = 0; i < ROWS_AT_ONCE && r == 1; i++)
        r = hear_next(n, err);
    if (r < 0 || save(n, "heard_seq", n->reporters.heard_seq, err) < 0 ||
        save(n, "heard_days", n->telling->silence_days, err) < 0)
        return -1;
    return 0;
}

int64_t notify_reporters_lag(const struct notify *n)
{
    if (n->telling->silence_days == 0)
        return 0;
    return n->reporters.loaded ? ledger_seq(n->ledger) - n->reporters.heard_seq : 1;
}

int notify_hear_reporters(struct notify *n, int64_t now_us, int64_t budget_ms, struct err *err)
{
    int64_t until_ms = clock_monotonic_ms() + budget_ms;

    if (n->telling->silence_days && !n->reporters.loaded && load(n, now_us, err) < 0)
        return -1;
    while (notify_reporters_lag(n) > 0 && clock_monotonic_ms() < until_ms) {
        if (store_begin(n->store, err) < 0)
            return -1;
        if (hear_some(n, err) < 0 || store_commit(n->store, err) < 0) {
            store_rollback(n->store);
            reporters_reset(&n->reporters);
            return -1;
        }
        n->reporters.known = false;
    }
    return 0;
}

/* ---- asked ------------------------------------------------------------------------------------ */

static int know(struct notify *n, day_t today, struct err *err)
{
    struct reporters *r = &n->reporters;
    day_t since = today - (day_t)n->telling->silence_days;

    if (r->known && r->day == today)
        return 0;
    arena_reset(&r->arena);
    r->silent_count = 0;
    r->day = today;
    r->known = true;
    /* In a ledger younger than that nobody can have been silent for so long. */
    if (n->telling->silence_days == 0 || !r->loaded || since < r->first_day)
        return 0;
    return store_heard_silent(&r->silent, &r->silent_count, &r->arena, n->store, since, err);
}

static const struct silent_area *find(const struct reporters *r, const char *area)
{
    for (size_t i = 0; i < r->silent_count; i++)
        if (strcmp(r->silent[i].area, area) == 0)
            return &r->silent[i];
    return NULL;
}

int reporters_explain(const char **area_out, struct notify *n, const char *rule_id, int64_t branch, day_t today,
                      struct err *err)
{
    const struct rule *rule = pack_find(n->settings->pack, rule_id);
    const struct silent_area *silent;
    const char *area;
    int r;

    *area_out = NULL;
    if (n->telling->silence_days == 0 || branch == 0 || !rule_needs_reports(rule))
        return 0;
    if (know(n, today, err) < 0)
        return -1;
    r = store_realm_area(&area, &n->arena, n->store, branch, err);
    if (r != 1)
        return r;
    silent = find(&n->reporters, area);
    *area_out = silent ? silent->area : NULL;
    return 0;
}

int reporters_last(day_t *out, struct notify *n, const char *area, day_t today, struct err *err)
{
    const struct silent_area *silent;

    if (know(n, today, err) < 0)
        return -1;
    silent = find(&n->reporters, area);
    *out = silent ? silent->last : DAY_NONE;
    return 0;
}
