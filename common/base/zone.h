/* The ledger's time zone. A process has one, set once at start before any thread (it is the C
 * library's TZ). All civil dates of events and "today" are in it. */
#ifndef MUSTER_BASE_ZONE_H
#define MUSTER_BASE_ZONE_H

#include "base/date.h"
#include "base/err.h"

/* Refuses (1, err set) a name that the system's zone data lacks. Changes nothing. */
int zone_check(const char *name, struct err *err) MUST_CHECK;
/* Sets the zone by IANA name, after zone_check. */
int zone_set(const char *name, struct err *err) MUST_CHECK;

struct zoned {
    day_t day;
    int32_t second; /* of the civil day, 0..86400 */
};

/* The civil date and time of an instant (seconds since 1970 UTC). */
struct zoned zone_local(int64_t unix_s);

/* The instant at which a civil day begins. */
int64_t zone_midnight(day_t day);

/* The instant of a civil date and second of the day; the earlier one where it happens twice. */
int64_t zone_instant(day_t day, int32_t second);

/* Writes a civil date and second of the day as RFC 3339 with the zone's offset, "2022-11-05T15:00:00+08:00". False for a time
 * that the clocks skip that day. */
enum { ZONE_TEXT_SIZE = 64 };
bool zone_format(char out[ZONE_TEXT_SIZE], day_t day, int32_t second) MUST_CHECK;

#endif
