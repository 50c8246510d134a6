/* Mail: SMTP by libcurl, plain text and HTML (multipart/alternative), headers by mail_words.h. */
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "channels/channel_state.h"
#include "channels/mail_words.h"

/* The server's answers, a line each: the last refusal is kept for the one who has to find out why. */
static size_t take_answer(char *data, size_t size, size_t n, void *user)
{
    struct transfer *t = user;
    size_t len = size * n;

    if (len == 0 || (data[0] != '4' && data[0] != '5'))
        return len;
    buf_clear(&t->reply);
    buf_add(&t->reply, data, len < REPLY_MAX_BYTES ? len : REPLY_MAX_BYTES);
    while (t->reply.len > 0 && (t->reply.data[t->reply.len - 1] == '\n' || t->reply.data[t->reply.len - 1] == '\r'))
        t->reply.len--;
    return len;
}

/* ---- the mail --------------------------------------------------------------------------------- */

struct mail {
    struct curl_slist *headers, *to;
    curl_mime *mime;
};

static void add_header(struct mail *mail, struct buf *header)
{
    mail->headers = curl_slist_append(mail->headers, buf_str(header));
    buf_clear(header);
}

/* RFC 5322; always in English. */
static void add_date(struct buf *header, int64_t now_us)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = (time_t)(now_us / 1000000);
    struct tm tm;

    gmtime_r(&now, &tm);
    buf_addf(header, "Date: %s, %d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
             tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void add_headers(struct mail *mail, const struct channel *c, const struct message *m, int64_t now_us)
{
    const struct settings_channel *s = c->settings;
    _cleanup_buf_ struct buf header = {0}, subject = {0};

    add_date(&header, now_us);
    add_header(mail, &header);
    mail_add_address_header(&header, "From", s->from_name ? s->from_name : "", s->from);
    add_header(mail, &header);
    mail_add_address_header(&header, "To", m->recipient, m->address);
    add_header(mail, &header);
    form_subject(&subject, c->forms, m, channel_discretion(s));
    mail_add_text_header(&header, "Subject", buf_str(&subject));
    add_header(mail, &header);
    buf_addf(&header, "Message-ID: <%s%s", m->key, strchr(s->from, '@')); /* the same at every try: readers show it once */
    buf_add_str(&header, ">");
    add_header(mail, &header);
    buf_addf(&header, "Idempotency-Key: %s", m->key);
    add_header(mail, &header);
    buf_add_str(&header, "Auto-Submitted: auto-generated"); /* RFC 3834: no answers from the absent */
    add_header(mail, &header);
    buf_add_str(&header, "Content-Type: multipart/alternative"); /* libcurl adds the boundary */
    add_header(mail, &header);
}

/* Lines of a mail end in CR LF, before anything is encoded. */
static void with_line_ends(struct buf *out, const struct buf *text)
{
    for (size_t i = 0; i < text->len; i++) {
        if (text->data[i] == '\n')
            buf_add_char(out, '\r');
        buf_add_char(out, text->data[i]);
    }
}

static void add_part(curl_mime *mime, const struct buf *text, const char *type)
{
    _cleanup_buf_ struct buf lines = {0};
    curl_mimepart *part = curl_mime_addpart(mime);

    with_line_ends(&lines, text);
    curl_mime_data(part, buf_str(&lines), lines.len);
    curl_mime_type(part, type);
    curl_mime_encoder(part, "base64");
}

static void add_parts(struct mail *mail, const struct channel *c, const struct message *m)
{
    struct discretion discretion = channel_discretion(c->settings);
    _cleanup_buf_ struct buf text = {0}, html = {0};

    form_text(&text, c->forms, m, discretion);
    form_html(&html, c->forms, m, discretion);
    mail->mime = curl_mime_init(c->curl);
    add_part(mail->mime, &text, "text/plain; charset=utf-8");
    add_part(mail->mime, &html, "text/html; charset=utf-8");
}

static void mail_free(struct mail *mail)
{
    curl_mime_free(mail->mime);
    curl_slist_free_all(mail->headers);
    curl_slist_free_all(mail->to);
}

/* ---- sending ---------------------------------------------------------------------------------- */

static void set_server(CURL *curl, const struct settings_channel *s)
{
    char url[300];

    snprintf(url, sizeof url, "%s://%s:%lld", s->security == CHANNEL_TLS ? "smtps" : "smtp", s->host, (long long)s->port);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(s->security == CHANNEL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (s->user) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, s->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, s->password);
    }
}

/* What a server says of the message is for ever; what it says of us (greeting, login) somebody can put right. */
static bool is_final(const struct transfer *t)
{
    if (t->status < 500 || t->status == 530 || t->status == 535 || t->status == 538 || t->code == CURLE_LOGIN_DENIED)
        return false;
    return t->code == CURLE_SEND_ERROR || t->sent_bytes > 0;
}

static void judge(struct sent_result *out, const struct transfer *t)
{
    char code[32];

    if (t->code == CURLE_OK) {
        *out = (struct sent_result){.sent = SENT_OK};
        return;
    }
    if (t->status < 400 || t->code == CURLE_OPERATION_TIMEDOUT) {
        web_explain(out, t);
        return;
    }
    snprintf(code, sizeof code, "smtp %ld", t->status);
    result_say(out, is_final(t) ? SENT_NEVER : SENT_LATER, code, "the mail server answered: %.*s",
               (int)(t->reply.len < 200 ? t->reply.len : 200), t->reply.len > 0 ? t->reply.data : "");
}

void mail_send(struct sent_result *out, struct channel *c, const struct message *m, int64_t now_us)
{
    struct transfer t = {0};
    struct mail mail = {0};
    CURL *curl = web_begin(c);
    char from[300], to[300];

    add_headers(&mail, c, m, now_us);
    add_parts(&mail, c, m);
    snprintf(from, sizeof from, "<%s>", c->settings->from);
    snprintf(to, sizeof to, "<%s>", m->address);
    mail.to = curl_slist_append(NULL, to);
    set_server(curl, c->settings);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, mail.to);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, mail.headers);
    curl_easy_setopt(curl, CURLOPT_MIMEPOST, mail.mime);
    /* A connection that is kept is taken leave of with a QUIT that waits for two minutes, wherever it broke off. */
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)c->settings->timeout_s);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &t);
    web_perform(&t, c);
    judge(out, &t);
    curl_easy_setopt(curl, CURLOPT_MIMEPOST, NULL);
    mail_free(&mail);
    buf_deinit(&t.reply);
}
