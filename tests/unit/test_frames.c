/* Frames of a request: what is taken, what is refused, what is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/frames.h"

static char long_id[FRAMES_ID_ECHO_MAX + 1];

struct frames_case {
    const char *what;
    const char *frames[8]; /* until NULL */
    enum frames_verdict verdict;
    enum err_code code;
    bool delimiter;
};

static const struct frames_case cases[] = {
    {"dealer", {"muster/1", "7", "status", "{}"}, FRAMES_OK, ERR_NONE, false},
    {"req", {"", "muster/1", "7", "status", "{}"}, FRAMES_OK, ERR_NONE, true},
    {"empty body is the verb's affair", {"muster/1", "7", "status", ""}, FRAMES_OK, ERR_NONE, false},
    {"nothing", {NULL}, FRAMES_LOST, ERR_NONE, false},
    {"only a delimiter", {""}, FRAMES_LOST, ERR_NONE, true},
    {"no id", {"muster/1"}, FRAMES_LOST, ERR_NONE, false},
    {"no id after a delimiter", {"", "muster/1"}, FRAMES_LOST, ERR_NONE, true},
    {"another version", {"muster/2", "7", "status", "{}"}, FRAMES_REFUSED, ERR_MALFORMED, false},
    {"version is no prefix", {"muster/11", "7", "status", "{}"}, FRAMES_REFUSED, ERR_MALFORMED, false},
    {"no verb", {"muster/1", "7"}, FRAMES_REFUSED, ERR_MALFORMED, false},
    {"no body", {"", "muster/1", "7", "status"}, FRAMES_REFUSED, ERR_MALFORMED, true},
    {"one too many", {"muster/1", "7", "status", "{}", ""}, FRAMES_REFUSED, ERR_MALFORMED, false},
    {"two too many", {"", "muster/1", "7", "status", "{}", "", ""}, FRAMES_REFUSED, ERR_MALFORMED, true},
    {"two delimiters", {"", "", "muster/1", "7", "status", "{}"}, FRAMES_REFUSED, ERR_MALFORMED, true},
    {"empty id", {"muster/1", "", "status", "{}"}, FRAMES_REFUSED, ERR_MALFORMED, false},
    {"verb in capitals", {"muster/1", "7", "STATUS", "{}"}, FRAMES_REFUSED, ERR_UNKNOWN_VERB, false},
    {"empty verb", {"muster/1", "7", "", "{}"}, FRAMES_REFUSED, ERR_UNKNOWN_VERB, false},
    {"verb that is no UTF-8", {"muster/1", "7", "\xff\xfe", "{}"}, FRAMES_REFUSED, ERR_UNKNOWN_VERB, false},
    {"endless verb", {"muster/1", "7", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "{}"}, FRAMES_REFUSED, ERR_UNKNOWN_VERB, false},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct frames_case *c = &cases[i];
        struct frame frames[8];
        struct request_frames out;
        struct err err = {0};
        size_t n = 0;

        for (; n < 8 && c->frames[n]; n++)
            frames[n] = (struct frame){c->frames[n], strlen(c->frames[n])};
        print_message("%s\n", c->what);
        assert_int_equal(frames_read(&out, frames, n, &err), c->verdict);
        assert_int_equal(err.code, c->code);
        assert_int_equal(out.delimiter, c->delimiter);
    }
}

static void test_points_into_frames(void **state)
{
    const struct frame frames[] = {{"", 0}, {"muster/1", 8}, {"\0\1\2", 3}, {"list", 4}, {"{}", 2}};
    struct request_frames out;
    struct err err = {0};

    (void)state;
    assert_int_equal(frames_read(&out, frames, ARRAY_LEN(frames), &err), FRAMES_OK);
    assert_ptr_equal(out.id.data, frames[2].data);
    assert_int_equal(out.id.len_bytes, 3);
    assert_ptr_equal(out.verb.data, frames[3].data);
    assert_ptr_equal(out.body.data, frames[4].data);
}

static enum frames_verdict with_id(size_t id_len, enum err_code *code_out)
{
    const struct frame frames[] = {{"muster/1", 8}, {long_id, id_len}, {"list", 4}, {"{}", 2}};
    struct request_frames out;
    struct err err = {0};
    enum frames_verdict verdict = frames_read(&out, frames, ARRAY_LEN(frames), &err);

    *code_out = err.code;
    return verdict;
}

static void test_id_sizes(void **state)
{
    enum err_code code;

    (void)state;
    assert_int_equal(with_id(1, &code), FRAMES_OK);
    assert_int_equal(with_id(FRAMES_ID_MAX, &code), FRAMES_OK);
    assert_int_equal(with_id(FRAMES_ID_MAX + 1, &code), FRAMES_REFUSED);
    assert_int_equal(code, ERR_MALFORMED);
    assert_int_equal(with_id(FRAMES_ID_ECHO_MAX, &code), FRAMES_REFUSED);
    assert_int_equal(with_id(FRAMES_ID_ECHO_MAX + 1, &code), FRAMES_LOST);
}

static void test_body_sizes(void **state)
{
    struct frame frames[] = {{"muster/1", 8}, {"7", 1}, {"list", 4}, {"{}", FRAMES_BODY_MAX}};
    struct request_frames out;
    struct err err = {0};

    (void)state; /* the body itself is not looked at */
    assert_int_equal(frames_read(&out, frames, ARRAY_LEN(frames), &err), FRAMES_OK);
    frames[3].len_bytes++;
    assert_int_equal(frames_read(&out, frames, ARRAY_LEN(frames), &err), FRAMES_REFUSED);
    assert_int_equal(err.code, ERR_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_points_into_frames),
        cmocka_unit_test(test_id_sizes),
        cmocka_unit_test(test_body_sizes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
