/* How channels are read: what each kind needs and allows, with the place of every mistake. */
#include "settings/channels.h"

#include <curl/curl.h>
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "settings/keys.h"

enum {
    CHANNELS_MAX = 32,     /* each has a thread of its own */
    NAME_MAX_BYTES = 32,
    ADDRESS_MAX_BYTES = 254, /* RFC 5321: a path has 256, two of them brackets */
    LOCAL_MAX_BYTES = 64,
    HOST_MAX_BYTES = 253,
    SECRET_MAX_BYTES = 1024,
    URL_MAX_BYTES = 2000,
    ARGUMENTS_MAX = 32,
    TEXT_MAX_BYTES = 200,
    TIMEOUT_S = 30,
};

static const char *const kinds[] = {"smtp", "webhook", "wecom", "dingtalk", "feishu", "command"}; /* as enum channel_kind */
static const char *const securities[] = {"starttls", "tls", "none"};                          /* as enum channel_security */
static const int64_t ports[] = {587, 465, 25};                                                    /* of each */

#define COMMON "name", "kind", "timeout", "names"
static const char *const mail_keys[] = {COMMON, "host", "port", "security", "from", "from_name", "user", "password_file",
                                        "ca_file"};
static const char *const webhook_keys[] = {COMMON, "url", "url_file", "secret_file", "ca_file"};
static const char *const robot_keys[] = {COMMON, "url_file", "secret_file", "ca_file"};
static const char *const wecom_keys[] = {COMMON, "url_file", "ca_file"};
static const char *const command_keys[] = {COMMON, "command"};

/* ---- addresses ------------------------------------------------------------------------------ */

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define LETTERS LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS

/* Words of such characters with single dots between them. */
static bool is_dotted(const char *text, size_t len, const char *characters)
{
    bool word = false;

    for (size_t i = 0; i < len; i++) {
        if (text[i] != '.' && !strchr(characters, text[i]))
            return false;
        if (text[i] == '.' && !word)
            return false;
        word = text[i] != '.';
    }
    return word;
}

static bool is_host(const char *text)
{
    size_t len = strlen(text);

    return len <= HOST_MAX_BYTES && is_dotted(text, len, LETTERS "-") && text[0] != '-';
}

/* RFC 5322's dot-atom before the sign; quoted forms are of no use to anybody here. */
static bool is_mail_address(const char *text)
{
    const char *at = strchr(text, '@');

    return at && strlen(text) <= ADDRESS_MAX_BYTES && at - text <= LOCAL_MAX_BYTES &&
           is_dotted(text, (size_t)(at - text), LETTERS "!#$%&'*+-/=?^_`{|}~") && is_host(at + 1);
}

bool settings_channel_takes(const struct settings_channel *channel, const char *address)
{
    size_t len = strlen(address);

    if (channel->kind == CHANNEL_SMTP)
        return is_mail_address(address);
    return (len > 0 || channel->kind != CHANNEL_COMMAND) && len <= ADDRESS_MAX_BYTES && text_utf8_valid(address, len) &&
           !text_has_control(address, len) && !strpbrk(address, "\n\t");
}

static bool is_this_machine(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0 ||
           strcmp(host, "::1") == 0;
}

/* ---- values --------------------------------------------------------------------------------- */

static int read_text(char **out, const struct conf_node *group, const char *key, size_t max_bytes, struct err *err)
{
    const struct conf_node *node = conf_find(group, key);
    const char *text;

    if (!node)
        return 0;
    if (conf_text(&text, node, 1, max_bytes, err) != 0)
        return 1;
    *out = mem_strdup(text);
    return 0;
}

static int read_needed(char **out, const struct conf_node *group, const char *key, size_t max_bytes, struct err *err)
{
    if (!conf_find(group, key))
        return conf_fault(err, group, "a channel of this kind needs %s", "这种通道必须设置 %s", key);
    return read_text(out, group, key, max_bytes, err);
}

