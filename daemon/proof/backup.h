/* A backup: a consistent copy of the ledger while the daemon works, checked before it gets its name.
 *
 * What stands in it is one snapshot. It is written beside its name (FILE.part), its structure and its whole chain
 * are verified there, and only then it becomes FILE, which must not be there yet. Keys are no part of the database, and so
 * of no backup.
 */
#ifndef MUSTER_PROOF_BACKUP_H
#define MUSTER_PROOF_BACKUP_H

#include "proof/verify.h"

struct backup;

/* `store` is a connection of the caller's (STORE_READ) that nobody else uses until the end; `deadline` (may be NULL) ends
 * what takes long. 1: FILE is there, or
 * cannot be made. */
int backup_begin(struct backup **out, struct store *store, const char *file, const struct deadline *deadline,
                 struct err *err) MUST_CHECK;
/* A step of about `budget_ms`. 1: there is more to do; 0: FILE is there; -1: it failed, err says why. */
int backup_step(struct backup *backup, int64_t budget_ms, struct err *err) MUST_CHECK;
/* Takes away what is not finished. */
void backup_free(struct backup *backup);
DEFINE_CLEANUP(backup);
#define _cleanup_backup_ CLEANUP(backup_cleanup)

int64_t backup_done(const struct backup *backup); /* of backup_all: pages copied, then rows verified */
int64_t backup_all(const struct backup *backup);

/* What stands in the finished file. A ledger that does not hold has a copy that does not: it is a copy all the same, and told. */
struct backup_result {
    int64_t bytes, rows;
    size_t erased;
    uint8_t head[CHAIN_SIZE];
    struct misfit misfit; /* MISFIT_NONE: it holds */
};
const struct backup_result *backup_result(const struct backup *backup);

#endif
