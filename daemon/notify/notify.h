/* What people must be told, to whom, and when (docs/notices.md).
 *
 * Told of every alert that is opened, changed or closed inside the transaction that records it, it writes rows of what
 * each recipient is to be told: the outbox. When their time has come it makes messages of them, one for each recipient
 * and channel, and hands them out one by one; who sends them (service) says what became of it. A row is told once; a
 * message is tried until it arrived or has failed for good, with the same key at every try.
 *
 * Called by the thread that owns the ledger, never inside a batch of submissions. Knows no network and no clock: time is
 * passed in, microseconds since 1970, and never goes back. Without routes it does nothing at all.
 */
#ifndef MUSTER_NOTIFY_NOTIFY_H
#define MUSTER_NOTIFY_NOTIFY_H

#include "alerts/news.h"
#include "channels/message.h"
#include "ledger/ledger.h"
#include "settings/settings.h"

struct notify;

/* Takes up what waits since the last run. `settings` is borrowed until notify_configure or notify_free. Listens to
 * `alerts`, borrowed too, while there are routes. `off_days`: civil days since alerts were evaluated last; with more than
 * one, what opens before the first notify_step is a summary. */
int notify_new(struct notify **out, struct ledger *ledger, struct alerts *alerts, const struct settings *settings,
               day_t tracking_since, int64_t off_days, int64_t now_us, struct err *err) MUST_CHECK;
void notify_free(struct notify *notify);
DEFINE_CLEANUP(notify);
#define _cleanup_notify_ CLEANUP(notify_cleanup)

/* From now on personal messages hold one-time words, made with this key (access/word.h); it is borrowed. */
void notify_take_words(struct notify *notify, const uint8_t *key);
void notify_configure(struct notify *notify, const struct settings *settings, day_t tracking_since);

/* Who reported, of the rows recorded since it was asked last; where silence_of_reporters is set. At any time: between
 * batches, when nobody submits or many rows have come. */
int notify_hear_reporters(struct notify *notify, int64_t now_us, int64_t budget_ms, struct err *err) MUST_CHECK;
/* Rows that were not looked at for it; 0 where nobody wants to know. */
int64_t notify_reporters_lag(const struct notify *notify);

/* The ladder, repetitions, and messages made of what is due, for about `budget_ms`. To be called while alerts are those
 * of today. 0; -1: the store failed, nothing is lost. */
int notify_step(struct notify *notify, int64_t now_us, int64_t budget_ms, struct err *err) MUST_CHECK;

/* Something to be sent. The message is the caller's. */
struct notify_parcel {
    int64_t number;
    const char *channel; /* lives as long as the settings */
    struct message *message;
};
/* 1: one whose channel has nothing under way, which it has now; 0: none for now; -1. May take several calls to put one
 * together, each of about `budget_ms`. Never in a rehearsal. */
int notify_take(struct notify_parcel *out, struct notify *notify, int64_t now_us, int64_t budget_ms,
                struct err *err) MUST_CHECK;

/* What became of it. After -1 it is not noted, and its channel stays taken: call again. */
int notify_sent(struct notify *notify, int64_t number, const struct sent_result *result, int64_t now_us,
                struct err *err) MUST_CHECK;
/* It could not be given to its channel: as if it had not been taken. */
void notify_put_back(struct notify *notify, int64_t number);

/* Messages that failed are tried anew: one, or all (0). *n_out: how many. */
int notify_retry(int64_t *n_out, struct notify *notify, int64_t number, int64_t now_us, struct err *err) MUST_CHECK;

/* They are not worth mentioning any more: no longer counted as failed, and deleted in time. One, or all (0). */
int notify_forget(int64_t *n_out, struct notify *notify, int64_t number, int64_t now_us, struct err *err) MUST_CHECK;

/* A step of the day's deleting of what was told long ago (notice_keep), if it is time for one. Never while the clock may
 * be wrong. 0; -1: the store failed, nothing is lost. */
int notify_prune(struct notify *notify, int64_t now_us, struct err *err) MUST_CHECK;
/* Milliseconds until the next step; -1: not today. */
int64_t notify_prune_wait_ms(const struct notify *notify, int64_t now_us);

/* Something that is due is not a message yet, or not handed out. */
bool notify_busy(const struct notify *notify, int64_t now_us);
/* Microseconds until there is something to do if nothing else happens; -1: nothing foreseen. */
int64_t notify_wait_us(const struct notify *notify, int64_t now_us);

#endif
