/* No statement of the house goes through a whole table, but for those listed here with a reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "store/store.h"

static const struct {
    const char *name, *reason;
} scans[] = {
    {"keys_all", "the keys, some hundreds at most"},
    {"kinds_all", "at most 50 kinds"},
    {"run_all", "at most 48 runs"},
    {"run_abandon", "at most 48 runs, once at start"},
    {"tail_first", "the first row of the tail by its key: one step"},
    {"row_largest_id", "the last entry of the index of ids: one step"},
    {"row_last", "the last row of the ledger by its key: one step"},
    {"notices_waiting", "what waits to be told only, by its own index"},
    {"notice_earliest", "the first of the index of what waits: one step"},
    {"message_stray", "the names given: at most 34"},
    {"alerts_count", "open alerts only, by their own index"},
    {"alert_subjects_open", "open alerts only, after a change of rules"},
};

static bool listed(const char *name)
{
    if (strncmp(name, "deep_", 5) == 0)
        return true; /* whole tables, for verify --deep alone */
    for (size_t i = 0; i < ARRAY_LEN(scans); i++)
        if (strcmp(scans[i].name, name) == 0)
            return true;
    return false;
}

/* Whether a line of a plan goes through a table or index from end to end, or sorts what it found. */
static bool is_scan(const char *line)
{
    return strncmp(line, "SCAN", 4) == 0 && strcmp(line, "SCAN CONSTANT ROW") != 0;
}

static int scans_in(struct buf *plan, sqlite3 *db, const char *text)
{
    _cleanup_buf_ struct buf sql = {0};
    sqlite3_stmt *stmt = NULL;
    int n = 0;

    buf_addf(&sql, "EXPLAIN QUERY PLAN %s", text);
    assert_int_equal(sqlite3_prepare_v2(db, buf_str(&sql), -1, &stmt, NULL), SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(stmt, 3);

        n += is_scan(line);
        buf_addf(plan, "\n    %s", line);
    }
    sqlite3_finalize(stmt);
    return n;
}

static void test_plans(void **state)
{
    struct store *store;
    struct err err = {0};
    int bad = 0;

    (void)state;
    assert_int_equal(store_open(&store, ":memory:", STORE_MEMORY, &err), 0);
    for (int i = 0; i < SQL_COUNT; i++) {
        _cleanup_buf_ struct buf plan = {0};
        int n = scans_in(&plan, store_db(store), sql_texts[i].text);

        if (n > 0 && !listed(sql_texts[i].name)) {
            print_error("%s goes through a table:%s\n", sql_texts[i].name, buf_str(&plan));
            bad++;
        }
        if (n == 0 && listed(sql_texts[i].name)) {
            print_error("%s is listed here without need\n", sql_texts[i].name);
            bad++;
        }
    }
    store_free(store);
    assert_int_equal(bad, 0);
}

/* Lists go on from a place by index: all of the place, not only its first part, and nothing to sort. */
static void test_places(void **state)
{
    struct store *store;
    struct err err = {0};
    int n = 0;

    (void)state;
    assert_int_equal(store_open(&store, ":memory:", STORE_MEMORY, &err), 0);
    for (int i = 0; i < SQL_COUNT; i++) {
        _cleanup_buf_ struct buf plan = {0};

        if (!strstr(sql_texts[i].text, "(day, tod, seq) <") || !strstr(sql_texts[i].text, "SELECT day"))
            continue;
        n++;
        assert_int_equal(scans_in(&plan, store_db(store), sql_texts[i].text), 0);
        assert_non_null(strstr(buf_str(&plan), "(day,tod,seq)<(?,?,?)"));
        assert_null(strstr(buf_str(&plan), "TEMP B-TREE"));
    }
    store_free(store);
    assert_true(n > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
