/* bench_load: N clients, each with W requests outstanding, in one process; prints what came of it.
 *
 *   bench_load --endpoint E --workload a|b|opens|mix|recent|alerts|due|show|figures|status [--clients N]
 *              [--outstanding W] [--batch K] [--seconds S | --count C] [--offer R] --branches B [--members M]
 *              [--roll R] [--today DAY] [--seed S] [--server-key KEY --key-file FILE]
 *
 * With --offer R requests are sent R a second, whether or not answers come, and their times count from when each was due:
 * a daemon that falls behind cannot slow its load down.
 *
 * One JSON object: rate (events a second; requests, of reads), p50_us, p99_us, max_us (of requests), answered,
 * recorded, refused, errors, seconds; of the daemon's counters, how much they grew: batches, faults; for `status` the reply itself.
 */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <time.h>
#include <zmq.h>

#include "base/keyfile.h"
#include "base/zone.h"
#include "requests.h"
#include "tell.h"

enum { CLIENTS_MAX = 512, LAST_WORDS_MS = 60000, EVENTS_AT_ONCE = 64 };

struct load {
    const char *endpoint;
    const char *server_key; /* CURVE; NULL: none */
    struct keypair own;
    int clients, outstanding;
    int64_t duration_us, count; /* whichever is given */
    int64_t offer;              /* requests a second; 0: as fast as answers come */
    uint32_t *free_slots;       /* of all, those with nothing under way (--offer) */
    size_t free_count;
    struct requests requests;
    const char *verb;
    void *context;
    void *sockets[CLIENTS_MAX];
    int64_t *sent_us; /* by slot; a request-id is the number of its slot */
    struct buf body;
    struct times times;
    int64_t began_us, ended_us;
    int64_t sent, waiting;
    int64_t answered, recorded, duplicate, refused, errors;
    char first_trouble[400];
};

static void send_frame(void *socket, const void *data, size_t len, int flags)
{
    while (zmq_send(socket, data, len, flags) < 0)
        if (errno != EINTR)
            die("cannot send: %s", zmq_strerror(errno));
}

static void send_request(struct load *l, int client, uint32_t slot)
{
    void *socket = l->sockets[client];

    buf_clear(&l->body);
    requests_next(&l->body, &l->requests, client);
    l->sent_us[slot] = now_us();
    send_frame(socket, "muster/1", 8, ZMQ_SNDMORE);
    send_frame(socket, &slot, sizeof slot, ZMQ_SNDMORE);
    send_frame(socket, l->verb, strlen(l->verb), ZMQ_SNDMORE);
    send_frame(socket, l->body.data, l->body.len, 0);
    l->sent++;
    l->waiting++;
}

static int64_t count_word(const char *data, size_t len, const char *word)
{
    size_t word_len = strlen(word);
    const char *at = data, *end = data + len;
    int64_t n = 0;

    while ((at = memmem(at, (size_t)(end - at), word, word_len))) {
        n++;
        at += word_len;
    }
    return n;
}

static void note_trouble(struct load *l, const char *data, size_t len)
{
    if (!*l->first_trouble)
        snprintf(l->first_trouble, sizeof l->first_trouble, "%.*s", (int)len, data);
}

static void take_body(struct load *l, bool ok, const char *data, size_t len)
{
    bool submit = l->requests.workload <= LOAD_MIX;
    int64_t refused = submit && ok ? count_word(data, len, "\"status\":\"refused\"") : 0;
    int64_t duplicate = submit && ok ? count_word(data, len, "\"status\":\"duplicate\"") : 0;

    l->answered++;
    l->refused += refused;
    l->duplicate += duplicate;
    if (ok && submit)
        l->recorded += l->requests.batch - refused - duplicate;
    if (!ok)
        l->errors++;
    if (!ok || refused)
        note_trouble(l, data, len);
}

