/* Which endpoints may stand in a configuration. net/endpoint.h has the same rule for what it binds. */
#include <arpa/inet.h>
#include <string.h>
#include <sys/un.h>

#include "base/buf.h"
#include "settings/keys.h"

static const char ipc[] = "ipc://", tcp[] = "tcp://";

static int check_ipc(const struct conf_node *node, const char *path, struct err *err)
{
    const size_t most = sizeof((struct sockaddr_un *)0)->sun_path - 1;
    struct shown shown;

    if (path[0] != '/' || path[strlen(path) - 1] == '/')
        return conf_fault(err, node, "\"%s\" must name a file by its absolute path: ipc:///run/...",
                          "“%s”须以绝对路径指明文件：ipc:///run/...", conf_shown(&shown, node->text));
    if (strlen(path) > most)
        return conf_fault(err, node, "\"%s\" is too long: at most %zu bytes of path",
                          "“%s”过长：路径至多 %zu 字节", conf_shown(&shown, node->text), most);
    return 0;
}

static bool is_port(const char *s)
{
    size_t digits = strspn(s, "0123456789");
    long port = strtol(s, NULL, 10);

    if (strcmp(s, "*") == 0) /* the system chooses */
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

static int check_tcp(const struct conf_node *node, struct err *err)
{
    const char *host = node->text + strlen(tcp);
    const char *colon = strrchr(host, ':');
    _cleanup_free_ char *name = mem_strndup(host, colon ? (size_t)(colon - host) : 0);
    struct shown shown;

    if (!colon || !is_port(colon + 1))
        return conf_fault(err, node, "\"%s\" has no port (1 to 65535)", "“%s”缺少端口（1 至 65535）",
                          conf_shown(&shown, node->text));
    if (!is_loopback(name) && !is_address(name))
        return conf_fault(err, node,
                          "\"%s\" names no address of this machine: 127.0.0.1, [::1], 192.168.1.2, * for all",
                          "“%s”不是本机地址：127.0.0.1、[::1]、192.168.1.2，* 表示全部", conf_shown(&shown, node->text));
    return 0;
}

int settings_check_endpoint(const struct conf_node *node, bool feed, struct err *err)
{
    const char *text;
    struct shown shown;

    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    if (strncmp(text, ipc, strlen(ipc)) == 0)
        return check_ipc(node, text + strlen(ipc), err);
    if (feed)
        return conf_fault(err, node, "\"%s\": the feed is published on ipc:///path only: it knows no keys and no scopes",
                          "“%s”：实时提示只在 ipc:///路径 上发布：它不识密钥与范围", conf_shown(&shown, text));
    if (strncmp(text, tcp, strlen(tcp)) == 0)
        return check_tcp(node, err);
    return conf_fault(err, node, "\"%s\" is neither ipc:///path nor tcp://ADDRESS:port",
                      "“%s”既不是 ipc:///路径，也不是 tcp://地址:端口", conf_shown(&shown, text));
}
