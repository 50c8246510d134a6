/* Endpoints that the daemon's sockets may be bound to, by their text.
 *
 * "ipc:///absolute/path": at most 107 bytes of path (the system's bound).
 * "tcp://ADDRESS:port": an IPv4 address, an IPv6 address in brackets, "localhost", or "*" for all of the
 * machine's; a port from 1 to 65535, or "*": the system chooses. Nothing else; no abstract ipc names, as these have no
 * file permissions.
 */
#ifndef MUSTER_BASE_ENDPOINT_H
#define MUSTER_BASE_ENDPOINT_H

#include <stdbool.h>

#include "base/err.h"

/* 0, or 1 with err invalid_value. */
int endpoint_check(const char *endpoint, struct err *err) MUST_CHECK;
/* The path of an ipc endpoint; NULL for any other. */
const char *endpoint_path(const char *endpoint);
/* Whether others than this machine could reach it. */
bool endpoint_is_open(const char *endpoint);

#endif
