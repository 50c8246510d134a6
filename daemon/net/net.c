#include "net/net.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "net/accept.h"
#include "net/net_state.h"
#include "net/socket_file.h"

enum {
    /* Messages that wait inside libzmq for one peer. In: few, as each may be a body of 4 MiB and
     * libzmq knows no bound in bytes; what does not fit waits in the kernel and then in the peer.
     * Out: many, as peers.h bounds the bytes. */
    RECEIVE_HWM = 64,
    SEND_HWM = 100000,
    FEED_HWM = 1000,
    BACKLOG = 1024,
    HANDSHAKE_MS = 10000, /* half-open connections end after that */
    FRAME_SLACK = 64 * 1024, /* a body a little over the bound is answered too_large; above, cut off */
    FEED_FRAME_MAX = 256,    /* subscriptions */
};

static int set_int(void *socket, int option, int value, struct err *err)
{
    if (zmq_setsockopt(socket, option, &value, sizeof value) != 0)
        return err_fault(err, "cannot set socket option %d to %d: %s", option, value,
                         zmq_strerror(errno));
    return 0;
}

struct option {
    int option;
    int value;
};

static int set_options(void *socket, const struct option *options, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (set_int(socket, options[i].option, options[i].value, err) != 0)
            return -1;
    return 0;
}

static int set_large(void *socket, int64_t frame_max, struct err *err)
{
    if (zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max) != 0)
        return err_fault(err, "cannot bound messages: %s", zmq_strerror(errno));
    return 0;
}

static int open_router(void **out, const struct net *net, struct err *err)
{
    static const struct option options[] = {
        {ZMQ_ROUTER_MANDATORY, 1}, {ZMQ_LINGER, NET_LINGER_MS}, {ZMQ_RCVHWM, RECEIVE_HWM},
        {ZMQ_SNDHWM, SEND_HWM},    {ZMQ_BACKLOG, BACKLOG},      {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
    };

    *out = zmq_socket(net->context, ZMQ_ROUTER);
    if (!*out)
        return err_fault(err, "cannot make a socket: %s", zmq_strerror(errno));
    if (set_large(*out, (int64_t)net->body_max + FRAME_SLACK, err) != 0)
        return -1;
    return set_options(*out, options, ARRAY_LEN(options), err);
}

static int open_feed(struct net *net, struct err *err)
{
    static const struct option options[] = {
        {ZMQ_LINGER, 0},          {ZMQ_SNDHWM, FEED_HWM},          {ZMQ_RCVHWM, FEED_HWM},
        {ZMQ_BACKLOG, BACKLOG}, {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
    };

    net->feed = zmq_socket(net->context, ZMQ_PUB);
    if (!net->feed)
        return err_fault(err, "cannot make a socket: %s", zmq_strerror(errno));
    if (set_large(net->feed, FEED_FRAME_MAX, err) != 0)
        return -1;
    return set_options(net->feed, options, ARRAY_LEN(options), err);
}

/* A socket file is for its owner and group. */
static int bind_socket(struct net *net, void *socket, const char *endpoint, struct err *err)
{
    int failed = socket_file_prepare(endpoint, err);
    mode_t before;

    if (!failed)
        failed = set_int(socket, ZMQ_IPV6, strchr(endpoint, '[') != NULL, err);
    if (failed)
        return failed;
    before = umask(0117);
    failed = zmq_bind(socket, endpoint);
    umask(before);
    if (failed)
        return err_fault(err, "cannot listen on %s: %s", endpoint, zmq_strerror(errno));
    net->bound[net->bound_count++] = mem_strdup(endpoint);
    return 0;
}

/* Over tcp nobody is served who has not shown a key that is in force. */
static int set_curve(void *socket, const char *secret, struct err *err)
{
    int server = 1;

    if (!secret)
        return err_fault(err, "there is no server key for tcp");
    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &server, sizeof server) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, strlen(secret) + 1) != 0 ||
        zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, "muster", strlen("muster")) != 0)
        return err_fault(err, "cannot use the server key: %s", zmq_strerror(errno));
    return 0;
}

