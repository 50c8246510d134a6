/* What the files of the library share. Not installed. */
#ifndef MUSTER_LIB_SESSION_H
#define MUSTER_LIB_SESSION_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/uuid.h"
#include "link.h"
#include "muster/muster.h"
#include "trouble.h"

struct muster {
    void *context;   /* ZeroMQ's; one for each session, so that there is no global */
    struct link *link; /* for muster_request; streams have their own */
    char *endpoint;
    struct curve curve;
    int reach_ms, answer_ms; /* as for struct patience */
    char language[8];
    char ledger[UUID_TEXT_SIZE]; /* pinned; "" before the first answer */
    bool met;        /* an answer has come: the ledger and `rehearsal` are known */
    bool rehearsal;
    uint64_t next_request_id;
    struct trouble trouble;
};

/* "ipc://PATH" for a bare path, a copy of anything else. */
char *endpoint_from(const char *server);

/* Reads an answer's body. Checks the ledger against the pinned one, and pins the first.
 * MUSTER_OK: *body_out is the object of an `ok` reply. Otherwise the session's error is set; it is
 * MUSTER_REFUSED, with the error object in *body_out, where the daemon said so. The caller decrefs. */
int session_read_answer(struct muster *session, struct answer *answer, json_t **body_out) MUST_CHECK;

/* How long to go on without a connection: less where there is nothing to wait for. */
int session_reach_ms(const struct muster *session) MUST_CHECK;
/* The error for a deadline that passed. */
int session_say_late(struct muster *session, const struct link *link);
/* The error for a failure of a socket, by errno. */
int session_say_system(struct muster *session, const char *what);

static inline void cleanup_json(json_t **p)
{
    json_decref(*p);
}
#define _cleanup_json_ CLEANUP(cleanup_json)

#endif
