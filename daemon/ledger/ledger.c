#include "ledger/ledger.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/zone.h"
#include "ledger/chain.h"
#include "ledger/derive.h"
#include "ledger/ledger_state.h"
#include "ledger/redact.h"
#include "ledger/may.h"
#include "ledger/submitted.h"
#include "ledger/word_check.h"
#include "store/nearest.h"
#include "store/upkeep.h"

enum { COUNT_ROWS = 10000 }; /* at most so many are counted again at start */

/* 1900-01-01 (ledger.md section 1). */
static day_t oldest_day(void)
{
    return day_from_civil(1900, 1, 1);
}

struct reading ledger_reading(struct ledger *ledger)
{
    return (struct reading){ledger->store, &ledger->arena, &ledger->kinds, false};
}

int ledger_begin(struct ledger *ledger, struct err *err)
{
    ledger->looks = NEAREST_LOOKS;
    return store_begin(ledger->store, err);
}

int ledger_count_events(struct ledger *ledger, struct err *err)
{
    _cleanup_free_ char *text = NULL;
    long long seq = 0, events = 0;
    int64_t since;
    int r = store_meta_get(&text, ledger->store, "events_counted", err);

    if (r == 1 && sscanf(text, "%lld %lld", &seq, &events) != 2)
        return err_fault(err, "the saved number of events is damaged: run musterd --rebuild");
    if (r < 0 || store_row_count_clients(&since, ledger->store, seq, err) < 0)
        return -1;
    ledger->counted_seq = seq;
    ledger->now.events = events + since;
    return 0;
}

/* Inside a batch that is about to be committed. */
static int save_count(struct ledger *ledger, struct err *err)
{
    char text[64];

    if (ledger->now.seq - ledger->counted_seq < COUNT_ROWS)
        return 0;
    snprintf(text, sizeof text, "%lld %lld", (long long)ledger->now.seq,
             (long long)ledger->now.events);
    if (store_meta_set(ledger->store, "events_counted", text, err) < 0)
        return -1;
    ledger->counted_seq = ledger->now.seq; /* too late after a failed commit: saved the next time */
    return 0;
}

int ledger_commit(struct ledger *ledger, struct err *err)
{
    if (save_count(ledger, err) < 0 || store_commit(ledger->store, err) < 0) {
        ledger_rollback(ledger);
        return -1;
    }
    ledger->committed = ledger->now;
    return 0;
}

void ledger_rollback(struct ledger *ledger)
{
    store_rollback(ledger->store);
    ledger->now = ledger->committed;
    ledger->keys_version++;
    ledger->realm_version++;
}

static bool tells_realm(enum event_type type)
{
    return type >= EV_UNIT_REGISTERED && type <= EV_BRANCH_DISSOLVED;
}

static void count_versions(struct ledger *ledger, const struct considered *c)
{
    enum event_type type = c->event->type;

    ledger->keys_version += type == EV_KEY_ALLOWED || type == EV_KEY_REVOKED;
    ledger->realm_version += tells_realm(type) || (c->target && tells_realm(c->target->row.type));
}

static int append_written(struct ledger *ledger, const struct considered *c, const struct stored_form *written,
                          const char *recorded_by, unsigned flags, int64_t *seq_out, struct err *err)
{
    struct reading rd = ledger_reading(ledger);
    struct row row = {
        .seq = ledger->now.seq + 1,
        .recorded_at = clock_now_us(ledger->clock),
        .recorded_by = recorded_by,
        .type = c->event->type,
        .flags = flags,
        .body = written->body,
        .personal = written->personal,
    };

    if (row.recorded_at < ledger->now.recorded_at)
        row.recorded_at = ledger->now.recorded_at;
    memcpy(row.id, c->event->id, UUID_SIZE);
    memcpy(row.salt, written->seal.salt, SALT_SIZE);
    memcpy(row.seal, written->seal.seal, SEAL_SIZE);
    chain_link(&row, ledger->now.seq ? ledger->now.chain : NULL);
    if (store_row_insert(ledger->store, &row, err) < 0 ||
        derive_event(&rd, c, row.seq, err) < 0)
        return -1;
    ids_add(ledger->ids, row.id);
    count_versions(ledger, c);
    ledger->now.seq = row.seq;
    ledger->now.recorded_at = row.recorded_at;
    memcpy(ledger->now.chain, row.chain, CHAIN_SIZE);
    if (!catalogue_type(row.type)->daemon_only)
        ledger->now.events++;
    *seq_out = row.seq;
    if (ledger->heard)
        ledger->heard(ledger->listener, row.seq, c->event);
    return 0;
}

int ledger_append(struct ledger *ledger, const struct considered *c, const char *recorded_by,
                  unsigned flags, int64_t *seq_out, struct err *err)
{
    struct stored_form written;

    stored_form_write(&written, &ledger->desk, c->event);
    return append_written(ledger, c, &written, recorded_by, flags, seq_out, err);
}

