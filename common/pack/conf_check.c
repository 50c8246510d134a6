/* Typed reads of a tree, and the sentences about what is wrong with it. */
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "pack/conf.h"

enum { PLACE_MAX = 200, LISTED_MAX = 12 };

/* ---- places -------------------------------------------------------------------------------- */

/* A long path keeps its end, where the file's name is. */
static void add_file(struct buf *out, const char *file)
{
    size_t len = strlen(file);

    if (len > PLACE_MAX) {
        file += len - PLACE_MAX;
        while (((unsigned char)*file & 0xC0) == 0x80)
            file++;
        buf_add_str(out, "...");
    }
    buf_add_str(out, file);
}

static void add_json_path(struct buf *out, const struct conf_node *node)
{
    struct shown key;

    if (node->parent)
        add_json_path(out, node->parent);
    if (node->key)
        buf_addf(out, "%s%s", out->len ? "." : "", conf_shown(&key, node->key));
    else if (node->parent)
        buf_addf(out, "[%zu]", node->index);
}

static void add_place(struct buf *out, const struct conf_node *at)
{
    if (at->file)
        add_file(out, at->file);
    else
        add_json_path(out, at);
    if (at->file)
        buf_addf(out, ":%d", at->line);
    if (out->len)
        buf_add_str(out, ": ");
}

