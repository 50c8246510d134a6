/* Removing a row's personal text, so that it is gone from the file as well. */
#include "store/store_state.h"

/* Freed bytes are overwritten while this is on. Off, deleting runs of the index would write each page once more. */
static void overwrite(struct store *store, bool on)
{
    sqlite3_exec(store->db, on ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = OFF", NULL, NULL, NULL);
}

int store_row_erase(struct store *store, int64_t seq, struct span kept, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_ROW_ERASE);
    int r;

    sqlite3_bind_int64(s, 1, seq);
    if (kept.len)
        sqlite3_bind_text(s, 2, kept.s, (int)kept.len, SQLITE_STATIC);
    overwrite(store, true);
    r = store_run(store, s, err);
    overwrite(store, false);
    store->wipe_due = true;
    return r;
}

void store_wipe(struct store *store)
{
    enum { BUSY_MS = 5000 };

    if (!store->wipe_due || store->mode != STORE_WRITE)
        return;
    sqlite3_busy_timeout(store->db, 0); /* a reader in its snapshot: the next time */
    if (sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK) {
        store->wipe_due = false;
        store->wal_pages = 0;
    }
    sqlite3_busy_timeout(store->db, BUSY_MS);
}
