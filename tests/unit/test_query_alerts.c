/* alerts, due, board and rules with `try`: orders, filters, pages, what was recorded, what was known. */
#include "query_rules.h"

/* Two branches without theme days, M-2 of B-1 away, a letter for M-4 of B-2; U-3 is covered by nobody. */
static void story(struct stage *s)
{
    stage_people(s);
    stage_rules(s, RULES_ALL);
    stage_day(s, "2023-03-15");
    stage_begin(s);
    stage_record(s, "meeting", "2023-01-20", "\"branch\":\"B-2\",\"kinds\":[\"theme_day\"]");
    stage_record(s, "member.away", "2023-02-20", "\"member\":\"M-2\",\"destination\":\"Hunan\",\"fixed\":false");
    stage_record(s, "transfer.issued", "2023-03-01",
                 "\"transfer\":\"T-1\",\"member\":\"M-4\",\"to\":\"B-1\",\"valid_days\":20");
    stage_commit(s);
    stage_evaluate(s, "2023-03-15");
}

#define EXPECT(s, verb, body, member, wanted) assert_string_equal(stage_rows(s, verb, body, member), wanted)

static void test_order_and_filters(void **state)
{
    struct stage *s = *state;
    json_t *reply;

    story(s);
    /* Yellow: both branches' theme days, the older first, and the letter; notice: away, covered. */
    EXPECT(s, "alerts", "{}", "rule", "theme-day theme-day letter covered away");
    EXPECT(s, "alerts", "{}", "level", "yellow yellow yellow notice notice");
    EXPECT(s, "alerts", "{}", "since", "2023-02-11 2023-03-11 2023-03-14 2023-01-31 2023-03-02");
    EXPECT(s, "alerts", "{}", "missed", "2 1 - - -");
    EXPECT(s, "alerts", "{}", "due", "- - 2023-03-21 - -");
    EXPECT(s, "alerts", "{}", "branch", "B-1 B-2 B-2 - B-1");
    EXPECT(s, "alerts", "{}", "name", "one two member 4 unit 3 member 2");
    EXPECT(s, "alerts", "{}", "state", "open open open open open");
    EXPECT(s, "alerts", "{\"level\":\"notice\"}", "rule", "covered away");
    EXPECT(s, "alerts", "{\"rule\":\"letter\"}", "rule", "letter");
    EXPECT(s, "alerts", "{\"branch\":\"B-1\"}", "rule", "theme-day away");
    EXPECT(s, "alerts", "{\"branch\":\"B-2\"}", "rule", "theme-day letter");
    EXPECT(s, "alerts", "{\"area\":\"450101\"}", "rule", "theme-day away");
    EXPECT(s, "alerts", "{\"area\":\"450103\"}", "rule", "covered");
    EXPECT(s, "alerts", "{\"area\":\"4501\",\"level\":\"yellow\"}", "branch", "B-1 B-2 B-2");
    /* The same, evaluated: nothing is recorded of it. */
    EXPECT(s, "alerts", "{\"as_of\":\"2023-03-15\"}", "rule", "theme-day theme-day letter covered away");
    reply = stage_ask(s, "alerts", "{\"as_of\":\"2023-03-15\"}");
    assert_true(json_is_null(json_object_get(row_of(reply, 4), "alert")));
    json_decref(reply);
    EXPECT(s, "alerts", "{\"as_of\":\"2023-03-15\",\"branch\":\"B-2\"}", "rule", "theme-day letter");
    EXPECT(s, "alerts", "{\"as_of\":\"2023-03-15\",\"area\":\"450103\"}", "rule", "covered");
    EXPECT(s, "alerts", "{\"as_of\":\"2023-03-13\"}", "rule", "theme-day theme-day covered away");
    /* Of a day to come: if nothing more is recorded. */
    EXPECT(s, "alerts", "{\"as_of\":\"2023-05-01\",\"level\":\"red\"}", "rule", "theme-day away");
}

