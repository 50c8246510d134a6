/* Reading the open alerts, and the days on which subjects are due to be looked at again. Written by
 * daemon/ledger (derive) and daemon/alerts. */
#ifndef MUSTER_STORE_ALERT_TABLE_H
#define MUSTER_STORE_ALERT_TABLE_H

#include "store/store.h"

struct alert_row {
    int64_t number; /* seq of the opening */
    const char *rule;
    int64_t subject;
    int level; /* enum level */
    day_t since;
    int64_t closed;  /* seq of its closing; 0: it is open */
    const char *why; /* of the closing; NULL */
};

/* 1 found, 0 none. */
int store_alert_get(struct alert_row *out, struct arena *arena, struct store *store, int64_t number,
                    struct err *err) MUST_CHECK;

/* The open alerts of a subject, by rule. */
int store_alerts_open_of(struct alert_row **out, size_t *n_out, struct arena *arena,
                         struct store *store, int64_t subject, struct err *err) MUST_CHECK;

/* Every subject with open alerts: calls `visit` with its kind, its ref, and their number. */
typedef void store_alert_visit(void *ctx, int kind, const char *ref, int64_t alerts);
int store_alert_subjects(struct store *store, store_alert_visit *visit, void *ctx,
                         struct err *err) MUST_CHECK;

/* The day on which a subject is due; DAY_NEVER takes it off the list. Writes only what differs. */
int store_deadline_set(struct store *store, int64_t subject, day_t day,
                       struct err *err) MUST_CHECK;
/* At most `most` subjects due by `day`, the earliest first. */
int store_deadlines(int64_t *subjects_out, size_t *n_out, struct store *store, day_t day,
                    size_t most, struct err *err) MUST_CHECK;
/* The present members of a branch who are due by `day`, in the arena. */
int store_deadlines_of_members(int64_t **members_out, size_t *n_out, struct arena *arena,
                               struct store *store, int64_t branch, day_t day,
                               struct err *err) MUST_CHECK;

/* The subject of rules whose key comes next after `after`: 1 found, 0 none. */
int store_subject_next(int64_t *key_out, enum subject_kind *kind_out, struct store *store,
                       int64_t after, struct err *err) MUST_CHECK;

#endif
