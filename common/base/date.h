/* Civil dates, periods and durations: arithmetic only, no clock and no time zone.
 *
 * A day is a count of days since 1970-01-01 in the proleptic Gregorian calendar. rules.md: date +
 * n months keeps the day of the month, or takes the month's last day if that is shorter.
 */
#ifndef MUSTER_BASE_DATE_H
#define MUSTER_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t day_t;

#define DAY_NONE INT32_MIN /* no such day */
#define DAY_NEVER INT32_MAX /* later than any day */

struct civil {
    int year;
    int month; /* 1..12 */
    int day;   /* 1..31 */
};

enum { DAY_TEXT_SIZE = 32 };

day_t day_from_civil(int year, int month, int day);
struct civil day_to_civil(day_t day);
bool civil_valid(int year, int month, int day);

/* "2022-11-05", years 0000 to 9999, exactly ten bytes; false otherwise. */
bool day_parse(day_t *day_out, const char *s, size_t len_bytes);
/* Writes "2022-11-05" into buf (DAY_TEXT_SIZE bytes) and returns it. */
const char *day_format(char *buf, day_t day);

day_t day_add_months(day_t day, int months);

enum duration_unit { DURATION_DAYS, DURATION_MONTHS };

struct duration {
    int32_t count; /* may be negative */
    enum duration_unit unit;
};

/* "10d", "2w", "6m", "1y", with an optional minus sign. False if it is none, or beyond +-100000. */
bool duration_parse(struct duration *out, const char *s);
const char *duration_format(char buf[DAY_TEXT_SIZE], struct duration d);
day_t day_add(day_t day, struct duration d);

enum period_unit { PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR };

/* First and last day of the calendar period that holds `day`. */
day_t period_first(enum period_unit unit, day_t day);
day_t period_last(enum period_unit unit, day_t day);
/* "2022-11", "2022 Q4", "2022". */
const char *period_format(char buf[DAY_TEXT_SIZE], enum period_unit unit, day_t day);

#endif
