/* `next`: the day on which a verdict may differ. Never too late, and seldom too early. */
#include "rules_stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What the deadline index rests on: when a subject that is fine is looked at again. */
static void next_is_as_tight_as_can_be(void **state)
{
    struct stage s;
    struct rule theme_day = rule_theme_day(), inactive = rule_inactive();
    struct rule term = rule_term_ends(), small = rule_too_small();

    (void)state;
    stage_init(&s, SUBJECT_BRANCH, "2020-01-01");
    stage_last(&s)->dates[DATE_TERM_ENDS] = day_at("2024-01-31");
    stage_last(&s)->facts[FACT_FULL_MEMBERS] = fact_int(5);
    stage_act(&s, "2022-01-05 2022-02-05 2022-05-05 2022-06-05", KIND_BIT(KIND_THEME),
              ACTIVITY_HOST);
    /* February is met, March closes on 11 April */
    assert_string_equal(next_on(&s, &theme_day, "2022-02-05"), "2022-04-11");
    assert_string_equal(next_on(&s, &theme_day, "2022-03-20"), "2022-04-11");
    assert_string_equal(next_on(&s, &theme_day, "2022-04-11"), "2022-05-11");
    /* June is met before May is closed */
    assert_string_equal(next_on(&s, &theme_day, "2022-06-05"), "2022-08-11");
    assert_string_equal(next_on(&s, &inactive, "2022-02-05"), "2022-05-06");
    assert_string_equal(next_on(&s, &inactive, "2022-06-06"), "2022-09-03");
    assert_string_equal(next_on(&s, &inactive, "2022-09-03"), "2022-12-02");
    assert_string_equal(next_on(&s, &inactive, "2022-12-02"), "never");
    assert_string_equal(next_on(&s, &term, "2022-06-06"), "2023-07-31");
    assert_string_equal(next_on(&s, &term, "2023-07-31"), "2024-02-01");
    assert_string_equal(next_on(&s, &small, "2022-06-06"), "never"); /* facts change by record */
    stage_exempt(&s, "2022-07-20", "2022-10-31", "*");
    assert_string_equal(next_on(&s, &theme_day, "2022-07-25"), "2022-12-11");
}

static void next_waits_for_rolls(void **state)
{
    const uint32_t roll = ACTIVITY_HOST | ACTIVITY_HAS_LIST | ACTIVITY_HAS_ROLL;
    struct stage s;
    struct rule silence = rule_not_taking_part(), hours = rule_training_hours();

    (void)state;
    stage_init(&s, SUBJECT_MEMBER, "2022-01-01");
    assert_string_equal(next_on(&s, &silence, "2022-02-01"), "never");
    assert_string_equal(next_on(&s, &hours, "2022-02-01"), "never");
    stage_held(&s, 1, "2022-01-11 2022-01-12 2022-01-13", KIND_BIT(KIND_GENERAL), roll);
    stage_attended(&s, 1, "2022-01-20", KIND_BIT(KIND_TRAINING));
    assert_string_equal(next_on(&s, &silence, "2022-02-01"), "2022-04-01");
    assert_string_equal(next_on(&s, &hours, "2022-02-01"), "2023-01-11");
    assert_string_equal(next_on(&s, &hours, "2023-01-11"), "never");
}

/* ---- chance ---- */

static int below(int n)
{
    return rand() % n;
}

static day_t chance_day(void)
{
    return day_at("2021-10-01") + below(800);
}

static const char *chance_text(void)
{
    static char text[DAY_TEXT_SIZE];

    return day_format(text, chance_day());
}

