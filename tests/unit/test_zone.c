/* The zone: against the C library, at every change of several zones, and around. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/zone.h"

static void set(const char *name)
{
    struct err err = {0};

    assert_int_equal(zone_set(name, &err), 0);
}

static void assert_local(int64_t unix_s)
{
    time_t t = (time_t)unix_s;
    struct zoned z = zone_local(unix_s);
    struct tm tm;

    assert_non_null(localtime_r(&t, &tm));
    assert_int_equal(z.day, day_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday));
    assert_int_equal(z.second, tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
}

static void test_like_the_library(void **state)
{
    static const char *const zones[] = {"Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC",
                                        "Asia/Kathmandu", "Africa/Monrovia"};
    enum { STEP = 7 * 3600 + 1234 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
        int64_t start = (int64_t)day_from_civil(1890, 1, 1) * 86400, end = (int64_t)day_from_civil(2060, 1, 1) * 86400;

        set(zones[i]);
        for (int64_t t = start; t < end; t += STEP) {
            assert_local(t);
            assert_local(t); /* now from what was kept */
        }
    }
}

static void test_change_by_the_second(void **state)
{
    int64_t change = 1667714400; /* New York, 2022-11-06T06:00:00Z: from -4 to -5 */

    (void)state;
    set("America/New_York");
    for (int64_t t = change - 100000; t < change + 100000; t += 13)
        assert_local(t);
    assert_int_equal(zone_local(change - 1).second, 7199);
    assert_int_equal(zone_local(change).second, 3600);
}

static void test_another_zone_forgets(void **state)
{
    int64_t t = 1667635200; /* 2022-11-05T08:00:00Z */

    (void)state;
    set("Asia/Shanghai");
    assert_int_equal(zone_local(t).second, 16 * 3600);
    set("UTC");
    assert_int_equal(zone_local(t).second, 8 * 3600);
}

static void test_midnight_and_instant(void **state)
{
    day_t day = day_from_civil(2022, 11, 5);

    (void)state;
    set("Asia/Shanghai");
    assert_int_equal(zone_midnight(day), 1667577600);
    assert_int_equal(zone_instant(day, 16 * 3600), 1667635200);
    set("America/New_York");
    /* half past one happens twice on the 6th: the earlier one, of daylight time */
    assert_int_equal(zone_instant(day + 1, 5400), 1667712600);
    for (day_t d = day_from_civil(2000, 1, 1); d < day_from_civil(2030, 1, 1); d++) {
        struct zoned z = zone_local(zone_midnight(d));

        assert_int_equal(z.day, d);
        assert_int_equal(z.second, 0);
    }
}

static void test_no_such_zone(void **state)
{
    static const char *const bad[] = {"", "Asia/Nowhere", "../../etc/passwd", "/etc/localtime", "Asia", ":UTC", "tzdata.zi"};
    struct err err;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err_clear(&err);
        assert_int_equal(zone_set(bad[i], &err), 1);
        assert_int_equal(err.code, ERR_INVALID_VALUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_like_the_library),     cmocka_unit_test(test_change_by_the_second),
        cmocka_unit_test(test_another_zone_forgets), cmocka_unit_test(test_midnight_and_instant),
        cmocka_unit_test(test_no_such_zone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
