#include "ledger/derive.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/access_rows.h"
#include "store/upkeep.h"

enum { REBUILD_STEP = 1024 };

static uint64_t event_kinds(const struct event *e)
{
    switch (e->type) {
    case EV_MEETING:
        return e->values[F_KINDS] ? e->values[F_KINDS]->kinds : 0;
    case EV_TRAINING:
        return KIND_BIT(KIND_TRAINING);
    case EV_CONTACT:
        return KIND_BIT(KIND_CONTACT);
    default:
        return 0;
    }
}

static struct touch touch_of(const struct event *e, int64_t seq, int64_t out_by)
{
    return (struct touch){
        .place = {e->day, e->tod_ns, seq},
        .type = e->type,
        .kinds = event_kinds(e),
        .hours = e->type == EV_TRAINING ? (int32_t)event_int(e, F_HOURS, 0) : 0,
        .out_by = out_by,
    };
}

/* Gives every subject its number. */
static int intern_all(struct touching **out, struct reading *rd, struct touches *list,
                      struct err *err)
{
    *out = arena_alloc(rd->arena, (list->n + 1) * sizeof **out);
    for (size_t i = 0; i < list->n; i++) {
        struct touched *item = &list->items[i];

        if (!item->key &&
            store_subject_intern(&item->key, rd->store, item->kind, item->ref, err) < 0)
            return -1;
        (*out)[i] = (struct touching){item->key, item->role};
    }
    return 0;
}

static int take_out(struct reading *rd, const struct considered *c, int64_t by, struct err *err)
{
    const struct stored *t = c->target;
    struct touch touch = touch_of(&t->event, t->row.seq, 0);
    struct touches touches = c->target_touches;
    struct touching *subjects;

    if (intern_all(&subjects, rd, &touches, err) < 0 ||
        store_effect_out(rd->store, t->row.seq, by, err) < 0 ||
        store_event_out(rd->store, &touch, subjects, touches.n, by, err) < 0)
        return -1;
    return c->event->has_replaces ? store_effect_root(rd->store, by, c->root, err) : 0;
}

/* Followers are register events, with touches of their own in effect. */
static int move_followers(struct reading *rd, const struct considered *c, struct err *err)
{
    for (size_t i = 0; i < c->follower_count; i++) {
        const struct stored *f = c->followers[i];
        struct touch touch = touch_of(&f->event, f->row.seq, 0);
        struct touches was, is = c->follower_touches[i];
        struct touching *subjects;

        if (touches_of_event(&was, rd, &f->event, &c->target->event, err) < 0 ||
            intern_all(&subjects, rd, &is, err) < 0)
            return -1;
        for (size_t k = 0; k < was.n; k++)
            if (store_touch_remove(rd->store, was.items[k].key, &touch, err) < 0)
                return -1;
        for (size_t k = 0; k < is.n; k++) {
            touch.role = subjects[k].role;
            if (store_touch_add(rd->store, subjects[k].subject, &touch, err) < 0)
                return -1;
        }
    }
    return 0;
}

/* Where a branch or unit lies by the newest that was said of it, and which units a branch lists. */
static int set_realm(struct reading *rd, int64_t key, enum subject_kind kind, const struct history *h, bool stands,
                     struct err *err)
{
    const struct value *units = NULL;
    const char *area = NULL;

    for (size_t i = 0; stands && i < h->n; i++) {
        const struct event *e = h->entries[i].event;

        if (!(h->entries[i].role & ROLE_SELF))
            continue;
        if (event_has(e, F_AREA))
            area = event_text(e, F_AREA);
        if (event_has(e, F_UNITS))
            units = e->values[F_UNITS];
    }
    if (kind == SUBJECT_BRANCH && store_realm_units_set(rd->store, key, units, err) < 0)
        return -1;
    return store_realm_set(rd->store, key, area, err);
}

static int set_standing(struct reading *rd, int64_t key, enum subject_kind kind, struct err *err)
{
    struct contradiction bad = {0};
    struct lifetime life;
    struct history h;

    if (history_load_register(&h, rd, key, err) < 0)
        return -1;
    fold_lifetime(&life, &bad, &h, kind);
    if (set_realm(rd, key, kind, &h, life.created != NULL, err) < 0)
        return -1;
    return life.created ? store_standing_set(rd->store, key, life.first, life.last, err)
                        : store_standing_delete(rd->store, key, err);
}

