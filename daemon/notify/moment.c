#include "notify/moment.h"

#include "base/zone.h"

enum {
    DAY_S = 86400,
    MORNING_S = 8 * 3600, /* at once, after a day off: when offices open */
    OFF_DAYS_MAX = 400,   /* a calendar that has no working day for so long is a mistake: then it is not kept */
};

static bool quiet_at(const struct person *p, int32_t second)
{
    if (p->quiet_from_s <= p->quiet_to_s)
        return second >= p->quiet_from_s && second < p->quiet_to_s;
    return second >= p->quiet_from_s || second < p->quiet_to_s;
}

static int weekday_of(day_t day)
{
    return (int)((((int64_t)day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

/* The first moment of that hour, from then on. */
static struct zoned next_hour(struct zoned at, const struct tell_when *when)
{
    day_t day = at.second <= when->at_s ? at.day : at.day + 1;

    while (when->tell == TELL_WEEKLY && weekday_of(day) != when->weekday)
        day++;
    return (struct zoned){day, when->at_s};
}

/* Out of the quiet hours. */
static struct zoned past_quiet(const struct person *p, struct zoned at)
{
    if (!quiet_at(p, at.second))
        return at;
    return (struct zoned){at.second < p->quiet_to_s ? at.day : at.day + 1, p->quiet_to_s};
}

static int32_t morning_of(const struct person *p, const struct tell_when *when)
{
    if (when->tell != TELL_NOW)
        return when->at_s;
    return quiet_at(p, MORNING_S) ? p->quiet_to_s : MORNING_S;
}

int64_t moment_of(const struct person *p, const struct tell_when *when, const struct calendar *calendar, int64_t from_us)
{
    struct zoned from = zone_local(from_us / 1000000), at = from;
    bool moved;

    if (when->tell != TELL_NOW)
        at = next_hour(at, when);
    at = past_quiet(p, at);
    for (int i = 0; !p->on_days_off && i < OFF_DAYS_MAX && !calendar_works(calendar, at.day); i++)
        at = past_quiet(p, (struct zoned){at.day + 1, morning_of(p, when)});
    moved = at.day != from.day || at.second != from.second;
    return moved ? zone_instant(at.day, at.second) * 1000000 : from_us;
}
