#include "import/ids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { VERSION = 8, TIME_BYTES = 6, DAY_MS = 86400000, FIRST_SLOTS = 1024 };

void id_begin(struct id_maker *m, const char *what)
{
    crypto_generichash_init(&m->hash, NULL, 0, UUID_SIZE);
    m->day = DAY_NONE;
    id_add(m, "muster import 1");
    id_add(m, what);
}

void id_add_bytes(struct id_maker *m, const void *part, size_t len_bytes)
{
    unsigned char len[8];

    for (size_t i = 0; i < sizeof len; i++)
        len[i] = (unsigned char)((uint64_t)len_bytes >> (8 * i));
    crypto_generichash_update(&m->hash, len, sizeof len);
    crypto_generichash_update(&m->hash, part, len_bytes);
}

void id_add(struct id_maker *m, const char *part)
{
    id_add_bytes(m, part, strlen(part));
}

void id_add_day(struct id_maker *m, day_t day)
{
    char text[DAY_TEXT_SIZE];

    id_add(m, day_format(text, day));
    m->day = day;
}

void id_end(uint8_t out[UUID_SIZE], struct id_maker *m)
{
    crypto_generichash_final(&m->hash, out, UUID_SIZE);
    if (m->day != DAY_NONE && m->day >= 0) {
        uint64_t ms = (uint64_t)m->day * DAY_MS;

        for (int i = 0; i < TIME_BYTES; i++)
            out[i] = (uint8_t)(ms >> (8 * (TIME_BYTES - 1 - i)));
    }
    out[6] = (uint8_t)((VERSION << 4) | (out[6] & 0x0F));
    out[8] = (uint8_t)(0x80 | (out[8] & 0x3F));
}

bool id_is_ours(const uint8_t id[UUID_SIZE])
{
    return id[6] >> 4 == VERSION;
}

const char *id_made_ref(char out[MADE_REF_SIZE], char letter, const char *const *parts, size_t count)
{
    uint8_t id[UUID_SIZE];
    struct id_maker m;

    id_begin(&m, "ref");
    for (size_t i = 0; i < count; i++)
        id_add(&m, parts[i]);
    id_end(id, &m);
    snprintf(out, MADE_REF_SIZE, "%c-%02x%02x%02x%02x%02x", letter, id[0], id[1], id[2], id[3], id[4]);
    return out;
}

/* Open addressing; a slot is 8 bytes of the key, the hash of the content, and the row. */
struct slot {
    uint64_t key, content;
    int64_t row; /* 0: empty */
};

struct seen {
    struct slot *slots;
    size_t cap, count;
};

struct seen *seen_new(void)
{
    struct seen *seen = mem_zero(sizeof *seen);

    seen->cap = FIRST_SLOTS;
    seen->slots = mem_zero(seen->cap * sizeof *seen->slots);
    return seen;
}

void seen_free(struct seen *seen)
{
    if (!seen)
        return;
    free(seen->slots);
    free(seen);
}

static void place(struct slot *slots, size_t cap, const struct slot *slot)
{
    size_t at = slot->key & (cap - 1);

    while (slots[at].row)
        at = (at + 1) & (cap - 1);
    slots[at] = *slot;
}

static void grow(struct seen *seen)
{
    size_t cap = seen->cap * 2;
    struct slot *slots = mem_zero(cap * sizeof *slots);

    for (size_t i = 0; i < seen->cap; i++)
        if (seen->slots[i].row)
            place(slots, cap, &seen->slots[i]);
    free(seen->slots);
    seen->slots = slots;
    seen->cap = cap;
}

unsigned seen_add(struct seen *seen, const uint8_t key[UUID_SIZE], uint64_t content, int64_t row, int64_t *same_row_out)
{
    struct slot slot = {.content = content, .row = row};
    unsigned before = 0;

    *same_row_out = 0;
    memcpy(&slot.key, key + UUID_SIZE - sizeof slot.key, sizeof slot.key); /* behind the day */
    if (2 * (seen->count + 1) > seen->cap)
        grow(seen);
    for (size_t at = slot.key & (seen->cap - 1); seen->slots[at].row; at = (at + 1) & (seen->cap - 1)) {
        if (seen->slots[at].key != slot.key)
            continue;
        before++;
        if (seen->slots[at].content == content)
            *same_row_out = seen->slots[at].row;
    }
    if (*same_row_out)
        return before;
    place(seen->slots, seen->cap, &slot);
    seen->count++;
    return before;
}
