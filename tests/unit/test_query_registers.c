/* list and show: registers as they were on a day. */
#include "query_stage.h"

static void expect(struct stage *s, const char *body, const char *member, const char *values)
{
    json_t *reply = stage_ask(s, "list", "%s", body);

    if (strcmp(stage_column(reply, member), values) != 0)
        fail_msg("%s: %s, not %s", body, stage_column(reply, member), values);
    json_decref(reply);
}

/* The row as text, keys in the order written. */
static void expect_row(json_t *row, const char *text)
{
    char *got = json_dumps(row, JSON_COMPACT | JSON_PRESERVE_ORDER);

    assert_string_equal(got, text);
    free(got);
}

static void expect_first(struct stage *s, const char *body, const char *text)
{
    json_t *reply = stage_ask(s, "list", "%s", body);

    expect_row(json_array_get(json_object_get(reply, "rows"), 0), text);
    json_decref(reply);
}

static void test_branches(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "branch.rated", "2022-02-01", "\"branch\":\"B-2\",\"cycle\":2021,\"stars\":4");
    stage_record(s, "branch.founded", "2022-05-01",
                 "\"branch\":\"B-3\",\"name\":\"three\",\"form\":\"own\",\"sector\":\"enterprise\"");
    stage_record(s, "branch.dissolved", "2022-06-01", "\"branch\":\"B-3\",\"reason\":\"dormant\"");
    expect_first(s, "{\"what\":\"branches\"}",
                 "{\"branch\":\"B-1\",\"name\":\"one\",\"form\":\"own\",\"sector\":\"enterprise\","
                 "\"area\":\"450101\",\"units\":[\"U-1\"],\"committee\":false,\"groups\":0,"
                 "\"term_ends\":\"2024-02-28\",\"members\":3,\"full_members\":3,\"founded\":\"2020-01-02\"}");
    expect_first(s, "{\"what\":\"branches\",\"branch\":\"B-2\",\"as_of\":\"2022-02-01\"}",
                 "{\"branch\":\"B-2\",\"name\":\"two\",\"form\":\"joint\",\"sector\":\"association\","
                 "\"area\":\"450102\",\"units\":[\"U-1\",\"U-2\"],\"committee\":true,\"groups\":0,"
                 "\"stars\":4,\"members\":2,\"full_members\":1,\"founded\":\"2020-01-02\"}");
    expect(s, "{\"what\":\"branches\"}", "branch", "B-1 B-2");
    expect(s, "{\"what\":\"branches\",\"all\":true}", "branch", "B-1 B-2 B-3");
    expect(s, "{\"what\":\"branches\",\"all\":true}", "dissolved", "- - 2022-06-01");
    expect(s, "{\"what\":\"branches\",\"as_of\":\"2022-05-31\"}", "branch", "B-1 B-2 B-3");
    expect(s, "{\"what\":\"branches\",\"as_of\":\"2022-06-01\"}", "branch", "B-1 B-2");
    expect(s, "{\"what\":\"branches\",\"as_of\":\"2022-04-30\",\"all\":true}", "branch", "B-1 B-2");
    expect(s, "{\"what\":\"branches\",\"area\":\"45010\"}", "branch", "B-1 B-2");
    expect(s, "{\"what\":\"branches\",\"area\":\"450102\"}", "branch", "B-2");
    expect(s, "{\"what\":\"branches\",\"sector\":\"enterprise\"}", "branch", "B-1");
    expect(s, "{\"what\":\"branches\",\"as_of\":\"2019-12-31\"}", "branch", "");
}

static void test_members(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "member.away", "2022-03-03",
                 "\"member\":\"M-2\",\"destination\":\"Hunan\",\"fixed\":true");
    stage_record(s, "member.moved", "2022-04-01", "\"member\":\"M-3\",\"branch\":\"B-2\"");
    stage_record(s, "member.left", "2022-05-01", "\"member\":\"M-4\",\"reason\":\"resigned\"");
    expect_first(s, "{\"what\":\"members\"}",
                 "{\"member\":\"M-1\",\"name\":\"member 1\",\"branch\":\"B-1\",\"unit\":\"U-1\","
                 "\"stage\":\"full\",\"role\":\"none\",\"presence\":\"home\",\"since\":\"2020-01-03\"}");
    expect(s, "{\"what\":\"members\"}", "member", "M-1 M-2 M-3 M-5");
    expect(s, "{\"what\":\"members\"}", "presence", "home away home home");
    expect(s, "{\"what\":\"members\",\"all\":true}", "left", "- - - 2022-05-01 -");
    expect(s, "{\"what\":\"members\",\"branch\":\"B-2\"}", "member", "M-3 M-5");
    expect(s, "{\"what\":\"members\",\"branch\":\"B-2\",\"all\":true}", "member", "M-3 M-4 M-5");
    expect(s, "{\"what\":\"members\",\"branch\":\"B-2\",\"as_of\":\"2022-03-31\"}", "member", "M-4 M-5");
    expect(s, "{\"what\":\"members\",\"branch\":\"B-1\",\"limit\":1}", "member", "M-1");
    expect(s, "{\"what\":\"members\",\"area\":\"450102\"}", "member", "M-3 M-5");
    expect(s, "{\"what\":\"members\",\"sector\":\"enterprise\",\"as_of\":\"2022-03-31\"}", "member",
           "M-1 M-2 M-3");
    expect(s, "{\"what\":\"members\",\"as_of\":\"2022-03-02\"}", "presence", "home home home home home");
}

