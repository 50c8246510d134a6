#include "store/notices.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static const char *text_of(struct arena *arena, sqlite3_stmt *s, int column)
{
    return arena_strndup(arena, (const char *)sqlite3_column_text(s, column), (size_t)sqlite3_column_bytes(s, column));
}

void store_notice_read(struct notice *out, struct arena *arena, sqlite3_stmt *s)
{
    *out = (struct notice){
        .number = sqlite3_column_int64(s, 0),
        .alert = sqlite3_column_int64(s, 1),
        .what = (enum notice_what)sqlite3_column_int(s, 2),
        .step = sqlite3_column_int64(s, 3),
        .recipient = text_of(arena, s, 4),
        .channel = text_of(arena, s, 5),
        .level = sqlite3_column_int(s, 6),
        .level_before = sqlite3_column_int(s, 7),
        .branch = sqlite3_column_int64(s, 8),
        .route = text_of(arena, s, 9),
        .moment = (enum notice_moment)sqlite3_column_int(s, 10),
        .due_us = sqlite3_column_int64(s, 11),
        .made_us = sqlite3_column_int64(s, 12),
        .message = sqlite3_column_int64(s, 13),
        .silent = text_of(arena, s, 14),
    };
}

static int changed(int64_t *n_out, struct store *store, sqlite3_stmt *s, struct err *err)
{
    if (store_run(store, s, err) < 0)
        return -1;
    *n_out = sqlite3_changes64(store_db(store));
    return 0;
}

int store_notice_add(bool *added_out, struct store *store, const struct notice *n, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_NOTICE_ADD);
    int64_t added;

    sqlite3_bind_int64(s, 1, n->alert);
    sqlite3_bind_int(s, 2, (int)n->what);
    sqlite3_bind_int64(s, 3, n->step);
    sqlite3_bind_text(s, 4, n->recipient, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 5, n->channel, -1, SQLITE_STATIC);
    sqlite3_bind_int(s, 6, n->level);
    sqlite3_bind_int(s, 7, n->level_before);
    sqlite3_bind_int64(s, 8, n->branch);
    sqlite3_bind_text(s, 9, n->route, -1, SQLITE_STATIC);
    sqlite3_bind_int(s, 10, (int)n->moment);
    sqlite3_bind_int64(s, 11, n->due_us);
    sqlite3_bind_int64(s, 12, n->made_us);
    sqlite3_bind_text(s, 13, n->silent ? n->silent : "", -1, SQLITE_STATIC);
    if (changed(&added, store, s, err) < 0)
        return -1;
    *added_out = added != 0;
    return 0;
}

/* All rows of a statement that is bound. */
static int read_all(struct notice **out, size_t *n_out, struct arena *arena, struct store *store, sqlite3_stmt *s,
                    struct err *err)
{
    _cleanup_free_ struct notice *rows = NULL;
    size_t n = 0, cap = 0;
    int r;

    while ((r = store_step(store, s, err)) == 1) {
        ARRAY_GROW(rows, n, cap);
        store_notice_read(&rows[n++], arena, s);
    }
    *out = arena_alloc(arena, (n + 1) * sizeof *rows);
    if (n)
        memcpy(*out, rows, n * sizeof *rows);
    *n_out = n;
    return r;
}

int store_notices_of_alert(struct notice **out, size_t *n_out, struct arena *arena, struct store *store, int64_t alert,
                           struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_NOTICES_OF_ALERT);

    sqlite3_bind_int64(s, 1, alert);
    return read_all(out, n_out, arena, store, s, err);
}

int store_notices_of_message(struct notice **out, size_t *n_out, struct arena *arena, struct store *store,
                             int64_t message, int64_t after, size_t most, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_NOTICES_OF_MESSAGE);

    sqlite3_bind_int64(s, 1, message);
    sqlite3_bind_int64(s, 2, after);
    sqlite3_bind_int64(s, 3, (int64_t)most);
    return read_all(out, n_out, arena, store, s, err);
}

int store_notice_drop(struct store *store, int64_t number, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_NOTICE_DROP);

    sqlite3_bind_int64(s, 1, number);
    return store_run(store, s, err);
}

int store_notice_due(struct notice *out, struct arena *arena, struct store *store, int64_t now_us, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_NOTICE_DUE);
    int r;

    sqlite3_bind_int64(s, 1, now_us);
    r = store_step(store, s, err);
    if (r == 1)
        store_notice_read(out, arena, s);
    sqlite3_reset(s);
    return r;
}

static int one_number(int64_t *out, struct store *store, sqlite3_stmt *s, struct err *err)
{
    int r = store_step(store, s, err);

    if (r == 1)
        *out = sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    return r;
}

int store_notice_earliest(int64_t *due_us_out, struct store *store, struct err *err)
{
    return one_number(due_us_out, store, store_stmt(store, SQL_NOTICE_EARLIEST), err);
}

int store_notice_newest(int64_t *number_out, struct store *store, struct err *err)
{
    return one_number(number_out, store, store_stmt(store, SQL_NOTICE_NEWEST), err) < 0 ? -1 : 0;
}

/* ---- messages ------------------------------------------------------------------------------- */

