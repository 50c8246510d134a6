#include "ledger/chain.h"

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

static void salt_take(uint8_t out[SALT_SIZE], struct salts *salts)
{
    if (salts->left == 0) {
        randombytes_buf(salts->bytes, sizeof salts->bytes);
        salts->left = sizeof salts->bytes;
    }
    salts->left -= SALT_SIZE;
    memcpy(out, salts->bytes + salts->left, SALT_SIZE);
    sodium_memzero(salts->bytes + salts->left, SALT_SIZE);
}

void chain_seal(struct row *row, struct salts *salts)
{
    crypto_generichash_state state;

    if (row->personal.len == 0)
        return;
    salt_take(row->salt, salts);
    crypto_generichash_init(&state, NULL, 0, SEAL_SIZE);
    crypto_generichash_update(&state, row->salt, SALT_SIZE);
    crypto_generichash_update(&state, (const uint8_t *)row->personal.s, row->personal.len);
    crypto_generichash_final(&state, row->seal, SEAL_SIZE);
}

void chain_link(struct row *row, const uint8_t previous[CHAIN_SIZE])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, CHAIN_SIZE);
    part(&state, previous, previous ? CHAIN_SIZE : 0);
    part_number(&state, row->seq);
    part_number(&state, row->recorded_at);
    part(&state, row->recorded_by, strlen(row->recorded_by));
    part_number(&state, row->flags);
    part(&state, row->body.s, row->body.len);
    part(&state, row->seal, row->personal.len ? SEAL_SIZE : 0);
    crypto_generichash_final(&state, row->chain, CHAIN_SIZE);
}
