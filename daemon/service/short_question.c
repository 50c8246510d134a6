#include "service/short_question.h"

#include <string.h>

#include "base/text.h"

enum { BODY_MAX = 4096 };

static bool fits(const char *key, const json_t *value, const struct short_field *fields, size_t n)
{
    if (json_is_null(value))
        return true;
    if (strcmp(key, "lang") == 0 || strcmp(key, "ledger") == 0)
        return json_is_string(value);
    for (size_t i = 0; i < n; i++)
        if (strcmp(key, fields[i].name) == 0)
            return fields[i].type == JSON_TRUE ? json_is_boolean(value) : json_typeof(value) == fields[i].type;
    return false;
}

static int no_field(const char *key, const struct short_field *fields, size_t n, struct err *err)
{
    enum { NAMES_MAX = 8 };
    const char *names[NAMES_MAX], *nearest;
    size_t count = 0;

    for (; count < n && count < NAMES_MAX; count++)
        names[count] = fields[count].name;
    nearest = text_nearest(key, names, count);
    err_say(err, ERR_MALFORMED, key, "\"%.40s\" is no field of this request, or not of that kind",
            "本请求没有字段“%.40s”，或其类型不符", key);
    if (nearest && strcmp(nearest, key) != 0)
        err_hint(err, nearest);
    return 1;
}

int short_question_read(struct short_question *q, struct request *request, const struct ledger *ledger,
                        const struct short_field *fields, size_t n, struct err *err)
{
    const char *key, *pin, *lang;
    json_t *value;
    size_t len;
    const char *text = request_body(request, &len);

    q->lang = "en";
    q->body = len <= BODY_MAX ? json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (!json_is_object(q->body))
        return err_say(err, ERR_MALFORMED, NULL, "the body must be a short JSON object", "正文必须是简短的 JSON 对象");
    lang = json_string_value(json_object_get(q->body, "lang"));
    if (lang && strcmp(lang, "zh") == 0)
        q->lang = "zh";
    json_object_foreach(q->body, key, value)
        if (!fits(key, value, fields, n))
            return no_field(key, fields, n, err);
    pin = json_string_value(json_object_get(q->body, "ledger"));
    if (!pin || strcmp(pin, ledger_uuid(ledger)) == 0)
        return 0;
    return err_say(err, ERR_NOT_ALLOWED, "ledger", "this daemon keeps ledger %s, not the one meant: nothing was done",
                   "此服务保管的台账是 %s，而不是所指的那一份：未作任何处理", ledger_uuid(ledger));
}

void short_question_deinit(struct short_question *q)
{
    json_decref(q->body);
}
