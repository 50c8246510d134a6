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
#include "base/keyfile.h"

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
    LINK_TIME,   /* patience is at its end, or the time to wake has come */
    LINK_FAULT,  /* errno says what */
};

/* The keys of a connection; "" throughout where there are none. */
struct curve {
    char server[KEY_TEXT_SIZE];
    struct keypair own;
};

/* 0, or -1 with errno set. `curve` outlives the link. */
int link_new(struct link **link_out, void *zmq_context, const char *endpoint, const struct curve *curve) MUST_CHECK;
void link_free(struct link *link);
DEFINE_CLEANUP(link);

/* Drops the connection and all that waits in it, and begins anew. 0, or -1 with errno set. */
int link_renew(struct link *link) MUST_CHECK;

/* True while a connection stands whose other side has spoken the protocol of ZeroMQ. */
bool link_connected(const struct link *link);

/* Queues a request; consumes `body` (closed in any case). Never waits. 0, or -1 with errno set. */
int link_send(struct link *link, uint64_t request_id, const char *verb, zmq_msg_t *body) MUST_CHECK;

/* How long to wait, on clock_monotonic_ms(). */
struct patience {
    int64_t since_ms; /* when waiting began, or something came last */
    int reach_ms;     /* at most that long without a connection */
    int answer_ms;    /* at most that long altogether */
    int64_t wake_ms;  /* not beyond that; 0: no such time */
};

/* Waits for an answer. What is no answer in form is dropped. */
enum link_event link_wait(struct link *link, struct answer *answer_out, const struct patience *patience) MUST_CHECK;

#endif
