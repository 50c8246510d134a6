#include "net/door.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

enum {
    ZAP_FRAMES = 9, /* peer, empty, version, request id, domain, address, routing id, mechanism, key */
    KEY_BYTES = 32,
    TEND_MAX = 256,       /* handshakes in one turn, so that a flood keeps nobody waiting */
    MONITOR_HWM = 100000, /* libzmq's own thread would wait for us */
};

int door_open(struct door *door, void *context, door_known *known, void *data, struct err *err)
{
    int linger = 0;

    door->known = known;
    door->data = data;
    door->zap = zmq_socket(context, ZMQ_ROUTER);
    if (!door->zap)
        return err_fault(err, "cannot make a socket: %s", zmq_strerror(errno));
    if (zmq_setsockopt(door->zap, ZMQ_LINGER, &linger, sizeof linger) != 0 ||
        zmq_bind(door->zap, "inproc://zeromq.zap.01") != 0)
        return err_fault(err, "cannot bind the authentication handler: %s", zmq_strerror(errno));
    return 0;
}

int door_watch(struct door *door, void *context, void *listener, struct err *err)
{
    enum { FAILED = ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL };
    int hwm = MONITOR_HWM, linger = 0;
    char address[64];
    void *monitor;

    snprintf(address, sizeof address, "inproc://door-%zu", door->monitor_count);
    if (zmq_socket_monitor(listener, address, FAILED) < 0)
        return err_fault(err, "cannot watch a listener: %s", zmq_strerror(errno));
    monitor = zmq_socket(context, ZMQ_PAIR);
    if (!monitor)
        return err_fault(err, "cannot make a socket: %s", zmq_strerror(errno));
    door->monitors[door->monitor_count++] = monitor;
    if (zmq_setsockopt(monitor, ZMQ_RCVHWM, &hwm, sizeof hwm) != 0 ||
        zmq_setsockopt(monitor, ZMQ_LINGER, &linger, sizeof linger) != 0 || zmq_connect(monitor, address) != 0)
        return err_fault(err, "cannot watch a listener: %s", zmq_strerror(errno));
    return 0;
}

void door_close(struct door *door)
{
    for (size_t i = 0; i < door->monitor_count; i++)
        zmq_close(door->monitors[i]);
    if (door->zap)
        zmq_close(door->zap);
}

size_t door_poll_items(struct door *door, zmq_pollitem_t *items)
{
    size_t n = 0;

    if (door->zap)
        items[n++] = (zmq_pollitem_t){.socket = door->zap, .events = ZMQ_POLLIN};
    for (size_t i = 0; i < door->monitor_count; i++)
        items[n++] = (zmq_pollitem_t){.socket = door->monitors[i], .events = ZMQ_POLLIN};
    return n;
}

struct asked {
    zmq_msg_t frames[ZAP_FRAMES];
    size_t kept, count;
};

static void asked_deinit(struct asked *a)
{
    for (size_t i = 0; i < a->kept; i++)
        zmq_msg_close(&a->frames[i]);
}

/* 1: a question; 0: none waits; -1. */
static int take(struct asked *a, void *socket)
{
    bool more = true;

    for (a->kept = a->count = 0; more; a->count++) {
        zmq_msg_t extra, *frame = a->kept < ZAP_FRAMES ? &a->frames[a->kept] : &extra;

        zmq_msg_init(frame);
        if (zmq_msg_recv(frame, socket, a->count == 0 ? ZMQ_DONTWAIT : 0) < 0) {
            zmq_msg_close(frame);
            return a->count == 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
        }
        more = zmq_msg_more(frame);
        if (frame == &extra)
            zmq_msg_close(frame);
        else
            a->kept++;
    }
    return 1;
}

static bool frame_is(zmq_msg_t *frame, const char *text)
{
    return zmq_msg_size(frame) == strlen(text) && memcmp(zmq_msg_data(frame), text, strlen(text)) == 0;
}

