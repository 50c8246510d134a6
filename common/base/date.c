#include "base/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Days from civil and back: counting from 1 March makes the leap day the last of the year. */
day_t day_from_civil(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + doe - 719468;
}

struct civil day_to_civil(day_t day)
{
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    struct civil c = {
        .year = yoe + era * 400,
        .month = mp < 10 ? mp + 3 : mp - 9,
        .day = doy - (153 * mp + 2) / 5 + 1,
    };

    if (c.month <= 2)
        c.year++;
    return c;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

bool civil_valid(int year, int month, int day)
{
    return year >= 0 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= month_days(year, month);
}

static bool parse_digits(int *out, const char *s, size_t n)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        *out = *out * 10 + (s[i] - '0');
    }
    return true;
}

bool day_parse(day_t *day_out, const char *s, size_t len_bytes)
{
    int year, month, day;

    if (len_bytes != 10 || s[4] != '-' || s[7] != '-')
        return false;
    if (!parse_digits(&year, s, 4) || !parse_digits(&month, s + 5, 2) ||
        !parse_digits(&day, s + 8, 2))
        return false;
    if (!civil_valid(year, month, day))
        return false;
    *day_out = day_from_civil(year, month, day);
    return true;
}

const char *day_format(char *buf, day_t day)
{
    struct civil c = day_to_civil(day);

    char *p = text_digits(buf, (unsigned)abs(c.year), 4);

    *p++ = '-';
    p = text_digits(p, (unsigned)c.month, 2);
    *p++ = '-';
    *text_digits(p, (unsigned)c.day, 2) = '\0';
    return buf;
}

day_t day_add_months(day_t day, int months)
{
    struct civil c = day_to_civil(day);
    int total = c.year * 12 + (c.month - 1) + months;
    int year = (total >= 0 ? total : total - 11) / 12;
    int month = total - year * 12 + 1;
    int last = month_days(year, month);

    return day_from_civil(year, month, c.day < last ? c.day : last);
}

bool duration_parse(struct duration *out, const char *s)
{
    bool negative = *s == '-';
    const char *p = s + negative;
    int count = 0;
    size_t n = 0;

    while (p[n] >= '0' && p[n] <= '9' && n < 6) {
        count = count * 10 + (p[n] - '0');
        n++;
    }
    if (n == 0 || count > 100000 || p[n] == '\0' || p[n + 1] != '\0')
        return false;
    switch (p[n]) {
    case 'd':
        *out = (struct duration){count, DURATION_DAYS};
        break;
    case 'w':
        *out = (struct duration){count * 7, DURATION_DAYS};
        break;
    case 'm':
        *out = (struct duration){count, DURATION_MONTHS};
        break;
    case 'y':
        *out = (struct duration){count * 12, DURATION_MONTHS};
        break;
    default:
        return false;
    }
    if (out->unit == DURATION_MONTHS && out->count > 12000)
        return false;
    if (negative)
        out->count = -out->count;
    return true;
}

const char *duration_format(char buf[DAY_TEXT_SIZE], struct duration d)
{
    snprintf(buf, DAY_TEXT_SIZE, "%d%c", (int)d.count, d.unit == DURATION_DAYS ? 'd' : 'm');
    return buf;
}

day_t day_add(day_t day, struct duration d)
{
    return d.unit == DURATION_DAYS ? day + d.count : day_add_months(day, d.count);
}

day_t period_first(enum period_unit unit, day_t day)
{
    struct civil c = day_to_civil(day);
    int month = 1;

    switch (unit) {
    case PERIOD_MONTH:
        month = c.month;
        break;
    case PERIOD_QUARTER:
        month = (c.month - 1) / 3 * 3 + 1;
        break;
    case PERIOD_YEAR:
        break;
    }
    return day_from_civil(c.year, month, 1);
}

day_t period_last(enum period_unit unit, day_t day)
{
    static const int months[] = {
        [PERIOD_MONTH] = 1, [PERIOD_QUARTER] = 3, [PERIOD_YEAR] = 12};

    return day_add_months(period_first(unit, day), months[unit]) - 1;
}

const char *period_format(char buf[DAY_TEXT_SIZE], enum period_unit unit, day_t day)
{
    struct civil c = day_to_civil(day);

    switch (unit) {
    case PERIOD_MONTH:
        snprintf(buf, DAY_TEXT_SIZE, "%04d-%02d", c.year % 10000, c.month);
        break;
    case PERIOD_QUARTER:
        snprintf(buf, DAY_TEXT_SIZE, "%04d Q%d", c.year % 10000, (c.month - 1) / 3 + 1);
        break;
    case PERIOD_YEAR:
        snprintf(buf, DAY_TEXT_SIZE, "%04d", c.year % 10000);
        break;
    }
    return buf;
}
