#include "base/endpoint.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/buf.h"
#include "base/text.h"

static const char ipc[] = "ipc://", tcp[] = "tcp://";

/* As a message may show it. */
struct shown {
    char text[72];
};

static const char *shown(struct shown *out, const char *endpoint)
{
    static const char dots[] = "...";

    text_copy(out->text, sizeof out->text - strlen(dots), endpoint);
    if (strlen(endpoint) > strlen(out->text))
        strcat(out->text, dots);
    return out->text;
}

const char *endpoint_path(const char *endpoint)
{
    return strncmp(endpoint, ipc, strlen(ipc)) == 0 ? endpoint + strlen(ipc) : NULL;
}

static int check_ipc(const char *endpoint, const char *path, struct err *err)
{
    const size_t most = sizeof((struct sockaddr_un *)0)->sun_path - 1;
    struct shown cut;

    if (path[0] != '/' || path[strlen(path) - 1] == '/')
        return err_say(err, ERR_INVALID_VALUE, NULL, "\"%s\" must name a file by its absolute path: ipc:///run/...",
                       "“%s”须以绝对路径指明文件：ipc:///run/...", shown(&cut, endpoint));
    if (strlen(path) > most)
        return err_say(err, ERR_INVALID_VALUE, NULL, "\"%s\" is too long: at most %zu bytes of path",
                       "“%s”过长：路径至多 %zu 字节", shown(&cut, endpoint), most);
    return 0;
}

static bool is_port(const char *s)
{
    size_t digits = strspn(s, "0123456789");
    long port = strtol(s, NULL, 10);

    if (strcmp(s, "*") == 0)
        return true;
    return digits > 0 && digits < 6 && s[digits] == '\0' && port >= 1 && port <= 65535;
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
    struct shown cut;

    if (!colon || !is_port(colon + 1))
        return err_say(err, ERR_INVALID_VALUE, NULL, "\"%s\" has no port (1 to 65535)", "“%s”缺少端口（1 至 65535）",
                       shown(&cut, endpoint));
    if (!is_loopback(name) && !is_address(name))
        return err_say(err, ERR_INVALID_VALUE, NULL,
                       "\"%s\" names no address of this machine: 127.0.0.1, [::1], 192.168.1.2, * for all",
                       "“%s”不是本机地址：127.0.0.1、[::1]、192.168.1.2，* 表示全部", shown(&cut, endpoint));
    return 0;
}

int endpoint_check(const char *endpoint, struct err *err)
{
    struct shown cut;

    if (endpoint_path(endpoint))
        return check_ipc(endpoint, endpoint_path(endpoint), err);
    if (strncmp(endpoint, tcp, strlen(tcp)) == 0)
        return check_tcp(endpoint, err);
    return err_say(err, ERR_INVALID_VALUE, NULL, "\"%s\" is neither ipc:///path nor tcp://ADDRESS:port",
                   "“%s”既不是 ipc:///路径，也不是 tcp://地址:端口", shown(&cut, endpoint));
}
