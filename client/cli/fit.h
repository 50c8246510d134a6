/* A table that fits its window: which columns it has room for, and how wide they are.
 *
 * What says whom and which is kept whole as long as there is room; long texts are cut first, at the end and
 * visibly ("…"). Where even short texts have no room, columns are left out: empty ones, then those marked
 * as spare, then from the right. */
#ifndef MUSTER_CLI_FIT_H
#define MUSTER_CLI_FIT_H

#include <stddef.h>

#include "base/buf.h"

struct fit {
    unsigned flags;  /* enum column_flag of rows.h */
    size_t head, content; /* display widths: of the heading, of the widest cell (0: all are empty) */
    size_t width;    /* out: what it may have; 0: left out */
};

/* Sets the widths so that all columns, one blank apart, have room in `window`. */
void fit_columns(struct fit *columns, size_t count, size_t window);

/* Columns of a terminal that the text takes. */
size_t text_width(const char *text);
/* Appends the text, cut to `width` columns. */
void text_cut_to(struct buf *out, const char *text, size_t width);

#endif
