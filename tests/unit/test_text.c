/* Text: strict UTF-8, control characters, refs, near misses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/text.h"

static void test_utf8(void **state)
{
    static const char *const good[] = {"", "abc", "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"};
    static const char *const bad[] = {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80",
                                      "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe4\xb8", "\xe4", "\xe4\xb8x", "a\xc3"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_true(text_utf8_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (text_utf8_valid(bad[i], strlen(bad[i])))
            fail_msg("taken: number %zu", i);
}

static void test_copy_never_cuts_a_character(void **state)
{
    char out[8];

    (void)state;
    text_copy(out, sizeof out, "中文字");
    assert_string_equal(out, "中文");
    text_copy(out, sizeof out, "abcdefghij");
    assert_string_equal(out, "abcdefg");
    text_copy(out, sizeof out, "abcdef\xc3\xa9");
    assert_string_equal(out, "abcdef");
    text_copy(out, 1, "abc");
    assert_string_equal(out, "");
}

static void test_control(void **state)
{
    (void)state;
    assert_false(text_has_control("a\n\tb", 4));
    assert_false(text_has_control("é 中 \xc2\xa0", strlen("é 中 \xc2\xa0")));
    assert_true(text_has_control("\r", 1));
    assert_true(text_has_control("\0", 1));
    assert_true(text_has_control("\x7f", 1));
    assert_true(text_has_control("\xc2\x85", 2));
    assert_true(text_has_control("\xc2\x9f", 2));
}

static void test_refs(void **state)
{
    static const struct {
        const char *ref;
        enum ref_verdict verdict;
    } cases[] = {
        {"B-001", REF_OK}, {"a.b_c-D9", REF_OK}, {"张三", REF_OK}, {"\xc3\xa9", REF_OK}, {"٣", REF_OK}, {"", REF_EMPTY},
        {"B 001", REF_BAD_CHARACTER}, {"a/b", REF_BAD_CHARACTER}, {"½", REF_BAD_CHARACTER}, {"中，文", REF_BAD_CHARACTER},
        {"😀", REF_BAD_CHARACTER}, {"e\xcc\x81", REF_NOT_NFC}, {"\xff", REF_BAD_CHARACTER}, {"\xe2\x84\xab", REF_NOT_NFC}, {"\n", REF_BAD_CHARACTER},
        {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", REF_OK},
        {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", REF_TOO_LONG},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (text_ref_check(cases[i].ref, strlen(cases[i].ref)) != cases[i].verdict)
            fail_msg("%s: %d", cases[i].ref, text_ref_check(cases[i].ref, strlen(cases[i].ref)));
}

static void test_nearest(void **state)
{
    static const char *const names[] = {"meeting", "member", "training", "to"};

    (void)state;
    assert_int_equal(text_distance("meeting", "meeting", 3), 0);
    assert_int_equal(text_distance("meetnig", "meeting", 3), 1);
    assert_int_equal(text_distance("abc", "xyz", 2), 3);
    assert_int_equal(text_distance("时問", "时间", 2), 1); /* one character, not three bytes */
    assert_string_equal(text_nearest("meetings", names, ARRAY_LEN(names)), "meeting");
    assert_string_equal(text_nearest("trainign", names, ARRAY_LEN(names)), "training");
    assert_null(text_nearest("something else", names, ARRAY_LEN(names)));
}

static void test_numbers(void **state)
{
    static const int64_t values[] = {0, 7, -7, 10, -10, 999999, INT64_MAX, INT64_MIN};
    char text[TEXT_INT_SIZE + 1], expected[32];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        text[text_int(text, values[i])] = '\0';
        snprintf(expected, sizeof expected, "%lld", (long long)values[i]);
        assert_string_equal(text, expected);
    }
    *text_digits(text, 12345, 3) = '\0';
    assert_string_equal(text, "345");
    *text_digits(text, 7, 4) = '\0';
    assert_string_equal(text, "0007");
}

static void test_broken_characters_are_dropped(void **state)
{
    char cut[] = "“\xE4\xB8”不\xFF是\xE6", whole[] = "是 yes";

    (void)state;
    text_drop_broken(cut);
    assert_string_equal(cut, "“”不是");
    text_drop_broken(whole);
    assert_string_equal(whole, "是 yes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),  cmocka_unit_test(test_copy_never_cuts_a_character),
        cmocka_unit_test(test_control), cmocka_unit_test(test_refs),
        cmocka_unit_test(test_nearest), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_broken_characters_are_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
