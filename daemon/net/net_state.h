/* The inside of net.h, shared by its own files only. */
#ifndef MUSTER_NET_NET_STATE_H
#define MUSTER_NET_NET_STATE_H

#include "net/door.h"
#include "net/net.h"

struct listener {
    void *socket;
    bool keyed; /* tcp: whoever speaks has shown a key */
    char endpoint[256];
};

struct net {
    void *context;
    struct listener listeners[NET_LISTEN_MAX];
    size_t listener_count;
    size_t body_max; /* bytes of a request */
    size_t turn; /* the listener that is asked first next time */
    void *feed;
    char *bound[2 * NET_LISTEN_MAX]; /* endpoints, as given */
    size_t bound_count;
    struct peers *peers;
    struct users users;
    struct door door;
};

#endif
