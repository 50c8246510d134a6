#include "service/telling_verb.h"

#include <string.h>

#include "service/answer.h"
#include "service/service_state.h"
#include "service/short_question.h"

struct telling_verb {
    const char *name, *outcome; /* of the reply: how many */
    int (*run)(int64_t *n_out, struct notify *notify, int64_t number, int64_t now_us, struct err *err);
};

static const struct telling_verb verbs[] = {
    {"retry", "retried", notify_retry},
    {"forget", "forgotten", notify_forget},
};

static const struct telling_verb *verb_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

bool is_telling_verb(const char *verb)
{
    return verb_of(verb) != NULL;
}

static int run(struct service *s, const struct telling_verb *verb, const struct short_question *q, struct buf *reply,
               struct err *err)
{
    int64_t number = json_integer_value(json_object_get(q->body, "message")), n = 0;
    struct json out = json_to(reply);

    if (number < 0)
        return err_say(err, ERR_MALFORMED, "message", "message must be the number of a message", "message 须为消息编号");
    if (verb->run(&n, s->notify, number, clock_now_us(&s->clock), err) < 0)
        return -1;
    if (number && n == 0)
        return err_say(err, ERR_UNKNOWN_REF, "message", "there is no message %lld that failed", "没有失败的消息 %lld",
                       (long long)number);
    json_open(&out, '{');
    json_kv_str(&out, "ledger", ledger_uuid(s->ledger));
    json_kv_bool(&out, "rehearsal", ledger_rehearsal(s->ledger));
    json_kv_int(&out, verb->outcome, n);
    json_close(&out, '}');
    return 0;
}

void telling_verb_accept(struct service *s, struct request *request)
{
    static const struct short_field fields[] = {{"message", JSON_INTEGER}};
    CLEANUP(short_question_deinit) struct short_question q = {0};
    _cleanup_buf_ struct buf reply = {0};
    struct err err = {0};
    int failed = short_question_read(&q, request, s->ledger, fields, ARRAY_LEN(fields), &err);

    if (!failed)
        failed = run(s, verb_of(request->verb), &q, &reply, &err);
    if (!failed)
        service_answer(s, &request->from, true, &reply);
    else
        service_refuse(s, &request->from, &err, q.lang);
    request_deinit(request);
}
