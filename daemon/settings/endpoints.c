/* Which endpoints may stand in a configuration: those that can be bound (base/endpoint.h), and of the feed only ipc. */
#include "base/endpoint.h"

#include "settings/keys.h"

int settings_check_endpoint(const struct conf_node *node, bool feed, struct err *err)
{
    const char *text;
    struct err said = {0};
    struct shown shown;

    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    if (endpoint_check(text, &said) != 0)
        return conf_say(err, node, said.en, said.zh);
    if (feed && !endpoint_path(text))
        return conf_fault(err, node, "\"%s\": the feed is published on ipc:///path only: it knows no keys and no scopes",
                          "“%s”：实时提示只在 ipc:///路径 上发布：它不识密钥与范围", conf_shown(&shown, text));
    return 0;
}
