/* Whom the daemon tells of alerts, of which, and when (people, routes, weekend, ...; docs/notices.md).
 *
 * Plain data, checked whole with the rule pack and the channels: everybody who is named is there, every rule is told
 * to somebody, every route can match, and whoever stands above whom, the ladder ends. Without routes nothing is told.
 */
#ifndef MUSTER_SETTINGS_PEOPLE_H
#define MUSTER_SETTINGS_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "pack/pack.h"

struct settings;
struct settings_text;

enum tell { TELL_NOW, TELL_DAILY, TELL_WEEKLY };

/* "now", "daily 08:00", "monday 08:00" */
struct tell_when {
    enum tell tell;
    int32_t at_s;   /* second of the day: 0..86399 */
    int weekday;    /* WEEKLY: 0 Monday .. 6 Sunday */
};

/* One way to reach a person. */
struct person_address {
    char *channel; /* of settings_channel_find, or "feed" or "log" */
    char *to;      /* "" where the channel needs none */
};

enum { PERSON_NONE = -1 };

struct person {
    char *name;
    const char *lang;            /* "en", "zh" */
    struct person_address *addresses;   /* at least one; each channel once */
    size_t address_count;
    struct tell_when when;
    int32_t quiet_from_s, quiet_to_s; /* [from, to), over midnight where from > to; the same: none */
    bool on_days_off;            /* is told on days off as well */
    int above;                   /* index of whom it goes to next, or PERSON_NONE */
    int32_t after_days;          /* unacknowledged for so long; 0: time alone moves nothing up */
    enum level above_level;      /* at once from this level on; LEVEL_NONE: no level does */
    int line;
};

struct route {
    char *name;
    enum level level;            /* from this level on */
    struct settings_text *rules; /* none: all of them */
    size_t rule_count;
    struct settings_text *areas; /* beginnings of area codes; none: everywhere */
    size_t area_count;
    struct settings_text *branches; /* refs, with * and ?; none: everywhere */
    size_t branch_count;
    int *to;                     /* indices of people */
    size_t to_count;
    bool has_when;               /* else each person's own */
    struct tell_when when;
    int32_t repeat_days;         /* told again while open and unacknowledged; 0: never */
    int line;
};

/* Days on which nobody is told but who wants it. */
struct day_span {
    day_t first, last;
};
struct calendar {
    unsigned weekend; /* bit 0: Monday */
    struct day_span *off;
    size_t off_count;
    struct day_span *on; /* worked although a weekend or in `off` */
    size_t on_count;
};
bool calendar_works(const struct calendar *calendar, day_t day);

/* All that is told. */
struct telling {
    struct person *people;
    size_t person_count;
    struct route *routes; /* none: nothing is told */
    size_t route_count;
    struct calendar calendar;
    struct settings_text *untold; /* rules that nobody is to be told of */
    size_t untold_count;
    int administrator;    /* index, or PERSON_NONE */
    char *district;       /* what messages call the ledger; "": by its UUID */
    int64_t gather_s;     /* what opens within so long goes into one message */
    int64_t tries;        /* of a message, before it has failed */
    int64_t keep_days;    /* what was told, after its alert is over; 0: for ever */
    int64_t silence_days; /* an area without reports for so long is told as such; 0: never */
};

int settings_person_find(const struct telling *telling, const char *name); /* or PERSON_NONE */
/* Whether the route takes an alert of that rule (an id) and level, wherever it is. None takes what is untold. */
bool route_takes(const struct telling *telling, const struct route *route, const char *rule, enum level level);
/* Whether it takes alerts there: in one of its areas, or of one of its branches, if it names any. NULL: none. */
bool route_reaches(const struct route *route, const char *branch, const char *area);

#endif
