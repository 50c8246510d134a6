#include "ledger/chain.h"

#include <sodium.h>
#include <string.h>

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

void chain_seal(struct seal *out, struct span personal, struct salts *salts)
{
    memset(out, 0, sizeof *out);
    if (personal.len == 0)
        return;
    salt_take(out->salt, salts);
    link_seal(out->seal, out->salt, personal);
}

void chain_link(struct row *row, const uint8_t previous[CHAIN_SIZE])
{
    struct chain_row link = {
        .recorded_at = row->recorded_at,
        .recorded_by = {row->recorded_by, strlen(row->recorded_by)},
        .flags = row->flags,
        .body = row->body,
        .has_seal = row->personal.len > 0,
    };

    memcpy(link.seal, row->seal, SEAL_SIZE);
    link_value(row->chain, previous, &link, row->seq);
}
