/* One-time words: bound to all that they were made for, and to every letter of theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "access/word.h"

static const uint8_t key[WORD_KEY_SIZE] = {1, 2, 3}, other_key[WORD_KEY_SIZE] = {1, 2, 4};

static void test_made_and_read(void **state)
{
    static const struct word_claim claims[] = {{1, 1, 0}, {1234, 3, 19342}, {INT64_MAX, 2, 65535}};
    struct word_claim got;
    char text[WORD_TEXT_SIZE], again[WORD_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        word_make(text, key, &claims[i], "王干事");
        word_make(again, key, &claims[i], "王干事");
        assert_string_equal(text, again);
        assert_int_equal(strlen(strchr(text, '-') + 1), 26);
        assert_true(word_read(&got, key, text));
        assert_true(got.alert == claims[i].alert && got.level == claims[i].level && got.until == claims[i].until);
        assert_true(word_is_for(key, text, "王干事"));
        assert_false(word_is_for(key, text, "李干事"));
        assert_false(word_read(&got, other_key, text));
    }
}

static void test_bound_to_everything(void **state)
{
    static const struct word_claim claim = {1234, 2, 19342};
    struct word_claim other = claim;
    char text[WORD_TEXT_SIZE], changed[WORD_TEXT_SIZE];

    (void)state;
    word_make(text, key, &claim, "zhang");
    word_make(changed, key, &claim, "li");
    assert_string_not_equal(text, changed);
    other.level = 3;
    word_make(changed, key, &other, "zhang");
    assert_string_not_equal(text, changed);
    other = claim;
    other.until++;
    word_make(changed, key, &other, "zhang");
    assert_string_not_equal(text, changed);
}

static void test_no_letter_can_change(void **state)
{
    static const struct word_claim claim = {1234, 2, 19342};
    static const char all[] = "0123456789abcdefghijklmnopqrstuvwxyzABZ-. ";
    struct word_claim got;
    char text[WORD_TEXT_SIZE], changed[WORD_TEXT_SIZE + 2];

    (void)state;
    word_make(text, key, &claim, "zhang");
    for (size_t i = 0; i < strlen(text); i++)
        for (size_t k = 0; k + 1 < sizeof all; k++) {
            strcpy(changed, text);
            changed[i] = all[k];
            assert_int_equal(word_read(&got, key, changed), all[k] == text[i]);
        }
    for (size_t i = 0; i < strlen(text); i++) {
        strcpy(changed, text);
        changed[i] = '\0';
        assert_false(word_read(&got, key, changed));
    }
    assert_false(word_read(&got, key, ""));
    snprintf(changed, sizeof changed, "0%s", text);
    assert_false(word_read(&got, key, changed));
    snprintf(changed, sizeof changed, "%s0", text);
    assert_false(word_read(&got, key, changed));
    assert_false(word_read(&got, key, "99999999999999999999-00000000000000000000000000"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_made_and_read),
        cmocka_unit_test(test_bound_to_everything),
        cmocka_unit_test(test_no_letter_can_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
