/* explain: the figures with the events behind them, and the alert's own rows. */
#include "query_rules.h"

static char voided[40], other_kind[40], counted[40];

static void story(struct stage *s)
{
    stage_people(s);
    stage_rules(s, RULES_ALL);
    stage_day(s, "2023-03-15");
    stage_record(s, "meeting", "2023-01-20T19:00:00+08:00", "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"]");
    strcpy(counted, s->last_id);
    stage_record(s, "meeting", "2023-02-03", "\"branch\":\"B-1\",\"kinds\":[\"lecture\",\"talk\"]");
    strcpy(other_kind, s->last_id);
    stage_record(s, "meeting", "2023-02-04", "\"branch\":\"B-1\",\"kinds\":[\"theme_day\"]");
    strcpy(voided, s->last_id);
    stage_record(s, "event.voided", "2023-02-05", "\"event\":\"%s\",\"reason\":\"twice\"", voided);
    stage_record(s, "member.away", "2023-02-20", "\"member\":\"M-2\",\"destination\":\"Hunan\",\"fixed\":true");
    stage_evaluate(s, "2023-03-15");
}

static const json_t *event_of(const json_t *reply, const char *list, const char *id)
{
    const json_t *event;
    size_t i;

    json_array_foreach(json_object_get(reply, list), i, event)
    {
        if (strcmp(text_of(event, "event"), id) == 0)
            return event;
    }
    fail_msg("%s has no %s", list, id);
    return NULL;
}

static int64_t number_of(struct stage *s, const char *rule)
{
    json_t *reply = stage_ask(s, "alerts", "{\"rule\":\"%s\",\"branch\":\"B-1\"}", rule);
    int64_t number = json_integer_value(json_object_get(row_of(reply, 0), "alert"));

    json_decref(reply);
    return number;
}

static void test_by_rule(void **state)
{
    struct stage *s = *state;
    json_t *reply;
    const json_t *event;

    story(s);
    reply = stage_ask(s, "explain", "{\"rule\":\"theme-day\",\"subject\":{\"branch\":\"B-1\"}}");
    assert_int_equal(json_integer_value(json_object_get(reply, "alert")), number_of(s, "theme-day"));
    assert_string_equal(text_of(reply, "state"), "open");
    assert_string_equal(text_of(reply, "level"), "yellow");
    assert_string_equal(text_of(reply, "since"), "2023-03-11");
    assert_string_equal(text_of(reply, "day"), "2023-03-15");
    assert_string_equal(text_of(reply, "start"), "2023-01-01");
    assert_string_equal(text_of(reply, "branch"), "B-1");
    assert_string_equal(text_of(reply, "title"), "theme day");
    assert_string_equal(text_of(reply, "remedy"), "record 2023-02");
    assert_string_equal(text_of(reply, "clears"), "record 2023-02");
    assert_int_equal(json_array_size(json_object_get(reply, "periods")), 3);
    assert_string_equal(text_of(json_object_get(reply, "last"), "event"), counted);
    event = event_of(reply, "not_counted", counted);
    assert_string_equal(text_of(event, "why"), "other_period");
    assert_string_equal(text_of(event, "type"), "meeting");
    assert_string_equal(text_of(event, "at"), "2023-01-20T19:00:00+08:00");
    assert_string_equal(text_of(event_of(reply, "not_counted", voided), "why"), "out_of_effect");
    event = event_of(reply, "not_counted", other_kind);
    assert_string_equal(text_of(event, "why"), "other_kind");
    assert_int_equal(json_array_size(json_object_get(event, "kinds")), 2);
    assert_string_equal(stage_column(reply, "type"), "alert.opened");
    json_decref(reply);
}

static void test_why_not(void **state)
{
    struct stage *s = *state;
    json_t *reply;

    story(s);
    reply = stage_ask(s, "explain", "{\"rule\":\"away\",\"ref\":\"M-1\",\"lang\":\"zh\"}");
    assert_true(json_is_null(json_object_get(reply, "alert")));
    assert_string_equal(text_of(reply, "state"), "none");
    assert_true(json_is_false(json_object_get(reply, "open")));
    assert_string_equal(text_of(json_object_get(reply, "facts"), "presence"), "home");
    assert_true(json_is_false(json_object_get(json_object_get(reply, "facts"), "holds")));
    assert_string_equal(text_of(reply, "clears"), "see to M-1 zh");
    assert_int_equal(json_array_size(json_object_get(reply, "history")), 0);
    json_decref(reply);
    /* Of another day the alert that is open now is another matter. */
    reply = stage_ask(s, "explain", "{\"rule\":\"theme-day\",\"ref\":\"B-1\",\"as_of\":\"2023-03-10\"}");
    assert_true(json_is_null(json_object_get(reply, "alert")));
    assert_string_equal(text_of(reply, "state"), "none");
    assert_string_equal(text_of(event_of(reply, "counted", counted), "why"), "counted");
    json_decref(reply);
}

