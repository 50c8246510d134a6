/* Dates as people type them. Today is 2022-11-05, a Saturday, unless said otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/zone.h"
#include "when.h"

static day_t today(void)
{
    return day_from_civil(2022, 11, 5);
}

static void expect(const char *typed, const char *wire)
{
    struct when when;
    struct err err = {0};

    print_message("%s\n", typed);
    assert_int_equal(when_parse(&when, typed, true, today(), &err), 0);
    assert_string_equal(when.text, wire);
}

static void expect_none(const char *typed, bool time_allowed)
{
    struct when when;
    struct err err = {0};

    print_message("%s\n", typed);
    assert_int_equal(when_parse(&when, typed, time_allowed, today(), &err), 1);
    assert_true(err.en[0] && err.zh[0]);
}

static void test_dates(void **state)
{
    (void)state;
    expect("2022-11-05", "2022-11-05");
    expect("1999-02-28", "1999-02-28");
    expect("11-05", "2022-11-05");
    expect("1-5", "2022-01-05");
    expect("today", "2022-11-05");
    expect("今天", "2022-11-05");
    expect("yesterday", "2022-11-04");
    expect("tomorrow", "2022-11-06");
    expect("-3d", "2022-11-02");
    expect("-5d", "2022-10-31");
    expect("-1w", "2022-10-29");
    expect("-1m", "2022-10-05");
    expect("+2w", "2022-11-19");
    expect("+1y", "2023-11-05");
}

static void test_leap_day_of_another_year(void **state)
{
    struct when when;
    struct err err = {0};

    (void)state;
    expect_none("02-29", true);
    assert_int_equal(when_parse(&when, "02-29", true, day_from_civil(2024, 3, 1), &err), 0);
    assert_string_equal(when.text, "2024-02-29");
}

static void test_times(void **state)
{
    (void)state;
    expect("2022-11-05T15:00", "2022-11-05T15:00:00+08:00");
    expect("2022-11-05 15:00:30", "2022-11-05T15:00:30+08:00");
    expect("11-05T09:05", "2022-11-05T09:05:00+08:00");
    expect("yesterday 09:30", "2022-11-04T09:30:00+08:00");
    expect("todayT00:00", "2022-11-05T00:00:00+08:00");
    expect("-1dT23:59", "2022-11-04T23:59:00+08:00");
}

/* A full time is the submitter's: what is wrong in it is the daemon's to say. */
static void test_full_times_pass(void **state)
{
    (void)state;
    expect("2022-11-05T15:00:00+08:00", "2022-11-05T15:00:00+08:00");
    expect("2022-11-05T07:00:00Z", "2022-11-05T07:00:00Z");
    expect("2022-11-05T07:00:00.25-03:30", "2022-11-05T07:00:00.25-03:30");
    expect("2022-11-05T25:00:00Z", "2022-11-05T25:00:00Z");
}

static void test_none(void **state)
{
    static const char *const none[] = {"", "soon", "2022-13-01", "2022-02-29", "2022-11-5", "22-11-05", "11-32", "0-1",
                                       "11-", "-11", "-d", "--3d", "-3", "3d", "today!", "2022-11-05T", "2022-11-05T24:00",
                                       "2022-11-05T9:00", "2022-11-05T15", "T15:00", "2022-11-05T15:00+08:00",
                                       "2022-11-05  15:00", "2022/11/05", "2022-11-05T15:00:00+08:00\xf6\xcd", "2022-11-05T15:00:00 Z"};

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        expect_none(none[i], true);
    expect_none("2022-11-05T15:00", false);
    expect_none("2022-11-05T15:00:00Z", false);
}

static void test_zones_with_changing_clocks(void **state)
{
    struct when when;
    struct err err = {0};

    (void)state;
    assert_int_equal(zone_set("America/St_Johns", &err), 0);
    expect("2022-07-01T12:00", "2022-07-01T12:00:00-02:30");
    expect("2022-12-01T12:00", "2022-12-01T12:00:00-03:30");
    /* 2022-03-13 02:00 to 03:00 did not happen there. */
    assert_int_equal(when_parse(&when, "2022-03-13T02:30", true, today(), &err), 1);
    assert_int_equal(zone_set("Asia/Shanghai", &(struct err){0}), 0);
}

static void test_shown(void **state)
{
    struct when when;
    char shown[WHEN_TEXT_SIZE];

    (void)state;
    assert_int_equal(when_parse(&when, "today", true, today(), &(struct err){0}), 0);
    when_show(shown, &when, false);
    assert_string_equal(shown, "2022-11-05 (Sat)");
    when_show(shown, &when, true);
    assert_string_equal(shown, "2022-11-05 (周六)");
    when.day = day_from_civil(1969, 12, 31);
    when_show(shown, &when, false);
    assert_non_null(strstr(shown, "(Wed)"));
}

static int set_zone(void **state)
{
    (void)state;
    return zone_set("Asia/Shanghai", &(struct err){0});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_leap_day_of_another_year),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_full_times_pass),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_zones_with_changing_clocks),
        cmocka_unit_test(test_shown),
    };

    return cmocka_run_group_tests(tests, set_zone, NULL);
}
