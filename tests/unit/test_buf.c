/* Buffers, arenas, errors: what everything else is built of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

static void test_grows(void **state)
{
    _cleanup_buf_ struct buf b = {0};

    (void)state;
    assert_string_equal(buf_str(&b), "");
    for (int i = 0; i < 1000; i++)
        buf_addf(&b, "%d,", i % 10);
    buf_add(&b, NULL, 0);
    assert_int_equal(b.len, 2000);
    assert_memory_equal(b.data + 1990, "5,6,7,8,9,", 10);
    buf_clear(&b);
    buf_add_str(&b, "x");
    buf_add_char(&b, 'y');
    assert_string_equal(buf_str(&b), "xy");
}

static void test_array_grow(void **state)
{
    int *items = NULL;
    size_t n = 0, cap = 0;

    (void)state;
    for (int i = 0; i < 100; i++) {
        ARRAY_GROW(items, n, cap);
        items[n++] = i;
    }
    for (int i = 0; i < 100; i++)
        assert_int_equal(items[i], i);
    free(items);
}

static void test_arena(void **state)
{
    _cleanup_arena_ struct arena a = {0};
    char *big;

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 1; i < 3000; i += 7) {
            unsigned char *p = arena_alloc(&a, i);

            assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
            for (size_t k = 0; k < i; k++)
                assert_int_equal(p[k], 0);
            memset(p, 0xAA, i);
        }
        arena_reset(&a);
    }
    big = arena_alloc(&a, 1 << 20);
    big[(1 << 20) - 1] = 'x';
    assert_string_equal(arena_strndup(&a, "abcdef", 3), "abc");
}

static void test_first_error_stays(void **state)
{
    struct err err = {0};

    (void)state;
    assert_int_equal(err_say(&err, ERR_EXISTS, "branch", "%s is taken", "%s 已被占用", "B-1"), 1);
    assert_int_equal(err_say(&err, ERR_UNKNOWN_REF, "unit", "no", "无"), 1);
    assert_int_equal(err_fault(&err, "disk"), -1);
    assert_int_equal(err.code, ERR_EXISTS);
    assert_string_equal(err.field, "branch");
    assert_string_equal(err_text(&err, "en"), "B-1 is taken");
    assert_string_equal(err_text(&err, "zh"), "B-1 已被占用");
    assert_string_equal(err_text(&err, NULL), "B-1 is taken");
    err_clear(&err);
    assert_int_equal(err_fault(&err, "disk %d", 7), -1);
    assert_int_equal(err.code, ERR_UNAVAILABLE);
    assert_string_equal(err.en, "disk 7");
}

static void test_long_error_ends_in_a_whole_character(void **state)
{
    _cleanup_buf_ struct buf text = {0};
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 400; i++)
        buf_add_str(&text, "中");
    assert_int_equal(err_say(&err, ERR_EXISTS, buf_str(&text), "%s", "%s", buf_str(&text)), 1);
    assert_int_equal(strlen(err.en) % 3, 0);
    assert_true(strlen(err.en) > ERR_TEXT_MAX - 4);
    assert_int_equal(strlen(err.field) % 3, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows),
        cmocka_unit_test(test_array_grow),
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_first_error_stays),
        cmocka_unit_test(test_long_error_ends_in_a_whole_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
