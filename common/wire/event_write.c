/* The stored form: two JSON objects, what may be erased apart from the rest. */
#include <string.h>

#include "base/json.h"
#include "wire/event.h"

static void write_list(struct json *j, const struct value *v)
{
    json_open(j, '[');
    for (size_t i = 0; i < v->count; i++)
        json_strn(j, v->items[i].s, v->items[i].len);
    json_close(j, ']');
}

static void write_absent(struct json *j, const struct value *v)
{
    json_open(j, '[');
    for (size_t i = 0; i < v->count; i++) {
        json_open(j, '{');
        json_key(j, "member");
        json_strn(j, v->items[i].s, v->items[i].len);
        json_key(j, "reason");
        json_strn(j, v->reasons[i].s, v->reasons[i].len);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void write_subject(struct json *j, const struct value *v)
{
    json_open(j, '{');
    json_key(j, subject_kind_name(v->subject));
    json_strn(j, v->text.s, v->text.len);
    json_close(j, '}');
}

static void write_uuid(struct json *j, const uint8_t uuid[UUID_SIZE])
{
    char text[UUID_TEXT_SIZE];

    json_strn(j, uuid_format(text, uuid), UUID_TEXT_SIZE - 1);
}

static void write_value(struct json *j, const struct field_spec *spec, const struct value *v)
{
    json_key(j, field_name(spec->id));
    switch (spec->kind) {
    case VALUE_REF:
    case VALUE_NAME:
    case VALUE_TEXT:
    case VALUE_DATE:
    case VALUE_KEY:
        json_strn(j, v->text.s, v->text.len);
        break;
    case VALUE_ENUM:
        json_str(j, spec->words[v->number]);
        break;
    case VALUE_BOOL:
        json_bool(j, v->number != 0);
        break;
    case VALUE_INT:
        json_int(j, v->number);
        break;
    case VALUE_HOURS:
        json_hundredths(j, v->number);
        break;
    case VALUE_NUMBER:
        json_raw(j, v->text.s, v->text.len);
        break;
    case VALUE_UUID:
        write_uuid(j, v->uuid);
        break;
    case VALUE_KINDS:
    case VALUE_REFS:
    case VALUE_TEXTS:
    case VALUE_RULES:
    case VALUE_AREAS:
        write_list(j, v);
        break;
    case VALUE_ABSENT:
        write_absent(j, v);
        break;
    case VALUE_SUBJECT:
        write_subject(j, v);
        break;
    }
}

/* Blanks between the tokens say nothing and are left out; strings and numbers stay as given. */
static void write_extra(struct json *j, struct span extra)
{
    bool in_string = false;

    json_key(j, "extra");
    json_raw(j, "", 0);
    buf_reserve(j->out, extra.len);
    for (size_t i = 0; i < extra.len; i++) {
        char c = extra.s[i];

        if (!in_string && (c == ' ' || c == '\n' || c == '\t' || c == '\r'))
            continue;
        buf_add_char(j->out, c);
        if (in_string && c == '\\')
            buf_add_char(j->out, extra.s[++i]);
        else if (c == '"')
            in_string = !in_string;
    }
}

static void write_fields(struct json *j, const struct event *e, unsigned personal)
{
    const struct type_spec *type = catalogue_type(e->type);

    for (size_t i = 0; i < type->field_count; i++) {
        const struct field_spec *spec = &type->fields[i];

        if ((spec->flags & FIELD_PERSONAL) == personal && event_has(e, spec->id))
            write_value(j, spec, e->values[spec->id]);
    }
}

void event_write(struct buf *body, struct buf *personal, const struct event *event)
{
    struct json j = json_to(body);
    size_t start = personal->len;

    json_open(&j, '{');
    json_key(&j, "id");
    write_uuid(&j, event->id);
    json_kv_str(&j, "type", catalogue_type(event->type)->name);
    json_key(&j, "at");
    json_strn(&j, event->at.s, event->at.len);
    if (event->has_replaces) {
        json_key(&j, "replaces");
        write_uuid(&j, event->replaces);
    }
    write_fields(&j, event, 0);
    json_close(&j, '}');

    j = json_to(personal);
    json_open(&j, '{');
    write_fields(&j, event, FIELD_PERSONAL);
    if (event->extra.len)
        write_extra(&j, event->extra);
    json_close(&j, '}');
    if (personal->len == start + 2) /* only the braces */
        personal->len = start;
}

void event_join(struct buf *out, const char *body, size_t body_len, const char *personal,
                size_t personal_len)
{
    enum { BRACES = 2 };

    if (body_len > BRACES)
        buf_add(out, body + 1, body_len - BRACES);
    if (personal_len <= BRACES)
        return;
    if (body_len > BRACES)
        buf_add_char(out, ',');
    buf_add(out, personal + 1, personal_len - BRACES);
}
