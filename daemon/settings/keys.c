/* How each key is read. A reader is called once for a key that is set. */
#include "settings/keys.h"

#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/zone.h"

int settings_read_number(struct settings *s, const struct conf_node *node,
                         const struct key_spec *spec, struct err *err)
{
    return conf_int((int64_t *)((char *)s + spec->offset), node, spec->min, spec->max, err);
}

/* ---- files -------------------------------------------------------------------------------- */

int settings_read_database(struct settings *s, const struct conf_node *node,
                           const struct key_spec *spec, struct err *err)
{
    struct shown shown;
    struct stat st;
    const char *text;

    (void)spec;
    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    s->database = settings_path(s, text);
    if (text[strlen(text) - 1] == '/' || (stat(s->database, &st) == 0 && !S_ISREG(st.st_mode)))
        return conf_fault(err, node, "database \"%s\" is no regular file",
                          "database “%s”不是普通文件", conf_shown(&shown, text));
    return 0;
}

int settings_read_rules(struct settings *s, const struct conf_node *node,
                        const struct key_spec *spec, struct err *err)
{
    struct shown shown;
    struct stat st;
    const char *text;

    (void)spec;
    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    s->rules = settings_path(s, text);
    if (stat(s->rules, &st) != 0 || !S_ISREG(st.st_mode))
        return conf_fault(err, node, "rules \"%s\": there is no such file",
                          "rules “%s”：没有这个文件", conf_shown(&shown, text));
    return 0;
}

int settings_read_notice_templates(struct settings *s, const struct conf_node *node, const struct key_spec *spec,
                                   struct err *err)
{
    struct shown shown;
    struct stat st;
    const char *text;

    (void)spec;
    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    s->notice_templates = settings_path(s, text);
    if (stat(s->notice_templates, &st) != 0 || !S_ISDIR(st.st_mode))
        return conf_fault(err, node, "notice_templates \"%s\": there is no such folder",
                          "notice_templates “%s”：没有这个文件夹", conf_shown(&shown, text));
    return 0;
}

/* It need not be there yet; its folder must. */
int settings_read_metrics_file(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    _cleanup_free_ char *folder = NULL;
    struct shown shown;
    const char *text, *slash;
    struct stat st;

    (void)spec;
    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    s->metrics_file = settings_path(s, text);
    slash = strrchr(s->metrics_file, '/');
    folder = slash ? mem_strndup(s->metrics_file, (size_t)(slash - s->metrics_file) + 1) : mem_strdup(".");
    if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
        return conf_fault(err, node, "metrics_file \"%s\": there is no such folder", "metrics_file “%s”：没有这个文件夹",
                          conf_shown(&shown, text));
    return 0;
}

int settings_read_server_key(struct settings *s, const struct conf_node *node, const struct key_spec *spec,
                             struct err *err)
{
    const char *text;

    (void)spec;
    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    s->server_key = settings_path(s, text);
    return 0;
}

/* ---- endpoints ------------------------------------------------------------------------------ */

