/* recent: what belongs to a branch, an area, a member; pages; following by seq; as of and as known on. */
#include <time.h>

#include "query_stage.h"

/* Seqs of a little story; 0 is unused. */
static int64_t seqs[16];

static void story(struct stage *s)
{
    char voided[40];

    stage_people(s);
    seqs[1] = stage_record(s, "meeting", "2022-03-01T10:00:00+08:00",
                           "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"],\"present\":[\"M-1\",\"M-4\"]");
    seqs[2] = stage_record(s, "contact", "2022-03-02", "\"member\":\"M-1\",\"channel\":\"visit\"");
    seqs[3] = stage_record(s, "member.away", "2022-03-03",
                           "\"member\":\"M-2\",\"destination\":\"Hunan\",\"fixed\":true");
    seqs[4] = stage_record(s, "training", "2022-03-04", "\"title\":\"t\",\"hours\":2,\"present\":[\"M-1\"]");
    seqs[5] = stage_record(s, "meeting", "2022-03-05",
                           "\"branch\":\"B-2\",\"kinds\":[\"lecture\",\"walk\"],\"with\":[\"B-1\"]");
    seqs[6] = stage_record(s, "member.moved", "2022-03-06", "\"member\":\"M-3\",\"branch\":\"B-2\"");
    seqs[7] = stage_record(s, "contact", "2022-03-07", "\"member\":\"M-3\",\"channel\":\"phone\"");
    seqs[8] = stage_record(s, "meeting", "2022-03-05T09:00:00+08:00",
                           "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"],\"extra\":{\"a\":[1]}");
    strcpy(voided, s->last_id);
    seqs[9] = stage_record(s, "event.voided", "2022-03-08", "\"event\":\"%s\",\"reason\":\"twice\"", voided);
    seqs[10] = stage_record(s, "transfer.issued", "2022-03-09",
                            "\"transfer\":\"T-1\",\"member\":\"M-1\",\"to\":\"B-2\"");
    seqs[11] = stage_record(s, "transfer.received", "2022-03-10", "\"transfer\":\"T-1\"");
}

/* Expects the rows of a request to be those of the story, by number. */
static void expect(struct stage *s, const char *body, const char *numbers)
{
    json_t *reply = stage_ask(s, "recent", "%s", body);
    char wanted[512] = "";
    const char *p = numbers;

    while (*p) {
        int n = (int)strtol(p, (char **)&p, 10);

        snprintf(wanted + strlen(wanted), sizeof wanted - strlen(wanted), "%s%lld", *wanted ? " " : "",
                 (long long)seqs[n]);
        while (*p == ' ')
            p++;
    }
    if (strcmp(stage_column(reply, "seq"), wanted) != 0)
        fail_msg("%s: %s, not %s", body, stage_column(reply, "seq"), wanted);
    json_decref(reply);
}

static void test_filters(void **state)
{
    struct stage *s = *state;

    story(s);
    expect(s, "{}", "11 10 7 5 4 3 2 1");
    expect(s, "{\"branch\":\"B-1\"}", "11 10 5 3 2 1");
    expect(s, "{\"branch\":\"B-2\"}", "11 10 7 5");
    expect(s, "{\"area\":\"450101\"}", "11 10 3 2 1");
    expect(s, "{\"area\":\"4501\"}", "11 10 7 5 3 2 1");
    expect(s, "{\"area\":\"9\"}", "");
    expect(s, "{\"member\":\"M-1\"}", "11 10 4 2 1");
    expect(s, "{\"member\":\"M-4\"}", "1");
    /* A move without a letter is of the register; it is found by its type, in both branches. */
    expect(s, "{\"member\":\"M-3\",\"branch\":\"B-1\"}", "");
    expect(s, "{\"type\":\"member.moved\",\"branch\":\"B-1\"}", "6");
    expect(s, "{\"type\":\"member.moved\",\"branch\":\"B-2\"}", "6");
    expect(s, "{\"member\":\"M-3\",\"branch\":\"B-2\"}", "7");
    expect(s, "{\"member\":\"M-4\",\"branch\":\"B-2\"}", "");
    expect(s, "{\"kind\":\"theme_day\"}", "1");
    expect(s, "{\"kind\":\"walk\"}", "5");
    expect(s, "{\"kind\":\"training\"}", "4");
    expect(s, "{\"kind\":\"contact\",\"branch\":\"B-1\"}", "2");
    expect(s, "{\"type\":\"meeting\"}", "5 1");
    expect(s, "{\"type\":\"event.voided\"}", "9");
    expect(s, "{\"type\":\"any\",\"since\":\"2022-03-05\",\"until\":\"2022-03-08\"}", "9 7 6 8 5");
    expect(s, "{\"type\":\"any\",\"area\":\"450101\",\"since\":\"2022-03-05\",\"until\":\"2022-03-08\"}",
           "9 6 8");
    expect(s, "{\"since\":\"2022-03-03\",\"until\":\"2022-03-05\"}", "5 4 3");
    expect(s, "{\"as_of\":\"2022-03-03\"}", "3 2 1");
    expect(s, "{\"as_of\":\"2022-03-03\",\"until\":\"2022-03-02\"}", "2 1");
}

