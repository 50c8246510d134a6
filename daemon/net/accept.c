#include "net/accept.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Descriptors that are not for connections: the ledger and its readers, listeners, libzmq's own,
 * the system's name service. The daemon itself holds about 40. */
enum { RESERVED = 128 };

static atomic_int highest = INT32_MAX; /* a connection's descriptor is below this */
static atomic_int_least64_t accepted, refused;

int accept_limit(int connections)
{
    struct rlimit limit = {0};

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    if (limit.rlim_cur < limit.rlim_max) {
        rlim_t before = limit.rlim_cur;

        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            limit.rlim_cur = before;
    }
    if (limit.rlim_cur < (rlim_t)connections + RESERVED)
        connections = limit.rlim_cur > RESERVED ? (int)limit.rlim_cur - RESERVED : 0;
    /* Half of the reserve is below the connections (it is open already), half is kept above. */
    atomic_store(&highest, connections + RESERVED / 2);
    return connections;
}

struct accept_counts accept_counts(void)
{
    return (struct accept_counts){atomic_load(&accepted), atomic_load(&refused)};
}

/* Stands in front of the C library's. */
int accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    int got = (int)syscall(SYS_accept4, fd, address, len, flags);

    if (got >= 0 && got < atomic_load(&highest)) {
        atomic_fetch_add(&accepted, 1);
        return got;
    }
    if (got >= 0) {
        close(got);
    } else if (errno != EMFILE && errno != ENFILE && errno != ENOMEM && errno != ENOBUFS) {
        return -1;
    }
    atomic_fetch_add(&refused, 1);
    errno = ECONNABORTED;
    return -1;
}
