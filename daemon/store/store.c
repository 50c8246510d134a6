#include "store/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/cache.h"
#include "store/store_state.h"

enum {
    WAL_BOUND_PAGES = 1000, /* 4 MiB: small enough to checkpoint between two commits */
    BUSY_MS = 5000,
    PROGRESS_STEPS = 20000,
    FLUSH_TOUCHES = 128 * 1024, /* 8 MiB of memory a connection, and a tenth of a second to read at start */
    FAN_IN = 8,
    SCHEMA_NOTICES = 4, /* these add only what does not follow from the ledger: nothing is replayed for them */
    SCHEMA_HEARD = 5,
};

static int failed(struct store *store, struct err *err, const char *what)
{
    return err_fault(err, "the store cannot %s: %s", what, sqlite3_errmsg(store->db));
}

static int pragma(struct store *store, const char *text, struct err *err)
{
    if (sqlite3_exec(store->db, text, NULL, NULL, NULL) != SQLITE_OK)
        return failed(store, err, text);
    return 0;
}

static int user_version(struct store *store, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    int version = -1;

    if (sqlite3_prepare_v2(store->db, "PRAGMA user_version", -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        version = sqlite3_column_int(stmt, 0);
    else
        failed(store, err, "be read");
    sqlite3_finalize(stmt);
    return version;
}

/* What follows from the ledger is to be made anew: noted with the new schema itself, so that a stop in
 * between does not lose it. */
static const char mark_rebuild[] = "INSERT INTO meta (name, value) VALUES ('rebuild_due', '1')"
                                   " ON CONFLICT (name) DO UPDATE SET value = '1'";

static int migrate(struct store *store, struct err *err)
{
    int version = user_version(store, err);
    bool older = version > 0;

    if (version < 0)
        return -1;
    if (version > sql_schema_count)
        return err_say(err, ERR_UNAVAILABLE, NULL,
                       "the database was written by a newer musterd (schema %d, this one knows %d): install "
                       "the newer version",
                       "数据库由更新版本的 musterd 写入（结构 %d，本版本只认到 %d）：请安装新版本", version,
                       sql_schema_count);
    for (; version < sql_schema_count; version++) {
        bool replay = older && version + 1 != SCHEMA_NOTICES && version + 1 != SCHEMA_HEARD;
        char set[64];

        if (store->mode == STORE_READ)
            return err_fault(err, "the database has an older schema: start musterd first");
        snprintf(set, sizeof set, "PRAGMA user_version = %d", version + 1);
        if (pragma(store, "BEGIN IMMEDIATE", err) < 0)
            return -1;
        if (pragma(store, sql_schemas[version], err) < 0 || pragma(store, set, err) < 0 ||
            (replay && pragma(store, mark_rebuild, err) < 0) || pragma(store, "COMMIT", err) < 0) {
            sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
            return -1;
        }
    }
    return 0;
}

static int prepare_all(struct store *store, struct err *err)
{
    for (int i = 0; i < SQL_COUNT; i++)
        if (sqlite3_prepare_v3(store->db, sql_texts[i].text, -1, SQLITE_PREPARE_PERSISTENT,
                               &store->stmts[i], NULL) != SQLITE_OK)
            return failed(store, err, sql_texts[i].name);
    return 0;
}

static int count_wal(void *ctx, sqlite3 *db, const char *name, int pages)
{
    struct store *store = ctx;

    (void)db;
    (void)name;
    store->wal_pages = pages;
    return SQLITE_OK;
}

static int configure(struct store *store, struct err *err)
{
    sqlite3_busy_timeout(store->db, BUSY_MS);
    if (store->mode == STORE_WRITE &&
        (pragma(store, "PRAGMA journal_mode = WAL", err) < 0 ||
         pragma(store, "PRAGMA synchronous = FULL", err) < 0))
        return -1;
    /* Checkpoints are the writer's own affair, between commits (store_checkpoint). */
    if (pragma(store, "PRAGMA wal_autocheckpoint = 0", err) < 0 ||
        pragma(store, "PRAGMA trusted_schema = OFF", err) < 0 ||
        pragma(store, "PRAGMA cache_size = -32768", err) < 0)
        return -1;
    if (store->mode == STORE_WRITE)
        sqlite3_wal_hook(store->db, count_wal, store);
    if (store->mode == STORE_READ) {
        sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        return pragma(store, "PRAGMA query_only = ON", err);
    }
    return 0;
}

int store_open(struct store **out, const char *path, enum store_mode mode, struct err *err)
{
    struct store *store = mem_zero(sizeof *store);
    int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY
                                   : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int r;

    store->mode = mode;
    store->flush_touches = FLUSH_TOUCHES;
    store->fan_in = FAN_IN;
    if (mode != STORE_READ)
        store->cache = cache_new();
    if (sqlite3_open_v2(mode == STORE_MEMORY ? ":memory:" : path, &store->db,
                        flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        err_fault(err, "cannot open %s: %s", path, sqlite3_errmsg(store->db));
        store_free(store);
        return -1;
    }
    r = configure(store, err);
    if (r == 0)
        r = migrate(store, err);
    if (r == 0)
        r = prepare_all(store, err);
    if (r != 0) {
        store_free(store);
        return r;
    }
    *out = store;
    return 0;
}

void store_free(struct store *store)
{
    int closed;

    if (!store)
        return;
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(store->stmts[i]);
    store_unsync(store);
    cache_free(store->cache);
    closed = sqlite3_close(store->db);
    assert(closed == SQLITE_OK); /* a statement of ours is left over otherwise */
    (void)closed;
    free(store);
}

int store_rebuild_due(bool *due_out, struct store *store, struct err *err)
{
    _cleanup_free_ char *text = NULL;
    int r = store_meta_get(&text, store, "rebuild_due", err);

    *due_out = r == 1 && strcmp(text, "1") == 0;
    return r < 0 ? -1 : 0;
}

int store_rebuild_done(struct store *store, struct err *err)
{
    return store_meta_set(store, "rebuild_due", "0", err);
}

sqlite3 *store_db(struct store *store)
{
    return store->db;
}

sqlite3_stmt *store_stmt(struct store *store, enum sql_id id)
{
    sqlite3_stmt *stmt = store->stmts[id];

    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
    return stmt;
}

int store_step(struct store *store, sqlite3_stmt *stmt, struct err *err)
{
    switch (sqlite3_step(stmt)) {
    case SQLITE_ROW:
        return 1;
    case SQLITE_DONE:
        sqlite3_reset(stmt);
        return 0;
    case SQLITE_INTERRUPT:
        sqlite3_reset(stmt);
        return err_fault(err, "this read took longer than it may: ask for less at a time");
    default:
        failed(store, err, "work");
        sqlite3_reset(stmt);
        return -1;
    }
}

int store_run(struct store *store, sqlite3_stmt *stmt, struct err *err)
{
    int r = store_step(store, stmt, err);

    sqlite3_reset(stmt);
    return r < 0 ? -1 : 0;
}

int store_exec(struct store *store, enum sql_id id, struct err *err)
{
    return store_run(store, store_stmt(store, id), err);
}

int store_begin(struct store *store, struct err *err)
{
    return store_exec(store, SQL_BEGIN, err);
}

int store_begin_read(struct store *store, struct err *err)
{
    if (store_exec(store, SQL_BEGIN_READ, err) < 0)
        return -1;
    store->synced = false;
    if (store_sync(store, err) == 0)
        return 0;
    store_rollback(store);
    return -1;
}

int store_commit(struct store *store, struct err *err)
{
    if (store_exec(store, SQL_COMMIT, err) < 0)
        return -1;
    store->changed = false;
    return 0;
}

void store_rollback(struct store *store)
{
    if (store->cache && !sqlite3_get_autocommit(store->db))
        cache_clear(store->cache);
    if (store->changed)
        store_unsync(store);
    if (store->mode == STORE_READ)
        store->synced = false;
    if (sqlite3_get_autocommit(store->db))
        return;
    sqlite3_step(store_stmt(store, SQL_ROLLBACK));
    sqlite3_reset(store->stmts[SQL_ROLLBACK]);
}

void store_checkpoint(struct store *store)
{
    int pages = 0, done = 0;

    if (store->mode != STORE_WRITE || store->wal_pages < WAL_BOUND_PAGES)
        return;
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &done);
    store->wal_pages = pages - done;
}

static int past_deadline(void *ctx)
{
    struct store *store = ctx;

    return deadline_passed(&store->deadline);
}

void store_deadline(struct store *store, const struct deadline *deadline)
{
    store->deadline = deadline ? *deadline : (struct deadline){0};
    sqlite3_progress_handler(store->db, deadline ? PROGRESS_STEPS : 0, deadline ? past_deadline : NULL, store);
}
