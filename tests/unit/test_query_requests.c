/* Requests: what is refused and how, what a reply always has, and which reads walk history. */
#include "base/text.h"
#include "query_stage.h"

static const struct {
    const char *verb, *body;
    enum err_code code;
    const char *field, *hint;
} mistakes[] = {
    {"recnt", "{}", ERR_UNKNOWN_VERB, NULL, "recent"},
    {"", "{}", ERR_UNKNOWN_VERB, NULL, ""},
    {"recent", "", ERR_MALFORMED, NULL, ""},
    {"recent", "[]", ERR_MALFORMED, NULL, ""},
    {"recent", "{", ERR_MALFORMED, NULL, ""},
    {"recent", "{} x", ERR_MALFORMED, NULL, ""},
    {"recent", "{\"limit\":1,\"limit\":2}", ERR_MALFORMED, NULL, ""},
    {"recent", "{\"kind\":\"\xff\"}", ERR_MALFORMED, NULL, ""},
    {"recent", "{\"brnch\":\"B-1\"}", ERR_MALFORMED, "brnch", "branch"},
    {"recent", "{\"what\":\"branches\"}", ERR_MALFORMED, "what", ""},
    {"recent", "{\"limit\":0}", ERR_MALFORMED, "limit", ""},
    {"recent", "{\"limit\":1001}", ERR_MALFORMED, "limit", ""},
    {"recent", "{\"limit\":2.5}", ERR_MALFORMED, "limit", ""},
    {"recent", "{\"limit\":\"5\"}", ERR_MALFORMED, "limit", ""},
    {"recent", "{\"count\":1}", ERR_MALFORMED, "count", ""},
    {"recent", "{\"branch\":7}", ERR_MALFORMED, "branch", ""},
    {"recent", "{\"branch\":\"\"}", ERR_MALFORMED, "branch", ""},
    {"recent", "{\"branch\":\"a b\"}", ERR_MALFORMED, "branch", ""},
    {"recent", "{\"area\":\"\"}", ERR_MALFORMED, "area", ""},
    {"recent", "{\"since\":\"2022-02-30\"}", ERR_MALFORMED, "since", ""},
    {"recent", "{\"since\":\"2022-02-02\",\"until\":\"2022-02-01\"}", ERR_MALFORMED, "since", ""},
    {"recent", "{\"as_of\":\"yesterday\"}", ERR_MALFORMED, "as_of", ""},
    {"recent", "{\"known_on\":\"2022-02-01T10:00\"}", ERR_MALFORMED, "known_on", ""},
    {"recent", "{\"type\":\"meetin\"}", ERR_MALFORMED, "type", "meeting"},
    {"recent", "{\"kind\":\"theme-day\"}", ERR_MALFORMED, "kind", "theme_day"},
    {"recent", "{\"cursor\":\"rB-1\"}", ERR_MALFORMED, "cursor", ""},
    {"recent", "{\"cursor\":\"p1.2\"}", ERR_MALFORMED, "cursor", ""},
    {"recent", "{\"cursor\":\"p1.2.3.4\"}", ERR_MALFORMED, "cursor", ""},
    {"recent", "{\"after_seq\":-1}", ERR_MALFORMED, "after_seq", ""},
    {"recent", "{\"lang\":\"fr\"}", ERR_MALFORMED, "lang", ""},
    {"recent", "{\"ledger\":\"0185a000-0000-7000-8000-000000000001\"}", ERR_NOT_ALLOWED, "ledger", ""},
    {"recent", "{\"branch\":\"B-l\"}", ERR_UNKNOWN_REF, "branch", "B-1"},
    {"recent", "{\"branch\":\"b-2\"}", ERR_UNKNOWN_REF, "branch", "B-2"},
    {"recent", "{\"branch\":\"B2\"}", ERR_UNKNOWN_REF, "branch", "B-2"},
    {"recent", "{\"branch\":\"2-B\"}", ERR_UNKNOWN_REF, "branch", ""},
    {"recent", "{\"member\":\"M-l\"}", ERR_UNKNOWN_REF, "member", "M-1"},
    {"list", "{}", ERR_MALFORMED, "what", ""},
    {"list", "{\"what\":null}", ERR_MALFORMED, "what", ""},
    {"list", "{\"what\":\"branch\"}", ERR_MALFORMED, "what", "branches"},
    {"list", "{\"what\":\"offices\",\"area\":\"45\"}", ERR_MALFORMED, "area", ""},
    {"list", "{\"what\":\"alliances\",\"sector\":\"enterprise\"}", ERR_MALFORMED, "sector", ""},
    {"list", "{\"what\":\"offices\",\"branch\":\"B-1\"}", ERR_MALFORMED, "branch", ""},
    {"list", "{\"what\":\"members\",\"sector\":\"both\"}", ERR_MALFORMED, "sector", ""},
    {"list", "{\"what\":\"offices\",\"cursor\":\"o1.2.3.x\"}", ERR_MALFORMED, "cursor", ""},
    {"show", "{\"what\":\"branch\"}", ERR_MALFORMED, "ref", ""},
    {"show", "{\"what\":\"branch\",\"ref\":\"B-9\"}", ERR_UNKNOWN_REF, "ref", "B-1"},
    {"show", "{\"what\":\"event\",\"ref\":\"0\"}", ERR_UNKNOWN_REF, "ref", ""},
    {"show", "{\"what\":\"event\",\"ref\":\"99999999999999999999\"}", ERR_UNKNOWN_REF, "ref", ""},
    {"show", "{\"what\":\"event\",\"ref\":\"1185a000-0000-7000-8000-000000000001\"}", ERR_UNKNOWN_REF, "ref",
     ""},
    {"status", "{\"limit\":5}", ERR_MALFORMED, "limit", ""},
};