const char *conf_shown(struct shown *out, const char *text)
{
    text_copy(out->text, sizeof out->text - 3, text); /* room for "..." */
    for (char *p = out->text; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    if (strlen(text) > strlen(out->text))
        strcat(out->text, "...");
    return out->text;
}

int conf_say(struct err *err, const struct conf_node *at, const char *en, const char *zh)
{
    _cleanup_buf_ struct buf place = {0};

    if (err->code != ERR_NONE)
        return 1;
    add_place(&place, at);
    (void)err_say(err, ERR_INVALID_VALUE, at->key, "%s%s", "%s%s", buf_str(&place), en);
    snprintf(err->zh, sizeof err->zh, "%s%s", buf_str(&place), zh);
    text_trim_utf8(err->zh);
    return 1;
}

int conf_fault(struct err *err, const struct conf_node *at, const char *en, const char *zh, ...)
{
    char said[2][ERR_TEXT_MAX];
    va_list args;

    va_start(args, zh);
    vsnprintf(said[0], sizeof said[0], en, args);
    va_end(args);
    va_start(args, zh);
    vsnprintf(said[1], sizeof said[1], zh, args);
    va_end(args);
    return conf_say(err, at, said[0], said[1]);
}

/* ---- groups and lists ---------------------------------------------------------------------- */

const struct conf_node *conf_find(const struct conf_node *group, const char *key)
{
    for (size_t i = 0; i < group->count; i++)
        if (strcmp(group->items[i].key, key) == 0)
            return &group->items[i];
    return NULL;
}

/* " (did you mean ...?)", or the few words that there are, or nothing. */
static void add_advice(struct buf *en, struct buf *zh, const char *nearest,
                       const char *const *names, size_t n)
{
    if (nearest) {
        buf_addf(en, " (did you mean \"%s\"?)", nearest);
        buf_addf(zh, "（是否为“%s”？）", nearest);
        return;
    }
    if (n == 0 || n > LISTED_MAX)
        return;
    for (size_t i = 0; i < n; i++) {
        buf_addf(en, "%s%s", i ? ", " : ": use one of ", names[i]);
        buf_addf(zh, "%s%s", i ? "、" : "：可用 ", names[i]);
    }
}

int conf_unknown(struct err *err, const struct conf_node *at, const char *word,
                 const char *what_en, const char *what_zh, const char *const *names, size_t n)
{
    _cleanup_buf_ struct buf en = {0};
    _cleanup_buf_ struct buf zh = {0};
    const char *nearest = text_nearest(word, names, n);
    struct shown shown;

    conf_shown(&shown, word);
    buf_addf(&en, "unknown %s \"%s\"", what_en, shown.text);
    buf_addf(&zh, "未知的%s“%s”", what_zh, shown.text);
    add_advice(&en, &zh, nearest, names, n);
    if (nearest && err->code == ERR_NONE)
        err_hint(err, nearest);
    return conf_say(err, at, buf_str(&en), buf_str(&zh));
}

int conf_check_keys(const struct conf_node *group, const char *const *names, size_t n,
                    struct err *err)
{
    for (size_t i = 0; i < group->count; i++) {
        size_t k = 0;

        while (k < n && strcmp(group->items[i].key, names[k]) != 0)
            k++;
        if (k == n)
            return conf_unknown(err, &group->items[i], group->items[i].key, "key", "键", names, n);
    }
    return 0;
}

static const char *const type_names[][2] = {
    [CONF_INT] = {"a whole number", "整数"},
    [CONF_REAL] = {"a number with decimals", "小数"},
    [CONF_BOOL] = {"true or false", "true 或 false"},
    [CONF_TEXT] = {"a text in quotation marks", "引号内的文本"},
    [CONF_LIST] = {"a list", "列表"},
    [CONF_GROUP] = {"a group in { }", "{ } 组"},
    [CONF_NULL] = {"null", "null"},
};

/* What the node is called: its key, or that of the list it stands in. */
static const char *called(struct shown *out, const struct conf_node *node)
{
    while (!node->key && node->parent)
        node = node->parent;
    return conf_shown(out, node->key ? node->key : "?");
}

static int expected(struct err *err, const struct conf_node *node, const char *en, const char *zh)
{
    char said[2][ERR_TEXT_MAX];
    struct shown name;

    called(&name, node);
    snprintf(said[0], sizeof said[0], "%s should be %s, not %s", name.text, en,
             type_names[node->type][0]);
    snprintf(said[1], sizeof said[1], "%s 应为%s，而不是%s", name.text, zh,
             type_names[node->type][1]);
    return conf_say(err, node, said[0], said[1]);
}

static int conf_type(const struct conf_node *node, enum conf_type type, struct err *err)
{
    if (node->type == type)
        return 0;
    return expected(err, node, type_names[type][0], type_names[type][1]);
}

int conf_group(const struct conf_node *node, struct err *err)
{
    return conf_type(node, CONF_GROUP, err);
}

int conf_list(const struct conf_node *node, size_t min, size_t max, struct err *err)
{
    struct shown name;

    if (conf_type(node, CONF_LIST, err) != 0)
        return 1;
    called(&name, node);
    if (node->count < min)
        return conf_fault(err, node, "%s must not be empty", "%s 不能为空", name.text);
    if (node->count > max)
        return conf_fault(err, node, "%s has %zu items: at most %zu are allowed",
                          "%s 有 %zu 项：至多 %zu 项", name.text, node->count, max);
    return 0;
}

/* ---- values -------------------------------------------------------------------------------- */

int conf_int(int64_t *out, const struct conf_node *node, int64_t min, int64_t max, struct err *err)
{
    struct shown name;

    if (conf_type(node, CONF_INT, err) != 0)
        return 1;
    if (node->number < min || node->number > max)
        return conf_fault(err, node, "%s is %lld: it should be %lld to %lld",
                          "%s 为 %lld：应在 %lld 到 %lld 之间", called(&name, node),
                          (long long)node->number, (long long)min, (long long)max);
    *out = node->number;
    return 0;
}

int conf_bool(bool *out, const struct conf_node *node, struct err *err)
{
    if (conf_type(node, CONF_BOOL, err) != 0)
        return 1;
    *out = node->number != 0;
    return 0;
}

int conf_text(const char **out, const struct conf_node *node, size_t min_bytes, size_t max_bytes,
              struct err *err)
{
    struct shown name;

    if (conf_type(node, CONF_TEXT, err) != 0)
        return 1;
    called(&name, node);
    if (strlen(node->text) < min_bytes)
        return conf_fault(err, node, "%s must not be empty", "%s 不能为空", name.text);
    if (strlen(node->text) > max_bytes)
        return conf_fault(err, node, "%s has %zu bytes: at most %zu are allowed",
                          "%s 有 %zu 字节：至多 %zu 字节", name.text, strlen(node->text), max_bytes);
    *out = node->text;
    return 0;
}

int conf_word(int *out, const struct conf_node *node, const char *const *words, size_t n,
              struct err *err)
{
    struct shown name;

    if (conf_type(node, CONF_TEXT, err) != 0)
        return 1;
    for (size_t i = 0; i < n; i++)
        if (strcmp(node->text, words[i]) == 0) {
            *out = (int)i;
            return 0;
        }
    called(&name, node);
    return conf_unknown(err, node, node->text, name.text, name.text, words, n);
}

int conf_duration(struct duration *out, const struct conf_node *node, bool negative_allowed,
                  struct err *err)
{
    struct shown name, text;
    struct duration d;

    if (conf_type(node, CONF_TEXT, err) != 0)
        return 1;
    called(&name, node);
    if (!duration_parse(&d, node->text))
        return conf_fault(err, node,
                          "%s \"%s\" is no duration: a whole number with d, w, m or y, such as "
                          "\"10d\"",
                          "%s“%s”不是时长：应为整数加 d、w、m 或 y，例如 \"10d\"", name.text,
                          conf_shown(&text, node->text));
    if (d.count < 0 && !negative_allowed)
        return conf_fault(err, node, "%s \"%s\" must not be negative", "%s“%s”不能为负", name.text,
                          conf_shown(&text, node->text));
    *out = d;
    return 0;
}
