/* Rows of a CSV file, one at a time, in bounded memory: libcsv on decoded text.
 *
 * Rows are counted as a spreadsheet counts them: blank ones too, one with line breaks in its cells once. Cells are what the file
 * says, without trimming; a line break in a cell is '\n' whichever way it was written. Used twice for a file: to recognise it, and
 * to read it.
 */
#ifndef MUSTER_IMPORT_TABLE_H
#define MUSTER_IMPORT_TABLE_H

#include <csv.h>

#include "base/arena.h"
#include "base/buf.h"
#include "import/decode.h"

enum {
    TABLE_ROW_BYTES = 1 << 20, /* a longer row is a quotation mark without its fellow: an event has 64 KiB */
    TABLE_CELLS = 512,
};

struct table_row {
    int64_t number;   /* in the spreadsheet, from 1 */
    const char **cells; /* terminated */
    size_t count;
    bool broken;      /* a cell holds bytes that are no text in the file's encoding, or a zero */
};

struct table {
    struct decoder *decoder;
    struct csv_parser parser;
    struct buf text;         /* decoded, not parsed yet */
    size_t text_at;
    struct arena arena;      /* of the rows that wait */
    struct table_row *rows;  /* parsed, not given out yet */
    size_t row_count, row_cap, row_at;
    const char **cells;      /* of the row being parsed */
    size_t cell_count, cell_cap, cell_bytes;
    bool cell_broken, too_many;
    int64_t number;          /* of the row parsed last */
    int last_end;            /* what ended it: '\r' and '\n' are one end */
    bool end;
};

/* The decoder must outlive it, and stand at the beginning. */
void table_open(struct table *table, struct decoder *decoder, char delimiter);
void table_close(struct table *table);

/* The next row that is not blank; its cells live until the next call. 1: a row; 0: the end; -1: it cannot be read on (err). */
int table_next(struct table_row *out, struct table *table, struct err *err) MUST_CHECK;

#endif
