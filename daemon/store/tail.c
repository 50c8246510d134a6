#include "store/tail.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { BLOCK = 1024 }; /* touches a block: grows without copying, and small enough for memory that is used again (service.c) */

struct item {
    struct touch touch;
    int32_t next; /* of the same subject, older; -1: none */
};

struct slot {
    int64_t subject;
    int32_t head; /* -1: the slot is free */
    uint32_t count;
};

struct tail_segment {
    int64_t upto;
    struct item **blocks;
    size_t block_count, n;
    struct slot *slots;
    size_t slot_count, used; /* a power of two */
    struct touch *sorted;    /* scratch of tail_oldest_of */
    struct touch *whole;     /* subject 0, sorted up to whole_n of its `count` */
    size_t whole_n, whole_cap;
};

static struct item *item_at(const struct tail_segment *s, int32_t i)
{
    return &s->blocks[i / BLOCK][i % BLOCK];
}

static size_t hash(int64_t subject, size_t slot_count)
{
    return (size_t)(((uint64_t)subject * 0x9e3779b97f4a7c15ull) >> 20) & (slot_count - 1);
}

static struct slot *find(const struct tail_segment *s, int64_t subject)
{
    size_t i;

    if (s->slot_count == 0)
        return NULL;
    for (i = hash(subject, s->slot_count); s->slots[i].head >= 0; i = (i + 1) & (s->slot_count - 1))
        if (s->slots[i].subject == subject)
            break;
    return &s->slots[i];
}

static void grow_slots(struct tail_segment *s)
{
    struct slot *old = s->slots;
    size_t old_count = s->slot_count;

    s->slot_count = old_count ? old_count * 2 : 64;
    s->slots = mem_alloc(s->slot_count * sizeof *s->slots);
    for (size_t i = 0; i < s->slot_count; i++)
        s->slots[i].head = -1;
    for (size_t i = 0; i < old_count; i++)
        if (old[i].head >= 0)
            *find(s, old[i].subject) = old[i];
    free(old);
}

static void segment_free(struct tail_segment *s)
{
    for (size_t i = 0; i < s->block_count; i++)
        free(s->blocks[i]);
    free(s->blocks);
    free(s->slots);
    free(s->sorted);
    free(s->whole);
    free(s);
}

static void segment_add(struct tail_segment *s, int64_t subject, const struct touch *touch)
{
    struct slot *slot;

    if (s->n == s->block_count * BLOCK) {
        s->blocks = mem_resize(s->blocks, (s->block_count + 1) * sizeof *s->blocks);
        s->blocks[s->block_count++] = mem_alloc(BLOCK * sizeof **s->blocks);
    }
    if ((s->used + 1) * 2 > s->slot_count)
        grow_slots(s);
    slot = find(s, subject);
    if (slot->head < 0) {
        *slot = (struct slot){subject, -1, 0};
        s->used++;
    }
    *item_at(s, (int32_t)s->n) = (struct item){*touch, slot->count ? slot->head : -1};
    slot->head = (int32_t)s->n++;
    slot->count++;
    s->upto = touch->place.seq;
}

void tail_deinit(struct tail *tail)
{
    for (size_t i = 0; i < tail->n; i++)
        segment_free(tail->segments[i]);
    free(tail->segments);
    memset(tail, 0, sizeof *tail);
}

int64_t tail_newest(const struct tail *tail)
{
    return tail->n ? tail->segments[tail->n - 1]->upto : 0;
}

int64_t tail_oldest(const struct tail *tail)
{
    return tail->n ? tail->segments[0]->upto : 0;
}

void tail_freeze(struct tail *tail)
{
    if (tail->n && tail->segments[tail->n - 1]->n == 0)
        return;
    ARRAY_GROW(tail->segments, tail->n, tail->cap);
    tail->segments[tail->n++] = mem_zero(sizeof **tail->segments);
}

void tail_add(struct tail *tail, int64_t subject, const struct touch *touch)
{
    if (tail->n == 0)
        tail_freeze(tail);
    segment_add(tail->segments[tail->n - 1], subject, touch);
    tail->seq = touch->place.seq;
    tail->touches++;
}

void tail_out(struct tail *tail, int64_t subject, int64_t seq, int64_t by)
{
    for (size_t i = 0; i < tail->n; i++) {
        struct tail_segment *s = tail->segments[i];
        const struct slot *slot = find(s, subject);

        for (int32_t k = slot ? slot->head : -1; k >= 0; k = item_at(s, k)->next)
            if (item_at(s, k)->touch.place.seq == seq)
                item_at(s, k)->touch.out_by = by;
        if (subject == WHOLE_LEDGER)
            s->whole_n = 0;
    }
}

void tail_drop(struct tail *tail, int64_t upto)
{
    size_t dropped = 0;

    while (dropped < tail->n && tail->segments[dropped]->n && tail->segments[dropped]->upto <= upto) {
        tail->touches -= tail->segments[dropped]->n;
        segment_free(tail->segments[dropped++]);
    }
    tail->n -= dropped;
    if (dropped && tail->n)
        memmove(tail->segments, tail->segments + dropped, tail->n * sizeof *tail->segments);
}

