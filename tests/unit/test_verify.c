/* Whatever is done to a small ledger behind its back is found, and the row named: every byte of every row flipped, every row taken
 * out, put in twice, exchanged with every other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/zone.h"
#include "ledger/ledger.h"
#include "proof/verify.h"

enum { PATH_SIZE = 64 };

struct world {
    char path[PATH_SIZE];
    struct clock clock;
    struct store *store; /* a reader's */
    sqlite3 *db;         /* the other program's */
    int rows;
};

static const char *const events[] = {
    "'type':'unit.registered','at':'2022-01-02','unit':'U-1','name':'u','sector':'enterprise'",
    "'type':'branch.founded','at':'2022-01-03','branch':'B-1','name':'b','form':'own','sector':'enterprise','units':['U-1']",
    "'type':'member.admitted','at':'2022-01-04','member':'M-1','name':'甲','branch':'B-1','stage':'full','new':false",
    "'type':'member.admitted','at':'2022-01-04','member':'M-2','name':'乙','branch':'B-1','stage':'full','new':false",
    "'type':'meeting','at':'2022-02-04T15:00:00+08:00','branch':'B-1','kinds':['theme_day'],'present':['M-1'],'title':'t'",
    "'type':'contact','at':'2022-02-05','member':'M-2','channel':'phone','note':'well'",
    "'type':'event.redacted','at':'2022-02-06','event':'01860000-0000-7000-8000-000000000005'",
    "'type':'member.converted','at':'2022-03-01','member':'M-1'",
    "'type':'meeting','at':'2022-03-04','branch':'B-1','kinds':['lecture'],'present_count':2,'extra':{'a':1}",
};

