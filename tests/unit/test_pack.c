/* The default pack, value by value as in the table of rules.md section 5; defaults; hashes; kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "pack/pack.h"

#define DEFAULT_PACK SOURCE_DIR "/config/rules/two-new.cfg"
#define D(n) {n, DURATION_DAYS}
#define M(n) {n, DURATION_MONTHS}
#define BIT(name) KIND_BIT(kinds_find(&kinds, name, strlen(name)))

static struct kinds kinds;
static struct pack *two_new;

static int setup(void **state)
{
    struct err err = {0};

    (void)state;
    kinds_init(&kinds);
    if (pack_read_file(&two_new, DEFAULT_PACK, &kinds, &err) != 0)
        print_error("%s\n", err.en);
    return two_new ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    pack_free(two_new);
    return 0;
}

static void has_levels(const struct rule *rule, const struct threshold *levels, size_t n)
{
    assert_int_equal(rule->level_count, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rule->levels[i].missed, levels[i].missed);
        assert_int_equal(rule->levels[i].after.count, levels[i].after.count);
        assert_int_equal(rule->levels[i].after.unit, levels[i].after.unit);
        assert_int_equal(rule->levels[i].level, levels[i].level);
    }
}

static void has_conditions(const struct rule *rule, const struct condition *when, size_t n)
{
    assert_int_equal(rule->when_count, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rule->when[i].fact, when[i].fact);
        assert_int_equal(rule->when[i].op, when[i].op);
        assert_int_equal(rule->when[i].value.type, when[i].value.type);
        assert_int_equal(rule->when[i].value.number, when[i].value.number);
        if (when[i].value.text)
            assert_string_equal(rule->when[i].value.text, when[i].value.text);
        else
            assert_null(rule->when[i].value.text);
    }
}

#define NUMBER(f, o, v) {FACT_##f, OP_##o, {FACT_NUMBER, v, NULL}}
#define BOOL(f, v) {FACT_##f, OP_EQ, {FACT_BOOL, v, NULL}}
#define TEXT(f, o, v) {FACT_##f, OP_##o, {FACT_TEXT, 0, v}}
#define LEVELS(rule, ...)                                                                          \
    has_levels(rule, (struct threshold[]){__VA_ARGS__},                                            \
               ARRAY_LEN(((struct threshold[]){__VA_ARGS__})))
#define WHEN(rule, ...)                                                                            \
    has_conditions(rule, (struct condition[]){__VA_ARGS__},                                        \
                   ARRAY_LEN(((struct condition[]){__VA_ARGS__})))

static const struct rule *rule_of(const char *id, enum subject_kind subject, enum rule_kind kind)
{
    const struct rule *rule = pack_find(two_new, id);

    if (!rule)
        fail_msg("there is no rule %s", id);
    assert_int_equal(rule->subject, subject);
    assert_int_equal(rule->kind, kind);
    return rule;
}

static void cadence_of_branch(const char *id, const char *kind, enum period_unit per, int grace,
                              int red)
{
    const struct rule *r = rule_of(id, SUBJECT_BRANCH, RULE_CADENCE);

    assert_true(r->kinds == BIT(kind));
    assert_int_equal(r->at_least, 1);
    assert_int_equal(r->per, per);
    assert_int_equal(r->grace.count, grace);
    assert_int_equal(r->grace.unit, DURATION_DAYS);
    assert_int_equal(r->measure, MEASURE_COUNT);
    assert_int_equal(r->scope, SCOPE_BRANCH);
    assert_int_equal(r->needs_rolls, 0);
    LEVELS(r, {1, D(0), LEVEL_YELLOW}, {red, D(0), LEVEL_RED});
}

static void the_meetings_of_a_branch(void **state)
{
    (void)state;
    assert_int_equal(two_new->rule_count, 23);
    cadence_of_branch("general-meeting", "general_meeting", PERIOD_QUARTER, 10, 2);
    cadence_of_branch("committee-meeting", "committee_meeting", PERIOD_MONTH, 10, 3);
    WHEN(pack_find(two_new, "committee-meeting"), BOOL(COMMITTEE, 1));
    cadence_of_branch("group-meeting", "group_meeting", PERIOD_MONTH, 10, 3);
    WHEN(pack_find(two_new, "group-meeting"), NUMBER(GROUPS, GT, 0));
    cadence_of_branch("theme-day", "theme_day", PERIOD_MONTH, 10, 3);
    cadence_of_branch("lecture", "lecture", PERIOD_QUARTER, 10, 2);
    cadence_of_branch("life-meeting", "life_meeting", PERIOD_YEAR, 31, 2);
    cadence_of_branch("annual-review", "annual_review", PERIOD_YEAR, 31, 2);
    for (size_t i = 0; i < two_new->rule_count; i++)
        if (two_new->rules[i].kind == RULE_CADENCE && two_new->rules[i].subject == SUBJECT_BRANCH &&
            strcmp(two_new->rules[i].id, "committee-meeting") != 0 &&
            strcmp(two_new->rules[i].id, "group-meeting") != 0)
            assert_int_equal(two_new->rules[i].when_count, 0);
}

static void silences(void **state)
{
    const struct rule *r = rule_of("branch-inactive", SUBJECT_BRANCH, RULE_SILENCE);

    (void)state;
    assert_true(r->kinds == KINDS_ANY);
    assert_int_equal(r->scope, SCOPE_BRANCH);
    assert_int_equal(r->when_count, 0);
    LEVELS(r, {0, D(90), LEVEL_YELLOW}, {0, D(180), LEVEL_RED});

    r = rule_of("mobile-no-contact", SUBJECT_MEMBER, RULE_SILENCE);
    assert_true(r->kinds == (KINDS_ANY | KIND_BIT(KIND_CONTACT)));
    assert_int_equal(r->scope, SCOPE_ATTENDANCE);
    assert_int_equal(r->needs_rolls, 0);
    WHEN(r, TEXT(PRESENCE, EQ, "away"));
    LEVELS(r, {0, D(90), LEVEL_YELLOW}, {0, M(6), LEVEL_RED});

    r = rule_of("not-taking-part", SUBJECT_MEMBER, RULE_SILENCE);
    assert_true(r->kinds == KINDS_ANY);
    assert_int_equal(r->scope, SCOPE_ATTENDANCE);
    assert_int_equal(r->needs_rolls, 3);
    WHEN(r, TEXT(PRESENCE, EQ, "home"));
    LEVELS(r, {0, M(3), LEVEL_YELLOW}, {0, M(6), LEVEL_RED});
}

static void hours_of(const char *id, int hours, const struct condition *when)
{
    const struct rule *r = rule_of(id, SUBJECT_MEMBER, RULE_CADENCE);

    assert_true(r->kinds == KIND_BIT(KIND_TRAINING));
    assert_int_equal(r->measure, MEASURE_HOURS);
    assert_int_equal(r->at_least, hours * 100);
    assert_int_equal(r->per, PERIOD_YEAR);
    assert_int_equal(r->grace.count, 10);
    assert_int_equal(r->scope, SCOPE_ATTENDANCE);
    assert_int_equal(r->needs_rolls, 1);
    has_conditions(r, when, 1);
    LEVELS(r, {1, D(0), LEVEL_YELLOW});
}

static void hours_of_training(void **state)
{
    (void)state;
    hours_of("training-hours", 32, &(struct condition)TEXT(ROLE, EQ, "none"));
    hours_of("training-hours-officer", 56, &(struct condition)TEXT(ROLE, NE, "none"));
}

static const struct rule *expiry(const char *id, enum subject_kind subject, enum date_id date,
                                 struct duration plus)
{
    const struct rule *r = rule_of(id, subject, RULE_EXPIRY);

    assert_int_equal(r->date, date);
    assert_int_equal(r->plus.count, plus.count);
    if (plus.count)
        assert_int_equal(r->plus.unit, plus.unit);
    return r;
}

static void expiries(void **state)
{
    const struct duration none = D(0), month = M(1), half_year = M(6);
    const struct rule *r;

    (void)state;
    r = expiry("mobile-should-transfer", SUBJECT_MEMBER, DATE_AWAY_SINCE, half_year);
    WHEN(r, TEXT(PRESENCE, EQ, "away"), BOOL(FIXED, 1));
    LEVELS(r, {0, D(0), LEVEL_YELLOW});
    r = expiry("probation-ends", SUBJECT_MEMBER, DATE_PROBATION_ENDS, none);
    WHEN(r, TEXT(STAGE, EQ, "probationary"));
    LEVELS(r, {0, D(-30), LEVEL_NOTICE}, {0, D(0), LEVEL_YELLOW}, {0, M(3), LEVEL_RED});
    r = expiry("transfer-letter", SUBJECT_TRANSFER, DATE_VALID_UNTIL, none);
    WHEN(r, TEXT(STATE, EQ, "issued"));
    LEVELS(r, {0, D(-7), LEVEL_YELLOW}, {0, D(1), LEVEL_RED});
    r = expiry("transfer-receipt", SUBJECT_TRANSFER, DATE_RECEIVED, month);
    WHEN(r, TEXT(STATE, EQ, "received"));
    LEVELS(r, {0, D(1), LEVEL_YELLOW});
    r = expiry("term-ends", SUBJECT_BRANCH, DATE_TERM_ENDS, none);
    assert_int_equal(r->when_count, 0);
    LEVELS(r, {0, M(-6), LEVEL_NOTICE}, {0, D(1), LEVEL_RED});
}

static void states(void **state)
{
    const struct rule *r = rule_of("branch-too-small", SUBJECT_BRANCH, RULE_STATE);

    (void)state;
    WHEN(r, NUMBER(FULL_MEMBERS, LT, 3), TEXT(FORM, EQ, "own"));
    LEVELS(r, {0, D(30), LEVEL_YELLOW}, {0, D(180), LEVEL_RED});
    r = rule_of("branch-too-large", SUBJECT_BRANCH, RULE_STATE);
    WHEN(r, NUMBER(MEMBERS, GT, 50));
    LEVELS(r, {0, D(30), LEVEL_NOTICE});
    r = rule_of("committee-missing", SUBJECT_BRANCH, RULE_STATE);
    WHEN(r, NUMBER(FULL_MEMBERS, GE, 7), BOOL(COMMITTEE, 0));
    LEVELS(r, {0, D(30), LEVEL_YELLOW});
    r = rule_of("joint-too-wide", SUBJECT_BRANCH, RULE_STATE);
    WHEN(r, TEXT(FORM, EQ, "joint"), NUMBER(UNITS, GT, 5));
    LEVELS(r, {0, D(30), LEVEL_NOTICE});
    r = rule_of("unit-uncovered", SUBJECT_UNIT, RULE_STATE);
    WHEN(r, NUMBER(FULL_MEMBERS, GE, 3), BOOL(OWN_BRANCH, 0));
    LEVELS(r, {0, D(30), LEVEL_YELLOW});
    r = rule_of("unit-no-coverage", SUBJECT_UNIT, RULE_STATE);
    WHEN(r, BOOL(COVERED, 0));
    LEVELS(r, {0, D(180), LEVEL_NOTICE});
}

static void every_rule_speaks_two_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < two_new->rule_count; i++) {
        const struct bilingual *texts[] = {&two_new->rules[i].title, &two_new->rules[i].basis,
                                           &two_new->rules[i].remedy};

        for (size_t k = 0; k < ARRAY_LEN(texts); k++)
            assert_true(strlen(texts[k]->en) > 3 && strlen(texts[k]->zh) > 3);
    }
}

/* ---- a small pack ----------------------------------------------------------------------------- */

