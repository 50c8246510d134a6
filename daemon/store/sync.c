/* What a connection holds in memory of the newest rows, and how it keeps in step. */
#include <string.h>

#include "store/cache.h"
#include "store/postings.h"
#include "store/store_state.h"

static int damaged(struct err *err)
{
    return err_fault(err, "the tail of the index is damaged: run musterd --rebuild");
}

/* The row `seq`, taken out of effect by a later one that is read now. */
static int mark_out(struct store *store, int64_t seq, int64_t by, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_TAIL_ONE);
    const uint8_t *p, *end;
    uint64_t key, role;
    int r;

    tail_out(&store->tail, WHOLE_LEDGER, seq, by);
    sqlite3_bind_int64(s, 1, seq);
    r = store_step(store, s, err);
    if (r == 1) {
        p = sqlite3_column_blob(s, 0);
        end = p ? p + sqlite3_column_bytes(s, 0) : NULL;
        while (r == 1 && p < end)
            if (varint_next(&key, &p, end) && varint_next(&role, &p, end))
                tail_out(&store->tail, (int64_t)key, seq, by);
            else
                r = damaged(err);
    }
    sqlite3_reset(s);
    return r < 0 ? -1 : 0;
}

static int take_row(struct store *store, sqlite3_stmt *s, struct err *err)
{
    const uint8_t *p = sqlite3_column_blob(s, 8), *end = p ? p + sqlite3_column_bytes(s, 8) : NULL; /* NULL: an empty list */
    int64_t takes = sqlite3_column_int64(s, 7);
    uint64_t key, role;
    struct touch t = {
        .place = {(day_t)sqlite3_column_int(s, 1), sqlite3_column_int64(s, 2),
                  sqlite3_column_int64(s, 0)},
        .type = (enum event_type)sqlite3_column_int(s, 3),
        .kinds = (uint64_t)sqlite3_column_int64(s, 4),
        .hours = sqlite3_column_int(s, 5),
        .out_by = sqlite3_column_int64(s, 6),
    };

    tail_add(&store->tail, WHOLE_LEDGER, &t);
    while (p < end) {
        if (!varint_next(&key, &p, end) || !varint_next(&role, &p, end))
            return damaged(err);
        t.role = (uint32_t)role;
        tail_add(&store->tail, (int64_t)key, &t);
    }
    return takes > store->runs.upto ? mark_out(store, takes, t.place.seq, err) : 0;
}

/* Where the writer is about to cut its tail, readers cut theirs, so that segments go as wholes. */
static int64_t next_cut(const struct runs *runs)
{
    for (int i = 0; i < runs->n; i++)
        if (runs->items[i].state == RUN_BUILDING && runs->items[i].level == 0)
            return runs->items[i].upto;
    return INT64_MAX;
}

int store_sync(struct store *store, struct err *err)
{
    sqlite3_stmt *s;
    int64_t cut;
    int r;

    if (store->synced)
        return 0;
    if (runs_load(&store->runs, store, err) < 0)
        return -1;
    tail_drop(&store->tail, store->runs.upto);
    if (store->tail.seq < store->runs.upto)
        store->tail.seq = store->runs.upto;
    cut = next_cut(&store->runs);
    s = store_stmt(store, SQL_TAIL_AFTER);
    sqlite3_bind_int64(s, 1, store->tail.seq);
    while ((r = store_step(store, s, err)) == 1) {
        if (tail_newest(&store->tail) <= cut && sqlite3_column_int64(s, 0) > cut)
            tail_freeze(&store->tail);
        if (take_row(store, s, err) < 0) {
            sqlite3_reset(s);
            store_unsync(store);
            return -1;
        }
    }
    store->synced = r == 0;
    if (r < 0)
        store_unsync(store);
    return r;
}

void store_unsync(struct store *store)
{
    tail_deinit(&store->tail);
    memset(&store->runs, 0, sizeof store->runs);
    upkeep_free(store->upkeep);
    store->upkeep = NULL;
    store->synced = store->changed = false;
}

void store_forget(struct store *store)
{
    bool changed = store->changed;

    store_unsync(store);
    if (store->cache)
        cache_clear(store->cache);
    store->changed = changed;
}
