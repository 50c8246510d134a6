/* What was done, and by whose lists we know: meetings, trainings, contacts (rules.md section 2). */
#include "rules/question.h"

/* Their fixed bits (wire/kinds.h: the order of ledger.md section 3). Such meetings alone do not call
 * all members together. */
enum { KIND_COMMITTEE_MEETING = 1, KIND_GROUP_MEETING = 2 };
#define KINDS_FOR_SOME (KIND_BIT(KIND_COMMITTEE_MEETING) | KIND_BIT(KIND_GROUP_MEETING))

/* Whether it is the subject's own: of the branch or with it; the member was there or was reached. */
static bool is_own(const struct question *q, const struct activity *a)
{
    if (q->subject->kind == SUBJECT_BRANCH)
        return a->flags & (ACTIVITY_HOST | ACTIVITY_WITH);
    return a->flags & (ACTIVITY_PRESENT | ACTIVITY_CONTACT);
}

/* Only silence asks for contacts. */
static bool is_of_kinds(const struct rule *rule, const struct activity *a)
{
    return (a->kinds & rule->kinds) &&
           !(rule->kind == RULE_CADENCE && (a->flags & ACTIVITY_CONTACT));
}

enum activity_why activity_judge(const struct question *q, const struct activity *a)
{
    if (a->flags & ACTIVITY_OUT)
        return WHY_OUT_OF_EFFECT;
    if (a->day > q->day)
        return WHY_AFTER_DAY;
    if (!is_of_kinds(q->rule, a))
        return WHY_OTHER_KIND;
    if (q->rule->kind == RULE_CADENCE && q->rule->measure == MEASURE_HOURS &&
        !(a->flags & ACTIVITY_TRAINING))
        return WHY_TRAINING_HOURS;
    if (!is_own(q, a))
        return WHY_NOT_PRESENT;
    return WHY_COUNTED;
}

size_t activities_from(const struct activity *list, size_t count, day_t day)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (list[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t activities_sum(const struct question *q, day_t first, day_t last)
{
    const struct activity *list = q->subject->activities;
    size_t count = q->subject->activity_count;
    int64_t sum = 0;

    for (size_t i = activities_from(list, count, first); i < count && list[i].day <= last; i++)
        if (activity_judge(q, &list[i]) == WHY_COUNTED)
            sum += q->rule->measure == MEASURE_HOURS ? list[i].hours_hundredths : 1;
    return sum;
}

const struct activity *activities_latest(const struct question *q)
{
    const struct activity *list = q->subject->activities;
    size_t i = q->day == DAY_NEVER ? q->subject->activity_count
                                   : activities_from(list, q->subject->activity_count, q->day + 1);

    while (i-- > 0)
        if (activity_judge(q, &list[i]) == WHY_COUNTED)
            return &list[i];
    return NULL;
}

static const struct branch_rolls *rolls_of(const struct question *q, int64_t branch)
{
    return q->subject->rolls && branch ? q->subject->rolls(q->subject->rolls_ctx, branch) : NULL;
}

static bool is_in_effect(const struct rule *rule, const struct activity *a)
{
    return !(a->flags & (ACTIVITY_OUT | ACTIVITY_CONTACT)) && (a->kinds & rule->kinds);
}

bool rolls_kept(const struct question *q, int64_t branch, day_t first, day_t last,
                int64_t *named_out)
{
    const struct branch_rolls *rolls = rolls_of(q, branch);

    *named_out = 0;
    if (!rolls)
        return false;
    last = day_min(last, q->day);
    for (size_t i = activities_from(rolls->attended, rolls->attended_count, first);
         i < rolls->attended_count && rolls->attended[i].day <= last; i++)
        *named_out += is_in_effect(q->rule, &rolls->attended[i]);
    for (size_t i = activities_from(rolls->held, rolls->held_count, first);
         i < rolls->held_count && rolls->held[i].day <= last; i++)
        if (is_in_effect(q->rule, &rolls->held[i]) &&
            !(rolls->held[i].flags & ACTIVITY_HAS_LIST))
            return false; /* held by head count: who was there is unknown, not missing */
    return *named_out > 0;
}

int64_t rolls_after(const struct question *q, day_t base, day_t *nth_out)
{
    const struct branch_rolls *rolls = rolls_of(q, q->frame->branch);
    const uint32_t roll = ACTIVITY_HOST | ACTIVITY_HAS_ROLL;
    int64_t seen = 0;

    *nth_out = DAY_NONE;
    if (!rolls)
        return 0;
    for (size_t i = activities_from(rolls->held, rolls->held_count, base + 1);
         i < rolls->held_count && rolls->held[i].day <= q->day; i++) {
        const struct activity *a = &rolls->held[i];

        if ((a->flags & ACTIVITY_OUT) || (a->flags & roll) != roll || !(a->kinds & ~KINDS_FOR_SOME))
            continue;
        if (++seen == q->rule->needs_rolls)
            *nth_out = a->day;
    }
    return seen;
}
