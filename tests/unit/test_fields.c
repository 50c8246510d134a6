/* From a command line to an event. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/arena.h"
#include "families.h"
#include "fields.h"
#include "wire/event.h"

enum { WORDS_MAX = 40 };

static char id[] = "017e1138-2be8-735b-8601-07417ce42c82";

/* Reads a line of words between blanks; '~' stands for a blank inside a word. */
static int read_line(struct arguments *args, char *line, char *argv[WORDS_MAX])
{
    int argc = 0;
    size_t named;

    for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
        for (char *p = word; *p; p++)
            if (*p == '~')
                *p = ' ';
        argv[argc++] = word;
    }
    argv[argc] = NULL;
    args->verb = family_find(argv[0], argc > 1 ? argv[1] : NULL, &named);
    assert_non_null(args->verb);
    options_for_verb(&args->known, args->verb);
    return arguments_read(args, argc - (int)named + 1, argv + named - 1, false);
}

static void check_event(const char *typed, const char *json, bool valid)
{
    struct arguments args = {0};
    char *line = strdup(typed), *argv[WORDS_MAX];
    struct buf out = {0};
    struct err err = {0};
    struct draft draft = {.args = &args, .id = id, .at = "2022-11-05", .today = day_from_civil(2022, 11, 5)};
    json_t *got, *wanted = json_loads(json, 0, NULL);

    print_message("%s\n", typed);
    assert_true(read_line(&args, line, argv) >= 0);
    draft.made_ref = args.verb->flags & VERB_MAKES_REF ? "MADE" : NULL;
    if (fields_write(&out, &draft, &err))
        fail_msg("%s", err.en);
    got = json_loads(buf_str(&out), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(got);
    assert_non_null(wanted);
    json_object_set_new(wanted, "id", json_string(id));
    json_object_set_new(wanted, "at", json_string("2022-11-05"));
    if (!json_equal(got, wanted))
        print_message("got %s\n", buf_str(&out));
    assert_true(json_equal(got, wanted));
    if (valid) {
        struct arena arena = {0};
        struct kinds kinds;
        struct event event;

        kinds_init(&kinds);
        assert_int_equal(event_read(&event, &arena, out.data, out.len, EVENT_SUBMITTED, &kinds, &err), 0);
        kinds_deinit(&kinds);
        arena_deinit(&arena);
    }
    json_decref(got);
    json_decref(wanted);
    buf_deinit(&out);
    arguments_deinit(&args);
    free(line);
}

static void check_mistake(const char *typed, const char *says)
{
    struct arguments args = {0};
    char *line = strdup(typed), *argv[WORDS_MAX];
    struct buf out = {0};
    struct err err = {0};
    struct draft draft = {.args = &args, .id = id, .at = "2022-11-05", .today = day_from_civil(2022, 11, 5)};

    print_message("%s\n", typed);
    assert_true(read_line(&args, line, argv) >= 0);
    assert_int_equal(fields_write(&out, &draft, &err), 1);
    if (!strstr(err.en, says))
        print_message("says: %s\n", err.en);
    assert_non_null(strstr(err.en, says));
    assert_true(err.zh[0]);
    buf_deinit(&out);
    arguments_deinit(&args);
    free(line);
}

static void test_activity(void **state)
{
    (void)state;
    check_event("training --hours 2 --title T", "{\"type\": \"training\", \"title\": \"T\", \"hours\": 2}", true);
    check_event("meeting B-1 --kind theme_day,lecture --count 9 --due 12 --present M1,M2 --present M3 "
                "--absent M4=ill --absent M5=away,~far --with B-2,B-3 --topic a,b --topic c --title T~1 --guests 0",
                "{\"type\": \"meeting\", \"branch\": \"B-1\", \"kinds\": [\"theme_day\", \"lecture\"], "
                "\"present_count\": 9, \"due_count\": 12, \"present\": [\"M1\", \"M2\", \"M3\"], \"absent\": "
                "[{\"member\": \"M4\", \"reason\": \"ill\"}, {\"member\": \"M5\", \"reason\": \"away, far\"}], "
                "\"with\": [\"B-2\", \"B-3\"], \"topics\": [\"a,b\", \"c\"], \"title\": \"T 1\", \"guests\": 0}", true);
    check_event("meeting --branch B-1 --kind 主题党日 --extra {\"page\":12}",
                "{\"type\": \"meeting\", \"branch\": \"B-1\", \"kinds\": [\"theme_day\"], \"extra\": {\"page\": 12}}", true);
    check_event("training --title T --hours 1.50 --present-count 3",
                "{\"type\": \"training\", \"title\": \"T\", \"hours\": 1.5, \"present_count\": 3}", true);
    check_event("contact M1 --channel phone", "{\"type\": \"contact\", \"member\": \"M1\", \"channel\": \"phone\"}", true);
}

static void test_registers(void **state)
{
    (void)state;
    check_event("branch found B-1 --name N --form own --sector enterprise --units U1,U2 --committee --groups 2 "
                "--term-started 2020-01-01",
                "{\"type\": \"branch.founded\", \"branch\": \"B-1\", \"name\": \"N\", \"form\": \"own\", \"sector\": "
                "\"enterprise\", \"units\": [\"U1\", \"U2\"], \"committee\": true, \"groups\": 2, \"term_started\": "
                "\"2020-01-01\"}", true);
    check_event("branch change B-1 --committee=no", "{\"type\": \"branch.changed\", \"branch\": \"B-1\", \"committee\": false}",
                true);
    check_event("branch rate B-1 --cycle 2022 --stars 0 --score -1.25",
                "{\"type\": \"branch.rated\", \"branch\": \"B-1\", \"cycle\": 2022, \"stars\": 0, \"score\": -1.25}", true);
    check_event("member admit M1 --name N --branch B-1 --stage full --new=no --admitted-on 2-1",
                "{\"type\": \"member.admitted\", \"member\": \"M1\", \"name\": \"N\", \"branch\": \"B-1\", \"stage\": "
                "\"full\", \"new\": false, \"admitted_on\": \"2022-02-01\"}", true);
    check_event("member move M1 B-2", "{\"type\": \"member.moved\", \"member\": \"M1\", \"branch\": \"B-2\"}", true);
    check_event("member move M1 --branch B-2", "{\"type\": \"member.moved\", \"member\": \"M1\", \"branch\": \"B-2\"}", true);
    check_event("office take C deputy_secretary --person P",
                "{\"type\": \"office.taken\", \"body\": \"C\", \"office\": \"deputy_secretary\", \"person\": \"P\"}", true);
}

static void test_administration(void **state)
{
    (void)state;
    check_event("alert ack 12 --until +14d --note n",
                "{\"type\": \"alert.acknowledged\", \"alert\": 12, \"until\": \"2022-11-19\", \"note\": \"n\"}", true);
    check_event("alert note 12 text", "{\"type\": \"alert.noted\", \"alert\": 12, \"note\": \"text\"}", true);
    check_event("exempt grant --branch B-1 --rule a --rules b,c --until 2022-12-31 --reason r",
                "{\"type\": \"exemption.granted\", \"exemption\": \"MADE\", \"subject\": {\"branch\": \"B-1\"}, "
                "\"rules\": [\"a\", \"b\", \"c\"], \"until\": \"2022-12-31\", \"reason\": \"r\"}", true);
    check_event("exempt X --subject member:M1 --rules * --until 2022-12-31 --reason r",
                "{\"type\": \"exemption.granted\", \"exemption\": \"X\", \"subject\": {\"member\": \"M1\"}, "
                "\"rules\": [\"*\"], \"until\": \"2022-12-31\", \"reason\": \"r\"}", true);
    check_event("exempt end X", "{\"type\": \"exemption.ended\", \"exemption\": \"X\"}", true);
    check_event("transfer issue --member M1 --to B-2",
                "{\"type\": \"transfer.issued\", \"transfer\": \"MADE\", \"member\": \"M1\", \"to\": \"B-2\"}", true);
}

/* What is well formed is sent, and judged where the rules are. */
static void test_the_daemon_judges(void **state)
{
    (void)state;
    check_event("branch rate B-1 --cycle 2022 --stars 9",
                "{\"type\": \"branch.rated\", \"branch\": \"B-1\", \"cycle\": 2022, \"stars\": 9}", false);
    check_event("contact M1 --channel pigeon", "{\"type\": \"contact\", \"member\": \"M1\", \"channel\": \"pigeon\"}", false);
}

static void test_mistakes(void **state)
{
    (void)state;
    check_mistake("meeting --kind lecture", "BRANCH is missing");
    check_mistake("meeting B-1", "--kind is missing");
    check_mistake("meeting B-1 --kind a,,b", "empty item");
    check_mistake("meeting B-1 --kind a --count many", "--count: \"many\" is no whole number");
    check_mistake("meeting B-1 --kind a --count 1.5", "whole number");
    check_mistake("meeting B-1 --kind a --count 1 --count 2", "more than once");
    check_mistake("meeting B-1 --kind a --absent M1", "MEMBER=REASON");
    check_mistake("meeting B-1 --branch B-2 --kind a", "more than once");
    check_mistake("meeting B-1 --kind a --extra [1]", "JSON object");
    check_mistake("training --title T --hours 1,5", "no number");
    check_mistake("training --title T --hours 0x1", "no number");
    check_mistake("branch change B-1 --committee=maybe", "neither yes nor no");
    check_mistake("member extend M1 --until soon", "no date");
    check_mistake("exempt end", "EXEMPTION is missing");
    check_mistake("exempt X --rules a --until 2022-12-31 --reason r", "--branch, --member, --unit");
    check_mistake("exempt X --subject M1 --rules a --until 2022-12-31 --reason r", "KIND:REF");
    check_mistake("exempt X --branch B --member M --rules a --until 2022-12-31 --reason r", "more than once");
}

/* Every field of every type that a client may submit has an option, and every such type a verb. */
static void test_nothing_is_left_out(void **state)
{
    (void)state;
    for (int type = EV_NONE + 1; type < EV_COUNT; type++) {
        const struct type_spec *spec = catalogue_type((enum event_type)type);
        struct option_set set = {0};
        const struct verb *verb = NULL;

        /* muster redact and report freeze make theirs of what they find */
        if (spec->daemon_only || type == EV_EVENT_REDACTED || type == EV_REPORT_FROZEN)
            continue;
        for (const struct family *const *f = families; *f; f++)
            for (size_t i = 0; i < (*f)->count; i++)
                if ((*f)->verbs[i].type == (enum event_type)type)
                    verb = &(*f)->verbs[i];
        print_message("%s\n", spec->name);
        assert_non_null(verb);
        options_for_verb(&set, verb);
        for (size_t i = 0; i < spec->field_count; i++) {
            bool found = false;

            for (size_t k = 0; k < set.count; k++)
                found = found || (set.specs[k].field && strcmp(set.specs[k].field, field_name(spec->fields[i].id)) == 0);
            if (!found)
                print_message("%s has no option\n", field_name(spec->fields[i].id));
            assert_true(found);
        }
        for (size_t i = 0; i < set.count; i++)
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(set.specs[i].name, set.specs[k].name);
        free(set.specs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_activity),
        cmocka_unit_test(test_registers),
        cmocka_unit_test(test_administration),
        cmocka_unit_test(test_the_daemon_judges),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_nothing_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
