#include "store/store.h"

int store_alert_open(struct store *store, int64_t number, const char *rule, int64_t subject,
                     int level, day_t since, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ALERT_OPEN);

    sqlite3_bind_int64(s, 1, number);
    sqlite3_bind_text(s, 2, rule, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 3, subject);
    sqlite3_bind_int(s, 4, level);
    sqlite3_bind_int(s, 5, since);
    return store_run(store, s, err);
}

int store_alert_change(struct store *store, int64_t number, int level, day_t since, int64_t seq,
                       struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ALERT_CHANGE);

    sqlite3_bind_int64(s, 1, number);
    sqlite3_bind_int(s, 2, level);
    sqlite3_bind_int(s, 3, since);
    sqlite3_bind_int64(s, 4, seq);
    return store_run(store, s, err);
}

int store_alert_close(struct store *store, int64_t number, int64_t seq, const char *why,
                      struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ALERT_CLOSE);

    sqlite3_bind_int64(s, 1, number);
    sqlite3_bind_int64(s, 2, seq);
    sqlite3_bind_text(s, 3, why, -1, SQLITE_STATIC);
    return store_run(store, s, err);
}

int store_alert_ack(struct store *store, int64_t number, int64_t seq, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ALERT_ACK);

    sqlite3_bind_int64(s, 1, number);
    sqlite3_bind_int64(s, 2, seq);
    return store_run(store, s, err);
}

int store_alert_touch(struct store *store, int64_t number, int64_t seq, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ALERT_TOUCH);

    sqlite3_bind_int64(s, 1, number);
    sqlite3_bind_int64(s, 2, seq);
    return store_run(store, s, err);
}

int store_alert_row_add(struct store *store, int64_t number, int64_t seq, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ALERT_ROW_ADD);

    sqlite3_bind_int64(s, 1, number);
    sqlite3_bind_int64(s, 2, seq);
    return store_run(store, s, err);
}

int store_alert_state(bool *open_out, int *level_out, struct store *store, int64_t number, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ALERT_GET);
    int r;

    sqlite3_bind_int64(s, 1, number);
    r = store_step(store, s, err);
    if (r == 1) {
        *open_out = sqlite3_column_int64(s, 6) == 0; /* closed */
        *level_out = sqlite3_column_int(s, 3);
    }
    sqlite3_reset(s);
    return r;
}
