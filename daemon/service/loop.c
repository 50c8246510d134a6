/* The main loop: take what waits, commit it, answer; then everything else, a little at a time. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "base/zone.h"
#include "service/answer.h"
#include "service/chore_verbs.h"
#include "service/clock_verb.h"
#include "service/pulse.h"
#include "service/service_state.h"
#include "service/telling.h"
#include "service/telling_verb.h"

enum {
    TAKE_MS = 20,         /* of requests in one turn: those that are large and wrong wait, not the others' answers */
    GATHER_PART = 8,      /* a batch waits for those just answered at most an eighth of what their commit took, */
    GATHER_SLOW_PART = 2, /* and half of what it took over so long: who misses a slow sync waits for a whole one, */
    GATHER_SLOW_US = 1000,
    GATHER_US = 1000,     /* at most so long, */
    GATHER_MAX = 512,     /* and not where so many send that the sync is a small part of it anyway */
    UPKEEP_MS = 2,        /* between two commits: well below what a client notices */
    SLEEP_MAX_MS = 60000, /* a system clock that was set is noticed by then */
};

/* Refused, or taken over by somebody else: back it goes, for its memory. */
static void let_go(struct service *s, struct arrival *a)
{
    a->request.grant = NULL;
    a->next = NULL;
    gate_give_back(s->gate, a);
}

static void refuse(struct service *s, struct arrival *a, const struct err *err)
{
    size_t len;
    const char *body = request_body(&a->request, &len);

    service_refuse(s, &a->request.from, err, a->zh ? "zh" : answer_lang(body, len));
    let_go(s, a);
}

static void take_submit(struct service *s, struct arrival *a)
{
    struct err err = {0};

    evaluation_input(&s->evaluation, clock_monotonic_ms());
    if (clock_check(s, &err) != 0 || batch_add(&s->batch, a, s->ledger, &err) != 0)
        refuse(s, a, &err);
}

/* False: it was refused, or is none of ours; and is gone. */
static bool admit(struct service *s, struct arrival *a)
{
    struct err err = {0};

    switch (admission_of(&s->admission, &a->request, s->policy->settings, clock_monotonic_ms(), &err)) {
    case ADMITTED:
        return true;
    case ADMITTED_REFUSED:
        refuse(s, a, &err);
        break;
    case ADMITTED_NOT:
        let_go(s, a);
        break;
    }
    return false;
}

static void take_arrival(struct service *s, struct arrival *a)
{
    if (!admit(s, a))
        return;
    if (!a->request.verb[0]) { /* not even the frames were right */
        refuse(s, a, a->refused);
        return;
    }
    count_verb(&s->counters, a->request.verb);
    if (arrival_is_submission(a)) {
        take_submit(s, a);
        return;
    }
    if (strcmp(a->request.verb, "pretend") == 0)
        pretends_accept(s, &a->request);
    else if (strcmp(a->request.verb, "clock") == 0)
        clock_accept(s, &a->request);
    else if (is_telling_verb(a->request.verb))
        telling_verb_accept(s, &a->request);
    else if (is_chore_verb(a->request.verb))
        chores_accept(s, &a->request);
    else
        reads_accept(s, &a->request);
    let_go(s, a);
}

static void take_waiting(struct service *s)
{
    int64_t until_ms = clock_monotonic_ms() + TAKE_MS;

    if (!s->waiting)
        s->waiting = gate_take(s->gate);
    while (s->waiting && !batch_full(&s->batch) && clock_monotonic_ms() < until_ms) {
        struct arrival *a = s->waiting;

        s->waiting = a->next;
        a->next = NULL;
        take_arrival(s, a);
    }
}

/* Whoever was answered just now is about to send again, and shares this commit if it waits for him a moment, at a small part of
 * what the commit costs. Without it two halves of the senders would take turns, each waiting for the other's sync. */
static void gather(struct service *s)
{
    while (s->batch.count > 0 && s->batch.count < s->awaited && !batch_full(&s->batch)) {
        int64_t left_us = s->await_until_us - clock_monotonic_us();
        struct timespec left = {0, left_us * 1000};
        struct pollfd came = {.fd = gate_fd(s->gate), .events = POLLIN};

        if (left_us <= 0 || ppoll(&came, 1, &left, NULL) <= 0)
            return;
        take_waiting(s);
    }
}

static void expect(struct service *s, size_t answered)
{
    int64_t most_us = s->batch.commit_us / GATHER_PART;

    if (s->batch.commit_us > GATHER_SLOW_US)
        most_us += (s->batch.commit_us - GATHER_SLOW_US) / GATHER_SLOW_PART;
    s->awaited = answered + gate_waiting(s->gate);
    if (s->awaited > GATHER_MAX)
        s->awaited = 0;
    s->await_until_us = clock_monotonic_us() + (most_us < GATHER_US ? most_us : GATHER_US);
}

/* Whose key was revoked meanwhile gets nothing more. */
static void answer_batch(struct service *s, struct arrival *done, bool ok)
{
    for (struct arrival *a = done; a; a = a->next) {
        struct grant *grant = a->request.grant;

        if (grant && grant->gone) {
            a->result = ARRIVAL_UNANSWERED;
            s->admission.stopped++;
        } else {
            count(&s->counters, ok ? COUNT_OK : COUNT_ERROR);
        }
        grant_unref(grant);
        a->request.grant = NULL;
    }
    gate_give_back(s->gate, done);
}

