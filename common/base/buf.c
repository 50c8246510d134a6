#include "base/buf.h"

#include <stdarg.h>

void *mem_alloc(size_t size_bytes)
{
    void *p = malloc(size_bytes ? size_bytes : 1);

    if (!p)
        abort();
    return p;
}

void *mem_zero(size_t size_bytes)
{
    void *p = calloc(1, size_bytes ? size_bytes : 1);

    if (!p)
        abort();
    return p;
}

void *mem_resize(void *p, size_t size_bytes)
{
    void *q = realloc(p, size_bytes ? size_bytes : 1);

    if (!q)
        abort();
    return q;
}

char *mem_strdup(const char *s)
{
    return mem_strndup(s, strlen(s));
}

char *mem_strndup(const char *s, size_t len_bytes)
{
    char *copy = mem_alloc(len_bytes + 1);

    memcpy(copy, s, len_bytes);
    copy[len_bytes] = '\0';
    return copy;
}

void buf_reserve(struct buf *b, size_t more_bytes)
{
    size_t cap = b->cap ? b->cap : 64;

    if (b->cap - b->len >= more_bytes)
        return;
    while (cap - b->len < more_bytes)
        cap *= 2;
    b->data = mem_resize(b->data, cap);
    b->cap = cap;
}

void buf_add(struct buf *b, const void *data, size_t len_bytes)
{
    if (len_bytes == 0)
        return;
    buf_reserve(b, len_bytes);
    memcpy(b->data + b->len, data, len_bytes);
    b->len += len_bytes;
}

void buf_add_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0)
        return;
    buf_reserve(b, (size_t)len + 1);
    va_start(args, fmt);
    vsnprintf(b->data + b->len, (size_t)len + 1, fmt, args);
    va_end(args);
    b->len += (size_t)len;
}

void buf_clear(struct buf *b)
{
    b->len = 0;
}

void buf_deinit(struct buf *b)
{
    free(b->data);
    memset(b, 0, sizeof *b);
}

const char *buf_str(struct buf *b)
{
    buf_reserve(b, 1);
    b->data[b->len] = '\0';
    return b->data;
}
