#include "settings/settings.h"

#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/zone.h"
#include "settings/telling.h"

/* 1900-01-01: the oldest date of an event (ledger.md section 1). */
enum { OLDEST_DAY = -25567, MIB = 1024 * 1024 };

#define NUMBER(name, field, least, most, first)                                                    \
    {{name, true}, settings_read_number, offsetof(struct settings, field), least, most, first}

/* The same, where a reload cannot change it. */
#define FIXED(name, field, least, most, first)                                                     \
    {{name, false}, settings_read_number, offsetof(struct settings, field), least, most, first}

/* docs/configuration.md gives the reason of each bound. */
const struct key_spec key_specs[] = {
    {{"database", false}, settings_read_database, 0, 0, 0, 0},
    {{"timezone", false}, settings_read_timezone, 0, 0, 0, 0},
    {{"tracking_since", true}, settings_read_tracking_since, 0, OLDEST_DAY, 0, 0},
    {{"listen", false}, settings_read_listen, 0, 0, 0, 0},
    {{"feed", false}, settings_read_feed, 0, 0, 0, 0},
    {{"server_key", false}, settings_read_server_key, 0, 0, 0, 0},
    {{"users", true}, settings_read_users, 0, 0, 0, 0},
    NUMBER("key_requests_per_second", key_requests_per_second, 0, 1000000, 1000),
    {{"channels", true}, settings_read_channels, 0, 0, 0, 0},
    {{"notice_templates", true}, settings_read_notice_templates, 0, 0, 0, 0},
    {{"district", true}, settings_read_district, 0, 0, 0, 0},
    {{"weekend", true}, settings_read_weekend, 0, 0, 0, 0},
    {{"days_off", true}, settings_read_days_off, 0, 0, 0, 0},
    {{"workdays", true}, settings_read_workdays, 0, 0, 0, 0},
    {{"people", true}, settings_read_people, 0, 0, 0, 0},
    {{"routes", true}, settings_read_routes, 0, 0, 0, 0},
    {{"untold", true}, settings_read_untold, 0, 0, 0, 0},
    {{"administrator", true}, settings_read_administrator, 0, 0, 0, 0},
    NUMBER("notice_gather", telling.gather_s, 0, 3600, 60),
    NUMBER("notice_tries", telling.tries, 1, 100, 12),
    NUMBER("notice_keep", telling.keep_days, 0, 36500, 730),
    NUMBER("silence_of_reporters", telling.silence_days, 0, 366, 0),
    {{"metrics_file", true}, settings_read_metrics_file, 0, 0, 0, 0},
    {{"heartbeat_url_file", true}, settings_read_heartbeat, 0, 0, 0, 0},
    NUMBER("heartbeat_minutes", heartbeat_minutes, 1, 1440, 5),
    {{"rules", true}, settings_read_rules, 0, 0, 0, 0},
    {{"kinds", true}, settings_read_kinds, 0, 0, 0, 0},
    NUMBER("transfer_valid_days", transfer_valid_days, 1, 366, 90), /* ledger.md section 3 */
    NUMBER("settle", settle_s, 0, 3600, 60),                        /* rules.md section 4 */
    {{"log_level", true}, settings_read_log_level, 0, 0, 0, 0},
    NUMBER("history_ms", history_ms, 100, 600000, 60000),
    NUMBER("history_rows", history_rows, 1000, 100000000, 1000000),
    NUMBER("max_waiting_reads", max_waiting_reads, 1, 65536, 1024),
    NUMBER("max_waiting_history", max_waiting_history, 1, 1024, 32),
    NUMBER("max_waiting_bytes", max_waiting_bytes, 8 * MIB, 1024 * MIB, 64 * MIB),
    FIXED("max_connections", max_connections, 8, 65536, 4096),
    FIXED("max_request_bytes", max_request_bytes, 64 * 1024, 4 * MIB, 4 * MIB),
};
const size_t key_count = ARRAY_LEN(key_specs);

size_t settings_keys(const struct settings_key **keys_out)
{
    static struct settings_key keys[ARRAY_LEN(key_specs)];

    for (size_t i = 0; i < key_count; i++)
        keys[i] = key_specs[i].key;
    *keys_out = keys;
    return key_count;
}

static void free_list(const char **list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free((char *)list[i]);
    free(list);
}

void settings_free(struct settings *s)
{
    if (!s)
        return;
    free(s->file);
    free(s->database);
    free_list(s->listen, s->listen_count);
    free_list(s->feed, s->feed_count);
    free(s->server_key);
    settings_free_users(s);
    settings_free_channels(s);
    free(s->notice_templates);
    settings_free_telling(&s->telling);
    free(s->metrics_file);
    secret_free(s->heartbeat_url);
    free(s->rules);
    free(s->timezone);
    free_list(s->kinds, s->kind_count);
    pack_free(s->pack);
    free(s);
}

