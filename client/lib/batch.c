#include "batch.h"

#include <string.h>

#include "session.h"
#include "wire/event.h"
#include "wire/scan.h"

/* Room in a request for what stands around the events: lang, ledger, brackets. */
enum { AROUND_BYTES = 256, EVENTS_MAX_BYTES = SUBMIT_MAX_BYTES - AROUND_BYTES };

void batch_clear(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        free(batch->items[i].own);
    batch->count = batch->sent = 0;
    batch->request_id = 0;
    buf_clear(&batch->events);
    json_decref(batch->results);
    batch->results = NULL;
}

void batch_deinit(struct batch *batch)
{
    batch_clear(batch);
    buf_deinit(&batch->events);
    free(batch->items);
    memset(batch, 0, sizeof *batch);
}

bool batch_full(const struct batch *batch, size_t len_bytes, size_t most_events)
{
    return batch->count >= most_events ||
           (batch->sent > 0 && batch->events.len + 1 + len_bytes > EVENTS_MAX_BYTES);
}

/* What would break the request around it is refused here; all else is the daemon's to judge. */
static struct err *refuse(struct arena *arena, const char *json, size_t len)
{
    struct scan scan;
    const char *p = json;
    struct err *err = mem_zero(sizeof *err);

    if (len > EVENTS_MAX_BYTES) {
        err_say(err, ERR_TOO_LARGE, NULL, "the event is larger than 64 KiB", "该事件超过 64 KiB");
        return err;
    }
    scan_read(&scan, arena, json, len, EVENT_DEPTH_MAX);
    switch (scan.error) {
    case SCAN_FINE:
        break;
    case SCAN_DUPLICATE:
    case SCAN_TOO_DEEP:
        if (scan_skip(&p, json + len) && p == json + len)
            break;
        scan.error = SCAN_SYNTAX;
        /* fall through */
    case SCAN_SYNTAX:
    case SCAN_ENDS_EARLY:
    case SCAN_CONTROL:
    case SCAN_UTF8:
    case SCAN_ESCAPE:
    case SCAN_TRAILING:
        err_say(err, ERR_INVALID_VALUE, NULL, "this is not valid JSON (at byte %zu)",
                "不是有效的 JSON（第 %zu 字节）", scan.error_at + 1);
        return err;
    }
    free(err);
    return NULL;
}

void batch_add(struct batch *batch, struct arena *arena, const char *json, size_t len_bytes, uint64_t tag)
{
    const char *start = scan_skip_blanks(json, json + len_bytes);
    size_t len = len_bytes - (size_t)(start - json);
    struct err *own;

    while (len > 0 && strchr(" \t\r\n", start[len - 1]))
        len--;
    own = refuse(arena, start, len);
    arena_reset(arena);
    ARRAY_GROW(batch->items, batch->count, batch->cap);
    batch->items[batch->count++] = (struct item){.tag = tag, .own = own};
    if (own)
        return;
    if (batch->sent++ > 0)
        buf_add_char(&batch->events, ',');
    buf_add(&batch->events, start, len);
}

int batch_body(const struct batch *batch, zmq_msg_t *body_out, const char *language, const char *ledger)
{
    struct buf head = {0};
    char *to;
    int made;

    buf_addf(&head, "{\"lang\":\"%s\",", language);
    if (*ledger)
        buf_addf(&head, "\"ledger\":\"%s\",", ledger);
    buf_add_str(&head, "\"events\":[");
    made = zmq_msg_init_size(body_out, head.len + batch->events.len + 2);
    if (made == 0) {
        to = zmq_msg_data(body_out);
        memcpy(to, head.data, head.len);
        memcpy(to + head.len, batch->events.data, batch->events.len);
        memcpy(to + head.len + batch->events.len, "]}", 2);
    }
    buf_deinit(&head);
    return made;
}

bool batch_answer(struct batch *batch, json_t *reply)
{
    json_t *results = json_object_get(reply, "results");
    size_t i;
    json_t *result;

    if (!json_is_array(results) || json_array_size(results) != batch->sent)
        return false;
    json_array_foreach(results, i, result) {
        const char *status = json_string_value(json_object_get(result, "status"));

        if (!status || (strcmp(status, "recorded") != 0 && strcmp(status, "duplicate") != 0 &&
                        strcmp(status, "refused") != 0))
            return false;
    }
    json_decref(batch->results);
    batch->results = json_incref(results);
    batch->request_id = 0;
    return true;
}

bool batch_done(const struct batch *batch)
{
    return batch->sent == 0 || batch->results;
}

static void deliver_own(const struct item *item, const char *language, muster_verdict_fn *verdict,
                        void *context)
{
    struct muster_error error = {err_code_name(item->own->code), err_text(item->own, language), "", "", ""};
    struct muster_verdict v = {.tag = item->tag, .status = MUSTER_EVENT_REFUSED, .error = &error};

    verdict(context, &v);
}

static void deliver_result(const struct item *item, const json_t *result, muster_verdict_fn *verdict,
                           void *context)
{
    const char *status = json_string_value(json_object_get(result, "status"));
    struct muster_error error = error_view(json_object_get(result, "error"));
    struct muster_verdict v = {
        .tag = item->tag,
        .status = MUSTER_RECORDED,
        .id = json_string_value(json_object_get(result, "id")),
        .seq = json_integer_value(json_object_get(result, "seq")),
        .out_of_effect = json_is_true(json_object_get(result, "out_of_effect")),
    };

    if (strcmp(status, "duplicate") == 0)
        v.status = MUSTER_DUPLICATE;
    if (strcmp(status, "refused") == 0) {
        v.status = MUSTER_EVENT_REFUSED;
        v.error = &error;
    }
    verdict(context, &v);
}

void batch_deliver(const struct batch *batch, const char *language, muster_verdict_fn *verdict, void *context)
{
    size_t next = 0;

    for (size_t i = 0; i < batch->count; i++) {
        const struct item *item = &batch->items[i];

        if (item->own)
            deliver_own(item, language, verdict, context);
        else
            deliver_result(item, json_array_get(batch->results, next++), verdict, context);
    }
}