static void record(struct ledger *ledger, size_t i)
{
    char json[512];
    struct submit_result result;
    struct err err = {0};
    int n = snprintf(json, sizeof json, "{'id':'01860000-0000-7000-8000-0000000000%02zu',%s}", i + 1, events[i]);

    for (char *p = json; *p; p++)
        if (*p == '\'')
            *p = '"';
    assert_int_equal(ledger_begin(ledger, &err), 0);
    assert_int_equal(ledger_submit(ledger, json, (size_t)n, "tester", &result, &err), 0);
    assert_int_equal(ledger_commit(ledger, &err), 0);
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct ledger_options options = {w->path, "Asia/Shanghai", false, 90, NULL, 0, NULL};
    struct ledger *ledger;
    struct err err = {0};
    int fd;

    strcpy(w->path, "/tmp/muster-verify-XXXXXX");
    fd = mkstemp(w->path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(zone_set("Asia/Shanghai", &err), 0);
    clock_init(&w->clock, 0);
    w->clock.fake_us = zone_instant(day_from_civil(2023, 1, 1), 0) * 1000000;
    assert_int_equal(ledger_open(&ledger, &options, &w->clock, &err), 0);
    for (size_t i = 0; i < ARRAY_LEN(events); i++)
        record(ledger, i);
    w->rows = (int)ledger_seq(ledger);
    ledger_free(ledger);
    assert_int_equal(store_open(&w->store, w->path, STORE_READ, &err), 0);
    assert_int_equal(sqlite3_open(w->path, &w->db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(w->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL), SQLITE_OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    struct world *w = *state;

    store_free(w->store);
    sqlite3_close(w->db);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char name[PATH_SIZE + 8];

        snprintf(name, sizeof name, "%s%s", w->path, ends[i]);
        unlink(name);
    }
    free(w);
    return 0;
}

static struct misfit verify(struct world *w)
{
    static const uint8_t nothing[CHAIN_SIZE];
    _cleanup_verification_ struct verification *v = verification_new(w->store, 0, nothing);
    enum walk_result how = WALK_GOES_ON;
    struct err err = {0};

    while (how == WALK_GOES_ON)
        assert_int_equal(verification_slice(&how, v, 0, &err), 0);
    if (how == WALK_FITS)
        assert_int_equal(chain_walk_seq(verification_walk(v)), w->rows);
    return how == WALK_FITS ? (struct misfit){0} : *chain_walk_misfit(verification_walk(v));
}

static void run(struct world *w, const char *format, ...) PRINTF_LIKE(2, 3);
static void run(struct world *w, const char *format, ...)
{
    char sql[512];
    va_list args;

    va_start(args, format);
    vsnprintf(sql, sizeof sql, format, args);
    va_end(args);
    if (sqlite3_exec(w->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(w->db));
}

static void expect(struct world *w, enum misfit_kind kind, int64_t row, const char *what)
{
    struct misfit found = verify(w);

    if (found.kind != kind || found.row != row)
        fail_msg("%s: row %lld is said to be %s, not row %lld %s", what, (long long)found.row, misfit_name(found.kind),
                 (long long)row, misfit_name(kind));
}

static void set_bytes(struct world *w, const char *column, int row, bool text, const void *bytes, int len)
{
    char sql[128];
    sqlite3_stmt *s;

    snprintf(sql, sizeof sql, "UPDATE ledger SET %s = ?1 WHERE seq = %d", column, row);
    assert_int_equal(sqlite3_prepare_v2(w->db, sql, -1, &s, NULL), SQLITE_OK);
    if (text)
        sqlite3_bind_text(s, 1, bytes, len, SQLITE_STATIC);
    else
        sqlite3_bind_blob(s, 1, bytes, len, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(s), SQLITE_DONE);
    sqlite3_finalize(s);
}

static uint8_t *get_bytes(struct world *w, const char *column, int row, int *len_out)
{
    char sql[128];
    uint8_t *bytes = NULL;
    sqlite3_stmt *s;

    snprintf(sql, sizeof sql, "SELECT %s FROM ledger WHERE seq = %d", column, row);
    assert_int_equal(sqlite3_prepare_v2(w->db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    *len_out = sqlite3_column_bytes(s, 0);
    if (*len_out) {
        bytes = malloc((size_t)*len_out);
        memcpy(bytes, sqlite3_column_blob(s, 0), (size_t)*len_out);
    }
    sqlite3_finalize(s);
    return bytes;
}

static int flip_each(struct world *w, const char *column, int row, bool text)
{
    int len, flipped = 0;
    uint8_t *bytes = get_bytes(w, column, row, &len);

    for (int i = 0; i < len; i++, flipped++) {
        uint8_t was = bytes[i];
        char what[80];

        bytes[i] ^= (uint8_t)(1 << (i % 8));
        set_bytes(w, column, row, text, bytes, len);
        snprintf(what, sizeof what, "byte %d of %s of row %d", i, column, row);
        expect(w, MISFIT_CHANGED, row, what);
        bytes[i] = was;
    }
    if (len)
        set_bytes(w, column, row, text, bytes, len);
    free(bytes);
    return flipped;
}

static void test_every_byte(void **state)
{
    static const char *const texts[] = {"recorded_by", "body", "personal"}, *const blobs[] = {"id", "salt", "seal", "chain"};
    struct world *w = *state;
    int flipped = 0;

    expect(w, MISFIT_NONE, 0, "nothing");
    for (int row = 1; row <= w->rows; row++) {
        for (size_t i = 0; i < ARRAY_LEN(texts); i++)
            flipped += flip_each(w, texts[i], row, true);
        for (size_t i = 0; i < ARRAY_LEN(blobs); i++)
            flipped += flip_each(w, blobs[i], row, false);
    }
    assert_true(flipped > 2000);
    expect(w, MISFIT_NONE, 0, "put back");
}

static void test_every_number(void **state)
{
    static const char *const columns[] = {"recorded_at", "flags", "type"};
    struct world *w = *state;

    for (int row = 1; row <= w->rows; row++)
        for (size_t i = 0; i < ARRAY_LEN(columns); i++)
            for (int bit = 0; bit < 63; bit++) {
                run(w, "UPDATE ledger SET %s = (%s | (1 << %d)) - (%s & (1 << %d)) WHERE seq = %d", columns[i], columns[i], bit,
                    columns[i], bit, row);
                expect(w, MISFIT_CHANGED, row, columns[i]);
                run(w, "UPDATE ledger SET %s = (%s | (1 << %d)) - (%s & (1 << %d)) WHERE seq = %d", columns[i], columns[i], bit,
                    columns[i], bit, row);
            }
    expect(w, MISFIT_NONE, 0, "put back");
}

/* As it was before. */
static void again(struct world *w)
{
    run(w, "DELETE FROM ledger");
    run(w, "INSERT INTO ledger SELECT * FROM temp.kept");
}

static void test_rows(void **state)
{
    struct world *w = *state;

    run(w, "CREATE TEMP TABLE kept AS SELECT * FROM ledger");
    for (int row = 1; row <= w->rows; row++) {
        run(w, "DELETE FROM ledger WHERE seq = %d", row);
        expect(w, MISFIT_MISSING, row, "deleted");
        again(w);
        if (row < w->rows - 1) { /* of the last but one, what moves up has nothing behind it that would tell */
            run(w, "DELETE FROM ledger WHERE seq = %d", row);
            run(w, "UPDATE ledger SET seq = -seq WHERE seq > %d", row);
            run(w, "UPDATE ledger SET seq = -seq - 1 WHERE seq < 0");
            expect(w, MISFIT_MISSING, row, "deleted, the others moved up");
            again(w);
        }
        run(w, "UPDATE ledger SET seq = -seq WHERE seq >= %d", row);
        run(w, "UPDATE ledger SET seq = -seq + 1 WHERE seq < 0");
        run(w, "INSERT INTO ledger SELECT %d, randomblob(16), recorded_at, 'x', type, flags, body, personal, salt, seal, randomblob(32) "
               "FROM temp.kept WHERE seq = 2", row);
        expect(w, MISFIT_INSERTED, row, "inserted");
        again(w);
        for (int other = row + 1; other <= w->rows; other++) {
            run(w, "UPDATE ledger SET seq = -1 WHERE seq = %d", row);
            run(w, "UPDATE ledger SET seq = %d WHERE seq = %d", row, other);
            run(w, "UPDATE ledger SET seq = %d WHERE seq = -1", other);
            expect(w, MISFIT_REORDERED, row, "exchanged");
            again(w);
        }
    }
    run(w, "INSERT INTO ledger SELECT %d, randomblob(16), recorded_at, 'x', type, flags, body, personal, salt, seal, randomblob(32) "
           "FROM temp.kept WHERE seq = 2", w->rows + 1);
    expect(w, MISFIT_INSERTED, w->rows + 1, "added at the end");
    again(w);
    run(w, "DELETE FROM ledger");
    expect(w, MISFIT_MISSING, 1, "everything");
    again(w);
    expect(w, MISFIT_NONE, 0, "put back");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_byte, setup, teardown),
        cmocka_unit_test_setup_teardown(test_every_number, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