/* One answer, if there is one: its slot, or -1. */
static int64_t receive(struct load *l, int client)
{
    void *socket = l->sockets[client];
    uint32_t slot = UINT32_MAX;
    bool ok = false;

    for (int frame = 0;; frame++) {
        zmq_msg_t msg;
        bool more;

        zmq_msg_init(&msg);
        if (zmq_msg_recv(&msg, socket, ZMQ_DONTWAIT) < 0) {
            if (errno == EAGAIN || errno == EINTR)
                return -1;
            die("cannot receive: %s", zmq_strerror(errno));
        }
        more = zmq_msg_more(&msg);
        if (frame == 1 && zmq_msg_size(&msg) == sizeof slot)
            memcpy(&slot, zmq_msg_data(&msg), sizeof slot);
        else if (frame == 2)
            ok = zmq_msg_size(&msg) == 2;
        else if (frame == 3)
            take_body(l, ok, zmq_msg_data(&msg), zmq_msg_size(&msg));
        zmq_msg_close(&msg);
        if (!more)
            break;
    }
    if (slot >= (uint32_t)(l->clients * l->outstanding))
        die("an answer to what was never asked");
    return slot;
}

static bool goes_on(const struct load *l)
{
    return l->count ? l->sent < l->count : now_us() - l->began_us < l->duration_us;
}

static void serve(struct load *l, int client)
{
    int64_t slot;

    while ((slot = receive(l, client)) >= 0) {
        l->ended_us = now_us();
        times_add(&l->times, l->ended_us - l->sent_us[slot]);
        l->waiting--;
        if (l->offer)
            l->free_slots[l->free_count++] = (uint32_t)slot;
        else if (goes_on(l))
            send_request(l, client, (uint32_t)slot);
    }
}

/* A descriptor that is readable means: look at the socket until it has nothing more. */
static int watch(struct load *l)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    for (int i = 0; i < l->clients; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        size_t size = sizeof(int);
        int fd;

        if (zmq_getsockopt(l->sockets[i], ZMQ_FD, &fd, &size) != 0 ||
            epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
            die("cannot watch a socket: %s", strerror(errno));
    }
    return epoll;
}

static void run(struct load *l)
{
    struct epoll_event ready[EVENTS_AT_ONCE];
    int epoll = watch(l);

    l->began_us = now_us();
    for (int w = 0; w < l->outstanding; w++)
        for (int i = 0; i < l->clients && goes_on(l); i++)
            send_request(l, i, (uint32_t)(i * l->outstanding + w));
    for (int i = 0; i < l->clients; i++)
        serve(l, i);
    while (l->waiting > 0) {
        int n = epoll_wait(epoll, ready, EVENTS_AT_ONCE, LAST_WORDS_MS);

        if (n == 0)
            die("%lld requests were not answered within %d s", (long long)l->waiting, LAST_WORDS_MS / 1000);
        for (int i = 0; i < n; i++)
            serve(l, (int)ready[i].data.u32);
    }
    close(epoll);
}

static int64_t due_us(const struct load *l)
{
    return l->began_us + l->sent * 1000000 / l->offer;
}

/* All that is due by now, as far as there are slots. What had to wait for one is as late as it is. */
static void send_due(struct load *l)
{
    while (l->free_count && goes_on(l) && due_us(l) <= now_us()) {
        uint32_t slot = l->free_slots[--l->free_count];
        int64_t due = due_us(l);

        send_request(l, (int)slot / l->outstanding, slot);
        l->sent_us[slot] = due;
    }
}

static void run_offered(struct load *l)
{
    struct epoll_event ready[EVENTS_AT_ONCE];
    int epoll = watch(l);

    l->began_us = now_us();
    while (goes_on(l) || l->waiting > 0) {
        int64_t wait_us = goes_on(l) && l->free_count ? due_us(l) - now_us() : LAST_WORDS_MS * 1000LL;
        struct timespec wait = {wait_us > 0 ? wait_us / 1000000 : 0, wait_us > 0 ? wait_us % 1000000 * 1000 : 0};
        int n;

        send_due(l);
        for (int i = 0; i < l->clients; i++) /* sending may have taken what a socket had to say */
            serve(l, i);
        n = epoll_pwait2(epoll, ready, EVENTS_AT_ONCE, &wait, NULL);
        for (int i = 0; i < n; i++)
            serve(l, (int)ready[i].data.u32);
    }
    close(epoll);
}

