/* Whether an event may be recorded: refs, target, dates; then the histories (judge.c). */
#include "ledger/check.h"

#include <string.h>

#include "base/buf.h"
#include "ledger/judge.h"
#include "ledger/redact.h"
#include "store/access_rows.h"
#include "store/nearest.h"

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

static int refuse_unknown(struct reading *rd, const struct touched *t, int *looks, struct err *err)
{
    char hint[ERR_HINT_MAX];
    int r = nearest_ref(hint, rd->store, t->kind, t->ref, looks, err);

    if (r < 0)
        return -1;
    err_say(err, ERR_UNKNOWN_REF, field_name(t->field), "no %2$s \"%1$s\"%3$.0s",
            "没有编号为“%1$s”的%2$.0s%3$s", t->ref, subject_kind_name(t->kind), subject_kind_zh(t->kind));
    if (r == 1)
        err_hint(err, hint);
    return 1;
}

static int check_known(struct considered *c, struct reading *rd, int *looks, struct err *err)
{
    for (size_t i = 0; i < c->touches.n; i++) {
        const struct touched *t = &c->touches.items[i];
        int r = is_known(rd, t, err);

        if (r < 0)
            return -1;
        if (r == 0)
            return refuse_unknown(rd, t, looks, err);
    }
    return 0;
}

static int was_in_force(struct reading *rd, const struct touched *t, day_t day, struct err *err)
{
    day_t first, last;
    bool covers;
    int r;

    if (!t->key)
        return 0;
    if (t->kind == SUBJECT_MEMBER) {
        r = store_stint_covers(&covers, rd->store, t->key, day, err);
        return r == 1 ? covers : r;
    }
    r = store_standing(&first, &last, rd->store, t->key, err);
    return r == 1 ? first <= day && day <= last : r;
}

/* Meetings, trainings and contacts change no history: only what they name must be in force on their
 * day. So no history is loaded for them. */
static int check_activity(struct considered *c, struct reading *rd, int *looks, struct err *err)
{
    const struct touched *wrong = NULL;
    char text[DAY_TEXT_SIZE];
    int r;

    for (size_t i = 0; i < c->touches.n && !wrong; i++) {
        r = was_in_force(rd, &c->touches.items[i], c->event->day, err);
        if (r < 0)
            return -1;
        if (r == 0)
            wrong = &c->touches.items[i];
    }
    if (!wrong)
        return 0;
    r = check_known(c, rd, looks, err);
    if (r != 0)
        return r;
    return err_say(err, ERR_NOT_IN_FORCE, field_name(wrong->field),
                   "%1$s \"%2$s\" was not in force on %3$s%4$.0s", "%1$.0s%4$s“%2$s”在 %3$s 不存续",
                   subject_kind_name(wrong->kind), wrong->ref, day_format(text, c->event->day),
                   subject_kind_zh(wrong->kind));
}

static bool is_about_key(enum event_type type)
{
    return type == EV_KEY_ALLOWED || type == EV_KEY_REVOKED;
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
    if (t->row.type == EV_EVENT_VOIDED || t->row.type == EV_EVENT_REDACTED || is_about_key(t->row.type) || catalogue_type(t->row.type)->daemon_only)
        return err_say(err, ERR_IMPOSSIBLE, field,
                       "an event of type %s cannot be voided or replaced", "%s 类型的事件不能作废或更正",
                       catalogue_type(t->row.type)->name);
    if (!voids && t->row.type != e->type)
        return err_say(err, ERR_IMPOSSIBLE, field,
                       "it corrects an event of type %s: a replacement has the same type",
                       "它要更正的是 %s：更正须为同一类型", catalogue_type(t->row.type)->name);
    if (t->out_by != 0)
        return err_say(err, ERR_IMPOSSIBLE, field,
                       "that event was voided or replaced already (row %lld)",
                       "该事件已被作废或更正（第 %lld 行）", (long long)t->out_by);
    return 0;
}

/* Nobody can have seen an alert before it was opened (docs/decisions/0004). */
static int check_acknowledged(struct considered *c, struct reading *rd, int64_t number, struct err *err)
{
    char opened[DAY_TEXT_SIZE];
    struct stored *opening;

    if (stored_get(&opening, rd, number, err) < 0)
        return -1;
    if (opening->event.day <= c->event->day)
        return 0;
    return err_say(err, ERR_NOT_IN_FORCE, "alert", "alert %lld was opened on %s only",
                   "%lld 号预警 %s 才发出", (long long)number, day_format(opened, opening->event.day));
}

static int check_alert(struct considered *c, struct reading *rd, struct err *err)
{
    int64_t number = event_int(c->event, F_ALERT, 0);
    bool open;
    int level;
    int r = store_alert_state(&open, &level, rd->store, number, err);

    if (r < 0)
        return -1;
    if (r == 0)
        return err_say(err, ERR_UNKNOWN_REF, "alert", "no alert %lld", "没有 %lld 号预警",
                       (long long)number);
    if (c->event->type != EV_ALERT_ACKNOWLEDGED)
        return 0;
    if (!open)
        return err_say(err, ERR_NOT_IN_FORCE, "alert", "alert %lld is closed",
                       "%lld 号预警已解除", (long long)number);
    return check_acknowledged(c, rd, number, err);
}

