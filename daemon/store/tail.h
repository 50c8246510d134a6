/* The tail: touches of the newest rows, in memory, until they are written as a run (upkeep.h).
 *
 * A list of segments by seq; upkeep freezes the last one and writes it out while new rows go to the
 * next. Who reads passes the watermark: rows up to it are in a run already and are not given again.
 */
#ifndef MUSTER_STORE_TAIL_H
#define MUSTER_STORE_TAIL_H

#include "store/touches.h"

struct tail_segment;

struct tail {
    struct tail_segment **segments;
    size_t n, cap;
    int64_t seq;    /* newest row taken in */
    size_t touches; /* held in all segments */
};

void tail_deinit(struct tail *tail);
void tail_add(struct tail *tail, int64_t subject, const struct touch *touch);
/* Marks the touch of row `seq`, if it is here. */
void tail_out(struct tail *tail, int64_t subject, int64_t seq, int64_t by);
/* What comes from now on goes to a new segment. */
void tail_freeze(struct tail *tail);
/* The newest row of the newest segment, and of the oldest; 0 while there is none. */
int64_t tail_newest(const struct tail *tail);
int64_t tail_oldest(const struct tail *tail);
/* Forgets the segments that lie wholly at or before `upto`. */
void tail_drop(struct tail *tail, int64_t upto);

/* Appends the subject's touches of rows after `upto`, dated first..last, in no order. */
void tail_collect(struct touch **items, size_t *n, size_t *cap, const struct tail *tail,
                  int64_t subject, int64_t upto, day_t first, day_t last);
/* Up to `most` touches before the place `from`, newest first, of rows after `upto`. */
int tail_before(struct touch *out, int most, struct tail *tail, int64_t subject, int64_t upto,
                const struct place *from);

/* For writing the oldest segment out: its subjects by key, and one subject's touches, sorted. */
size_t tail_oldest_subjects(int64_t **out, const struct tail *tail);
size_t tail_oldest_of(const struct touch **out, struct tail *tail, int64_t subject);

#endif
