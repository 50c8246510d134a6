#include "wire/scan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "wire/decimal.h"
#include "wire/scan_parts.h"

static bool read_value(struct scan *s, unsigned depth);

bool scan_fail(struct scan *s, enum scan_error error, const char *where)
{
    s->error = where >= s->end && (error == SCAN_SYNTAX || error == SCAN_ESCAPE) ? SCAN_ENDS_EARLY : error;
    s->error_at = (size_t)(where - s->json);
    return false;
}

/* Every value and key but the first stands behind one of these. */
static size_t node_bound(const struct scan *s)
{
    size_t n = 1;

    for (const char *p = s->json; p < s->end; p++)
        n += *p == ',' || *p == ':' || *p == '[' || *p == '{';
    return n;
}

size_t scan_node_add(struct scan *s, enum scan_kind kind, size_t at)
{
    if (s->count == s->cap) {
        size_t cap = node_bound(s);
        struct scan_node *nodes = arena_alloc(s->arena, cap * sizeof *nodes);

        memcpy(nodes, s->nodes, s->count * sizeof *nodes);
        s->nodes = nodes;
        s->cap = cap;
    }
    s->nodes[s->count] = (struct scan_node){.at = (uint32_t)at, .kind = (uint8_t)kind};
    return s->count++;
}

static void skip_blanks(struct scan *s)
{
    s->p = scan_skip_blanks(s->p, s->end);
}

/* ---- numbers ---- */

static bool digits(struct scan *s)
{
    const char *start = s->p;

    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return s->p > start;
}

/* Only near the edge of double is the library asked. */
static bool beyond_double(const char *text, size_t len, const struct decimal *d, struct arena *arena)
{
    enum { DOUBLE_MAX_10 = 308 };
    int64_t magnitude = decimal_magnitude(d);
    int before = errno;
    bool beyond;

    if (magnitude != DOUBLE_MAX_10)
        return magnitude > DOUBLE_MAX_10;
    errno = 0;
    beyond = isinf(strtod(arena_strndup(arena, text, len), NULL)) && errno == ERANGE;
    errno = before;
    return beyond;
}

static bool big_number(struct scan *s, const char *text, size_t len)
{
    struct decimal d;
    int64_t value;

    if (len <= 18)
        for (size_t i = 0;; i++) {
            if (i == len)
                return false;
            if (text[i] == 'e' || text[i] == 'E')
                break;
        }
    d = decimal_read(text, len);
    if (d.whole)
        return !decimal_scaled(&value, &d, 0);
    return beyond_double(text, len, &d, s->arena);
}

static bool read_number(struct scan *s)
{
    const char *start = s->p;
    size_t node = scan_node_add(s, SCAN_NUMBER, (size_t)(start - s->json));

    if (*s->p == '-')
        s->p++;
    if (s->p < s->end && *s->p == '0')
        s->p++;
    else if (!digits(s))
        return scan_fail(s, SCAN_SYNTAX, s->p);
    if (s->p < s->end && *s->p == '.') {
        s->p++;
        if (!digits(s))
            return scan_fail(s, SCAN_SYNTAX, s->p);
    }
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
            s->p++;
        if (!digits(s))
            return scan_fail(s, SCAN_SYNTAX, s->p);
    }
    s->nodes[node].len = (uint32_t)(s->p - start);
    if (big_number(s, start, s->nodes[node].len))
        s->nodes[node].flags = SCAN_BIG_NUMBER;
    s->nodes[node].next = (uint32_t)s->count;
    return true;
}

/* ---- containers ---- */

static bool read_member(struct scan *s, unsigned depth)
{
    skip_blanks(s);
    if (s->p == s->end || *s->p != '"')
        return scan_fail(s, SCAN_SYNTAX, s->p);
    if (!scan_string(s))
        return false;
    skip_blanks(s);
    if (s->p == s->end || *s->p != ':')
        return scan_fail(s, SCAN_SYNTAX, s->p);
    s->p++;
    return read_value(s, depth);
}

