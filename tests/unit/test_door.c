/* The door: what libzmq is answered about a handshake, and what ends the daemon. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "net/door.h"

static const char known_key[] = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";

struct stage {
    void *context, *asker;
    struct door door;
    int asked;
};

static bool knows(void *data, const char *public)
{
    struct stage *s = data;

    s->asked++;
    return strcmp(public, known_key) == 0;
}

static int setup(void **state)
{
    struct stage *s = calloc(1, sizeof *s);
    struct err err = {0};

    log_set_level(LOG_LEVEL_ERROR);
    s->context = zmq_ctx_new();
    assert_int_equal(door_open(&s->door, s->context, knows, s, &err), 0);
    s->door.told_ms = 1; /* nothing is logged for now */
    s->asker = zmq_socket(s->context, ZMQ_DEALER);
    assert_int_equal(zmq_connect(s->asker, "inproc://zeromq.zap.01"), 0);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct stage *s = *state;
    int linger = 0;

    zmq_setsockopt(s->asker, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(s->asker);
    door_close(&s->door);
    zmq_ctx_term(s->context);
    free(s);
    return 0;
}

static void send_frames(struct stage *s, const char *const *frames, size_t n, const void *key, size_t key_len)
{
    for (size_t i = 0; i < n; i++)
        zmq_send(s->asker, frames[i], strlen(frames[i]), key || i + 1 < n ? ZMQ_SNDMORE : 0);
    if (key)
        zmq_send(s->asker, key, key_len, 0);
}

/* What libzmq sends: an empty frame, then version, request id, domain, address, routing id, mechanism, key. */
static void ask(struct stage *s, const char *version, const char *mechanism, const void *key, size_t key_len)
{
    const char *const frames[] = {"", version, "17", "muster", "127.0.0.1", "", mechanism};

    send_frames(s, frames, 7, key, key_len);
}

static void tend(struct stage *s)
{
    struct err err = {0};

    assert_int_equal(door_tend(&s->door, 1, &err), 0);
}

/* The reply's frames: empty, version, request id, status, text, user id, metadata. */
static void expect(struct stage *s, const char *status, const char *user)
{
    const char *const wanted[] = {"", "1.0", "17", status, "", user, ""};
    char frame[128];

    tend(s);
    for (size_t i = 0; i < 7; i++) {
        int len = zmq_recv(s->asker, frame, sizeof frame - 1, ZMQ_DONTWAIT);

        assert_true(len >= 0);
        frame[len] = '\0';
        assert_string_equal(frame, wanted[i]);
    }
}

static void test_known(void **state)
{
    struct stage *s = *state;
    uint8_t key[32];

    assert_non_null(zmq_z85_decode(key, known_key));
    ask(s, "1.0", "CURVE", key, 32);
    expect(s, "200", known_key);
    assert_int_equal(s->door.unknown_keys, 0);
}

static void test_turned_away(void **state)
{
    struct stage *s = *state;
    uint8_t key[32] = {1};

    ask(s, "1.0", "CURVE", key, 32);
    expect(s, "400", "");
    assert_int_equal(s->asked, 1);
    assert_non_null(strstr(s->door.last, "127.0.0.1 with key "));
    assert_non_null(zmq_z85_decode(key, known_key));
    ask(s, "1.0", "NULL", key, 32); /* whatever the mechanism says of itself */
    expect(s, "400", "");
    ask(s, "1.0", "PLAIN", key, 32);
    expect(s, "400", "");
    ask(s, "1.1", "CURVE", key, 32);
    expect(s, "400", "");
    ask(s, "1.0", "CURVE", key, 31);
    expect(s, "400", "");
    ask(s, "1.0", "CURVE", "", 0);
    expect(s, "400", "");
    assert_int_equal(s->asked, 1);
    assert_int_equal(s->door.unknown_keys, 6);
}

static void test_other_lengths(void **state)
{
    struct stage *s = *state;
    const char *const many[] = {"", "1.0", "17", "muster", "127.0.0.1", "", "CURVE", "key", "more", "more", "more"};

    send_frames(s, many, 11, NULL, 0);
    expect(s, "400", "");
    send_frames(s, many, 3, NULL, 0);
    expect(s, "400", "");
    send_frames(s, many, 1, NULL, 0);
    tend(s); /* nothing to answer to */
    assert_int_equal(zmq_recv(s->asker, NULL, 0, ZMQ_DONTWAIT), -1);
    assert_int_equal(errno, EAGAIN);
}

/* Nobody may be served where nobody asks the handler. */
static void test_no_handler_no_daemon(void **state)
{
    struct stage *s = *state;
    struct err err = {0};

    assert_int_equal(door_tend(&s->door, 1, &err), 0);
    zmq_ctx_shutdown(s->context);
    assert_int_equal(door_tend(&s->door, 1, &err), -1);
    assert_true(err.en[0]);
}

static void test_only_one(void **state)
{
    struct stage *s = *state;
    struct door second = {0};
    struct err err = {0};

    assert_int_equal(door_open(&second, s->context, knows, s, &err), -1);
    door_close(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_known, setup, teardown),
        cmocka_unit_test_setup_teardown(test_turned_away, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_lengths, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_handler_no_daemon, setup, teardown),
        cmocka_unit_test_setup_teardown(test_only_one, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
