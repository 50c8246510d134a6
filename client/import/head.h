/* The head of a sheet: which row it is, what parts the cells, which kind of sheet it makes, which column holds what.
 *
 * Every delimiter, every of the first rows and every kind of sheet is tried; the one that knows the most headings, and has all the
 * columns that its kind needs, is taken. The user's own mapping comes first.
 */
#ifndef MUSTER_IMPORT_HEAD_H
#define MUSTER_IMPORT_HEAD_H

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "import/decode.h"
#include "import/sheet.h"

enum { HEAD_ROWS = 40, HEAD_EXTRA_MAX = 64 }; /* titles and notes above the header take no more */

/* What the user says about a sheet. */
struct head_options {
    const char *as;          /* the name of a kind, or NULL */
    const char *const *maps; /* "HEADING=COLUMN" */
    size_t map_count;
    const char *const *sets; /* "COLUMN=VALUE": for all rows, where the sheet has no such column */
    size_t set_count;
};

struct head {
    enum sheet_kind kind;
    char delimiter;
    int64_t row;                      /* of the header */
    size_t count;                     /* cells of the header */
    const char **headings;            /* as they stand */
    const struct column_spec **columns; /* of each; NULL: not known */
    int place[COL_COUNT];             /* of each column, its cell; -1: none */
    const char *set[COL_COUNT];       /* values of --set; NULL: none */
    struct arena arena;
};

/* 1: it is none of our sheets (err says what is missing); -1: it cannot be read. The decoder is left at the beginning. */
int head_find(struct head *out, struct decoder *decoder, const struct head_options *options, struct err *err) MUST_CHECK;
void head_deinit(struct head *head);

/* Whether the sheet has that column, or it was set. */
static inline bool head_has(const struct head *head, enum column_id column)
{
    return head->place[column] >= 0 || head->set[column];
}
bool head_has_people(const struct head *head);

/* The mapping as a file of --map: "HEADING=COLUMN" a line, the kind in the first. */
void head_write_map(struct buf *out, const struct head *head);

/* The lines of such a file, into `maps`; the kind into `as_out` (NULL where it names none). Strings live in the arena. */
struct head_map_file {
    const char **maps;
    size_t count;
    const char *as;
};
int head_read_map(struct head_map_file *out, struct arena *arena, FILE *file, struct err *err) MUST_CHECK;

#endif
