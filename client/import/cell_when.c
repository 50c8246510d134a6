#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "import/cell.h"

enum {
    DAY_SECONDS = 86400,
    EXCEL_EPOCH = -25569,                      /* 1899-12-30: day 0 of a spreadsheet (for days after February 1900) */
    EXCEL_FIRST = 29221, EXCEL_LAST = 73050,   /* 1980 to 2099: other numbers are no dates that an office has */
};

static bool number(const char **p, int *out, int most_digits)
{
    int n = 0;

    *out = 0;
    while (**p >= '0' && **p <= '9' && n < most_digits) {
        *out = *out * 10 + (**p - '0');
        (*p)++;
        n++;
    }
    return n > 0 && !(**p >= '0' && **p <= '9');
}

static bool word(const char **p, const char *text)
{
    size_t len = strlen(text);

    if (strncmp(*p, text, len) != 0)
        return false;
    *p += len;
    return true;
}

static bool any_word(const char **p, const char *const *words)
{
    for (; *words; words++)
        if (word(p, *words))
            return true;
    return false;
}

static void blanks(const char **p)
{
    while (**p == ' ' || **p == '\t' || **p == '\n')
        (*p)++;
}

static int bad(struct err *err, const char *cell)
{
    return err_say(err, ERR_INVALID_VALUE, NULL, "\"%.60s\" is no date: write 2022-11-05, or 2022-11-05 15:00",
                   "“%.60s”不是日期：请写 2022-11-05 或 2022-11-05 15:00", cell);
}

/* "15:00", "15:00:30", "15时30分", "15点", "下午3:00", "3:00 PM". */
static bool read_time(const char **p, int *second_out)
{
    static const char *const hour_ends[] = {":", "时", "点", NULL}, *const minute_ends[] = {":", "分", NULL};
    static const char *const after_noon[] = {"下午", "晚上", "晚", NULL}, *const before_noon[] = {"上午", "早上", "中午", NULL};
    bool pm = any_word(p, after_noon);
    int hour, minute = 0, second = 0;

    if (!pm)
        any_word(p, before_noon);
    blanks(p);
    if (!number(p, &hour, 2) || !any_word(p, hour_ends))
        return false;
    if (number(p, &minute, 2) && any_word(p, minute_ends) && number(p, &second, 2))
        word(p, "秒");
    else if (word(p, "半"))
        minute = 30;
    blanks(p);
    if (word(p, "PM") || word(p, "pm"))
        pm = true;
    else if ((word(p, "AM") || word(p, "am")) && hour == 12)
        hour = 0;
    if (pm && hour < 12)
        hour += 12;
    *second_out = (hour * 60 + minute) * 60 + second;
    return hour < 24 && minute < 60 && second < 60;
}

/* A range has its end behind a dash. Nothing may follow. */
static bool read_times(const char **p, struct cell_when *out)
{
    static const char *const dashes[] = {"-", "~", "—", "–", "至", "到", NULL};

    if (!read_time(p, &out->second))
        return false;
    blanks(p);
    if (any_word(p, dashes)) {
        while (any_word(p, dashes))
            ;
        blanks(p);
        if (!read_time(p, &out->end_second))
            return false;
    }
    blanks(p);
    return **p == '\0';
}

static bool read_date(const char **p, day_t *out)
{
    static const char *const separators[] = {"-", "/", ".", NULL};
    const char *start = *p;
    int year, month, day;
    size_t digits = strspn(start, "0123456789");

    if (digits == 8) { /* 20221105 */
        if (sscanf(start, "%4d%2d%2d", &year, &month, &day) != 3)
            return false;
        *p += 8;
    } else {
        bool chinese;

        if (digits != 4 || !number(p, &year, 4))
            return false;
        chinese = word(p, "年");
        if (!chinese && !any_word(p, separators))
            return false;
        blanks(p);
        if (!number(p, &month, 2) || !(chinese ? word(p, "月") : any_word(p, separators)))
            return false;
        blanks(p);
        if (!number(p, &day, 2))
            return false;
        if (!word(p, "日"))
            word(p, "号");
    }
    if (!civil_valid(year, month, day))
        return false;
    *out = day_from_civil(year, month, day);
    return true;
}

static bool two(const char *s, int most, int *out)
{
    if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
        return false;
    *out = (s[0] - '0') * 10 + (s[1] - '0');
    return *out <= most;
}

