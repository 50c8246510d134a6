/* Lines from a descriptor, bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lines.h"

enum { MOST = 16 };

/* A pipe that holds `text`, closed behind it. */
static int pipe_of(const char *text)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    return ends[0];
}

static void expect_line(struct lines *lines, const char *text, bool too_long)
{
    assert_true(lines_next(lines, MOST));
    assert_string_equal(buf_str(&lines->line), text);
    assert_int_equal(lines->too_long, too_long);
}

static void test_lines(void **state)
{
    struct lines lines;
    int fd = pipe_of("one\n\ntwo\r\n0123456789abcdefgh\nafter\nlast");

    (void)state;
    lines_init(&lines, fd);
    expect_line(&lines, "one", false);
    expect_line(&lines, "", false);
    expect_line(&lines, "two\r", false);
    expect_line(&lines, "0123456789abcdef", true);
    expect_line(&lines, "after", false);
    expect_line(&lines, "last", false);
    assert_int_equal(lines.number, 6);
    assert_false(lines_next(&lines, MOST));
    assert_int_equal(lines.error, 0);
    lines_deinit(&lines);
    close(fd);
}

static void test_empty(void **state)
{
    struct lines lines;
    int fd = pipe_of("");

    (void)state;
    lines_init(&lines, fd);
    assert_false(lines_next(&lines, MOST));
    lines_deinit(&lines);
    close(fd);
}

static void test_would_wait(void **state)
{
    struct lines lines;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    lines_init(&lines, ends[0]);
    assert_true(lines_would_wait(&lines));
    assert_int_equal(write(ends[1], "a\nb\n", 4), 4);
    assert_false(lines_would_wait(&lines));
    expect_line(&lines, "a", false);
    assert_false(lines_would_wait(&lines));
    expect_line(&lines, "b", false);
    assert_true(lines_would_wait(&lines));
    close(ends[1]);
    assert_false(lines_would_wait(&lines));
    assert_false(lines_next(&lines, MOST));
    lines_deinit(&lines);
    close(ends[0]);
}

static void test_error(void **state)
{
    struct lines lines;

    (void)state;
    lines_init(&lines, -1);
    assert_false(lines_next(&lines, MOST));
    assert_int_not_equal(lines.error, 0);
    lines_deinit(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_would_wait),
        cmocka_unit_test(test_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
