/* A batch: nothing is answered before the commit, and a fault is everybody's `unavailable`. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/batch.h"

#define UUID "018563c2-f84b-75df-8339-13bf76415633"

/* The ledger, as each test wants it. */
static struct {
    bool open, committed, rolled_back;
    int submitted;
    int fails_at; /* the n-th event; 0: none */
    bool begin_fails, commit_fails;
    char by[32];
} fake;

static struct answered {
    bool ok;
    char body[2000];
    bool before_commit;
} answered[8];
static size_t answers;

const char *ledger_uuid(const struct ledger *ledger)
{
    (void)ledger;
    return UUID;
}
bool ledger_rehearsal(const struct ledger *ledger)
{
    (void)ledger;
    return false;
}
int ledger_begin(struct ledger *ledger, struct err *err)
{
    (void)ledger;
    fake.open = true;
    return fake.begin_fails ? err_fault(err, "no") : 0;
}
int ledger_commit(struct ledger *ledger, struct err *err)
{
    (void)ledger;
    if (fake.commit_fails)
        return err_fault(err, "no");
    fake.committed = true;
    return 0;
}
void ledger_rollback(struct ledger *ledger)
{
    (void)ledger;
    fake.rolled_back = true;
}
/* Events are words here: "r" is refused, "d" a duplicate. */
int ledger_take(struct ledger *ledger, struct submitted *sent, const struct author *author, struct submit_result *result,
                struct err *err)
{
    (void)ledger;
    memset(result, 0, sizeof *result);
    snprintf(fake.by, sizeof fake.by, "%s", author->name);
    if (++fake.submitted == fake.fails_at)
        return err_fault(err, "the disk is full");
    result->seq = fake.submitted;
    result->status = memchr(sent->json.s, 'r', sent->json.len)   ? SUBMIT_REFUSED
                     : memchr(sent->json.s, 'd', sent->json.len) ? SUBMIT_DUPLICATE
                                                    : SUBMIT_RECORDED;
    if (result->status == SUBMIT_REFUSED)
        return err_say(&result->err, ERR_EXISTS, "branch", "there is \xff one", "已有 \xff 一个") - 1;
    return 0;
}

static int commit(struct batch *b, struct counters *c, struct err *err)
{
    struct arrival *done;
    int failed = batch_commit(b, NULL, c, &done, err);

    for (struct arrival *a = done; a; a = a->next) {
        struct answered *to = &answered[answers++];
        _cleanup_buf_ struct buf body = {0};

        to->ok = arrival_write_answer(&body, a, UUID, false);
        to->before_commit = !fake.committed && to->ok;
        snprintf(to->body, sizeof to->body, "%s", buf_str(&body));
    }
    arrivals_free(done);
    return failed;
}

static int add(struct batch *b, const char *body, struct err *err, bool *zh)
{
    CLEANUP(desk_deinit) struct desk desk = {0};
    struct arrival *a = arrival_new();
    struct kinds kinds;
    int failed;

    kinds_init(&kinds);
    strcpy(a->request.verb, "submit");
    strcpy(a->request.user, "somebody");
    zmq_msg_init_size(&a->request.body, strlen(body));
    memcpy(zmq_msg_data(&a->request.body), body, strlen(body));
    assert_true(arrival_is_submission(a));
    arrival_read(a, &desk, &kinds);
    *zh = a->zh;
    failed = batch_add(b, a, NULL, err);
    if (failed)
        arrival_free(a);
    kinds_deinit(&kinds);
    return failed;
}

static void must_add(struct batch *b, const char *body)
{
    struct err err = {0};
    bool zh;

    assert_int_equal(add(b, body, &err, &zh), 0);
}

static void reset(void)
{
    memset(&fake, 0, sizeof fake);
    memset(answered, 0, sizeof answered);
    answers = 0;
}

static const char *status_of(size_t answer_number, size_t event)
{
    json_t *root = json_loads(answered[answer_number].body, 0, NULL);
    const char *status = json_string_value(
        json_object_get(json_array_get(json_object_get(root, "results"), event), "status"));
    static char copy[32];

    snprintf(copy, sizeof copy, "%s", status ? status : "none");
    json_decref(root);
    return copy;
}

