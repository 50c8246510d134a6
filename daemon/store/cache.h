/* Register entries that were looked up lately: their numbers, and the days on which they are in force.
 * Of the writing connection only, which knows of every change. Bounded: a newer entry takes the place
 * of an older one. */
#ifndef MUSTER_STORE_CACHE_H
#define MUSTER_STORE_CACHE_H

#include "store/store.h"

struct cache;

struct cache *cache_new(void);
void cache_free(struct cache *cache);
void cache_clear(struct cache *cache);

bool cache_find(int64_t *key_out, struct cache *cache, enum subject_kind kind, const char *ref);
void cache_add(struct cache *cache, enum subject_kind kind, const char *ref, int64_t key);

/* Days of a unit or branch, or a member's latest stint, by number. */
bool cache_days(day_t *first_out, day_t *last_out, const struct cache *cache, int64_t key);
void cache_set_days(struct cache *cache, int64_t key, day_t first, day_t last);
void cache_forget_days(struct cache *cache, int64_t key);

#endif
