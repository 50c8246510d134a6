#include "service/gate.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>

enum {
    AT_ONCE = 32,      /* messages that are handed over together, so that the first of many waits for few */
    SPARE_MAX = 1024,  /* arrivals whose memory is kept: 8 MiB of usual ones, 32 of the largest that are kept */
};

struct answer {
    struct answer *next;
    struct address to;
    bool ok;
    struct buf body;
};

/* A list with its end. */
struct arrivals {
    struct arrival *first, *last;
};

struct gate {
    struct gate_options options;
    pthread_t thread;
    int came_fd; /* the main loop is to look */
    int wake_fd; /* the gate is to look */

    pthread_mutex_t lock; /* of what follows */
    struct arrivals came;
    size_t events, messages, bytes; /* in `came` */
    struct arrivals back;
    struct answer *answers, **answers_end;
    bool asleep, closed;

    pthread_mutex_t reading; /* held while anything is read */
    atomic_int_least64_t lost, dropped_slow, dropped_gone;

    /* The thread's own. */
    struct desk desk;
    struct arrival *spare;
    size_t spare_count;
};

static void arrivals_add(struct arrivals *list, struct arrival *first, struct arrival *last)
{
    if (list->last)
        list->last->next = first;
    else
        list->first = first;
    list->last = last;
}

static void signal_fd(int fd)
{
    uint64_t one = 1;

    (void)!write(fd, &one, sizeof one);
}

static void quiet_fd(int fd)
{
    uint64_t count;

    (void)!read(fd, &count, sizeof count);
}

/* The lock is held. */
static void wake(struct gate *g)
{
    if (g->asleep)
        signal_fd(g->wake_fd);
    g->asleep = false;
}

static bool has_room(const struct gate *g)
{
    return g->events < GATE_EVENTS && g->messages < GATE_MESSAGES && g->bytes < GATE_BYTES;
}

/* --- the thread: in --- */

static struct arrival *arrival_spare(struct gate *g)
{
    struct arrival *a = g->spare;

    if (!a)
        return arrival_new();
    g->spare = a->next;
    g->spare_count--;
    a->next = NULL;
    return a;
}

static void recycle(struct gate *g, struct arrival *a)
{
    if (g->spare_count >= SPARE_MAX) {
        arrival_free(a);
        return;
    }
    arrival_reset(a);
    a->next = g->spare;
    g->spare = a;
    g->spare_count++;
}

static void read_submission(struct gate *g, struct arrival *a)
{
    pthread_mutex_lock(&g->reading);
    arrival_read(a, &g->desk, g->options.kinds);
    pthread_mutex_unlock(&g->reading);
}

/* NULL: nothing waits. */
static struct arrival *receive(struct gate *g)
{
    struct arrival *a = arrival_spare(g);
    struct err err = {0};

    for (;;) {
        switch (net_receive(g->options.net, &a->request, &err)) {
        case NET_REQUEST:
            a->size_bytes = zmq_msg_size(&a->request.body);
            if (arrival_is_submission(a))
                read_submission(g, a);
            return a;
        case NET_REFUSED:
            a->refused = mem_alloc(sizeof err);
            *a->refused = err;
            return a;
        case NET_LOST:
            atomic_fetch_add(&g->lost, 1);
            break;
        case NET_NOTHING:
            recycle(g, a);
            return NULL;
        }
    }
}

static void hand_over(struct gate *g, struct arrivals *list, size_t messages, size_t events, size_t bytes)
{
    bool first;

    pthread_mutex_lock(&g->lock);
    first = !g->came.first;
    arrivals_add(&g->came, list->first, list->last);
    g->messages += messages;
    g->events += events;
    g->bytes += bytes;
    pthread_mutex_unlock(&g->lock);
    if (first)
        signal_fd(g->came_fd);
}

/* Returns how many messages were taken in. */
static size_t take_in(struct gate *g)
{
    struct arrivals list = {0};
    size_t messages = 0, events = 0, bytes = 0;
    struct arrival *a;

    while (messages < AT_ONCE && bytes < GATE_BYTES && events < GATE_EVENTS && (a = receive(g))) {
        arrivals_add(&list, a, a);
        messages++;
        events += a->body.count;
        bytes += a->size_bytes;
    }
    if (messages)
        hand_over(g, &list, messages, events, bytes);
    return messages;
}

/* --- the thread: out --- */

static void count_sent(struct gate *g, enum net_sent sent)
{
    switch (sent) {
    case NET_SENT:
        break;
    case NET_DROPPED_SLOW:
        atomic_fetch_add(&g->dropped_slow, 1);
        break;
    case NET_DROPPED_GONE:
        atomic_fetch_add(&g->dropped_gone, 1);
        break;
    }
}

static void answer_back(struct gate *g, struct arrival *list)
{
    while (list) {
        struct arrival *a = list;
        struct buf body = {0};
        bool ok;

        list = a->next;
        if (a->result != ARRIVAL_UNANSWERED) {
            ok = arrival_write_answer(&body, a, g->options.ledger, g->options.rehearsal);
            count_sent(g, net_answer(g->options.net, &a->request.from, ok, &body));
        }
        recycle(g, a);
    }
}