static int check_new_key(struct considered *c, struct reading *rd, struct err *err)
{
    const struct event *e = c->event;
    const char *name = event_text(e, F_KEY);
    bool revoked;
    int r = store_key_find(&revoked, rd->store, SQL_KEY_BY_NAME, name, err);

    if (r == 1)
        return err_say(err, ERR_EXISTS, "key", "there was a key \"%s\" already: a name is never used again",
                       "已有名为“%s”的密钥：名称不可再用", name);
    if (r == 0)
        r = store_key_find(&revoked, rd->store, SQL_KEY_BY_PUBLIC, event_text(e, F_PUBLIC), err);
    if (r == 1)
        return err_say(err, ERR_EXISTS, "public", "that key was allowed before, under another name: make a new one",
                       "该公钥曾以其他名称获准：请生成新的密钥");
    return r;
}

/* The branches of its scope are known; in force they need not be. */
static int check_scope(struct considered *c, struct reading *rd, int *looks, struct err *err)
{
    const struct value *branches = c->event->values[F_BRANCHES];

    for (size_t i = 0; branches && i < branches->count; i++) {
        struct touched t = {.kind = SUBJECT_BRANCH, .ref = branches->items[i].s, .field = F_BRANCHES};
        int r = store_subject_find(&t.key, rd->store, t.kind, t.ref, err);

        if (r < 0)
            return -1;
        if (r == 0)
            return refuse_unknown(rd, &t, looks, err);
    }
    return 0;
}

static int check_known_key(struct considered *c, struct reading *rd, struct err *err)
{
    const char *name = event_text(c->event, F_KEY);
    bool revoked;
    int r = store_key_find(&revoked, rd->store, SQL_KEY_BY_NAME, name, err);

    if (r < 0)
        return -1;
    if (r == 0)
        return err_say(err, ERR_UNKNOWN_REF, "key", "there is no key \"%s\"", "没有名为“%s”的密钥", name);
    if (revoked)
        return err_say(err, ERR_NOT_IN_FORCE, "key", "the key \"%s\" is revoked already", "密钥“%s”已被撤销", name);
    return 0;
}

static int check_key(struct considered *c, struct reading *rd, int *looks, struct err *err)
{
    int r;

    if (c->event->type == EV_KEY_REVOKED)
        return check_known_key(c, rd, err);
    r = check_scope(c, rd, looks, err);
    return r != 0 ? r : check_new_key(c, rd, err);
}

/* What was published must have been counted on this chain; branch and area are as free as in any question. */
static int check_frozen(struct considered *c, struct reading *rd, struct err *err)
{
    int64_t seq = event_int(c->event, F_COUNTED, 0);
    char hex[CHAIN_SIZE * 2 + 1] = "";
    struct row row;
    int r = store_row_get(&row, rd->arena, rd->store, seq, err);

    if (r < 0)
        return -1;
    for (size_t i = 0; r == 1 && i < CHAIN_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", row.chain[i]);
    if (r == 1 && strcmp(hex, event_text(c->event, F_HEAD)) == 0)
        return 0;
    return err_say(err, ERR_IMPOSSIBLE, "head", "row %lld of this ledger has no such chain value",
                   "本台账第 %lld 行的链值并非如此", (long long)seq);
}

/* What cannot be corrected is judged last, with the target still standing. */
static int set_target_aside(struct considered *c, struct err *said, struct err *err)
{
    if (check_target(c, said) == 0)
        return 0;
    if (said->code == ERR_UNKNOWN_REF) {
        *err = *said;
        return 1;
    }
    c->target = NULL;
    c->target_touches.n = 0;
    c->follower_count = 0;
    memcpy(c->root, c->event->id, UUID_SIZE);
    return 0;
}

static int check_histories(struct considered *c, struct reading *rd, const struct err *target,
                           struct err *err)
{
    struct verdicts v = {.c = c, .rd = rd};

    if (judge_subjects(&v, &c->touches, err) < 0 ||
        judge_subjects(&v, &c->target_touches, err) < 0)
        return -1;
    for (size_t i = 0; i < c->follower_count; i++)
        if (judge_subjects(&v, &c->follower_touches[i], err) < 0)
            return -1;
    if (target->code != ERR_NONE)
        verdict_keep(&v, target);
    if (v.best.code == ERR_NONE)
        return 0;
    *err = v.best;
    return 1;
}

/* Taking an activity out of effect can pull no ground from under another event. */
static bool target_is_register(const struct considered *c)
{
    return c->target && !event_type_is_activity(c->target->row.type);
}

int check_event(struct considered *out, struct reading *rd, const struct event *event, int *looks,
                struct err *err)
{
    struct err target = {0};
    int r;

    if (consider(out, rd, event, err) < 0)
        return -1;
    if (event->type == EV_ALERT_ACKNOWLEDGED || event->type == EV_ALERT_NOTED)
        r = check_alert(out, rd, err);
    else if (is_about_key(event->type))
        r = check_key(out, rd, looks, err);
    else if (event->type == EV_EVENT_REDACTED)
        return redact_check(rd, event, err);
    else if (event->type == EV_REPORT_FROZEN)
        r = check_frozen(out, rd, err);
    else
        r = event_type_is_activity(event->type) ? 0 : check_known(out, rd, looks, err);
    if (r == 0)
        r = set_target_aside(out, &target, err);
    if (r == 0 && event_type_is_activity(event->type))
        r = check_activity(out, rd, looks, err);
    else if (r == 0 && (event->type != EV_EVENT_VOIDED || target_is_register(out)))
        return check_histories(out, rd, &target, err);
    if (r == 0 && target.code != ERR_NONE) {
        *err = target;
        return 1;
    }
    return r;
}
