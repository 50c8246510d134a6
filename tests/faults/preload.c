/* Preloaded into a daemon: a clock that leaps and a disk that stalls, as the file FAULTS_FILE says just now:
 * two numbers of 64 bits, the seconds that the system's clock is off, and the milliseconds that a sync takes longer. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct faults {
    int64_t clock_s, stall_ms;
};

typedef int sync_call(int fd);

static const volatile struct faults *faults(void)
{
    static const volatile struct faults *mapped;
    static const struct faults none;
    const char *file = getenv("FAULTS_FILE");
    int fd;
    void *p;

    if (mapped || !file)
        return mapped ? mapped : &none;
    fd = open(file, O_RDONLY | O_CLOEXEC);
    p = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    if (p == MAP_FAILED)
        abort();
    mapped = p;
    return mapped;
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
    int r = (int)syscall(SYS_clock_gettime, clock, ts);

    if (r == 0 && clock == CLOCK_REALTIME)
        ts->tv_sec += faults()->clock_s;
    return r;
}

static int slowly(const char *name, int fd)
{
    sync_call *call;
    int64_t ms = faults()->stall_ms;
    struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

    *(void **)&call = dlsym(RTLD_NEXT, name);
    if (ms > 0)
        nanosleep(&ts, NULL);
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
