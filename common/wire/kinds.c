#include "wire/kinds.h"

#include <string.h>

#include "base/buf.h"

static const char *const standard[] = {
    "general_meeting", "committee_meeting", "group_meeting", "lecture", "theme_day",
    "life_meeting",    "annual_review",     "talk",          "service", "forum",
    "other",           "training",          "contact",
};

void kinds_init(struct kinds *k)
{
    memset(k, 0, sizeof *k);
    for (size_t i = 0; i < ARRAY_LEN(standard); i++) {
        k->names[i] = standard[i];
        k->allowed[i] = i < KIND_STANDARD;
    }
}

void kinds_deinit(struct kinds *k)
{
    for (int i = KIND_CUSTOM; i <= KIND_MAX; i++)
        free((char *)k->names[i]);
    memset(k, 0, sizeof *k);
}

int kinds_add(struct kinds *k, const char *name, int bit)
{
    int found = kinds_find(k, name, strlen(name));

    if (found >= 0)
        return found;
    if (bit < 0)
        for (bit = KIND_CUSTOM; bit <= KIND_MAX && k->names[bit]; bit++)
            ;
    if (bit > KIND_MAX)
        return -1;
    k->names[bit] = mem_strdup(name);
    return bit;
}

int kinds_find(const struct kinds *k, const char *name, size_t len_bytes)
{
    for (int i = 0; i <= KIND_MAX; i++) {
        const char *known = k->names[i];

        if (known && len_bytes && known[0] == name[0] && strncmp(known, name, len_bytes) == 0 &&
            known[len_bytes] == '\0')
            return i;
    }
    return -1;
}
