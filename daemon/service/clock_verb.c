#include "service/clock_verb.h"

#include "base/log.h"
#include "service/answer.h"
#include "service/service_state.h"
#include "service/short_question.h"

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
    static const struct short_field fields[] = {{"confirm", JSON_TRUE}};
    CLEANUP(short_question_deinit) struct short_question q = {0};
    _cleanup_buf_ struct buf reply = {0};
    struct err err = {0};
    int failed = short_question_read(&q, request, s->ledger, fields, ARRAY_LEN(fields), &err);

    if (!failed && json_is_true(json_object_get(q.body, "confirm")))
        confirm(s, request);
    if (!failed) {
        write_reply(&reply, s);
        service_answer(s, &request->from, true, &reply);
    } else {
        service_refuse(s, &request->from, &err, q.lang);
    }
    request_deinit(request);
}