void tail_collect(struct touch **items, size_t *n, size_t *cap, const struct tail *tail,
                  int64_t subject, int64_t upto, day_t first, day_t last)
{
    for (size_t i = 0; i < tail->n; i++) {
        const struct tail_segment *s = tail->segments[i];
        const struct slot *slot = find(s, subject);

        for (int32_t k = slot ? slot->head : -1; k >= 0; k = item_at(s, k)->next) {
            const struct touch *t = &item_at(s, k)->touch;

            if (t->place.seq <= upto || t->place.day < first || t->place.day > last)
                continue;
            ARRAY_GROW(*items, *n, *cap);
            (*items)[(*n)++] = *t;
        }
    }
}

static int by_place(const void *a, const void *b)
{
    const struct touch *x = a, *y = b;

    return place_compare(&x->place, &y->place);
}

/* Keeps the whole ledger's touches sorted: new ones are sorted by themselves and merged in. */
static void sort_whole(struct tail_segment *s)
{
    const struct slot *slot = find(s, WHOLE_LEDGER);
    size_t count = slot && slot->head >= 0 ? slot->count : 0, fresh = count - s->whole_n;
    size_t old = s->whole_n, at = count;
    int32_t k = slot ? slot->head : -1;
    struct touch *added;

    if (fresh == 0)
        return;
    added = mem_alloc(fresh * sizeof *added);
    for (size_t i = fresh; i > 0; i--, k = item_at(s, k)->next)
        added[i - 1] = item_at(s, k)->touch;
    qsort(added, fresh, sizeof *added, by_place);
    if (count > s->whole_cap) {
        s->whole_cap = count * 2;
        s->whole = mem_resize(s->whole, s->whole_cap * sizeof *s->whole);
    }
    while (fresh > 0)
        if (old > 0 && place_compare(&s->whole[old - 1].place, &added[fresh - 1].place) > 0)
            s->whole[--at] = s->whole[--old];
        else
            s->whole[--at] = added[--fresh];
    s->whole_n = count;
    free(added);
}

/* Takes a touch into a list of at most `most`, newest first. */
static int keep_newest(struct touch *out, int n, int most, const struct touch *t)
{
    int at = n;

    while (at > 0 && place_compare(&out[at - 1].place, &t->place) < 0)
        at--;
    if (at == most)
        return n;
    if (n == most)
        n--;
    memmove(out + at + 1, out + at, (size_t)(n - at) * sizeof *out);
    out[at] = *t;
    return n + 1;
}

static int whole_before(struct touch *out, int n, int most, struct tail_segment *s, int64_t upto,
                        const struct place *from)
{
    size_t low = 0, high;

    sort_whole(s);
    high = s->whole_n;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (place_compare(&s->whole[middle].place, from) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (int taken = 0; low > 0 && taken < most; low--) {
        if (s->whole[low - 1].place.seq <= upto)
            continue;
        n = keep_newest(out, n, most, &s->whole[low - 1]);
        taken++;
    }
    return n;
}

int tail_before(struct touch *out, int most, struct tail *tail, int64_t subject, int64_t upto,
                const struct place *from)
{
    int n = 0;

    for (size_t i = 0; i < tail->n; i++) {
        struct tail_segment *s = tail->segments[i];
        const struct slot *slot = find(s, subject);

        if (subject == WHOLE_LEDGER) {
            n = whole_before(out, n, most, s, upto, from);
            continue;
        }
        for (int32_t k = slot ? slot->head : -1; k >= 0; k = item_at(s, k)->next) {
            const struct touch *t = &item_at(s, k)->touch;

            if (t->place.seq > upto && place_compare(&t->place, from) < 0)
                n = keep_newest(out, n, most, t);
        }
    }
    return n;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

size_t tail_oldest_subjects(int64_t **out, const struct tail *tail)
{
    const struct tail_segment *s = tail->segments[0];
    size_t n = 0;

    *out = mem_alloc((s->used + 1) * sizeof **out);
    for (size_t i = 0; i < s->slot_count; i++)
        if (s->slots[i].head >= 0)
            (*out)[n++] = s->slots[i].subject;
    qsort(*out, n, sizeof **out, by_number);
    return n;
}

size_t tail_oldest_of(const struct touch **out, struct tail *tail, int64_t subject)
{
    struct tail_segment *s = tail->segments[0];
    const struct slot *slot = find(s, subject);
    size_t n = 0;

    if (subject == WHOLE_LEDGER) {
        sort_whole(s);
        *out = s->whole;
        return s->whole_n;
    }
    s->sorted = mem_resize(s->sorted, (slot->count + 1) * sizeof *s->sorted);
    for (int32_t k = slot->head; k >= 0; k = item_at(s, k)->next)
        s->sorted[n++] = item_at(s, k)->touch;
    qsort(s->sorted, n, sizeof *s->sorted, by_place);
    *out = s->sorted;
    return n;
}
