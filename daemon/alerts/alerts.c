/* Taking rows, days and rules in turn, slice by slice. */
#include "alerts/alerts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/alerts_state.h"
#include "alerts/full.h"
#include "base/buf.h"
#include "ledger/ledger_rows.h"
#include "store/alert_table.h"

enum {
    TAKE_ROWS = 1000,      /* taken together, so that what they touch in common is evaluated once */
    QUEUE_ENOUGH = 2000,   /* no more rows are taken while so many subjects wait */
    SLICE_SUBJECTS = 1000, /* evaluated in one transaction: it stays small whatever the budget */
    DUE_AT_ONCE = 256,
    SAVE_ROWS = 10000,     /* rows that a restart may have to take again, at most */
};

struct slice {
    day_t today;
    int64_t until_ms;
    int changes_before;
    int subjects;
};

static void rules_id(char out[RULES_ID_SIZE], const struct pack *pack, day_t tracking_since)
{
    char since[DAY_TEXT_SIZE];

    snprintf(out, RULES_ID_SIZE, "%d:%s:%s", EVALUATION_VERSION, pack->hash,
             day_format(since, tracking_since));
}

/* Everything anew. Rows recorded so far need not be taken: all that they touch is in the walk. */
static void begin_all(struct alerts *a)
{
    a->all = true;
    a->walk = (struct walk){0};
    a->taken = a->evaluated = ledger_seq(a->ledger);
    queue_clear(&a->queue);
    memset(a->quiet, 0, a->quiet_bytes);
}

static int load_number(int64_t *out, struct alerts *a, const char *name, int64_t absent,
                       struct err *err)
{
    _cleanup_free_ char *text = NULL;
    int r = store_meta_get(&text, a->store, name, err);

    *out = r == 1 ? strtoll(text, NULL, 10) : absent;
    return r < 0 ? -1 : 0;
}

static void remember_open(void *ctx, int kind, const char *ref, int64_t alerts)
{
    struct alerts *a = ctx;
    int64_t hash = subject_hash((enum subject_kind)kind, ref);

    keymap_set(&a->open, hash, keymap_get(&a->open, hash) + (uintptr_t)alerts);
}

/* Where the last run, or the last slice that could be written, stopped. */
static int load(struct alerts *a, struct err *err)
{
    _cleanup_free_ char *rules = NULL;
    int64_t day;

    keymap_deinit(&a->open);
    queue_clear(&a->queue);
    memset(a->quiet, 0, a->quiet_bytes);
    if (load_number(&a->saved_seq, a, "evaluated_seq", 0, err) < 0 ||
        load_number(&day, a, "evaluated_day", DAY_NONE, err) < 0 ||
        store_meta_get(&rules, a->store, "evaluated_rules", err) < 0 ||
        store_alert_subjects(a->store, remember_open, a, err) < 0)
        return -1;
    a->taken = a->evaluated = a->saved_seq;
    a->day_done = a->saved_day = (day_t)day;
    a->all = false;
    /* A clock that was ahead and was put right does no harm: had anything opened or closed in those
     * days, its rows would not let the clock go back behind them. */
    if (!rules || strcmp(rules, a->rules_id) != 0)
        begin_all(a);
    a->stale = false;
    return 0;
}

/* While what memory knows of open alerts is to be read anew, every row is taken. */
static void hear(void *listener, int64_t seq, const struct event *event)
{
    struct alerts *a = listener;

    heard_add(&a->heard, seq, !a->stale && passes_over(a, event, clock_today(ledger_clock(a->ledger))));
}

int alerts_new(struct alerts **out, struct ledger *ledger, const struct pack *pack,
               day_t tracking_since, struct err *err)
{
    _cleanup_alerts_ struct alerts *a = mem_zero(sizeof *a);

    a->ledger = ledger;
    a->store = ledger_store(ledger);
    a->facts = facts_new(a->store, ledger_kinds(ledger));
    a->quiet_bytes = 64;
    a->quiet = mem_zero(a->quiet_bytes);
    a->pack = pack;
    a->tracking_since = tracking_since;
    rules_id(a->rules_id, pack, tracking_since);
    if (load(a, err) < 0)
        return -1;
    ledger_listen(ledger, hear, a);
    *out = TAKE(a);
    return 0;
}

void alerts_free(struct alerts *a)
{
    if (!a)
        return;
    ledger_listen(a->ledger, NULL, NULL);
    heard_deinit(&a->heard);
    facts_free(a->facts);
    queue_clear(&a->queue);
    keymap_deinit(&a->open);
    arena_deinit(&a->arena);
    free(a->quiet);
    free(a);
}

