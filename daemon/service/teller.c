#include "service/teller.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "service/background.h"

struct letter {
    int64_t id;
    struct lane *lane;
    struct message *message;
    struct sent_result result;
    struct letter *next;
};

struct letters {
    struct letter *first, **end;
};

/* What a configuration gives its lanes: counted, as a lane may outlive it. */
struct means {
    int lanes;
    struct policy *policy;
    struct forms *forms;
};

struct lane {
    struct teller *teller;
    struct means *means;
    const char *name; /* of the settings */
    struct channel *channel;
    pthread_t thread;
    pthread_cond_t some;
    struct letters waiting; /* these three behind the teller's lock */
    bool closing;           /* takes nothing more, and ends when the one under way is done */
    bool ended;
    size_t held;            /* given, and not taken back yet */
    struct lane *next;
};

struct teller {
    pthread_mutex_t lock;
    struct letters back; /* behind the lock */
    int fd;
    struct lane *lanes;
    struct teller_counts counts;
};

/* ---- letters ---------------------------------------------------------------------------------- */

static void put(struct letters *letters, struct letter *letter)
{
    letter->next = NULL;
    if (!letters->first)
        letters->end = &letters->first;
    *letters->end = letter;
    letters->end = &letter->next;
}

static struct letter *take_first(struct letters *letters)
{
    struct letter *letter = letters->first;

    if (letter)
        letters->first = letter->next;
    return letter;
}

static void letter_free(struct letter *letter)
{
    message_free(letter->message);
    free(letter);
}

static void ring(struct teller *t)
{
    const uint64_t one = 1;

    (void)!write(t->fd, &one, sizeof one); /* cannot fail: nobody rings so often */
}

/* ---- the lane's thread -------------------------------------------------------------------------- */

static struct letter *next_letter(struct lane *lane)
{
    struct letter *letter = NULL;

    pthread_mutex_lock(&lane->teller->lock);
    while (!lane->closing && !lane->waiting.first)
        pthread_cond_wait(&lane->some, &lane->teller->lock);
    if (!lane->closing)
        letter = take_first(&lane->waiting);
    lane->ended = !letter;
    pthread_mutex_unlock(&lane->teller->lock);
    return letter;
}

static void tell_log(const struct lane *lane, const struct letter *letter)
{
    switch (letter->result.sent) {
    case SENT_OK:
        log_debug("notice %" PRId64 " is sent by %s", letter->id, lane->name);
        break;
    case SENT_LATER:
        log_info("notice %" PRId64 " could not be sent by %s: %s", letter->id, lane->name, letter->result.code);
        break;
    case SENT_NEVER:
        log_warning("notice %" PRId64 " cannot be sent by %s: %s", letter->id, lane->name, letter->result.code);
        break;
    }
}

static void hand_back(struct lane *lane, struct letter *letter)
{
    pthread_mutex_lock(&lane->teller->lock);
    put(&lane->teller->back, letter);
    pthread_mutex_unlock(&lane->teller->lock);
    ring(lane->teller);
}

static void *run(void *data)
{
    struct lane *lane = data;
    struct letter *letter;
    struct clock clock;

    background_thread();
    clock_init(&clock, 0);
    while ((letter = next_letter(lane))) {
        channel_send(&letter->result, lane->channel, letter->message, clock_now_us(&clock));
        tell_log(lane, letter);
        hand_back(lane, letter);
    }
    ring(lane->teller); /* to be cleared away */
    return NULL;
}

/* ---- lanes -------------------------------------------------------------------------------------- */

static void means_leave(struct means *means)
{
    if (--means->lanes > 0)
        return;
    forms_free(means->forms);
    policy_unref(means->policy);
    free(means);
}

static void lane_free(struct lane *lane)
{
    channel_free(lane->channel);
    pthread_cond_destroy(&lane->some);
    means_leave(lane->means);
    free(lane);
}

static int lane_new(struct lane **out, struct teller *t, struct means *means, const struct settings_channel *channel,
                    struct err *err)
{
    struct lane *lane = mem_zero(sizeof *lane);
    int failed;

    lane->teller = t;
    lane->means = means;
    means->lanes++;
    lane->name = channel->name;
    pthread_cond_init(&lane->some, NULL);
    failed = channel_new(&lane->channel, channel, means->forms, err);
    if (!failed && pthread_create(&lane->thread, NULL, run, lane) != 0)
        failed = err_fault(err, "cannot start a thread");
    if (failed) {
        lane_free(lane);
        return failed;
    }
    *out = lane;
    return 0;
}

/* What waits comes back; the one under way goes on. */
static void lane_close(struct lane *lane)
{
    struct letter *letter;

    pthread_mutex_lock(&lane->teller->lock);
    while ((letter = take_first(&lane->waiting))) {
        letter->result = (struct sent_result){.sent = SENT_LATER, .code = "reload", .error = "the configuration was changed"};
        put(&lane->teller->back, letter);
    }
    lane->closing = true;
    pthread_cond_signal(&lane->some);
    pthread_mutex_unlock(&lane->teller->lock);
    ring(lane->teller);
}

