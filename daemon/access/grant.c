#include "access/grant.h"

#include <string.h>

#include "access/realm.h"
#include "base/buf.h"
#include "base/text.h"

struct grant *grant_new(const char *name, enum key_role role)
{
    struct grant *grant = mem_zero(sizeof *grant);

    text_copy(grant->name, sizeof grant->name, name);
    grant->role = role;
    grant->whole = role == KEY_ROLE_ADMIN;
    grant->refs = 1;
    return grant;
}

static void list_add(char ***list, size_t *n, const char *text)
{
    *list = mem_resize(*list, (*n + 1) * sizeof **list);
    (*list)[(*n)++] = mem_strdup(text);
}

void grant_add_branch(struct grant *grant, const char *ref)
{
    list_add(&grant->branches, &grant->branch_count, ref);
}

void grant_add_area(struct grant *grant, const char *area)
{
    if (strcmp(area, "*") == 0)
        grant->whole = true;
    list_add(&grant->areas, &grant->area_count, area);
}

struct grant *grant_ref(struct grant *grant)
{
    if (grant)
        grant->refs++;
    return grant;
}

static void free_list(char **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(list[i]);
    free(list);
}

void grant_unref(struct grant *grant)
{
    if (!grant || --grant->refs > 0)
        return;
    free_list(grant->branches, grant->branch_count);
    free_list(grant->areas, grant->area_count);
    realm_free(grant->realm);
    free(grant);
}

bool grant_has_area(const struct grant *grant, const char *area)
{
    if (grant->whole)
        return true;
    for (size_t i = 0; area && i < grant->area_count; i++)
        if (strncmp(area, grant->areas[i], strlen(grant->areas[i])) == 0)
            return true;
    return false;
}

/* The areas that begin with `prefix` all lie in one whose own beginning is no longer. */
bool grant_has_areas(const struct grant *grant, const char *prefix)
{
    return grant_has_area(grant, prefix);
}

bool grant_names_branch(const struct grant *grant, const char *ref)
{
    for (size_t i = 0; i < grant->branch_count; i++)
        if (strcmp(grant->branches[i], ref) == 0)
            return true;
    return false;
}

static bool same_list(char *const *a, size_t n, char *const *b, size_t m)
{
    bool same = n == m;

    for (size_t i = 0; same && i < n; i++)
        same = strcmp(a[i], b[i]) == 0;
    return same;
}

bool grant_same(const struct grant *a, const struct grant *b)
{
    return strcmp(a->name, b->name) == 0 && a->role == b->role &&
           same_list(a->branches, a->branch_count, b->branches, b->branch_count) &&
           same_list(a->areas, a->area_count, b->areas, b->area_count);
}

bool grant_allows(const struct grant *grant, enum right right)
{
    switch (right) {
    case RIGHT_NO:
        return false;
    case RIGHT_WHOLE:
        return grant->whole;
    case RIGHT_SCOPE:
    case RIGHT_YES:
        break;
    }
    return true;
}