/* Content is compared as sent: a valid_days that the daemon wrote is not part of it. */
static bool same_as_sent(const struct event *sent, const struct stored *stored)
{
    struct event was = stored->event, is = *sent;

    if (stored->row.flags & ROW_VALID_DAYS_GIVEN_HERE)
        was.values[F_VALID_DAYS] = NULL;
    if (stored->row.flags & ROW_KEPT_GIVEN_HERE)
        was.values[F_KEPT] = NULL;
    if (stored->row.erased) { /* what was erased can be compared no more: the rest decides */
        redact_bare(&was);
        redact_bare(&is);
    }
    return event_same(&is, &was);
}

/* 1: recorded before with the same content; 0: not known; 2: known with other content. */
static int find_same(struct ledger *ledger, const struct submitted *sent, struct submit_result *result, struct err *err)
{
    struct reading rd = ledger_reading(ledger);
    struct stored *stored;
    struct event event = sent->event;
    struct err ignored = {0};
    int r = ids_surely_new(ledger->ids, event.id)
                ? 0
                : store_row_find(&result->seq, ledger->store, event.id, err);

    if (r != 1)
        return r;
    if (stored_get(&stored, &rd, result->seq, err) < 0)
        return -1;
    result->out_of_effect = stored->row.out_by != 0;
    /* What was once allowed (a meeting kind) and is no longer, is still the same event. */
    if (sent->unread && event_read(&event, &ledger->arena, sent->json.s, sent->json.len, EVENT_STORED,
                                   &ledger->kinds, &ignored) != 0)
        return 2;
    return same_as_sent(&event, stored) ? 1 : 2;
}

static int check_dates(struct ledger *ledger, const struct event *e, struct err *err)
{
    char at[DAY_TEXT_SIZE], today[DAY_TEXT_SIZE];
    day_t now = clock_today(ledger->clock);

    if (e->day > now)
        return err_say(err, ERR_IN_FUTURE, "at", "%s is after today (%s)", "%s 晚于今天（%s）",
                       day_format(at, e->day), day_format(today, now));
    if (e->day < oldest_day())
        return err_say(err, ERR_TOO_OLD, "at", "%s is before 1900-01-01", "%s 早于 1900-01-01",
                       day_format(at, e->day));
    return 0;
}

static unsigned give_valid_days(struct ledger *ledger, struct event *e)
{
    struct value *v;

    if (e->type != EV_TRANSFER_ISSUED || event_has(e, F_VALID_DAYS))
        return 0;
    v = arena_alloc(&ledger->arena, sizeof *v);
    v->kind = VALUE_INT;
    v->number = ledger->transfer_valid_days;
    e->values[F_VALID_DAYS] = v;
    return ROW_VALID_DAYS_GIVEN_HERE;
}

static struct word_rules word_rules(const struct ledger *ledger)
{
    return (struct word_rules){ledger->has_word_key ? ledger->word_key : NULL, clock_today(ledger->clock)};
}

void ledger_take_words(struct ledger *ledger, const uint8_t *key)
{
    memcpy(ledger->word_key, key, WORD_KEY_SIZE);
    ledger->has_word_key = true;
}

/* 0 recorded, 1 refused, -1 fault. */
static int judge(struct ledger *ledger, struct submitted *sent, const char *recorded_by,
                 struct submit_result *result, struct err *err)
{
    struct reading rd = ledger_reading(ledger);
    struct event *event = &sent->event;
    struct word_rules rules = word_rules(ledger);
    struct considered c;
    unsigned flags;
    int r = check_dates(ledger, event, &result->err);

    if (r != 0)
        return r;
    flags = give_valid_days(ledger, event);
    r = word_check(&rules, &rd, event, &result->err);
    if (r == 0)
        r = check_event(&c, &rd, event, &ledger->looks, &result->err);
    if (r < 0)
        *err = result->err;
    if (r != 0)
        return r;
    if (event->type == EV_EVENT_REDACTED)
        return redact_record(ledger, event, recorded_by, &result->seq, err);
    return flags ? ledger_append(ledger, &c, recorded_by, flags, &result->seq, err)
                 : append_written(ledger, &c, &sent->form, recorded_by, 0, &result->seq, err);
}

/* Read and allowed: whether its id is known, whether it may be so. 0; -1: the store failed. */
static int take(struct ledger *ledger, struct submitted *sent, const char *recorded_by, struct submit_result *result,
                struct err *err)
{
    int known = 0, r;

