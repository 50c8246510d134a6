/* The clock: the one place that asks the system for the time. Everything else gets a time passed in.
 *
 * A rehearsal's clock starts at an instant given and runs from there. A fake clock (tests) stands
 * where it is put. The clock never goes back: what it said last is the least it says next.
 *
 * A guarded clock also does not follow a leap of the system's time of more than a day ahead, which more likely
 * is a mistake than the truth: it goes on by the monotonic clock until the system's time is right again, or
 * somebody confirms it. A time that lies near what it said before (the newest row of the ledger) is no leap.
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
    bool guarded;
    int64_t fake_boot_us;      /* tests, with fake_us: the monotonic clock; 0 for a real one */
    int64_t wall_us, boot_us;  /* guarded: the time believed, and the monotonic clock just then */
    int64_t leap_us;           /* how far ahead of that the system's time is; 0: it is believed */
};

/* A clock that now says `start_us` (rehearsal); 0 for the real time. */
void clock_init(struct clock *c, int64_t start_us);
/* Microseconds since 1970 UTC, never less than before, nor less than `floor` ever given. */
int64_t clock_now_us(struct clock *c);
void clock_floor(struct clock *c, int64_t floor_us);
/* From now on leaps are not followed. */
void clock_guard(struct clock *c);
/* How far the system's time has leapt ahead of the clock's, 0 if it is believed. */
int64_t clock_leap_us(struct clock *c);
/* The system's time is right. */
void clock_confirm(struct clock *c);
/* The civil day in the ledger's zone. */
day_t clock_today(struct clock *c);
/* Monotonic, for time limits. */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);
/* "2022-11-05T07:00:00.000000Z" into CLOCK_TEXT_SIZE bytes. */
const char *clock_format_us(char out[CLOCK_TEXT_SIZE], int64_t us);

#endif
