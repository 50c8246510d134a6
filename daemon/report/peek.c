#include "report/peek.h"

#include <string.h>

#include "wire/scan.h"

static bool is(struct span key, const char *name)
{
    return key.len == strlen(name) && memcmp(key.s, name, key.len) == 0;
}

/* "..." at *p: what is between the quotes. */
static bool read_string(struct span *out, const char **p, const char *end)
{
    const char *start = *p;

    if (start == end || *start != '"' || !scan_skip(p, end))
        return false;
    *out = (struct span){start + 1, (size_t)(*p - start) - 2};
    return true;
}

static bool read_count(int64_t *out, struct span value)
{
    *out = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.s[i] < '0' || value.s[i] > '9' || *out > INT32_MAX)
            return false;
        *out = *out * 10 + (value.s[i] - '0');
    }
    return value.len > 0;
}

static bool read_list(struct span *out, struct span value)
{
    if (value.len < 2 || value.s[0] != '[' || value.s[value.len - 1] != ']')
        return false;
    *out = (struct span){value.s + 1, value.len - 2};
    return true;
}

bool peek_next_ref(struct span *ref_out, struct span *list)
{
    const char *p = list->s, *end;

    if (list->len == 0)
        return false;
    end = p + list->len;
    if (!read_string(ref_out, &p, end))
        return false;
    if (p < end && *p == ',')
        p++;
    *list = (struct span){p, (size_t)(end - p)};
    return true;
}

static int64_t count_refs(struct span list)
{
    struct span ref;
    int64_t n = 0;

    while (peek_next_ref(&ref, &list))
        n++;
    return n;
}

static bool take(struct peeked *out, struct span key, struct span value)
{
    struct span list;

    if (is(key, "branch")) {
        out->branch = (struct span){value.s + 1, value.len - 2};
        return value.len > 2;
    }
    if (is(key, "with"))
        return read_list(&out->with, value);
    if (is(key, "present_count")) {
        out->counted = true;
        return read_count(&out->present_count, value);
    }
    if (!is(key, "present"))
        return true;
    if (!read_list(&list, value))
        return false;
    out->present = count_refs(list);
    return true;
}

bool peek_meeting(struct peeked *out, const char *body, size_t len_bytes)
{
    const char *p = body, *end = body + len_bytes;

    memset(out, 0, sizeof *out);
    if (p == end || *p++ != '{')
        return false;
    while (p < end && *p != '}') {
        struct span key, value = {.len = 0};

        if (!read_string(&key, &p, end) || p == end || *p++ != ':')
            return false;
        value.s = p;
        if (!scan_skip(&p, end))
            return false;
        value.len = (size_t)(p - value.s);
        if (!take(out, key, value))
            return false;
        if (p < end && *p == ',')
            p++;
    }
    return end - p == 1;
}
