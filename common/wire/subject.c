#include "wire/subject.h"

#include <string.h>

static const char *const names[SUBJECT_KIND_COUNT] = {
    "branch", "member", "unit", "transfer", "alliance", "body", "exemption",
};

static const char *const zh[SUBJECT_KIND_COUNT] = {
    "支部", "党员", "单位", "介绍信", "联盟", "机构", "豁免",
};

const char *subject_kind_name(enum subject_kind kind)
{
    return names[kind];
}

const char *subject_kind_zh(enum subject_kind kind)
{
    return zh[kind];
}

bool subject_kind_parse(enum subject_kind *out, const char *name, size_t len_bytes)
{
    for (int i = 0; i < SUBJECT_KIND_COUNT; i++)
        if (strlen(names[i]) == len_bytes && memcmp(names[i], name, len_bytes) == 0) {
            *out = (enum subject_kind)i;
            return true;
        }
    return false;
}
