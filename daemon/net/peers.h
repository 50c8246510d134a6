/* What each peer has of the daemon: answers on their way to it, and reads waiting for a thread.
 *
 * libzmq bounds messages and not bytes, and never says when one was delivered. So every answer is
 * handed over as memory that libzmq gives back when it is done with it, and is counted against its
 * peer until then. A peer that does not read gets no more than its share; the others do not notice.
 * The share shrinks as memory fills: a peer may hold half of what is left, PEER_HELD_MAX at most. One
 * that holds nothing gets its answer as long as anything is left, and a small one always.
 *
 * Only the thread that has the sockets calls these, with three exceptions: memory is given back by libzmq on a thread
 * of its own, which touches atomic counts only; whoever has a reference may take another and give one up; and
 * what a peer has waiting is kept by whoever queues its requests.
 */
#ifndef MUSTER_NET_PEERS_H
#define MUSTER_NET_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "base/buf.h"

enum {
    PEER_ID_MAX = 255,                  /* libzmq's bound of a routing id */
    PEERS_MAX = 8192,                   /* twice the connections that there may be (net.c) */
    PEER_HELD_MAX = 8 * 1024 * 1024,    /* bytes of answers on their way to one peer */
    PEERS_HELD_MAX = 192 * 1024 * 1024, /* to all of them: what the machine can spare */
    ANSWER_OVERHEAD = 512,              /* what libzmq needs around one answer of four frames */
};

struct peers;
struct peer;

struct peers *peers_new(void);
/* After the sockets are closed: nothing is on its way any more. */
void peers_free(struct peers *peers);

/* The peer with that routing id on that socket, remembered if it is new. NULL when there are too
 * many. The reference is the caller's. */
struct peer *peers_find(struct peers *peers, size_t socket, const void *id, size_t len_bytes);
void peer_ref(struct peer *peer);
void peer_unref(struct peer *peer);

size_t peer_socket(const struct peer *peer);
const void *peer_id(const struct peer *peer, size_t *len_out);

/* Makes `body` a message that is counted against the peer until libzmq is done with it. False, and
 * nothing done, when the peer holds its share already. */
bool peer_wrap(zmq_msg_t *out, struct peer *peer, struct buf *body);

/* Bytes on their way to all peers. */
int64_t peers_held(const struct peers *peers);
/* Requests of a peer that wait for thread number `line`; kept by whoever queues them. */
enum { PEER_LINES = 2 };
int *peer_waiting(struct peer *peer, size_t line);
/* Its turn at that thread; kept by the queue. */
uint64_t *peer_turn(struct peer *peer, size_t line);

#endif
