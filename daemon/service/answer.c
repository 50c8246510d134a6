#include "service/answer.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"

enum { LANG_LOOK_BYTES = 4096 };

/* A sentence may quote what a peer sent, cut anywhere: what is no UTF-8 becomes '?'. */
static void json_text(struct json *out, const char *s)
{
    CLEANUP(buf_deinit) struct buf clean = {0};
    size_t len = strlen(s);
    uint32_t cp;

    for (size_t i = 0, n; i < len; i += n) {
        n = text_utf8_next(s + i, len - i, &cp);
        if (n > 0) {
            buf_add(&clean, s + i, n);
        } else {
            buf_add_char(&clean, '?');
            n = 1;
        }
    }
    json_strn(out, clean.len ? clean.data : "", clean.len);
}

static void text_if_any(struct json *out, const char *key, const char *s)
{
    if (s[0] == '\0')
        return;
    json_key(out, key);
    json_text(out, s);
}

void answer_error(struct json *out, const struct err *err, const char *lang)
{
    json_open(out, '{');
    json_kv_str(out, "code", err_code_name(err->code));
    json_key(out, "message");
    json_text(out, err_text(err, lang));
    text_if_any(out, "field", err->field);
    text_if_any(out, "hint", err->hint);
    text_if_any(out, "clash", err->clash);
    json_close(out, '}');
}

const char *answer_lang(const char *body, size_t len_bytes)
{
    json_t *root = len_bytes <= LANG_LOOK_BYTES ? json_loadb(body, len_bytes, 0, NULL) : NULL;
    const char *lang = json_string_value(json_object_get(root, "lang"));
    bool zh = lang && strcmp(lang, "zh") == 0;

    json_decref(root);
    return zh ? "zh" : "en";
}