static int stint_of_state(struct stint *out, struct reading *rd, int64_t member,
                          const struct member_state *m, struct err *err)
{
    memset(out, 0, sizeof *out);
    out->member = member;
    out->from = m->from;
    out->full = strcmp(m->stage, "full") == 0;
    if (store_subject_find(&out->branch, rd->store, SUBJECT_BRANCH, m->branch, err) < 0)
        return -1;
    if (m->unit && store_subject_find(&out->unit, rd->store, SUBJECT_UNIT, m->unit, err) < 0)
        return -1;
    return 0;
}

static int write_stints(struct reading *rd, int64_t member, const struct member_fold *fold,
                        struct err *err)
{
    struct stint run = {0};
    bool open = false;

    for (size_t i = 0; i < fold->n; i++) {
        const struct member_state *m = &fold->states[i];
        struct stint next = {0};

        if (m->in && stint_of_state(&next, rd, member, m, err) < 0)
            return -1;
        if (open && m->in && next.branch == run.branch && next.unit == run.unit &&
            next.full == run.full)
            continue;
        run.to = m->from;
        if (open && store_stint_add(rd->store, &run, err) < 0)
            return -1;
        open = m->in;
        run = next;
    }
    run.to = DAY_NEVER;
    if (open && store_stint_add(rd->store, &run, err) < 0)
        return -1;
    for (size_t i = 0; i < fold->passing_count; i++) {
        struct stint passing = {.member = member, .from = fold->passing[i].from,
                                .to = fold->passing[i].from};

        if (store_stint_add(rd->store, &passing, err) < 0)
            return -1;
    }
    return 0;
}

static int set_stints(struct reading *rd, int64_t member, struct err *err)
{
    struct contradiction bad = {0};
    struct member_fold fold;
    struct history h;

    if (store_stint_clear(rd->store, member, err) < 0 ||
        history_load_register(&h, rd, member, err) < 0)
        return -1;
    fold_member(&fold, &bad, &h, rd->arena);
    return write_stints(rd, member, &fold, err);
}

static int refold(struct reading *rd, const struct touches *t, struct err *err)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct touched *item = &t->items[i];
        int r = 0;

        if (!(item->role & ROLE_SELF) || item->kind > SUBJECT_UNIT)
            continue;
        if (item->kind == SUBJECT_MEMBER)
            r = set_stints(rd, item->key, err);
        else if (item->kind == SUBJECT_UNIT || item->kind == SUBJECT_BRANCH)
            r = set_standing(rd, item->key, item->kind, err);
        if (r < 0)
            return -1;
    }
    return 0;
}

static int derive_alert(struct reading *rd, const struct event *e, int64_t seq, struct err *err)
{
    const struct value *subject = e->values[F_SUBJECT], *since = e->values[F_SINCE];
    int level = (int)event_int(e, F_LEVEL, 0) + 1; /* the words in the order of enum level */
    int64_t number = event_int(e, F_ALERT, 0), key = 0;

    if (number != 0 && store_alert_row_add(rd->store, number, seq, err) < 0)
        return -1;
    switch (e->type) {
    case EV_ALERT_OPENED:
        if (store_subject_intern(&key, rd->store, subject->subject, subject->text.s, err) < 0)
            return -1;
        return store_alert_open(rd->store, seq, event_text(e, F_RULE), key, level, since->day, err);
    case EV_ALERT_CHANGED:
        return store_alert_change(rd->store, number, level, since->day, seq, err);
    case EV_ALERT_CLOSED:
        return store_alert_close(rd->store, number, seq, event_text(e, F_WHY), err);
    case EV_ALERT_ACKNOWLEDGED:
        return store_alert_ack(rd->store, number, seq, err);
    default:
        return 0;
    }
}

/* An alert whose acknowledgement goes out of effect has changed: who follows it is told. */
static int derive_unacknowledged(struct reading *rd, const struct stored *target, int64_t seq, struct err *err)
{
    if (!target || target->event.type != EV_ALERT_ACKNOWLEDGED)
        return 0;
    return store_alert_touch(rd->store, event_int(&target->event, F_ALERT, 0), seq, err);
}

