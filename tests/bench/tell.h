/* What every benchmark program does: dies with a sentence, reads numbers of its command line, and takes
 * the median of what it timed. */
#ifndef MUSTER_BENCH_TELL_H
#define MUSTER_BENCH_TELL_H

#include "base/date.h"
#include "base/err.h"

_Noreturn void die(const char *fmt, ...) PRINTF_LIKE(1, 2);
_Noreturn void die_err(const struct err *err);
/* The number after an option; ends the program where there is none. */
int64_t number_of(const char *option, const char *text);
day_t day_of(const char *option, const char *text);

/* Monotonic microseconds. */
int64_t now_us(void);

/* Times in microseconds. */
struct times {
    uint32_t *us;
    size_t n, cap;
};
void times_add(struct times *times, int64_t us);
/* Sorts; `of_1000` 500 is the median, 990 the 99th percentile, 1000 the largest. */
int64_t times_at(struct times *times, int of_1000);
void times_deinit(struct times *times);

#endif
