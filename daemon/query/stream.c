#include "query/stream.h"

#include <inttypes.h>
#include <string.h>

void stream_init(struct stream *s, struct asking *ask, const struct place *start, day_t first)
{
    *s = (struct stream){.ask = ask, .start = *start, .first = first};
}

static int lane_next(struct lane *lane, struct err *err)
{
    int r;

    do {
        r = touch_walk_next(&lane->head, &lane->walk, err);
        if (r == 1 && lane->head.place.day < lane->first)
            r = 0;
    } while (r == 1 && lane->roles && !(lane->head.role & lane->roles));
    lane->has = r == 1;
    return r < 0 ? -1 : 0;
}

static int add_lane(struct stream *s, int64_t subject, const struct place *start, day_t first,
                    uint32_t roles, struct err *err)
{
    struct lane *lane = arena_alloc(&s->ask->arena, sizeof *lane);

    lane->first = first > s->first ? first : s->first;
    lane->roles = roles;
    touch_walk_init(&lane->walk, s->ask->store, subject,
                    place_compare(start, &s->start) < 0 ? start : &s->start);
    if (lane_next(lane, err) < 0)
        return -1;
    if (!lane->has)
        return 0;
    if (s->n == s->cap) {
        struct lane **bigger;

        s->cap = s->cap ? s->cap * 2 : 16;
        bigger = arena_alloc(&s->ask->arena, s->cap * sizeof *bigger);
        if (s->n)
            memcpy(bigger, s->lanes, s->n * sizeof *bigger);
        s->lanes = bigger;
    }
    s->lanes[s->n++] = lane;
    return 0;
}

int stream_add(struct stream *s, int64_t subject, struct err *err)
{
    return add_lane(s, subject, &s->start, s->first, 0, err);
}

struct place place_end_of(day_t until)
{
    return (struct place){.day = until == DAY_NEVER ? until : until + 1, .tod = INT64_MIN, .seq = 0};
}

int stream_add_branch(struct stream *s, int64_t branch, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct stint *stints;
    size_t n;

    if (stream_add(s, branch, err) < 0 ||
        store_stints(&stints, &n, &arena, s->ask->store, SQL_STINTS_OF_BRANCH, branch, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        /* The day of leaving still counts (ledger.md section 2). */
        struct place end = place_end_of(stints[i].to);

        if (stints[i].to < s->first)
            continue;
        if (ask_patience(s->ask, err) < 0 ||
            add_lane(s, stints[i].member, &end, stints[i].from, ROLE_SELF, err) < 0)
            return -1;
    }
    return 0;
}

static struct lane *newest(const struct stream *s)
{
    struct lane *best = NULL;

    for (size_t i = 0; i < s->n; i++) {
        struct lane *lane = s->lanes[i];

        if (lane->has && (!best || place_compare(&lane->head.place, &best->head.place) > 0))
            best = lane;
    }
    return best;
}

int stream_next(struct touch *out, struct stream *s, struct err *err)
{
    struct lane *lane;

    do {
        lane = newest(s);
        if (!lane)
            return 0;
        *out = lane->head;
        if (lane_next(lane, err) < 0)
            return -1;
    } while (out->place.seq == s->last_seq);
    s->last_seq = out->place.seq;
    return 1;
}

void page_mark_place(struct asking *ask, const struct place *place)
{
    page_mark(ask, 'p', "%d.%" PRId64 ".%" PRId64, (int)place->day, place->tod, place->seq);
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
