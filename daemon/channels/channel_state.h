/* The inside of channel.h, shared by its own files only. */
#ifndef MUSTER_CHANNELS_CHANNEL_STATE_H
#define MUSTER_CHANNELS_CHANNEL_STATE_H

#include <curl/curl.h>
#include <stdatomic.h>

#include "channels/channel.h"

struct channel {
    const struct settings_channel *settings;
    const struct forms *forms;
    atomic_bool stopping;
    int stop_fd;     /* an eventfd: readable once it stops */
    CURL *curl;      /* NULL: not of the net */
};

enum { REPLY_MAX_BYTES = 16 * 1024 };

/* What came of one transfer. */
struct transfer {
    CURLcode code;
    long status;           /* the last of SMTP or HTTP; 0: none */
    int64_t retry_after_s; /* HTTP */
    int64_t sent_bytes;    /* of the body */
    struct buf reply;      /* the start of HTTP's body; SMTP: the server's last line */
};

/* Each tells the result whole. */
void mail_send(struct sent_result *out, struct channel *c, const struct message *m, int64_t now_us);
void webhook_send(struct sent_result *out, struct channel *c, const struct message *m, int64_t now_us);
void robot_send(struct sent_result *out, struct channel *c, const struct message *m, int64_t now_us);
void command_send(struct sent_result *out, struct channel *c, const struct message *m, int64_t now_us);

/* web.c: a handle that has what is common to all transfers, and nothing of the one before. */
CURL *web_begin(struct channel *c);
/* Performs it. */
void web_perform(struct transfer *out, struct channel *c);
/* The words for a failed transfer: a server that is away, a certificate that does not fit. */
void web_explain(struct sent_result *out, const struct transfer *t);
/* POSTs JSON, with further headers (owned by the caller; may be NULL), and fills in the reply. */
void web_post(struct transfer *out, struct channel *c, const char *url, const char *body, const char *key,
              struct curl_slist *headers);
/* GETs it, and fills in the reply. */
void web_get(struct transfer *out, struct channel *c, const char *url);
/* By HTTP's status; OK for 2xx. */
void web_judge(struct sent_result *out, const struct transfer *t);

/* result.c: `code` is for the log, short and without anything of the message; the sentence for the table of notices. */
void result_say(struct sent_result *out, enum sent sent, const char *code, const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
