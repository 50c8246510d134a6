#include "ledger/may.h"

#include <string.h>

#include "access/realm.h"

/* What is looked at: an event that is to be recorded, or one that it takes out of effect. */
struct looked_at {
    const struct permit *permit;
    const struct realm *realm;
    const struct event *event;
    bool recorded; /* it stands in the ledger: what it brings into being is there */
    struct err *err;
};

static int not_allowed(struct err *err)
{
    return err_say(err, ERR_NOT_ALLOWED, NULL, "this is not allowed to you, or lies outside of your scope",
                   "您无权进行此操作，或其超出您的范围");
}

int may_refuse(struct err *err)
{
    err_clear(err);
    return not_allowed(err) - 1;
}

static struct store *store_of(const struct looked_at *l)
{
    return l->permit->rd->store;
}

static const struct grant *grant_of(const struct looked_at *l)
{
    return l->permit->author->grant;
}

static int member_in_scope(bool *out, const struct looked_at *l, const struct touched *t)
{
    struct stint latest;
    int r;

    if (t->creates && !l->recorded) {
        r = t->key ? store_stint_latest(&latest, store_of(l), t->key, DAY_NEVER, l->err) : 0;
        *out = r == 0; /* nobody, so far */
        if (r <= 0)
            return r;
    }
    return realm_has_member(out, l->realm, store_of(l), t->key, l->event->day, l->err);
}

static int branch_or_unit_in_scope(bool *out, const struct looked_at *l, const struct touched *t)
{
    day_t first, last;
    int stands = t->creates && !l->recorded && t->key ? store_standing(&first, &last, store_of(l), t->key, l->err) : 0;

    if (stands < 0)
        return -1;
    *out = realm_has(l->realm, t->key) || (t->creates && !l->recorded && !stands);
    return 0;
}

static int touches_in_scope(bool *out, const struct looked_at *l, const struct touches *touches);

/* A letter or exemption: by what the event says that created it. */
static int by_creator(bool *out, const struct looked_at *l, const struct touched *t)
{
    struct looked_at of = *l;
    struct stored *creator;
    struct touches touches;
    size_t kept = 0;
    int r = t->key ? history_creator_of(&creator, l->permit->rd, t->kind, t->key, l->err) : 0;

    *out = t->creates;
    if (r <= 0)
        return r;
    if (touches_of_event(&touches, l->permit->rd, &creator->event, NULL, l->err) < 0)
        return -1;
    for (size_t i = 0; i < touches.n; i++)
        if (touches.items[i].kind != t->kind) /* but for itself */
            touches.items[kept++] = touches.items[i];
    touches.n = kept;
    of.event = &creator->event;
    of.recorded = true;
    return touches_in_scope(out, &of, &touches);
}

static int touched_in_scope(bool *out, const struct looked_at *l, const struct touched *t)
{
    *out = false;
    switch (t->kind) {
    case SUBJECT_BRANCH:
    case SUBJECT_UNIT:
        return branch_or_unit_in_scope(out, l, t);
    case SUBJECT_MEMBER:
        return member_in_scope(out, l, t);
    case SUBJECT_TRANSFER:
    case SUBJECT_EXEMPTION:
        return by_creator(out, l, t);
    case SUBJECT_ALLIANCE: /* of the whole district */
    case SUBJECT_BODY:
    case SUBJECT_KIND_COUNT:
        break;
    }
    return 0;
}

/* All of them; nothing at all is not within. Every one is looked at, so that it takes the same time. */
static int touches_in_scope(bool *out, const struct looked_at *l, const struct touches *touches)
{
    bool all = touches->n > 0;

    for (size_t i = 0; i < touches->n; i++) {
        bool one;

        if (touched_in_scope(&one, l, &touches->items[i]) < 0)
            return -1;
        all = all && one;
    }
    *out = all;
    return 0;
}

static int alert_in_scope(bool *out, const struct looked_at *l)
{
    sqlite3_stmt *s = store_stmt(store_of(l), SQL_ALERT_GET);
    struct touched t = {.kind = SUBJECT_KIND_COUNT};
    int r;

    sqlite3_bind_int64(s, 1, event_int(l->event, F_ALERT, 0));
    r = store_step(store_of(l), s, l->err);
    if (r == 1)
        t.key = sqlite3_column_int64(s, 2);
    sqlite3_reset(s);
    if (r == 1)
        r = store_subject_get(&t.kind, &t.ref, l->permit->rd->arena, store_of(l), t.key, l->err);
    return r < 0 ? -1 : touched_in_scope(out, l, &t);
}

