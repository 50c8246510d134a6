/* Cadence (rules.md section 2): each clause as a case. */
#include "rules_stage.h"

#include <string.h>

static void branch_from(struct stage *s, const char *from)
{
    stage_init(s, SUBJECT_BRANCH, from);
}

static void theme_days(struct stage *s, const char *days)
{
    stage_act(s, days, KIND_BIT(KIND_THEME), ACTIVITY_HOST);
}

static void missed_month_opens_after_grace(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2020-05-05");
    theme_days(&s, "2022-01-31");
    EXPECT(&s, &rule, {"2022-02-10", "-"}, {"2022-02-11", "-"}, {"2022-02-28", "-"},
           {"2022-03-10", "-"}, {"2022-03-11", "yellow since 2022-03-11 missed 1"},
           {"2022-04-10", "yellow since 2022-03-11 missed 1"},
           {"2022-04-11", "yellow since 2022-03-11 missed 2"},
           {"2022-05-11", "red since 2022-03-11 missed 3"},
           {"2023-02-11", "red since 2022-03-11 missed 12"});
}

static void next_meeting_forgives(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2020-05-05");
    theme_days(&s, "2022-01-31 2022-04-12"); /* none in February, none in March */
    EXPECT(&s, &rule, {"2022-04-11", "yellow since 2022-03-11 missed 2"}, {"2022-04-12", "-"},
           {"2022-05-11", "-"}, {"2022-06-10", "-"},
           {"2022-06-11", "yellow since 2022-06-11 missed 1"});
}

static void late_record_clears(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2020-05-05");
    theme_days(&s, "2022-01-31");
    EXPECT(&s, &rule, {"2022-04-15", "yellow since 2022-03-11 missed 2"});
    theme_days(&s, "2022-02-03"); /* paper of February: the run begins later */
    EXPECT(&s, &rule, {"2022-04-15", "yellow since 2022-04-11 missed 1"});
    theme_days(&s, "2022-03-03");
    EXPECT(&s, &rule, {"2022-04-15", "-"});
}

static void only_whole_periods_after_start(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2022-02-02"); /* February is not whole */
    EXPECT(&s, &rule, {"2022-03-15", "-"}, {"2022-04-10", "-"},
           {"2022-04-11", "yellow since 2022-04-11 missed 1"});
    branch_from(&s, "2022-02-01");
    EXPECT(&s, &rule, {"2022-03-11", "yellow since 2022-03-11 missed 1"});
    assert_string_equal(verdict_tracked(&s, &rule, "2022-02-02", "2022-03-15"), "-");
    assert_string_equal(verdict_tracked(&s, &rule, "2022-03-12", "2022-03-11"), "-");
}