static struct settings *new_settings(const char *file)
{
    struct settings *s = mem_zero(sizeof *s);

    s->file = file ? mem_strdup(file) : NULL;
    s->tracking_since = DAY_NONE;
    s->telling.administrator = PERSON_NONE;
    s->telling.district = mem_strdup("");
    s->log_level = LOG_LEVEL_INFO;
    for (size_t i = 0; i < key_count; i++)
        if (key_specs[i].read == settings_read_number)
            *(int64_t *)((char *)s + key_specs[i].offset) = key_specs[i].initially;
    return s;
}

static int read_keys(struct settings *s, const struct conf_node *root, struct err *err)
{
    const char *names[ARRAY_LEN(key_specs)];

    for (size_t i = 0; i < key_count; i++)
        names[i] = key_specs[i].key.name;
    if (conf_check_keys(root, names, key_count, err) != 0)
        return 1;
    for (size_t i = 0; i < key_count; i++) {
        const struct conf_node *node = conf_find(root, names[i]);

        if (node && key_specs[i].read(s, node, &key_specs[i], err) != 0)
            return 1;
    }
    if (!conf_find(root, "tracking_since"))
        return conf_fault(err, root,
                          "tracking_since is not set: the date from which the rules apply",
                          "未设置 tracking_since：规则从哪一天起适用");
    return 0;
}

static int read_pack(struct settings *s, struct err *err)
{
    struct kinds kinds;
    int failed;

    kinds_init(&kinds);
    for (size_t i = 0; i < s->kind_count; i++)
        (void)kinds_add(&kinds, s->kinds[i], -1); /* there is room for as many as a list may have */
    failed = pack_read_file(&s->pack, s->rules, &kinds, err);
    kinds_deinit(&kinds);
    return failed;
}

/* What was not set, and what can only be checked with all of it. */
static int complete(struct settings *s, struct err *err)
{
    if (!s->timezone) {
        s->timezone = mem_strdup("Asia/Shanghai"); /* ledger.md section 1 */
        if (zone_check(s->timezone, err) != 0)
            return 1;
    }
    for (size_t i = 0; i < s->feed_count; i++)
        for (size_t k = 0; k < s->listen_count; k++)
            if (strcmp(s->feed[i], s->listen[k]) == 0)
                return err_say(err, ERR_INVALID_VALUE, "feed",
                               "%s: listen and feed name the same endpoint %s",
                               "%s：listen 与 feed 使用了同一端点 %s", s->file, s->feed[i]);
    if (settings_default_places(s, err) != 0)
        return 1;
    if (read_pack(s, err) != 0)
        return 1;
    return settings_check_routes(s, err);
}

static int from_tree(struct settings **out, struct settings **s, const struct conf_node *root,
                     struct err *err)
{
    if ((root && read_keys(*s, root, err) != 0) || complete(*s, err) != 0)
        return 1;
    *out = TAKE(*s);
    return 0;
}

int settings_load(struct settings **out, const char *path, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    _cleanup_settings_ struct settings *s = new_settings(path);
    struct conf_node *root = NULL;

    if (path && conf_read_file(&root, &arena, path, err) != 0)
        return 1;
    return from_tree(out, &s, root, err);
}

int settings_load_text(struct settings **out, const char *text, size_t len_bytes, const char *name,
                       struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    _cleanup_settings_ struct settings *s = new_settings(name);
    struct conf_node *root;

    if (conf_read_text(&root, &arena, text, len_bytes, name, err) != 0)
        return 1;
    return from_tree(out, &s, root, err);
}

/* ---- reload --------------------------------------------------------------------------------- */

static bool same_list(const char **a, size_t a_count, const char **b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

int settings_reloadable(const struct settings *now, const struct settings *next, struct err *err)
{
    const char *changed = NULL;

    if (strcmp(now->database, next->database) != 0)
        changed = "database";
    else if (strcmp(now->timezone, next->timezone) != 0)
        changed = "timezone";
    else if (!same_list(now->listen, now->listen_count, next->listen, next->listen_count))
        changed = "listen";
    else if (strcmp(now->server_key, next->server_key) != 0)
        changed = "server_key";
    else if (!same_list(now->feed, now->feed_count, next->feed, next->feed_count))
        changed = "feed";
    else if (now->max_connections != next->max_connections)
        changed = "max_connections";
    else if (now->max_request_bytes != next->max_request_bytes)
        changed = "max_request_bytes";
    if (!changed)
        return 0;
    return err_say(err, ERR_INVALID_VALUE, changed,
                   "a reload cannot change %s: restart the daemon for that",
                   "重新加载不能更改 %s：请重启守护进程", changed);
}
