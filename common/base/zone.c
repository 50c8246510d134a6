#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY_SECONDS = 86400 };

static bool name_is_plain(const char *name)
{
    size_t n = strlen(name);

    return n > 0 && n < 64 && name[0] != '/' && name[0] != ':' && name[0] != '.' &&
           !strstr(name, "..") &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == n;
}

int zone_set(const char *name, struct err *err)
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
    setenv("TZ", name, 1);
    tzset();
    return 0;
}

struct zoned zone_local(int64_t unix_s)
{
    time_t t = (time_t)unix_s;
    struct tm tm;

    if (!localtime_r(&t, &tm)) {
        int64_t day = unix_s >= 0 ? unix_s / DAY_SECONDS : -((-unix_s + DAY_SECONDS - 1) / DAY_SECONDS);

        return (struct zoned){(day_t)day, (int32_t)(unix_s - day * DAY_SECONDS)};
    }
    return (struct zoned){
        day_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday),
        tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec,
    };
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
