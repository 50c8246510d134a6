#include "facts/keymap.h"

#include "base/buf.h"

enum { KEYMAP_FIRST_CAP = 64 };

/* Fibonacci hashing: spreads keys that were given out one after the other. */
static size_t home_of(const struct keymap *map, int64_t key)
{
    uint64_t h = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);

    return (size_t)(h >> 32) & (map->cap - 1);
}

static size_t find(const struct keymap *map, int64_t key)
{
    size_t i = home_of(map, key);

    while (map->slots[i].key != 0 && map->slots[i].key != key)
        i = (i + 1) & (map->cap - 1);
    return i;
}

uintptr_t keymap_get(const struct keymap *map, int64_t key)
{
    return map->n ? map->slots[find(map, key)].value : 0;
}

static void grow(struct keymap *map)
{
    struct keymap old = *map;

    map->cap = old.cap ? old.cap * 2 : KEYMAP_FIRST_CAP;
    map->slots = mem_zero(map->cap * sizeof *map->slots);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].key != 0)
            map->slots[find(map, old.slots[i].key)] = old.slots[i];
    free(old.slots);
}

/* Closes the gap at `hole`: whatever could not stand there for its being taken moves up. */
static void take_out(struct keymap *map, size_t hole)
{
    size_t mask = map->cap - 1;

    for (size_t i = (hole + 1) & mask; map->slots[i].key != 0; i = (i + 1) & mask) {
        size_t home = home_of(map, map->slots[i].key);

        if (((i - home) & mask) >= ((i - hole) & mask)) {
            map->slots[hole] = map->slots[i];
            hole = i;
        }
    }
    map->slots[hole] = (struct keymap_slot){0, 0};
    map->n--;
}

void keymap_set(struct keymap *map, int64_t key, uintptr_t value)
{
    size_t i;

    if (value == 0 && map->n == 0)
        return;
    if (value != 0 && (map->n + 1) * 2 > map->cap)
        grow(map);
    i = find(map, key);
    if (value == 0) {
        if (map->slots[i].key != 0)
            take_out(map, i);
        return;
    }
    if (map->slots[i].key == 0) {
        map->slots[i].key = key;
        map->n++;
    }
    map->slots[i].value = value;
}

void keymap_deinit(struct keymap *map)
{
    free(map->slots);
    *map = (struct keymap){0};
}