static int derive_key(struct reading *rd, const struct event *e, int64_t seq, struct err *err)
{
    if (e->type == EV_KEY_ALLOWED)
        return store_key_add(rd->store, event_text(e, F_KEY), event_text(e, F_PUBLIC), seq, err);
    return e->type == EV_KEY_REVOKED ? store_key_revoke(rd->store, event_text(e, F_KEY), seq, err) : 0;
}

int derive_event(struct reading *rd, const struct considered *c, int64_t seq, struct err *err)
{
    struct touch touch = touch_of(c->event, seq, 0);
    struct touches touches = c->touches;
    struct touching *subjects;

    if (c->target && take_out(rd, c, seq, err) < 0)
        return -1;
    if (intern_all(&subjects, rd, &touches, err) < 0 ||
        store_event_add(rd->store, &touch, subjects, touches.n, c->target ? c->target->row.seq : 0,
                        err) < 0 ||
        move_followers(rd, c, err) < 0 || derive_unacknowledged(rd, c->target, seq, err) < 0 ||
        derive_alert(rd, c->event, seq, err) < 0 ||
        derive_key(rd, c->event, seq, err) < 0)
        return -1;
    if (refold(rd, &touches, err) < 0 || refold(rd, &c->target_touches, err) < 0)
        return -1;
    for (size_t i = 0; i < c->follower_count; i++)
        if (refold(rd, &c->follower_touches[i], err) < 0)
            return -1;
    return 0;
}

static int clear_derived(struct reading *rd, struct err *err)
{
    static const enum sql_id clears[] = {
        SQL_DERIVED_CLEAR_SUBJECT,  SQL_DERIVED_CLEAR_TOUCH, SQL_DERIVED_CLEAR_ACTIVITY, SQL_DERIVED_CLEAR_ABOUT,
        SQL_DERIVED_CLEAR_RUN,     SQL_DERIVED_CLEAR_TAIL,  SQL_DERIVED_CLEAR_EFFECT,
        SQL_DERIVED_CLEAR_STANDING, SQL_DERIVED_CLEAR_STINT, SQL_DERIVED_CLEAR_ALERT,
        SQL_DERIVED_CLEAR_ALERT_ROW, SQL_DERIVED_CLEAR_DEADLINE, SQL_DERIVED_CLEAR_ACCESS_KEY,
        SQL_DERIVED_CLEAR_REALM, SQL_DERIVED_CLEAR_REALM_UNIT,
    };

    for (size_t i = 0; i < ARRAY_LEN(clears); i++)
        if (store_exec(rd->store, clears[i], err) < 0)
            return -1;
    return 0;
}

int derive_stored(struct store *store, const struct kinds *kinds, int64_t seq, struct err *err)
{
    _cleanup_arena_ struct arena scratch = {0};
    struct reading rd = {store, &scratch, kinds, false};
    struct considered c;
    struct stored *stored;

    if (stored_get(&stored, &rd, seq, err) < 0 || consider(&c, &rd, &stored->event, err) < 0)
        return -1;
    return derive_event(&rd, &c, seq, err);
}

int derive_all(struct reading *rd, int64_t until, const struct onlooker *onlooker, struct err *err)
{
    if (clear_derived(rd, err) < 0)
        return -1;
    store_forget(rd->store);
    for (int64_t seq = 1; seq <= until; seq++) {
        if (derive_stored(rd->store, rd->kinds, seq, err) < 0)
            return -1;
        if (seq % REBUILD_STEP != 0)
            continue;
        if (store_upkeep_within(rd->store, err) < 0)
            return -1;
        if (onlooker)
            onlooker->step(onlooker->data, seq, until);
    }
    return 0;
}

int ledger_replay(struct store **out, struct store *from, const struct kinds *kinds,
                  int64_t until_seq, const struct deadline *deadline, struct err *err)
{
    _cleanup_store_ struct store *store = NULL;

    if (store_open(&store, ":memory:", STORE_MEMORY, err) != 0 ||
        store_begin(store, err) < 0)
        return -1;
    for (int64_t seq = 1; seq <= until_seq; seq++) {
        if (deadline && seq % 64 == 0 && deadline_passed(deadline))
            return err_fault(err, "this read took longer than it may: ask for less at a time");
        if (store_row_copy(store, from, seq, err) < 0 || derive_stored(store, kinds, seq, err) < 0)
            return -1;
    }
    if (store_commit(store, err) < 0)
        return -1;
    *out = TAKE(store);
    return 0;
}
