/* Moments, retries, and the lines of a message. What is told over a year is compared by tests/sim/notices.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/zone.h"
#include "notify/moment.h"
#include "notify/notify_state.h"

static int setup(void **state)
{
    struct err err = {0};

    (void)state;
    return zone_set("Asia/Shanghai", &err);
}

static int64_t at(int month, int day, int hour, int minute)
{
    return zone_instant(day_from_civil(2023, month, day), hour * 3600 + minute * 60) * 1000000;
}

static const struct tell_when now = {.tell = TELL_NOW};
static const struct tell_when daily = {.tell = TELL_DAILY, .at_s = 8 * 3600};
static const struct tell_when mondays = {.tell = TELL_WEEKLY, .at_s = 9 * 3600, .weekday = 0};

static void at_once_and_at_an_hour(void **state)
{
    static const struct calendar none;
    const struct person p = {0};

    (void)state;
    assert_int_equal(moment_of(&p, &now, &none, at(3, 1, 3, 4) + 5), at(3, 1, 3, 4) + 5);
    assert_int_equal(moment_of(&p, &daily, &none, at(3, 1, 7, 59)), at(3, 1, 8, 0));
    assert_int_equal(moment_of(&p, &daily, &none, at(3, 1, 8, 0)), at(3, 1, 8, 0));
    assert_int_equal(moment_of(&p, &daily, &none, at(3, 1, 8, 1)), at(3, 2, 8, 0));
    assert_int_equal(moment_of(&p, &daily, &none, at(3, 31, 9, 0)), at(4, 1, 8, 0));
    assert_int_equal(moment_of(&p, &mondays, &none, at(3, 1, 9, 0)), at(3, 6, 9, 0)); /* a Wednesday */
    assert_int_equal(moment_of(&p, &mondays, &none, at(3, 6, 9, 1)), at(3, 13, 9, 0));
}

static void quiet_hours(void **state)
{
    static const struct calendar none;
    const struct person night = {.quiet_from_s = 22 * 3600, .quiet_to_s = 7 * 3600};
    const struct person noon = {.quiet_from_s = 12 * 3600, .quiet_to_s = 14 * 3600};

    (void)state;
    assert_int_equal(moment_of(&night, &now, &none, at(3, 1, 21, 59)), at(3, 1, 21, 59));
    assert_int_equal(moment_of(&night, &now, &none, at(3, 1, 22, 0)), at(3, 2, 7, 0));
    assert_int_equal(moment_of(&night, &now, &none, at(3, 2, 0, 30)), at(3, 2, 7, 0));
    assert_int_equal(moment_of(&night, &now, &none, at(3, 2, 7, 0)), at(3, 2, 7, 0));
    assert_int_equal(moment_of(&noon, &now, &none, at(3, 2, 13, 0)), at(3, 2, 14, 0));
}

static void days_off(void **state)
{
    struct day_span spring = {day_from_civil(2023, 1, 21), day_from_civil(2023, 1, 27)};
    struct day_span worked = {day_from_civil(2023, 1, 28), day_from_civil(2023, 1, 28)};
    const struct calendar c = {.weekend = 1u << 5 | 1u << 6, .off = &spring, .off_count = 1, .on = &worked, .on_count = 1};
    const struct person p = {0}, keen = {.on_days_off = true};
    const struct person late = {.quiet_from_s = 20 * 3600, .quiet_to_s = 10 * 3600};

    (void)state;
    assert_int_equal(moment_of(&p, &now, &c, at(1, 20, 18, 0)), at(1, 20, 18, 0));
    assert_int_equal(moment_of(&p, &now, &c, at(1, 21, 0, 0)), at(1, 28, 8, 0));
    assert_int_equal(moment_of(&late, &now, &c, at(1, 21, 0, 0)), at(1, 28, 10, 0));
    assert_int_equal(moment_of(&late, &now, &c, at(1, 20, 21, 0)), at(1, 28, 10, 0));
    assert_int_equal(moment_of(&keen, &now, &c, at(1, 21, 0, 0)), at(1, 21, 0, 0));
    assert_int_equal(moment_of(&p, &daily, &c, at(1, 28, 9, 0)), at(1, 30, 8, 0));
    assert_int_equal(moment_of(&p, &mondays, &c, at(1, 20, 9, 0)), at(1, 28, 9, 0)); /* Monday is off */
}

