/* The scanner: what is JSON, what is not, and where it stops. (Against jansson: tests/fuzz.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "wire/scan.h"

enum { DEPTH = 4 };

static void test_verdicts(void **state)
{
    static const struct {
        const char *text;
        enum scan_error error;
        size_t at;
    } cases[] = {
        {"null", SCAN_FINE, 0}, {" {\"a\" : [ 1 , -0.5e+3 ] } \n", SCAN_FINE, 0}, {"[[[[]]]]", SCAN_FINE, 0},
        {"[[[[[]]]]]", SCAN_TOO_DEEP, 4}, {"", SCAN_ENDS_EARLY, 0}, {" ", SCAN_ENDS_EARLY, 1}, {"{\"a\":", SCAN_ENDS_EARLY, 5},
        {"\"abc", SCAN_ENDS_EARLY, 4}, {"[1,]", SCAN_SYNTAX, 3}, {"{,}", SCAN_SYNTAX, 1}, {"{\"a\":1,}", SCAN_SYNTAX, 7},
        {"01", SCAN_TRAILING, 1}, {"1.", SCAN_ENDS_EARLY, 2}, {"1.x", SCAN_SYNTAX, 2}, {"+1", SCAN_SYNTAX, 0}, {"-", SCAN_ENDS_EARLY, 1},
        {".5", SCAN_SYNTAX, 0}, {"1e", SCAN_ENDS_EARLY, 2}, {"nul", SCAN_SYNTAX, 0}, {"True", SCAN_SYNTAX, 0}, {"NaN", SCAN_SYNTAX, 0},
        {"[1 2]", SCAN_SYNTAX, 3}, {"[1}", SCAN_SYNTAX, 2}, {"{1:2}", SCAN_SYNTAX, 1}, {"{\"a\" 1}", SCAN_SYNTAX, 5},
        {"\"a\tb\"", SCAN_CONTROL, 2}, {"\"\xff\"", SCAN_UTF8, 1}, {"\"\xed\xa0\x80\"", SCAN_UTF8, 1}, {"\"\\x\"", SCAN_ESCAPE, 1},
        {"\"\\u12g4\"", SCAN_ESCAPE, 1}, {"{} {}", SCAN_TRAILING, 3}, {"\xef\xbb\xbf{}", SCAN_SYNTAX, 0}, {"'a'", SCAN_SYNTAX, 0},
        {"{\"a\":1,\"b\":2,\"a\":3}", SCAN_DUPLICATE, 18}, {"{\"a\":1,\"\\u0061\":3}", SCAN_DUPLICATE, 17},
        {"[{\"x\":{\"k\":1,\"k\":1}}]", SCAN_DUPLICATE, 18}, {"{\"\":1,\"\":1}", SCAN_DUPLICATE, 10}, {"/**/1", SCAN_SYNTAX, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        _cleanup_arena_ struct arena arena = {0};
        struct scan s;
        int bad = scan_read(&s, &arena, cases[i].text, strlen(cases[i].text), DEPTH);

        if (bad != (cases[i].error != SCAN_FINE) || s.error != cases[i].error || s.error_at != cases[i].at)
            fail_msg("%s: error %d at %zu", cases[i].text, (int)s.error, s.error_at);
    }
}

static void test_nodes(void **state)
{
    _cleanup_arena_ struct arena arena = {0};
    static const char text[] = "{\"a\":[true,{}],\"b\\n\":\"\\u4e2d\\ud83d\\ude00\", \"c\":1.50}";
    struct scan s;

    (void)state;
    assert_int_equal(scan_read(&s, &arena, text, strlen(text), DEPTH), 0);
    assert_int_equal(s.count, 9);
    assert_int_equal(s.nodes[0].kind, SCAN_OBJECT);
    assert_int_equal(s.nodes[0].next, 9);
    assert_string_equal(scan_str(&s, &s.nodes[1]), "a");
    assert_int_equal(s.nodes[2].kind, SCAN_ARRAY);
    assert_int_equal(s.nodes[2].next, 5);
    assert_int_equal(s.nodes[2].len, strlen("[true,{}]"));
    assert_int_equal(s.nodes[4].kind, SCAN_OBJECT);
    assert_string_equal(scan_str(&s, &s.nodes[5]), "b\n");
    assert_string_equal(scan_str(&s, &s.nodes[6]), "中😀");
    assert_int_equal(s.nodes[8].kind, SCAN_NUMBER);
    assert_memory_equal(scan_str(&s, &s.nodes[8]), "1.50", 4);
}

static void test_flags_rise(void **state)
{
    static const struct {
        const char *text;
        unsigned flags;
    } cases[] = {
        {"[[\"\\u0000\"]]", SCAN_BAD_TEXT}, {"{\"\\ud800\":1}", SCAN_BAD_TEXT}, {"[{\"a\":\"\\udc00x\"}]", SCAN_BAD_TEXT},
        {"[\"\\ud800\\u0041\"]", SCAN_BAD_TEXT}, {"[9223372036854775807,-9223372036854775808,1.7e308,1e-999]", 0},
        {"[9223372036854775808]", SCAN_BIG_NUMBER}, {"[1e309]", SCAN_BIG_NUMBER}, {"[1.7976931348623159e308]", SCAN_BIG_NUMBER},
        {"[0e999999]", 0}, {"[\"\\u0000\",1e309]", SCAN_BAD_TEXT | SCAN_BIG_NUMBER},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        _cleanup_arena_ struct arena arena = {0};
        struct scan s;

        assert_int_equal(scan_read(&s, &arena, cases[i].text, strlen(cases[i].text), DEPTH), 0);
        if (s.nodes[0].flags != cases[i].flags)
            fail_msg("%s: flags %d", cases[i].text, s.nodes[0].flags);
    }
}

static void test_many(void **state)
{
    enum { KEYS = 5000 };
    _cleanup_arena_ struct arena arena = {0};
    _cleanup_buf_ struct buf b = {0};
    struct scan s;

    (void)state;
    buf_add_char(&b, '{');
    for (int i = 0; i < KEYS; i++)
        buf_addf(&b, "%s\"k%d\":[%d,null]", i ? "," : "", i, i);
    buf_add_char(&b, '}');
    assert_int_equal(scan_read(&s, &arena, b.data, b.len, DEPTH), 0);
    assert_int_equal(s.count, 1 + KEYS * 4);
    assert_string_equal(scan_str(&s, &s.nodes[1 + 4 * 4999]), "k4999");
    b.len--;
    buf_add_str(&b, ",\"k17\":0}");
    assert_int_equal(scan_read(&s, &arena, b.data, b.len, DEPTH), 1);
    assert_int_equal(s.error, SCAN_DUPLICATE);
}

static void test_skip(void **state)
{
    static const struct {
        const char *text;
        size_t len; /* 0: ends too early */
    } cases[] = {
        {"{\"a\":\"}\\\"]\",\"b\":[1]},2", 20}, {"[1,[2]],3", 7}, {"\"a,\\\\\",1", 6}, {"12 ,3", 2}, {"true]", 4},
        {"{\"a\":1", 0}, {"\"abc", 0}, {"\"abc\\", 0}, {"[[]", 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *p = cases[i].text;
        bool whole = scan_skip(&p, p + strlen(p));

        if (whole != (cases[i].len > 0) || (whole && (size_t)(p - cases[i].text) != cases[i].len))
            fail_msg("%s: %zu", cases[i].text, (size_t)(p - cases[i].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts), cmocka_unit_test(test_nodes), cmocka_unit_test(test_flags_rise),
        cmocka_unit_test(test_many),     cmocka_unit_test(test_skip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