static void close_lanes(struct lane *lanes)
{
    for (; lanes; lanes = lanes->next)
        if (!lanes->closing)
            lane_close(lanes);
}

static bool has_ended(struct lane *lane)
{
    bool ended;

    pthread_mutex_lock(&lane->teller->lock);
    ended = lane->ended;
    pthread_mutex_unlock(&lane->teller->lock);
    return ended;
}

/* Those that have ended, and of which everything was taken back. */
static void clear_away(struct teller *t)
{
    struct lane **at = &t->lanes;

    while (*at) {
        struct lane *lane = *at;

        if (!lane->closing || lane->held > 0 || !has_ended(lane)) {
            at = &lane->next;
            continue;
        }
        *at = lane->next;
        pthread_join(lane->thread, NULL);
        lane_free(lane);
    }
}

static struct lane *find_lane(const struct teller *t, const char *channel)
{
    for (struct lane *lane = t->lanes; lane; lane = lane->next)
        if (!lane->closing && strcmp(lane->name, channel) == 0)
            return lane;
    return NULL;
}

/* ---- the teller --------------------------------------------------------------------------------- */

int teller_new(struct teller **out, struct err *err)
{
    struct teller *t;
    int failed = channels_init(err);

    if (failed)
        return failed;
    t = mem_zero(sizeof *t);
    t->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (t->fd < 0) {
        free(t);
        return err_fault(err, "no eventfd is left: %s", strerror(errno));
    }
    pthread_mutex_init(&t->lock, NULL);
    *out = t;
    return 0;
}

void teller_free(struct teller *t)
{
    struct letter *letter;

    if (!t)
        return;
    for (struct lane *lane = t->lanes; lane; lane = lane->next)
        channel_stop(lane->channel);
    close_lanes(t->lanes);
    while (t->lanes) {
        struct lane *lane = t->lanes;

        t->lanes = lane->next;
        pthread_join(lane->thread, NULL);
        lane_free(lane);
    }
    while ((letter = take_first(&t->back)))
        letter_free(letter);
    pthread_mutex_destroy(&t->lock);
    close(t->fd);
    free(t);
}

int teller_check(const struct settings *settings, struct err *err)
{
    _cleanup_forms_ struct forms *forms = NULL;

    return settings->channel_count > 0 ? forms_load(&forms, settings->notice_templates, err) : 0;
}

int teller_configure(struct teller *t, struct policy *policy, struct err *err)
{
    const struct settings *s = policy->settings;
    struct lane *before = t->lanes, *lanes = NULL, *last = NULL;
    struct means *means = mem_zero(sizeof *means);
    int failed = 0;

    means->lanes = 1; /* this function's own */
    means->policy = policy_ref(policy);
    if (s->channel_count > 0)
        failed = forms_load(&means->forms, s->notice_templates, err);
    for (size_t i = 0; !failed && i < s->channel_count; i++) {
        struct lane *lane = NULL;

        failed = lane_new(&lane, t, means, &s->channels[i], err);
        if (failed)
            break;
        last = last ? last : lane;
        lane->next = lanes;
        lanes = lane;
    }
    close_lanes(failed ? lanes : before);
    if (last)
        last->next = before;
    t->lanes = lanes ? lanes : before;
    means_leave(means);
    clear_away(t);
    return failed;
}

size_t teller_room(const struct teller *t, const char *channel)
{
    const struct lane *lane = find_lane(t, channel);

    return lane ? LANE_MAX + 1 - lane->held : 0;
}

bool teller_give(struct teller *t, const char *channel, int64_t id, struct message **copy)
{
    struct lane *lane = find_lane(t, channel);
    struct letter *letter;

    if (!lane || lane->held > LANE_MAX)
        return false;
    letter = mem_zero(sizeof *letter);
    letter->id = id;
    letter->lane = lane;
    letter->message = TAKE(*copy);
    lane->held++;
    t->counts.under_way++;
    pthread_mutex_lock(&t->lock);
    put(&lane->waiting, letter);
    pthread_cond_signal(&lane->some);
    pthread_mutex_unlock(&t->lock);
    return true;
}

static void count_result(struct teller_counts *counts, enum sent sent)
{
    counts->under_way--;
    counts->sent += sent == SENT_OK;
    counts->later += sent == SENT_LATER;
    counts->never += sent == SENT_NEVER;
}

bool teller_take(struct told *out, struct teller *t)
{
    struct letter *letter;
    uint64_t rings;

    pthread_mutex_lock(&t->lock);
    letter = take_first(&t->back);
    if (!letter)
        (void)!read(t->fd, &rings, sizeof rings); /* whoever puts, rings after it */
    pthread_mutex_unlock(&t->lock);
    if (!letter) {
        clear_away(t);
        return false;
    }
    *out = (struct told){letter->id, letter->result};
    letter->lane->held--;
    count_result(&t->counts, letter->result.sent);
    letter_free(letter);
    return true;
}

int teller_fd(const struct teller *t)
{
    return t->fd;
}

struct teller_counts teller_counts(const struct teller *t)
{
    return t->counts;
}
