/* Cells as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/zone.h"
#include "import/cell.h"
#include "import/plain.h"

static void expect_when(const char *cell, const char *wire)
{
    struct arena arena = {0};
    struct cell_when when;
    struct err err = {0};

    print_message("%s\n", cell);
    assert_int_equal(cell_when(&when, plain_text(&arena, cell), &err), 0);
    assert_string_equal(when.text, wire);
    arena_deinit(&arena);
}

static void expect_no_date(const char *cell)
{
    struct cell_when when;
    struct err err = {0};

    print_message("%s\n", cell);
    assert_int_equal(cell_when(&when, cell, &err), 1);
    assert_int_equal(err.code, ERR_INVALID_VALUE);
    assert_true(err.en[0] && err.zh[0]);
}

static void test_dates(void **state)
{
    (void)state;
    expect_when("2022-11-05", "2022-11-05");
    expect_when("2022/11/5", "2022-11-05");
    expect_when("2022.1.05", "2022-01-05");
    expect_when("2022年11月5日", "2022-11-05");
    expect_when("２０２２年１１月５号", "2022-11-05");
    expect_when("2022年 11月 5日", "2022-11-05");
    expect_when("20221105", "2022-11-05");
    expect_when("44870", "2022-11-05");
    expect_when("2022-11-05(周六)", "2022-11-05");
    expect_when("2024-02-29", "2024-02-29");
}

static void test_times(void **state)
{
    (void)state;
    expect_when("2022-11-05 15:00", "2022-11-05T15:00:00+08:00");
    expect_when("2022/11/5 9:05:30", "2022-11-05T09:05:30+08:00");
    expect_when("2022-11-05T15:00", "2022-11-05T15:00:00+08:00");
    expect_when("2022年11月5日下午3点", "2022-11-05T15:00:00+08:00");
    expect_when("2022年11月5日 上午9时30分", "2022-11-05T09:30:00+08:00");
    expect_when("2022年11月5日 下午 2点半", "2022-11-05T14:30:00+08:00");
    expect_when("2022-11-05 3:00 PM", "2022-11-05T15:00:00+08:00");
    expect_when("2022-11-05 12:15am", "2022-11-05T00:15:00+08:00");
    expect_when("2022-11-05 15：00-17：00", "2022-11-05T15:00:00+08:00");
    expect_when("44870.625", "2022-11-05T15:00:00+08:00");
    expect_when("2022-11-04T23:30:00Z", "2022-11-04T23:30:00Z");
}

static void test_no_dates(void **state)
{
    static const char *const none[] = {"", "2022", "2022-11", "2022年11月", "11/5/2022", "5.11.2022", "2022-13-01", "2022-02-29", "20220230",
                                       "2022-11-05 25:00", "2022-11-05 15:60", "2022-11-05 noon", "2022-11-05x", "12", "1234567", "今天", "-",
                                       "2022-11-05 15:00 17:00", "99999", "2022--11--05", "2022-11-05("};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        expect_no_date(none[i]);
}

static void test_the_day_of_an_instant(void **state)
{
    struct cell_when when;
    struct err err = {0};

    (void)state;
    assert_int_equal(cell_when(&when, "2022-11-04T23:30:00Z", &err), 0);
    assert_int_equal(when.day, day_from_civil(2022, 11, 5));
    assert_int_equal(cell_when(&when, "2022-11-05 14:00~16:30", &err), 0);
    assert_int_equal(when.end_second - when.second, 9000);
}

static void test_a_time_beside_a_date(void **state)
{
    struct cell_when when;
    struct err err = {0};

    (void)state;
    assert_int_equal(cell_when(&when, "2022-11-05", &err), 0);
    assert_int_equal(cell_add_time(&when, "15:30-17:00", &err), 0);
    assert_string_equal(when.text, "2022-11-05T15:30:00+08:00");
    assert_int_equal(cell_add_time(&when, "0.75", &err), 0);
    assert_string_equal(when.text, "2022-11-05T18:00:00+08:00");
    assert_int_equal(cell_add_time(&when, "2022-11-05 08:00", &err), 0);
    assert_string_equal(when.text, "2022-11-05T08:00:00+08:00");
    assert_int_equal(cell_add_time(&when, "2022-11-06 08:00", &err), 1);
}

/* `expected` below 0: it is none. */
static void expect_number(int (*read)(int64_t *, const char *, struct err *), const char *cell, int64_t expected)
{
    struct err err = {0};
    int64_t n = -1;

    print_message("%s\n", cell);
    assert_int_equal(read(&n, cell, &err), expected < 0);
    if (expected >= 0)
        assert_int_equal(n, expected);
    assert_int_equal(err.code != ERR_NONE, expected < 0);
}

