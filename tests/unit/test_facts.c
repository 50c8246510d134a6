/* Facts: subjects day by day, as the store has them after events in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/zone.h"
#include "facts/facts.h"
#include "facts/keymap.h"
#include "ledger/ledger.h"

struct world {
    struct clock clock;
    struct ledger *ledger;
    struct facts *facts;
    int events;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct ledger_options options = {
        .path = ":memory:", .timezone = "Asia/Shanghai", .transfer_valid_days = 90};
    struct err err = {0};

    assert_int_equal(zone_set("Asia/Shanghai", &err), 0);
    w->clock.fake_us = zone_instant(day_from_civil(2023, 1, 1), 43200) * 1000000;
    assert_int_equal(ledger_open(&w->ledger, &options, &w->clock, &err), 0);
    w->facts = facts_new(ledger_store(w->ledger), ledger_kinds(w->ledger));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    facts_free(w->facts);
    ledger_free(w->ledger);
    free(w);
    return 0;
}

/* Records an event at a day; its number, with which void_event takes it out. */
static int record(struct world *w, const char *at, const char *members)
{
    struct submit_result result;
    struct err err = {0};
    char json[1024];

    snprintf(json, sizeof json, "{\"id\":\"017e0000-0000-7000-8000-%012d\",\"at\":\"%s\",%s}",
             ++w->events, at, members);
    assert_int_equal(ledger_begin(w->ledger, &err), 0);
    assert_int_equal(ledger_submit(w->ledger, json, strlen(json), "t", &result, &err), 0);
    if (result.status != SUBMIT_RECORDED)
        fail_msg("%s: %s", json, result.err.en);
    assert_int_equal(ledger_commit(w->ledger, &err), 0);
    facts_reset(w->facts);
    return w->events;
}

static void void_event(struct world *w, int number)
{
    char members[160];

    snprintf(members, sizeof members,
             "\"type\":\"event.voided\",\"reason\":\"r\",\"event\":\"017e0000-0000-7000-8000-%012d\"",
             number);
    record(w, "2022-12-31", members);
}

static void begin(struct world *w)
{
    record(w, "2020-01-01",
           "\"type\":\"unit.registered\",\"unit\":\"U\",\"name\":\"u\",\"sector\":\"enterprise\"");
    record(w, "2020-02-01",
           "\"type\":\"branch.founded\",\"branch\":\"B\",\"name\":\"b\",\"form\":\"joint\","
           "\"sector\":\"association\",\"units\":[\"U\"]");
    record(w, "2020-02-01",
           "\"type\":\"branch.founded\",\"branch\":\"C\",\"name\":\"c\",\"form\":\"own\","
           "\"sector\":\"enterprise\",\"area\":\"45\",\"term_started\":\"2020-01-31\","
           "\"term_years\":2");
    record(w, "2020-03-01",
           "\"type\":\"member.admitted\",\"member\":\"M\",\"name\":\"m\",\"branch\":\"B\","
           "\"stage\":\"probationary\",\"new\":true,\"unit\":\"U\"");
}

static int64_t key_of(struct world *w, enum subject_kind kind, const char *ref)
{
    struct err err = {0};
    int64_t key = 0;

    assert_int_equal(store_subject_find(&key, ledger_store(w->ledger), kind, ref, &err), 1);
    return key;
}

static const struct subject_data *load(struct world *w, enum subject_kind kind, const char *ref)
{
    const struct subject_data *subject;
    struct err err = {0};

    assert_int_equal(facts_subject(&subject, w->facts, key_of(w, kind, ref), false, &err), 1);
    assert_int_equal(subject->kind, kind);
    assert_string_equal(subject->ref, ref);
    for (size_t i = 1; i < subject->frame_count; i++)
        assert_true(subject->frames[i - 1].from < subject->frames[i].from);
    return subject;
}

static day_t day(const char *text)
{
    day_t d;

    assert_true(day_parse(&d, text, strlen(text)));
    return d;
}

static const struct frame *on(const struct subject_data *s, const char *when)
{
    const struct frame *found = NULL;

    for (size_t i = 0; i < s->frame_count && s->frames[i].from <= day(when); i++)
        found = &s->frames[i];
    return found;
}

