/* One field's value: its type, range and form (ledger.md section 3). */
#include <string.h>

#include "base/keyfile.h"
#include "base/text.h"
#include "wire/decimal.h"
#include "wire/event_parts.h"

/* "Texts are valid UTF-8, at most 4 KiB" (ledger.md section 3). */
enum { TEXT_MAX_BYTES = 4096, HOURS_MAX = 1000 };

int event_text_read(struct reader *r, const char *field, size_t node, struct span *out)
{
    const struct scan_node *n = node_at(r, node);

    if (n->kind != SCAN_STRING)
        return SAY_BAD(r, field, "%s must be a text", "%s 必须是文本", field);
    if (n->flags & SCAN_BAD_TEXT)
        return SAY_BAD(r, field, "%s has an escape that is no character (\\u0000, or half of a surrogate pair)",
                       "%s 含有不成字符的转义（\\u0000 或不成对的代理项）", field);
    *out = node_span(r, node);
    if (out->len > TEXT_MAX_BYTES)
        return SAY_BAD(r, field, "%s is too long: at most %d bytes", "%s 过长：最多 %d 字节", field,
                       TEXT_MAX_BYTES);
    if (text_has_control(out->s, out->len))
        return SAY_BAD(r, field, "%s has a control character; only newline and tab are allowed",
                       "%s 含有控制字符；只允许换行和制表符", field);
    return 0;
}

int event_ref_read(struct reader *r, const char *field, size_t node, struct span *out)
{
    char quoted[EXCERPT_SIZE];

    if (event_text_read(r, field, node, out))
        return 1;
    event_excerpt(quoted, *out);
    switch (text_ref_check(out->s, out->len)) {
    case REF_OK:
        return 0;
    case REF_EMPTY:
        return SAY_BAD(r, field, "%s is empty", "%s 为空", field);
    case REF_TOO_LONG:
        return SAY_BAD(r, field, "%s is too long: a ref has at most 64 bytes",
                       "%s 过长：编号最多 64 字节", field);
    case REF_BAD_CHARACTER:
        return SAY_BAD(r, field, "%s \"%s\" is no ref: letters, digits, - _ . only",
                       "%s “%s”不是有效的编号：只能用文字、数字和 - _ .", field, quoted);
    case REF_NOT_NFC:
        return SAY_BAD(r, field, "%s \"%s\" is not in Unicode normal form C",
                       "%s “%s”不是 Unicode NFC 规范形式", field, quoted);
    }
    return 1;
}

int event_uuid_read(struct reader *r, const char *field, size_t node, uint8_t out[UUID_SIZE])
{
    struct span text = node_span(r, node);

    if (node_at(r, node)->kind == SCAN_STRING && uuid_parse(out, text.s, text.len))
        return 0;
    return SAY_BAD(r, field, "%s must be a UUID in lower case, such as 0185a000-0000-7000-8000-000000000001",
                   "%s 必须是小写的 UUID，例如 0185a000-0000-7000-8000-000000000001", field);
}

static int read_name(struct reader *r, const char *field, size_t node, struct span *out)
{
    if (event_text_read(r, field, node, out))
        return 1;
    return out->len ? 0 : SAY_BAD(r, field, "%s must not be empty", "%s 不能为空", field);
}

static int read_date(struct reader *r, const char *field, size_t node, struct value *v)
{
    v->text = node_span(r, node);
    if (node_at(r, node)->kind == SCAN_STRING && day_parse(&v->day, v->text.s, v->text.len) &&
        v->day >= EVENT_DAY_FIRST)
        return 0;
    return SAY_BAD(r, field, "%s must be a date such as 2022-11-05", "%s 必须是日期，例如 2022-11-05",
                   field);
}

static int read_enum(struct reader *r, const struct field_spec *spec, size_t node, struct value *v)
{
    const char *field = field_name(spec->id);
    char words[160] = "", quoted[EXCERPT_SIZE];
    const char *near;
    size_t n = 0;

    v->text = node_span(r, node);
    for (; spec->words[n]; n++) {
        if (node_at(r, node)->kind == SCAN_STRING && span_is(v->text, spec->words[n])) {
            v->number = (int64_t)n;
            return 0;
        }
        if (n)
            strncat(words, ", ", sizeof words - strlen(words) - 1);
        strncat(words, spec->words[n], sizeof words - strlen(words) - 1);
    }
    if (node_at(r, node)->kind != SCAN_STRING)
        return SAY_BAD(r, field, "%s must be one of: %s", "%s 必须是以下之一：%s", field, words);
    event_excerpt(quoted, v->text);
    SAY_BAD(r, field, "%s cannot be \"%s\": it is one of %s", "%s 不能是“%s”：应为 %s 之一", field, quoted,
            words);
    near = text_nearest(v->text.s, spec->words, n);
    if (near)
        err_hint(r->err, near);
    return 1;
}

