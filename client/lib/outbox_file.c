/* The outbox's files: made for their owner alone, opened, locked. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "outbox.h"

enum {
    OUTBOX_APPLICATION = 0x4D555354, /* "MUST", in the file's header */
    OUTBOX_SCHEMA = 1,
    /* Others hold the file for the milliseconds of a commit; on a disk that hardly answers, for longer. */
    BUSY_MS = 10 * 1000,
    LOCK_LOOK_MS = 10,
};

/* `bytes` repeats the length of `event`, and stands before it so that adding up reads no text. */
static const char schema[] =
    "CREATE TABLE event ("
    " place INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE,"
    " server TEXT NOT NULL,"
    " ledger TEXT NOT NULL," /* '': not known yet */
    " kept_us INTEGER NOT NULL,"
    " tried_us INTEGER NOT NULL DEFAULT 0,"
    " code TEXT," /* of the refusal; NULL: it waits */
    " message TEXT, field TEXT, hint TEXT, clash TEXT,"
    " bytes INTEGER NOT NULL,"
    " event TEXT NOT NULL) STRICT;"
    "PRAGMA application_id = 0x4D555354;"
    "PRAGMA user_version = 1;";

static const char *const sql[OUTBOX_SQL_COUNT] = {
    [OUTBOX_BEGIN] = "BEGIN IMMEDIATE",
    [OUTBOX_COMMIT] = "COMMIT",
    [OUTBOX_ROLLBACK] = "ROLLBACK",
    [OUTBOX_SIZE] = "SELECT count(*), ifnull(sum(bytes), 0) FROM event",
    [OUTBOX_FIND] = "SELECT event FROM event WHERE id = ?1",
    [OUTBOX_INSERT] = "INSERT INTO event (id, server, ledger, kept_us, bytes, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [OUTBOX_WAIT_AGAIN] = "UPDATE event SET code = NULL, message = NULL, field = NULL, hint = NULL, clash = NULL"
                          " WHERE id = ?1",
    [OUTBOX_WAIT_ALL_AGAIN] = "UPDATE event SET code = NULL, message = NULL, field = NULL, hint = NULL, clash = NULL"
                              " WHERE code IS NOT NULL",
    /* ?1 the ledger, ?2 the server whose unclaimed events count as its own ('' where they do not) */
    [OUTBOX_COUNT] = "SELECT count(*) FILTER (WHERE code IS NULL AND (ledger = ?1 OR (ledger = '' AND server = ?2))),"
                     " count(*) FILTER (WHERE code IS NULL AND NOT (ledger = ?1 OR (ledger = '' AND server = ?2))),"
                     " count(code) FROM event",
    [OUTBOX_PAGE] = "SELECT place, id, server, ledger, event, kept_us, tried_us, code, message, field, hint, clash"
                    " FROM event WHERE place > ?1 ORDER BY place LIMIT ?2",
    [OUTBOX_ADOPT] = "UPDATE event SET ledger = ?1 WHERE ledger = '' AND server = ?2",
    [OUTBOX_NEXT] = "SELECT place, id, event FROM event WHERE place > ?1 AND ledger = ?2 AND code IS NULL"
                    " ORDER BY place LIMIT ?3",
    [OUTBOX_DELETE] = "DELETE FROM event WHERE place = ?1",
    [OUTBOX_REFUSE] = "UPDATE event SET tried_us = ?2, code = ?3, message = ?4, field = ?5, hint = ?6, clash = ?7"
                      " WHERE place = ?1",
    [OUTBOX_DROP] = "DELETE FROM event WHERE id = ?1",
};

static int say_file(struct muster_outbox *outbox, const char *path, const char *why)
{
    return trouble_say(&outbox->trouble, MUSTER_SYSTEM, "system", "%s: %s", path, why);
}

