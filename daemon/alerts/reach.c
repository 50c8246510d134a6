#include "alerts/reach.h"

#include "store/alert_table.h"
#include "store/touches.h"

void reach_key(struct reach *r, int64_t key)
{
    queue_add(&r->alerts->queue, key);
}

int64_t reach_find(struct reach *r, enum subject_kind kind, const char *ref)
{
    int64_t key = 0;

    if (!ref || r->failed)
        return 0;
    if (store_subject_find(&key, r->rd.store, kind, ref, r->err) < 0)
        r->failed = true;
    return key;
}

void reach_ref(struct reach *r, enum subject_kind kind, const char *ref)
{
    reach_key(r, reach_find(r, kind, ref));
}

void reach_field(struct reach *r, const struct event *e, enum field_id field,
                 enum subject_kind kind)
{
    const struct value *v = e->values[field];

    if (!v)
        return;
    if (v->kind == VALUE_REF)
        reach_ref(r, kind, v->text.s);
    for (size_t i = 0; v->kind == VALUE_REFS && i < v->count; i++)
        reach_ref(r, kind, v->items[i].s);
}

void reach_members(struct reach *r, int64_t branch, enum members_of which, bool loud)
{
    struct stint *stints;
    size_t n;

    if (branch == 0 || r->failed)
        return;
    if (store_stints(&stints, &n, r->rd.arena, r->rd.store, SQL_STINTS_OF_BRANCH, branch,
                     r->err) < 0) {
        r->failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++)
        if ((which == MEMBERS_EVER || stints[i].to == DAY_NEVER) &&
            !(loud && alerts_quiet(r->alerts, stints[i].member)))
            reach_key(r, stints[i].member);
}

/* All rows that ever touched a subject in one of `roles`, in effect or not: each is parsed and
 * visited. */
static void each_row(struct reach *r, int64_t subject, uint32_t roles,
                     void (*visit)(struct reach *, const struct event *, void *), void *ctx)
{
    struct touch *touches;
    struct stored *stored;
    size_t n;

    if (subject == 0 || r->failed)
        return;
    if (store_touches(&touches, &n, r->rd.arena, r->rd.store, subject, r->err) < 0) {
        r->failed = true;
        return;
    }
    for (size_t i = 0; i < n && !r->failed; i++) {
        if (!(touches[i].role & roles))
            continue;
        if (stored_get(&stored, &r->rd, touches[i].place.seq, r->err) < 0)
            r->failed = true;
        else
            visit(r, &stored->event, ctx);
    }
}

static void reach_listed(struct reach *r, const struct event *e, void *ctx)
{
    (void)ctx;
    reach_field(r, e, F_UNITS, SUBJECT_UNIT);
}

void reach_units_of(struct reach *r, int64_t branch)
{
    each_row(r, branch, ROLE_SELF, reach_listed, NULL);
}

static void reach_branch(struct reach *r, const char *ref, bool attended)
{
    int64_t branch = reach_find(r, SUBJECT_BRANCH, ref);

    reach_key(r, branch);
    if (attended)
        reach_members(r, branch, MEMBERS_EVER, false);
}

static void reach_named(struct reach *r, const struct event *e, void *ctx)
{
    const bool *attended = ctx;

    reach_branch(r, event_text(e, F_BRANCH), *attended);
    reach_branch(r, event_text(e, F_TO), *attended);
    reach_field(r, e, F_UNIT, SUBJECT_UNIT);
    reach_field(r, e, F_TRANSFER, SUBJECT_TRANSFER);
}

void reach_around_member(struct reach *r, int64_t member, bool attended)
{
    each_row(r, member, ROLE_SELF, reach_named, &attended);
}

struct creators {
    void (*visit)(struct reach *, const struct event *, bool);
    bool counts;
};

static void reach_creator(struct reach *r, const struct event *e, void *ctx)
{
    const struct creators *c = ctx;

    if (e->type == EV_TRANSFER_ISSUED || e->type == EV_TRANSFER_RECEIVED ||
        e->type == EV_EXEMPTION_GRANTED)
        c->visit(r, e, c->counts);
}

void reach_creators(struct reach *r, enum subject_kind kind, const char *ref,
                    void (*visit)(struct reach *, const struct event *, bool), bool counts)
{
    struct creators c = {visit, counts};

    each_row(r, reach_find(r, kind, ref), ROLE_SELF, reach_creator, &c);
}
