/* Dates as people type them, read by the ledger's calendar. Pure but for the process's zone.
 *
 *   2022-11-05   11-05 (this year)   today   yesterday   tomorrow   -3d   +2w
 *   any of these with a time: 2022-11-05T15:00, "yesterday 09:30"
 *   2022-11-05T15:00:00+08:00 (RFC 3339: passed on as it is)
 */
#ifndef MUSTER_CLI_WHEN_H
#define MUSTER_CLI_WHEN_H

#include <stdbool.h>

#include "base/date.h"
#include "base/err.h"

enum { WHEN_TEXT_SIZE = 64 };

struct when {
    day_t day;                 /* DAY_NONE for a full RFC 3339 time, which is not looked into */
    char text[WHEN_TEXT_SIZE]; /* for the wire */
};

/* `today` is the daemon's, so that a rehearsal's dates are meant. The zone must be set (zone_set)
 * where a time is allowed. Returns 0, or 1 with a sentence in err. */
int when_parse(struct when *out, const char *typed, bool time_allowed, day_t today, struct err *err) MUST_CHECK;

/* "2022-11-05 (Sat)" for a date, in the language given; the text itself for a time with its day. */
void when_show(char out[WHEN_TEXT_SIZE], const struct when *when, bool chinese);

#endif