static void assert_text(const struct frame *f, enum fact_id fact, const char *text)
{
    if (!text) {
        assert_int_equal(f->facts[fact].type, FACT_UNSET);
        return;
    }
    assert_int_equal(f->facts[fact].type, FACT_TEXT);
    assert_string_equal(f->facts[fact].text, text);
}

static void test_branch(void **state)
{
    struct world *w = *state;
    const struct subject_data *s;

    begin(w);
    record(w, "2021-05-01",
           "\"type\":\"branch.changed\",\"branch\":\"C\",\"groups\":2,\"term_years\":5");
    record(w, "2021-06-01", "\"type\":\"branch.elected\",\"branch\":\"C\"");
    record(w, "2021-07-01",
           "\"type\":\"branch.rated\",\"branch\":\"C\",\"cycle\":2020,\"stars\":4");
    record(w, "2021-08-01", "\"type\":\"branch.dissolved\",\"branch\":\"C\",\"reason\":\"other\"");
    s = load(w, SUBJECT_BRANCH, "C");
    assert_null(on(s, "2020-01-31"));
    assert_true(on(s, "2020-02-01")->in_force);
    assert_text(on(s, "2020-02-01"), FACT_FORM, "own");
    assert_text(on(s, "2020-02-01"), FACT_AREA, "45");
    assert_int_equal(on(s, "2020-02-01")->facts[FACT_COMMITTEE].type, FACT_BOOL);
    assert_int_equal(on(s, "2020-02-01")->facts[FACT_STARS].number, -1);
    assert_int_equal(on(s, "2020-02-01")->dates[DATE_TERM_ENDS], day("2022-01-31"));
    assert_int_equal(on(s, "2021-05-01")->facts[FACT_GROUPS].number, 2);
    assert_int_equal(on(s, "2021-05-01")->dates[DATE_TERM_ENDS], day("2025-01-31"));
    assert_int_equal(on(s, "2021-06-01")->dates[DATE_TERM_ENDS], day("2026-06-01"));
    assert_int_equal(on(s, "2021-07-01")->facts[FACT_STARS].number, 4);
    /* In force to the day before it is dissolved. */
    assert_true(on(s, "2021-07-31")->in_force);
    assert_false(on(s, "2021-08-01")->in_force);
    assert_int_equal(on(load(w, SUBJECT_BRANCH, "B"), "2020-02-01")->dates[DATE_TERM_ENDS],
                     DAY_NONE);
}

static void test_members_count_at_the_end_of_the_day(void **state)
{
    struct world *w = *state;
    const struct subject_data *b, *c;
    int moved;

    begin(w);
    record(w, "2021-01-10", "\"type\":\"member.converted\",\"member\":\"M\"");
    moved = record(w, "2021-02-10", "\"type\":\"member.moved\",\"member\":\"M\",\"branch\":\"C\"");
    record(w, "2021-02-10",
           "\"type\":\"member.admitted\",\"member\":\"N\",\"name\":\"n\",\"branch\":\"C\","
           "\"stage\":\"full\",\"new\":false");
    record(w, "2021-02-10", "\"type\":\"member.left\",\"member\":\"N\",\"reason\":\"other\"");
    b = load(w, SUBJECT_BRANCH, "B");
    c = load(w, SUBJECT_BRANCH, "C");
    assert_int_equal(on(b, "2020-02-29")->facts[FACT_MEMBERS].number, 0);
    assert_int_equal(on(b, "2020-03-01")->facts[FACT_MEMBERS].number, 1);
    assert_int_equal(on(b, "2020-03-01")->facts[FACT_FULL_MEMBERS].number, 0);
    assert_int_equal(on(b, "2021-01-10")->facts[FACT_FULL_MEMBERS].number, 1);
    assert_int_equal(on(b, "2021-02-10")->facts[FACT_MEMBERS].number, 0);
    assert_int_equal(on(c, "2021-02-09")->facts[FACT_MEMBERS].number, 0);
    assert_int_equal(on(c, "2021-02-10")->facts[FACT_MEMBERS].number, 1);
    void_event(w, moved);
    assert_int_equal(on(load(w, SUBJECT_BRANCH, "C"), "2021-02-10")->facts[FACT_MEMBERS].number, 0);
    assert_int_equal(on(load(w, SUBJECT_BRANCH, "B"), "2022-01-01")->facts[FACT_MEMBERS].number, 1);
}

