/* Fields of one event that contradict each other: invalid_value (ledger.md section 3). */
#include <stdlib.h>
#include <string.h>

#include "wire/event_parts.h"
#include "wire/roles.h"

static const struct value *value_of(const struct reader *r, enum field_id f)
{
    return r->out->values[f];
}

static int check_transfer_received(struct reader *r)
{
    static const enum field_id outside[] = {F_MEMBER, F_NAME, F_STAGE, F_BRANCH,
                                            F_NUMBER, F_UNIT, F_ROLE,  F_ADMITTED_ON};

    if (value_of(r, F_FROM_NAME))
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(outside); i++)
        if (value_of(r, outside[i]))
            return SAY_BAD(r, field_name(outside[i]),
                           "%s is only for a transfer from outside this ledger (with from_name)",
                           "%s 只用于从账外转入（有 from_name）", field_name(outside[i]));
    return 0;
}

static bool span_in(struct span one, const struct value *list)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (span_same(one, list->items[i]))
            return true;
    return false;
}

/* Both lists have no item twice, so one that is there twice in both together is in both. */
static int check_present_absent(struct reader *r)
{
    const struct value *present = value_of(r, F_PRESENT), *absent = value_of(r, F_ABSENT);
    char quoted[EXCERPT_SIZE];
    struct span *all;
    size_t n, twice;

    if (!present || !absent)
        return 0;
    n = present->count + absent->count;
    all = arena_alloc(r->arena, n * sizeof *all);
    if (present->count)
        memcpy(all, present->items, present->count * sizeof *all);
    if (absent->count)
        memcpy(all + present->count, absent->items, absent->count * sizeof *all);
    twice = event_first_repeated(r->arena, all, n);
    if (twice == n)
        return 0;
    event_excerpt(quoted, all[twice]);
    return SAY_BAD(r, "absent", "member %s is both present and absent", "党员 %s 同时出现在 present 和 absent 中",
                   quoted);
}

static int check_activity(struct reader *r)
{
    const struct value *present = value_of(r, F_PRESENT), *count = value_of(r, F_PRESENT_COUNT);
    const struct value *branch = value_of(r, F_BRANCH);

    if (present && count && count->number < (int64_t)present->count)
        return SAY_BAD(r, "present_count", "present_count is %lld, but present names %zu members",
                       "present_count 为 %lld，而 present 列出了 %zu 名党员", (long long)count->number,
                       present->count);
    if (check_present_absent(r))
        return 1;
    if (branch && span_in(branch->text, value_of(r, F_WITH)))
        return SAY_BAD(r, "with", "with names the branch itself; it is for the other branches of a joint session",
                       "with 中有本支部自己；它只列出联合开展活动的其他支部");
    return 0;
}

static int check_dates(struct reader *r)
{
    const struct value *until = value_of(r, F_UNTIL), *admitted = value_of(r, F_ADMITTED_ON);

    if (r->out->type == EV_EXEMPTION_GRANTED && until->day < r->out->day)
        return SAY_BAD(r, "until", "until (%s) is before the exemption begins (at)",
                       "until（%s）早于豁免开始的日期（at）", until->text.s);
    if (r->out->type == EV_ALERT_ACKNOWLEDGED && until && until->day < r->out->day)
        return SAY_BAD(r, "until", "until (%s) is before the acknowledgement (at): it would never hold",
                       "until（%s）早于签收日期（at）：签收从未有效", until->text.s);
    if (admitted && admitted->day > r->out->day)
        return SAY_BAD(r, "admitted_on", "admitted_on (%s) is after at", "admitted_on（%s）晚于 at",
                       admitted->text.s);
    return 0;
}

static int check_either(struct reader *r, enum field_id a, enum field_id b)
{
    if (!value_of(r, a) || !value_of(r, b))
        return 0;
    return SAY_BAD(r, field_name(b), "only one of %s and %s can be given", "%s 与 %s 只能给出一个",
                   field_name(a), field_name(b));
}

/* Names that rows have without a key: the daemon's, and those of local users without one. */
static bool is_reserved(struct span name)
{
    return span_is(name, "musterd") || span_is(name, "local") ||
           (name.len >= 4 && memcmp(name.s, "uid-", 4) == 0);
}

/* An admin's scope is everything; every other key's is told. */
static int check_key(struct reader *r)
{
    bool admin = value_of(r, F_ROLE)->number == KEY_ROLE_ADMIN;
    const char *scope = value_of(r, F_BRANCHES) ? "branches" : value_of(r, F_AREAS) ? "areas" : NULL;

    if (is_reserved(value_of(r, F_KEY)->text))
        return SAY_BAD(r, "key", "%s cannot be the name of a key: rows of other origin have it",
                       "%s 不能作为密钥名称：其他来源的记录使用它", value_of(r, F_KEY)->text.s);
    if (admin && scope)
        return SAY_BAD(r, scope, "an admin has no %s: it may do everything everywhere", "admin 不限定 %s：其权限遍及全账",
                       scope);
    if (!admin && !scope)
        return err_say(r->err, ERR_MISSING_FIELD, "branches",
                       "a key needs a scope: branches, or areas (\"*\": the whole district)",
                       "密钥必须有范围：branches 或 areas（“*”表示全区）");
    return 0;
}

int event_check_contradictions(struct reader *r)
{
    const struct event *e = r->out;
    int bad = 0;

    if (e->type == EV_TRANSFER_ISSUED)
        bad = check_either(r, F_TO, F_TO_NAME);
    else if (e->type == EV_ALLIANCE_JOINED || e->type == EV_ALLIANCE_LEFT)
        bad = check_either(r, F_BRANCH, F_UNIT);
    else if (e->type == EV_TRANSFER_RECEIVED)
        bad = check_transfer_received(r);
    else if (e->type == EV_MEETING || e->type == EV_TRAINING)
        bad = check_activity(r);
    else if (e->type == EV_KEY_ALLOWED)
        bad = check_key(r);
    if (bad || check_dates(r))
        return 1;
    if (e->type == EV_BRANCH_DISSOLVED && value_of(r, F_INTO) &&
        span_same(value_of(r, F_INTO)->text, value_of(r, F_BRANCH)->text))
        return SAY_BAD(r, "into", "a branch cannot be merged into itself", "支部不能并入自己");
    if (e->type == EV_EVENT_REDACTED && value_of(r, F_KEPT))
        return SAY_BAD(r, "kept", "kept is for the daemon to write: leave it out", "kept 由守护进程填写：请勿给出");
    if (e->type == EV_EVENT_REDACTED && e->has_replaces)
        return SAY_BAD(r, "replaces", "an erasure cannot be taken back, nor replaced", "删除无法撤回，也不能更正");
    if (e->has_replaces && memcmp(e->replaces, e->id, UUID_SIZE) == 0)
        return SAY_BAD(r, "replaces", "an event cannot replace itself", "事件不能替代自己");
    return 0;
}
