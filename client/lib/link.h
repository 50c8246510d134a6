/* One connection to the daemon: a DEALER socket and its monitor.
 *
 * The monitor tells at once when the connection breaks; then the socket is made anew, so that
 * nothing sent before can overtake what its owner sends again. The link does not know what is
 * under way: its owner does, and sends it again after LINK_LOST.
 *
 * It never sets a routing id: a second connection under the same one would be cut off by the daemon.
 */
#ifndef MUSTER_LIB_LINK_H
#define MUSTER_LIB_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "base/cleanup.h"

struct link;

struct answer {
    uint64_t request_id;
    bool ok;        /* outcome "ok", else "error" */
    zmq_msg_t body; /* always initialised; closed by answer_deinit */
};

void answer_init(struct answer *answer);
void answer_deinit(struct answer *answer);
#define _cleanup_answer_ CLEANUP(answer_deinit)

enum link_event {
    LINK_ANSWER, /* *answer_out holds one */
    LINK_LOST,   /* the connection broke: send again what is under way */
    LINK_TIME,   /* the deadline passed */
    LINK_FAULT,  /* errno says what */
};

/* 0, or -1 with errno set. */
int link_new(struct link **link_out, void *zmq_context, const char *endpoint) MUST_CHECK;
void link_free(struct link *link);
DEFINE_CLEANUP(link);

/* Drops the connection and all that waits in it, and begins anew. 0, or -1 with errno set. */
int link_renew(struct link *link) MUST_CHECK;

/* True while a connection stands whose other side has spoken the protocol of ZeroMQ. */
bool link_connected(const struct link *link);

/* Queues a request; consumes `body` (closed in any case). Never waits. 0, or -1 with errno set. */
int link_send(struct link *link, uint64_t request_id, const char *verb, zmq_msg_t *body) MUST_CHECK;

/* Waits for an answer until clock_monotonic_ms() is `deadline_ms`. What is no answer in form is dropped. */
enum link_event link_wait(struct link *link, struct answer *answer_out, int64_t deadline_ms) MUST_CHECK;

#endif
