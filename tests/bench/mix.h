/* Workload (c): what a district sends at the end of a month, in the proportions of the sample district's
 * year (tests/data/district-1, without the first entry of its registers).
 *
 * What needs a history (a member away who returns, a letter on its way) is written for members whom the
 * stream itself has admitted, so that it is valid whatever is recorded beside it, as long as one
 * stream's events arrive in their order.
 */
#ifndef MUSTER_BENCH_MIX_H
#define MUSTER_BENCH_MIX_H

#include "world.h"

enum { LIVES = 9, MIX_IDS = 64 };

struct mix {
    struct world *world;
    int64_t stream; /* which one: refs of two streams differ */
    char tag[24];   /* of this run: refs of two runs differ */
    int64_t made;   /* members admitted */
    struct life {
        int64_t number; /* 0: nobody yet */
        int step;
        int64_t branch;
    } lives[LIVES];
    char ids[MIX_IDS][UUID_TEXT_SIZE]; /* meetings that may be voided */
    size_t id_count;
};

void mix_init(struct mix *mix, struct world *world, int64_t stream, const char *tag);
void mix_next(struct buf *out, struct mix *mix, const char *id);

#endif
