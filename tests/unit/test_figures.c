/* figures: what counts and what does not, on small ledgers made for it. tests/oracle compares the whole. */
#include <sqlite3.h>

#include "query_stage.h"
#include "report/figures.h"

/* The value of one figure of the whole list: -1 for null, -2 where it is not listed. */
static double value_in(json_t *reply, const char *name)
{
    json_t *rows = json_object_get(reply, "rows"), *row;
    double found = -2;
    size_t i;

    json_array_foreach(rows, i, row)
    {
        json_t *value = json_object_get(row, "value");

        if (strcmp(json_string_value(json_object_get(row, "figure")), name) != 0 ||
            json_object_get(row, "alliance"))
            continue;
        assert_true(found == -2);
        found = json_is_null(value) ? -1 : json_number_value(value);
    }
    return found;
}

static void expect(struct stage *s, const char *name, double wanted, const char *body)
{
    json_t *reply = stage_ask(s, "figures", "%s", body);
    double got = value_in(reply, name);

    json_decref(reply);
    if (got != wanted)
        fail_msg("%s of %s is %g, not %g", name, body, got, wanted);
}

static void test_rounding(void **state)
{
    static const struct {
        int64_t part, whole, wanted;
    } cases[] = {{1, 3, 3330}, {2, 3, 6670}, {1, 8, 1250}, {1, 16, 630}, {3, 80, 380}, {1, 2000, 10}, {0, 5, 0},
                 {7, 7, 10000}, {9, 4, 22500}};
    struct figure figure = {.kind = FIGURE_PERCENT};
    int64_t value;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct figure_items items = {.part = cases[i].part, .whole = cases[i].whole};

        assert_true(figure_value(&value, &figure, &items));
        assert_int_equal(value, cases[i].wanted);
    }
    assert_false(figure_value(&value, &figure, &(struct figure_items){.part = 0, .whole = 0}));
}

static void test_day(void **state)
{
    struct stage *s = *state;
    json_t *reply;

    stage_day(s, "2022-06-30");
    stage_people(s);
    reply = stage_ask(s, "figures", "{}");
    assert_string_equal(json_string_value(json_object_get(reply, "day")), "2022-06-30");
    assert_int_equal(json_integer_value(json_object_get(reply, "year")), 2022);
    json_decref(reply);
    reply = stage_ask(s, "figures", "{\"year\":2021}");
    assert_string_equal(json_string_value(json_object_get(reply, "day")), "2021-12-31");
    json_decref(reply);
    reply = stage_ask(s, "figures", "{\"as_of\":\"2021-03-01\"}");
    assert_int_equal(json_integer_value(json_object_get(reply, "year")), 2021);
    json_decref(reply);
    stage_refused(s, ERR_MALFORMED, "as_of", "figures", "{\"year\":2021,\"as_of\":\"2022-01-01\"}");
    stage_refused(s, ERR_MALFORMED, "year", "figures", "{\"year\":2023}");
    stage_refused(s, ERR_MALFORMED, "denominator", "figures", "{\"denominator\":\"all\"}");
    stage_refused(s, ERR_MALFORMED, "check", "figures", "{\"check\":true,\"explain\":\"units.total\"}");
    stage_refused(s, ERR_UNKNOWN_REF, "branch", "figures", "{\"branch\":\"B-9\"}");
    assert_string_equal(
        stage_refused(s, ERR_MALFORMED, "explain", "figures", "{\"explain\":\"unit.total\"}").hint, "units.total");
}

static void test_registers(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "unit.closed", "2022-12-31", "\"unit\":\"U-3\"");
    expect(s, "units.total", 2, "{\"year\":2022}");
    expect(s, "units.total", 3, "{\"as_of\":\"2022-12-30\"}");
    expect(s, "units.total", 1, "{\"year\":2022,\"area\":\"450102\"}");
    expect(s, "units.total", 0, "{\"year\":2022,\"area\":\"450109\"}");
    expect(s, "coverage.enterprise", 100, "{\"year\":2022}");
    expect(s, "coverage.enterprise", 66.7, "{\"as_of\":\"2022-12-30\"}");
    expect(s, "own_rate.enterprise", 50, "{\"year\":2022}");
    expect(s, "coverage.association", -1, "{\"year\":2022}");
    expect(s, "coverage.enterprise", -1, "{\"year\":2022,\"denominator\":\"eligible\"}");
    stage_record(s, "unit.changed", "2022-06-01", "\"unit\":\"U-2\",\"eligible\":true,\"above_scale\":true");
    expect(s, "coverage.enterprise", 100, "{\"year\":2022,\"denominator\":\"eligible\"}");
    expect(s, "own_rate.enterprise", 0, "{\"year\":2022,\"denominator\":\"above_scale\"}");
    expect(s, "full_members.total", 4, "{\"year\":2022}");
    expect(s, "full_members.association", 1, "{\"year\":2022}");
    expect(s, "probationary.total", 1, "{\"year\":2022,\"branch\":\"B-2\"}");
    expect(s, "branches.total", 1, "{\"year\":2022,\"sector\":\"association\"}");
    expect(s, "branches.enterprise", -2, "{\"year\":2022,\"sector\":\"association\"}");
}

