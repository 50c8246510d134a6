/* When it happened: which spellings are taken, and the civil day and time they stand for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "event_stage.h"

static int read_at(struct event_stage *s, const char *at)
{
    char text[256];

    snprintf(text, sizeof text, "{'id':'" ID_1 "','type':'member.converted','at':'%s','member':'1'}", at);
    return event_stage_read(s, text, EVENT_SUBMITTED);
}

static void test_taken(void **state)
{
    enum { H = 3600 };
    static const struct {
        const char *at, *day;
        int64_t second, ns; /* second -1: a bare date */
    } cases[] = {
        {"2022-11-05", "2022-11-05", -1, 0},
        {"2022-11-05T15:00:00+08:00", "2022-11-05", 15 * H, 0},
        {"2022-11-05T15:59:59Z", "2022-11-05", 24 * H - 1, 0},
        {"2022-11-05T16:00:00Z", "2022-11-06", 0, 0},
        {"2022-11-05T16:00:00-00:00", "2022-11-06", 0, 0},
        {"2022-11-05T01:00:00+23:59", "2022-11-04", 9 * H + 60, 0},
        {"2022-11-05T15:00:00.5+08:00", "2022-11-05", 15 * H, 500000000},
        {"2022-11-05T15:00:00.123456789987+08:00", "2022-11-05", 15 * H, 123456789},
        {"1900-06-01T00:00:00Z", "1900-06-01", 8 * H + 343, 0}, /* local mean time */
        {"0001-01-01T12:00:00Z", "0001-01-01", 20 * H + 343, 0},
        {"9999-12-31T15:59:59Z", "9999-12-31", 24 * H - 1, 0},
    };
    struct event_stage s;
    char day[DAY_TEXT_SIZE];

    (void)state;
    event_stage_init(&s);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t tod = cases[i].second < 0 ? -1 : cases[i].second * 1000000000 + cases[i].ns;

        if (read_at(&s, cases[i].at))
            fail_msg("refused: %s", cases[i].at);
        day_format(day, s.event.day);
        if (strcmp(day, cases[i].day) != 0 || s.event.tod_ns != tod)
            fail_msg("%s: %s %lld", cases[i].at, day, (long long)s.event.tod_ns);
    }
    event_stage_deinit(&s);
}

static void test_refused(void **state)
{
    static const char *const bad[] = {
        "", "2022-11", "2022-02-29", "0000-01-01", "2022-11-05 ", "2022-11-05T15:00:00", "2022-11-05T15:00+08:00", "2022-11-05 15:00:00+08:00",
        "2022-11-05t15:00:00Z", "2022-11-05T15:00:00z", "2022-11-05T24:00:00Z", "2022-11-05T15:60:00Z", "2016-12-31T23:59:60Z",
        "2022-11-05T15:00:00.Z", "2022-11-05T15:00:00,5Z", "2022-11-05T15:00:00+8:00", "2022-11-05T15:00:00+0800", "2022-11-05T15:00:00+24:00",
        "2022-11-05T15:00:00+08:60", "2022-11-05T15:00:00+08:00x", "2022-11-05T15:00:00Zx", "2022-11-05T15:00:00.5", "20221105T150000Z",
        "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00", "2022-11-31T00:00:00Z",
    };
    struct event_stage s;

    (void)state;
    event_stage_init(&s);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (read_at(&s, bad[i]) == 0)
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(s.err.code, ERR_INVALID_VALUE);
        assert_string_equal(s.err.field, "at");
    }
    event_stage_deinit(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_taken), cmocka_unit_test(test_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