int store_message_add(int64_t *number_out, struct store *store, const struct outgoing *m, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_MESSAGE_ADD);

    sqlite3_bind_text(s, 1, m->key, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, m->recipient, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 3, m->channel, -1, SQLITE_STATIC);
    sqlite3_bind_int(s, 4, (int)m->moment);
    sqlite3_bind_int64(s, 5, m->made_us);
    sqlite3_bind_int64(s, 6, m->off_days);
    sqlite3_bind_int64(s, 7, m->upto);
    if (store_run(store, s, err) < 0)
        return -1;
    *number_out = sqlite3_last_insert_rowid(store_db(store));
    return 0;
}

int store_message_gather(int64_t *n_out, struct store *store, const struct outgoing *m, int64_t soon_us, int64_t most,
                         struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_NOTICE_GATHER);

    sqlite3_bind_int64(s, 1, m->number);
    sqlite3_bind_text(s, 2, m->recipient, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 3, m->channel, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 4, m->made_us);
    sqlite3_bind_int64(s, 5, m->upto);
    sqlite3_bind_int64(s, 6, most);
    sqlite3_bind_int(s, 7, m->moment == MOMENT_UNDELIVERED);
    sqlite3_bind_int64(s, 8, soon_us);
    return changed(n_out, store, s, err);
}

int store_message_gathered(struct store *store, int64_t number, enum message_state state, int64_t ended_us,
                           struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_MESSAGE_GATHERED);

    sqlite3_bind_int64(s, 1, number);
    sqlite3_bind_int(s, 2, (int)state);
    sqlite3_bind_int64(s, 3, ended_us);
    return store_run(store, s, err);
}

static int read_message(struct outgoing *out, struct arena *arena, struct store *store, sqlite3_stmt *s, struct err *err)
{
    int r = store_step(store, s, err);

    if (r == 1)
        *out = (struct outgoing){
            .number = sqlite3_column_int64(s, 0),
            .key = text_of(arena, s, 1),
            .recipient = text_of(arena, s, 2),
            .channel = text_of(arena, s, 3),
            .moment = (enum notice_moment)sqlite3_column_int(s, 4),
            .made_us = sqlite3_column_int64(s, 5),
            .off_days = sqlite3_column_int64(s, 6),
            .upto = sqlite3_column_int64(s, 7),
            .state = (enum message_state)sqlite3_column_int(s, 8),
            .tries = sqlite3_column_int64(s, 9),
            .next_us = sqlite3_column_int64(s, 10),
            .error = text_of(arena, s, 11),
        };
    sqlite3_reset(s);
    return r;
}

int store_message_gathering(struct outgoing *out, struct arena *arena, struct store *store, struct err *err)
{
    return read_message(out, arena, store, store_stmt(store, SQL_MESSAGE_GATHERING), err);
}

int store_message_next(struct outgoing *out, struct arena *arena, struct store *store, const char *channel,
                       struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_MESSAGE_NEXT);

    sqlite3_bind_text(s, 1, channel, -1, SQLITE_STATIC);
    return read_message(out, arena, store, s, err);
}

int store_message_get(struct outgoing *out, struct arena *arena, struct store *store, int64_t number, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_MESSAGE_GET);

    sqlite3_bind_int64(s, 1, number);
    return read_message(out, arena, store, s, err);
}

int store_message_stray(int64_t *number_out, struct store *store, const char *channels, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_MESSAGE_STRAY);

    sqlite3_bind_text(s, 1, channels, -1, SQLITE_STATIC);
    return one_number(number_out, store, s, err);
}

int store_message_set(struct store *store, const struct outgoing *m, int64_t ended_us, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_MESSAGE_SET);

    sqlite3_bind_int64(s, 1, m->number);
    sqlite3_bind_int(s, 2, (int)m->state);
    sqlite3_bind_int64(s, 3, m->tries);
    sqlite3_bind_int64(s, 4, m->next_us);
    sqlite3_bind_int64(s, 5, ended_us);
    sqlite3_bind_text(s, 6, m->error, -1, SQLITE_STATIC);
    return store_run(store, s, err);
}

/* Changes one message that failed, or all (0). */
static int change_failed(int64_t *n_out, struct store *store, enum sql_id one, enum sql_id all, int64_t number, int64_t now_us,
                         struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, number ? one : all);

    if (number)
        sqlite3_bind_int64(s, 1, number);
    sqlite3_bind_int64(s, number ? 2 : 1, now_us);
    return changed(n_out, store, s, err);
}

int store_messages_retry(int64_t *n_out, struct store *store, int64_t number, int64_t now_us, struct err *err)
{
    return change_failed(n_out, store, SQL_MESSAGE_RETRY, SQL_MESSAGES_RETRY, number, now_us, err);
}

int store_messages_forget(int64_t *n_out, struct store *store, int64_t number, int64_t now_us, struct err *err)
{
    return change_failed(n_out, store, SQL_MESSAGE_FORGET, SQL_MESSAGES_FORGET, number, now_us, err);
}

