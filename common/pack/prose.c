/* The texts of a rule, the placeholders of its remedy, and the activity kinds it names. */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "pack/specs.h"

static const char *const placeholders[] = {"subject", "name", "branch", "period", "due", "need"};

/* A mistake in a text of several lines is told at the text's first. */
static int check_placeholders(const struct conf_node *node, struct err *err)
{
    for (const char *p = strchr(node->text, '{'); p; p = strchr(p + 1, '{')) {
        size_t len = strcspn(p + 1, "}");
        _cleanup_free_ char *word = mem_strndup(p + 1, len);
        size_t i = 0;

        if (p[1 + len] == '\0')
            return conf_fault(err, node, "the placeholder {%.20s is never closed",
                              "占位符 {%.20s 没有结束", word);
        while (i < ARRAY_LEN(placeholders) && strcmp(word, placeholders[i]) != 0)
            i++;
        if (i == ARRAY_LEN(placeholders))
            return conf_unknown(err, node, word, "placeholder", "占位符", placeholders,
                                ARRAY_LEN(placeholders));
    }
    return 0;
}

static bool is_blank(const char *s)
{
    return s[strspn(s, " \t\n")] == '\0';
}

static int read_one(char **out, const struct conf_node *group, const char *lang, size_t max_bytes,
                    bool with_placeholders, struct err *err)
{
    const struct conf_node *node = conf_find(group, lang);
    const char *text;

    if (!node)
        return conf_fault(err, group, "%s lacks the language \"%s\"", "%s 缺少语言“%s”", group->key,
                          lang);
    if (conf_text(&text, node, 1, max_bytes, err) != 0)
        return 1;
    if (is_blank(text))
        return conf_fault(err, node, "%s must not be empty", "%s 不能为空", lang);
    if (with_placeholders && check_placeholders(node, err) != 0)
        return 1;
    *out = mem_strdup(text);
    return 0;
}

int pack_read_prose(struct bilingual *out, const struct conf_node *node, size_t max_bytes,
                    bool with_placeholders, struct err *err)
{
    static const char *const langs[] = {"en", "zh"};

    if (conf_group(node, err) != 0 || conf_check_keys(node, langs, ARRAY_LEN(langs), err) != 0 ||
        read_one(&out->en, node, "en", max_bytes, with_placeholders, err) != 0)
        return 1;
    return read_one(&out->zh, node, "zh", max_bytes, with_placeholders, err);
}

/* ---- kinds ------------------------------------------------------------------------------------ */

static int unknown_kind(const struct conf_node *node, const struct kinds *kinds, struct err *err)
{
    const char *names[KIND_MAX + 2];
    size_t n = 0;

    names[n++] = "any";
    for (int i = 0; i <= KIND_MAX; i++)
        if (kinds->names[i])
            names[n++] = kinds->names[i];
    return conf_unknown(err, node, node->text, "meeting kind", "会议类型", names, n);
}

/* The bits of one name; without `kinds` an unknown name has none. */
static int read_kind(uint64_t *bits_out, const struct conf_node *node, const struct kinds *kinds,
                     struct err *err)
{
    struct kinds standard;
    struct shown shown;
    const char *name;
    int bit;

    if (conf_text(&name, node, 1, CONF_FILE_MAX_BYTES, err) != 0)
        return 1;
    *bits_out = KINDS_ANY;
    if (strcmp(name, "any") == 0)
        return 0;
    kinds_init(&standard);
    bit = kinds_find(kinds ? kinds : &standard, name, strlen(name));
    *bits_out = bit < 0 ? 0 : KIND_BIT(bit);
    if (bit >= 0)
        return 0;
    if (kinds)
        return unknown_kind(node, kinds, err);
    if (text_ref_check(name, strlen(name)) != REF_OK)
        return conf_fault(err, node, "\"%s\" cannot be a meeting kind", "“%s”不能作为会议类型",
                          conf_shown(&shown, name));
    return 0;
}

static int check_contact(const struct rule *rule, const struct conf_node *node, struct err *err)
{
    if (strcmp(node->text, "contact") != 0)
        return 0;
    if (rule->kind != RULE_SILENCE)
        return conf_fault(err, node, "\"contact\" counts in silence rules only",
                          "“contact”只在 silence 规则中计入");
    if (rule->subject != SUBJECT_MEMBER)
        return conf_fault(err, node, "\"contact\" does not fit the subject \"%s\": only \"member\"",
                          "“contact”不适用于对象“%s”：只适用于“member”",
                          rule_subject_names[rule->subject]);
    return 0;
}

int pack_read_kinds(struct rule *rule, const struct conf_node *node, const struct kinds *kinds,
                    struct err *err)
{
    if (conf_list(node, 1, KIND_MAX + 2, err) != 0)
        return 1;
    rule->kind_names = mem_zero(node->count * sizeof *rule->kind_names);
    for (size_t i = 0; i < node->count; i++) {
        const struct conf_node *item = &node->items[i];
        uint64_t bits;

        if (read_kind(&bits, item, kinds, err) != 0 || check_contact(rule, item, err) != 0)
            return 1;
        for (size_t k = 0; k < i; k++)
            if (strcmp(rule->kind_names[k], item->text) == 0)
                return conf_fault(err, item, "\"%s\" is named twice", "“%s”重复", item->text);
        rule->kinds |= bits;
        rule->kind_names[i] = mem_strdup(item->text);
        rule->kind_name_count = i + 1;
    }
    return 0;
}
