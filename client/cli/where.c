#include "where.h"

#include <errno.h>
#include <libconfig.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

static const char *const keys[] = {"server", "feed", "ledger", "server_key", "key_file", "outbox", "outbox_events", "outbox_kib"};

/* Of outbox_events and outbox_kib: a gibibyte of events is not typed by hand. */
enum { OUTBOX_MOST = 1024 * 1024 };

void user_config_deinit(struct user_config *config)
{
    free(config->server);
    free(config->feed);
    free(config->ledger);
    free(config->server_key);
    free(config->key_file);
    memset(config, 0, sizeof *config);
}

char *where_config_folder(void)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    struct buf path = {0};

    if (base && *base == '/')
        buf_addf(&path, "%s/muster", base);
    else if (home && *home)
        buf_addf(&path, "%s/.config/muster", home);
    else
        return NULL;
    buf_add_char(&path, '\0');
    return path.data;
}

char *where_state_folder(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct buf path = {0};

    if (state && *state == '/')
        buf_addf(&path, "%s/muster", state);
    else if (home && *home == '/')
        buf_addf(&path, "%s/.local/state/muster", home);
    else
        return NULL;
    buf_add_char(&path, '\0');
    return path.data;
}

void where_make_folders(const char *path)
{
    _cleanup_free_ char *part = mem_strdup(path);

    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0700);
        *slash = '/';
    }
    mkdir(part, 0700);
}

static char *in_config_folder(const char *name)
{
    _cleanup_free_ char *folder = where_config_folder();
    struct buf path = {0};

    if (!folder || name[0] == '/')
        return folder ? mem_strdup(name) : NULL;
    buf_addf(&path, "%s/%s", folder, name);
    buf_add_char(&path, '\0');
    return path.data;
}

static char *config_path(void)
{
    return in_config_folder("muster.conf");
}

static void prefer(char **place, const char *variable)
{
    const char *value = getenv(variable);

    if (!value || !*value)
        return;
    free(*place);
    *place = mem_strdup(value);
}

void where_keys(struct user_config *config)
{
    prefer(&config->server_key, "MUSTER_SERVER_KEY");
    prefer(&config->key_file, "MUSTER_KEY_FILE");
}

/* The texts; false where `name` is none of them. */
static bool take_text(struct user_config *out, const config_setting_t *setting, const char *path, struct err *err, int *result)
{
    char **places[] = {&out->server, &out->feed, &out->ledger, &out->server_key, &out->key_file};
    const char *text = config_setting_get_string(setting);

    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (strcmp(config_setting_name(setting), keys[i]) != 0)
            continue;
        if (!text) {
            *result = err_say(err, ERR_INVALID_VALUE, NULL, "%s:%d: \"%s\" must be a text", "%s:%d: “%s”必须是文本", path,
                              config_setting_source_line(setting), keys[i]);
            return true;
        }
        free(*places[i]);
        *places[i] = places[i] == &out->key_file ? in_config_folder(text) : mem_strdup(text);
        return true;
    }
    return false;
}

/* Those of the outbox. */
static bool take_outbox(struct user_config *out, const config_setting_t *setting, const char *path, struct err *err, int *result)
{
    const char *name = config_setting_name(setting);
    int64_t *place = strcmp(name, "outbox_events") == 0 ? &out->outbox_events : &out->outbox_kib;
    int type = config_setting_type(setting);

    if (strncmp(name, "outbox", 6) != 0)
        return false;
    if (strcmp(name, "outbox") == 0) {
        out->no_outbox = !config_setting_get_bool(setting);
        if (type != CONFIG_TYPE_BOOL)
            *result = err_say(err, ERR_INVALID_VALUE, NULL, "%s:%d: \"outbox\" must be true or false",
                              "%s:%d: “outbox”必须是 true 或 false", path, config_setting_source_line(setting));
        return true;
    }
    if (strcmp(name, "outbox_events") != 0 && strcmp(name, "outbox_kib") != 0)
        return false;
    *place = config_setting_get_int64(setting);
    if ((type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) || *place < 1 || *place > OUTBOX_MOST)
        *result = err_say(err, ERR_INVALID_VALUE, NULL, "%s:%d: \"%s\" must be a number from 1 to %d",
                          "%s:%d: “%s”必须是 1 至 %d 的整数", path, config_setting_source_line(setting), name, OUTBOX_MOST);
    return true;
}

