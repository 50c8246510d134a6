/* Reads: every verb but submit, answered from a snapshot of its own.
 *
 * A `struct query` belongs to one reader thread and has its own read-only connection; it is never
 * behind the writer, never in front of it. Replies are whole JSON objects.
 */
#ifndef MUSTER_QUERY_QUERY_H
#define MUSTER_QUERY_QUERY_H

#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "pack/pack.h"

struct grant;
struct head_key;
struct telling;
struct query;

/* What a request needs to know of the daemon, as it was when the request came. */
struct query_env {
    const struct pack *pack;
    day_t tracking_since;
    day_t today;
    int64_t now_us;
    bool settling;
    int64_t history_ms;    /* bound of a read over much history */
    int64_t history_rows;  /* rows replayed for known_on, at most */
    int64_t walk_steps;    /* bound of one page's walk; 0: the default (tests set less) */
    const struct telling *telling; /* who is told what (settings/people.h); NULL: nobody */
    struct grant *grant;   /* what the asker may do; NULL: everything (access/grant.h) */
    const char *database;  /* its file, beside which the log of reads lies */
    const struct head_key *head_key; /* what heads are signed with; NULL: none */
    const char *status;    /* members of the status reply that only the service knows, without
                              braces ("\"version\":\"0.1.0\",..."); may be "": version, started, lag,
                              queue, counters, errors, settling, events, transfer_valid_days. This
                              room adds ledger, rehearsal, timezone, tracking_since, kinds, seq,
                              head, today, now, alerts: no key may be in both */
};

int query_new(struct query **out, const char *path, struct err *err) MUST_CHECK;
void query_free(struct query *query);
/* From another thread: the read under way, and every one after it, ends soon and is answered `unavailable`. */
void query_stop(struct query *query);
DEFINE_CLEANUP(query);
#define _cleanup_query_ CLEANUP(query_cleanup)

enum query_class {
    QUERY_UNKNOWN,  /* no such verb */
    QUERY_LOOKUP,   /* answered by index: recent, list, show, status, rules, plain alerts, explain */
    QUERY_HISTORY,  /* walks history: as_of, known_on, due, board, rules with try */
};
/* Looks at verb and body only as far as needed; never fails (a malformed body is a LOOKUP, whose
 * answer will say so). *needs_alerts_out: the answer depends on evaluated alerts. */
enum query_class query_classify(const char *verb, const char *body, size_t len_bytes,
                                bool *needs_alerts_out);

/* Answers into `reply` (cleared first). 0: ok; 1: `err` is the answer. */
int query_answer(struct query *query, const struct query_env *env, const char *verb,
                 const char *body, size_t len_bytes, struct buf *reply, struct err *err) MUST_CHECK;

#endif