static int open_listeners(struct net *net, const struct net_options *options, struct err *err)
{
    if (options->listen_count == 0 || options->listen_count > NET_LISTEN_MAX)
        return err_say(err, ERR_INVALID_VALUE, "listen", "there must be 1 to %d endpoints to listen on",
                       "监听地址须为 1 至 %d 个", NET_LISTEN_MAX);
    for (size_t i = 0; i < options->listen_count; i++) {
        struct listener *l = &net->listeners[net->listener_count++];
        size_t size = sizeof l->endpoint;
        int failed = open_router(&l->socket, net, err);

        l->keyed = strncmp(options->listen[i], "tcp://", 6) == 0;
        if (!failed && l->keyed)
            failed = set_curve(l->socket, options->secret, err);
        if (!failed && l->keyed)
            failed = door_watch(&net->door, net->context, l->socket, err);
        if (!failed)
            failed = bind_socket(net, l->socket, options->listen[i], err);
        if (failed)
            return failed;
        if (zmq_getsockopt(l->socket, ZMQ_LAST_ENDPOINT, l->endpoint, &size) != 0)
            l->endpoint[0] = '\0';
    }
    return 0;
}

static int open_all(struct net *net, const struct net_options *options, struct err *err)
{
    int failed;

    accept_limit(options->connections ? (int)options->connections : NET_CONNECTIONS_MAX);
    net->body_max = options->body_bytes ? (size_t)options->body_bytes : FRAMES_BODY_MAX;
    net->context = zmq_ctx_new();
    if (!net->context)
        return err_fault(err, "cannot start libzmq: %s", zmq_strerror(errno));
    failed = door_open(&net->door, net->context, options->known, options->data, err);
    if (!failed)
        failed = open_listeners(net, options, err);
    if (failed || options->feed_count == 0)
        return failed;
    if (options->feed_count > NET_LISTEN_MAX)
        return err_say(err, ERR_INVALID_VALUE, "feed", "there may be at most %d endpoints of the feed",
                       "推送地址最多 %d 个", NET_LISTEN_MAX);
    failed = open_feed(net, err);
    for (size_t i = 0; !failed && i < options->feed_count; i++)
        failed = bind_socket(net, net->feed, options->feed[i], err);
    return failed;
}

int net_open(struct net **out, const struct net_options *options, struct err *err)
{
    struct net *net = mem_zero(sizeof *net);
    int failed;

    net->peers = peers_new();
    failed = open_all(net, options, err);
    if (failed) {
        net_free(net);
        return failed;
    }
    *out = net;
    return 0;
}

void net_free(struct net *net)
{
    if (!net)
        return;
    /* While they are bound: afterwards the file may be somebody else's. */
    for (size_t i = 0; i < net->bound_count; i++) {
        socket_file_remove(net->bound[i]);
        free(net->bound[i]);
    }
    for (size_t i = 0; i < net->listener_count; i++)
        if (net->listeners[i].socket)
            zmq_close(net->listeners[i].socket);
    if (net->feed)
        zmq_close(net->feed);
    door_close(&net->door);
    while (net->context && zmq_ctx_term(net->context) != 0 && errno == EINTR)
        ;
    peers_free(net->peers);
    free(net);
}

void net_publish(struct net *net, const char *topic, const char *body, size_t len)
{
    /* A PUB drops what a subscriber has no room for; nothing to be done about a failure. */
    if (net->feed && zmq_send(net->feed, topic, strlen(topic), ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0)
        (void)!zmq_send(net->feed, body, len, ZMQ_DONTWAIT);
}

void net_hint(struct net *net, int64_t seq)
{
    char body[40];
    int len = snprintf(body, sizeof body, "{\"seq\":%lld}", (long long)seq);

    net_publish(net, "ledger", body, (size_t)len);
}

size_t net_listener_items(struct net *net, zmq_pollitem_t *items)
{
    for (size_t i = 0; i < net->listener_count; i++)
        items[i] = (zmq_pollitem_t){.socket = net->listeners[i].socket, .events = ZMQ_POLLIN};
    return net->listener_count;
}

size_t net_door_items(struct net *net, zmq_pollitem_t *items)
{
    return door_poll_items(&net->door, items);
}

int net_tend(struct net *net, int64_t now_ms, struct err *err)
{
    return door_tend(&net->door, now_ms, err);
}

struct net_turned_away net_turned_away(const struct net *net)
{
    return (struct net_turned_away){net->door.unknown_keys, net->door.handshakes_failed, door_strangers(&net->door)};
}

int64_t net_held(const struct net *net)
{
    return peers_held(net->peers);
}

const char *net_endpoint(const struct net *net, size_t i)
{
    return i < net->listener_count ? net->listeners[i].endpoint : NULL;
}
