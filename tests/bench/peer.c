/* bench_peer: the same events, added to Redis or PostgreSQL by N clients with W requests outstanding each.
 *
 *   bench_peer --kind redis|postgres --socket PATH [--user U] [--clients N] [--outstanding W] [--rows R]
 *              [--seconds S]
 *
 * --rows: events of a statement (PostgreSQL). One JSON object: rate (events a second), p50_us, p99_us, max_us.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "base/zone.h"
#include "peer.h"
#include "tell.h"
#include "world.h"

enum { CLIENTS_MAX = 512, ROWS_MAX = 1000, LAST_WORDS_MS = 60000 };

struct client {
    int fd;
    struct buf in;
    int64_t *sent_us; /* a ring: answers come in order */
    int64_t first, waiting;
};

struct bench {
    const struct peer *peer;
    const char *socket, *user;
    int clients, outstanding, rows;
    int64_t duration_us, began_us, ended_us, waiting, answered;
    struct world world;
    struct client items[CLIENTS_MAX];
    struct buf out, bodies[ROWS_MAX];
    char ids[ROWS_MAX][UUID_TEXT_SIZE], branches[ROWS_MAX][REF_BUF], ats[ROWS_MAX][32];
    struct times times;
};

void peer_send(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);

        if (sent < 0 && errno != EINTR)
            die("cannot send: %s", strerror(errno));
        if (sent > 0) {
            data += sent;
            len -= (size_t)sent;
        }
    }
}

static int64_t unix_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME_COARSE, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void send_request(struct bench *b, struct client *c)
{
    const char *ids[ROWS_MAX], *branches[ROWS_MAX], *ats[ROWS_MAX];

    for (int i = 0; i < b->rows; i++) {
        const char *at, *branch;

        world_id(b->ids[i], &b->world.rng, unix_ms());
        buf_clear(&b->bodies[i]);
        world_plain(&b->bodies[i], &b->world, b->ids[i]);
        at = strstr(buf_str(&b->bodies[i]), "\"at\":\"") + 6;
        branch = strstr(b->bodies[i].data, "\"branch\":\"") + 10;
        snprintf(b->ats[i], sizeof b->ats[i], "%.25s", at);
        snprintf(b->branches[i], sizeof b->branches[i], "%.9s", branch);
        ids[i] = b->ids[i];
        branches[i] = b->branches[i];
        ats[i] = b->ats[i];
    }
    buf_clear(&b->out);
    b->peer->add(&b->out, ids, branches, ats, b->bodies, b->rows);
    c->sent_us[(c->first + c->waiting++) % b->outstanding] = now_us();
    b->waiting++;
    peer_send(c->fd, b->out.data, b->out.len);
}

static void answered(struct bench *b, struct client *c)
{
    b->ended_us = now_us();
    times_add(&b->times, b->ended_us - c->sent_us[c->first % b->outstanding]);
    c->first++;
    c->waiting--;
    b->waiting--;
    b->answered++;
    if (b->ended_us - b->began_us < b->duration_us)
        send_request(b, c);
}

static void serve(struct bench *b, struct client *c)
{
    ssize_t got;
    size_t at = 0, whole;
    bool done, wrong;

    buf_reserve(&c->in, 65536);
    got = recv(c->fd, c->in.data + c->in.len, 65536, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0)
        die("the server went away");
    c->in.len += (size_t)got;
    while ((whole = b->peer->take(c->in.data + at, c->in.len - at, &done, &wrong)) > 0) {
        if (wrong)
            die("the server refused: %.*s", (int)whole, c->in.data + at);
        at += whole;
        if (done)
            answered(b, c);
    }
    memmove(c->in.data, c->in.data + at, c->in.len - at);
    c->in.len -= at;
}

