/* Statements of the outbox, and its transactions. */
#include "outbox.h"

sqlite3_stmt *outbox_sql(struct muster_outbox *outbox, enum outbox_sql which)
{
    sqlite3_reset(outbox->statements[which]);
    sqlite3_clear_bindings(outbox->statements[which]);
    return outbox->statements[which];
}

void outbox_bind_text(sqlite3_stmt *stmt, int place, const char *text)
{
    sqlite3_bind_text(stmt, place, text, -1, SQLITE_TRANSIENT);
}

const char *outbox_text(sqlite3_stmt *stmt, int column)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);

    return text ? text : "";
}

int outbox_run(struct muster_outbox *outbox, sqlite3_stmt *stmt)
{
    int code = sqlite3_step(stmt), result = code == SQLITE_DONE ? MUSTER_OK : outbox_say(outbox);

    sqlite3_reset(stmt);
    return result;
}

int outbox_begin(struct muster_outbox *outbox)
{
    return outbox_run(outbox, outbox_sql(outbox, OUTBOX_BEGIN));
}

int outbox_end(struct muster_outbox *outbox, int result)
{
    if (result == MUSTER_OK)
        result = outbox_run(outbox, outbox_sql(outbox, OUTBOX_COMMIT));
    /* A commit that failed may have left the transaction open. What failed is told already. */
    if (result != MUSTER_OK && !sqlite3_get_autocommit(outbox->db))
        sqlite3_step(outbox_sql(outbox, OUTBOX_ROLLBACK));
    return result;
}
