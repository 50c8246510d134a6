#include "link.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

static const char version[] = "muster/1";

enum {
    FRAMES = 4,                /* version, request id, outcome, body */
    RECONNECT_MS = 50,         /* first pause between attempts; a local daemon is back soon */
    RECONNECT_MAX_MS = 1000,
    RENEW_PAUSE_MS = 100,      /* a peer that hangs up at once must not make us spin */
    ANSWER_MAX_BYTES = 256 << 20, /* 1,000 rows of 64 KiB and their like: far above any honest answer */
};

struct link {
    void *context;  /* the session's */
    void *socket;
    void *monitor;  /* PAIR: what happens to `socket`'s connection */
    char *endpoint;
    const struct curve *curve;
    bool connected;
    int64_t down_ms;    /* since when there is no connection */
    int64_t renewed_ms;
};

void answer_init(struct answer *answer)
{
    memset(answer, 0, sizeof *answer);
    zmq_msg_init(&answer->body);
}

void answer_deinit(struct answer *answer)
{
    zmq_msg_close(&answer->body);
}

static void close_sockets(struct link *link)
{
    if (link->socket)
        zmq_close(link->socket);
    if (link->monitor)
        zmq_close(link->monitor);
    link->socket = link->monitor = NULL;
    link->connected = false;
}

static int watch(struct link *link)
{
    char address[64];

    /* One name for each socket: an inproc name lives as long as the context. */
    snprintf(address, sizeof address, "inproc://monitor-%p", link->socket);
    if (zmq_socket_monitor(link->socket, address, ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED) < 0)
        return -1;
    link->monitor = zmq_socket(link->context, ZMQ_PAIR);
    if (!link->monitor)
        return -1;
    return zmq_connect(link->monitor, address);
}

static int set_keys(struct link *link)
{
    const struct curve *c = link->curve;

    if (!c->server[0])
        return 0;
    if (zmq_setsockopt(link->socket, ZMQ_CURVE_SERVERKEY, c->server, KEY_TEXT_SIZE) < 0 ||
        zmq_setsockopt(link->socket, ZMQ_CURVE_PUBLICKEY, c->own.public, KEY_TEXT_SIZE) < 0 ||
        zmq_setsockopt(link->socket, ZMQ_CURVE_SECRETKEY, c->own.secret, KEY_TEXT_SIZE) < 0)
        return -1;
    return 0;
}

static int open_sockets(struct link *link)
{
    int linger = 0, first = RECONNECT_MS, most = RECONNECT_MAX_MS;
    int64_t answer_max = ANSWER_MAX_BYTES;

    link->socket = zmq_socket(link->context, ZMQ_DEALER);
    if (!link->socket)
        return -1;
    zmq_setsockopt(link->socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(link->socket, ZMQ_RECONNECT_IVL, &first, sizeof first);
    zmq_setsockopt(link->socket, ZMQ_RECONNECT_IVL_MAX, &most, sizeof most);
    zmq_setsockopt(link->socket, ZMQ_MAXMSGSIZE, &answer_max, sizeof answer_max);
    if (set_keys(link) < 0 || watch(link) < 0)
        return -1;
    return zmq_connect(link->socket, link->endpoint);
}

int link_new(struct link **link_out, void *zmq_context, const char *endpoint, const struct curve *curve)
{
    CLEANUP(link_cleanup) struct link *link = mem_zero(sizeof *link);

    link->context = zmq_context;
    link->endpoint = mem_strdup(endpoint);
    link->curve = curve;
    link->down_ms = clock_monotonic_ms();
    if (open_sockets(link) < 0)
        return -1;
    *link_out = TAKE(link);
    return 0;
}

void link_free(struct link *link)
{
    int keep = errno;

    if (!link)
        return;
    close_sockets(link);
    free(link->endpoint);
    free(link);
    errno = keep;
}

int link_renew(struct link *link)
{
    int64_t now_ms = clock_monotonic_ms();

    close_sockets(link);
    if (now_ms - link->renewed_ms < RENEW_PAUSE_MS)
        poll(NULL, 0, RENEW_PAUSE_MS);
    link->renewed_ms = link->down_ms = clock_monotonic_ms();
    return open_sockets(link);
}

bool link_connected(const struct link *link)
{
    return link->connected;
}

static int send_text(struct link *link, const char *text)
{
    return zmq_send(link->socket, text, strlen(text), ZMQ_SNDMORE | ZMQ_DONTWAIT);
}

int link_send(struct link *link, uint64_t request_id, const char *verb, zmq_msg_t *body)
{
    char id[24];
    int keep;

    snprintf(id, sizeof id, "%llu", (unsigned long long)request_id);
    if (send_text(link, version) >= 0 && send_text(link, id) >= 0 && send_text(link, verb) >= 0 &&
        zmq_msg_send(body, link->socket, ZMQ_DONTWAIT) >= 0)
        return 0;
    keep = errno;
    zmq_msg_close(body);
    errno = keep;
    return -1;
}

static bool frame_is(zmq_msg_t *frame, const char *text)
{
    return zmq_msg_size(frame) == strlen(text) && memcmp(zmq_msg_data(frame), text, strlen(text)) == 0;
}

/* The number of a request id that we made; 0, which is nobody's, for any other. */
static uint64_t frame_number(zmq_msg_t *frame)
{
    const char *digits = zmq_msg_data(frame);
    size_t len = zmq_msg_size(frame);
    uint64_t number = 0;

    if (len == 0 || len > 19)
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return 0;
        number = number * 10 + (uint64_t)(digits[i] - '0');
    }
    return number;
}