static void test_following(void **state)
{
    struct stage *s = *state;
    char body[128];
    json_t *reply;

    story(s);
    snprintf(body, sizeof body, "{\"after_seq\":%lld}", (long long)seqs[2]);
    expect(s, body, "3 4 5 7 10 11");
    snprintf(body, sizeof body, "{\"after_seq\":%lld,\"branch\":\"B-1\"}", (long long)seqs[2]);
    expect(s, body, "3 5 10 11");
    snprintf(body, sizeof body, "{\"after_seq\":%lld,\"area\":\"450102\"}", (long long)seqs[2]);
    expect(s, body, "5 7 11");
    snprintf(body, sizeof body, "{\"after_seq\":%lld,\"member\":\"M-1\",\"limit\":2}", (long long)seqs[1]);
    expect(s, body, "2 4");
    snprintf(body, sizeof body, "{\"after_seq\":%lld,\"type\":\"any\",\"until\":\"2022-03-05\"}",
             (long long)seqs[2]);
    expect(s, body, "3 4 5 8");
    reply = stage_ask(s, "recent", "{\"after_seq\":9000000000000000000}");
    assert_int_equal(json_array_size(json_object_get(reply, "rows")), 0);
    assert_int_equal(json_integer_value(json_object_get(reply, "seq")), seqs[11]);
    json_decref(reply);
}

/* A row is the event as submitted, with what the ledger knows of it. */
static void test_row(void **state)
{
    struct stage *s = *state;
    json_t *reply, *row;

    story(s);
    reply = stage_ask(s, "recent", "{\"type\":\"any\",\"branch\":\"B-1\",\"since\":\"2022-03-05\","
                                   "\"until\":\"2022-03-05\"}");
    row = json_array_get(json_object_get(reply, "rows"), 0);
    assert_string_equal(json_string_value(json_object_get(row, "at")), "2022-03-05T09:00:00+08:00");
    assert_int_equal(json_array_size(json_object_get(json_object_get(row, "extra"), "a")), 1);
    assert_string_equal(json_string_value(json_object_get(row, "recorded_by")), "clerk");
    assert_string_equal(json_string_value(json_object_get(row, "recorded_at")),
                        "2023-01-01T04:00:00.000000Z");
    assert_string_equal(json_string_value(json_object_get(row, "voided_by")),
                        "0185a000-0000-7000-8000-000000000013");
    row = json_array_get(json_object_get(reply, "rows"), 1);
    assert_null(json_object_get(row, "voided_by"));
    assert_null(json_object_get(row, "replaced_by"));
    json_decref(reply);
    reply = stage_ask(s, "recent", "{\"type\":\"transfer.issued\"}");
    row = json_array_get(json_object_get(reply, "rows"), 0);
    assert_int_equal(json_integer_value(json_object_get(row, "valid_days")), 90);
    json_decref(reply);
}

