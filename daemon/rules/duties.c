/* The board: every calendar period of a cadence rule, and how it stands. */
#include "rules/question.h"

#include "base/buf.h"

const char *duty_state_name(enum duty_state state)
{
    static const char *const names[] = {"none", "excused", "met", "open", "late", "missed"};

    return names[state];
}

static enum duty_state state_of(const struct question *q, struct period p, bool met, bool met_later)
{
    switch (period_duty(q, p)) {
    case PERIOD_NO_DUTY:
        return DUTY_NONE;
    case PERIOD_EXCUSED:
        return DUTY_EXCUSED;
    case PERIOD_DUTY:
        break;
    }
    if (met)
        return DUTY_MET;
    if (p.closes > q->day)
        return DUTY_OPEN;
    return met_later ? DUTY_LATE : DUTY_MISSED;
}

size_t rule_duties(struct duty **out, const struct rule *rule, day_t tracking_since,
                   const struct subject_data *subject, day_t first, day_t last, day_t d)
{
    struct question q;
    struct duty *duties = NULL;
    size_t count = 0, cap = 0;
    bool met_later = false;

    *out = NULL;
    if (rule->kind != RULE_CADENCE || subject->kind != rule->subject)
        return 0;
    question_init(&q, rule, tracking_since, subject, d);
    for (struct period p = period_of(rule, d); p.last >= first; p = period_before(rule, p)) {
        int64_t counted = activities_sum(&q, p.first, p.last);
        bool met = counted >= rule->at_least;

        if (p.first <= last) {
            ARRAY_GROW(duties, count, cap);
            duties[count++] = (struct duty){
                .first = p.first,
                .last = p.last,
                .closes = p.closes,
                .counted = counted,
                .state = state_of(&q, p, met, met_later),
            };
        }
        met_later |= met;
    }
    for (size_t i = 0; i < count / 2; i++) {
        struct duty other = duties[i];

        duties[i] = duties[count - 1 - i];
        duties[count - 1 - i] = other;
    }
    *out = duties;
    return count;
}
