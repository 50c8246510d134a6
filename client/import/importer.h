/* A spreadsheet saved as CSV, row by row as events (docs/import.md).
 *
 * Opening recognises encoding, delimiter, kind of sheet and columns. Then importer_next gives one row after the other: what it says
 * as events, or why it says nothing that can be recorded. Who sends them, and what the daemon answers, is the caller's affair.
 * Memory: the directory of the registers, and some dozens of bytes for each row.
 */
#ifndef MUSTER_IMPORT_IMPORTER_H
#define MUSTER_IMPORT_IMPORTER_H

#include "base/date.h"
#include "base/err.h"
#include "import/directory.h"
#include "import/head.h"
#include "import/row.h"

/* What reading a sheet has to ask. Each returns 0, or -1 when asking failed: then the import ends, with what was told. */
struct import_asking {
    void *context;
    bool zh; /* the language of remarks */
    /* Fills the directory with what is in a register. */
    int (*registers)(void *context, struct directory *directory, enum directory_kind kind);
    /* Whether the member belonged to the branch on that day. */
    int (*belonged)(void *context, bool *out, const char *member, const char *branch, day_t day);
    /* Whether a place that is like a branch's name, but none, is meant: somewhere outside this ledger. */
    int (*outside)(void *context, bool *out, int64_t row, const char *place, const char *branch);
};

struct importer;

/* 1: the file is not such a sheet (err); -1: it cannot be read, or asking failed (err set only in the first case). */
int importer_open(struct importer **out, int fd, const struct head_options *options, const struct import_asking *asking,
                  struct err *err) MUST_CHECK;
void importer_free(struct importer *importer);
DEFINE_CLEANUP(importer);
#define _cleanup_importer_ CLEANUP(importer_cleanup)

const struct head *importer_head(const struct importer *importer);
const char *importer_encoding(const struct importer *importer);

/* The next row: 1; 0: the end; -1 as above. The caller frees it. */
int importer_next(struct row **out, struct importer *importer, struct err *err) MUST_CHECK;
/* Begins again with the first row. */
int importer_rewind(struct importer *importer, struct err *err) MUST_CHECK;

/* Bytes of the file read so far, and all of it: for a progress bar. */
int64_t importer_done(const struct importer *importer);
int64_t importer_size(const struct importer *importer);

#endif
