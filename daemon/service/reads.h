/* Reads in flight: accepted, held until alerts are evaluated, queued for a thread, answered.
 *
 * All of it is bounded. A peer may have half of the places that are left, so that one which asks
 * without end takes nobody's turn; what finds no place is answered `unavailable`.
 */
#ifndef MUSTER_SERVICE_READS_H
#define MUSTER_SERVICE_READS_H

#include "service/job.h"
#include "service/job_queue.h"
#include "service/reader.h"

struct service;

enum {
    /* Answers that the main thread has not taken yet. How many reads there may be is configured:
     * max_waiting_reads, max_waiting_history, max_waiting_bytes. */
    REPLIES_BYTES_MAX = 64 * 1024 * 1024,
};

struct reads {
    struct job_queue *lines[LINE_COUNT];
    struct reader *readers[LINE_COUNT];
    struct job_queue *done;
    size_t in_flight[LINE_COUNT]; /* from acceptance to answer */
    size_t bytes;
    struct job *held, **held_end; /* wait for alerts, in the order in which they came */
    size_t held_count;
};

int reads_start(struct reads *reads, const char *database, struct err *err) MUST_CHECK;
/* Ends the threads and answers all that is in flight. */
void reads_stop(struct service *service);

/* Takes a request that is no submit: it will be answered. */
void reads_accept(struct service *service, struct request *request);
/* Gives the held ones that need not wait longer to their thread. */
void reads_release(struct service *service);
/* Sends what the threads have answered. */
void reads_collect(struct service *service);
/* When the first held one has waited long enough (monotonic), or -1. */
int64_t reads_deadline_ms(const struct reads *reads);

#endif
