#include "store/touches.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/postings.h"
#include "store/store_state.h"

bool event_type_is_activity(enum event_type type)
{
    return type == EV_MEETING || type == EV_TRAINING || type == EV_CONTACT;
}

int place_compare(const struct place *a, const struct place *b)
{
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->tod != b->tod)
        return a->tod < b->tod ? -1 : 1;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

static int by_place(const void *a, const void *b)
{
    const struct touch *x = a, *y = b;

    return place_compare(&x->place, &y->place);
}

static void bind_place(sqlite3_stmt *s, int64_t subject, const struct place *p)
{
    sqlite3_bind_int64(s, 1, subject);
    sqlite3_bind_int(s, 2, p->day);
    sqlite3_bind_int64(s, 3, p->tod);
    sqlite3_bind_int64(s, 4, p->seq);
}

/* ---- writing ---- */

/* The newest days of what is about a subject. */
static int about_add(struct store *store, int64_t subject, day_t registered, day_t contacted,
                     struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ABOUT_ADD);

    sqlite3_bind_int64(s, 1, subject);
    sqlite3_bind_int(s, 2, registered);
    sqlite3_bind_int(s, 3, contacted);
    return store_run(store, s, err);
}

int store_touch_add(struct store *store, int64_t subject, const struct touch *touch,
                    struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_TOUCH_ADD);

    bind_place(s, subject, &touch->place);
    sqlite3_bind_int(s, 5, (int)touch->type);
    sqlite3_bind_int64(s, 6, touch->role);
    sqlite3_bind_int64(s, 7, touch->out_by);
    if (store_run(store, s, err) < 0)
        return -1;
    return touch->role & ROLE_SELF ? about_add(store, subject, touch->place.day, DAY_NONE, err) : 0;
}

int store_touch_remove(struct store *store, int64_t subject, const struct touch *touch,
                       struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_TOUCH_REMOVE);

    bind_place(s, subject, &touch->place);
    return store_run(store, s, err);
}

static int touch_out(struct store *store, int64_t subject, const struct touch *touch, int64_t by,
                     struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_TOUCH_OUT);

    bind_place(s, subject, &touch->place);
    sqlite3_bind_int64(s, 5, by);
    return store_run(store, s, err);
}

static int tail_row_add(struct store *store, const struct touch *t, const struct buf *subjects,
                        int64_t takes, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_TAIL_ADD);

    sqlite3_bind_int64(s, 1, t->place.seq);
    sqlite3_bind_int(s, 2, t->place.day);
    sqlite3_bind_int64(s, 3, t->place.tod);
    sqlite3_bind_int(s, 4, (int)t->type);
    sqlite3_bind_int64(s, 5, (int64_t)t->kinds);
    sqlite3_bind_int(s, 6, t->hours);
    sqlite3_bind_int64(s, 7, takes);
    sqlite3_bind_blob(s, 8, subjects->data ? subjects->data : "", (int)subjects->len, SQLITE_STATIC);
    return store_run(store, s, err);
}

