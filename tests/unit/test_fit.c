/* Tables in a window: what is cut, what is left out, and that it always fits. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "fit.h"
#include "rows.h"

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("B-001"), 5);
    assert_int_equal(text_width("青岭第1支部"), 11);
    assert_int_equal(text_width("e\xCC\x81t\xC3\xA9"), 3); /* a combining accent has no width */
    assert_int_equal(text_width("a\xFF" "b"), 3);
}

static void expect_cut(const char *text, size_t width, const char *wanted)
{
    _cleanup_buf_ struct buf out = {0};

    text_cut_to(&out, text, width);
    assert_string_equal(buf_str(&out), wanted);
    assert_true(text_width(buf_str(&out)) <= width);
}

static void test_cut(void **state)
{
    (void)state;
    expect_cut("theme day", 9, "theme day");
    expect_cut("theme day", 8, "theme d…");
    expect_cut("theme day", 1, "…");
    expect_cut("theme day", 0, "");
    expect_cut("青岭第1支部", 11, "青岭第1支部");
    expect_cut("青岭第1支部", 10, "青岭第1支…");
    expect_cut("青岭第1支部", 9, "青岭第1…"); /* half a character is none */
}

/* The columns of `muster due`. */
static void due(struct fit *c)
{
    const struct fit columns[] = {
        {0, 2, 10, 0},
        {0, 5, 6, 0},
        {COLUMN_SPARE, 3, 0, 0},
        {COLUMN_CUT, 4, 28, 0},
        {0, 7, 12, 0},
        {COLUMN_CUT, 4, 16, 0},
        {COLUMN_SPARE_FIRST, 6, 5, 0},
        {COLUMN_SPARE_FIRST, 3, 10, 0},
        {COLUMN_CUT_FIRST, 5, 200, 0},
    };

    memcpy(c, columns, sizeof columns);
}
enum { NOW = 2, RULE = 3, NAME = 5, BRANCH = 6, DUE = 7, TO_DO = 8, COUNT = 9 };

static size_t total(const struct fit *c, size_t count)
{
    size_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += c[i].width ? c[i].width + 1 : 0;
    return sum ? sum - 1 : 0;
}

static void test_wide(void **state)
{
    struct fit c[COUNT];

    (void)state;
    due(c);
    fit_columns(c, COUNT, 400);
    assert_int_equal(c[TO_DO].width, 200);
    assert_int_equal(c[NOW].width, 3);
    /* The long text is cut, and nothing else. */
    due(c);
    fit_columns(c, COUNT, 160);
    assert_int_equal(c[RULE].width, 28);
    assert_int_equal(c[NAME].width, 16);
    assert_int_equal(c[NOW].width, 3);
    assert_int_equal(total(c, COUNT), 160);
}

static void test_narrow(void **state)
{
    struct fit c[COUNT];

    (void)state;
    due(c);
    fit_columns(c, COUNT, 100);
    assert_int_equal(c[NOW].width, 0); /* it was empty */
    assert_true(c[NAME].width >= 14 && c[RULE].width >= 14 && c[TO_DO].width >= 16);
    assert_int_equal(total(c, COUNT), 100);
    due(c);
    fit_columns(c, COUNT, 80);
    assert_int_equal(c[BRANCH].width, 0);
    assert_int_equal(c[DUE].width, 0);
    assert_true(c[NAME].width >= 14 && c[RULE].width >= 14 && c[TO_DO].width >= 16);
    assert_int_equal(total(c, COUNT), 80);
}

static void test_heading(void **state)
{
    struct fit c[] = {{0, 6, 5, 0}, {COLUMN_CUT, 4, 16, 0}, {COLUMN_HEAD, 17, 12, 0}, {COLUMN_HEAD, 15, 4, 0}};

    (void)state;
    fit_columns(c, 4, 40);
    assert_true(c[2].width >= 12 && c[3].width >= 6);
    assert_int_equal(total(c, 4), 40);
}

/* Any table fits any window that has room for two columns, and something is always shown. */
static void test_always_fits(void **state)
{
    const char *given = getenv("MUSTER_TEST_SEED");
    unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);

    (void)state;
    print_message("MUSTER_TEST_SEED=%u\n", seed);
    srand(seed);
    for (int n = 0; n < 5000; n++) {
        struct fit c[12];
        size_t count = (size_t)(rand() % 11) + 2, window, shown = 0;

        for (size_t i = 0; i < count; i++)
            c[i] = (struct fit){(unsigned)rand() & 0xFF, (size_t)(rand() % 20), (size_t)(rand() % 60), 99};
        window = (size_t)(rand() % 150);
        fit_columns(c, count, window);
        for (size_t i = 0; i < count; i++) {
            size_t natural = c[i].head > c[i].content ? c[i].head : c[i].content;

            shown += c[i].width > 0;
            assert_true(c[i].width <= (natural ? natural : 1));
        }
        assert_true(shown >= 2);
        assert_true(total(c, count) <= window || shown == 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_width),   cmocka_unit_test(test_cut),     cmocka_unit_test(test_wide),
        cmocka_unit_test(test_narrow),  cmocka_unit_test(test_heading), cmocka_unit_test(test_always_fits),
    };

    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