static void test_commit(void **state)
{
    struct batch b = {0};
    struct counters c = {0};
    struct err err = {0};

    (void)state;
    reset();
    must_add(&b, "{\"events\":[\"a\"]}"); /* short: lies within the message */
    must_add(&b, "{\"events\":[\"a\",\"r\",\"d\",\"a\"],\"lang\":\"zh\",\"ledger\":\"" UUID "\"}");
    assert_int_equal(b.events, 5);
    assert_int_equal(commit(&b, &c, &err), 0);
    assert_true(fake.committed);
    assert_string_equal(fake.by, "somebody");
    assert_int_equal(answers, 2);
    assert_true(answered[0].ok && answered[1].ok);
    assert_false(answered[0].before_commit || answered[1].before_commit);
    assert_string_equal(status_of(0, 0), "recorded");
    assert_string_equal(status_of(1, 1), "refused");
    assert_string_equal(status_of(1, 2), "duplicate");
    assert_string_equal(status_of(1, 3), "recorded");
    assert_non_null(strstr(answered[1].body, "已有 ? 一个")); /* in its language, and always UTF-8 */
    assert_int_equal(c.values[COUNT_RECORDED], 3);
    assert_int_equal(c.values[COUNT_DUPLICATE], 1);
    assert_int_equal(c.values[COUNT_REFUSED], 1);
    assert_int_equal(c.errors[ERR_EXISTS], 1);
    assert_int_equal(b.count + b.events + b.bytes, 0);
    batch_deinit(&b);
}

static void all_unavailable(const char *what)
{
    struct batch b = {0};
    struct counters c = {0};
    struct err err = {0};

    print_message("%s\n", what);
    must_add(&b, "{\"events\":[\"a\"]}");
    must_add(&b, "{\"events\":[\"a\",\"a\"],\"lang\":\"zh\"}");
    must_add(&b, "{\"events\":[\"r\"]}");
    assert_int_equal(commit(&b, &c, &err), -1);
    assert_int_equal(err.code, ERR_UNAVAILABLE);
    assert_int_equal(answers, 3);
    for (size_t i = 0; i < answers; i++) {
        assert_false(answered[i].ok);
        assert_non_null(strstr(answered[i].body, "\"unavailable\""));
        assert_null(strstr(answered[i].body, "recorded\""));
    }
    assert_non_null(strstr(answered[1].body, "稍后"));
    assert_int_equal(c.values[COUNT_RECORDED] + c.values[COUNT_REFUSED], 0);
    assert_int_equal(c.values[COUNT_FAULTS], 1);
    assert_int_equal(b.count, 0);
    batch_deinit(&b);
}

static void test_faults(void **state)
{
    (void)state;
    reset();
    fake.begin_fails = true;
    all_unavailable("begin");
    for (int n = 1; n <= 4; n++) {
        reset();
        fake.fails_at = n;
        all_unavailable("an event");
        assert_true(fake.rolled_back);
    }
    reset();
    fake.commit_fails = true;
    all_unavailable("commit");
}

static void test_refused_as_a_whole(void **state)
{
    struct batch b = {0};
    struct err err = {0};
    bool zh;

    (void)state;
    assert_int_equal(add(&b, "{\"events\":[]}", &err, &zh), 1);
    assert_int_equal(err.code, ERR_MALFORMED);
    assert_false(zh);
    err_clear(&err);
    assert_int_equal(add(&b, "{\"events\":[1],\"lang\":\"zh\",\"ledger\":\"00000000-0000-7000-8000-000000000000\"}", &err, &zh), 1);
    assert_int_equal(err.code, ERR_NOT_ALLOWED);
    assert_true(zh);
    assert_int_equal(b.count, 0);
    batch_deinit(&b);
}

static void test_full(void **state)
{
    struct batch b = {0};
    char body[8200] = "{\"events\":[";

    (void)state;
    for (int i = 0; i < 1000; i++)
        strcat(body, i < 999 ? "1," : "1]}");
    must_add(&b, body);
    assert_false(batch_full(&b));
    must_add(&b, body);
    assert_true(batch_full(&b));
    batch_deinit(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commit),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_refused_as_a_whole),
        cmocka_unit_test(test_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
