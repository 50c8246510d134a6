/* Which subjects an event concerns, and how. */
#include "ledger/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

struct adding {
    struct touches *out;
    struct reading *rd;
    struct err *err;
    int r;
};

static void add(struct adding *a, enum subject_kind kind, const char *ref, uint32_t role,
                enum field_id field, bool creates)
{
    struct touches *t = a->out;
    struct touched *items;

    if (a->r < 0 || !ref)
        return;
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i].kind == kind && strcmp(t->items[i].ref, ref) == 0) {
            t->items[i].role |= role;
            t->items[i].creates |= creates;
            return;
        }
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 8;
        items = arena_alloc(a->rd->arena, t->cap * sizeof *items);
        if (t->n)
            memcpy(items, t->items, t->n * sizeof *items);
        t->items = items;
    }
    t->items[t->n] = (struct touched){kind, ref, 0, role, field, creates};
    if (store_subject_find(&t->items[t->n].key, a->rd->store, kind, ref, a->err) < 0)
        a->r = -1;
    t->n++;
}

static void add_field(struct adding *a, const struct event *e, enum field_id field,
                      enum subject_kind kind, uint32_t role)
{
    const struct value *v = e->values[field];

    if (!v)
        return;
    if (v->kind == VALUE_REF)
        add(a, kind, v->text.s, role, field, false);
    else
        for (size_t i = 0; i < v->count; i++)
            add(a, kind, v->items[i].s, role, field, false);
}

static void add_activity(struct adding *a, const struct event *e)
{
    const struct value *present = e->values[F_PRESENT];
    uint32_t list = !present ? 0 : present->count ? ROLE_HAS_LIST | ROLE_HAS_ROLL : ROLE_HAS_LIST;

    add_field(a, e, F_BRANCH, SUBJECT_BRANCH, ROLE_HOST | list);
    add_field(a, e, F_WITH, SUBJECT_BRANCH, ROLE_WITH | list);
    add_field(a, e, F_PRESENT, SUBJECT_MEMBER, ROLE_PRESENT | list);
    add_field(a, e, F_ABSENT, SUBJECT_MEMBER, ROLE_ABSENT | list);
}

static void add_creator(struct adding *a, const struct event *e, const struct event *creator)
{
    if (!creator)
        return;
    if (creator->type == EV_TRANSFER_ISSUED || creator->type == EV_TRANSFER_RECEIVED) {
        add(a, SUBJECT_MEMBER, event_text(creator, F_MEMBER), ROLE_SELF | ROLE_VIA, F_TRANSFER,
            false);
        if (e->type == EV_TRANSFER_RECEIVED)
            add(a, SUBJECT_BRANCH, event_text(creator, F_TO), ROLE_MENTION | ROLE_VIA, F_TRANSFER,
                false);
    } else if (creator->type == EV_EXEMPTION_GRANTED && event_has(creator, F_SUBJECT)) {
        const struct value *v = creator->values[F_SUBJECT];

        add(a, v->subject, v->text.s, ROLE_EXEMPT | ROLE_VIA, F_EXEMPTION, false);
    }
}

static void add_register(struct adding *a, const struct event *e)
{
    /* What it mentions: units, branches, members by the fields of those names. */
    add_field(a, e, F_UNITS, SUBJECT_UNIT, ROLE_MENTION);
    add_field(a, e, F_UNIT, SUBJECT_UNIT, ROLE_MENTION);
    add_field(a, e, F_BRANCHES, SUBJECT_BRANCH, ROLE_MENTION);
    add_field(a, e, F_BRANCH, SUBJECT_BRANCH, ROLE_MENTION);
    add_field(a, e, F_TO, SUBJECT_BRANCH, ROLE_MENTION);
    add_field(a, e, F_INTO, SUBJECT_BRANCH, ROLE_MENTION);
}

