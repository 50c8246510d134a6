/* Alerts from inside the loop of a daemon: slices, faults of the store, what is passed over, and
 * taking up again. What is open when is told by the simulations (tests/sim). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "alerts/alerts.h"
#include "alerts/full.h"
#include "base/zone.h"
#include "store/store.h"

struct world {
    struct clock clock;
    struct ledger *ledger;
    struct pack *pack;
    struct alerts *alerts;
    int events;
};

static day_t since(void)
{
    return day_from_civil(2022, 1, 1);
}

static void set_day(struct world *w, int year, int month, int day)
{
    w->clock.fake_us = zone_instant(day_from_civil(year, month, day), 43200) * 1000000;
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct ledger_options options = {
        .path = ":memory:", .timezone = "Asia/Shanghai", .transfer_valid_days = 90};
    struct err err = {0};

    assert_int_equal(zone_set("Asia/Shanghai", &err), 0);
    set_day(w, 2022, 1, 1);
    assert_int_equal(ledger_open(&w->ledger, &options, &w->clock, &err), 0);
    assert_int_equal(pack_read_file(&w->pack, SOURCE_DIR "/config/rules/two-new.cfg", NULL, &err),
                     0);
    assert_int_equal(alerts_new(&w->alerts, w->ledger, w->pack, since(), &err), 0);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    alerts_free(w->alerts);
    pack_free(w->pack);
    ledger_free(w->ledger);
    free(w);
    return 0;
}

static void record(struct world *w, const char *members)
{
    struct submit_result result;
    struct err err = {0};
    char json[512];

    snprintf(json, sizeof json, "{\"id\":\"017e0000-0000-7000-8000-%012d\",%s}", ++w->events,
             members);
    assert_int_equal(ledger_begin(w->ledger, &err), 0);
    assert_int_equal(ledger_submit(w->ledger, json, strlen(json), "t", &result, &err), 0);
    if (result.status != SUBMIT_RECORDED)
        fail_msg("%s: %s", json, result.err.en);
    assert_int_equal(ledger_commit(w->ledger, &err), 0);
}

static void found(struct world *w, int branches)
{
    char json[256];

    for (int i = 0; i < branches; i++) {
        snprintf(json, sizeof json,
                 "\"type\":\"branch.founded\",\"at\":\"2021-01-01\",\"branch\":\"B-%d\","
                 "\"name\":\"b\",\"form\":\"general\",\"sector\":\"enterprise\"",
                 i);
        record(w, json);
    }
}

static int settle(struct world *w, int64_t budget_ms)
{
    struct err err = {0};
    bool done = false;
    int steps = 0;

    for (; !done; steps++)
        assert_int_equal(alerts_step(w->alerts, budget_ms, &done, &err), 0);
    assert_false(alerts_pending(w->alerts));
    assert_int_equal(alerts_lag(w->alerts), 0);
    return steps;
}

static int64_t count(struct world *w, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int64_t n;

    assert_int_equal(sqlite3_prepare_v2(store_db(ledger_store(w->ledger)), sql, -1, &s, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

static const char open_alerts[] = "SELECT count(*) FROM alert WHERE closed = 0";
static const char opened_rows[] = "SELECT count(*) FROM ledger WHERE type = 2";

static int one_more(void *ctx, const struct subject_data *subject, const struct rule *rule,
                    const struct verdict *verdict)
{
    int64_t *n = ctx;

    (void)subject;
    (void)rule;
    assert_true(verdict->open);
    (*n)++;
    return 0;
}

static void assert_as_evaluated(struct world *w)
{
    struct store *store = ledger_store(w->ledger);
    struct facts *facts = facts_new(store, ledger_kinds(w->ledger));
    struct err err = {0};
    int64_t n = 0;

    assert_int_equal(alerts_full(facts, store, w->pack, since(), clock_today(&w->clock), one_more,
                                 &n, &err),
                     0);
    assert_int_equal(n, count(w, open_alerts));
    facts_free(facts);
}

static void test_no_budget_still_gets_on(void **state)
{
    struct world *w = *state;

    assert_true(alerts_pending(w->alerts));
    settle(w, 0);
    found(w, 40);
    assert_true(alerts_pending(w->alerts));
    assert_int_equal(alerts_lag(w->alerts), 40);
    settle(w, 0);
    set_day(w, 2022, 4, 11);
    assert_true(settle(w, 0) > 1);
    assert_true(count(w, open_alerts) > 80);
    assert_as_evaluated(w);
}

static int refuse_commit(void *ctx)
{
    int *left = ctx;

    return (*left)-- > 0;
}

/* Whatever commit of an evaluation fails: nothing of it is there, and later it is all done. */
static void test_a_commit_that_fails(void **state)
{
    struct world *w = *state;
    sqlite3 *db = store_db(ledger_store(w->ledger));
    int left = 3, failed = 0;
    bool done = false;
    int64_t rows;

    found(w, 10);
    settle(w, 1000);
    set_day(w, 2022, 5, 1);
    rows = ledger_seq(w->ledger);
    sqlite3_commit_hook(db, refuse_commit, &left);
    while (!done) {
        struct err err = {0};

        if (alerts_step(w->alerts, 1000, &done, &err) == 0)
            continue;
        failed++;
        assert_int_equal(err.code, ERR_UNAVAILABLE);
        assert_int_equal(ledger_seq(w->ledger), rows);
        assert_int_equal(count(w, open_alerts), 0);
        assert_true(alerts_pending(w->alerts));
    }
    assert_int_equal(failed, 3);
    sqlite3_commit_hook(db, NULL, NULL);
    assert_int_equal(count(w, open_alerts), count(w, opened_rows));
    assert_as_evaluated(w);
}

