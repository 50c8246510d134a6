#include "base/err.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

static const char *const names[ERR_CODE_COUNT] = {
    [ERR_NONE] = "none",
    [ERR_TOO_LARGE] = "too_large",
    [ERR_UNKNOWN_TYPE] = "unknown_type",
    [ERR_UNKNOWN_FIELD] = "unknown_field",
    [ERR_MISSING_FIELD] = "missing_field",
    [ERR_INVALID_VALUE] = "invalid_value",
    [ERR_IN_FUTURE] = "in_future",
    [ERR_TOO_OLD] = "too_old",
    [ERR_ID_CONFLICT] = "id_conflict",
    [ERR_UNKNOWN_REF] = "unknown_ref",
    [ERR_EXISTS] = "exists",
    [ERR_NOT_IN_FORCE] = "not_in_force",
    [ERR_IMPOSSIBLE] = "impossible",
    [ERR_MALFORMED] = "malformed",
    [ERR_UNKNOWN_VERB] = "unknown_verb",
    [ERR_NOT_ALLOWED] = "not_allowed",
    [ERR_UNAVAILABLE] = "unavailable",
};

const char *err_code_name(enum err_code code)
{
    return names[code];
}

int err_say(struct err *err, enum err_code code, const char *field, const char *en,
            const char *zh, ...)
{
    va_list args;

    if (err->code != ERR_NONE)
        return 1;
    err->code = code;
    text_copy(err->field, sizeof err->field, field ? field : "");
    va_start(args, zh);
    vsnprintf(err->en, sizeof err->en, en, args);
    va_end(args);
    va_start(args, zh);
    vsnprintf(err->zh, sizeof err->zh, zh, args);
    va_end(args);
    text_trim_utf8(err->en);
    text_trim_utf8(err->zh);
    return 1;
}

int err_fault(struct err *err, const char *en, ...)
{
    va_list args;

    if (err->code != ERR_NONE)
        return -1;
    err->code = ERR_UNAVAILABLE;
    va_start(args, en);
    vsnprintf(err->en, sizeof err->en, en, args);
    va_end(args);
    text_trim_utf8(err->en);
    snprintf(err->zh, sizeof err->zh, "暂时无法处理，请稍后重试");
    return -1;
}

void err_hint(struct err *err, const char *hint)
{
    text_copy(err->hint, sizeof err->hint, hint);
}

void err_clear(struct err *err)
{
    memset(err, 0, sizeof *err);
}

const char *err_text(const struct err *err, const char *lang)
{
    return lang && strncmp(lang, "zh", 2) == 0 && err->zh[0] ? err->zh : err->en;
}
