#include "store/store.h"

#include <string.h>

#include "base/buf.h"
#include "store/cache.h"
#include "store/store_state.h"

int store_subject_find(int64_t *key_out, struct store *store, enum subject_kind kind,
                       const char *ref, struct err *err)
{
    sqlite3_stmt *s;
    int r;

    if (store->cache && cache_find(key_out, store->cache, kind, ref))
        return 1;
    s = store_stmt(store, SQL_SUBJECT_FIND);
    sqlite3_bind_int(s, 1, (int)kind);
    sqlite3_bind_text(s, 2, ref, -1, SQLITE_STATIC);
    r = store_step(store, s, err);
    if (r == 1)
        *key_out = sqlite3_column_int64(s, 0);
    if (r == 1 && store->cache)
        cache_add(store->cache, kind, ref, *key_out);
    sqlite3_reset(s);
    return r;
}

int store_subject_intern(int64_t *key_out, struct store *store, enum subject_kind kind,
                         const char *ref, struct err *err)
{
    sqlite3_stmt *s;
    int r = store_subject_find(key_out, store, kind, ref, err);

    if (r != 0)
        return r < 0 ? -1 : 0;
    s = store_stmt(store, SQL_SUBJECT_ADD);
    sqlite3_bind_int(s, 1, (int)kind);
    sqlite3_bind_text(s, 2, ref, -1, SQLITE_STATIC);
    if (store_run(store, s, err) < 0)
        return -1;
    *key_out = sqlite3_last_insert_rowid(store_db(store));
    return 0;
}

int store_subject_get(enum subject_kind *kind_out, const char **ref_out, struct arena *arena,
                      struct store *store, int64_t key, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_SUBJECT_GET);
    int r;

    sqlite3_bind_int64(s, 1, key);
    r = store_step(store, s, err);
    if (r == 1) {
        const char *ref = (const char *)sqlite3_column_text(s, 1);

        *kind_out = (enum subject_kind)sqlite3_column_int(s, 0);
        *ref_out = arena_strndup(arena, ref, strlen(ref));
    }
    sqlite3_reset(s);
    return r;
}
