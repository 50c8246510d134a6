/* The store's inside, shared by its own files only. */
#ifndef MUSTER_STORE_STORE_STATE_H
#define MUSTER_STORE_STORE_STATE_H

#include "store/runs.h"
#include "store/tail.h"

struct cache;
struct upkeep;

struct store {
    sqlite3 *db;
    enum store_mode mode;
    struct deadline deadline;
    int wal_pages;       /* in the WAL after the newest commit */
    struct runs runs;
    struct tail tail;
    bool synced;         /* runs and tail are those of the snapshot (reader), or all (writer) */
    bool wipe_due;       /* the log holds what was erased */
    bool changed;        /* since begin: memory would have to be read anew after a rollback */
    struct cache *cache; /* of a writer; NULL else */
    struct upkeep *upkeep;
    size_t flush_touches; /* after how many touches the tail becomes a run */
    int fan_in;           /* how many runs of a level become one of the next */
    sqlite3_stmt *stmts[SQL_COUNT];
};

/* Brings runs and tail in step with what the connection sees. */
int store_sync(struct store *store, struct err *err) MUST_CHECK;
/* Forgets them, to be read anew. */
void store_unsync(struct store *store);
/* Upkeep begins anew. */
void upkeep_free(struct upkeep *upkeep);

#endif