/* The last of the next `most` that is not the newest and was written in time: 1; 0: none. */
static int prune_end(int64_t *end_out, struct store *store, enum sql_id which, const struct notice_prune *p, int64_t after,
                     struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, which);
    int r;

    sqlite3_bind_int64(s, 1, after);
    sqlite3_bind_int64(s, 2, p->before_us);
    sqlite3_bind_int64(s, 3, p->most);
    r = store_step(store, s, err);
    if (r == 1)
        *end_out = sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    return r == 1 && *end_out == 0 ? 0 : r;
}

static int prune_from(int64_t *after, struct store *store, enum sql_id end, enum sql_id prune, const struct notice_prune *p,
                      struct err *err)
{
    int64_t upto = 0;
    sqlite3_stmt *s;
    int r = prune_end(&upto, store, end, p, *after, err);

    if (r != 1)
        return r;
    s = store_stmt(store, prune);
    sqlite3_bind_int64(s, 1, *after);
    sqlite3_bind_int64(s, 2, upto);
    sqlite3_bind_int64(s, 3, p->before_us);
    *after = upto;
    return store_run(store, s, err) < 0 ? -1 : 1;
}

int store_notices_prune(struct notice_prune *p, struct store *store, struct err *err)
{
    int r = prune_from(&p->after_notice, store, SQL_NOTICES_PRUNE_END, SQL_NOTICES_PRUNE, p, err);

    return r != 0 ? r : prune_from(&p->after_message, store, SQL_MESSAGES_PRUNE_END, SQL_MESSAGES_PRUNE, p, err);
}

int store_notices_hurry(struct store *store, int64_t due_us, int64_t next_us, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_NOTICE_POSTPONE_LESS);

    sqlite3_bind_int64(s, 1, due_us);
    if (store_run(store, s, err) < 0)
        return -1;
    s = store_stmt(store, SQL_MESSAGES_HURRY);
    sqlite3_bind_int64(s, 1, next_us);
    return store_run(store, s, err);
}

int store_notice_counts(struct notice_counts *out, struct store *store, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_MESSAGES_COUNT);
    int r;

    *out = (struct notice_counts){0};
    while ((r = store_step(store, s, err)) == 1)
        *(sqlite3_column_int(s, 0) == MESSAGE_FAILED_FOR_GOOD ? &out->failed : &out->sending) += sqlite3_column_int64(s, 1);
    if (r < 0)
        return -1;
    return one_number(&out->waiting, store, store_stmt(store, SQL_NOTICES_WAITING), err) < 0 ? -1 : 0;
}

/* ---- alerts to be looked at again ------------------------------------------------------------- */

int store_watch_set(struct store *store, int64_t alert, day_t day, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, day == DAY_NEVER ? SQL_WATCH_DELETE : SQL_WATCH_SET);

    sqlite3_bind_int64(s, 1, alert);
    if (day != DAY_NEVER)
        sqlite3_bind_int(s, 2, day);
    return store_run(store, s, err);
}

int store_watch_due(int64_t *alerts_out, size_t *n_out, struct store *store, day_t day, size_t most, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_WATCH_DUE);
    size_t n = 0;
    int r;

    sqlite3_bind_int(s, 1, day);
    sqlite3_bind_int64(s, 2, (int64_t)most);
    while ((r = store_step(store, s, err)) == 1)
        alerts_out[n++] = sqlite3_column_int64(s, 0);
    *n_out = n;
    return r;
}

/* ---- reporters -------------------------------------------------------------------------------- */

int store_heard_set(struct store *store, int64_t branch, day_t day, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_HEARD_SET);

    sqlite3_bind_int64(s, 1, branch);
    sqlite3_bind_int(s, 2, day);
    return store_run(store, s, err);
}

int store_heard_silent(struct silent_area **out, size_t *n_out, struct arena *arena, struct store *store, day_t day,
                       struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_HEARD_SILENT);
    _cleanup_free_ struct silent_area *areas = NULL;
    size_t n = 0, cap = 0;
    int r;

    sqlite3_bind_int(s, 1, day);
    while ((r = store_step(store, s, err)) == 1) {
        ARRAY_GROW(areas, n, cap);
        areas[n++] = (struct silent_area){text_of(arena, s, 0), (day_t)sqlite3_column_int(s, 1)};
    }
    *out = arena_alloc(arena, (n + 1) * sizeof *areas);
    if (n)
        memcpy(*out, areas, n * sizeof *areas);
    *n_out = n;
    return r;
}

int store_realm_area_begins(struct store *store, const char *prefix, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_REALM_AREA_FROM);
    int r;

    sqlite3_bind_text(s, 1, prefix, -1, SQLITE_STATIC);
    r = store_step(store, s, err);
    if (r == 1)
        r = strncmp((const char *)sqlite3_column_text(s, 0), prefix, strlen(prefix)) == 0;
    sqlite3_reset(s);
    return r;
}

int store_realm_area(const char **out, struct arena *arena, struct store *store, int64_t subject, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_REALM_AREA);
    int r;

    sqlite3_bind_int64(s, 1, subject);
    r = store_step(store, s, err);
    if (r == 1)
        *out = text_of(arena, s, 0);
    sqlite3_reset(s);
    return r;
}