static void test_units(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "unit.changed", "2022-01-01", "\"unit\":\"U-1\",\"staff\":40,\"eligible\":true");
    stage_record(s, "unit.closed", "2022-02-01", "\"unit\":\"U-3\"");
    expect_first(s, "{\"what\":\"units\"}",
                 "{\"unit\":\"U-1\",\"name\":\"unit 1\",\"sector\":\"enterprise\",\"area\":\"450101\","
                 "\"staff\":40,\"eligible\":true,\"full_members\":4,\"covered\":true,\"own_branch\":true,"
                 "\"registered\":\"2020-01-01\"}");
    expect(s, "{\"what\":\"units\"}", "unit", "U-1 U-2");
    expect(s, "{\"what\":\"units\",\"all\":true}", "closed", "- - 2022-02-01");
    expect(s, "{\"what\":\"units\",\"branch\":\"B-2\"}", "unit", "U-1 U-2");
    expect(s, "{\"what\":\"units\",\"branch\":\"B-1\"}", "unit", "U-1");
    expect(s, "{\"what\":\"units\",\"area\":\"450102\"}", "unit", "U-2");
    expect(s, "{\"what\":\"units\",\"as_of\":\"2021-12-31\"}", "staff", "- - -");
}

static void test_transfers(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "transfer.issued", "2022-03-01",
                 "\"transfer\":\"T-1\",\"member\":\"M-1\",\"to\":\"B-2\",\"number\":\"7\"");
    stage_record(s, "transfer.received", "2022-03-10", "\"transfer\":\"T-1\"");
    stage_record(s, "transfer.receipted", "2022-03-20", "\"transfer\":\"T-1\"");
    stage_record(s, "transfer.issued", "2022-04-01",
                 "\"transfer\":\"T-2\",\"member\":\"M-2\",\"to_name\":\"far\",\"valid_days\":30");
    stage_record(s, "transfer.received", "2022-05-01",
                 "\"transfer\":\"T-3\",\"from_name\":\"near\",\"member\":\"M-9\",\"name\":\"nine\","
                 "\"stage\":\"full\",\"branch\":\"B-2\"");
    expect_first(s, "{\"what\":\"transfers\",\"all\":true}",
                 "{\"transfer\":\"T-1\",\"number\":\"7\",\"member\":\"M-1\",\"from\":\"B-1\",\"to\":\"B-2\","
                 "\"state\":\"receipted\",\"issued\":\"2022-03-01\",\"valid_until\":\"2022-05-30\","
                 "\"received\":\"2022-03-10\",\"ended\":\"2022-03-20\"}");
    expect(s, "{\"what\":\"transfers\"}", "transfer", "T-2 T-3");
    expect(s, "{\"what\":\"transfers\"}", "from_name", "- near");
    expect(s, "{\"what\":\"transfers\"}", "to_name", "far -");
    expect(s, "{\"what\":\"transfers\",\"all\":true}", "state", "receipted issued received");
    expect(s, "{\"what\":\"transfers\",\"as_of\":\"2022-03-09\"}", "state", "issued");
    expect(s, "{\"what\":\"transfers\",\"branch\":\"B-2\",\"all\":true}", "transfer", "T-1 T-3");
    expect(s, "{\"what\":\"transfers\",\"area\":\"450101\",\"all\":true}", "transfer", "T-1 T-2");
}