static void test_mistakes(void **state)
{
    struct stage *s = *state;

    stage_people(s);
    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
        struct err err = stage_refused(s, mistakes[i].code, mistakes[i].field, mistakes[i].verb, "%s",
                                       mistakes[i].body);

        if (strcmp(err.hint, mistakes[i].hint ? mistakes[i].hint : "") != 0)
            fail_msg("%s: the hint is \"%s\"", mistakes[i].body, err.hint);
    }
}

static void expect_hostile(struct stage *s, enum err_code code, const char *verb, const struct buf *body)
{
    _cleanup_buf_ struct buf reply = {0};
    struct err err = {0};

    assert_int_equal(query_answer(s->query, &s->env, verb, body->data, body->len, &reply, &err), 1);
    assert_string_equal(err_code_name(err.code), err_code_name(code));
    assert_true(text_utf8_valid(err.en, strlen(err.en)) && text_utf8_valid(err.zh, strlen(err.zh)));
}

/* Depth, size and odd texts are refused like anything else. */
static void test_hostile(void **state)
{
    struct stage *s = *state;
    _cleanup_buf_ struct buf body = {0};

    buf_add_str(&body, "{\"branch\":");
    for (int i = 0; i < 60000; i++)
        buf_add_char(&body, '[');
    expect_hostile(s, ERR_MALFORMED, "recent", &body);
    for (int i = 0; i < 6000; i++)
        buf_add_char(&body, '[');
    expect_hostile(s, ERR_TOO_LARGE, "recent", &body);
    buf_clear(&body);
    buf_add_str(&body, "{\"what\":\"branch\",\"ref\":\"x");
    for (int i = 0; i < 20000; i++)
        buf_add_str(&body, "支");
    buf_add_str(&body, "\"}");
    expect_hostile(s, ERR_UNKNOWN_REF, "show", &body);
    buf_clear(&body);
    buf_add_str(&body, "{\"x");
    for (int i = 0; i < 20000; i++)
        buf_add_str(&body, "支");
    buf_add_str(&body, "\":1}");
    expect_hostile(s, ERR_MALFORMED, "show", &body);
    buf_clear(&body);
    buf_add(&body, "{\"lang\":\"en\0\"}", 14);
    expect_hostile(s, ERR_MALFORMED, "status", &body);
}

static void test_null_is_absent(void **state)
{
    json_t *reply = stage_ask(*state, "recent", "{\"branch\":null,\"limit\":null,\"lang\":\"zh\"}");

    assert_int_equal(json_array_size(json_object_get(reply, "rows")), 0);
    json_decref(reply);
}

static void test_pinned(void **state)
{
    struct stage *s = *state;

    json_decref(stage_ask(s, "status", "{\"ledger\":\"%s\"}", ledger_uuid(s->ledger)));
}

static void test_status(void **state)
{
    struct stage *s = *state;
    json_t *reply, *alerts;

    stage_people(s);
    reply = stage_ask(s, "status", "{}");
    assert_int_equal(json_integer_value(json_object_get(reply, "seq")), ledger_seq(s->ledger));
    assert_string_equal(json_string_value(json_object_get(reply, "timezone")), "Asia/Shanghai");
    assert_string_equal(json_string_value(json_object_get(reply, "today")), "2023-01-01");
    assert_string_equal(json_string_value(json_object_get(reply, "now")), "2023-01-01T04:00:00.000000Z");
    assert_string_equal(json_string_value(json_object_get(reply, "tracking_since")), "2022-01-01");
    assert_string_equal(json_string_value(json_object_get(reply, "version")), "test");
    assert_int_equal(json_string_length(json_object_get(reply, "head")), 64);
    assert_int_equal(json_array_size(json_object_get(reply, "kinds")), 12);
    alerts = json_object_get(reply, "alerts");
    assert_int_equal(json_integer_value(json_object_get(alerts, "red")), 0);
    json_decref(reply);
}

static void test_rules(void **state)
{
    json_t *reply = stage_ask(*state, "rules", "{\"lang\":\"zh\"}");
    json_t *rule = json_array_get(json_object_get(reply, "rules"), 0);

    assert_string_equal(json_string_value(json_object_get(rule, "title")), "每月主题党日");
    assert_string_equal(json_string_value(json_object_get(json_object_get(rule, "setting"), "per")), "month");
    assert_int_equal(json_array_size(json_object_get(rule, "levels")), 2);
    json_decref(reply);
}

static void test_classes(void **state)
{
    static const struct {
        const char *verb, *body;
        enum query_class class;
    } cases[] = {
        {"recent", "{}", QUERY_LOOKUP},
        {"recent", "{\"as_of\":\"2022-01-01\"}", QUERY_LOOKUP},
        {"recent", "{\"known_on\":\"2022-01-01\"}", QUERY_HISTORY},
        {"recent", "{\"known_on\":null}", QUERY_LOOKUP},
        {"recent", "rubbish", QUERY_LOOKUP},
        {"status", "{}", QUERY_LOOKUP},
        {"statsu", "{}", QUERY_UNKNOWN},
        {"submit", "{}", QUERY_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool needs_alerts = true;

        assert_int_equal(
            query_classify(cases[i].verb, cases[i].body, strlen(cases[i].body), &needs_alerts),
            cases[i].class);
        assert_false(needs_alerts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_mistakes, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_hostile, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_null_is_absent, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_pinned, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_status, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_rules, stage_setup, stage_teardown),
        cmocka_unit_test(test_classes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
