#include "service/clock_verb.h"

#include <jansson.h>
#include <string.h>

#include "base/log.h"
#include "service/answer.h"
#include "service/service_state.h"

enum { BODY_MAX = 4096 };

struct question {
    json_t *body;
    bool confirm;
};

static void question_deinit(struct question *q)
{
    json_decref(q->body);
}

void clock_watch(struct service *s)
{
    int64_t leap_us = clock_leap_us(&s->clock);
    char believed[CLOCK_TEXT_SIZE], system[CLOCK_TEXT_SIZE];
    int64_t now_us = clock_now_us(&s->clock);

    if ((leap_us != 0) == s->leapt)
        return;
    s->leapt = leap_us != 0;
    if (s->leapt)
        log_error("the clock leapt from %s to %s: nothing is recorded until it is put right, or an administrator "
                  "confirms it (muster clock --confirm)",
                  clock_format_us(believed, now_us), clock_format_us(system, now_us + leap_us));
    else
        log_notice("the clock is right again, %s: recording goes on", clock_format_us(believed, now_us));
}

int clock_check(struct service *s, struct err *err)
{
    char believed[CLOCK_TEXT_SIZE], system[CLOCK_TEXT_SIZE];
    int64_t leap_us, now_us;

    if (s->leapt)
        clock_watch(s);
    if (!s->leapt)
        return 0;
    leap_us = clock_leap_us(&s->clock);
    now_us = clock_now_us(&s->clock);
    clock_format_us(believed, now_us);
    clock_format_us(system, now_us + leap_us);
    return err_say(err, ERR_UNAVAILABLE, NULL,
                   "the daemon's clock leapt from %.16s to %.16s (UTC): nothing is recorded until it is put right, or an "
                   "administrator confirms it (muster clock --confirm)",
                   "服务的时钟从 %.16s 跳到了 %.16s（UTC）：校正时钟或由管理员确认（muster clock --confirm）之前不作任何记录",
                   believed, system);
}

static int malformed(struct err *err, const char *field)
{
    return err_say(err, ERR_MALFORMED, field, "\"%.40s\" is no field of this request, or not of that kind",
                   "本请求没有字段“%.40s”，或其类型不符", field);
}

static int read_question(struct question *q, struct request *request, const struct ledger *ledger, struct err *err)
{
    const char *key, *pin;
    json_t *value;
    size_t len;
    const char *text = request_body(request, &len);

    q->body = len <= BODY_MAX ? json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (!json_is_object(q->body))
        return err_say(err, ERR_MALFORMED, NULL, "the body must be a short JSON object", "正文必须是简短的 JSON 对象");
    json_object_foreach(q->body, key, value) {
        bool text_field = strcmp(key, "lang") == 0 || strcmp(key, "ledger") == 0;

        if (!json_is_null(value) && !(text_field && json_is_string(value)) &&
            !(strcmp(key, "confirm") == 0 && json_is_boolean(value)))
            return malformed(err, key);
    }
    q->confirm = json_is_true(json_object_get(q->body, "confirm"));
    pin = json_string_value(json_object_get(q->body, "ledger"));
    if (pin && strcmp(pin, ledger_uuid(ledger)) != 0)
        return err_say(err, ERR_NOT_ALLOWED, "ledger", "this daemon keeps ledger %s, not the one meant: nothing was done",
                       "此服务保管的台账是 %s，而不是所指的那一份：未作任何处理", ledger_uuid(ledger));
    return 0;
}

static void confirm(struct service *s, const struct request *request)
{
    char now[CLOCK_TEXT_SIZE];

    if (clock_leap_us(&s->clock) == 0)
        return;
    clock_confirm(&s->clock);
    s->leapt = false;
    log_notice("%s confirmed the clock, %s: recording goes on", request->user,
               clock_format_us(now, clock_now_us(&s->clock)));
}

static void write_reply(struct buf *reply, struct service *s)
{
    struct json out = json_to(reply);
    int64_t leap_us = clock_leap_us(&s->clock), now_us = clock_now_us(&s->clock);
    char text[CLOCK_TEXT_SIZE];

    json_open(&out, '{');
    json_kv_str(&out, "ledger", ledger_uuid(s->ledger));
    json_kv_bool(&out, "rehearsal", ledger_rehearsal(s->ledger));
    json_kv_str(&out, "now", clock_format_us(text, now_us));
    json_kv_str(&out, "system", clock_format_us(text, now_us + leap_us));
    json_kv_bool(&out, "recording", leap_us == 0);
    json_close(&out, '}');
}

void clock_accept(struct service *s, struct request *request)
{
    CLEANUP(question_deinit) struct question q = {0};
    _cleanup_buf_ struct buf reply = {0};
    struct err err = {0};
    int failed = read_question(&q, request, s->ledger, &err);
    const char *lang = json_string_value(json_object_get(q.body, "lang"));

    if (!failed && q.confirm)
        confirm(s, request);
    if (!failed) {
        write_reply(&reply, s);
        service_answer(s, &request->from, true, &reply);
    } else {
        service_refuse(s, &request->from, &err, lang && strcmp(lang, "zh") == 0 ? "zh" : "en");
    }
    request_deinit(request);
}
