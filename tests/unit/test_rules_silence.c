/* Silence (rules.md section 2): each clause as a case. */
#include "rules_stage.h"

static const uint32_t roll = ACTIVITY_HOST | ACTIVITY_HAS_LIST | ACTIVITY_HAS_ROLL;

static void branch_gone_quiet(void **state)
{
    struct stage s;
    struct rule rule = rule_inactive();

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2020-05-05");
    stage_act(&s, "2022-01-10", KIND_BIT(KIND_GENERAL), ACTIVITY_HOST);
    EXPECT(&s, &rule, {"2022-04-09", "-"}, {"2022-04-10", "yellow since 2022-04-10"},
           {"2022-07-08", "yellow since 2022-04-10"}, {"2022-07-09", "red since 2022-04-10"});
    stage_train(&s, "2022-04-20", 100, ACTIVITY_WITH);
    EXPECT(&s, &rule, {"2022-04-19", "yellow since 2022-04-10"}, {"2022-04-20", "-"},
           {"2022-07-19", "yellow since 2022-07-19"});
}

static void anchor_is_start(void **state)
{
    struct stage s;
    struct rule rule = rule_inactive();

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2020-05-05"); /* tracked from 1 January, quiet since long */
    stage_act(&s, "2021-03-10", KIND_BIT(KIND_GENERAL), ACTIVITY_HOST);
    EXPECT(&s, &rule, {"2022-03-31", "-"}, {"2022-04-01", "yellow since 2022-04-01"});
    stage_init(&s, SUBJECT_BRANCH, "2022-02-01");
    EXPECT(&s, &rule, {"2022-05-01", "-"}, {"2022-05-02", "yellow since 2022-05-02"});
}

static void kinds_narrow_it(void **state)
{
    struct stage s;
    struct rule rule = rule_inactive();

    (void)state;
    rule.kinds = KIND_BIT(KIND_THEME);
    stage_init(&s, SUBJECT_BRANCH, "2020-05-05");
    stage_act(&s, "2022-01-10", KIND_BIT(KIND_THEME) | KIND_BIT(KIND_GENERAL), ACTIVITY_HOST);
    stage_act(&s, "2022-02-10", KIND_BIT(KIND_GENERAL), ACTIVITY_HOST);
    stage_act(&s, "2022-03-10", KIND_BIT(KIND_THEME), ACTIVITY_HOST | ACTIVITY_OUT);
    EXPECT(&s, &rule, {"2022-04-09", "-"}, {"2022-04-10", "yellow since 2022-04-10"});
}

static void away_and_reached(void **state)
{
    struct stage s;
    struct rule rule = rule_no_contact();

    (void)state;
    stage_init(&s, SUBJECT_MEMBER, "2020-05-05");
    stage_last(&s)->facts[FACT_PRESENCE] = fact_of("home");
    stage_act(&s, "2022-02-20", KIND_BIT(KIND_GENERAL), ACTIVITY_PRESENT);
    stage_frame(&s, "2022-03-01", true)->facts[FACT_PRESENCE] = fact_of("away");
    EXPECT(&s, &rule, {"2022-02-28", "-"}, {"2022-05-29", "-"},
           {"2022-05-30", "yellow since 2022-05-30"}, {"2022-08-31", "yellow since 2022-05-30"},
           {"2022-09-01", "red since 2022-05-30"});
    stage_act(&s, "2022-05-01", KIND_BIT(KIND_CONTACT), ACTIVITY_CONTACT);
    stage_act(&s, "2022-05-02", KIND_BIT(KIND_GENERAL), ACTIVITY_ABSENT);
    EXPECT(&s, &rule, {"2022-07-29", "-"}, {"2022-07-30", "yellow since 2022-07-30"});
    stage_act(&s, "2022-05-03", KIND_BIT(KIND_GENERAL), ACTIVITY_PRESENT);
    EXPECT(&s, &rule, {"2022-07-31", "-"}, {"2022-08-01", "yellow since 2022-08-01"});
    rule.kinds = KINDS_ANY; /* a contact is no meeting */
    s.activities[s.subject.activity_count - 1].flags = ACTIVITY_ABSENT;
    EXPECT(&s, &rule, {"2022-05-30", "yellow since 2022-05-30"});
}

static void the_run_begins_anew(void **state)
{
    struct stage s;
    struct rule rule = rule_no_contact();

    (void)state;
    stage_init(&s, SUBJECT_MEMBER, "2022-01-01");
    stage_last(&s)->facts[FACT_PRESENCE] = fact_of("away");
    stage_frame(&s, "2022-02-01", true)->facts[FACT_ROLE] = fact_of("officer"); /* no break */
    stage_frame(&s, "2022-03-01", true)->facts[FACT_PRESENCE] = fact_of("home");
    stage_frame(&s, "2022-04-01", true)->facts[FACT_PRESENCE] = fact_of("away");
    EXPECT(&s, &rule, {"2022-02-28", "-"}, {"2022-06-29", "-"},
           {"2022-06-30", "yellow since 2022-06-30"});
    s.subject.frame_count = 2;
    EXPECT(&s, &rule, {"2022-03-31", "-"}, {"2022-04-01", "yellow since 2022-04-01"});
    stage_frame(&s, "2022-02-20", false);
    stage_frame(&s, "2022-02-21", true); /* out for a day: not in force breaks it too */
    EXPECT(&s, &rule, {"2022-02-20", "-"}, {"2022-05-21", "-"},
           {"2022-05-22", "yellow since 2022-05-22"});
}