/* An event counts where and when it is dated; corrections act for every day, but not for what was known. */
static void test_events(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "meeting", "2022-05-01",
                 "\"branch\":\"B-1\",\"with\":[\"B-2\"],\"kinds\":[\"lecture\",\"theme_day\"],"
                 "\"present\":[\"M-1\",\"M-4\"],\"present_count\":7");
    expect(s, "meetings.total", 1, "{\"year\":2022}");
    expect(s, "meetings.lecture", 1, "{\"year\":2022}");
    expect(s, "meetings.theme_day", 1, "{\"year\":2022,\"branch\":\"B-2\"}");
    expect(s, "meetings.talk", -2, "{\"year\":2022}");
    expect(s, "meetings.attendances", 7, "{\"year\":2022}");
    expect(s, "meetings.total", 0, "{\"year\":2022,\"area\":\"450102\"}");
    expect(s, "meetings.total", 0, "{\"as_of\":\"2022-04-30\"}");
    expect(s, "meetings.total", 0, "{\"year\":2021}");
    stage_record(s, "meeting", "2021-12-31", "\"replaces\":\"%s\",\"branch\":\"B-1\",\"kinds\":[\"lecture\"]",
                 s->last_id);
    expect(s, "meetings.total", 0, "{\"year\":2022}");
    expect(s, "meetings.lecture", 1, "{\"year\":2021}");
    expect(s, "meetings.attendances", 0, "{\"year\":2021}");
    stage_record(s, "event.voided", "2023-01-01", "\"event\":\"%s\",\"reason\":\"twice\"", s->last_id);
    expect(s, "meetings.total", 0, "{\"year\":2021}");
}

static void test_known_on(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "meeting", "2022-05-01", "\"branch\":\"B-1\",\"kinds\":[\"lecture\"]");
    stage_day(s, "2023-02-01");
    stage_record(s, "event.voided", "2023-02-01", "\"event\":\"%s\",\"reason\":\"twice\"", s->last_id);
    stage_record(s, "meeting", "2022-07-01", "\"branch\":\"B-1\",\"kinds\":[\"talk\"]");
    expect(s, "meetings.lecture", 1, "{\"year\":2022,\"known_on\":\"2023-01-31\"}");
    expect(s, "meetings.total", 1, "{\"year\":2022,\"known_on\":\"2023-01-31\"}");
    expect(s, "meetings.talk", 1, "{\"year\":2022}");
    expect(s, "meetings.lecture", -2, "{\"year\":2022}");
}

static void test_trainings(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "training", "2022-05-01",
                 "\"title\":\"t\",\"hours\":1.25,\"branch\":\"B-1\",\"with\":[\"B-2\"],\"present\":[\"M-1\",\"M-4\"]");
    stage_record(s, "training", "2022-06-01", "\"title\":\"t\",\"hours\":2,\"present_count\":10");
    stage_record(s, "training", "2022-07-01", "\"title\":\"t\",\"hours\":3,\"branch\":\"B-1\"");
    stage_record(s, "member.left", "2022-08-01", "\"member\":\"M-4\",\"reason\":\"died\"");
    expect(s, "training.sessions", 3, "{\"year\":2022}");
    expect(s, "training.sessions", 1, "{\"year\":2022,\"branch\":\"B-2\"}");
    expect(s, "training.sessions", 2, "{\"year\":2022,\"area\":\"4501\"}");
    expect(s, "training.attendances", 12, "{\"year\":2022}");
    expect(s, "training.hours", 22.5, "{\"year\":2022}");
    expect(s, "training.people", 2, "{\"year\":2022}");
    expect(s, "training.reach", 25, "{\"year\":2022}");
    expect(s, "training.reach", 0, "{\"year\":2022,\"branch\":\"B-2\"}");
    expect(s, "training.reach", 40, "{\"as_of\":\"2022-07-31\"}");
}