static void test_member(void **state)
{
    struct world *w = *state;
    const struct subject_data *s;

    begin(w);
    record(w, "2021-02-10", "\"type\":\"member.moved\",\"member\":\"M\",\"branch\":\"C\"");
    record(w, "2021-03-01", "\"type\":\"branch.changed\",\"branch\":\"C\",\"form\":\"mobile\"");
    record(w, "2021-01-01", "\"type\":\"branch.changed\",\"branch\":\"C\",\"area\":\"46\"");
    record(w, "2021-04-01",
           "\"type\":\"member.away\",\"member\":\"M\",\"destination\":\"d\",\"fixed\":true");
    record(w, "2021-04-05",
           "\"type\":\"member.away\",\"member\":\"M\",\"destination\":\"e\",\"fixed\":false");
    record(w, "2021-04-06", "\"type\":\"member.extended\",\"member\":\"M\",\"until\":\"2021-09-09\"");
    record(w, "2021-05-01", "\"type\":\"member.left\",\"member\":\"M\",\"reason\":\"other\"");
    s = load(w, SUBJECT_MEMBER, "M");
    assert_null(on(s, "2020-02-29"));
    assert_text(on(s, "2020-03-01"), FACT_BRANCH_FORM, "joint");
    assert_text(on(s, "2020-03-01"), FACT_SECTOR, "association");
    assert_text(on(s, "2020-03-01"), FACT_AREA, NULL);
    assert_text(on(s, "2020-03-01"), FACT_PRESENCE, "home");
    assert_text(on(s, "2020-03-01"), FACT_ROLE, "none");
    assert_int_equal(on(s, "2020-03-01")->facts[FACT_FIXED].type, FACT_UNSET);
    assert_int_equal(on(s, "2020-03-01")->dates[DATE_PROBATION_ENDS], day("2021-03-01"));
    assert_int_equal(on(s, "2021-02-10")->branch, key_of(w, SUBJECT_BRANCH, "C"));
    assert_text(on(s, "2021-02-10"), FACT_BRANCH_FORM, "own");
    assert_text(on(s, "2021-02-10"), FACT_AREA, "46");
    assert_text(on(s, "2021-03-01"), FACT_BRANCH_FORM, "mobile");
    assert_int_equal(on(s, "2021-04-05")->dates[DATE_AWAY_SINCE], day("2021-04-01"));
    assert_int_equal(on(s, "2021-04-05")->facts[FACT_FIXED].number, 0);
    assert_int_equal(on(s, "2021-04-06")->dates[DATE_PROBATION_ENDS], day("2021-09-09"));
    assert_true(on(s, "2021-04-30")->in_force);
    assert_false(on(s, "2021-05-01")->in_force);
}

