/* The ledger from its public face: identity, corrections, batches, opening, the chain, replay. What
 * makes a history possible is tested against the reference (tests/oracle). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/zone.h"
#include "ledger/chain.h"
#include "ledger/derive.h"
#include "ledger/ledger.h"
#include "ledger/ledger_rows.h"

struct world {
    char path[64];
    struct clock clock;
    struct ledger *ledger;
    struct ledger_options options;
};

static const char *const kinds[] = {"walk"};

static void set_day(struct world *w, int year, int month, int day)
{
    w->clock.fake_us = zone_instant(day_from_civil(year, month, day), 43200) * 1000000;
}

static int open_it(struct world *w, struct err *err)
{
    ledger_free(TAKE(w->ledger));
    w->clock.last_us = 0;
    return ledger_open(&w->ledger, &w->options, &w->clock, err);
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct err err = {0};
    int fd;

    strcpy(w->path, "/tmp/muster-ledger-XXXXXX");
    fd = mkstemp(w->path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(zone_set("Asia/Shanghai", &err), 0);
    clock_init(&w->clock, 0);
    set_day(w, 2023, 1, 1);
    w->options = (struct ledger_options){w->path, "Asia/Shanghai", false, 90, kinds, 1, NULL};
    assert_int_equal(open_it(w, &err), 0);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    char name[80];

    ledger_free(w->ledger);
    unlink(w->path);
    snprintf(name, sizeof name, "%s-wal", w->path);
    unlink(name);
    snprintf(name, sizeof name, "%s-shm", w->path);
    unlink(name);
    free(w);
    return 0;
}

/* Submits and commits; returns the status, and the code of a refusal. */
static enum submit_status send(struct world *w, const char *event, enum err_code *code_out)
{
    struct submit_result result;
    struct err err = {0};

    assert_int_equal(ledger_begin(w->ledger, &err), 0);
    assert_int_equal(ledger_submit(w->ledger, event, strlen(event), "tester", &result, &err), 0);
    assert_int_equal(ledger_commit(w->ledger, &err), 0);
    if (code_out)
        *code_out = result.err.code;
    if (result.status == SUBMIT_REFUSED) {
        assert_true(result.err.en[0] != '\0');
        assert_true(result.err.zh[0] != '\0');
    }
    return result.status;
}

static void record(struct world *w, const char *event)
{
    enum err_code code;

    if (send(w, event, &code) != SUBMIT_RECORDED)
        fail_msg("%s: %s", err_code_name(code), event);
}

static void refuse(struct world *w, enum err_code wanted, const char *event)
{
    int64_t before = ledger_seq(w->ledger);
    enum err_code code = ERR_NONE;

    assert_int_equal(send(w, event, &code), SUBMIT_REFUSED);
    assert_string_equal(err_code_name(code), err_code_name(wanted));
    assert_int_equal(ledger_seq(w->ledger), before);
}

static const char founded[] =
    "{\"id\":\"0185a000-0000-7000-8000-000000000001\",\"type\":\"branch.founded\",\"at\":\"2020-01-01\","
    "\"branch\":\"B-1\",\"name\":\"one\",\"form\":\"own\",\"sector\":\"enterprise\"}";
static const char meeting[] =
    "{\"id\":\"0185a000-0000-7000-8000-000000000002\",\"type\":\"meeting\",\"at\":\"2022-11-05T15:00:00+08:00\","
    "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"],\"present_count\":8}";

static void test_first_row(void **state)
{
    struct world *w = *state;

    assert_int_equal(ledger_seq(w->ledger), 1);
    assert_int_equal(ledger_events(w->ledger), 0);
    assert_int_equal(strlen(ledger_uuid(w->ledger)), 36);
}

static void test_identity(void **state)
{
    struct world *w = *state;

    record(w, founded);
    record(w, meeting);
    assert_int_equal(send(w, meeting, NULL), SUBMIT_DUPLICATE);
    assert_int_equal(send(w,
                          "{ \"present_count\": 8.0e0, \"kinds\": [\"theme_day\"], \"branch\": \"B-1\", \"title\": null,"
                          "\"at\":\"2022-11-05T15:00:00+08:00\", \"type\": \"meeting\","
                          "\"id\":\"0185a000-0000-7000-8000-000000000002\"}",
                          NULL),
                     SUBMIT_DUPLICATE);
    refuse(w, ERR_ID_CONFLICT,
           "{\"id\":\"0185a000-0000-7000-8000-000000000002\",\"type\":\"meeting\",\"at\":\"2022-11-05T15:00:00+08:00\","
           "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"],\"present_count\":9}");
    assert_int_equal(ledger_events(w->ledger), 2);
}