static void chance_frames(struct stage *s)
{
    static const char *const forms[] = {"own", "joint"};
    day_t day = day_at("2021-10-01") + below(200);
    char text[DAY_TEXT_SIZE];

    stage_init(s, below(2) ? SUBJECT_BRANCH : SUBJECT_MEMBER, day_format(text, day));
    for (int n = below(6), i = 0; i <= n; i++) {
        struct frame *frame = stage_last(s);

        frame->facts[FACT_FULL_MEMBERS] = fact_int(below(5));
        frame->facts[FACT_FORM] = fact_of(forms[below(2)]);
        frame->facts[FACT_COMMITTEE] = below(3) ? fact_yes_no(below(2)) : (struct fact){0};
        for (int d = 0; d < DATE_COUNT; d++)
            frame->dates[d] = below(3) ? chance_day() : DAY_NONE;
        frame->branch = s->subject.kind == SUBJECT_MEMBER ? 1 + below(STAGE_BRANCHES) : 0;
        day += 1 + below(200);
        if (i < n)
            stage_frame(s, day_format(text, day), below(5) > 0);
    }
}

static void chance_activities(struct stage *s)
{
    for (int i = below(30); i > 0; i--) {
        uint32_t out = below(8) ? 0 : ACTIVITY_OUT;

        if (s->subject.kind == SUBJECT_BRANCH)
            stage_act(s, chance_text(), KIND_BIT(below(5)), out | ACTIVITY_HOST << below(2));
        else if (below(2))
            stage_act(s, chance_text(), KIND_BIT(below(5)), out | ACTIVITY_PRESENT << below(2));
        else
            stage_train(s, chance_text(), 100 * (1 + below(20)), out | ACTIVITY_PRESENT);
    }
    for (int i = below(4); i > 0; i--) {
        char to[DAY_TEXT_SIZE];
        day_t from = chance_day();
        char text[DAY_TEXT_SIZE];

        day_format(to, from + below(200));
        stage_exempt(s, day_format(text, from), to, below(3) ? "*" : "other");
    }
    for (int i = below(30); i > 0; i--) {
        int branch = 1 + below(STAGE_BRANCHES);
        uint32_t flags = ACTIVITY_HOST << below(2) |
                         (below(4) ? ACTIVITY_HAS_LIST | ACTIVITY_HAS_ROLL : 0);

        stage_held(s, branch, chance_text(), KIND_BIT(below(KIND_CONTACT)), flags);
        stage_attended(s, branch, chance_text(), KIND_BIT(below(KIND_CONTACT)));
    }
}

static void chance_rule(struct rule *rule, struct condition *when, enum subject_kind subject)
{
    struct rule (*const makers[])(void) = {
        rule_theme_day,  rule_general_meeting, rule_training_hours, rule_inactive,
        rule_no_contact, rule_not_taking_part, rule_term_ends,      rule_too_small,
    };

    *rule = makers[below(ARRAY_LEN(makers))]();
    rule->subject = subject;
    rule->per = (enum period_unit)below(3);
    rule->grace = (struct duration){below(3) * (below(2) ? 10 : 1), (enum duration_unit)below(2)};
    if (rule->kind == RULE_CADENCE && rule->measure == MEASURE_COUNT)
        rule->at_least = 1 + below(3);
    if (rule->kind == RULE_CADENCE || rule->kind == RULE_SILENCE)
        rule->kinds = below(3) ? KINDS_ANY : KIND_BIT(KIND_THEME) | KIND_BIT(KIND_TRAINING);
    rule->date = (enum date_id)below(DATE_COUNT);
    if (subject != SUBJECT_MEMBER)
        rule->needs_rolls = 0;
    else if (rule->kind == RULE_CADENCE)
        rule->needs_rolls = below(2);
    *when = (struct condition){FACT_FULL_MEMBERS, (enum fact_op)below(6), {FACT_NUMBER, 2, NULL}};
    if (below(3) == 0)
        *when = (struct condition){FACT_COMMITTEE, OP_NE, {FACT_BOOL, 1, NULL}};
    rule->when = when;
    rule->when_count = below(2);
}

static size_t cut(const struct activity *list, size_t count, day_t d)
{
    while (count > 0 && list[count - 1].day > d)
        count--;
    return count;
}

struct counts {
    size_t activities, held[STAGE_BRANCHES], attended[STAGE_BRANCHES];
};

