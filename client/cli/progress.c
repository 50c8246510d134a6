#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum { SHOW_MS = 100, WIDTH = 30 };

struct progress progress_begin(void)
{
    return (struct progress){.on = isatty(STDERR_FILENO) != 0};
}

void progress_show(struct progress *p, int64_t done, int64_t all, const char *unit)
{
    int64_t now_ms = clock_monotonic_ms();
    char bar[WIDTH + 1];
    int full;

    if (!p->on || now_ms - p->shown_ms < SHOW_MS)
        return;
    p->shown_ms = now_ms;
    if (all <= 0) {
        fprintf(stderr, "\r\033[K%lld %s", (long long)done, unit);
        return;
    }
    full = done >= all ? WIDTH : (int)(done * WIDTH / all);
    memset(bar, '.', WIDTH);
    memset(bar, '#', (size_t)full);
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r\033[K[%s] %3lld %%  %lld / %lld %s", bar, (long long)(done * 100 / all), (long long)done,
            (long long)all, unit);
}

void progress_hide(const struct progress *p)
{
    if (p->on && p->shown_ms)
        fprintf(stderr, "\r\033[K");
}

void progress_end(struct progress *p)
{
    if (p->on)
        fprintf(stderr, "\r\033[K");
    p->on = false;
}
