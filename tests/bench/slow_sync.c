/* Preloaded into a daemon: every sync takes as much longer as SLOW_SYNC_US says, as on a slow disk. */
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

typedef int sync_call(int fd);

static int slowly(const char *name, int fd)
{
    const char *us = getenv("SLOW_SYNC_US");
    sync_call *call;

    *(void **)&call = dlsym(RTLD_NEXT, name);
    usleep(us ? (useconds_t)atoi(us) : 2000);
    return call(fd);
}

int fdatasync(int fd)
{
    return slowly("fdatasync", fd);
}

int fsync(int fd)
{
    return slowly("fsync", fd);
}