static void test_row(void **state)
{
    struct stage *s = *state;
    json_t *reply, *row, *last;

    story(s);
    reply = stage_ask(s, "alerts", "{\"lang\":\"zh\",\"limit\":2}");
    assert_string_equal(text_of(reply, "day"), "2023-03-15");
    assert_true(json_is_false(json_object_get(reply, "settling")));
    row = row_of(reply, 0);
    assert_string_equal(text_of(json_object_get(row, "subject"), "branch"), "B-1");
    assert_int_equal(json_array_size(json_object_get(row, "periods")), 2);
    assert_string_equal(json_string_value(json_array_get(json_object_get(row, "periods"), 0)), "2023-01");
    assert_string_equal(text_of(row, "title"), "theme day zh");
    assert_string_equal(text_of(row, "basis"), "custom zh");
    assert_string_equal(text_of(row, "remedy"), "record 2023-01 至 2023-02 zh");
    assert_null(json_object_get(row, "last"));
    last = json_object_get(row_of(reply, 1), "last");
    assert_string_equal(text_of(last, "type"), "meeting");
    assert_string_equal(text_of(last, "at"), "2023-01-20");
    json_decref(reply);
}

/* Every page but the last is full, and together they are the whole list. */
static void expect_pages(struct stage *s, const char *verb, const char *fields, size_t wanted)
{
    char cursor[300] = "";
    size_t n = 0;
    bool more = true;

    while (more) {
        json_t *reply = stage_ask(s, verb, "{\"limit\":1,\"count\":true%s%s%s}", *fields ? "," : "", fields,
                                  cursor);
        const char *next = json_string_value(json_object_get(reply, "cursor"));

        n++;
        assert_int_equal(json_array_size(json_object_get(reply, "rows")), 1);
        assert_int_equal(json_integer_value(json_object_get(reply, "more")), wanted - n);
        more = next != NULL;
        assert_true(more == (n < wanted));
        if (next)
            snprintf(cursor, sizeof cursor, ",\"cursor\":\"%s\"", next);
        json_decref(reply);
    }
    assert_int_equal(n, wanted);
}

static void test_pages(void **state)
{
    struct stage *s = *state;

    story(s);
    expect_pages(s, "alerts", "", 5);
    expect_pages(s, "alerts", "\"level\":\"yellow\"", 3);
    expect_pages(s, "alerts", "\"as_of\":\"2023-03-15\"", 5);
    expect_pages(s, "alerts", "\"after_seq\":0", 5);
    expect_pages(s, "due", "\"within\":\"30d\"", 2);
    expect_pages(s, "board", "", 2);
    expect_pages(s, "rules", "\"try\":" RULES_ALL, 5);
    stage_refused(s, ERR_MALFORMED, "cursor", "alerts", "{\"cursor\":\"x\"}");
    stage_refused(s, ERR_MALFORMED, "cursor", "alerts", "{\"cursor\":\"w1\"}");
    stage_refused(s, ERR_MALFORMED, "cursor", "alerts", "{\"cursor\":\"e1.2.3\",\"as_of\":\"2023-03-15\"}");
    stage_refused(s, ERR_MALFORMED, "cursor", "due", "{\"cursor\":\"d1.2.3.rule\"}");
    stage_refused(s, ERR_MALFORMED, "level", "alerts", "{\"level\":\"orange\"}");
    stage_refused(s, ERR_UNKNOWN_REF, "rule", "alerts", "{\"rule\":\"theme-dya\"}");
    stage_refused(s, ERR_UNKNOWN_REF, "branch", "alerts", "{\"branch\":\"B-9\"}");
    stage_refused(s, ERR_MALFORMED, "closed", "alerts", "{\"closed\":true,\"as_of\":\"2023-03-15\"}");
    stage_refused(s, ERR_MALFORMED, "after_seq", "alerts", "{\"after_seq\":1,\"known_on\":\"2023-03-15\"}");
}

static int64_t number_of(struct stage *s, const char *rule)
{
    json_t *reply = stage_ask(s, "alerts", "{\"rule\":\"%s\",\"limit\":1}", rule);
    int64_t number = json_integer_value(json_object_get(row_of(reply, 0), "alert"));

    json_decref(reply);
    return number;
}

