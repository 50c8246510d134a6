/* What is recorded of alerts, told to one listener inside the transaction that records it: so that what follows from
 * it (notify/) is there exactly if the row is. A listener that fails makes the whole slice fail; it is done again.
 *
 * An acknowledgement is told later than its row, once that is taken, and maybe twice.
 */
#ifndef MUSTER_ALERTS_NEWS_H
#define MUSTER_ALERTS_NEWS_H

#include "alerts/alerts.h"

struct facts;
struct subject_data;

struct alert_news {
    enum event_type type;       /* EV_ALERT_OPENED, _CHANGED, _CLOSED; _ACKNOWLEDGED: only alert and today are set */
    int64_t alert;              /* its number */
    int64_t seq;                /* of the row */
    const char *rule;           /* its id */
    int64_t subject;            /* key */
    enum level level, level_before; /* level_before: of a change */
    const struct subject_data *data; /* of the subject; NULL: nothing makes it one any more */
    struct facts *facts;
    day_t today;
};

typedef int alerts_told(void *listener, const struct alert_news *news, struct err *err);
/* NULL ends it. */
void alerts_listen(struct alerts *alerts, alerts_told *told, void *listener);

#endif