static void test_unit(void **state)
{
    struct world *w = *state;
    const struct subject_data *s;

    begin(w);
    record(w, "2021-01-01",
           "\"type\":\"unit.changed\",\"unit\":\"U\",\"staff\":0,\"eligible\":false");
    record(w, "2021-02-01", "\"type\":\"branch.changed\",\"branch\":\"C\",\"units\":[\"U\"]");
    record(w, "2021-03-01", "\"type\":\"branch.changed\",\"branch\":\"B\",\"units\":[]");
    record(w, "2021-04-01", "\"type\":\"branch.dissolved\",\"branch\":\"C\",\"reason\":\"other\"");
    record(w, "2021-05-01", "\"type\":\"member.converted\",\"member\":\"M\"");
    s = load(w, SUBJECT_UNIT, "U");
    assert_int_equal(on(s, "2020-01-01")->facts[FACT_STAFF].type, FACT_UNSET);
    assert_int_equal(on(s, "2020-01-01")->facts[FACT_COVERED].number, 0);
    assert_int_equal(on(s, "2020-02-01")->facts[FACT_COVERED].number, 1);
    assert_int_equal(on(s, "2020-02-01")->facts[FACT_OWN_BRANCH].number, 0);
    assert_int_equal(on(s, "2021-01-01")->facts[FACT_STAFF].type, FACT_NUMBER);
    assert_int_equal(on(s, "2021-01-01")->facts[FACT_STAFF].number, 0);
    assert_int_equal(on(s, "2021-01-01")->facts[FACT_ELIGIBLE].type, FACT_BOOL);
    assert_int_equal(on(s, "2021-01-01")->facts[FACT_ABOVE_SCALE].type, FACT_UNSET);
    assert_int_equal(on(s, "2021-02-01")->facts[FACT_OWN_BRANCH].number, 1);
    assert_int_equal(on(s, "2021-03-01")->facts[FACT_COVERED].number, 1);
    assert_int_equal(on(s, "2021-04-01")->facts[FACT_COVERED].number, 0);
    assert_int_equal(on(s, "2021-04-01")->facts[FACT_OWN_BRANCH].number, 0);
    assert_int_equal(on(s, "2021-04-30")->facts[FACT_FULL_MEMBERS].number, 0);
    assert_int_equal(on(s, "2021-05-01")->facts[FACT_FULL_MEMBERS].number, 1);
    record(w, "2021-06-01", "\"type\":\"unit.closed\",\"unit\":\"U\"");
    s = load(w, SUBJECT_UNIT, "U");
    assert_true(on(s, "2021-05-31")->in_force);
    assert_false(on(s, "2021-06-01")->in_force);
}

static void test_letter(void **state)
{
    struct world *w = *state;
    const struct subject_data *s;
    struct err err = {0};
    int64_t key, branch = 0, member = 0;

    begin(w);
    record(w, "2021-01-01",
           "\"type\":\"transfer.issued\",\"transfer\":\"T\",\"member\":\"M\",\"to\":\"C\"");
    record(w, "2021-01-20", "\"type\":\"transfer.received\",\"transfer\":\"T\"");
    record(w, "2021-02-01", "\"type\":\"transfer.receipted\",\"transfer\":\"T\"");
    s = load(w, SUBJECT_TRANSFER, "T");
    assert_text(on(s, "2021-01-01"), FACT_STATE, "issued");
    assert_int_equal(on(s, "2021-01-01")->facts[FACT_OUTSIDE].number, 0);
    assert_int_equal(on(s, "2021-01-01")->dates[DATE_VALID_UNTIL], day("2021-04-01"));
    assert_int_equal(on(s, "2021-01-01")->dates[DATE_RECEIVED], DAY_NONE);
    assert_text(on(s, "2021-01-20"), FACT_STATE, "received");
    assert_int_equal(on(s, "2021-01-20")->dates[DATE_RECEIVED], day("2021-01-20"));
    assert_true(on(s, "2021-01-31")->in_force);
    assert_false(on(s, "2021-02-01")->in_force);
    key = key_of(w, SUBJECT_TRANSFER, "T");
    assert_int_equal(facts_transfer_member(&member, w->facts, key, &err), 0);
    assert_int_equal(member, key_of(w, SUBJECT_MEMBER, "M"));
    assert_int_equal(facts_branch_of(&branch, w->facts, key, day("2021-01-19"), &err), 0);
    assert_int_equal(branch, key_of(w, SUBJECT_BRANCH, "B"));
    assert_int_equal(facts_branch_of(&branch, w->facts, key, day("2021-01-20"), &err), 0);
    assert_int_equal(branch, key_of(w, SUBJECT_BRANCH, "C"));
    assert_int_equal(facts_branch_of(&branch, w->facts, member, day("2021-01-20"), &err), 0);
    assert_int_equal(branch, key_of(w, SUBJECT_BRANCH, "C"));
    /* From outside: received at once, and valid for no time. */
    record(w, "2021-03-01",
           "\"type\":\"transfer.received\",\"transfer\":\"O\",\"from_name\":\"f\","
           "\"member\":\"N\",\"name\":\"n\",\"stage\":\"full\",\"branch\":\"B\"");
    s = load(w, SUBJECT_TRANSFER, "O");
    assert_text(on(s, "2021-03-01"), FACT_STATE, "received");
    assert_int_equal(on(s, "2021-03-01")->facts[FACT_OUTSIDE].number, 1);
    assert_int_equal(on(s, "2021-03-01")->dates[DATE_VALID_UNTIL], DAY_NONE);
    assert_int_equal(on(load(w, SUBJECT_MEMBER, "N"), "2021-03-01")->dates[DATE_PROBATION_ENDS],
                     DAY_NONE);
}

