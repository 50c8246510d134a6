/* list keys: those that were allowed, by name; with all, the revoked too. For admins. */
#include <string.h>

#include "access/book.h"
#include "query/list.h"

static void write_texts(struct json *out, const char *key, char *const *texts, size_t n)
{
    if (n == 0)
        return;
    json_key(out, key);
    json_open(out, '[');
    for (size_t i = 0; i < n; i++)
        json_str(out, texts[i]);
    json_close(out, ']');
}

static int write_moment_of(struct json *out, struct asking *ask, const char *when, const char *by, int64_t seq,
                           struct err *err)
{
    struct row row;

    if (store_row_get(&row, &ask->scratch, ask->store, seq, err) < 0)
        return -1;
    write_instant(out, when, row.recorded_at);
    json_kv_str(out, by, row.recorded_by);
    return 0;
}

static int write_key(struct json *out, struct asking *ask, const struct grant *grant, int64_t seq, int64_t revoked,
                     struct err *err)
{
    json_open(out, '{');
    json_kv_str(out, "key", grant->name);
    json_kv_str(out, "role", key_role_name(grant->role));
    write_texts(out, "branches", grant->branches, grant->branch_count);
    write_texts(out, "areas", grant->areas, grant->area_count);
    json_kv_str(out, "public", grant->public);
    if (write_moment_of(out, ask, "allowed", "allowed_by", seq, err) < 0)
        return -1;
    if (revoked && write_moment_of(out, ask, "revoked", "revoked_by", revoked, err) < 0)
        return -1;
    json_close(out, '}');
    return 0;
}

/* 1: the page is full; 0: go on; -1. */
static int take_key(struct asking *ask, const char *name, int64_t seq, int64_t revoked, struct err *err)
{
    struct grant *grant;
    enum page_step step = page_step(ask);
    int r;

    if (step != PAGE_WRITE)
        return step == PAGE_FULL;
    if (grant_from_row(&grant, ask->store, ask->kinds, seq, err) != 0)
        return -1;
    r = write_key(ask->out, ask, grant, seq, revoked, err);
    grant_unref(grant);
    page_mark(ask, 'k', "%s", name);
    return r;
}

int list_keys(struct asking *ask, struct err *err)
{
    bool all = ask_bool(ask, "all");
    sqlite3_stmt *s;
    const char *after;
    int r = page_cursor(&after, ask, 'k', err);

    if (r != 0)
        return r;
    s = store_stmt(ask->store, SQL_KEYS_ALL);
    page_begin(ask);
    while ((r = store_step(ask->store, s, err)) == 1) {
        int64_t seq = sqlite3_column_int64(s, 2), revoked = sqlite3_column_int64(s, 3);
        const char *name;

        arena_reset(&ask->scratch);
        name = (const char *)sqlite3_column_text(s, 0);
        if ((revoked && !all) || (after && strcmp(name, after) <= 0))
            continue;
        name = arena_strndup(&ask->scratch, name, strlen(name));
        r = take_key(ask, name, seq, revoked, err);
        if (r != 0)
            break;
    }
    sqlite3_reset(s);
    page_end(ask);
    return r < 0 ? -1 : 0;
}