/* RFC 3339 with an offset: the day is that of the ledger's zone. The daemon judges the rest. */
static bool read_instant(struct cell_when *out, const char *cell)
{
    size_t len = strlen(cell);
    int hour, minute, second, oh = 0, om = 0;
    struct zoned local;
    const char *tail;
    day_t day;

    if (len < 20 || len >= CELL_WHEN_SIZE || !day_parse(&day, cell, 10) || cell[10] != 'T' || cell[13] != ':' || cell[16] != ':' ||
        !two(cell + 11, 23, &hour) || !two(cell + 14, 59, &minute) || !two(cell + 17, 59, &second))
        return false;
    tail = cell[len - 1] == 'Z' ? NULL : cell + len - 6;
    if (tail && ((*tail != '+' && *tail != '-') || tail[3] != ':' || !two(tail + 1, 23, &oh) || !two(tail + 4, 59, &om)))
        return false;
    if (tail && *tail == '-') {
        oh = -oh;
        om = -om;
    }
    local = zone_local((int64_t)day * DAY_SECONDS + hour * 3600 + minute * 60 + second - (oh * 3600 + om * 60));
    out->day = local.day;
    out->second = local.second;
    memcpy(out->text, cell, len + 1);
    return true;
}

/* "44870", "44870.625". */
static bool read_serial(struct cell_when *out, const char *cell)
{
    double value;
    int used = 0;

    if (strspn(cell, "0123456789.") != strlen(cell) || strcspn(cell, ".") != 5 || sscanf(cell, "%lf%n", &value, &used) != 1 ||
        cell[used] || value < EXCEL_FIRST || value >= EXCEL_LAST + 1)
        return false;
    out->day = (day_t)value + EXCEL_EPOCH;
    if (strchr(cell, '.'))
        out->second = (int)((value - (double)(int)value) * DAY_SECONDS + 0.5) / 60 * 60;
    return out->second < DAY_SECONDS;
}

static int write_text(struct cell_when *when, const char *cell, struct err *err)
{
    if (when->second == CELL_TIME_NONE)
        day_format(when->text, when->day);
    else if (!zone_format(when->text, when->day, when->second))
        return err_say(err, ERR_INVALID_VALUE, NULL, "\"%.60s\" is a time that the clocks skip that day",
                       "“%.60s”：当天没有这一时刻（时钟拨快）", cell);
    return 0;
}

int cell_when(struct cell_when *out, const char *cell, struct err *err)
{
    const char *p = cell;

    *out = (struct cell_when){.second = CELL_TIME_NONE, .end_second = CELL_TIME_NONE};
    if (read_instant(out, cell))
        return 0;
    if (read_serial(out, cell))
        return write_text(out, cell, err);
    out->second = CELL_TIME_NONE;
    if (!read_date(&p, &out->day))
        return bad(err, cell);
    if (*p == '(') { /* a weekday: 2022-11-05(周六) */
        p = strchr(p, ')');
        if (!p++)
            return bad(err, cell);
    }
    blanks(&p);
    word(&p, "T");
    if (*p && !read_times(&p, out))
        return bad(err, cell);
    return write_text(out, cell, err);
}

int cell_day(day_t *out, const char *cell, struct err *err)
{
    struct cell_when when;

    if (cell_when(&when, cell, err))
        return 1;
    *out = when.day;
    return 0;
}

int cell_add_time(struct cell_when *when, const char *cell, struct err *err)
{
    struct cell_when full;
    const char *p = cell;

    /* Excel keeps a time alone as a fraction of a day. */
    if (cell[0] == '0' && cell[1] == '.') {
        double value = 0;

        if (sscanf(cell, "%lf", &value) != 1 || value >= 1)
            return bad(err, cell);
        when->second = (int)(value * DAY_SECONDS + 0.5) / 60 * 60;
        return write_text(when, cell, err);
    }
    if (read_times(&p, when))
        return write_text(when, cell, err);
    /* Some write the whole of it again. */
    if (cell_when(&full, cell, err))
        return 1;
    if (full.day != when->day)
        return err_say(err, ERR_INVALID_VALUE, NULL, "\"%.60s\" is on another day than the row's date", "“%.60s”与本行日期不是同一天", cell);
    *when = full;
    return 0;
}