static int read_int(struct reader *r, const struct field_spec *spec, size_t node, struct value *v)
{
    const char *field = field_name(spec->id);
    struct span text = node_span(r, node);
    bool fits = false;

    if (node_at(r, node)->kind == SCAN_NUMBER) {
        struct decimal d = decimal_read(text.s, text.len);

        fits = decimal_scaled(&v->number, &d, 0) && v->number >= spec->min && v->number <= spec->max;
    }
    if (fits)
        return 0;
    if (spec->max == INT64_MAX)
        return SAY_BAD(r, field, "%s must be a whole number from %lld", "%s 必须是不小于 %lld 的整数",
                       field, (long long)spec->min);
    return SAY_BAD(r, field, "%s must be a whole number from %lld to %lld",
                   "%s 必须是 %lld 到 %lld 的整数", field, (long long)spec->min, (long long)spec->max);
}

static int read_hours(struct reader *r, const char *field, size_t node, struct value *v)
{
    struct span text = node_span(r, node);
    bool fits = false;

    if (node_at(r, node)->kind == SCAN_NUMBER) {
        struct decimal d = decimal_read(text.s, text.len);

        fits = decimal_scaled(&v->number, &d, 2) && v->number > 0 && v->number <= HOURS_MAX * 100;
    }
    return fits ? 0
                : SAY_BAD(r, field, "%s must be a number above 0 and at most %d, with at most 2 decimals",
                          "%s 必须是大于 0、不超过 %d 的数，最多两位小数", field, HOURS_MAX);
}

static int read_bool(struct reader *r, const char *field, size_t node, struct value *v)
{
    v->number = node_at(r, node)->kind == SCAN_TRUE;
    if (v->number || node_at(r, node)->kind == SCAN_FALSE)
        return 0;
    return SAY_BAD(r, field, "%s must be true or false", "%s 必须是 true 或 false", field);
}

static int read_number(struct reader *r, const char *field, size_t node, struct value *v)
{
    const struct scan_node *n = node_at(r, node);

    if (n->kind != SCAN_NUMBER)
        return SAY_BAD(r, field, "%s must be a number", "%s 必须是数", field);
    if (n->flags & SCAN_BIG_NUMBER)
        return SAY_BAD(r, field, "%s is too large a number", "%s 数值过大", field);
    v->text = (struct span){arena_strndup(r->arena, scan_str(&r->scan, n), n->len), n->len};
    return 0;
}

static int read_subject(struct reader *r, const char *field, size_t node, struct value *v)
{
    const struct scan_node *n = node_at(r, node);
    enum subject_kind most = r->mode == EVENT_STORED ? SUBJECT_TRANSFER : SUBJECT_UNIT;
    struct span key;

    if (n->kind == SCAN_OBJECT && n->next > node + 1 && node_at(r, node + 2)->next == n->next) {
        key = node_span(r, node + 1);
        if (subject_kind_parse(&v->subject, key.s, key.len) && v->subject <= most)
            return event_ref_read(r, field, node + 2, &v->text);
    }
    return SAY_BAD(r, field, "%s must name one branch, member or unit, such as {\"branch\": \"B-001\"}",
                   "%s 必须指明一个支部、党员或单位，例如 {\"branch\": \"B-001\"}", field);
}

static int read_key(struct reader *r, const char *field, size_t node, struct span *out)
{
    if (event_text_read(r, field, node, out))
        return 1;
    if (key_is_z85(out->s, out->len))
        return 0;
    return SAY_BAD(r, field, "%s must be a public key: %d characters, as muster key new prints them",
                   "%s 必须是公钥：%d 个字符，如 muster key new 所示", field, KEY_TEXT_SIZE - 1);
}

int event_value_read(struct reader *r, const struct field_spec *spec, size_t node)
{
    struct value *v = arena_alloc(r->arena, sizeof *v);
    const char *field = field_name(spec->id);
    int bad = 1;

    v->kind = spec->kind;
    switch (spec->kind) {
    case VALUE_REF:
        bad = event_ref_read(r, field, node, &v->text);
        break;
    case VALUE_NAME:
        bad = read_name(r, field, node, &v->text);
        break;
    case VALUE_TEXT:
        bad = event_text_read(r, field, node, &v->text);
        break;
    case VALUE_ENUM:
        bad = read_enum(r, spec, node, v);
        break;
    case VALUE_BOOL:
        bad = read_bool(r, field, node, v);
        break;
    case VALUE_INT:
        bad = read_int(r, spec, node, v);
        break;
    case VALUE_HOURS:
        bad = read_hours(r, field, node, v);
        break;
    case VALUE_NUMBER:
        bad = read_number(r, field, node, v);
        break;
    case VALUE_DATE:
        bad = read_date(r, field, node, v);
        break;
    case VALUE_UUID:
        v->text = node_span(r, node);
        bad = event_uuid_read(r, field, node, v->uuid);
        break;
    case VALUE_SUBJECT:
        bad = read_subject(r, field, node, v);
        break;
    case VALUE_KEY:
        bad = read_key(r, field, node, &v->text);
        break;
    case VALUE_KINDS:
    case VALUE_REFS:
    case VALUE_TEXTS:
    case VALUE_RULES:
    case VALUE_AREAS:
        bad = event_value_list(r, spec, node, v);
        break;
    case VALUE_ABSENT:
        bad = event_value_absent(r, spec, node, v);
        break;
    }
    r->out->values[spec->id] = bad ? NULL : v;
    return bad;
}
