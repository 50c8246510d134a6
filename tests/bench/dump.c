#include "dump.h"

#include <stdio.h>

#include "store/touches.h"
#include "tell.h"

/* The tables whose rows do not depend on when housekeeping was done; row 1 and the chain hold random
 * bytes, and so do salts and seals. */
static const char *const queries[] = {
    "SELECT 'ledger', seq, CASE seq WHEN 1 THEN '' ELSE hex(id) END, recorded_at / 1000000, recorded_by, type, flags,"
    " CASE seq WHEN 1 THEN '' ELSE body END, personal, length(salt), length(seal), length(chain) FROM ledger ORDER BY seq",
    "SELECT 'subject', * FROM subject ORDER BY key",
    "SELECT 'touch', * FROM touch ORDER BY subject, day, tod, seq",
    "SELECT 'about', * FROM about ORDER BY subject",
    "SELECT 'effect', * FROM effect ORDER BY seq",
    "SELECT 'standing', * FROM standing ORDER BY subject",
    "SELECT 'stint', * FROM stint ORDER BY member, from_day, to_day",
    "SELECT 'alert', * FROM alert ORDER BY number",
    "SELECT 'deadline', * FROM deadline ORDER BY subject",
    "SELECT 'run', level, state, upto FROM run ORDER BY run",
    "SELECT 'tail', * FROM tail ORDER BY seq",
};

static void dump_query(sqlite3 *db, const char *query)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(db, query, -1, &s, NULL) != SQLITE_OK)
        die("%s", sqlite3_errmsg(db));
    while (sqlite3_step(s) == SQLITE_ROW) {
        for (int c = 0; c < sqlite3_column_count(s); c++) {
            const unsigned char *bytes = sqlite3_column_blob(s, c);

            printf(c ? "|" : "");
            if (sqlite3_column_type(s, c) != SQLITE_BLOB)
                printf("%s", bytes ? (const char *)sqlite3_column_text(s, c) : "");
            for (int i = 0; sqlite3_column_type(s, c) == SQLITE_BLOB && i < sqlite3_column_bytes(s, c); i++)
                printf("%02x", bytes[i]);
        }
        putchar('\n');
    }
    sqlite3_finalize(s);
}

static void dump_walk(struct store *store, int64_t subject)
{
    struct touch_walk walk;
    struct err err = {0};
    struct touch t;
    int r;

    touch_walk_init(&walk, store, subject, NULL);
    while ((r = touch_walk_next(&t, &walk, &err)) == 1)
        printf("walk|%lld|%d|%lld|%lld|%d|%u|%llu|%d|%lld\n", (long long)subject, t.place.day,
               (long long)t.place.tod, (long long)t.place.seq, (int)t.type, t.role,
               (unsigned long long)t.kinds, t.hours, (long long)t.out_by);
    if (r < 0)
        die_err(&err);
}

static int64_t count_subjects(struct store *store)
{
    sqlite3_stmt *s = NULL;
    int64_t count = 0;

    if (sqlite3_prepare_v2(store_db(store), "SELECT count(*) FROM subject", -1, &s, NULL) != SQLITE_OK)
        die("%s", sqlite3_errmsg(store_db(store)));
    if (sqlite3_step(s) == SQLITE_ROW)
        count = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return count;
}

void dump_ledger(const char *path)
{
    _cleanup_store_ struct store *store = NULL;
    struct err err = {0};

    if (store_open(&store, path, STORE_READ, &err) != 0)
        die_err(&err);
    for (size_t i = 0; i < ARRAY_LEN(queries); i++)
        dump_query(store_db(store), queries[i]);
    if (store_begin_read(store, &err) < 0)
        die_err(&err);
    for (int64_t subject = WHOLE_LEDGER, n = count_subjects(store); subject <= n; subject++)
        dump_walk(store, subject);
    store_rollback(store);
}
