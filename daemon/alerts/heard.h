/* Rows that were looked at while they were recorded and need not be read again to be taken.
 *
 * Bits in a ring by seq: of the newest HEARD_ROWS rows at most. What is not known of is read.
 */
#ifndef MUSTER_ALERTS_HEARD_H
#define MUSTER_ALERTS_HEARD_H

#include <stdbool.h>
#include <stdint.h>

enum { HEARD_ROWS = 1 << 19 };

struct heard {
    int64_t first, next; /* rows first..next-1 were heard of; 0: none was */
    uint64_t *passed;
};

/* The row was just written; one written in its place before was rolled back. */
void heard_add(struct heard *heard, int64_t seq, bool passed);
/* The newest of the rows after `seq`, up to `newest`, of which none needs to be taken; `seq` if the next does. */
int64_t heard_skip(const struct heard *heard, int64_t seq, int64_t newest);
void heard_deinit(struct heard *heard);

#endif