static void test_known_on(void **state)
{
    struct stage *s = *state;
    char first[40];
    json_t *reply, *row;

    stage_people(s);
    seqs[1] = stage_record(s, "meeting", "2022-03-01", "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"]");
    strcpy(first, s->last_id);
    stage_day(s, "2023-01-05");
    seqs[2] = stage_record(s, "meeting", "2022-03-02",
                           "\"branch\":\"B-1\",\"kinds\":[\"lecture\"],\"replaces\":\"%s\"", first);
    stage_day(s, "2023-01-09");
    expect(s, "{}", "2");
    expect(s, "{\"known_on\":\"2023-01-04\"}", "1");
    expect(s, "{\"known_on\":\"2023-01-05T11:59:59+08:00\"}", "1");
    expect(s, "{\"known_on\":\"2023-01-05T04:00:00Z\"}", "2");
    expect(s, "{\"known_on\":\"2023-01-05\"}", "2");
    expect(s, "{\"known_on\":\"2022-12-31\"}", "");
    reply = stage_ask(s, "recent", "{\"known_on\":\"2023-01-04\",\"type\":\"any\",\"branch\":\"B-1\",\"limit\":1}");
    row = json_array_get(json_object_get(reply, "rows"), 0);
    assert_null(json_object_get(row, "replaced_by"));
    json_decref(reply);
    reply = stage_ask(s, "recent", "{\"type\":\"any\",\"branch\":\"B-1\",\"limit\":2}");
    row = json_array_get(json_object_get(reply, "rows"), 1);
    assert_string_equal(json_string_value(json_object_get(row, "replaced_by")), s->last_id);
    json_decref(reply);
    s->env.history_rows = 3;
    stage_refused(s, ERR_UNAVAILABLE, "known_on", "recent", "{\"known_on\":\"2023-01-04\"}");
}

/* --- pages --- */

static unsigned random_seed;

static int below(int n)
{
    return rand_r(&random_seed) % n;
}

static void random_event(struct stage *s)
{
    static const char *const kinds[] = {"theme_day", "lecture", "general_meeting"};
    char at[64];
    int what = below(10);

    if (below(2))
        snprintf(at, sizeof at, "2022-0%d-0%d", 1 + below(3), 1 + below(3));
    else
        snprintf(at, sizeof at, "2022-0%d-0%dT0%d:00:00+08:00", 1 + below(3), 1 + below(3), below(4));
    if (what < 6)
        stage_record(s, "meeting", at, "\"branch\":\"B-%d\",\"kinds\":[\"%s\"],\"present\":[\"M-%d\"]",
                     1 + below(2), kinds[below(3)], 1 + below(5));
    else if (what < 8)
        stage_record(s, "contact", at, "\"member\":\"M-%d\",\"channel\":\"phone\"", 1 + below(5));
    else
        stage_record(s, "training", at, "\"title\":\"t\",\"hours\":1%s",
                     below(2) ? ",\"branch\":\"B-1\"" : "");
    if (below(6) == 0) {
        char id[40];

        strcpy(id, s->last_id);
        stage_record(s, "event.voided", "2022-06-01", "\"event\":\"%s\",\"reason\":\"r\"", id);
    }
}

static const char *const filters[] = {
    "\"type\":\"any\"",
    "\"branch\":\"B-1\"",
    "\"branch\":\"B-2\",\"type\":\"any\"",
    "\"area\":\"450101\"",
    "\"member\":\"M-2\"",
    "\"kind\":\"lecture\",\"since\":\"2022-01-02\",\"until\":\"2022-03-02\"",
    "\"after_seq\":20",
    "\"after_seq\":20,\"branch\":\"B-1\"",
    "\"area\":\"7\"",
};

/* All rows of a filter in one page: seqs, 0 at the end. */
static void whole(int64_t *out, struct stage *s, const char *filter)
{
    json_t *reply = stage_ask(s, "recent", "{%s,\"limit\":1000,\"count\":true}", filter), *row;
    size_t i;

    json_array_foreach(json_object_get(reply, "rows"), i, row)
        out[i] = json_integer_value(json_object_get(row, "seq"));
    out[i] = 0;
    assert_null(json_object_get(reply, "cursor"));
    assert_int_equal(json_integer_value(json_object_get(reply, "more")), 0);
    json_decref(reply);
}

/* The same in pages; with `insert`, while others record. */
static size_t paged(int64_t *out, struct stage *s, const char *filter, bool insert)
{
    char cursor[128] = "";
    size_t n = 0, left = 0, i;
    bool counted = false;

    for (;;) {
        int limit = 1 + below(7);
        json_t *reply = stage_ask(s, "recent", "{%s,\"limit\":%d%s%s%s,\"count\":true}", filter, limit,
                                  *cursor ? ",\"cursor\":\"" : "", cursor, *cursor ? "\"" : "");
        json_t *rows = json_object_get(reply, "rows"), *row;
        const char *next = json_string_value(json_object_get(reply, "cursor"));
        size_t more = (size_t)json_integer_value(json_object_get(reply, "more"));

        assert_true(json_array_size(rows) <= (size_t)limit);
        if (counted && !insert && s->env.walk_steps == 0)
            assert_int_equal(left, json_array_size(rows) + more);
        left = more;
        counted = true;
        json_array_foreach(rows, i, row)
            out[n++] = json_integer_value(json_object_get(row, "seq"));
        snprintf(cursor, sizeof cursor, "%s", next ? next : "");
        json_decref(reply);
        if (!*cursor)
            break;
        if (insert && below(4) == 0)
            random_event(s);
    }
    if (s->env.walk_steps == 0)
        assert_int_equal(left, 0);
    out[n] = 0;
    return n;
}

