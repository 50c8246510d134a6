/* Runs of bytes, eight at a time: how far a text goes before a byte that needs a closer look. */
#ifndef MUSTER_BASE_BYTES_H
#define MUSTER_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    STOP_QUOTE = 1,   /* '"' and '\\' */
    STOP_CONTROL = 2, /* below 0x20 */
    STOP_HIGH = 4,    /* from 0x80 on */
    STOP_DEL_C2 = 8,  /* 0x7F, and 0xC2, with which C1 controls begin in UTF-8 */
};

static inline uint64_t bytes_zero(uint64_t x)
{
    return (x - 0x0101010101010101u) & ~x;
}

/* The top bit of the first byte that stops is set, and of none before it (in memory order, which needs a
 * little-endian word: see below); of later bytes it may be set for nothing. */
static inline uint64_t bytes_stops(uint64_t x, unsigned stops)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t found = 0;

    if (stops & STOP_QUOTE)
        found |= bytes_zero(x ^ ones * '"') | bytes_zero(x ^ ones * '\\');
    if (stops & STOP_CONTROL)
        found |= (x - ones * 0x20) & ~x;
    if (stops & STOP_HIGH)
        found |= x;
    if (stops & STOP_DEL_C2)
        found |= bytes_zero(x ^ ones * 0x7F) | bytes_zero(x ^ ones * 0xC2);
    return found & ones * 0x80;
}

/* How many bytes at `s` come before the first that stops. */
static inline size_t bytes_run(const char *s, size_t len_bytes, unsigned stops)
{
    size_t i = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    for (; i + 8 <= len_bytes; i += 8) {
        uint64_t x, found;

        memcpy(&x, s + i, 8);
        found = bytes_stops(x, stops);
        if (found)
            return i + (size_t)__builtin_ctzll(found) / 8;
    }
#endif
    for (; i < len_bytes; i++)
        if (bytes_stops((uint64_t)(unsigned char)s[i] | 0x6161616161616100u, stops) & 0x80)
            break;
    return i;
}

#endif
