/* A ledger made from an export, as it was: the same rows, numbers, values, and all that follows from them. */
#ifndef MUSTER_PROOF_IMPORT_H
#define MUSTER_PROOF_IMPORT_H

#include "base/progress.h"
#include "chain/walk.h"

struct import_options {
    const char *database; /* empty, or not there yet */
    const char *timezone; /* must be that of the ledger; already given to zone_set */
    const char *file;     /* the export */
    const char *const *kinds; /* configured meeting kinds: they get their bits first, as in a ledger that is opened */
    size_t kind_count;
    struct onlooker onlooker; /* of all rows no more than an estimate is known, by the size of the file */
};

struct import_result {
    int64_t rows;
    char ledger[UUID_TEXT_SIZE];
    uint8_t head[CHAIN_SIZE];
    bool rehearsal;
};

/* All of it, or nothing: one transaction, which ends when every row was verified. 1: refused, err says `file:line` and
 * why; -1: the store failed. */
int proof_import(struct import_result *out, const struct import_options *options, struct err *err) MUST_CHECK;

#endif
