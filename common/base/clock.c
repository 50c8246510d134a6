#include "base/clock.h"

#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/zone.h"

static int64_t system_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void clock_init(struct clock *c, int64_t start_us)
{
    memset(c, 0, sizeof *c);
    if (start_us)
        c->offset_us = start_us - system_us();
}

int64_t clock_now_us(struct clock *c)
{
    int64_t now = c->fake_us ? c->fake_us : system_us() + c->offset_us;

    if (now > c->last_us)
        c->last_us = now;
    return c->last_us;
}

void clock_floor(struct clock *c, int64_t floor_us)
{
    if (floor_us > c->last_us)
        c->last_us = floor_us;
}

day_t clock_today(struct clock *c)
{
    return zone_local(clock_now_us(c) / 1000000).day;
}

int64_t clock_monotonic_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

const char *clock_format_us(char out[CLOCK_TEXT_SIZE], int64_t us)
{
    int64_t s = us >= 0 ? us / 1000000 : -((-us + 999999) / 1000000);
    int64_t day = s >= 0 ? s / 86400 : -((-s + 86399) / 86400);
    int second = (int)(s - day * 86400);
    char *p = out + strlen(day_format(out, (day_t)day));

    *p++ = 'T';
    p = text_digits(p, (unsigned)second / 3600, 2);
    *p++ = ':';
    p = text_digits(p, (unsigned)second / 60 % 60, 2);
    *p++ = ':';
    p = text_digits(p, (unsigned)second % 60, 2);
    *p++ = '.';
    p = text_digits(p, (unsigned)(us - s * 1000000), 6);
    memcpy(p, "Z", 2);
    return out;
}
