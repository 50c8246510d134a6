/* The queue between threads: order, bounds, and the end. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "service/job.h"
#include "service/job_queue.h"

static int freed;

/* Jobs here are nothing but an address and a reply's size. */
void job_free(struct job *job)
{
    freed++;
    free(job);
}

static struct job *job_of(size_t reply_len, int64_t number)
{
    struct job *job = mem_zero(sizeof *job);

    job->reply.len = reply_len;
    job->came_ms = number;
    return job;
}

static void put(struct job_queue *q, size_t reply_len, int64_t number)
{
    struct job *job = job_of(reply_len, number);

    job_queue_put(q, &job);
    assert_null(job);
}

static bool rings(struct job_queue *q)
{
    struct pollfd fd = {.fd = job_queue_fd(q), .events = POLLIN};

    return poll(&fd, 1, 0) == 1;
}

static void test_order_and_bell(void **state)
{
    struct job_queue *q = job_queue_new(100);

    (void)state;
    assert_false(rings(q));
    assert_null(job_queue_take(q));
    for (int i = 0; i < 5; i++)
        put(q, 0, i);
    for (int i = 0; i < 5; i++) {
        struct job *job = i % 2 ? job_queue_take(q) : job_queue_take_wait(q);

        assert_int_equal(job->came_ms, i);
        job_free(job);
        assert_int_equal(rings(q), i < 4);
    }
    put(q, 0, 9);
    assert_true(rings(q));
    freed = 0;
    job_queue_free(q);
    assert_int_equal(freed, 1); /* what was left */
}

static void put_by_turn(struct job_queue *q, uint64_t *turn, int64_t number)
{
    struct job *job = job_of(0, number);

    job_queue_put_by_turn(q, &job, turn);
}

static void expect_taken(struct job_queue *q, int64_t number)
{
    struct job *job = job_queue_take(q);

    assert_non_null(job);
    assert_int_equal(job->came_ms, number);
    job_free(job);
}

/* Whoever asks a thousand things has one turn, as whoever asks one. */
static void test_turns(void **state)
{
    struct job_queue *q = job_queue_new(100);
    uint64_t greedy = 0, other = 0, late = 0;

    (void)state;
    for (int i = 0; i < 1000; i++)
        put_by_turn(q, &greedy, i);
    put_by_turn(q, &other, 2000);
    put_by_turn(q, &other, 2001);
    expect_taken(q, 0);
    expect_taken(q, 2000);
    expect_taken(q, 1);
    put_by_turn(q, &late, 3000); /* idle until now: it has not saved turns up, nor lost any */
    expect_taken(q, 2001);
    expect_taken(q, 3000);
    for (int i = 2; i < 1000; i++)
        expect_taken(q, i);
    assert_null(job_queue_take(q));
    assert_false(rings(q));
    put_by_turn(q, &other, 4000);
    assert_true(rings(q));
    expect_taken(q, 4000);
    put(q, 0, 5000); /* the end of the queue is where it was */
    put(q, 0, 5001);
    expect_taken(q, 5000);
    expect_taken(q, 5001);
    job_queue_free(q);
}

static void *take_all(void *data)
{
    struct job_queue *q = data;
    struct job *job;
    int64_t sum = 0;

    while ((job = job_queue_take_wait(q))) {
        sum += job->came_ms;
        free(job);
    }
    return (void *)(intptr_t)sum;
}

/* Whoever puts waits for whoever takes: nothing gets lost, whatever their pace. */
static void test_two_threads(void **state)
{
    enum { MANY = 20000 };
    struct job_queue *q = job_queue_new(100), *back = job_queue_new(1000);
    pthread_t taker;
    void *sum;
    int64_t taken = 0, left = 0;

    (void)state;
    assert_int_equal(pthread_create(&taker, NULL, take_all, q), 0);
    for (int i = 1; i <= MANY; i++)
        put(q, (size_t)i % 150, i); /* some larger than the bound: one fits into an empty queue */
    job_queue_close(q);
    pthread_join(taker, &sum);
    taken = (intptr_t)sum;
    for (struct job *job; (job = job_queue_take(q)); free(job))
        left += job->came_ms;
    assert_int_equal(taken + left, (int64_t)MANY * (MANY + 1) / 2);
    job_queue_free(q);
    job_queue_free(back);
}

struct putter {
    struct job_queue *queue;
    pthread_barrier_t ready;
};

static void *put_two(void *data)
{
    struct putter *p = data;

    put(p->queue, 80, 1);
    pthread_barrier_wait(&p->ready);
    put(p->queue, 80, 2); /* waits */
    return NULL;
}

static void test_close_ends_waiting(void **state)
{
    struct putter p = {.queue = job_queue_new(100)};
    struct job *first, *second;
    pthread_t putter;

    (void)state;
    pthread_barrier_init(&p.ready, NULL, 2);
    assert_int_equal(pthread_create(&putter, NULL, put_two, &p), 0);
    pthread_barrier_wait(&p.ready);
    job_queue_close(p.queue);
    pthread_join(putter, NULL);
    assert_null(job_queue_take_wait(p.queue));
    first = job_queue_take(p.queue);
    second = job_queue_take(p.queue);
    assert_int_equal(first->came_ms, 1);
    assert_int_equal(second->came_ms, 2);
    free(first);
    free(second);
    job_queue_free(p.queue);
    pthread_barrier_destroy(&p.ready);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_bell),
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_two_threads),
        cmocka_unit_test(test_close_ends_waiting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
