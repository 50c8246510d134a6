/* bench_reads: `recent` of one branch, as the daemon's readers answer it, and the same rows in plain SQLite.
 *
 *   bench_reads --path LEDGER --branches B [--limit L] [--rounds N]
 *
 * Plain: a table of its own in a second file, keyed by (branch, day, time, seq) as an index would be, and a
 * seek in it for the newest L rows of a branch, each then read from the ledger. Both read the same random
 * branches in turn, one after the other, in one process. Nothing goes over a socket.
 *
 * One JSON object: recent_us and plain_us (medians), rows (of a page), index_s (what filling the plain index took).
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "query/query.h"
#include "store/touches.h"
#include "tell.h"
#include "world.h"

struct reads {
    const char *path;
    int64_t branches, limit, rounds;
    struct store *store;
    sqlite3 *plain;
    sqlite3_stmt *newest;
    struct query *query;
    struct query_env env;
    struct rng rng;
    struct times recent, by_index;
    int64_t rows;
};

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        die("%s", sqlite3_errmsg(db));
    return s;
}

static void execute(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        die("%s: %s", sql, sqlite3_errmsg(db));
}

static void fill_branch(struct reads *r, sqlite3_stmt *add, int64_t branch)
{
    struct touch_walk walk;
    struct err err = {0};
    struct touch t;
    char ref[REF_BUF];
    int64_t key;
    int found;

    if (store_subject_find(&key, r->store, SUBJECT_BRANCH, branch_ref(ref, branch), &err) != 1)
        die("no branch %s", branch_ref(ref, branch));
    touch_walk_init(&walk, r->store, key, NULL);
    while ((found = touch_walk_next(&t, &walk, &err)) == 1) {
        if (!event_type_is_activity(t.type))
            continue;
        sqlite3_bind_int64(add, 1, branch);
        sqlite3_bind_int(add, 2, t.place.day);
        sqlite3_bind_int64(add, 3, t.place.tod);
        sqlite3_bind_int64(add, 4, t.place.seq);
        if (sqlite3_step(add) != SQLITE_DONE)
            die("%s", sqlite3_errmsg(r->plain));
        sqlite3_reset(add);
    }
    if (found < 0)
        die_err(&err);
}

/* The ledger, with an index of branches beside it. */
static void open_plain(struct reads *r)
{
    _cleanup_buf_ struct buf file = {0};
    struct err err = {0};
    sqlite3_stmt *add;

    buf_addf(&file, "%s.plain", r->path);
    remove(buf_str(&file));
    if (sqlite3_open(buf_str(&file), &r->plain) != SQLITE_OK)
        die("cannot make %s", buf_str(&file));
    execute(r->plain, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768");
    execute(r->plain, "CREATE TABLE by_branch (branch, day, tod, seq, PRIMARY KEY (branch, day, tod, seq))"
                      " WITHOUT ROWID");
    buf_clear(&file);
    buf_addf(&file, "ATTACH '%s' AS l", r->path);
    execute(r->plain, buf_str(&file));
    add = prepare(r->plain, "INSERT INTO by_branch VALUES (?1, ?2, ?3, ?4)");
    execute(r->plain, "BEGIN");
    if (store_begin_read(r->store, &err) < 0)
        die_err(&err);
    for (int64_t branch = 0; branch < r->branches; branch++)
        fill_branch(r, add, branch);
    store_rollback(r->store);
    execute(r->plain, "COMMIT");
    sqlite3_finalize(add);
    r->newest = prepare(r->plain,
                        "SELECT l.seq, l.id, l.recorded_at, l.recorded_by, l.type, l.flags, l.body, l.personal"
                        " FROM by_branch AS b JOIN l.ledger AS l ON l.seq = b.seq WHERE b.branch = ?1"
                        " ORDER BY b.day DESC, b.tod DESC, b.seq DESC LIMIT ?2");
}

static void read_plain(struct reads *r, int64_t branch)
{
    int64_t began = now_us(), length = 0;

    sqlite3_bind_int64(r->newest, 1, branch);
    sqlite3_bind_int64(r->newest, 2, r->limit);
    while (sqlite3_step(r->newest) == SQLITE_ROW) {
        length += sqlite3_column_bytes(r->newest, 6) + sqlite3_column_bytes(r->newest, 7);
        r->rows++;
    }
    sqlite3_reset(r->newest);
    if (length == 0)
        die("branch %lld has no events", (long long)branch);
    times_add(&r->by_index, now_us() - began);
}

static void read_recent(struct reads *r, int64_t branch, struct buf *reply)
{
    _cleanup_buf_ struct buf body = {0};
    struct err err = {0};
    char ref[REF_BUF];
    int64_t began;

    buf_addf(&body, "{\"branch\":\"%s\",\"limit\":%lld}", branch_ref(ref, branch), (long long)r->limit);
    began = now_us();
    if (query_answer(r->query, &r->env, "recent", buf_str(&body), body.len, reply, &err) != 0)
        die_err(&err);
    times_add(&r->recent, now_us() - began);
}

static void measure(struct reads *r)
{
    _cleanup_buf_ struct buf reply = {0};
    struct err err = {0};
    int64_t began = now_us(), index_us;

    if (store_open(&r->store, r->path, STORE_READ, &err) != 0 || query_new(&r->query, r->path, &err) != 0)
        die_err(&err);
    open_plain(r);
    index_us = now_us() - began;
    for (int64_t i = 0; i < r->rounds; i++) {
        int64_t one = rng_below(&r->rng, r->branches), other = rng_below(&r->rng, r->branches);

        read_plain(r, one);
        read_recent(r, one, &reply);
        read_recent(r, other, &reply);
        read_plain(r, other);
    }
    printf("{\"recent_us\": %lld, \"plain_us\": %lld, \"recent_p99_us\": %lld, \"plain_p99_us\": %lld,"
           " \"rows\": %.1f, \"index_s\": %.2f}\n",
           (long long)times_at(&r->recent, 500), (long long)times_at(&r->by_index, 500),
           (long long)times_at(&r->recent, 990), (long long)times_at(&r->by_index, 990),
           (double)r->rows / (2.0 * (double)r->rounds), (double)index_us / 1e6);
    sqlite3_finalize(r->newest);
    sqlite3_close(r->plain);
    query_free(r->query);
    store_free(r->store);
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"path", required_argument, NULL, 'p'},   {"branches", required_argument, NULL, 'b'},
        {"limit", required_argument, NULL, 'l'},  {"rounds", required_argument, NULL, 'r'},
        {NULL, 0, NULL, 0},
    };
    struct reads r = {
        .limit = 20, .rounds = 500, .rng.state = 11,
        .env = {.today = day_from_civil(2022, 11, 21), .history_ms = 60000, .history_rows = 1000000, .status = ""},
    };
    struct err err = {0};
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'p')
            r.path = optarg;
        else if (option == 'b')
            r.branches = number_of("branches", optarg);
        else if (option == 'l')
            r.limit = number_of("limit", optarg);
        else if (option == 'r')
            r.rounds = number_of("rounds", optarg);
        else
            exit(2); /* getopt_long has said why */
    }
    if (!r.path || r.branches < 1 || r.rounds < 1)
        die("--path and --branches are needed");
    if (zone_set("Asia/Shanghai", &err) != 0)
        die_err(&err);
    r.env.now_us = zone_midnight(r.env.today) * 1000000;
    measure(&r);
    times_deinit(&r.recent);
    times_deinit(&r.by_index);
    return 0;
}