static void test_letter_ends_with_its_member(void **state)
{
    struct world *w = *state;
    const struct subject_data *s;

    begin(w);
    record(w, "2021-01-01",
           "\"type\":\"transfer.issued\",\"transfer\":\"T\",\"member\":\"M\",\"to_name\":\"o\"");
    record(w, "2021-01-09", "\"type\":\"member.left\",\"member\":\"M\",\"reason\":\"other\"");
    s = load(w, SUBJECT_TRANSFER, "T");
    assert_int_equal(on(s, "2021-01-08")->facts[FACT_OUTSIDE].number, 1);
    assert_true(on(s, "2021-01-08")->in_force);
    assert_false(on(s, "2021-01-09")->in_force);
}

static void test_exemptions_are_cut(void **state)
{
    struct world *w = *state;
    const struct subject_data *s;

    begin(w);
    record(w, "2020-06-01",
           "\"type\":\"exemption.granted\",\"exemption\":\"X\",\"subject\":{\"branch\":\"B\"},"
           "\"rules\":[\"*\"],\"until\":\"2021-12-31\",\"reason\":\"r\"");
    record(w, "2021-02-10", "\"type\":\"member.moved\",\"member\":\"M\",\"branch\":\"C\"");
    record(w, "2021-04-10", "\"type\":\"member.moved\",\"member\":\"M\",\"branch\":\"B\"");
    s = load(w, SUBJECT_MEMBER, "M");
    assert_int_equal(s->exemption_count, 2);
    assert_int_equal(s->exemptions[0].from, day("2020-06-01"));
    assert_int_equal(s->exemptions[0].to, day("2021-02-09"));
    assert_int_equal(s->exemptions[1].from, day("2021-04-10"));
    assert_int_equal(s->exemptions[1].to, day("2021-12-31"));
    assert_true(s->exemptions[1].by_branch);
    /* Ended: from that day on it is no longer in force. */
    record(w, "2021-05-01", "\"type\":\"exemption.ended\",\"exemption\":\"X\"");
    s = load(w, SUBJECT_BRANCH, "B");
    assert_int_equal(s->exemption_count, 1);
    assert_int_equal(s->exemptions[0].to, day("2021-04-30"));
    assert_false(s->exemptions[0].by_branch);
    assert_int_equal(load(w, SUBJECT_MEMBER, "M")->exemptions[1].to, day("2021-04-30"));
}

