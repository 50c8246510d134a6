/* The clock: the one place that asks the system for the time. Everything else gets a time passed in.
 *
 * A rehearsal's clock starts at an instant given and runs from there. A fake clock (tests) stands
 * where it is put. The clock never goes back: what it said last is the least it says next.
 */
#ifndef MUSTER_BASE_CLOCK_H
#define MUSTER_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"

enum { CLOCK_TEXT_SIZE = 64 };

struct clock {
    int64_t offset_us; /* added to the system's time (rehearsal) */
    int64_t fake_us;   /* tests: the time itself, 0 for a real clock */
    int64_t last_us;   /* what it said last */
};

/* A clock that now says `start_us` (rehearsal); 0 for the real time. */
void clock_init(struct clock *c, int64_t start_us);
/* Microseconds since 1970 UTC, never less than before, nor less than `floor` ever given. */
int64_t clock_now_us(struct clock *c);
void clock_floor(struct clock *c, int64_t floor_us);
/* The civil day in the ledger's zone. */
day_t clock_today(struct clock *c);
/* Monotonic milliseconds, for time limits. */
int64_t clock_monotonic_ms(void);
/* "2022-11-05T07:00:00.000000Z" into CLOCK_TEXT_SIZE bytes. */
const char *clock_format_us(char out[CLOCK_TEXT_SIZE], int64_t us);

#endif