/* Forgets what is dated after `d`, activities and rolls; the lists themselves stay. */
static struct counts forget_after(struct stage *s, day_t d)
{
    struct counts before = {.activities = s->subject.activity_count};

    s->subject.activity_count = cut(s->activities, s->subject.activity_count, d);
    for (int i = 0; i < STAGE_BRANCHES; i++) {
        before.held[i] = s->rolls[i].held_count;
        before.attended[i] = s->rolls[i].attended_count;
        s->rolls[i].held_count = cut(s->held[i], s->rolls[i].held_count, d);
        s->rolls[i].attended_count = cut(s->attended[i], s->rolls[i].attended_count, d);
    }
    return before;
}

static void remember(struct stage *s, const struct counts *before)
{
    s->subject.activity_count = before->activities;
    for (int i = 0; i < STAGE_BRANCHES; i++) {
        s->rolls[i].held_count = before->held[i];
        s->rolls[i].attended_count = before->attended[i];
    }
}

static bool same(const struct verdict *a, const struct verdict *b)
{
    if (a->open != b->open || a->exempt != b->exempt || a->level != b->level ||
        a->since != b->since || a->due != b->due || a->last != b->last || a->base != b->base)
        return false;
    return !(a->open || a->exempt) ||
           (a->missed == b->missed && a->missed_first == b->missed_first &&
            a->missed_last == b->missed_last);
}

struct tally {
    int asked, tomorrow, open, moved, finite;
};

static void check_day(struct stage *s, const struct rule *rule, day_t d, struct tally *tally,
                      const char *label)
{
    const day_t tracking = day_at("2022-01-01"), horizon = d + 500;
    struct verdict with_future, now, then;
    struct counts before;

    rule_evaluate(&with_future, rule, tracking, &s->subject, d);
    before = forget_after(s, d);
    rule_evaluate(&now, rule, tracking, &s->subject, d);
    if (!same(&with_future, &now) || with_future.next != now.next)
        fail_msg("%s: looks at what is dated after day %d", label, d);
    assert_true(now.next > d);
    tally->asked++;
    tally->open += now.open;
    tally->tomorrow += now.next == d + 1;
    for (day_t e = d + 1; e < now.next && e <= horizon; e++) {
        rule_evaluate(&then, rule, tracking, &s->subject, e);
        if (!same(&now, &then))
            fail_msg("%s: on day %d next is %d, but %d differs", label, d, now.next, e);
    }
    if (now.next != DAY_NEVER) {
        rule_evaluate(&then, rule, tracking, &s->subject, now.next);
        tally->finite++;
        tally->moved += !same(&now, &then);
    }
    remember(s, &before);
}

static void next_is_never_too_late(void **state)
{
    static struct stage s;
    unsigned seed = (unsigned)time(NULL);
    struct tally tally = {0};
    const char *given = getenv("MUSTER_TEST_SEED");

    (void)state;
    if (given)
        seed = (unsigned)strtoul(given, NULL, 10);
    print_message("seed %u (MUSTER_TEST_SEED)\n", seed);
    for (unsigned i = 0; i < 300; i++) {
        struct condition when;
        struct rule rule;
        char label[64];

        srand(seed + i);
        chance_frames(&s);
        chance_activities(&s);
        chance_rule(&rule, &when, s.subject.kind);
        snprintf(label, sizeof label, "seed %u, %s", seed + i, rule.id);
        for (day_t d = day_at("2021-12-20"); d < day_at("2023-12-31"); d += 1 + below(20))
            check_day(&s, &rule, d, &tally, label);
    }
    print_message("%d asked, %d open, next is tomorrow %d times; %d of %d moved on it\n",
                  tally.asked, tally.open, tally.tomorrow, tally.moved, tally.finite);
    assert_true(tally.open > tally.asked / 20); /* the chance worlds are worth something */
    assert_true(tally.tomorrow < tally.asked / 10);
    assert_true(tally.moved > tally.finite / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_is_as_tight_as_can_be),
        cmocka_unit_test(next_waits_for_rolls),
        cmocka_unit_test(next_is_never_too_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
