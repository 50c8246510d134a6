/* Which subjects an event may open, change or close an alert of.
 *
 * An event that corrects is taken as what it puts in, and as what it takes out. The store is looked
 * at as it is now, which may be later than the row: a later row that moved somebody in between
 * reaches them itself.
 *
 * What is passed over, and why that is right:
 * - A meeting, training or contact that is only added makes last days later and counts higher. That
 *   can close, ease or postpone an alert of those who took part, never open one, and never bring a
 *   deadline forward. So only those with an open alert are looked at; of the others the deadline
 *   stands, maybe too early.
 * - Not so for rules with needs_rolls: who did not take part may be missed from now on. A silence
 *   counts rolls of the branch that holds the event, for its present members; only those count
 *   whose time has come already (evaluating.c takes care of the others' days). A cadence asks for
 *   rolls in a period; as long as that is not closed nothing is decided, and when it closes every
 *   member is due anyway.
 */
#include <string.h>

#include "alerts/reach.h"

static bool takes_type(enum event_type type)
{
    switch (type) {
    case EV_LEDGER_OPENED:
    case EV_ALERT_OPENED:
    case EV_ALERT_CHANGED:
    case EV_ALERT_CLOSED:
    case EV_ALERT_ACKNOWLEDGED:
    case EV_ALERT_NOTED:
    case EV_KEY_ALLOWED:
    case EV_KEY_REVOKED:
    case EV_REPORT_FROZEN:
    case EV_EVENT_REDACTED:
    case EV_OFFICE_TAKEN:
    case EV_OFFICE_LEFT:
    case EV_ALLIANCE_FORMED:
    case EV_ALLIANCE_JOINED:
    case EV_ALLIANCE_LEFT:
        return false;
    default:
        return true;
    }
}

static void take_open_only(struct reach *r, enum subject_kind kind, const char *ref)
{
    if (ref && alerts_has_open(r->alerts, kind, ref))
        reach_ref(r, kind, ref);
}

static void take_field_open_only(struct reach *r, const struct event *e, enum field_id field,
                                 enum subject_kind kind)
{
    const struct value *v = e->values[field];

    if (v && v->kind == VALUE_REF)
        take_open_only(r, kind, v->text.s);
    for (size_t i = 0; v && v->kind == VALUE_REFS && i < v->count; i++)
        take_open_only(r, kind, v->items[i].s);
}

static uint64_t kinds_of(const struct event *e)
{
    return e->type == EV_TRAINING ? KIND_BIT(KIND_TRAINING)
                                  : e->values[F_KINDS] ? e->values[F_KINDS]->kinds : 0;
}

static bool closed_by_today(const struct rule *rule, day_t day, day_t today)
{
    return day_add(period_last(rule->per, day), rule->grace) < today;
}

/* Members' rules that ask for rolls of branches, a silence's and a cadence's. */
static void which_rolls(bool *silence, bool *cadence, const struct pack *pack, const struct event *e,
                        day_t today)
{
    *silence = *cadence = false;
    for (size_t i = 0; i < pack->rule_count; i++) {
        const struct rule *rule = &pack->rules[i];

        if (rule->needs_rolls == 0)
            continue;
        if (rule->kind == RULE_SILENCE)
            *silence = true;
        else if (rule->kind == RULE_CADENCE && (rule->kinds & kinds_of(e)) &&
                 closed_by_today(rule, e->day, today))
            *cadence = true;
    }
}

static void reach_members_of_field(struct reach *r, const struct event *e, enum field_id field)
{
    const struct value *v = e->values[field];

    if (v && v->kind == VALUE_REF)
        reach_members(r, reach_find(r, SUBJECT_BRANCH, v->text.s), MEMBERS_EVER, false);
    for (size_t i = 0; v && v->kind == VALUE_REFS && i < v->count; i++)
        reach_members(r, reach_find(r, SUBJECT_BRANCH, v->items[i].s), MEMBERS_EVER, false);
}

