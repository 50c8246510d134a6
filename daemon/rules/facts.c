/* What held when: frames, `when`, exemptions (rules.md section 1). */
#include "rules/question.h"

#include <string.h>

/* Index of the first frame that begins after `day`. */
static size_t frames_until(const struct subject_data *subject, day_t day)
{
    size_t low = 0, high = subject->frame_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (subject->frames[middle].from <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct frame *frame_on(const struct subject_data *subject, day_t d)
{
    size_t until = frames_until(subject, d);

    return until ? &subject->frames[until - 1] : NULL;
}

static bool op_fits(enum fact_op op, int order)
{
    switch (op) {
    case OP_EQ:
        return order == 0;
    case OP_NE:
        return order != 0;
    case OP_LT:
        return order < 0;
    case OP_LE:
        return order <= 0;
    case OP_GT:
        return order > 0;
    case OP_GE:
        return order >= 0;
    }
    return false;
}

static bool condition_holds(const struct condition *c, const struct fact *fact)
{
    /* Without a value it does not hold, whatever the op: rules.md section 1. */
    if (fact->type == FACT_UNSET)
        return false;
    if ((fact->type == FACT_TEXT) != (c->value.type == FACT_TEXT))
        return false;
    if (c->fact == FACT_AREA) /* an area holds all areas whose code begins with its own */
        return op_fits(c->op, strncmp(fact->text, c->value.text, strlen(c->value.text)));
    if (fact->type == FACT_TEXT)
        return op_fits(c->op, strcmp(fact->text, c->value.text));
    return op_fits(c->op, (fact->number > c->value.number) - (fact->number < c->value.number));
}

bool rule_when_holds(const struct rule *rule, const struct frame *frame)
{
    if (!frame)
        return false;
    for (size_t i = 0; i < rule->when_count; i++)
        if (!condition_holds(&rule->when[i], &frame->facts[rule->when[i].fact]))
            return false;
    return true;
}

day_t facts_anchor(const struct question *q)
{
    const struct frame *frames = q->subject->frames;
    size_t first = frames_until(q->subject, q->day) - 1;

    while (first > 0 && frames[first].from > q->start && frames[first - 1].in_force &&
           rule_when_holds(q->rule, &frames[first - 1]))
        first--;
    return day_max(frames[first].from, q->start);
}

bool facts_in_force_throughout(const struct question *q, day_t first, day_t last)
{
    const struct frame *frames = q->subject->frames;

    for (size_t i = frames_until(q->subject, last); i > 0 && frames[i - 1].in_force; i--)
        if (frames[i - 1].from <= first)
            return true;
    return false;
}

day_t facts_next_frame(const struct question *q, day_t day)
{
    size_t next = frames_until(q->subject, day);

    return next < q->subject->frame_count ? q->subject->frames[next].from : DAY_NEVER;
}

day_t facts_next_applying(const struct question *q, day_t day)
{
    for (size_t i = frames_until(q->subject, day); i < q->subject->frame_count; i++) {
        const struct frame *frame = &q->subject->frames[i];

        if (frame->in_force && rule_when_holds(q->rule, frame))
            return frame->from;
    }
    return DAY_NEVER;
}

bool exemption_names(const struct exemption_span *span, const struct rule *rule)
{
    for (size_t i = 0; i < span->rule_count; i++)
        if (strcmp(span->rules[i], "*") == 0 || strcmp(span->rules[i], rule->id) == 0)
            return true;
    return false;
}

bool exemption_on(const struct question *q, day_t day)
{
    for (size_t i = 0; i < q->subject->exemption_count; i++) {
        const struct exemption_span *span = &q->subject->exemptions[i];

        if (span->from <= day && day <= span->to && span->from <= q->day &&
            exemption_names(span, q->rule))
            return true;
    }
    return false;
}

day_t exemption_next_change(const struct question *q)
{
    day_t next = DAY_NEVER;

    for (size_t i = 0; i < q->subject->exemption_count; i++) {
        const struct exemption_span *span = &q->subject->exemptions[i];

        if (!exemption_names(span, q->rule))
            continue;
        if (span->from > q->day)
            next = day_min(next, span->from);
        else if (span->to >= q->day && span->to < DAY_NEVER)
            next = day_min(next, span->to + 1);
    }
    return next;
}
