#include "service/batch.h"

#include <string.h>

#include "service/answer.h"
#include "service/limits.h"

struct submission {
    struct request request;
    struct arena arena; /* of the ranges of its events */
    struct submit_body body;
    bool zh;
    struct buf reply;
};

static void submission_free(struct submission *s)
{
    if (!s)
        return;
    grant_unref(s->request.grant);
    request_deinit(&s->request);
    arena_deinit(&s->arena);
    buf_deinit(&s->reply);
    free(s);
}
DEFINE_CLEANUP(submission);
#define _cleanup_submission_ CLEANUP(submission_cleanup)

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

int batch_add(struct batch *b, struct request *request, const struct ledger *ledger, bool *zh_out,
              struct err *err)
{
    _cleanup_submission_ struct submission *s = mem_zero(sizeof *s);
    const char *body;
    size_t len;
    int failed;

    request_move(&s->request, request);
    body = request_body(&s->request, &len);
    failed = submit_body_read(&s->body, &s->arena, body, len, err);
    s->zh = span_is(&s->body.lang, "zh");
    *zh_out = s->zh;
    if (!failed)
        failed = submit_check_pin(&s->body, ledger, err);
    if (failed) {
        request_move(request, &s->request);
        s->request.grant = NULL;
        return 1;
    }
    grant_ref(s->request.grant);
    ARRAY_GROW(b->items, b->count, b->cap);
    b->events += s->body.count;
    b->bytes += len;
    b->items[b->count++] = TAKE(s);
    return 0;
}

void submit_result_write(struct json *out, const struct submit_result *r, bool zh)
{
    static const char *const statuses[] = {
        [SUBMIT_RECORDED] = "recorded",
        [SUBMIT_DUPLICATE] = "duplicate",
        [SUBMIT_REFUSED] = "refused",
    };
    char id[UUID_TEXT_SIZE];

    json_open(out, '{');
    json_key(out, "id");
    if (r->has_id)
        json_str(out, uuid_format(id, r->id));
    else
        json_nil(out);
    json_kv_str(out, "status", statuses[r->status]);
    if (r->status != SUBMIT_REFUSED && r->seq)
        json_kv_int(out, "seq", r->seq);
    if (r->status == SUBMIT_DUPLICATE && r->out_of_effect)
        json_kv_bool(out, "out_of_effect", true);
    if (r->status == SUBMIT_REFUSED) {
        json_key(out, "error");
        answer_error(out, &r->err, zh ? "zh" : "en");
    }
    json_close(out, '}');
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
static int look_again(const struct batch *b, struct author *author, const struct submission *s, struct err *err)
{
    if (!s->request.grant || !b->sync)
        return 0;
    if (b->sync(b->sync_data, err) < 0)
        return -1;
    author->grant = request_limits(&s->request);
    return 0;
}

static int record(const struct batch *b, struct submission *s, struct ledger *ledger, struct counters *counters,
                  struct err *err)
{
    struct json out = json_to(&s->reply);
    struct submit_result result;
    struct author author = {s->request.user, request_limits(&s->request)};

    json_open(&out, '{');
    json_kv_str(&out, "ledger", ledger_uuid(ledger));
    json_kv_bool(&out, "rehearsal", ledger_rehearsal(ledger));
    json_key(&out, "results");
    json_open(&out, '[');
    for (size_t i = 0; i < s->body.count; i++) {
        if (look_again(b, &author, s, err) < 0 ||
            ledger_submit_by(ledger, s->body.events[i].s, s->body.events[i].len, &author, &result, err) < 0)
            return -1;
        count_result(counters, &result);
        submit_result_write(&out, &result, s->zh);
    }
    json_close(&out, ']');
    json_close(&out, '}');
    return 0;
}

static int record_all(struct batch *b, struct ledger *ledger, struct counters *counters,
                      struct err *err)
{
    int failed = ledger_begin(ledger, err);

    for (size_t i = 0; i < b->count && !failed; i++)
        failed = record(b, b->items[i], ledger, counters, err);
    if (!failed)
        return ledger_commit(ledger, err);
    ledger_rollback(ledger);
    return -1;
}

static void make_unavailable(struct submission *s)
{
    struct json out = json_to(&s->reply);
    struct err err = {0};

    err_say(&err, ERR_UNAVAILABLE, NULL,
            "the ledger cannot be written just now: nothing was recorded, try again later",
            "台账暂时无法写入：未作任何记录，请稍后重试");
    buf_clear(&s->reply);
    answer_error(&out, &err, s->zh ? "zh" : "en");
}

int batch_commit(struct batch *b, struct ledger *ledger, struct counters *counters,
                 batch_answer *answer, void *data, struct err *err)
{
    struct counters before = *counters;
    int failed;

    if (b->count == 0)
        return 0;
    failed = record_all(b, ledger, counters, err);
    if (failed)
        *counters = before;
    count(counters, failed ? COUNT_FAULTS : COUNT_BATCHES);
    for (size_t i = 0; i < b->count; i++) {
        struct submission *s = b->items[i];

        if (failed) {
            make_unavailable(s);
            count_error(counters, ERR_UNAVAILABLE);
        }
        answer(data, &s->request, !failed, &s->reply);
        submission_free(s);
    }
    b->count = b->events = b->bytes = 0;
    return failed ? -1 : 0;
}

void batch_deinit(struct batch *b)
{
    for (size_t i = 0; i < b->count; i++)
        submission_free(b->items[i]);
    free(b->items);
}