static void test_by_number(void **state)
{
    struct stage *s = *state;
    int64_t number;
    json_t *reply;

    story(s);
    number = number_of(s, "away");
    stage_record(s, "alert.acknowledged", "2023-03-15", "\"alert\":%lld,\"note\":\"seen\"", (long long)number);
    stage_record(s, "alert.noted", "2023-03-15", "\"alert\":%lld,\"note\":\"no answer\"", (long long)number);
    reply = stage_ask(s, "explain", "{\"alert\":%lld}", (long long)number);
    assert_string_equal(text_of(reply, "rule"), "away");
    assert_string_equal(text_of(json_object_get(reply, "subject"), "member"), "M-2");
    assert_string_equal(text_of(reply, "state"), "acknowledged");
    assert_string_equal(text_of(json_object_get(reply, "acknowledged"), "note"), "seen");
    assert_string_equal(text_of(reply, "base"), "2023-02-20");
    assert_string_equal(stage_column(reply, "type"), "alert.opened alert.acknowledged alert.noted");
    json_decref(reply);
    stage_record(s, "member.returned", "2023-03-15", "\"member\":\"M-2\"");
    stage_evaluate(s, "2023-03-15");
    reply = stage_ask(s, "explain", "{\"alert\":%lld}", (long long)number);
    assert_string_equal(text_of(reply, "state"), "closed");
    assert_string_equal(text_of(json_object_get(reply, "closed"), "why"), "when");
    assert_true(json_is_false(json_object_get(reply, "open")));
    assert_string_equal(stage_column(reply, "type"),
                        "alert.opened alert.acknowledged alert.noted alert.closed");
    json_decref(reply);
    reply = stage_ask(s, "explain", "{\"alert\":%lld,\"as_of\":\"2023-03-14\"}", (long long)number);
    assert_string_equal(text_of(reply, "state"), "open");
    assert_string_equal(text_of(reply, "level"), "notice");
    json_decref(reply);
    /* The rule is gone: what was recorded is still told. */
    stage_rules(s, "{\"rules\":[]}");
    reply = stage_ask(s, "explain", "{\"alert\":%lld}", (long long)number);
    assert_string_equal(text_of(reply, "level"), "notice");
    assert_null(json_object_get(reply, "periods"));
    json_decref(reply);
}

/* A subject that nothing in effect makes one is explained, too: it was never in force. */
static void test_nothing(void **state)
{
    struct stage *s = *state;
    char founding[40];
    json_t *reply;

    story(s);
    stage_record(s, "unit.registered", "2023-01-05", "\"unit\":\"U-9\",\"name\":\"nine\",\"sector\":\"enterprise\"");
    strcpy(founding, s->last_id);
    stage_record(s, "event.voided", "2023-03-15", "\"event\":\"%s\",\"reason\":\"twice\"", founding);
    reply = stage_ask(s, "explain", "{\"rule\":\"covered\",\"ref\":\"U-9\"}");
    assert_string_equal(text_of(reply, "state"), "none");
    assert_true(json_is_null(json_object_get(reply, "start")));
    json_decref(reply);
}

static void test_refusals(void **state)
{
    struct stage *s = *state;
    struct err err;

    story(s);
    stage_refused(s, ERR_UNKNOWN_REF, "alert", "explain", "{\"alert\":1}");
    stage_refused(s, ERR_MALFORMED, "alert", "explain", "{\"alert\":0}");
    stage_refused(s, ERR_MALFORMED, "alert", "explain", "{\"alert\":9,\"rule\":\"away\"}");
    stage_refused(s, ERR_MALFORMED, "rule", "explain", "{}");
    stage_refused(s, ERR_MALFORMED, "subject", "explain", "{\"rule\":\"away\"}");
    stage_refused(s, ERR_MALFORMED, "subject", "explain", "{\"rule\":\"away\",\"subject\":{\"branch\":\"B-1\"}}");
    stage_refused(s, ERR_UNKNOWN_REF, "ref", "explain", "{\"rule\":\"away\",\"ref\":\"M-99\"}");
    stage_refused(s, ERR_UNKNOWN_REF, "subject", "explain",
                  "{\"rule\":\"away\",\"subject\":{\"member\":\"M-99\"}}");
    err = stage_refused(s, ERR_UNKNOWN_REF, "rule", "explain", "{\"rule\":\"them-day\",\"ref\":\"B-1\"}");
    assert_string_equal(err.hint, "theme-day");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_by_rule, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_why_not, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_by_number, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_nothing, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_refusals, stage_setup, stage_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