/* The key shown, if the question is one of CURVE. */
static bool read_key(char public[41], struct asked *a)
{
    return a->count == ZAP_FRAMES && frame_is(&a->frames[2], "1.0") && frame_is(&a->frames[7], "CURVE") &&
           zmq_msg_size(&a->frames[8]) == KEY_BYTES && zmq_z85_encode(public, zmq_msg_data(&a->frames[8]), KEY_BYTES);
}

static int send_frame(void *socket, const void *data, size_t len, bool more)
{
    return zmq_send(socket, data, len, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0));
}

static int send_text(void *socket, const char *text, bool more)
{
    return send_frame(socket, text, strlen(text), more);
}

/* peer, empty, version, request id, status, text, user id, metadata */
static int reply(void *socket, struct asked *a, const char *status, const char *user)
{
    if (send_frame(socket, zmq_msg_data(&a->frames[0]), zmq_msg_size(&a->frames[0]), true) < 0)
        return errno == EHOSTUNREACH ? 0 : -1;
    if (send_text(socket, "", true) < 0 || send_text(socket, "1.0", true) < 0 ||
        send_frame(socket, zmq_msg_data(&a->frames[3]), zmq_msg_size(&a->frames[3]), true) < 0 ||
        send_text(socket, status, true) < 0 || send_text(socket, "", true) < 0 || send_text(socket, user, true) < 0 ||
        send_text(socket, "", false) < 0)
        return -1;
    return 0;
}

static void keep_last(struct door *door, struct asked *a, const char *public)
{
    snprintf(door->last, sizeof door->last, "%.*s with key %s", (int)zmq_msg_size(&a->frames[5]),
             (const char *)zmq_msg_data(&a->frames[5]), public);
}

/* 1: answered one; 0: none waits; -1. */
static int answer_one(struct door *door)
{
    CLEANUP(asked_deinit) struct asked a;
    char public[41] = "";
    bool known;
    int r = take(&a, door->zap);

    if (r != 1)
        return r;
    if (a.count < 4)
        return 1;
    known = read_key(public, &a) && door->known(door->data, public);
    if (!known) {
        door->unknown_keys++;
        if (a.count == ZAP_FRAMES)
            keep_last(door, &a, public[0] ? public : "none");
    }
    return reply(door->zap, &a, known ? "200" : "400", known ? public : "") < 0 ? -1 : 1;
}

/* An event is two frames; what it says is counted, and no more. */
static void drain(struct door *door, void *monitor)
{
    for (int i = 0; i < TEND_MAX; i++) {
        bool more = true;

        for (int frames = 0; more; frames++) {
            zmq_msg_t frame;

            zmq_msg_init(&frame);
            if (zmq_msg_recv(&frame, monitor, ZMQ_DONTWAIT) < 0) {
                zmq_msg_close(&frame);
                return;
            }
            more = zmq_msg_more(&frame);
            zmq_msg_close(&frame);
            door->handshakes_failed += frames == 0;
        }
    }
}

static void tell(struct door *door, int64_t now_ms)
{
    int64_t all = door->unknown_keys + door->handshakes_failed + door_strangers(door);

    if (all == door->told || (door->told_ms != 0 && now_ms - door->told_ms < DOOR_LOG_MS))
        return;
    log_warning("%lld connections or messages without a key in force were turned away%s%s", (long long)(all - door->told),
                door->last[0] ? ", the last one from " : "", door->last);
    door->told = all;
    door->told_ms = now_ms;
    door->last[0] = '\0';
}

int door_tend(struct door *door, int64_t now_ms, struct err *err)
{
    int r = 1;

    if (!door->zap)
        return 0;
    for (int i = 0; i < TEND_MAX && r == 1; i++)
        r = answer_one(door);
    if (r < 0)
        return err_fault(err, "the authentication handler failed: %s", zmq_strerror(errno));
    for (size_t i = 0; i < door->monitor_count; i++)
        drain(door, door->monitors[i]);
    tell(door, now_ms);
    return 0;
}

void door_stranger(struct door *door)
{
    atomic_fetch_add(&door->strangers, 1);
}

int64_t door_strangers(const struct door *door)
{
    return atomic_load(&door->strangers);
}
