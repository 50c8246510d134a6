#include "service/pulse.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/secret.h"
#include "channels/channel.h"
#include "service/background.h"
#include "service/service_state.h"

enum {
    PULSE_S = 15, /* as often as Prometheus asks by its own default */
    CALL_S = 10,  /* a call that takes longer counts as none */
};

/* What there is to do; empty: nothing. */
struct beat {
    char *file; /* NULL: no metrics */
    struct buf text;
    char *url;  /* secret; NULL: no call */
};

struct pulse {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct beat beat; /* these behind the lock */
    struct channel *calling;
    bool has_beat, stopping;
    int64_t next_ms, next_call_ms; /* the main thread's alone */
    bool file_failed, call_failed; /* the thread's alone: told once */
};

static void beat_deinit(struct beat *beat)
{
    free(beat->file);
    buf_deinit(&beat->text);
    secret_free(beat->url);
    *beat = (struct beat){0};
}

/* ---- the thread ------------------------------------------------------------------------------- */

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

/* Whole or not at all: whoever reads it finds the figures of one moment. Others may read it; it holds numbers only. */
static void write_file(struct pulse *p, const struct beat *beat)
{
    _cleanup_buf_ struct buf part = {0};
    _cleanup_fd_ int fd = -1;
    bool done;

    buf_addf(&part, "%s.part", beat->file);
    fd = open(buf_str(&part), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    done = fd >= 0 && fchmod(fd, 0644) == 0 && write_all(fd, beat->text.data, beat->text.len) &&
           rename(buf_str(&part), beat->file) == 0;
    if (!done && !p->file_failed)
        log_error("the metrics cannot be written to %s: %s", beat->file, strerror(errno));
    if (done && p->file_failed)
        log_notice("the metrics can be written again");
    p->file_failed = !done;
}

static void call(struct pulse *p, const struct beat *beat)
{
    const struct settings_channel settings = {.kind = CHANNEL_WEBHOOK, .url = beat->url, .timeout_s = CALL_S};
    struct sent_result result = {.sent = SENT_LATER, .code = "failed"};
    struct channel *channel = NULL;
    struct err err = {0};
    bool go_on;

    if (channel_new(&channel, &settings, NULL, &err) != 0)
        return;
    pthread_mutex_lock(&p->lock);
    go_on = !p->stopping;
    p->calling = channel;
    pthread_mutex_unlock(&p->lock);
    if (go_on)
        channel_call(&result, channel);
    pthread_mutex_lock(&p->lock);
    go_on = !p->stopping;
    p->calling = NULL;
    pthread_mutex_unlock(&p->lock);
    channel_free(channel);
    if (result.sent != SENT_OK && !p->call_failed && go_on)
        log_warning("the heartbeat was not heard: %s", result.code);
    if (result.sent == SENT_OK && p->call_failed)
        log_notice("the heartbeat is heard again");
    p->call_failed = result.sent != SENT_OK;
}

static bool next_beat(struct beat *out, struct pulse *p)
{
    bool goes_on;

    pthread_mutex_lock(&p->lock);
    while (!p->stopping && !p->has_beat)
        pthread_cond_wait(&p->some, &p->lock);
    goes_on = !p->stopping;
    if (goes_on) {
        *out = p->beat;
        p->beat = (struct beat){0};
        p->has_beat = false;
    }
    pthread_mutex_unlock(&p->lock);
    return goes_on;
}

static void *run(void *data)
{
    struct pulse *p = data;
    struct beat beat = {0};

    background_thread();
    while (next_beat(&beat, p)) {
        if (beat.file)
            write_file(p, &beat);
        if (beat.url)
            call(p, &beat);
        beat_deinit(&beat);
    }
    return NULL;
}

/* ---- the main thread -------------------------------------------------------------------------- */

int pulse_start(struct pulse **out, struct err *err)
{
    struct pulse *p = mem_zero(sizeof *p);

    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->some, NULL);
    if (pthread_create(&p->thread, NULL, run, p) != 0) {
        pthread_cond_destroy(&p->some);
        pthread_mutex_destroy(&p->lock);
        free(p);
        return err_fault(err, "cannot start a thread");
    }
    *out = p;
    return 0;
}

void pulse_stop(struct pulse *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    if (p->calling)
        channel_stop(p->calling);
    pthread_cond_signal(&p->some);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    beat_deinit(&p->beat);
    pthread_cond_destroy(&p->some);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* Busy with the last one still: this one is left out, and the call is made with the next. */
static bool give(struct pulse *p, struct beat *beat)
{
    bool taken;

    pthread_mutex_lock(&p->lock);
    taken = !p->has_beat && !p->calling;
    if (taken) {
        p->beat = *beat;
        p->has_beat = true;
        pthread_cond_signal(&p->some);
    }
    pthread_mutex_unlock(&p->lock);
    if (!taken)
        beat_deinit(beat);
    return taken;
}

int64_t pulse_step(struct service *s, int64_t now_ms)
{
    const struct settings *c = s->policy->settings;
    const char *url = ledger_rehearsal(s->ledger) ? NULL : c->heartbeat_url;
    struct pulse *p = s->pulse;
    struct beat beat = {0};
    struct err err = {0};
    bool calls;

    if (!c->metrics_file && !url)
        return -1;
    if (now_ms < p->next_ms)
        return p->next_ms - now_ms;
    p->next_ms = now_ms + PULSE_S * 1000;
    calls = url && now_ms >= p->next_call_ms;
    if (c->metrics_file && metrics_write(&beat.text, s, &err) == 0)
        beat.file = mem_strdup(c->metrics_file);
    if (calls)
        beat.url = mem_strdup(url);
    if (give(p, &beat) && calls)
        p->next_call_ms = now_ms + c->heartbeat_minutes * 60000;
    return PULSE_S * 1000;
}
