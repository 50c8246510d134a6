/* bench_limit: what SQLite does in process with the very same rows.
 *
 *   bench_limit --recorded LEDGER --path LEDGER --rows-per-commit R
 *   bench_limit --drain LEDGER     does all housekeeping that is due, for the next measurement
 *
 * --recorded is the ledger of a daemon that has stopped; --path one that was its copy before. The rows that
 * the second lacks are read into memory, with the touches that follow from them; then one thread writes
 * them into the very same tables, R to a commit, with the housekeeping between commits that the daemon does.
 * No network, no JSON, no checks, no chain. Only the writing is timed. Rows that change registers or alerts are
 * folded as they are written, since what they come to lies in the tables; there are few of them.
 *
 * One JSON object: rate (events that clients sent, a second), rows, events, seconds, commits, write_bytes.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "ledger/derive.h"
#include "store/touches.h"
#include "store/upkeep.h"
#include "tell.h"

enum { UPKEEP_MS = 2 }; /* the daemon's own, service/loop.c */

struct held {
    struct row row;
    struct touch touch;
    struct touching *subjects; /* of an activity */
    size_t n;
};

struct limit {
    struct kinds kinds;
    struct store *store; /* written to */
    struct held *items;
    size_t n, cap;
    struct arena arena; /* of the items */
    int64_t events, commits;
};

static struct span keep_text(struct arena *arena, sqlite3_stmt *s, int column)
{
    const char *text = (const char *)sqlite3_column_text(s, column);
    size_t len = (size_t)sqlite3_column_bytes(s, column);

    return text ? (struct span){arena_strndup(arena, text, len), len} : (struct span){"", 0};
}

static void keep_bytes(void *out, size_t size, sqlite3_stmt *s, int column)
{
    const void *blob = sqlite3_column_blob(s, column);

    if (blob && (size_t)sqlite3_column_bytes(s, column) == size)
        memcpy(out, blob, size);
}

/* A row in the order of row_insert's parameters. */
static void keep_row(struct row *row, struct arena *arena, sqlite3_stmt *s)
{
    memset(row, 0, sizeof *row);
    row->seq = sqlite3_column_int64(s, 0);
    keep_bytes(row->id, UUID_SIZE, s, 1);
    row->recorded_at = sqlite3_column_int64(s, 2);
    row->recorded_by = keep_text(arena, s, 3).s;
    row->type = (enum event_type)sqlite3_column_int(s, 4);
    row->flags = (unsigned)sqlite3_column_int(s, 5);
    row->body = keep_text(arena, s, 6);
    row->personal = keep_text(arena, s, 7);
    keep_bytes(row->salt, SALT_SIZE, s, 8);
    keep_bytes(row->seal, SEAL_SIZE, s, 9);
    keep_bytes(row->chain, CHAIN_SIZE, s, 10);
    memcpy(row->root, row->id, UUID_SIZE);
}

/* The touches of an activity that corrects nothing. */
static void keep_touches(struct held *held, struct limit *l, struct store *from)
{
    _cleanup_arena_ struct arena scratch = {0};
    struct reading rd = {from, &scratch, &l->kinds, false};
    struct stored stored = {.row = held->row};
    struct touches touches;
    struct err err = {0};
    const struct event *e = &stored.event;

    if (stored_from_row(&stored, &rd, &err) < 0)
        die_err(&err);
    if (e->has_replaces || touches_of_event(&touches, &rd, e, NULL, &err) < 0)
        return;
    held->touch = (struct touch){
        .place = {e->day, e->tod_ns, held->row.seq},
        .type = e->type,
        .kinds = e->type == EV_MEETING    ? e->values[F_KINDS]->kinds
                 : e->type == EV_TRAINING ? KIND_BIT(KIND_TRAINING)
                                          : KIND_BIT(KIND_CONTACT),
        .hours = e->type == EV_TRAINING ? (int32_t)event_int(e, F_HOURS, 0) : 0,
    };
    held->n = touches.n;
    held->subjects = arena_alloc(&l->arena, touches.n * sizeof *held->subjects);
    for (size_t i = 0; i < touches.n; i++)
        held->subjects[i] = (struct touching){touches.items[i].key, touches.items[i].role};
}

static void read_rows(struct limit *l, struct store *from, int64_t after)
{
    struct err err = {0};

    for (int64_t seq = after + 1;; seq++) {
        sqlite3_stmt *s = store_stmt(from, SQL_ROW_WHOLE);
        int r;

        sqlite3_bind_int64(s, 1, seq);
        r = store_step(from, s, &err);
        if (r < 0)
            die_err(&err);
        if (r == 0)
            return;
        ARRAY_GROW(l->items, l->n, l->cap);
        l->items[l->n] = (struct held){0};
        keep_row(&l->items[l->n].row, &l->arena, s);
        sqlite3_reset(s);
        if (event_type_is_activity(l->items[l->n].row.type))
            keep_touches(&l->items[l->n], l, from);
        l->events += !catalogue_type(l->items[l->n].row.type)->daemon_only;
        l->n++;
    }
}

