#include "ledger/ids.h"

#include <string.h>

#include "base/buf.h"

/* Two generations of so many: 2 MiB, and some seconds of the busiest hour. */
enum { GENERATION = 32768, SLOTS = GENERATION * 2 };

struct generation {
    uint8_t slots[SLOTS][UUID_SIZE]; /* all zeros: free (no UUID that a client makes is) */
    size_t n;
    uint8_t largest[UUID_SIZE];
};

struct ids {
    struct generation *now, *before;
    uint8_t largest_older[UUID_SIZE];
};

static const uint8_t none[UUID_SIZE];

struct ids *ids_new(const uint8_t *largest)
{
    struct ids *ids = mem_zero(sizeof *ids);

    ids->now = mem_zero(sizeof *ids->now);
    ids->before = mem_zero(sizeof *ids->before);
    if (largest)
        memcpy(ids->largest_older, largest, UUID_SIZE);
    return ids;
}

void ids_free(struct ids *ids)
{
    if (!ids)
        return;
    free(ids->now);
    free(ids->before);
    free(ids);
}

/* The slot that holds the id, or the free one where it would go. The random end of an id spreads well. */
static uint8_t *find(struct generation *g, const uint8_t id[UUID_SIZE])
{
    uint32_t hash;
    size_t i;

    memcpy(&hash, id + UUID_SIZE - sizeof hash, sizeof hash);
    for (i = hash % SLOTS; memcmp(g->slots[i], none, UUID_SIZE) != 0; i = (i + 1) % SLOTS)
        if (memcmp(g->slots[i], id, UUID_SIZE) == 0)
            break;
    return g->slots[i];
}

static bool has(struct generation *g, const uint8_t id[UUID_SIZE])
{
    return memcmp(find(g, id), id, UUID_SIZE) == 0;
}

bool ids_surely_new(const struct ids *ids, const uint8_t id[UUID_SIZE])
{
    return memcmp(id, ids->largest_older, UUID_SIZE) > 0 && !has(ids->now, id) &&
           !has(ids->before, id);
}

void ids_add(struct ids *ids, const uint8_t id[UUID_SIZE])
{
    struct generation *g = ids->now;
    uint8_t *slot;

    if (g->n == GENERATION) {
        g = ids->before;
        if (memcmp(g->largest, ids->largest_older, UUID_SIZE) > 0)
            memcpy(ids->largest_older, g->largest, UUID_SIZE);
        memset(g, 0, sizeof *g);
        ids->before = ids->now;
        ids->now = g;
    }
    slot = find(g, id);
    if (memcmp(slot, id, UUID_SIZE) != 0) {
        memcpy(slot, id, UUID_SIZE);
        g->n++;
    }
    if (memcmp(id, g->largest, UUID_SIZE) > 0)
        memcpy(g->largest, id, UUID_SIZE);
}