/* The branches to which those present belonged that day: the event is a roll of theirs. */
static void reach_members_beside(struct reach *r, const struct event *e)
{
    const struct value *present = e->values[F_PRESENT];

    for (size_t i = 0; present && i < present->count && !r->failed; i++) {
        int64_t member = reach_find(r, SUBJECT_MEMBER, present->items[i].s);
        struct stint stint;
        int found = member ? store_stint_latest(&stint, r->rd.store, member, e->day, r->err) : 0;

        if (found < 0)
            r->failed = true;
        else if (found == 1)
            reach_members(r, stint.branch, MEMBERS_EVER, false);
    }
}

static void take_rolls(struct reach *r, const struct event *e, bool corrects)
{
    const struct value *present = e->values[F_PRESENT];
    bool silence, cadence;

    which_rolls(&silence, &cadence, r->alerts->pack, e, r->today);
    if (silence && present && present->count)
        reach_members(r, reach_find(r, SUBJECT_BRANCH, event_text(e, F_BRANCH)), MEMBERS_PRESENT,
                      !corrects);
    if (cadence) {
        reach_members_of_field(r, e, F_BRANCH);
        reach_members_of_field(r, e, F_WITH);
        reach_members_beside(r, e);
    }
}

static void take_activity(struct reach *r, const struct event *e, bool corrects)
{
    void (*take)(struct reach *, const struct event *, enum field_id, enum subject_kind) =
        corrects ? reach_field : take_field_open_only;

    if (e->type == EV_CONTACT) {
        take(r, e, F_MEMBER, SUBJECT_MEMBER);
        return;
    }
    take(r, e, F_BRANCH, SUBJECT_BRANCH);
    take(r, e, F_WITH, SUBJECT_BRANCH);
    take(r, e, F_PRESENT, SUBJECT_MEMBER);
    take_rolls(r, e, corrects);
}

static bool field_has_open(const struct alerts *a, const struct event *e, enum field_id field,
                           enum subject_kind kind)
{
    const struct value *v = e->values[field];

    if (v && v->kind == VALUE_REF)
        return alerts_has_open(a, kind, v->text.s);
    for (size_t i = 0; v && v->kind == VALUE_REFS && i < v->count; i++)
        if (alerts_has_open(a, kind, v->items[i].s))
            return true;
    return false;
}

/* The same choice as take_event's, without the store. What opens later has been evaluated with the row in it. */
bool passes_over(const struct alerts *a, const struct event *e, day_t today)
{
    const struct value *present = e->values[F_PRESENT];
    bool silence, cadence;

    if (e->type == EV_ALERT_ACKNOWLEDGED)
        return !a->told;
    if (!takes_type(e->type))
        return true;
    if (!event_type_is_activity(e->type) || e->has_replaces)
        return false;
    if (e->type == EV_CONTACT)
        return !field_has_open(a, e, F_MEMBER, SUBJECT_MEMBER);
    which_rolls(&silence, &cadence, a->pack, e, today);
    if (cadence || (silence && present && present->count))
        return false;
    return !field_has_open(a, e, F_BRANCH, SUBJECT_BRANCH) && !field_has_open(a, e, F_WITH, SUBJECT_BRANCH) &&
           !field_has_open(a, e, F_PRESENT, SUBJECT_MEMBER);
}

static void take_branch(struct reach *r, const struct event *e)
{
    int64_t branch = reach_find(r, SUBJECT_BRANCH, event_text(e, F_BRANCH));

    reach_key(r, branch);
    if (e->type == EV_BRANCH_ELECTED || e->type == EV_BRANCH_RATED)
        return;
    if (event_has(e, F_FORM) || event_has(e, F_SECTOR) || event_has(e, F_AREA))
        reach_members(r, branch, MEMBERS_EVER, false);
    /* Whether the branch covers its units: its list, its form, its being there. */
    if (e->type != EV_BRANCH_CHANGED || event_has(e, F_FORM) || event_has(e, F_UNITS))
        reach_units_of(r, branch);
}

/* Whether a member attended anything: then a change of branch changes the branches' rolls. */
static bool attended_anything(struct reach *r, int64_t member)
{
    const struct pack *pack = r->alerts->pack;
    struct touch touch;
    bool asked = false;
    int found;

    for (size_t i = 0; i < pack->rule_count; i++)
        asked = asked || (pack->rules[i].needs_rolls && pack->rules[i].kind == RULE_CADENCE);
    if (!asked || r->failed)
        return false;
    found = store_activity_any(&touch, r->rd.store, member, DAY_NONE + 1, DAY_NEVER - 1, 0, r->err);
    if (found < 0)
        r->failed = true;
    return found == 1;
}

