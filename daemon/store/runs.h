/* Runs: the sorted parts in which activities lie on disk, each written once from one end to the other,
 * so that a large ledger costs no random writes. A touch is in exactly one live run, or in the tail.
 */
#ifndef MUSTER_STORE_RUNS_H
#define MUSTER_STORE_RUNS_H

#include "store/touches.h"

enum run_state { RUN_LIVE = 1, RUN_BUILDING = 2, RUN_DEAD = 3 };

struct run {
    int64_t run;
    int level; /* 0: from the tail; n: merged from runs of level n - 1 */
    enum run_state state;
    int64_t upto; /* the newest row in it */
    day_t first, last; /* of what is in it, both included */
};

/* Levels grow eightfold and are merged when full, so a ledger of any size has some twenty live runs;
 * upkeep sees to it that there are never more than RUNS_LIVE_MAX, nor many dead ones. */
enum { RUNS_MAX = 96, RUNS_LIVE_MAX = 40, RUNS_DEAD_MANY = 8, CHUNK_TOUCHES = 128 };

struct runs {
    struct run items[RUNS_MAX];
    int n;
    int live, dead;
    int64_t upto; /* the watermark: all rows up to it are in live runs */
};

int runs_load(struct runs *runs, struct store *store, struct err *err) MUST_CHECK;

/* Appends the touches of a run's subject dated first..last. */
int run_collect(struct touch **items, size_t *n, size_t *cap, struct store *store, int64_t run,
                int64_t subject, day_t first, day_t last, struct err *err) MUST_CHECK;
/* Up to `most` touches before the place `from`, newest first. Returns how many, or -1. */
int run_before(struct touch *out, int most, struct store *store, int64_t run, int64_t subject,
               const struct place *from, struct err *err) MUST_CHECK;
/* Appends touches after the place `from`, oldest first, at least `least` of them unless there are no
 * more. */
int run_after(struct touch **items, size_t *n, size_t *cap, struct store *store, int64_t run,
              int64_t subject, const struct place *from, size_t least, struct err *err) MUST_CHECK;
/* Marks the touch, if the run has it. */
int run_out(struct store *store, int64_t run, int64_t subject, const struct touch *touch,
            int64_t by, struct err *err) MUST_CHECK;
/* Writes touches that are sorted, in chunks. */
int run_write(struct store *store, int64_t run, int64_t subject, const struct touch *touches,
              size_t n, struct err *err) MUST_CHECK;

#endif
