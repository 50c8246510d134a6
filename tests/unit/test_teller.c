/* The sender: lanes that do not wait for each other, their bounds, and what a reload and the end leave behind. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "service/teller.h"

/* ---- channels that do as they are told ------------------------------------------------------------ */

struct channel {
    const struct settings_channel *settings;
    bool stopped;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int held_back, sending, channels;
static bool no_more_channels;

int channels_init(struct err *err)
{
    (void)err;
    return 0;
}

int channel_new(struct channel **out, const struct settings_channel *settings, const struct forms *forms, struct err *err)
{
    (void)forms;
    if (no_more_channels && strcmp(settings->name, "b") == 0)
        return err_fault(err, "no");
    *out = mem_zero(sizeof **out);
    (*out)->settings = settings;
    channels++;
    return 0;
}

void channel_free(struct channel *channel)
{
    channels -= channel != NULL;
    free(channel);
}

void channel_stop(struct channel *channel)
{
    pthread_mutex_lock(&lock);
    channel->stopped = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

/* "slow" sends when it is let (held_back is 0) or stopped; an address "later" or "never" is what comes of it. */
void channel_send(struct sent_result *out, struct channel *channel, const struct message *m, int64_t now_us)
{
    *out = (struct sent_result){.sent = strcmp(m->address, "later") == 0   ? SENT_LATER
                                        : strcmp(m->address, "never") == 0 ? SENT_NEVER
                                                                           : SENT_OK};
    assert_true(now_us > 0);
    pthread_mutex_lock(&lock);
    sending++;
    pthread_cond_broadcast(&changed);
    while (strcmp(channel->settings->name, "slow") == 0 && held_back && !channel->stopped)
        pthread_cond_wait(&changed, &lock);
    if (channel->stopped)
        out->sent = SENT_LATER;
    pthread_mutex_unlock(&lock);
}

static void let(int hold)
{
    pthread_mutex_lock(&lock);
    held_back = hold;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void wait_sending(int count)
{
    pthread_mutex_lock(&lock);
    while (sending < count)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

int forms_load(struct forms **out, const char *folder, struct err *err)
{
    if (strcmp(folder, "bad") == 0)
        return err_say(err, ERR_INVALID_VALUE, NULL, "bad", "bad");
    *out = NULL;
    return 0;
}

void forms_free(struct forms *forms)
{
    (void)forms;
}

/* ---- policies ------------------------------------------------------------------------------------- */

static char slow[] = "slow", a[] = "a", b[] = "b", good[] = "good", bad[] = "bad";
static int policies;

static struct policy *policy_of(char *const *names, size_t n, char *folder)
{
    struct policy *policy = mem_zero(sizeof *policy);

    policy->refs = 1;
    policies++;
    policy->settings = mem_zero(sizeof *policy->settings);
    policy->settings->notice_templates = folder;
    policy->settings->channels = mem_zero((n + 1) * sizeof *policy->settings->channels);
    policy->settings->channel_count = n;
    for (size_t i = 0; i < n; i++)
        policy->settings->channels[i].name = names[i];
    return policy;
}

struct policy *policy_ref(struct policy *policy)
{
    policy->refs++;
    return policy;
}

void policy_unref(struct policy *policy)
{
    if (--policy->refs > 0)
        return;
    free(policy->settings->channels);
    free(policy->settings);
    free(policy);
    policies--;
}

/* ---- tests ---------------------------------------------------------------------------------------- */

static struct teller *teller_with(char *const *names, size_t n)
{
    struct policy *policy = policy_of(names, n, good);
    struct teller *t = NULL;
    struct err err = {0};

    assert_int_equal(teller_new(&t, &err), 0);
    assert_int_equal(teller_configure(t, policy, &err), 0);
    policy_unref(policy);
    return t;
}

static bool give(struct teller *t, const char *channel, int64_t id, const char *address)
{
    const struct message m = {.key = "k", .recipient = "r", .address = address, .lang = "en", .ledger = "l"};
    _cleanup_message_ struct message *copy = message_copy(&m);

    return teller_give(t, channel, id, &copy);
}

static struct told take(struct teller *t)
{
    struct told told;

    while (!teller_take(&told, t)) {
        struct pollfd fd = {.fd = teller_fd(t), .events = POLLIN};

        assert_int_equal(poll(&fd, 1, 20000), 1);
    }
    return told;
}

static void test_results(void **state)
{
    char *const names[] = {a};
    struct teller *t = teller_with(names, 1);
    struct told told;

    (void)state;
    assert_true(give(t, "a", 7, "x") && give(t, "a", 8, "later") && give(t, "a", 9, "never"));
    told = take(t);
    assert_true(told.id == 7 && told.result.sent == SENT_OK);
    told = take(t);
    assert_true(told.id == 8 && told.result.sent == SENT_LATER);
    told = take(t);
    assert_true(told.id == 9 && told.result.sent == SENT_NEVER);
    assert_true(teller_counts(t).sent == 1 && teller_counts(t).later == 1 && teller_counts(t).never == 1 &&
                teller_counts(t).under_way == 0);
    assert_false(give(t, "nobody", 1, "x"));
    assert_int_equal(teller_room(t, "nobody"), 0);
    teller_free(t);
}

static void test_a_slow_one_holds_up_nobody(void **state)
{
    char *const names[] = {slow, a};
    struct teller *t = teller_with(names, 2);

    (void)state;
    let(1);
    sending = 0;
    for (int i = 0; i <= LANE_MAX; i++) {
        assert_int_equal(teller_room(t, "slow"), LANE_MAX + 1 - i);
        assert_true(give(t, "slow", i, "x"));
    }
    assert_int_equal(teller_room(t, "slow"), 0);
    assert_false(give(t, "slow", 99, "x"));
    wait_sending(1);
    assert_true(give(t, "a", 50, "x"));
    assert_int_equal(take(t).id, 50);
    let(0);
    for (int i = 0; i <= LANE_MAX; i++)
        assert_int_equal(take(t).id, i);
    assert_int_equal(teller_room(t, "slow"), LANE_MAX + 1);
    teller_free(t);
}

static void test_a_reload(void **state)
{
    char *const names[] = {slow, a}, *const others[] = {slow};
    struct teller *t = teller_with(names, 2);
    struct policy *next = policy_of(others, 1, good);
    struct err err = {0};
    int later = 0, sent = 0;

    (void)state;
    let(1);
    sending = 0;
    assert_true(give(t, "slow", 1, "x") && give(t, "slow", 2, "x") && give(t, "slow", 3, "x"));
    wait_sending(1);
    assert_int_equal(teller_configure(t, next, &err), 0);
    policy_unref(next);
    assert_int_equal(policies, 2); /* the old one is still used by the message under way */
    assert_int_equal(teller_room(t, "a"), 0);
    assert_int_equal(teller_room(t, "slow"), LANE_MAX + 1);
    assert_true(give(t, "slow", 4, "x"));
    let(0);
    for (int i = 0; i < 4; i++) {
        struct told told = take(t);

        later += told.result.sent == SENT_LATER && strcmp(told.result.code, "reload") == 0;
        sent += told.result.sent == SENT_OK;
    }
    assert_true(later == 2 && sent == 2);
    while (policies > 1) { /* until the old lanes are gone */
        struct pollfd fd = {.fd = teller_fd(t), .events = POLLIN};
        struct told told;

        assert_int_equal(poll(&fd, 1, 20000), 1);
        assert_false(teller_take(&told, t));
    }
    assert_int_equal(channels, 1);
    teller_free(t);
}

static void test_a_reload_that_fails(void **state)
{
    char *const names[] = {a}, *const others[] = {slow, b};
    struct teller *t = teller_with(names, 1);
    struct policy *faulty = policy_of(others, 2, bad), *few = policy_of(others, 2, good);
    struct err err = {0};

    (void)state;
    assert_int_equal(teller_check(faulty->settings, &err), 1);
    err_clear(&err);
    assert_int_equal(teller_configure(t, faulty, &err), 1);
    err_clear(&err);
    no_more_channels = true;
    assert_int_equal(teller_configure(t, few, &err), -1);
    no_more_channels = false;
    policy_unref(faulty);
    policy_unref(few);
    assert_int_equal(teller_room(t, "slow"), 0);
    assert_true(give(t, "a", 5, "x"));
    assert_int_equal(take(t).id, 5);
    teller_free(t);
}

static void test_the_end(void **state)
{
    char *const names[] = {slow, a};
    struct teller *t = teller_with(names, 2);

    (void)state;
    let(1);
    sending = 0;
    assert_true(give(t, "slow", 1, "x") && give(t, "slow", 2, "x") && give(t, "a", 3, "x"));
    wait_sending(2);
    teller_free(t); /* does not wait to be let */
    let(0);
    assert_int_equal(channels, 0);
    assert_int_equal(policies, 0);
    teller_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),         cmocka_unit_test(test_a_slow_one_holds_up_nobody),
        cmocka_unit_test(test_a_reload),        cmocka_unit_test(test_a_reload_that_fails),
        cmocka_unit_test(test_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
