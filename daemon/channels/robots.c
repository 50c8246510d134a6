/* Group robots of WeCom, DingTalk and Feishu: a short text; what they answer, they answer with 200 and a code of their
 * own in JSON. None of the three knows an idempotency key: what repeats can be seen by the number at its end. */
#include <inttypes.h>
#include <string.h>

#include "channels/channel_state.h"
#include "channels/sign.h"

enum {
    WECOM_MAX_BYTES = 2048,     /* of a text message */
    DINGTALK_MAX_BYTES = 18000, /* of 20,000 of the whole */
    FEISHU_MAX_BYTES = 18000,   /* of 20 KiB of the whole */
    BUSY_S = 60,                /* all three count by the minute */
};

static size_t room(enum channel_kind kind)
{
    return kind == CHANNEL_WECOM ? WECOM_MAX_BYTES : kind == CHANNEL_DINGTALK ? DINGTALK_MAX_BYTES : FEISHU_MAX_BYTES;
}

static json_t *with_text(enum channel_kind kind, const char *text)
{
    if (kind == CHANNEL_FEISHU)
        return json_pack("{s:s, s:{s:s}}", "msg_type", "text", "content", "text", text);
    return json_pack("{s:s, s:{s:s}}", "msgtype", "text", "text", "content", text);
}

static void sign_body(json_t *body, const char *secret, int64_t now_us)
{
    char signature[SIGN_TEXT_SIZE], time[32];

    sign_feishu(signature, secret, now_us / 1000000);
    snprintf(time, sizeof time, "%" PRId64, now_us / 1000000);
    json_object_set_new(body, "timestamp", json_string(time));
    json_object_set_new(body, "sign", json_string(signature));
}

static void sign_url(struct channel *c, struct buf *url, int64_t now_us)
{
    char signature[SIGN_TEXT_SIZE];
    char *escaped;

    sign_dingtalk(signature, c->settings->secret, now_us / 1000);
    escaped = curl_easy_escape(c->curl, signature, 0);
    buf_addf(url, "%ctimestamp=%" PRId64 "&sign=%s", strchr(c->settings->url, '?') ? '&' : '?', now_us / 1000, escaped);
    curl_free(escaped);
}

/* ---- what they answer ------------------------------------------------------------------------- */

/* Codes that pass: busy, or too many messages in a minute. */
static bool passes(enum channel_kind kind, json_int_t code)
{
    switch (kind) {
    case CHANNEL_WECOM:
        return code == -1 || code == 45009 || code == 45033;
    case CHANNEL_DINGTALK:
        return code == -1 || code == 130101 || code == 410100;
    case CHANNEL_FEISHU:
        return code == 9499 || code == 11232 || code == 11233;
    case CHANNEL_SMTP:
    case CHANNEL_WEBHOOK:
    case CHANNEL_COMMAND:
        break;
    }
    return false;
}

static const json_t *answer_code(const json_t *answer)
{
    static const char *const keys[] = {"errcode", "code", "StatusCode"};

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (json_is_integer(json_object_get(answer, keys[i])))
            return json_object_get(answer, keys[i]);
    return NULL;
}

static const char *answer_text(const json_t *answer)
{
    const char *text = json_string_value(json_object_get(answer, "errmsg"));

    return text ? text : json_string_value(json_object_get(answer, "msg"));
}

static void judge(struct sent_result *out, const struct transfer *t, enum channel_kind kind)
{
    json_t *answer;
    const json_t *code;
    char word[32];

    web_judge(out, t);
    if (out->sent != SENT_OK)
        return;
    answer = json_loadb(t->reply.len > 0 ? t->reply.data : "", t->reply.len, 0, NULL);
    code = answer_code(answer);
    if (!code) {
        result_say(out, SENT_LATER, "no answer", "the robot answered 200 and nothing that is known");
    } else if (json_integer_value(code) != 0) {
        bool later = passes(kind, json_integer_value(code));

        snprintf(word, sizeof word, "robot %" JSON_INTEGER_FORMAT, json_integer_value(code));
        result_say(out, later ? SENT_LATER : SENT_NEVER, word, "the robot answered %" JSON_INTEGER_FORMAT ": %s",
                   json_integer_value(code), answer_text(answer) ? answer_text(answer) : "");
        out->retry_after_s = later ? BUSY_S : 0;
    }
    json_decref(answer);
}

void robot_send(struct sent_result *out, struct channel *c, const struct message *m, int64_t now_us)
{
    const struct settings_channel *s = c->settings;
    _cleanup_buf_ struct buf text = {0}, url = {0};
    _cleanup_free_ char *body = NULL;
    struct transfer t = {0};
    json_t *o;

    form_robot(&text, c->forms, m, channel_discretion(s), room(s->kind));
    o = with_text(s->kind, buf_str(&text));
    buf_add_str(&url, s->url);
    if (s->secret && s->kind == CHANNEL_FEISHU)
        sign_body(o, s->secret, now_us);
    if (s->secret && s->kind == CHANNEL_DINGTALK)
        sign_url(c, &url, now_us);
    body = json_dumps(o, JSON_COMPACT);
    json_decref(o);
    web_post(&t, c, buf_str(&url), body, m->key, NULL);
    judge(out, &t, s->kind);
    explicit_bzero(url.data, url.len);
    buf_deinit(&t.reply);
}
