/* Decimal numbers: exact, whatever their spelling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "wire/decimal.h"

static struct decimal number(const char *text)
{
    return decimal_read(text, strlen(text));
}

static void test_same(void **state)
{
    static const char *const same[][2] = {
        {"8", "8.0"}, {"8", "8e0"}, {"80", "8E+1"}, {"0.08", "8e-2"}, {"0", "-0.00e5"}, {"100", "1e2"}, {"1.50", "150e-2"},
        {"10.010", "10.01"}, {"123456789012345678901234567890", "123456789012345678901234567890.000"}, {"0.0010", "1e-3"},
        {"-1200", "-1.2e3"}, {"0e99999999999999999999", "0"},
    };
    static const char *const different[][2] = {
        {"8", "-8"}, {"8", "80"}, {"0.1", "1"}, {"1e1", "1e2"}, {"12", "13"}, {"1.2", "1.21"}, {"9007199254740993", "9007199254740992"},
        {"0.1", "0.10000000000000000000000000001"}, {"101", "11"}, {"1e400", "1e401"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        struct decimal a = number(same[i][0]), b = number(same[i][1]);

        if (!decimal_same(&a, &b) || !decimal_same(&b, &a))
            fail_msg("%s is %s", same[i][0], same[i][1]);
    }
    for (size_t i = 0; i < ARRAY_LEN(different); i++) {
        struct decimal a = number(different[i][0]), b = number(different[i][1]);

        if (decimal_same(&a, &b))
            fail_msg("%s is not %s", different[i][0], different[i][1]);
    }
}

static void test_scaled(void **state)
{
    static const struct {
        const char *text;
        int places;
        int64_t value;
    } good[] = {
        {"0", 0, 0}, {"-0", 2, 0}, {"8", 0, 8}, {"8.00", 0, 8}, {"80e-1", 0, 8}, {"1.25", 2, 125}, {"0.5", 2, 50}, {"1e3", 2, 100000},
        {"9223372036854775807", 0, INT64_MAX}, {"-9223372036854775808", 0, INT64_MIN}, {"-9223372036854775808.000", 0, INT64_MIN},
        {"92233720368547758.07", 2, INT64_MAX}, {"1000000000000000000", 0, 1000000000000000000},
    };
    static const struct {
        const char *text;
        int places;
    } bad[] = {
        {"1.5", 0}, {"1.005", 2}, {"9223372036854775808", 0}, {"-9223372036854775809", 0}, {"1e19", 0}, {"1e-1", 0},
        {"1e99999999999999999999", 0}, {"99999999999999999999", 0}, {"1e-99999999999999999999", 2}, {"92233720368547758.08", 2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct decimal d = number(good[i].text);
        int64_t value = -77;

        if (!decimal_scaled(&value, &d, good[i].places) || value != good[i].value)
            fail_msg("%s: %lld", good[i].text, (long long)value);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct decimal d = number(bad[i].text);
        int64_t value;

        if (decimal_scaled(&value, &d, bad[i].places))
            fail_msg("%s: taken as %lld", bad[i].text, (long long)value);
    }
}

static void test_magnitude(void **state)
{
    struct decimal d = number("0.0123");

    (void)state;
    assert_int_equal(decimal_magnitude(&d), -2);
    d = number("12300e5");
    assert_int_equal(decimal_magnitude(&d), 9);
    assert_false(d.whole);
    assert_true(number("12").whole);
    assert_false(number("12.0").whole);
    assert_false(number("0.0").whole);
    assert_false(number("0e0").whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same), cmocka_unit_test(test_scaled),
                                       cmocka_unit_test(test_magnitude)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
