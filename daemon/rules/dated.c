/* Thresholds in days: expiry and state (rules.md section 2), and what silence shares with them. */
#include "rules/question.h"

/* The furthest threshold is the latest day, which among days and months mixed need not be the last
 * of the list: 1m is before 30d in February. */
void thresholds_reach(struct reach *out, const struct rule *rule, day_t base, day_t d)
{
    day_t furthest = DAY_NONE;

    *out = (struct reach){.first = DAY_NEVER, .next = DAY_NEVER};
    for (size_t i = 0; i < rule->level_count; i++) {
        day_t on = day_add(base, rule->levels[i].after);

        out->first = day_min(out->first, on);
        if (on > d) {
            out->next = day_min(out->next, on);
        } else if (on >= furthest) {
            furthest = on;
            out->level = rule->levels[i].level;
        }
    }
}

static void take_reach(struct verdict *out, const struct question *q, day_t base)
{
    struct reach reach;

    thresholds_reach(&reach, q->rule, base, q->day);
    out->next = reach.next;
    out->level = reach.level;
    out->open = reach.level != LEVEL_NONE;
    if (out->open)
        out->since = reach.first;
}

void expiry_evaluate(struct verdict *out, const struct question *q)
{
    day_t date = q->frame->dates[q->rule->date];

    if (date == DAY_NONE)
        return;
    out->due = day_add(date, q->rule->plus);
    take_reach(out, q, out->due);
    if (out->open)
        out->since = day_max(out->since, q->first_in_force);
}

void state_evaluate(struct verdict *out, const struct question *q)
{
    out->base = facts_anchor(q);
    take_reach(out, q, out->base);
}
