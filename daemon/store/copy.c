#include "store/copy.h"

#include <string.h>

#include "base/buf.h"

enum { PROGRESS_STEPS = 20000 };

struct store_copy {
    sqlite3 *to;
    sqlite3_backup *backup;
};

static int failed(sqlite3 *db, const char *what, struct err *err)
{
    return err_fault(err, "the copy cannot %s: %s", what, sqlite3_errmsg(db));
}

int store_copy_begin(struct store_copy **out, struct store *store, const char *path, struct err *err)
{
    _cleanup_store_copy_ struct store_copy *copy = mem_zero(sizeof *copy);

    if (sqlite3_open_v2(path, &copy->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return failed(copy->to, "be opened", err);
    copy->backup = sqlite3_backup_init(copy->to, "main", store_db(store), "main");
    if (!copy->backup)
        return failed(copy->to, "be begun", err);
    *out = TAKE(copy);
    return 0;
}

int store_copy_step(struct store_copy *copy, int pages, struct err *err)
{
    switch (sqlite3_backup_step(copy->backup, pages)) {
    case SQLITE_OK:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return 1;
    case SQLITE_DONE:
        return 0;
    default:
        return failed(copy->to, "be written", err);
    }
}

int64_t store_copy_done(const struct store_copy *copy)
{
    return sqlite3_backup_pagecount(copy->backup) - sqlite3_backup_remaining(copy->backup);
}

int64_t store_copy_all(const struct store_copy *copy)
{
    return sqlite3_backup_pagecount(copy->backup);
}

int store_copy_finish(struct store_copy *copy, struct err *err)
{
    int code = sqlite3_backup_finish(copy->backup);

    copy->backup = NULL;
    if (code != SQLITE_OK)
        return failed(copy->to, "be finished", err);
    /* The header says WAL, as the ledger's does; a copy is one file. musterd sets it again when it opens one. */
    if (sqlite3_exec(copy->to, "PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
        return failed(copy->to, "be closed", err);
    return 0;
}

void store_copy_free(struct store_copy *copy)
{
    if (!copy)
        return;
    sqlite3_backup_finish(copy->backup);
    sqlite3_close(copy->to);
    free(copy);
}

/* --- soundness --- */

static int say_unsound(const char *path, const char *check, const char *what, struct err *err)
{
    return err_say(err, ERR_UNAVAILABLE, NULL,
                   "%s is damaged: %s: %.200s. Nothing was changed. Put a backup in its place, or make it anew from an export: "
                   "musterd --import FILE (docs/operations.md, \"Restoring\")",
                   "%s 已损坏：%s：%.200s。未作任何改动。请以备份替换，或由导出文件重建：musterd --import 文件"
                   "（见 docs/operations.md“Restoring”）",
                   path, check, what);
}

/* What SQLite says of the file itself; other troubles are not the file's. */
static bool is_damage(int code)
{
    return code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_ERROR || code == SQLITE_FORMAT;
}

static int quick_check(sqlite3 *db, const char *path, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    int r = 0, code = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &stmt, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    if (code != SQLITE_ROW && !is_damage(code))
        r = err_fault(err, "%s cannot be checked: %s", path, sqlite3_errmsg(db));
    else if (code != SQLITE_ROW)
        r = say_unsound(path, code == SQLITE_NOTADB ? "it is not a database" : "PRAGMA quick_check", sqlite3_errmsg(db), err);
    else if (strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") != 0)
        r = say_unsound(path, "PRAGMA quick_check", (const char *)sqlite3_column_text(stmt, 0), err);
    sqlite3_finalize(stmt);
    return r;
}

static int is_over(void *deadline)
{
    return deadline_passed(deadline);
}

/* Every statement that we may run must find its tables and columns. A database without any is a new one. */
static int check_schema(sqlite3 *db, const char *path, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    int version = 0, r = 0;

    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
        version = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    if (version != sql_schema_count)
        return 0; /* new, older, or newer: store_open sees to it */
    for (int i = 0; i < SQL_COUNT && r == 0; i++) {
        stmt = NULL;
        if (sqlite3_prepare_v2(db, sql_texts[i].text, -1, &stmt, NULL) != SQLITE_OK)
            r = say_unsound(path, "its tables are not those of a ledger", sqlite3_errmsg(db), err);
        sqlite3_finalize(stmt);
    }
    return r;
}

int store_sound(const char *path, const struct deadline *deadline, struct err *err)
{
    sqlite3 *db = NULL;
    int r = 0;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        r = err_fault(err, "cannot open %s: %s", path, sqlite3_errmsg(db));
    if (r == 0 && deadline)
        sqlite3_progress_handler(db, PROGRESS_STEPS, is_over, (void *)deadline);
    if (r == 0)
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (r == 0)
        r = quick_check(db, path, err);
    if (r == 0)
        r = check_schema(db, path, err);
    sqlite3_close(db);
    return r;
}
