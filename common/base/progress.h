/* A progress bar on stderr, with rate and time left, where that is a terminal; else nothing.
 *
 * One line, drawn again in its place. What else is printed meanwhile hides it first; the log is not printed by who shows one. Called
 * by the command, and by musterd before it serves anybody.
 */
#ifndef MUSTER_BASE_PROGRESS_H
#define MUSTER_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool on;
    bool chinese;
    int64_t shown_ms, began_ms;
};

/* Who looks on at long work: is told now and then how much of it is done. `all` 0: not known. */
struct onlooker {
    void (*step)(void *data, int64_t done, int64_t all);
    void *data;
};

/* `quiet`: none, wherever it is. `language`: Chinese where it begins with "zh", else English; may be NULL. */
struct progress progress_begin(bool quiet, const char *language);
/* How many rows a file has, when `rows` of them took the first `done_bytes` of `all_bytes`. 0: it cannot be told. */
int64_t progress_expect(int64_t rows, int64_t done_bytes, int64_t all_bytes);
/* At most some times a second. `all` 0: not known. `unit` is a word ("rows") in that language. */
void progress_show(struct progress *progress, int64_t done, int64_t all, const char *unit);
/* Wipes it until it is shown next: something else is printed. */
void progress_hide(const struct progress *progress);
/* Wipes it, for good. */
void progress_end(struct progress *progress);

#endif
