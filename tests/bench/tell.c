#include "tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"

void die(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

void die_err(const struct err *err)
{
    die("%s", err->en);
}

int64_t number_of(const char *option, const char *text)
{
    char *end;
    long long number = strtoll(text, &end, 10);

    if (end == text || *end)
        die("%s takes a number, not \"%s\"", option, text);
    return number;
}

day_t day_of(const char *option, const char *text)
{
    day_t day;

    if (!day_parse(&day, text, strlen(text)))
        die("%s takes a date, not \"%s\"", option, text);
    return day;
}

int64_t now_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void times_add(struct times *times, int64_t us)
{
    ARRAY_GROW(times->us, times->n, times->cap);
    times->us[times->n++] = us < 0 ? 0 : us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

int64_t times_at(struct times *times, int of_1000)
{
    size_t i;

    if (times->n == 0)
        return 0;
    qsort(times->us, times->n, sizeof *times->us, by_size);
    i = times->n * (size_t)of_1000 / 1000;
    return times->us[i < times->n ? i : times->n - 1];
}

void times_deinit(struct times *times)
{
    free(times->us);
}
