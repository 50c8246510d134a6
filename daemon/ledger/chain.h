/* The chain as rows are recorded: every row holds a hash over the row before it and itself, so that the newest
 * value vouches for all that came before. What exactly is hashed is in chain/link.h. Personal text can be erased:
 * its seal stays.
 */
#ifndef MUSTER_LEDGER_CHAIN_H
#define MUSTER_LEDGER_CHAIN_H

#include "store/store.h"

/* Random bytes, fetched from the system some at a time. Each is given once. */
struct salts {
    uint8_t bytes[SALT_SIZE * 128];
    size_t left;
};

/* A random salt for a personal text, and its seal; nothing for an empty one. */
struct seal {
    uint8_t salt[SALT_SIZE], seal[SEAL_SIZE];
};
void chain_seal(struct seal *out, struct span personal, struct salts *salts);
/* `previous` is NULL for row 1. Sets row->chain. */
void chain_link(struct row *row, const uint8_t previous[CHAIN_SIZE]);

#endif
