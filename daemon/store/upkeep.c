#include "store/upkeep.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/store_state.h"

enum {
    SLICE_TOUCHES = 2048, /* a transaction of a few milliseconds */
    DELETE_CHUNKS = 1000,
    DELETE_ROWS = 4000,
    TAIL_TIMES = 4,
    HURRY_TIMES = 10,
};

struct flush {
    bool active;
    int64_t run;       /* being built */
    int64_t *subjects; /* of the oldest segment, by key */
    size_t subject_count, subject_at, touch_at;
};

struct merge {
    bool active;
    int64_t run;
    struct run inputs[RUNS_MAX];
    int64_t next[RUNS_MAX]; /* the next subject of each input; INT64_MAX: none */
    int input_count;
    int64_t subject;    /* being merged, from `after` on */
    struct place after;
};

struct upkeep {
    bool began;     /* what an earlier process left half built was put away */
    bool tail_done; /* no row of the tail's table is in a run */
    bool merge_next; /* flush and merge take turns */
    struct flush flush;
    struct merge merge;
};

static const struct place first_place = {DAY_NONE, INT64_MIN, INT64_MIN};

static struct upkeep *upkeep_of(struct store *store)
{
    if (!store->upkeep)
        store->upkeep = mem_zero(sizeof *store->upkeep);
    return store->upkeep;
}

void upkeep_free(struct upkeep *upkeep)
{
    if (upkeep)
        free(upkeep->flush.subjects);
    free(upkeep);
}

void store_upkeep_set(struct store *store, size_t flush_touches, int fan_in)
{
    store->flush_touches = flush_touches;
    store->fan_in = fan_in;
}

static int set_state(struct store *store, int64_t run, enum run_state state, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_RUN_STATE);

    sqlite3_bind_int64(s, 1, run);
    sqlite3_bind_int(s, 2, (int)state);
    return store_run(store, s, err);
}

static int run_begin(int64_t *run_out, struct store *store, const struct run *run, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_RUN_ADD);

    sqlite3_bind_int(s, 1, run->level);
    sqlite3_bind_int(s, 2, RUN_BUILDING);
    sqlite3_bind_int64(s, 3, run->upto);
    sqlite3_bind_int(s, 4, run->first);
    sqlite3_bind_int(s, 5, run->last);
    if (store_run(store, s, err) < 0)
        return -1;
    *run_out = sqlite3_last_insert_rowid(store->db);
    return runs_load(&store->runs, store, err);
}

/* ---- the oldest segment of the tail becomes a run ---- */

static int flush_begin(struct upkeep *u, struct store *store, struct err *err)
{
    struct flush *f = &u->flush;
    struct run run = {.level = 0, .upto = tail_oldest(&store->tail)};
    const struct touch *whole;
    size_t n = tail_oldest_of(&whole, &store->tail, WHOLE_LEDGER);

    run.first = whole[0].place.day;
    run.last = whole[n - 1].place.day;
    if (run_begin(&f->run, store, &run, err) < 0)
        return -1;
    f->subject_count = tail_oldest_subjects(&f->subjects, &store->tail);
    f->subject_at = f->touch_at = 0;
    if (store->tail.n == 1)
        tail_freeze(&store->tail);
    f->active = true;
    return 0;
}

static int flush_end(struct upkeep *u, struct store *store, struct err *err)
{
    if (set_state(store, u->flush.run, RUN_LIVE, err) < 0 ||
        runs_load(&store->runs, store, err) < 0)
        return -1;
    tail_drop(&store->tail, store->runs.upto);
    free(TAKE(u->flush.subjects));
    u->flush.active = u->tail_done = false;
    return 0;
}

static int flush_slice(struct upkeep *u, struct store *store, struct err *err)
{
    struct flush *f = &u->flush;
    size_t written = 0;

    while (written < SLICE_TOUCHES && f->subject_at < f->subject_count) {
        int64_t subject = f->subjects[f->subject_at];
        const struct touch *touches;
        size_t n = tail_oldest_of(&touches, &store->tail, subject), some = n - f->touch_at;

        if (some > SLICE_TOUCHES)
            some = SLICE_TOUCHES;
        if (run_write(store, f->run, subject, touches + f->touch_at, some, err) < 0)
            return -1;
        written += some;
        f->touch_at += some;
        if (f->touch_at == n) {
            f->subject_at++;
            f->touch_at = 0;
        }
    }
    return f->subject_at == f->subject_count ? flush_end(u, store, err) : 0;
}

/* ---- runs of a level become one of the next ---- */