static bool named_before(const char **list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

static int add_endpoint(const char **list, size_t *count, const struct conf_node *node, bool feed,
                        struct err *err)
{
    struct shown shown;

    if (settings_check_endpoint(node, feed, err) != 0)
        return 1;
    if (named_before(list, *count, node->text))
        return conf_fault(err, node, "\"%s\" is named twice", "“%s”重复",
                          conf_shown(&shown, node->text));
    list[(*count)++] = mem_strdup(node->text);
    return 0;
}

/* A text stands for a list of one. */
static int read_endpoints(const char ***list_out, size_t *count_out, const struct conf_node *node,
                          bool feed, struct err *err)
{
    *list_out = mem_zero(ENDPOINTS_MAX * sizeof **list_out);
    if (node->type == CONF_TEXT)
        return add_endpoint(*list_out, count_out, node, feed, err);
    if (conf_list(node, feed ? 0 : 1, ENDPOINTS_MAX, err) != 0)
        return 1;
    for (size_t i = 0; i < node->count; i++)
        if (add_endpoint(*list_out, count_out, &node->items[i], feed, err) != 0)
            return 1;
    return 0;
}

int settings_read_listen(struct settings *s, const struct conf_node *node,
                         const struct key_spec *spec, struct err *err)
{
    (void)spec;
    return read_endpoints(&s->listen, &s->listen_count, node, false, err);
}

int settings_read_feed(struct settings *s, const struct conf_node *node,
                       const struct key_spec *spec, struct err *err)
{
    (void)spec;
    return read_endpoints(&s->feed, &s->feed_count, node, true, err);
}

/* ---- time ----------------------------------------------------------------------------------- */

int settings_read_timezone(struct settings *s, const struct conf_node *node,
                           const struct key_spec *spec, struct err *err)
{
    struct err why = {0};
    const char *text;

    (void)spec;
    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    if (zone_check(text, &why) != 0)
        return conf_say(err, node, why.en, why.zh);
    s->timezone = mem_strdup(text);
    return 0;
}

int settings_read_tracking_since(struct settings *s, const struct conf_node *node,
                                 const struct key_spec *spec, struct err *err)
{
    struct shown shown;
    const char *text;
    day_t day;

    if (conf_text(&text, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    if (!day_parse(&day, text, strlen(text)))
        return conf_fault(err, node, "tracking_since \"%s\" is no date, such as \"2022-01-01\"",
                          "tracking_since “%s”不是日期，例如 \"2022-01-01\"",
                          conf_shown(&shown, text));
    if (day < spec->min)
        return conf_fault(err, node, "tracking_since is before 1900-01-01: no event can be that old",
                          "tracking_since 早于 1900-01-01：不会有这样早的事件");
    s->tracking_since = day;
    return 0;
}

/* ---- words ---------------------------------------------------------------------------------- */

int settings_read_log_level(struct settings *s, const struct conf_node *node,
                            const struct key_spec *spec, struct err *err)
{
    static const char *const words[] = {"error", "warning", "notice", "info", "debug"};
    int word;

    (void)spec;
    if (conf_word(&word, node, words, ARRAY_LEN(words), err) != 0)
        return 1;
    if (!log_level_parse(&s->log_level, words[word]))
        abort(); /* the words above are the log's */
    return 0;
}

static int check_kind(const struct settings *s, const struct conf_node *node, struct err *err)
{
    struct kinds standard;
    struct shown shown;
    const char *name;

    if (conf_text(&name, node, 1, PATH_MAX_BYTES, err) != 0)
        return 1;
    conf_shown(&shown, name);
    if (text_ref_check(name, strlen(name)) != REF_OK)
        return conf_fault(err, node,
                          "\"%s\" cannot be a meeting kind: 1 to 64 bytes of letters, digits, -, _ "
                          "and .",
                          "“%s”不能作为会议类型：应为 1 至 64 字节的字母、数字、-、_、.", shown.text);
    kinds_init(&standard);
    if (kinds_find(&standard, name, strlen(name)) >= 0 || strcmp(name, "any") == 0)
        return conf_fault(err, node, "\"%s\" is a kind already, and always there",
                          "“%s”已是固有类型", shown.text);
    if (named_before(s->kinds, s->kind_count, name))
        return conf_fault(err, node, "\"%s\" is named twice", "“%s”重复", shown.text);
    return 0;
}

int settings_read_kinds(struct settings *s, const struct conf_node *node,
                        const struct key_spec *spec, struct err *err)
{
    (void)spec;
    if (conf_list(node, 0, KIND_MAX - KIND_CUSTOM + 1, err) != 0)
        return 1;
    s->kinds = mem_zero(node->count * sizeof *s->kinds);
    for (size_t i = 0; i < node->count; i++) {
        if (check_kind(s, &node->items[i], err) != 0)
            return 1;
        s->kinds[s->kind_count++] = mem_strdup(node->items[i].text);
    }
    return 0;
}