static void who_was_never_called_is_not_absent(void **state)
{
    const uint64_t general = KIND_BIT(KIND_GENERAL);
    struct stage s;
    struct rule rule = rule_not_taking_part();

    (void)state;
    stage_init(&s, SUBJECT_MEMBER, "2022-01-01");
    EXPECT(&s, &rule, {"2022-12-31", "-"});
    stage_held(&s, 1, "2022-01-01", general, roll); /* not after base */
    stage_held(&s, 1, "2022-01-02 2022-01-03", general, roll);
    EXPECT(&s, &rule, {"2022-12-31", "-"});
    stage_held(&s, 2, "2022-01-04", general, roll);                       /* another branch's */
    stage_held(&s, 1, "2022-01-04", general, ACTIVITY_WITH | ACTIVITY_HAS_LIST | ACTIVITY_HAS_ROLL);
    stage_held(&s, 1, "2022-01-05", general, ACTIVITY_HOST | ACTIVITY_HAS_LIST); /* empty */
    stage_held(&s, 1, "2022-01-06", general, roll | ACTIVITY_OUT);
    stage_held(&s, 1, "2022-01-07", KIND_BIT(KIND_COMMITTEE), roll);
    stage_held(&s, 1, "2022-01-08", KIND_BIT(KIND_COMMITTEE) | KIND_BIT(KIND_GROUP), roll);
    EXPECT(&s, &rule, {"2022-12-31", "-"});
    stage_held(&s, 1, "2022-05-20", KIND_BIT(KIND_COMMITTEE) | general, roll);
    EXPECT(&s, &rule, {"2022-05-19", "-"}, {"2022-05-20", "yellow since 2022-05-20"},
           {"2022-07-01", "red since 2022-05-20"});
    stage_held(&s, 1, "2022-02-20", KIND_BIT(KIND_TRAINING), roll);
    EXPECT(&s, &rule, {"2022-03-31", "-"}, {"2022-04-01", "yellow since 2022-04-01"});
    stage_act(&s, "2022-02-01", general, ACTIVITY_PRESENT); /* rolls count after that only */
    EXPECT(&s, &rule, {"2022-12-31", "-"});
}

static void rolls_of_the_branch_of_the_day(void **state)
{
    struct stage s;
    struct rule rule = rule_not_taking_part();

    (void)state;
    stage_init(&s, SUBJECT_MEMBER, "2022-01-01");
    stage_frame(&s, "2022-06-01", true)->branch = 2;
    stage_held(&s, 1, "2022-02-01 2022-02-02 2022-02-03", KIND_BIT(KIND_GENERAL), roll);
    EXPECT(&s, &rule, {"2022-05-31", "yellow since 2022-04-01"}, {"2022-06-01", "-"});
    stage_held(&s, 2, "2022-02-01 2022-02-02 2022-06-03", KIND_BIT(KIND_GENERAL), roll);
    EXPECT(&s, &rule, {"2022-06-02", "-"}, {"2022-06-03", "yellow since 2022-06-03"});
}

/* The pack's names for the two kinds of meeting that call only some. */
static void kinds_for_some_have_their_bits(void **state)
{
    struct kinds kinds;

    (void)state;
    kinds_init(&kinds);
    assert_int_equal(kinds_find(&kinds, "committee_meeting", 17), KIND_COMMITTEE);
    assert_int_equal(kinds_find(&kinds, "group_meeting", 13), KIND_GROUP);
    kinds_deinit(&kinds);
}

/* 1m is before 30d in February: the furthest threshold is the latest day. */
static void furthest_threshold_by_day(void **state)
{
    struct stage s;
    struct rule rule = rule_inactive();
    struct threshold levels[] = {{.after = {30, DURATION_DAYS}, .level = LEVEL_YELLOW},
                                 {.after = {1, DURATION_MONTHS}, .level = LEVEL_RED}};

    (void)state;
    rule.levels = levels;
    stage_init(&s, SUBJECT_BRANCH, "2022-02-01");
    EXPECT(&s, &rule, {"2022-02-28", "-"}, {"2022-03-01", "red since 2022-03-01"},
           {"2022-03-03", "yellow since 2022-03-01"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(branch_gone_quiet),
        cmocka_unit_test(anchor_is_start),
        cmocka_unit_test(kinds_narrow_it),
        cmocka_unit_test(away_and_reached),
        cmocka_unit_test(the_run_begins_anew),
        cmocka_unit_test(who_was_never_called_is_not_absent),
        cmocka_unit_test(rolls_of_the_branch_of_the_day),
        cmocka_unit_test(kinds_for_some_have_their_bits),
        cmocka_unit_test(furthest_threshold_by_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
