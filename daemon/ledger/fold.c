#include "ledger/fold.h"

#include <string.h>

static bool considered(const struct entry *entry)
{
    return entry->seq == INT64_MAX;
}

void contradiction_note(struct contradiction *bad, const struct entry *entry, enum err_code code,
                        const char *en, const char *zh)
{
    if (!bad->entry || (considered(entry) && (!considered(bad->entry) || code < bad->code)))
        *bad = (struct contradiction){entry, code, en, zh};
}

static bool is_creation(enum event_type type, enum subject_kind kind)
{
    switch (kind) {
    case SUBJECT_UNIT:
        return type == EV_UNIT_REGISTERED;
    case SUBJECT_BRANCH:
        return type == EV_BRANCH_FOUNDED;
    case SUBJECT_ALLIANCE:
        return type == EV_ALLIANCE_FORMED;
    case SUBJECT_EXEMPTION:
        return type == EV_EXEMPTION_GRANTED;
    case SUBJECT_MEMBER:
    case SUBJECT_TRANSFER:
    case SUBJECT_BODY:
    case SUBJECT_KIND_COUNT:
        break;
    }
    return false;
}

static bool is_end(enum event_type type)
{
    return type == EV_UNIT_CLOSED || type == EV_BRANCH_DISSOLVED || type == EV_EXEMPTION_ENDED;
}

/* By civil dates alone: the first and the last day both count (ledger.md section 2). */
static void check_between(const struct lifetime *life, struct contradiction *bad,
                          const struct entry *e, enum subject_kind kind)
{
    if (e == life->created || e == life->ended)
        return;
    /* It names the exemption alone, which may outlive its subject; for members fold_member.c knows. */
    if (e->type == EV_EXEMPTION_ENDED && (e->role & ROLE_VIA))
        return;
    if (!life->created)
        contradiction_note(bad, e, ERR_IMPOSSIBLE, "%s would not exist", "%s 将不复存在");
    else if (e->day < life->first)
        contradiction_note(bad, e, ERR_NOT_IN_FORCE, "%s did not exist yet on that date", "%s 在该日期尚不存在");
    else if (e->day > life->last)
        contradiction_note(bad, e, kind == SUBJECT_EXEMPTION ? ERR_IMPOSSIBLE : ERR_NOT_IN_FORCE,
            "%s had ended before that date", "%s 在该日期之前已经终止");
    else if ((e->role & ROLE_SELF) && is_end(e->type))
        contradiction_note(bad, e, ERR_IMPOSSIBLE, "%s has ended already", "%s 已经终止");
}

void fold_lifetime(struct lifetime *out, struct contradiction *bad, const struct history *h,
                   enum subject_kind kind)
{
    memset(out, 0, sizeof *out);
    out->first = DAY_NONE;
    out->last = DAY_NEVER;
    for (size_t i = 0; i < h->n; i++) {
        const struct entry *e = &h->entries[i];

        if (!(e->role & ROLE_SELF))
            continue;
        if (is_creation(e->type, kind)) {
            if (out->created)
                contradiction_note(bad, e, ERR_EXISTS, "%s is taken already", "%s 已被占用");
            else
                out->created = e;
        } else if (is_end(e->type) && !out->ended && out->created && e->day >= out->created->day) {
            out->ended = e;
        }
    }
    if (out->created)
        out->first = out->created->day;
    if (out->ended)
        out->last = out->ended->day;
    for (size_t i = 0; i < h->n; i++)
        if (!is_creation(h->entries[i].type, kind) || !(h->entries[i].role & ROLE_SELF))
            check_between(out, bad, &h->entries[i], kind);
}

static const char *joins(const struct event *e, enum field_id *field_out)
{
    *field_out = event_has(e, F_BRANCH) ? F_BRANCH : F_UNIT;
    return event_text(e, *field_out);
}

/* Whether `ref` was in the alliance just before entry `upto`. */
static bool alliance_has(const struct history *h, size_t upto, enum field_id field, const char *ref)
{
    bool in = false;

    for (size_t i = 0; i < upto; i++) {
        const struct event *e = h->entries[i].event;
        enum field_id f;

        if (!e)
            continue;
        if (e->type == EV_ALLIANCE_FORMED) {
            const struct value *list = e->values[field == F_BRANCH ? F_BRANCHES : F_UNITS];

            for (size_t k = 0; list && k < list->count; k++)
                in = in || strcmp(list->items[k].s, ref) == 0;
        } else if (e->type == EV_ALLIANCE_JOINED || e->type == EV_ALLIANCE_LEFT) {
            const char *who = joins(e, &f);

            if (f == field && strcmp(who, ref) == 0)
                in = e->type == EV_ALLIANCE_JOINED;
        }
    }
    return in;
}

void fold_alliance(struct contradiction *bad, const struct history *h)
{
    for (size_t i = 0; i < h->n; i++) {
        const struct entry *e = &h->entries[i];
        enum field_id field;
        const char *who;
        bool in;

        if (!e->event || (e->type != EV_ALLIANCE_JOINED && e->type != EV_ALLIANCE_LEFT))
            continue;
        who = joins(e->event, &field);
        in = alliance_has(h, i, field, who);
        if (in && e->type == EV_ALLIANCE_JOINED)
            contradiction_note(bad, e, ERR_IMPOSSIBLE, "it is in alliance %s already", "它已在联盟 %s 中");
        if (!in && e->type == EV_ALLIANCE_LEFT)
            contradiction_note(bad, e, ERR_IMPOSSIBLE, "it is not in alliance %s on that date",
                "它在该日期不在联盟 %s 中");
    }
}

static bool same_office(const struct event *a, const struct event *b)
{
    return strcmp(event_text(a, F_OFFICE), event_text(b, F_OFFICE)) == 0 &&
           strcmp(event_text(a, F_PERSON), event_text(b, F_PERSON)) == 0;
}

void fold_body(struct contradiction *bad, const struct history *h)
{
    for (size_t i = 0; i < h->n; i++) {
        const struct entry *e = &h->entries[i];
        bool held = false;

        if (!e->event)
            continue;
        for (size_t k = 0; k < i; k++)
            if (h->entries[k].event && same_office(h->entries[k].event, e->event))
                held = h->entries[k].type == EV_OFFICE_TAKEN;
        if (held && e->type == EV_OFFICE_TAKEN)
            contradiction_note(bad, e, ERR_IMPOSSIBLE, "this person holds that office in %s already",
                "此人已在 %s 担任该职务");
        if (!held && e->type == EV_OFFICE_LEFT)
            contradiction_note(bad, e, ERR_IMPOSSIBLE, "this person does not hold that office in %s on that date",
                "此人在该日期并未在 %s 担任该职务");
    }
}
