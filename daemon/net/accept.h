/* How many connections there may be.
 *
 * libzmq 4.3.4 ends the process when accept() on an ipc listener fails for want of descriptors
 * (ipc_listener.cpp asserts on EMFILE). So the daemon has its own accept4() in front of the C
 * library's, which libzmq calls: a connection that would take one of the last descriptors is closed
 * at once, and libzmq is told that the peer went away (ECONNABORTED), which it takes calmly.
 * Descriptors are given out lowest first, so the number of a new one says how many are in use.
 *
 * This cannot be passed as an argument through libzmq: the limit and the counts are of the process.
 */
#ifndef MUSTER_NET_ACCEPT_H
#define MUSTER_NET_ACCEPT_H

#include <stdint.h>

/* Raises the descriptor limit to what is allowed, and lets at most about `connections` in, fewer
 * where the limit is lower. Returns how many. Before anything is bound. */
int accept_limit(int connections);

struct accept_counts {
    int64_t accepted;
    int64_t refused;
};
struct accept_counts accept_counts(void);

#endif
