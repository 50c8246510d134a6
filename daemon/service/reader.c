#include "service/reader.h"

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "proof/read_log.h"
#include "service/answer.h"
#include "service/background.h"
#include "service/job.h"
#include "service/watched.h"

struct reader {
    pthread_t thread;
    struct query *query;
    struct job_queue *in, *out;
    bool yields;
};

static int answer(struct reader *reader, struct job *job, struct err *err)
{
    size_t len;
    const char *body = request_body(&job->request, &len);
    int failed;

    if (clock_monotonic_ms() - job->came_ms > READ_AGE_MAX_MS)
        return err_say(err, ERR_UNAVAILABLE, NULL, "too much is being asked just now: try again later",
                       "当前查询过多，请稍后重试");
    failed = query_answer(reader->query, &job->env, job->request.verb, body, len, &job->reply, err);
    if (!failed && job->reply.len > REPLY_MAX_BYTES)
        failed = err_say(err, ERR_UNAVAILABLE, "limit", "the answer would be too large: ask with a smaller limit",
                         "结果过大：请减小 limit 后重试");
    return failed;
}

static void note(struct job *job)
{
    char member[WATCHED_SIZE];

    watched_member(member, job);
    if (member[0])
        read_log_note(job->read_log, job->env.now_us, job->request.user, member, job->request.verb);
}

static void serve(struct reader *reader, struct job *job)
{
    struct err err = {0};
    struct json out = json_to(&job->reply);
    size_t len;
    const char *body = request_body(&job->request, &len);

    job->ok = answer(reader, job, &err) == 0;
    if (job->ok) {
        note(job);
        return;
    }
    job->code = err.code;
    buf_deinit(&job->reply);
    answer_error(&out, &err, answer_lang(body, len));
}

static void *run(void *data)
{
    struct reader *reader = data;
    struct job *job;

    if (reader->yields)
        background_thread();
    while ((job = job_queue_take_wait(reader->in))) {
        serve(reader, job);
        job_queue_put(reader->out, &job);
    }
    return NULL;
}

int reader_start(struct reader **out_reader, const char *database, struct job_queue *in, struct job_queue *out,
                 bool yields, struct err *err)
{
    struct reader *reader = mem_zero(sizeof *reader);
    int failed = query_new(&reader->query, database, err);

    reader->yields = yields;
    reader->in = in;
    reader->out = out;
    if (!failed && pthread_create(&reader->thread, NULL, run, reader) != 0)
        failed = err_fault(err, "cannot start a thread");
    if (failed) {
        query_free(reader->query);
        free(reader);
        return failed;
    }
    *out_reader = reader;
    return 0;
}

void reader_interrupt(struct reader *reader)
{
    query_stop(reader->query);
}

void reader_stop(struct reader *reader)
{
    if (!reader)
        return;
    pthread_join(reader->thread, NULL);
    query_free(reader->query);
    free(reader);
}