void alerts_listen(struct alerts *a, alerts_told *told, void *listener)
{
    a->told = told;
    a->listener = listener;
}

int alerts_configure(struct alerts *a, const struct pack *pack, day_t tracking_since,
                     struct err *err)
{
    char id[RULES_ID_SIZE];

    (void)err;
    a->pack = pack;
    a->tracking_since = tracking_since;
    rules_id(id, pack, tracking_since);
    if (strcmp(id, a->rules_id) == 0)
        return 0;
    memcpy(a->rules_id, id, sizeof id);
    begin_all(a);
    return 0;
}

static int tell_acknowledged(struct alerts *a, const struct stored *row, day_t today, struct err *err)
{
    struct alert_news news = {.type = EV_ALERT_ACKNOWLEDGED, .seq = row->row.seq, .today = today, .facts = a->facts};

    if (!a->told || row->event.type != EV_ALERT_ACKNOWLEDGED)
        return 0;
    news.alert = event_int(&row->event, F_ALERT, 0);
    return a->told(a->listener, &news, err);
}

/* 1: a row was taken; 0: there is no more; -1. */
static int take_next(struct alerts *a, sqlite3_stmt *rows, day_t today, struct err *err)
{
    struct reading rd = {a->store, &a->arena, ledger_kinds(a->ledger), false};
    struct stored stored = {0};
    int r = store_step(a->store, rows, err);

    if (r != 1)
        return r;
    arena_reset(&a->arena);
    store_row_read(&stored.row, &a->arena, rows);
    if (stored_from_row(&stored, &rd, err) < 0 || take_row(a, &stored, today, err) < 0 ||
        tell_acknowledged(a, &stored, today, err) < 0)
        return -1;
    a->taken = stored.row.seq;
    return 1;
}

static int take_rows(struct alerts *a, const struct slice *slice, struct err *err)
{
    sqlite3_stmt *rows = store_stmt(a->store, SQL_ROWS_AFTER);
    int64_t newest = ledger_seq(a->ledger), at = -1; /* where `rows` stands */
    int r = 1;

    for (int i = 0; r == 1 && i < TAKE_ROWS && queue_length(&a->queue) < QUEUE_ENOUGH; i++) {
        a->taken = heard_skip(&a->heard, a->taken, newest);
        if (a->taken == newest)
            break;
        if (a->taken != at) {
            sqlite3_reset(rows);
            sqlite3_bind_int64(rows, 1, a->taken);
            sqlite3_bind_int64(rows, 2, newest);
        }
        r = take_next(a, rows, slice->today, err);
        at = a->taken;
        if (clock_monotonic_ms() >= slice->until_ms)
            break;
    }
    sqlite3_reset(rows);
    return r < 0 ? -1 : 0;
}

static int take_walk(struct alerts *a, struct err *err)
{
    int64_t *keys;
    size_t n;
    int r;

    /* While it goes on, the open alerts follow neither the old rules nor the new ones. */
    if (a->walk.after == 0 && store_meta_set(a->store, "evaluated_rules", "", err) < 0)
        return -1;
    arena_reset(&a->arena);
    r = walk_next(&keys, &n, &a->arena, &a->walk, a->store, err);
    if (r == 0) {
        a->all = false;
        return store_meta_set(a->store, "evaluated_rules", a->rules_id, err);
    }
    for (size_t i = 0; r == 1 && i < n; i++)
        queue_add(&a->queue, keys[i]);
    return r < 0 ? -1 : 0;
}

/* A member who is due, and all of the same branch who are: after a year's end that is everybody, and
 * the branch with its rolls is then loaded once. */
