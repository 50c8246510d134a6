/* Handing messages out, and what becomes of them. */
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "notify/notify_state.h"

enum {
    FIRST_DELAY_S = 30,         /* a server that is being restarted */
    LONGEST_DELAY_S = 6 * 3600, /* one that is down overnight */
    JITTER_PERCENT = 25,        /* so that what failed together is not tried together */
};

int64_t retry_delay_s(const char *key, int64_t tries)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)tries; /* FNV-1a */
    int64_t delay = FIRST_DELAY_S, percent;

    for (const char *p = key; *p; p++)
        h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
    for (int64_t i = 1; i < tries && delay < LONGEST_DELAY_S; i++)
        delay *= 2;
    if (delay > LONGEST_DELAY_S)
        delay = LONGEST_DELAY_S;
    percent = (int64_t)(h >> 33) % (2 * JITTER_PERCENT + 1) - JITTER_PERCENT;
    return delay + delay * percent / 100;
}

/* ---- out ------------------------------------------------------------------------------------ */

static const struct person_address *address_of(const struct person *p, const char *channel)
{
    for (size_t i = 0; i < p->address_count; i++)
        if (strcmp(p->addresses[i].channel, channel) == 0)
            return &p->addresses[i];
    return NULL;
}

static int give_up(struct notify *n, int64_t number, const char *code, const char *why, int64_t now_us, struct err *err)
{
    struct sent_result result = {.sent = SENT_NEVER};

    text_copy(result.code, sizeof result.code, code);
    text_copy(result.error, sizeof result.error, why);
    return notify_sent(n, number, &result, now_us, err);
}

/* A recipient who is gone from the configuration, or is no longer reached so, cannot be told. 1: composing has begun. */
static int begin(struct notify *n, const struct outgoing *m, int64_t now_us, struct err *err)
{
    int person = settings_person_find(n->telling, m->recipient);
    const struct person *p = person == PERSON_NONE ? NULL : &n->telling->people[person];
    const struct person_address *address = p ? address_of(p, m->channel) : NULL;
    const struct settings_channel *channel; /* NULL: one that is built in */

    if (!address)
        return give_up(n, m->number, "no address", "the configuration no longer has this recipient on this channel", now_us,
                       err);
    channel = settings_channel_find(n->settings, m->channel);
    composing_begin(&n->composing, m, p, address, channel);
    return 1;
}

/* 1: one that is due, of a channel that has nothing to do; 0; -1. */
static int choose(struct notify *n, int64_t now_us, struct err *err)
{
    for (struct under_way *way = n->ways; way->channel; way++) {
        struct outgoing m;
        int r;

        if (way->message)
            continue;
        composing_deinit(&n->composing);
        r = store_message_next(&m, &n->composing.arena, n->store, way->channel, err);
        if (r == 1 && m.next_us <= now_us)
            r = begin(n, &m, now_us, err);
        else if (r == 1)
            r = 0;
        if (r != 0)
            return r;
    }
    return 0;
}

static struct under_way *way_of(struct notify *n, const char *channel)
{
    for (struct under_way *way = n->ways; way->channel; way++)
        if (strcmp(way->channel, channel) == 0)
            return way;
    return NULL;
}

int notify_take(struct notify_parcel *out, struct notify *n, int64_t now_us, int64_t budget_ms, struct err *err)
{
    struct composing *c = &n->composing;
    int64_t until_ms = clock_monotonic_ms() + budget_ms;
    struct under_way *way;
    int r = 1;

    if (n->telling->route_count == 0 || ledger_rehearsal(n->ledger) || (!n->may_take && c->of.number == 0))
        return 0;
    if (c->of.number == 0) {
        r = choose(n, now_us, err);
        n->may_take = r != 0;
        n->look = true; /* what is next has to be foreseen anew */
        if (r == 0)
            composing_deinit(c);
    }
    if (r == 1)
        r = composing_step(c, n, until_ms, err);
    if (r < 0)
        composing_deinit(c);
    if (r != 1)
        return r;
    way = way_of(n, c->of.channel);
    way->message = c->of.number;
    *out = (struct notify_parcel){c->of.number, way->channel, message_copy(&c->message)};
    composing_deinit(c);
    return 1;
}

/* ---- back ----------------------------------------------------------------------------------- */

