/* Judging the histories of the subjects that an event touches, as they would be with it. */
#include "ledger/judge.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

void verdict_keep(struct verdicts *v, const struct err *err)
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
    verdict_keep(v, &err);
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

    if (key && history_load_register(&was, v->rd, key, err) < 0)
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
    struct err err = {0}, ignored = {0};
    struct stored *creator;
    day_t first, last;
    int r = store_standing(&first, &last, v->rd->store, branch, &err);

    if (r < 0)
        return -1;
    if (r == 1 && first <= from && to <= last)
        return 0;
    err_say(&err, ERR_IMPOSSIBLE, own_field(v->c, NULL),
            "%s would belong to %s while that branch is not in force",
            "%s 将属于并不存续的支部 %s", who, ref);
    /* Of which branch it speaks is for those only who may see that one (may.h). */
    if (branch && history_creator_of(&creator, v->rd, SUBJECT_BRANCH, branch, &ignored) == 1)
        uuid_format(err.clash, creator->row.id);
    verdict_keep(v, &err);
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

/* Meetings, trainings and contacts of the subject in days on which it would not be in force. */
static int check_activities(struct verdicts *v, int64_t key, day_t first, day_t last,
                            const char *ref, struct err *err)
{
    const struct stored *target = v->c->target;
    struct err said = {0};
    char day[DAY_TEXT_SIZE];
    struct touch found;
    struct row row;
    int r;

    if (!key || first > last)
        return 0;
    r = store_activity_any(&found, v->rd->store, key, first, last, target ? target->row.seq : 0, err);
    if (r != 1)
        return r;
    if (store_row_get(&row, v->rd->arena, v->rd->store, found.place.seq, err) < 0)
        return -1;
    err_say(&said, ERR_IMPOSSIBLE, own_field(v->c, NULL),
            "with this, the %1$s of %2$s would name %3$s on a day on which it is not in force",
            "如此则 %2$s 的 %1$s 所涉及的 %3$s 当日并不存续", catalogue_type(found.type)->name,
            day_format(day, found.place.day), ref);
    uuid_format(said.clash, row.id);
    verdict_keep(v, &said);
    return 0;
}

static int check_lifetime_activities(struct verdicts *v, const struct lifetime *life, int64_t key,
                                     const char *ref, struct err *err)
{
    if (!life->created)
        return check_activities(v, key, DAY_NONE, DAY_NEVER, ref, err);
    if (check_activities(v, key, DAY_NONE, life->first - 1, ref, err) < 0)
        return -1;
    return life->last == DAY_NEVER
               ? 0
               : check_activities(v, key, life->last + 1, DAY_NEVER, ref, err);
}

/* The days between memberships: the day of leaving still counts. */
static int check_member_activities(struct verdicts *v, const struct member_fold *fold, int64_t key,
                                   const char *member, struct err *err)
{
    day_t gap = DAY_NONE;
    bool in = false;

    for (size_t i = 0; i < fold->n; i++) {
        const struct member_state *s = &fold->states[i];

        if (s->in && !in && check_activities(v, key, gap, s->from - 1, member, err) < 0)
            return -1;
        if (!s->in && in)
            gap = s->from + 1;
        if (!s->in && !in && s->left == s->from) { /* came and left within the day */
            if (check_activities(v, key, gap, s->from - 1, member, err) < 0)
                return -1;
            gap = s->from + 1;
        }
        in = s->in;
    }
    return in ? 0 : check_activities(v, key, gap, DAY_NEVER, member, err);
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
                "支部 %s 不存续时仍有党员：请先转出", ref);
        verdict_keep(v, &said);
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
        if (!bad.entry && r == 0)
            r = check_member_activities(v, &member, key, ref, err);
        break;
    case SUBJECT_TRANSFER:
        for (size_t i = 0, made = 0; i < h.n && !bad.entry; i++)
            if (h.entries[i].type == EV_TRANSFER_ISSUED ||
                event_has(h.entries[i].event, F_FROM_NAME))
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
        if (!bad.entry && kind == SUBJECT_BRANCH && r == 0)
            r = check_lifetime_activities(v, &life, key, ref, err);
        break;
    case SUBJECT_KIND_COUNT:
        break;
    }
    if (bad.entry)
        keep_contradiction(v, &bad, ref, own);
    return r;
}

int judge_subjects(struct verdicts *v, const struct touches *list, struct err *err)
{
    for (size_t i = 0; i < list->n; i++)
        if (check_subject(v, list->items[i].kind, list->items[i].ref, list->items[i].key, err) < 0)
            return -1;
    return 0;
}
