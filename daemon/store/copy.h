/* A copy of the database while it is in use, by SQLite's backup API, in steps. */
#ifndef MUSTER_STORE_COPY_H
#define MUSTER_STORE_COPY_H

#include "store/store.h"

struct store_copy;

/* Begins to copy what `store` sees now (in a snapshot that the caller has begun and keeps until the end: so that what
 * is written meanwhile does not begin the copy anew) into `path`, a file that is there and empty. */
int store_copy_begin(struct store_copy **out, struct store *store, const char *path, struct err *err) MUST_CHECK;
/* Copies so many pages. 1: there is more; 0: all are copied; -1. */
int store_copy_step(struct store_copy *copy, int pages, struct err *err) MUST_CHECK;
int64_t store_copy_done(const struct store_copy *copy); /* pages */
int64_t store_copy_all(const struct store_copy *copy);
/* After the last step: one plain file, on disk, of which nothing lies in a log. */
int store_copy_finish(struct store_copy *copy, struct err *err) MUST_CHECK;
void store_copy_free(struct store_copy *copy);
DEFINE_CLEANUP(store_copy);
#define _cleanup_store_copy_ CLEANUP(store_copy_cleanup)

/* Whether the file's structure is sound: SQLite's quick_check, and that it is a ledger of a schema that we know.
 * 0; 1: it is damaged, err names the check that failed; -1: it cannot be looked at, or the deadline (may be NULL) has passed. */
int store_sound(const char *path, const struct deadline *deadline, struct err *err) MUST_CHECK;

#endif
