#include "service/batch.h"

#include <string.h>

#include "access/grant.h"
#include "base/buf.h"
#include "base/clock.h"
#include "service/limits.h"

static bool span_is(const struct span *span, const char *word)
{
    return span->len == strlen(word) && memcmp(span->s, word, span->len) == 0;
}

int submit_check_pin(const struct submit_body *body, const struct ledger *ledger, struct err *err)
{
    if (body->ledger.len == 0 || span_is(&body->ledger, ledger_uuid(ledger)))
        return 0;
    return err_say(err, ERR_NOT_ALLOWED, "ledger",
                   "this daemon keeps ledger %s, not the one meant: nothing was recorded",
                   "此服务保管的台账是 %s，而不是所指的那一份：未作任何记录", ledger_uuid(ledger));
}

int batch_add(struct batch *b, struct arrival *arrival, const struct ledger *ledger, struct err *err)
{
    if (arrival->refused) {
        *err = *arrival->refused;
        return 1;
    }
    if (submit_check_pin(&arrival->body, ledger, err) != 0)
        return 1;
    grant_ref(arrival->request.grant);
    b->count++;
    b->events += arrival->body.count;
    b->bytes += arrival->size_bytes;
    arrival->next = NULL;
    *(b->first ? b->end : &b->first) = arrival;
    b->end = &arrival->next;
    return 0;
}

static void count_result(struct counters *c, const struct submit_result *r)
{
    static const enum counter of[] = {
        [SUBMIT_RECORDED] = COUNT_RECORDED,
        [SUBMIT_DUPLICATE] = COUNT_DUPLICATE,
        [SUBMIT_REFUSED] = COUNT_REFUSED,
    };

    count(c, of[r->status]);
    if (r->status == SUBMIT_REFUSED)
        count_error(c, r->err.code);
}

/* A grant may be taken back by a row of this very batch. */
static int look_again(const struct batch *b, struct author *author, const struct arrival *a, struct err *err)
{
    if (!a->request.grant || !b->sync)
        return 0;
    if (b->sync(b->sync_data, err) < 0)
        return -1;
    author->grant = request_limits(&a->request);
    return 0;
}

static int record(const struct batch *b, struct arrival *a, struct ledger *ledger, struct counters *counters,
                  struct err *err)
{
    struct submit_result result;
    struct author author = {a->request.user, request_limits(&a->request)};

    for (size_t i = 0; i < a->body.count; i++) {
        if (look_again(b, &author, a, err) < 0 || ledger_take(ledger, &a->events[i], &author, &result, err) < 0)
            return -1;
        count_result(counters, &result);
        outcome_set(&a->outcomes[i], &result);
    }
    return 0;
}

static int record_all(struct batch *b, struct ledger *ledger, struct counters *counters,
                      struct err *err)
{
    int failed = ledger_begin(ledger, err);

    int64_t from_us;

    for (struct arrival *a = b->first; a && !failed; a = a->next)
        failed = record(b, a, ledger, counters, err);
    if (failed) {
        ledger_rollback(ledger);
        return -1;
    }
    from_us = clock_monotonic_us();
    failed = ledger_commit(ledger, err);
    b->commit_us = clock_monotonic_us() - from_us;
    return failed;
}

int batch_commit(struct batch *b, struct ledger *ledger, struct counters *counters, struct arrival **done_out,
                 struct err *err)
{
    struct counters before = *counters;
    int failed;

    *done_out = NULL;
    if (!b->first)
        return 0;
    failed = record_all(b, ledger, counters, err);
    if (failed)
        *counters = before;
    count(counters, failed ? COUNT_FAULTS : COUNT_BATCHES);
    for (struct arrival *a = b->first; a; a = a->next) {
        a->result = failed ? ARRIVAL_UNAVAILABLE : ARRIVAL_RECORDED;
        if (failed)
            count_error(counters, ERR_UNAVAILABLE);
    }
    *done_out = b->first;
    b->first = NULL;
    b->count = b->events = b->bytes = 0;
    return failed ? -1 : 0;
}

void batch_deinit(struct batch *b)
{
    for (struct arrival *a = b->first; a; a = a->next)
        grant_unref(a->request.grant);
    arrivals_free(b->first);
}
