#include "query/stream.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

void stream_init(struct stream *s, struct asking *ask, const struct place *start, day_t first)
{
    *s = (struct stream){.ask = ask, .start = *start, .first = first};
}

static const struct touch *head(const struct lane *lane)
{
    return lane->i < lane->n ? &lane->few[lane->i] : NULL;
}

static int refill(struct stream *s, struct lane *lane, struct err *err)
{
    struct touch_walk *walk = lane->walk;
    int r = 0;

    if (!walk) {
        if (!s->shared)
            s->shared = arena_alloc(&s->ask->arena, sizeof *s->shared);
        walk = s->shared;
        touch_walk_init(walk, s->ask->store, lane->subject, &lane->from);
        walk->registers_only = lane->registers_only;
    }
    lane->n = lane->i = 0;
    while (lane->n < LANE_FEW && (r = touch_walk_next(&lane->few[lane->n], walk, err)) == 1) {
        if (lane->few[lane->n].place.day < lane->first) {
            r = 0;
            break;
        }
        lane->n++;
    }
    lane->done = r == 0;
    if (lane->n > 0)
        lane->from = lane->few[lane->n - 1].place;
    return r < 0 ? -1 : 0;
}

/* Where a lane goes on: its next touch, or, before that is fetched, what can be no newer than that. */
static const struct place *place_of(const struct lane *lane)
{
    return head(lane) ? &head(lane)->place : &lane->from;
}

static bool newer(const struct lane *a, const struct lane *b)
{
    return place_compare(place_of(a), place_of(b)) > 0;
}

static void sift_up(struct stream *s, size_t i)
{
    for (; i > 0 && newer(s->heap[i], s->heap[(i - 1) / 2]); i = (i - 1) / 2) {
        struct lane *lane = s->heap[i];

        s->heap[i] = s->heap[(i - 1) / 2];
        s->heap[(i - 1) / 2] = lane;
    }
}

static void sift_down(struct stream *s)
{
    size_t i = 0;

    for (;;) {
        size_t best = i;
        struct lane *lane = s->heap[i];

        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < s->n; child++)
            if (newer(s->heap[child], s->heap[best]))
                best = child;
        if (best == i)
            return;
        s->heap[i] = s->heap[best];
        s->heap[best] = lane;
        i = best;
    }
}

static void push(struct stream *s, struct lane *lane)
{
    if (s->n == s->cap) {
        struct lane **bigger;

        s->cap = s->cap ? s->cap * 2 : 16;
        bigger = arena_alloc(&s->ask->arena, s->cap * sizeof *bigger);
        if (s->n)
            memcpy(bigger, s->heap, s->n * sizeof *bigger);
        s->heap = bigger;
    }
    s->heap[s->n] = lane;
    sift_up(s, s->n++);
}

/* Puts the first lane where it belongs after it went on, or out when it is through. */
static void settle(struct stream *s)
{
    struct lane *lane = s->heap[0];

    if (!head(lane) && lane->done)
        s->heap[0] = s->heap[--s->n];
    if (s->n > 0)
        sift_down(s);
}

void stream_add(struct stream *s, int64_t subject)
{
    struct lane *lane = arena_alloc(&s->ask->arena, sizeof *lane);

    lane->subject = subject;
    lane->first = s->first;
    lane->from = s->start;
    lane->walk = arena_alloc(&s->ask->arena, sizeof *lane->walk);
    touch_walk_init(lane->walk, s->ask->store, subject, &s->start);
    push(s, lane);
}

/* What is about a member while it belonged to a branch: a lane only if there can be any of it. */
static void add_member(struct stream *s, const struct recent_stint *stint)
{
    day_t newest = stint->registered > stint->contacted ? stint->registered : stint->contacted;
    day_t first = stint->from > s->first ? stint->from : s->first;
    day_t last = stint->to < newest ? stint->to : newest; /* the day of leaving counts (ledger.md section 2) */
    struct lane *lane;

    if (last < first || first > s->start.day)
        return;
    lane = arena_alloc(&s->ask->arena, sizeof *lane);
    lane->subject = stint->member;
    lane->first = first;
    lane->roles = ROLE_SELF;
    lane->registers_only = stint->contacted < first;
    lane->from = place_end_of(last);
    if (place_compare(&s->start, &lane->from) < 0)
        lane->from = s->start;
    push(s, lane);
}

struct place place_end_of(day_t until)
{
    return (struct place){.day = until == DAY_NEVER ? until : until + 1, .tod = INT64_MIN, .seq = 0};
}

int stream_add_branch(struct stream *s, int64_t branch, struct err *err)
{
    stream_add(s, branch);
    return stream_add_members(s, branch, err);
}

void stream_add_shared(struct stream *s, int64_t subject, uint32_t roles)
{
    struct lane *lane = arena_alloc(&s->ask->arena, sizeof *lane);

    lane->subject = subject;
    lane->first = s->first;
    lane->roles = roles;
    lane->from = s->start;
    push(s, lane);
}

int stream_add_members(struct stream *s, int64_t branch, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct recent_stint *stints;
    size_t n;

    if (store_stints_recent(&stints, &n, &arena, s->ask->store, branch, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        add_member(s, &stints[i]);
    return 0;
}

/* Before a new place is begun: 0 go on, 2 no more may be done, -1. What is left of a place would not be seen
 * from its cursor, so it is done as a whole. */
static int begin_place(struct stream *s, const struct place *place, struct err *err)
{
    int r;

    if (s->any && place_compare(place, &s->seen) == 0)
        return 0;
    r = ask_spend(s->ask, 1, err);
    if (r != 0)
        return r < 0 ? -1 : 2;
    s->seen = *place;
    s->any = true;
    return 0;
}

int stream_next(struct touch *out, struct stream *s, struct err *err)
{
    while (s->n > 0) {
        struct lane *lane = s->heap[0];
        int r;

        if (!head(lane)) {
            if (refill(s, lane, err) < 0)
                return -1;
            settle(s);
            continue;
        }
        r = begin_place(s, &head(lane)->place, err);
        if (r != 0)
            return r;
        *out = *head(lane);
        lane->i++;
        settle(s);
        if ((lane->roles && !(out->role & lane->roles)) || out->place.seq == s->last_seq)
            continue;
        s->last_seq = out->place.seq;
        return 1;
    }
    return 0;
}

void page_mark_place(struct asking *ask, const struct place *place)
{
    const int64_t numbers[] = {place->day, place->tod, place->seq};
    char text[ARRAY_LEN(numbers) * (TEXT_INT_SIZE + 1)];
    size_t len = 0;

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (i > 0)
            text[len++] = '.';
        len += text_int(text + len, numbers[i]);
    }
    page_mark_text(ask, 'p', text, len);
}

void page_cut_at(struct asking *ask, const struct place *place)
{
    page_mark_place(ask, place);
    page_cut(ask);
}

int page_place(struct place *start, struct asking *ask, struct err *err)
{
    const char *text;
    int day, used = 0;
    int64_t tod, seq;
    struct place place;

    if (page_cursor(&text, ask, 'p', err) != 0)
        return 1;
    if (!text)
        return 0;
    if (sscanf(text, "%d.%" SCNd64 ".%" SCNd64 "%n", &day, &tod, &seq, &used) != 3 || text[used] != '\0')
        return page_bad_cursor(err);
    place = (struct place){.day = (day_t)day, .tod = tod, .seq = seq};
    if (place_compare(&place, start) < 0)
        *start = place;
    return 0;
}