static void test_numbers(void **state)
{
    (void)state;
    expect_number(cell_count, "12", 12);
    expect_number(cell_count, "1,200", 1200);
    expect_number(cell_count, "8人", 8);
    expect_number(cell_count, "8 名", 8);
    expect_number(cell_count, "12.0", 12);
    expect_number(cell_count, "", -1);
    expect_number(cell_count, "12.5", -1);
    expect_number(cell_count, "-3", -1);
    expect_number(cell_count, "约30", -1);
    expect_number(cell_count, "9999999999999", -1);
    expect_number(cell_count, "1.2.3", -1);
    expect_number(cell_minutes, "90", 90);
    expect_number(cell_minutes, "90分钟", 90);
    expect_number(cell_minutes, "2小时", 120);
    expect_number(cell_minutes, "1.5小时", 90);
    expect_number(cell_minutes, "1小时30分", 90);
    expect_number(cell_minutes, "一小时", -1);
    expect_number(cell_hundredths, "7.25", 725);
    expect_number(cell_hundredths, "8", 800);
    expect_number(cell_hundredths, "3.5学时", 350);
    expect_number(cell_hundredths, "7.250", 725);
    expect_number(cell_hundredths, "7.255", -1);
}

static void expect_yes_no(const char *cell, int expected)
{
    struct err err = {0};
    bool yes = false;

    assert_int_equal(cell_yes_no(&yes, cell, &err), expected < 0);
    if (expected >= 0)
        assert_int_equal(yes, expected);
}

static void test_yes_no(void **state)
{
    (void)state;
    expect_yes_no("是", 1);
    expect_yes_no("√", 1);
    expect_yes_no("YES", 1);
    expect_yes_no("否", 0);
    expect_yes_no("×", 0);
    expect_yes_no("0", 0);
    expect_yes_no("可能", -1);
}

static void test_words(void **state)
{
    static const char *const words[] = {"full=正式|正式党员", "probationary=预备", NULL};
    struct err err = {0};
    const char *word;
    size_t len;

    (void)state;
    assert_int_equal(cell_word(&word, &len, "正式党员", words, &err), 0);
    assert_int_equal(len, 4);
    assert_memory_equal(word, "full", 4);
    assert_int_equal(cell_word(&word, &len, "Probationary", words, &err), 0);
    assert_int_equal(cell_word(&word, &len, "正", words, &err), 1);
    assert_non_null(strstr(err.en, "full (正式), probationary (预备)"));
}

static void expect_list(const char *cell, enum cell_parting parting, const char *joined)
{
    struct arena arena = {0};
    struct cell_list list;
    char out[256] = "";

    cell_list(&list, &arena, cell, parting);
    for (size_t i = 0; i < list.count; i++) {
        strcat(out, i ? "|" : "");
        strcat(out, list.items[i]);
    }
    assert_string_equal(out, joined);
    arena_deinit(&arena);
}

static void test_lists(void **state)
{
    (void)state;
    expect_list("张三、李四，王五; 赵六\n钱七", PARTING_NAMES, "张三|李四|王五|赵六|钱七");
    expect_list("张三 李四", PARTING_NAMES, "张三|李四");
    expect_list("张 三", PARTING_NAMES, "张 三");
    expect_list("Li Si", PARTING_NAMES, "Li Si");
    expect_list("Li Si, Wang Wu", PARTING_NAMES, "Li Si|Wang Wu");
    expect_list("、、张三、", PARTING_NAMES, "张三");
    expect_list("学习二十大报告、讨论发展党员；其他", PARTING_TEXTS, "学习二十大报告、讨论发展党员|其他");
    expect_list("组织生活会/民主评议党员", PARTING_WORDS, "组织生活会|民主评议党员");
    expect_list("", PARTING_NAMES, "");
}

static int set_zone(void **state)
{
    struct err err = {0};

    (void)state;
    return zone_set("Asia/Shanghai", &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),   cmocka_unit_test(test_times),  cmocka_unit_test(test_no_dates),
        cmocka_unit_test(test_the_day_of_an_instant), cmocka_unit_test(test_a_time_beside_a_date),
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_yes_no), cmocka_unit_test(test_words), cmocka_unit_test(test_lists),
    };

    return cmocka_run_group_tests(tests, set_zone, NULL);
}