static int fold_row(struct limit *l, struct held *held, struct err *err)
{
    _cleanup_arena_ struct arena scratch = {0};
    struct reading rd = {l->store, &scratch, &l->kinds, false};
    struct stored stored = {.row = held->row};
    struct considered c;

    if (stored_from_row(&stored, &rd, err) < 0 || consider(&c, &rd, &stored.event, err) < 0 ||
        store_row_insert(l->store, &held->row, err) < 0)
        return -1;
    return derive_event(&rd, &c, held->row.seq, err);
}

static int write_row(struct limit *l, struct held *held, struct err *err)
{
    if (!held->subjects)
        return fold_row(l, held, err);
    if (store_row_insert(l->store, &held->row, err) < 0)
        return -1;
    return store_event_add(l->store, &held->touch, held->subjects, held->n, 0, err);
}

static void write_all(struct limit *l, double rows_per_commit)
{
    struct err err = {0};
    double until = rows_per_commit;
    bool more;

    for (size_t i = 0; i < l->n;) {
        if (store_begin(l->store, &err) < 0)
            die_err(&err);
        for (; i < l->n && (double)i < until - 0.5; i++)
            if (write_row(l, &l->items[i], &err) < 0)
                die_err(&err);
        until += rows_per_commit;
        if (store_commit(l->store, &err) < 0)
            die_err(&err);
        l->commits++;
        store_checkpoint(l->store);
        if (store_upkeep(l->store, UPKEEP_MS, &more, &err) < 0)
            die_err(&err);
    }
}

static int64_t bytes_written(void)
{
    _cleanup_file_ FILE *io = fopen("/proc/self/io", "re");
    long long bytes = 0;
    char line[128];

    while (io && fgets(line, sizeof line, io))
        sscanf(line, "write_bytes: %lld", &bytes);
    return bytes;
}

static void measure(struct limit *l, const char *recorded, const char *path, double rows_per_commit)
{
    _cleanup_store_ struct store *from = NULL;
    uint8_t chain[CHAIN_SIZE];
    int64_t newest = 0, recorded_at, began_us, wrote;
    struct err err = {0};
    double seconds;

    if (store_open(&from, recorded, STORE_READ, &err) != 0 ||
        store_open(&l->store, path, STORE_WRITE, &err) != 0 ||
        store_row_last(&newest, &recorded_at, chain, l->store, &err) < 0)
        die_err(&err);
    read_rows(l, from, newest);
    wrote = bytes_written();
    began_us = now_us();
    write_all(l, rows_per_commit);
    seconds = (double)(now_us() - began_us) / 1e6;
    printf("{\"rate\": %.1f, \"rows\": %zu, \"events\": %lld, \"seconds\": %.4f, \"commits\": %lld, \"write_bytes\": %lld}\n",
           seconds > 0 ? (double)l->events / seconds : 0.0, l->n, (long long)l->events, seconds,
           (long long)l->commits, (long long)(bytes_written() - wrote));
}

static void drain(const char *path)
{
    _cleanup_store_ struct store *store = NULL;
    int64_t began_us = now_us();
    struct err err = {0};
    bool more = true;

    if (store_open(&store, path, STORE_WRITE, &err) != 0)
        die_err(&err);
    while (more) {
        if (store_upkeep(store, UPKEEP_MS, &more, &err) < 0)
            die_err(&err);
        store_checkpoint(store);
    }
    printf("{\"seconds\": %.3f}\n", (double)(now_us() - began_us) / 1e6);
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"drain", required_argument, NULL, 'd'},
        {"recorded", required_argument, NULL, 'r'}, {"path", required_argument, NULL, 'p'},
        {"rows-per-commit", required_argument, NULL, 'n'}, {NULL, 0, NULL, 0},
    };
    const char *recorded = NULL, *path = NULL;
    struct limit limit = {0};
    double rows = 1;
    struct err err = {0};
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'r')
            recorded = optarg;
        else if (option == 'p')
            path = optarg;
        else if (option == 'n')
            rows = atof(optarg);
        else if (option == 'd')
            return drain(optarg), 0;
        else
            exit(2); /* getopt_long has said why */
    }
    if (!recorded || !path || rows < 1)
        die("--recorded and --path are needed, --rows-per-commit is at least 1");
    if (zone_set("Asia/Shanghai", &err) != 0)
        die_err(&err);
    kinds_init(&limit.kinds);
    measure(&limit, recorded, path, rows);
    store_free(limit.store);
    arena_deinit(&limit.arena);
    kinds_deinit(&limit.kinds);
    free(limit.items);
    return 0;
}
