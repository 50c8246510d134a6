/* What holds for rules of all kinds, expiry and state (rules.md sections 1 and 2). */
#include "rules_stage.h"

#include <string.h>

static void conditions(void **state)
{
    static const struct {
        struct condition condition;
        struct fact fact;
        bool holds;
    } cases[] = {
        {{FACT_MEMBERS, OP_EQ, {FACT_NUMBER, 3, NULL}}, {FACT_NUMBER, 3, NULL}, true},
        {{FACT_MEMBERS, OP_NE, {FACT_NUMBER, 3, NULL}}, {FACT_NUMBER, 3, NULL}, false},
        {{FACT_MEMBERS, OP_LT, {FACT_NUMBER, 3, NULL}}, {FACT_NUMBER, 2, NULL}, true},
        {{FACT_MEMBERS, OP_LT, {FACT_NUMBER, 3, NULL}}, {FACT_NUMBER, 3, NULL}, false},
        {{FACT_MEMBERS, OP_LE, {FACT_NUMBER, 3, NULL}}, {FACT_NUMBER, 3, NULL}, true},
        {{FACT_MEMBERS, OP_GT, {FACT_NUMBER, 3, NULL}}, {FACT_NUMBER, 3, NULL}, false},
        {{FACT_MEMBERS, OP_GT, {FACT_NUMBER, 3, NULL}}, {FACT_NUMBER, 4, NULL}, true},
        {{FACT_MEMBERS, OP_GE, {FACT_NUMBER, 3, NULL}}, {FACT_NUMBER, 3, NULL}, true},
        {{FACT_STARS, OP_LT, {FACT_NUMBER, 0, NULL}}, {FACT_NUMBER, -1, NULL}, true},
        {{FACT_COMMITTEE, OP_EQ, {FACT_BOOL, 1, NULL}}, {FACT_BOOL, 1, NULL}, true},
        {{FACT_COMMITTEE, OP_NE, {FACT_BOOL, 1, NULL}}, {FACT_BOOL, 0, NULL}, true},
        {{FACT_FORM, OP_EQ, {FACT_TEXT, 0, "own"}}, {FACT_TEXT, 0, "own"}, true},
        {{FACT_FORM, OP_EQ, {FACT_TEXT, 0, "own"}}, {FACT_TEXT, 0, "owned"}, false},
        {{FACT_FORM, OP_NE, {FACT_TEXT, 0, "own"}}, {FACT_TEXT, 0, "joint"}, true},
        {{FACT_AREA, OP_EQ, {FACT_TEXT, 0, "4503"}}, {FACT_TEXT, 0, "450312"}, true},
        {{FACT_AREA, OP_EQ, {FACT_TEXT, 0, "450312"}}, {FACT_TEXT, 0, "450312"}, true},
        {{FACT_AREA, OP_EQ, {FACT_TEXT, 0, "4503121"}}, {FACT_TEXT, 0, "450312"}, false},
        {{FACT_AREA, OP_NE, {FACT_TEXT, 0, "4503"}}, {FACT_TEXT, 0, "450312"}, false},
        {{FACT_AREA, OP_NE, {FACT_TEXT, 0, "9"}}, {FACT_TEXT, 0, "450312"}, true},
        /* no value: does not hold, whatever the op */
        {{FACT_STAFF, OP_EQ, {FACT_NUMBER, 0, NULL}}, {FACT_UNSET, 0, NULL}, false},
        {{FACT_STAFF, OP_NE, {FACT_NUMBER, 5, NULL}}, {FACT_UNSET, 0, NULL}, false},
        {{FACT_STAFF, OP_LT, {FACT_NUMBER, 5, NULL}}, {FACT_UNSET, 0, NULL}, false},
        {{FACT_FIXED, OP_NE, {FACT_BOOL, 1, NULL}}, {FACT_UNSET, 0, NULL}, false},
        {{FACT_AREA, OP_NE, {FACT_TEXT, 0, "9"}}, {FACT_UNSET, 0, NULL}, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct condition condition = cases[i].condition;
        struct rule rule = {.when = &condition, .when_count = 1};
        struct frame frame = {.in_force = true};

        frame.facts[condition.fact] = cases[i].fact;
        if (rule_when_holds(&rule, &frame) != cases[i].holds)
            fail_msg("case %zu", i);
    }
}

static void all_conditions_hold(void **state)
{
    struct condition both[] = {{FACT_MEMBERS, OP_GT, {FACT_NUMBER, 3, NULL}},
                               {FACT_GROUPS, OP_EQ, {FACT_NUMBER, 0, NULL}}};
    struct rule rule = {.when = both, .when_count = 2};
    struct frame frame = {.in_force = true};

    (void)state;
    frame.facts[FACT_MEMBERS] = fact_int(4);
    frame.facts[FACT_GROUPS] = fact_int(1);
    assert_false(rule_when_holds(&rule, &frame));
    frame.facts[FACT_GROUPS] = fact_int(0);
    assert_true(rule_when_holds(&rule, &frame));
    rule.when_count = 0;
    assert_true(rule_when_holds(&rule, &frame));
    assert_false(rule_when_holds(&rule, NULL));
}

static void frames_by_day(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2022-01-10");
    stage_frame(&s, "2022-02-10", true);
    stage_frame(&s, "2022-03-10", false);
    assert_null(frame_on(&s.subject, day_at("2022-01-09")));
    assert_ptr_equal(frame_on(&s.subject, day_at("2022-01-10")), &s.frames[0]);
    assert_ptr_equal(frame_on(&s.subject, day_at("2022-02-09")), &s.frames[0]);
    assert_ptr_equal(frame_on(&s.subject, day_at("2022-02-10")), &s.frames[1]);
    assert_ptr_equal(frame_on(&s.subject, day_at("2030-01-01")), &s.frames[2]);
}

static void another_kind_of_subject(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    stage_init(&s, SUBJECT_UNIT, "2020-01-01");
    EXPECT(&s, &rule, {"2022-06-01", "-"});
    assert_string_equal(next_on(&s, &rule, "2022-06-01"), "never");
}

static void never_in_force(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2020-01-01");
    s.frames[0].in_force = false;
    EXPECT(&s, &rule, {"2022-06-01", "-"});
    assert_string_equal(next_on(&s, &rule, "2022-06-01"), "never");
    s.subject.frame_count = 0;
    EXPECT(&s, &rule, {"2022-06-01", "-"});
}

static void expiry_from_before_to_after(void **state)
{
    struct stage s;
    struct rule rule = rule_term_ends();

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2019-08-31");
    EXPECT(&s, &rule, {"2022-08-31", "-"}); /* no term, no alert */
    stage_last(&s)->dates[DATE_TERM_ENDS] = day_at("2022-08-31");
    EXPECT(&s, &rule, {"2022-02-27", "-"}, {"2022-02-28", "notice since 2022-02-28 due 2022-08-31"},
           {"2022-08-31", "notice since 2022-02-28 due 2022-08-31"},
           {"2022-09-01", "red since 2022-02-28 due 2022-08-31"});
    stage_frame(&s, "2022-09-15", true)->dates[DATE_TERM_ENDS] = day_at("2025-09-15");
    EXPECT(&s, &rule, {"2022-09-14", "red since 2022-02-28 due 2022-08-31"}, {"2022-09-15", "-"});
}

static void expiry_not_before_tracking(void **state)
{
    struct stage s;
    struct rule rule = rule_term_ends();

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2017-01-01");
    stage_last(&s)->dates[DATE_TERM_ENDS] = day_at("2020-01-01");
    /* Not open before tracking, but its `since` is what it is. */
    EXPECT(&s, &rule, {"2021-12-31", "-"}, {"2022-01-01", "red since 2019-07-01 due 2020-01-01"});
    assert_string_equal(next_on(&s, &rule, "2021-06-01"), "2022-01-01");
    stage_init(&s, SUBJECT_BRANCH, "2022-05-05");
    assert_string_equal(next_on(&s, &rule, "2021-06-01"), "2022-05-05");
}

static void expiry_since_not_before_first_day(void **state)
{
    struct stage s;
    struct rule rule = rule_term_ends();

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2022-05-05");
    stage_last(&s)->dates[DATE_TERM_ENDS] = day_at("2022-06-30");
    EXPECT(&s, &rule, {"2022-05-05", "notice since 2022-05-05 due 2022-06-30"});
}

static void expiry_plus(void **state)
{
    struct condition fixed[] = {{FACT_PRESENCE, OP_EQ, {FACT_TEXT, 0, "away"}},
                                {FACT_FIXED, OP_EQ, {FACT_BOOL, 1, NULL}}};
    struct threshold yellow = {.after = {0, DURATION_DAYS}, .level = LEVEL_YELLOW};
    struct rule rule = {
        .id = OWN("mobile-should-transfer"), .subject = SUBJECT_MEMBER, .kind = RULE_EXPIRY,
        .date = DATE_AWAY_SINCE, .plus = {6, DURATION_MONTHS}, .when = fixed, .when_count = 2,
        .levels = &yellow, .level_count = 1,
    };
    struct stage s;
    struct frame *away;

    (void)state;
    stage_init(&s, SUBJECT_MEMBER, "2020-01-01");
    away = stage_frame(&s, "2023-08-31", true);
    away->facts[FACT_PRESENCE] = fact_of("away");
    away->facts[FACT_FIXED] = fact_yes_no(true);
    away->dates[DATE_AWAY_SINCE] = day_at("2023-08-31");
    EXPECT(&s, &rule, {"2024-02-28", "-"}, {"2024-02-29", "yellow since 2024-02-29 due 2024-02-29"});
    stage_frame(&s, "2024-03-05", true)->facts[FACT_FIXED] = fact_yes_no(false);
    EXPECT(&s, &rule, {"2024-03-04", "yellow since 2024-02-29 due 2024-02-29"}, {"2024-03-05", "-"});
}

static void state_lasts(void **state)
{
    struct stage s;
    struct rule rule = rule_too_small();

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2020-01-01");
    stage_last(&s)->facts[FACT_FULL_MEMBERS] = fact_int(2);
    EXPECT(&s, &rule, {"2022-01-30", "-"}, {"2022-01-31", "yellow since 2022-01-31"},
           {"2022-06-29", "yellow since 2022-01-31"}, {"2022-06-30", "red since 2022-01-31"});
    stage_frame(&s, "2022-02-10", true)->facts[FACT_FULL_MEMBERS] = fact_int(1); /* no break */
    EXPECT(&s, &rule, {"2022-06-30", "red since 2022-01-31"});
    stage_frame(&s, "2022-07-10", true)->facts[FACT_FULL_MEMBERS] = fact_int(3);
    stage_frame(&s, "2022-07-11", true)->facts[FACT_FULL_MEMBERS] = fact_int(2);
    EXPECT(&s, &rule, {"2022-07-09", "red since 2022-01-31"}, {"2022-07-10", "-"},
           {"2022-08-09", "-"}, {"2022-08-10", "yellow since 2022-08-10"});
}

static void state_broken_by_a_gap_in_force(void **state)
{
    struct stage s;
    struct rule rule = rule_too_small();

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2022-03-01");
    stage_last(&s)->facts[FACT_FULL_MEMBERS] = fact_int(0);
    stage_frame(&s, "2022-05-01", false);
    stage_frame(&s, "2022-05-02", true);
    EXPECT(&s, &rule, {"2022-04-30", "yellow since 2022-03-31"}, {"2022-05-01", "-"},
           {"2022-05-31", "-"}, {"2022-06-01", "yellow since 2022-06-01"});
}

static void state_at_once(void **state)
{
    struct stage s;
    struct rule rule = rule_too_small();
    struct threshold red = {.after = {0, DURATION_DAYS}, .level = LEVEL_RED};

    (void)state;
    rule.levels = &red;
    rule.level_count = 1;
    stage_init(&s, SUBJECT_BRANCH, "2022-03-01");
    stage_last(&s)->facts[FACT_FULL_MEMBERS] = fact_int(0);
    EXPECT(&s, &rule, {"2022-02-28", "-"}, {"2022-03-01", "red since 2022-03-01"});
}

static void exemptions_suppress(void **state)
{
    struct stage s;
    struct rule rule = rule_too_small();

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2020-01-01");
    stage_last(&s)->facts[FACT_FULL_MEMBERS] = fact_int(2);
    stage_exempt(&s, "2022-02-01", "2022-02-28", "*");
    stage_exempt(&s, "2022-02-10", "2022-03-10", "other");
    EXPECT(&s, &rule, {"2022-01-31", "yellow since 2022-01-31"},
           {"2022-02-01", "exempt yellow since 2022-01-31"},
           {"2022-02-28", "exempt yellow since 2022-01-31"},
           {"2022-03-01", "yellow since 2022-01-31"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions),
        cmocka_unit_test(all_conditions_hold),
        cmocka_unit_test(frames_by_day),
        cmocka_unit_test(another_kind_of_subject),
        cmocka_unit_test(never_in_force),
        cmocka_unit_test(expiry_from_before_to_after),
        cmocka_unit_test(expiry_not_before_tracking),
        cmocka_unit_test(expiry_since_not_before_first_day),
        cmocka_unit_test(expiry_plus),
        cmocka_unit_test(state_lasts),
        cmocka_unit_test(state_broken_by_a_gap_in_force),
        cmocka_unit_test(state_at_once),
        cmocka_unit_test(exemptions_suppress),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