static int next_subject(int64_t *out, struct store *store, int64_t run, int64_t after,
                        struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_RUN_NEXT_SUBJECT);
    int r;

    sqlite3_bind_int64(s, 1, run);
    sqlite3_bind_int64(s, 2, after);
    r = store_step(store, s, err);
    *out = r == 1 ? sqlite3_column_int64(s, 0) : INT64_MAX;
    sqlite3_reset(s);
    return r < 0 ? -1 : 0;
}

static void next_of_all(struct merge *m)
{
    m->subject = INT64_MAX;
    m->after = first_place;
    for (int i = 0; i < m->input_count; i++)
        if (m->next[i] < m->subject)
            m->subject = m->next[i];
}

static int merge_begin(struct merge *m, struct store *store, int level, struct err *err)
{
    struct run merged = {.level = level + 1, .first = DAY_NEVER, .last = DAY_NONE};

    m->input_count = 0;
    for (int i = 0; i < store->runs.n; i++) {
        const struct run *run = &store->runs.items[i];

        if (run->state != RUN_LIVE || run->level != level)
            continue;
        if (run->upto > merged.upto)
            merged.upto = run->upto;
        if (run->first < merged.first)
            merged.first = run->first;
        if (run->last > merged.last)
            merged.last = run->last;
        if (next_subject(&m->next[m->input_count], store, run->run, -1, err) < 0)
            return -1;
        m->inputs[m->input_count++] = *run;
    }
    if (run_begin(&m->run, store, &merged, err) < 0)
        return -1;
    next_of_all(m);
    m->active = true;
    return 0;
}

static int merge_end(struct merge *m, struct store *store, struct err *err)
{
    for (int i = 0; i < m->input_count; i++)
        if (set_state(store, m->inputs[i].run, RUN_DEAD, err) < 0)
            return -1;
    if (set_state(store, m->run, RUN_LIVE, err) < 0 || runs_load(&store->runs, store, err) < 0)
        return -1;
    m->active = false;
    return 0;
}

static int by_place(const void *a, const void *b)
{
    const struct touch *x = a, *y = b;

    return place_compare(&x->place, &y->place);
}

/* Reads at most some touches of the subject from each input, sorted together. *safe_out: the place up
 * to which no input can have more. *whole_out: nothing of the subject is left after these. */
static int merge_read(struct touch **items, size_t *n, struct place *safe_out, bool *whole_out,
                      struct merge *m, struct store *store, struct err *err)
{
    size_t cap = 0;

    *safe_out = (struct place){DAY_NEVER, INT64_MAX, INT64_MAX};
    *whole_out = true;
    for (int i = 0; i < m->input_count; i++) {
        size_t had = *n;

        if (m->next[i] != m->subject)
            continue;
        if (run_after(items, n, &cap, store, m->inputs[i].run, m->subject, &m->after,
                      SLICE_TOUCHES, err) < 0)
            return -1;
        if (*n - had < SLICE_TOUCHES)
            continue;
        *whole_out = false;
        if (place_compare(&(*items)[*n - 1].place, safe_out) < 0)
            *safe_out = (*items)[*n - 1].place;
    }
    if (*n > 1)
        qsort(*items, *n, sizeof **items, by_place);
    return 0;
}

static int merge_some(struct merge *m, struct store *store, size_t *written, struct err *err)
{
    _cleanup_free_ struct touch *items = NULL;
    struct place safe;
    size_t n = 0, keep = 0;
    bool whole;

    if (merge_read(&items, &n, &safe, &whole, m, store, err) < 0)
        return -1;
    while (keep < n && place_compare(&items[keep].place, &safe) <= 0)
        keep++;
    if (run_write(store, m->run, m->subject, items, keep, err) < 0)
        return -1;
    *written += keep + 1;
    if (!whole) {
        m->after = safe;
        return 0;
    }
    for (int i = 0; i < m->input_count; i++)
        if (m->next[i] == m->subject &&
            next_subject(&m->next[i], store, m->inputs[i].run, m->subject, err) < 0)
            return -1;
    next_of_all(m);
    return 0;
}

static int merge_slice(struct merge *m, struct store *store, struct err *err)
{
    size_t written = 0;

    while (written < SLICE_TOUCHES && m->subject != INT64_MAX)
        if (merge_some(m, store, &written, err) < 0)
            return -1;
    return m->subject == INT64_MAX ? merge_end(m, store, err) : 0;
}

/* ---- what is replaced is deleted ---- */

static int delete_some(struct store *store, int64_t run, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_RUN_DELETE_SOME);

    sqlite3_bind_int64(s, 1, run);
    sqlite3_bind_int(s, 2, DELETE_CHUNKS);
    if (store_run(store, s, err) < 0)
        return -1;
    if (sqlite3_changes(store->db) > 0)
        return 0;
    s = store_stmt(store, SQL_RUN_DELETE_REST);
    sqlite3_bind_int64(s, 1, run);
    if (store_run(store, s, err) < 0)
        return -1;
    s = store_stmt(store, SQL_RUN_FORGET);
    sqlite3_bind_int64(s, 1, run);
    if (store_run(store, s, err) < 0)
        return -1;
    return runs_load(&store->runs, store, err);
}