/* A member by the event that names them, or by the one that made their letter. */
static void take_member(struct reach *r, const struct event *e, bool counts)
{
    int64_t member = reach_find(r, SUBJECT_MEMBER, event_text(e, F_MEMBER));

    reach_key(r, member);
    if (counts && member != 0)
        reach_around_member(r, member, attended_anything(r, member));
}

/* Whether the event decides where, as what and for which unit a member belongs: what branches and
 * units count, and what letters stand on. */
static bool counts_members(const struct event *e, bool corrects)
{
    switch (e->type) {
    case EV_MEMBER_AWAY:
    case EV_MEMBER_RETURNED:
    case EV_MEMBER_EXTENDED:
        return false;
    case EV_MEMBER_CHANGED:
        return event_has(e, F_UNIT);
    case EV_TRANSFER_ISSUED: /* only what it leads to, once received */
    case EV_TRANSFER_RECEIPTED:
    case EV_TRANSFER_CANCELLED:
        return corrects;
    default:
        return true;
    }
}

static void take_exempted(struct reach *r, const struct event *grant, bool ignored)
{
    const struct value *subject = grant->values[F_SUBJECT];
    int64_t key;

    (void)ignored;
    if (!subject)
        return;
    key = reach_find(r, subject->subject, subject->text.s);
    reach_key(r, key);
    if (subject->subject == SUBJECT_BRANCH)
        reach_members(r, key, MEMBERS_EVER, false);
}

static void take_event(struct reach *r, const struct event *e, bool corrects)
{
    switch (e->type) {
    case EV_MEETING:
    case EV_TRAINING:
    case EV_CONTACT:
        take_activity(r, e, corrects);
        break;
    case EV_UNIT_REGISTERED:
    case EV_UNIT_CHANGED:
    case EV_UNIT_CLOSED:
        reach_ref(r, SUBJECT_UNIT, event_text(e, F_UNIT));
        break;
    case EV_BRANCH_FOUNDED:
    case EV_BRANCH_CHANGED:
    case EV_BRANCH_ELECTED:
    case EV_BRANCH_RATED:
    case EV_BRANCH_DISSOLVED:
        take_branch(r, e);
        break;
    case EV_TRANSFER_ISSUED:
    case EV_TRANSFER_RECEIVED:
    case EV_TRANSFER_RECEIPTED:
    case EV_TRANSFER_CANCELLED:
        reach_ref(r, SUBJECT_TRANSFER, event_text(e, F_TRANSFER));
        reach_creators(r, SUBJECT_TRANSFER, event_text(e, F_TRANSFER), take_member,
                       counts_members(e, corrects));
        take_member(r, e, counts_members(e, corrects));
        break;
    case EV_EXEMPTION_GRANTED:
        take_exempted(r, e, false);
        break;
    case EV_EXEMPTION_ENDED:
        reach_creators(r, SUBJECT_EXEMPTION, event_text(e, F_EXEMPTION), take_exempted, false);
        break;
    default:
        if (takes_type(e->type))
            take_member(r, e, counts_members(e, corrects));
    }
}

static void take_target(struct reach *r, const uint8_t id[UUID_SIZE])
{
    struct stored *target;
    int64_t seq;
    int found = store_row_find(&seq, r->rd.store, id, r->err);

    if (found < 0 || (found == 1 && stored_get(&target, &r->rd, seq, r->err) < 0))
        r->failed = true;
    else if (found == 1)
        take_event(r, &target->event, true);
}

int take_row(struct alerts *a, const struct stored *row, day_t today, struct err *err)
{
    const struct event *e = &row->event;
    struct reach r = {
        .alerts = a,
        .rd = {a->store, &a->arena, ledger_kinds(a->ledger), false},
        .today = today,
        .err = err,
    };

    if (e->type == EV_EVENT_VOIDED) {
        take_target(&r, e->values[F_EVENT]->uuid);
    } else {
        if (e->has_replaces)
            take_target(&r, e->replaces);
        take_event(&r, e, e->has_replaces);
    }
    return r.failed ? -1 : 0;
}
