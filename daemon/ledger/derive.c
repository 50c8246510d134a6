#include "ledger/derive.h"

#include <string.h>

#include "base/buf.h"

/* Number 0 stands for the whole ledger: every row touches it. */
enum { WHOLE_LEDGER = 0 };

struct place {
    const struct event *event;
    const uint8_t *root;
    int64_t seq;
};

static void bind_place(sqlite3_stmt *s, int64_t subject, const struct place *p)
{
    sqlite3_bind_int64(s, 1, subject);
    sqlite3_bind_int(s, 2, p->event->day);
    sqlite3_bind_int64(s, 3, p->event->tod_ns);
    sqlite3_bind_blob(s, 4, p->root, UUID_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(s, 5, p->seq);
}

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

static int touch_add(struct reading *rd, int64_t subject, const struct place *p, uint32_t role,
                     struct err *err)
{
    sqlite3_stmt *s = store_stmt(rd->store, SQL_TOUCH_ADD);

    bind_place(s, subject, p);
    sqlite3_bind_int(s, 6, (int)p->event->type);
    sqlite3_bind_int64(s, 7, role);
    sqlite3_bind_int64(s, 8, (int64_t)event_kinds(p->event));
    sqlite3_bind_int64(s, 9, p->event->type == EV_TRAINING ? event_int(p->event, F_HOURS, 0) : 0);
    return store_run(rd->store, s, err);
}

static int touches_add(struct reading *rd, struct touches *t, const struct place *p,
                       struct err *err)
{
    for (size_t i = 0; i < t->n; i++) {
        struct touched *item = &t->items[i];

        if ((!item->key &&
             store_subject_intern(&item->key, rd->store, item->kind, item->ref, err) < 0) ||
            touch_add(rd, item->key, p, item->role, err) < 0)
            return -1;
    }
    return 0;
}

static int touches_delete(struct reading *rd, const struct touches *t, const struct place *p,
                          struct err *err)
{
    for (size_t i = 0; i < t->n; i++) {
        sqlite3_stmt *s = store_stmt(rd->store, SQL_TOUCH_DELETE);

        bind_place(s, t->items[i].key, p);
        if (store_run(rd->store, s, err) < 0)
            return -1;
    }
    return 0;
}

static int touch_out(struct reading *rd, int64_t subject, const struct place *p, int64_t by,
                     struct err *err)
{
    sqlite3_stmt *s = store_stmt(rd->store, SQL_TOUCH_OUT);

    bind_place(s, subject, p);
    sqlite3_bind_int64(s, 6, by);
    return store_run(rd->store, s, err);
}

static int take_out(struct reading *rd, const struct considered *c, int64_t by, struct err *err)
{
    const struct stored *t = c->target;
    struct place p = {&t->event, t->root, t->row.seq};
    sqlite3_stmt *s = store_stmt(rd->store, SQL_EFFECT_OUT);

    sqlite3_bind_int64(s, 1, t->row.seq);
    sqlite3_bind_int64(s, 2, by);
    if (store_run(rd->store, s, err) < 0 || touch_out(rd, WHOLE_LEDGER, &p, by, err) < 0)
        return -1;
    for (size_t i = 0; i < c->target_touches.n; i++)
        if (touch_out(rd, c->target_touches.items[i].key, &p, by, err) < 0)
            return -1;
    if (!c->event->has_replaces)
        return 0;
    s = store_stmt(rd->store, SQL_EFFECT_ROOT);
    sqlite3_bind_int64(s, 1, by);
    sqlite3_bind_blob(s, 2, c->root, UUID_SIZE, SQLITE_STATIC);
    return store_run(rd->store, s, err);
}

static int move_followers(struct reading *rd, const struct considered *c, struct err *err)
{
    for (size_t i = 0; i < c->follower_count; i++) {
        const struct stored *f = c->followers[i];
        struct place p = {&f->event, f->root, f->row.seq};
        struct touches was;

        if (touches_of_event(&was, rd, &f->event, &c->target->event, err) < 0 ||
            touches_delete(rd, &was, &p, err) < 0 ||
            touches_add(rd, &c->follower_touches[i], &p, err) < 0)
            return -1;
    }
    return 0;
}

static int set_standing(struct reading *rd, int64_t key, enum subject_kind kind, struct err *err)
{
    struct contradiction bad = {0};
    struct lifetime life;
    struct history h;
    sqlite3_stmt *s;

    if (history_load_register(&h, rd, key, err) < 0)
        return -1;
    fold_lifetime(&life, &bad, &h, kind);
    s = store_stmt(rd->store, life.created ? SQL_STANDING_SET : SQL_STANDING_DELETE);
    sqlite3_bind_int64(s, 1, key);
    if (life.created) {
        sqlite3_bind_int(s, 2, life.first);
        sqlite3_bind_int(s, 3, life.last);
    }
    return store_run(rd->store, s, err);
}

static int stint_add(struct reading *rd, const struct stint *t, struct err *err)
{
    sqlite3_stmt *s = store_stmt(rd->store, SQL_STINT_ADD);

    sqlite3_bind_int64(s, 1, t->member);
    sqlite3_bind_int(s, 2, t->from);
    sqlite3_bind_int(s, 3, t->to);
    sqlite3_bind_int64(s, 4, t->branch);
    sqlite3_bind_int(s, 5, t->full);
    sqlite3_bind_int64(s, 6, t->unit);
    return store_run(rd->store, s, err);
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
        if (open && stint_add(rd, &run, err) < 0)
            return -1;
        open = m->in;
        run = next;
    }
    run.to = DAY_NEVER;
    if (open && stint_add(rd, &run, err) < 0)
        return -1;
    for (size_t i = 0; i < fold->passing_count; i++) {
        struct stint passing = {.member = member, .from = fold->passing[i].from,
                                .to = fold->passing[i].from};

        if (stint_add(rd, &passing, err) < 0)
            return -1;
    }
    return 0;
}