static int read_secret(char **out, struct settings *s, const struct conf_node *group, const char *key, size_t max_bytes,
                       struct err *err)
{
    const struct conf_node *node = conf_find(group, key);
    _cleanup_free_ char *path = NULL;
    struct err why = {0};
    const char *text;

    if (!node)
        return 0;
    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    path = settings_path(s, text);
    if (secret_read(out, path, max_bytes, &why) != 0)
        return conf_say(err, node, why.en, why.zh);
    return 0;
}

static int read_ca_file(struct settings_channel *c, struct settings *s, const struct conf_node *group, struct err *err)
{
    const struct conf_node *node = conf_find(group, "ca_file");
    struct shown shown;
    const char *text;

    if (!node)
        return 0;
    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    c->ca_file = settings_path(s, text);
    if (access(c->ca_file, R_OK) != 0)
        return conf_fault(err, node, "ca_file \"%s\" cannot be read", "ca_file “%s”无法读取", conf_shown(&shown, text));
    return 0;
}

/* ---- mail ------------------------------------------------------------------------------------- */

static int read_security(struct settings_channel *c, const struct conf_node *group, struct err *err)
{
    const struct conf_node *security = conf_find(group, "security"), *port = conf_find(group, "port");
    int word = CHANNEL_STARTTLS;

    if (security && conf_word(&word, security, securities, ARRAY_LEN(securities), err) != 0)
        return 1;
    c->security = (enum channel_security)word;
    c->port = ports[word];
    if (port && conf_int(&c->port, port, 1, 65535, err) != 0)
        return 1;
    if (c->security == CHANNEL_PLAIN && !is_this_machine(c->host))
        return conf_fault(err, security, "mail holds names and must not go over a network unencrypted: security = \"none\" "
                                         "is for a server on this machine (localhost)",
                          "邮件含有人名，不得在网络上明文传送：security = \"none\" 只可用于本机（localhost）的服务器");
    return 0;
}

static int read_login(struct settings_channel *c, struct settings *s, const struct conf_node *group, struct err *err)
{
    if (read_text(&c->user, group, "user", TEXT_MAX_BYTES, err) != 0 ||
        read_secret(&c->password, s, group, "password_file", SECRET_MAX_BYTES, err) != 0)
        return 1;
    if (!c->user != !c->password)
        return conf_fault(err, group, "user and password_file belong together", "user 与 password_file 须一并设置");
    return 0;
}

static int read_mail(struct settings_channel *c, struct settings *s, const struct conf_node *group, struct err *err)
{
    if (conf_check_keys(group, mail_keys, ARRAY_LEN(mail_keys), err) != 0 ||
        read_needed(&c->host, group, "host", HOST_MAX_BYTES, err) != 0 ||
        read_needed(&c->from, group, "from", ADDRESS_MAX_BYTES, err) != 0 ||
        read_text(&c->from_name, group, "from_name", TEXT_MAX_BYTES, err) != 0)
        return 1;
    if (!is_host(c->host) && strcmp(c->host, "[::1]") != 0)
        return conf_fault(err, conf_find(group, "host"), "\"%s\" is no name of a host", "“%s”不是主机名", c->host);
    if (!is_mail_address(c->from))
        return conf_fault(err, conf_find(group, "from"), "\"%s\" is no mail address (name@host)", "“%s”不是邮件地址", c->from);
    if (read_security(c, group, err) != 0)
        return 1;
    return read_login(c, s, group, err);
}

/* ---- webhooks --------------------------------------------------------------------------------- */

/* The address itself is not shown: it may hold a token. */
static int check_url(const char *url, const struct conf_node *node, struct err *err)
{
    CURLU *parts = curl_url();
    char *scheme = NULL, *host = NULL;
    int failed = 0;

    if (!parts || curl_url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        failed = conf_fault(err, node, "this is no address of the web (https://...)", "这不是网址（https://…）");
    else if (strcmp(scheme, "https") != 0 && !(strcmp(scheme, "http") == 0 && is_this_machine(host)))
        failed = conf_fault(err, node, "the address must begin with https:// (http:// is for this machine alone)",
                            "网址须以 https:// 开头（http:// 只可用于本机）");
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parts);
    return failed;
}

