#include "channels/channel.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/text.h"
#include "channels/channel_state.h"

int channels_init(struct err *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || sodium_init() < 0)
        return err_fault(err, "the libraries that send notices cannot be used");
    return 0;
}

struct discretion channel_discretion(const struct settings_channel *settings)
{
    return (struct discretion){.names = settings->names, .words = settings_channel_is_personal(settings)};
}

int channel_new(struct channel **out, const struct settings_channel *settings, const struct forms *forms, struct err *err)
{
    _cleanup_channel_ struct channel *c = mem_zero(sizeof *c);

    c->settings = settings;
    c->forms = forms;
    c->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (c->stop_fd < 0)
        return err_fault(err, "no eventfd is left: %s", strerror(errno));
    if (settings->kind != CHANNEL_COMMAND && !(c->curl = curl_easy_init()))
        return err_fault(err, "a channel cannot be made");
    *out = TAKE(c);
    return 0;
}

void channel_free(struct channel *c)
{
    if (!c)
        return;
    if (c->curl)
        curl_easy_cleanup(c->curl);
    if (c->stop_fd >= 0)
        close(c->stop_fd);
    free(c);
}

void channel_stop(struct channel *c)
{
    const uint64_t one = 1;

    atomic_store(&c->stopping, true);
    (void)!write(c->stop_fd, &one, sizeof one); /* cannot fail but when it is readable already */
}

void result_say(struct sent_result *out, enum sent sent, const char *code, const char *fmt, ...)
{
    va_list args;

    out->sent = sent;
    text_copy(out->code, sizeof out->code, code);
    va_start(args, fmt);
    vsnprintf(out->error, sizeof out->error, fmt, args);
    va_end(args);
    text_trim_utf8(out->error);
    for (char *c = out->error; *c; c++) /* what a server or a program said */
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = ' ';
}

void channel_send(struct sent_result *out, struct channel *c, const struct message *m, int64_t now_us)
{
    *out = (struct sent_result){.sent = SENT_LATER};
    if (atomic_load(&c->stopping)) {
        result_say(out, SENT_LATER, "stopped", "the daemon stops");
        return;
    }
    switch (c->settings->kind) {
    case CHANNEL_SMTP:
        mail_send(out, c, m, now_us);
        break;
    case CHANNEL_WEBHOOK:
        webhook_send(out, c, m, now_us);
        break;
    case CHANNEL_WECOM:
    case CHANNEL_DINGTALK:
    case CHANNEL_FEISHU:
        robot_send(out, c, m, now_us);
        break;
    case CHANNEL_COMMAND:
        command_send(out, c, m, now_us);
        break;
    }
    if (atomic_load(&c->stopping) && out->sent == SENT_LATER)
        result_say(out, SENT_LATER, "stopped", "the daemon stops");
}

void channel_call(struct sent_result *out, struct channel *c)
{
    struct transfer t = {0};

    web_get(&t, c, c->settings->url);
    web_judge(out, &t);
    buf_deinit(&t.reply);
}
