/* A growing byte buffer. Running out of memory ends the process: at these sizes nothing better
 * can be done, and the ledger on disk is unharmed. */
#ifndef MUSTER_BASE_BUF_H
#define MUSTER_BASE_BUF_H

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

struct buf {
    char *data;
    size_t len;
    size_t cap;
};

void buf_reserve(struct buf *b, size_t more_bytes);
void buf_add(struct buf *b, const void *data, size_t len_bytes);
void buf_add_str(struct buf *b, const char *s);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_clear(struct buf *b);
void buf_deinit(struct buf *b);

/* The content as a terminated string; valid until the next change. */
const char *buf_str(struct buf *b);

static inline void buf_add_char(struct buf *b, char c)
{
    if (b->len == b->cap)
        buf_reserve(b, 1);
    b->data[b->len++] = c;
}

#define _cleanup_buf_ CLEANUP(buf_deinit)

/* Allocation that ends the process when there is no memory. */
void *mem_alloc(size_t size_bytes);
void *mem_zero(size_t size_bytes);
void *mem_resize(void *p, size_t size_bytes);
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t len_bytes);

/* Makes room for one more item in a plain array with its count and capacity. */
#define ARRAY_GROW(items, n, cap)                                                                  \
    do {                                                                                           \
        if ((n) == (cap)) {                                                                        \
            (cap) = (cap) ? (cap) * 2 : 8;                                                         \
            (items) = mem_resize((items), (cap) * sizeof *(items));                                \
        }                                                                                          \
    } while (0)

#endif
