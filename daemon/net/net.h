/* Sockets: requests come in whole, answers go out whole, hints are published.
 *
 * One thread owns it. Nothing here blocks, and nothing that a peer sends is an error of the daemon:
 * what is not a request is either refused (`err` is the answer) or counted as lost.
 */
#ifndef MUSTER_NET_NET_H
#define MUSTER_NET_NET_H

#include <zmq.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/frames.h"
#include "net/peers.h"
#include "net/users.h"

struct net;

struct net_options {
    const char *const *listen; /* endpoints of the ROUTERs; at least one */
    size_t listen_count;
    const char *const *feed; /* of the one PUB; may be none */
    size_t feed_count;
};

/* Endpoints of each kind, at most. */
enum { NET_LISTEN_MAX = 8, NET_CONNECTIONS_MAX = 4096, NET_LINGER_MS = 1000 };

/* Binds everything. 1: an endpoint is refused; -1: the system failed. */
int net_open(struct net **out, const struct net_options *options, struct err *err) MUST_CHECK;
/* Waits NET_LINGER_MS at most for answers that are on their way. */
void net_free(struct net *net);
DEFINE_CLEANUP(net);
#define _cleanup_net_ CLEANUP(net_cleanup)

/* Where an answer goes. */
struct address {
    struct peer *peer; /* owned */
    bool delimiter;
    uint8_t id_len;
    char id[FRAMES_ID_ECHO_MAX];
};
void address_deinit(struct address *address);

struct request {
    struct address from;
    char verb[FRAMES_VERB_MAX + 1];
    char user[USER_NAME_SIZE]; /* who sent it */
    zmq_msg_t body;            /* owned */
};
void request_deinit(struct request *request);
/* Hands `from` over: it is empty after. A short body lies within the message itself, so pointers into
 * the body do not outlive this. */
void request_move(struct request *to, struct request *from);
static inline const char *request_body(struct request *request, size_t *len_out)
{
    *len_out = zmq_msg_size(&request->body);
    return zmq_msg_data(&request->body);
}

enum net_received {
    NET_REQUEST, /* whole; the caller's */
    NET_REFUSED, /* only `from` is set; err is the answer */
    NET_LOST,    /* counted, and nothing to be done */
    NET_NOTHING, /* no message waits */
};
/* Takes one message, if one waits, from the sockets in turn. */
enum net_received net_receive(struct net *net, struct request *out, struct err *err);

enum net_sent {
    NET_SENT,
    NET_DROPPED_SLOW, /* the peer holds its share of answers already, or its queue is full */
    NET_DROPPED_GONE, /* it is not there any more */
};
/* Sends {"...": body} as "ok" or "error". Takes the buffer's memory; the buffer is empty after. */
enum net_sent net_answer(struct net *net, const struct address *to, bool ok, struct buf *body);

/* The newest row, to whoever listens. */
void net_hint(struct net *net, int64_t seq);

/* For zmq_poll: fills at most NET_LISTEN_MAX items that become readable when a message waits. */
size_t net_poll_items(struct net *net, zmq_pollitem_t *items);

/* Bytes of answers on their way. */
int64_t net_held(const struct net *net);
/* What an endpoint became ("tcp://127.0.0.1:*" has a port then); NULL past the last. */
const char *net_endpoint(const struct net *net, size_t i);

#endif
