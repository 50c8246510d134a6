/* Requests of `pretend` that wait for their turn.
 *
 * Each holds recording up while it is judged, so they have turns of their own: one at a time, after what was to be recorded is
 * committed, and then recording has the thread for as long as that one took. Whoever asks without end slows the others by half at most,
 * and a submission waits for one of them, not for all. How many wait is bounded, and a peer may have half of the places that are left
 * (as in reads.h); what finds no place is answered `unavailable`.
 */
#ifndef MUSTER_SERVICE_PRETENDS_H
#define MUSTER_SERVICE_PRETENDS_H

#include "net/net.h"

struct service;
struct pretend;

enum { PRETENDS_MAX = 8 }; /* each of 4 MiB at most */

/* All zero at first. */
struct pretends {
    struct pretend *first;
    size_t count;
    int64_t not_before_ms; /* monotonic: recording has its turn until then */
};

/* Takes the request over: it will be answered. */
void pretends_accept(struct service *service, struct request *request);
/* Judges and answers the first, if it is its turn. */
void pretends_step(struct service *service);
/* How long until there is something to do; -1: nothing waits. */
int64_t pretends_wait_ms(const struct pretends *pretends, int64_t now_ms);
/* Answers all that wait: the daemon stops. */
void pretends_stop(struct service *service);

#endif
