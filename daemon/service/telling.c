#include "service/telling.h"

#include <string.h>

#include "base/log.h"
#include "net/net.h"
#include "notify/notify.h"
#include "service/route_check.h"
#include "service/service_state.h"

enum {
    TELLING_MS = 5,  /* of a turn: as an evaluation's slice */
    TAKE_AT_ONCE = 8,
    LAG_ENOUGH = 1000, /* rows: more are looked at although somebody submits */
    TELLING_RETRY_MS = 1000, /* after the store failed */
};

int telling_open(struct service *s, struct err *err)
{
    day_t last = alerts_day(s->evaluation.alerts), today = clock_today(&s->clock);
    struct err why = {0};
    int r = route_check(s->policy->settings, ledger_store(s->ledger), &why);

    if (r < 0) {
        *err = why;
        return -1;
    }
    if (r == 1)
        log_warning("%s: nobody is told by that", why.en); /* no reason not to record */
    if (channels_init(err) < 0 || teller_new(&s->teller, err) < 0)
        return -1;
    if (!ledger_rehearsal(s->ledger)) {
        r = teller_configure(s->teller, s->policy, err);
        if (r != 0)
            return r;
    }
    r = notify_new(&s->notify, s->ledger, s->evaluation.alerts, s->policy->settings, s->policy->tracking_since,
                      last == DAY_NONE ? 0 : today - last, clock_now_us(&s->clock), err);
    if (r == 0)
        notify_take_words(s->notify, s->word_key);
    return r;
}

void telling_close(struct service *s)
{
    teller_free(s->teller);
    s->teller = NULL;
    notify_free(s->notify);
    s->notify = NULL;
}

void telling_configure(struct service *s)
{
    struct err err = {0};

    if (!ledger_rehearsal(s->ledger) && teller_configure(s->teller, s->policy, &err) != 0)
        log_error("the channels were not changed: %s", err.en);
    notify_configure(s->notify, s->policy->settings, s->policy->tracking_since);
}

/* ---- the channels that are built in ----------------------------------------------------------- */

/* Numbers and ids only: a log is read by many, and kept. */
static void log_message(const struct message *m)
{
    log_notice("told to \"%s\" (%s): %lld red, %lld yellow, %lld notice, %lld closed", m->recipient,
               message_kind_name(m->kind), (long long)m->red, (long long)m->yellow, (long long)m->notice,
               (long long)m->closed);
    for (size_t i = 0; i < m->item_count; i++) {
        const struct message_item *item = &m->items[i];

        if (item->kind == ITEM_UNDELIVERED)
            log_notice("told to \"%s\": undelivered to \"%s\" by channel %s", m->recipient, item->subject, item->rule);
        else
            log_notice("told to \"%s\": %s %s %s %s %s, %lld in all, alert %lld", m->recipient, item_kind_name(item->kind),
                       item->level, item->rule, item->subject_kind, item->subject, (long long)item->count,
                       (long long)item->alert);
    }
    if (m->more)
        log_notice("told to \"%s\": %lld further lines (muster alerts)", m->recipient, (long long)m->more);
}

/* As all on the feed it is a hint: which alerts, not what of them. */
static void publish(struct service *s, const struct message *m)
{
    _cleanup_buf_ struct buf text = {0};
    struct json out = json_to(&text);

    json_open(&out, '{');
    json_kv_str(&out, "key", m->key);
    json_kv_str(&out, "to", m->recipient);
    json_kv_str(&out, "kind", message_kind_name(m->kind));
    json_kv_int(&out, "red", m->red);
    json_kv_int(&out, "yellow", m->yellow);
    json_kv_int(&out, "notice", m->notice);
    json_kv_int(&out, "closed", m->closed);
    json_key(&out, "alerts");
    json_open(&out, '[');
    for (size_t i = 0; i < m->item_count; i++) {
        if (m->items[i].alert)
            json_int(&out, m->items[i].alert);
        for (size_t k = 0; k < m->items[i].alert_count; k++)
            json_int(&out, m->items[i].alerts[k]);
    }
    json_close(&out, ']');
    json_close(&out, '}');
    net_publish(s->net, "notice", text.data, text.len);
}

/* ---- steps ------------------------------------------------------------------------------------ */

/* True: it was one of ours. */
static bool send_here(struct service *s, const struct notify_parcel *parcel)
{
    if (strcmp(parcel->channel, "log") == 0)
        log_message(parcel->message);
    else if (strcmp(parcel->channel, "feed") == 0)
        publish(s, parcel->message);
    else
        return false;
    return true;
}