static void commit(struct service *s)
{
    size_t count = s->batch.count;
    struct arrival *done;
    struct err err = {0};
    int failed;

    if (count == 0)
        return;
    failed = batch_commit(&s->batch, s->ledger, &s->counters, &done, &err);
    answer_batch(s, done, !failed);
    expect(s, count);
    if (failed) {
        if (!s->failing)
            log_error("the ledger cannot be written, submissions are answered unavailable: %s", err.en);
        s->failing = true;
    } else if (s->failing) {
        log_notice("the ledger can be written again");
        s->failing = false;
    }
    if (s->batch.sync(s, &err) < 0)
        log_error("the keys cannot be read, those known stay in force: %s", err.en);
}

static void hint(struct service *s)
{
    int64_t seq = ledger_seq(s->ledger);

    if (seq == s->hinted_seq)
        return;
    s->hinted_seq = seq;
    net_hint(s->net, seq);
}

static void take_signals(struct service *s)
{
    struct signalfd_siginfo info;

    while (read(s->signal_fd, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGHUP)
            service_reload(s);
        else
            s->stopping = true;
    }
}

static int64_t sooner(int64_t a_ms, int64_t b_ms)
{
    return b_ms >= 0 && b_ms < a_ms ? b_ms : a_ms;
}

static int64_t until_midnight_ms(struct service *s)
{
    int64_t now_us = clock_now_us(&s->clock);
    int64_t midnight_us = zone_midnight(clock_today(&s->clock) + 1) * 1000000;

    return midnight_us > now_us ? (midnight_us - now_us) / 1000 + 1 : 0;
}

static int64_t sleep_ms(struct service *s)
{
    int64_t sleep = sooner(s->upkeep_due || s->waiting ? 0 : SLEEP_MAX_MS, until_midnight_ms(s));
    int64_t deadline_ms = reads_deadline_ms(&s->reads);

    if (!s->leapt)
        sleep = sooner(sleep, evaluation_wait_ms(&s->evaluation, clock_monotonic_ms()));
    sleep = sooner(sleep, telling_wait_ms(s, clock_monotonic_ms()));
    sleep = sooner(sleep, s->pulse_wait_ms);
    sleep = sooner(sleep, pretends_wait_ms(&s->pretends, clock_monotonic_ms()));
    if (s->watchdog_ms > 0)
        sleep = sooner(sleep, s->watchdog_ms / 2);
    if (deadline_ms >= 0) {
        int64_t now_ms = clock_monotonic_ms();

        sleep = sooner(sleep, deadline_ms > now_ms ? deadline_ms - now_ms : 0);
    }
    return sleep;
}

static int wait_for_work(struct service *s, struct err *err)
{
    zmq_pollitem_t items[NET_DOOR_MAX + 5];
    size_t n = net_door_items(s->net, items);

    items[n++] = (zmq_pollitem_t){.fd = gate_fd(s->gate), .events = ZMQ_POLLIN};
    items[n++] = (zmq_pollitem_t){.fd = s->signal_fd, .events = ZMQ_POLLIN};
    items[n++] = (zmq_pollitem_t){.fd = job_queue_fd(s->reads.done), .events = ZMQ_POLLIN};
    items[n++] = (zmq_pollitem_t){.fd = teller_fd(s->teller), .events = ZMQ_POLLIN};
    items[n++] = (zmq_pollitem_t){.fd = chores_fd(s->chores), .events = ZMQ_POLLIN};
    if (zmq_poll(items, (int)n, (long)sleep_ms(s)) < 0 && errno != EINTR)
        return err_fault(err, "cannot wait for messages: %s", zmq_strerror(errno));
    return 0;
}

static int turn(struct service *s, struct err *err)
{
    if (net_tend(s->net, clock_monotonic_ms(), err) < 0)
        return -1;
    clock_watch(s);
    take_waiting(s);
    gather(s);
    commit(s);
    hint(s);
    reads_collect(s);
    pretends_step(s);
    if (!s->leapt)
        evaluation_step(&s->evaluation, clock_monotonic_ms(), s->reads.held_count > 0);
    evaluation_ended(&s->evaluation, clock_monotonic_ms());
    telling_step(s, clock_monotonic_ms());
    s->pulse_wait_ms = pulse_step(s, clock_monotonic_ms());
    hint(s);
    reads_release(s);
    chores_collect(s);
    s->upkeep_due = ledger_upkeep(s->ledger, UPKEEP_MS);
    return 0;
}

int service_run(struct service *s, struct err *err)
{
    sd_notify(0, "READY=1");
    while (!s->stopping) {
        if (wait_for_work(s, err) != 0)
            return -1;
        if (turn(s, err) < 0)
            return -1;
        take_signals(s);
        if (s->watchdog_ms > 0)
            sd_notify(0, "WATCHDOG=1");
    }
    sd_notify(0, "STOPPING=1");
    log_notice("stopping");
    if (s->unsound.code == ERR_NONE)
        return 0;
    *err = s->unsound;
    return -1;
}
