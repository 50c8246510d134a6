/* The verbs `retry` and `forget`: messages that could not be delivered are tried anew, or not spoken of any more
 * (docs/protocol.md). */
#ifndef MUSTER_SERVICE_TELLING_VERB_H
#define MUSTER_SERVICE_TELLING_VERB_H

#include "net/net.h"

struct service;

bool is_telling_verb(const char *verb);
/* Takes the request over, and answers it. Only where is_telling_verb. */
void telling_verb_accept(struct service *s, struct request *request);

#endif