/* theme-day of the stage's pack: every month, for branches that are no general branch. */
static void test_duties(void **state)
{
    struct stage *s = *state;
    json_t *reply, *rows;

    stage_people(s);
    stage_record(s, "meeting", "2022-03-31", "\"branch\":\"B-1\",\"with\":[\"B-2\"],\"kinds\":[\"theme_day\"]");
    stage_record(s, "exemption.granted", "2022-02-01",
                 "\"exemption\":\"X-1\",\"subject\":{\"branch\":\"B-2\"},\"rules\":[\"*\"],\"until\":\"2022-02-28\","
                 "\"reason\":\"flood\"");
    expect(s, "duty.theme-day", 8.7, "{\"year\":2022}");                      /* 2 of 23 */
    expect(s, "duty.theme-day", 40, "{\"as_of\":\"2022-03-31\"}");            /* grace or not: 2 of 5 */
    expect(s, "duty.theme-day", 0, "{\"as_of\":\"2022-03-30\"}");             /* March has not ended */
    expect(s, "duty.theme-day", 50, "{\"as_of\":\"2022-03-31\",\"branch\":\"B-2\"}");
    expect(s, "duty.theme-day", -1, "{\"year\":2021}");                       /* before tracking */
    reply = stage_ask(s, "figures", "{\"as_of\":\"2022-03-31\",\"branch\":\"B-2\",\"explain\":\"duty.theme-day\"}");
    rows = json_object_get(reply, "rows");
    assert_int_equal(json_array_size(rows), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "period")), "2022-01");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(rows, 0), "part")), 0);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(rows, 1), "part")), 1);
    json_decref(reply);
}

static void test_alliances_and_offices(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "unit.changed", "2022-01-01", "\"unit\":\"U-1\",\"staff\":10");
    stage_record(s, "unit.changed", "2022-01-01", "\"unit\":\"U-3\",\"staff\":5,\"sector\":\"association\"");
    stage_record(s, "alliance.formed", "2022-02-01",
                 "\"alliance\":\"A-1\",\"name\":\"one\",\"branches\":[\"B-1\"],\"units\":[\"U-3\"]");
    stage_record(s, "alliance.formed", "2022-02-01", "\"alliance\":\"A-2\",\"name\":\"two\",\"branches\":[\"B-2\"]");
    stage_record(s, "office.taken", "2022-01-01",
                 "\"body\":\"W\",\"office\":\"deputy_secretary\",\"person\":\"p\"");
    stage_record(s, "office.taken", "2022-01-01",
                 "\"body\":\"X\",\"office\":\"deputy_secretary\",\"person\":\"p\"");
    stage_record(s, "office.taken", "2022-01-01", "\"body\":\"W\",\"office\":\"secretary\",\"person\":\"q\"");
    expect(s, "alliance.members", 5, "{\"year\":2022}");
    expect(s, "alliance.enterprises", 2, "{\"year\":2022}");
    expect(s, "alliance.staff", 15, "{\"year\":2022}");
    expect(s, "alliance.members", -2, "{\"year\":2022,\"area\":\"45\"}");
    expect(s, "offices.deputies", 2, "{\"year\":2022}");
    expect(s, "offices.deputies", -2, "{\"year\":2022,\"sector\":\"enterprise\"}");
    json_decref(stage_ask(s, "figures", "{\"year\":2022,\"explain\":\"alliance.staff/A-2\"}"));
    stage_record(s, "office.left", "2022-12-31", "\"body\":\"X\",\"office\":\"deputy_secretary\",\"person\":\"p\"");
    stage_record(s, "alliance.left", "2022-12-31", "\"alliance\":\"A-1\",\"branch\":\"B-1\"");
    stage_record(s, "alliance.left", "2022-12-31", "\"alliance\":\"A-1\",\"unit\":\"U-3\"");
    expect(s, "offices.deputies", 1, "{\"year\":2022}");
    expect(s, "alliance.members", 2, "{\"year\":2022}");
    expect(s, "alliance.staff", 10, "{\"year\":2022}");
}

