/* Local users and what they may do: what is no affair of keys (users = ( { name = ...; role = ...; } )). */
#include <string.h>

#include "base/buf.h"
#include "settings/keys.h"

enum { USERS_MAX = 1000, SCOPE_MAX = 10000, NAME_BYTES = 63 };

static const char *const roles[] = {"recorder", "reader", "staff", "admin"}; /* as enum key_role */
static const char *const user_keys[] = {"name", "role", "branches", "areas"};

static int read_texts(struct settings_text **out, size_t *n_out, const struct conf_node *node, size_t max_bytes,
                      struct err *err)
{
    if (!node)
        return 0;
    if (conf_list(node, 1, SCOPE_MAX, err) != 0)
        return 1;
    *out = mem_zero(node->count * sizeof **out);
    for (size_t i = 0; i < node->count; i++) {
        const char *text;

        if (conf_text(&text, &node->items[i], 1, max_bytes, err) != 0)
            return 1;
        (*out)[(*n_out)++] = (struct settings_text){mem_strdup(text), node->items[i].line};
    }
    return 0;
}

static int check_scope(const struct settings_user *user, const struct conf_node *node, struct err *err)
{
    bool scoped = user->branch_count + user->area_count > 0;

    if (user->role == KEY_ROLE_ADMIN && scoped)
        return conf_fault(err, node, "an admin has no branches or areas: it may do everything everywhere",
                          "admin 不限定 branches 或 areas：其权限遍及全账");
    if (user->role != KEY_ROLE_ADMIN && !scoped)
        return conf_fault(err, node, "a user needs a scope: branches, or areas ([\"*\"]: the whole district)",
                          "用户必须有范围：branches 或 areas（[\"*\"] 表示全区）");
    for (size_t i = 0; user->area_count > 1 && i < user->area_count; i++)
        if (strcmp(user->areas[i].text, "*") == 0)
            return conf_fault(err, node, "areas: \"*\" (all of them) stands alone", "areas：“*”（全部）只能单独使用");
    return 0;
}

static int read_user(struct settings *s, const struct conf_node *node, struct err *err)
{
    struct settings_user *user = &s->users[s->user_count];
    const struct conf_node *name, *role;
    const char *text;
    int word;

    if (conf_group(node, err) != 0 || conf_check_keys(node, user_keys, ARRAY_LEN(user_keys), err) != 0)
        return 1;
    name = conf_find(node, "name");
    role = conf_find(node, "role");
    if (!name || !role)
        return conf_fault(err, node, "a user needs a name and a role", "用户必须有 name 和 role");
    if (conf_text(&text, name, 1, NAME_BYTES, err) != 0 || conf_word(&word, role, roles, ARRAY_LEN(roles), err) != 0)
        return 1;
    for (size_t i = 0; i < s->user_count; i++)
        if (strcmp(s->users[i].name, text) == 0)
            return conf_fault(err, name, "\"%s\" is named twice", "“%s”重复", text);
    user->name = mem_strdup(text);
    user->role = (enum key_role)word;
    user->line = node->line;
    s->user_count++;
    if (read_texts(&user->branches, &user->branch_count, conf_find(node, "branches"), 64, err) != 0 ||
        read_texts(&user->areas, &user->area_count, conf_find(node, "areas"), 64, err) != 0)
        return 1;
    return check_scope(user, node, err);
}

int settings_read_users(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    (void)spec;
    if (conf_list(node, 0, USERS_MAX, err) != 0)
        return 1;
    s->users = mem_zero((node->count + 1) * sizeof *s->users);
    for (size_t i = 0; i < node->count; i++)
        if (read_user(s, &node->items[i], err) != 0)
            return 1;
    return 0;
}

static void free_texts(struct settings_text *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(texts[i].text);
    free(texts);
}

void settings_free_users(struct settings *s)
{
    for (size_t i = 0; i < s->user_count; i++) {
        free(s->users[i].name);
        free_texts(s->users[i].branches, s->users[i].branch_count);
        free_texts(s->users[i].areas, s->users[i].area_count);
    }
    free(s->users);
}