static void test_acknowledged(void **state)
{
    struct stage *s = *state;
    char second[40];
    int64_t number;
    json_t *reply, *ack;

    story(s);
    number = number_of(s, "away");
    stage_record(s, "alert.acknowledged", "2023-03-15", "\"alert\":%lld", (long long)number);
    stage_record(s, "alert.acknowledged", "2023-03-15T09:30:00+08:00",
                 "\"alert\":%lld,\"until\":\"2023-03-20\",\"note\":\"rang\"", (long long)number);
    strcpy(second, s->last_id);
    reply = stage_ask(s, "alerts", "{\"rule\":\"away\"}");
    assert_string_equal(stage_column(reply, "state"), "acknowledged");
    ack = json_object_get(row_of(reply, 0), "acknowledged");
    assert_string_equal(text_of(ack, "by"), "clerk");
    assert_string_equal(text_of(ack, "at"), "2023-03-15T09:30:00+08:00");
    assert_string_equal(text_of(ack, "until"), "2023-03-20");
    assert_string_equal(text_of(ack, "note"), "rang");
    json_decref(reply);
    /* Until the day given, that day included. */
    stage_evaluate(s, "2023-03-20");
    EXPECT(s, "alerts", "{\"rule\":\"away\"}", "state", "acknowledged");
    stage_evaluate(s, "2023-03-21");
    EXPECT(s, "alerts", "{\"rule\":\"away\"}", "state", "open");
    /* Voided: the one before it holds again. */
    stage_record(s, "event.voided", "2023-03-21", "\"event\":\"%s\",\"reason\":\"wrong\"", second);
    EXPECT(s, "alerts", "{\"rule\":\"away\"}", "state", "acknowledged");
    /* It comes back when the level rises, and can be acknowledged anew. */
    stage_evaluate(s, "2023-04-01");
    EXPECT(s, "alerts", "{\"rule\":\"away\"}", "level", "red");
    EXPECT(s, "alerts", "{\"rule\":\"away\"}", "state", "open");
    stage_record(s, "alert.acknowledged", "2023-04-01", "\"alert\":%lld", (long long)number);
    EXPECT(s, "alerts", "{\"rule\":\"away\"}", "state", "acknowledged");
}

/* What cannot be: seen before there was anything to see, or for a time that was over already. */
static void test_not_acknowledged(void **state)
{
    struct stage *s = *state;
    long long number;

    story(s);
    number = number_of(s, "away");
    stage_not_recorded(s, ERR_NOT_IN_FORCE, "alert", "alert.acknowledged", "2023-03-14", "\"alert\":%lld", number);
    stage_not_recorded(s, ERR_INVALID_VALUE, "until", "alert.acknowledged", "2023-03-15",
                       "\"alert\":%lld,\"until\":\"2023-03-14\"", number);
    stage_not_recorded(s, ERR_UNKNOWN_REF, "alert", "alert.acknowledged", "2023-03-15", "\"alert\":99999");
    stage_day(s, "2023-03-18");
    /* Written up late: it held, and holds no more. */
    stage_record(s, "alert.acknowledged", "2023-03-15", "\"alert\":%lld,\"until\":\"2023-03-15\"", number);
    stage_evaluate(s, "2023-03-18");
    EXPECT(s, "alerts", "{\"rule\":\"away\"}", "state", "open");
}

static const char *changed_after(struct stage *s, int64_t seq, const char *member)
{
    char body[64];

    snprintf(body, sizeof body, "{\"after_seq\":%lld}", (long long)seq);
    return stage_rows(s, "alerts", body, member);
}

/* Who follows the alerts learns that an acknowledgement was taken back, or was of another one. */
static void test_acknowledgement_taken_back(void **state)
{
    struct stage *s = *state;
    long long away, covered;
    char ack[40], fields[40];
    int64_t seq;

    story(s);
    away = number_of(s, "away");
    covered = number_of(s, "covered");
    seq = stage_record(s, "alert.acknowledged", "2023-03-15", "\"alert\":%lld", away);
    strcpy(ack, s->last_id);
    EXPECT(s, "alerts", "{\"rule\":\"away\"}", "state", "acknowledged");
    stage_record(s, "alert.acknowledged", "2023-03-15", "\"alert\":%lld,\"replaces\":\"%s\"", covered, ack);
    strcpy(ack, s->last_id);
    assert_string_equal(changed_after(s, seq, "rule"), "covered away");
    assert_string_equal(changed_after(s, seq, "state"), "acknowledged open");
    snprintf(fields, sizeof fields, "\"after_seq\":%lld", (long long)seq);
    expect_pages(s, "alerts", fields, 2);
    seq++;
    stage_record(s, "event.voided", "2023-03-15", "\"event\":\"%s\",\"reason\":\"wrong\"", ack);
    assert_string_equal(changed_after(s, seq, "rule"), "covered");
    assert_string_equal(changed_after(s, seq, "state"), "open");
}

