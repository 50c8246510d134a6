/* The verbs that begin a chore and look how it stands: verify, backup (docs/protocol.md). */
#ifndef MUSTER_SERVICE_CHORE_VERBS_H
#define MUSTER_SERVICE_CHORE_VERBS_H

#include "net/net.h"

struct service;

bool is_chore_verb(const char *verb);
/* Answers the request, and lets go of it. */
void chores_accept(struct service *service, struct request *request);
/* Takes over what a verification has found, for `status`, also after a restart. */
void chores_collect(struct service *service);
/* At start: what the last verification found. */
int chores_remember(struct service *service, struct err *err) MUST_CHECK;

#endif