static void retries(void **state)
{
    int64_t longest = 0;

    (void)state;
    for (int64_t tries = 1; tries <= 20; tries++) {
        int64_t plain = tries < 11 ? INT64_C(30) << (tries - 1) : 6 * 3600, delay = retry_delay_s("k1", tries);

        if (plain > 6 * 3600)
            plain = 6 * 3600;
        assert_in_range(delay, plain * 3 / 4, plain * 5 / 4);
        assert_int_equal(delay, retry_delay_s("k1", tries));
        longest = delay > longest ? delay : longest;
    }
    assert_true(longest <= 6 * 3600 * 5 / 4);
    assert_true(retry_delay_s("k1", 9) != retry_delay_s("k2", 9) || retry_delay_s("k1", 8) != retry_delay_s("k2", 8));
}

static struct line line(int64_t alert, enum item_kind kind, int level, const char *rule, int64_t subject, int64_t branch)
{
    return (struct line){.kind = kind, .ends = kind == ITEM_CLOSED, .alert = alert, .count = 1, .level = level, .rule = rule,
                         .why = kind == ITEM_CLOSED ? "met" : NULL, .subject = subject, .branch = branch,
                         .since = (day_t)(20000 + alert)};
}

static void worst_first(void **state)
{
    _cleanup_arena_ struct arena arena = {0};
    struct line lines[] = {
        line(1, ITEM_CLOSED, LEVEL_RED, "r", 5, 5), line(2, ITEM_OPENED, LEVEL_NOTICE, "r", 6, 6),
        line(4, ITEM_RAISED, LEVEL_RED, "r", 7, 7), line(3, ITEM_ESCALATED, LEVEL_RED, "s", 7, 7),
        line(5, ITEM_OPENED, LEVEL_YELLOW, "s", 8, 8)};
    static const int64_t order[] = {3, 4, 5, 2, 1};
    size_t n = ARRAY_LEN(lines);

    (void)state;
    lines_arrange(lines, &n, &arena);
    assert_int_equal(n, ARRAY_LEN(order));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(lines[i].alert, order[i]);
}

static void one_cause_one_line(void **state)
{
    _cleanup_arena_ struct arena arena = {0};
    struct line lines[] = {
        line(1, ITEM_OPENED, LEVEL_YELLOW, "r", 11, 1), line(2, ITEM_OPENED, LEVEL_RED, "r", 12, 1),
        line(3, ITEM_OPENED, LEVEL_YELLOW, "r", 13, 1), line(4, ITEM_OPENED, LEVEL_YELLOW, "s", 13, 1), /* another rule */
        line(5, ITEM_OPENED, LEVEL_YELLOW, "r", 1, 1),                                                  /* the branch itself */
        line(6, ITEM_OPENED, LEVEL_YELLOW, "r", 21, 2), line(7, ITEM_OPENED, LEVEL_YELLOW, "r", 22, 2), /* only two */
        line(8, ITEM_CLOSED, LEVEL_RED, "r", 3, 3), line(9, ITEM_CLOSED, LEVEL_RED, "s", 3, 3),
        line(10, ITEM_CLOSED, LEVEL_RED, "t", 31, 3)};
    size_t n = ARRAY_LEN(lines);

    (void)state;
    for (size_t i = 7; i < 10; i++)
        lines[i].why = "not_in_force";
    lines_arrange(lines, &n, &arena);
    assert_int_equal(n, 6);
    assert_int_equal(lines[0].kind, ITEM_CAUSE);
    assert_int_equal(lines[0].level, LEVEL_RED);
    assert_int_equal(lines[0].count, 3);
    assert_int_equal(lines[0].alert_count, 3);
    assert_int_equal(lines[0].alerts[2], 3);
    assert_int_equal(lines[0].since, 20001);
    assert_int_equal(lines[0].subject, 1);
    assert_int_equal(lines[5].kind, ITEM_CAUSE);
    assert_true(lines[5].ends);
    assert_int_equal(lines[5].count, 3);
    assert_string_equal(lines[5].rule, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_once_and_at_an_hour), cmocka_unit_test(quiet_hours), cmocka_unit_test(days_off),
        cmocka_unit_test(retries),                cmocka_unit_test(worst_first), cmocka_unit_test(one_cause_one_line),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