static void test_closed_and_changed(void **state)
{
    struct stage *s = *state;
    int64_t seq, number;
    json_t *reply, *closed;

    story(s);
    number = number_of(s, "away");
    reply = stage_ask(s, "alerts", "{}");
    seq = json_integer_value(json_object_get(reply, "seq"));
    json_decref(reply);
    EXPECT(s, "alerts", "{\"closed\":true}", "rule", "");
    stage_record(s, "contact", "2023-03-15", "\"member\":\"M-2\",\"channel\":\"phone\"");
    stage_evaluate(s, "2023-03-15");
    stage_record(s, "transfer.cancelled", "2023-03-15", "\"transfer\":\"T-1\"");
    stage_evaluate(s, "2023-03-15");
    reply = stage_ask(s, "alerts", "{\"closed\":true}");
    assert_string_equal(stage_column(reply, "rule"), "letter away");
    assert_string_equal(stage_column(reply, "state"), "closed closed");
    assert_string_equal(stage_column(reply, "branch"), "B-2 B-1");
    assert_int_equal(json_integer_value(json_object_get(row_of(reply, 1), "alert")), number);
    closed = json_object_get(row_of(reply, 0), "closed");
    assert_string_equal(text_of(closed, "at"), "2023-03-15");
    assert_string_equal(text_of(closed, "why"), "not_in_force");
    assert_string_equal(text_of(json_object_get(row_of(reply, 1), "closed"), "why"), "met");
    json_decref(reply);
    EXPECT(s, "alerts", "{\"closed\":true,\"branch\":\"B-1\"}", "rule", "away");
    EXPECT(s, "alerts", "{}", "rule", "theme-day theme-day covered");
    reply = stage_ask(s, "alerts", "{\"after_seq\":%lld}", (long long)seq);
    assert_string_equal(stage_column(reply, "rule"), "away letter");
    json_decref(reply);
    /* Rules that the pack has no more: what was recorded is still told. */
    stage_rules(s, "{\"rules\":[" RULE_COVERED "]}");
    EXPECT(s, "alerts", "{}", "rule", "theme-day theme-day covered");
    EXPECT(s, "alerts", "{}", "title", "- - title");
    EXPECT(s, "alerts", "{\"closed\":true,\"rule\":\"away\"}", "rule", "away");
    stage_refused(s, ERR_UNKNOWN_REF, "rule", "alerts", "{\"rule\":\"away\"}");
}

static void test_known_on(void **state)
{
    struct stage *s = *state;
    json_t *reply;

    story(s);
    stage_day(s, "2023-03-20");
    stage_record(s, "meeting", "2023-01-10", "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"]");
    stage_evaluate(s, "2023-03-20");
    EXPECT(s, "alerts", "{\"as_of\":\"2023-03-15\",\"rule\":\"theme-day\"}", "missed", "1 1");
    EXPECT(s, "alerts", "{\"as_of\":\"2023-03-15\",\"known_on\":\"2023-03-15\",\"rule\":\"theme-day\"}", "missed",
           "2 1");
    /* Alone, it means that day as well. */
    reply = stage_ask(s, "alerts", "{\"known_on\":\"2023-03-15T13:00:00+08:00\"}");
    assert_string_equal(text_of(reply, "day"), "2023-03-15");
    assert_string_equal(stage_column(reply, "missed"), "2 1 - - -");
    json_decref(reply);
    reply = stage_ask(s, "alerts", "{\"known_on\":\"2030-01-01\"}");
    assert_string_equal(text_of(reply, "day"), "2023-03-20");
    json_decref(reply);
    s->env.history_rows = 3;
    stage_refused(s, ERR_UNAVAILABLE, "known_on", "alerts", "{\"known_on\":\"2023-03-15\"}");
}

static void test_bounds(void **state)
{
    struct stage *s = *state;

    story(s);
    s->env.history_ms = -1;
    stage_refused(s, ERR_UNAVAILABLE, NULL, "alerts", "{\"as_of\":\"2023-03-15\"}");
    stage_refused(s, ERR_UNAVAILABLE, NULL, "due", "{\"within\":\"30d\"}");
    stage_refused(s, ERR_UNAVAILABLE, NULL, "board", "{}");
    stage_refused(s, ERR_UNAVAILABLE, NULL, "rules", "{\"try\":" RULES_ALL "}");
}

/* The daemon stops: what walks history ends, and says so. */
static void test_stopping(void **state)
{
    struct stage *s = *state;
    struct err err;

    story(s);
    stage_day(s, "2023-03-20");
    stage_record(s, "meeting", "2023-01-10", "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"]");
    query_stop(s->query);
    err = stage_refused(s, ERR_UNAVAILABLE, NULL, "alerts", "{\"as_of\":\"2023-03-15\"}");
    assert_non_null(strstr(err.en, "stops"));
    stage_refused(s, ERR_UNAVAILABLE, NULL, "alerts", "{\"known_on\":\"2023-03-16\"}");
    stage_refused(s, ERR_UNAVAILABLE, NULL, "due", "{\"within\":\"30d\"}");
    stage_refused(s, ERR_UNAVAILABLE, NULL, "board", "{}");
    stage_refused(s, ERR_UNAVAILABLE, NULL, "figures", "{}");
}

