/* A queue of jobs between two threads: a mutex, a condition for the taker that sleeps, an eventfd for
 * the one that polls. Reads wait by turns: whoever asks a thousand things at once has no more turns than
 * whoever asks one. How many jobs there can be is bounded by reads.h, which lets them in; how many
 * bytes of answers wait here is bounded by the queue. The queue owns what is in it. */
#ifndef MUSTER_SERVICE_JOB_QUEUE_H
#define MUSTER_SERVICE_JOB_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct job_queue;
struct job;

/* NULL when the system has no eventfd left. */
struct job_queue *job_queue_new(size_t max_reply_bytes);
/* Frees the jobs in it. No thread may use it any more. */
void job_queue_free(struct job_queue *queue);

/* Takes the job over and gives it the next turn of its peer: behind the peer's own jobs, and behind one of
 * each other peer's. `turn` is the peer's memory, 0 at first; for one queue, one thread that puts. */
void job_queue_put_by_turn(struct job_queue *queue, struct job **job, uint64_t *turn);

/* Takes the job over, behind all others. Waits while the answers in the queue and this one are more than the bound, but
 * not in an empty queue, and not any more once it is closed. */
void job_queue_put(struct job_queue *queue, struct job **job);

/* Waits for a job; NULL when the queue was closed, whatever is left in it. */
struct job *job_queue_take_wait(struct job_queue *queue);
/* NULL when there is none. */
struct job *job_queue_take(struct job_queue *queue);

/* Readable while there is something to take. */
int job_queue_fd(struct job_queue *queue);

/* Wakes everybody up, and ends all waiting. What is left can be had by job_queue_take. */
void job_queue_close(struct job_queue *queue);

#endif
