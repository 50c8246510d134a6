/* A client of another store, just enough of its protocol to add events and to see that each was answered.
 * Used by peer.c alone. */
#ifndef MUSTER_BENCH_PEER_H
#define MUSTER_BENCH_PEER_H

#include <stdbool.h>

#include "base/buf.h"

struct peer {
    /* Says hello, and makes what the events go into. Blocking. */
    void (*greet)(int fd, const char *user, int rows, bool first);
    /* Appends one request that adds `rows` events. */
    void (*add)(struct buf *out, const char *const *ids, const char *const *branches, const char *const *ats,
                const struct buf *bodies, int rows);
    /* Takes one answer from the front of what came in: its length; 0: it is not whole yet. *wrong_out: it
     * is a refusal. *done_out: the request is answered with it. */
    size_t (*take)(const char *data, size_t len, bool *done_out, bool *wrong_out);
};

extern const struct peer peer_redis, peer_postgres;

void peer_send(int fd, const char *data, size_t len);

#endif