static int take_setting(struct user_config *out, config_setting_t *setting, const char *path, struct err *err)
{
    const char *name = config_setting_name(setting);
    const char *near = text_nearest(name, keys, ARRAY_LEN(keys));
    int result = 0;

    if (take_text(out, setting, path, err, &result) || take_outbox(out, setting, path, err, &result))
        return result;
    err_say(err, ERR_INVALID_VALUE, NULL, "%s:%d: unknown setting \"%s\"", "%s:%d: 未知的设置“%s”", path,
            config_setting_source_line(setting), name);
    if (near)
        err_hint(err, near);
    return 1;
}

static int read_settings(struct user_config *out, config_t *config, const char *path, struct err *err)
{
    config_setting_t *root = config_root_setting(config);

    for (int i = 0; i < config_setting_length(root); i++)
        if (take_setting(out, config_setting_get_elem(root, (unsigned)i), path, err))
            return 1;
    return 0;
}

int user_config_read(struct user_config *out, struct err *err)
{
    _cleanup_free_ char *path = config_path();
    _cleanup_file_ FILE *file = path ? fopen(path, "re") : NULL;
    config_t config;
    int result;

    if (!file) {
        if (!path || errno == ENOENT || errno == ENOTDIR)
            return 0;
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s: %s", "%s: %s", path, strerror(errno));
    }
    config_init(&config);
    if (config_read(&config, file))
        result = read_settings(out, &config, path, err);
    else
        result = err_say(err, ERR_INVALID_VALUE, NULL, "%s:%d: %s", "%s:%d: %s", path,
                         config_error_line(&config), config_error_text(&config));
    config_destroy(&config);
    return result;
}

static char *text_of(struct buf *text)
{
    buf_add_char(text, '\0');
    return text->data;
}

/* A daemon of the user's own comes before the machine's. */
static char *default_server(void)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    struct buf own = {0}, machine = {0};

    buf_add_str(&machine, "/run/muster/musterd.sock");
    if (runtime && *runtime == '/')
        buf_addf(&own, "%s/muster/musterd.sock", runtime);
    if (own.len && (access(buf_str(&own), F_OK) == 0 || access(buf_str(&machine), F_OK) != 0)) {
        buf_deinit(&machine);
        return text_of(&own);
    }
    buf_deinit(&own);
    return text_of(&machine);
}

static char *endpoint(char *address)
{
    struct buf text = {0};

    if (strstr(address, "://"))
        return address;
    buf_addf(&text, "ipc://%s", address);
    free(address);
    return text_of(&text);
}

char *where_server(const char *option, const struct user_config *config)
{
    const char *environment = getenv("MUSTER_SERVER");

    if (option && *option)
        return endpoint(mem_strdup(option));
    if (environment && *environment)
        return endpoint(mem_strdup(environment));
    if (config->server && *config->server)
        return endpoint(mem_strdup(config->server));
    return endpoint(default_server());
}

char *where_feed(const char *option, const struct user_config *config, const char *server)
{
    const char *environment = getenv("MUSTER_FEED");
    const char *slash = strrchr(server, '/');
    struct buf beside = {0};

    if (option && *option)
        return endpoint(mem_strdup(option));
    if (environment && *environment)
        return endpoint(mem_strdup(environment));
    if (config->feed && *config->feed)
        return endpoint(mem_strdup(config->feed));
    if (strncmp(server, "ipc://", 6) != 0)
        return NULL;
    buf_addf(&beside, "%.*s/feed.sock", (int)(slash - server), server);
    return text_of(&beside);
}
