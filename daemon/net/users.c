#include "net/users.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char ipc_prefix[] = "localhost:";

static void look_up(char name[USER_NAME_SIZE], uint32_t uid)
{
    struct passwd entry, *found = NULL;
    char space[4096];

    if (getpwuid_r(uid, &entry, space, sizeof space, &found) == 0 && found &&
        text_utf8_valid(entry.pw_name, strlen(entry.pw_name)))
        text_copy(name, USER_NAME_SIZE, entry.pw_name);
    else
        snprintf(name, USER_NAME_SIZE, "uid-%u", uid);
}

int64_t users_uid(const char *peer_address)
{
    unsigned long uid;
    char *end;

    if (!peer_address || strncmp(peer_address, ipc_prefix, strlen(ipc_prefix)) != 0)
        return -1;
    uid = strtoul(peer_address + strlen(ipc_prefix), &end, 10);
    return *end == ':' && end != peer_address + strlen(ipc_prefix) && uid <= UINT32_MAX ? (int64_t)uid : -1;
}

const char *users_name(struct users *users, const char *peer_address)
{
    int64_t uid = users_uid(peer_address);
    size_t slot;

    if (uid < 0)
        return "local";
    for (size_t i = 0; i < users->count; i++)
        if (users->known[i].uid == uid)
            return users->known[i].name;
    if (users->count < USERS_REMEMBERED) {
        slot = users->count++;
    } else {
        slot = users->next;
        users->next = (users->next + 1) % USERS_REMEMBERED;
    }
    users->known[slot].uid = (uint32_t)uid;
    look_up(users->known[slot].name, (uint32_t)uid);
    return users->known[slot].name;
}
