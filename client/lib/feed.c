/* The live feed: a SUB socket that hears the newest row's number. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

struct muster_feed {
    struct muster *session;
    void *socket;
};

static const char topic[] = "ledger";

int muster_feed_open(struct muster_feed **feed_out, struct muster *session, const char *endpoint)
{
    _cleanup_free_ char *address = NULL;
    struct muster_feed *feed;
    int linger = 0;

    *feed_out = NULL;
    trouble_clear(&session->trouble);
    if (!endpoint || !*endpoint || !session->context)
        return trouble_say(&session->trouble, MUSTER_BAD_CALL, "bad_call", "a feed needs an endpoint");
    address = endpoint_from(endpoint);
    feed = mem_zero(sizeof *feed);
    feed->session = session;
    feed->socket = zmq_socket(session->context, ZMQ_SUB);
    if (!feed->socket || zmq_setsockopt(feed->socket, ZMQ_LINGER, &linger, sizeof linger) < 0 ||
        zmq_setsockopt(feed->socket, ZMQ_SUBSCRIBE, topic, strlen(topic)) < 0 ||
        zmq_connect(feed->socket, address) < 0) {
        int result = session_say_system(session, address);

        muster_feed_free(feed);
        return result;
    }
    *feed_out = feed;
    return MUSTER_OK;
}

void muster_feed_free(struct muster_feed *feed)
{
    if (!feed)
        return;
    if (feed->socket)
        zmq_close(feed->socket);
    free(feed);
}

/* Takes one message; the seq it tells, 0 if it is none of ours, -1 if nothing waits. */
static int64_t take_seq(void *socket)
{
    int64_t seq = 0;
    int more = 1;
    size_t size = sizeof more;

    for (int frame = 0; more; frame++) {
        char text[128];
        int len = zmq_recv(socket, text, sizeof text, ZMQ_DONTWAIT);

        if (len < 0)
            return -1;
        if (frame == 1 && (size_t)len < sizeof text) {
            _cleanup_json_ json_t *hint = json_loadb(text, (size_t)len, 0, NULL);

            seq = json_integer_value(json_object_get(hint, "seq"));
        }
        zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size);
    }
    return seq > 0 ? seq : 0;
}

int muster_feed_wait(struct muster_feed *feed, int timeout_ms, int64_t *seq_out)
{
    zmq_pollitem_t item = {feed->socket, 0, ZMQ_POLLIN, 0};
    int64_t seq;

    *seq_out = 0;
    trouble_clear(&feed->session->trouble);
    if (zmq_poll(&item, 1, timeout_ms) < 0)
        return errno == EINTR ? MUSTER_OK : session_say_system(feed->session, "feed");
    while ((seq = take_seq(feed->socket)) >= 0)
        if (seq > *seq_out)
            *seq_out = seq;
    return MUSTER_OK;
}