static void *connect_socket(struct load *l)
{
    void *socket = zmq_socket(l->context, ZMQ_DEALER);
    int none = 0;

    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &none, sizeof none);
    if (l->server_key && (zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, l->server_key, KEY_TEXT_SIZE) != 0 ||
                          zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, l->own.public, KEY_TEXT_SIZE) != 0 ||
                          zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, l->own.secret, KEY_TEXT_SIZE) != 0))
        die("the keys of CURVE cannot be used: %s", zmq_strerror(errno));
    if (zmq_connect(socket, l->endpoint) != 0)
        die("cannot connect to %s: %s", l->endpoint, zmq_strerror(errno));
    return socket;
}

/* What the daemon says of itself. */
static json_t *ask_status(struct load *l)
{
    void *socket = connect_socket(l);
    char id[] = "status";
    json_t *status = NULL;
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};

    send_frame(socket, "muster/1", 8, ZMQ_SNDMORE);
    send_frame(socket, id, sizeof id - 1, ZMQ_SNDMORE);
    send_frame(socket, "status", 6, ZMQ_SNDMORE);
    send_frame(socket, "{}", 2, 0);
    if (zmq_poll(&item, 1, LAST_WORDS_MS) != 1)
        die("no answer to status from %s", l->endpoint);
    for (int more = 1; more;) {
        zmq_msg_t msg;

        zmq_msg_init(&msg);
        if (zmq_msg_recv(&msg, socket, 0) < 0)
            die("cannot receive: %s", zmq_strerror(errno));
        more = zmq_msg_more(&msg);
        if (!more)
            status = json_loadb(zmq_msg_data(&msg), zmq_msg_size(&msg), 0, NULL);
        zmq_msg_close(&msg);
    }
    zmq_close(socket);
    return status;
}

static long long grown(const json_t *before, const json_t *after, const char *name)
{
    return (long long)(json_integer_value(json_object_get(json_object_get(after, "counters"), name)) -
                       json_integer_value(json_object_get(json_object_get(before, "counters"), name)));
}