#define PROSE "title = {en=\"a\";zh=\"b\";}; basis = {en=\"a\";zh=\"b\";}; remedy = {en=\"a\";zh=\"b\";};"

static struct pack *read_text(const char *text, const struct kinds *k)
{
    struct pack *pack = NULL;
    struct err err = {0};

    if (pack_read_text(&pack, text, strlen(text), "p.cfg", k, &err) != 0)
        fail_msg("%s", err.en);
    return pack;
}

static void what_is_left_out_has_its_default(void **state)
{
    _cleanup_pack_ struct pack *pack = read_text(
        "\xEF\xBB\xBFrules = ( { id = \"规则-1\"; subject = \"member\"; kind = \"cadence\"; per = \"year\";\r\n"
        "kinds = ( \"any\" ); levels = ( { missed = 2; level = \"notice\"; } );" PROSE " },\n"
        "{ id = \"x\"; subject = \"transfer\"; kind = \"expiry\"; date = \"received\";"
        "levels = ( { from = \"-1y\"; level = \"red\"; } );" PROSE " } );", &kinds);

    (void)state;
    assert_int_equal(pack->rule_count, 2);
    assert_int_equal(pack->rules[0].at_least, 1);
    assert_int_equal(pack->rules[0].measure, MEASURE_COUNT);
    assert_int_equal(pack->rules[0].grace.count, 10);
    assert_int_equal(pack->rules[0].grace.unit, DURATION_DAYS);
    assert_int_equal(pack->rules[0].scope, SCOPE_ATTENDANCE);
    assert_int_equal(pack->rules[0].needs_rolls, 0);
    assert_int_equal(pack->rules[1].plus.count, 0);
    assert_int_equal(pack->rules[1].levels[0].after.count, -12);
    assert_null(pack_find(pack, "y"));
    assert_ptr_equal(pack_find(pack, "x"), &pack->rules[1]);
}

