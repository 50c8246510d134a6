/* Long work before the daemon serves anybody (a rebuild, an import): a progress bar where stderr is a terminal, else a line of the
 * log now and then. Neither with --quiet. */
#ifndef MUSTER_SERVICE_WATCHER_H
#define MUSTER_SERVICE_WATCHER_H

#include "base/progress.h"
#include "service/service.h"

struct watcher {
    struct progress progress;
    const char *what;    /* of the lines in the log */
    bool quiet;
    int64_t logged_rows;
};

/* `what`: a word that lives on, "rebuilding". The onlooker is good for as long as the watcher. */
struct onlooker watcher_begin(struct watcher *watcher, const char *what, const struct service_options *options);
void watcher_end(struct watcher *watcher);

#endif
