/* Requests: one JSON object, checked against the parameters of its verb. */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "base/zone.h"
#include "query/answer.h"

enum { LIMIT_DEFAULT = 50, LIMIT_MAX = 1000 }; /* ledger.md section 5 */

static const char *const langs[] = {"en", "zh", NULL};

static const struct param common_params[] = {
    {"lang", PARAM_WORD, false, langs, 0, 0},
    {"ledger", PARAM_TEXT, false, NULL, 0, 0},
};
static const struct param paging_params[] = {
    {"limit", PARAM_INT, false, NULL, 1, LIMIT_MAX},
    {"cursor", PARAM_TEXT, false, NULL, 0, 0},
    {"count", PARAM_BOOL, false, NULL, 0, 0},
};
static const struct param as_of_params[] = {{"as_of", PARAM_DAY, false, NULL, 0, 0}};
static const struct param known_on_params[] = {{"known_on", PARAM_MOMENT, false, NULL, 0, 0}};

enum { PARAMS_MAX = 32 };

struct known_params {
    const struct param *items[PARAMS_MAX];
    size_t n;
};

static void know(struct known_params *known, const struct param *items, size_t n)
{
    for (size_t i = 0; i < n && known->n < PARAMS_MAX; i++)
        known->items[known->n++] = &items[i];
}

static void params_of(struct known_params *known, const struct verb *verb)
{
    know(known, common_params, ARRAY_LEN(common_params));
    know(known, verb->params, verb->param_count);
    if (verb->flags & VERB_PAGED)
        know(known, paging_params, ARRAY_LEN(paging_params));
    if (verb->flags & VERB_AS_OF)
        know(known, as_of_params, ARRAY_LEN(as_of_params));
    if (verb->flags & VERB_KNOWN_ON)
        know(known, known_on_params, ARRAY_LEN(known_on_params));
}

struct excerpt excerpt_of(const char *text)
{
    struct excerpt e;

    text_copy(e.text, sizeof e.text, text);
    return e;
}

int ask_malformed(struct err *err, const char *field, const char *en, const char *zh, ...)
{
    char text_en[ERR_TEXT_MAX], text_zh[ERR_TEXT_MAX];
    va_list args;

    va_start(args, zh);
    vsnprintf(text_en, sizeof text_en, en, args);
    va_end(args);
    va_start(args, zh);
    vsnprintf(text_zh, sizeof text_zh, zh, args);
    va_end(args);
    return err_say(err, ERR_MALFORMED, field, "%s%.0s", "%.0s%s", text_en, text_zh);
}

static bool digits(int64_t *out, const char **s, size_t n)
{
    *out = 0;
    for (size_t i = 0; i < n; i++, (*s)++) {
        if (**s < '0' || **s > '9')
            return false;
        *out = *out * 10 + (**s - '0');
    }
    return true;
}

static bool literal(const char **s, char c)
{
    return *(*s)++ == c;
}

/* "Z", "+08:00": seconds east of UTC, and nothing after it. */
static bool offset_parse(int64_t *out, const char *s)
{
    int64_t hours, minutes;
    bool west = *s == '-';

    *out = 0;
    if (*s == 'Z' || *s == 'z')
        return s[1] == '\0';
    if (*s != '+' && *s != '-')
        return false;
    s++;
    if (!digits(&hours, &s, 2) || !literal(&s, ':') || !digits(&minutes, &s, 2) || *s != '\0')
        return false;
    *out = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return hours < 24 && minutes < 60;
}

bool moment_parse(int64_t *us_out, const char *s)
{
    int64_t hour, minute, second, micro = 0, offset, scale = 100000;
    day_t day;

    if (day_parse(&day, s, strlen(s))) {
        *us_out = zone_midnight(day + 1) * 1000000 - 1;
        return true;
    }
    if (strlen(s) < 20 || !day_parse(&day, s, 10) || (s[10] != 'T' && s[10] != 't'))
        return false;
    s += 11;
    if (!digits(&hour, &s, 2) || !literal(&s, ':') || !digits(&minute, &s, 2) || !literal(&s, ':') ||
        !digits(&second, &s, 2) || hour > 23 || minute > 59 || second > 60)
        return false;
    if (*s == '.')
        for (s++; *s >= '0' && *s <= '9'; s++, scale /= 10)
            micro += (*s - '0') * scale;
    if (!offset_parse(&offset, s))
        return false;
    *us_out = (((int64_t)day * 86400 + hour * 3600 + minute * 60 + second) - offset) * 1000000 + micro;
    return true;
}

