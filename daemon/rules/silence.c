/* Silence: nothing for too long (rules.md section 2). */
#include "rules/question.h"

void silence_evaluate(struct verdict *out, const struct question *q)
{
    const struct activity *latest = activities_latest(q);
    struct reach reach;
    day_t nth = DAY_NONE;

    out->base = facts_anchor(q);
    if (latest) {
        out->last = latest->day;
        out->last_seq = latest->seq;
        out->base = day_max(out->base, latest->day);
    }
    /* Who was never called is not absent: without enough rolls only a record can open it. */
    if (q->rule->needs_rolls > 0) {
        rolls_after(q, out->base, &nth);
        if (nth == DAY_NONE)
            return;
    }
    thresholds_reach(&reach, q->rule, out->base, q->day);
    out->next = reach.next;
    out->level = reach.level;
    out->open = reach.level != LEVEL_NONE;
    if (out->open)
        out->since = day_max(reach.first, nth);
}
