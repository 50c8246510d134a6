/* Memory that is given back all at once: what one parse or one answer needs. */
#ifndef MUSTER_BASE_ARENA_H
#define MUSTER_BASE_ARENA_H

#include <stddef.h>

#include "base/cleanup.h"

struct arena {
    struct arena_block *head;
    size_t size_bytes; /* of all blocks */
    size_t block_bytes; /* of one block; 0: the usual size */
};

/* Zeroed, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t size_bytes);
char *arena_strndup(struct arena *a, const char *s, size_t len_bytes);
/* Frees all but the first block, so that a loop does not allocate anew. */
void arena_reset(struct arena *a);
void arena_deinit(struct arena *a);
/* What it holds, for deciding when to reset. */
static inline size_t arena_size(const struct arena *a)
{
    return a->size_bytes;
}

#define _cleanup_arena_ CLEANUP(arena_deinit)

#endif
