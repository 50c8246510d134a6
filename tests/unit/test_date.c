/* Civil dates: conversion both ways, months that are too short, durations, periods. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/date.h"

static day_t day(const char *text)
{
    day_t d = DAY_NONE;

    assert_true(day_parse(&d, text, strlen(text)));
    return d;
}

static void assert_day(day_t d, const char *text)
{
    char buf[DAY_TEXT_SIZE];

    assert_string_equal(day_format(buf, d), text);
}

static void test_every_day_comes_back(void **state)
{
    (void)state;
    for (day_t d = day_from_civil(1, 1, 1); d <= day_from_civil(2500, 1, 1); d++) {
        struct civil c = day_to_civil(d);

        assert_true(civil_valid(c.year, c.month, c.day));
        assert_int_equal(day_from_civil(c.year, c.month, c.day), d);
    }
    assert_int_equal(day_from_civil(1970, 1, 1), 0);
    assert_int_equal(day_from_civil(2000, 3, 1), 11017);
    assert_int_equal(day_from_civil(1900, 1, 1), -25567);
}

static void test_parse(void **state)
{
    static const char *const bad[] = {"",           "2022-11-5",   "2022-11-05 ", "2022/11/05", "2022-13-01", "2022-00-10",
                                      "2022-02-29", "1900-02-29",  "2022-04-31",  "2022-01-00", "22-11-0555", "+022-11-05",
                                      "2022-11-0x", "2022-11-05T", "-022-11-05"};
    day_t d;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (day_parse(&d, bad[i], strlen(bad[i])))
            fail_msg("taken: %s", bad[i]);
    assert_day(day("2000-02-29"), "2000-02-29");
    assert_day(day("2024-02-29"), "2024-02-29");
    assert_day(day("9999-12-31"), "9999-12-31");
}

static void test_add_months(void **state)
{
    static const struct {
        const char *from;
        int months;
        const char *to;
    } cases[] = {
        {"2022-01-31", 1, "2022-02-28"}, {"2024-01-31", 1, "2024-02-29"},   {"2022-02-28", 1, "2022-03-28"},
        {"2022-12-31", 2, "2023-02-28"}, {"2022-03-31", -1, "2022-02-28"},  {"2022-01-15", -1, "2021-12-15"},
        {"2024-02-29", 12, "2025-02-28"}, {"2022-05-31", -24, "2020-05-31"}, {"2022-05-31", 0, "2022-05-31"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_day(day_add_months(day(cases[i].from), cases[i].months), cases[i].to);
}

static void test_durations(void **state)
{
    static const char *const bad[] = {"", "d", "10", "10x", "1.5d", "10 d", "--1d", "+1d", "1000000d", "100000y", "1dd", "d1"};
    struct duration d;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (duration_parse(&d, bad[i]))
            fail_msg("taken: %s", bad[i]);
    assert_true(duration_parse(&d, "-2w"));
    assert_day(day_add(day("2022-03-10"), d), "2022-02-24");
    assert_true(duration_parse(&d, "1y"));
    assert_day(day_add(day("2024-02-29"), d), "2025-02-28");
    assert_true(duration_parse(&d, "0d"));
    assert_day(day_add(day("2022-03-10"), d), "2022-03-10");
    assert_true(duration_parse(&d, "6m"));
    assert_day(day_add(day("2022-08-31"), d), "2023-02-28");
}

static void test_periods(void **state)
{
    char buf[DAY_TEXT_SIZE];
    day_t d = day("2024-02-10");

    (void)state;
    assert_day(period_first(PERIOD_MONTH, d), "2024-02-01");
    assert_day(period_last(PERIOD_MONTH, d), "2024-02-29");
    assert_day(period_first(PERIOD_QUARTER, d), "2024-01-01");
    assert_day(period_last(PERIOD_QUARTER, d), "2024-03-31");
    assert_day(period_last(PERIOD_QUARTER, day("2022-12-31")), "2022-12-31");
    assert_day(period_last(PERIOD_YEAR, d), "2024-12-31");
    assert_string_equal(period_format(buf, PERIOD_MONTH, d), "2024-02");
    assert_string_equal(period_format(buf, PERIOD_QUARTER, day("2022-10-01")), "2022 Q4");
    assert_string_equal(period_format(buf, PERIOD_YEAR, d), "2024");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_comes_back), cmocka_unit_test(test_parse),
        cmocka_unit_test(test_add_months),           cmocka_unit_test(test_durations),
        cmocka_unit_test(test_periods),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
