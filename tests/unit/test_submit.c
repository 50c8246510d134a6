/* The body of a submit: split into events, whatever each of them is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/event.h"

struct body_case {
    const char *text;
    enum err_code code;
    const char *field;
};

static void test_refused(void **state)
{
    static const struct body_case cases[] = {
        {"", ERR_MALFORMED, ""}, {"[]", ERR_MALFORMED, ""}, {"{", ERR_MALFORMED, ""}, {"nonsense", ERR_MALFORMED, ""},
        {"{}", ERR_MALFORMED, "events"}, {"{\"events\":[]}", ERR_MALFORMED, "events"}, {"{\"events\":{}}", ERR_MALFORMED, "events"},
        {"{\"events\":null}", ERR_MALFORMED, "events"}, {"{\"events\":[{\"a\":1}", ERR_MALFORMED, ""}, {"{\"events\":[{\"a\":1]}", ERR_MALFORMED, ""},
        {"{\"events\":[1,]}", ERR_MALFORMED, ""}, {"{\"events\":[1 2]}", ERR_MALFORMED, ""}, {"{\"events\":[1]} x", ERR_MALFORMED, ""},
        {"{\"events\":[1],\"evnets\":[2]}", ERR_MALFORMED, "evnets"}, {"{\"events\":[1],\"events\":[2]}", ERR_MALFORMED, "events"},
        {"{\"events\":[1],\"lang\":5}", ERR_MALFORMED, "lang"}, {"{\"events\":[1],\"ledger\":{}}", ERR_MALFORMED, "ledger"},
        {"{\"lang\":\"\xff\",\"events\":[1]}", ERR_MALFORMED, "lang"}, {"{\"events\" [1]}", ERR_MALFORMED, ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        _cleanup_arena_ struct arena arena = {0};
        struct submit_body body;
        struct err err = {0};

        if (submit_body_read(&body, &arena, cases[i].text, strlen(cases[i].text), &err) == 0)
            fail_msg("taken: %s", cases[i].text);
        if (err.code != cases[i].code || strcmp(err.field, cases[i].field) != 0)
            fail_msg("%s: %s %s", cases[i].text, err_code_name(err.code), err.field);
        assert_int_equal(body.count, 0);
    }
}

/* One that is no JSON is refused by itself; its neighbours are found. */
static void test_split(void **state)
{
    static const char text[] = " {\"lang\":\"zh\", \"events\" : [ {\"a\":\"}]\\\"\"} ,{\"b\":tru},\"x\",[1,{}],7 ] ,\"ledger\":\"u\"}\n";
    static const char *const wanted[] = {"{\"a\":\"}]\\\"\"}", "{\"b\":tru}", "\"x\"", "[1,{}]", "7"};
    _cleanup_arena_ struct arena arena = {0};
    struct submit_body body;
    struct err err = {0};

    (void)state;
    assert_int_equal(submit_body_read(&body, &arena, text, strlen(text), &err), 0);
    assert_int_equal(body.count, ARRAY_LEN(wanted));
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        assert_int_equal(body.events[i].len, strlen(wanted[i]));
        assert_memory_equal(body.events[i].s, wanted[i], body.events[i].len);
        assert_true(body.events[i].s > text && body.events[i].s < text + sizeof text);
    }
    assert_string_equal(body.lang.s, "zh");
    assert_string_equal(body.ledger.s, "u");
}

static void many(struct buf *b, int n)
{
    buf_clear(b);
    buf_add_str(b, "{\"events\":[");
    for (int i = 0; i < n; i++)
        buf_addf(b, "%s{\"n\":%d}", i ? "," : "", i);
    buf_add_str(b, "],\"lang\":\"zh\"}");
}

static void test_bounds(void **state)
{
    _cleanup_arena_ struct arena arena = {0};
    _cleanup_buf_ struct buf b = {0};
    struct submit_body body;
    struct err err = {0};

    (void)state;
    many(&b, SUBMIT_MAX_EVENTS);
    assert_int_equal(submit_body_read(&body, &arena, b.data, b.len, &err), 0);
    assert_int_equal(body.count, SUBMIT_MAX_EVENTS);
    assert_memory_equal(body.events[999].s, "{\"n\":999}", body.events[999].len);
    many(&b, SUBMIT_MAX_EVENTS + 1);
    assert_int_equal(submit_body_read(&body, &arena, b.data, b.len, &err), 1);
    assert_int_equal(err.code, ERR_TOO_LARGE);
    assert_string_equal(body.lang.s, "zh"); /* the refusal can be in it */
    err_clear(&err);
    many(&b, 1);
    while (b.len <= SUBMIT_MAX_BYTES)
        buf_add_char(&b, ' ');
    assert_int_equal(submit_body_read(&body, &arena, b.data, b.len, &err), 1);
    assert_int_equal(err.code, ERR_TOO_LARGE);
    err_clear(&err);
    assert_int_equal(submit_body_read(&body, &arena, b.data, SUBMIT_MAX_BYTES, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_refused), cmocka_unit_test(test_split),
                                       cmocka_unit_test(test_bounds)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
