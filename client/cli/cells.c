#include "cells.h"

#include <string.h>

#include "say.h"
#include "words.h"

static void plain(struct buf *out, const json_t *value, bool shown);

/* 8 rather than 8.0, and 0.1 rather than 0.10000000000000001. */
static void number_text(struct buf *out, double value)
{
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    buf_add_str(out, text);
}

static void list_text(struct buf *out, const json_t *list, bool shown)
{
    size_t i;
    json_t *item;

    json_array_foreach(list, i, item) {
        if (i > 0)
            buf_add_str(out, "; ");
        plain(out, item, shown);
    }
}

static void object_text(struct buf *out, const json_t *object, bool shown)
{
    const char *key;
    json_t *value;
    bool one = json_object_size(object) == 1, first = true;

    json_object_foreach((json_t *)object, key, value) {
        if (!first)
            buf_add_str(out, ", ");
        first = false;
        buf_add_str(out, shown ? word_shown(key) : key);
        buf_add_char(out, one ? ':' : ' ');
        plain(out, value, shown);
    }
}

static void plain(struct buf *out, const json_t *value, bool shown)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        buf_add_str(out, shown ? word_shown(json_string_value(value)) : json_string_value(value));
        break;
    case JSON_INTEGER:
        buf_addf(out, "%lld", (long long)json_integer_value(value));
        break;
    case JSON_REAL:
        number_text(out, json_real_value(value));
        break;
    case JSON_TRUE:
        buf_add_str(out, shown ? _("yes") : "true");
        break;
    case JSON_FALSE:
        buf_add_str(out, shown ? _("no") : "false");
        break;
    case JSON_NULL:
        break;
    case JSON_ARRAY:
        list_text(out, value, shown);
        break;
    case JSON_OBJECT:
        object_text(out, value, shown);
        break;
    }
}

void cell_plain(struct buf *out, const json_t *value)
{
    plain(out, value, false);
}

void cell_shown(struct buf *out, const json_t *value)
{
    plain(out, value, true);
}

void cell_member(struct buf *out, const json_t *row, const char *key)
{
    cell_shown(out, json_object_get(row, key));
}

const char *cell_string(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));

    return text ? text : "";
}

static bool has_real(const json_t *value)
{
    const char *key;
    json_t *item;
    size_t i;

    if (json_is_real(value))
        return true;
    json_object_foreach((json_t *)value, key, item)
        if (has_real(item))
            return true;
    json_array_foreach(value, i, item)
        if (has_real(item))
            return true;
    return false;
}

static char *dump(const json_t *row)
{
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;

    if (!has_real(row))
        return json_dumps(row, flags);
    for (size_t digits = 15; digits < 17; digits++) {
        char *text = json_dumps(row, flags | JSON_REAL_PRECISION(digits));
        json_t *back = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        bool same = json_equal(back, row);

        json_decref(back);
        if (same)
            return text;
        free(text);
    }
    return json_dumps(row, flags | JSON_REAL_PRECISION(17));
}

void cell_json(struct buf *out, const json_t *row)
{
    _cleanup_free_ char *text = dump(row);

    /* jansson escapes what JSON demands; DEL and the C1 controls, which a terminal may obey, stand
     * only inside strings, and are escaped here. */
    for (const char *p = text; p && *p; p++) {
        unsigned char c = (unsigned char)p[0], next = (unsigned char)p[1];

        if (c == 0x7F)
            buf_add_str(out, "\\u007f");
        else if (c == 0xC2 && next >= 0x80 && next < 0xA0)
            buf_addf(out, "\\u%04x", (unsigned char)*++p);
        else
            buf_add_char(out, *p);
    }
}

/* A spreadsheet takes a cell that begins like this for a formula, and may run it: somebody's name
 * "=cmd|..." must stay a name. An apostrophe in front makes it text. Numbers are left alone. */
static bool looks_like_formula(const char *text)
{
    return *text && strchr("=+-@\t\r", *text);
}

void cell_csv(struct buf *out, const char *text, bool number)
{
    bool formula = !number && looks_like_formula(text);

    if (!formula && !strpbrk(text, ",\"\r\n")) {
        buf_add_str(out, text);
        return;
    }
    buf_add_char(out, '"');
    if (formula)
        buf_add_char(out, '\'');
    for (; *text; text++) {
        if (*text == '"')
            buf_add_char(out, '"');
        buf_add_char(out, *text);
    }
    buf_add_char(out, '"');
}
