/* What people are told: tables that do not follow from the ledger (schema_004.sql). What they mean is notify/'s
 * affair. Times are microseconds since 1970. Texts read live in the arena. */
#ifndef MUSTER_STORE_NOTICES_H
#define MUSTER_STORE_NOTICES_H

#include "store/store.h"

/* Stored: new ones go to the end. */
enum notice_what {
    NOTICE_OPENED = 1,
    NOTICE_RAISED,
    NOTICE_CLOSED,
    NOTICE_ESCALATED,   /* to the next person */
    NOTICE_AGAIN,       /* repeated, or after an acknowledgement's end */
    NOTICE_UNDELIVERED, /* a message failed */
};

enum notice_moment { MOMENT_NOW, MOMENT_DAILY, MOMENT_WEEKLY, MOMENT_SUMMARY, MOMENT_UNDELIVERED };

enum message_state {
    MESSAGE_STATE_NONE, /* of a notice that is in no message */
    MESSAGE_GATHERING,
    MESSAGE_WAITING,
    MESSAGE_SENT,
    MESSAGE_FAILED_FOR_GOOD,
    MESSAGE_LISTED,     /* of a rehearsal */
    MESSAGE_FORGOTTEN,  /* failed, and somebody has said that it may be */
};

enum { NOTICE_WAITS = 0, NOTICE_DROPPED = -1 };

struct notice {
    int64_t number;
    int64_t alert;         /* 0: of no alert */
    enum notice_what what;
    int64_t step;
    const char *recipient, *channel;
    int level, level_before;
    int64_t branch;        /* key; 0: none */
    const char *route;     /* by which it came; "": by the ladder, or having been told before */
    enum notice_moment moment;
    int64_t due_us, made_us;
    const char *silent;    /* the area from which nobody reports, where that may be why; "" else */
    int64_t message;       /* or NOTICE_WAITS, NOTICE_DROPPED */
};

struct outgoing {
    int64_t number;
    const char *key, *recipient, *channel, *error;
    enum notice_moment moment;
    int64_t made_us, off_days, upto;
    enum message_state state;
    int64_t tries, next_us;
};

/* *added_out: false where that step was told to that recipient by that channel before. */
int store_notice_add(bool *added_out, struct store *store, const struct notice *notice, struct err *err) MUST_CHECK;
/* All that is told, or waits to be, of an alert; in order. */
int store_notices_of_alert(struct notice **out, size_t *n_out, struct arena *arena, struct store *store, int64_t alert,
                           struct err *err) MUST_CHECK;
/* At most `most` of a message, after the one of that number. */
int store_notices_of_message(struct notice **out, size_t *n_out, struct arena *arena, struct store *store,
                             int64_t message, int64_t after, size_t most, struct err *err) MUST_CHECK;
/* If it is in no message yet. */
int store_notice_drop(struct store *store, int64_t number, struct err *err) MUST_CHECK;
/* One that is due, the one that has waited longest: 1 found, 0 none. */
int store_notice_due(struct notice *out, struct arena *arena, struct store *store, int64_t now_us,
                     struct err *err) MUST_CHECK;
/* When the next one is due: 1 found, 0 none. */
int store_notice_earliest(int64_t *due_us_out, struct store *store, struct err *err) MUST_CHECK;
int store_notice_newest(int64_t *number_out, struct store *store, struct err *err) MUST_CHECK;

/* A new message, being gathered. */
int store_message_add(int64_t *number_out, struct store *store, const struct outgoing *message, struct err *err) MUST_CHECK;
/* Takes at most `most` of what is due by `made_us` into it, and of what is told at once also what is due by `soon_us`, not
 * before it. *n_out: how many. */
int store_message_gather(int64_t *n_out, struct store *store, const struct outgoing *message, int64_t soon_us, int64_t most,
                         struct err *err) MUST_CHECK;
/* All of it is there: now it waits, or is listed only (`ended_us`). */
int store_message_gathered(struct store *store, int64_t number, enum message_state state, int64_t ended_us,
                           struct err *err) MUST_CHECK;
/* 1 found, 0 none. */
int store_message_gathering(struct outgoing *out, struct arena *arena, struct store *store, struct err *err) MUST_CHECK;
int store_message_next(struct outgoing *out, struct arena *arena, struct store *store, const char *channel,
                       struct err *err) MUST_CHECK;
int store_message_get(struct outgoing *out, struct arena *arena, struct store *store, int64_t number,
                      struct err *err) MUST_CHECK;
/* One that waits for a channel that is not in the JSON array of names. */
int store_message_stray(int64_t *number_out, struct store *store, const char *channels, struct err *err) MUST_CHECK;
/* Writes state, tries, next and error; `ended_us` 0 while it waits. */
int store_message_set(struct store *store, const struct outgoing *message, int64_t ended_us, struct err *err) MUST_CHECK;
/* Those that failed, or one of them (0: all), are to be sent anew. *n_out: how many. */
int store_messages_retry(int64_t *n_out, struct store *store, int64_t number, int64_t now_us, struct err *err) MUST_CHECK;
/* Likewise, but no more is to come of them: they ended now. */
int store_messages_forget(int64_t *n_out, struct store *store, int64_t number, int64_t now_us, struct err *err) MUST_CHECK;

/* Looks at `most` notices after `after_notice`, then at messages after `after_message`, and deletes of them what was written
 * and ended before `before_us`: what was told, listed, forgotten or dropped of alerts that are over, and messages of which
 * nothing is left. The newest of both stays, so that no number is given twice. 1: there is more, from the new `after_...` on;
 * 0: all was looked at; -1. Inside a transaction. */
struct notice_prune {
    int64_t before_us, after_notice, after_message, most;
};
int store_notices_prune(struct notice_prune *prune, struct store *store, struct err *err) MUST_CHECK;
/* Nothing waits beyond these times. */
int store_notices_hurry(struct store *store, int64_t due_us, int64_t next_us, struct err *err) MUST_CHECK;

/* ---- reporters ---- */

/* Something about the branch was recorded on that day. */
int store_heard_set(struct store *store, int64_t branch, day_t day, struct err *err) MUST_CHECK;
struct silent_area {
    const char *area;
    day_t last; /* DAY_NONE: never, as far as is known */
};
/* Areas about whose branches nothing was recorded since `day`. */
int store_heard_silent(struct silent_area **out, size_t *n_out, struct arena *arena, struct store *store, day_t day,
                       struct err *err) MUST_CHECK;
/* Whether the area of any branch or unit begins so: 1, 0. */
int store_realm_area_begins(struct store *store, const char *prefix, struct err *err) MUST_CHECK;
/* The newest area of a branch or unit: 1 found, 0 none. */
int store_realm_area(const char **out, struct arena *arena, struct store *store, int64_t subject, struct err *err) MUST_CHECK;

/* DAY_NEVER: no more. */
int store_watch_set(struct store *store, int64_t alert, day_t day, struct err *err) MUST_CHECK;
int store_watch_due(int64_t *alerts_out, size_t *n_out, struct store *store, day_t day, size_t most,
                    struct err *err) MUST_CHECK;

struct notice_counts {
    int64_t waiting; /* rows in no message yet */
    int64_t sending, failed; /* messages */
};
int store_notice_counts(struct notice_counts *out, struct store *store, struct err *err) MUST_CHECK;

/* A row of SQL_NOTICES_OF_ALERT and the like. */
void store_notice_read(struct notice *out, struct arena *arena, sqlite3_stmt *stmt);

#endif
