/* Rows on stdout: a table for people, JSON Lines or CSV for programs.
 *
 * A table on a terminal is aligned by display width (CJK), coloured by level and made to fit the window
 * (fit.h); to a pipe it is the same table without colour and cutting. Rows go out as they come, tables in
 * pieces of a bounded number of rows.
 */
#ifndef MUSTER_CLI_ROWS_H
#define MUSTER_CLI_ROWS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "cli.h"

enum column_flag {
    COLUMN_RIGHT = 1 << 0,
    COLUMN_CUT = 1 << 1,    /* may be cut where the window is narrow */
    COLUMN_TABLE = 1 << 2,  /* in tables only */
    COLUMN_CSV = 1 << 3,    /* in CSV only */
    COLUMN_CUT_FIRST = 1 << 4,   /* a long text: cut before the others */
    COLUMN_HEAD = 1 << 5,        /* its heading may be cut */
    COLUMN_SPARE = 1 << 6,       /* may be left out where the window is narrow */
    COLUMN_SPARE_FIRST = 1 << 7, /* before others */
};

struct column {
    const char *key;    /* the wire's field: the value, and the header of CSV */
    const char *en;     /* heading: N_(), said() where it is shown */
    unsigned flags;
    int width;          /* columns of a terminal that it has in a live list */
    void (*text)(struct buf *out, const json_t *row); /* NULL: the member `key` */
};

struct rows;

/* `columns` must outlive it. */
struct rows *rows_new(const struct cli *cli, const struct column *columns, size_t count);
void rows_free(struct rows *rows);
DEFINE_CLEANUP(rows);
#define _cleanup_rows_ CLEANUP(rows_cleanup)

void rows_add(struct rows *rows, const json_t *row);
/* Prints what is left. */
void rows_end(struct rows *rows);
size_t rows_count(const struct rows *rows);

/* The rows of a list, as a whole. */
void rows_print(const struct cli *cli, const json_t *list, const struct column *columns, size_t count);

/* From here on every row is printed at once, without headings, in columns of fixed width. */
void rows_go_live(struct rows *rows);

/* One row of JSON. */
void rows_print_json(const json_t *row);

#endif
