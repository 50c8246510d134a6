/* Where things are when the configuration does not say: the state directory, the runtime directory,
 * the installed rule pack. systemd tells its own ($STATE_DIRECTORY, $RUNTIME_DIRECTORY). */
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "settings/keys.h"

/* The first of a list of folders with ':', if it is absolute. */
static char *first_folder(const char *variable)
{
    const char *value = getenv(variable);

    return value && value[0] == '/' ? mem_strndup(value, strcspn(value, ":")) : NULL;
}

static char *joined(const char *folder, const char *rest)
{
    struct buf path = {0};

    buf_addf(&path, "%s%s", folder, rest);
    buf_str(&path);
    return path.data;
}

static char *home(void)
{
    const struct passwd *user;
    char *home = first_folder("HOME");

    if (home)
        return home;
    user = getpwuid(getuid());
    return user && user->pw_dir ? mem_strdup(user->pw_dir) : NULL;
}

static char *state_folder(void)
{
    _cleanup_free_ char *told = first_folder("STATE_DIRECTORY");
    _cleanup_free_ char *xdg = first_folder("XDG_STATE_HOME");
    _cleanup_free_ char *own = NULL;

    if (told)
        return TAKE(told);
    if (getuid() == 0)
        return mem_strdup("/var/lib/muster");
    if (xdg)
        return joined(xdg, "/muster");
    own = home();
    return own ? joined(own, "/.local/state/muster") : NULL;
}

static char *runtime_folder(void)
{
    _cleanup_free_ char *told = first_folder("RUNTIME_DIRECTORY");
    _cleanup_free_ char *xdg = first_folder("XDG_RUNTIME_DIR");

    if (told)
        return TAKE(told);
    if (getuid() == 0)
        return mem_strdup("/run/muster");
    return xdg ? joined(xdg, "/muster") : NULL;
}

static int default_endpoint(const char ***list_out, size_t *count_out, const char *name,
                            struct err *err)
{
    _cleanup_free_ char *folder = runtime_folder();
    _cleanup_free_ char *path = folder ? joined(folder, name) : NULL;
    _cleanup_free_ char *endpoint = path ? joined("ipc://", path) : NULL;
    struct conf_node node = {.type = CONF_TEXT, .key = "listen", .text = endpoint};

    if (!endpoint)
        return err_say(err, ERR_INVALID_VALUE, "listen",
                       "there is no runtime directory (XDG_RUNTIME_DIR is not set): name the socket "
                       "in a configuration file, by the key listen",
                       "没有运行时目录（未设置 XDG_RUNTIME_DIR）：请在配置文件中用 listen 指明套接字");
    if (settings_check_endpoint(&node, false, err) != 0)
        return 1;
    *list_out = mem_zero(sizeof **list_out);
    **list_out = TAKE(endpoint);
    *count_out = 1;
    return 0;
}

/* Installed data beside the program: in an installation that was moved, and where it was built. */
static char *data_beside(const char *name)
{
    _cleanup_free_ char *folder = NULL;
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program);

    while (len > 0 && len < (ssize_t)sizeof program && program[len - 1] != '/')
        len--;
    if (len <= 0 || len == (ssize_t)sizeof program)
        return NULL;
    program[len] = '\0';
    folder = joined(program, "../share/muster");
    return joined(folder, name);
}

/* $MUSTER_DATADIR stands for the installed data. */
static char *default_data(const char *name)
{
    _cleanup_free_ char *told = first_folder("MUSTER_DATADIR");
    _cleanup_free_ char *data = joined(told ? told : MUSTER_DATADIR, name);
    _cleanup_free_ char *beside = told || access(data, R_OK) == 0 ? NULL : data_beside(name);

    return beside && access(beside, R_OK) == 0 ? TAKE(beside) : TAKE(data);
}

/* In the folder of a file. */
static char *beside(const char *file, const char *name)
{
    const char *slash = strrchr(file, '/');
    _cleanup_free_ char *folder = slash ? mem_strndup(file, (size_t)(slash - file) + 1) : mem_strdup("");

    return joined(folder, name);
}

int settings_default_places(struct settings *s, struct err *err)
{
    if (!s->database) {
        _cleanup_free_ char *folder = state_folder();

        if (!folder)
            return err_say(err, ERR_INVALID_VALUE, "database",
                           "there is no state directory (HOME is not set): name the database in a "
                           "configuration file",
                           "没有状态目录（未设置 HOME）：请在配置文件中指明 database");
        s->database = joined(folder, "/ledger.db");
    }
    if (!s->server_key)
        s->server_key = beside(s->database, "server.key");
    if (!s->rules)
        s->rules = default_data("/rules/two-new.cfg");
    if (!s->notice_templates)
        s->notice_templates = default_data("/templates/notices");
    if (!s->listen && default_endpoint(&s->listen, &s->listen_count, "/musterd.sock", err) != 0)
        return 1;
    if (!s->feed && default_endpoint(&s->feed, &s->feed_count, "/feed.sock", err) != 0)
        return 1;
    return 0;
}

char *settings_path(const struct settings *s, const char *path)
{
    const char *slash = s->file ? strrchr(s->file, '/') : NULL;
    _cleanup_free_ char *folder = NULL;

    if (path[0] == '/' || !slash)
        return mem_strdup(path);
    folder = mem_strndup(s->file, (size_t)(slash - s->file) + 1);
    return joined(folder, path);
}
