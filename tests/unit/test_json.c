/* Writing JSON: commas, escapes, numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

static void test_nested(void **state)
{
    _cleanup_buf_ struct buf out = {0};
    struct json j = json_to(&out);

    (void)state;
    json_open(&j, '{');
    json_kv_str(&j, "a", "x");
    json_key(&j, "list");
    json_open(&j, '[');
    json_int(&j, INT64_MIN);
    json_open(&j, '{');
    json_close(&j, '}');
    json_bool(&j, false);
    json_open(&j, '[');
    json_close(&j, ']');
    json_close(&j, ']');
    json_kv_bool(&j, "b", true);
    json_kv_day(&j, "d", day_from_civil(2022, 11, 5));
    json_kv_day(&j, "n", DAY_NONE);
    json_kv_int(&j, "i", -1);
    json_close(&j, '}');
    assert_string_equal(buf_str(&out), "{\"a\":\"x\",\"list\":[-9223372036854775808,{},false,[]],\"b\":true,"
                                       "\"d\":\"2022-11-05\",\"n\":null,\"i\":-1}");
}

static void test_strings(void **state)
{
    _cleanup_buf_ struct buf out = {0};
    struct json j = json_to(&out);

    (void)state;
    json_open(&j, '[');
    json_strn(&j, "a\0b", 3);
    json_str(&j, "\"\\/\n\t\r\x1f\x7f");
    json_str(&j, "中😀");
    json_str(&j, "");
    json_close(&j, ']');
    assert_string_equal(buf_str(&out), "[\"a\\u0000b\",\"\\\"\\\\/\\n\\t\\u000d\\u001f\x7f\",\"中😀\",\"\"]");
}

static void test_hundredths(void **state)
{
    _cleanup_buf_ struct buf out = {0};
    struct json j = json_to(&out);
    static const int64_t values[] = {100, 150, 125, 1, 10, 100000, 5, 110};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        json_hundredths(&j, values[i]);
    assert_string_equal(buf_str(&out), "1,1.5,1.25,0.01,0.1,1000,0.05,1.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nested), cmocka_unit_test(test_strings),
                                       cmocka_unit_test(test_hundredths)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
