/* Headers of a mail: what is encoded, how it is folded, and that no text gets out of its header. (That other programs
 * read them as they are meant: tests/e2e/test_channels.py.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "channels/mail_words.h"

static void is_header(const char *name, const char *text, const char *expected)
{
    _cleanup_buf_ struct buf out = {0};

    mail_add_text_header(&out, name, text);
    assert_string_equal(buf_str(&out), expected);
}

static void test_plain(void **state)
{
    (void)state;
    is_header("Subject", "North: 3 open; 1 closed", "Subject: =?UTF-8?B?Tm9ydGg6IDMgb3BlbjsgMSBjbG9zZWQ=?=");
    is_header("Subject", "three open", "Subject: three open");
    is_header("Subject", "", "Subject: ");
}

static void test_encoded(void **state)
{
    (void)state;
    is_header("To", "李娜", "To: =?UTF-8?B?5p2O5aic?=");
    is_header("To", "a\r\nBcc: x@y", "To: =?UTF-8?B?YQ0KQmNjOiB4QHk=?=");
    is_header("To", "=?UTF-8?B?eA==?=", "To: =?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=");
    is_header("To", " a", "To: =?UTF-8?B?IGE=?=");
    is_header("To", "😀", "To: =?UTF-8?B?8J+YgA==?=");
}

static void test_folded(void **state)
{
    _cleanup_buf_ struct buf text = {0}, out = {0};
    const char *line;

    (void)state;
    for (int i = 0; i < 40; i++)
        buf_add_str(&text, i % 3 ? "中" : "a😀");
    mail_add_text_header(&out, "Subject", buf_str(&text));
    for (line = buf_str(&out); line; line = strstr(line, "\r\n ") ? strstr(line, "\r\n ") + 2 : NULL) {
        const char *end = strstr(line, "\r\n");

        assert_true((end ? (size_t)(end - line) : strlen(line)) <= 76);
        assert_non_null(strstr(line, "=?UTF-8?B?"));
    }
}

static void test_address(void **state)
{
    _cleanup_buf_ struct buf named = {0}, bare = {0}, tricky = {0};

    (void)state;
    mail_add_address_header(&named, "To", "Li Na", "li@x.org");
    assert_string_equal(buf_str(&named), "To: Li Na\r\n <li@x.org>");
    mail_add_address_header(&bare, "From", "", "m@x.org");
    assert_string_equal(buf_str(&bare), "From: <m@x.org>");
    mail_add_address_header(&tricky, "To", "a>, <b@c", "li@x.org");
    assert_null(strchr(buf_str(&tricky), ','));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_encoded),
        cmocka_unit_test(test_folded),
        cmocka_unit_test(test_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
