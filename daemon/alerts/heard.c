#include "alerts/heard.h"

#include <stdlib.h>

#include "base/buf.h"

enum { WORD = 64 };

static uint64_t *word_of(const struct heard *h, int64_t seq)
{
    return &h->passed[(seq & (HEARD_ROWS - 1)) / WORD];
}

static uint64_t bit_of(int64_t seq)
{
    return (uint64_t)1 << (seq % WORD);
}

void heard_add(struct heard *h, int64_t seq, bool passed)
{
    if (!h->passed)
        h->passed = mem_zero(HEARD_ROWS / WORD * sizeof *h->passed);
    if (seq < h->first || seq > h->next || h->next == 0)
        h->first = seq;
    h->next = seq + 1;
    if (h->next - h->first > HEARD_ROWS)
        h->first = h->next - HEARD_ROWS;
    if (passed)
        *word_of(h, seq) |= bit_of(seq);
    else
        *word_of(h, seq) &= ~bit_of(seq);
}

int64_t heard_skip(const struct heard *h, int64_t seq, int64_t newest)
{
    while (seq < newest && seq + 1 >= h->first && seq + 1 < h->next && h->first != 0 &&
           (*word_of(h, seq + 1) & bit_of(seq + 1)))
        seq++;
    return seq;
}

void heard_deinit(struct heard *h)
{
    free(h->passed);
    *h = (struct heard){0};
}