int store_event_add(struct store *store, const struct touch *touch, const struct touching *subjects,
                    size_t n, int64_t takes, struct err *err)
{
    bool activity = event_type_is_activity(touch->type);
    _cleanup_buf_ struct buf packed = {0};
    struct touch t = *touch;

    if (store_sync(store, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        t.role = subjects[i].role;
        if (!activity && store_touch_add(store, subjects[i].subject, &t, err) < 0)
            return -1;
        if (activity) {
            varint_add(&packed, (uint64_t)subjects[i].subject);
            varint_add(&packed, subjects[i].role);
        }
        if (activity && (t.role & ROLE_SELF) &&
            about_add(store, subjects[i].subject, DAY_NONE, t.place.day, err) < 0)
            return -1;
    }
    t.role = 0;
    if (tail_row_add(store, &t, &packed, takes, err) < 0)
        return -1;
    store->changed = true;
    tail_add(&store->tail, WHOLE_LEDGER, &t);
    for (size_t i = 0; activity && i < n; i++) {
        t.role = subjects[i].role;
        tail_add(&store->tail, subjects[i].subject, &t);
    }
    return 0;
}

/* In the tail, or in whichever run has it; a run that is being built may have it already. */
static int activity_out(struct store *store, int64_t subject, const struct touch *touch, int64_t by,
                        struct err *err)
{
    tail_out(&store->tail, subject, touch->place.seq, by);
    for (int i = 0; i < store->runs.n; i++)
        if (store->runs.items[i].state != RUN_DEAD &&
            run_out(store, store->runs.items[i].run, subject, touch, by, err) < 0)
            return -1;
    return 0;
}

int store_event_out(struct store *store, const struct touch *touch, const struct touching *subjects,
                    size_t n, int64_t by, struct err *err)
{
    bool activity = event_type_is_activity(touch->type);
    sqlite3_stmt *s;

    if (store_sync(store, err) < 0)
        return -1;
    store->changed = true;
    s = store_stmt(store, SQL_TAIL_OUT);
    sqlite3_bind_int64(s, 1, touch->place.seq);
    sqlite3_bind_int64(s, 2, by);
    if (store_run(store, s, err) < 0 || activity_out(store, WHOLE_LEDGER, touch, by, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        int r = activity ? activity_out(store, subjects[i].subject, touch, by, err)
                         : touch_out(store, subjects[i].subject, touch, by, err);

        if (r < 0)
            return -1;
    }
    return 0;
}

/* ---- reading ---- */

static void read_touch(struct touch *t, sqlite3_stmt *s)
{
    *t = (struct touch){
        .place = {(day_t)sqlite3_column_int(s, 0), sqlite3_column_int64(s, 1),
                  sqlite3_column_int64(s, 2)},
        .type = (enum event_type)sqlite3_column_int(s, 3),
        .role = (uint32_t)sqlite3_column_int64(s, 4),
        .out_by = sqlite3_column_int64(s, 5),
    };
}

static void give(struct touch **out, size_t *n_out, struct arena *arena, const struct touch *items,
                 size_t n)
{
    *out = arena_alloc(arena, (n + 1) * sizeof *items);
    if (n)
        memcpy(*out, items, n * sizeof *items);
    *n_out = n;
}

int store_touches(struct touch **out, size_t *n_out, struct arena *arena, struct store *store,
                  int64_t subject, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_TOUCH_ALL);
    _cleanup_free_ struct touch *items = NULL;
    size_t n = 0, cap = 0;
    int r;

    sqlite3_bind_int64(s, 1, subject);
    while ((r = store_step(store, s, err)) == 1) {
        ARRAY_GROW(items, n, cap);
        read_touch(&items[n++], s);
    }
    give(out, n_out, arena, items, n);
    return r;
}

static int collect(struct touch **items, size_t *n, struct store *store, int64_t subject,
                   day_t first, day_t last, struct err *err)
{
    size_t cap = 0;

    if (store_sync(store, err) < 0)
        return -1;
    for (int i = 0; i < store->runs.n; i++) {
        const struct run *run = &store->runs.items[i];

        if (run->state == RUN_LIVE && run->first <= last && run->last >= first &&
            run_collect(items, n, &cap, store, run->run, subject, first, last, err) < 0)
            return -1;
    }
    tail_collect(items, n, &cap, &store->tail, subject, store->runs.upto, first, last);
    if (*n > 1)
        qsort(*items, *n, sizeof **items, by_place);
    return 0;
}

int store_activities(struct touch **out, size_t *n_out, struct arena *arena, struct store *store,
                     int64_t subject, day_t first, day_t last, struct err *err)
{
    _cleanup_free_ struct touch *items = NULL;
    size_t n = 0;

    if (collect(&items, &n, store, subject, first, last, err) < 0)
        return -1;
    give(out, n_out, arena, items, n);
    return 0;
}

int store_activity_any(struct touch *out, struct store *store, int64_t subject, day_t first,
                       day_t last, int64_t besides, struct err *err)
{
    _cleanup_free_ struct touch *items = NULL;
    size_t n = 0;

    if (collect(&items, &n, store, subject, first, last, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (items[i].out_by == 0 && items[i].place.seq != besides) {
            *out = items[i];
            return 1;
        }
    return 0;
}

/* ---- walking ---- */

enum { SOURCE_TOUCHES = -1, SOURCE_TAIL = -2 };

void touch_walk_init(struct touch_walk *walk, struct store *store, int64_t subject,
                     const struct place *after)
{
    static const struct place newest = {DAY_NEVER, INT64_MAX, INT64_MAX};

    walk->store = store;
    walk->subject = subject;
    walk->after = after ? *after : newest;
    walk->registers_only = false;
    walk->source_count = 0;
    walk->started = false;
}

/* `last`: the day of the newest that can be in it. */
static void add_source(struct touch_walk *walk, int64_t run, day_t last)
{
    struct walk_source *s = &walk->sources[walk->source_count++];

    assert(walk->source_count <= WALK_SOURCES); /* RUNS_LIVE_MAX and a few */
    s->run = run;
    s->done = false;
    s->n = s->i = 0;
    s->from = walk->after;
    if (s->from.day > last)
        s->from = (struct place){last, INT64_MAX, INT64_MAX};
}

static int start(struct touch_walk *walk, struct err *err)
{
    const struct runs *runs = &walk->store->runs;

    if (store_sync(walk->store, err) < 0)
        return -1;
    if (walk->subject != WHOLE_LEDGER)
        add_source(walk, SOURCE_TOUCHES, DAY_NEVER);
    if (!walk->registers_only)
        add_source(walk, SOURCE_TAIL, DAY_NEVER);
    /* Newest first: what is found there may spare a look into the older ones. */
    for (int i = runs->n - 1; i >= 0 && !walk->registers_only; i--)
        if (runs->items[i].state == RUN_LIVE)
            add_source(walk, runs->items[i].run, runs->items[i].last);
    walk->started = true;
    return 0;
}

static int touches_before(struct touch_walk *walk, struct walk_source *source, struct err *err)
{
    sqlite3_stmt *s = store_stmt(walk->store, SQL_TOUCH_BEFORE);
    int n = 0, r;

    bind_place(s, walk->subject, &source->from);
    sqlite3_bind_int(s, 5, WALK_RUN);
    while ((r = store_step(walk->store, s, err)) == 1)
        read_touch(&source->few[n++], s);
    return r < 0 ? -1 : n;
}

static int fetch(struct touch_walk *walk, struct walk_source *s, struct err *err)
{
    struct store *store = walk->store;

    if (s->run == SOURCE_TOUCHES)
        s->n = touches_before(walk, s, err);
    else if (s->run == SOURCE_TAIL)
        s->n = tail_before(s->few, WALK_RUN, &store->tail, walk->subject, store->runs.upto, &s->from);
    else
        s->n = run_before(s->few, WALK_RUN, store, s->run, walk->subject, &s->from, err);
    s->i = 0;
    if (s->n < 0) {
        s->n = 0;
        return -1;
    }
    s->done = s->n < WALK_RUN;
    if (s->n > 0)
        s->from = s->few[s->n - 1].place;
    return 0;
}

int touch_walk_next(struct touch *out, struct touch_walk *walk, struct err *err)
{
    struct walk_source *newest = NULL;

    if (!walk->started && start(walk, err) < 0)
        return -1;
    for (int i = 0; i < walk->source_count; i++) {
        struct walk_source *s = &walk->sources[i];

        if (s->i == s->n && !s->done &&
            (!newest || place_compare(&s->from, &newest->few[newest->i].place) > 0) &&
            fetch(walk, s, err) < 0)
            return -1;
        if (s->i < s->n &&
            (!newest || place_compare(&s->few[s->i].place, &newest->few[newest->i].place) > 0))
            newest = s;
    }
    if (!newest)
        return 0;
    *out = newest->few[newest->i++];
    return 1;
}