static void test_due(void **state)
{
    struct stage *s = *state;
    json_t *reply;

    story(s);
    EXPECT(s, "due", "{}", "rule", "");
    /* The letter is as bad as it gets; away turns red on day 40, a third theme day is missed, and U-3 is
     * not covered still. */
    reply = stage_ask(s, "due", "{\"within\":\"30d\"}");
    assert_string_equal(text_of(reply, "until"), "2023-04-14");
    assert_string_equal(stage_column(reply, "on"), "2023-04-01 2023-04-11");
    assert_string_equal(stage_column(reply, "rule"), "away theme-day");
    assert_string_equal(stage_column(reply, "level"), "red red");
    assert_string_equal(stage_column(reply, "before"), "notice yellow");
    assert_string_equal(stage_column(reply, "branch"), "B-1 B-1");
    assert_string_equal(stage_column(reply, "remedy"), "see to M-2 record 2023-01 to 2023-03");
    json_decref(reply);
    EXPECT(s, "due", "{\"within\":\"30d\",\"branch\":\"B-2\"}", "rule", "");
    EXPECT(s, "due", "{\"within\":\"60d\",\"branch\":\"B-2\"}", "on", "2023-05-11");
    EXPECT(s, "due", "{\"within\":\"30d\",\"area\":\"450102\"}", "rule", "");
    /* What is new opens, and then rises. */
    stage_record(s, "member.away", "2023-03-15", "\"member\":\"M-5\",\"destination\":\"Hunan\",\"fixed\":false");
    stage_record(s, "transfer.issued", "2023-03-15",
                 "\"transfer\":\"T-2\",\"member\":\"M-3\",\"to\":\"B-2\",\"valid_days\":30");
    stage_evaluate(s, "2023-03-15");
    reply = stage_ask(s, "due", "{\"within\":\"45d\"}");
    assert_string_equal(stage_column(reply, "on"), "2023-03-25 2023-04-01 2023-04-07 2023-04-11 2023-04-24");
    assert_string_equal(stage_column(reply, "level"), "notice red yellow red red");
    assert_string_equal(stage_column(reply, "before"), "- notice - yellow notice");
    assert_string_equal(stage_column(reply, "due"), "- - 2023-04-14 - -");
    json_decref(reply);
    stage_refused(s, ERR_MALFORMED, "within", "due", "{\"within\":\"soon\"}");
    stage_refused(s, ERR_MALFORMED, "within", "due", "{\"within\":\"20y\"}");
}

/* "2023-01 met, 2023-02 late": the duties of a row. */
static const char *duties_of(json_t *reply, size_t row)
{
    static char text[1024];
    json_t *duty;
    size_t i, len = 0;

    text[0] = '\0';
    json_array_foreach(json_object_get(row_of(reply, row), "duties"), i, duty)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s %s", i ? ", " : "",
                                text_of(duty, "period"), text_of(duty, "state"));
    return text;
}