static void add_own(struct adding *a, const struct event *e)
{
    switch (e->type) {
    case EV_UNIT_REGISTERED:
    case EV_UNIT_CHANGED:
    case EV_UNIT_CLOSED:
        add(a, SUBJECT_UNIT, event_text(e, F_UNIT), ROLE_SELF, F_UNIT,
            e->type == EV_UNIT_REGISTERED);
        break;
    case EV_BRANCH_FOUNDED:
    case EV_BRANCH_CHANGED:
    case EV_BRANCH_ELECTED:
    case EV_BRANCH_RATED:
    case EV_BRANCH_DISSOLVED:
        add(a, SUBJECT_BRANCH, event_text(e, F_BRANCH), ROLE_SELF, F_BRANCH,
            e->type == EV_BRANCH_FOUNDED);
        add_field(a, e, F_UNITS, SUBJECT_UNIT, ROLE_MENTION);
        add_field(a, e, F_INTO, SUBJECT_BRANCH, ROLE_MENTION);
        break;
    case EV_TRANSFER_ISSUED:
    case EV_TRANSFER_RECEIVED:
    case EV_TRANSFER_RECEIPTED:
    case EV_TRANSFER_CANCELLED:
        add(a, SUBJECT_TRANSFER, event_text(e, F_TRANSFER), ROLE_SELF, F_TRANSFER,
            e->type == EV_TRANSFER_ISSUED || event_has(e, F_FROM_NAME));
        add(a, SUBJECT_MEMBER, event_text(e, F_MEMBER), ROLE_SELF, F_MEMBER,
            event_has(e, F_FROM_NAME));
        add_register(a, e);
        break;
    case EV_OFFICE_TAKEN:
    case EV_OFFICE_LEFT:
        add(a, SUBJECT_BODY, event_text(e, F_BODY), ROLE_SELF, F_BODY, true);
        break;
    case EV_ALLIANCE_FORMED:
    case EV_ALLIANCE_JOINED:
    case EV_ALLIANCE_LEFT:
        add(a, SUBJECT_ALLIANCE, event_text(e, F_ALLIANCE), ROLE_SELF, F_ALLIANCE,
            e->type == EV_ALLIANCE_FORMED);
        add_register(a, e);
        break;
    default:
        if (event_has(e, F_MEMBER))
            add(a, SUBJECT_MEMBER, event_text(e, F_MEMBER), ROLE_SELF, F_MEMBER,
                e->type == EV_MEMBER_ADMITTED);
        add_register(a, e);
    }
}

int touches_of_event(struct touches *out, struct reading *rd, const struct event *event,
                     const struct event *creator, struct err *err)
{
    struct adding a = {out, rd, err, 0};

    memset(out, 0, sizeof *out);
    switch (event->type) {
    case EV_MEETING:
    case EV_TRAINING:
        add_activity(&a, event);
        break;
    case EV_EXEMPTION_GRANTED:
        add(&a, SUBJECT_EXEMPTION, event_text(event, F_EXEMPTION), ROLE_SELF, F_EXEMPTION, true);
        add(&a, event->values[F_SUBJECT]->subject, event->values[F_SUBJECT]->text.s,
            ROLE_MENTION | ROLE_EXEMPT, F_SUBJECT, false);
        break;
    case EV_EXEMPTION_ENDED:
        add(&a, SUBJECT_EXEMPTION, event_text(event, F_EXEMPTION), ROLE_SELF, F_EXEMPTION, false);
        break;
    case EV_LEDGER_OPENED:
    case EV_ALERT_OPENED:
    case EV_ALERT_CHANGED:
    case EV_ALERT_CLOSED:
    case EV_ALERT_ACKNOWLEDGED:
    case EV_ALERT_NOTED:
    case EV_EVENT_VOIDED:
    case EV_EVENT_REDACTED:
    case EV_KEY_ALLOWED: /* its scope names branches, and is no event of theirs */
    case EV_KEY_REVOKED:
    case EV_REPORT_FROZEN: /* of a branch or area, but no event of theirs */
        break;
    default:
        add_own(&a, event);
    }
    add_creator(&a, event, creator);
    return a.r;
}
