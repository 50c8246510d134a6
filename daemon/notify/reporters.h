/* From where anything is reported: so that "no reports" can be told apart from "inactive".
 *
 * An area (the newest area code of its branches, whole) is silent when nothing about any of its branches was recorded for
 * `silence_of_reporters` days, whatever its date. Kept from the rows of the ledger, in transactions of its own, apart from
 * recording; looks back no further than it has to. Inside the room only.
 */
#ifndef MUSTER_NOTIFY_REPORTERS_H
#define MUSTER_NOTIFY_REPORTERS_H

#include "base/arena.h"
#include "store/notices.h"

struct notify;

struct reporters {
    bool loaded;       /* heard_seq was read */
    int64_t heard_seq; /* rows up to this were looked at */
    day_t first_day;   /* of the ledger: before that nobody could report */
    bool known;        /* `silent` is that of `day` */
    day_t day;
    struct arena arena;
    struct silent_area *silent;
    size_t silent_count;
};

/* The configuration changed. */
void reporters_reset(struct reporters *r);
void reporters_deinit(struct reporters *r);

/* *area_out: the silent area that may explain an alert by this rule, NULL else; lives until the next call. */
int reporters_explain(const char **area_out, struct notify *notify, const char *rule, int64_t branch, day_t today,
                      struct err *err) MUST_CHECK;
/* The last day on which an area reported, of those that are silent now; DAY_NONE. */
int reporters_last(day_t *out, struct notify *notify, const char *area, day_t today, struct err *err) MUST_CHECK;

#endif