static int take_due_member(struct alerts *a, int64_t key, day_t today, struct err *err)
{
    struct stint stint;
    int64_t *members;
    size_t n;
    int r = store_stint_latest(&stint, a->store, key, DAY_NEVER - 1, err);

    if (r != 1 || stint.to != DAY_NEVER)
        return r < 0 ? -1 : 0;
    arena_reset(&a->arena);
    if (store_deadlines_of_members(&members, &n, &a->arena, a->store, stint.branch, today, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        queue_add(&a->queue, members[i]);
    return 0;
}

static int take_due(struct alerts *a, const struct slice *slice, struct err *err)
{
    int64_t due[DUE_AT_ONCE];
    size_t n;

    if (store_deadlines(due, &n, a->store, slice->today, DUE_AT_ONCE, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (queue_has(&a->queue, due[i]))
            continue;
        queue_add(&a->queue, due[i]);
        if (take_due_member(a, due[i], slice->today, err) < 0)
            return -1;
    }
    if (n == 0)
        a->day_done = slice->today;
    return 0;
}

static bool in_time(const struct slice *slice)
{
    return slice->subjects < SLICE_SUBJECTS && clock_monotonic_ms() < slice->until_ms;
}

static int evaluate_queue(struct alerts *a, struct slice *slice, struct err *err)
{
    int64_t key;

    /* One at least, however small the budget: then every slice gets on. */
    while ((slice->subjects == 0 || in_time(slice)) && queue_take(&key, &a->queue)) {
        slice->subjects++;
        if (evaluate_subject(a, key, slice->today, err) < 0)
            return -1;
        if (facts_size(a->facts) > FACTS_BOUND_BYTES)
            facts_reset(a->facts);
    }
    return 0;
}

static int work(struct alerts *a, struct slice *slice, struct err *err)
{
    int r = 0;

    do {
        if (queue_length(&a->queue) == 0) {
            a->evaluated = a->taken;
            if (a->taken < ledger_seq(a->ledger))
                r = take_rows(a, slice, err);
            else if (a->all)
                r = take_walk(a, err);
            else if (a->day_done != slice->today)
                r = take_due(a, slice, err);
            else
                break;
        }
        if (r == 0)
            r = evaluate_queue(a, slice, err);
    } while (r == 0 && in_time(slice));
    if (queue_length(&a->queue) == 0)
        a->evaluated = a->taken;
    return r;
}

static int save_number(struct alerts *a, const char *name, int64_t number, struct err *err)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRId64, number);
    return store_meta_set(a->store, name, text, err);
}

/* The watermark goes with what the slice wrote. One that wrote nothing leaves it, but for a bound:
 * so an ordinary meeting costs no commit. */
static int save(struct alerts *a, const struct slice *slice, struct err *err)
{
    bool wrote = sqlite3_total_changes(store_db(a->store)) != slice->changes_before;

    /* Our own rows, written after the last one taken, need no taking. */
    if (a->last_own && a->evaluated == ledger_seq(a->ledger))
        a->taken = a->evaluated = a->last_own;
    if (a->day_done != a->saved_day) {
        if (save_number(a, "evaluated_day", a->day_done, err) < 0)
            return -1;
        wrote = true;
    }
    if (a->evaluated == a->saved_seq || (!wrote && a->evaluated - a->saved_seq < SAVE_ROWS))
        return 0;
    return save_number(a, "evaluated_seq", a->evaluated, err);
}

static int run_slice(struct alerts *a, int64_t budget_ms, struct err *err)
{
    struct slice slice = {
        .today = clock_today(ledger_clock(a->ledger)),
        .until_ms = clock_monotonic_ms() + budget_ms,
    };
    int64_t saved_seq = a->saved_seq;

    if (ledger_begin(a->ledger, err) < 0)
        return -1;
    slice.changes_before = sqlite3_total_changes(store_db(a->store));
    a->last_own = 0;
    facts_reset(a->facts); /* the store has moved on */
    if (work(a, &slice, err) < 0 || save(a, &slice, err) < 0) {
        ledger_rollback(a->ledger);
        return -1;
    }
    if (sqlite3_total_changes(store_db(a->store)) != slice.changes_before)
        saved_seq = a->evaluated;
    if (ledger_commit(a->ledger, err) < 0)
        return -1;
    a->saved_seq = saved_seq;
    a->saved_day = a->day_done;
    return 0;
}

int alerts_step(struct alerts *a, int64_t budget_ms, bool *done_out, struct err *err)
{
    *done_out = false;
    if (a->stale && load(a, err) < 0)
        return -1;
    if (alerts_pending(a) && run_slice(a, budget_ms, err) < 0) {
        a->stale = true;
        return -1;
    }
    *done_out = !alerts_pending(a);
    return 0;
}

bool alerts_pending(struct alerts *a)
{
    return a->stale || a->all || queue_length(&a->queue) > 0 || a->taken < ledger_seq(a->ledger) ||
           a->day_done != clock_today(ledger_clock(a->ledger));
}

day_t alerts_day(const struct alerts *a)
{
    return a->day_done;
}

int64_t alerts_lag(struct alerts *a)
{
    return ledger_seq(a->ledger) - a->evaluated;
}
