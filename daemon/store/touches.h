/* Which events concern which subject, in the order of time.
 *
 * Two tables of one shape. `touch` holds what register events say of a subject: few, and read by every
 * check. `activity` holds meetings, trainings and contacts: many, read by rules and lists over a
 * range of days, and never by a check of an event that corrects nothing. Number 0 stands for the
 * whole ledger: every row is in `activity` under it.
 */
#ifndef MUSTER_STORE_TOUCHES_H
#define MUSTER_STORE_TOUCHES_H

#include "store/store.h"

/* How an event concerns a subject. Stored: bits are never reused. */
enum role {
    ROLE_SELF = 1 << 0,     /* it is about this subject */
    ROLE_MENTION = 1 << 1,  /* it refers to this subject, which must be in force on its date */
    ROLE_HOST = 1 << 2,     /* its `branch` (meeting, training) */
    ROLE_WITH = 1 << 3,
    ROLE_PRESENT = 1 << 4,
    ROLE_ABSENT = 1 << 5,
    ROLE_HAS_LIST = 1 << 6, /* the event has a `present` list */
    ROLE_HAS_ROLL = 1 << 7, /* which is not empty */
    ROLE_EXEMPT = 1 << 8,   /* an exemption of this subject is granted or ended */
    ROLE_VIA = 1 << 9,      /* through the event that created its transfer or exemption */
};

enum { WHOLE_LEDGER = 0 };

/* A place in a subject's events, for lists. The one order (ledger.md section 1: rank, and the id where
 * times are equal) is made by the folds, which read the rows anyway. */
struct place {
    day_t day;
    int64_t tod; /* civil time of day in nanoseconds, -1 for a bare date */
    int64_t seq;
};

struct touch {
    struct place place;
    enum event_type type;
    uint32_t role;
    uint64_t kinds; /* bits; KIND_TRAINING, KIND_CONTACT; 0 of register events */
    int32_t hours;  /* hundredths, of trainings */
    int64_t out_by; /* seq of the event that took it out of effect, 0 while it counts */
};

/* Meetings, trainings and contacts. */
bool event_type_is_activity(enum event_type type);

int store_touch_add(struct store *store, int64_t subject, const struct touch *touch,
                    struct err *err) MUST_CHECK;
int store_touch_out(struct store *store, int64_t subject, const struct touch *touch, int64_t by,
                    struct err *err) MUST_CHECK;
int store_touch_remove(struct store *store, int64_t subject, const struct touch *touch,
                       struct err *err) MUST_CHECK;
/* Adds the row to the whole ledger's order. */
int store_ledger_order_add(struct store *store, const struct touch *touch,
                           struct err *err) MUST_CHECK;
int store_ledger_order_out(struct store *store, const struct touch *touch, int64_t by,
                           struct err *err) MUST_CHECK;

/* All register touches of a subject, oldest first, those out of effect too. */
int store_touches(struct touch **out, size_t *n_out, struct arena *arena, struct store *store,
                  int64_t subject, struct err *err) MUST_CHECK;
/* Activities of a subject dated first..last, both included, oldest first, those out of effect too. */
int store_activities(struct touch **out, size_t *n_out, struct arena *arena, struct store *store,
                     int64_t subject, day_t first, day_t last, struct err *err) MUST_CHECK;
/* The oldest activity in effect dated first..last, but for the row `besides`. 1 found, 0 none, -1. */
int store_activity_any(struct touch *out, struct store *store, int64_t subject, day_t first,
                       day_t last, int64_t besides, struct err *err) MUST_CHECK;

/* A walk over all of a subject's events, newest first: touches and activities merged. */
struct touch_walk {
    struct store *store;
    int64_t subject;
    /* Of touch and of activity. Rows are fetched in runs, so no statement stays open between calls. */
    struct touch run[2][32];
    int run_n[2], run_i[2];
    bool done[2];
    struct place from[2]; /* where the next run begins */
};
/* From the newest place on, or from what comes after (is older than) `after`. */
void touch_walk_init(struct touch_walk *walk, struct store *store, int64_t subject,
                     const struct place *after);
/* 1: the next one; 0: no more; -1: failed. */
int touch_walk_next(struct touch *out, struct touch_walk *walk, struct err *err) MUST_CHECK;

int place_compare(const struct place *a, const struct place *b);

#endif
