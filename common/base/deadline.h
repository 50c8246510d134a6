/* Until when something may go on, and a way for another thread to end it before. Who works looks at it
 * now and then. */
#ifndef MUSTER_BASE_DEADLINE_H
#define MUSTER_BASE_DEADLINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct deadline {
    int64_t at_ms;           /* monotonic; 0: none */
    const atomic_bool *stop; /* outlives the work; NULL: nobody ends it */
};

static inline bool deadline_stopped(const struct deadline *d)
{
    return d->stop && atomic_load_explicit(d->stop, memory_order_relaxed);
}

static inline bool deadline_passed(const struct deadline *d)
{
    return (d->at_ms && clock_monotonic_ms() > d->at_ms) || deadline_stopped(d);
}

#endif