static int say_needs_url(const struct settings_channel *c, const struct conf_node *node, struct err *err)
{
    if (c->kind == CHANNEL_WEBHOOK)
        return conf_fault(err, node, "a webhook needs url, or url_file where the address is a secret",
                          "webhook 必须设置 url；地址须保密时用 url_file");
    return conf_fault(err, node, "a robot needs url_file: its address is its key", "机器人必须设置 url_file：其地址就是密钥");
}

static int read_url(struct settings_channel *c, struct settings *s, const struct conf_node *group, struct err *err)
{
    const struct conf_node *plain = conf_find(group, "url"), *file = conf_find(group, "url_file");

    if (plain && file)
        return conf_fault(err, file, "url and url_file exclude each other", "url 与 url_file 只能设置一个");
    if (!plain && !file)
        return say_needs_url(c, group, err);
    if (read_text(&c->url, group, "url", URL_MAX_BYTES, err) != 0 ||
        read_secret(&c->url, s, group, "url_file", URL_MAX_BYTES, err) != 0)
        return 1;
    return check_url(c->url, plain ? plain : file, err);
}

static int read_web(struct settings_channel *c, struct settings *s, const struct conf_node *group, struct err *err)
{
    const char *const *names = c->kind == CHANNEL_WEBHOOK ? webhook_keys : c->kind == CHANNEL_WECOM ? wecom_keys : robot_keys;
    size_t n = c->kind == CHANNEL_WEBHOOK ? ARRAY_LEN(webhook_keys)
               : c->kind == CHANNEL_WECOM ? ARRAY_LEN(wecom_keys)
                                          : ARRAY_LEN(robot_keys);

    if (c->kind != CHANNEL_WEBHOOK && conf_find(group, "url"))
        return say_needs_url(c, conf_find(group, "url"), err);
    if (conf_check_keys(group, names, n, err) != 0 || read_url(c, s, group, err) != 0)
        return 1;
    return read_secret(&c->secret, s, group, "secret_file", SECRET_MAX_BYTES, err);
}

int settings_read_heartbeat(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    _cleanup_free_ char *path = NULL;
    struct err why = {0};
    const char *text;

    (void)spec;
    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    path = settings_path(s, text);
    if (secret_read(&s->heartbeat_url, path, URL_MAX_BYTES, &why) != 0)
        return conf_say(err, node, why.en, why.zh);
    return check_url(s->heartbeat_url, node, err);
}

/* ---- command ---------------------------------------------------------------------------------- */

static int read_command(struct settings_channel *c, const struct conf_node *group, struct err *err)
{
    const struct conf_node *node = conf_find(group, "command");

    if (conf_check_keys(group, command_keys, ARRAY_LEN(command_keys), err) != 0)
        return 1;
    if (!node)
        return conf_fault(err, group, "a channel of this kind needs command: [ \"/path/of/program\", \"argument\" ]",
                          "这种通道必须设置 command：[ \"/程序路径\", \"参数\" ]");
    if (conf_list(node, 1, ARGUMENTS_MAX, err) != 0)
        return 1;
    c->argv = mem_zero((node->count + 1) * sizeof *c->argv);
    for (size_t i = 0; i < node->count; i++) {
        const char *text;

        if (conf_text(&text, &node->items[i], i == 0, PATH_MAX_BYTES, err) != 0)
            return 1;
        c->argv[i] = mem_strdup(text);
    }
    if (c->argv[0][0] != '/' || access(c->argv[0], X_OK) != 0) {
        struct shown shown;

        return conf_fault(err, &node->items[0], "\"%s\" is no program by its absolute path", "“%s”不是以绝对路径指明的程序",
                          conf_shown(&shown, c->argv[0]));
    }
    return 0;
}

