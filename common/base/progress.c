#include "base/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum { SHOW_MS = 100, RATE_MS = 1000, WIDTH = 30 };

struct progress progress_begin(bool quiet, const char *language)
{
    return (struct progress){.on = !quiet && isatty(STDERR_FILENO) != 0, .chinese = language && strncmp(language, "zh", 2) == 0,
                             .began_ms = clock_monotonic_ms()};
}

/* How fast, and how long it takes yet, once there is something to reckon with. */
static void show_rate(const struct progress *p, int64_t done, int64_t all, int64_t elapsed_ms)
{
    int64_t left_s = done > 0 && all > done ? (all - done) * elapsed_ms / done / 1000 : 0;

    if (elapsed_ms < RATE_MS || done <= 0)
        return;
    fprintf(stderr, p->chinese ? "，每秒 %lld" : ", %lld a second", (long long)(done * 1000 / elapsed_ms));
    if (all > done)
        fprintf(stderr, p->chinese ? "，还需 %lld:%02lld" : ", %lld:%02lld left", (long long)(left_s / 60), (long long)(left_s % 60));
}

int64_t progress_expect(int64_t rows, int64_t done_bytes, int64_t all_bytes)
{
    return done_bytes > 0 && all_bytes > 0 ? (int64_t)((double)rows * (double)all_bytes / (double)done_bytes) : 0;
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
        show_rate(p, done, all, now_ms - p->began_ms);
        return;
    }
    full = done >= all ? WIDTH : (int)(done * WIDTH / all);
    memset(bar, '.', WIDTH);
    memset(bar, '#', (size_t)full);
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r\033[K[%s] %3lld %%  %lld / %lld %s", bar, (long long)(done * 100 / all), (long long)done,
            (long long)all, unit);
    show_rate(p, done, all, now_ms - p->began_ms);
}

void progress_hide(const struct progress *p)
{
    if (p->on && p->shown_ms)
        fprintf(stderr, "\r\033[K");
}

void progress_end(struct progress *p)
{
    progress_hide(p);
    p->on = false;
}
