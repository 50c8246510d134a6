/* A small map from a 64-bit key to a word: open addressing, no allocation while empty.
 *
 * Facts remember loaded branches in it; alerts keep sets of subjects. A key is any number but 0.
 */
#ifndef MUSTER_FACTS_KEYMAP_H
#define MUSTER_FACTS_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct keymap_slot {
    int64_t key; /* 0: free */
    uintptr_t value;
};

struct keymap {
    struct keymap_slot *slots;
    size_t cap; /* a power of two, at least twice n; 0 while empty */
    size_t n;
};

/* The value of a key, or 0. */
uintptr_t keymap_get(const struct keymap *map, int64_t key);
/* Sets it; a value of 0 takes the key out. */
void keymap_set(struct keymap *map, int64_t key, uintptr_t value);
/* Takes all out, and gives the memory back. */
void keymap_deinit(struct keymap *map);

#define _cleanup_keymap_ CLEANUP(keymap_deinit)

#endif