static void test_refused_id_stays_free(void **state)
{
    struct world *w = *state;

    refuse(w, ERR_UNKNOWN_REF, meeting);
    record(w, founded);
    record(w, meeting);
}

static void test_dates(void **state)
{
    struct world *w = *state;

    record(w, founded);
    refuse(w, ERR_IN_FUTURE,
           "{\"id\":\"0185a000-0000-7000-8000-000000000003\",\"type\":\"meeting\",\"at\":\"2023-01-02\","
           "\"branch\":\"B-1\",\"kinds\":[\"talk\"]}");
    refuse(w, ERR_TOO_OLD,
           "{\"id\":\"0185a000-0000-7000-8000-000000000003\",\"type\":\"meeting\",\"at\":\"1899-12-31\","
           "\"branch\":\"B-1\",\"kinds\":[\"talk\"]}");
    refuse(w, ERR_NOT_IN_FORCE,
           "{\"id\":\"0185a000-0000-7000-8000-000000000003\",\"type\":\"meeting\",\"at\":\"2019-12-31\","
           "\"branch\":\"B-1\",\"kinds\":[\"talk\"]}");
}

static void test_corrections(void **state)
{
    struct world *w = *state;

    record(w, founded);
    record(w, meeting);
    refuse(w, ERR_IMPOSSIBLE,
           "{\"id\":\"0185a000-0000-7000-8000-000000000004\",\"type\":\"event.voided\",\"at\":\"2022-12-01\","
           "\"event\":\"0185a000-0000-7000-8000-000000000001\",\"reason\":\"ground of the meeting\"}");
    record(w, "{\"id\":\"0185a000-0000-7000-8000-000000000005\",\"type\":\"meeting\",\"at\":\"2022-11-06\","
              "\"replaces\":\"0185a000-0000-7000-8000-000000000002\",\"branch\":\"B-1\",\"kinds\":[\"lecture\"]}");
    refuse(w, ERR_IMPOSSIBLE,
           "{\"id\":\"0185a000-0000-7000-8000-000000000006\",\"type\":\"event.voided\",\"at\":\"2022-12-01\","
           "\"event\":\"0185a000-0000-7000-8000-000000000002\",\"reason\":\"again\"}");
    record(w, "{\"id\":\"0185a000-0000-7000-8000-000000000007\",\"type\":\"event.voided\",\"at\":\"2022-12-01\","
              "\"event\":\"0185a000-0000-7000-8000-000000000005\",\"reason\":\"both out\"}");
    refuse(w, ERR_IMPOSSIBLE,
           "{\"id\":\"0185a000-0000-7000-8000-000000000008\",\"type\":\"event.voided\",\"at\":\"2022-12-01\","
           "\"event\":\"0185a000-0000-7000-8000-000000000007\",\"reason\":\"a void\"}");
    record(w, "{\"id\":\"0185a000-0000-7000-8000-000000000009\",\"type\":\"event.voided\",\"at\":\"2022-12-01\","
              "\"event\":\"0185a000-0000-7000-8000-000000000001\",\"reason\":\"nothing stands on it now\"}");
    record(w, "{\"id\":\"0185a000-0000-7000-8000-000000000010\",\"type\":\"branch.founded\",\"at\":\"2021-01-01\","
              "\"branch\":\"B-1\",\"name\":\"free again\",\"form\":\"own\",\"sector\":\"association\"}");
}

/* An exemption may outlive its subject, and be ended then. */
static void test_exemption_of_what_is_gone(void **state)
{
    struct world *w = *state;

    record(w, founded);
    record(w, "{\"id\":\"0185a000-0000-7000-8000-000000000011\",\"type\":\"exemption.granted\",\"at\":\"2022-01-01\","
              "\"exemption\":\"X-1\",\"subject\":{\"branch\":\"B-1\"},\"rules\":[\"*\"],\"until\":\"2022-12-01\",\"reason\":\"r\"}");
    record(w, "{\"id\":\"0185a000-0000-7000-8000-000000000012\",\"type\":\"branch.dissolved\",\"at\":\"2022-03-01\","
              "\"branch\":\"B-1\",\"reason\":\"dormant\"}");
    record(w, "{\"id\":\"0185a000-0000-7000-8000-000000000013\",\"type\":\"exemption.ended\",\"at\":\"2022-05-01\","
              "\"exemption\":\"X-1\"}");
    refuse(w, ERR_NOT_IN_FORCE,
           "{\"id\":\"0185a000-0000-7000-8000-000000000014\",\"type\":\"exemption.granted\",\"at\":\"2022-04-01\","
           "\"exemption\":\"X-2\",\"subject\":{\"branch\":\"B-1\"},\"rules\":[\"*\"],\"until\":\"2022-12-01\",\"reason\":\"r\"}");
}

