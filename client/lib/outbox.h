/* The outbox inside: an SQLite file, and a lock file beside it for whoever delivers. Not installed.
 *
 * Invariants
 *   - A row leaves the table only after the daemon's `recorded` or `duplicate` for it, or because somebody drops it.
 *   - Delivering and dropping hold the lock; keeping does not, so that nobody who types waits for the network.
 *   - No transaction is open while the network or a callback is waited for.
 */
#ifndef MUSTER_LIB_OUTBOX_H
#define MUSTER_LIB_OUTBOX_H

#include <sqlite3.h>
#include <stdbool.h>

#include "muster/muster.h"
#include "trouble.h"

enum outbox_sql {
    OUTBOX_BEGIN,
    OUTBOX_COMMIT,
    OUTBOX_ROLLBACK,
    OUTBOX_SIZE,
    OUTBOX_FIND,
    OUTBOX_INSERT,
    OUTBOX_WAIT_AGAIN,
    OUTBOX_WAIT_ALL_AGAIN,
    OUTBOX_COUNT,
    OUTBOX_PAGE,
    OUTBOX_ADOPT,
    OUTBOX_NEXT,
    OUTBOX_DELETE,
    OUTBOX_REFUSE,
    OUTBOX_DROP,
    OUTBOX_SQL_COUNT
};

struct muster_outbox {
    char *path;
    struct muster_outbox_bounds bounds;
    sqlite3 *db; /* NULL: it did not open */
    sqlite3_stmt *statements[OUTBOX_SQL_COUNT];
    struct trouble trouble;
};

/* Makes the file where there is none, opens it, and checks that it is an outbox of ours. */
int outbox_file_open(struct muster_outbox *outbox) MUST_CHECK;
void outbox_file_close(struct muster_outbox *outbox);

/* The lock of whoever delivers or drops: a descriptor to close. It goes with the process, however that ends. */
int outbox_lock(int *fd_out, struct muster_outbox *outbox, int wait_ms) MUST_CHECK;

/* The error for SQLite's last failure on it. */
int outbox_say(struct muster_outbox *outbox);

/* A statement, reset, its parameters to be bound. */
sqlite3_stmt *outbox_sql(struct muster_outbox *outbox, enum outbox_sql which);
void outbox_bind_text(sqlite3_stmt *stmt, int place, const char *text);
const char *outbox_text(sqlite3_stmt *stmt, int column); /* "" for NULL */

/* Runs a statement that gives no rows. */
int outbox_run(struct muster_outbox *outbox, sqlite3_stmt *stmt) MUST_CHECK;

/* A transaction that writes. outbox_end commits if `result` is MUSTER_OK, else takes it back; returns what it came to. */
int outbox_begin(struct muster_outbox *outbox) MUST_CHECK;
int outbox_end(struct muster_outbox *outbox, int result) MUST_CHECK;

#endif
