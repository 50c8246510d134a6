/* A thread that answers reads, one after the other, from a connection of its own. */
#ifndef MUSTER_SERVICE_READER_H
#define MUSTER_SERVICE_READER_H

#include "base/err.h"
#include "service/job_queue.h"

struct reader;

enum {
    /* A read whose turn comes later than this has nobody left who waits for it. */
    READ_AGE_MAX_MS = 60000,
    /* No page is that large; more is refused, so that memory stays bounded. */
    REPLY_MAX_BYTES = 32 * 1024 * 1024,
};

/* Takes jobs from `in` and puts them answered into `out` until `in` is closed. Both outlive it. One that `yields` leaves the
 * processor to the other threads where all want it: walks over much history must not delay a commit. */
int reader_start(struct reader **out_reader, const char *database, struct job_queue *in, struct job_queue *out,
                 bool yields, struct err *err) MUST_CHECK;
/* From another thread: ends the read under way, which is answered `unavailable`. */
void reader_interrupt(struct reader *reader);
/* After job_queue_close of both: waits for the thread to end. */
void reader_stop(struct reader *reader);

#endif
