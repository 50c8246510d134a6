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

/* A subject that an event concerns. */
struct touching {
    int64_t subject;
    uint32_t role;
};

/* Takes the event of a new row into the order of its subjects and of the whole ledger. `takes`: the row
 * that it takes out of effect, 0 if none (see store_event_out for that one's own touches). */
int store_event_add(struct store *store, const struct touch *touch, const struct touching *subjects,
                    size_t n, int64_t takes, struct err *err) MUST_CHECK;
/* Takes an event out of effect: row `by` does. */
int store_event_out(struct store *store, const struct touch *touch, const struct touching *subjects,
                    size_t n, int64_t by, struct err *err) MUST_CHECK;
/* One touch of a register event comes or goes; the whole ledger's order stays. */
int store_touch_add(struct store *store, int64_t subject, const struct touch *touch,
                    struct err *err) MUST_CHECK;
int store_touch_remove(struct store *store, int64_t subject, const struct touch *touch,
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
enum { WALK_SOURCES = 50, WALK_RUN = 16 };
struct touch_walk {
    struct store *store;
    int64_t subject;
    bool registers_only; /* set after touch_walk_init: leave the activities out */
    /* The register touches, the tail, and each run of activities. Touches are fetched a few at a time, so no
     * statement stays open between calls; and not at all while what is at hand is newer than all there. */
    struct walk_source {
        int64_t run;
        bool done;
        int n, i;
        struct place from; /* where the next few begin: all of them are before it */
        struct touch few[WALK_RUN];
    } sources[WALK_SOURCES];
    int source_count;
    bool started;
    struct place after;
};
/* From the newest place on, or from what comes after (is older than) `after`. */
void touch_walk_init(struct touch_walk *walk, struct store *store, int64_t subject,
                     const struct place *after);
/* 1: the next one; 0: no more; -1: failed. */
int touch_walk_next(struct touch *out, struct touch_walk *walk, struct err *err) MUST_CHECK;

int place_compare(const struct place *a, const struct place *b);

#endif
