#include "store/touches.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum table { TABLE_TOUCH, TABLE_ACTIVITY };

static const enum sql_id add_sql[] = {SQL_TOUCH_ADD, SQL_ACTIVITY_ADD};
static const enum sql_id out_sql[] = {SQL_TOUCH_OUT, SQL_ACTIVITY_OUT};
static const enum sql_id remove_sql[] = {SQL_TOUCH_REMOVE, SQL_ACTIVITY_REMOVE};
static const enum sql_id before_sql[] = {SQL_TOUCH_BEFORE, SQL_ACTIVITY_BEFORE};

bool event_type_is_activity(enum event_type type)
{
    return type == EV_MEETING || type == EV_TRAINING || type == EV_CONTACT;
}

static enum table table_of(const struct touch *touch)
{
    return event_type_is_activity(touch->type) ? TABLE_ACTIVITY : TABLE_TOUCH;
}

static void bind_place(sqlite3_stmt *s, int64_t subject, const struct place *p)
{
    sqlite3_bind_int64(s, 1, subject);
    sqlite3_bind_int(s, 2, p->day);
    sqlite3_bind_int64(s, 3, p->tod);
    sqlite3_bind_int64(s, 4, p->seq);
}

static int add(struct store *store, enum table table, int64_t subject, const struct touch *t,
               struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, add_sql[table]);

    bind_place(s, subject, &t->place);
    sqlite3_bind_int(s, 5, (int)t->type);
    sqlite3_bind_int64(s, 6, t->role);
    sqlite3_bind_int64(s, 7, (int64_t)t->kinds);
    sqlite3_bind_int(s, 8, t->hours);
    sqlite3_bind_int64(s, 9, t->out_by);
    return store_run(store, s, err);
}

static int set_out(struct store *store, enum table table, int64_t subject, const struct touch *t,
                   int64_t by, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, out_sql[table]);

    bind_place(s, subject, &t->place);
    sqlite3_bind_int64(s, 5, by);
    return store_run(store, s, err);
}

int store_touch_add(struct store *store, int64_t subject, const struct touch *touch,
                    struct err *err)
{
    return add(store, table_of(touch), subject, touch, err);
}

int store_touch_out(struct store *store, int64_t subject, const struct touch *touch, int64_t by,
                    struct err *err)
{
    return set_out(store, table_of(touch), subject, touch, by, err);
}

int store_touch_remove(struct store *store, int64_t subject, const struct touch *touch,
                       struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, remove_sql[table_of(touch)]);

    bind_place(s, subject, &touch->place);
    return store_run(store, s, err);
}

int store_ledger_order_add(struct store *store, const struct touch *touch, struct err *err)
{
    return add(store, TABLE_ACTIVITY, WHOLE_LEDGER, touch, err);
}

int store_ledger_order_out(struct store *store, const struct touch *touch, int64_t by,
                           struct err *err)
{
    return set_out(store, TABLE_ACTIVITY, WHOLE_LEDGER, touch, by, err);
}

static void read_touch(struct touch *t, sqlite3_stmt *s)
{
    t->place.day = (day_t)sqlite3_column_int(s, 0);
    t->place.tod = sqlite3_column_int64(s, 1);
    t->place.seq = sqlite3_column_int64(s, 2);
    t->type = (enum event_type)sqlite3_column_int(s, 3);
    t->role = (uint32_t)sqlite3_column_int64(s, 4);
    t->kinds = (uint64_t)sqlite3_column_int64(s, 5);
    t->hours = sqlite3_column_int(s, 6);
    t->out_by = sqlite3_column_int64(s, 7);
}

static int read_all(struct touch **out, size_t *n_out, struct arena *arena, struct store *store,
                    sqlite3_stmt *s, struct err *err)
{
    struct touch *items = NULL;
    size_t n = 0, cap = 0;
    int r;

    while ((r = store_step(store, s, err)) == 1) {
        ARRAY_GROW(items, n, cap);
        read_touch(&items[n++], s);
    }
    *out = arena_alloc(arena, (n + 1) * sizeof *items);
    if (n)
        memcpy(*out, items, n * sizeof *items);
    *n_out = n;
    free(items);
    return r;
}

