#include "net/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/buf.h"

static const char ipc[] = "ipc://", tcp[] = "tcp://";

static const char *path_of(const char *endpoint)
{
    return strncmp(endpoint, ipc, strlen(ipc)) == 0 ? endpoint + strlen(ipc) : NULL;
}

static int check_path(const char *path, struct err *err)
{
    struct sockaddr_un address;
    size_t len = strlen(path);

    if (path[0] != '/' || path[len - 1] == '/')
        return err_say(err, ERR_INVALID_VALUE, NULL, "\"ipc://%s\" must name a file by its absolute path",
                       "“ipc://%s”须以绝对路径指明文件", path);
    if (len >= sizeof address.sun_path)
        return err_say(err, ERR_INVALID_VALUE, NULL, "\"ipc://%s\" is too long: at most %zu bytes of path",
                       "“ipc://%s”过长：路径最多 %zu 字节", path, sizeof address.sun_path - 1);
    return 0;
}

static bool is_port(const char *s)
{
    char *end;
    unsigned long port;

    if (strcmp(s, "*") == 0)
        return true;
    if (s[0] < '0' || s[0] > '9')
        return false;
    port = strtoul(s, &end, 10);
    return *end == '\0' && port >= 1 && port <= 65535;
}

static bool is_loopback(const char *host)
{
    struct in_addr v4;

    if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
        return true;
    return inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}

static bool is_address(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    _cleanup_free_ char *inner = host[0] == '[' ? mem_strndup(host + 1, strcspn(host + 1, "]")) : NULL;

    if (inner)
        return host[strlen(host) - 1] == ']' && inet_pton(AF_INET6, inner, &v6) == 1;
    return strcmp(host, "*") == 0 || inet_pton(AF_INET, host, &v4) == 1;
}

bool endpoint_is_open(const char *endpoint)
{
    const char *host = endpoint + strlen(tcp), *colon = strrchr(endpoint, ':');
    _cleanup_free_ char *name = NULL;

    if (strncmp(endpoint, tcp, strlen(tcp)) != 0 || colon < host)
        return false;
    name = mem_strndup(host, (size_t)(colon - host));
    return !is_loopback(name);
}

static int check_tcp(const char *endpoint, struct err *err)
{
    const char *host = endpoint + strlen(tcp);
    const char *colon = strrchr(host, ':');
    _cleanup_free_ char *name = mem_strndup(host, colon ? (size_t)(colon - host) : 0);

    if (!colon || !is_port(colon + 1))
        return err_say(err, ERR_INVALID_VALUE, NULL, "\"%s\" has no port (1 to 65535)",
                       "“%s”缺少端口（1 至 65535）", endpoint);
    if (!is_loopback(name) && !is_address(name))
        return err_say(err, ERR_INVALID_VALUE, NULL,
                       "\"%s\" names no address of this machine: 127.0.0.1, [::1], 192.168.1.2, * for all",
                       "“%s”不是本机地址：127.0.0.1、[::1]、192.168.1.2，* 表示全部", endpoint);
    return 0;
}

int endpoint_check(const char *endpoint, struct err *err)
{
    if (path_of(endpoint))
        return check_path(path_of(endpoint), err);
    if (strncmp(endpoint, tcp, strlen(tcp)) == 0)
        return check_tcp(endpoint, err);
    return err_say(err, ERR_INVALID_VALUE, NULL, "\"%s\" is neither ipc:///path nor tcp://ADDRESS:port",
                   "“%s”既不是 ipc:///路径，也不是 tcp://地址:端口", endpoint);
}

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

int endpoint_prepare(const char *endpoint, struct err *err)
{
    const char *path = path_of(endpoint);
    int failed = endpoint_check(endpoint, err);

    if (failed || !path)
        return failed;
    failed = make_folder(path, err);
    return failed ? failed : remove_stale(path, err);
}

void endpoint_remove(const char *endpoint)
{
    const char *path = path_of(endpoint);

    if (path)
        unlink(path);
}
