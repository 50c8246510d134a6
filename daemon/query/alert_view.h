/* Alerts as they are read: one item, the filters on it, and its row (rules.md section 3). Shared by
 * alerts, explain, due and rules with `try`. */
#ifndef MUSTER_QUERY_ALERT_VIEW_H
#define MUSTER_QUERY_ALERT_VIEW_H

#include "alerts/story.h"
#include "query/answer.h"

/* One alert, recorded or evaluated. */
struct alert_item {
    int64_t number;          /* 0: evaluated, not recorded */
    const char *rule;        /* its id */
    const struct rule *known; /* NULL: the pack has no such rule */
    int64_t subject;
    enum level level;
    day_t since;
    int64_t changed, closed, ack; /* seqs of rows; 0: none */
    const char *why;         /* of the closing */
};

/* A row of one of the statements that begin SELECT number, rule, subject, level, since, changed,
 * closed, why, ack. Texts in `arena`. */
void alert_item_read(struct alert_item *out, struct arena *arena, const struct pack *pack,
                     sqlite3_stmt *s);

struct alert_filter {
    const char *rule;   /* NULL: not asked */
    enum level level;   /* LEVEL_NONE: not asked */
    const char *area;
    int64_t branch;     /* 0: not asked */
};

/* From the fields level, rule, area and branch, as far as the request has them. `pack`: one of its
 * rules must be meant; NULL: any. */
int alert_filter_read(struct alert_filter *out, struct asking *ask, const struct pack *pack,
                      struct err *err) MUST_CHECK;
/* Whether a subject lies within branch and area on the day asked for: a unit by its own area, all
 * others by that of their branch. */
int alert_subject_passes(bool *out, struct asking *ask, const struct alert_filter *f, int64_t subject,
                         struct err *err) MUST_CHECK;
int alert_passes(bool *out, struct asking *ask, const struct alert_filter *f,
                 const struct alert_item *item, struct err *err) MUST_CHECK;

/* "no such rule", with the nearest as hint. Returns 1. */
int alert_unknown_rule(const struct pack *pack, const char *id, struct err *err);
/* Before a row that loads facts: bounds what the session of facts holds. */
void ask_facts_bound(struct asking *ask);

/* The place of a row in lists of what was evaluated, for cursors. */
struct alert_place {
    day_t day;
    enum level level;
    enum subject_kind kind;
    const char *rule, *ref;
};
/* By rule and subject. */
int alert_place_compare(const struct alert_place *a, const struct alert_place *b);
void alert_place_mark(struct asking *ask, char sort, const struct alert_place *place);
/* The request's cursor, in its arena; *has_out: there is one. */
int alert_place_read(struct alert_place *out, bool *has_out, struct asking *ask, char sort,
                     struct err *err) MUST_CHECK;

/* --- writing. All of it as of ask->day --- */

/* "rule", "subject", "name", "branch"?. *branch_out: the branch's ref in the request's arena, NULL. */
int write_alert_subject(const char **branch_out, struct asking *ask, const char *rule, int64_t subject,
                        struct err *err) MUST_CHECK;
/* "title", "basis" and, with a verdict, "remedy". */
void write_alert_prose(struct asking *ask, const struct rule *rule, const struct verdict *verdict,
                       const struct subject_data *subject, const char *branch);
/* "last": {event, type, at} of a row. */
int write_alert_last(struct asking *ask, const char *key, int64_t seq, struct err *err) MUST_CHECK;
/* "state", "acknowledged"?, "closed"?: what was recorded about the alert. */
int write_alert_state(struct asking *ask, const struct alert_item *item, struct err *err) MUST_CHECK;
/* The whole row, an object. */
int write_alert(struct asking *ask, const struct alert_item *item, struct err *err) MUST_CHECK;

/* --- every open alert of a day, by evaluation (evaluated.c) --- */

/* Rows in the order worst and oldest first, in pages. */
int list_evaluated(struct asking *ask, const struct alert_filter *f, struct err *err) MUST_CHECK;
/* rules with `try`. */
int answer_try(struct asking *ask, struct err *err) MUST_CHECK;

#endif
