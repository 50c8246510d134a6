/* Words and options, and the verbs they name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "args.h"
#include "base/cleanup.h"
#include "families.h"

static const struct verb *verb_named(const char *first, const char *second)
{
    size_t words;

    return family_find(first, second, &words);
}

static void test_words_and_options_mix(void **state)
{
    char *argv[] = {(char[]){"show"}, (char[]){"--limit"}, (char[]){"3"}, (char[]){"branch"}, (char[]){"--json"},
                    (char[]){"B-1"}, (char[]){"--"}, (char[]){"--x"}, NULL};
    struct arguments args = {.verb = verb_named("show", NULL)};

    (void)state;
    options_for_verb(&args.known, args.verb);
    assert_true(arguments_read(&args, 8, argv, false) >= 0);
    assert_int_equal(args.word_count, 3);
    assert_string_equal(args.words[0], "branch");
    assert_string_equal(args.words[1], "B-1");
    assert_string_equal(args.words[2], "--x");
    assert_string_equal(arguments_value(&args, "limit"), "3");
    assert_true(arguments_has(&args, "json"));
    assert_false(arguments_has(&args, "csv"));
    assert_null(arguments_value(&args, "server"));
    arguments_deinit(&args);
}

static void test_a_negative_date_is_a_value(void **state)
{
    char *argv[] = {(char[]){"recent"}, (char[]){"--since"}, (char[]){"-3d"}, (char[]){"--limit=2"}, (char[]){"--limit=5"}, NULL};
    struct arguments args = {.verb = verb_named("recent", NULL)};

    (void)state;
    options_for_verb(&args.known, args.verb);
    assert_true(arguments_read(&args, 5, argv, false) >= 0);
    assert_string_equal(arguments_value(&args, "since"), "-3d");
    assert_string_equal(arguments_value(&args, "limit"), "5");
    arguments_deinit(&args);
}

static void test_leading_options_stop_at_the_verb(void **state)
{
    char *argv[] = {(char[]){"muster"}, (char[]){"--server"}, (char[]){"x"}, (char[]){"recent"}, (char[]){"--kind"}, NULL};
    struct arguments args = {0};

    (void)state;
    options_common(&args.known);
    assert_int_equal(arguments_read(&args, 5, argv, true), 3);
    assert_false(arguments_has(&args, "help"));
    assert_string_equal(arguments_value(&args, "server"), "x");
    arguments_deinit(&args);
}

static void test_short_help(void **state)
{
    char *argv[] = {(char[]){"recent"}, (char[]){"-h"}, NULL};
    struct arguments args = {.verb = verb_named("recent", NULL)};

    (void)state;
    options_for_verb(&args.known, args.verb);
    assert_true(arguments_read(&args, 2, argv, false) >= 0);
    assert_true(arguments_has(&args, "help"));
    arguments_deinit(&args);
}

static void test_mistakes(void **state)
{
    static const char *const wrong[] = {"--limt=3", "--json=yes", "--limit", "-z"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        char word[32];
        char *argv[] = {(char[]){"recent"}, word, NULL};
        struct arguments args = {.verb = verb_named("recent", NULL)};

        strcpy(word, wrong[i]);
        options_for_verb(&args.known, args.verb);
        assert_int_equal(arguments_read(&args, 2, argv, false), -1);
        arguments_deinit(&args);
    }
}

static void test_verbs(void **state)
{
    size_t words;

    (void)state;
    assert_string_equal(family_find("branch", "found", &words)->name, "branch found");
    assert_int_equal(words, 2);
    assert_string_equal(family_find("recent", "x", &words)->name, "recent");
    assert_int_equal(words, 1);
    assert_string_equal(family_find("exempt", "end", &words)->name, "exempt end");
    assert_string_equal(family_find("exempt", "X", &words)->name, "exempt");
    assert_null(family_find("branch", NULL, &words));
    assert_null(family_find("brench", "found", &words));
    assert_string_equal(family_nearest("recnt", NULL), "recent");
    assert_string_equal(family_nearest("brnach", "found"), "branch");
    assert_string_equal(family_nearest("branch", "fuond"), "branch found");
    assert_null(family_nearest("xyzzyxyzzy", NULL));
}

/* Every verb can explain itself: one line (its Chinese: lint/language), and an example that names it. */
static void test_every_verb_has_help(void **state)
{
    (void)state;
    for (const struct family *const *f = families; *f; f++)
        for (size_t i = 0; i < (*f)->count; i++) {
            const struct verb *verb = &(*f)->verbs[i];

            print_message("%s\n", verb->name);
            assert_non_null(verb->run);
            assert_true(verb->en && *verb->en);
            assert_non_null(strstr(verb->example, verb->name));
            assert_true(verb->min_words <= verb->max_words);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_and_options_mix),
        cmocka_unit_test(test_a_negative_date_is_a_value),
        cmocka_unit_test(test_leading_options_stop_at_the_verb),
        cmocka_unit_test(test_short_help),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_verbs),
        cmocka_unit_test(test_every_verb_has_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
