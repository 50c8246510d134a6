/* Feeds lines from standard input to a ledger on a clock that stands still; for comparing it with
 * the reference in this folder.
 *
 *   today DAY        put the clock at noon of that day
 *   submit EVENT     record; prints {"status", "code"?, "field"?, "seq"?}
 *   try EVENT        the same, taken back afterwards
 *   batch N          the next N submits are one transaction
 *   rebuild          derive everything anew
 *   dump             prints every derived table, a line a row, in a form that does not depend on the
 *                    order of recording, then an empty line
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/zone.h"
#include "ledger/ledger.h"
#include "store/touches.h"
#include "store/upkeep.h"

struct driver {
    struct clock clock;
    struct ledger *ledger;
    long in_batch;
};

static void die(const struct err *err)
{
    fprintf(stderr, "ledger_driver: %s\n", err->en);
    exit(1);
}

static void print_result(const struct submit_result *r)
{
    static const char *const words[] = {"recorded", "duplicate", "refused"};
    _cleanup_buf_ struct buf out = {0};
    struct json j = json_to(&out);

    json_open(&j, '{');
    json_kv_str(&j, "status", words[r->status]);
    if (r->status == SUBMIT_REFUSED) {
        json_kv_str(&j, "code", err_code_name(r->err.code));
        json_kv_str(&j, "field", r->err.field);
        json_kv_str(&j, "message", r->err.en);
        json_kv_str(&j, "zh", r->err.zh);
    } else {
        json_kv_int(&j, "seq", r->seq);
    }
    json_close(&j, '}');
    puts(buf_str(&out));
}

static void submit(struct driver *d, const char *event, bool keep)
{
    struct submit_result result;
    struct err err = {0};
    bool more;

    if (d->in_batch == 0 && ledger_begin(d->ledger, &err) < 0)
        die(&err);
    if (ledger_submit(d->ledger, event, strlen(event), "driver", &result, &err) < 0)
        die(&err);
    if (!keep)
        ledger_rollback(d->ledger);
    else if ((d->in_batch == 0 || --d->in_batch == 0) &&
             (ledger_commit(d->ledger, &err) < 0 ||
              store_upkeep(ledger_store(d->ledger), 0, &more, &err) < 0))
        die(&err);
    print_result(&result);
}

static void dump_walk(struct driver *d, int64_t subject, const char *name)
{
    struct touch_walk walk;
    struct err err = {0};
    struct touch t;
    int r;

    touch_walk_init(&walk, ledger_store(d->ledger), subject, NULL);
    while ((r = touch_walk_next(&t, &walk, &err)) == 1) {
        _cleanup_arena_ struct arena arena = {0};
        char id[UUID_TEXT_SIZE];
        struct row row;

        if (store_row_get(&row, &arena, walk.store, t.place.seq, &err) != 1)
            die(&err);
        printf("walk|%s|%d|%lld|%s|%d|%u|%llu|%d|%d\n", name, t.place.day, (long long)t.place.tod,
               uuid_format(id, row.id), (int)t.type, t.role, (unsigned long long)t.kinds, t.hours,
               t.out_by != 0);
    }
    if (r < 0)
        die(&err);
}

static void dump_walks(struct driver *d)
{
    sqlite3 *db = store_db(ledger_store(d->ledger));
    sqlite3_stmt *s = NULL;

    dump_walk(d, WHOLE_LEDGER, "ledger");
    if (sqlite3_prepare_v2(db, "SELECT key, kind || ref FROM subject ORDER BY 2", -1, &s, NULL) != SQLITE_OK)
        exit(1);
    while (sqlite3_step(s) == SQLITE_ROW)
        dump_walk(d, sqlite3_column_int64(s, 0), (const char *)sqlite3_column_text(s, 1));
    sqlite3_finalize(s);
}

static void dump(struct driver *d)
{
    static const char *const queries[] = {
        "SELECT 'touch', s.kind, s.ref, t.day, t.tod, hex(l.id), t.type, t.role, t.out_by != 0"
        " FROM touch t JOIN subject s ON s.key = t.subject JOIN ledger l ON l.seq = t.seq ORDER BY 2, 3, 4, 5, 6",
        "SELECT 'effect', hex(l.id), e.out_by != 0, hex(e.root) FROM effect e JOIN ledger l USING (seq) ORDER BY 2",
        "SELECT 'standing', s.kind, s.ref, t.first_day, t.last_day FROM standing t JOIN subject s"
        " ON s.key = t.subject ORDER BY 2, 3",
        "SELECT 'stint', m.ref, t.from_day, t.to_day, b.ref, t.stage, u.ref FROM stint t JOIN subject m"
        " ON m.key = t.member JOIN subject b ON b.key = t.branch LEFT JOIN subject u ON u.key = t.unit"
        " ORDER BY 2, 3, 4",
    };
    sqlite3 *db = store_db(ledger_store(d->ledger));

    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        sqlite3_stmt *s = NULL;

        if (sqlite3_prepare_v2(db, queries[i], -1, &s, NULL) != SQLITE_OK) {
            fprintf(stderr, "%s\n", sqlite3_errmsg(db));
            exit(1);
        }
        while (sqlite3_step(s) == SQLITE_ROW) {
            for (int c = 0; c < sqlite3_column_count(s); c++)
                printf("%s%s", c ? "|" : "",
                       sqlite3_column_text(s, c) ? (const char *)sqlite3_column_text(s, c) : "");
            putchar('\n');
        }
        sqlite3_finalize(s);
    }
    dump_walks(d);
    putchar('\n');
}

static void obey(struct driver *d, char *line)
{
    struct err err = {0};
    day_t day;

    if (strncmp(line, "submit ", 7) == 0)
        submit(d, line + 7, true);
    else if (strncmp(line, "try ", 4) == 0)
        submit(d, line + 4, false);
    else if (strncmp(line, "today ", 6) == 0 && day_parse(&day, line + 6, strlen(line + 6)))
        d->clock.fake_us = d->clock.last_us = zone_instant(day, 43200) * 1000000;
    else if (strcmp(line, "dump") == 0)
        dump(d);
    else if (strncmp(line, "batch ", 6) == 0) {
        d->in_batch = strtol(line + 6, NULL, 10);
        if (ledger_begin(d->ledger, &err) < 0)
            die(&err);
    } else if (strcmp(line, "rebuild") == 0) {
        if (ledger_rebuild(d->ledger, NULL, &err) < 0)
            die(&err);
    } else {
        fprintf(stderr, "ledger_driver: what is \"%s\"?\n", line);
        exit(2);
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct driver d = {0};
    struct ledger_options options = {
        .path = argc > 1 ? argv[1] : ":memory:",
        .timezone = "Asia/Shanghai",
        .transfer_valid_days = 90,
    };
    struct err err = {0};
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;

    if (zone_set(options.timezone, &err) != 0)
        die(&err);
    clock_init(&d.clock, 0);
    d.clock.fake_us = zone_instant(day_from_civil(2000, 1, 1), 43200) * 1000000;
    if (ledger_open(&d.ledger, &options, &d.clock, &err) != 0)
        die(&err);
    if (getenv("SMALL_RUNS")) /* the index in many small parts */
        store_upkeep_set(ledger_store(d.ledger), 40, 3);
    while ((len = getline(&line, &cap, stdin)) > 0) {
        if (line[len - 1] == '\n')
            line[len - 1] = '\0';
        obey(&d, line);
    }
    free(line);
    ledger_free(d.ledger);
    return 0;
}
