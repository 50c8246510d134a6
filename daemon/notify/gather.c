/* One message for each recipient, channel and moment, of all that is due. */
#include "base/uuid.h"
#include "notify/notify_state.h"

enum {
    ROWS_AT_ONCE = 200, /* in one transaction: two milliseconds or three, which a submission may have to wait */
    MESSAGES_AT_ONCE = 10,
};

static int begin_message(struct outgoing *m, struct notify *n, const struct notice *first, int64_t now_us, struct err *err)
{
    uint8_t uuid[UUID_SIZE];
    char *key = arena_alloc(&n->arena, UUID_TEXT_SIZE);

    uuid_make(uuid, now_us / 1000);
    *m = (struct outgoing){
        .key = uuid_format(key, uuid),
        .recipient = first->recipient,
        .channel = first->channel,
        .moment = first->moment,
        .made_us = now_us,
        .off_days = first->moment == MOMENT_SUMMARY ? n->off_days : 0,
        .error = "",
    };
    if (store_notice_newest(&m->upto, n->store, err) < 0)
        return -1;
    return store_message_add(&m->number, n->store, m, err);
}

/* 1: there is one to be filled; 0: nothing is due; -1. */
static int next_message(struct outgoing *m, struct notify *n, int64_t now_us, struct err *err)
{
    struct notice first;
    int r = store_message_gathering(m, &n->arena, n->store, err);

    if (r != 0)
        return r;
    r = store_notice_due(&first, &n->arena, n->store, now_us, err);
    if (r != 1)
        return r;
    return begin_message(m, n, &first, now_us, err) < 0 ? -1 : 1;
}

/* What opened while the first of it was waiting goes with it: a trickle of alerts is no trickle of messages. */
static int fill(int64_t *rows, struct notify *n, const struct outgoing *m, int64_t now_us, struct err *err)
{
    bool listed = ledger_rehearsal(n->ledger); /* nothing goes outside */
    int64_t soon_us = m->made_us + n->telling->gather_s * 1000000, taken;

    if (store_message_gather(&taken, n->store, m, soon_us, ROWS_AT_ONCE, err) < 0)
        return -1;
    *rows += taken;
    if (taken == ROWS_AT_ONCE)
        return 0;
    return store_message_gathered(n->store, m->number, listed ? MESSAGE_LISTED : MESSAGE_WAITING, listed ? now_us : 0, err);
}

/* 1: there may be more; 0; -1. */
static int gather(struct notify *n, int64_t now_us, struct err *err)
{
    struct outgoing m;
    int64_t rows = 0;
    int r = 1;

    for (int i = 0; r == 1 && i < MESSAGES_AT_ONCE && rows < ROWS_AT_ONCE; i++) {
        arena_reset(&n->arena);
        r = next_message(&m, n, now_us, err);
        if (r == 1 && fill(&rows, n, &m, now_us, err) < 0)
            r = -1;
    }
    return r;
}

int gather_step(struct notify *n, int64_t now_us, struct err *err)
{
    int r;

    if (store_begin(n->store, err) < 0)
        return -1;
    r = gather(n, now_us, err);
    if (r >= 0 && store_commit(n->store, err) < 0)
        r = -1;
    if (r < 0)
        store_rollback(n->store);
    return r;
}
