#include "pack/conf.h"

#include <math.h>
#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/text.h"

struct reading {
    struct arena *arena;
    const char *file;
    size_t nodes;
    struct err *err;
};

static struct conf_node *items_of(struct reading *r, struct conf_node *parent, size_t count)
{
    parent->count = count;
    parent->items = count ? arena_alloc(r->arena, count * sizeof *parent->items) : NULL;
    for (size_t i = 0; i < count; i++) {
        parent->items[i].file = parent->file;
        parent->items[i].line = parent->line;
        parent->items[i].index = i;
        parent->items[i].parent = parent;
    }
    return parent->items;
}

static int take_text(struct reading *r, struct conf_node *node, const char *s, size_t len)
{
    if (strlen(s) != len || !text_utf8_valid(s, len) || text_has_control(s, len))
        return conf_fault(r->err, node, "this text is not UTF-8 or has control characters",
                          "此处的文本不是 UTF-8 或者含有控制字符");
    node->text = arena_strndup(r->arena, s, len);
    return 0;
}

static int check_bounds(struct reading *r, const struct conf_node *node, size_t count, int depth)
{
    r->nodes += count;
    if (r->nodes > CONF_NODES_MAX)
        return conf_fault(r->err, node, "there are too many settings: at most %d",
                          "设置项过多：至多 %d 项", CONF_NODES_MAX);
    if (depth > CONF_DEPTH_MAX)
        return conf_fault(r->err, node, "this is nested too deep", "嵌套过深");
    return 0;
}

/* ---- libconfig ----------------------------------------------------------------------------- */

static int from_setting(struct reading *r, struct conf_node *node, const config_setting_t *s,
                        int depth);

static int from_settings(struct reading *r, struct conf_node *node, const config_setting_t *s,
                         int depth)
{
    size_t count = (size_t)config_setting_length(s);

    if (check_bounds(r, node, count, depth) != 0)
        return 1;
    items_of(r, node, count);
    for (size_t i = 0; i < count; i++)
        if (from_setting(r, &node->items[i], config_setting_get_elem(s, (unsigned)i), depth + 1))
            return 1;
    return 0;
}

static int from_setting(struct reading *r, struct conf_node *node, const config_setting_t *s,
                        int depth)
{
    const char *key = config_setting_name(s);

    node->line = (int)config_setting_source_line(s);
    node->key = key ? arena_strndup(r->arena, key, strlen(key)) : NULL;
    switch (config_setting_type(s)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        node->type = CONF_INT;
        node->number = config_setting_get_int64(s);
        return 0;
    case CONFIG_TYPE_FLOAT:
        node->type = CONF_REAL;
        node->real = config_setting_get_float(s);
        return 0;
    case CONFIG_TYPE_BOOL:
        node->type = CONF_BOOL;
        node->number = config_setting_get_bool(s);
        return 0;
    case CONFIG_TYPE_STRING:
        node->type = CONF_TEXT;
        return take_text(r, node, config_setting_get_string(s), strlen(config_setting_get_string(s)));
    case CONFIG_TYPE_GROUP:
        node->type = CONF_GROUP;
        return from_settings(r, node, s, depth);
    default:
        node->type = CONF_LIST;
        return from_settings(r, node, s, depth);
    }
}

static void cleanup_config(config_t *config)
{
    config_destroy(config);
}

static int syntax_mistake(const config_t *config, const char *name, struct err *err)
{
    const char *said = config_error_text(config) ? config_error_text(config) : "syntax error";
    struct conf_node at = {.file = name, .line = config_error_line(config)};

    if (strcmp(said, "duplicate setting name") == 0)
        return conf_say(err, &at, "this key is set a second time here",
                               "此处重复设置了同一个键");
    if (strcmp(said, "mismatched element type in array") == 0)
        return conf_say(err, &at, "the items of a list in [ ] must be of one type",
                               "[ ] 列表中的各项必须是同一类型");
    return conf_say(err, &at,
                           "syntax error (perhaps a \";\", \",\" or bracket is missing or one too "
                           "many, here or just before)",
                           "语法错误（可能此处或上一行缺少或多余分号、逗号、括号）");
}

int conf_read_text(struct conf_node **root_out, struct arena *arena, const char *text,
                   size_t len_bytes, const char *name, struct err *err)
{
    struct reading r = {.arena = arena, .err = err};
    struct conf_node *root;
    const char *copy;
    CLEANUP(cleanup_config) config_t config;

    config_init(&config);
    if (len_bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* some editors write one */
        text += 3;
        len_bytes -= 3;
    }
    if (conf_guard(text, len_bytes, name, err) != 0)
        return 1;
    copy = arena_strndup(arena, text, len_bytes);
    if (!config_read_string(&config, copy))
        return syntax_mistake(&config, name, err);
    r.file = arena_strndup(arena, name, strlen(name));
    root = arena_alloc(arena, sizeof *root);
    root->file = r.file;
    if (from_setting(&r, root, config_root_setting(&config), 0) != 0)
        return 1;
    root->line = 1;
    *root_out = root;
    return 0;
}

