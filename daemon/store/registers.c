/* What follows from the ledger and is kept beside it: corrections, in-force days, memberships. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/cache.h"
#include "store/store_state.h"

int store_effect_out(struct store *store, int64_t seq, int64_t by, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_EFFECT_OUT);

    sqlite3_bind_int64(s, 1, seq);
    sqlite3_bind_int64(s, 2, by);
    return store_run(store, s, err);
}

int store_effect_root(struct store *store, int64_t seq, const uint8_t root[UUID_SIZE],
                      struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_EFFECT_ROOT);

    sqlite3_bind_int64(s, 1, seq);
    sqlite3_bind_blob(s, 2, root, UUID_SIZE, SQLITE_STATIC);
    return store_run(store, s, err);
}

static void forget_days(struct store *store, int64_t key)
{
    if (store->cache)
        cache_forget_days(store->cache, key);
}

int store_standing(day_t *first_out, day_t *last_out, struct store *store, int64_t key,
                   struct err *err)
{
    sqlite3_stmt *s;
    int r;

    if (store->cache && cache_days(first_out, last_out, store->cache, key))
        return 1;
    s = store_stmt(store, SQL_STANDING_GET);
    sqlite3_bind_int64(s, 1, key);
    r = store_step(store, s, err);
    if (r == 1) {
        *first_out = (day_t)sqlite3_column_int(s, 0);
        *last_out = (day_t)sqlite3_column_int(s, 1);
    }
    if (r == 1 && store->cache)
        cache_set_days(store->cache, key, *first_out, *last_out);
    sqlite3_reset(s);
    return r;
}

int store_standing_set(struct store *store, int64_t key, day_t first, day_t last, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_STANDING_SET);

    forget_days(store, key);
    sqlite3_bind_int64(s, 1, key);
    sqlite3_bind_int(s, 2, first);
    sqlite3_bind_int(s, 3, last);
    return store_run(store, s, err);
}

int store_standing_delete(struct store *store, int64_t key, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_STANDING_DELETE);

    forget_days(store, key);
    sqlite3_bind_int64(s, 1, key);
    return store_run(store, s, err);
}

int store_stint_add(struct store *store, const struct stint *stint, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_STINT_ADD);

    forget_days(store, stint->member);
    sqlite3_bind_int64(s, 1, stint->member);
    sqlite3_bind_int(s, 2, stint->from);
    sqlite3_bind_int(s, 3, stint->to);
    sqlite3_bind_int64(s, 4, stint->branch);
    sqlite3_bind_int(s, 5, stint->full);
    sqlite3_bind_int64(s, 6, stint->unit);
    return store_run(store, s, err);
}

int store_stint_clear(struct store *store, int64_t member, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_STINT_CLEAR);

    forget_days(store, member);
    sqlite3_bind_int64(s, 1, member);
    return store_run(store, s, err);
}

static struct stint read_stint(sqlite3_stmt *s)
{
    return (struct stint){
        .member = sqlite3_column_int64(s, 0),
        .from = (day_t)sqlite3_column_int(s, 1),
        .to = (day_t)sqlite3_column_int(s, 2),
        .branch = sqlite3_column_int64(s, 3),
        .full = sqlite3_column_int(s, 4) != 0,
        .unit = sqlite3_column_int64(s, 5),
    };
}

int store_stint_covers(bool *covers_out, struct store *store, int64_t member, day_t day,
                       struct err *err)
{
    struct stint stint;
    day_t first, last;
    int r;

    /* What is remembered is one stint: it says yes, but a no needs the others. */
    *covers_out = store->cache && cache_days(&first, &last, store->cache, member) && first <= day &&
                  day <= last;
    if (*covers_out)
        return 1;
    r = store_stint_latest(&stint, store, member, day, err);
    if (r != 1)
        return r;
    if (store->cache)
        cache_set_days(store->cache, member, stint.from, stint.to);
    *covers_out = day <= stint.to; /* the day of leaving still counts */
    return 1;
}

int store_stint_latest(struct stint *out, struct store *store, int64_t member, day_t day,
                       struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_STINT_LATEST);
    int r;

    sqlite3_bind_int64(s, 1, member);
    sqlite3_bind_int(s, 2, day);
    r = store_step(store, s, err);
    if (r == 1)
        *out = read_stint(s);
    sqlite3_reset(s);
    return r;
}

int store_stints(struct stint **out, size_t *n_out, struct arena *arena, struct store *store,
                 enum sql_id which, int64_t key, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, which);
    struct stint *items = NULL;
    size_t n = 0, cap = 0;
    int r;

    sqlite3_bind_int64(s, 1, key);
    while ((r = store_step(store, s, err)) == 1) {
        ARRAY_GROW(items, n, cap);
        items[n++] = read_stint(s);
    }
    *out = arena_alloc(arena, (n + 1) * sizeof *items);
    if (n)
        memcpy(*out, items, n * sizeof *items);
    *n_out = n;
    free(items);
    return r;
}

static day_t column_day(sqlite3_stmt *s, int column)
{
    return sqlite3_column_type(s, column) == SQLITE_NULL ? DAY_NONE
                                                         : (day_t)sqlite3_column_int(s, column);
}

int store_stints_recent(struct recent_stint **out, size_t *n_out, struct arena *arena,
                        struct store *store, int64_t branch, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_STINTS_OF_BRANCH_NEWEST);
    _cleanup_free_ struct recent_stint *items = NULL;
    size_t n = 0, cap = 0;
    int r;

    sqlite3_bind_int64(s, 1, branch);
    while ((r = store_step(store, s, err)) == 1) {
        ARRAY_GROW(items, n, cap);
        items[n++] = (struct recent_stint){
            .member = sqlite3_column_int64(s, 0),
            .from = (day_t)sqlite3_column_int(s, 1),
            .to = (day_t)sqlite3_column_int(s, 2),
            .registered = column_day(s, 3),
            .contacted = column_day(s, 4),
        };
    }
    *out = arena_alloc(arena, (n + 1) * sizeof *items);
    if (n)
        memcpy(*out, items, n * sizeof *items);
    *n_out = n;
    return r;
}

int store_kinds_load(struct kinds *kinds, struct store *store, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_KINDS_ALL);
    int r;

    while ((r = store_step(store, s, err)) == 1)
        kinds_add(kinds, (const char *)sqlite3_column_text(s, 1), sqlite3_column_int(s, 0));
    return r;
}

int store_kind_add(struct store *store, int bit, const char *name, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_KIND_ADD);

    sqlite3_bind_int(s, 1, bit);
    sqlite3_bind_text(s, 2, name, -1, SQLITE_STATIC);
    return store_run(store, s, err);
}