static bool answer_from_frames(struct answer *out, zmq_msg_t frames[FRAMES])
{
    if (!frame_is(&frames[0], version) || !(frame_is(&frames[2], "ok") || frame_is(&frames[2], "error")))
        return false;
    out->request_id = frame_number(&frames[1]);
    out->ok = frame_is(&frames[2], "ok");
    zmq_msg_move(&out->body, &frames[3]);
    return out->request_id != 0;
}

/* Takes one message that waits. 1: it is an answer; 0: none, or no answer in form; -1: errno. */
static int take(struct link *link, struct answer *out)
{
    zmq_msg_t frames[FRAMES];
    size_t count = 0;
    bool more = true, is_answer;

    for (size_t i = 0; i < FRAMES; i++)
        zmq_msg_init(&frames[i]);
    while (more) {
        zmq_msg_t extra;
        zmq_msg_t *frame = count < FRAMES ? &frames[count] : &extra;

        if (frame == &extra)
            zmq_msg_init(&extra);
        if (zmq_msg_recv(frame, link->socket, ZMQ_DONTWAIT) < 0)
            break;
        more = zmq_msg_more(frame);
        count++;
        if (frame == &extra)
            zmq_msg_close(&extra);
    }
    is_answer = count == FRAMES && !more && answer_from_frames(out, frames);
    for (size_t i = 0; i < FRAMES; i++)
        zmq_msg_close(&frames[i]);
    if (more && errno != EAGAIN && errno != EINTR)
        return -1;
    return is_answer;
}

/* Reads what the monitor has to tell. True when a connection that stood has broken. */
static bool read_monitor(struct link *link)
{
    bool lost = false;

    for (;;) {
        uint8_t event[6]; /* a 16-bit event and a 32-bit value, in the machine's order */
        uint16_t number;
        char address[256];

        if (zmq_recv(link->monitor, event, sizeof event, ZMQ_DONTWAIT) < 0)
            return lost;
        zmq_recv(link->monitor, address, sizeof address, ZMQ_DONTWAIT);
        memcpy(&number, event, sizeof number);
        if (number == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            link->connected = true;
        if (number == ZMQ_EVENT_DISCONNECTED && link->connected) {
            link->connected = false;
            link->down_ms = clock_monotonic_ms();
            lost = true;
        }
    }
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t end_of(const struct link *link, const struct patience *patience)
{
    int64_t end_ms = patience->since_ms + patience->answer_ms;
    int64_t down_ms = link->down_ms > patience->since_ms ? link->down_ms : patience->since_ms;

    if (!link->connected)
        end_ms = least(end_ms, down_ms + patience->reach_ms);
    return patience->wake_ms ? least(end_ms, patience->wake_ms) : end_ms;
}

enum link_event link_wait(struct link *link, struct answer *answer_out, const struct patience *patience)
{
    for (;;) {
        zmq_pollitem_t items[] = {{link->socket, 0, ZMQ_POLLIN, 0}, {link->monitor, 0, ZMQ_POLLIN, 0}};
        int64_t left_ms = end_of(link, patience) - clock_monotonic_ms();
        int taken;

        if (zmq_poll(items, 2, left_ms > 0 ? left_ms : 0) < 0 && errno != EINTR)
            return LINK_FAULT;
        /* Answers first: one that came before the connection broke still counts. */
        taken = take(link, answer_out);
        if (taken < 0)
            return LINK_FAULT;
        if (taken)
            return LINK_ANSWER;
        if (read_monitor(link))
            return link_renew(link) < 0 ? LINK_FAULT : LINK_LOST;
        if (clock_monotonic_ms() >= end_of(link, patience))
            return LINK_TIME;
    }
}