static void test_activities_and_rolls(void **state)
{
    struct world *w = *state;
    const struct branch_rolls *rolls;
    const struct subject_data *s;
    struct err err = {0};
    int out;

    begin(w);
    record(w, "2021-01-05",
           "\"type\":\"meeting\",\"branch\":\"C\",\"with\":[\"B\"],\"kinds\":[\"talk\"],"
           "\"present\":[\"M\"]");
    record(w, "2021-01-06", "\"type\":\"training\",\"title\":\"t\",\"hours\":2.5,\"branch\":\"B\","
                            "\"present\":[]");
    record(w, "2021-01-07", "\"type\":\"contact\",\"member\":\"M\",\"channel\":\"phone\"");
    out = record(w, "2021-01-08", "\"type\":\"meeting\",\"branch\":\"B\",\"kinds\":[\"talk\"],"
                                  "\"present\":[\"M\"]");
    record(w, "2021-02-10", "\"type\":\"member.moved\",\"member\":\"M\",\"branch\":\"C\"");
    record(w, "2021-02-10", "\"type\":\"meeting\",\"branch\":\"B\",\"kinds\":[\"talk\"],"
                            "\"present\":[\"M\"]");
    void_event(w, out);
    s = load(w, SUBJECT_BRANCH, "B");
    assert_int_equal(s->activity_count, 3);
    assert_int_equal(s->activities[0].flags,
                     ACTIVITY_WITH | ACTIVITY_HAS_LIST | ACTIVITY_HAS_ROLL);
    assert_int_equal(s->activities[1].flags, ACTIVITY_TRAINING | ACTIVITY_HOST | ACTIVITY_HAS_LIST);
    assert_int_equal(s->activities[1].hours_hundredths, 250);
    s = load(w, SUBJECT_MEMBER, "M");
    assert_int_equal(s->activity_count, 3);
    assert_int_equal(s->activities[1].flags, ACTIVITY_CONTACT);
    rolls = s->rolls(s->rolls_ctx, key_of(w, SUBJECT_BRANCH, "B"));
    assert_int_equal(rolls->held_count, 3);
    /* On the day of the move M belonged to C. */
    assert_int_equal(rolls->attended_count, 1);
    assert_int_equal(rolls->attended[0].day, day("2021-01-05"));
    rolls = s->rolls(s->rolls_ctx, key_of(w, SUBJECT_BRANCH, "C"));
    assert_int_equal(rolls->attended_count, 1);
    assert_int_equal(rolls->attended[0].day, day("2021-02-10"));
    assert_null(s->rolls(s->rolls_ctx, 0));
    assert_int_equal(facts_check(w->facts, &err), 0);
    /* What is out of effect shows when asked for. */
    assert_int_equal(
        facts_subject(&s, w->facts, key_of(w, SUBJECT_MEMBER, "M"), true, &err), 1);
    assert_int_equal(s->activity_count, 4);
    assert_true(s->activities[2].flags & ACTIVITY_OUT);
}

static void test_nothing_makes_it_a_subject(void **state)
{
    struct world *w = *state;
    const struct subject_data *s = NULL;
    struct err err = {0};
    int founded;

    founded = record(w, "2020-02-01",
                     "\"type\":\"branch.founded\",\"branch\":\"D\",\"name\":\"d\","
                     "\"form\":\"own\",\"sector\":\"enterprise\"");
    assert_true(on(load(w, SUBJECT_BRANCH, "D"), "2020-02-01")->in_force);
    void_event(w, founded);
    assert_int_equal(facts_subject(&s, w->facts, key_of(w, SUBJECT_BRANCH, "D"), false, &err), 0);
    assert_int_equal(facts_subject(&s, w->facts, 999, false, &err), 0);
    assert_null(s);
}

static void test_keymap(void **state)
{
    _cleanup_keymap_ struct keymap map = {0};
    enum { N = 5000 };

    (void)state;
    assert_int_equal(keymap_get(&map, 7), 0);
    keymap_set(&map, 7, 0);
    for (int64_t i = 1; i <= N; i++)
        keymap_set(&map, i * 64, (uintptr_t)i);
    /* Taking every other out leaves the rest where they are found. */
    for (int64_t i = 1; i <= N; i += 2)
        keymap_set(&map, i * 64, 0);
    assert_int_equal(map.n, N / 2);
    for (int64_t i = 1; i <= N; i++)
        assert_int_equal(keymap_get(&map, i * 64), i % 2 ? 0 : i);
    keymap_set(&map, 128, 5);
    assert_int_equal(keymap_get(&map, 128), 5);
    assert_int_equal(map.n, N / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_branch, setup, teardown),
        cmocka_unit_test_setup_teardown(test_members_count_at_the_end_of_the_day, setup, teardown),
        cmocka_unit_test_setup_teardown(test_member, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_letter, setup, teardown),
        cmocka_unit_test_setup_teardown(test_letter_ends_with_its_member, setup, teardown),
        cmocka_unit_test_setup_teardown(test_exemptions_are_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_activities_and_rolls, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_makes_it_a_subject, setup, teardown),
        cmocka_unit_test(test_keymap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
