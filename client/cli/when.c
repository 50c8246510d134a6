#include "when.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/zone.h"

enum { MINUTE_SECONDS = 60 };

/* `n` digits at s as a number, or -1. */
static int digits(const char *s, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        value = value * 10 + (s[i] - '0');
    }
    return value;
}

/* "11-05" or "1-5", in the year of today. */
static bool parse_month_day(day_t *out, const char *s, size_t len, day_t today)
{
    const char *dash = memchr(s, '-', len);
    size_t month_len = dash ? (size_t)(dash - s) : 0;
    size_t day_len = len - month_len - 1;
    int year = day_to_civil(today).year, month, day;

    if (month_len < 1 || month_len > 2 || day_len < 1 || day_len > 2)
        return false;
    month = digits(s, month_len);
    day = digits(dash + 1, day_len);
    if (month < 0 || day < 0 || !civil_valid(year, month, day))
        return false;
    *out = day_from_civil(year, month, day);
    return true;
}

static bool is(const char *s, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(s, word, len) == 0;
}

static bool parse_relative(day_t *out, const char *s, size_t len, day_t today)
{
    char text[16];
    struct duration d;

    if (is(s, len, "today") || is(s, len, "今天")) {
        *out = today;
    } else if (is(s, len, "yesterday") || is(s, len, "昨天")) {
        *out = today - 1;
    } else if (is(s, len, "tomorrow") || is(s, len, "明天")) {
        *out = today + 1;
    } else {
        if (len < 3 || len >= sizeof text || (*s != '-' && *s != '+'))
            return false;
        snprintf(text, sizeof text, "%.*s", (int)(len - 1), s + 1);
        if (*text == '-' || !duration_parse(&d, text))
            return false;
        if (*s == '-')
            d.count = -d.count;
        *out = day_add(today, d);
    }
    return true;
}

static bool parse_day(day_t *out, const char *s, size_t len, day_t today)
{
    if (day_parse(out, s, len))
        return true;
    return parse_month_day(out, s, len, today) || parse_relative(out, s, len, today);
}

/* "15:00" or "15:00:30" into seconds of the day, or -1. */
static int parse_clock(const char *s)
{
    size_t len = strlen(s);
    int hour, minute, second = 0;

    if ((len != 5 && len != 8) || s[2] != ':' || (len == 8 && s[5] != ':'))
        return -1;
    hour = digits(s, 2);
    minute = digits(s + 3, 2);
    if (len == 8)
        second = digits(s + 6, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return -1;
    return (hour * 60 + minute) * MINUTE_SECONDS + second;
}

/* A time with seconds and offset is the submitter's own; the daemon judges it. */
static bool is_full_time(const char *s)
{
    size_t len = strlen(s);
    day_t day;

    if (len < 20 || len >= WHEN_TEXT_SIZE || !day_parse(&day, s, 10) || (s[10] != 'T' && s[10] != 't') ||
        s[13] != ':' || s[16] != ':' || strspn(s + 11, "0123456789:.+-Zz") != len - 11)
        return false;
    return s[len - 1] == 'Z' || s[len - 1] == 'z' || strpbrk(s + 19, "+-");
}

static int add_time(struct when *out, int second, const char *typed, struct err *err)
{
    if (zone_format(out->text, out->day, second))
        return 0;
    return err_say(err, ERR_INVALID_VALUE, NULL, "\"%s\" is a time that the clocks skip that day",
                   "“%s”：当天没有这一时刻（时钟拨快）", typed);
}

static int no_date(const char *typed, bool time_allowed, struct err *err)
{
    if (time_allowed)
        return err_say(err, ERR_INVALID_VALUE, NULL,
                       "\"%.60s\" is no date: write 2022-11-05, 11-05, today, yesterday or -3d; "
                       "with a time 2022-11-05T15:00",
                       "“%.60s”不是日期：请写 2022-11-05、11-05、today、yesterday 或 -3d；带时间写 2022-11-05T15:00",
                       typed);
    return err_say(err, ERR_INVALID_VALUE, NULL,
                   "\"%.60s\" is no date: write 2022-11-05, 11-05, today, yesterday or -3d",
                   "“%.60s”不是日期：请写 2022-11-05、11-05、today、yesterday 或 -3d", typed);
}

int when_parse(struct when *out, const char *typed, bool time_allowed, day_t today, struct err *err)
{
    size_t len = strlen(typed);
    const char *time = NULL;
    int second;

    if (len > 9 && time_allowed && is_full_time(typed)) {
        out->day = DAY_NONE;
        text_copy(out->text, sizeof out->text, typed);
        return 0;
    }
    /* "today" has no capital T, and a relative date no blank: the first of either begins the time. */
    time = strpbrk(typed, "T ");
    if (time) {
        len = (size_t)(time - typed);
        time++;
    }
    if (!parse_day(&out->day, typed, len, today) || (time && !time_allowed))
        return no_date(typed, time_allowed, err);
    day_format(out->text, out->day);
    if (!time)
        return 0;
    second = parse_clock(time);
    if (second < 0)
        return no_date(typed, time_allowed, err);
    return add_time(out, second, typed, err);
}

void when_show(char out[WHEN_TEXT_SIZE], const struct when *when, bool chinese)
{
    static const char *const en[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const zh[] = {"周四", "周五", "周六", "周日", "周一", "周二", "周三"};
    int weekday;

    if (when->day == DAY_NONE) {
        snprintf(out, WHEN_TEXT_SIZE, "%s", when->text);
        return;
    }
    /* 1970-01-01 was a Thursday. */
    weekday = (int)(((when->day % 7) + 7) % 7);
    snprintf(out, WHEN_TEXT_SIZE, "%.40s (%s)", when->text, chinese ? zh[weekday] : en[weekday]);
}
