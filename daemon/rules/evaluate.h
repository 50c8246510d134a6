/* Rules: what is open on a civil day, and why (rules.md sections 1 and 2).
 *
 * Pure: plain data in, plain data out. It knows no clock, no file, no SQL, no arrival order and no
 * earlier evaluation. Who calls it (alerts, query) loads a subject's data first.
 *
 * A subject's facts are a list of frames, each valid from its day until the next one's; facts of a
 * day are those after all events dated that day. Frames may go beyond the day asked for: later
 * ones are not looked at, so one loaded subject answers for any day.
 */
#ifndef MUSTER_RULES_EVALUATE_H
#define MUSTER_RULES_EVALUATE_H

#include "base/json.h"
#include "pack/pack.h"

struct frame {
    day_t from;
    bool in_force;
    struct fact facts[FACT_COUNT];
    day_t dates[DATE_COUNT]; /* DAY_NONE: no such date */
    int64_t branch;          /* member: key of the branch belonged to that day, 0 for none */
    int64_t state_seq;       /* seq of the event that began this frame, 0 if none */
};

enum activity_flag {
    ACTIVITY_TRAINING = 1 << 0,
    ACTIVITY_CONTACT = 1 << 1,
    ACTIVITY_HOST = 1 << 2,     /* branch: it is the event's `branch` */
    ACTIVITY_WITH = 1 << 3,     /* branch: it is in `with` */
    ACTIVITY_PRESENT = 1 << 4,  /* member: in `present` */
    ACTIVITY_ABSENT = 1 << 5,   /* member: in `absent` */
    ACTIVITY_HAS_LIST = 1 << 6, /* the event has a `present` list, maybe empty */
    ACTIVITY_HAS_ROLL = 1 << 7, /* the event has a `present` list that is not empty */
    ACTIVITY_OUT = 1 << 8,      /* out of effect (voided or replaced): only explain shows it */
};

/* One meeting, training or contact as far as rules look at it. */
struct activity {
    day_t day;
    uint64_t kinds;           /* bits of wire/kinds.h; KIND_TRAINING for a training, KIND_CONTACT */
    int32_t hours_hundredths; /* trainings; 0 else */
    uint32_t flags;
    int64_t seq;
};

struct exemption_span {
    day_t from, to;     /* both included */
    char **rules;       /* rule ids, or "*" */
    size_t rule_count;
    const char *ref;    /* the exemption */
    bool by_branch;     /* of the member's branch, for the days on which it was that branch */
};

/* What is known of a branch's rolls; for member rules with needs_rolls. */
struct branch_rolls {
    const struct activity *held;     /* meetings and trainings of it or with it, by day */
    size_t held_count;
    const struct activity *attended; /* events, by anybody, with at least one `present` member who
                                        belonged to this branch on the event's day; by day */
    size_t attended_count;
};

struct subject_data {
    enum subject_kind kind;
    int64_t key;
    const char *ref;
    const char *name;
    struct frame *frames; /* by `from`, strictly rising; the subject is not in force before the first */
    size_t frame_count;
    struct activity *activities; /* by day. Branch: of it or with it. Member: present, absent or contact */
    size_t activity_count;
    struct exemption_span *exemptions; /* own, and for members the branch's, already cut to the days in it */
    size_t exemption_count;
    /* Rolls of a branch by key, loaded when first asked for; lives as long as the subject. NULL
     * result: none known. Only for members. */
    const struct branch_rolls *(*rolls)(void *rolls_ctx, int64_t branch);
    void *rolls_ctx;
};

struct verdict {
    bool open;
    bool exempt;        /* would be open, but an exemption in force on the day suppresses it */
    enum level level;
    day_t since;
    day_t due;          /* expiry: date + plus; else DAY_NONE */
    int32_t missed;     /* cadence: M; else 0 */
    day_t last;         /* silence: day of the last qualifying event, DAY_NONE if none; cadence: the latest
                           counted activity day <= D, DAY_NONE if none */
    int64_t last_seq;   /* its seq, 0 if none */
    day_t base;         /* silence, state: base; DAY_NONE else */
    day_t missed_first, missed_last; /* cadence: first days of the first and last missed period */
    day_t next;         /* the earliest day after D on which the verdict may differ if nothing more is
                           recorded; may be too early, never too late. DAY_NEVER if never */
};

/* One rule for one subject on day D. A subject of another kind than the rule's: not open. */
void rule_evaluate(struct verdict *out, const struct rule *rule, day_t tracking_since,
                   const struct subject_data *subject, day_t d);

/* Facts on a day: the frame that holds it, or NULL before the first. */
const struct frame *frame_on(const struct subject_data *subject, day_t d);
bool rule_when_holds(const struct rule *rule, const struct frame *frame);

/* Cadence only: every calendar period that overlaps [first, last], for the board.
 * DUTY_NONE: no duty period. DUTY_EXCUSED: would be one but for an exemption on its last day.
 * DUTY_MET. DUTY_OPEN: unmet and not closed on D. DUTY_LATE: unmet and closed, but a later period is met by D.
 * DUTY_MISSED: unmet, closed, and nothing since. Periods that begin after D are not listed. */
enum duty_state { DUTY_NONE, DUTY_EXCUSED, DUTY_MET, DUTY_OPEN, DUTY_LATE, DUTY_MISSED };
const char *duty_state_name(enum duty_state state); /* "none" "excused" "met" "open" "late" "missed" */
struct duty {
    day_t first, last, closes; /* closes: first day on which it is closed */
    int64_t counted;           /* in the rule's measure: events, or hundredths of hours */
    enum duty_state state;
};
/* Returns the number of duties written to a fresh array (free it). */
size_t rule_duties(struct duty **out, const struct rule *rule, day_t tracking_since,
                   const struct subject_data *subject, day_t first, day_t last, day_t d);

/* Writes the explanation as members of the JSON object that the caller has opened and will close:
 *   "open", "level"?, "since"? (of an open alert), "due"?, "missed"?, "exempt" (bool: on that day),
 *   "exempt_until"? (its last day), "without_exemption"?: {"level","since"} (what would be open),
 *   "window": {"from","to"} (the days looked at), "start" (later of tracking_since and first day in force),
 *   "periods": [{"period","first","last","closes","state","counted","at_least"}] (cadence, last 12 at most),
 *   "base"?, "last"? (silence/state/expiry), "date"? (expiry),
 *   "counted": [{"seq","at","why"}], "not_counted": [{"seq","at","why"}] - why one of
 *      counted | other_kind | other_period | before_window | after_day | out_of_effect | not_present | training_hours
 *   "exemptions": [{"exemption","from","to","branch": bool}],
 *   "facts": {fact: value, ...} used by the rule's when, with "holds": bool,
 *   "rolls"?: {"needed","seen"},
 *   "levels": [{"level","on"}] (the day each level begins if nothing more is recorded; null if not foreseeable),
 *   "clears": {"en","zh"} (the remedy with its placeholders filled: see rule_remedy). */
void rule_explain(struct json *j, const struct rule *rule, day_t tracking_since,
                  const struct subject_data *subject, day_t d, const struct kinds *kinds);

/* The remedy with {subject} {name} {branch} {period} {due} {need} filled; lang "zh" or other. */
void rule_remedy(struct buf *out, const struct rule *rule, const struct verdict *verdict,
                 const struct subject_data *subject, const char *branch_ref, day_t d, const char *lang);

#endif
