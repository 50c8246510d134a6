/* Peers: who is remembered, and how much may be on its way to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/peers.h"

enum { MEBI = 1024 * 1024 };

static bool give(zmq_msg_t *out, struct peer *peer, size_t size)
{
    struct buf body = {0};
    bool given;

    buf_reserve(&body, size); /* what is in it matters to nobody */
    body.len = size;
    given = peer_wrap(out, peer, &body);
    assert_true(given == (body.data == NULL)); /* the memory is taken, or left */
    buf_deinit(&body);
    return given;
}

static void test_same_peer(void **state)
{
    struct peers *peers = peers_new();
    struct peer *a = peers_find(peers, 0, "\0\1\2\3\4", 5);
    struct peer *same = peers_find(peers, 0, "\0\1\2\3\4", 5);
    struct peer *longer = peers_find(peers, 0, "\0\1\2\3\4\5", 6);
    struct peer *elsewhere = peers_find(peers, 1, "\0\1\2\3\4", 5);
    size_t len;

    (void)state;
    assert_ptr_equal(a, same);
    assert_ptr_not_equal(a, longer);
    assert_ptr_not_equal(a, elsewhere);
    assert_int_equal(peer_socket(elsewhere), 1);
    assert_memory_equal(peer_id(longer, &len), "\0\1\2\3\4\5", 6);
    assert_int_equal(len, 6);
    peer_unref(a);
    peer_unref(same);
    peer_unref(longer);
    peer_unref(elsewhere);
    peers_free(peers);
}

static void test_share(void **state)
{
    struct peers *peers = peers_new();
    struct peer *slow = peers_find(peers, 0, "slow", 4);
    struct peer *other = peers_find(peers, 0, "other", 5);
    zmq_msg_t held[64];
    zmq_msg_t one;
    int n = 0;

    (void)state;
    while (n < 64 && give(&held[n], slow, MEBI))
        n++;
    assert_int_equal(n, PEER_HELD_MAX / MEBI - 1); /* the overhead counts */
    assert_int_equal(peers_held(peers), n * (MEBI + ANSWER_OVERHEAD));
    assert_true(give(&one, other, MEBI)); /* the other does not notice */
    zmq_msg_close(&one);

    zmq_msg_close(&held[--n]); /* one was delivered */
    assert_true(give(&held[n], slow, MEBI));
    n++;
    while (n > 0)
        zmq_msg_close(&held[--n]);
    assert_int_equal(peers_held(peers), 0);
    assert_true(give(&one, slow, 3 * PEER_HELD_MAX)); /* one, of any size */
    zmq_msg_close(&one);
    peer_unref(slow);
    peer_unref(other);
    peers_free(peers);
}

static void test_all_together(void **state)
{
    enum { MANY = 300 };
    struct peers *peers = peers_new();
    static struct peer *peer[MANY];
    static zmq_msg_t held[MANY][2];
    static bool given[MANY][2];
    zmq_msg_t small;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        char name[16];
        int len = snprintf(name, sizeof name, "p%d", i);

        peer[i] = peers_find(peers, 0, name, (size_t)len);
        for (int k = 0; k < 2; k++)
            given[i][k] = give(&held[i][k], peer[i], 2 * MEBI);
    }
    assert_true(peers_held(peers) < PEERS_HELD_MAX + 3 * MEBI);
    assert_true(given[0][1]);
    assert_false(given[MANY - 1][0]);
    assert_true(give(&small, peer[MANY - 1], 1000)); /* a small answer always */
    zmq_msg_close(&small);
    for (int i = 0; i < MANY; i++) {
        for (int k = 0; k < 2; k++)
            if (given[i][k])
                zmq_msg_close(&held[i][k]);
        peer_unref(peer[i]);
    }
    assert_int_equal(peers_held(peers), 0);
    peers_free(peers);
}

static void test_forgets_the_idle(void **state)
{
    struct peers *peers = peers_new();
    struct peer *kept = peers_find(peers, 0, "kept", 4);
    struct peer *peer;

    (void)state;
    for (int i = 0; i < 3 * PEERS_MAX; i++) {
        peer = peers_find(peers, 0, &i, sizeof i);
        assert_non_null(peer);
        peer_unref(peer);
    }
    peer = peers_find(peers, 0, "kept", 4);
    assert_ptr_equal(peer, kept);
    peer_unref(peer);
    peer_unref(kept);
    peers_free(peers);
}

static void test_too_many_in_use(void **state)
{
    static struct peer *peer[PEERS_MAX];
    struct peers *peers = peers_new();

    (void)state;
    for (int i = 0; i < PEERS_MAX; i++) {
        peer[i] = peers_find(peers, 0, &i, sizeof i);
        assert_non_null(peer[i]);
    }
    assert_null(peers_find(peers, 0, "one more", 8));
    for (int i = 0; i < PEERS_MAX; i++)
        peer_unref(peer[i]);
    peers_free(peers);
}

/* libzmq may be done with an answer after the peer is forgotten. */
static void test_answer_outlives_peer(void **state)
{
    struct peers *peers = peers_new();
    struct peer *peer = peers_find(peers, 0, "p", 1);
    zmq_msg_t held;

    (void)state;
    assert_true(give(&held, peer, 100));
    peer_unref(peer);
    peers_free(peers);
    zmq_msg_close(&held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_peer),        cmocka_unit_test(test_share),
        cmocka_unit_test(test_all_together),     cmocka_unit_test(test_forgets_the_idle),
        cmocka_unit_test(test_too_many_in_use),  cmocka_unit_test(test_answer_outlives_peer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
