/* The inside of notify, shared by the files of this room only. */
#ifndef MUSTER_NOTIFY_NOTIFY_STATE_H
#define MUSTER_NOTIFY_NOTIFY_STATE_H

#include "facts/facts.h"
#include "notify/compose.h"
#include "notify/notify.h"
#include "notify/reporters.h"
#include "store/notices.h"

struct under_way {
    const char *channel; /* NULL: past the last */
    int64_t message;     /* 0: none */
};

/* How far the day's deleting has come. */
struct pruning {
    day_t done_on;           /* DAY_NONE: never yet */
    int64_t notice, message; /* looked at up to these */
    int64_t next_ms;         /* monotonic: no further step before */
};

struct notify {
    struct ledger *ledger;
    struct store *store;
    struct alerts *alerts;
    const struct settings *settings;
    const struct telling *telling; /* of it */
    day_t tracking_since;
    const uint8_t *word_key; /* NULL: messages hold no words */
    int64_t off_days;
    bool summary;          /* until everything is evaluated for the first time */
    day_t watched_day;     /* the ladder and repetitions are done for this day */
    bool look;             /* something may be due: look into the store */
    int64_t next_us;       /* else nothing is before then; -1: nothing foreseen */
    bool may_take;         /* a message may wait for a channel that is free */
    bool strays;           /* the channels changed */
    struct under_way *ways; /* one for each channel that there is, "feed" and "log" too */
    struct composing composing;
    struct arena arena;    /* of one alert's news, or one step */
    struct reporters reporters;
    struct pruning pruning;
};

/* ---- telling.c: rows for those who are to be told, inside a transaction ---- */

/* One alert, and all that is told of it so far. */
struct case_file {
    struct notify *notify;
    int64_t alert, step;
    enum level level;
    int64_t branch;          /* key; 0: none */
    enum notice_moment summary; /* MOMENT_SUMMARY, or MOMENT_NOW for each one's own moment */
    const char *silent;      /* the area from which nobody reports, if that may be why; NULL */
    struct notice *told;     /* not dropped; in the notify's arena */
    size_t told_count;
};
int case_open(struct case_file *c, struct notify *notify, int64_t alert, struct err *err) MUST_CHECK;
/* Whether a person is told of it, or will be. */
bool case_has(const struct case_file *c, const char *person);
/* The level that a person knows of, or waits to be told. */
enum level case_level(const struct case_file *c, const char *person);

/* By all of a person's channels. `route` NULL: by the person's own habits. */
int case_tell(struct case_file *c, enum notice_what what, int person, const struct route *route, struct err *err) MUST_CHECK;
/* Up the ladder from a person who is told, as far as the level alone carries. */
int case_climb(struct case_file *c, int person, struct err *err) MUST_CHECK;
/* The route by which a row came, if it is still there. */
const struct route *case_route(const struct case_file *c, const struct notice *row);

/* ---- news.c ---- */
alerts_told notify_hear;

/* ---- ladder.c: looks again at some of the alerts whose day has come. 1: there are more; 0; -1 ---- */
int ladder_step(struct notify *notify, day_t today, struct err *err) MUST_CHECK;
/* Of an alert that nobody has acknowledged, at this level: notes the day on which to look at it next. */
int ladder_plan(struct case_file *c, day_t today, struct err *err) MUST_CHECK;

/* ---- gather.c: messages of what is due. 1: there is more; 0; -1 ---- */
int gather_step(struct notify *notify, int64_t now_us, struct err *err) MUST_CHECK;

/* ---- deliver.c ---- */
/* Delay before the next try, with a jitter that is the key's own. */
int64_t retry_delay_s(const char *key, int64_t tries);
/* Messages for channels that are no longer there have failed: each is a commit. 1: there may be more; 0; -1. */
int deliver_stray(struct notify *notify, int64_t now_us, int64_t until_ms, struct err *err) MUST_CHECK;

#endif