/* 1: tail rows that are in runs were deleted; 0: there are none. */
static int delete_tail(struct store *store, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_TAIL_FIRST);
    int64_t first = INT64_MAX, last;
    int r = store_step(store, s, err);

    if (r == 1)
        first = sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    if (r < 0)
        return -1;
    if (first > store->runs.upto)
        return 0;
    last = first + DELETE_ROWS - 1 < store->runs.upto ? first + DELETE_ROWS - 1 : store->runs.upto;
    s = store_stmt(store, SQL_TAIL_DELETE);
    sqlite3_bind_int64(s, 1, last);
    return store_run(store, s, err) < 0 ? -1 : 1;
}

/* The lowest level that has as many runs as become one; -1: none. */
static int full_level(const struct store *store)
{
    int counts[RUNS_MAX] = {0}; /* by level */

    for (int i = 0; i < store->runs.n; i++) {
        const struct run *run = &store->runs.items[i];

        if (run->state == RUN_LIVE && run->level < RUNS_MAX)
            counts[run->level]++;
    }
    for (int level = 0; level < RUNS_MAX; level++)
        if (counts[level] >= store->fan_in)
            return level;
    return -1;
}

static int64_t dead_run(const struct runs *runs)
{
    for (int i = 0; i < runs->n; i++)
        if (runs->items[i].state == RUN_DEAD)
            return runs->items[i].run;
    return 0;
}

static bool tail_is_long(const struct store *store)
{
    return store->tail.touches >= store->flush_touches;
}

static int put_away(struct upkeep *u, struct store *store, struct err *err)
{
    if (store_exec(store, SQL_RUN_ABANDON, err) < 0 || runs_load(&store->runs, store, err) < 0)
        return -1;
    u->began = true;
    return 0;
}

/* While there are many runs, the tail waits until some have been merged. */
static bool flush_due(const struct upkeep *u, const struct store *store)
{
    return u->flush.active || (tail_is_long(store) && store->runs.live < RUNS_LIVE_MAX);
}

static bool merge_due(const struct upkeep *u, const struct store *store)
{
    return u->merge.active || full_level(store) >= 0;
}

/* One step of what is due; flush and merge take turns, so that neither waits for ever, and what is
 * dead does not pile up behind them. */
static int slice(struct store *store, struct err *err)
{
    struct upkeep *u = upkeep_of(store);
    bool flush = flush_due(u, store), merge = merge_due(u, store);
    int r;

    if (!u->began)
        return put_away(u, store, err);
    if (store->runs.dead >= RUNS_DEAD_MANY)
        return delete_some(store, dead_run(&store->runs), err);
    if (flush && !(merge && u->merge_next)) {
        u->merge_next = true;
        return u->flush.active ? flush_slice(u, store, err) : flush_begin(u, store, err);
    }
    u->merge_next = false;
    if (merge)
        return u->merge.active ? merge_slice(&u->merge, store, err)
                               : merge_begin(&u->merge, store, full_level(store), err);
    if (dead_run(&store->runs))
        return delete_some(store, dead_run(&store->runs), err);
    r = delete_tail(store, err);
    u->tail_done = r == 0;
    return r < 0 ? -1 : 0;
}

/* Cheap enough to ask after every commit. */
static bool has_work(struct store *store)
{
    const struct upkeep *u = upkeep_of(store);

    return !u->began || !u->tail_done || flush_due(u, store) || merge_due(u, store) ||
           dead_run(&store->runs);
}

int store_upkeep(struct store *store, int64_t budget_ms, bool *more_out, struct err *err)
{
    int64_t end;

    *more_out = false;
    if (store_sync(store, err) < 0)
        return -1;
    /* More comes in than is put away: those who record wait a little, and memory keeps its bound. */
    if (store->tail.touches > TAIL_TIMES * store->flush_touches)
        budget_ms *= HURRY_TIMES;
    end = clock_monotonic_ms() + budget_ms;
    while (has_work(store)) {
        if (store_begin(store, err) < 0)
            return -1;
        store->changed = true; /* memory and disk go on together, or not at all */
        if (slice(store, err) < 0 || store_commit(store, err) < 0) {
            store_rollback(store);
            return -1;
        }
        if (clock_monotonic_ms() >= end)
            break;
    }
    *more_out = has_work(store);
    return 0;
}

int store_upkeep_within(struct store *store, struct err *err)
{
    if (store_sync(store, err) < 0)
        return -1;
    while (has_work(store))
        if (slice(store, err) < 0)
            return -1;
    return 0;
}
