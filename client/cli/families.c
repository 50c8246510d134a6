#include "families.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* Families of later work join here. */
const struct family *const families[] = {
    &family_activity, &family_mobility, &family_registers, &family_correction, &family_submit, &family_import, &family_outbox,
    &family_reading,  &family_alerts,   &family_notices, &family_figures,   &family_report, &family_rating,   &family_keys,      &family_trust,     &family_service, NULL,
};

static size_t first_len(const char *name)
{
    return strcspn(name, " ");
}

static bool first_is(const struct verb *verb, const char *word)
{
    size_t len = first_len(verb->name);

    return strlen(word) == len && memcmp(verb->name, word, len) == 0;
}

#define FOR_EACH_VERB(verb)                                                                        \
    for (const struct family *const *family_ = families; *family_; family_++)                      \
        for (const struct verb *verb = (*family_)->verbs; verb < (*family_)->verbs + (*family_)->count; verb++)

const struct verb *family_find(const char *first, const char *second, size_t *words_out)
{
    FOR_EACH_VERB(verb)
    {
        const char *rest = verb->name + first_len(verb->name);

        if (!first_is(verb, first) || (*rest && (!second || strcmp(rest + 1, second) != 0)))
            continue;
        *words_out = *rest ? 2 : 1;
        return verb;
    }
    return NULL;
}

bool family_is_group(const char *word)
{
    FOR_EACH_VERB(verb)
        if (strchr(verb->name, ' ') && first_is(verb, word))
            return true;
    return false;
}

const char *family_nearest(const char *first, const char *second)
{
    enum { NAMES_MAX = 128 };
    const char *names[NAMES_MAX];
    bool group = family_is_group(first);
    _cleanup_free_ char *typed = NULL;
    size_t n = 0;

    if (asprintf(&typed, group && second ? "%s %s" : "%s", first, second ? second : "") < 0)
        abort();
    FOR_EACH_VERB(verb)
        if (n < NAMES_MAX && (!group || first_is(verb, first)))
            names[n++] = verb->name;
    if (!group) {
        static const char *const groups[] = {"branch", "member", "unit", "alliance", "office", "transfer", "alert", "key", "outbox"};

        for (size_t i = 0; i < ARRAY_LEN(groups); i++)
            names[n++] = groups[i];
    }
    return text_nearest(typed, names, n);
}