static void test_roll(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "member.admitted", "2022-03-01",
                 "\"member\":\"M-6\",\"name\":\"six\",\"branch\":\"B-1\",\"stage\":\"probationary\",\"new\":true");
    stage_record(s, "member.left", "2022-03-01", "\"member\":\"M-6\",\"reason\":\"other\"");
    stage_record(s, "transfer.received", "2022-04-01",
                 "\"transfer\":\"T-1\",\"from_name\":\"far\",\"member\":\"M-7\",\"name\":\"seven\",\"stage\":\"full\","
                 "\"branch\":\"B-2\"");
    stage_record(s, "transfer.issued", "2022-05-01", "\"transfer\":\"T-2\",\"member\":\"M-1\",\"to_name\":\"far\"");
    stage_record(s, "transfer.received", "2022-05-03", "\"transfer\":\"T-2\"");
    stage_record(s, "transfer.issued", "2022-05-01", "\"transfer\":\"T-3\",\"member\":\"M-2\",\"to\":\"B-2\"");
    stage_record(s, "transfer.received", "2022-05-04", "\"transfer\":\"T-3\"");
    stage_record(s, "branch.changed", "2022-06-01", "\"branch\":\"B-2\",\"sector\":\"enterprise\"");
    expect(s, "roll.opening", 5, "{\"year\":2022}");
    expect(s, "roll.admitted", 1, "{\"year\":2022}");
    expect(s, "roll.gone", 1, "{\"year\":2022}");
    expect(s, "roll.received", 1, "{\"year\":2022}");
    expect(s, "roll.sent", 1, "{\"year\":2022}");
    expect(s, "roll.closing", 5, "{\"year\":2022}");
    expect(s, "roll.moved_in", -2, "{\"year\":2022}");
    expect(s, "mobile.within", 1, "{\"year\":2022}");
    expect(s, "mobile.turnover", 80, "{\"year\":2022}");
    expect(s, "roll.moved_in", 4, "{\"year\":2022,\"sector\":\"enterprise\"}"); /* B-2 with M-2, M-4, M-5, M-7 */
    expect(s, "roll.moved_out", 1, "{\"year\":2022,\"sector\":\"enterprise\"}");
    expect(s, "roll.closing", 0, "{\"year\":2022,\"sector\":\"association\"}");
    expect(s, "roll.moved_in", 1, "{\"year\":2022,\"branch\":\"B-2\"}");
    expect(s, "mobile.within", 1, "{\"year\":2022,\"branch\":\"B-2\"}");
    expect(s, "mobile.within", 0, "{\"year\":2022,\"branch\":\"B-1\"}");
    expect(s, "roll.moved_out", 1, "{\"year\":2022,\"area\":\"450101\"}");
    expect(s, "admitted.enterprise", 1, "{\"year\":2022,\"branch\":\"B-1\"}");
}

static json_t *checked(struct stage *s, bool holds)
{
    json_t *reply = stage_ask(s, "figures", "{\"year\":2022,\"check\":true}");

    assert_true(json_is_boolean(json_object_get(reply, "holds")));
    assert_int_equal(json_is_true(json_object_get(reply, "holds")), holds);
    return reply;
}

/* The register of stints is derived; here somebody has put a hand to it. */
static void tamper(struct stage *s, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_check(void **state)
{
    struct stage *s = *state;
    json_t *reply, *broken;

    stage_people(s);
    stage_record(s, "member.moved", "2022-03-01", "\"member\":\"M-1\",\"branch\":\"B-2\"");
    stage_record(s, "member.left", "2022-04-01", "\"member\":\"M-2\",\"reason\":\"died\"");
    reply = checked(s, true);
    assert_int_equal(json_array_size(json_object_get(reply, "rows")), 1 + 2 + 2 + 2);
    json_decref(reply);
    reply = stage_ask(s, "figures", "{\"year\":2022,\"check\":true,\"area\":\"45\"}");
    assert_int_equal(json_array_size(json_object_get(reply, "rows")), 1 + 2 + 2 + 2 + 1);
    json_decref(reply);

    tamper(s, "DELETE FROM stint WHERE member = (SELECT key FROM subject WHERE kind = 1 AND ref = 'M-1') "
              "AND to_day = 2147483647");
    reply = checked(s, false);
    broken = json_object_get(reply, "broken");
    assert_int_equal(json_array_size(broken), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(broken, 0), "member")), "M-1");
    assert_string_equal(json_string_value(json_object_get(json_array_get(broken, 0), "on")), "2022-03-01");
    assert_true(*json_string_value(json_object_get(json_array_get(broken, 0), "why")));
    assert_true(json_is_false(
        json_object_get(json_array_get(json_object_get(reply, "rows"), 0), "balances")));
    json_decref(reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounding),
        cmocka_unit_test_setup_teardown(test_day, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_registers, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_events, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_known_on, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_trainings, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_duties, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_alliances_and_offices, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_roll, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_check, stage_setup, stage_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
