/* What stands in front of a line of the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"

static void test_prefix(void **state)
{
    char text[64];

    (void)state;
    assert_int_equal(log_prefix(text, sizeof text, true, LOG_LEVEL_WARNING, 0), 3);
    assert_string_equal(text, "<4>");
    log_prefix(text, sizeof text, false, LOG_LEVEL_WARNING, 1667631600123456);
    assert_string_equal(text, "2022-11-05T07:00:00Z warning: ");
    log_prefix(text, sizeof text, false, LOG_LEVEL_DEBUG, 0);
    assert_string_equal(text, "1970-01-01T00:00:00Z debug: ");
}

static void test_levels(void **state)
{
    enum log_level level;

    (void)state;
    assert_true(log_level_parse(&level, "error"));
    assert_int_equal(level, LOG_LEVEL_ERROR);
    assert_true(log_level_parse(&level, "debug"));
    assert_int_equal(level, LOG_LEVEL_DEBUG);
    assert_false(log_level_parse(&level, "loud"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_prefix), cmocka_unit_test(test_levels)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