static int set_stints(struct reading *rd, int64_t member, struct err *err)
{
    struct contradiction bad = {0};
    struct member_fold fold;
    struct history h;
    sqlite3_stmt *s = store_stmt(rd->store, SQL_STINT_CLEAR);

    sqlite3_bind_int64(s, 1, member);
    if (store_run(rd->store, s, err) < 0 || history_load_register(&h, rd, member, err) < 0)
        return -1;
    fold_member(&fold, &bad, &h, rd->arena);
    return write_stints(rd, member, &fold, err);
}

static int refold(struct reading *rd, const struct touches *t, struct err *err)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct touched *item = &t->items[i];
        int r = 0;

        if (!(item->role & ROLE_SELF))
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
    const struct value *subject = e->values[F_SUBJECT];
    sqlite3_stmt *s;
    int64_t key = 0;

    switch (e->type) {
    case EV_ALERT_OPENED:
        if (store_subject_intern(&key, rd->store, subject->subject, subject->text.s, err) < 0)
            return -1;
        s = store_stmt(rd->store, SQL_ALERT_OPEN);
        sqlite3_bind_int64(s, 1, seq);
        sqlite3_bind_text(s, 2, event_text(e, F_RULE), -1, SQLITE_STATIC);
        sqlite3_bind_int64(s, 3, key);
        sqlite3_bind_int64(s, 4, event_int(e, F_LEVEL, 0) + LEVEL_NOTICE);
        sqlite3_bind_int(s, 5, e->values[F_SINCE]->day);
        return store_run(rd->store, s, err);
    case EV_ALERT_CHANGED:
        s = store_stmt(rd->store, SQL_ALERT_CHANGE);
        sqlite3_bind_int64(s, 2, event_int(e, F_LEVEL, 0) + LEVEL_NOTICE);
        sqlite3_bind_int(s, 3, e->values[F_SINCE]->day);
        sqlite3_bind_int64(s, 4, seq);
        break;
    case EV_ALERT_CLOSED:
        s = store_stmt(rd->store, SQL_ALERT_CLOSE);
        sqlite3_bind_int64(s, 2, seq);
        sqlite3_bind_text(s, 3, event_text(e, F_WHY), -1, SQLITE_STATIC);
        break;
    case EV_ALERT_ACKNOWLEDGED:
        s = store_stmt(rd->store, SQL_ALERT_ACK);
        sqlite3_bind_int64(s, 2, seq);
        break;
    default:
        return 0;
    }
    sqlite3_bind_int64(s, 1, event_int(e, F_ALERT, 0));
    return store_run(rd->store, s, err);
}

int derive_event(struct reading *rd, const struct considered *c, int64_t seq, struct err *err)
{
    struct considered change = *c;
    struct place p = {c->event, c->root, seq};
    bool activity = c->event->type == EV_MEETING || c->event->type == EV_TRAINING ||
                    c->event->type == EV_CONTACT;

    if (c->target && take_out(rd, c, seq, err) < 0)
        return -1;
    if (touch_add(rd, WHOLE_LEDGER, &p, 0, err) < 0 ||
        touches_add(rd, &change.touches, &p, err) < 0 || move_followers(rd, c, err) < 0 ||
        derive_alert(rd, c->event, seq, err) < 0)
        return -1;
    if (activity)
        return 0;
    if (refold(rd, &change.touches, err) < 0 || refold(rd, &c->target_touches, err) < 0)
        return -1;
    for (size_t i = 0; i < c->follower_count; i++)
        if (refold(rd, &c->follower_touches[i], err) < 0)
            return -1;
    return 0;
}

static int clear_derived(struct reading *rd, struct err *err)
{
    static const enum sql_id clears[] = {
        SQL_DERIVED_CLEAR_SUBJECT,  SQL_DERIVED_CLEAR_TOUCH, SQL_DERIVED_CLEAR_EFFECT,
        SQL_DERIVED_CLEAR_STANDING, SQL_DERIVED_CLEAR_STINT, SQL_DERIVED_CLEAR_ALERT,
        SQL_DERIVED_CLEAR_DEADLINE,
    };

    for (size_t i = 0; i < ARRAY_LEN(clears); i++)
        if (store_exec(rd->store, clears[i], err) < 0)
            return -1;
    return 0;
}

int derive_all(struct reading *rd, int64_t until, struct err *err)
{
    if (clear_derived(rd, err) < 0)
        return -1;
    for (int64_t seq = 1; seq <= until; seq++) {
        struct arena scratch = {0};
        struct reading one = {rd->store, &scratch, rd->kinds, false};
        struct considered c;
        struct stored *stored;
        int r = stored_get(&stored, &one, seq, err);

        if (r == 0)
            r = consider(&c, &one, &stored->event, err);
        if (r == 0)
            r = derive_event(&one, &c, seq, err);
        arena_deinit(&scratch);
        if (r < 0)
            return -1;
    }
    return 0;
}