static void print_outcome(struct load *l, const json_t *before, json_t *after)
{
    double seconds = (double)(l->ended_us - l->began_us) / 1e6;
    bool submit = l->requests.workload <= LOAD_MIX;
    json_t *out = json_pack(
        "{s:f, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:I, s:I}",
        "rate", seconds > 0 ? (double)(submit ? l->recorded : l->answered) / seconds : 0,
        "p50_us", (json_int_t)times_at(&l->times, 500), "p99_us", (json_int_t)times_at(&l->times, 990),
        "max_us", (json_int_t)times_at(&l->times, 1000), "answered", (json_int_t)l->answered,
        "recorded", (json_int_t)l->recorded, "duplicate", (json_int_t)l->duplicate,
        "refused", (json_int_t)l->refused, "errors", (json_int_t)l->errors, "seconds", seconds,
        "batches", (json_int_t)grown(before, after, "batches"),
        "faults", (json_int_t)grown(before, after, "store_faults"));

    if (*l->first_trouble)
        json_object_set_new(out, "first_trouble", json_string(l->first_trouble));
    if (l->requests.workload == LOAD_STATUS)
        json_object_set(out, "status", after);
    json_dumpf(out, stdout, JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(out);
}

static void read_keys(struct keypair *out, const char *path)
{
    struct err err = {0};

    if (keyfile_read(out, path, &err) != 0)
        die_err(&err);
}

static void read_options(struct load *l, int argc, char **argv)
{
    static const struct option known[] = {
        {"endpoint", required_argument, NULL, 'e'}, {"workload", required_argument, NULL, 'w'},
        {"clients", required_argument, NULL, 'c'},  {"outstanding", required_argument, NULL, 'o'},
        {"batch", required_argument, NULL, 'k'},    {"seconds", required_argument, NULL, 's'},
        {"count", required_argument, NULL, 'n'},    {"branches", required_argument, NULL, 'b'},
        {"members", required_argument, NULL, 'm'},  {"roll", required_argument, NULL, 'r'},
        {"today", required_argument, NULL, 't'},    {"seed", required_argument, NULL, 'x'},
        {"offer", required_argument, NULL, 'f'},      {"server-key", required_argument, NULL, 'u'},
        {"key-file", required_argument, NULL, 'y'},
        {NULL, 0, NULL, 0},
    };
    struct world *w = &l->requests.world;
    int option, which;

    while ((option = getopt_long(argc, argv, "", known, &which)) != -1) {
        const char *name = option == '?' ? "" : known[which].name;

        switch (option) {
        case 'e': l->endpoint = optarg; break;
        case 'w':
            if (!workload_find(&l->requests.workload, optarg))
                die("there is no workload \"%s\"", optarg);
            break;
        case 'c': l->clients = (int)number_of(name, optarg); break;
        case 'o': l->outstanding = (int)number_of(name, optarg); break;
        case 'k': l->requests.batch = (int)number_of(name, optarg); break;
        case 's': l->duration_us = (int64_t)(atof(optarg) * 1e6); break;
        case 'n': l->count = number_of(name, optarg); break;
        case 'b': w->branches = number_of(name, optarg); break;
        case 'm': w->members = (int)number_of(name, optarg); break;
        case 'r': w->roll = (int)number_of(name, optarg); break;
        case 't': w->today = day_of(name, optarg); break;
        case 'f': l->offer = number_of(name, optarg); break;
        case 'u': l->server_key = optarg; break;
        case 'y': read_keys(&l->own, optarg); break;
        case 'x': w->rng.state = (uint64_t)number_of(name, optarg); break;
        default: exit(2); /* getopt_long has said why */
        }
    }
    if (!l->endpoint || w->branches < 1 || l->clients < 1 || l->clients > CLIENTS_MAX ||
        l->outstanding < 1 || l->requests.batch < 1)
        die("--endpoint and --branches are needed, --clients 1 to %d", CLIENTS_MAX);
}

int main(int argc, char **argv)
{
    struct load load = {
        .clients = 1, .outstanding = 1, .duration_us = 1000000, .requests.batch = 1,
        .requests.world = {.members = 22, .roll = 12, .rng.state = 7,
                           .today = day_from_civil(2022, 11, 21)},
    };
    json_t *before, *after;

    read_options(&load, argc, argv);
    load.verb = workload_verb(load.requests.workload);
    requests_init(&load.requests, load.clients);
    load.context = zmq_ctx_new();
    zmq_ctx_set(load.context, ZMQ_MAX_SOCKETS, CLIENTS_MAX + 8);
    load.sent_us = mem_zero((size_t)load.clients * (size_t)load.outstanding * sizeof *load.sent_us);
    before = ask_status(&load);
    for (int i = 0; i < load.clients; i++)
        load.sockets[i] = connect_socket(&load);
    load.free_slots = mem_alloc((size_t)load.clients * (size_t)load.outstanding * sizeof *load.free_slots);
    for (int i = load.clients * load.outstanding; i-- > 0;)
        load.free_slots[load.free_count++] = (uint32_t)i;
    if (load.offer)
        run_offered(&load);
    else
        run(&load);
    after = ask_status(&load);
    print_outcome(&load, before, after);
    for (int i = 0; i < load.clients; i++)
        zmq_close(load.sockets[i]);
    zmq_ctx_term(load.context);
    json_decref(before);
    json_decref(after);
    requests_deinit(&load.requests);
    times_deinit(&load.times);
    buf_deinit(&load.body);
    free(load.sent_us);
    free(load.free_slots);
    return load.errors ? EXIT_FAILURE : EXIT_SUCCESS;
}