static void kinds_and_part_decide_what_counts(void **state)
{
    static const struct {
        uint64_t kinds;
        uint32_t flags;
        bool counts;
    } cases[] = {
        {KIND_BIT(KIND_THEME), ACTIVITY_HOST, true},
        {KIND_BIT(KIND_THEME), ACTIVITY_WITH, true},
        {KIND_BIT(KIND_THEME) | KIND_BIT(KIND_GENERAL), ACTIVITY_HOST, true},
        {KIND_BIT(KIND_GENERAL), ACTIVITY_HOST, false},
        {KIND_BIT(KIND_TRAINING), ACTIVITY_HOST | ACTIVITY_TRAINING, false},
        {KIND_BIT(KIND_THEME), ACTIVITY_HOST | ACTIVITY_OUT, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stage s;
        struct rule rule = rule_theme_day();

        branch_from(&s, "2020-05-05");
        stage_act(&s, "2022-01-31", cases[i].kinds, cases[i].flags);
        if ((strcmp(verdict_on(&s, &rule, "2022-02-11"), "-") == 0) != cases[i].counts)
            fail_msg("case %zu", i);
    }
}

static void any_and_training(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2020-05-05");
    stage_train(&s, "2022-01-31", 100, ACTIVITY_WITH);
    rule.kinds = KINDS_ANY;
    EXPECT(&s, &rule, {"2022-02-11", "-"});
    rule.kinds = KIND_BIT(KIND_TRAINING);
    EXPECT(&s, &rule, {"2022-02-11", "-"});
    rule.kinds = KIND_BIT(KIND_GENERAL);
    EXPECT(&s, &rule, {"2022-02-11", "yellow since 2022-02-11 missed 1"});
}

static void activities_after_the_day_do_not_count(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2020-05-05");
    theme_days(&s, "2022-01-10 2022-03-20");
    EXPECT(&s, &rule, {"2022-03-19", "yellow since 2022-03-11 missed 1"}, {"2022-03-20", "-"});
}

static void at_least_two(void **state)
{
    struct stage s;
    struct rule rule = rule_general_meeting();

    (void)state;
    rule.at_least = 2;
    branch_from(&s, "2021-10-01");
    stage_act(&s, "2022-01-10 2022-03-31 2022-04-01", KIND_BIT(KIND_GENERAL), ACTIVITY_HOST);
    EXPECT(&s, &rule, {"2022-04-11", "-"}, {"2022-07-11", "yellow since 2022-07-11 missed 1"},
           {"2022-10-11", "red since 2022-07-11 missed 2"});
    stage_act(&s, "2022-10-01", KIND_BIT(KIND_GENERAL), ACTIVITY_HOST); /* one is not enough */
    EXPECT(&s, &rule, {"2022-10-12", "red since 2022-07-11 missed 2"});
    stage_act(&s, "2022-10-12", KIND_BIT(KIND_GENERAL), ACTIVITY_WITH);
    EXPECT(&s, &rule, {"2022-10-11", "red since 2022-07-11 missed 2"}, {"2022-10-12", "-"});
}

static void grace_in_months_and_none(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2020-05-05");
    rule.grace = (struct duration){1, DURATION_MONTHS}; /* 31 January + 1 month = 28 February */
    EXPECT(&s, &rule, {"2022-02-28", "-"}, {"2022-03-01", "yellow since 2022-03-01 missed 1"});
    rule.grace = (struct duration){0, DURATION_DAYS};
    EXPECT(&s, &rule, {"2022-01-31", "-"}, {"2022-02-01", "yellow since 2022-02-01 missed 1"});
}

static void first_level_above_one(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();
    struct threshold red = {.missed = 3, .level = LEVEL_RED};

    (void)state;
    branch_from(&s, "2020-05-05");
    rule.levels = &red;
    rule.level_count = 1;
    EXPECT(&s, &rule, {"2022-03-11", "-"}, {"2022-04-10", "-"},
           {"2022-04-11", "red since 2022-02-11 missed 3"});
}

static void when_is_asked_on_the_last_day(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();
    struct condition committee = {FACT_COMMITTEE, OP_EQ, {.type = FACT_BOOL, .number = 1}};

    (void)state;
    rule.when = &committee;
    rule.when_count = 1;
    branch_from(&s, "2020-05-05");
    stage_last(&s)->facts[FACT_COMMITTEE] = fact_yes_no(false);
    stage_frame(&s, "2022-01-31", true)->facts[FACT_COMMITTEE] = fact_yes_no(true);
    stage_frame(&s, "2022-02-28", true)->facts[FACT_COMMITTEE] = fact_yes_no(false);
    stage_frame(&s, "2022-03-31", true)->facts[FACT_COMMITTEE] = fact_yes_no(true);
    /* January and March are duty periods, February is none; on a day without, nothing is open. */
    EXPECT(&s, &rule, {"2022-02-11", "yellow since 2022-02-11 missed 1"}, {"2022-03-05", "-"},
           {"2022-03-31", "yellow since 2022-02-11 missed 1"},
           {"2022-04-11", "yellow since 2022-02-11 missed 2"});
}

static void run_goes_over_periods_that_are_none(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2020-05-05");
    theme_days(&s, "2022-02-15");
    stage_exempt(&s, "2022-02-20", "2022-02-28", "*"); /* February: excused, and held */
    EXPECT(&s, &rule, {"2022-02-11", "yellow since 2022-02-11 missed 1"}, {"2022-02-15", "-"},
           {"2022-03-31", "-"}, {"2022-04-11", "yellow since 2022-02-11 missed 2"});
}

static void exemption_on_the_last_day_excuses(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2020-05-05");
    theme_days(&s, "2022-01-05 2022-03-05");
    stage_exempt(&s, "2022-02-28", "2022-02-28", "theme-day");
    EXPECT(&s, &rule, {"2022-03-04", "-"}, {"2022-03-31", "-"}, {"2022-04-30", "-"},
           {"2022-05-11", "yellow since 2022-05-11 missed 1"});
    branch_from(&s, "2020-05-05");
    stage_exempt(&s, "2022-01-02", "2022-01-30", "*"); /* not on its last day */
    EXPECT(&s, &rule, {"2022-02-11", "yellow since 2022-02-11 missed 1"});
    branch_from(&s, "2020-05-05");
    stage_exempt(&s, "2022-01-02", "2022-02-02", "other"); /* from another rule */
    EXPECT(&s, &rule, {"2022-02-11", "yellow since 2022-02-11 missed 1"});
}

static void exemption_on_the_day_suppresses(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2020-05-05");
    stage_exempt(&s, "2022-02-12", "2022-02-20", "theme-day");
    EXPECT(&s, &rule, {"2022-02-11", "yellow since 2022-02-11 missed 1"},
           {"2022-02-12", "exempt yellow since 2022-02-11 missed 1"},
           {"2022-02-20", "exempt yellow since 2022-02-11 missed 1"},
           {"2022-02-21", "yellow since 2022-02-11 missed 1"});
    assert_string_equal(next_on(&s, &rule, "2022-02-11"), "2022-02-12");
    assert_string_equal(next_on(&s, &rule, "2022-02-12"), "2022-02-21");
}

static void gap_in_force_makes_periods_none(void **state)
{
    struct stage s;
    struct rule rule = rule_theme_day();

    (void)state;
    branch_from(&s, "2020-05-05");
    stage_frame(&s, "2022-01-20", false);
    stage_frame(&s, "2022-02-01", true);
    EXPECT(&s, &rule, {"2022-01-25", "-"}, {"2022-02-28", "-"}, {"2022-03-10", "-"},
           {"2022-03-11", "yellow since 2022-03-11 missed 1"});
    stage_frame(&s, "2022-03-20", false); /* dissolved */
    EXPECT(&s, &rule, {"2022-03-19", "yellow since 2022-03-11 missed 1"}, {"2022-03-20", "-"},
           {"2023-03-20", "-"});
}

static void left_and_came_back(void **state)
{
    struct stage s;
    struct rule rule = rule_training_hours();

    (void)state;
    rule.needs_rolls = 0;
    rule.per = PERIOD_MONTH;
    stage_init(&s, SUBJECT_MEMBER, "2022-02-15"); /* start is the first day of all */
    stage_frame(&s, "2022-04-10", false);
    stage_frame(&s, "2022-05-20", true);
    /* March was whole and is missed; April, May are not; June is. */
    EXPECT(&s, &rule, {"2022-04-11", "-"}, {"2022-05-20", "yellow since 2022-04-11 missed 1"},
           {"2022-07-11", "yellow since 2022-04-11 missed 2"});
}

static void hours_of_trainings_attended(void **state)
{
    struct stage s;
    struct rule rule = rule_training_hours();

    (void)state;
    rule.needs_rolls = 0;
    stage_init(&s, SUBJECT_MEMBER, "2020-01-01");
    stage_train(&s, "2022-03-01", 1650, ACTIVITY_PRESENT);
    stage_train(&s, "2022-04-01", 1549, ACTIVITY_PRESENT);
    stage_train(&s, "2022-05-01", 800, ACTIVITY_ABSENT);
    EXPECT(&s, &rule, {"2023-01-10", "-"}, {"2023-01-11", "yellow since 2023-01-11 missed 1"});
    stage_train(&s, "2022-12-31", 1, ACTIVITY_PRESENT);
    EXPECT(&s, &rule, {"2023-01-11", "-"});
    rule.kinds = KINDS_ANY; /* a meeting has no hours, whatever the kinds */
    rule.at_least = 3201;
    stage_act(&s, "2022-06-01", KIND_BIT(KIND_THEME), ACTIVITY_PRESENT);
    EXPECT(&s, &rule, {"2023-01-11", "yellow since 2023-01-11 missed 1"});
}

static void contacts_are_no_meetings(void **state)
{
    struct stage s;
    struct rule rule = rule_training_hours();

    (void)state;
    rule.needs_rolls = 0;
    rule.measure = MEASURE_COUNT;
    rule.at_least = 1;
    rule.kinds = KINDS_ANY | KIND_BIT(KIND_CONTACT);
    stage_init(&s, SUBJECT_MEMBER, "2020-01-01");
    stage_act(&s, "2022-03-01", KIND_BIT(KIND_CONTACT), ACTIVITY_CONTACT);
    EXPECT(&s, &rule, {"2023-01-11", "yellow since 2023-01-11 missed 1"});
}

static void needs_rolls(void **state)
{
    const uint64_t training = KIND_BIT(KIND_TRAINING);
    const uint32_t listed = ACTIVITY_HOST | ACTIVITY_HAS_LIST | ACTIVITY_HAS_ROLL;
    struct stage s;
    struct rule rule = rule_training_hours();

    (void)state;
    stage_init(&s, SUBJECT_MEMBER, "2020-01-01");
    EXPECT(&s, &rule, {"2023-01-11", "-"}); /* nobody of the branch was ever listed */
    stage_attended(&s, 1, "2022-06-01", KIND_BIT(KIND_GENERAL));
    EXPECT(&s, &rule, {"2023-01-11", "-"}); /* not at a training */
    stage_attended(&s, 1, "2021-12-31 2023-01-01", training);
    EXPECT(&s, &rule, {"2023-01-11", "-"}); /* not in that year */
    stage_attended(&s, 1, "2022-06-02", training);
    EXPECT(&s, &rule, {"2023-01-11", "yellow since 2023-01-11 missed 1"});
    stage_held(&s, 1, "2022-06-02", training, listed);
    stage_held(&s, 1, "2022-06-03", KIND_BIT(KIND_GENERAL), ACTIVITY_HOST);
    stage_held(&s, 1, "2022-06-04", training, ACTIVITY_WITH | ACTIVITY_HAS_LIST); /* empty */
    stage_held(&s, 1, "2022-06-05", training, ACTIVITY_HOST | ACTIVITY_OUT);
    EXPECT(&s, &rule, {"2023-01-11", "yellow since 2023-01-11 missed 1"});
    stage_held(&s, 1, "2022-06-06", training, ACTIVITY_WITH); /* by head count */
    EXPECT(&s, &rule, {"2023-01-11", "-"});
}

static void needs_rolls_asks_the_branch_of_the_last_day(void **state)
{
    struct stage s;
    struct rule rule = rule_training_hours();

    (void)state;
    stage_init(&s, SUBJECT_MEMBER, "2020-01-01");
    stage_frame(&s, "2022-12-31", true)->branch = 2;
    stage_frame(&s, "2023-01-02", true)->branch = 3;
    stage_attended(&s, 1, "2022-06-02", KIND_BIT(KIND_TRAINING));
    EXPECT(&s, &rule, {"2023-01-11", "-"});
    stage_attended(&s, 2, "2022-06-02", KIND_BIT(KIND_TRAINING));
    EXPECT(&s, &rule, {"2023-01-11", "yellow since 2023-01-11 missed 1"});
}

static void duties_for_the_board(void **state)
{
    static const struct {
        const char *first, *closes;
        int64_t counted;
        enum duty_state state;
    } expected[] = {
        {"2021-12-01", "2022-01-11", 0, DUTY_NONE},   {"2022-01-01", "2022-02-11", 2, DUTY_MET},
        {"2022-02-01", "2022-03-11", 0, DUTY_LATE},   {"2022-03-01", "2022-04-11", 0, DUTY_EXCUSED},
        {"2022-04-01", "2022-05-11", 1, DUTY_MET},    {"2022-05-01", "2022-06-11", 0, DUTY_MISSED},
        {"2022-06-01", "2022-07-11", 0, DUTY_OPEN},
    };
    struct stage s;
    struct rule rule = rule_theme_day();
    _cleanup_free_ struct duty *duties = NULL;
    size_t count;

    (void)state;
    branch_from(&s, "2020-05-05");
    theme_days(&s, "2022-01-03 2022-01-04 2022-04-30 2022-06-21");
    stage_exempt(&s, "2022-03-31", "2022-04-20", "*");
    count = rule_duties(&duties, &rule, day_at("2022-01-01"), &s.subject, day_at("2021-12-31"),
                        day_at("2022-12-31"), day_at("2022-06-20"));
    assert_int_equal(count, ARRAY_LEN(expected));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(duties[i].first, day_at(expected[i].first));
        assert_int_equal(duties[i].closes, day_at(expected[i].closes));
        assert_int_equal(duties[i].counted, expected[i].counted);
        assert_string_equal(duty_state_name(duties[i].state), duty_state_name(expected[i].state));
    }
    free(TAKE(duties));
    rule.subject = SUBJECT_MEMBER;
    assert_int_equal(rule_duties(&duties, &rule, 0, &s.subject, 0, 100, 100), 0);
}