static void test_custom_kinds(void **state)
{
    struct world *w = *state;
    struct err err = {0};
    static const char walk[] =
        "{\"id\":\"0185a000-0000-7000-8000-000000000020\",\"type\":\"meeting\",\"at\":\"2022-11-05\","
        "\"branch\":\"B-1\",\"kinds\":[\"walk\"]}";

    record(w, founded);
    record(w, walk);
    w->options.kind_count = 0;
    assert_int_equal(open_it(w, &err), 0);
    assert_int_equal(send(w, walk, NULL), SUBMIT_DUPLICATE);
    refuse(w, ERR_INVALID_VALUE,
           "{\"id\":\"0185a000-0000-7000-8000-000000000021\",\"type\":\"meeting\",\"at\":\"2022-11-05\","
           "\"branch\":\"B-1\",\"kinds\":[\"walk\"]}");
}

static void test_rollback(void **state)
{
    struct world *w = *state;
    struct submit_result result;
    struct err err = {0};

    assert_int_equal(ledger_begin(w->ledger, &err), 0);
    assert_int_equal(ledger_submit(w->ledger, founded, strlen(founded), "tester", &result, &err), 0);
    assert_int_equal(result.seq, 2);
    ledger_rollback(w->ledger);
    assert_int_equal(ledger_seq(w->ledger), 1);
    record(w, founded);
    assert_int_equal(ledger_seq(w->ledger), 2);
}

static void test_reopen(void **state)
{
    struct world *w = *state;
    struct err err = {0};
    char uuid[40];

    strcpy(uuid, ledger_uuid(w->ledger));
    record(w, founded);
    assert_int_equal(open_it(w, &err), 0);
    assert_string_equal(ledger_uuid(w->ledger), uuid);
    assert_int_equal(ledger_seq(w->ledger), 2);
    assert_int_equal(ledger_events(w->ledger), 1);
    w->options.timezone = "Europe/Berlin";
    assert_int_equal(open_it(w, &err), 1);
    assert_string_equal(err.field, "timezone");
    w->options.timezone = "Asia/Shanghai";
    w->options.rehearsal = true;
    err_clear(&err);
    assert_int_equal(open_it(w, &err), 1);
}

static void test_clock_never_goes_back(void **state)
{
    struct world *w = *state;
    struct err err = {0};
    _cleanup_arena_ struct arena arena = {0};
    struct row first, second;

    record(w, founded);
    set_day(w, 2022, 12, 1);
    record(w, meeting);
    assert_int_equal(store_row_get(&first, &arena, ledger_store(w->ledger), 2, &err), 1);
    assert_int_equal(store_row_get(&second, &arena, ledger_store(w->ledger), 3, &err), 1);
    assert_true(second.recorded_at >= first.recorded_at);
}

/* The chain as docs/ledger.md states it, computed from the rows. */
static void test_chain(void **state)
{
    struct world *w = *state;
    struct store *store = ledger_store(w->ledger);
    _cleanup_arena_ struct arena arena = {0};
    uint8_t previous[CHAIN_SIZE];
    struct err err = {0};

    record(w, founded);
    record(w, meeting);
    for (int64_t seq = 1; seq <= 3; seq++) {
        uint8_t stored[CHAIN_SIZE];
        struct row row;

        assert_int_equal(store_row_get(&row, &arena, store, seq, &err), 1);
        memcpy(stored, row.chain, CHAIN_SIZE);
        chain_link(&row, seq == 1 ? NULL : previous);
        assert_memory_equal(stored, row.chain, CHAIN_SIZE);
        memcpy(previous, row.chain, CHAIN_SIZE);
    }
}

