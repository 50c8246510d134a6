#include "chain/link.h"

#include <sodium.h>
#include <string.h>

static void little_endian(uint8_t out[8], uint64_t v)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(v >> (8 * i));
}

static void part(crypto_generichash_state *state, const void *data, size_t len_bytes)
{
    uint8_t length[8];

    little_endian(length, len_bytes);
    crypto_generichash_update(state, length, sizeof length);
    if (len_bytes)
        crypto_generichash_update(state, data, len_bytes);
}

static void part_number(crypto_generichash_state *state, int64_t v)
{
    uint8_t bytes[8];

    little_endian(bytes, (uint64_t)v);
    part(state, bytes, sizeof bytes);
}

void link_seal(uint8_t out[SEAL_SIZE], const uint8_t salt[SALT_SIZE], struct span personal)
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, SEAL_SIZE);
    crypto_generichash_update(&state, salt, SALT_SIZE);
    crypto_generichash_update(&state, (const uint8_t *)personal.s, personal.len);
    crypto_generichash_final(&state, out, SEAL_SIZE);
}

void link_value(uint8_t out[CHAIN_SIZE], const uint8_t *previous, const struct chain_row *row, int64_t seq)
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, CHAIN_SIZE);
    part(&state, previous, previous ? CHAIN_SIZE : 0);
    part_number(&state, seq);
    part_number(&state, row->recorded_at);
    part(&state, row->recorded_by.s, row->recorded_by.len);
    part_number(&state, row->flags);
    part(&state, row->body.s, row->body.len);
    part(&state, row->seal, row->has_seal ? SEAL_SIZE : 0);
    crypto_generichash_final(&state, out, CHAIN_SIZE);
}

void link_kept(char out[CHAIN_HEX_SIZE], struct span kept)
{
    uint8_t hash[CHAIN_SIZE];

    crypto_generichash(hash, sizeof hash, (const uint8_t *)kept.s, kept.len, NULL, 0);
    hex_write(out, hash, sizeof hash);
}

const char *hex_write(char *out, const uint8_t *bytes, size_t size_bytes)
{
    return sodium_bin2hex(out, 2 * size_bytes + 1, bytes, size_bytes);
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_read(uint8_t *out, size_t size_bytes, const char *text, size_t len_bytes)
{
    if (len_bytes != 2 * size_bytes)
        return false;
    for (size_t i = 0; i < size_bytes; i++) {
        int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
