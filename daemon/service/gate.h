/* The gate: the thread between the sockets and the main loop.
 *
 * It takes messages in, reads submissions, and sends answers, all while the main loop commits; so what an event costs
 * beyond its row is paid beside the disk and not before it (docs/decisions/0008-gate.md). It decides nothing: who may ask, what is
 * recorded, and what is answered is the main loop's affair.
 *
 * What has come in and was not taken is bounded; at the bound it takes nothing more, and messages wait in libzmq
 * and in the kernel, as they would without it.
 *
 * One thread, the main one, calls this.
 */
#ifndef MUSTER_SERVICE_GATE_H
#define MUSTER_SERVICE_GATE_H

#include "service/arrival.h"

struct gate;

enum {
    /* What may wait to be taken: one more batch (batch.h). It may be passed by one message. */
    GATE_EVENTS = 1024,
    GATE_MESSAGES = 1024,
    GATE_BYTES = 8 * 1024 * 1024,
};

struct gate_options {
    struct net *net;           /* of it, net_receive and net_answer are the gate's from now on */
    const struct kinds *kinds; /* that events are read with */
    const char *ledger;        /* its id, for answers */
    bool rehearsal;
};

int gate_start(struct gate **out, const struct gate_options *options, struct err *err) MUST_CHECK;
/* Sends what is to be sent, ends the thread, and lets go what came in and was not taken. Takes NULL. */
void gate_stop(struct gate *gate);

/* Readable when something came in since gate_take. */
int gate_fd(const struct gate *gate);
/* All that came in, in order, a list; NULL if nothing did. Each is to be given back. */
struct arrival *gate_take(struct gate *gate);
/* How many came in since gate_take. */
size_t gate_waiting(struct gate *gate);
/* Answers each that has a result, and has their memory for others. */
void gate_give_back(struct gate *gate, struct arrival *list);
/* Sends any other answer. Takes the body's memory; the buffer is empty after. */
void gate_answer(struct gate *gate, const struct address *to, bool ok, struct buf *body);

/* Between the two nothing is read, and the kinds may change. */
void gate_hold(struct gate *gate);
void gate_go_on(struct gate *gate);

struct gate_counts {
    int64_t lost;         /* messages that cannot be answered */
    int64_t dropped_slow; /* answers: the peer does not read */
    int64_t dropped_gone; /* ... the peer is gone */
};
struct gate_counts gate_counts(const struct gate *gate);

#endif