static int64_t hours_read(const char *number)
{
    char text[800];
    struct pack *pack;
    int64_t hours;

    snprintf(text, sizeof text,
             "rules = ( { id = \"h\"; subject = \"branch\"; kind = \"cadence\"; per = \"year\"; "
             "kinds = [ \"training\" ]; measure = \"hours\"; at_least = %s; "
             "levels = ( { missed = 1; level = \"red\"; } ); " PROSE " } );", number);
    pack = read_text(text, &kinds);
    hours = pack->rules[0].at_least;
    pack_free(pack);
    return hours;
}

static void hours_have_two_decimals(void **state)
{
    (void)state;
    assert_int_equal(hours_read("1"), 100);
    assert_int_equal(hours_read("7.5"), 750);
    assert_int_equal(hours_read("0.01"), 1);
    assert_int_equal(hours_read("33.33"), 3333);
    assert_int_equal(hours_read("8e1"), 8000);
}

static void the_same_rules_have_the_same_hash(void **state)
{
    static const char *const changed = "rules = ();";
    _cleanup_pack_ struct pack *again = NULL;
    _cleanup_pack_ struct pack *empty = read_text(changed, NULL);
    struct err err = {0};
    json_t *json = NULL;

    (void)state;
    assert_int_equal(pack_file_to_json(&json, DEFAULT_PACK, &err), 0);
    assert_int_equal(pack_read_json(&again, json, &kinds, &err), 0);
    json_decref(json);
    assert_int_equal(strlen(two_new->hash), 64);
    assert_string_equal(again->hash, two_new->hash);
    assert_int_equal(again->rule_count, 23);
    /* BLAKE2b-256 of {"rules":[]} */
    assert_string_equal(empty->hash, "9229de3459f284f274f64465d003a38dcad4c724b0e7a10672c289a3276b55a6");
}