/* Behind a value: a comma (true), or the closing bracket (*closed). */
static bool read_separator(struct scan *s, char bracket, bool *closed)
{
    skip_blanks(s);
    if (s->p == s->end || (*s->p != ',' && *s->p != bracket))
        return scan_fail(s, SCAN_SYNTAX, s->p);
    *closed = *s->p++ == bracket;
    return true;
}

static bool read_object(struct scan *s, unsigned depth, size_t node, bool closed)
{
    size_t first = s->count, n = 0;
    uint64_t bits = 0;

    while (!closed) {
        size_t key = s->count;

        if (!read_member(s, depth))
            return false;
        s->nodes[node].flags |= s->nodes[key].flags | s->nodes[key + 1].flags;
        n++;
        if (n <= SCAN_KEYS_LINEAR && scan_key_repeated(s, first, key, &bits))
            return scan_fail(s, SCAN_DUPLICATE, s->p);
        if (!read_separator(s, '}', &closed))
            return false;
    }
    return n <= SCAN_KEYS_LINEAR || !scan_keys_repeated(s, first, n) || scan_fail(s, SCAN_DUPLICATE, s->p);
}

static bool read_array(struct scan *s, unsigned depth, size_t node, bool closed)
{
    while (!closed) {
        size_t item = s->count;

        if (!read_value(s, depth))
            return false;
        s->nodes[node].flags |= s->nodes[item].flags;
        if (!read_separator(s, ']', &closed))
            return false;
    }
    return true;
}

static bool read_container(struct scan *s, unsigned depth)
{
    const char *start = s->p;
    bool object = *start == '{', closed;
    size_t node = scan_node_add(s, object ? SCAN_OBJECT : SCAN_ARRAY, (size_t)(start - s->json));

    if (depth >= s->depth_max)
        return scan_fail(s, SCAN_TOO_DEEP, start);
    s->p++;
    skip_blanks(s);
    closed = s->p < s->end && *s->p == (object ? '}' : ']');
    s->p += closed;
    if (!(object ? read_object(s, depth + 1, node, closed) : read_array(s, depth + 1, node, closed)))
        return false;
    s->nodes[node].len = (uint32_t)(s->p - start);
    s->nodes[node].next = (uint32_t)s->count;
    return true;
}

static bool read_word(struct scan *s, const char *word, size_t len, enum scan_kind kind)
{
    size_t node;

    if ((size_t)(s->end - s->p) < len || memcmp(s->p, word, len) != 0)
        return scan_fail(s, SCAN_SYNTAX, s->p);
    node = scan_node_add(s, kind, (size_t)(s->p - s->json));
    s->nodes[node].len = (uint32_t)len;
    s->nodes[node].next = (uint32_t)s->count;
    s->p += len;
    return true;
}

static bool read_value(struct scan *s, unsigned depth)
{
    skip_blanks(s);
    if (s->p == s->end)
        return scan_fail(s, SCAN_ENDS_EARLY, s->p);
    switch (*s->p) {
    case '{':
    case '[':
        return read_container(s, depth);
    case '"':
        return scan_string(s);
    case 't':
        return read_word(s, "true", 4, SCAN_TRUE);
    case 'f':
        return read_word(s, "false", 5, SCAN_FALSE);
    case 'n':
        return read_word(s, "null", 4, SCAN_NULL);
    default:
        if (*s->p != '-' && (*s->p < '0' || *s->p > '9'))
            return scan_fail(s, SCAN_SYNTAX, s->p);
        return read_number(s);
    }
}

int scan_read(struct scan *s, struct arena *arena, const char *json, size_t len_bytes,
              unsigned depth_max)
{
    s->json = json;
    s->p = json;
    s->end = json + len_bytes;
    s->texts = arena_alloc(arena, len_bytes + 1);
    s->texts_len = 0;
    s->nodes = s->first;
    s->count = 0;
    s->cap = SCAN_NODES_INLINE;
    s->depth_max = depth_max;
    s->arena = arena;
    s->error = SCAN_FINE;
    s->error_at = 0;
    if (!read_value(s, 0))
        return 1;
    skip_blanks(s);
    if (s->p < s->end) {
        scan_fail(s, SCAN_TRAILING, s->p);
        return 1;
    }
    return 0;
}
