/* Who a peer is: the name that goes into `recorded_by`.
 *
 * On ipc the kernel tells the peer's user (SO_PEERCRED); libzmq hands it on as the message property
 * Peer-Address, "localhost:uid:gid:pid", and sets that before anything the peer claims itself. A
 * peer on tcp has shown a key, and is known by that.
 */
#ifndef MUSTER_NET_USERS_H
#define MUSTER_NET_USERS_H

#include <stddef.h>
#include <stdint.h>

enum { USER_NAME_SIZE = 64, USERS_REMEMBERED = 64 };

/* Names already looked up: the system's name service may be slow. */
struct users {
    struct {
        uint32_t uid;
        char name[USER_NAME_SIZE];
    } known[USERS_REMEMBERED];
    size_t count;
    size_t next; /* the one to be forgotten next, when full */
};

/* The user of a peer with that Peer-Address; -1 where it tells none. */
int64_t users_uid(const char *peer_address);

/* The name of a peer with that Peer-Address (NULL: none). Valid until the next call. */
const char *users_name(struct users *users, const char *peer_address);

#endif