/* While the store fails it is kept, and tried again: else whoever was told would be told anew every second. */
static int note(struct service *s, const struct told *told, struct err *err)
{
    s->unnoted = *told;
    if (notify_sent(s->notify, told->id, &told->result, clock_now_us(&s->clock), err) < 0)
        return -1;
    s->unnoted.id = 0;
    return 0;
}

/* What the channels made of it. */
static int take_back(struct service *s, struct err *err)
{
    struct told told = s->unnoted;

    while (told.id || teller_take(&told, s->teller)) {
        if (note(s, &told, err) < 0)
            return -1;
        told.id = 0;
    }
    return 0;
}

static int hand_out(struct service *s, struct err *err)
{
    int r = 1;

    for (int i = 0; r == 1 && i < TAKE_AT_ONCE; i++) {
        struct notify_parcel parcel;

        r = notify_take(&parcel, s->notify, clock_now_us(&s->clock), TELLING_MS, err);
        if (r != 1)
            return r;
        if (send_here(s, &parcel))
            r = note(s, &(struct told){parcel.number, {.sent = SENT_OK}}, err) < 0 ? -1 : 1;
        else if (!teller_give(s->teller, parcel.channel, parcel.number, &parcel.message))
            r = 0, notify_put_back(s->notify, parcel.number);
        message_free(parcel.message);
    }
    return r;
}

static void note_fault(struct service *s, int64_t now_ms, const struct err *err)
{
    if (s->telling_retry_ms == 0)
        log_error("what is to be told cannot be worked on, trying again: %s", err->en);
    s->telling_retry_ms = now_ms + TELLING_RETRY_MS;
}

static bool may_tell(const struct service *s)
{
    return s->notify && !s->leapt && evaluation_today(&s->evaluation);
}

/* Recording comes first, but for a bound: who reports is asked at most once a day. */
static int hear_reporters(struct service *s, int64_t now_ms, struct err *err)
{
    int64_t lag = notify_reporters_lag(s->notify);

    if (lag == 0 || (lag < LAG_ENOUGH && now_ms - s->evaluation.last_input_ms < IDLE_MS))
        return 0;
    return notify_hear_reporters(s->notify, clock_now_us(&s->clock), TELLING_MS, err);
}

void telling_step(struct service *s, int64_t now_ms)
{
    struct err err = {0};

    if (s->unnoted.id && now_ms < s->telling_retry_ms)
        return;
    if (take_back(s, &err) < 0) { /* at any time: what came back is not kept elsewhere */
        note_fault(s, now_ms, &err);
        return;
    }
    if (!s->leapt && now_ms >= s->telling_retry_ms && hear_reporters(s, now_ms, &err) < 0) {
        note_fault(s, now_ms, &err);
        return;
    }
    if (!may_tell(s) || now_ms < s->telling_retry_ms)
        return;
    if (notify_step(s->notify, clock_now_us(&s->clock), TELLING_MS, &err) < 0 || hand_out(s, &err) < 0)
        note_fault(s, now_ms, &err);
    else if (notify_prune(s->notify, clock_now_us(&s->clock), &err) < 0)
        note_fault(s, now_ms, &err);
    else
        s->telling_retry_ms = 0;
}

bool telling_busy(struct service *s)
{
    return s->policy->settings->telling.route_count &&
           (!may_tell(s) || alerts_pending(s->evaluation.alerts) || notify_busy(s->notify, clock_now_us(&s->clock)));
}

int64_t telling_wait_ms(struct service *s, int64_t now_ms)
{
    int64_t us = may_tell(s) ? notify_wait_us(s->notify, clock_now_us(&s->clock)) : -1;
    int64_t ms = us < 0 ? -1 : us / 1000 + (us > 0);
    int64_t prune_ms = may_tell(s) ? notify_prune_wait_ms(s->notify, clock_now_us(&s->clock)) : -1;

    if (prune_ms >= 0 && (ms < 0 || ms > prune_ms))
        ms = prune_ms;
    if (!s->leapt && notify_reporters_lag(s->notify) > 0 && (ms < 0 || ms > IDLE_MS))
        ms = IDLE_MS;
    if (s->unnoted.id)
        ms = 0;
    if (ms < 0 || s->telling_retry_ms == 0)
        return ms;
    return s->telling_retry_ms > now_ms + ms ? s->telling_retry_ms - now_ms : ms;
}
