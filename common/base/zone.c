#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY_SECONDS = 86400, CACHE_DAYS = 512 };

/* Most instants fall on days (of UTC) in which the zone's offset does not change: each thread keeps
 * the offset of such days, since the library's own conversion takes a lock. Slots are by day. */
struct cached_day {
    int64_t day;
    int32_t offset;
    unsigned generation; /* of the zone; 0 for an empty slot */
};

static _Thread_local struct cached_day cache[CACHE_DAYS];
static unsigned generation = 1; /* counts zone_set, which runs before any thread */

static bool name_is_plain(const char *name)
{
    size_t n = strlen(name);

    return n > 0 && n < 64 && name[0] != '/' && name[0] != ':' && name[0] != '.' &&
           !strstr(name, "..") &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == n;
}

int zone_check(const char *name, struct err *err)
{
    char path[128];
    char magic[4];
    _cleanup_file_ FILE *f = NULL;

    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name_is_plain(name) ? name : "");
    f = name_is_plain(name) ? fopen(path, "re") : NULL;
    if (!f || fread(magic, 1, sizeof magic, f) != sizeof magic || memcmp(magic, "TZif", 4) != 0)
        return err_say(err, ERR_INVALID_VALUE, "timezone",
                       "there is no time zone \"%s\" on this machine (is tzdata installed?)",
                       "本机没有时区“%s”（是否已安装 tzdata？）", name);
    return 0;
}

int zone_set(const char *name, struct err *err)
{
    if (zone_check(name, err) != 0)
        return 1;
    setenv("TZ", name, 1);
    tzset();
    generation++;
    return 0;
}

static int64_t utc_day(int64_t unix_s)
{
    int64_t day = unix_s / DAY_SECONDS;

    return day * DAY_SECONDS > unix_s ? day - 1 : day;
}

/* Seconds to add to UTC; 0 where the library cannot tell (years beyond its int). */
static int32_t library_offset(int64_t unix_s)
{
    time_t t = (time_t)unix_s;
    struct tm tm;

    return localtime_r(&t, &tm) ? (int32_t)tm.tm_gmtoff : 0;
}

/* No zone of tzdata changes twice within a day of UTC, so equal offsets at both ends mean one. */
static int32_t offset_at(int64_t unix_s)
{
    int64_t day = utc_day(unix_s), start = day * DAY_SECONDS;
    struct cached_day *slot = &cache[(uint64_t)day % CACHE_DAYS];
    int32_t offset;

    if (slot->generation == generation && slot->day == day)
        return slot->offset;
    offset = library_offset(start);
    if (offset != library_offset(start + DAY_SECONDS - 1))
        return library_offset(unix_s);
    *slot = (struct cached_day){day, offset, generation};
    return offset;
}

struct zoned zone_local(int64_t unix_s)
{
    int64_t local = unix_s + offset_at(unix_s);
    int64_t day = utc_day(local);

    return (struct zoned){(day_t)day, (int32_t)(local - day * DAY_SECONDS)};
}

int64_t zone_instant(day_t day, int32_t second)
{
    /* The offset is within a day either way; what localtime says of a guess leads to the instant.
     * Of two that fit (a repeated hour) the earlier is taken; a skipped time gives the one after. */
    int64_t wanted = (int64_t)day * DAY_SECONDS + second;
    int64_t guess = wanted;

    for (int i = 0; i < 3; i++) {
        struct zoned z = zone_local(guess);

        guess += wanted - ((int64_t)z.day * DAY_SECONDS + z.second);
    }
    for (int64_t back = 3 * 3600; back > 0; back -= 1800) {
        struct zoned z = zone_local(guess - back);

        if (z.day == day && z.second == second)
            return guess - back;
    }
    return guess;
}

int64_t zone_midnight(day_t day)
{
    return zone_instant(day, 0);
}

bool zone_format(char out[ZONE_TEXT_SIZE], day_t day, int32_t second)
{
    int64_t instant = zone_instant(day, second), offset = (int64_t)day * DAY_SECONDS + second - instant;
    struct zoned back = zone_local(instant);
    int minutes = (int)(llabs(offset) / 60);
    char text[DAY_TEXT_SIZE];

    if (back.day != day || back.second != second || offset % 60)
        return false;
    snprintf(out, ZONE_TEXT_SIZE, "%sT%02d:%02d:%02d%c%02d:%02d", day_format(text, day), second / 3600, second / 60 % 60, second % 60,
             offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return true;
}
