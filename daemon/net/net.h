/* Sockets: requests come in whole, answers go out whole, hints are published.
 *
 * One thread owns it, and may leave net_receive, net_answer and net_listener_items to one other (service/gate.h).
 * Nothing here blocks, and nothing that a peer sends is an error of the daemon: what is not a request is either
 * refused (`err` is the answer) or counted as lost.
 */
#ifndef MUSTER_NET_NET_H
#define MUSTER_NET_NET_H

#include <zmq.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/door.h"
#include "net/frames.h"
#include "net/peers.h"
#include "net/users.h"

struct net;

struct net_options {
    const char *const *listen; /* endpoints of the ROUTERs; at least one */
    size_t listen_count;
    const char *const *feed; /* of the one PUB; may be none */
    size_t feed_count;
    int64_t connections; /* at most; 0: NET_CONNECTIONS_MAX */
    int64_t body_bytes;  /* of one request, at most; 0: FRAMES_BODY_MAX */
    const char *secret; /* the server's secret key (Z85), for tcp; NULL where there is none */
    door_known *known;  /* which keys may come in; asked in net_tend */
    void *data;
};

/* Endpoints of each kind, at most. */
enum { NET_LISTEN_MAX = 8, NET_DOOR_MAX = 1 + DOOR_MONITORS_MAX, NET_CONNECTIONS_MAX = 4096, NET_LINGER_MS = 1000 };

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
    bool keyed;                /* came over tcp: `user` is the public key that was shown */
    int64_t uid;               /* of a peer on ipc, as the kernel says; -1: unknown */
    char user[USER_NAME_SIZE]; /* who sent it */
    void *grant;               /* the service's, which knows what that may do; not net's affair */
    zmq_msg_t body;            /* owned */
};
/* It is empty after. */
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

/* On the feed, under a topic: subscribers of another do not get it. Nothing where nobody listens. */
void net_publish(struct net *net, const char *topic, const char *body, size_t len_bytes);
/* The newest row, to whoever listens. */
void net_hint(struct net *net, int64_t seq);

/* Lets in whoever waits at the door, and sends the others away. -1: nobody may be served any more. */
int net_tend(struct net *net, int64_t now_ms, struct err *err) MUST_CHECK;

/* Who was turned away. */
struct net_turned_away {
    int64_t unknown_keys, handshakes_failed, strangers;
};
struct net_turned_away net_turned_away(const struct net *net);

/* For zmq_poll: fills at most NET_LISTEN_MAX items that become readable when a message waits ... */
size_t net_listener_items(struct net *net, zmq_pollitem_t *items);
/* ... and at most NET_DOOR_MAX when somebody is at the door (net_tend). */
size_t net_door_items(struct net *net, zmq_pollitem_t *items);

/* Bytes of answers on their way. */
int64_t net_held(const struct net *net);
/* What an endpoint became ("tcp://127.0.0.1:*" has a port then); NULL past the last. */
const char *net_endpoint(const struct net *net, size_t i);

#endif