int store_touches(struct touch **out, size_t *n_out, struct arena *arena, struct store *store,
                  int64_t subject, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_TOUCH_ALL);

    sqlite3_bind_int64(s, 1, subject);
    return read_all(out, n_out, arena, store, s, err);
}

static sqlite3_stmt *between(struct store *store, int64_t subject, day_t first, day_t last)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ACTIVITY_BETWEEN);

    sqlite3_bind_int64(s, 1, subject);
    sqlite3_bind_int(s, 2, first);
    sqlite3_bind_int(s, 3, last);
    return s;
}

int store_activities(struct touch **out, size_t *n_out, struct arena *arena, struct store *store,
                     int64_t subject, day_t first, day_t last, struct err *err)
{
    return read_all(out, n_out, arena, store, between(store, subject, first, last), err);
}

int store_activity_any(struct touch *out, struct store *store, int64_t subject, day_t first,
                       day_t last, int64_t besides, struct err *err)
{
    sqlite3_stmt *s = between(store, subject, first, last);
    int r;

    while ((r = store_step(store, s, err)) == 1) {
        read_touch(out, s);
        if (out->out_by == 0 && out->place.seq != besides)
            break;
    }
    sqlite3_reset(s);
    return r;
}

int place_compare(const struct place *a, const struct place *b)
{
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->tod != b->tod)
        return a->tod < b->tod ? -1 : 1;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

void touch_walk_init(struct touch_walk *walk, struct store *store, int64_t subject,
                     const struct place *after)
{
    static const struct place newest = {DAY_NEVER, INT64_MAX, INT64_MAX};

    memset(walk, 0, sizeof *walk);
    walk->store = store;
    walk->subject = subject;
    walk->from[TABLE_TOUCH] = walk->from[TABLE_ACTIVITY] = after ? *after : newest;
    walk->done[TABLE_TOUCH] = subject == WHOLE_LEDGER;
}

/* Fetches the next run of one table. */
static int fetch(struct touch_walk *walk, enum table table, struct err *err)
{
    sqlite3_stmt *s = store_stmt(walk->store, before_sql[table]);
    int r;

    bind_place(s, walk->subject, &walk->from[table]);
    sqlite3_bind_int(s, 5, ARRAY_LEN(walk->run[table]));
    walk->run_n[table] = walk->run_i[table] = 0;
    while ((r = store_step(walk->store, s, err)) == 1)
        read_touch(&walk->run[table][walk->run_n[table]++], s);
    if (r < 0)
        return -1;
    if (walk->run_n[table] < (int)ARRAY_LEN(walk->run[table]))
        walk->done[table] = true;
    if (walk->run_n[table] > 0)
        walk->from[table] = walk->run[table][walk->run_n[table] - 1].place;
    return 0;
}

static const struct touch *peek(struct touch_walk *walk, enum table table)
{
    return walk->run_i[table] < walk->run_n[table] ? &walk->run[table][walk->run_i[table]] : NULL;
}

int touch_walk_next(struct touch *out, struct touch_walk *walk, struct err *err)
{
    const struct touch *heads[2];
    enum table table;

    for (int t = TABLE_TOUCH; t <= TABLE_ACTIVITY; t++) {
        if (walk->run_i[t] == walk->run_n[t] && !walk->done[t] &&
            fetch(walk, (enum table)t, err) < 0)
            return -1;
        heads[t] = peek(walk, (enum table)t);
    }
    if (!heads[TABLE_TOUCH] && !heads[TABLE_ACTIVITY])
        return 0;
    if (heads[TABLE_TOUCH] && heads[TABLE_ACTIVITY])
        table = place_compare(&heads[TABLE_TOUCH]->place, &heads[TABLE_ACTIVITY]->place) > 0
                    ? TABLE_TOUCH
                    : TABLE_ACTIVITY;
    else
        table = heads[TABLE_TOUCH] ? TABLE_TOUCH : TABLE_ACTIVITY;
    *out = *heads[table];
    walk->run_i[table]++;
    return 1;
}