static void kinds_of_a_deployment(void **state)
{
    static const char *const text =
        "rules = ( { id = \"w\"; subject = \"branch\"; kind = \"silence\"; kinds = [ \"walk\", \"talk\" ];"
        "levels = ( { after = \"1m\"; level = \"red\"; } ); " PROSE " } );";
    _cleanup_pack_ struct pack *pack = NULL;
    struct kinds own;
    struct err err = {0};
    int bit;

    (void)state;
    assert_int_equal(pack_read_text(&pack, text, strlen(text), "p.cfg", &kinds, &err), 1);
    assert_null(pack);
    pack = read_text(text, NULL); /* the command does not know the daemon's kinds */
    assert_true(pack->rules[0].kinds == BIT("talk"));
    err_clear(&err);
    assert_int_equal(pack_bind_kinds(pack, &kinds, &err), 1);
    assert_non_null(strstr(err.en, "walk"));
    assert_true(pack->rules[0].kinds == BIT("talk"));
    kinds_init(&own);
    bit = kinds_add(&own, "walk", 20);
    assert_int_equal(bit, 20);
    assert_int_equal(pack_bind_kinds(pack, &own, &err), 0);
    assert_true(pack->rules[0].kinds == (BIT("talk") | KIND_BIT(20)));
    kinds_deinit(&own);
}

static void names(void **state)
{
    enum level level;

    (void)state;
    assert_string_equal(fact_name(FACT_OWN_BRANCH), "own_branch");
    assert_string_equal(date_name(DATE_RECEIVED), "received");
    assert_string_equal(rule_kind_name(RULE_STATE), "state");
    assert_string_equal(level_name(LEVEL_RED), "red");
    assert_true(level_parse(&level, "yellow"));
    assert_int_equal(level, LEVEL_YELLOW);
    assert_false(level_parse(&level, "none"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_meetings_of_a_branch),
        cmocka_unit_test(silences),
        cmocka_unit_test(hours_of_training),
        cmocka_unit_test(expiries),
        cmocka_unit_test(states),
        cmocka_unit_test(every_rule_speaks_two_languages),
        cmocka_unit_test(what_is_left_out_has_its_default),
        cmocka_unit_test(hours_have_two_decimals),
        cmocka_unit_test(the_same_rules_have_the_same_hash),
        cmocka_unit_test(kinds_of_a_deployment),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
