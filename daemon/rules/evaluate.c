/* What holds for rules of all kinds (rules.md section 1), and whose turn it is. */
#include "rules/question.h"

void question_init(struct question *q, const struct rule *rule, day_t tracking_since,
                   const struct subject_data *subject, day_t d)
{
    *q = (struct question){
        .rule = rule,
        .subject = subject,
        .day = d,
        .tracking_since = tracking_since,
        .first_in_force = DAY_NEVER,
        .frame = frame_on(subject, d),
    };
    for (size_t i = 0; i < subject->frame_count; i++)
        if (subject->frames[i].in_force) {
            q->first_in_force = subject->frames[i].from;
            break;
        }
    q->start = day_max(tracking_since, q->first_in_force);
}

bool question_applies(const struct question *q)
{
    return q->day >= q->tracking_since && q->frame && q->frame->in_force &&
           rule_when_holds(q->rule, q->frame);
}

static void evaluate_kind(struct verdict *out, const struct question *q)
{
    switch (q->rule->kind) {
    case RULE_CADENCE:
        cadence_evaluate(out, q);
        break;
    case RULE_SILENCE:
        silence_evaluate(out, q);
        break;
    case RULE_EXPIRY:
        expiry_evaluate(out, q);
        break;
    case RULE_STATE:
        state_evaluate(out, q);
        break;
    }
}

/* An exemption suppresses what would be open; it comes back by itself when the exemption is over. */
static void suppress(struct verdict *out, const struct question *q)
{
    if (!out->open)
        return;
    out->exempt = exemption_on(q, q->day);
    out->open = !out->exempt;
    out->next = day_min(out->next, exemption_next_change(q));
}

void rule_evaluate(struct verdict *out, const struct rule *rule, day_t tracking_since,
                   const struct subject_data *subject, day_t d)
{
    struct question q;

    *out = (struct verdict){
        .since = DAY_NONE,
        .due = DAY_NONE,
        .last = DAY_NONE,
        .base = DAY_NONE,
        .missed_first = DAY_NONE,
        .missed_last = DAY_NONE,
        .next = DAY_NEVER,
    };
    if (subject->kind != rule->subject)
        return;
    question_init(&q, rule, tracking_since, subject, d);
    if (q.first_in_force == DAY_NEVER)
        return;
    if (d < tracking_since) {
        out->next = q.start;
        return;
    }
    if (!question_applies(&q)) {
        out->next = facts_next_applying(&q, d);
        return;
    }
    evaluate_kind(out, &q);
    suppress(out, &q);
    out->next = day_min(out->next, facts_next_frame(&q, d));
}
