#include "store/store.h"

#include <string.h>

#include "base/buf.h"

int store_row_insert(struct store *store, const struct row *row, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ROW_INSERT);

    sqlite3_bind_int64(s, 1, row->seq);
    sqlite3_bind_blob(s, 2, row->id, UUID_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(s, 3, row->recorded_at);
    sqlite3_bind_text(s, 4, row->recorded_by, -1, SQLITE_STATIC);
    sqlite3_bind_int(s, 5, (int)row->type);
    sqlite3_bind_int(s, 6, (int)row->flags);
    sqlite3_bind_text(s, 7, row->body.s, (int)row->body.len, SQLITE_STATIC);
    if (row->personal.len) {
        sqlite3_bind_text(s, 8, row->personal.s, (int)row->personal.len, SQLITE_STATIC);
        sqlite3_bind_blob(s, 9, row->salt, SALT_SIZE, SQLITE_STATIC);
        sqlite3_bind_blob(s, 10, row->seal, SEAL_SIZE, SQLITE_STATIC);
    }
    sqlite3_bind_blob(s, 11, row->chain, CHAIN_SIZE, SQLITE_STATIC);
    return store_run(store, s, err);
}

static struct span column_span(struct arena *arena, sqlite3_stmt *s, int column)
{
    const char *text = (const char *)sqlite3_column_text(s, column);
    size_t len = (size_t)sqlite3_column_bytes(s, column);

    if (!text)
        return (struct span){"", 0};
    return (struct span){arena_strndup(arena, text, len), len};
}

static void column_bytes(void *out, int size_bytes, sqlite3_stmt *s, int column)
{
    const void *blob = sqlite3_column_blob(s, column);

    if (blob && sqlite3_column_bytes(s, column) == size_bytes)
        memcpy(out, blob, (size_t)size_bytes);
}

void store_row_read(struct row *out, struct arena *arena, sqlite3_stmt *s)
{
    memset(out, 0, sizeof *out);
    out->seq = sqlite3_column_int64(s, 0);
    column_bytes(out->id, UUID_SIZE, s, 1);
    out->recorded_at = sqlite3_column_int64(s, 2);
    out->recorded_by = column_span(arena, s, 3).s;
    out->type = (enum event_type)sqlite3_column_int(s, 4);
    out->flags = (unsigned)sqlite3_column_int(s, 5);
    out->body = column_span(arena, s, 6);
    out->personal = column_span(arena, s, 7);
    out->out_by = sqlite3_column_int64(s, 8);
    memcpy(out->root, out->id, UUID_SIZE);
    column_bytes(out->root, UUID_SIZE, s, 9);
    column_bytes(out->seal, SEAL_SIZE, s, 10);
    column_bytes(out->chain, CHAIN_SIZE, s, 11);
    out->erased = sqlite3_column_int(s, 12) != 0;
}

int store_row_get(struct row *out, struct arena *arena, struct store *store, int64_t seq,
                  struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ROW_BY_SEQ);
    int r;

    sqlite3_bind_int64(s, 1, seq);
    r = store_step(store, s, err);
    if (r == 1)
        store_row_read(out, arena, s);
    sqlite3_reset(s);
    return r;
}

int store_row_told(struct row *out, struct arena *arena, struct store *store, int64_t seq,
                   struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ROW_TOLD);
    int r;

    memset(out, 0, sizeof *out);
    sqlite3_bind_int64(s, 1, seq);
    r = store_step(store, s, err);
    if (r == 1) {
        out->seq = seq;
        out->recorded_at = sqlite3_column_int64(s, 0);
        out->recorded_by = column_span(arena, s, 1).s;
        out->type = (enum event_type)sqlite3_column_int(s, 2);
        out->body = column_span(arena, s, 3);
        out->personal = column_span(arena, s, 4);
        out->erased = sqlite3_column_int(s, 5) != 0;
    }
    sqlite3_reset(s);
    return r;
}

int store_row_largest_id(uint8_t id_out[UUID_SIZE], struct store *store, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ROW_LARGEST_ID);
    int r = store_step(store, s, err);

    if (r == 1)
        column_bytes(id_out, UUID_SIZE, s, 0);
    sqlite3_reset(s);
    return r;
}

int store_row_find(int64_t *seq_out, struct store *store, const uint8_t id[UUID_SIZE],
                   struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ROW_BY_ID);
    int r;

    sqlite3_bind_blob(s, 1, id, UUID_SIZE, SQLITE_STATIC);
    r = store_step(store, s, err);
    if (r == 1)
        *seq_out = sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    return r;
}

int store_row_last(int64_t *seq_out, int64_t *recorded_at_out, uint8_t chain_out[CHAIN_SIZE],
                   struct store *store, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ROW_LAST);
    int r = store_step(store, s, err);

    if (r == 1) {
        *seq_out = sqlite3_column_int64(s, 0);
        *recorded_at_out = sqlite3_column_int64(s, 1);
        column_bytes(chain_out, CHAIN_SIZE, s, 2);
    }
    sqlite3_reset(s);
    return r;
}

int store_row_count_clients(int64_t *count_out, struct store *store, int64_t after,
                            struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ROWS_COUNT_CLIENTS);
    int r;

    sqlite3_bind_int64(s, 1, after);
    r = store_step(store, s, err);
    *count_out = r == 1 ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_reset(s);
    return r < 0 ? -1 : 0;
}

int store_row_copy(struct store *to, struct store *from, int64_t seq, struct err *err)
{
    sqlite3_stmt *in = store_stmt(to, SQL_ROW_INSERT);
    sqlite3_stmt *s = store_stmt(from, SQL_ROW_WHOLE);
    int r;

    sqlite3_bind_int64(s, 1, seq);
    r = store_step(from, s, err);
    if (r == 1) {
        for (int i = 0; i < sqlite3_column_count(s); i++)
            sqlite3_bind_value(in, i + 1, sqlite3_column_value(s, i));
        r = store_run(to, in, err);
    } else if (r == 0) {
        r = err_fault(err, "row %lld of the ledger is missing", (long long)seq);
    }
    sqlite3_reset(s);
    return r;
}

int store_seq_known_on(int64_t *seq_out, struct store *store, int64_t us, struct err *err)
{
    uint8_t chain[CHAIN_SIZE];
    int64_t low = 0, high = 0, newest;
    sqlite3_stmt *s;
    int r = store_row_last(&high, &newest, chain, store, err);

    if (r < 0)
        return -1;
    while (low < high) {
        int64_t middle = low + (high - low + 1) / 2;

        s = store_stmt(store, SQL_ROW_KNOWN_ON);
        sqlite3_bind_int64(s, 1, middle);
        r = store_step(store, s, err);
        if (r < 0)
            return -1;
        if (r == 1 && sqlite3_column_int64(s, 0) <= us)
            low = middle;
        else
            high = middle - 1;
        sqlite3_reset(s);
    }
    *seq_out = low;
    return 0;
}

int store_meta_get(char **value_out, struct store *store, const char *name, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_META_GET);
    int r;

    sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
    r = store_step(store, s, err);
    if (r == 1)
        *value_out = mem_strdup((const char *)sqlite3_column_text(s, 0));
    sqlite3_reset(s);
    return r;
}

int store_meta_set(struct store *store, const char *name, const char *value, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_META_SET);

    sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, value, -1, SQLITE_STATIC);
    return store_run(store, s, err);
}
