/* A progress bar on stderr, with rate and time left, where that is a terminal; else nothing. */
#ifndef MUSTER_CLI_PROGRESS_H
#define MUSTER_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool on;
    int64_t shown_ms, began_ms;
};

struct progress progress_begin(void);
/* At most some times a second. `all` 0: not known. `unit` is a word ("rows"). */
void progress_show(struct progress *progress, int64_t done, int64_t all, const char *unit);
/* Wipes it until it is shown next: something else is printed. */
void progress_hide(const struct progress *progress);
/* Wipes it. */
void progress_end(struct progress *progress);

#endif