static void test_the_whole(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    stage_record(s, "alliance.formed", "2022-01-01",
                 "\"alliance\":\"A-1\",\"name\":\"all\",\"branches\":[\"B-1\",\"B-2\"],\"units\":[\"U-1\"]");
    stage_record(s, "alliance.left", "2022-02-01", "\"alliance\":\"A-1\",\"branch\":\"B-1\"");
    stage_record(s, "alliance.joined", "2022-03-01", "\"alliance\":\"A-1\",\"unit\":\"U-3\"");
    for (int i = 1; i <= 3; i++)
        stage_record(s, "office.taken", "2022-01-01",
                     "\"body\":\"committee-%d\",\"office\":\"deputy\",\"person\":\"P %d\"", 1 + i / 3, i);
    stage_record(s, "office.left", "2022-06-01",
                 "\"body\":\"committee-1\",\"office\":\"deputy\",\"person\":\"P 1\"");
    stage_record(s, "exemption.granted", "2022-02-01",
                 "\"exemption\":\"X-1\",\"subject\":{\"member\":\"M-1\"},\"rules\":[\"*\"],"
                 "\"until\":\"2023-06-30\",\"reason\":\"ill\"");
    stage_record(s, "exemption.granted", "2022-02-01",
                 "\"exemption\":\"X-2\",\"subject\":{\"branch\":\"B-2\"},\"rules\":[\"theme-day\"],"
                 "\"until\":\"2022-06-30\",\"reason\":\"flood\"");
    stage_record(s, "exemption.ended", "2022-12-01", "\"exemption\":\"X-1\"");
    expect_first(s, "{\"what\":\"alliances\"}",
                 "{\"alliance\":\"A-1\",\"name\":\"all\",\"branches\":[\"B-2\"],\"units\":[\"U-1\",\"U-3\"],"
                 "\"formed\":\"2022-01-01\"}");
    expect(s, "{\"what\":\"alliances\",\"branch\":\"B-1\"}", "alliance", "");
    expect(s, "{\"what\":\"alliances\",\"branch\":\"B-1\",\"as_of\":\"2022-01-31\"}", "alliance", "A-1");
    expect(s, "{\"what\":\"offices\"}", "person", "P 2 P 3");
    expect(s, "{\"what\":\"offices\",\"all\":true}", "person", "P 1 P 2 P 3");
    expect(s, "{\"what\":\"offices\",\"as_of\":\"2022-05-31\"}", "body",
           "committee-1 committee-1 committee-2");
    expect(s, "{\"what\":\"exemptions\"}", "exemption", "");
    expect(s, "{\"what\":\"exemptions\",\"all\":true}", "ended", "2022-12-01 -");
    expect(s, "{\"what\":\"exemptions\",\"as_of\":\"2022-06-30\"}", "exemption", "X-1 X-2");
    expect(s, "{\"what\":\"exemptions\",\"as_of\":\"2022-07-01\"}", "exemption", "X-1");
    /* Known on a time: the day is that of the time. */
    stage_record(s, "exemption.granted", "2023-01-01",
                 "\"exemption\":\"X-3\",\"subject\":{\"branch\":\"B-2\"},\"rules\":[\"*\"],"
                 "\"until\":\"2023-01-02\",\"reason\":\"flood\"");
    stage_day(s, "2023-02-01");
    expect(s, "{\"what\":\"exemptions\"}", "exemption", "");
    expect(s, "{\"what\":\"exemptions\",\"known_on\":\"2023-01-02T23:00:00+08:00\"}", "exemption", "X-3");
    expect(s, "{\"what\":\"exemptions\",\"known_on\":\"2023-01-02T23:00:00+08:00\",\"as_of\":\"2023-01-03\"}",
           "exemption", "");
    expect(s, "{\"what\":\"exemptions\",\"known_on\":\"2023-01-02T17:00:00Z\"}", "exemption", "");
    stage_day(s, "2023-02-02");
    expect(s, "{\"what\":\"exemptions\",\"as_of\":\"2022-06-30\",\"branch\":\"B-1\"}", "exemption", "X-1");
    expect(s, "{\"what\":\"exemptions\",\"as_of\":\"2022-06-30\",\"area\":\"450102\"}", "exemption", "X-2");
}

/* Pages of one row hold the same as one page; the last has no cursor. */
static void walk_pages(struct stage *s, const char *what, const char *member)
{
    json_t *whole = stage_ask(s, "list", "{\"what\":\"%s\",\"all\":true}", what), *row;
    size_t n = json_array_size(json_object_get(whole, "rows")), i;
    char cursor[256] = "";

    assert_true(n > 1);
    json_array_foreach(json_object_get(whole, "rows"), i, row)
    {
        json_t *page = stage_ask(s, "list", "{\"what\":\"%s\",\"all\":true,\"limit\":1,\"count\":true%s%s%s}",
                                 what, *cursor ? ",\"cursor\":\"" : "", cursor, *cursor ? "\"" : "");
        json_t *rows = json_object_get(page, "rows");
        const char *next = json_string_value(json_object_get(page, "cursor"));

        assert_int_equal(json_array_size(rows), 1);
        if (!json_equal(json_array_get(rows, 0), row))
            fail_msg("%s: row %zu differs (%s)", what, i, stage_column(page, member));
        assert_int_equal(json_integer_value(json_object_get(page, "more")), n - i - 1);
        assert_int_equal(next != NULL, i + 1 < n);
        snprintf(cursor, sizeof cursor, "%s", next ? next : "");
        json_decref(page);
    }
    json_decref(whole);
}

