#include "service/job_queue.h"

#include <pthread.h>
#include <sys/eventfd.h>

#include "base/buf.h"
#include "service/job.h"

struct job_queue {
    pthread_mutex_t mutex;
    pthread_cond_t not_empty, not_full;
    struct job *first, **end;
    uint64_t turn; /* of the job taken last */
    size_t reply_bytes, max_reply_bytes;
    int fd;
    bool closed;
};

struct job_queue *job_queue_new(size_t max_reply_bytes)
{
    struct job_queue *q = mem_zero(sizeof *q);

    q->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (q->fd < 0) {
        free(q);
        return NULL;
    }
    q->end = &q->first;
    q->max_reply_bytes = max_reply_bytes;
    pthread_mutex_init(&q->mutex, NULL);
    pthread_cond_init(&q->not_empty, NULL);
    pthread_cond_init(&q->not_full, NULL);
    return q;
}

void job_queue_free(struct job_queue *q)
{
    if (!q)
        return;
    while (q->first) {
        struct job *job = q->first;

        q->first = job->next;
        job_free(job);
    }
    pthread_cond_destroy(&q->not_full);
    pthread_cond_destroy(&q->not_empty);
    pthread_mutex_destroy(&q->mutex);
    close(q->fd);
    free(q);
}

static void unlock(pthread_mutex_t **mutex)
{
    pthread_mutex_unlock(*mutex);
}
/* Holds the mutex until the end of the function. */
#define LOCKED(q)                                                                                  \
    CLEANUP(unlock) pthread_mutex_t *locked_ = &(q)->mutex;                                        \
    pthread_mutex_lock(locked_)

static bool has_room(const struct job_queue *q, const struct job *job)
{
    return !q->first || q->reply_bytes + job->reply.len <= q->max_reply_bytes;
}

static void insert(struct job_queue *q, struct job **at, struct job **job)
{
    const uint64_t one = 1;

    if (!q->first)
        (void)!write(q->fd, &one, sizeof one); /* cannot fail: the count is 0 */
    (*job)->next = *at;
    if (!*at)
        q->end = &(*job)->next;
    q->reply_bytes += (*job)->reply.len;
    *at = *job;
    *job = NULL;
    pthread_cond_signal(&q->not_empty);
}

void job_queue_put(struct job_queue *q, struct job **job)
{
    LOCKED(q);
    while (!q->closed && !has_room(q, *job))
        pthread_cond_wait(&q->not_full, &q->mutex);
    insert(q, q->end, job);
}

/* A peer that was idle begins with the turn that others are at. How many jobs there are is bounded, so
 * that this is a walk of microseconds. */
void job_queue_put_by_turn(struct job_queue *q, struct job **job, uint64_t *turn)
{
    struct job **at;

    LOCKED(q);
    *turn = *turn + 1 > q->turn ? *turn + 1 : q->turn;
    (*job)->turn = *turn;
    at = &q->first;
    while (*at && (*at)->turn <= *turn)
        at = &(*at)->next;
    insert(q, at, job);
}

static struct job *take(struct job_queue *q)
{
    struct job *job = q->first;
    uint64_t count;

    q->first = job->next;
    job->next = NULL;
    q->turn = job->turn;
    q->reply_bytes -= job->reply.len;
    if (!q->first) {
        q->end = &q->first;
        (void)!read(q->fd, &count, sizeof count); /* back to 0 */
    }
    pthread_cond_broadcast(&q->not_full);
    return job;
}

struct job *job_queue_take_wait(struct job_queue *q)
{
    LOCKED(q);
    while (!q->closed && !q->first)
        pthread_cond_wait(&q->not_empty, &q->mutex);
    return q->closed ? NULL : take(q);
}

struct job *job_queue_take(struct job_queue *q)
{
    LOCKED(q);
    return q->first ? take(q) : NULL;
}

int job_queue_fd(struct job_queue *q)
{
    return q->fd;
}

void job_queue_close(struct job_queue *q)
{
    LOCKED(q);
    q->closed = true;
    pthread_cond_broadcast(&q->not_empty);
    pthread_cond_broadcast(&q->not_full);
}