/* An area that the event gives to a branch or unit. */
static bool area_in_scope(const struct looked_at *l)
{
    const struct event *e = l->event;
    bool founds = e->type == EV_BRANCH_FOUNDED || e->type == EV_UNIT_REGISTERED;

    if (!founds && !event_has(e, F_AREA))
        return true;
    if (event_has(e, F_BRANCH) && grant_names_branch(grant_of(l), event_text(e, F_BRANCH)))
        return true;
    return grant_has_area(grant_of(l), event_text(e, F_AREA));
}

static int event_in_scope(bool *out, const struct looked_at *l, const struct touches *touches)
{
    *out = false;
    if (l->event->type == EV_ALERT_ACKNOWLEDGED || l->event->type == EV_ALERT_NOTED)
        return alert_in_scope(out, l);
    if (l->event->type == EV_TRAINING && !event_has(l->event, F_BRANCH))
        return 0; /* of the whole district */
    if (!l->recorded && !area_in_scope(l))
        return 0;
    return touches_in_scope(out, l, touches);
}

/* 1: may be taken out of effect; 0: not; -1. */
static int target_allowed(const struct looked_at *l, const struct considered *c)
{
    const struct grant *grant = grant_of(l);
    struct looked_at of = *l;
    bool within = grant->whole;

    if (!c->target)
        return within;
    if (!grant_allows(grant, role_may_record(grant->role, c->target->row.type)))
        return 0;
    if (strcmp(c->target->row.recorded_by, l->permit->author->name) != 0 &&
        !grant_allows(grant, role_may(grant->role, DEED_VOID_OTHERS)))
        return 0;
    of.event = &c->target->event;
    of.recorded = true;
    if (!within && event_in_scope(&within, &of, &c->target_touches) < 0)
        return -1;
    return within;
}

static int look(const struct looked_at *l, bool corrects)
{
    struct considered c;
    bool within = true;
    int r = 1;

    if (consider(&c, l->permit->rd, l->event, l->err) < 0)
        return -1;
    if (!grant_of(l)->whole && l->event->type != EV_EVENT_VOIDED && event_in_scope(&within, l, &c.touches) < 0)
        return -1;
    if (corrects)
        r = target_allowed(l, &c);
    return r < 0 ? -1 : within && r == 1;
}

int may_record(const struct permit *permit, const struct event *event, struct err *err)
{
    struct grant *grant = permit->author->grant;
    struct looked_at l = {.permit = permit, .event = event, .err = err};
    bool corrects = event->type == EV_EVENT_VOIDED || event->has_replaces;
    int r;

    if (grant->gone || !(permit->by_word || grant_allows(grant, role_may_record(grant->role, event->type))))
        return not_allowed(err);
    if (grant->whole && !corrects)
        return 0;
    if (!grant->whole && grant_realm(&l.realm, grant, store_of(&l), permit->realm_version, err) < 0)
        return -1;
    r = look(&l, corrects);
    return r == 0 ? not_allowed(err) : r < 0 ? -1 : 0;
}

int may_know(bool *out, const struct permit *permit, int64_t seq, struct err *err)
{
    struct grant *grant = permit->author->grant;
    struct looked_at l = {.permit = permit, .recorded = true, .err = err};
    struct considered c;
    struct stored *stored;

    *out = grant->whole;
    if (*out)
        return 0;
    if (grant_realm(&l.realm, grant, store_of(&l), permit->realm_version, err) < 0 ||
        stored_get(&stored, permit->rd, seq, err) < 0 || consider(&c, permit->rd, &stored->event, err) < 0)
        return -1;
    l.event = &stored->event;
    return event_in_scope(out, &l, &c.touches);
}

int may_conceal(const struct permit *permit, struct err *refusal, struct err *err)
{
    uint8_t id[UUID_SIZE];
    bool known = false;
    int64_t seq;
    int r;

    if (!refusal->clash[0] || permit->author->grant->whole)
        return 0;
    r = uuid_parse(id, refusal->clash, strlen(refusal->clash)) ? store_row_find(&seq, permit->rd->store, id, err) : 0;
    if (r < 0 || (r == 1 && may_know(&known, permit, seq, err) < 0))
        return -1;
    if (known)
        return 0;
    err_clear(refusal);
    return err_say(refusal, ERR_IMPOSSIBLE, NULL, "with this event, the history would contradict itself",
                   "记入该事件后，历史将自相矛盾") - 1;
}