/* Of the administrator's other ways to be reached, all. What tells of a failure and fails is in the log only. */
static int tell_administrator(struct notify *n, const struct outgoing *m, int64_t now_us, struct err *err)
{
    const struct person *p;

    if (m->moment == MOMENT_UNDELIVERED || n->telling->administrator == PERSON_NONE)
        return 0;
    p = &n->telling->people[n->telling->administrator];
    for (size_t i = 0; i < p->address_count; i++) {
        struct notice row = {.what = NOTICE_UNDELIVERED, .step = m->number, .recipient = p->name,
                             .channel = p->addresses[i].channel, .route = "", .moment = MOMENT_UNDELIVERED,
                             .due_us = now_us, .made_us = now_us};
        bool added;

        if (strcmp(row.channel, m->channel) != 0 && store_notice_add(&added, n->store, &row, err) < 0)
            return -1;
    }
    return 0;
}

static int fail(struct notify *n, struct outgoing *m, const char *code, int64_t now_us, struct err *err)
{
    m->state = MESSAGE_FAILED_FOR_GOOD;
    log_error("message %lld to \"%s\" by channel %s could not be delivered after %lld tries: %s", (long long)m->number,
              m->recipient, m->channel, (long long)m->tries, code);
    return tell_administrator(n, m, now_us, err);
}

static int settle(struct notify *n, struct outgoing *m, const struct sent_result *result, int64_t now_us, struct err *err)
{
    int64_t delay_s = retry_delay_s(m->key, m->tries), retry_after_s = result->retry_after_s;

    switch (result->sent) {
    case SENT_OK:
        m->state = MESSAGE_SENT;
        m->error = "";
        break;
    case SENT_LATER:
        if (m->tries >= n->telling->tries)
            return fail(n, m, result->code, now_us, err);
        if (retry_after_s > LONGEST_DELAY_S)
            retry_after_s = LONGEST_DELAY_S;
        m->next_us = now_us + (delay_s > retry_after_s ? delay_s : retry_after_s) * 1000000;
        break;
    case SENT_NEVER:
        return fail(n, m, result->code, now_us, err);
    }
    return 0;
}

static int note(struct notify *n, int64_t number, const struct sent_result *result, int64_t now_us, struct err *err)
{
    struct outgoing m;
    int r = store_message_get(&m, &n->arena, n->store, number, err);

    if (r != 1)
        return r;
    m.tries++;
    m.error = result->error;
    if (settle(n, &m, result, now_us, err) < 0)
        return -1;
    return store_message_set(n->store, &m, m.state == MESSAGE_WAITING ? 0 : now_us, err);
}

void notify_put_back(struct notify *n, int64_t number)
{
    for (struct under_way *way = n->ways; way->channel; way++)
        if (way->message == number)
            way->message = 0;
    n->look = true;
}

int notify_sent(struct notify *n, int64_t number, const struct sent_result *result, int64_t now_us, struct err *err)
{
    arena_reset(&n->arena);
    if (store_begin(n->store, err) < 0)
        return -1;
    if (note(n, number, result, now_us, err) < 0 || store_commit(n->store, err) < 0) {
        store_rollback(n->store);
        return -1;
    }
    notify_put_back(n, number); /* not before: what was sent and is not noted would be sent again and again */
    return 0;
}

/* A change of messages that failed, in a transaction of its own. */
static int change_failed(struct notify *n, int64_t *n_out, int64_t number, int64_t now_us,
                         int (*change)(int64_t *, struct store *, int64_t, int64_t, struct err *), struct err *err)
{
    if (store_begin(n->store, err) < 0)
        return -1;
    if (change(n_out, n->store, number, now_us, err) < 0 || store_commit(n->store, err) < 0) {
        store_rollback(n->store);
        return -1;
    }
    return 0;
}

int notify_retry(int64_t *n_out, struct notify *n, int64_t number, int64_t now_us, struct err *err)
{
    int failed = change_failed(n, n_out, number, now_us, store_messages_retry, err);

    n->look |= !failed;
    return failed;
}

int notify_forget(int64_t *n_out, struct notify *n, int64_t number, int64_t now_us, struct err *err)
{
    return change_failed(n, n_out, number, now_us, store_messages_forget, err);
}

int deliver_stray(struct notify *n, int64_t now_us, int64_t until_ms, struct err *err)
{
    _cleanup_buf_ struct buf names = {0};
    struct json json = json_to(&names);
    int64_t number;
    int r;

    json_open(&json, '[');
    for (const struct under_way *way = n->ways; way->channel; way++)
        json_str(&json, way->channel);
    json_close(&json, ']');
    while ((r = store_message_stray(&number, n->store, buf_str(&names), err)) == 1) {
        if (give_up(n, number, "no channel", "the configuration no longer has this channel", now_us, err) < 0)
            return -1;
        if (clock_monotonic_ms() >= until_ms)
            return 1;
    }
    return r;
}
