#include "field_value.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "say.h"
#include "when.h"
#include "wire/subject.h"
#include "words.h"

/* Sentences that begin with the option that is meant. */
static int bad(struct err *err, const struct field_value *value, const char *en, const char *zh)
{
    return err_say(err, ERR_INVALID_VALUE, NULL, "--%s: \"%s\" %s%.0s", "--%s：“%s”%.0s%s", value->option,
                   value->text ? value->text : "", en, zh);
}

/* A number keeps the spelling that was typed: the ledger compares values, and stores what came. */
static int write_number(struct json *j, const struct field_value *value, bool whole, struct err *err)
{
    json_t *number = json_loads(value->text, JSON_DECODE_ANY, NULL);
    bool fits = whole ? json_is_integer(number) : json_is_number(number);

    json_decref(number);
    if (!fits || strpbrk(value->text, " \t\r\n"))
        return whole ? bad(err, value, "is no whole number", "不是整数") : bad(err, value, "is no number", "不是数字");
    json_raw(j, value->text, strlen(value->text));
    return 0;
}

static int write_bool(struct json *j, const struct field_value *value, struct err *err)
{
    static const char *const yes[] = {"yes", "true", "1", "是"};
    static const char *const no[] = {"no", "false", "0", "否"};

    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (!value->text || strcmp(value->text, yes[i]) == 0)
            return json_bool(j, true), 0;
        if (strcmp(value->text, no[i]) == 0)
            return json_bool(j, false), 0;
    }
    return bad(err, value, "is neither yes nor no", "只能是 yes 或 no");
}

static int write_date(struct json *j, const struct field_value *value, day_t today, struct err *err)
{
    struct when when;
    struct err why = {0};

    if (when_parse(&when, value->text, false, today, &why))
        return err_say(err, ERR_INVALID_VALUE, NULL, "--%s: %s%.0s", "--%s：%.0s%s", value->option, why.en, why.zh);
    if (strcmp(when.text, value->text) != 0)
        say(_("--%s is %s"), value->option, when.text);
    json_str(j, when.text);
    return 0;
}

/* Items between commas. A Chinese word for a kind is taken as the kind. */
static int write_list(struct json *j, const struct field_value *values, size_t n, bool words, struct err *err)
{
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        const char *item = values[i].text;

        for (bool more = true; more;) {
            size_t len = strcspn(item, ",");
            _cleanup_free_ char *text = mem_strndup(item, len);

            if (len == 0)
                return bad(err, &values[i], "has an empty item", "中有空项");
            json_str(j, words ? word_typed(text) : text);
            more = item[len] == ',';
            item += len + 1;
        }
    }
    json_close(j, ']');
    return 0;
}

/* Texts may hold commas: one for each time the option is given. */
static void write_texts(struct json *j, const struct field_value *values, size_t n)
{
    json_open(j, '[');
    for (size_t i = 0; i < n; i++)
        json_str(j, values[i].text);
    json_close(j, ']');
}

static int write_absent(struct json *j, const struct field_value *values, size_t n, struct err *err)
{
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        const char *equals = strchr(values[i].text, '=');

        if (!equals || equals == values[i].text)
            return bad(err, &values[i], "needs MEMBER=REASON", "应写成 党员=原因");
        json_open(j, '{');
        json_key(j, "member");
        json_strn(j, values[i].text, (size_t)(equals - values[i].text));
        json_kv_str(j, "reason", equals + 1);
        json_close(j, '}');
    }
    json_close(j, ']');
    return 0;
}

/* --branch B-1, --subject branch:B-1 */
static int write_subject(struct json *j, const struct field_value *value, struct err *err)
{
    const char *kind = value->option, *ref = value->text;
    const char *colon = strchr(value->text, ':');
    size_t kind_len = strlen(kind);
    enum subject_kind known;

    if (strcmp(value->option, "subject") == 0) {
        kind = value->text;
        kind_len = colon ? (size_t)(colon - value->text) : 0;
        ref = colon ? colon + 1 : "";
        if (!subject_kind_parse(&known, kind, kind_len))
            return bad(err, value, "needs KIND:REF, such as branch:B-1", "应写成 类别:编号，例如 branch:B-1");
    }
    json_open(j, '{');
    {
        _cleanup_free_ char *key = mem_strndup(kind, kind_len);

        json_kv_str(j, key, ref);
    }
    json_close(j, '}');
    return 0;
}

static int write_one(struct json *j, const struct field_spec *field, const struct field_value *value,
                     day_t today, struct err *err)
{
    switch (field->kind) {
    case VALUE_BOOL:
        return write_bool(j, value, err);
    case VALUE_INT:
        return write_number(j, value, true, err);
    case VALUE_HOURS:
    case VALUE_NUMBER:
        return write_number(j, value, false, err);
    case VALUE_DATE:
        return write_date(j, value, today, err);
    case VALUE_SUBJECT:
        return write_subject(j, value, err);
    case VALUE_ENUM:
        json_str(j, word_typed(value->text));
        return 0;
    case VALUE_REF:
    case VALUE_NAME:
    case VALUE_TEXT:
    case VALUE_UUID:
    case VALUE_KINDS:
    case VALUE_REFS:
    case VALUE_TEXTS:
    case VALUE_ABSENT:
    case VALUE_RULES:
    case VALUE_AREAS:
    case VALUE_KEY:
        json_str(j, value->text);
        return 0;
    }
    return 0;
}

int field_value_write(struct json *j, const struct field_spec *field, const struct field_value *values,
                      size_t n, day_t today, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (values[i].text && !text_utf8_valid(values[i].text, strlen(values[i].text)))
            return bad(err, &values[i], "is not UTF-8", "不是 UTF-8 编码");
    switch (field->kind) {
    case VALUE_KINDS:
        return write_list(j, values, n, true, err);
    case VALUE_REFS:
    case VALUE_RULES:
    case VALUE_AREAS:
        return write_list(j, values, n, false, err);
    case VALUE_TEXTS:
        write_texts(j, values, n);
        return 0;
    case VALUE_ABSENT:
        return write_absent(j, values, n, err);
    case VALUE_REF:
    case VALUE_NAME:
    case VALUE_TEXT:
    case VALUE_ENUM:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_HOURS:
    case VALUE_NUMBER:
    case VALUE_DATE:
    case VALUE_UUID:
    case VALUE_SUBJECT:
    case VALUE_KEY:
        break;
    }
    if (n > 1)
        return err_say(err, ERR_INVALID_VALUE, NULL, "--%s is given more than once", "--%s 重复给出", values[1].option);
    return write_one(j, field, &values[0], today, err);
}
