#include "base/json.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/text.h"

static void item(struct json *j)
{
    if (j->comma)
        buf_add_char(j->out, ',');
    j->comma = true;
}

void json_open(struct json *j, char bracket)
{
    item(j);
    buf_add_char(j->out, bracket);
    j->comma = false;
}

void json_close(struct json *j, char bracket)
{
    buf_add_char(j->out, bracket);
    j->comma = true;
}

static void escaped(struct buf *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char u[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

    if (c == '"' || c == '\\') {
        buf_add_char(out, '\\');
        buf_add_char(out, (char)c);
    } else if (c == '\n') {
        buf_add(out, "\\n", 2);
    } else if (c == '\t') {
        buf_add(out, "\\t", 2);
    } else {
        buf_add(out, u, sizeof u);
    }
}

/* What needs no escape is copied as it is, in one go. */
static size_t plain_run(const char *s, size_t len)
{
    return bytes_run(s, len, STOP_QUOTE | STOP_CONTROL);
}

static void add_escaped(struct buf *out, const char *s, size_t len)
{
    for (const char *end = s + len; s < end;) {
        size_t run = plain_run(s, (size_t)(end - s));

        buf_add(out, s, run);
        s += run;
        if (s < end)
            escaped(out, (unsigned char)*s++);
    }
}

/* `room`: for what the caller writes behind it. */
static void quoted(struct buf *out, const char *s, size_t len, size_t room)
{
    size_t run = plain_run(s, len);
    char *p;

    buf_reserve(out, len + 2 + room);
    p = out->data + out->len;
    *p++ = '"';
    memcpy(p, s, run);
    out->len += run + 1;
    if (run < len)
        add_escaped(out, s + run, len - run);
    buf_add_char(out, '"');
}

void json_key(struct json *j, const char *key)
{
    item(j);
    quoted(j->out, key, strlen(key), 1);
    buf_add_char(j->out, ':');
    j->comma = false;
}

void json_strn(struct json *j, const char *s, size_t len_bytes)
{
    item(j);
    quoted(j->out, s, len_bytes, 0);
}

void json_str(struct json *j, const char *s)
{
    json_strn(j, s, strlen(s));
}

void json_int(struct json *j, int64_t v)
{
    char text[TEXT_INT_SIZE];

    json_raw(j, text, text_int(text, v));
}

void json_bool(struct json *j, bool v)
{
    json_raw(j, v ? "true" : "false", v ? 4 : 5);
}

void json_nil(struct json *j)
{
    json_raw(j, "null", 4);
}

void json_day(struct json *j, day_t day)
{
    char text[DAY_TEXT_SIZE];

    if (day == DAY_NONE)
        json_nil(j);
    else
        json_str(j, day_format(text, day));
}

void json_raw(struct json *j, const char *text, size_t len_bytes)
{
    item(j);
    buf_add(j->out, text, len_bytes);
}

void json_kv_str(struct json *j, const char *key, const char *s)
{
    json_key(j, key);
    json_str(j, s);
}

void json_kv_int(struct json *j, const char *key, int64_t v)
{
    json_key(j, key);
    json_int(j, v);
}

void json_kv_bool(struct json *j, const char *key, bool v)
{
    json_key(j, key);
    json_bool(j, v);
}

void json_kv_day(struct json *j, const char *key, day_t day)
{
    json_key(j, key);
    json_day(j, day);
}

void json_hundredths(struct json *j, int64_t v)
{
    char text[32];
    int len;

    if (v % 100 == 0)
        len = snprintf(text, sizeof text, "%lld", (long long)(v / 100));
    else if (v % 10 == 0)
        len = snprintf(text, sizeof text, "%lld.%d", (long long)(v / 100), (int)(v % 100 / 10));
    else
        len = snprintf(text, sizeof text, "%lld.%02d", (long long)(v / 100), (int)(v % 100));
    json_raw(j, text, (size_t)len);
}
