/* The clock: it never goes back, and a guarded one does not leap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

static const int64_t second = 1000000, hour = 3600 * (int64_t)1000000, day = 24 * 3600 * (int64_t)1000000;
static const int64_t start = 1667574000 * (int64_t)1000000; /* 2022-11-05 */

static struct clock guarded(void)
{
    struct clock c = {.fake_us = start, .fake_boot_us = 5 * 1000000};

    clock_guard(&c);
    clock_now_us(&c);
    return c;
}

/* Both clocks go on, and the system's besides. */
static int64_t pass(struct clock *c, int64_t us, int64_t leap_us)
{
    c->fake_us += us + leap_us;
    c->fake_boot_us += us;
    return clock_now_us(c);
}

static void test_time_passes(void **state)
{
    struct clock c = guarded();

    (void)state;
    assert_int_equal(clock_now_us(&c), start);
    assert_int_equal(pass(&c, hour, 0), start + hour);
    assert_int_equal(pass(&c, 40 * day, 0), start + hour + 40 * day); /* it slept, and says so */
    assert_int_equal(clock_leap_us(&c), 0);
}

static void test_back_and_forth(void **state)
{
    struct clock c = guarded();

    (void)state;
    assert_int_equal(pass(&c, second, -hour), start); /* never back */
    assert_int_equal(pass(&c, second, 0), start);
    assert_int_equal(pass(&c, second, hour), start + 3 * second);
    assert_int_equal(pass(&c, second, -10 * day), start + 3 * second);
    assert_int_equal(pass(&c, second, 10 * day), start + 5 * second); /* put right: near what it said before */
    assert_int_equal(pass(&c, second, day - 2 * second), start + 4 * second + day);
    assert_int_equal(clock_leap_us(&c), 0);
}

static void test_leap(void **state)
{
    struct clock c = guarded();

    (void)state;
    assert_int_equal(pass(&c, second, 30 * day), start + second);
    assert_int_equal(clock_leap_us(&c), 30 * day);
    assert_int_equal(pass(&c, hour, 0), start + second + hour); /* by the monotonic clock */
    assert_int_equal(clock_leap_us(&c), 30 * day);
    assert_int_equal(pass(&c, second, -30 * day), start + 2 * second + hour);
    assert_int_equal(clock_leap_us(&c), 0);
}

static void test_confirmed(void **state)
{
    struct clock c = guarded();

    (void)state;
    pass(&c, second, 57 * day);
    assert_int_equal(clock_leap_us(&c), 57 * day);
    clock_confirm(&c);
    assert_int_equal(clock_now_us(&c), start + second + 57 * day);
    assert_int_equal(clock_leap_us(&c), 0);
    assert_int_equal(pass(&c, second, 2 * day), start + 2 * second + 57 * day); /* guarded as before */
    assert_int_equal(clock_leap_us(&c), 2 * day);
}

/* The ledger's newest row is of a time that the clock now comes to. */
static void test_newest_row(void **state)
{
    struct clock c = guarded();

    (void)state;
    clock_floor(&c, start + 20 * day);
    assert_int_equal(pass(&c, second, 20 * day), start + second + 20 * day);
    assert_int_equal(clock_leap_us(&c), 0);
    assert_int_equal(pass(&c, second, 2 * day), start + 2 * second + 20 * day);
    assert_int_equal(clock_leap_us(&c), 2 * day);
}

static void test_unguarded(void **state)
{
    struct clock c = {.fake_us = start};

    (void)state;
    assert_int_equal(clock_now_us(&c), start);
    c.fake_us += 400 * day;
    assert_int_equal(clock_now_us(&c), start + 400 * day);
    assert_int_equal(clock_leap_us(&c), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_passes), cmocka_unit_test(test_back_and_forth), cmocka_unit_test(test_leap),
        cmocka_unit_test(test_confirmed),   cmocka_unit_test(test_newest_row),     cmocka_unit_test(test_unguarded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
