/* Inside the rules room: one rule asked about one subject on one day, and the readings of the
 * subject's data that the four kinds of rule share. Nobody outside this folder includes it.
 *
 * Nothing here looks at a frame or an activity later than the day asked about, but for `next` and
 * what explain says of the future.
 */
#ifndef MUSTER_RULES_QUESTION_H
#define MUSTER_RULES_QUESTION_H

#include "rules/evaluate.h"

struct question {
    const struct rule *rule;
    const struct subject_data *subject;
    day_t day;
    day_t tracking_since;
    day_t first_in_force;      /* first day of all on which the subject is in force; DAY_NEVER if none */
    day_t start;               /* the later of tracking_since and first_in_force (rules.md section 1) */
    const struct frame *frame; /* the day's, NULL before the first */
};

void question_init(struct question *q, const struct rule *rule, day_t tracking_since,
                   const struct subject_data *subject, day_t d);
/* Whether the rule looks at the subject on that day at all: tracked, in force, `when` holds. */
bool question_applies(const struct question *q);

static inline day_t day_min(day_t a, day_t b)
{
    return a < b ? a : b;
}

static inline day_t day_max(day_t a, day_t b)
{
    return a > b ? a : b;
}

/* facts.c: what held when. */

/* First day of the unbroken run of days, up to the question's, on which the subject is in force and
 * `when` holds, but not before start. Only for a question that applies. */
day_t facts_anchor(const struct question *q);
bool facts_in_force_throughout(const struct question *q, day_t first, day_t last);
/* From of the first frame after `day`, DAY_NEVER if there is none. */
day_t facts_next_frame(const struct question *q, day_t day);
/* The same, of the first in which the subject is in force and `when` holds. */
day_t facts_next_applying(const struct question *q, day_t day);
/* Whether an exemption known by the question's day is in force for this rule on `day`. */
bool exemption_on(const struct question *q, day_t day);
bool exemption_names(const struct exemption_span *span, const struct rule *rule);
/* The first day after the question's on which an exemption from this rule begins or is over. */
day_t exemption_next_change(const struct question *q);

/* activities.c: what was done. */

/* Why an activity counts for the rule or not, leaving the dates of a period or window aside. In the
 * order in which they are told. */
enum activity_why {
    WHY_OUT_OF_EFFECT,
    WHY_AFTER_DAY,
    WHY_OTHER_KIND,
    WHY_TRAINING_HOURS, /* measure is hours, and this is no training */
    WHY_NOT_PRESENT,
    WHY_COUNTED,
};
enum activity_why activity_judge(const struct question *q, const struct activity *a);
/* Index of the first activity not before `day`. */
size_t activities_from(const struct activity *list, size_t count, day_t day);
/* c(P) of rules.md: number, or hundredths of hours, of what counts in first..last up to the day. */
int64_t activities_sum(const struct question *q, day_t first, day_t last);
/* The latest activity up to the day that counts, NULL if none. */
const struct activity *activities_latest(const struct question *q);

/* Needs_rolls of a cadence rule: the branch's rolls in first..last, up to the day, are such that a
 * member's absence from them tells something. `named`: how many name anybody of the branch. */
bool rolls_kept(const struct question *q, int64_t branch, day_t first, day_t last,
                int64_t *named_out);
/* Needs_rolls of a silence rule: rolls of the member's branch dated after base and not after the
 * day. *nth_out: the day of the needs_rolls-th of them, DAY_NONE if there are not as many. */
int64_t rolls_after(const struct question *q, day_t base, day_t *nth_out);

/* cadence.c: calendar periods. */
struct period {
    day_t first, last;
    day_t closes; /* first day on which it is closed */
};
struct period period_of(const struct rule *rule, day_t day);
struct period period_before(const struct rule *rule, struct period p);
struct period period_after(const struct rule *rule, struct period p);
bool period_met(const struct question *q, struct period p);
/* Whether a period is a duty period as far as the day can tell: of one that is not over, the last
 * day's facts are taken to be those of the day. */
enum period_duty { PERIOD_NO_DUTY, PERIOD_EXCUSED, PERIOD_DUTY };
enum period_duty period_duty(const struct question *q, struct period p);

void cadence_evaluate(struct verdict *out, const struct question *q);
/* First day of what decides the verdict: the first missed period, or else the latest closed one. */
day_t cadence_window(const struct question *q, const struct verdict *verdict);
/* The day on which the alert opens, or opened, with `missed` periods, if nothing more is recorded;
 * DAY_NONE if that cannot be foreseen. */
day_t cadence_reaches(const struct question *q, int32_t missed);

/* silence.c */
void silence_evaluate(struct verdict *out, const struct question *q);

/* dated.c: expiry and state, and thresholds that are durations. */
struct reach {
    enum level level; /* of the furthest threshold reached, LEVEL_NONE if none */
    day_t first;      /* day of the earliest threshold */
    day_t next;       /* day of the next one to come, DAY_NEVER if none */
};
void thresholds_reach(struct reach *out, const struct rule *rule, day_t base, day_t d);
void expiry_evaluate(struct verdict *out, const struct question *q);
void state_evaluate(struct verdict *out, const struct question *q);

/* explain_lists.c: "counted", "not_counted" and "more" of the activities. */
void explain_activities(struct json *j, const struct question *q, day_t window_from);

#endif