static bool has(const int64_t *list, int64_t seq)
{
    while (*list && *list != seq)
        list++;
    return *list == seq;
}

static void test_pages(void **state)
{
    static int64_t one[2000], many[2000];
    struct stage *s = *state;

    random_seed = (unsigned)time(NULL);
    print_message("seed %u\n", random_seed);
    stage_people(s);
    stage_begin(s);
    for (int i = 0; i < 250; i++)
        random_event(s);
    stage_commit(s);
    for (size_t f = 0; f < ARRAY_LEN(filters); f++) {
        size_t n;

        whole(one, s, filters[f]);
        n = paged(many, s, filters[f], false);
        assert_memory_equal(one, many, (n + 1) * sizeof *one);
        /* A walk that is cut short loses nothing. */
        s->env.walk_steps = 1 + below(30);
        n = paged(many, s, filters[f], false);
        s->env.walk_steps = 0;
        assert_memory_equal(one, many, (n + 1) * sizeof *one);
        /* Rows recorded meanwhile may be seen or not; none is lost, none comes twice. */
        whole(one, s, filters[f]);
        paged(many, s, filters[f], true);
        for (size_t i = 0; many[i]; i++)
            assert_false(has(many + i + 1, many[i]));
        for (size_t i = 0; one[i]; i++)
            assert_true(has(many, one[i]));
    }
}

static void test_counting(void **state)
{
    struct stage *s = *state;
    json_t *reply;

    stage_people(s);
    stage_begin(s);
    for (int i = 0; i < 1020; i++)
        stage_record(s, "contact", "2022-01-01", "\"member\":\"M-1\",\"channel\":\"phone\"");
    stage_commit(s);
    reply = stage_ask(s, "recent", "{\"member\":\"M-1\",\"limit\":1,\"count\":true}");
    assert_int_equal(json_integer_value(json_object_get(reply, "more")), 1000);
    assert_true(json_is_true(json_object_get(reply, "more_at_least")));
    json_decref(reply);
    reply = stage_ask(s, "recent", "{\"member\":\"M-1\",\"limit\":50,\"count\":true}");
    assert_int_equal(json_integer_value(json_object_get(reply, "more")), 970);
    assert_null(json_object_get(reply, "more_at_least"));
    json_decref(reply);
    reply = stage_ask(s, "recent", "{\"member\":\"M-1\"}");
    assert_int_equal(json_array_size(json_object_get(reply, "rows")), 50);
    assert_null(json_object_get(reply, "more"));
    json_decref(reply);
}

/* Rows may be long: a page ends before the reply grows past its bound. */
static void test_long_rows(void **state)
{
    struct stage *s = *state;
    char cursor[128] = "", note[2000];
    size_t seen = 0;

    memset(note, 'x', sizeof note - 1);
    note[sizeof note - 1] = '\0';
    stage_people(s);
    stage_begin(s);
    for (int i = 0; i < 1200; i++)
        stage_record(s, "contact", "2022-01-01",
                     "\"member\":\"M-1\",\"channel\":\"phone\",\"note\":\"%s\",\"extra\":{\"n\":\"%s%s\"}",
                     note, note, note);
    stage_commit(s);
    do {
        json_t *reply = stage_ask(s, "recent", "{\"limit\":1000%s%s%s}", *cursor ? ",\"cursor\":\"" : "",
                                  cursor, *cursor ? "\"" : "");
        const char *next = json_string_value(json_object_get(reply, "cursor"));
        size_t n = json_array_size(json_object_get(reply, "rows"));

        assert_true(n > 0 && n < 1000);
        seen += n;
        snprintf(cursor, sizeof cursor, "%s", next ? next : "");
        json_decref(reply);
    } while (*cursor);
    assert_int_equal(seen, 1200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_filters, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_following, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_row, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_known_on, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_pages, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_counting, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_long_rows, stage_setup, stage_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
