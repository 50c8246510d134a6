/* Endpoints that a socket may be bound to, and what has to be right around them.
 *
 * "ipc:///absolute/path": at most 107 bytes of path; its folder is made (0700) where there is none.
 * "tcp://ADDRESS:port": an IPv4 address, an IPv6 address in brackets, "localhost", or "*" for all of the
 * machine's. Nothing else; no abstract ipc names, as these have no file permissions.
 */
#ifndef MUSTER_NET_ENDPOINT_H
#define MUSTER_NET_ENDPOINT_H

#include <stdbool.h>

#include "base/err.h"

/* 0, or 1 with err invalid_value. Looks at the text only. */
int endpoint_check(const char *endpoint, struct err *err) MUST_CHECK;

/* Whether others than this machine could reach it. */
bool endpoint_is_open(const char *endpoint);

/* Makes an ipc endpoint's folder, and takes away the socket file that a killed daemon left. Refuses
 * (1) a path that is something else than a socket, or one where somebody still listens: libzmq
 * itself would delete either. -1: the system failed. Nothing to do for tcp. */
int endpoint_prepare(const char *endpoint, struct err *err) MUST_CHECK;

/* Takes away the socket file of an endpoint that is still bound; libzmq leaves it. */
void endpoint_remove(const char *endpoint);

#endif
