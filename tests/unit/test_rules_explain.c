/* What is told to people: explain and remedy. The JSON is read back with jansson. */
#include "rules_stage.h"

#include <jansson.h>
#include <string.h>

static json_t *explain(struct stage *s, const struct rule *rule, const char *day)
{
    _cleanup_buf_ struct buf text = {0};
    struct json j = json_to(&text);
    json_error_t error;
    json_t *root;

    json_open(&j, '{');
    rule_explain(&j, rule, day_at("2022-01-01"), &s->subject, day_at(day), NULL);
    json_close(&j, '}');
    root = json_loads(buf_str(&text), JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s in %s", error.text, buf_str(&text));
    return root;
}

/* A value of the explanation as compact text, to be compared. */
static void expect_part(json_t *root, const char *key, const char *text)
{
    json_t *part = json_object_get(root, key);
    _cleanup_free_ char *got = part ? json_dumps(part, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

    if (!got || strcmp(got, text) != 0)
        fail_msg("%s: expected %s, got %s", key, text, got ? got : "nothing");
}

static void cadence_explained(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();
    struct condition when[] = {{FACT_FORM, OP_NE, {FACT_TEXT, 0, "general"}},
                               {FACT_GROUPS, OP_GE, {FACT_NUMBER, 0, NULL}}};
    json_t *root;

    (void)state;
    rule.when = when;
    rule.when_count = 2;
    stage_init(&s, SUBJECT_BRANCH, "2020-01-01");
    stage_last(&s)->facts[FACT_FORM] = fact_of("own");
    stage_last(&s)->facts[FACT_GROUPS] = fact_int(2);
    stage_act(&s, "2022-01-05", KIND_BIT(KIND_THEME), ACTIVITY_HOST);
    stage_act(&s, "2022-02-05", KIND_BIT(KIND_GENERAL), ACTIVITY_HOST);
    stage_act(&s, "2022-02-06", KIND_BIT(KIND_THEME), ACTIVITY_HOST | ACTIVITY_OUT);
    stage_act(&s, "2022-05-07", KIND_BIT(KIND_THEME), ACTIVITY_HOST);
    stage_exempt(&s, "2022-02-01", "2022-02-10", "*");
    root = explain(&s, &rule, "2022-04-12");
    expect_part(root, "open", "true");
    expect_part(root, "level", "\"yellow\"");
    expect_part(root, "since", "\"2022-03-11\"");
    expect_part(root, "missed", "2");
    expect_part(root, "exempt", "false");
    expect_part(root, "window", "{\"from\":\"2022-02-01\",\"to\":\"2022-04-12\"}");
    expect_part(root, "start", "\"2022-01-01\"");
    expect_part(root, "counted", "[]");
    expect_part(root, "not_counted",
                "[{\"seq\":1,\"at\":\"2022-01-05\",\"why\":\"other_period\"},"
                "{\"seq\":2,\"at\":\"2022-02-05\",\"why\":\"other_kind\"},"
                "{\"seq\":3,\"at\":\"2022-02-06\",\"why\":\"out_of_effect\"},"
                "{\"seq\":4,\"at\":\"2022-05-07\",\"why\":\"after_day\"}]");
    expect_part(root, "more", "0");
    expect_part(root, "exemptions", "[{\"exemption\":\"X-1\",\"from\":\"2022-02-01\","
                                    "\"to\":\"2022-02-10\",\"branch\":false}]");
    expect_part(root, "facts", "{\"form\":\"own\",\"groups\":2,\"holds\":true}");
    expect_part(root, "levels", "[{\"level\":\"yellow\",\"on\":\"2022-03-11\"},"
                                "{\"level\":\"red\",\"on\":\"2022-05-11\"}]");
    expect_part(root, "clears", "{\"en\":\"Theme day of S-1 in 2022-02 to 2022-03, 1 missing\","
                                "\"zh\":\"S-1 在 2022-02 至 2022-03\"}");
    assert_int_equal(json_array_size(json_object_get(root, "periods")), 4);
    expect_part(json_array_get(json_object_get(root, "periods"), 1), "state", "\"missed\"");
    json_decref(root);
    stage_exempt(&s, "2022-04-10", "2022-04-12", "theme-day");
    stage_exempt(&s, "2022-04-13", "2022-04-20", "*");
    root = explain(&s, &rule, "2022-04-12"); /* exempt: what it would be is told apart */
    expect_part(root, "open", "false");
    assert_null(json_object_get(root, "level"));
    assert_null(json_object_get(root, "since"));
    expect_part(root, "exempt", "true");
    expect_part(root, "exempt_until", "\"2022-04-20\"");
    expect_part(root, "without_exemption", "{\"level\":\"yellow\",\"since\":\"2022-03-11\"}");
    json_decref(root);
    root = explain(&s, &rule, "2022-05-07"); /* held again: nothing is open, May closes in June */
    expect_part(root, "open", "false");
    expect_part(root, "counted", "[{\"seq\":4,\"at\":\"2022-05-07\",\"why\":\"counted\"}]");
    expect_part(root, "levels", "[{\"level\":\"yellow\",\"on\":\"2022-07-11\"},"
                                "{\"level\":\"red\",\"on\":\"2022-09-11\"}]");
    json_decref(root);
}

static void silence_explained(void **state)
{
    const uint32_t roll = ACTIVITY_HOST | ACTIVITY_HAS_LIST | ACTIVITY_HAS_ROLL;
    struct stage s;
    struct rule rule = rule_not_taking_part();
    json_t *root;

    (void)state;
    stage_init(&s, SUBJECT_MEMBER, "2022-01-01");
    stage_act(&s, "2022-01-05 2022-02-10", KIND_BIT(KIND_THEME), ACTIVITY_PRESENT);
    stage_act(&s, "2021-02-08", KIND_BIT(KIND_THEME), ACTIVITY_PRESENT); /* too long ago to tell */
    stage_act(&s, "2022-03-05", KIND_BIT(KIND_THEME), ACTIVITY_ABSENT);
    stage_act(&s, "2022-04-05", KIND_BIT(KIND_CONTACT), ACTIVITY_CONTACT);
    stage_held(&s, 1, "2022-03-05 2022-03-06", KIND_BIT(KIND_THEME), roll);
    root = explain(&s, &rule, "2022-05-11");
    expect_part(root, "open", "false");
    expect_part(root, "window", "{\"from\":\"2022-02-10\",\"to\":\"2022-05-11\"}");
    expect_part(root, "base", "\"2022-02-10\"");
    expect_part(root, "last", "\"2022-02-10\"");
    expect_part(root, "counted", "[{\"seq\":2,\"at\":\"2022-02-10\",\"why\":\"counted\"}]");
    expect_part(root, "not_counted",
                "[{\"seq\":1,\"at\":\"2022-01-05\",\"why\":\"before_window\"},"
                "{\"seq\":4,\"at\":\"2022-03-05\",\"why\":\"not_present\"},"
                "{\"seq\":5,\"at\":\"2022-04-05\",\"why\":\"other_kind\"}]");
    expect_part(root, "more", "1");
    expect_part(root, "rolls", "{\"needed\":3,\"seen\":2}");
    expect_part(root, "levels",
                "[{\"level\":\"yellow\",\"on\":null},{\"level\":\"red\",\"on\":null}]");
    json_decref(root);
    stage_held(&s, 1, "2022-05-20", KIND_BIT(KIND_THEME), roll);
    root = explain(&s, &rule, "2022-05-21");
    expect_part(root, "since", "\"2022-05-20\"");
    expect_part(root, "levels", "[{\"level\":\"yellow\",\"on\":\"2022-05-20\"},"
                                "{\"level\":\"red\",\"on\":\"2022-08-10\"}]");
    json_decref(root);
}

static void hours_explained(void **state)
{
    struct stage s;
    struct rule rule = rule_training_hours();
    json_t *root;

    (void)state;
    rule.kinds = KINDS_ANY;
    stage_init(&s, SUBJECT_MEMBER, "2021-06-01");
    stage_train(&s, "2022-03-01", 1650, ACTIVITY_PRESENT);
    stage_act(&s, "2022-03-02", KIND_BIT(KIND_THEME), ACTIVITY_PRESENT);
    stage_attended(&s, 1, "2022-03-01", KIND_BIT(KIND_TRAINING));
    root = explain(&s, &rule, "2023-02-01");
    expect_part(root, "missed", "1");
    expect_part(root, "not_counted",
                "[{\"seq\":2,\"at\":\"2022-03-02\",\"why\":\"training_hours\"}]");
    expect_part(root, "periods",
                "[{\"period\":\"2022\",\"first\":\"2022-01-01\",\"last\":\"2022-12-31\","
                "\"closes\":\"2023-01-11\",\"state\":\"missed\",\"counted\":16.5,\"at_least\":32},"
                "{\"period\":\"2023\",\"first\":\"2023-01-01\",\"last\":\"2023-12-31\","
                "\"closes\":\"2024-01-11\",\"state\":\"none\",\"counted\":0,\"at_least\":32}]");
    expect_part(root, "clears", "{\"en\":\"Subject (S-1): 15.5 hours in 2022\","
                                "\"zh\":\"Subject：15.5\"}");
    json_decref(root);
    stage_train(&s, "2023-03-01", 200, ACTIVITY_PRESENT);
    stage_attended(&s, 1, "2023-03-01", KIND_BIT(KIND_TRAINING));
    root = explain(&s, &rule, "2024-02-01"); /* what the last of them lacks */
    expect_part(root, "clears", "{\"en\":\"Subject (S-1): 30 hours in 2022 to 2023\","
                                "\"zh\":\"Subject：30\"}");
    json_decref(root);
}

static void dates_explained(void **state)
{
    struct stage s;
    struct rule rule = rule_term_ends(), small = rule_too_small();
    json_t *root;

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2020-01-01");
    stage_last(&s)->dates[DATE_TERM_ENDS] = day_at("2022-08-31");
    root = explain(&s, &rule, "2022-05-01");
    expect_part(root, "due", "\"2022-08-31\"");
    expect_part(root, "date", "\"2022-08-31\"");
    expect_part(root, "levels", "[{\"level\":\"notice\",\"on\":\"2022-02-28\"},"
                                "{\"level\":\"red\",\"on\":\"2022-09-01\"}]");
    expect_part(root, "clears",
                "{\"en\":\"The term of S-1 runs until 2022-08-31: {need} {unknown} {\","
                "\"zh\":\"2022-08-31\"}");
    json_decref(root);
    root = explain(&s, &small, "2022-05-01"); /* an unset fact: the rule does not apply */
    expect_part(root, "facts", "{\"full_members\":null,\"holds\":false}");
    expect_part(root, "base", "null");
    json_decref(root);
    stage_last(&s)->facts[FACT_FULL_MEMBERS] = fact_int(1);
    root = explain(&s, &small, "2021-05-01"); /* not tracked yet */
    expect_part(root, "levels",
                "[{\"level\":\"yellow\",\"on\":null},{\"level\":\"red\",\"on\":null}]");
    json_decref(root);
    root = explain(&s, &rule, "2019-05-01"); /* not in force yet */
    expect_part(root, "open", "false");
    expect_part(root, "window", "{\"from\":\"2019-05-01\",\"to\":\"2019-05-01\"}");
    json_decref(root);
}

static void long_lists_are_cut(void **state)
{
    struct stage s;
    struct rule rule = rule_inactive();
    json_t *root;

    (void)state;
    rule.kinds = KIND_BIT(KIND_THEME);
    stage_init(&s, SUBJECT_BRANCH, "2020-01-01");
    stage_act(&s, "2020-06-01", KIND_BIT(KIND_THEME), ACTIVITY_HOST); /* long before */
    for (int i = 0; i < 300; i++)
        stage_act(&s, i < 250 ? "2022-05-01" : "2022-07-01", KIND_BIT(KIND_GENERAL), ACTIVITY_HOST);
    root = explain(&s, &rule, "2022-06-01");
    assert_int_equal(json_array_size(json_object_get(root, "not_counted")), 200);
    expect_part(root, "more", "101");
    json_decref(root);
}

static void remedy_names_the_branch(void **state)
{
    _cleanup_buf_ struct buf out = {0};
    struct stage s;
    struct rule rule = rule_not_taking_part();
    struct verdict verdict;

    (void)state;
    rule.remedy = (struct bilingual){OWN("Ask {branch}, by {due}"), OWN("询问{branch}")};
    stage_init(&s, SUBJECT_MEMBER, "2022-01-01");
    rule_evaluate(&verdict, &rule, day_at("2022-01-01"), &s.subject, day_at("2022-03-01"));
    rule_remedy(&out, &rule, &verdict, &s.subject, "B-017", day_at("2022-03-01"), "en");
    assert_string_equal(buf_str(&out), "Ask B-017, by -");
    buf_clear(&out);
    rule_remedy(&out, &rule, &verdict, &s.subject, NULL, day_at("2022-03-01"), "zh");
    assert_string_equal(buf_str(&out), "询问所在支部");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cadence_explained), cmocka_unit_test(silence_explained),
        cmocka_unit_test(hours_explained),   cmocka_unit_test(dates_explained),
        cmocka_unit_test(long_lists_are_cut), cmocka_unit_test(remedy_names_the_branch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
