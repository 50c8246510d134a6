#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

enum { BLOCK_SIZE = 16 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

static struct arena_block *block_new(size_t size)
{
    struct arena_block *b = mem_alloc(sizeof *b + size);

    b->next = NULL;
    b->size = size;
    b->used = 0;
    return b;
}

static void *take(struct arena *a, size_t size_bytes)
{
    size_t size = (size_bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct arena_block *b = a->head;
    void *p;

    if (!b || b->size - b->used < size) {
        size_t usual = a->block_bytes ? a->block_bytes : BLOCK_SIZE;

        b = block_new(size > usual ? size : usual);
        b->next = a->head;
        a->head = b;
        a->size_bytes += b->size;
    }
    p = b->data + b->used;
    b->used += size;
    return p;
}

void *arena_alloc(struct arena *a, size_t size_bytes)
{
    return memset(take(a, size_bytes), 0, size_bytes);
}

char *arena_strndup(struct arena *a, const char *s, size_t len_bytes)
{
    char *copy = take(a, len_bytes + 1);

    memcpy(copy, s, len_bytes);
    copy[len_bytes] = '\0';
    return copy;
}

void arena_reset(struct arena *a)
{
    struct arena_block *b = a->head;

    if (!b)
        return;
    while (b->next) {
        struct arena_block *next = b->next;

        free(b);
        b = next;
    }
    b->used = 0;
    a->head = b;
    a->size_bytes = b->size;
}

void arena_deinit(struct arena *a)
{
    arena_reset(a);
    free(a->head);
    a->head = NULL;
    a->size_bytes = 0;
}
