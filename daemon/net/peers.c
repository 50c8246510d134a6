#include "net/peers.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BUCKETS = 4096, ALWAYS = 64 * 1024 /* a first answer this small is never refused */ };

/* Counts shared with libzmq's threads; lives until the last answer is given back. */
struct held {
    atomic_int_least64_t bytes;
    atomic_int refs;
};

struct peer {
    struct peer *next;
    size_t socket;
    struct held *held;
    struct held *held_by_all;
    atomic_int refs; /* the table's, and those of requests in flight. Only peers_find adds to the table's alone */
    int waiting[PEER_LINES];
    uint64_t turn[PEER_LINES];
    uint8_t id_len;
    unsigned char id[]; /* the routing id */
};

struct peers {
    struct peer *buckets[BUCKETS];
    size_t count;
    uint64_t seed; /* routing ids may be chosen by peers */
    struct held *held;
};

/* One answer, as long as libzmq has it. */
struct parcel {
    /* Set last and looked at first: the thread sanitizer does not see how libzmq hands over. */
    atomic_bool whole;
    struct held *peer, *all;
    char *data;
    int64_t size;
};

static struct held *held_new(void)
{
    struct held *held = mem_zero(sizeof *held);

    atomic_init(&held->refs, 1);
    return held;
}

static void held_unref(struct held *held)
{
    if (atomic_fetch_sub(&held->refs, 1) == 1)
        free(held);
}

/* libzmq's free function: on its own thread. */
static void parcel_free(void *data, void *hint)
{
    struct parcel *parcel = hint;

    (void)data;
    (void)atomic_load(&parcel->whole);
    atomic_fetch_sub(&parcel->peer->bytes, parcel->size);
    atomic_fetch_sub(&parcel->all->bytes, parcel->size);
    held_unref(parcel->peer);
    held_unref(parcel->all);
    free(parcel->data);
    free(parcel);
}

struct peers *peers_new(void)
{
    struct peers *peers = mem_zero(sizeof *peers);
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    peers->seed = (uint64_t)now.tv_nsec * 0x9E3779B97F4A7C15u ^ (uintptr_t)peers;
    peers->held = held_new();
    return peers;
}

void peer_ref(struct peer *peer)
{
    atomic_fetch_add(&peer->refs, 1);
}

void peer_unref(struct peer *peer)
{
    if (!peer || atomic_fetch_sub(&peer->refs, 1) > 1)
        return;
    held_unref(peer->held);
    free(peer);
}

/* Forgets those that nothing is known about: no answer on its way, no request in flight. */
static void sweep(struct peers *peers)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        struct peer **at = &peers->buckets[i];

        while (*at) {
            struct peer *peer = *at;

            if (atomic_load(&peer->refs) == 1 && atomic_load(&peer->held->bytes) == 0) {
                *at = peer->next;
                peers->count--;
                peer_unref(peer);
            } else {
                at = &peer->next;
            }
        }
    }
}

void peers_free(struct peers *peers)
{
    if (!peers)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        while (peers->buckets[i]) {
            struct peer *peer = peers->buckets[i];

            peers->buckets[i] = peer->next;
            peer_unref(peer);
        }
    held_unref(peers->held);
    free(peers);
}

static size_t bucket_of(const struct peers *peers, size_t socket, const unsigned char *id, size_t len)
{
    uint64_t h = peers->seed + socket;

    for (size_t i = 0; i < len; i++) {
        h ^= id[i];
        h *= 0x100000001B3u;
        h ^= h >> 29;
    }
    return h % BUCKETS;
}

struct peer *peers_find(struct peers *peers, size_t socket, const void *id, size_t len_bytes)
{
    size_t bucket = bucket_of(peers, socket, id, len_bytes);
    struct peer *peer;

    for (peer = peers->buckets[bucket]; peer; peer = peer->next)
        if (peer->socket == socket && peer->id_len == len_bytes && memcmp(peer->id, id, len_bytes) == 0)
            break;
    if (!peer) {
        if (peers->count >= PEERS_MAX)
            sweep(peers);
        if (peers->count >= PEERS_MAX || len_bytes > PEER_ID_MAX)
            return NULL;
        peer = mem_zero(sizeof *peer + len_bytes);
        peer->socket = socket;
        peer->held = held_new();
        peer->held_by_all = peers->held;
        atomic_init(&peer->refs, 1);
        peer->id_len = (uint8_t)len_bytes;
        memcpy(peer->id, id, len_bytes);
        peer->next = peers->buckets[bucket];
        peers->buckets[bucket] = peer;
        peers->count++;
    }
    peer_ref(peer);
    return peer;
}

size_t peer_socket(const struct peer *peer)
{
    return peer->socket;
}

const void *peer_id(const struct peer *peer, size_t *len_out)
{
    *len_out = peer->id_len;
    return peer->id;
}

static bool has_room(struct peer *peer, int64_t size)
{
    int64_t mine = atomic_load(&peer->held->bytes);
    int64_t left = PEERS_HELD_MAX - atomic_load(&peer->held_by_all->bytes);
    int64_t share = left / 2 < PEER_HELD_MAX ? left / 2 : PEER_HELD_MAX;

    if (mine == 0)
        return left > 0 || size <= ALWAYS;
    return mine + size <= share;
}

/* Growing by doubling leaves up to half unused. */
static void trim(struct buf *body)
{
    if (body->cap - body->len > 1024) {
        body->cap = body->len ? body->len : 1;
        body->data = mem_resize(body->data, body->cap);
    }
}

bool peer_wrap(zmq_msg_t *out, struct peer *peer, struct buf *body)
{
    struct parcel *parcel;
    int64_t size;

    trim(body);
    size = (int64_t)body->cap + ANSWER_OVERHEAD;
    if (!has_room(peer, size))
        return false;
    parcel = mem_alloc(sizeof *parcel);
    parcel->peer = peer->held;
    parcel->all = peer->held_by_all;
    parcel->data = body->data;
    parcel->size = size;
    atomic_fetch_add(&peer->held->refs, 1);
    atomic_fetch_add(&peer->held_by_all->refs, 1);
    atomic_fetch_add(&peer->held->bytes, size);
    atomic_fetch_add(&peer->held_by_all->bytes, size);
    atomic_store(&parcel->whole, true);
    if (zmq_msg_init_data(out, body->data, body->len, parcel_free, parcel) != 0)
        abort(); /* out of memory, as in base/buf.c */
    memset(body, 0, sizeof *body);
    return true;
}

int64_t peers_held(const struct peers *peers)
{
    return atomic_load(&peers->held->bytes);
}

int *peer_waiting(struct peer *peer, size_t line)
{
    return &peer->waiting[line];
}

uint64_t *peer_turn(struct peer *peer, size_t line)
{
    return &peer->turn[line];
}
