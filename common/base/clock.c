#include "base/clock.h"

#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/zone.h"

static const int64_t LEAP_US = 86400 * (int64_t)1000000;

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

/* Also while the machine slept. */
static int64_t boot_us(const struct clock *c)
{
    struct timespec ts;

    if (c->fake_us)
        return c->fake_boot_us;
    clock_gettime(CLOCK_BOOTTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t wall_us(const struct clock *c)
{
    return c->fake_us ? c->fake_us : system_us() + c->offset_us;
}

/* The time to believe: the system's, unless that leapt. */
static int64_t guarded_us(struct clock *c)
{
    int64_t wall = wall_us(c), boot = boot_us(c), expected = c->wall_us + (boot - c->boot_us);
    int64_t ahead = wall - (expected > c->last_us ? expected : c->last_us);

    c->leap_us = ahead > LEAP_US ? ahead : 0;
    c->wall_us = c->leap_us ? expected : wall;
    c->boot_us = boot;
    return c->wall_us;
}

void clock_guard(struct clock *c)
{
    c->guarded = true;
    clock_confirm(c);
}

void clock_confirm(struct clock *c)
{
    c->wall_us = wall_us(c);
    c->boot_us = boot_us(c);
    c->leap_us = 0;
}

int64_t clock_leap_us(struct clock *c)
{
    if (c->guarded)
        clock_now_us(c);
    return c->leap_us;
}

int64_t clock_now_us(struct clock *c)
{
    int64_t now = c->guarded ? guarded_us(c) : wall_us(c);

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

int64_t clock_monotonic_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
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
