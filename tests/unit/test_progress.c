/* The progress bar, as a terminal gets it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/progress.h"

enum { LONG_MS = 10000000 }; /* so long that the milliseconds of the test itself do not show */

/* What is drawn at 25,000 of 100,000 rows after 10,000 seconds; nothing if it is "". */
static void draw(char *out, size_t size, bool terminal, bool quiet, const char *language, int64_t all)
{
    int ends[2], saved = dup(STDERR_FILENO);
    struct progress progress;
    size_t len = 0;
    ssize_t got;

    if (terminal) {
        ends[0] = posix_openpt(O_RDWR | O_NOCTTY);
        assert_int_equal(grantpt(ends[0]), 0);
        assert_int_equal(unlockpt(ends[0]), 0);
        ends[1] = open(ptsname(ends[0]), O_RDWR | O_NOCTTY);
    } else {
        assert_int_equal(pipe(ends), 0);
    }
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    progress = progress_begin(quiet, language);
    progress.began_ms -= LONG_MS;
    progress.shown_ms = progress.began_ms;
    progress_show(&progress, 25000, all, "rows");
    progress_show(&progress, 25001, all, "rows"); /* too soon */
    progress_end(&progress);
    dprintf(STDERR_FILENO, "$");
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    do { /* a terminal hands it on in pieces */
        got = read(ends[0], out + len, size - 1 - len);
        assert_true(got > 0);
        len += (size_t)got;
        out[len] = '\0';
    } while (out[len - 1] != '$');
    close(saved);
    close(ends[0]);
    close(ends[1]);
}

static void test_on_a_terminal(void **state)
{
    char text[256];

    (void)state;
    draw(text, sizeof text, true, false, "en_GB.UTF-8", 100000);
    assert_string_equal(text, "\r\033[K[#######.......................]  25 %  25000 / 100000 rows, 2 a second, 500:00 left\r\033[K$");
    draw(text, sizeof text, true, false, "zh_CN.UTF-8", 100000);
    assert_non_null(strstr(text, "，每秒 2，还需 500:00\r\033[K$"));
    draw(text, sizeof text, true, false, NULL, 0); /* it is not known how many there are */
    assert_string_equal(text, "\r\033[K25000 rows, 2 a second\r\033[K$");
}

static void test_nowhere_else(void **state)
{
    char text[256];

    (void)state;
    draw(text, sizeof text, false, false, "en", 100000);
    assert_string_equal(text, "$");
    draw(text, sizeof text, true, true, "en", 100000);
    assert_string_equal(text, "$");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_on_a_terminal), cmocka_unit_test(test_nowhere_else)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