static void test_pages(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    for (int i = 1; i <= 6; i++)
        stage_record(s, "office.taken", "2022-01-01",
                     "\"body\":\"支部-%d\",\"office\":\"deputy\",\"person\":\"P %d\"", 1 + i / 4, i);
    walk_pages(s, "branches", "branch");
    walk_pages(s, "members", "member");
    walk_pages(s, "units", "unit");
    walk_pages(s, "offices", "person");
}

/* A walk that is cut short loses nothing, also where it writes no row. */
static void test_cut_short(void **state)
{
    struct stage *s = *state;
    char cursor[256] = "";
    int pages = 0, rows = 0;

    for (int i = 1; i <= 9; i++) {
        stage_record(s, "office.taken", "2022-01-01",
                     "\"body\":\"b-%d\",\"office\":\"deputy\",\"person\":\"P\"", i);
        if (i != 5 && i != 9)
            stage_record(s, "office.left", "2022-01-02",
                         "\"body\":\"b-%d\",\"office\":\"deputy\",\"person\":\"P\"", i);
    }
    s->env.walk_steps = 30;
    do {
        json_t *reply = stage_ask(s, "list", "{\"what\":\"offices\"%s%s%s}", *cursor ? ",\"cursor\":\"" : "",
                                  cursor, *cursor ? "\"" : "");
        const char *next = json_string_value(json_object_get(reply, "cursor"));

        rows += (int)json_array_size(json_object_get(reply, "rows"));
        snprintf(cursor, sizeof cursor, "%s", next ? next : "");
        json_decref(reply);
        assert_true(++pages < 20);
    } while (*cursor);
    assert_int_equal(rows, 2);
    assert_true(pages > 2);
}

static void test_show(void **state)
{
    struct stage *s = *state;
    char id[40];
    json_t *reply;

    stage_people(s);
    stage_record(s, "meeting", "2022-03-01", "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"]");
    strcpy(id, s->last_id);
    stage_record(s, "meeting", "2022-03-02",
                 "\"branch\":\"B-1\",\"kinds\":[\"lecture\"],\"replaces\":\"%s\"", id);
    reply = stage_ask(s, "show", "{\"what\":\"branch\",\"ref\":\"B-1\",\"limit\":3}");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(reply, "row"), "members")), 3);
    assert_string_equal(stage_column(reply, "type"), "meeting meeting member.admitted");
    assert_memory_equal(stage_column(reply, "replaces"), id, 36);
    assert_string_equal(stage_column(reply, "replaced_by") + 2, (strcat(s->last_id, " -"), s->last_id));
    s->last_id[36] = '\0';
    assert_non_null(json_object_get(reply, "cursor"));
    json_decref(reply);
    reply = stage_ask(s, "show", "{\"what\":\"event\",\"ref\":\"%s\"}", id);
    assert_string_equal(json_string_value(json_object_get(json_object_get(reply, "row"), "replaced_by")),
                        s->last_id);
    assert_string_equal(stage_column(reply, "id"), s->last_id);
    json_decref(reply);
    reply = stage_ask(s, "show", "{\"what\":\"event\",\"ref\":\"1\"}");
    assert_string_equal(json_string_value(json_object_get(json_object_get(reply, "row"), "type")),
                        "ledger.opened");
    json_decref(reply);
    reply = stage_ask(s, "show", "{\"what\":\"unit\",\"ref\":\"U-3\"}");
    assert_string_equal(stage_column(reply, "type"), "unit.registered");
    json_decref(reply);
}

/* A ref whose founding was voided has a history, and is nothing. */
static void test_show_void(void **state)
{
    struct stage *s = *state;
    char id[40];
    json_t *reply;

    stage_record(s, "branch.founded", "2020-01-02",
                 "\"branch\":\"B-1\",\"name\":\"one\",\"form\":\"own\",\"sector\":\"enterprise\"");
    strcpy(id, s->last_id);
    stage_record(s, "event.voided", "2022-01-01", "\"event\":\"%s\",\"reason\":\"typo\"", id);
    reply = stage_ask(s, "show", "{\"what\":\"branch\",\"ref\":\"B-1\"}");
    assert_true(json_is_null(json_object_get(reply, "row")));
    assert_string_equal(stage_column(reply, "voided_by"), s->last_id);
    json_decref(reply);
    expect(s, "{\"what\":\"branches\",\"all\":true}", "branch", "");
    stage_refused(s, ERR_UNKNOWN_REF, "ref", "show",
                  "{\"what\":\"branch\",\"ref\":\"B-1\",\"as_of\":\"2019-01-01\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_branches, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_members, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_units, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_transfers, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_the_whole, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_pages, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_cut_short, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_show, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_show_void, stage_setup, stage_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
