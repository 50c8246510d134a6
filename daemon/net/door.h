/* The door: who may come in over tcp.
 *
 * libzmq asks a ZAP handler (rfc.zeromq.org/spec/27) about every CURVE handshake, and serves everybody
 * where none answers. So the handler is bound before any other socket, in the same context, and is part of
 * the loop that answers: where it ends, the daemon ends. The peer's user id is its public key.
 *
 * What does not come in is counted, and logged once a minute at most.
 */
#ifndef MUSTER_NET_DOOR_H
#define MUSTER_NET_DOOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <zmq.h>

#include "base/err.h"

/* Whether a public key (Z85) may come in. */
typedef bool door_known(void *data, const char *public);

enum { DOOR_MONITORS_MAX = 8, DOOR_LOG_MS = 60000 };

struct door {
    void *zap;
    void *monitors[DOOR_MONITORS_MAX];
    size_t monitor_count;
    door_known *known;
    void *data;
    int64_t unknown_keys, handshakes_failed;
    atomic_int_least64_t strangers; /* counted where messages come in, which may be another thread */
    int64_t told, told_ms;
    char last[128]; /* of whom to tell */
};

/* Before any other socket of the context. -1: the system failed. */
int door_open(struct door *door, void *context, door_known *known, void *data, struct err *err) MUST_CHECK;
void door_close(struct door *door);
/* Watches a listener for handshakes that fail before a key is shown. */
int door_watch(struct door *door, void *context, void *listener, struct err *err) MUST_CHECK;

size_t door_poll_items(struct door *door, zmq_pollitem_t *items); /* at most 1 + DOOR_MONITORS_MAX */
/* Answers what waits. -1: the handler cannot go on, and nobody may be served any more. */
int door_tend(struct door *door, int64_t now_ms, struct err *err) MUST_CHECK;
/* A message that came in without a user. From any thread. */
void door_stranger(struct door *door);
int64_t door_strangers(const struct door *door);

#endif