static int read_whole(struct buf *out, const char *path, struct err *err)
{
    _cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    ssize_t n;

    if (fd < 0 || fstat(fd, &st) < 0)
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s: cannot be read: %s", "%s：无法读取：%s",
                       path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s: not a regular file", "%s：不是普通文件",
                       path);
    do {
        buf_reserve(out, 64 * 1024);
        n = read(fd, out->data + out->len, 64 * 1024);
        if (n < 0 && errno != EINTR)
            return err_say(err, ERR_INVALID_VALUE, NULL, "%s: cannot be read: %s",
                           "%s：无法读取：%s", path, strerror(errno));
        out->len += n > 0 ? (size_t)n : 0;
        if (out->len > CONF_FILE_MAX_BYTES)
            return err_say(err, ERR_INVALID_VALUE, NULL, "%s: larger than %d bytes",
                           "%s：超过 %d 字节", path, CONF_FILE_MAX_BYTES);
    } while (n != 0);
    return 0;
}

int conf_read_file(struct conf_node **root_out, struct arena *arena, const char *path,
                   struct err *err)
{
    _cleanup_buf_ struct buf text = {0};

    if (read_whole(&text, path, err) != 0)
        return 1;
    return conf_read_text(root_out, arena, text.len ? text.data : "", text.len, path, err);
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static int from_json(struct reading *r, struct conf_node *node, const json_t *json, int depth);

static int from_array(struct reading *r, struct conf_node *node, const json_t *json, int depth)
{
    size_t count = json_array_size(json);

    node->type = CONF_LIST;
    if (check_bounds(r, node, count, depth) != 0)
        return 1;
    items_of(r, node, count);
    for (size_t i = 0; i < count; i++)
        if (from_json(r, &node->items[i], json_array_get(json, i), depth + 1) != 0)
            return 1;
    return 0;
}

static int from_object(struct reading *r, struct conf_node *node, const json_t *json, int depth)
{
    size_t count = json_object_size(json), i = 0;
    const char *key;
    json_t *value;

    node->type = CONF_GROUP;
    if (check_bounds(r, node, count, depth) != 0)
        return 1;
    items_of(r, node, count);
    json_object_foreach((json_t *)json, key, value) {
        node->items[i].key = arena_strndup(r->arena, key, strlen(key));
        if (from_json(r, &node->items[i++], value, depth + 1) != 0)
            return 1;
    }
    return 0;
}

static int from_json(struct reading *r, struct conf_node *node, const json_t *json, int depth)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return from_object(r, node, json, depth);
    case JSON_ARRAY:
        return from_array(r, node, json, depth);
    case JSON_STRING:
        node->type = CONF_TEXT;
        return take_text(r, node, json_string_value(json), json_string_length(json));
    case JSON_INTEGER:
        node->type = CONF_INT;
        node->number = json_integer_value(json);
        return 0;
    case JSON_REAL:
        node->type = CONF_REAL;
        node->real = json_real_value(json);
        return 0;
    case JSON_TRUE:
    case JSON_FALSE:
        node->type = CONF_BOOL;
        node->number = json_is_true(json);
        return 0;
    case JSON_NULL:
        break;
    }
    node->type = CONF_NULL;
    return 0;
}

int conf_read_json(struct conf_node **root_out, struct arena *arena, const json_t *root,
                   struct err *err)
{
    struct reading r = {.arena = arena, .err = err};
    struct conf_node *node = arena_alloc(arena, sizeof *node);

    if (from_json(&r, node, root, 0) != 0)
        return 1;
    *root_out = node;
    return 0;
}

json_t *conf_to_json(const struct conf_node *node)
{
    json_t *json = NULL;

    switch (node->type) {
    case CONF_INT:
        return json_integer(node->number);
    case CONF_REAL:
        return json_real(node->real);
    case CONF_BOOL:
        return json_boolean(node->number);
    case CONF_TEXT:
        return json_string(node->text);
    case CONF_NULL:
        return json_null();
    case CONF_LIST:
        json = json_array();
        for (size_t i = 0; i < node->count; i++)
            json_array_append_new(json, conf_to_json(&node->items[i]));
        break;
    case CONF_GROUP:
        json = json_object();
        for (size_t i = 0; i < node->count; i++)
            json_object_set_new(json, node->items[i].key, conf_to_json(&node->items[i]));
        break;
    }
    return json;
}
