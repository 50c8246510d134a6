/* The generic webhook: the message as JSON, its text with it, signed where there is a secret (docs/notices.md). */
#include <inttypes.h>
#include <string.h>

#include "channels/channel_state.h"
#include "channels/sign.h"

static char *write_body(const struct channel *c, const struct message *m)
{
    struct discretion discretion = channel_discretion(c->settings);
    _cleanup_buf_ struct buf subject = {0}, text = {0};
    json_t *o = form_json(m, discretion);
    char *body;

    form_subject(&subject, c->forms, m, discretion);
    form_text(&text, c->forms, m, discretion);
    json_object_set_new(o, "subject", json_string(buf_str(&subject)));
    json_object_set_new(o, "text", json_string(buf_str(&text)));
    body = json_dumps(o, JSON_COMPACT);
    json_decref(o);
    return body;
}

static struct curl_slist *signature(const struct channel *c, const char *body, int64_t now_us)
{
    char signature[SIGN_TEXT_SIZE], header[128];
    struct curl_slist *headers = NULL;

    if (!c->settings->secret)
        return NULL;
    sign_webhook(signature, c->settings->secret, now_us / 1000000, body);
    snprintf(header, sizeof header, "X-Muster-Timestamp: %" PRId64, now_us / 1000000);
    headers = curl_slist_append(headers, header);
    snprintf(header, sizeof header, "X-Muster-Signature: sha256=%s", signature);
    return curl_slist_append(headers, header);
}

void webhook_send(struct sent_result *out, struct channel *c, const struct message *m, int64_t now_us)
{
    _cleanup_free_ char *body = write_body(c, m);
    struct curl_slist *headers = signature(c, body, now_us);
    struct transfer t = {0};

    web_post(&t, c, c->settings->url, body, m->key, headers);
    web_judge(out, &t);
    curl_slist_free_all(headers);
    buf_deinit(&t.reply);
}