static void answer_others(struct gate *g, struct answer *list)
{
    while (list) {
        struct answer *a = list;

        list = a->next;
        count_sent(g, net_answer(g->options.net, &a->to, a->ok, &a->body));
        address_deinit(&a->to);
        free(a);
    }
}

/* --- the thread: round and round --- */

/* Waits until a message comes in, if there is room for one, or the main loop has something. */
static void wait_for_work(struct gate *g, bool room)
{
    zmq_pollitem_t items[NET_LISTEN_MAX + 1];
    size_t n = room ? net_listener_items(g->options.net, items) : 0;

    items[n++] = (zmq_pollitem_t){.fd = g->wake_fd, .events = ZMQ_POLLIN};
    while (zmq_poll(items, (int)n, -1) < 0 && errno == EINTR)
        ;
    if (items[n - 1].revents)
        quiet_fd(g->wake_fd);
}

static void *run(void *data)
{
    struct gate *g = data;
    bool closed = false, busy = true;

    while (!closed) {
        struct arrival *back;
        struct answer *answers;
        bool room;

        pthread_mutex_lock(&g->lock);
        back = g->back.first;
        g->back = (struct arrivals){0};
        answers = g->answers;
        g->answers = NULL;
        g->answers_end = &g->answers;
        room = has_room(g);
        closed = g->closed;
        g->asleep = !busy && !back && !answers && !closed;
        pthread_mutex_unlock(&g->lock);
        if (!busy && !back && !answers && !closed)
            wait_for_work(g, room);
        answer_back(g, back);
        answer_others(g, answers);
        busy = room && !closed && take_in(g) > 0;
    }
    return NULL;
}

/* --- the main loop's side --- */

static struct gate *gate_new(const struct gate_options *options)
{
    struct gate *g = mem_zero(sizeof *g);

    g->options = *options;
    g->answers_end = &g->answers;
    pthread_mutex_init(&g->lock, NULL);
    pthread_mutex_init(&g->reading, NULL);
    g->came_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    g->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return g;
}

static void gate_free(struct gate *g)
{
    arrivals_free(g->came.first);
    arrivals_free(g->spare);
    desk_deinit(&g->desk);
    if (g->came_fd >= 0)
        close(g->came_fd);
    if (g->wake_fd >= 0)
        close(g->wake_fd);
    pthread_mutex_destroy(&g->lock);
    pthread_mutex_destroy(&g->reading);
    free(g);
}

int gate_start(struct gate **out, const struct gate_options *options, struct err *err)
{
    struct gate *g = gate_new(options);

    if (g->came_fd < 0 || g->wake_fd < 0 || pthread_create(&g->thread, NULL, run, g) != 0) {
        gate_free(g);
        return err_fault(err, "cannot start a thread");
    }
    *out = g;
    return 0;
}

void gate_stop(struct gate *g)
{
    if (!g)
        return;
    pthread_mutex_lock(&g->lock);
    g->closed = true;
    wake(g);
    pthread_mutex_unlock(&g->lock);
    pthread_join(g->thread, NULL);
    gate_free(g);
}

int gate_fd(const struct gate *g)
{
    return g->came_fd;
}

struct arrival *gate_take(struct gate *g)
{
    struct arrival *list;

    quiet_fd(g->came_fd);
    pthread_mutex_lock(&g->lock);
    list = g->came.first;
    if (!has_room(g))
        wake(g);
    g->came = (struct arrivals){0};
    g->events = g->messages = g->bytes = 0;
    pthread_mutex_unlock(&g->lock);
    return list;
}

size_t gate_waiting(struct gate *g)
{
    size_t waiting;

    pthread_mutex_lock(&g->lock);
    waiting = g->messages;
    pthread_mutex_unlock(&g->lock);
    return waiting;
}

void gate_give_back(struct gate *g, struct arrival *list)
{
    struct arrival *last = list;

    if (!list)
        return;
    while (last->next)
        last = last->next;
    pthread_mutex_lock(&g->lock);
    arrivals_add(&g->back, list, last);
    wake(g);
    pthread_mutex_unlock(&g->lock);
}

void gate_answer(struct gate *g, const struct address *to, bool ok, struct buf *body)
{
    struct answer *a = mem_zero(sizeof *a);

    a->to = *to;
    peer_ref(a->to.peer);
    a->ok = ok;
    a->body = *body;
    memset(body, 0, sizeof *body);
    pthread_mutex_lock(&g->lock);
    *g->answers_end = a;
    g->answers_end = &a->next;
    wake(g);
    pthread_mutex_unlock(&g->lock);
}

void gate_hold(struct gate *g)
{
    pthread_mutex_lock(&g->reading);
}

void gate_go_on(struct gate *g)
{
    pthread_mutex_unlock(&g->reading);
}

struct gate_counts gate_counts(const struct gate *g)
{
    return (struct gate_counts){atomic_load(&g->lost), atomic_load(&g->dropped_slow), atomic_load(&g->dropped_gone)};
}