int outbox_say(struct muster_outbox *outbox)
{
    int code = outbox->db ? sqlite3_errcode(outbox->db) : SQLITE_NOMEM;

    if ((code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB)
        return trouble_say(&outbox->trouble, MUSTER_SYSTEM, "outbox_damaged",
                           "the outbox %s is damaged (%s): move it away, and look what can be saved", outbox->path,
                           sqlite3_errmsg(outbox->db));
    return say_file(outbox, outbox->path, outbox->db ? sqlite3_errmsg(outbox->db) : "out of memory");
}

/* A file that is there must be a plain one of this user's, and nobody else's to read. No descriptor of it is opened: closing one
 * would let go of the locks that SQLite has on it elsewhere in this process. */
static int check_file(struct muster_outbox *outbox)
{
    struct stat about;

    if (lstat(outbox->path, &about) < 0)
        return say_file(outbox, outbox->path, strerror(errno));
    if (!S_ISREG(about.st_mode))
        return say_file(outbox, outbox->path, "not a plain file");
    if (about.st_uid != geteuid())
        return say_file(outbox, outbox->path, "belongs to another user");
    if ((about.st_mode & 077) != 0 && chmod(outbox->path, 0600) < 0)
        return say_file(outbox, outbox->path, strerror(errno));
    return MUSTER_OK;
}

/* In another's folder (a command under sudo, with the home of whoever called it) a file would shut its owner out. */
static int check_folder(struct muster_outbox *outbox)
{
    _cleanup_free_ char *folder = mem_strdup(outbox->path);
    char *slash = strrchr(folder, '/');
    struct stat about;

    if (slash)
        slash[slash == folder] = '\0';
    if (stat(slash ? folder : ".", &about) < 0)
        return say_file(outbox, outbox->path, strerror(errno));
    if (about.st_uid != geteuid())
        return say_file(outbox, outbox->path, "its folder belongs to another user");
    return MUSTER_OK;
}

/* Comes to be under its name in one step, for its owner alone, and with no descriptor open (see check_file). */
static int make_file(struct muster_outbox *outbox)
{
    _cleanup_free_ char *temporary = NULL;
    int fd, result = check_folder(outbox);

    if (result != MUSTER_OK)
        return result;
    if (asprintf(&temporary, "%s.XXXXXX", outbox->path) < 0)
        abort();
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return say_file(outbox, outbox->path, strerror(errno));
    close(fd);
    if (link(temporary, outbox->path) < 0 && errno != EEXIST)
        result = say_file(outbox, outbox->path, strerror(errno));
    unlink(temporary);
    return result;
}

static int run_text(struct muster_outbox *outbox, const char *text)
{
    return sqlite3_exec(outbox->db, text, NULL, NULL, NULL) == SQLITE_OK ? MUSTER_OK : outbox_say(outbox);
}

static int read_number(int64_t *out, struct muster_outbox *outbox, const char *text)
{
    sqlite3_stmt *stmt = NULL;
    int result = MUSTER_OK;

    if (sqlite3_prepare_v2(outbox->db, text, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
        *out = sqlite3_column_int64(stmt, 0);
    else
        result = outbox_say(outbox);
    sqlite3_finalize(stmt);
    return result;
}

/* Within a transaction, so that two that come first at once make one table. */
static int check_schema(struct muster_outbox *outbox)
{
    int64_t application = 0, version = 0, tables = 0;
    int result = run_text(outbox, "BEGIN IMMEDIATE");

    if (result != MUSTER_OK)
        return result;
    result = read_number(&application, outbox, "PRAGMA application_id");
    if (result == MUSTER_OK)
        result = read_number(&version, outbox, "PRAGMA user_version");
    if (result == MUSTER_OK)
        result = read_number(&tables, outbox, "SELECT count(*) FROM sqlite_schema");
    if (result == MUSTER_OK && version == 0 && tables == 0)
        result = run_text(outbox, schema);
    else if (result == MUSTER_OK && application != OUTBOX_APPLICATION)
        result = say_file(outbox, outbox->path, "is no outbox");
    else if (result == MUSTER_OK && version != OUTBOX_SCHEMA)
        result = say_file(outbox, outbox->path, "was made by a newer version");
    return result == MUSTER_OK ? run_text(outbox, "COMMIT") : (sqlite3_exec(outbox->db, "ROLLBACK", NULL, NULL, NULL), result);
}

static int prepare(struct muster_outbox *outbox)
{
    for (int i = 0; i < OUTBOX_SQL_COUNT; i++)
        if (sqlite3_prepare_v3(outbox->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &outbox->statements[i], NULL) != SQLITE_OK)
            return outbox_say(outbox);
    return MUSTER_OK;
}

int outbox_file_open(struct muster_outbox *outbox)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    int64_t version = 0;
    int result = access(outbox->path, F_OK) == 0 ? MUSTER_OK : make_file(outbox);

    if (result == MUSTER_OK)
        result = check_file(outbox);
    if (result != MUSTER_OK)
        return result;
    if (sqlite3_open_v2(outbox->path, &outbox->db, flags, NULL) != SQLITE_OK)
        return outbox_say(outbox);
    sqlite3_busy_timeout(outbox->db, BUSY_MS);
    /* A rollback journal works on network file systems too. EXTRA: the journal's end, which is the commit, is made durable as
     * well. What is deleted is overwritten: names and notes do not stay behind. */
    result = run_text(outbox, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON;"
                              " PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY");
    if (result == MUSTER_OK)
        result = read_number(&version, outbox, "PRAGMA user_version");
    if (result == MUSTER_OK && version != OUTBOX_SCHEMA)
        result = check_schema(outbox);
    return result == MUSTER_OK ? prepare(outbox) : result;
}

void outbox_file_close(struct muster_outbox *outbox)
{
    for (int i = 0; i < OUTBOX_SQL_COUNT; i++)
        sqlite3_finalize(TAKE(outbox->statements[i]));
    sqlite3_close(TAKE(outbox->db));
}

int outbox_lock(int *fd_out, struct muster_outbox *outbox, int wait_ms)
{
    static const struct timespec pause = {.tv_nsec = LOCK_LOOK_MS * 1000000L};
    int64_t end_ms = clock_monotonic_ms() + wait_ms;
    _cleanup_free_ char *name = NULL;
    _cleanup_fd_ int fd = -1;

    if (asprintf(&name, "%s.lock", outbox->path) < 0)
        abort();
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return say_file(outbox, name, strerror(errno));
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return say_file(outbox, name, strerror(errno));
        if (clock_monotonic_ms() >= end_ms)
            return trouble_say(&outbox->trouble, MUSTER_BUSY, "outbox_busy", "another command is delivering the outbox");
        nanosleep(&pause, NULL);
    }
    *fd_out = fd;
    fd = -1;
    return MUSTER_OK;
}
