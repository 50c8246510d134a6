#include "store/alert_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static struct alert_row read_alert(struct arena *arena, sqlite3_stmt *s)
{
    const char *rule = (const char *)sqlite3_column_text(s, 1);
    const char *why = (const char *)sqlite3_column_text(s, 7);

    return (struct alert_row){
        .number = sqlite3_column_int64(s, 0),
        .rule = arena_strndup(arena, rule, strlen(rule)),
        .subject = sqlite3_column_int64(s, 2),
        .level = sqlite3_column_int(s, 3),
        .since = (day_t)sqlite3_column_int(s, 4),
        .closed = sqlite3_column_int64(s, 6),
        .why = why ? arena_strndup(arena, why, strlen(why)) : NULL,
    };
}

int store_alert_get(struct alert_row *out, struct arena *arena, struct store *store, int64_t number,
                    struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ALERT_GET);
    int r;

    sqlite3_bind_int64(s, 1, number);
    r = store_step(store, s, err);
    if (r == 1)
        *out = read_alert(arena, s);
    sqlite3_reset(s);
    return r;
}

int store_alerts_open_of(struct alert_row **out, size_t *n_out, struct arena *arena,
                         struct store *store, int64_t subject, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ALERTS_OPEN_OF);
    struct alert_row *rows = NULL;
    size_t n = 0, cap = 0;
    int r;

    sqlite3_bind_int64(s, 1, subject);
    while ((r = store_step(store, s, err)) == 1) {
        ARRAY_GROW(rows, n, cap);
        rows[n++] = read_alert(arena, s);
    }
    *out = arena_alloc(arena, (n + 1) * sizeof *rows);
    if (n)
        memcpy(*out, rows, n * sizeof *rows);
    *n_out = n;
    free(rows);
    return r;
}

int store_alert_subjects(struct store *store, store_alert_visit *visit, void *ctx,
                         struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ALERT_SUBJECTS_OPEN);
    int r;

    while ((r = store_step(store, s, err)) == 1)
        visit(ctx, sqlite3_column_int(s, 0), (const char *)sqlite3_column_text(s, 1),
              sqlite3_column_int64(s, 2));
    return r;
}

int store_deadline_set(struct store *store, int64_t subject, day_t day, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, day == DAY_NEVER ? SQL_DEADLINE_DELETE : SQL_DEADLINE_SET);

    sqlite3_bind_int64(s, 1, subject);
    if (day != DAY_NEVER)
        sqlite3_bind_int(s, 2, day);
    return store_run(store, s, err);
}

int store_deadlines(int64_t *subjects_out, size_t *n_out, struct store *store, day_t day,
                    size_t most, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_DEADLINES_UNTIL);
    size_t n = 0;
    int r;

    sqlite3_bind_int(s, 1, day);
    sqlite3_bind_int64(s, 2, (int64_t)most);
    while ((r = store_step(store, s, err)) == 1)
        subjects_out[n++] = sqlite3_column_int64(s, 0);
    *n_out = n;
    return r;
}

int store_deadlines_of_members(int64_t **members_out, size_t *n_out, struct arena *arena,
                               struct store *store, int64_t branch, day_t day, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_DEADLINES_OF_MEMBERS);
    int64_t *members = NULL;
    size_t n = 0, cap = 0;
    int r;

    sqlite3_bind_int64(s, 1, branch);
    sqlite3_bind_int(s, 2, day);
    while ((r = store_step(store, s, err)) == 1) {
        ARRAY_GROW(members, n, cap);
        members[n++] = sqlite3_column_int64(s, 0);
    }
    *members_out = arena_alloc(arena, (n + 1) * sizeof *members);
    if (n)
        memcpy(*members_out, members, n * sizeof *members);
    *n_out = n;
    free(members);
    return r;
}

int store_subject_next(int64_t *key_out, enum subject_kind *kind_out, struct store *store,
                       int64_t after, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_SUBJECTS_AFTER);
    int r;

    sqlite3_bind_int64(s, 1, after);
    r = store_step(store, s, err);
    if (r == 1) {
        *key_out = sqlite3_column_int64(s, 0);
        *kind_out = (enum subject_kind)sqlite3_column_int(s, 1);
    }
    sqlite3_reset(s);
    return r;
}