static int check_word(const struct param *p, const char *text, struct err *err)
{
    _cleanup_buf_ struct buf list = {0};
    const char *nearest;
    size_t n = 0;

    for (; p->words[n]; n++) {
        if (strcmp(p->words[n], text) == 0)
            return 0;
        buf_addf(&list, "%s%s", n ? ", " : "", p->words[n]);
    }
    ask_malformed(err, p->name, "%s must be one of: %s", "%s 只能是：%s", p->name, buf_str(&list));
    nearest = text_nearest(text, p->words, n);
    if (nearest)
        err_hint(err, nearest);
    return 1;
}

static int check_text(const struct param *p, const char *text, struct err *err)
{
    struct duration duration;
    int64_t us;
    day_t day;

    switch (p->kind) {
    case PARAM_WORD:
        return check_word(p, text, err);
    case PARAM_REF:
        if (text_ref_check(text, strlen(text)) != REF_OK)
            return ask_malformed(err, p->name,
                                 "%s is not a ref: 1 to 64 bytes of letters, digits, - _ . in NFC",
                                 "%s 不是有效的编号：1 至 64 字节的字母、数字、- _ .（NFC 形式）", p->name);
        return 0;
    case PARAM_DAY:
        if (!day_parse(&day, text, strlen(text)))
            return ask_malformed(err, p->name, "%s is not a date like 2022-11-05",
                                 "%s 不是日期（应如 2022-11-05）", p->name);
        return 0;
    case PARAM_MOMENT:
        if (!moment_parse(&us, text))
            return ask_malformed(err, p->name,
                                 "%s is neither a date nor a time like 2022-11-05T15:00:00+08:00",
                                 "%s 既不是日期，也不是 2022-11-05T15:00:00+08:00 这样的时间", p->name);
        return 0;
    case PARAM_DURATION:
        if (!duration_parse(&duration, text) || duration.count < 0)
            return ask_malformed(err, p->name, "%s is not a span like 14d, 2w, 3m or 1y",
                                 "%s 不是时长（应如 14d、2w、3m、1y）", p->name);
        return 0;
    case PARAM_TEXT:
    case PARAM_INT:
    case PARAM_BOOL:
    case PARAM_SUBJECT:
    case PARAM_OBJECT:
        break;
    }
    if (*text == '\0')
        return ask_malformed(err, p->name, "%s must not be empty", "%s 不能为空", p->name);
    return 0;
}

static int check_int(const struct param *p, const json_t *value, struct err *err)
{
    if (!json_is_integer(value))
        return ask_malformed(err, p->name, "%s must be a whole number", "%s 必须是整数", p->name);
    if (json_integer_value(value) < p->min || json_integer_value(value) > p->max)
        return ask_malformed(err, p->name, "%s must be %lld to %lld", "%s 必须在 %lld 到 %lld 之间",
                             p->name, (long long)p->min, (long long)p->max);
    return 0;
}

static bool subject_of(enum subject_kind *kind_out, const char **ref_out, const json_t *value)
{
    void *iter = json_object_iter((json_t *)value);
    const char *key;

    if (json_object_size(value) != 1)
        return false;
    key = json_object_iter_key(iter);
    *ref_out = json_string_value(json_object_iter_value(iter));
    return *ref_out && subject_kind_parse(kind_out, key, strlen(key)) && *kind_out <= SUBJECT_TRANSFER &&
           text_ref_check(*ref_out, strlen(*ref_out)) == REF_OK;
}

static int check_value(const struct param *p, const json_t *value, struct err *err)
{
    enum subject_kind kind;
    const char *ref;

    switch (p->kind) {
    case PARAM_INT:
        return check_int(p, value, err);
    case PARAM_BOOL:
        if (!json_is_boolean(value))
            return ask_malformed(err, p->name, "%s must be true or false", "%s 只能是 true 或 false",
                                 p->name);
        return 0;
    case PARAM_OBJECT:
        if (!json_is_object(value))
            return ask_malformed(err, p->name, "%s must be an object", "%s 必须是对象", p->name);
        return 0;
    case PARAM_SUBJECT:
        if (!subject_of(&kind, &ref, value))
            return ask_malformed(err, p->name,
                                 "%s must be an object with one of branch, member, unit, transfer",
                                 "%s 必须是只含 branch、member、unit、transfer 之一的对象", p->name);
        return 0;
    case PARAM_TEXT:
    case PARAM_REF:
    case PARAM_WORD:
    case PARAM_DAY:
    case PARAM_MOMENT:
    case PARAM_DURATION:
        break;
    }
    if (!json_is_string(value))
        return ask_malformed(err, p->name, "%s must be text", "%s 必须是文本", p->name);
    return check_text(p, json_string_value(value), err);
}

