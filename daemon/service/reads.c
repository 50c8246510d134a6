#include "service/reads.h"

#include <string.h>

#include "service/answer.h"
#include "service/limits.h"
#include "service/service_state.h"

int reads_start(struct reads *reads, const char *database, struct err *err)
{
    reads->held_end = &reads->held;
    reads->done = job_queue_new(REPLIES_BYTES_MAX);
    if (!reads->done)
        return err_fault(err, "cannot make a queue");
    for (int line = 0; line < LINE_COUNT; line++) {
        int failed;

        reads->lines[line] = job_queue_new(REPLIES_BYTES_MAX);
        if (!reads->lines[line])
            return err_fault(err, "cannot make a queue");
        failed = reader_start(&reads->readers[line], database, reads->lines[line], reads->done, line == LINE_HISTORY, err);
        if (failed)
            return failed;
    }
    return 0;
}

/* The bounds may have been lowered by a reload: then more may be in flight than there are places. */
static bool has_place(const struct service *s, enum line line, struct peer *peer, size_t size)
{
    const struct settings *c = s->policy->settings;
    int64_t places = line == LINE_HISTORY ? c->max_waiting_history : c->max_waiting_reads;
    int64_t left = places - (int64_t)s->reads.in_flight[line];
    int waiting = *peer_waiting(peer, line);

    if (left <= 0 || (int64_t)(s->reads.bytes + size) > c->max_waiting_bytes)
        return false;
    return waiting == 0 || waiting < left;
}

static void enter(struct reads *reads, struct job *job)
{
    reads->in_flight[job->line]++;
    reads->bytes += job->size_bytes;
    ++*peer_waiting(job->request.from.peer, job->line);
}

static void leave(struct reads *reads, struct job *job)
{
    reads->in_flight[job->line]--;
    reads->bytes -= job->size_bytes;
    --*peer_waiting(job->request.from.peer, job->line);
}

/* The job's end: answered, and forgotten. */
static void finish(struct service *s, struct job *job)
{
    if (!job->ok)
        count_error(&s->counters, job->code);
    service_answer_request(s, &job->request, job->ok, &job->reply);
    leave(&s->reads, job);
    job_free(job);
}

static void refuse_busy(struct service *s, const struct address *to, const char *body, size_t len)
{
    struct err err = {0};

    err_say(&err, ERR_UNAVAILABLE, NULL, "too much is being asked just now: try again later",
            "当前查询过多，请稍后重试");
    service_refuse(s, to, &err, answer_lang(body, len));
}

static void hold(struct reads *reads, struct job *job)
{
    job->next = NULL;
    *reads->held_end = job;
    reads->held_end = &job->next;
    reads->held_count++;
}

/* To its thread, with what the daemon knows now. `in_vain`: alerts are not evaluated, and it says so. */
static void dispatch(struct service *s, struct job *job, bool in_vain)
{
    job->env = (struct query_env){
        .pack = policy_pack(job->policy),
        .tracking_since = job->policy->tracking_since,
        .today = clock_today(&s->clock),
        .now_us = clock_now_us(&s->clock),
        .settling = in_vain || evaluation_settling(&s->evaluation),
        .history_ms = job->policy->settings->history_ms,
        .history_rows = job->policy->settings->history_rows,
        .telling = &job->policy->settings->telling,
        .grant = request_limits(&job->request),
        .head_key = s->head_key,
        .database = job->policy->settings->database,
        .status = "",
    };
    job->read_log = s->read_log;
    if (strcmp(job->request.verb, "status") == 0)
        job->env.status = job->status = service_status(s, job->env.grant);
    job_queue_put_by_turn(s->reads.lines[job->line], &job, peer_turn(job->request.from.peer, job->line));
}

void reads_accept(struct service *s, struct request *request)
{
    size_t len;
    const char *body = request_body(request, &len);
    bool needs_alerts = false;
    /* A verb that there is not goes the same way: its answer is a lookup among the verbs. */
    enum line line =
        query_classify(request->verb, body, len, &needs_alerts) == QUERY_HISTORY ? LINE_HISTORY : LINE_LOOKUP;
    struct job *job;

    if (!has_place(s, line, request->from.peer, sizeof *job + len)) {
        refuse_busy(s, &request->from, body, len);
        request_deinit(request);
        return;
    }
    job = job_new(request, s->policy);
    job->line = line;
    job->came_ms = clock_monotonic_ms();
    job->wanted_seq = needs_alerts ? ledger_seq(s->ledger) : 0;
    enter(&s->reads, job);
    if (!needs_alerts || evaluation_covers(&s->evaluation, job->wanted_seq)) {
        dispatch(s, job, false);
        return;
    }
    count(&s->counters, COUNT_HELD);
    hold(&s->reads, job);
}

void reads_release(struct service *s)
{
    struct reads *reads = &s->reads;
    int64_t now_ms = clock_monotonic_ms();

    /* Who came later asks for later rows, and may wait longer: the order decides alone. */
    while (reads->held) {
        struct job *job = reads->held;
        bool covered = evaluation_covers(&s->evaluation, job->wanted_seq);

        if (!covered && now_ms - job->came_ms < HOLD_MAX_MS)
            return;
        reads->held = job->next;
        if (!reads->held)
            reads->held_end = &reads->held;
        reads->held_count--;
        if (!covered)
            count(&s->counters, COUNT_LATE);
        dispatch(s, job, !covered);
    }
}

void reads_collect(struct service *s)
{
    struct job *job;

    while ((job = job_queue_take(s->reads.done)))
        finish(s, job);
}

int64_t reads_deadline_ms(const struct reads *reads)
{
    return reads->held ? reads->held->came_ms + HOLD_MAX_MS : -1;
}

static void refuse_stopping(struct service *s, struct job *job)
{
    struct err err = {0};
    size_t len;
    const char *body = request_body(&job->request, &len);

    err_say(&err, ERR_UNAVAILABLE, NULL, "the daemon stops: ask again later", "服务正在停止，请稍后重试");
    service_refuse_request(s, &job->request, &err, answer_lang(body, len));
    leave(&s->reads, job);
    job_free(job);
}

void reads_stop(struct service *s)
{
    struct reads *reads = &s->reads;
    struct job *job;

    for (int line = 0; line < LINE_COUNT; line++)
        if (reads->lines[line])
            job_queue_close(reads->lines[line]);
    if (reads->done)
        job_queue_close(reads->done);
    /* A lookup in hand is done in a moment; a walk over history may take its minute, and is ended. */
    if (reads->readers[LINE_HISTORY])
        reader_interrupt(reads->readers[LINE_HISTORY]);
    for (int line = 0; line < LINE_COUNT; line++) {
        reader_stop(reads->readers[line]);
        while (reads->lines[line] && (job = job_queue_take(reads->lines[line])))
            refuse_stopping(s, job);
        job_queue_free(reads->lines[line]);
    }
    if (reads->done)
        reads_collect(s);
    job_queue_free(reads->done);
    while ((job = reads->held)) {
        reads->held = job->next;
        refuse_stopping(s, job);
    }
}
