#include "store/cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* 18 MiB when all of it is in use: the branches and members of a large district. Each entry has one place, so that
 * of a tenth as many names few push each other out. */
enum { ENTRIES = 1 << 18, REF_SIZE = 32 /* longer ones are looked up each time */ };

struct cache {
    uint32_t epoch; /* entries of an earlier one are forgotten */
    struct name {
        int64_t key;
        uint32_t epoch;
        uint8_t kind;
        char ref[REF_SIZE];
    } names[ENTRIES];
    struct days {
        int64_t key;
        uint32_t epoch;
        day_t first, last;
    } days[ENTRIES];
};

struct cache *cache_new(void)
{
    struct cache *cache = mem_zero(sizeof *cache);

    cache->epoch = 1;
    return cache;
}

void cache_free(struct cache *cache)
{
    free(cache);
}

void cache_clear(struct cache *cache)
{
    if (++cache->epoch == 0) {
        memset(cache, 0, sizeof *cache);
        cache->epoch = 1;
    }
}

static struct name *name_slot(struct cache *cache, enum subject_kind kind, const char *ref)
{
    uint64_t hash = 14695981039346656037ull + (uint64_t)kind;

    for (const char *p = ref; *p; p++)
        hash = (hash ^ (uint8_t)*p) * 1099511628211ull;
    return &cache->names[(hash ^ (hash >> 32)) % ENTRIES];
}

bool cache_find(int64_t *key_out, struct cache *cache, enum subject_kind kind, const char *ref)
{
    const struct name *n = name_slot(cache, kind, ref);

    if (n->epoch != cache->epoch || n->kind != kind || strcmp(n->ref, ref) != 0)
        return false;
    *key_out = n->key;
    return true;
}

void cache_add(struct cache *cache, enum subject_kind kind, const char *ref, int64_t key)
{
    struct name *n = name_slot(cache, kind, ref);
    size_t len = strlen(ref);

    if (len >= REF_SIZE)
        return;
    n->key = key;
    n->epoch = cache->epoch;
    n->kind = (uint8_t)kind;
    memcpy(n->ref, ref, len + 1);
}

bool cache_days(day_t *first_out, day_t *last_out, const struct cache *cache, int64_t key)
{
    const struct days *d = &cache->days[(uint64_t)key % ENTRIES];

    if (d->epoch != cache->epoch || d->key != key)
        return false;
    *first_out = d->first;
    *last_out = d->last;
    return true;
}

void cache_set_days(struct cache *cache, int64_t key, day_t first, day_t last)
{
    cache->days[(uint64_t)key % ENTRIES] = (struct days){key, cache->epoch, first, last};
}

void cache_forget_days(struct cache *cache, int64_t key)
{
    struct days *d = &cache->days[(uint64_t)key % ENTRIES];

    if (d->key == key)
        d->epoch = 0;
}
