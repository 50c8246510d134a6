/* `pretend`: what would become of events if they were submitted, and of alerts (docs/protocol.md). Nothing is recorded: they are judged in
 * a batch of their own that is rolled back, between the batches of others. */
#ifndef MUSTER_SERVICE_PRETEND_VERB_H
#define MUSTER_SERVICE_PRETEND_VERB_H

#include "net/net.h"

struct service;

/* Answers the request, in its turn (pretends.h): recording waits meanwhile. */
void pretend_answer(struct service *service, struct request *request);

#endif
