/* A read on its way: from the socket to a reader thread and back. Whole: whoever holds it may touch
 * all of it, and nobody else does. */
#ifndef MUSTER_SERVICE_JOB_H
#define MUSTER_SERVICE_JOB_H

#include "net/net.h"
#include "query/query.h"
#include "service/policy.h"

struct read_log;

/* The two threads that read: short answers do not wait behind long walks. */
enum line { LINE_LOOKUP, LINE_HISTORY, LINE_COUNT };
_Static_assert((int)LINE_COUNT == (int)PEER_LINES, "peers are counted for each line");

struct job {
    struct job *next;
    struct request request;
    struct policy *policy; /* the rules it is answered by */
    enum line line;
    size_t size_bytes;     /* what it keeps in memory, but for the reply */
    struct query_env env;
    char *status;          /* owned; env.status, where the verb is status */
    struct read_log *read_log; /* where it is noted, if it has to be */
    int64_t came_ms;       /* monotonic */
    uint64_t turn;         /* kept by the queue */
    int64_t wanted_seq;    /* held until all rows up to this are evaluated; 0: no need to */
    bool ok;
    struct buf reply;
    enum err_code code;    /* of the reply, if not ok */
};

/* Takes the request; `policy` gets one more reference. */
struct job *job_new(struct request *request, struct policy *policy);
void job_free(struct job *job);

#endif