static int64_t count(struct store *store, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int64_t n = -1;

    assert_int_equal(sqlite3_prepare_v2(store_db(store), sql, -1, &s, NULL), SQLITE_OK);
    if (sqlite3_step(s) == SQLITE_ROW)
        n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

static void test_replay(void **state)
{
    struct world *w = *state;
    struct store *then = NULL;
    struct err err = {0};

    record(w, founded);
    record(w, meeting);
    record(w, "{\"id\":\"0185a000-0000-7000-8000-000000000007\",\"type\":\"event.voided\",\"at\":\"2022-12-01\","
              "\"event\":\"0185a000-0000-7000-8000-000000000002\",\"reason\":\"wrong\"}");
    assert_int_equal(count(ledger_store(w->ledger), "SELECT count(*) FROM effect WHERE out_by"), 1);
    assert_int_equal(ledger_replay(&then, ledger_store(w->ledger), ledger_kinds(w->ledger), 3, NULL, &err), 0);
    assert_int_equal(count(then, "SELECT count(*) FROM ledger"), 3);
    assert_int_equal(count(then, "SELECT count(*) FROM effect WHERE out_by"), 0);
    store_free(then);
    err_clear(&err);
    assert_int_equal(ledger_replay(&then, ledger_store(w->ledger), ledger_kinds(w->ledger), 9, NULL, &err), -1);
}

static void test_newer_schema(void **state)
{
    struct world *w = *state;
    struct err err = {0};

    sqlite3_exec(store_db(ledger_store(w->ledger)), "PRAGMA user_version = 99", NULL, NULL, NULL);
    assert_int_equal(open_it(w, &err), 1);
    assert_non_null(strstr(err.en, "newer"));
}

#define UNDO_VERSION_4 "DROP TABLE notice; DROP TABLE message; DROP TABLE notice_watch; DROP TABLE heard; "

/* As version 2 left it. */
static const char undo_version_3[] = UNDO_VERSION_4 "DROP TABLE about; ALTER TABLE run DROP COLUMN first_day;"
                                     "ALTER TABLE run DROP COLUMN last_day; PRAGMA user_version = 2";

static void test_older_schema(void **state)
{
    struct world *w = *state;
    struct err err = {0};

    assert_int_equal(count(ledger_store(w->ledger), "SELECT count(*) FROM meta WHERE name = 'rebuild_due'"), 0);
    record(w, founded);
    record(w, meeting);
    assert_int_equal(sqlite3_exec(store_db(ledger_store(w->ledger)), undo_version_3, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(open_it(w, &err), 0);
    assert_int_equal(count(ledger_store(w->ledger), "SELECT count(*) FROM about"), 1);
    assert_int_equal(count(ledger_store(w->ledger), "SELECT value = '0' FROM meta WHERE name = 'rebuild_due'"), 1);
}

/* Version 4 only adds what does not follow from the ledger: a large one need not be replayed for it. */
static void test_a_schema_beside_the_ledger(void **state)
{
    struct world *w = *state;
    struct err err = {0};

    record(w, founded);
    assert_int_equal(sqlite3_exec(store_db(ledger_store(w->ledger)),
                                  UNDO_VERSION_4 "DELETE FROM standing; PRAGMA user_version = 3", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(open_it(w, &err), 0);
    assert_int_equal(count(ledger_store(w->ledger), "SELECT count(*) FROM standing"), 0);
    assert_int_equal(count(ledger_store(w->ledger), "SELECT count(*) FROM notice"), 0);
}

/* The power failed between the new schema and the replay. */
static void test_rebuild_is_not_forgotten(void **state)
{
    struct world *w = *state;
    struct err err = {0};

    record(w, founded);
    assert_int_equal(count(ledger_store(w->ledger), "SELECT count(*) FROM standing"), 1);
    assert_int_equal(sqlite3_exec(store_db(ledger_store(w->ledger)),
                                  "DELETE FROM standing; INSERT OR REPLACE INTO meta VALUES ('rebuild_due', '1')", NULL, NULL,
                                  NULL), SQLITE_OK);
    assert_int_equal(open_it(w, &err), 0);
    assert_int_equal(count(ledger_store(w->ledger), "SELECT count(*) FROM standing"), 1);
    assert_int_equal(sqlite3_exec(store_db(ledger_store(w->ledger)), "DELETE FROM standing", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(open_it(w, &err), 0); /* only once */
    assert_int_equal(count(ledger_store(w->ledger), "SELECT count(*) FROM standing"), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_first_row),    TEST(test_identity),  TEST(test_refused_id_stays_free),
        TEST(test_dates),        TEST(test_corrections), TEST(test_custom_kinds), TEST(test_exemption_of_what_is_gone),
        TEST(test_rollback),     TEST(test_reopen),    TEST(test_clock_never_goes_back),
        TEST(test_chain),        TEST(test_replay),    TEST(test_newer_schema),
        TEST(test_older_schema), TEST(test_rebuild_is_not_forgotten), TEST(test_a_schema_beside_the_ledger),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
