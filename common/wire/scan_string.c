/* Strings: strict UTF-8, escapes decoded, keys unique. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "wire/scan_parts.h"

static int hex4(const char *p)
{
    int v = 0;

    for (int i = 0; i < 4; i++) {
        char c = p[i];

        v <<= 4;
        if (c >= '0' && c <= '9')
            v |= c - '0';
        else if (c >= 'a' && c <= 'f')
            v |= c - 'a' + 10;
        else if (c >= 'A' && c <= 'F')
            v |= c - 'A' + 10;
        else
            return -1;
    }
    return v;
}

static char *put_utf8(char *out, uint32_t cp)
{
    if (cp < 0x80) {
        *out++ = (char)cp;
    } else if (cp < 0x800) {
        *out++ = (char)(0xC0 | cp >> 6);
        *out++ = (char)(0x80 | (cp & 0x3F));
    } else if (cp < 0x10000) {
        *out++ = (char)(0xE0 | cp >> 12);
        *out++ = (char)(0x80 | (cp >> 6 & 0x3F));
        *out++ = (char)(0x80 | (cp & 0x3F));
    } else {
        *out++ = (char)(0xF0 | cp >> 18);
        *out++ = (char)(0x80 | (cp >> 12 & 0x3F));
        *out++ = (char)(0x80 | (cp >> 6 & 0x3F));
        *out++ = (char)(0x80 | (cp & 0x3F));
    }
    return out;
}

/* *p is at the four digits. NULL if they are none; a bad character becomes U+FFFD with a flag. */
static char *unicode_escape(struct scan *s, const char **p, char *out, uint8_t *flags)
{
    int unit = s->end - *p >= 4 ? hex4(*p) : -1;
    uint32_t cp = (uint32_t)unit;

    if (unit < 0)
        return NULL;
    *p += 4;
    if (unit >= 0xD800 && unit <= 0xDBFF && s->end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u') {
        int low = hex4(*p + 2);

        if (low >= 0xDC00 && low <= 0xDFFF) {
            *p += 6;
            return put_utf8(out, 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00));
        }
    }
    if (unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF)) {
        *flags |= SCAN_BAD_TEXT;
        cp = 0xFFFD;
    }
    return put_utf8(out, cp);
}

/* *p is behind the backslash. */
static char *escape(struct scan *s, const char **p, char *out, uint8_t *flags)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *known;

    if (*p == s->end)
        return NULL;
    if (**p == 'u') {
        (*p)++;
        return unicode_escape(s, p, out, flags);
    }
    known = memchr(from, **p, sizeof from - 1);
    if (!known)
        return NULL;
    (*p)++;
    *out++ = to[known - from];
    return out;
}

/* s->p is at the opening quote. A decoded string with its terminator is never longer than the
 * quoted one, so the room of `texts` suffices. */
bool scan_string(struct scan *s)
{
    size_t node = scan_node_add(s, SCAN_STRING, s->texts_len);
    char *start = s->texts + s->texts_len, *out = start;
    const char *p = s->p + 1;
    uint8_t flags = 0;

    for (;;) {
        size_t run = bytes_run(p, (size_t)(s->end - p), STOP_QUOTE | STOP_CONTROL | STOP_HIGH);

        memcpy(out, p, run);
        out += run;
        p += run;
        if (p == s->end)
            return scan_fail(s, SCAN_ENDS_EARLY, p);
        if (*p == '"')
            break;
        if (*p == '\\') {
            const char *at = p++;

            out = escape(s, &p, out, &flags);
            if (!out)
                return scan_fail(s, SCAN_ESCAPE, at);
        } else if ((unsigned char)*p < 0x20) {
            return scan_fail(s, SCAN_CONTROL, p);
        } else {
            uint32_t cp;
            size_t n = text_utf8_next(p, (size_t)(s->end - p), &cp);

            if (n == 0)
                return scan_fail(s, SCAN_UTF8, p);
            memcpy(out, p, n);
            out += n;
            p += n;
        }
    }
    *out = '\0';
    s->p = p + 1;
    s->texts_len += (size_t)(out - start) + 1;
    s->nodes[node].len = (uint32_t)(out - start);
    s->nodes[node].flags = flags;
    s->nodes[node].next = (uint32_t)s->count;
    return true;
}

static bool same_key(const struct scan *s, size_t a, size_t b)
{
    const struct scan_node *x = &s->nodes[a], *y = &s->nodes[b];

    return x->len == y->len && memcmp(s->texts + x->at, s->texts + y->at, x->len) == 0;
}

static int compare_keys(const void *a, const void *b, void *context)
{
    const struct scan *s = context;
    const struct scan_node *x = &s->nodes[*(const uint32_t *)a], *y = &s->nodes[*(const uint32_t *)b];

    if (x->len != y->len)
        return x->len < y->len ? -1 : 1;
    return memcmp(s->texts + x->at, s->texts + y->at, x->len);
}

/* One of 64: two different keys seldom share it, so most objects need no comparison at all. */
static uint64_t key_bit(const struct scan *s, size_t key)
{
    const struct scan_node *n = &s->nodes[key];
    const unsigned char *t = (const unsigned char *)s->texts + n->at;

    if (n->len == 0)
        return 1;
    return (uint64_t)1 << ((n->len * 7u + t[0] * 5u + t[n->len - 1] * 11u + t[n->len / 2] * 3u) & 63);
}

bool scan_key_repeated(const struct scan *s, size_t first, size_t key, uint64_t *bits)
{
    uint64_t bit = key_bit(s, key);
    bool seen = (*bits & bit) != 0;

    *bits |= bit;
    for (size_t i = first; seen && i < key; i = s->nodes[i + 1].next)
        if (same_key(s, i, key))
            return true;
    return false;
}

bool scan_keys_repeated(struct scan *s, size_t first, size_t n)
{
    uint32_t *keys = arena_alloc(s->arena, n * sizeof *keys);
    size_t at = first;

    for (size_t i = 0; i < n; i++) {
        keys[i] = (uint32_t)at;
        at = s->nodes[at + 1].next;
    }
    qsort_r(keys, n, sizeof *keys, compare_keys, s);
    for (size_t i = 1; i < n; i++)
        if (same_key(s, keys[i - 1], keys[i]))
            return true;
    return false;
}
