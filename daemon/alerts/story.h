/* What was recorded about one alert, from its opening on; and whether staff have acknowledged it (rules.md section 3). */
#ifndef MUSTER_ALERTS_STORY_H
#define MUSTER_ALERTS_STORY_H

#include "ledger/history.h"

struct alert_story {
    struct stored **rows; /* the opening first */
    size_t n;
};
/* Into the arena of `rd`. */
int alert_story_read(struct alert_story *out, struct reading *rd, int64_t number, struct err *err) MUST_CHECK;

/* The acknowledgement that was the last to hold, or NULL: the last one recorded that is in effect, unless the level has
 * risen since. */
const struct stored *alert_story_last_acknowledged(const struct alert_story *story);
/* The last day on which an acknowledgement holds: DAY_NEVER if it says none, DAY_NONE for NULL. */
day_t alert_acknowledged_until(const struct stored *ack);
/* The acknowledgement that holds on a day, or NULL. */
const struct stored *alert_story_acknowledged(const struct alert_story *story, day_t day);

#endif
