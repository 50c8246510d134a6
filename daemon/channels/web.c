/* What mail, webhooks and robots have in common: a transfer by libcurl, bounded in time and size, encrypted and
 * checked, to the place named and to no other. */
#include <string.h>

#include "channels/channel_state.h"

enum { CONNECT_MS = 15000 };

static size_t take_body(char *data, size_t size, size_t n, void *user)
{
    struct transfer *t = user;
    size_t len = size * n, room = REPLY_MAX_BYTES - t->reply.len;

    buf_add(&t->reply, data, len < room ? len : room);
    return len; /* what is more is not needed */
}

static int is_stopped(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct channel *channel = user;

    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(&channel->stopping);
}

CURL *web_begin(struct channel *c)
{
    const struct settings_channel *s = c->settings;

    curl_easy_reset(c->curl); /* keeps the connection */
    curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c->curl, CURLOPT_QUICK_EXIT, 1L); /* never waits for a name server beyond the time limit */
    curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, s->kind == CHANNEL_SMTP ? "smtp,smtps" : "https,http");
    curl_easy_setopt(c->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c->curl, CURLOPT_TIMEOUT_MS, (long)s->timeout_s * 1000);
    curl_easy_setopt(c->curl, CURLOPT_CONNECTTIMEOUT_MS, s->timeout_s * 1000 < CONNECT_MS ? (long)s->timeout_s * 1000 : CONNECT_MS);
    curl_easy_setopt(c->curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c->curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(c->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (s->kind == CHANNEL_SMTP || strncmp(s->url, "http:", 5) == 0) /* of this machine (settings) */
        curl_easy_setopt(c->curl, CURLOPT_PROXY, "");                /* else as $https_proxy says */
    if (s->ca_file) {
        curl_easy_setopt(c->curl, CURLOPT_CAINFO, s->ca_file);
        curl_easy_setopt(c->curl, CURLOPT_CAPATH, NULL);
    }
    curl_easy_setopt(c->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c->curl, CURLOPT_XFERINFOFUNCTION, is_stopped);
    curl_easy_setopt(c->curl, CURLOPT_XFERINFODATA, c);
    return c->curl;
}

void web_perform(struct transfer *t, struct channel *c)
{
    curl_off_t sent = 0, retry_after = 0;

    t->code = curl_easy_perform(c->curl);
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &t->status);
    curl_easy_getinfo(c->curl, CURLINFO_SIZE_UPLOAD_T, &sent);
    curl_easy_getinfo(c->curl, CURLINFO_RETRY_AFTER, &retry_after);
    t->sent_bytes = sent;
    t->retry_after_s = retry_after;
}

/* libcurl's own sentences name hosts at most. */
void web_explain(struct sent_result *out, const struct transfer *t)
{
    const char *code = "failed";

    switch ((int)t->code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        code = "no such host";
        break;
    case CURLE_COULDNT_CONNECT:
        code = "no connection";
        break;
    case CURLE_OPERATION_TIMEDOUT:
        code = "timeout";
        break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        code = "certificate";
        break;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_USE_SSL_FAILED:
        code = "tls";
        break;
    case CURLE_LOGIN_DENIED:
        code = "login";
        break;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        code = "connection lost";
        break;
    }
    result_say(out, SENT_LATER, code, "%s", curl_easy_strerror(t->code));
}

void web_post(struct transfer *t, struct channel *c, const char *url, const char *body, const char *key,
              struct curl_slist *headers)
{
    struct curl_slist *all = curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
    char header[128];
    CURL *curl = web_begin(c);

    snprintf(header, sizeof header, "Idempotency-Key: %s", key);
    all = curl_slist_append(all, header);
    for (; headers; headers = headers->next)
        all = curl_slist_append(all, headers->data);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "muster/" MUSTER_VERSION);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, all);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    web_perform(t, c);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(all);
}

void web_get(struct transfer *t, struct channel *c, const char *url)
{
    CURL *curl = web_begin(c);

    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "muster/" MUSTER_VERSION);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    web_perform(t, c);
}

void web_judge(struct sent_result *out, const struct transfer *t)
{
    bool later = t->status == 408 || t->status == 425 || t->status == 429 || t->status >= 500 || t->status < 200;
    char code[32];

    if (t->code != CURLE_OK) {
        web_explain(out, t);
        return;
    }
    if (t->status >= 200 && t->status < 300) {
        *out = (struct sent_result){.sent = SENT_OK};
        return;
    }
    snprintf(code, sizeof code, "http %ld", t->status);
    result_say(out, later ? SENT_LATER : SENT_NEVER, code, "the server answered %ld%s", t->status,
               t->status < 400 && t->status >= 300 ? " (redirects are not followed)" : "");
    out->retry_after_s = t->retry_after_s;
}
