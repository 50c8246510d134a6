/* When it happened: an RFC 3339 time with seconds and offset, or a civil date (ledger.md section 1).
 *
 * Of RFC 3339 the plain form is taken: capital T and Z, seconds 00 to 59. Digits of a fraction
 * behind the ninth do not count in the order. */
#include "base/zone.h"
#include "wire/event_parts.h"

enum { TIME_MIN_BYTES = 20 }; /* 2022-11-05T07:00:00Z */

static bool two_digits(int *out, const char *s, int most)
{
    if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
        return false;
    *out = (s[0] - '0') * 10 + (s[1] - '0');
    return *out <= most;
}

static bool read_fraction(int64_t *ns_out, const char **p)
{
    int64_t unit = 100000000;
    const char *start = ++*p;

    for (; **p >= '0' && **p <= '9'; (*p)++) {
        *ns_out += (**p - '0') * unit;
        unit /= 10;
    }
    return *p > start;
}

/* "Z" or "+08:00" up to the end. */
static bool read_offset(int *seconds_out, const char *p, const char *end)
{
    int hours, minutes;

    *seconds_out = 0;
    if (end - p == 1)
        return *p == 'Z';
    if (end - p != 6 || (*p != '+' && *p != '-') || p[3] != ':' || !two_digits(&hours, p + 1, 23) ||
        !two_digits(&minutes, p + 4, 59))
        return false;
    *seconds_out = (hours * 60 + minutes) * 60;
    if (*p == '-')
        *seconds_out = -*seconds_out;
    return true;
}

static bool in_range(int64_t day)
{
    return day >= EVENT_DAY_FIRST && day <= EVENT_DAY_LAST;
}

/* The text is terminated, so that a look ahead stops there. */
static bool read_time(struct event *e, struct span text)
{
    const char *p = text.s + 19;
    int hour, minute, second, offset;
    int64_t instant, ns = 0;
    struct zoned local;
    day_t day;

    if (text.len < TIME_MIN_BYTES || text.s[10] != 'T' || text.s[13] != ':' || text.s[16] != ':' ||
        !day_parse(&day, text.s, 10) || !two_digits(&hour, text.s + 11, 23) ||
        !two_digits(&minute, text.s + 14, 59) || !two_digits(&second, text.s + 17, 59))
        return false;
    if (*p == '.' && !read_fraction(&ns, &p))
        return false;
    if (!read_offset(&offset, p, text.s + text.len) || !in_range(day))
        return false;
    instant = (int64_t)day * 86400 + hour * 3600 + minute * 60 + second - offset;
    if (instant < (int64_t)EVENT_DAY_FIRST * 86400 || instant >= ((int64_t)EVENT_DAY_LAST + 1) * 86400)
        return false;
    local = zone_local(instant);
    e->day = local.day;
    e->tod_ns = (int64_t)local.second * 1000000000 + ns;
    return in_range(local.day);
}

int event_at_read(struct reader *r, size_t node)
{
    struct event *e = r->out;
    char quoted[EXCERPT_SIZE];

    if (event_text_read(r, "at", node, &e->at))
        return 1;
    if (e->at.len == 10 ? day_parse(&e->day, e->at.s, 10) && in_range(e->day) : read_time(e, e->at))
        return 0;
    event_excerpt(quoted, e->at);
    return SAY_BAD(r, "at", "at is \"%s\"; it must be a time such as 2022-11-05T15:00:00+08:00 or a date such as 2022-11-05",
                   "at 为“%s”；应为时间（如 2022-11-05T15:00:00+08:00）或日期（如 2022-11-05）", quoted);
}