static int unknown_field(const struct known_params *known, const struct verb *verb, const char *key,
                         struct err *err)
{
    const char *names[PARAMS_MAX];
    const char *nearest;

    for (size_t i = 0; i < known->n; i++)
        names[i] = known->items[i]->name;
    nearest = text_nearest(key, names, known->n);
    ask_malformed(err, key, "%s takes no field \"%s\"", "%s 没有“%s”这一字段", verb->name,
                  excerpt_of(key).text);
    if (nearest)
        err_hint(err, nearest);
    return 1;
}

static int check_fields(const json_t *body, const struct verb *verb, struct err *err)
{
    struct known_params known = {.n = 0};
    const char *key;
    json_t *value;

    params_of(&known, verb);
    json_object_foreach((json_t *)body, key, value)
    {
        const struct param *param = NULL;

        for (size_t i = 0; i < known.n; i++)
            if (strcmp(known.items[i]->name, key) == 0)
                param = known.items[i];
        if (!param)
            return unknown_field(&known, verb, key, err);
        if (!json_is_null(value) && check_value(param, value, err) != 0)
            return 1;
    }
    for (size_t i = 0; i < verb->param_count; i++) {
        const struct param *p = &verb->params[i];

        value = json_object_get(body, p->name);
        if (p->required && (!value || json_is_null(value)))
            return ask_malformed(err, p->name, "%s needs the field %s", "%s 缺少字段 %s", verb->name,
                                 p->name);
    }
    return 0;
}

/* With known_on alone: the civil day of that time. */
static day_t day_asked(const struct asking *ask)
{
    day_t known = DAY_NEVER;
    int64_t us;

    if (ask->as_of)
        return ask_day(ask, "as_of", ask->env->today);
    /* Whole seconds, rounded down before 1970 too. */
    if (ask->known_on && moment_parse(&us, ask_text(ask, "known_on")))
        known = zone_local((us - (us < 0 ? 999999 : 0)) / 1000000).day;
    return known < ask->env->today ? known : ask->env->today;
}

int request_read(struct asking *ask, const char *body, size_t len_bytes, struct err *err)
{
    json_error_t where;
    const char *lang;

    ask->lang = "en";
    ask->body = json_loadb(body, len_bytes, JSON_REJECT_DUPLICATES, &where);
    if (!ask->body)
        return ask_malformed(err, NULL, "the request is not JSON: %s (byte %d)",
                             "请求不是有效的 JSON：%s（第 %d 字节）", where.text, where.position);
    if (!json_is_object(ask->body))
        return ask_malformed(err, NULL, "the request must be a JSON object", "请求必须是 JSON 对象");
    lang = json_string_value(json_object_get(ask->body, "lang"));
    if (check_fields(ask->body, ask->verb, err) != 0)
        return 1;
    if (lang)
        ask->lang = lang;
    ask->as_of = ask_field(ask, "as_of") != NULL;
    ask->known_on = ask_field(ask, "known_on") != NULL;
    ask->day = day_asked(ask);
    ask->page.limit = ask_int(ask, "limit", LIMIT_DEFAULT);
    ask->page.count = ask_bool(ask, "count");
    return 0;
}

const json_t *ask_field(const struct asking *ask, const char *name)
{
    const json_t *value = json_object_get(ask->body, name);

    return value && !json_is_null(value) ? value : NULL;
}

const char *ask_text(const struct asking *ask, const char *name)
{
    return json_string_value(ask_field(ask, name));
}

day_t ask_day(const struct asking *ask, const char *name, day_t absent)
{
    const char *text = ask_text(ask, name);
    day_t day;

    return text && day_parse(&day, text, strlen(text)) ? day : absent;
}

int64_t ask_int(const struct asking *ask, const char *name, int64_t absent)
{
    const json_t *value = ask_field(ask, name);

    return value ? json_integer_value(value) : absent;
}

bool ask_bool(const struct asking *ask, const char *name)
{
    return json_is_true(ask_field(ask, name));
}

bool ask_duration(struct duration *out, const struct asking *ask, const char *name)
{
    const char *text = ask_text(ask, name);

    return text && duration_parse(out, text);
}

bool ask_subject(enum subject_kind *kind_out, const char **ref_out, const struct asking *ask,
                 const char *name)
{
    const json_t *value = ask_field(ask, name);

    return value && subject_of(kind_out, ref_out, value);
}