    if (sent->event.has_id)
        known = find_same(ledger, sent, result, err);
    if (known < 0)
        return -1;
    if (known == 1) {
        result->status = SUBMIT_DUPLICATE;
        err_clear(&result->err);
        return 0;
    }
    if (sent->unread || (known == 2 && check_dates(ledger, &sent->event, &result->err) != 0))
        return 0;
    if (known == 2) {
        err_say(&result->err, ERR_ID_CONFLICT, "id",
                "this id was recorded with other content (row %lld): an id names one event for ever",
                "该编号已用于另一内容（第 %lld 行）：编号永远只对应一个事件", (long long)result->seq);
        return 0;
    }
    r = judge(ledger, sent, recorded_by, result, err);
    if (r == 0)
        result->status = SUBMIT_RECORDED;
    return r < 0 ? -1 : 0;
}

/* What may not be done is refused before anything is looked up for it; a refusal tells nothing of what
 * lies out of scope. */
static int take_within(struct ledger *ledger, const struct author *author, struct submitted *sent,
                       struct submit_result *result, struct err *err)
{
    struct reading rd = ledger_reading(ledger);
    struct word_rules rules = word_rules(ledger);
    struct permit permit = {author, &rd, ledger->realm_version, word_gives_right(&rules, &sent->event)};
    bool known;
    int r = may_record(&permit, &sent->event, &result->err);

    if (r != 0) {
        if (r < 0)
            *err = result->err;
        return r < 0 ? -1 : 0;
    }
    if (take(ledger, sent, author->name, result, err) < 0)
        return -1;
    if (result->status != SUBMIT_REFUSED)
        return 0;
    if (result->err.code == ERR_ID_CONFLICT) {
        if (may_know(&known, &permit, result->seq, err) < 0)
            return -1;
        return known ? 0 : may_refuse(&result->err);
    }
    return may_conceal(&permit, &result->err, err);
}

/* What lived in the arena before is gone; what was sent may live there. */
static int take_sent(struct ledger *ledger, struct submitted *sent, const struct author *author,
                     struct submit_result *result, struct err *err)
{
    memset(result, 0, sizeof *result);
    result->status = SUBMIT_REFUSED;
    result->has_id = sent->event.has_id;
    memcpy(result->id, sent->event.id, UUID_SIZE);
    if (sent->unread)
        result->err = *sent->unread;
    if (!author->grant)
        return take(ledger, sent, author->name, result, err);
    return sent->unread ? 0 : take_within(ledger, author, sent, result, err);
}

int ledger_take(struct ledger *ledger, struct submitted *sent, const struct author *author,
                struct submit_result *result, struct err *err)
{
    arena_reset(&ledger->arena);
    return take_sent(ledger, sent, author, result, err);
}

int ledger_submit(struct ledger *ledger, const char *json, size_t len_bytes,
                  const char *recorded_by, struct submit_result *result, struct err *err)
{
    const struct author author = {recorded_by, NULL};
    struct submitted sent;

    arena_reset(&ledger->arena);
    submitted_read(&sent, &ledger->arena, &ledger->desk, (struct span){json, len_bytes}, &ledger->kinds);
    return take_sent(ledger, &sent, &author, result, err);
}

int ledger_rebuild(struct ledger *ledger, const struct onlooker *onlooker, struct err *err)
{
    struct reading rd = ledger_reading(ledger);

    if (ledger_begin(ledger, err) < 0)
        return -1;
    if (derive_all(&rd, ledger->now.seq, onlooker, err) < 0 ||
        store_meta_set(ledger->store, "evaluated_rules", "", err) < 0 ||
        store_rebuild_done(ledger->store, err) < 0) {
        ledger_rollback(ledger);
        return -1;
    }
    return ledger_commit(ledger, err);
}

bool ledger_upkeep(struct ledger *ledger, int64_t budget_ms)
{
    struct err err = {0};
    bool more = false;

    store_wipe(ledger->store);
    store_checkpoint(ledger->store);
    /* Upkeep that failed is begun anew at the next call; nothing depends on it. */
    if (store_upkeep(ledger->store, budget_ms, &more, &err) < 0)
        return false;
    return more;
}

void ledger_listen(struct ledger *ledger, ledger_heard *heard, void *listener)
{
    ledger->heard = heard;
    ledger->listener = listener;
}

uint64_t ledger_keys_version(const struct ledger *ledger)
{
    return ledger->keys_version;
}

uint64_t ledger_realm_version(const struct ledger *ledger)
{
    return ledger->realm_version;
}

int64_t ledger_seq(const struct ledger *ledger)
{
    return ledger->committed.seq;
}

const uint8_t *ledger_head(const struct ledger *ledger)
{
    return ledger->committed.chain;
}

int64_t ledger_events(const struct ledger *ledger)
{
    return ledger->committed.events;
}

const char *ledger_uuid(const struct ledger *ledger)
{
    return ledger->uuid;
}

bool ledger_rehearsal(const struct ledger *ledger)
{
    return ledger->rehearsal;
}

const struct kinds *ledger_kinds(const struct ledger *ledger)
{
    return &ledger->kinds;
}

struct store *ledger_store(struct ledger *ledger)
{
    return ledger->store;
}

struct clock *ledger_clock(struct ledger *ledger)
{
    return ledger->clock;
}
