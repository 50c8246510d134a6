#include "pack/pack.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "pack/specs.h"

static void free_prose(struct bilingual *prose)
{
    free(prose->en);
    free(prose->zh);
}

static void free_rule(struct rule *rule)
{
    for (size_t i = 0; i < rule->when_count; i++)
        free((char *)rule->when[i].value.text);
    for (size_t i = 0; i < rule->kind_name_count; i++)
        free(rule->kind_names[i]);
    free(rule->id);
    free(rule->kind_names);
    free(rule->when);
    free(rule->levels);
    free_prose(&rule->title);
    free_prose(&rule->basis);
    free_prose(&rule->remedy);
}

void pack_free(struct pack *pack)
{
    if (!pack)
        return;
    for (size_t i = 0; i < pack->rule_count; i++)
        free_rule(&pack->rules[i]);
    free(pack->rules);
    free(pack);
}

const struct rule *pack_find(const struct pack *pack, const char *id)
{
    for (size_t i = 0; i < pack->rule_count; i++)
        if (strcmp(pack->rules[i].id, id) == 0)
            return &pack->rules[i];
    return NULL;
}

/* Keys sorted, no blanks: the same rules have the same hash from a file and from JSON. */
static void hash_pack(struct pack *pack, const struct conf_node *root)
{
    unsigned char digest[32];
    json_t *json = conf_to_json(root);
    _cleanup_free_ char *text = json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT);

    json_decref(json);
    if (!text)
        abort(); /* out of memory: the tree holds only valid texts and finite numbers */
    crypto_generichash(digest, sizeof digest, (const unsigned char *)text, strlen(text), NULL, 0);
    sodium_bin2hex(pack->hash, sizeof pack->hash, digest, sizeof digest);
}

static int check_unique(const struct pack *pack, const struct conf_node *rules, size_t i,
                        struct err *err)
{
    for (size_t k = 0; k < i; k++) {
        if (strcmp(pack->rules[k].id, pack->rules[i].id) != 0)
            continue;
        if (rules->file)
            return conf_fault(err, conf_find(&rules->items[i], "id"),
                              "the id \"%s\" is taken by the rule in line %d",
                              "id “%s”已被第 %d 行的规则使用", pack->rules[i].id,
                              rules->items[k].line);
        return conf_fault(err, conf_find(&rules->items[i], "id"),
                          "the id \"%s\" is taken by rules[%zu]", "id “%s”已被 rules[%zu] 使用",
                          pack->rules[i].id, k);
    }
    return 0;
}

static int read_rules(struct pack *pack, const struct conf_node *rules, const struct kinds *kinds,
                      struct err *err)
{
    if (conf_list(rules, 0, RULES_MAX, err) != 0)
        return 1;
    pack->rules = mem_zero(rules->count * sizeof *pack->rules);
    pack->rule_count = rules->count;
    for (size_t i = 0; i < rules->count; i++)
        if (pack_read_rule(&pack->rules[i], &rules->items[i], kinds, err) != 0 ||
            check_unique(pack, rules, i, err) != 0)
            return 1;
    return 0;
}

static int read_tree(struct pack **pack_out, const struct conf_node *root,
                     const struct kinds *kinds, struct err *err)
{
    static const char *const names[] = {"rules"};
    _cleanup_pack_ struct pack *pack = mem_zero(sizeof *pack);
    const struct conf_node *rules;

    if (conf_group(root, err) != 0 || conf_check_keys(root, names, ARRAY_LEN(names), err) != 0)
        return 1;
    rules = conf_find(root, "rules");
    if (!rules)
        return conf_fault(err, root, "there is no \"rules\" here", "此处没有“rules”");
    if (read_rules(pack, rules, kinds, err) != 0)
        return 1;
    hash_pack(pack, root);
    *pack_out = TAKE(pack);
    return 0;
}

int pack_read_file(struct pack **pack_out, const char *path, const struct kinds *kinds,
                   struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    struct conf_node *root;

    if (conf_read_file(&root, &arena, path, err) != 0)
        return 1;
    return read_tree(pack_out, root, kinds, err);
}

int pack_read_text(struct pack **pack_out, const char *text, size_t len_bytes, const char *name,
                   const struct kinds *kinds, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    struct conf_node *root;

    if (conf_read_text(&root, &arena, text, len_bytes, name, err) != 0)
        return 1;
    return read_tree(pack_out, root, kinds, err);
}

int pack_read_json(struct pack **pack_out, const json_t *root, const struct kinds *kinds,
                   struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    struct conf_node *tree;

    if (conf_read_json(&tree, &arena, root, err) != 0)
        return 1;
    return read_tree(pack_out, tree, kinds, err);
}

int pack_file_to_json(json_t **root_out, const char *path, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    struct conf_node *root;

    if (conf_read_file(&root, &arena, path, err) != 0)
        return 1;
    *root_out = conf_to_json(root);
    return 0;
}

static bool bits_of(uint64_t *bits_out, const char *name, const struct kinds *kinds)
{
    bool any = strcmp(name, "any") == 0;
    int bit = any ? 0 : kinds_find(kinds, name, strlen(name));

    *bits_out = any ? KINDS_ANY : bit < 0 ? 0 : KIND_BIT(bit);
    return bit >= 0;
}

static int check_kinds(const struct rule *rule, const struct kinds *kinds, struct err *err)
{
    uint64_t bits;

    for (size_t k = 0; k < rule->kind_name_count; k++)
        if (!bits_of(&bits, rule->kind_names[k], kinds))
            return err_say(err, ERR_INVALID_VALUE, "kinds",
                           "rule \"%s\" names the unknown meeting kind \"%s\"",
                           "规则“%s”使用了未知的会议类型“%s”", rule->id, rule->kind_names[k]);
    return 0;
}

int pack_bind_kinds(struct pack *pack, const struct kinds *kinds, struct err *err)
{
    uint64_t bits;

    for (size_t i = 0; i < pack->rule_count; i++)
        if (check_kinds(&pack->rules[i], kinds, err) != 0)
            return 1;
    for (size_t i = 0; i < pack->rule_count; i++) {
        struct rule *rule = &pack->rules[i];

        rule->kinds = 0;
        for (size_t k = 0; k < rule->kind_name_count; k++)
            if (bits_of(&bits, rule->kind_names[k], kinds))
                rule->kinds |= bits;
    }
    return 0;
}