/* ---- all -------------------------------------------------------------------------------------- */

static int check_name(const struct settings *s, const struct conf_node *node, const char *name, struct err *err)
{
    if (name[strspn(name, LOWER DIGITS "-_")] != '\0')
        return conf_fault(err, node, "a channel's name has letters a-z, digits, - and _ only", "通道名只能含 a-z、数字、- 和 _");
    if (strcmp(name, "feed") == 0 || strcmp(name, "log") == 0)
        return conf_fault(err, node, "\"%s\" is built in: choose another name", "“%s”为内置通道：请另取名称", name);
    if (settings_channel_find(s, name))
        return conf_fault(err, node, "\"%s\" is named twice", "“%s”重复", name);
    return 0;
}

static int read_of_kind(struct settings_channel *c, struct settings *s, const struct conf_node *group, struct err *err)
{
    switch (c->kind) {
    case CHANNEL_SMTP:
        return read_mail(c, s, group, err) != 0 || read_ca_file(c, s, group, err) != 0;
    case CHANNEL_WEBHOOK:
    case CHANNEL_WECOM:
    case CHANNEL_DINGTALK:
    case CHANNEL_FEISHU:
        return read_web(c, s, group, err) != 0 || read_ca_file(c, s, group, err) != 0;
    case CHANNEL_COMMAND:
        return read_command(c, group, err);
    }
    return 1;
}

static int read_channel(struct settings *s, const struct conf_node *group, struct err *err)
{
    struct settings_channel *c = &s->channels[s->channel_count];
    const struct conf_node *kind, *timeout, *names;
    const char *name;
    int word;

    if (conf_group(group, err) != 0)
        return 1;
    kind = conf_find(group, "kind");
    if (!conf_find(group, "name") || !kind)
        return conf_fault(err, group, "a channel needs a name and a kind", "通道必须有 name 和 kind");
    if (conf_text(&name, conf_find(group, "name"), 1, NAME_MAX_BYTES, err) != 0 ||
        check_name(s, conf_find(group, "name"), name, err) != 0 || conf_word(&word, kind, kinds, ARRAY_LEN(kinds), err) != 0)
        return 1;
    *c = (struct settings_channel){.name = mem_strdup(name), .kind = (enum channel_kind)word, .line = group->line};
    s->channel_count++; /* from here on it is freed with the others */
    c->timeout_s = TIMEOUT_S;
    c->names = settings_channel_is_personal(c);
    timeout = conf_find(group, "timeout");
    names = conf_find(group, "names");
    if ((timeout && conf_int(&c->timeout_s, timeout, 1, 600, err) != 0) || (names && conf_bool(&c->names, names, err) != 0))
        return 1;
    return read_of_kind(c, s, group, err);
}

int settings_read_channels(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    (void)spec;
    if (conf_list(node, 0, CHANNELS_MAX, err) != 0)
        return 1;
    s->channels = mem_zero((node->count + 1) * sizeof *s->channels);
    for (size_t i = 0; i < node->count; i++)
        if (read_channel(s, &node->items[i], err) != 0)
            return 1;
    return 0;
}

const struct settings_channel *settings_channel_find(const struct settings *s, const char *name)
{
    for (size_t i = 0; i < s->channel_count; i++)
        if (strcmp(s->channels[i].name, name) == 0)
            return &s->channels[i];
    return NULL;
}

void settings_free_channels(struct settings *s)
{
    for (size_t i = 0; i < s->channel_count; i++) {
        struct settings_channel *c = &s->channels[i];

        free(c->name);
        free(c->host);
        free(c->from);
        free(c->from_name);
        free(c->user);
        secret_free(c->password);
        secret_free(c->url);
        secret_free(c->secret);
        free(c->ca_file);
        for (char **argument = c->argv; argument && *argument; argument++)
            free(*argument);
        free(c->argv);
    }
    free(s->channels);
}
