/* Taking requests off the sockets, and putting answers on them. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "net/net_state.h"

/* Routing id, and the frames of the longest request. */
struct taken {
    zmq_msg_t routing;
    zmq_msg_t parts[FRAMES_MAX];
    size_t kept; /* parts that are open */
    size_t count; /* how many there were */
};

void address_deinit(struct address *address)
{
    peer_unref(address->peer);
    address->peer = NULL;
}

void request_deinit(struct request *request)
{
    address_deinit(&request->from);
    zmq_msg_close(&request->body);
    zmq_msg_init(&request->body);
}

void request_move(struct request *to, struct request *from)
{
    *to = *from;
    from->from.peer = NULL;
    zmq_msg_init(&to->body);
    zmq_msg_move(&to->body, &from->body);
}

static void taken_deinit(struct taken *t)
{
    zmq_msg_close(&t->routing);
    for (size_t i = 0; i < t->kept; i++)
        zmq_msg_close(&t->parts[i]);
}
#define _cleanup_taken_ CLEANUP(taken_deinit)

/* One message, all its frames; those past the longest request are let go at once. A message is handed
 * over by libzmq when it is complete, so its frames are all there. */
static bool take(struct taken *t, void *socket)
{
    zmq_msg_init(&t->routing);
    t->kept = t->count = 0;
    if (zmq_msg_recv(&t->routing, socket, ZMQ_DONTWAIT) < 0)
        return false;
    for (bool more = zmq_msg_more(&t->routing); more; t->count++) {
        zmq_msg_t extra, *part = t->kept < FRAMES_MAX ? &t->parts[t->kept] : &extra;

        zmq_msg_init(part);
        if (zmq_msg_recv(part, socket, 0) < 0) {
            zmq_msg_close(part);
            break;
        }
        more = zmq_msg_more(part);
        if (part == &extra)
            zmq_msg_close(part);
        else
            t->kept++;
    }
    return true;
}

static enum frames_verdict read_frames(struct request_frames *out, struct taken *t, struct err *err)
{
    struct frame frames[FRAMES_MAX];

    for (size_t i = 0; i < t->kept; i++)
        frames[i] = (struct frame){zmq_msg_data(&t->parts[i]), zmq_msg_size(&t->parts[i])};
    return frames_read(out, frames, t->count, err);
}

static bool address_set(struct address *out, struct net *net, size_t socket, struct taken *t,
                        const struct request_frames *f)
{
    *out = (struct address){
        .peer = peers_find(net->peers, socket, zmq_msg_data(&t->routing), zmq_msg_size(&t->routing)),
        .delimiter = f->delimiter,
        .id_len = (uint8_t)f->id.len_bytes,
    };
    if (!out->peer)
        return false;
    memcpy(out->id, f->id.data, f->id.len_bytes);
    return true;
}

/* Who sent it, by what libzmq knows and the peer cannot set. Of the peer's own frames: the routing id has
 * no properties when zmq_poll has looked ahead. False: over tcp, without a key that was let in. */
static bool set_user(struct request *out, struct net *net, size_t socket, zmq_msg_t *part)
{
    const char *user = net->listeners[socket].keyed ? zmq_msg_gets(part, "User-Id") : NULL;
    const char *address = zmq_msg_gets(part, "Peer-Address");

    out->keyed = net->listeners[socket].keyed;
    out->uid = out->keyed ? -1 : users_uid(address);
    if (out->keyed && (!user || !*user)) {
        door_stranger(&net->door);
        return false;
    }
    text_copy(out->user, sizeof out->user, out->keyed ? user : users_name(&net->users, address));
    return true;
}

static enum net_received take_request(struct net *net, size_t socket, struct request *out,
                                      struct err *err)
{
    _cleanup_taken_ struct taken t;
    struct request_frames f;
    enum frames_verdict verdict;

    if (!take(&t, net->listeners[socket].socket))
        return NET_NOTHING;
    verdict = read_frames(&f, &t, err);
    memset(out, 0, sizeof *out);
    zmq_msg_init(&out->body);
    if (t.kept == 0 || !set_user(out, net, socket, &t.parts[0]))
        return NET_LOST;
    if (verdict == FRAMES_LOST || !address_set(&out->from, net, socket, &t, &f))
        return NET_LOST;
    if (verdict == FRAMES_OK && f.body.len_bytes > net->body_max) {
        err_say(err, ERR_TOO_LARGE, NULL, "a request body has at most %zu bytes here, this one has %zu",
                "此处请求正文最多 %zu 字节，收到 %zu 字节", net->body_max, f.body.len_bytes);
        return NET_REFUSED;
    }
    if (verdict == FRAMES_REFUSED)
        return NET_REFUSED;
    memcpy(out->verb, f.verb.data, f.verb.len_bytes);
    zmq_msg_move(&out->body, &t.parts[t.kept - 1]);
    return NET_REQUEST;
}

enum net_received net_receive(struct net *net, struct request *out, struct err *err)
{
    enum net_received received = NET_NOTHING;

    for (size_t i = 0; i < net->listener_count && received == NET_NOTHING; i++) {
        size_t socket = net->turn;

        net->turn = (net->turn + 1) % net->listener_count;
        received = take_request(net, socket, out, err);
    }
    return received;
}

static enum net_sent failed(void)
{
    return errno == EHOSTUNREACH ? NET_DROPPED_GONE : NET_DROPPED_SLOW;
}

/* Only the first frame can fail: once libzmq has found the peer, the others follow it, or are let go
 * by libzmq when the peer went meanwhile. */
static enum net_sent send_frames(void *socket, const struct address *to, bool ok, zmq_msg_t *body)
{
    enum { FLAGS = ZMQ_SNDMORE | ZMQ_DONTWAIT };
    size_t id_len;
    const void *id = peer_id(to->peer, &id_len);
    const char *outcome = ok ? "ok" : "error";

    if (zmq_send(socket, id, id_len, FLAGS) < 0)
        return failed();
    if ((to->delimiter && zmq_send(socket, "", 0, FLAGS) < 0) ||
        zmq_send(socket, FRAMES_VERSION, strlen(FRAMES_VERSION), FLAGS) < 0 ||
        zmq_send(socket, to->id, to->id_len, FLAGS) < 0 ||
        zmq_send(socket, outcome, strlen(outcome), FLAGS) < 0 ||
        zmq_msg_send(body, socket, ZMQ_DONTWAIT) < 0)
        return failed();
    return NET_SENT;
}

enum net_sent net_answer(struct net *net, const struct address *to, bool ok, struct buf *body)
{
    void *socket = net->listeners[peer_socket(to->peer)].socket;
    enum net_sent sent = NET_DROPPED_SLOW;
    zmq_msg_t message;

    if (peer_wrap(&message, to->peer, body)) {
        sent = send_frames(socket, to, ok, &message);
        if (sent != NET_SENT)
            zmq_msg_close(&message);
    }
    buf_deinit(body);
    return sent;
}
