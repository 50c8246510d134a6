/* The socket files of ipc endpoints: what has to be right around them. Nothing to do for tcp. */
#ifndef MUSTER_NET_SOCKET_FILE_H
#define MUSTER_NET_SOCKET_FILE_H

#include "base/err.h"

/* Makes the endpoint's folder (0700) where there is none, and takes away the socket file that a killed daemon
 * left. Refuses (1) what endpoint_check refuses, a path that is something else than a socket, and one where
 * somebody still listens: libzmq itself would delete either. -1: the system failed. */
int socket_file_prepare(const char *endpoint, struct err *err) MUST_CHECK;

/* Takes away the file of an endpoint that is still bound; libzmq leaves it. */
void socket_file_remove(const char *endpoint);

#endif
