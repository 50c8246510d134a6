/* What the daemon counts of itself, for `status`. Since the start; the main thread's alone. */
#ifndef MUSTER_SERVICE_COUNTERS_H
#define MUSTER_SERVICE_COUNTERS_H

#include <stdint.h>

#include "base/err.h"
#include "base/json.h"

enum counter {
    COUNT_REQUESTS,        /* whole ones */
    COUNT_OK, COUNT_ERROR, /* answers of either kind */
    COUNT_LOST,            /* messages that cannot be answered */
    COUNT_DROPPED_SLOW,    /* answers dropped: the peer does not read */
    COUNT_DROPPED_GONE,    /* ... the peer is gone */
    COUNT_RECORDED, COUNT_DUPLICATE, COUNT_REFUSED, /* events */
    COUNT_BATCHES,         /* commits of submitted events */
    COUNT_FAULTS,          /* the store failed */
    COUNT_HELD,            /* reads that waited for alerts to be evaluated */
    COUNT_LATE,            /* ... in vain */
    COUNT_RELOADS, COUNT_RELOADS_REFUSED,
    COUNT_COUNT
};

/* Verbs that are counted by name; all others together. */
enum verb_count { VERBS_COUNTED = 12 };

struct counters {
    int64_t values[COUNT_COUNT];
    int64_t verbs[VERBS_COUNTED];
    int64_t errors[ERR_CODE_COUNT]; /* of replies, and of refused events */
};

static inline void count(struct counters *c, enum counter which)
{
    c->values[which]++;
}
void count_verb(struct counters *c, const char *verb);
void count_error(struct counters *c, enum err_code code);

/* What other rooms count. */
struct counted_elsewhere {
    int64_t bytes_held, keys_unknown, keys_revoked, keys_hurried, handshakes_failed, strangers, not_admitted;
};

/* "counters": {...}, "errors": {...} */
void counters_write(struct json *out, const struct counters *c, const struct counted_elsewhere *others);

#endif