static enum duty_state state_of(struct stage *s, const char *period, const char *day)
{
    struct rule rule = rule_theme_day();
    _cleanup_free_ struct duty *duties = NULL;

    assert_int_equal(rule_duties(&duties, &rule, day_at("2022-01-01"), &s->subject,
                                 day_at(period), day_at(period), day_at(day)),
                     1);
    return duties[0].state;
}

static void duties_as_the_day_knows_them(void **state)
{
    struct stage s;

    (void)state;
    branch_from(&s, "2020-05-05");
    stage_exempt(&s, "2022-06-20", "2022-06-30", "theme-day");
    stage_frame(&s, "2022-09-20", false);
    assert_int_equal(state_of(&s, "2022-05-01", "2022-06-10"), DUTY_OPEN); /* within grace */
    assert_int_equal(state_of(&s, "2022-05-01", "2022-06-11"), DUTY_MISSED);
    assert_int_equal(state_of(&s, "2022-06-01", "2022-06-19"), DUTY_OPEN);
    assert_int_equal(state_of(&s, "2022-06-01", "2022-06-20"), DUTY_EXCUSED);
    assert_int_equal(state_of(&s, "2022-09-01", "2022-09-19"), DUTY_OPEN);
    assert_int_equal(state_of(&s, "2022-09-01", "2022-09-20"), DUTY_NONE); /* dissolved in it */
}