static void test_board(void **state)
{
    struct stage *s = *state;
    json_t *reply, *duty;

    story(s);
    stage_record(s, "meeting", "2023-03-02", "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"]");
    stage_record(s, "exemption.granted", "2023-02-20",
                 "\"exemption\":\"X-1\",\"subject\":{\"branch\":\"B-2\"},\"rules\":[\"*\"],"
                 "\"until\":\"2023-03-05\",\"reason\":\"flood\"");
    reply = stage_ask(s, "board", "{}");
    assert_int_equal(json_array_size(json_object_get(reply, "rules")), 1);
    assert_int_equal(json_integer_value(json_object_get(reply, "year")), 2023);
    assert_string_equal(stage_column(reply, "branch"), "B-1 B-2");
    assert_string_equal(stage_column(reply, "area"), "450101 450102");
    assert_string_equal(duties_of(reply, 0), "2023-01 late, 2023-02 late, 2023-03 met");
    assert_string_equal(duties_of(reply, 1), "2023-01 met, 2023-02 excused, 2023-03 open");
    duty = json_array_get(json_object_get(row_of(reply, 0), "duties"), 2);
    assert_string_equal(text_of(duty, "closes"), "2023-04-11");
    assert_int_equal(json_integer_value(json_object_get(duty, "counted")), 1);
    assert_int_equal(json_integer_value(json_object_get(duty, "at_least")), 1);
    json_decref(reply);
    reply = stage_ask(s, "board", "{\"as_of\":\"2023-02-28\",\"branch\":\"B-1\"}");
    assert_string_equal(duties_of(reply, 0), "2023-01 missed, 2023-02 open");
    json_decref(reply);
    EXPECT(s, "board", "{\"area\":\"450102\"}", "branch", "B-2");
    EXPECT(s, "board", "{\"year\":2024}", "branch", "");
    EXPECT(s, "board", "{\"year\":2019}", "branch", "");
    /* One dissolved within the year keeps its place on it. */
    stage_record(s, "branch.founded", "2023-01-01",
                 "\"branch\":\"B-3\",\"name\":\"three\",\"form\":\"own\",\"sector\":\"enterprise\"");
    stage_record(s, "branch.dissolved", "2023-03-01", "\"branch\":\"B-3\",\"reason\":\"hollow\"");
    reply = stage_ask(s, "board", "{}");
    assert_string_equal(stage_column(reply, "branch"), "B-1 B-2 B-3");
    assert_string_equal(duties_of(reply, 2), "2023-01 missed, 2023-02 missed");
    json_decref(reply);
    stage_refused(s, ERR_UNKNOWN_REF, "branch", "board", "{\"branch\":\"B-9\"}");
    stage_refused(s, ERR_MALFORMED, "year", "board", "{\"year\":22}");
}

static void test_try(void **state)
{
    struct stage *s = *state;
    struct err err;
    json_t *reply;

    story(s);
    stage_rules(s, "{\"rules\":[" RULE_AWAY "," RULE_COVERED "]}");
    reply = stage_ask(s, "rules", "{\"try\":{\"rules\":[" RULE_THEME_DAY "," RULE_COVERED "]}}");
    assert_string_equal(stage_column(reply, "rule"), "theme-day theme-day covered");
    assert_string_equal(stage_column(reply, "title"), "theme day theme day title");
    assert_int_equal(json_integer_value(json_object_get(reply, "only_now")), 1);
    assert_int_equal(json_integer_value(json_object_get(reply, "only_then")), 2);
    json_decref(reply);
    reply = stage_ask(s, "rules", "{\"try\":" RULES_ALL ",\"as_of\":\"2023-05-01\",\"level\":\"red\"}");
    assert_string_equal(text_of(reply, "day"), "2023-05-01");
    assert_string_equal(stage_column(reply, "rule"), "theme-day away");
    assert_int_equal(json_integer_value(json_object_get(reply, "only_now")), 0);
    json_decref(reply);
    err = stage_refused(s, ERR_MALFORMED, "try", "rules", "{\"try\":{\"rules\":[{\"id\":\"x\"}]}}");
    assert_non_null(strstr(err.en, "rules[0]"));
    stage_refused(s, ERR_MALFORMED, "try", "rules", "{\"try\":\"file.cfg\"}");
}

/* Where a request is queued, and whether it waits for alerts to be evaluated. */
static void test_classes(void **state)
{
    static const struct {
        const char *verb, *body;
        enum query_class class;
        bool needs_alerts;
    } cases[] = {
        {"alerts", "{}", QUERY_LOOKUP, true},
        {"alerts", "{\"as_of\":\"2023-03-15\"}", QUERY_HISTORY, false},
        {"alerts", "{\"known_on\":\"2023-03-15\"}", QUERY_HISTORY, false},
        {"explain", "{\"alert\":7}", QUERY_LOOKUP, true},
        {"due", "{}", QUERY_HISTORY, true},
        {"board", "{}", QUERY_HISTORY, false},
        {"rules", "{}", QUERY_LOOKUP, false},
        {"rules", "{\"try\":{}}", QUERY_HISTORY, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool needs_alerts;

        assert_int_equal(
            query_classify(cases[i].verb, cases[i].body, strlen(cases[i].body), &needs_alerts),
            cases[i].class);
        assert_true(needs_alerts == cases[i].needs_alerts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order_and_filters, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_row, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_pages, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_acknowledged, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_not_acknowledged, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_acknowledgement_taken_back, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_closed_and_changed, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_known_on, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_bounds, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_stopping, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_due, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_board, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_try, stage_setup, stage_teardown),
        cmocka_unit_test(test_classes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
