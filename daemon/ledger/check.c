#include "ledger/check.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

/* The worst verdict so far: of several, the code that comes first on the wire. */
struct verdicts {
    struct considered *c;
    struct reading *rd;
    struct err best;
};

static void keep(struct verdicts *v, const struct err *err)
{
    if (v->best.code == ERR_NONE || err->code < v->best.code)
        v->best = *err;
}

static const char *own_field(const struct considered *c, const struct touched *t)
{
    if (c->event->type == EV_EVENT_VOIDED)
        return "event";
    return t ? field_name(t->field) : c->event->has_replaces ? "replaces" : "type";
}

static void keep_contradiction(struct verdicts *v, const struct contradiction *bad,
                               const char *ref, const struct touched *own)
{
    struct err err = {0};
    char en[160], zh[160], day[DAY_TEXT_SIZE];
    enum err_code code = bad->code;
    bool itself = bad->entry->event == v->c->event && v->c->event;

    if (!itself)
        code = code == ERR_EXISTS && own && own->creates ? ERR_EXISTS : ERR_IMPOSSIBLE;
    /* The clauses are ours and hold one %s. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(en, sizeof en, bad->en, ref);
    snprintf(zh, sizeof zh, bad->zh, ref);
#pragma GCC diagnostic pop
    day_format(day, bad->entry->day);
    if (itself)
        err_say(&err, code, own_field(v->c, own), "%s", "%s", en);
    else
        err_say(&err, code, own_field(v->c, own),
                "with this, the %2$s of %3$s would contradict the history: %1$s",
                "如此则 %3$s 的 %2$s 与历史矛盾：%1$s", en,
                catalogue_type(bad->entry->type)->name, day);
    text_copy(err.zh, sizeof err.zh, itself ? zh : err.zh);
    if (!itself) {
        snprintf(err.zh, sizeof err.zh, "如此则 %s 的 %s 与历史矛盾：%s", day,
                 catalogue_type(bad->entry->type)->name, zh);
        uuid_format(err.clash, bad->entry->root);
    }
    keep(v, &err);
}

static const struct touched *touched_find(const struct touches *t, enum subject_kind kind,
                                          const char *ref)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i].kind == kind && strcmp(t->items[i].ref, ref) == 0)
            return &t->items[i];
    return NULL;
}

static bool follows(const struct considered *c, int64_t seq)
{
    for (size_t i = 0; i < c->follower_count; i++)
        if (c->followers[i]->row.seq == seq)
            return true;
    return false;
}

/* The subject's history as it would be. */
static int history_with(struct history *out, struct verdicts *v, enum subject_kind kind,
                        const char *ref, int64_t key, struct err *err)
{
    struct considered *c = v->c;
    const struct touched *t = touched_find(&c->touches, kind, ref);
    struct history was = {0};
    size_t n = 0;

    if (key && history_load(&was, v->rd, key, err) < 0)
        return -1;
    out->entries = arena_alloc(v->rd->arena,
                               (was.n + c->follower_count + 1) * sizeof *out->entries);
    for (size_t i = 0; i < was.n; i++) {
        const struct entry *e = &was.entries[i];

        if ((c->target && e->seq == c->target->row.seq) ||
            ((e->role & ROLE_VIA) && follows(c, e->seq)))
            continue;
        out->entries[n++] = *e;
    }
    for (size_t i = 0; i < c->follower_count; i++) {
        const struct touched *f = touched_find(&c->follower_touches[i], kind, ref);

        if (f && (f->role & ROLE_VIA))
            entry_from_event(&out->entries[n++], &c->followers[i]->event, c->followers[i]->root,
                             c->followers[i]->row.seq, f->role);
    }
    if (t)
        entry_from_event(&out->entries[n++], c->event, c->root, INT64_MAX, t->role);
    out->n = n;
    history_sort(out);
    return 0;
}

static int branch_covers(struct verdicts *v, int64_t branch, const char *ref, day_t from, day_t to,
                         const char *who)
{
    struct err err = {0};
    day_t first, last;
    int r = store_standing(&first, &last, v->rd->store, branch, &err);

    if (r < 0)
        return -1;
    if (r == 1 && first <= from && to <= last)
        return 0;
    err_say(&err, ERR_IMPOSSIBLE, own_field(v->c, NULL),
            "%s would belong to %s while that branch is not in force",
            "%s 将属于并不存续的支部 %s", who, ref);
    keep(v, &err);
    return 0;
}

/* A member belongs to a branch only while that branch is in force, day by day. */
static int check_member_branches(struct verdicts *v, const struct member_fold *fold,
                                 const char *member, struct err *err)
{
    for (size_t i = 0; i < fold->n; i++) {
        const struct member_state *s = &fold->states[i];
        day_t to = i + 1 < fold->n ? fold->states[i + 1].from : DAY_NEVER;
        int64_t key = 0;

        if (!s->in || !s->branch)
            continue;
        if (store_subject_find(&key, v->rd->store, SUBJECT_BRANCH, s->branch, err) < 0 ||
            branch_covers(v, key, s->branch, s->from, to, member) < 0)
            return -1;
    }
    return 0;
}

static int check_branch_members(struct verdicts *v, const struct lifetime *life, int64_t key,
                                const char *ref, struct err *err)
{
    struct stint *stints;
    size_t n;

    if (!key || store_stints(&stints, &n, v->rd->arena, v->rd->store, SQL_STINTS_OF_BRANCH, key,
                             err) < 0)
        return key ? -1 : 0;
    for (size_t i = 0; i < n; i++) {
        struct err said = {0};

        if (stints[i].from == stints[i].to ||
            (life->created && life->first <= stints[i].from && stints[i].to <= life->last))
            continue;
        err_say(&said, ERR_IMPOSSIBLE, own_field(v->c, NULL),
                "branch %s would have members while it is not in force: move them first",
                "支部 %s 不存续时仍有成员：请先转出成员", ref);
        keep(v, &said);
        break;
    }
    return 0;
}

static int check_subject(struct verdicts *v, enum subject_kind kind, const char *ref, int64_t key,
                         struct err *err)
{
    const struct touched *own = touched_find(&v->c->touches, kind, ref);
    struct contradiction bad = {0};
    struct member_fold member;
    struct lifetime life;
    struct history h;
    int r = 0;

    if (history_with(&h, v, kind, ref, key, err) < 0)
        return -1;
    switch (kind) {
    case SUBJECT_MEMBER:
        fold_member(&member, &bad, &h, v->rd->arena);
        if (!bad.entry)
            r = check_member_branches(v, &member, ref, err);
        break;
    case SUBJECT_TRANSFER:
        for (size_t i = 0, made = 0; i < h.n && !bad.entry; i++)
            if (h.entries[i].type == EV_TRANSFER_ISSUED ||
                (h.entries[i].event && event_has(h.entries[i].event, F_FROM_NAME)))
                if (made++)
                    bad = (struct contradiction){&h.entries[i], ERR_EXISTS,
                                                 "transfer %s is taken already",
                                                 "转接编号 %s 已被占用"};
        break;
    case SUBJECT_BODY:
        fold_body(&bad, &h);
        break;
    case SUBJECT_ALLIANCE:
    case SUBJECT_BRANCH:
    case SUBJECT_UNIT:
    case SUBJECT_EXEMPTION:
        fold_lifetime(&life, &bad, &h, kind);
        if (!bad.entry && kind == SUBJECT_ALLIANCE)
            fold_alliance(&bad, &h);
        if (!bad.entry && kind == SUBJECT_BRANCH)
            r = check_branch_members(v, &life, key, ref, err);
        break;
    case SUBJECT_KIND_COUNT:
        break;
    }
    if (bad.entry)
        keep_contradiction(v, &bad, ref, own);
    return r;
}

static int check_all(struct verdicts *v, const struct touches *list, struct err *err)
{
    for (size_t i = 0; i < list->n; i++)
        if (check_subject(v, list->items[i].kind, list->items[i].ref, list->items[i].key, err) < 0)
            return -1;
    return 0;
}

/* Whether the subject has an event in effect that created it. 1, 0 or -1. */
static int is_known(struct reading *rd, const struct touched *t, struct err *err)
{
    struct stored *creator;
    struct stint *stints;
    day_t first, last;
    size_t n;

    if (t->creates)
        return 1;
    if (!t->key)
        return 0;
    switch (t->kind) {
    case SUBJECT_BRANCH:
    case SUBJECT_UNIT:
        return store_standing(&first, &last, rd->store, t->key, err);
    case SUBJECT_MEMBER:
        if (store_stints(&stints, &n, rd->arena, rd->store, SQL_STINTS_OF_MEMBER, t->key, err) < 0)
            return -1;
        return n > 0;
    case SUBJECT_TRANSFER:
    case SUBJECT_ALLIANCE:
    case SUBJECT_EXEMPTION:
        return history_creator(&creator, rd, t->kind, t->ref, err);
    case SUBJECT_BODY:
    case SUBJECT_KIND_COUNT:
        break;
    }
    return 1;
}

static int check_known(struct considered *c, struct reading *rd, struct err *err)
{
    for (size_t i = 0; i < c->touches.n; i++) {
        const struct touched *t = &c->touches.items[i];
        int r = is_known(rd, t, err);

        if (r < 0)
            return -1;
        if (r == 0)
            return err_say(err, ERR_UNKNOWN_REF, field_name(t->field), "no %2$s \"%1$s\"",
                           "没有编号为“%1$s”的 %2$s", t->ref, subject_kind_name(t->kind));
    }
    return 0;
}

/* Meetings, trainings and contacts that correct nothing: dates decide, no history is loaded. */
static int check_activity(struct considered *c, struct reading *rd, struct err *err)
{
    day_t day = c->event->day;

    for (size_t i = 0; i < c->touches.n; i++) {
        const struct touched *t = &c->touches.items[i];
        day_t first = DAY_NEVER, last = DAY_NONE;
        char text[DAY_TEXT_SIZE];

        if (t->kind == SUBJECT_MEMBER) {
            sqlite3_stmt *s = store_stmt(rd->store, SQL_STINT_LATEST);

            sqlite3_bind_int64(s, 1, t->key);
            sqlite3_bind_int(s, 2, day);
            if (store_step(rd->store, s, err) < 0)
                return -1;
            if (sqlite3_stmt_busy(s)) {
                first = (day_t)sqlite3_column_int(s, 0);
                last = (day_t)sqlite3_column_int(s, 1);
            }
            sqlite3_reset(s);
        } else if (store_standing(&first, &last, rd->store, t->key, err) < 0) {
            return -1;
        }
        if (first <= day && day <= last)
            continue;
        return err_say(err, ERR_NOT_IN_FORCE, field_name(t->field),
                       "%1$s \"%2$s\" was not in force on %3$s",
                       "%1$s“%2$s”在 %3$s 不存续", subject_kind_name(t->kind), t->ref,
                       day_format(text, day));
    }
    return 0;
}

static int check_target(struct considered *c, struct err *err)
{
    const struct event *e = c->event;
    bool voids = e->type == EV_EVENT_VOIDED;
    const char *field = voids ? "event" : "replaces";
    const struct stored *t = c->target;

    if (!voids && !e->has_replaces)
        return 0;
    if (!t)
        return err_say(err, ERR_UNKNOWN_REF, field, "no event of that id is recorded",
                       "没有以该编号记录的事件");
    if (t->row.type == EV_EVENT_VOIDED || catalogue_type(t->row.type)->daemon_only)
        return err_say(err, ERR_IMPOSSIBLE, field,
                       "a %s cannot be voided or replaced", "%s 不能作废或更正",
                       catalogue_type(t->row.type)->name);
    if (!voids && t->row.type != e->type)
        return err_say(err, ERR_IMPOSSIBLE, field,
                       "it corrects a %s: a replacement has the same type",
                       "它要更正的是 %s：更正须为同一类型", catalogue_type(t->row.type)->name);
    if (t->out_by != 0)
        return err_say(err, ERR_IMPOSSIBLE, field,
                       "that event was voided or replaced already (row %lld)",
                       "该事件已被作废或更正（第 %lld 行）", (long long)t->out_by);
    return 0;
}

static int check_alert(struct considered *c, struct reading *rd, struct err *err)
{
    int64_t number = event_int(c->event, F_ALERT, 0);
    sqlite3_stmt *s = store_stmt(rd->store, SQL_ALERT_GET);
    bool closed;
    int r;

    sqlite3_bind_int64(s, 1, number);
    r = store_step(rd->store, s, err);
    if (r < 0)
        return -1;
    closed = r == 1 && sqlite3_column_int64(s, 6) != 0;
    sqlite3_reset(s);
    if (r == 0)
        return err_say(err, ERR_UNKNOWN_REF, "alert", "no alert %lld", "没有 %lld 号预警",
                       (long long)number);
    if (closed && c->event->type == EV_ALERT_ACKNOWLEDGED)
        return err_say(err, ERR_NOT_IN_FORCE, "alert", "alert %lld is closed",
                       "%lld 号预警已解除", (long long)number);
    return 0;
}

static bool is_activity(const struct event *e)
{
    return e->type == EV_MEETING || e->type == EV_TRAINING || e->type == EV_CONTACT;
}

static int check_histories(struct considered *c, struct reading *rd, struct err *err)
{
    struct verdicts v = {.c = c, .rd = rd};
    struct err target = {0};
    int r;

    /* What cannot be corrected is judged last, with the target still standing. */
    if (check_target(c, &target) == 1) {
        if (target.code == ERR_UNKNOWN_REF) {
            *err = target;
            return 1;
        }
        c->target = NULL;
        c->target_touches.n = 0;
        c->follower_count = 0;
        memcpy(c->root, c->event->id, UUID_SIZE);
    }
    if (is_activity(c->event) && !c->target) {
        r = check_activity(c, rd, err);
        if (r != 0)
            return r;
    } else {
        if (check_all(&v, &c->touches, err) < 0 || check_all(&v, &c->target_touches, err) < 0)
            return -1;
        for (size_t i = 0; i < c->follower_count; i++)
            if (check_all(&v, &c->follower_touches[i], err) < 0)
                return -1;
    }
    if (target.code != ERR_NONE)
        keep(&v, &target);
    if (v.best.code == ERR_NONE)
        return 0;
    *err = v.best;
    return 1;
}

int check_event(struct considered *out, struct reading *rd, const struct event *event,
                struct err *err)
{
    int r;

    if (consider(out, rd, event, err) < 0)
        return -1;
    if (event->type == EV_ALERT_ACKNOWLEDGED || event->type == EV_ALERT_NOTED) {
        r = check_alert(out, rd, err);
        if (r != 0)
            return r;
    }
    r = check_known(out, rd, err);
    return r != 0 ? r : check_histories(out, rd, err);
}
