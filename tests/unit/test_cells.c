/* What may reach a terminal, a spreadsheet, a reader of JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "cells.h"
#include "say.h"

static void check_safe(const char *text, const char *wanted)
{
    struct buf out = {0};

    say_safe(&out, text);
    assert_string_equal(buf_str(&out), wanted);
    buf_deinit(&out);
}

static void test_safe(void **state)
{
    (void)state;
    check_safe("plain 党支部", "plain 党支部");
    check_safe("\033[31mred\007", "\\x1b[31mred\\x07");
    check_safe("a\nb\tc\rd", "a b c d");
    check_safe("\xC2\x9B" "2J", "\\x9b2J");
    check_safe("\x7F", "\\x7f");
    check_safe("abc\xE2\x80\xAE" "cba", "abc\\u202ecba");
    check_safe("\xFF\xC3", "\\xff\\xc3");
    check_safe("\xED\xA0\x80", "\\xed\\xa0\\x80");
}

static void check_csv(const char *text, bool number, const char *wanted)
{
    struct buf out = {0};

    cell_csv(&out, text, number);
    assert_string_equal(buf_str(&out), wanted);
    buf_deinit(&out);
}

static void test_csv(void **state)
{
    (void)state;
    check_csv("plain", false, "plain");
    check_csv("", false, "");
    check_csv("a,b", false, "\"a,b\"");
    check_csv("a\"b", false, "\"a\"\"b\"");
    check_csv("a\nb", false, "\"a\nb\"");
    check_csv("=1+1", false, "\"'=1+1\"");
    check_csv("+86 10", false, "\"'+86 10\"");
    check_csv("-x", false, "\"'-x\"");
    check_csv("@x", false, "\"'@x\"");
    check_csv("\tx", false, "\"'\tx\"");
    check_csv("\rx", false, "\"'\rx\"");
    check_csv("-1", true, "-1");
}

/* Reads JSON, writes it as a row. */
static void check_json(const char *text, const char *wanted)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    struct buf out = {0};

    assert_non_null(value);
    cell_json(&out, value);
    assert_string_equal(buf_str(&out), wanted);
    buf_deinit(&out);
    json_decref(value);
}

static void test_json(void **state)
{
    (void)state;
    check_json("{\"b\": 1, \"a\": [true, null]}", "{\"b\":1,\"a\":[true,null]}");
    check_json("{\"hours\": 1.5, \"score\": 0.1}", "{\"hours\":1.5,\"score\":0.1}");
    check_json("0.30000000000000004", "0.30000000000000004");
    check_json("\"\\u001b[2J \\u009b2J \\u007f 党\"", "\"\\u001B[2J \\u009b2J \\u007f 党\"");
}

static void check_plain(const char *json, const char *wanted)
{
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
    struct buf out = {0};

    assert_non_null(value);
    cell_plain(&out, value);
    assert_string_equal(buf_str(&out), wanted);
    buf_deinit(&out);
    json_decref(value);
}

static void test_plain(void **state)
{
    (void)state;
    check_plain("\"x\"", "x");
    check_plain("8.0", "8");
    check_plain("91.25", "91.25");
    check_plain("null", "");
    check_plain("[\"a\", \"b\"]", "a; b");
    check_plain("{\"branch\": \"B-1\"}", "branch:B-1");
    check_plain("{\"on\": \"2022-01-01\", \"level\": \"red\"}", "on 2022-01-01, level red");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_safe),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
