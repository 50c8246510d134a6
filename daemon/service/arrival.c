#include "service/arrival.h"

#include <string.h>

#include "service/answer.h"

enum {
    BLOCK_BYTES = 8 * 1024,  /* one event and what it becomes, as most submissions are */
    KEEP_BYTES = 32 * 1024,  /* what a large one took is given back */
};

struct arrival *arrival_new(void)
{
    struct arrival *a = mem_zero(sizeof *a);

    a->arena.block_bytes = BLOCK_BYTES;
    zmq_msg_init(&a->request.body);
    return a;
}

static void forget(struct arrival *a)
{
    request_deinit(&a->request);
    for (size_t i = 0; a->outcomes && i < a->body.count; i++)
        outcome_deinit(&a->outcomes[i]);
    free(a->refused);
}

void arrival_free(struct arrival *a)
{
    if (!a)
        return;
    forget(a);
    arena_deinit(&a->arena);
    free(a);
}

void arrivals_free(struct arrival *list)
{
    while (list) {
        struct arrival *a = list;

        list = a->next;
        arrival_free(a);
    }
}

void arrival_reset(struct arrival *a)
{
    struct arena arena;

    forget(a);
    if (arena_size(&a->arena) > KEEP_BYTES)
        arena_deinit(&a->arena);
    arena_reset(&a->arena);
    arena = a->arena;
    memset(a, 0, sizeof *a);
    a->arena = arena;
    zmq_msg_init(&a->request.body);
}

bool arrival_is_submission(const struct arrival *a)
{
    return strcmp(a->request.verb, "submit") == 0;
}

void arrival_read(struct arrival *a, struct desk *desk, const struct kinds *kinds)
{
    struct err err = {0};
    size_t len;
    const char *body = request_body(&a->request, &len);
    int failed = submit_body_read(&a->body, &a->arena, body, len, &err);

    a->zh = a->body.lang.len == 2 && memcmp(a->body.lang.s, "zh", 2) == 0;
    if (failed) {
        a->body.count = 0;
        a->refused = mem_alloc(sizeof err);
        *a->refused = err;
        return;
    }
    a->events = arena_alloc(&a->arena, a->body.count * sizeof *a->events);
    a->outcomes = arena_alloc(&a->arena, a->body.count * sizeof *a->outcomes);
    for (size_t i = 0; i < a->body.count; i++)
        submitted_read(&a->events[i], &a->arena, desk, a->body.events[i], kinds);
}

void outcome_set(struct outcome *out, const struct submit_result *result)
{
    *out = (struct outcome){.status = result->status, .seq = result->seq, .out_of_effect = result->out_of_effect};
    if (result->status != SUBMIT_REFUSED)
        return;
    out->err = mem_alloc(sizeof *out->err);
    *out->err = result->err;
}

void outcome_deinit(struct outcome *outcome)
{
    free(TAKE(outcome->err));
}

void outcome_write(struct json *out, const struct outcome *o, const struct event *e, bool zh)
{
    static const char *const statuses[] = {
        [SUBMIT_RECORDED] = "recorded",
        [SUBMIT_DUPLICATE] = "duplicate",
        [SUBMIT_REFUSED] = "refused",
    };
    char id[UUID_TEXT_SIZE];

    json_open(out, '{');
    json_key(out, "id");
    if (e->has_id)
        json_str(out, uuid_format(id, e->id));
    else
        json_nil(out);
    json_kv_str(out, "status", statuses[o->status]);
    if (o->status != SUBMIT_REFUSED && o->seq)
        json_kv_int(out, "seq", o->seq);
    if (o->status == SUBMIT_DUPLICATE && o->out_of_effect)
        json_kv_bool(out, "out_of_effect", true);
    if (o->err) {
        json_key(out, "error");
        answer_error(out, o->err, zh ? "zh" : "en");
    }
    json_close(out, '}');
}

static void write_unavailable(struct json *out, const struct arrival *a)
{
    struct err err = {0};

    err_say(&err, ERR_UNAVAILABLE, NULL,
            "the ledger cannot be written just now: nothing was recorded, try again later",
            "台账暂时无法写入：未作任何记录，请稍后重试");
    answer_error(out, &err, a->zh ? "zh" : "en");
}

bool arrival_write_answer(struct buf *reply, const struct arrival *a, const char *ledger, bool rehearsal)
{
    struct json out = json_to(reply);

    if (a->result != ARRIVAL_RECORDED) {
        write_unavailable(&out, a);
        return false;
    }
    json_open(&out, '{');
    json_kv_str(&out, "ledger", ledger);
    json_kv_bool(&out, "rehearsal", rehearsal);
    json_key(&out, "results");
    json_open(&out, '[');
    for (size_t i = 0; i < a->body.count; i++)
        outcome_write(&out, &a->outcomes[i], &a->events[i].event, a->zh);
    json_close(&out, ']');
    json_close(&out, '}');
    return true;
}
