/* How many requests a key may make: so many a second, and twice as many at once. */
#ifndef MUSTER_ACCESS_RATE_H
#define MUSTER_ACCESS_RATE_H

#include "access/grant.h"

/* Takes one. False: it has had its share. `per_second` 0: no bound. */
bool grant_take(struct grant *grant, int64_t per_second, int64_t now_ms);

#endif
