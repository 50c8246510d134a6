/* What an event would change: the event it takes out, the subjects touched, those that follow. */
#include "ledger/check.h"

#include <string.h>

#include "base/buf.h"

static int find_target(struct considered *c, struct reading *rd, struct err *err)
{
    const struct event *e = c->event;
    const uint8_t *id = e->type == EV_EVENT_VOIDED ? e->values[F_EVENT]->uuid
                        : e->has_replaces          ? e->replaces
                                                   : NULL;
    int64_t seq;
    int r;

    if (!id)
        return 0;
    r = store_row_find(&seq, rd->store, id, err);
    if (r != 1)
        return r;
    return stored_get(&c->target, rd, seq, err);
}

static int touches_with_creator(struct touches *out, struct reading *rd, const struct event *e,
                                struct err *err)
{
    struct stored *creator = NULL;
    enum subject_kind kind;
    const char *ref;

    if (event_needs_creator(e, &kind, &ref) &&
        history_creator(&creator, rd, kind, ref, err) < 0)
        return -1;
    return touches_of_event(out, rd, e, creator ? &creator->event : NULL, err);
}

static const struct touched *created(const struct touches *t, enum subject_kind kind)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i].creates && t->items[i].kind == kind)
            return &t->items[i];
    return NULL;
}

/* The ref that both the event and its target create, if others may follow through it. */
static const struct touched *recreated(const struct considered *c)
{
    static const enum subject_kind kinds[] = {SUBJECT_TRANSFER, SUBJECT_EXEMPTION};

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        const struct touched *was = created(&c->target_touches, kinds[i]);
        const struct touched *is = created(&c->touches, kinds[i]);

        if (was && is && strcmp(was->ref, is->ref) == 0)
            return was;
    }
    return NULL;
}

static int find_followers(struct considered *c, struct reading *rd, struct err *err)
{
    const struct touched *t = recreated(c);
    struct history h;

    if (!t || !t->key)
        return 0;
    if (history_load_register(&h, rd, t->key, err) < 0)
        return -1;
    c->followers = arena_alloc(rd->arena, (h.n + 1) * sizeof *c->followers);
    c->follower_touches = arena_alloc(rd->arena, (h.n + 1) * sizeof *c->follower_touches);
    for (size_t i = 0; i < h.n; i++) {
        size_t n = c->follower_count;

        if (h.entries[i].out_by != 0 || h.entries[i].seq == c->target->row.seq)
            continue;
        if (stored_get(&c->followers[n], rd, h.entries[i].seq, err) < 0 ||
            touches_of_event(&c->follower_touches[n], rd, &c->followers[n]->event, c->event,
                             err) < 0)
            return -1;
        c->follower_count++;
    }
    return 0;
}

int consider(struct considered *out, struct reading *rd, const struct event *event,
             struct err *err)
{
    memset(out, 0, sizeof *out);
    out->event = event;
    memcpy(out->root, event->id, UUID_SIZE);
    if (find_target(out, rd, err) < 0)
        return -1;
    if (touches_with_creator(&out->touches, rd, event, err) < 0)
        return -1;
    if (!out->target)
        return 0;
    if (event->has_replaces)
        memcpy(out->root, out->target->root, UUID_SIZE);
    if (touches_with_creator(&out->target_touches, rd, &out->target->event, err) < 0)
        return -1;
    return find_followers(out, rd, err);
}
