/* The main loop: take what waits, commit it, answer; then everything else, a little at a time. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "base/zone.h"
#include "service/answer.h"
#include "service/chore_verbs.h"
#include "service/clock_verb.h"
#include "service/pretend_verb.h"
#include "service/service_state.h"

enum {
    TAKE_MS = 20,         /* of requests in one turn: those that are large and wrong wait, not the others' answers */
    TAKE_MESSAGES = 8192, /* of any kind in one turn, so that reads and rubbish cannot keep it busy */
    UPKEEP_MS = 2,        /* between two commits: well below what a client notices */
    SLEEP_MAX_MS = 60000, /* a system clock that was set is noticed by then */
};

static void take_submit(struct service *s, struct request *request)
{
    struct err err = {0};
    bool zh;

    evaluation_input(&s->evaluation, clock_monotonic_ms());
    if (clock_check(s, &err) != 0) {
        size_t len;
        const char *body = request_body(request, &len);

        service_refuse(s, &request->from, &err, answer_lang(body, len));
        request_deinit(request);
        return;
    }
    if (batch_add(&s->batch, request, s->ledger, &zh, &err) == 0)
        return;
    service_refuse(s, &request->from, &err, zh ? "zh" : "en");
    request_deinit(request);
}

/* False: it was refused, or is none of ours; and is gone. */
static bool admit(struct service *s, struct request *request)
{
    struct err err = {0};
    size_t len;
    const char *body = request_body(request, &len);

    switch (admission_of(&s->admission, request, s->policy->settings, clock_monotonic_ms(), &err)) {
    case ADMITTED:
        return true;
    case ADMITTED_REFUSED:
        service_refuse(s, &request->from, &err, answer_lang(body, len));
        break;
    case ADMITTED_NOT:
        break;
    }
    request_deinit(request);
    return false;
}

static void take_request(struct service *s, struct request *request)
{
    if (!admit(s, request))
        return;
    count_verb(&s->counters, request->verb);
    if (strcmp(request->verb, "submit") == 0)
        take_submit(s, request);
    else if (strcmp(request->verb, "pretend") == 0)
        pretend_accept(s, request);
    else if (strcmp(request->verb, "clock") == 0)
        clock_accept(s, request);
    else if (is_chore_verb(request->verb))
        chores_accept(s, request);
    else
        reads_accept(s, request);
}

static void take_waiting(struct service *s)
{
    int64_t until_ms = clock_monotonic_ms() + TAKE_MS;

    for (int i = 0; i < TAKE_MESSAGES && !batch_full(&s->batch) && clock_monotonic_ms() < until_ms; i++) {
        struct request request;
        struct err err = {0};

        switch (net_receive(s->net, &request, &err)) {
        case NET_REQUEST:
            take_request(s, &request);
            break;
        case NET_REFUSED:
            if (!admit(s, &request))
                break;
            service_refuse(s, &request.from, &err, "en");
            request_deinit(&request);
            break;
        case NET_LOST:
            count(&s->counters, COUNT_LOST);
            break;
        case NET_NOTHING:
            return;
        }
    }
}

static void answer_submission(void *data, struct request *request, bool ok, struct buf *body)
{
    service_answer_request(data, request, ok, body);
}

static void commit(struct service *s)
{
    struct err err = {0};

    if (s->batch.count == 0)
        return;
    if (batch_commit(&s->batch, s->ledger, &s->counters, answer_submission, s, &err) != 0) {
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
    int64_t sleep = sooner(s->upkeep_due ? 0 : SLEEP_MAX_MS, until_midnight_ms(s));
    int64_t deadline_ms = reads_deadline_ms(&s->reads);

    if (!s->leapt)
        sleep = sooner(sleep, evaluation_wait_ms(&s->evaluation, clock_monotonic_ms()));
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
    zmq_pollitem_t items[NET_POLL_MAX + 3];
    size_t n = net_poll_items(s->net, items);

    items[n++] = (zmq_pollitem_t){.fd = s->signal_fd, .events = ZMQ_POLLIN};
    items[n++] = (zmq_pollitem_t){.fd = job_queue_fd(s->reads.done), .events = ZMQ_POLLIN};
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
    commit(s);
    hint(s);
    reads_collect(s);
    if (!s->leapt)
        evaluation_step(&s->evaluation, clock_monotonic_ms(), s->reads.held_count > 0);
    evaluation_ended(&s->evaluation, clock_monotonic_ms());
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
