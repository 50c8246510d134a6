#include "store/access_rows.h"

int store_key_add(struct store *store, const char *name, const char *public, int64_t seq, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_KEY_ADD);

    sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, public, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 3, seq);
    return store_run(store, s, err);
}

int store_key_revoke(struct store *store, const char *name, int64_t seq, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_KEY_REVOKE);

    sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 2, seq);
    return store_run(store, s, err);
}

int store_key_find(bool *revoked_out, struct store *store, enum sql_id which, const char *text, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, which);
    int r;

    sqlite3_bind_text(s, 1, text, -1, SQLITE_STATIC);
    r = store_step(store, s, err);
    if (r == 1)
        *revoked_out = sqlite3_column_int64(s, 1) != 0;
    sqlite3_reset(s);
    return r;
}

int store_realm_set(struct store *store, int64_t subject, const char *area, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, area ? SQL_REALM_SET : SQL_REALM_DELETE);

    sqlite3_bind_int64(s, 1, subject);
    if (area)
        sqlite3_bind_text(s, 2, area, -1, SQLITE_STATIC);
    return store_run(store, s, err);
}

static int add_unit(struct store *store, int64_t branch, const char *unit, struct err *err)
{
    sqlite3_stmt *s;
    int64_t key;
    int r = store_subject_find(&key, store, SUBJECT_UNIT, unit, err);

    if (r != 1)
        return r;
    s = store_stmt(store, SQL_REALM_UNIT_ADD);
    sqlite3_bind_int64(s, 1, branch);
    sqlite3_bind_int64(s, 2, key);
    return store_run(store, s, err);
}

int store_realm_units_set(struct store *store, int64_t branch, const struct value *units, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_REALM_UNIT_CLEAR);

    sqlite3_bind_int64(s, 1, branch);
    if (store_run(store, s, err) < 0)
        return -1;
    for (size_t i = 0; units && i < units->count; i++)
        if (add_unit(store, branch, units->items[i].s, err) < 0)
            return -1;
    return 0;
}