static void connect_all(struct bench *b, int epoll)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    snprintf(address.sun_path, sizeof address.sun_path, "%s", b->socket);
    for (int i = 0; i < b->clients; i++) {
        struct client *c = &b->items[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};

        c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address) != 0)
            die("cannot connect to %s: %s", b->socket, strerror(errno));
        c->sent_us = mem_zero((size_t)b->outstanding * sizeof *c->sent_us);
        b->peer->greet(c->fd, b->user, b->rows, i == 0);
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) != 0)
            die("cannot watch a socket: %s", strerror(errno));
    }
}

static void run(struct bench *b)
{
    struct epoll_event ready[64];
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    connect_all(b, epoll);
    b->began_us = now_us();
    for (int w = 0; w < b->outstanding; w++)
        for (int i = 0; i < b->clients; i++)
            send_request(b, &b->items[i]);
    while (b->waiting > 0) {
        int n = epoll_wait(epoll, ready, 64, LAST_WORDS_MS);

        if (n == 0)
            die("%lld requests were not answered", (long long)b->waiting);
        for (int i = 0; i < n; i++)
            serve(b, ready[i].data.ptr);
    }
}

static void read_options(struct bench *b, int argc, char **argv)
{
    static const struct option known[] = {
        {"kind", required_argument, NULL, 'k'},        {"socket", required_argument, NULL, 's'},
        {"user", required_argument, NULL, 'u'},        {"clients", required_argument, NULL, 'c'},
        {"outstanding", required_argument, NULL, 'o'}, {"rows", required_argument, NULL, 'r'},
        {"seconds", required_argument, NULL, 't'},     {NULL, 0, NULL, 0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'k': b->peer = strcmp(optarg, "redis") == 0 ? &peer_redis : &peer_postgres; break;
        case 's': b->socket = optarg; break;
        case 'u': b->user = optarg; break;
        case 'c': b->clients = (int)number_of("clients", optarg); break;
        case 'o': b->outstanding = (int)number_of("outstanding", optarg); break;
        case 'r': b->rows = (int)number_of("rows", optarg); break;
        case 't': b->duration_us = (int64_t)(atof(optarg) * 1e6); break;
        default: exit(2); /* getopt_long has said why */
        }
    }
    if (!b->peer || !b->socket || b->clients < 1 || b->clients > CLIENTS_MAX || b->rows < 1 ||
        b->rows > ROWS_MAX || b->outstanding < 1 || (b->rows > 1 && b->peer == &peer_redis))
        die("--kind and --socket are needed, --clients 1 to %d, --rows 1 to %d", CLIENTS_MAX, ROWS_MAX);
}

int main(int argc, char **argv)
{
    struct bench *b = mem_zero(sizeof *b);
    struct err err = {0};
    double seconds;

    b->clients = b->outstanding = b->rows = 1;
    b->duration_us = 1000000;
    b->user = "postgres";
    b->world = (struct world){.branches = 1000, .members = 22, .roll = 12, .rng.state = (uint64_t)unix_ms(),
                              .today = day_from_civil(2022, 11, 21)};
    read_options(b, argc, argv);
    if (zone_set("Asia/Shanghai", &err) != 0)
        die_err(&err);
    run(b);
    seconds = (double)(b->ended_us - b->began_us) / 1e6;
    printf("{\"rate\": %.1f, \"p50_us\": %lld, \"p99_us\": %lld, \"max_us\": %lld, \"answered\": %lld}\n",
           (double)(b->answered * b->rows) / seconds, (long long)times_at(&b->times, 500),
           (long long)times_at(&b->times, 990), (long long)times_at(&b->times, 1000), (long long)b->answered);
    for (int i = 0; i < b->clients; i++) {
        close(b->items[i].fd);
        free(b->items[i].sent_us);
        buf_deinit(&b->items[i].in);
    }
    for (int i = 0; i < ROWS_MAX; i++)
        buf_deinit(&b->bodies[i]);
    buf_deinit(&b->out);
    times_deinit(&b->times);
    free(b);
    return 0;
}
