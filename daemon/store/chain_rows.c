#include "store/chain_rows.h"

#include <string.h>

int store_begin_bare(struct store *store, struct err *err)
{
    return store_exec(store, SQL_BEGIN_READ, err);
}

sqlite3_stmt *store_chain_rows(struct store *store, int64_t after, int64_t limit)
{
    sqlite3_stmt *s = store_stmt(store, SQL_CHAIN_ROWS);

    sqlite3_bind_int64(s, 1, after);
    sqlite3_bind_int64(s, 2, limit);
    return s;
}

/* Bytes, not characters: a damaged text need not be UTF-8, and all of it counts. */
static bool take_text(struct span *out, struct arena *arena, sqlite3_stmt *s, int column)
{
    const char *bytes = sqlite3_column_blob(s, column);
    size_t len = (size_t)sqlite3_column_bytes(s, column);

    *out = (struct span){bytes ? arena_strndup(arena, bytes, len) : "", len};
    return sqlite3_column_type(s, column) != SQLITE_NULL;
}

static bool take_bytes(uint8_t *out, size_t size, const char *name, const char **broken, sqlite3_stmt *s, int column)
{
    const void *bytes = sqlite3_column_blob(s, column);

    if (sqlite3_column_type(s, column) == SQLITE_NULL)
        return false;
    if ((size_t)sqlite3_column_bytes(s, column) == size)
        memcpy(out, bytes, size);
    else
        *broken = name;
    return true;
}

int store_chain_row(struct chain_row *out, struct arena *arena, struct store *store, sqlite3_stmt *s, struct err *err)
{
    int r = store_step(store, s, err);

    if (r != 1)
        return r;
    memset(out, 0, sizeof *out);
    out->seq = sqlite3_column_int64(s, 0);
    out->has_columns = true;
    take_bytes(out->id, UUID_SIZE, "id", &out->broken, s, 1);
    out->recorded_at = sqlite3_column_int64(s, 2);
    take_text(&out->recorded_by, arena, s, 3);
    out->type = sqlite3_column_int64(s, 4);
    out->flags = sqlite3_column_int64(s, 5);
    take_text(&out->body, arena, s, 6);
    out->has_personal = take_text(&out->personal, arena, s, 7);
    out->has_salt = take_bytes(out->salt, SALT_SIZE, "salt", &out->broken, s, 8);
    out->has_seal = take_bytes(out->seal, SEAL_SIZE, "seal", &out->broken, s, 9);
    if (!take_bytes(out->chain, CHAIN_SIZE, "chain", &out->broken, s, 10))
        out->broken = "chain";
    return 1;
}

int store_chain_insert(struct store *store, const struct chain_row *row, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ROW_INSERT);

    sqlite3_bind_int64(s, 1, row->seq);
    sqlite3_bind_blob(s, 2, row->id, UUID_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(s, 3, row->recorded_at);
    sqlite3_bind_text(s, 4, row->recorded_by.s, (int)row->recorded_by.len, SQLITE_STATIC);
    sqlite3_bind_int64(s, 5, row->type);
    sqlite3_bind_int64(s, 6, row->flags);
    sqlite3_bind_text(s, 7, row->body.s, (int)row->body.len, SQLITE_STATIC);
    if (row->has_personal)
        sqlite3_bind_text(s, 8, row->personal.s, (int)row->personal.len, SQLITE_STATIC);
    if (row->has_salt)
        sqlite3_bind_blob(s, 9, row->salt, SALT_SIZE, SQLITE_STATIC);
    if (row->has_seal)
        sqlite3_bind_blob(s, 10, row->seal, SEAL_SIZE, SQLITE_STATIC);
    sqlite3_bind_blob(s, 11, row->chain, CHAIN_SIZE, SQLITE_STATIC);
    return store_run(store, s, err);
}

int store_index_newest(int64_t *seq_out, struct store *store, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_INDEX_NEWEST);
    int r = store_step(store, s, err);

    if (r == 1)
        *seq_out = sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    return r == 1 ? 0 : -1;
}