/* A statement that fails in the middle of a slice. */
static void test_a_write_that_fails(void **state)
{
    struct world *w = *state;
    sqlite3 *db = store_db(ledger_store(w->ledger));
    struct err err = {0};
    bool done;

    found(w, 10);
    settle(w, 1000);
    set_day(w, 2022, 5, 1);
    assert_int_equal(sqlite3_exec(db,
                                  "CREATE TEMP TRIGGER stop BEFORE INSERT ON alert "
                                  "WHEN (SELECT count(*) FROM alert) > 7 "
                                  "BEGIN SELECT RAISE(ABORT, 'full'); END",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(alerts_step(w->alerts, 1000, &done, &err), -1);
    assert_false(done);
    assert_int_equal(count(w, open_alerts), 0);
    assert_int_equal(sqlite3_exec(db, "DROP TRIGGER stop", NULL, NULL, NULL), SQLITE_OK);
    settle(w, 1000);
    assert_true(count(w, open_alerts) > 0);
    assert_as_evaluated(w);
}

/* An ordinary meeting of a branch that has no alert writes nothing at all. */
static void test_ordinary_meetings_are_passed_over(void **state)
{
    struct world *w = *state;
    sqlite3 *db = store_db(ledger_store(w->ledger));
    int changes;

    found(w, 2);
    set_day(w, 2022, 1, 5);
    settle(w, 1000);
    record(w, "\"type\":\"meeting\",\"at\":\"2022-01-05\",\"branch\":\"B-0\",\"kinds\":[\"talk\"]");
    changes = sqlite3_total_changes(db);
    settle(w, 1000);
    assert_int_equal(sqlite3_total_changes(db), changes);
    /* With an alert open, it is looked at. */
    set_day(w, 2022, 4, 11);
    settle(w, 1000);
    assert_true(count(w, open_alerts) > 0);
    record(w, "\"type\":\"meeting\",\"at\":\"2022-04-11\",\"branch\":\"B-0\","
              "\"kinds\":[\"general_meeting\"]");
    changes = sqlite3_total_changes(db);
    settle(w, 1000);
    assert_true(sqlite3_total_changes(db) > changes);
    assert_as_evaluated(w);
}

/* What was recorded and not evaluated when the daemon stopped is evaluated first. */
static void test_taking_up_again(void **state)
{
    struct world *w = *state;
    struct err err = {0};
    int64_t rows;

    found(w, 3);
    set_day(w, 2022, 4, 11);
    settle(w, 1000);
    rows = ledger_seq(w->ledger);
    record(w, "\"type\":\"meeting\",\"at\":\"2022-04-11\",\"branch\":\"B-1\","
              "\"kinds\":[\"general_meeting\"]");
    alerts_free(TAKE(w->alerts));
    assert_int_equal(alerts_new(&w->alerts, w->ledger, w->pack, since(), &err), 0);
    assert_true(alerts_lag(w->alerts) >= 1);
    settle(w, 1000);
    assert_true(ledger_seq(w->ledger) > rows + 1);
    assert_as_evaluated(w);
    /* And with nothing new, nothing is written. */
    rows = ledger_seq(w->ledger);
    alerts_free(TAKE(w->alerts));
    assert_int_equal(alerts_new(&w->alerts, w->ledger, w->pack, since(), &err), 0);
    settle(w, 1000);
    assert_int_equal(ledger_seq(w->ledger), rows);
}

/* Rules that were tried for a moment and taken back: as before, but for what it wrote. */
static void test_rules_there_and_back(void **state)
{
    struct world *w = *state;
    struct err err = {0};
    bool done;

    found(w, 30);
    set_day(w, 2022, 4, 11);
    settle(w, 1000);
    assert_int_equal(
        alerts_configure(w->alerts, w->pack, day_from_civil(2022, 3, 1), &err), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(alerts_step(w->alerts, 0, &done, &err), 0);
    assert_false(done);
    /* Stopped in the middle, and started with the old rules. */
    alerts_free(TAKE(w->alerts));
    assert_int_equal(alerts_new(&w->alerts, w->ledger, w->pack, since(), &err), 0);
    settle(w, 1000);
    assert_as_evaluated(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_budget_still_gets_on, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_commit_that_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_write_that_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ordinary_meetings_are_passed_over, setup, teardown),
        cmocka_unit_test_setup_teardown(test_taking_up_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rules_there_and_back, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
