/* A reload reads the new configuration in a child process first.
 *
 * libconfig 1.5 leaks on a syntax error, and ends the process where its scanner gives up; a daemon
 * that lives for years must have neither from a file that somebody is editing. The daemon has
 * threads, and after fork() only this one is in the child: what it calls must not wait for a lock
 * that another thread held. The child allocates (glibc makes its allocator usable after fork), reads
 * files, and writes one pipe; it logs nothing, touches no database and no socket, and leaves by
 * _exit(), so that nothing of the parent's is flushed or closed twice. A child that hangs all the
 * same is ended after CHILD_WAIT_MS, and the reload refused.
 *
 * The file could change between the two readings. Then the parent still checks all of it: only the
 * protection is lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "settings/settings.h"

enum { CHILD_WAIT_MS = 10000 }; /* the default pack takes 5 ms */

/* Smaller than PIPE_BUF: one write, whole or not at all. */
_Static_assert(sizeof(struct err) < 4096, "a verdict fits into a pipe");

static void child(const char *path, int fd)
{
    struct settings *settings = NULL;
    struct err verdict = {0};

    if (settings_load(&settings, path, &verdict) != 0 && verdict.code == ERR_NONE)
        _exit(1);
    if (write(fd, &verdict, sizeof verdict) != sizeof verdict)
        _exit(1);
    _exit(0);
}

static bool read_verdict(struct err *verdict, int fd)
{
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    int64_t end_ms = clock_monotonic_ms() + CHILD_WAIT_MS;
    ssize_t n = 0;
    int ready;

    do {
        int64_t left_ms = end_ms - clock_monotonic_ms();

        ready = poll(&waiting, 1, left_ms > 0 ? (int)left_ms : 0);
        if (ready > 0)
            n = read(fd, verdict, sizeof *verdict);
    } while ((ready < 0 || n < 0) && errno == EINTR);
    return n == sizeof *verdict;
}

static int ask_child(const char *path, struct err *err)
{
    int ends[2];
    struct err verdict = {0};
    bool told;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_fault(err, "cannot make a pipe: %s", strerror(errno));
    pid = fork();
    if (pid == 0)
        child(path, ends[1]);
    close(ends[1]);
    told = pid > 0 && read_verdict(&verdict, ends[0]);
    close(ends[0]);
    if (pid < 0)
        return err_fault(err, "cannot start a process: %s", strerror(errno));
    if (!told)
        kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    if (!told)
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s: reading it ended without a verdict",
                       "%s：读取中途失败", path ? path : "-");
    if (verdict.code == ERR_NONE)
        return 0;
    *err = verdict;
    return 1;
}

int settings_load_checked(struct settings **out, const char *path, struct err *err)
{
    int failed = err->code == ERR_NONE ? ask_child(path, err) : 1;

    return failed ? failed : settings_load(out, path, err);
}
