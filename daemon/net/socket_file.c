#include "net/socket_file.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/endpoint.h"

static int make_folder(const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    _cleanup_free_ char *folder = mem_strndup(path, (size_t)(slash - path));

    if (folder[0] == '\0' || mkdir(folder, 0700) == 0 || errno == EEXIST)
        return 0;
    return err_fault(err, "cannot make the folder %s: %s", folder, strerror(errno));
}

static int try_listener(const char *path, struct err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    _cleanup_fd_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return err_fault(err, "cannot make a socket: %s", strerror(errno));
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0 || errno == EAGAIN)
        return err_say(err, ERR_NOT_ALLOWED, NULL, "somebody is listening on %s already",
                       "已有进程在监听 %s", path);
    if (errno != ECONNREFUSED)
        return err_fault(err, "cannot tell whether %s is in use: %s", path, strerror(errno));
    return 0;
}

static int remove_stale(const char *path, struct err *err)
{
    struct stat st;
    int verdict;

    if (lstat(path, &st) != 0) {
        if (errno == ENOENT)
            return 0;
        return err_fault(err, "cannot look at %s: %s", path, strerror(errno));
    }
    if (!S_ISSOCK(st.st_mode))
        return err_say(err, ERR_NOT_ALLOWED, NULL, "%s is there, and is no socket: it is left alone",
                       "%s 已存在且不是套接字，未作改动", path);
    verdict = try_listener(path, err);
    if (verdict != 0)
        return verdict;
    if (unlink(path) != 0 && errno != ENOENT)
        return err_fault(err, "cannot remove the old socket %s: %s", path, strerror(errno));
    return 0;
}

int socket_file_prepare(const char *endpoint, struct err *err)
{
    const char *path = endpoint_path(endpoint);
    int failed = endpoint_check(endpoint, err);

    if (failed || !path)
        return failed;
    failed = make_folder(path, err);
    return failed ? failed : remove_stale(path, err);
}

void socket_file_remove(const char *endpoint)
{
    const char *path = endpoint_path(endpoint);

    if (path)
        unlink(path);
}
