#include "service/watcher.h"

#include "base/log.h"

enum { LOG_ROWS = 100000 }; /* some seconds' work */

static void step(void *data, int64_t done, int64_t all)
{
    struct watcher *w = data;

    if (w->progress.on)
        progress_show(&w->progress, done, all, w->progress.chinese ? "行" : "rows");
    else if (!w->quiet && done - w->logged_rows >= LOG_ROWS) {
        w->logged_rows = done;
        log_notice("%s: %lld rows done", w->what, (long long)done);
    }
}

struct onlooker watcher_begin(struct watcher *w, const char *what, const struct service_options *options)
{
    *w = (struct watcher){.progress = progress_begin(options->quiet, options->language), .what = what, .quiet = options->quiet};
    return (struct onlooker){step, w};
}

void watcher_end(struct watcher *w)
{
    progress_end(&w->progress);
}
