/* The verb `retry`: messages that could not be delivered are tried anew (docs/protocol.md). */
#ifndef MUSTER_SERVICE_TELLING_VERB_H
#define MUSTER_SERVICE_TELLING_VERB_H

#include "net/net.h"

struct service;

/* Takes the request over, and answers it. */
void retry_accept(struct service *s, struct request *request);

#endif
