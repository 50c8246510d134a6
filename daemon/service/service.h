/* The daemon: wires sockets, ledger, alerts and readers together, and runs them.
 *
 * One thread receives, commits, answers and evaluates; two threads read (reads.h). Threads exchange
 * whole jobs over bounded queues and share nothing else. Called by main.c alone.
 */
#ifndef MUSTER_SERVICE_SERVICE_H
#define MUSTER_SERVICE_SERVICE_H

#include "base/err.h"

struct service;

struct service_options {
    const char *config;   /* NULL: the standard place, or the defaults */
    const char *rehearse; /* "2022-12-31" or an RFC 3339 time; NULL: the real clock */
    bool rebuild;         /* replay the ledger into fresh tables before anything else */
    bool quiet;           /* no progress of a rebuild or an import is told */
    const char *language; /* of the progress bar: "zh..." is Chinese, all else, NULL too, English */
};

/* Reads and checks the configuration and the rule pack; touches nothing. 0, or 1 with err. */
int service_check(const struct service_options *options, struct err *err) MUST_CHECK;

/* Fills the configured database, which must be empty, from an export. To be called instead of service_new. */
int service_import(const struct service_options *options, const char *file, struct err *err) MUST_CHECK;

/* Takes the lock, opens the ledger, starts the readers, binds the sockets: in this order, so that
 * nothing is bound for a ledger that cannot be had. To be called before there is any other thread:
 * signals are blocked from here on. 1: refused; -1: the system failed. */
int service_new(struct service **out, const struct service_options *options,
                struct err *err) MUST_CHECK;
/* Runs until SIGTERM or SIGINT; SIGHUP reloads. -1: cannot go on. */
int service_run(struct service *service, struct err *err) MUST_CHECK;
void service_free(struct service *service);
DEFINE_CLEANUP(service);
#define _cleanup_service_ CLEANUP(service_cleanup)

#endif
