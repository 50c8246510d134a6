/* When somebody is told: at once, at an hour of the day or the week, never in quiet hours, on days off only who wants
 * it. Pure. */
#ifndef MUSTER_NOTIFY_MOMENT_H
#define MUSTER_NOTIFY_MOMENT_H

#include "settings/people.h"

/* The first moment from `from_us` on at which that person is to be told. `when`: the route's, or the person's own. */
int64_t moment_of(const struct person *person, const struct tell_when *when, const struct calendar *calendar,
                  int64_t from_us);

#endif