/* Recorded on the 21st, the meeting of June makes up for May. */
static void duties_late_when_made_up(void **state)
{
    struct stage s;

    (void)state;
    branch_from(&s, "2020-05-05");
    theme_days(&s, "2022-06-21");
    assert_int_equal(state_of(&s, "2022-05-01", "2022-06-20"), DUTY_MISSED);
    assert_int_equal(state_of(&s, "2022-05-01", "2022-06-21"), DUTY_LATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missed_month_opens_after_grace),
        cmocka_unit_test(next_meeting_forgives),
        cmocka_unit_test(late_record_clears),
        cmocka_unit_test(only_whole_periods_after_start),
        cmocka_unit_test(kinds_and_part_decide_what_counts),
        cmocka_unit_test(any_and_training),
        cmocka_unit_test(activities_after_the_day_do_not_count),
        cmocka_unit_test(at_least_two),
        cmocka_unit_test(grace_in_months_and_none),
        cmocka_unit_test(first_level_above_one),
        cmocka_unit_test(when_is_asked_on_the_last_day),
        cmocka_unit_test(run_goes_over_periods_that_are_none),
        cmocka_unit_test(exemption_on_the_last_day_excuses),
        cmocka_unit_test(exemption_on_the_day_suppresses),
        cmocka_unit_test(gap_in_force_makes_periods_none),
        cmocka_unit_test(left_and_came_back),
        cmocka_unit_test(hours_of_trainings_attended),
        cmocka_unit_test(contacts_are_no_meetings),
        cmocka_unit_test(needs_rolls),
        cmocka_unit_test(needs_rolls_asks_the_branch_of_the_last_day),
        cmocka_unit_test(duties_for_the_board),
        cmocka_unit_test(duties_as_the_day_knows_them),
        cmocka_unit_test(duties_late_when_made_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
